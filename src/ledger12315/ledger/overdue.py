"""What is overdue or falls due soon: a cut-off day over the few rows that are open, however many are closed."""

from datetime import date
from functools import cache
from typing import NamedTuple

from ledger12315.ledger.calendar import known_calendar
from ledger12315.ledger.file import Ledger
from ledger12315.ledger.points import Point, in_office
from ledger12315.rules.deadlines import Due, cutoff, due
from ledger12315.rules.measures import EVENTS, MEASURES
from ledger12315.rules.workdays import ONE_DAY


@cache
def due_on(received: str) -> Due:
    """The due date of what came in on this ISO day, by the calendar as it is known now."""
    return due(date.fromisoformat(received), known_calendar())


class Pending(NamedTuple):
    """An open complaint with what its urgency is; `working_days_over` is 0 until it is overdue."""

    number: str
    point: str
    point_name: str
    received: str
    due: date
    working_days_over: int
    provisional: bool
    item: str
    officer: str | None


_OVERDUE = " UNION ALL ".join(
    f"""
    SELECT complaint.number, point.code AS point, point.name AS point_name, complaint.received, complaint.item,
           {in_office("officer", "name")} AS officer, complaint.year, complaint.serial
    FROM complaint JOIN point ON point.id = complaint.point_id
    WHERE {when} AND {MEASURES["overdue_end"].condition} AND (:point IS NULL OR complaint.point_id = :point)"""
    for when in EVENTS["open_end"].when
)


def overdue(ledger: Ledger, as_of: date, within: int | None = None, point: Point | None = None) -> list[Pending]:
    """What is open, not escalated and past due on `as_of`, or falls due `within` 工作日; earliest due first. 三(三)4"""
    calendar = known_calendar()
    horizon = as_of if within is None else calendar.add(as_of, within) + ONE_DAY
    values = {"last": as_of.isoformat(), "cutoff": cutoff(horizon, calendar).isoformat(), "point": point.id if point else None}
    found = []
    for row in ledger.execute(_OVERDUE + " ORDER BY received, year, serial", values):
        due_date = due_on(row["received"])
        over = calendar.count(due_date.day, as_of)
        known = {key: row[key] for key in ("number", "point", "point_name", "received", "item", "officer")}
        found.append(Pending(due=due_date.day, working_days_over=over, provisional=due_date.provisional, **known))
    return found
