"""Registering a service point, if the rule of its type admits it."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count
from typing import NamedTuple

from ledger12315.boxes import Filled
from ledger12315.boxes.kinds import Person, Value
from ledger12315.boxes.point import POINT
from ledger12315.errors import Message, Refused, message
from ledger12315.ledger.store import Ledger, insert, new_key, now
from ledger12315.rules.eligibility import admitted

STAFF = ("liaison", "officer")
# The columns of a point that its boxes fill as they are.
_COLUMNS = [key for key in POINT if key not in ("type", *STAFF, "since", "code")]


class Registered(NamedTuple):
    """A new point; `notes` are what the clerk should know besides."""

    code: str
    name: str
    type: str
    eligibility: str
    since: date
    notes: tuple[Message, ...]


def set_up(ledger: Ledger, boxes: Mapping[str, Value], today: date) -> Registered:
    """Record a point that the rule of its type admits. 三(一)

    Raises Refused if it is incomplete or below the rule, or its code is taken.
    """
    type_, since = str(boxes["type"]), Filled(boxes).day("since", today)
    eligibility = admitted(type_, boxes)
    notes = tuple(_notes(ledger, boxes))
    code = str(boxes.get("code") or _next_code(ledger))
    if ledger.execute("SELECT 1 FROM point WHERE code = ? COLLATE NOCASE", (code,)).fetchone():
        raise Refused(
            "The code {code} is taken by another point. Leave out --code, or give a free one.",
            code=code,
        )
    given = {key: boxes.get(key) for key in _COLUMNS}
    made = {"key": new_key(), "eligibility": eligibility, "entered": now()}
    row = {**given, "code": code, "since": since, **made}
    point_id = insert(ledger, "point", row)
    insert(ledger, "point_type", {"point_id": point_id, "type": type_, "since": since})
    for role in STAFF:
        for person in persons(boxes.get(role)):
            contact = {"point_id": point_id, "role": role, "since": since, **person._asdict()}
            insert(ledger, "contact", contact)
    return Registered(code, str(boxes["name"]), type_, eligibility, since, notes)


def persons(value: Value | None) -> tuple[Person, ...]:
    """Return the liaisons or the officer that a box names; none if it is empty."""
    if isinstance(value, Person):
        return (value,)
    several = value if isinstance(value, tuple) else ()
    return tuple(each for each in several if isinstance(each, Person))


def _next_code(ledger: Ledger) -> str:
    taken = {row[0].upper() for row in ledger.execute("SELECT code FROM point")}
    return next(code for number in count(len(taken) + 1) if (code := f"P{number:03}") not in taken)


def _notes(ledger: Ledger, boxes: Mapping[str, Value]) -> Iterator[Message]:
    query = """
        SELECT code, name FROM point
        WHERE name = ? OR (host = ? AND address = ?) ORDER BY code"""
    given = boxes["name"], boxes.get("host"), boxes.get("address")
    for code, name in ledger.execute(query, given):
        yield message(
            "Is it the same as {code} {name}? Name, or host and address, are equal.",
            code=code,
            name=name,
        )
    if "officer" not in boxes:
        yield message("No point officer yet: every point needs one from the station (三(五)1).")
    if "liaison" not in boxes:
        yield message("No liaison yet: every point needs at least one (三(二)3).")
