"""Complaints that may be the same matter: point, and phone or name and goods."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ledger12315.boxes.names import comparable_name, phone_keys
from ledger12315.errors import message
from ledger12315.ledger.points import Point
from ledger12315.ledger.store import Ledger

if TYPE_CHECKING:  # logging a complaint needs no register
    from ledger12315.register.rows import Entry

_NEAR_DAYS = 30  # days within which two complaints may be one


def similar_complaints(
    ledger: Ledger, point: Point, row: Mapping[str, Any], previous: object
) -> list[str]:
    """Return the numbers of complaints that may be the same matter as a new one.

    The `previous` one is left out, since it is known to be the same.
    """
    marks = _marks(row)
    near = _complaints_around(ledger, point.id, row["received"], row["received"])
    found = [other["number"] for other in near if marks & _marks(other)]
    return [number for number in found if number != previous]


def _complaints_around(
    ledger: Ledger, point_id: int, first: date, last: date
) -> Iterator[Mapping[str, Any]]:
    """Return the rows of a point's complaints near these days."""
    query = """
        SELECT received, number, phone, complainant, item FROM complaint
        WHERE point_id = ? AND received BETWEEN ? AND ? AND voided IS NULL ORDER BY received, id"""
    near = timedelta(days=_NEAR_DAYS)
    return iter(ledger.execute(query, (point_id, first - near, last + near)))


def _marks(row: Mapping[str, Any]) -> set[tuple[str, ...]]:
    """Return the values that complaints of one matter share: phone digits, or name and goods."""
    named = comparable_name(row["complainant"]), comparable_name(row["item"])
    return {named, *((digits,) for digits in phone_keys(row["phone"]))}


def same_at_another_point(ledger: Ledger, point: Point, row: Mapping[str, Any]) -> str:
    """Return number and point of the complaint at another point that a row repeats, or "".

    It has the same register number, name and phone.
    """
    query = """
        SELECT number, code, complainant, complaint.phone
        FROM complaint JOIN point ON point.id = complaint.point_id
        WHERE external_no = ? AND point_id <> ? AND voided IS NULL"""
    person = comparable_name(row["complainant"]), phone_keys(row.get("phone"))
    for other in ledger.execute(query, (row.get("external_no"), point.id)):
        if (comparable_name(other["complainant"]), phone_keys(other["phone"])) == person:
            return f"{other['number']} {other['code']}"
    return ""


def alike_rows(ledger: Ledger, rows: "Iterable[tuple[int, Entry]]") -> dict[int, object]:
    """Return for rows of a register the complaint or row that may be the same matter.

    Each row comes with the id of its point.
    """
    found: dict[int, object] = {}
    by_mark: dict[tuple[int, tuple[str, ...]], list[tuple[date, int]]] = {}
    days: list[date] = []
    for point, entry in rows:
        boxes: Mapping[str, Any] = {"phone": None, **entry.boxes()}
        received = boxes["received"]
        days.append(received)
        for mark in _marks(boxes):
            others = by_mark.setdefault((point, mark), [])
            for row in _received_near(others, received):
                found[entry.row] = message("row {row}", row=row)
            others.append((received, entry.row))
    for point in {point for point, _ in by_mark}:
        for complaint in _complaints_around(ledger, point, min(days), max(days)):
            day = date.fromisoformat(complaint["received"])
            for mark in _marks(complaint):
                near = _received_near(by_mark.get((point, mark), ()), day)
                found |= dict.fromkeys(near, complaint["number"])
    return found


def _received_near(rows: Iterable[tuple[date, int]], day: date) -> Iterator[int]:
    return (row for received, row in rows if abs((received - day).days) <= _NEAR_DAYS)
