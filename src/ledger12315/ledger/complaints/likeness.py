"""Complaints that may be the same matter: point, and phone or name and goods. Domain 3."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from ledger12315.boxes.names import compared
from ledger12315.ledger.points import Point
from ledger12315.ledger.store import Ledger

NEAR = 30
"""Days within which two complaints may be one."""


def alike(ledger: Ledger, point: Point, row: Mapping[str, Any], previous: object) -> list[str]:
    """Return the numbers of complaints that may be the same matter as a new one.

    The `previous` one is left out, since it is known to be.
    """
    marks = marks_of(row)
    near = around(ledger, point.id, row["received"], row["received"])
    found = [number for _, number, other in near if marks & marks_of(other)]
    return [number for number in found if number != previous]


def around(
    ledger: Ledger, point_id: int, first: date, last: date
) -> Iterator[tuple[date, str, Mapping[str, Any]]]:
    """Yield day, number and row of a point's complaints that are near to these days."""
    query = """
        SELECT received, number, phone, complainant, item FROM complaint
        WHERE point_id = ? AND received BETWEEN ? AND ? AND voided IS NULL ORDER BY received, id"""
    near = timedelta(days=NEAR)
    for row in ledger.execute(query, (point_id, first - near, last + near)):
        yield date.fromisoformat(row["received"]), row["number"], row


def marks_of(row: Mapping[str, Any]) -> set[tuple[str, ...]]:
    """Return what two complaints of one matter share: the phone's digits, or name and goods."""
    digits = "".join(filter(str.isdecimal, row["phone"] or ""))
    named = compared(row["complainant"]), compared(row["item"])
    return {named, (digits,)} if digits else {named}
