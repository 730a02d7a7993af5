"""`overdue` 超期."""

from datetime import date
from typing import Annotated

import typer

from ledger12315.boxes.amounts import COUNT_OR_NONE
from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.people import STAFF_NAME
from ledger12315.cli.face.answers import Column, Part, Result, Table
from ledger12315.cli.face.command import command
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.notify import Duty, send
from ledger12315.cli.face.options import ExitCode, Notify, OnePoint
from ledger12315.errors import message
from ledger12315.ledger.complaints import overdue as complaints
from ledger12315.ledger.points import only_point
from ledger12315.ledger.station import station
from ledger12315.ledger.store import Ledger

_COLUMNS = (
    Column("number", "编号"),
    Column("point", "服务点"),
    Column("point_name", "服务点名称", "name", narrow=True),
    Column("received", "受理日期", kind=DAY, screen=False),
    Column("due", "应办结", kind=DAY),
    Column("working_days_over", "超期工作日", "days over", COUNT_OR_NONE),
    Column("provisional", "暂定"),
    Column("item", "商品/服务", narrow=True),
    Column("officer", "联系人", kind=STAFF_NAME),
)
_PROVISIONAL = message(
    "Some due dates are provisional: the holiday notice they depend on is not known."
)
_AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="the state at the end of this day, which may be in the future [today]",
    ),
]
_Within = Annotated[
    int | None,
    typer.Option(
        "--within",
        metavar="N",
        min=0,
        max=250,
        help="also list what falls due within N working days",
    ),
]


@command(takes="json csv mail reveal")
def overdue(
    desk: Desk,
    as_of: _AsOf = None,
    within: _Within = None,
    point: OnePoint = None,
    addresses: Notify = None,
    exit_code: ExitCode = False,
) -> Result:
    """List open complaints past their due date."""
    day = desk.day("--as-of", as_of, ahead=True) or desk.today
    with desk.read() as ledger:
        name = station(ledger).name
        found = complaints.overdue_complaints(ledger, day, within, only_point(ledger, point))
        table = Table([each._asdict() for each in found], _COLUMNS)
        parts: list[Part] = [table]
        if desk.form == "mail":
            parts = _letter(ledger, day, found, table) if found else []
    uncertain = any(each.provisional for each in found)
    notes = [_PROVISIONAL] if uncertain else []
    told = [Duty("late" if each.due < day else "due", each.number) for each in found]
    error = send(addresses, name, day, told)
    return Result(parts, notes=notes, exit_code=int(exit_code and bool(found)), error=error)


def _letter(
    ledger: Ledger, day: date, found: list[complaints.Pending], table: Table
) -> list[Part]:
    from ledger12315.cli.face.letter import first_line, to_do

    late = sum(each.due < day for each in found)
    owed = message("open and overdue {late}, falling due {due}", late=late, due=len(found) - late)
    return [first_line(ledger, day, owed), table, to_do("late")]
