"""Shared by the county's commands: its store and what is in it, periods, who reports, settings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledger12315.boxes import Filled, Option
from ledger12315.boxes.forms import PERIOD
from ledger12315.boxes.kinds import PATH
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import calendar_at
from ledger12315.county.facts import altered_facts, earlier_facts, without_facts
from ledger12315.county.store import altered_error, county_key, open_store, read_book
from ledger12315.errors import Message, Refused, Unclear, message
from ledger12315.facts.engine import Duck
from ledger12315.ledger.settings import settings
from ledger12315.ledger.store.practice import is_for_practice, practice_path
from ledger12315.renamed import call_as, year_of_names
from ledger12315.rules.county import CountyBook, with_stated_formulas
from ledger12315.rules.hand_ins import Member, reporting_of
from ledger12315.rules.measures import Figures
from ledger12315.rules.periods import Period, ReturnDates, as_known, parse_period, return_dates
from ledger12315.rules.settings import SettingHistory

STORE = Option("store", "县库", PATH, "the county's store [county.duckdb next to the ledger]")
STATED_PERIOD = PERIOD._replace(help="a quarter or an annual return")
INTERNAL = message("These figures are exact, for internal use.")


@dataclass(frozen=True, slots=True)
class County:
    """An opened store with its book; `altered` names what is not kept as it came."""

    desk: Desk
    place: Path
    duck: Duck
    book: CountyBook
    key: str
    altered: Sequence[object]

    @property
    def line(self) -> Message:
        """The line that names the store, which each of its commands prints first."""
        return message("Store: {path}", path=self.place)

    def period(self, text: str) -> Period:
        """Return a quarter or an annual return by the desk's reading of years. Raises Unclear.

        An annual return is read by the setting, or as all its hand-ins have it; a calendar year's
        goes as far as they do.
        """
        day = parse_period(text).last
        days = parse_period(text, settings_of_county(self.desk, day)["annual_period"])
        sent = [e.sent.period for e in self.book.hand_ins if e.sent.period.code == days.code]
        if sent and all(each.first != days.first for each in sent):
            days = sent[0]
        if not days.owes_return:
            raise Unclear(
                "A county has quarters, such as 2026Q3, and annual returns, such as 2026A."
            )
        lasts = [each.hand_in.last for each in self.book.members(days) if each.hand_in]
        return as_known(days, max(lasts)) if lasts else days

    def members(self, days: Period) -> list[Member]:
        """Return the stations of a period, late ones told by the desk's due dates."""
        return self.book.members(days, due_dates(self.desk, days).station)

    def settings(self, days: Period) -> Mapping[str, str]:
        """Return the settings of a period, with the formulas that all its returns state."""
        sent = [each.hand_in.sent for each in self.members(days) if each.hand_in and each.counts]
        return with_stated_formulas(settings_of_county(self.desk, days.last), sent)

    def figures(self, days: Period, as_submitted: bool = False) -> Mapping[str, Figures]:
        """Return the figures of a period by station. Raises Refused if nothing of it counts."""
        if found := self.book.figures(days, as_submitted):
            return found
        raise Refused(
            "{path} has nothing of {period} that counts. See: `county status {period}`",
            path=self.place,
            period=days.code,
        )

    def unaltered_members(self, days: Period) -> list[Member]:
        """Return the stations of a period to answer with figures. Raises Refused if altered."""
        members = self.members(days)
        if wrong := self._altered_with(altered_facts(self.duck, days, members)):
            raise altered_error(wrong)
        return members

    def altered_notes(self, days: Period | None = None) -> list[Message]:
        """Return the note on what is not kept as it came, cases of a period too, if any is."""
        facts = altered_facts(self.duck, days, self.members(days)) if days else ()
        wrong = self._altered_with(facts)
        return [message("Altered in the store: {stations}", stations=wrong)] if wrong else []

    def _altered_with(self, facts: Iterable[str]) -> list[object]:
        return [*self.altered, *(each for each in facts if each not in self.altered)]


def notes_on_cases(county: County, days: Period, members: Sequence[Member]) -> Iterator[Message]:
    """Yield who sent no cases of a period, and whose are older than what was corrected."""
    if lacking := without_facts(members):
        yield message("{period}, without cases: {stations}", period=days.code, stations=lacking)
    if earlier := earlier_facts(county.book, days, members):
        yield message(
            "{period}, cases without what a later return corrects: {stations}",
            period=days.code,
            stations=earlier,
        )


@contextmanager
def open_county(
    desk: Desk, filled: Filled, as_of: date | None = None, writes: bool = False
) -> Iterator[County]:
    """Open the county's store, and read its book as of a day. Raises Unusable.

    A store that is not there holds nothing to write about; only what is loaded makes one.
    """
    place = store_of(desk, filled)
    with open_store(place, writes and place.exists()) as duck:
        book, altered = read_book(duck, as_of)
        names = {each.sent.station for each in book.hand_ins} | {f.county for f in book.forms}
        call_as(year_of_names(*names))
        yield County(desk, place, duck, book, county_key(duck), altered)


def expected_of(county: County, members: Sequence[Member]) -> int | None:
    """Return the number of stations of a period by the registry, if there is one."""
    if not county.book.registry:
        return None
    return sum(each.entry is not None for each in members)


def stations_line(county: County, members: Sequence[Member]) -> Message:
    """Return the sentence on how many stations are added, and who is missing."""
    reporting = reporting_of(members, expected_of(county, members))
    if reporting.expected is None:
        return message(
            "Stations: {count}. Who is missing is not known until the list of stations is "
            "loaded: `county stations load FILE`",
            count=reporting.counted,
        )
    share, timely = reporting.shares
    values = {**reporting._asdict(), "share": share, "timely": timely}
    missing = [each.name for each in members if each.state in ("missing", "other")]
    if missing:
        return message(
            "Stations: {counted} of {expected} ({share} %), late: {late}, on time: {timely} %; "
            "missing: {missing}",
            **values,
            missing=missing,
        )
    return message(
        "Stations: {counted} of {expected} ({share} %), late: {late}, on time: {timely} %",
        **values,
    )


def store_of(desk: Desk, filled: Filled) -> Path:
    """Return the file of the county's store; practice has its own."""
    store = desk.path.parent / "county.duckdb"
    if is_for_practice(desk.path):
        desk.practise()
    return filled.given("store", Path) or (practice_path(store) if desk.practises else store)


def due_dates(desk: Desk, period: Period) -> ReturnDates:
    """Return when a return is due, by settings and the State Council's calendar."""
    chosen = settings_of_county(desk, period.last)
    calendar, lead = calendar_at(desk).national, int(chosen["station_lead"])
    return return_dates(period, calendar, chosen["return_day_off"], lead, 0)


def settings_of_county(desk: Desk, day: date) -> dict[str, str]:
    """Return the settings of a day, from the ledger on the county desk if there is one.

    The first day of that ledger is not the county's.
    """
    if not desk.path.exists():
        return SettingHistory().on(day)
    with desk.read() as ledger:
        return {**settings(ledger, day), "begins": ""}
