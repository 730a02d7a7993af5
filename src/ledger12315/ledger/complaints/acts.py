"""The life of a complaint: logged, escalated, closed; each act checks the whole record and writes once."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from ledger12315.boxes.fields import COMPLAINT
from ledger12315.boxes.reading import Value
from ledger12315.errors import Message, Refused, Unclear, message
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.points import Point, contact, find_point, type_on
from ledger12315.ledger.store import Ledger, insert, new_key, now, update
from ledger12315.rules.checks import demand
from ledger12315.rules.deadlines import Due, due
from ledger12315.words import ACTS, ERASED, kind_of

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
    row: dict[str, object] = {
        "received": today.isoformat(),
        "source": "direct",
        "channel": "visit",
        "problem": "other",
        **boxes,
    }
    row.setdefault("disputed", row.get("purchase", 0))
    if "category" in row:
        row.setdefault("kind", kind_of(str(row["category"])))
    demand(row)
    received = str(row["received"])
    _demand_standing(point, received)
    if "previous" in row:
        row["previous_id"] = stored(ledger, str(row.pop("previous")))["id"]
    if handler := row.get("handler") or contact(ledger, point, "liaison", received):
        row["handler"] = handler
    due_date = due(date.fromisoformat(received), calendar_of(ledger))
    notes = tuple(_notes(ledger, point, row, due_date))
    year = int(received[:4])
    serial = ledger.execute(
        "SELECT coalesce(max(serial), 0) + 1 FROM complaint WHERE year = ?", (year,)
    ).fetchone()[0]
    number = f"{year}-{serial:04}"
    made = {"key": new_key(), "year": year, "serial": serial, "number": number, "entered": now()}
    row_id = insert(
        ledger,
        "complaint",
        row | made | {"point_id": point.id, "type": type_on(ledger, point, received)},
    )
    if "previous_id" in row:
        _demand_in_order(ledger, row_id)
    return Logged(number, point.code, received, due_date, notes)


def _demand_standing(point: Point, received: str) -> None:
    if point.retired and received >= point.retired:
        raise Refused(
            "{point} was retired on {day} and takes no complaint received after.",
            point=point.name,
            day=point.retired,
        )


def _notes(ledger: Ledger, point: Point, row: Mapping[str, object], due_date: Due) -> list[Message]:
    received = date.fromisoformat(str(row["received"]))
    notes = []
    if str(row["received"]) < point.since:
        notes.append(
            message(
                "{point} was set up only on {day}; the complaint is older.",
                point=point.name,
                day=point.since,
            )
        )
    notes += _late_promise(row, due_date)
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


def _late_promise(row: Mapping[str, object], due_date: Due) -> Iterator[Message]:
    if str(row.get("promised") or "") > due_date.day.isoformat():
        yield message(
            "The promised answer, {promised}, is later than the due date, which stays {due}.",
            promised=row["promised"],
            due=due_date.day,
        )


def close(ledger: Ledger, number: str, boxes: Mapping[str, Value], today: date) -> Closed:
    """Close an open complaint. Raises Refused where its state forbids, Unclear where the outcome needs more. 三(四)2"""
    row = allowed(ledger, number, "close")
    told = boxes.get("told") if boxes["outcome"] == "advised" else None
    changes: dict[str, object] = {"closed": told or today.isoformat(), **boxes}
    demand({**row, **changes})
    update(ledger, "complaint", row["id"], {**changes, "closed_entered": now()})
    calendar = calendar_of(ledger)
    received, closed = date.fromisoformat(row["received"]), str(changes["closed"])
    due_date = due(received, calendar)
    on_time = min(closed, row["escalated"] or closed) <= due_date.day.isoformat()
    return Closed(
        number,
        str(boxes["outcome"]),
        closed,
        due_date,
        on_time,
        calendar.count(received, date.fromisoformat(closed)),
    )


def escalate(ledger: Ledger, number: str, reason: str, on: str) -> None:
    """Hand an open complaint to the station. Raises Refused where it is closed, void or escalated already. 三(三)3"""
    row = allowed(ledger, number, "escalate")
    changes = {"escalated": on, "escalation_reason": reason}
    demand({**row, **changes})
    update(ledger, "complaint", row["id"], {**changes, "escalated_entered": now()})


_NEVER_EMPTY = ("received", "source", "channel", "problem", "complainant", "item", "facts")
# Filled by closing, and taken back by reopening.
_CLOSING = ("outcome", "closed", "recovered", "multiple_damages", "told", "rating")


def amend(ledger: Ledger, number: str, boxes: Mapping[str, Value | None]) -> list[Message]:
    """Correct or fill boxes, None empties one; gives what the clerk should know. Raises Unclear or Refused. 三(四)4"""
    row = allowed(ledger, number, "amend")
    if not row["closed"] and (
        early := [key for key in _CLOSING if boxes.get(key) is not None and key != "told"]
    ):
        raise Refused(
            "{number} is open; {boxes} are filled by: ledger12315 close {number}",
            number=number,
            boxes=[COMPLAINT[key].label for key in early],
        )
    for key in (*_NEVER_EMPTY, *("kind", "outcome", "closed")):
        if key in boxes and boxes[key] is None:
            raise Unclear("{box} cannot be empty.", box=COMPLAINT[key].label)
    changes: dict[str, object] = dict(boxes)
    if "previous" in changes:
        earlier = changes.pop("previous")
        changes["previous_id"] = stored(ledger, str(earlier))["id"] if earlier else None
    if changes.get("category") and "kind" not in changes:
        changes["kind"] = kind_of(str(changes["category"]))
    if changes.get("purchase") and row["purchase"] is None and not row["disputed"]:
        changes.setdefault("disputed", changes["purchase"])
    for key in ("recovered", "multiple_damages", "disputed"):
        if key in changes and changes[key] is None:
            changes[key] = 0
    if "received" in changes:
        if str(changes["received"])[:4] != number[:4]:
            raise Refused(
                "{number} carries the year of its receipt. Void it, and log it anew.", number=number
            )
        point = find_point(
            ledger,
            ledger.execute("SELECT code FROM point WHERE id = ?", (row["point_id"],)).fetchone()[0],
        )
        _demand_standing(point, str(changes["received"]))
        changes["type"] = type_on(ledger, point, str(changes["received"]))
    demand({**row, **changes})
    update(ledger, "complaint", row["id"], changes)
    if changes.keys() & {"previous_id", "received"}:
        _demand_in_order(ledger, row["id"])
    received = str(changes.get("received", row["received"]))
    return list(_late_promise(changes, due(date.fromisoformat(received), calendar_of(ledger))))


def _demand_in_order(ledger: Ledger, row_id: int) -> None:
    """Raise Refused where a complaint is not later than the one that it names, or not earlier than one that names it."""
    query = """
        SELECT earlier.number AS previous, later.number
        FROM complaint AS later JOIN complaint AS earlier ON earlier.id = later.previous_id
        WHERE ? IN (earlier.id, later.id)
          AND (earlier.received, earlier.year, earlier.serial) >= (later.received, later.year, later.serial)"""
    for found in ledger.execute(query, (row_id,)):
        raise Refused("{previous} is not earlier than {number}.", **found)


def reopen(ledger: Ledger, number: str, reason: str) -> None:
    """Take back a wrong closing, or else a wrong escalation, as if it had not been; the history keeps it. Raises Refused."""
    row = allowed(ledger, number, "reopen")
    if row["closed"]:
        empty = dict.fromkeys(_CLOSING) | {
            "recovered": 0,
            "multiple_damages": 0,
            "closed_entered": None,
        }
        back = _before_closing(ledger, row) | empty
    else:
        back = dict.fromkeys(("escalated", "escalation_reason", "escalated_entered"))
    update(ledger, "complaint", row["id"], back | {"reopen_reason": reason})


def _before_closing(ledger: Ledger, row: Mapping[str, Any]) -> dict[str, object]:
    """What stood in the boxes that the last closing filled, but for those that were changed since."""
    changes = ledger.execute(
        "SELECT common, personal FROM change WHERE table_name = 'complaint' AND row_id = ? AND NOT made"
        " AND json_extract(common, '$.closed[0]') IS NULL AND json_extract(common, '$.closed[1]') IS NOT NULL"
        " ORDER BY id DESC LIMIT 1",
        (row["id"],),
    )
    told = [json.loads(text) for change in changes for text in change if text]
    return {
        key: was for values in told for key, (was, became) in values.items() if row[key] == became
    }


def void(ledger: Ledger, number: str, reason: str, on: str) -> None:
    """Mark an entry made by mistake: it keeps its number and adds to no figure. Raises Refused where it is void already."""
    row = allowed(ledger, number, "void")
    update(ledger, "complaint", row["id"], {"voided": on, "void_reason": reason})


class _Stage(NamedTuple):
    """A state of a complaint: the day it began, in words, and the acts it allows."""

    since: str
    words: Message
    acts: tuple[str, ...]


# The first whose day is filled is where a complaint stands.
_STAGES = (
    _Stage("voided", Message("{number} is void since {day}", {}), ()),
    _Stage("closed", Message("{number} was closed on {day}", {}), ("amend", "reopen", "void")),
    _Stage(
        "escalated",
        Message("{number} was escalated on {day}", {}),
        ("amend", "close", "reopen", "void"),
    ),
    _Stage(
        "received",
        Message("{number} is open since {day}", {}),
        ("amend", "escalate", "close", "void"),
    ),
)


def stored(ledger: Ledger, number: str) -> dict[str, Any]:
    """A complaint's row. Raises Refused where there is none."""
    row = ledger.execute("SELECT * FROM complaint WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise Refused(
            "There is no complaint {number}. See: ledger12315 complaint list", number=number
        )
    return dict(row)


def allowed(ledger: Ledger, number: str, act: str) -> dict[str, Any]:
    """A complaint's row, if its state allows the act. Raises Refused, which says what is possible now."""
    row = stored(ledger, number)
    stage = next(each for each in _STAGES if row[each.since])
    if row["complainant"] == ERASED and stage.acts:
        raise Refused(
            "The personal data of {number} are erased; it can no longer be changed.", number=number
        )
    if act not in stage.acts:
        raise Refused(
            "{state}; possible now: {acts}.",
            state=Message(stage.words.id, {"number": number, "day": row[stage.since]}),
            acts=[ACTS[each] for each in stage.acts] or message("nothing"),
        )
    return row
