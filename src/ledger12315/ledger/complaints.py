"""The life of a complaint: logged, escalated, closed; each act checks the whole record and writes once."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from ledger12315.errors import Message, Refused, message
from ledger12315.ledger.calendar import known_calendar
from ledger12315.ledger.file import Ledger, insert, new_key, now, update
from ledger12315.ledger.points import Point, contact, type_on
from ledger12315.rules.checks import demand
from ledger12315.rules.deadlines import Due, due
from ledger12315.rules.reading import Value
from ledger12315.words import kind_of

_DUPLICATE_DAYS = 30


class Logged(NamedTuple):
    """A new complaint; `notes` are what the clerk should know besides."""

    number: str
    point: str
    received: str
    due: Due
    notes: tuple[Message, ...]


class Closed(NamedTuple):
    """A closing; `working_days` after the day of receipt up to the closing day."""

    number: str
    outcome: str
    closed: str
    due: Due
    on_time: bool
    working_days: int


def log(ledger: Ledger, point: Point, boxes: Mapping[str, Value], today: date) -> Logged:
    """Record a complaint and number it. Raises Unclear or Refused as the rules say. 三(四)1"""
    row: dict[str, object] = {"received": today.isoformat(), "source": "direct", "channel": "visit", "problem": "other", **boxes}
    row.setdefault("disputed", row.get("purchase", 0))
    if "category" in row:
        row.setdefault("kind", kind_of(str(row["category"])))
    demand(row)
    received = str(row["received"])
    if point.retired and received >= point.retired:
        raise Refused("{point} was retired on {day} and takes no complaint received after.", point=point.name, day=point.retired)
    if "previous" in row:
        row["previous_id"] = _row(ledger, str(row.pop("previous")))["id"]
    if handler := row.get("handler") or contact(ledger, point, "liaison", received):
        row["handler"] = handler
    due_date = due(date.fromisoformat(received), known_calendar())
    notes = tuple(_notes(ledger, point, row, due_date))
    year = int(received[:4])
    serial = ledger.execute("SELECT coalesce(max(serial), 0) + 1 FROM complaint WHERE year = ?", (year,)).fetchone()[0]
    number = f"{year}-{serial:04}"
    made = {"key": new_key(), "year": year, "serial": serial, "number": number, "entered": now()}
    insert(ledger, "complaint", row | made | {"point_id": point.id, "type": type_on(ledger, point, received)})
    return Logged(number, point.code, received, due_date, notes)


def _notes(ledger: Ledger, point: Point, row: Mapping[str, object], due_date: Due) -> list[Message]:
    received = date.fromisoformat(str(row["received"]))
    notes = []
    if str(row["received"]) < point.since:
        notes.append(message("{point} was set up only on {day}; the complaint is older.", point=point.name, day=point.since))
    if str(row.get("promised", "")) > due_date.day.isoformat():
        notes.append(message("The promised answer is later than the due date, which stays {due}.", due=due_date.day))
    same = ledger.execute(
        "SELECT number FROM complaint"
        " WHERE phone = ? AND point_id = ? AND item = ? AND received BETWEEN ? AND ? AND voided IS NULL",
        (
            row.get("phone"),
            point.id,
            row["item"],
            (received - timedelta(days=_DUPLICATE_DAYS)).isoformat(),
            (received + timedelta(days=_DUPLICATE_DAYS)).isoformat(),
        ),
    )
    notes += [
        message(
            "Is it the same as {number}? Phone, point and item are equal, within {days} days.",
            number=found["number"],
            days=_DUPLICATE_DAYS,
        )
        for found in same
    ]
    return notes


def close(ledger: Ledger, number: str, boxes: Mapping[str, Value], today: date) -> Closed:
    """Close an open complaint. Raises Refused where it is not open, Unclear where the outcome needs more. 三(四)2"""
    row = find_open(ledger, number)
    told = boxes.get("told") if boxes["outcome"] == "advised" else None
    changes: dict[str, object] = {"closed": told or today.isoformat(), **boxes}
    demand({**row, **changes})
    update(ledger, "complaint", row["id"], {**changes, "closed_entered": now()})
    calendar = known_calendar()
    received, closed = date.fromisoformat(row["received"]), str(changes["closed"])
    due_date = due(received, calendar)
    on_time = min(closed, row["escalated"] or closed) <= due_date.day.isoformat()
    return Closed(number, str(boxes["outcome"]), closed, due_date, on_time, calendar.count(received, date.fromisoformat(closed)))


def escalate(ledger: Ledger, number: str, reason: str, on: str) -> None:
    """Hand an open complaint to the station. Raises Refused where it is closed, void or escalated already. 三(三)3"""
    row = find_open(ledger, number)
    if row["escalated"]:
        raise Refused("{number} was escalated already, on {day}.", number=number, day=row["escalated"])
    changes = {"escalated": on, "escalation_reason": reason}
    demand({**row, **changes})
    update(ledger, "complaint", row["id"], {**changes, "escalated_entered": now()})


def _row(ledger: Ledger, number: str) -> dict[str, Any]:
    row = ledger.execute("SELECT * FROM complaint WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise Refused("There is no complaint {number}. See: ledger12315 complaint list", number=number)
    return dict(row)


def find_open(ledger: Ledger, number: str) -> dict[str, Any]:
    """A complaint that can still change. Raises Refused where there is none, or it is closed or void."""
    row = _row(ledger, number)
    if row["voided"]:
        raise Refused("{number} is void since {day}.", number=number, day=row["voided"])
    if row["closed"]:
        raise Refused("{number} was closed already, on {day}.", number=number, day=row["closed"])
    return row
