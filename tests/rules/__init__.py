"""A calendar that no new release changes, and made-up ones for the laws."""

from datetime import date, timedelta

from chinese_calendar.constants import holidays, workdays
from hypothesis import strategies as st

from ledger12315.ledger.calendar import library_calendar
from ledger12315.rules.workdays import Calendar, Special
from ledger12315.words import Word

KNOWN = range(2004, 2027)
# The next year's notice decides from 22 December on.
LAST_KNOWN = date(2026, 12, 21)
CALENDAR = Calendar(
    {day: special for day, special in library_calendar().special.items() if day <= LAST_KNOWN},
    KNOWN,
)

days = st.dates(date(2025, 12, 1), date(2026, 4, 30))
_HOLIDAY = Word("made_up", "虚构", "made up")
calendars = st.dictionaries(days, st.booleans(), max_size=60).map(
    lambda worked: Calendar(
        {day: Special(works, _HOLIDAY, day.year) for day, works in worked.items()}, KNOWN
    )
)


def every_day(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def by_library(day: date) -> bool:
    """Return whether a day is worked; `is_workday` seeks the first and last notice each time."""
    return day in workdays or (day.isoweekday() < 6 and day not in holidays)
