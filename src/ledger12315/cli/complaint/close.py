"""`close` 办结, and the questions of an ending, which `log` asks too."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

from ledger12315.boxes import Filled
from ledger12315.boxes.forms import CLOSE, COMPLAINT, COMPLAINT_NUMBERS
from ledger12315.boxes.worded import local_word
from ledger12315.cli.asking.questions import (
    Asked,
    Asking,
    Doubt,
    Questions,
    always,
    complaint_question,
    lacks_required_box,
)
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Result, provisional_mark
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import act_on_each, number_for
from ledger12315.cli.face.terminals import Offer
from ledger12315.errors import LedgerError, Message, message
from ledger12315.ledger.complaints import acts
from ledger12315.ledger.complaints.finding import find_complaint
from ledger12315.locale import day_words, render
from ledger12315.rules.checks import (
    agreement_sentence,
    default_closing_day,
    disputed_amount,
    fill_defaults,
    notes_on_surplus,
)
from ledger12315.words import ENDINGS, FINER_OUTCOMES, Outcome, Word


def as_stored(asking: Asking) -> Mapping[str, Any]:
    """Return a complaint as it will be stored: the ledger's values and the answers.

    A new one has no number yet.
    """
    if "number" not in asking.boxes:
        return fill_defaults(asking.values(), asking.today)
    words = str(asking.value("number"))
    with suppress(LedgerError):
        row = asking.read(find_complaint, words, "close")
        return {**row, **asking.values()}
    return {}


def _ending_of_case(asking: Asking) -> Outcome | None:
    return ENDINGS.get(str(asking.value("outcome")))


def _if_outcome(fits: Callable[[Outcome], bool]) -> Callable[[Asking], bool]:
    """Return a function that returns whether the outcome is known and fits."""

    def asked(asking: Asking) -> bool:
        ending = _ending_of_case(asking)
        return ending is not None and fits(ending)

    return asked


_closes = _if_outcome(lambda _: True)
_needs_told = _if_outcome(lambda ending: ending.needs == "told")


def _of_whom_or_why(asking: Asking) -> Word | str:
    """Return the required content of a finer outcome's remark: 移送给哪个部门."""
    finer = FINER_OUTCOMES.get(local_word(asking.value("outcome")))
    return finer.remark if finer else ""


def _today_if_received(asking: Asking) -> str:
    return asking.today.isoformat() if as_stored(asking).get("received") == asking.today else ""


def _day_to_close(asking: Asking) -> str:
    """Return the day of closing; that of receipt for a new complaint already settled."""
    if "number" not in asking.boxes and asking.value("outcome") == "settled":
        return asking.known["received"]
    return default_closing_day(as_stored(asking), asking.today).isoformat()


def _only_day_to_close(asking: Asking) -> str:
    """Return the day of closing if no other is possible, or nothing."""
    is_only = _needs_told(asking) or as_stored(asking).get("received") == asking.today
    return _day_to_close(asking) if _closes(asking) and is_only else ""


def _offered_amounts(asking: Asking) -> list[Offer]:
    """Return the offers 0 and `=` (the amount in dispute); digits would be read as amounts."""
    box, fen = asking.boxes["recovered"], disputed_amount(as_stored(asking))
    found = [Offer("0", asking.seen("recovered", "0"), "0")]
    if fen:
        disputed = str(box.kind.plain(fen))
        shown = message(
            "{amount}, the amount in dispute", amount=asking.seen("recovered", disputed)
        )
        found.append(Offer(disputed, render(shown), "="))
    return found


def _offered_closing_day(asking: Asking) -> list[Offer]:
    closed = asking.value("closed")
    if not isinstance(closed, date):
        return []
    shown = message("{day}, the day of closing", day=day_words(closed))
    return [Offer(closed.isoformat(), render(shown), "=")]


def _agreement_from_facts(asking: Asking) -> str:
    """Return a draft of the agreement, from the facts."""
    return agreement_sentence(as_stored(asking))


ENDING_QUESTIONS = (
    Asked("told", when=_needs_told, needed=always, enter=_today_if_received),
    Asked(
        "remark",
        when=_if_outcome(lambda ending: ending.needs == "remark"),
        needed=always,
        says=_of_whom_or_why,
    ),
    Asked(
        "closed",
        when=_closes,
        needed=always,
        enter=_day_to_close,
        stands=_only_day_to_close,
    ),
    Asked(
        "recovered", when=_closes, offers=_offered_amounts, empty=message(" (Enter: not stated)")
    ),
    Asked(
        "agreement",
        when=_if_outcome(lambda ending: ending.agreed),
        composes=_agreement_from_facts,
        fills=("handling",),
    ),
    Asked(
        "answered",  # if the result must still be reported to the consumer
        when=_if_outcome(lambda ending: ending.tell and not ending.advice_is_result),
        offers=_offered_closing_day,
    ),
    Asked("rating", when=_closes, leads=("closed",)),
)


def too_much_recovered(asking: Asking) -> Iterator[Doubt]:
    for why in notes_on_surplus(as_stored(asking)):
        yield Doubt(why, "recovered")


def begins_closing(asking: Asking) -> bool:
    """Return whether a box is missing that the command or the outcome needs."""
    ending = _ending_of_case(asking)
    return lacks_required_box(asking) or (
        ending is not None and ending.needs not in ("", *asking.known)
    )


_QUESTIONS = Questions(
    (complaint_question("close"), Asked("outcome"), *ENDING_QUESTIONS),
    doubts=too_much_recovered,
    begins=begins_closing,
)


@command(COMPLAINT_NUMBERS, *CLOSE, arguments=1, flags="json from_stdin", asks=_QUESTIONS)
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
