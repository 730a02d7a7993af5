"""`complaint` 投诉: escalate, and what puts a wrong entry right: amend, reopen, void, erase."""

from typing import Annotated

import typer

from ledger12315.boxes.fields import COMPLAINT, ESCALATE, NUMBER, REASON
from ledger12315.cli.close import complaint_finder
from ledger12315.cli.face.asking import boxes, changes_of, fill
from ledger12315.cli.face.options import Csv, FromStdin, Json, answer, read, say, tell, today, write
from ledger12315.cli.face.output import Column, demand_one_form, show, show_json
from ledger12315.errors import Unclear, message
from ledger12315.ledger.audit import erasing
from ledger12315.ledger.complaints import acts as complaints

_AMENDED = tuple(COMPLAINT.values())
_OLD = (
    Column("number", "编号", "number"),
    Column("point", "服务点", "point"),
    Column("received", "受理日期", "received"),
    Column("closed", "办结日期", "closed"),
)


@boxes((NUMBER, *ESCALATE), arguments=1)
def escalate_complaint(
    ctx: typer.Context, json: Json = False, from_stdin: FromStdin = False, **raw: str | None
) -> None:
    """Hand a complaint to the station."""
    day = today()
    filled = fill((NUMBER, *ESCALATE), raw, from_stdin, day, complaint_finder(ctx, "escalate"))
    number, on = str(filled["number"]), str(filled.get("on", day.isoformat()))
    with write(ctx) as ledger:
        complaints.escalate(ledger, number, str(filled["reason"]), on)
    done = message("{number} is with the station since {day}.", number=number, day=on)
    answer(json, {"number": number, "escalated": on}, done)


@boxes((NUMBER, *_AMENDED), arguments=1)
def amend_complaint(ctx: typer.Context, from_stdin: FromStdin = False, **raw: str | None) -> None:
    """Correct or fill boxes; an empty text empties one."""
    number, changes = changes_of(NUMBER, _AMENDED, raw, from_stdin, today(), "complaint amend")
    with write(ctx) as ledger:
        notes = complaints.amend(ledger, number, changes)
    tell(*notes)
    say(
        message(
            "{number} is amended: {boxes}.",
            number=number,
            boxes=[COMPLAINT[key].label for key in changes],
        )
    )


@boxes((NUMBER, REASON), arguments=1)
def reopen_complaint(ctx: typer.Context, from_stdin: FromStdin = False, **raw: str | None) -> None:
    """Take back a wrong closing or escalation."""
    filled = fill((NUMBER, REASON), raw, from_stdin, today(), complaint_finder(ctx, "reopen"))
    with write(ctx) as ledger:
        complaints.reopen(ledger, str(filled["number"]), str(filled["reason"]))
    say(
        message(
            "{number} is open again; what was taken back stays in its history.",
            number=filled["number"],
        )
    )


@boxes((NUMBER, REASON), arguments=1)
def void_complaint(ctx: typer.Context, from_stdin: FromStdin = False, **raw: str | None) -> None:
    """Void an entry made by mistake."""
    day = today()
    filled = fill((NUMBER, REASON), raw, from_stdin, day, complaint_finder(ctx, "void"))
    with write(ctx) as ledger:
        complaints.void(ledger, str(filled["number"]), str(filled["reason"]), day.isoformat())
    say(
        message(
            "{number} is void: it keeps its number and adds to no figure.", number=filled["number"]
        )
    )


def erase_complaints(
    ctx: typer.Context,
    numbers: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NUMBER]...", help="complaints to erase", show_default=False),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="all that are past their retention, and texts of records")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only list them")] = False,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """List what is past its retention; erase what is named."""
    day = today()
    demand_one_form(json, csv)
    named = [str(NUMBER.parse(number, day)) for number in numbers or []]
    if named and everything:
        raise Unclear("Numbers and --all exclude each other.")
    with read(ctx) as ledger:
        ready = erasing.past_retention(ledger, day)
        texts = 0 if named else len(erasing.old_texts(ledger, day))
    chosen = [each.number for each in ready] if everything else named
    if dry_run or not (named or everything):
        rows = [each._asdict() for each in ready if not named or each.number in named]
        show(rows, _OLD, json, csv)
        if texts:
            tell(
                message(
                    "Texts of records and informants past their retention, which --all erases too: {count}",
                    count=texts,
                )
            )
        return
    if chosen or texts:
        with write(ctx) as ledger:
            erasing.erase(ledger, chosen, day)
            texts = erasing.erase_texts(ledger, day) if everything else 0
    if json:
        show_json({"erased": chosen, "texts": texts})
        return
    if chosen:
        say(message("Personal data erased for good, figures unchanged: {numbers}", numbers=chosen))
    if texts:
        say(message("Texts of records and informants erased for good: {count}", count=texts))
