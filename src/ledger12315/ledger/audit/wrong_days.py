"""Days from a wrong clock, written before the program refused them. Domain 3."""

from collections.abc import Iterator
from typing import NamedTuple

from ledger12315.boxes.reading import YEARS
from ledger12315.errors import Message, message
from ledger12315.ledger.station import settings
from ledger12315.ledger.store import Ledger

_OUTSIDE = f"NOT BETWEEN '{YEARS.start}-01-01' AND '{YEARS.stop - 1}-12-31'"
_ROWS_OUTSIDE = f"""
    SELECT 'received', number, received FROM complaint
    WHERE voided IS NULL AND received {_OUTSIDE}
    UNION ALL
    SELECT 'ended', number, coalesce(closed, escalated) FROM complaint
    WHERE voided IS NULL AND NOT received {_OUTSIDE}
        AND (closed {_OUTSIDE} OR escalated {_OUTSIDE})
    UNION ALL
    SELECT 'record', id, day FROM record WHERE voided IS NULL AND day {_OUTSIDE}
    UNION ALL
    SELECT 'point', code, since FROM point WHERE since {_OUTSIDE}"""


class WrongDay(NamedTuple):
    """The name of a complaint, record, point or setting, its wrong day, and the way to mend it."""

    what: str
    day: str
    mending: Message


def wrong_days(ledger: Ledger) -> Iterator[WrongDay]:
    """Yield days before 1990 or after 2199 in rows that are not void or corrected."""
    for kind, what, day in ledger.execute(_ROWS_OUTSIDE):
        name = f"record {what}" if kind == "record" else str(what)
        yield WrongDay(name, day, _how_to_mend(kind, what, day))
    begins = settings(ledger)["begins"]
    if int(begins[:4]) not in YEARS:
        yield WrongDay("begins", begins, _how_to_mend("begins", "begins", begins))


def _how_to_mend(kind: str, what: object, day: str) -> Message:
    values = {"what": what, "day": day}
    return {
        "received": message(
            "{what} was received on {day}, according to a wrong clock. Void it and log it "
            "again: ledger12315 complaint void {what} --reason REASON",
            **values,
        ),
        "ended": message(
            "{what} was closed or escalated on {day}, according to a wrong clock. Undo that "
            "and do it again: ledger12315 complaint reopen {what} --reason REASON",
            **values,
        ),
        "record": message(
            "Record {what} has the date {day}, from a wrong clock. Void it and enter it again: "
            "ledger12315 record void {what} --reason REASON",
            **values,
        ),
        "point": message(
            "{what} was set up on {day}, according to a wrong clock. Correct the day: "
            "ledger12315 point amend {what} --since DATE",
            **values,
        ),
        "begins": message(
            "The ledger begins on {day}, according to a wrong clock. Correct the day: "
            "ledger12315 settings set begins DATE",
            **values,
        ),
    }[kind]
