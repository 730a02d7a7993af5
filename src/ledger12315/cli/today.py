"""`today` 待办."""

import shutil
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from ledger12315.cli.face.options import Csv, Json, read, tell
from ledger12315.cli.face.options import today as today_
from ledger12315.cli.face.output import Column, aligned, cells_of, masked, show
from ledger12315.cli.face.safety import wide
from ledger12315.errors import message
from ledger12315.ledger.duties import counted, duties
from ledger12315.locale import day_words, render
from ledger12315.words import OWED

COLUMNS = (
    Column("kind", "事项", "kind", OWED),
    Column("due", "期限", "due"),
    Column("number", "编号", "number"),
    Column("point", "服务点", "point"),
    Column("point_name", "服务点名称", "point name"),
    Column("person", "人员", "person", personal="name"),
    Column("what", "内容", "what"),
)


def today(
    ctx: typer.Context,
    within: Annotated[
        int,
        typer.Option(
            "--within",
            metavar="N",
            min=0,
            max=250,
            help="look N working days ahead [3]",
            show_default=False,
        ),
    ] = 3,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="exit with 1 when something is late or due today")
    ] = False,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """All that is owed: due, late, promised, visits, returns."""
    day = today_()
    with read(ctx) as ledger:
        found = duties(ledger, day, within)
    rows = [each._asdict() | {"what": each.what and render(each.what)} for each in found]
    if json or csv or not sys.stdout.isatty():
        show(rows, COLUMNS, json, csv)
    else:
        _show_groups(list(masked(rows, COLUMNS)))
    if not found:
        tell(message("Nothing is owed."))
    if exit_code and any(each.due and each.due <= day for each in found):
        raise typer.Exit(1)


def _show_groups(rows: Sequence[dict[str, Any]]) -> None:
    """Each kind with its most urgent rows, as many as leave room for the others on one screen."""
    screen = shutil.get_terminal_size()
    groups = {
        kind: group for kind in OWED if (group := [row for row in rows if row["kind"] == kind])
    }
    counts = {kind: counted(sum(row["many"] for row in group)) for kind, group in groups.items()}
    heads = {
        kind: render(message("{kind}: {count}", kind=OWED[kind], count=count))
        for kind, count in counts.items()
    }
    most = max(1, (screen.lines - 2) // max(len(groups), 1))
    room = max(map(wide, heads.values()), default=0)
    for kind, group in groups.items():
        shown = [row | {"due": row["due"] and day_words(row["due"])} for row in group[:most]]
        for place, line in enumerate(aligned(list(cells_of(shown, COLUMNS[1:])))):
            head = "" if place else heads[kind]
            print(_fitted(f"{head}{' ' * (room - wide(head))}  {line}", screen.columns))


def _fitted(text: str, columns: int) -> str:
    if wide(text) <= columns:
        return text
    while wide(text) >= columns:
        text = text[:-1]
    return f"{text}…"
