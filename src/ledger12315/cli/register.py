"""`register` 设点."""

from collections.abc import Container

import typer

from ledger12315.boxes.fields import POINT
from ledger12315.cli.face.asking import Raw, boxes, fill
from ledger12315.cli.face.options import FromStdin, Json, answer, tell, today, write
from ledger12315.errors import message
from ledger12315.ledger.points.setting_up import set_up
from ledger12315.rules.eligibility import judge
from ledger12315.words import ELIGIBILITY

FIELDS = tuple(POINT.values())


@boxes(FIELDS, arguments=1)
def register(
    ctx: typer.Context, json: Json = False, from_stdin: FromStdin = False, **raw: str | None
) -> None:
    """Register a service point."""
    day = today()

    def needed(given: Raw) -> Container[str]:
        """What the type's rule needs to know, once the type is known."""
        known = {
            key: POINT[key].parse(text, day) for key, text in given.items() if text and text.strip()
        }
        return judge(str(known["type"]), known).missing if "type" in known else ()

    filled = fill(FIELDS, raw, from_stdin, day, more=needed)
    with write(ctx) as ledger:
        made = set_up(ledger, filled, day)
    tell(*made.notes)
    known = {"code": made.code, "name": made.name}
    done = message(
        "{code} {name} is registered: {answer}.", answer=ELIGIBILITY[made.eligibility], **known
    )
    answer(
        json,
        known | {"type": made.type, "eligibility": made.eligibility, "since": made.since},
        done,
    )
