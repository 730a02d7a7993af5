"""Overdue and soon due complaints: a cut-off day for the few open rows."""

from datetime import date
from operator import itemgetter
from typing import NamedTuple
from weakref import WeakKeyDictionary

from ledger12315.boxes.masks import PEOPLE_OF_CASE
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.points import PRESENT_OFFICER, Point
from ledger12315.ledger.store import Ledger
from ledger12315.rules.deadlines import Due, cutoff, due_date_of
from ledger12315.rules.events import EVENTS
from ledger12315.rules.measures import MEASURES
from ledger12315.rules.workdays import ONE_DAY, Calendar

_DUE: WeakKeyDictionary[Calendar, dict[date, Due]] = WeakKeyDictionary()


def cached_due_date(received: date, calendar: Calendar) -> Due:
    """Return the due date for a day of receipt, cached while its calendar is in use.

    Many complaints share their day.
    """
    known = _DUE.setdefault(calendar, {})
    if received not in known:
        known[received] = due_date_of(received, calendar)
    return known[received]


class Pending(NamedTuple):
    """An open complaint with its urgency; `working_days_over` is 0 until it is overdue.

    The last boxes name the people to be masked in its goods.
    """

    number: str
    point: str
    point_name: str
    received: date
    due: date
    working_days_over: int
    provisional: bool
    item: str
    officer: str | None
    complainant: str
    phone: str | None
    respondent_contact: str | None
    respondent_phone: str | None


# A past state of the ledger has no people: those of today are masked.
_PERSON = "(SELECT {0} FROM main.complaint AS now WHERE now.id = complaint.id) AS {0}"
_OVERDUE_ROWS = " UNION ALL ".join(
    f"""
    SELECT complaint.number, point.code, point.name, complaint.received,
           complaint.year, complaint.serial, complaint.item, {PRESENT_OFFICER},
           {", ".join(map(_PERSON.format, PEOPLE_OF_CASE))}
    FROM complaint JOIN point ON point.id = complaint.point_id
    WHERE {when} AND {MEASURES["overdue_end"].condition}
      AND (:point IS NULL OR complaint.point_id = :point)"""
    for when in EVENTS["open_end"].when
)


def overdue_complaints(
    ledger: Ledger, as_of: date, within: int | None = None, point: Point | None = None
) -> list[Pending]:
    """Return complaints open, not escalated and past due on `as_of`, earliest due first. 三(三)4

    With `within`, also those due within this many 工作日.
    """
    calendar = calendar_of(ledger)
    horizon = as_of if within is None else calendar.add(as_of, within) + ONE_DAY
    values = {"last": as_of, "cutoff": cutoff(horizon, calendar), "point": point and point.id}
    # Sorted here: with ORDER BY, SQLite would scan all complaints instead of the index of open
    # ones.
    rows = sorted(
        ledger.execute(_OVERDUE_ROWS, values), key=itemgetter("received", "year", "serial")
    )
    if not rows:
        return []
    earliest = cached_due_date(date.fromisoformat(rows[0]["received"]), calendar).day
    over = _working_days_since(earliest, as_of, calendar)
    found = []
    for number, code, name, received, _year, _serial, *case in rows:
        day = date.fromisoformat(received)
        due_day, provisional = cached_due_date(day, calendar)
        urgency = due_day, over.get(due_day, 0), provisional
        found.append(Pending(number, code, name, day, *urgency, *case))
    return found


def _working_days_since(first: date, last: date, calendar: Calendar) -> dict[date, int]:
    """Return the working days up to `last` after each day from `first` on."""
    day, count = last, 0
    counts = {}
    while day >= first:
        counts[day] = count
        count += calendar.working(day)
        day -= ONE_DAY
    return counts
