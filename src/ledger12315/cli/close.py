"""`close` 办结."""

from functools import partial

from ledger12315.boxes import Filled
from ledger12315.boxes.arguments import COMPLAINT_NUMBERS
from ledger12315.boxes.complaint import CLOSE
from ledger12315.cli.face.answers import Result, provisional_mark
from ledger12315.cli.face.asking import Raw
from ledger12315.cli.face.command import command
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import complaint_for, of_each
from ledger12315.errors import Message, message
from ledger12315.ledger.complaints import acts
from ledger12315.locale import day_words
from ledger12315.words import ENDINGS, OUTCOMES


def _needed(_desk: Desk, given: Raw) -> tuple[str, ...]:
    """Return the box that an outcome needs besides."""
    outcome = OUTCOMES.find(given.get("outcome") or "")
    return (ENDINGS[outcome.code].needs,) if outcome else ()


@command(
    COMPLAINT_NUMBERS,
    *CLOSE,
    arguments=1,
    takes="json from_stdin",
    find=complaint_for("close"),
    more=_needed,
    subject="cases.Ending",
)
def close(desk: Desk, filled: Filled) -> Result:
    """Close complaints with their outcome."""
    numbers = filled.take_lines("number")
    with desk.write() as ledger:
        act = partial(acts.close, ledger, boxes=filled, today=desk.today)
        closed = [*of_each(numbers, act)]
    documents = [made._asdict() | {"due": made.due.day} for made in closed]
    notes = [note for document in documents for note in document.pop("notes")]
    document = documents if len(closed) > 1 else documents[0]
    return Result([*map(_told, closed)], document, before=notes)


def _told(made: acts.Closed) -> Message:
    """Return a closing in words."""
    values = {
        "number": made.number,
        "outcome": OUTCOMES[made.outcome],
        "days": made.working_days,
        "due": day_words(made.due.day),
        "mark": provisional_mark(made.due.provisional),
    }
    if made.on_time:
        return message(
            "{number} closed ({outcome}): on time; working days used: {days}, due {due}{mark}",
            **values,
        )
    return message(
        "{number} closed ({outcome}): late; working days used: {days}, was due {due}{mark}",
        **values,
    )
