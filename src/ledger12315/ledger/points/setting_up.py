"""Setting up a point, and whether it is known already. 三(一), 三(二)3, 三(五)1"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import count
from typing import NamedTuple

from ledger12315.boxes import Filled
from ledger12315.boxes.forms import POINT
from ledger12315.boxes.kinds import Value
from ledger12315.boxes.names import comparable_name
from ledger12315.boxes.people import persons
from ledger12315.errors import Message, Refused, message
from ledger12315.ledger.points.dated import STAFF
from ledger12315.ledger.store import Ledger, insert, new_key, now, single
from ledger12315.rules.eligibility import how_admitted

# The columns of a point with the values of its boxes.
_PLAIN_COLUMNS = [key for key in POINT if key not in ("type", *STAFF, "since", "code")]


class Registered(NamedTuple):
    """A new point; `notes` are for the clerk."""

    code: str
    name: str
    type: str
    eligibility: str
    since: date
    notes: tuple[Message, ...]


class Named(NamedTuple):
    """A point's code, or the row of a file with it, and what it is known by."""

    code: object
    name: str
    host: str | None
    address: str | None


def set_up(ledger: Ledger, boxes: Mapping[str, Value]) -> Registered:
    """Record a point that the rule of its type admits, or a list that says how. 三(一)

    Raises Refused if it is incomplete or below the rule, or its code is in use.
    """
    type_, since = str(boxes["type"]), Filled(boxes).day("since")
    eligibility = str(boxes.get("eligibility") or how_admitted(type_, boxes))
    notes = tuple(_setup_notes(ledger, boxes))
    code = str(boxes.get("code") or _next_code(ledger))
    if single(ledger, "SELECT 1 FROM point WHERE code = ? COLLATE NOCASE", (code,)):
        raise Refused(
            "The code {code} is used by another point. Leave out --code, or give a free one.",
            code=code,
        )
    given = {key: boxes.get(key) for key in _PLAIN_COLUMNS}
    made = {"key": new_key(), "eligibility": eligibility, "entered": now()}
    row = {**given, "code": code, "since": since, **made}
    point_id = insert(ledger, "point", row)
    insert(ledger, "point_type", {"point_id": point_id, "type": type_, "since": since})
    for role in STAFF:
        for person in persons(boxes.get(role)):
            contact = {"point_id": point_id, "role": role, "since": since, **person._asdict()}
            insert(ledger, "contact", contact)
    return Registered(code, str(boxes["name"]), type_, eligibility, since, notes)


def _next_code(ledger: Ledger) -> str:
    taken = {row[0].upper() for row in ledger.execute("SELECT code FROM point")}
    return next(code for number in count(len(taken) + 1) if (code := f"P{number:03}") not in taken)


def demand_new_name(ledger: Ledger, boxes: Mapping[str, Value]) -> None:
    """Raise Refused if a point of this name and operator stands on the day of the set-up."""
    found = ledger.execute(
        "SELECT code, name, host FROM point WHERE retired IS NULL OR retired > ? ORDER BY code",
        (boxes["since"],),
    )
    wanted = [comparable_name(str(boxes.get(key) or "")) for key in ("name", "host")]
    for code, *known in found:
        if [comparable_name(text or "") for text in known] == wanted:
            raise Refused(
                "Not registered: {code} {name} has this name and operator already. Change it by "
                "`point amend {code}`; to make a second point of the name, add --another.",
                code=code,
                name=known[0],
            )


def named_points(ledger: Ledger) -> list[Named]:
    """Return the points by which a new one is known."""
    found = ledger.execute("SELECT code, name, host, address FROM point ORDER BY code")
    return [Named(*row) for row in found]


def questions_if_same_point(
    known: Iterable[Named], boxes: Mapping[str, Value]
) -> Iterator[Message]:
    """Yield a question for each known point that may be the same as a new one."""
    name, *place = (
        comparable_name(str(boxes.get(key) or "")) for key in ("name", "host", "address")
    )
    for code, *others in known:
        other, *elsewhere = (comparable_name(each or "") for each in others)
        if other == name or (all(place) and place == elsewhere):
            yield message(
                "Is it the same as {code} {name}? The name, or the host and address, are the "
                "same.",
                code=code,
                name=others[0],
            )


def _setup_notes(ledger: Ledger, boxes: Mapping[str, Value]) -> Iterator[Message]:
    yield from questions_if_same_point(named_points(ledger), boxes)
    if "officer" not in boxes:
        yield message("No point officer yet: every point needs one from the station (三(五)1).")
    if "liaison" not in boxes:
        yield message("No liaison yet: every point needs at least one (三(二)3).")
