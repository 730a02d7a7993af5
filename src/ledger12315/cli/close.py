"""`close` 办结."""

import typer

from ledger12315.boxes.fields import CLOSE, NUMBER
from ledger12315.cli.face.asking import Find, Raw, boxes, fill
from ledger12315.cli.face.options import FromStdin, Json, answer, read, today, write
from ledger12315.cli.log import provisional_mark
from ledger12315.errors import message
from ledger12315.ledger.complaints import acts as complaints
from ledger12315.locale import day_words
from ledger12315.words import OUTCOMES

FIELDS = (NUMBER, *CLOSE)


def complaint_finder(ctx: typer.Context, act: str) -> Find:
    """Number and item of a complaint; what it gives raises Refused where the complaint's state forbids the act."""

    def look(number: str) -> str:
        with read(ctx) as ledger:
            return f"{number} {complaints.allowed(ledger, number, act)['item']}"

    return look


def _needed(given: Raw) -> tuple[str, ...]:
    """What an outcome takes besides."""
    outcome = OUTCOMES.find(given.get("outcome") or "")
    return {"advised": ("told",), "other": ("remark",)}.get(outcome.code if outcome else "", ())


@boxes(FIELDS, arguments=1)
def close(
    ctx: typer.Context, json: Json = False, from_stdin: FromStdin = False, **raw: str | None
) -> None:
    """Close a complaint with its outcome."""
    day = today()
    filled = fill(FIELDS, raw, from_stdin, day, complaint_finder(ctx, "close"), more=_needed)
    with write(ctx) as ledger:
        made = complaints.close(ledger, str(filled.pop("number")), filled, day)
    values = {
        "number": made.number,
        "outcome": OUTCOMES[made.outcome],
        "days": made.working_days,
        "due": day_words(made.due.day),
        "mark": provisional_mark(made.due.provisional),
    }
    if made.on_time:
        done = message(
            "{number} closed ({outcome}): on time; working days used: {days}, due {due}{mark}",
            **values,
        )
    else:
        done = message(
            "{number} closed ({outcome}): late; working days used: {days}, was due {due}{mark}",
            **values,
        )
    answer(json, made._asdict() | {"due": made.due.day.isoformat()}, done)
