"""`record` 登记: what points do beside complaints."""

import typer

from ledger12315.cli.asking import boxes, fill
from ledger12315.cli.log import find_point
from ledger12315.cli.options import FromStdin, Json, say, today, write
from ledger12315.cli.output import show_json
from ledger12315.errors import message
from ledger12315.ledger import points, station
from ledger12315.rules.fields import POINT_WORD, RECORD

FIELDS = (POINT_WORD, *RECORD)


@boxes(FIELDS, arguments=1)
def record_inquiry(ctx: typer.Context, json: Json = False, from_stdin: FromStdin = False, **raw: str | None) -> None:
    """Record inquiries that a point answered."""
    day = today()
    filled = fill(FIELDS, raw, from_stdin, day, lambda word: find_point(ctx, word))
    with write(ctx) as ledger:
        point = points.find(ledger, str(filled.pop("point")))
        made = station.record(ledger, "inquiry", point, filled, day)
    if json:
        show_json(made)
    else:
        say(message("Recorded for {point} on {day}; inquiries: {count}", point=point.name, day=made["on"], count=made["count"]))
