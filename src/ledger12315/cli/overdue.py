"""`overdue` 超期."""

from typing import Annotated

import typer

from ledger12315.cli.face.options import (
    Csv,
    Json,
    OnePoint,
    Reveal,
    day_option,
    read,
    record_reveal,
    tell,
    today,
)
from ledger12315.cli.face.output import Column, show
from ledger12315.errors import message
from ledger12315.ledger import points
from ledger12315.ledger.complaints.overdue import overdue as find_overdue

COLUMNS = (
    Column("number", "编号", "number"),
    Column("point", "服务点", "point"),
    Column("point_name", "服务点名称", "name", narrow=True),
    Column("received", "受理日期", "received", screen=False),
    Column("due", "应办结", "due"),
    Column("working_days_over", "超期工作日", "days over", right=True),
    Column("provisional", "暂定", "provisional"),
    Column("item", "商品/服务", "item", narrow=True),
    Column("officer", "联系人", "officer", personal="name"),
)


def overdue(
    ctx: typer.Context,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help="as it stands at the end of this day, which may lie ahead [today]",
        ),
    ] = None,
    within: Annotated[
        int | None,
        typer.Option(
            "--within",
            metavar="N",
            min=0,
            max=250,
            help="also what falls due within N working days",
        ),
    ] = None,
    point: OnePoint = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="exit with 1 when something is listed")
    ] = False,
    json: Json = False,
    csv: Csv = False,
    reveal: Reveal = False,
) -> None:
    """List open complaints past their due date."""
    day = today()
    record_reveal(ctx, reveal)
    with read(ctx) as ledger:
        only = points.find_point(ledger, point) if point is not None else None
        found = find_overdue(
            ledger, day_option("--as-of", as_of, day, ahead=True) or day, within, only
        )
    if found or json:
        show([each._asdict() for each in found], COLUMNS, json, csv, reveal)
    if any(each.provisional for each in found):
        tell(
            message(
                "Some due dates are provisional: the holiday notice they depend on is not known."
            )
        )
    if found and exit_code:
        raise typer.Exit(1)
