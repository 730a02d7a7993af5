"""Arithmetic over working days; the days of notices are passed in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from ledger12315.words import Word, vocabulary

ONE_DAY = timedelta(days=1)
# Statutory holidays of fixed date, (month, day): a year's days off before its notice.
_NEW_YEAR, _LABOUR_DAY, _NATIONAL_DAY = vocabulary("""
    new_years_day | 元旦 | New Year's Day
    labour_day    | 劳动节 | Labour Day
    national_day  | 国庆节 | National Day
""").values()
FIXED_HOLIDAYS = {
    (1, 1): _NEW_YEAR,
    (5, 1): _LABOUR_DAY,
    (5, 2): _LABOUR_DAY,
    (10, 1): _NATIONAL_DAY,
    (10, 2): _NATIONAL_DAY,
    (10, 3): _NATIONAL_DAY,
}
# The holidays that every year has, as notices name them.
_STATUTORY = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
# The reason's code for a day set in the ledger itself.
OWN = "own"
# The reason for an ordinary day that an amended notice no longer names.
BY_WEEK = "按周"
# From this day of December on, the next year's notice decides too.
_LAST_TEN_DAYS = 22


def each_day(first: date, last: date) -> Iterator[date]:
    """Yield the days from first to last."""
    return (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))


def unnamed_holidays(holidays: Iterable[str]) -> list[str]:
    """Return the statutory holidays of a year that are not among these.

    A notice without one of them leaves the year provisional.
    """
    named = "、".join(holidays)
    return [each for each in _STATUTORY if each not in named]


class Special(NamedTuple):
    """A notice's entry for one day: worked or not, the holiday, the notice's year."""

    working: bool
    holiday: Word
    notice: int


class Calendar:
    """The days that differ from the plain week, and the years with a known notice.

    The station's `own` days take precedence over the notices.
    """

    def __init__(
        self,
        special: Mapping[date, Special],
        announced: Sequence[int],
        own: Mapping[date, Special] = MappingProxyType({}),
    ) -> None:
        self.special = special
        self.announced = announced
        self.own = own

    @property
    def national(self) -> "Calendar":
        """The calendar of the State Council's notices alone."""
        return Calendar(self.special, self.announced)

    def special_day(self, day: date) -> Special | None:
        """Return the entry for `day`: the station's, a notice's, or a year's fixed holiday."""
        found, own = self.special.get(day), self.own.get(day)
        if own and (found is None or found.working != own.working):
            found = own
        if (
            found is None
            and day.year not in self.announced
            and (day.month, day.day) in FIXED_HOLIDAYS
        ):
            return Special(False, FIXED_HOLIDAYS[day.month, day.day], 0)
        # An amended notice may take back a day off or a make-up day, which then is an ordinary day
        # of the week.
        as_in_any_week = (
            found
            and found.working == (day.weekday() < 5)
            and (found.working or found.holiday.zh == BY_WEEK)
        )
        return None if as_in_any_week else found

    def working(self, day: date) -> bool:
        """Return whether `day` is worked."""
        special = self.special_day(day)
        return day.weekday() < 5 if special is None else special.working

    def provisional(self, day: date) -> bool:
        """Return whether `day` depends on a notice that is not known yet."""
        if day.year not in self.announced:
            return True
        return day.month == 12 and day.day >= _LAST_TEN_DAYS and day.year + 1 not in self.announced

    def add(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day`; before it if `count` is negative."""
        step = ONE_DAY if count > 0 else -ONE_DAY
        for _ in range(abs(count)):
            day += step
            while not self.working(day):
                day += step
        return day

    def count(self, after: date, upto: date) -> int:
        """Return the number of working days after `after`, up to and including `upto`."""
        return sum(map(self.working, each_day(after + ONE_DAY, upto)))

    def roll(self, day: date, forward: bool) -> date:
        """Return `day` if it is worked, else the next working day, or the one before."""
        return day if self.working(day) else self.add(day, 1 if forward else -1)
