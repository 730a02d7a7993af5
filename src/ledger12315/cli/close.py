"""`close` 办结."""

import typer

from ledger12315.cli.asking import boxes, fill
from ledger12315.cli.log import provisional_mark
from ledger12315.cli.options import FromStdin, Json, read, say, today, write
from ledger12315.cli.output import show_json
from ledger12315.errors import message
from ledger12315.ledger import complaints
from ledger12315.locale import day_words
from ledger12315.rules.fields import CLOSE, NUMBER
from ledger12315.words import OUTCOMES

FIELDS = (NUMBER, *CLOSE)


def find_open(ctx: typer.Context, number: str) -> None:
    """Raises Refused where there is no such complaint, or it is closed or void."""
    with read(ctx) as ledger:
        complaints.find_open(ledger, number)


@boxes(FIELDS, arguments=1)
def close(ctx: typer.Context, json: Json = False, from_stdin: FromStdin = False, **raw: str | None) -> None:
    """Close a complaint with its outcome."""
    day = today()
    filled = fill(FIELDS, raw, from_stdin, day, lambda number: find_open(ctx, number))
    with write(ctx) as ledger:
        made = complaints.close(ledger, str(filled.pop("number")), filled, day)
    if json:
        known = {"number": made.number, "outcome": made.outcome, "closed": made.closed, "due": made.due.day.isoformat()}
        show_json(known | {"on_time": made.on_time, "working_days": made.working_days})
        return
    values = {
        "number": made.number,
        "outcome": OUTCOMES[made.outcome],
        "days": made.working_days,
        "due": day_words(made.due.day),
        "mark": provisional_mark(made.due.provisional),
    }
    if made.on_time:
        say(message("{number} closed ({outcome}): on time; working days used: {days}, due {due}{mark}", **values))
    else:
        say(message("{number} closed ({outcome}): late; working days used: {days}, was due {due}{mark}", **values))
