"""Reporting periods, and the due dates of their returns. Source: 三(五)7."""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, Self

from ledger12315.boxes.reading import YEARS, to_half_width
from ledger12315.boxes.spoken import months_on
from ledger12315.errors import Unclear
from ledger12315.rules.workdays import ONE_DAY, Calendar


class Period(NamedTuple):
    """A quarter, month, year or annual return; `title` is what the forms print."""

    code: str
    first: date
    last: date
    title: str

    @classmethod
    def stored(cls, parts: Iterable[object]) -> Self:
        """Return the period of these four parts, whose days may be texts."""
        code, first, last, title = map(str, parts)
        return cls(code, date.fromisoformat(first), date.fromisoformat(last), title)

    @property
    def is_quarter(self) -> bool:
        """Whether it is a quarter; quarters carry the corrections of those before."""
        return self.code[4:5] == "Q"

    @property
    def is_annual(self) -> bool:
        """Whether it is the period of the annual return."""
        return self.code[4:] == "A"

    @property
    def is_year(self) -> bool:
        """Whether it is a year, by the calendar or of the annual return."""
        return self.code[4:] in ("", "A")

    @property
    def closes(self) -> date:
        """The day from which due dates are counted; 30 November for any annual return."""
        return date(int(self.code[:4]), 11, 30) if self.is_annual else self.last

    @property
    def owes_return(self) -> bool:
        """Whether the plan asks for a return: for quarters and the annual period."""
        return self.is_quarter or self.is_annual


_QUARTERS = "一二三四"
_QUARTER_NUMBERS = f"1234{_QUARTERS}"
# A year, followed by its quarter, its month, nothing, or the mark of the annual return.
_PERIOD_WRITTEN = (
    r"(\d{4})(?:年?-?(?:Q(.)|第?(.)季度)|-(0?[1-9]|1[0-2])|年(0?[1-9]|1[0-2])月|(年?)|A|年报)"
)


def parse_period(text: str, annual: str = "statistical", as_of: date | None = None) -> Period:
    """Return the period `2026Q3`, `2026-3季度`, `2026-09`, `2026` or `2026A`. Raises Unclear.

    `annual` is the setting annual_period.
    """
    found = re.fullmatch(_PERIOD_WRITTEN, to_half_width(text).replace(" ", ""), re.I | re.A)
    quarter = found and (found[2] or found[3])
    if found and (not quarter or quarter in _QUARTER_NUMBERS):
        year = int(found[1])
        if year not in YEARS:
            raise Unclear("{text}: the year of a period is from 1990 to 2199.", text=text)
        if quarter:
            return _quarter(year, _QUARTER_NUMBERS.index(quarter) % 4 + 1)
        if month := found[4] or found[5]:
            first = date(year, int(month), 1)
            title = f"{year}年{first.month}月"
            return Period(f"{first:%Y-%m}", first, _last_day(first, 1), title)
        if found[6] is None:
            return _annual(year, annual, as_of)
        return Period(found[1], date(year, 1, 1), date(year, 12, 31), f"{year}年")
    raise Unclear(
        "{text} is not a period. Write a quarter 2026Q3, a month 2026-09,"
        " a year 2026 or an annual return 2026A.",
        text=text,
    )


def _last_day(first: date, months: int) -> date:
    return months_on(first, months, 1) - ONE_DAY


def quarter_of(day: date) -> Period:
    """Return the quarter with a day."""
    return _quarter(day.year, (day.month + 2) // 3)


def quarter_before(period: Period) -> Period:
    """Return the quarter that ended before the period began."""
    return quarter_of(period.first - ONE_DAY)


def last_quarter(day: date) -> Period:
    """Return the last quarter that is over on a day."""
    return quarter_before(quarter_of(day))


def _quarter(year: int, number: int) -> Period:
    first = date(year, 3 * number - 2, 1)
    title = f"{year}年第{_QUARTERS[number - 1]}季度"
    return Period(f"{year}Q{number}", first, _last_day(first, 3), title)


def _annual(year: int, annual: str, as_of: date | None) -> Period:
    """Return the annual period, by the setting annual_period.

    The calendar year's is reported as far as it is known; the rest becomes its correction.
    """
    first, last = date(year - 1, 12, 1), date(year, 11, 30)
    title = f"{year}年报({first.year}年12月1日至{year}年11月30日)"
    if annual != "statistical":
        first, last = date(year, 1, 1), date(year, 12, 31)
        if as_of and as_of.year == year:
            last = as_of
        title = f"{year}年报(截至{last.month}月{last.day}日)"
    return Period(f"{year}A", first, last, title)


def as_known(period: Period, day: date) -> Period:
    """Return a period as known on a day, which then ends a calendar year's annual period."""
    if period.is_annual and period.first.month == 1:
        return _annual(period.first.year, "calendar", day)
    return period


def reported_quarters(period: Period) -> tuple[Period, ...]:
    """Return the periods whose point returns count: the quarters that end in a year, or itself."""
    if not period.is_year:
        return (period,)
    first, last = period.first, period.last
    every = (_quarter(year, n) for year in (first.year, last.year) for n in range(1, 5))
    return tuple(dict.fromkeys(each for each in every if first <= each.last <= last))


def year_ending(period: Period) -> Period:
    """Return the twelve months that end with a period."""
    after = period.last + ONE_DAY
    if (after.month, after.day) == (2, 29):  # a day that the year before lacks
        after += ONE_DAY
    return Period("", min(period.first, after.replace(year=after.year - 1)), period.last, "")


def annual_parts(period: Period) -> tuple[Period, ...]:
    """Return the stretches that add up to an annual return.

    They are 上年12月, the quarters, and the months after the last quarter that has ended.
    """
    year = period.last.year
    quarters = (_quarter(year, number) for number in range(1, 5))
    whole = [each for each in quarters if each.last <= period.last]
    if period.first.year < year:
        december = Period("", date(year - 1, 12, 1), date(year - 1, 12, 31), "上年12月")
        whole.insert(0, december)
    first = whole[-1].last + ONE_DAY if whole else period.first
    if first > period.last:
        return tuple(whole)
    title = f"{first.month}月"
    if first.month < period.last.month:
        title = f"{first.month}-{period.last.month}月"
    if (period.last + ONE_DAY).day > 1:
        title += f"(至{period.last.day}日)"
    return (*whole, Period("", first, period.last, title))


class ReturnDates(NamedTuple):
    """A return's due dates: the plan's nominal date, then the working day for each level."""

    nominal: date
    county: date
    station: date
    point: date


def return_dates(
    period: Period, calendar: Calendar, day_off: str, station_lead: int, point_lead: int
) -> ReturnDates:
    """Return a return's due dates; leads are in 工作日, none is before the period's end.

    The plan says the 5th of the next month, 5 December for the year. 三(五)7
    """
    last = period.closes
    nominal = (last + ONE_DAY).replace(day=5)
    earliest = calendar.add(last, 1)
    county = max(calendar.roll(nominal, forward=day_off == "after"), earliest)
    station, point = (
        max(calendar.add(county, -lead), earliest) for lead in (station_lead, point_lead)
    )
    return ReturnDates(nominal, county, station, point)
