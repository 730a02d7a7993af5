"""The life of a complaint: each act checks the whole record and writes once."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ledger12315.boxes.complaint import AMENDED, COMPLAINT
from ledger12315.boxes.kinds import Value
from ledger12315.boxes.reading import numbered, yuan
from ledger12315.boxes.worded import told_words
from ledger12315.errors import Message, Refused, Unclear, message
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints.finding import Row, allowed, stored
from ledger12315.ledger.complaints.likeness import alike
from ledger12315.ledger.points import Point, contact, find_point, type_on
from ledger12315.ledger.store import Ledger, insert, new_key, now, single, update
from ledger12315.rules.checks import completed, demand, surplus
from ledger12315.rules.deadlines import Due, due, on_time
from ledger12315.words import ENDINGS, kind_of

Boxes = Mapping[str, Value | None]


class Logged(NamedTuple):
    """A new complaint; `notes` are what the clerk should know besides.

    `alike` are the numbers of others that may be the same matter.
    """

    number: str
    point: str
    received: date
    due: Due
    notes: tuple[Message, ...]
    alike: list[str]


class AmendedComplaint(NamedTuple):
    """What was amended; `notes` are what the clerk should know besides."""

    number: str
    notes: tuple[Message, ...]


class Closed(NamedTuple):
    """A closing; `working_days` after the day of receipt up to the closing day.

    `notes` are what the clerk should know besides.
    """

    number: str
    outcome: str
    closed: date
    due: Due
    on_time: bool
    working_days: int
    notes: tuple[Message, ...]


def log(ledger: Ledger, point: Point, boxes: Mapping[str, Value], today: date) -> Logged:
    """Record a complaint and number it. Raises Unclear or Refused as the rules say. 三(四)1"""
    row: Row = completed(boxes, today)
    demand(row)
    received: date = row["received"]
    _demand_standing(point, received)
    if "previous" in row:
        row["previous_id"] = stored(ledger, row.pop("previous"))["id"]
    if handler := row.get("handler") or contact(ledger, point, "liaison", received):
        row["handler"] = handler
    due_date = due(received, calendar_of(ledger))
    others = alike(ledger, point, {"phone": None, **row}, boxes.get("previous"))
    notes = tuple(_notes(point, row, due_date, others))
    serial = next_serial(ledger, received.year)
    number = numbered(received.year, serial)
    made = {"key": new_key(), "year": received.year, "serial": serial, "number": number}
    made |= {"point_id": point.id, "type": type_on(ledger, point, received), "entered": now()}
    made["local_words"] = told_words(None, row)
    row_id = insert(ledger, "complaint", row | made)
    if "previous_id" in row:
        _demand_in_order(ledger, row_id)
    return Logged(number, point.code, received, due_date, notes, others)


def next_serial(ledger: Ledger, year: int) -> int:
    """Return the first number of a year that no complaint has."""
    query = "SELECT coalesce(max(serial), 0) + 1 FROM complaint WHERE year = ?"
    return int(single(ledger, query, (year,)))


def _demand_standing(point: Point, received: date) -> None:
    if point.gone(received):
        raise Refused(
            "{point} was retired on {day} and takes no complaint received after.",
            point=point.name,
            day=point.retired,
        )


def _notes(point: Point, row: Row, due_date: Due, others: Sequence[str]) -> Iterator[Message]:
    if row["received"] < point.since:
        yield before_point(point)
    yield from _late_promise(row, due_date)
    if others:
        yield likeness(others)


def before_point(point: Point) -> Message:
    """Return the note that a complaint is older than its point."""
    return message(
        "{point} was set up only on {day}; the complaint is older.",
        point=point.name,
        day=point.since,
    )


def likeness(others: Sequence[str]) -> Message:
    """Return the question whether a complaint is the same as these others."""
    return message(
        "Is it the same as {numbers}? Point and phone, or name and item, are equal, within 30"
        " days.",
        numbers=others,
    )


def _late_promise(row: Mapping[str, Any], due_date: Due) -> Iterator[Message]:
    promised = row.get("promised")
    if promised and promised > due_date.day:
        yield message(
            "The promised answer, {promised}, is later than the due date, which stays {due}.",
            promised=promised,
            due=due_date.day,
        )


def close(ledger: Ledger, number: str, boxes: Mapping[str, Value], today: date) -> Closed:
    """Close an open complaint.

    Raises Refused if its state forbids it, Unclear if the outcome needs more. 三(四)2
    """
    row = allowed(ledger, number, "close")
    outcome = str(boxes["outcome"])
    told = boxes.get("told") if ENDINGS[outcome].needs == "told" else None
    changes: Row = {"closed": told or today, **boxes}
    demand({**row, **changes})
    update(ledger, "complaint", row["id"], {**changes, "closed_entered": now()})
    calendar = calendar_of(ledger)
    received, closed = row["received"], changes["closed"]
    due_date = due(received, calendar)
    in_time = on_time(closed, row["escalated"], due_date.day)
    used = calendar.count(received, closed)
    notes = tuple(surplus({**row, **changes}))
    return Closed(row["number"], outcome, closed, due_date, in_time, used, notes)


def escalate(ledger: Ledger, number: str, reason: str, on: date) -> str:
    """Hand an open complaint to the station, and return its number. 三(三)3

    Raises Refused if its state forbids it.
    """
    row = allowed(ledger, number, "escalate")
    changes = {"escalated": on, "escalation_reason": reason}
    demand({**row, **changes})
    update(ledger, "complaint", row["id"], {**changes, "escalated_entered": now()})
    return str(row["number"])


_NEVER_EMPTY = (
    *("point", "received", "source", "channel", "problem", "complainant", "item", "facts", "kind"),
    *("outcome", "closed", "headcount"),
)
# Filled by closing, and taken back by reopening.
_RECOVERED = ("recovered", "multiple_damages")
_CLOSING = ("outcome", "closed", *_RECOVERED, "told", "rating")
# What has no sense without the agreement that a closing brings.
_OF_AGREEMENT = ("performed", "unperformed")
_AMOUNTS = (*_RECOVERED, "disputed")


def amend(ledger: Ledger, number: str, boxes: Boxes) -> AmendedComplaint:
    """Correct or fill boxes; None empties one.

    Raises Unclear or Refused. 三(四)4
    """
    row = allowed(ledger, number, "amend")
    _demand_amendable(row, boxes)
    _demand_recovered(row, boxes)
    changes = _with_what_follows(ledger, row, boxes)
    if changes.keys() & {"received", "point"}:
        changes |= _placed(ledger, row, changes.pop("point", None), changes.get("received"))
    demand({**row, **changes})
    update(ledger, "complaint", row["id"], changes)
    if changes.keys() & {"previous_id", "received"}:
        _demand_in_order(ledger, row["id"])
    received: date = changes.get("received") or row["received"]
    notes = [*_late_promise(changes, due(received, calendar_of(ledger)))]
    if changes.keys() & {*_AMOUNTS}:
        notes += surplus({**row, **changes})
    return AmendedComplaint(row["number"], tuple(notes))


def _demand_amendable(row: Row, boxes: Boxes) -> None:
    early = [key for key in _CLOSING if boxes.get(key) is not None and key != "told"]
    if early and not row["closed"]:
        raise Refused(
            "{number} is open; {boxes} are filled by: ledger12315 close {number}",
            number=row["number"],
            boxes=[COMPLAINT[key].label for key in early],
        )
    for key in _NEVER_EMPTY:
        if key in boxes and boxes[key] is None:
            raise Unclear("{box} cannot be empty.", box=AMENDED[key].label)


def _demand_recovered(row: Row, boxes: Boxes) -> None:
    """Raise Unclear if an agreement was not performed and nobody says what was recovered."""
    if boxes.get("unperformed") and row["recovered"] and "recovered" not in boxes:
        raise Unclear(
            "{number} has {amount} yuan as recovered by the agreement; say what really was:"
            " --recovered YUAN.",
            number=row["number"],
            amount=yuan(row["recovered"]),
        )


def _with_what_follows(ledger: Ledger, row: Row, boxes: Boxes) -> Row:
    """Return amended boxes as columns, with those that follow from them."""
    changes: Row = dict(boxes)
    if "previous" in changes:
        earlier = changes.pop("previous")
        changes["previous_id"] = stored(ledger, earlier)["id"] if earlier else None
    if changes.get("category") and "kind" not in changes:
        changes["kind"] = kind_of(changes["category"])
    if changes.get("purchase") and row["purchase"] is None and not row["disputed"]:
        changes.setdefault("disputed", changes["purchase"])
    emptied = [key for key in _AMOUNTS if changes.get(key, "") is None]
    words = told_words(row["local_words"], changes)
    return {**changes, **dict.fromkeys(emptied, 0), "local_words": words}


def _placed(ledger: Ledger, row: Row, word: str | None, received: date | None) -> Row:
    """Return the columns of another point or day of receipt; the type follows. Raises Refused."""
    day = received or row["received"]
    if day.year != row["year"]:
        raise Refused(
            "{number} carries the year of its receipt. Void it, and log it anew.",
            number=row["number"],
        )
    present = single(ledger, "SELECT code FROM point WHERE id = ?", (row["point_id"],))
    point = find_point(ledger, word or present)
    _demand_standing(point, day)
    taken = "SELECT number FROM complaint WHERE point_id = ? AND external_no = ? AND id <> ?"
    for found in ledger.execute(taken, (point.id, row["external_no"], row["id"])):
        raise Refused(
            "{point} has {other} under the register's number {external_no} already.",
            point=point.name,
            other=found["number"],
            external_no=row["external_no"],
        )
    return {"point_id": point.id, "type": type_on(ledger, point, day)}


def _demand_in_order(ledger: Ledger, row_id: int) -> None:
    """Raise Refused if a complaint and its earlier one are not in order of receipt."""
    query = """
        SELECT earlier.number AS previous, later.number
        FROM complaint AS later JOIN complaint AS earlier ON earlier.id = later.previous_id
        WHERE ? IN (earlier.id, later.id)
          AND (earlier.received, earlier.year, earlier.serial)
           >= (later.received, later.year, later.serial)"""
    for found in ledger.execute(query, (row_id,)):
        raise Refused("{previous} is not earlier than {number}.", **found)


def reopen(ledger: Ledger, number: str, reason: str) -> str:
    """Take back a wrong closing, or else a wrong escalation; the history keeps it.

    Return the complaint's number. Raises Refused if there is neither.
    """
    row = allowed(ledger, number, "reopen")
    if row["closed"]:
        empty = dict.fromkeys((*_CLOSING, "closed_entered")) | dict.fromkeys(_RECOVERED, 0)
        back = _before_closing(ledger, row) | empty
    else:
        back = dict.fromkeys(("escalated", "escalation_reason", "escalated_entered", "accepted"))
    back["local_words"] = told_words({**row, **back}["local_words"], back)
    update(ledger, "complaint", row["id"], back | {"reopen_reason": reason})
    return str(row["number"])


def _before_closing(ledger: Ledger, row: Row) -> Row:
    """Return what stood in the boxes that the last closing filled, unless changed since.

    Whether its agreement was performed is taken back with it, whenever it was noted.
    """
    changes = ledger.execute(
        """
        SELECT made, common, personal FROM change
        WHERE table_name = 'complaint' AND row_id = :id AND id >= (
            SELECT max(id) FROM change
            WHERE table_name = 'complaint' AND row_id = :id
              AND json_extract(common, '$.closed[0]') IS NULL
              AND json_extract(common, '$.closed[1]') IS NOT NULL)
        ORDER BY id""",
        {"id": row["id"]},
    )
    stands = {key: f"{each}" if isinstance(each, date) else each for key, each in row.items()}
    before: Row = {}
    for place, (made, *texts) in enumerate(changes):
        closing = place == 0 and not made
        for text in filter(None, texts):
            for key, (was, became) in json.loads(text).items():
                if key in _OF_AGREEMENT or (closing and stands[key] == became):
                    before.setdefault(key, was)
    return before


def void(ledger: Ledger, number: str, reason: str, on: date) -> str:
    """Mark an entry made by mistake, and return its number. Raises Refused if it is void."""
    known = str(allowed(ledger, number, "void")["number"])
    void_all(ledger, [known], reason, on)
    return known


def void_all(ledger: Ledger, numbers: Sequence[str], reason: str, on: date) -> None:
    """Mark entries made by mistake, whose states are known to allow it.

    One that a wrong clock received on a later day is void from that day on.
    """
    query = "UPDATE complaint SET voided = max(?, received), void_reason = ? WHERE number = ?"
    ledger.executemany(query, [(on, reason, number) for number in numbers])
