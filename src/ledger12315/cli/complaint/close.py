"""`close` 办结."""

from functools import partial
from typing import TYPE_CHECKING

from ledger12315.boxes import Filled
from ledger12315.boxes.forms import CLOSE, COMPLAINT, COMPLAINT_NUMBERS
from ledger12315.boxes.worded import local_word
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Result, provisional_mark
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import act_on_each, number_for
from ledger12315.errors import Message, message
from ledger12315.ledger.complaints import acts
from ledger12315.locale import day_words

if TYPE_CHECKING:  # loaded where somebody is asked
    from ledger12315.cli.asking.questions import Questions


def _close_questions() -> "Questions":
    from ledger12315.cli.complaint.questions import CLOSE_QUESTIONS

    return CLOSE_QUESTIONS


@command(COMPLAINT_NUMBERS, *CLOSE, arguments=1, flags="json from_stdin", asks=_close_questions)
def close(desk: Desk, filled: Filled) -> Result:
    """Close complaints with their outcome."""
    numbers = filled.take_lines("number")
    with desk.write() as ledger:
        act = partial(acts.close_complaint, ledger, boxes=filled, today=desk.today)
        closed = [*act_on_each(numbers, number_for(ledger, "close"), act)]
    documents = [made._asdict() | {"due": made.due.day} for made in closed]
    notes = [note for document in documents for note in document.pop("notes")]
    document = documents if len(closed) > 1 else documents[0]
    return Result([*map(_closing_sentence, closed)], document, before=notes)


def _closing_sentence(made: acts.Closed) -> Message:
    """Return a closing in words."""
    values = {
        "number": made.number,
        "outcome": COMPLAINT["outcome"].kind.shown(local_word(made.outcome)),
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
