"""`today` 待办."""

import shutil
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from ledger12315.boxes.kinds import DAY, STAFF_NAME, OneWord
from ledger12315.cli.face.answers import Column, Result, Row, Table, aligned, cells_of
from ledger12315.cli.face.command import command
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.safety import wide
from ledger12315.errors import message
from ledger12315.ledger.duties import counted, duties
from ledger12315.locale import day_words, render
from ledger12315.words import OWED

_COLUMNS = (
    Column("kind", "事项", "kind", OneWord(OWED)),
    Column("due", "期限", "due", DAY),
    Column("number", "编号", "number"),
    Column("point", "服务点", "point"),
    Column("point_name", "服务点名称", "point name"),
    Column("person", "人员", "person", STAFF_NAME),
    Column("what", "内容", "what"),
)


@command(takes="json csv")
def today(
    desk: Desk,
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
) -> Result:
    """All that is owed: due, late, promised, visits, returns."""
    day = desk.today
    with desk.read() as ledger:
        found = duties(ledger, day, within)
    rows = [each._asdict() | {"what": each.what and render(each.what)} for each in found]
    table = Table(rows, _COLUMNS, quiet=True, drawn=_groups)
    notes = () if found else (message("Nothing is owed."),)
    late = any(each.due and each.due <= day for each in found)
    return Result((table,), notes=notes, exit_code=int(exit_code and late))


def _groups(rows: Sequence[Row]) -> Iterator[str]:
    """Yield each kind with its most urgent rows, so many that all kinds fit one screen."""
    screen = shutil.get_terminal_size()
    kinds = [kind for kind in OWED if any(row["kind"] == kind for row in rows)]
    groups = {kind: [row for row in rows if row["kind"] == kind] for kind in kinds}
    most = max(1, (screen.lines - 2) // len(kinds))
    heads = {kind: _head(kind, group) for kind, group in groups.items()}
    room = max(map(wide, heads.values()))
    for kind, group in groups.items():
        shown = [{**row, "due": row["due"] and day_words(row["due"])} for row in group[:most]]
        head = heads[kind]
        for line in aligned(list(cells_of(shown, _COLUMNS[1:]))):
            yield _fitted(f"{head}{' ' * (room - wide(head))}  {line}", screen.columns)
            head = ""


def _head(kind: str, group: Sequence[Row]) -> str:
    count = counted(sum(row["many"] for row in group))
    return render(message("{kind}: {count}", kind=OWED[kind], count=count))


def _fitted(text: str, columns: int) -> str:
    if wide(text) <= columns:
        return text
    while wide(text) >= columns:
        text = text[:-1]
    return f"{text}…"
