"""`complaint` 投诉: escalate, and what puts a wrong entry right: amend, reopen, void, erase."""

from collections.abc import Mapping
from typing import Annotated

import typer

from ledger12315.boxes import Filled
from ledger12315.boxes.arguments import COMPLAINT_NUMBER, REASON
from ledger12315.boxes.complaint import COMPLAINT, ESCALATE
from ledger12315.boxes.kinds import Value
from ledger12315.cli.face.answers import Column, Result, Table, done
from ledger12315.cli.face.command import amending, command
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import complaint_for
from ledger12315.errors import Unclear, message
from ledger12315.ledger.audit import erasing
from ledger12315.ledger.complaints import acts

_OLD = (
    Column("number", "编号", "number"),
    Column("point", "服务点", "point"),
    Column.of(COMPLAINT["received"]),
    Column.of(COMPLAINT["closed"]),
)


@command(
    COMPLAINT_NUMBER,
    *ESCALATE,
    arguments=1,
    takes="json from_stdin",
    find=complaint_for("escalate"),
)
def escalate_complaint(desk: Desk, filled: Filled) -> Result:
    """Hand a complaint to the station."""
    number, on = filled.text("number"), filled.day("on", desk.today)
    with desk.write() as ledger:
        acts.escalate(ledger, number, filled.text("reason"), on)
    sentence = message("{number} is with the station since {day}.", number=number, day=on)
    return done(sentence, {"number": number, "escalated": on})


@amending(COMPLAINT_NUMBER, *COMPLAINT.values())
def amend_complaint(desk: Desk, number: str, changes: Mapping[str, Value | None]) -> Result:
    """Correct or fill boxes; an empty text empties one."""
    with desk.write() as ledger:
        notes = acts.amend(ledger, number, changes)
    labels = [COMPLAINT[key].label for key in changes]
    sentence = message("{number} is amended: {boxes}.", number=number, boxes=labels)
    return done(sentence, before=notes)


@command(COMPLAINT_NUMBER, REASON, arguments=1, takes="from_stdin", find=complaint_for("reopen"))
def reopen_complaint(desk: Desk, filled: Filled) -> Result:
    """Take back a wrong closing or escalation."""
    number = filled.text("number")
    with desk.write() as ledger:
        acts.reopen(ledger, number, filled.text("reason"))
    return done(
        message("{number} is open again; what was taken back stays in its history.", number=number)
    )


@command(COMPLAINT_NUMBER, REASON, arguments=1, takes="from_stdin", find=complaint_for("void"))
def void_complaint(desk: Desk, filled: Filled) -> Result:
    """Void an entry made by mistake."""
    number = filled.text("number")
    with desk.write() as ledger:
        acts.void(ledger, number, filled.text("reason"), desk.today)
    return done(
        message("{number} is void: it keeps its number and adds to no figure.", number=number)
    )


@command(takes="json csv")
def erase_complaints(
    desk: Desk,
    numbers: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NUMBER]...", help="complaints to erase", show_default=False),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="all that are past their retention, and texts of records")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only list them")] = False,
) -> Result:
    """List what is past its retention; erase what is named."""
    named = _named(desk, numbers or [], everything)
    ready, texts = _expired(desk, named)
    if dry_run or not (named or everything):
        return _erasable(ready, texts)
    chosen = named or [each.number for each in ready]
    if chosen or texts:
        with desk.write() as ledger:
            erasing.erase(ledger, chosen, desk.today)
            if not named:
                erasing.erase_texts(ledger, desk.today)
    return _erased(chosen, texts)


def _named(desk: Desk, texts: list[str], everything: bool) -> list[str]:
    named = [str(COMPLAINT_NUMBER.parse(text, desk.today)) for text in texts]
    if named and everything:
        raise Unclear("Numbers and --all exclude each other.")
    return named


def _expired(desk: Desk, named: list[str]) -> tuple[list[erasing.Expired], int]:
    """Return what is past its retention, of what is named, and how many texts of records."""
    with desk.read() as ledger:
        ready = erasing.past_retention(ledger, desk.today)
        if named:
            return [each for each in ready if each.number in named], 0
        return ready, len(erasing.old_texts(ledger, desk.today))


def _erased(chosen: list[str], texts: int) -> Result:
    parts = []
    if chosen:
        parts.append(
            message("Personal data erased for good, figures unchanged: {numbers}", numbers=chosen)
        )
    if texts:
        parts.append(
            message("Texts of records and informants erased for good: {count}", count=texts)
        )
    return Result(parts, {"erased": chosen, "texts": texts})


def _erasable(ready: list[erasing.Expired], texts: int) -> Result:
    notes = []
    if texts:
        notes = [
            message(
                "Texts of records and informants past their retention,"
                " which --all erases too: {count}",
                count=texts,
            )
        ]
    return Result((Table([each._asdict() for each in ready], _OLD),), notes=notes)
