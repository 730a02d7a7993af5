"""`explain` 说明: a due date, day by day, and the clocks that run or ran."""

from collections.abc import Iterator
from datetime import date

from ledger12315.boxes import Filled
from ledger12315.boxes.arguments import COMPLAINT_NUMBER
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Column, Result, Table, provisional_mark
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.ledger.calendar import DATE, GROUNDS, day_row
from ledger12315.errors import Message, message
from ledger12315.ledger.complaints.views import ExplainedDue, RunningClock, explain_due_dates
from ledger12315.locale import day_words
from ledger12315.rules.clocks import length_in_chinese
from ledger12315.words import LIFE, Word

_COUNTED_COLUMNS = (DATE, Column("counted", "计入"), *GROUNDS)
_POINTS_LIMIT = Word("point", "服务点办结期限", "the point's limit")


@command(COMPLAINT_NUMBER, arguments=1, takes="json csv")
def explain(desk: Desk, filled: Filled) -> Result:
    """Explain a due date, day by day."""
    with desk.read() as ledger:
        found = explain_due_dates(ledger, filled.text("number"))
    plain, due = desk.form == "json", found.due
    rows = [
        day_row(plain, each, counted=each.number > 0 if plain else each.number or "")
        for each in found.days
    ]
    known = {"number": found.number, "received": found.received}
    document = known | {"due": due.day, "provisional": due.provisional, "days": rows}
    document |= {"escalated": found.escalated, "clocks": [*map(_clock_row, found.clocks)]}
    sentence = message(
        "{number} received {received}, due {due}{mark}:",
        due=day_words(due.day),
        mark=provisional_mark(due.provisional),
        **known,
    )
    return Result(
        (sentence, Table(rows, _COUNTED_COLUMNS), *_clocks_in_words(found, desk.today)), document
    )


def _clock_row(running: RunningClock) -> dict[str, object]:
    """Return a clock for JSON."""
    row = running._asdict() | {"due": running.due.day, "provisional": running.due.provisional}
    return row | {"basis": running.basis or None}


def _clocks_in_words(found: ExplainedDue, today: date) -> Iterator[Message]:
    """Yield the escalation, if there was one, and each clock with its basis."""
    if found.escalated:
        yield message(
            "Escalated to the station on {day}: the station's limit replaced the point's "
            "(三(三)3).",
            day=day_words(found.escalated),
        )
    for each in found.clocks:
        if each.ended:
            ended = message("ended on {day}", day=each.ended)
        elif each.due.day < today:
            ended = message("over, and not ended")
        else:
            ended = message("running")
        yield message(
            "{clock}: {length} after {start}, until {due}{mark}; {ended}. Basis: {basis}.",
            clock=LIFE.get(each.key, _POINTS_LIMIT),
            length=Word("length", length_in_chinese(each.length), each.length),
            start=each.started,
            due=day_words(each.due.day),
            mark=provisional_mark(each.due.provisional),
            ended=ended,
            basis=each.basis or message("set by the station"),
        )
