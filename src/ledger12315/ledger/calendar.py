"""The calendar by the notices of the library and of the station."""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

from ledger12315.ledger.store import Ledger, insert
from ledger12315.rules.deadlines import due_date_of
from ledger12315.rules.workdays import OWN, Calendar, Special, unnamed_holidays
from ledger12315.words import Word

# The library has this day off; the notice for New Year 2006 made it a working day.
_CORRECTED_DAYS = {date(2005, 12, 31): "New Year's Day"}


class _Notices(Mapping[date, Special]):
    """The library's tables, read in place: loading 770 records takes longer than a lookup."""

    def __init__(self) -> None:
        from chinese_calendar.constants import Holiday, holidays, workdays

        self._names = {each.value: Word(each.name, each.chinese, each.value) for each in Holiday}
        self._made_up = workdays | _CORRECTED_DAYS
        self._all = holidays | self._made_up

    def __getitem__(self, day: date) -> Special:
        name = self._all[day]
        # The next year's notice may set days of December.
        notice = day.year + (day.month == 12 and name == "New Year's Day")
        return Special(day in self._made_up, self._names[name], notice)

    def __iter__(self) -> Iterator[date]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


@cache
def library_calendar() -> Calendar:
    """Return the calendar of the library's notices; other years are provisional."""
    notices = _Notices()
    return Calendar(notices, range(min(notices).year, max(notices).year + 1))


def calendar_of(ledger: Ledger) -> Calendar:
    """Return the station's calendar: its own days, the notices it loaded, then the library's."""
    own, noticed = dict[date, Special](), dict[date, Special]()
    query = "SELECT day, working, why, notice FROM special_day"
    for day, working, why, notice in ledger.execute(query):
        said = Special(bool(working), Word(OWN, why, why), notice)
        (noticed if notice else own)[date.fromisoformat(day)] = said
    library = library_calendar()
    if not noticed:
        return Calendar(library.special, library.announced, own)
    named: dict[int, list[str]] = {}
    for each in noticed.values():
        named.setdefault(each.notice, []).append(each.holiday.zh)
    years = {
        *library.announced,
        *(year for year, names in named.items() if not unnamed_holidays(names)),
    }
    # The type asks for a writable mapping, but it is only read.
    special = ChainMap(noticed, library.special)  # type: ignore[arg-type]
    return Calendar(special, sorted(years), own)


def is_day_off(ledger: Ledger, day: date) -> bool:
    """Return whether nobody works on a day, by the ledger's calendar."""
    return not calendar_of(ledger).working(day)


def set_day(ledger: Ledger, day: date, working: bool, why: str, notice: int = 0) -> None:
    """Write whether a day is worked; `notice` is the year of the notice.

    It is 0 for the station's own day, which is kept besides a notice's.
    """
    said = {"day": day, "working": working, "why": why, "notice": notice}
    query = """
        UPDATE special_day SET working = :working, why = :why, notice = :notice
        WHERE day = :day AND (notice = 0) = (:notice = 0)"""
    if not ledger.execute(query, said).rowcount:
        insert(ledger, "special_day", said)


def complaints_with_moved_due_date(ledger: Ledger, before: Calendar, after: Calendar) -> list[str]:
    """Return the numbers of open complaints whose due date differs between the calendars."""
    rows = ledger.execute(
        "SELECT number, received FROM complaint WHERE closed IS NULL AND voided IS NULL"
        " ORDER BY year, serial"
    )
    days = [(number, date.fromisoformat(received)) for number, received in rows]
    return [
        number
        for number, day in days
        if due_date_of(day, before).day != due_date_of(day, after).day
    ]
