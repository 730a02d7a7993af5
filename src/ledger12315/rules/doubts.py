"""Days that cannot be meant: one rule for prompts, options and imports.

A doubted day is asked about, or named in a note; it is never refused.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import NamedTuple

from ledger12315.boxes.reading import to_half_width
from ledger12315.boxes.spoken import in_figures
from ledger12315.errors import Message, message

MOST_BACK = timedelta(days=60)
"""A day further back is doubted, unless a title, a name or most rows state a period."""
_LONGEST_TITLE = 40
"""In longer texts a period may be mentioned for any reason."""
_FEWEST_ROWS = {1: 3, 3: 3, 12: 12}
"""Fewer rows state no period of so many months."""
RECEIPTS = ("received", "on")
"""Boxes of days that are in the period of their row; what follows may be after it."""
_SLIPS_IN = 10
"""At most one row of so many is a slip."""


class Stretch(NamedTuple):
    """A period's name, first and last day."""

    name: str
    first: date
    last: date

    def has(self, day: date) -> bool:
        """Return whether a day is in the period."""
        return self.first <= day <= self.last


class DayLimits(NamedTuple):
    """What a day is held against.

    `submitted` are the periods of submitted returns; the `point` was set up on the day `since`.
    `stated` are the periods that a file is about, by its titles and names if it is `titled`, or
    else by most of its rows.
    """

    today: date
    submitted: Sequence[Stretch] = ()
    point: str = ""
    since: date = date.min
    stated: Sequence[Stretch] = ()
    titled: bool = False

    def is_outside(self, day: date, receipt: bool) -> bool:
        """Return whether a day is in none of the stated periods; for a closing, before them."""
        if receipt and self.stated:
            return not any(each.has(day) for each in self.stated)
        return bool(self.stated) and day < min(each.first for each in self.stated)

    def submitted_with(self, day: date) -> list[str]:
        """Return the names of the submitted periods that have a day."""
        return [each.name for each in self.submitted if each.has(day)]


def reasons_against(day: date, limits: DayLimits, receipt: bool = True) -> list[Message]:
    """Return the reasons why a day can hardly be meant, if there are any.

    It is the day of a `receipt` or record, or else of what follows, such as a closing: a case of
    November may be closed in December.
    """
    found = []
    if limits.is_outside(day, receipt):
        found.append(message("not in {periods}", periods=[each.name for each in limits.stated]))
    elif not limits.stated and limits.today - day > MOST_BACK:
        found.append(message("{days} days back", days=(limits.today - day).days))
    if receipt and day < limits.since:
        values = {"point": limits.point, "since": limits.since}
        found.append(message("before {point} was set up on {since}", **values))
    if periods := limits.submitted_with(day):
        found.append(message("in {periods}, which was submitted", periods=periods))
    return found


class DoubtedDay(NamedTuple):
    """A box with a day that can hardly be meant, why, and the day that was `probably` meant.

    An `early` day is before the ledger begins, as those of a first import are. Returns of the
    `submitted` periods have the day.
    """

    box: str
    day: date
    reasons: list[Message]
    probably: date | None
    early: bool
    submitted: list[str]

    @property
    def why(self) -> Message:
        """The doubt in words."""
        if self.probably:
            return message(
                "{day}: {reasons}; probably {other}",
                day=self.day,
                reasons=self.reasons,
                other=self.probably,
            )
        return message("{day}: {reasons}", day=self.day, reasons=self.reasons)


def doubted_days(
    days: Mapping[str, date], limits: DayLimits, begins: date = date.min
) -> Iterator[DoubtedDay]:
    """Yield the doubted days of a row; `days` are in their order, none before another."""
    doubts = {box: reasons_against(day, limits, box in RECEIPTS) for box, day in days.items()}
    sound = {box: day for box, day in days.items() if not doubts[box]}
    first = date.min
    for place, (box, day) in enumerate(days.items()):
        if doubts[box]:
            later = (sound[each] for each in [*days][place:] if each in sound)
            span = Stretch("", first, next(later, limits.today))
            probably = _probable_day(day, limits, box in RECEIPTS, span)
            early = day < begins and not _is_slip(day, limits)
            submitted = limits.submitted_with(day)
            yield DoubtedDay(box, day, doubts[box], probably, early, submitted)
            first = probably or first
        else:
            first = day


def _is_slip(day: date, limits: DayLimits) -> bool:
    """Return whether a day outside the stated periods is named by itself, not as an early one.

    What most rows state does not bind the others; only a wrong year is then a slip.
    """
    if not limits.is_outside(day, True):
        return False
    years = [each for each in _other_readings(day, limits) if each.year != day.year]
    return limits.titled or any(not limits.is_outside(each, True) for each in years)


def _probable_day(day: date, limits: DayLimits, receipt: bool, span: Stretch) -> date | None:
    """Return the undoubted day of a span that was probably meant, if there is one.

    Its month and day are exchanged, or it is of the year beside or of the stated one.
    """
    for each in _other_readings(day, limits):
        if span.has(each) and not reasons_against(each, limits, receipt):
            return each
    return None


def _other_readings(day: date, limits: DayLimits) -> Iterator[date]:
    years = [each.last.year for each in limits.stated] or [limits.today.year]
    found = [(day.year, day.day, day.month)]
    found += [(year, day.month, day.day) for year in (day.year + 1, day.year - 1, *years)]
    for parts in found:
        with suppress(ValueError):  # no day of the calendar
            yield date(*parts)


# A day states no period.
_DAYS_IN_TEXT = (
    r"(?a)(?<!\d)\d{4}[年./_-]?\d\d?[月./_-]\d\d?(?![\d月])日?|\d\d?月\d\d?日|(?<!\d)20\d{6}(?!\d)"
)
_YEAR_STATED, _MONTH = r"(?<!\d)(?P<year>(?:19|20)\d\d)", "(?:0?[1-9]|1[0-2])"
_FIRST_MONTH = rf"(?<!\d)(?P<first>{_MONTH})"
# In this order: a longer text begins with a shorter one.
_PERIODS_IN_TEXT = (
    rf"(?a)(?:{_YEAR_STATED}[年./-])?{_FIRST_MONTH}月?[-~至到](?P<last>{_MONTH})月",
    rf"(?a)(?:{_YEAR_STATED}年?[-_]?)?(?:Q|第)?(?P<quarter>[一二三四1-4])(?:季度|(?<=Q\d)(?!\d))",
    rf"(?a)(?:{_YEAR_STATED}年?)?(?P<half>[上下])半年",
    rf"(?a)(?:{_YEAR_STATED}年)?{_FIRST_MONTH}月",
    rf"(?a){_YEAR_STATED}[./_-]?(?P<first>0[1-9]|1[0-2])(?!\d)",
    rf"(?a){_YEAR_STATED}(?P<annual>年报|A(?![A-Z]))",
    rf"(?a){_YEAR_STATED}年",
)
_Months = tuple[int, int]
"""The first and last month of a period within a year."""
_DECEMBER_BEFORE = 0


def stated_periods(texts: Iterable[str], months: Mapping[date, int]) -> tuple[list[Stretch], bool]:
    """Return the periods that titles and names state, the narrowest ones, and True.

    If they state none, return the month, quarter or year of most rows, and False: `months` counts
    the rows of each month, by its first day. A month without a year is of the year of the others.
    """
    found = [each for text in texts if len(text) <= _LONGEST_TITLE for each in _periods_in(text)]
    of_rows = _period_of_most(months)
    years = {year for year, _ in found if year} or {each.first.year for each in of_rows}
    stated = {_stretch(each, span) for year, span in found for each in ({year} if year else years)}
    narrow = [one for one in stated if not any(_is_wider(one, other) for other in stated)]
    return (sorted(narrow), True) if narrow else (of_rows, False)


def _periods_in(text: str) -> Iterator[tuple[int, _Months]]:
    """Yield the periods that a text names, each as its year, or 0, and its months."""
    left = re.sub(_DAYS_IN_TEXT, " ", in_figures(to_half_width(text)).upper())
    for pattern in _PERIODS_IN_TEXT:
        for found in re.finditer(pattern, left):
            part = found.groupdict()
            yield int(part["year"] or 0), _months_of(part)
        left = re.sub(pattern, " ", left)


def _months_of(part: Mapping[str, str | None]) -> _Months:
    if quarter := part.get("quarter"):
        last = 3 * ("1234一二三四".index(quarter) % 4 + 1)
        return last - 2, last
    if half := part.get("half"):
        return (1, 6) if half == "上" else (7, 12)
    if part.get("annual"):
        return _DECEMBER_BEFORE, 12
    first, last = (int(part.get(key) or 0) for key in ("first", "last"))
    return (first, last or first) if first else (1, 12)


def _stretch(year: int, months: _Months) -> Stretch:
    """Return the period of these months; December before its year begins an annual return's."""
    first, last = months
    begin = date(year, first, 1) if first else date(year - 1, 12, 1)
    following = date(year + last // 12, last % 12 + 1, 1)
    names = {
        (last, last): f"{year}-{last:02}",
        (last - 2, last): f"{year}Q{last // 3}" if last % 3 == 0 else "",
        (1, 12): str(year),
        (_DECEMBER_BEFORE, 12): f"{year}A",
    }
    name = names.get(months) or f"{begin:%Y-%m} - {year}-{last:02}"
    return Stretch(name, begin, following - timedelta(days=1))


def _is_wider(one: Stretch, other: Stretch) -> bool:
    return one != other and one.first <= other.first and other.last <= one.last


def _period_of_most(months: Mapping[date, int]) -> list[Stretch]:
    """Return the month, quarter or year that more than half of the rows have, if one has.

    If a quarter has more rows than its largest month, beyond a few slips, it is the quarter.
    """
    total = sum(months.values())
    fullest = {length: _fullest(months, length) for length in _FEWEST_ROWS}
    if fullest[3][1] - fullest[1][1] > max(1, total // _SLIPS_IN):
        del fullest[1]
    for length, (period, count) in fullest.items():
        if count >= _FEWEST_ROWS[length] and 2 * count > total:
            return [period]
    return []


def _fullest(months: Mapping[date, int], length: int) -> tuple[Stretch, int]:
    """Return the period of this many months with most rows, and their number."""
    counted = Counter({_stretch(1990, (1, 12)): 0})
    for day, count in months.items():
        first = day.month - (day.month - 1) % length
        counted[_stretch(day.year, (first, first + length - 1))] += count
    return counted.most_common(1)[0]
