"""The life of a complaint: each act checks the whole record and writes once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ledger12315.boxes.forms import COMPLAINT
from ledger12315.boxes.kinds import Boxes, Value
from ledger12315.boxes.reading import case_number
from ledger12315.boxes.worded import local_words_json
from ledger12315.errors import Message, Refused, message
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints.finding import complaint_allowing, complaint_columns
from ledger12315.ledger.points import Point, type_on
from ledger12315.ledger.store import Ledger, LedgerRow, insert, new_key, now, single, update
from ledger12315.ledger.store.history import written_values
from ledger12315.rules.checks import (
    DEFAULTS,
    default_closing_day,
    demand_no_problem,
    fill_defaults,
    notes_on_surplus,
)
from ledger12315.rules.deadlines import Due, due_date_of, on_time

# Filled by closing, and taken back by reopening.
RECOVERED = ("recovered", "multiple_damages")
CLOSING = ("outcome", "closed", *RECOVERED, "told", "rating")


class Logged(NamedTuple):
    """A new complaint; `notes` are for the clerk.

    `alike` are the numbers of others that may be the same matter.
    """

    number: str
    point: str
    received: date
    due: Due
    notes: tuple[Message, ...]
    alike: list[str]


class Closed(NamedTuple):
    """A closing; `working_days` run from the day of receipt to the closing day.

    `notes` are for the clerk.
    """

    number: str
    outcome: str
    closed: date
    due: Due
    on_time: bool
    working_days: int
    notes: tuple[Message, ...]


def log_complaint(ledger: Ledger, point: Point, boxes: Mapping[str, Value], today: date) -> Logged:
    """Record a complaint and number it. Raises Unclear or Refused by the rules. 三(四)1"""
    # The other acts compare with no recent complaint.
    from ledger12315.ledger.complaints.recent import similar_complaints, unusual_amount

    row: LedgerRow = fill_defaults(boxes, today)
    demand_no_problem(row)
    received: date = row["received"]
    demand_not_retired(point, received)
    row = complaint_columns(ledger, row)
    due_date = due_date_of(received, calendar_of(ledger))
    others = similar_complaints(ledger, point, {"phone": None, **row}, boxes.get("previous"))
    notes = (*_defaults_of_empty(boxes), *_logging_notes(row, due_date, others))
    notes += (*unusual_amount(ledger, row),)
    serial = next_serial(ledger, received.year)
    number = case_number(received.year, serial)
    made = {"key": new_key(), "year": received.year, "serial": serial, "number": number}
    made |= {"point_id": point.id, "type": type_on(ledger, point, received), "entered": now()}
    made["local_words"] = local_words_json(None, row)
    row_id = insert(ledger, "complaint", row | made)
    if "previous_id" in row:
        demand_in_order(ledger, row_id)
    return Logged(number, point.code, received, due_date, notes, others)


def next_serial(ledger: Ledger, year: int) -> int:
    """Return the number after a year's highest."""
    query = "SELECT coalesce(max(serial), 0) + 1 FROM complaint WHERE year = ?"
    return int(single(ledger, query, (year,)))


def demand_not_retired(point: Point, received: date) -> None:
    if point.gone(received):
        raise Refused(
            "{point} was retired on {day} and takes no complaints received after that.",
            point=point.name,
            day=point.retired,
        )


def _defaults_of_empty(boxes: Boxes) -> Iterator[Message]:
    """Yield the defaults of boxes left empty."""
    taken = [
        message("{box} as {word}", box=COMPLAINT[key].name, word=COMPLAINT[key].kind.shown(word))
        for key, word in DEFAULTS.items()
        if key not in boxes
    ]
    if taken:
        yield message("Not stated, so recorded: {boxes}.", boxes=taken)


def _logging_notes(row: LedgerRow, due_date: Due, others: Sequence[str]) -> Iterator[Message]:
    yield from notes_on_late_promise(row, due_date)
    if others:
        yield question_if_same(others)


def question_if_same(others: Sequence[str]) -> Message:
    """Return the question whether a complaint is the same as these others."""
    return message(
        "Is it the same as {numbers}? Same point, and same phone or same name and item, within "
        "30 days.",
        numbers=others,
    )


def notes_on_late_promise(row: Mapping[str, Any], due_date: Due) -> Iterator[Message]:
    promised = row.get("promised")
    if promised and promised > due_date.day:
        yield message(
            "The promised answer, {promised}, is later than the due date, which stays {due}.",
            promised=promised,
            due=due_date.day,
        )


def close_complaint(ledger: Ledger, number: str, boxes: Mapping[str, Any], today: date) -> Closed:
    """Close an open complaint.

    Raises Refused if its state forbids it, Unclear if the outcome needs more. 三(四)2
    """
    row = complaint_allowing(ledger, number, "close")
    outcome: str = boxes["outcome"]  # with the finer word, if one was given
    # An amount that is not given is unknown; a register may state 0 for an open complaint.
    changes: LedgerRow = {
        "closed": default_closing_day(boxes, today),
        **dict.fromkeys(RECOVERED),
        **boxes,
    }
    demand_no_problem({**row, **changes})
    words = local_words_json(row["local_words"], changes)
    made = {**changes, "local_words": words, "closed_entered": now()}
    update(ledger, "complaint", row["id"], made)
    calendar = calendar_of(ledger)
    received, closed = row["received"], changes["closed"]
    due_date = due_date_of(received, calendar)
    in_time = on_time(closed, row["escalated"], due_date.day)
    used = calendar.count(received, closed)
    notes = tuple(notes_on_surplus({**row, **changes}))
    return Closed(row["number"], outcome, closed, due_date, in_time, used, notes)


def escalate(ledger: Ledger, number: str, reason: str, on: date) -> str:
    """Hand an open complaint to the station, and return its number. 三(三)3

    Raises Refused if its state forbids it.
    """
    row = complaint_allowing(ledger, number, "escalate")
    changes = {"escalated": on, "escalation_reason": reason}
    demand_no_problem({**row, **changes})
    update(ledger, "complaint", row["id"], {**changes, "escalated_entered": now()})
    return str(row["number"])


def demand_in_order(ledger: Ledger, row_id: int) -> None:
    """Raise Refused if a complaint and its earlier one are not in order of receipt."""
    query = """
        SELECT earlier.number AS previous, later.number
        FROM complaint AS later JOIN complaint AS earlier ON earlier.id = later.previous_id
        WHERE ? IN (earlier.id, later.id)
          AND (earlier.received, earlier.year, earlier.serial)
           >= (later.received, later.year, later.serial)"""
    for found in ledger.execute(query, (row_id,)):
        raise Refused("{previous} is not earlier than {number}.", **found)


def reopen(ledger: Ledger, number: str, reason: str) -> LedgerRow:
    """Take back a voiding, or else a closing, or else an escalation; the history keeps it.

    Return the complaint's row as it was. Raises Refused if there is nothing to take back.
    """
    row = complaint_allowing(ledger, number, "reopen")
    back: LedgerRow
    if row["voided"]:
        back = dict.fromkeys(("voided", "void_reason"))
    elif row["closed"]:
        gone = *CLOSING, "closed_entered", "performed", "unperformed"
        back = _before_closing(ledger, row) | dict.fromkeys(gone)
    else:
        back = dict.fromkeys(("escalated", "escalation_reason", "escalated_entered", "accepted"))
    back["local_words"] = local_words_json({**row, **back}["local_words"], back)
    update(ledger, "complaint", row["id"], back | {"reopen_reason": reason})
    return row


def _before_closing(ledger: Ledger, row: LedgerRow) -> LedgerRow:
    """Return the earlier values of boxes that the last closing filled.

    Boxes that changed since are left out.
    """
    closing = ledger.execute(
        """
        SELECT common, personal FROM change
        WHERE table_name = 'complaint' AND row_id = :id
          AND json_extract(common, '$.closed[0]') IS NULL
          AND json_extract(common, '$.closed[1]') IS NOT NULL
        ORDER BY id DESC LIMIT 1""",
        {"id": row["id"]},
    ).fetchone()
    stands = {key: f"{each}" if isinstance(each, date) else each for key, each in row.items()}
    filled = written_values(*closing or ())
    return {key: was for key, (was, became) in filled.items() if stands[key] == became}


def void_all(ledger: Ledger, numbers: Sequence[str], reason: str, on: date) -> None:
    """Make complaints void; the caller has checked that each one may be voided.

    One received on a later day, by a wrong clock, is void from that day on.
    """
    query = "UPDATE complaint SET voided = max(?, received), void_reason = ? WHERE number = ?"
    ledger.executemany(query, [(on, reason, number) for number in numbers])
