"""The limit of 5 working days. Source: 三(三)4, Civil Code art. 201."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ledger12315.rules.workdays import ONE_DAY, Calendar, each_day
from ledger12315.words import Word

LIMIT = 5
"""工作日 from the day after receipt."""


ON_TIME = "(closed <= due OR escalated <= due)"
"""`on_time` as a condition on complaints with their day `due`."""


class Due(NamedTuple):
    """The last day of the limit; provisional if an unknown notice could move it."""

    day: date
    provisional: bool


def due_date_of(received: date, calendar: Calendar) -> Due:
    """Return a complaint's due date: the 5th working day after the day of receipt."""
    day = calendar.add(received, LIMIT)
    touched = each_day(received + ONE_DAY, day)
    return Due(day, any(map(calendar.provisional, touched)))


def on_time(closed: date, escalated: date | None, due_day: date) -> bool:
    """Return whether a case was closed, or handed to the station, by its due date."""
    return min(closed, escalated or closed) <= due_day


def cutoff(day: date, calendar: Calendar) -> date:
    """Return the last day of receipt whose due date is earlier than `day`.

    Complaints received by then and still open are overdue.
    """
    return calendar.add(day, -LIMIT) - ONE_DAY


def due_days(first: date, last: date, calendar: Calendar) -> Iterator[tuple[date, date]]:
    """Yield (received, due) for every day of receipt from `first` to `last`, in one pass."""
    end = first
    ahead = calendar.add(first, LIMIT)
    while end <= last:
        yield end, ahead
        end += ONE_DAY
        if calendar.working(end):
            ahead = calendar.add(ahead, 1)


class CountedDay(NamedTuple):
    """One day of the count to a due date; `number` is its place among counted days, else 0."""

    day: date
    number: int
    why: str
    holiday: Word | None
    notice: int
    provisional: bool


def count_days(received: date, calendar: Calendar) -> Iterator[CountedDay]:
    """Yield each day from receipt to due date.

    `why` is receipt, workday, weekend, holiday or make_up.
    """
    number = 0
    for day in each_day(received, due_date_of(received, calendar).day):
        special = calendar.special_day(day)
        counts = day > received and calendar.working(day)
        number += counts
        if day == received:
            why = "receipt"
        elif special is not None:
            why = "make_up" if special.working else "holiday"
        else:
            why = "workday" if counts else "weekend"
        holiday, notice = (special.holiday, special.notice) if special is not None else (None, 0)
        yield CountedDay(
            day, number if counts else 0, why, holiday, notice, calendar.provisional(day)
        )
