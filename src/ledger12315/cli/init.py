"""`init` 建账."""

import typer

from ledger12315.boxes.fields import STATION
from ledger12315.cli.face.asking import boxes, fill
from ledger12315.cli.face.options import FromStdin, ledger_path, named_path, say, today
from ledger12315.errors import message
from ledger12315.ledger.store.making import create
from ledger12315.rules.settings import SETTINGS


@boxes(STATION)
def init(ctx: typer.Context, from_stdin: FromStdin = False, **raw: str | None) -> None:
    """Make the ledger of a station."""
    path = ledger_path(ctx)
    defaults = {key: each.default for key, each in SETTINGS.items()}
    filled = {key: str(value) for key, value in fill(STATION, raw, from_stdin, today()).items()}
    create(
        path,
        filled["station"],
        filled["county"],
        filled.get("code"),
        defaults,
        make_folder=not named_path(ctx),
    )
    say(message("The ledger of {station} is ready: {path}", station=filled["station"], path=path))
