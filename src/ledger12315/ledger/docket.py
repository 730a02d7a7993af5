"""Complaints as people look them up: lists, one in full, and why it is due when it is."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any

from ledger12315.errors import Refused
from ledger12315.ledger.calendar import known_calendar
from ledger12315.ledger.overdue import due_on
from ledger12315.ledger.points import Point
from ledger12315.ledger.rows import Ledger
from ledger12315.rules.deadlines import Due, Reckoned, reckoning
from ledger12315.rules.fields import COMPLAINT
from ledger12315.rules.periods import Period

_STATE = """
    CASE WHEN complaint.voided IS NOT NULL THEN 'void' WHEN complaint.closed IS NOT NULL THEN 'closed'
         WHEN complaint.escalated IS NOT NULL THEN 'escalated' ELSE 'open' END"""
_BOXES = ", ".join(
    "(SELECT number FROM complaint AS earlier WHERE earlier.id = complaint.previous_id) AS previous"
    if key == "previous"
    else f"complaint.{key}"
    for key in COMPLAINT
)
_LISTED = f"""
    SELECT complaint.number, point.code AS point, point.name AS point_name, complaint.type, {_STATE} AS state, {_BOXES},
           complaint.escalated, complaint.escalation_reason, complaint.voided, complaint.void_reason, complaint.reopen_reason
    FROM complaint JOIN point ON point.id = complaint.point_id
    WHERE {{where}} ORDER BY complaint.year, complaint.serial"""


def listed(
    ledger: Ledger,
    point: Point | None = None,
    period: Period | None = None,
    state: str | None = None,
    text: str | None = None,
) -> Iterator[dict[str, Any]]:
    """Complaints by number, each with `due`, `provisional`, `state` and its boxes; `period` is that of receipt."""
    where, values = ["1 = 1"], dict[str, object]()
    if point:
        where.append("complaint.point_id = :point")
        values["point"] = point.id
    if period:
        where.append("complaint.received BETWEEN :first AND :last")
        values |= {"first": period.first.isoformat(), "last": period.last.isoformat()}
    if state:
        where.append(f"{_STATE} = :state")
        values["state"] = state
    if text:
        where.append("instr(item || ' ' || facts || ' ' || coalesce(respondent, ''), :text)")
        values["text"] = text
    for row in ledger.execute(_LISTED.format(where=" AND ".join(where)), values):
        yield _with_due(row)


def shown(ledger: Ledger, number: str) -> dict[str, Any]:
    """One complaint as in a list. Raises Refused where there is none."""
    row = ledger.execute(_LISTED.format(where="complaint.number = ?"), (number,)).fetchone()
    if row is None:
        raise Refused("There is no complaint {number}. See: ledger12315 complaint list", number=number)
    return _with_due(row)


def row_id(ledger: Ledger, number: str) -> int:
    """The complaint's own id, by which its history is kept. Raises Refused where there is none."""
    row = ledger.execute("SELECT id FROM complaint WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise Refused("There is no complaint {number}. See: ledger12315 complaint list", number=number)
    return int(row["id"])


def _with_due(row: sqlite3.Row) -> dict[str, Any]:
    due_date = due_on(row["received"])
    return {"due": due_date.day, "provisional": due_date.provisional, **dict(row)}


def explained(ledger: Ledger, number: str) -> tuple[str, Due, list[Reckoned]]:
    """(day of receipt, due date, each day between them) of one complaint. Raises Refused where there is none."""
    received = shown(ledger, number)["received"]
    return received, due_on(received), list(reckoning(date.fromisoformat(received), known_calendar()))
