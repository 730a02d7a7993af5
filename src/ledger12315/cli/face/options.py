"""What commands share: the ledger they work on, today's date, and the options that many of them take."""

import os
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from ledger12315.boxes.reading import Misread, any_day, day_of_view, past_day
from ledger12315.cli.face.output import show_json
from ledger12315.cli.face.safety import safe
from ledger12315.errors import Unclear, message
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.opening import reading, writing
from ledger12315.locale import render

_CHINA = timezone(timedelta(hours=8))


def named_path(ctx: typer.Context) -> str | None:
    """What `--db` or LEDGER12315_DB names."""
    return ctx.obj or os.environ.get("LEDGER12315_DB")


def ledger_path(ctx: typer.Context) -> Path:
    """The path that is named, else the one in the user's data folder."""
    if named := named_path(ctx):
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("ledger12315", appauthor=False) / "ledger.sqlite"


def read(ctx: typer.Context) -> AbstractContextManager[Ledger]:
    """The ledger as it is at one moment. Raises Unusable."""
    return reading(ledger_path(ctx))


def write(ctx: typer.Context) -> AbstractContextManager[Ledger]:
    """The ledger for one act of this command, kept in its history. Raises Unusable."""
    return writing(ledger_path(ctx), command_name(ctx))


def command_name(ctx: typer.Context) -> str:
    """The command's English name, whichever was typed."""
    parent = ctx.parent
    group = [parent.command.name] if parent and parent.parent else []
    return " ".join(str(name) for name in (*group, ctx.command.name))


def today() -> date:
    """The date in China; LEDGER12315_TODAY sets another for rehearsals, which is said on stderr. Raises Unclear."""
    rehearsed = os.environ.get("LEDGER12315_TODAY")
    real = datetime.now(_CHINA).date()
    if not rehearsed:
        return real
    try:
        day = date.fromisoformat(str(any_day(rehearsed, real)))
    except Misread as wrong:
        raise Unclear("LEDGER12315_TODAY: {problem}.", problem=wrong.message) from None
    _tell_rehearsal(day)
    return day


@cache
def _tell_rehearsal(day: date) -> None:
    """Once for each run of the program."""
    tell(message("Rehearsal: today is taken to be {day} (LEDGER12315_TODAY).", day=day))


def say(sentence: object) -> None:
    """An answer to the clerk, on stdout."""
    print(safe(render(sentence)))


def answer(as_json: bool, document: Mapping[str, object], sentence: object) -> None:
    """What was done: as JSON, or in words."""
    if as_json:
        show_json(document)
    else:
        say(sentence)


def tell(*sentences: object) -> None:
    """Remarks to the clerk, on stderr."""
    for sentence in sentences:
        print(safe(render(sentence)), file=sys.stderr)


def day_option(name: str, text: str | None, today_: date, ahead: bool = False) -> date | None:
    """Read an option's day. Raises Unclear."""
    if text is None:
        return None
    try:
        return date.fromisoformat((day_of_view if ahead else past_day)(text, today_))
    except Misread as wrong:
        raise Unclear("{box}: {problem}.", box=name, problem=wrong.message) from None


Json = Annotated[bool, typer.Option("--json", help="print JSON")]
Csv = Annotated[bool, typer.Option("--csv", help="print csv for a spreadsheet")]
Reveal = Annotated[
    bool, typer.Option("--reveal", help="show names and phones in full; this is recorded")
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="leave out what happened after this day"),
]
OnePoint = Annotated[
    str | None,
    typer.Option(
        "--point", metavar="POINT", help="only this point: its code, name or part of the name"
    ),
]
FromStdin = Annotated[
    bool, typer.Option("--from-stdin", help="read the boxes from stdin as one JSON object")
]


def record_reveal(ctx: typer.Context, reveal: bool, what: str = "") -> None:
    """Record that names and phones are about to be shown in full; nothing is shown that could not be recorded."""
    if reveal:
        from ledger12315.ledger.station import record_disclosure

        with write(ctx) as ledger:
            record_disclosure(ledger, f"{command_name(ctx)} {what}".strip())
