"""The other acts of a complaint: amend, escalate, reopen and void."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial

from ledger12315.boxes import Filled, Option
from ledger12315.boxes.forms import (
    AMENDED_COMPLAINT,
    COMPLAINT_NUMBER,
    COMPLAINT_NUMBERS,
    ESCALATE,
    IMPORT_ACT,
    REASON,
)
from ledger12315.boxes.kinds import Value
from ledger12315.cli.asking.questions import (
    Asked,
    Asking,
    Doubt,
    complaint_questions,
)
from ledger12315.cli.command import amending_command, command
from ledger12315.cli.face.answers import Result, answer_of_change, changes_in_words, shown_texts
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import act_on_each, codes_and_names, number_for, read_changes
from ledger12315.cli.face.options import DRY_RUN, at_most_one_given
from ledger12315.errors import LedgerError, Message, message
from ledger12315.ledger.complaints import acts, views
from ledger12315.ledger.complaints.amending import correct_complaint, doubts
from ledger12315.ledger.complaints.finding import complaint_allowing
from ledger12315.ledger.complaints.imports import import_of
from ledger12315.ledger.store import Ledger
from ledger12315.locale import N_, _

_NUMBERS_NAMED = 20
"""More void complaints than this are reported in one sentence."""
_TO_VOID = COMPLAINT_NUMBERS._replace(unless=IMPORT_ACT.key)


@command(
    *(COMPLAINT_NUMBER, *ESCALATE),
    arguments=1,
    flags="json from_stdin",
    asks=complaint_questions("escalate", Asked("reason")),
)
def escalate_complaint(desk: Desk, filled: Filled) -> Result:
    """Escalate a complaint to the station."""
    words, on = filled.text("number"), filled.day("on")
    with desk.write() as ledger:
        number = acts.escalate(ledger, words, filled.text("reason"), on)
    sentence = message("{number} has been with the station since {day}.", number=number, day=on)
    return answer_of_change(sentence, {"number": number, "escalated": on})


def _texts_of_complaint(desk: Desk, words: str) -> Mapping[str, str]:
    """Return the shown boxes of a complaint, or nothing for several complaints.

    Raises Refused.
    """
    with desk.read() as ledger:
        found = [complaint_allowing(ledger, each, "amend") for each in words.splitlines()]
        if len(found) > 1:
            return {}
        [row] = map(views.with_local_words, found)
    row["point"] = codes_and_names(desk, row["point"])
    return shown_texts(desk, row, AMENDED_COMPLAINT.values())


def _doubts_of_changes(asking: Asking) -> Iterator[Doubt]:
    """Yield doubts about amended amounts; refusals follow when they are written."""
    with suppress(LedgerError):
        words, changes = read_changes([*asking.boxes.values()], asking.known, asking.desk)
        with asking.desk.read() as ledger:
            rows = [complaint_allowing(ledger, each, "amend") for each in words.splitlines()]
            found = [each for row in rows for each in doubts(ledger, row, changes)]
        for why, box in found:
            yield Doubt(why, box)


@amending_command(
    COMPLAINT_NUMBERS,
    *AMENDED_COMPLAINT.values(),
    asks=complaint_questions("amend", doubts=_doubts_of_changes, current=_texts_of_complaint),
)
def amend_complaint(desk: Desk, words: str, changes: Mapping[str, Value | None]) -> Result:
    """Correct or fill boxes; an empty text clears a box."""
    with desk.write() as ledger:
        act = partial(correct_complaint, ledger, boxes=changes)
        made = [*act_on_each(words.splitlines(), number_for(ledger, "amend"), act)]
    sentences = [
        changes_in_words(each.number, [AMENDED_COMPLAINT[key].label for key in each.boxes])
        for each in made
    ]
    return Result(sentences, before=[note for each in made for note in each.notes])


@command(
    COMPLAINT_NUMBER,
    REASON,
    arguments=1,
    flags="from_stdin",
    asks=complaint_questions("reopen", Asked("reason")),
)
def reopen_complaint(desk: Desk, filled: Filled) -> Result:
    """Undo a wrong closing, escalation or voiding."""
    with desk.write() as ledger:
        row = acts.reopen(ledger, filled.text("number"), filled.text("reason"))
    if row["voided"]:
        again = N_("{number} counts again; its history keeps why it was void.")
    else:
        again = N_("{number} is open again; its history keeps what was undone.")
    return answer_of_change(message(again, number=row["number"]))


@command(
    *(_TO_VOID, REASON, IMPORT_ACT, DRY_RUN),
    arguments=1,
    flags="json from_stdin",
    asks=complaint_questions("void", Asked("reason")),
)
def void_complaints(desk: Desk, filled: Filled) -> Result:
    """Void complaints entered by mistake: some, or all of one import."""
    with desk.read() as ledger:
        numbers, notes = _to_void(ledger, filled)
    if "dry_run" in filled:
        return _answer_of_voiding(numbers, None, notes)
    if IMPORT_ACT.key in filled and desk.asks:
        desk.demand(*notes, question=_("Void them all? [y/n]"))
        notes = []
    with desk.write() as ledger:
        numbers, _notes = _to_void(ledger, filled)
        acts.void_all(ledger, numbers, filled.text("reason"), desk.today)
    return _answer_of_voiding(numbers, desk.today, notes)


def _to_void(ledger: Ledger, filled: Filled) -> tuple[list[str], list[Message]]:
    """Return the complaints to void, and remarks. Raises Refused if a state does not allow it."""
    if IMPORT_ACT.key not in filled:
        words = filled.text("number").splitlines()

        def allowed(number: str) -> str:
            return str(complaint_allowing(ledger, number, "void")["number"])

        return [*act_on_each(words, number_for(ledger, "void"), allowed)], []
    at_most_one_given(filled, _TO_VOID, Option(*IMPORT_ACT))
    brought = filled.text(IMPORT_ACT.key).splitlines()
    found = [import_of(ledger, int(act)) for act in dict.fromkeys(brought)]
    notes = [message("To be voided: {what}", what=each.words) for each in found]
    if changed := [number for each in found for number in each.changed]:
        notes.append(message("Changed since the import: {numbers}", numbers=changed))
    return [number for each in found for number in each.numbers], notes


def _answer_of_voiding(
    numbers: Sequence[str], day: date | None, notes: Sequence[Message]
) -> Result:
    """Return the answer: the complaints that were voided on a day, or would be (None)."""
    sentences = [
        message("{number} is void: it keeps its number and counts nowhere.", number=number)
        for number in numbers
    ]
    if len(numbers) > _NUMBERS_NAMED:
        sentences = [
            message(
                "Complaints voided: {count}, from {first} to {last}. They keep their numbers "
                "and count nowhere.",
                count=len(numbers),
                first=numbers[0],
                last=numbers[-1],
            )
        ]
    if not day:
        few = numbers if len(numbers) <= _NUMBERS_NAMED else [numbers[0], "…", numbers[-1]]
        would = message("To be voided, {count}: {numbers}", count=len(numbers), numbers=few)
        sentences = [message("Dry run, nothing was changed. {done}", done=would)]
    return Result(sentences, {"numbers": numbers, "voided": day}, before=notes)
