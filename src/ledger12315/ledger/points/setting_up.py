"""Registering a service point, where its type's rule admits it."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count
from typing import NamedTuple

from ledger12315.boxes.kinds import Person, Value
from ledger12315.errors import Message, Refused, message
from ledger12315.ledger.store import Ledger, insert, new_key, now
from ledger12315.rules.eligibility import admitted


class Registered(NamedTuple):
    """A new point; `notes` are what the clerk should know besides."""

    code: str
    name: str
    type: str
    eligibility: str
    since: date
    notes: tuple[Message, ...]


def set_up(ledger: Ledger, boxes: Mapping[str, Value], today: date) -> Registered:
    """Record a point that its type's rule admits. Raises Refused where it is incomplete or below, or the code is taken. 三(一)"""
    type_, since = str(boxes["type"]), boxes.get("since", today)
    eligibility = admitted(type_, boxes)
    notes = tuple(_likely_duplicates(ledger, boxes))
    code = str(boxes.get("code") or _next_code(ledger))
    if ledger.execute("SELECT 1 FROM point WHERE code = ? COLLATE NOCASE", (code,)).fetchone():
        raise Refused(
            "The code {code} is taken by another point. Leave out --code, or give a free one.",
            code=code,
        )
    kept = [
        "name",
        "host",
        "address",
        "area",
        "capital",
        "turnover",
        "stalls",
        "grade",
        "sector",
        "judgement",
    ]
    made = {
        "key": new_key(),
        "code": code,
        "eligibility": eligibility,
        "since": since,
        "entered": now(),
    }
    point_id = insert(ledger, "point", {**{key: boxes.get(key) for key in kept}, **made})
    insert(ledger, "point_type", {"point_id": point_id, "type": type_, "since": since})
    for role in ("liaison", "officer"):
        for person in persons(boxes.get(role)):
            insert(
                ledger,
                "contact",
                {"point_id": point_id, "role": role, "since": since, **person._asdict()},
            )
    if "officer" not in boxes:
        notes += (
            message("No point officer yet: every point needs one from the station (三(五)1)."),
        )
    if "liaison" not in boxes:
        notes += (message("No liaison yet: every point needs at least one (三(二)3)."),)
    return Registered(code, str(boxes["name"]), type_, eligibility, since, notes)


def persons(value: Value | None) -> tuple[Person, ...]:
    """The liaisons or the officer that a box names; none where it is empty."""
    if isinstance(value, Person):
        return (value,)
    return (
        tuple(each for each in value if isinstance(each, Person))
        if isinstance(value, tuple)
        else ()
    )


def _next_code(ledger: Ledger) -> str:
    taken = {row[0].upper() for row in ledger.execute("SELECT code FROM point")}
    return next(code for number in count(len(taken) + 1) if (code := f"P{number:03}") not in taken)


def _likely_duplicates(ledger: Ledger, boxes: Mapping[str, Value]) -> Iterator[Message]:
    query = (
        "SELECT code, name FROM point WHERE name = ? OR (host = ? AND address = ?) ORDER BY code"
    )
    for code, name in ledger.execute(
        query, (boxes["name"], boxes.get("host"), boxes.get("address"))
    ):
        yield message(
            "Is it the same as {code} {name}? Name, or host and address, are equal.",
            code=code,
            name=name,
        )
