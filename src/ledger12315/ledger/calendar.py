"""The calendar as it is known now: the State Council's notices, as the chinesecalendar library or the station has them."""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from ledger12315.ledger.store import Ledger, insert, update
from ledger12315.rules.deadlines import due
from ledger12315.rules.workdays import BY_WEEK, Calendar, Special
from ledger12315.words import Word

if TYPE_CHECKING:  # few commands read a notice
    from ledger12315.rules.holidays import HolidayNotice

# The code of a day's reason that stands in the ledger itself.
OWN = "own"
# The library has this day off; the notice for New Year 2006 made it a working day.
_CORRECTIONS = {date(2005, 12, 31): "New Year's Day"}


class _Notices(Mapping[date, Special]):
    """The library's two tables as one, read in place: building 770 records costs more than a command looks up."""

    def __init__(self) -> None:
        from chinese_calendar.constants import Holiday, holidays, workdays

        self._names = {
            holiday.value: Word(holiday.name, holiday.chinese, holiday.value) for holiday in Holiday
        }
        self._made_up = workdays | _CORRECTIONS
        self._all = holidays | self._made_up

    def __getitem__(self, day: date) -> Special:
        name = self._all[day]
        # New Year's notice is the next year's where it sets days of December.
        notice = day.year + (day.month == 12 and name == "New Year's Day")
        return Special(day in self._made_up, self._names[name], notice)

    def __iter__(self) -> Iterator[date]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


@cache
def known_calendar() -> Calendar:
    """Working days by every notice that the library has; other years are provisional."""
    notices = _Notices()
    return Calendar(notices, range(min(notices).year, max(notices).year + 1))


def calendar_of(ledger: Ledger) -> Calendar:
    """What the library has, and before it the notices that the station loaded and the days it set itself."""
    own = {
        date.fromisoformat(row["day"]): Special(
            bool(row["working"]), Word(OWN, row["why"], row["why"]), row["notice"]
        )
        for row in ledger.execute("SELECT day, working, why, notice FROM special_day")
    }
    known = known_calendar()
    if not own:
        return known
    loaded = {each.notice for each in own.values()} - {0}
    return Calendar(ChainMap(own, known.special), sorted({*known.known, *loaded}))  # type: ignore[arg-type]  # only looked into


def set_day(ledger: Ledger, day: date, working: bool, why: str, notice: int = 0) -> None:
    """Say of one day whether it is worked; `notice` is the year of the notice that does, 0 where it is the station's own."""
    row = {"day": day.isoformat(), "working": working, "why": why, "notice": notice}
    if known := ledger.execute(
        "SELECT id FROM special_day WHERE day = ?", (row["day"],)
    ).fetchone():
        update(ledger, "special_day", known["id"], row)
    else:
        insert(ledger, "special_day", row)


def load(ledger: Ledger, notice: "HolidayNotice") -> list[date]:
    """Take a year's notice; what an earlier one of that year said otherwise of a day falls back to the week.

    What the station itself said of a day stays; gives the days of which the notice says otherwise.
    """
    before = calendar_of(ledger).special
    for day in sorted(
        day for day in before if before[day].notice == notice.year and day not in notice.days
    ):
        set_day(ledger, day, day.weekday() < 5, BY_WEEK, notice.year)
    own = {day for day in notice.days if day in before and not before[day].notice}
    for day, announced in notice.days.items():
        if day not in own:
            set_day(ledger, day, announced.working, announced.holiday, notice.year)
    return sorted(day for day in own if before[day].working != notice.days[day].working)


def due_days_moved(ledger: Ledger, before: Calendar) -> list[str]:
    """Numbers of the open complaints whose due date is another than it was by the calendar `before`."""
    after = calendar_of(ledger)
    rows = ledger.execute(
        "SELECT number, received FROM complaint WHERE closed IS NULL AND voided IS NULL ORDER BY year, serial"
    )
    days = ((row["number"], date.fromisoformat(row["received"])) for row in rows.fetchall())
    return [
        number for number, received in days if due(received, before).day != due(received, after).day
    ]
