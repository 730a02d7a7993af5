"""`export` 导出: an attachment as a printable workbook."""

import os
from pathlib import Path
from typing import Annotated

import typer

from ledger12315.cli.asking import boxes
from ledger12315.cli.options import AsOf, OnePoint, ledger_path, read, say, tell
from ledger12315.cli.rollup import FIELDS, read_form, read_scope, tell_unfinished
from ledger12315.errors import Refused, Unusable, message
from ledger12315.ledger import figures, history, points, station
from ledger12315.ledger.calendar import known_calendar
from ledger12315.ledger.figures import Scope
from ledger12315.ledger.placing import beside, put
from ledger12315.ledger.rows import Ledger
from ledger12315.rules.periods import annual_parts, return_dates
from ledger12315.sheets import workbook
from ledger12315.sheets.spec import Head


@boxes(FIELDS, arguments=2)
def export(
    ctx: typer.Context,
    point: OnePoint = None,
    as_of: AsOf = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="the file to write [by form, period and point]")
    ] = None,
    **raw: str | None,
) -> None:
    """Write Attachment 3 or 6 as a printable workbook."""
    number, period = read_form(raw)
    with read(ctx) as ledger:
        scope = read_scope(ledger, period, point, as_of)
        content = attachment(ledger, number, scope)
    target = output or Path(
        "_".join(("附件" + str(number), scope.period.code, *([scope.point.code] if scope.point else []))) + ".xlsx"
    )
    replaced = target.exists()
    write_whole(target, content, ledger_path(ctx))
    if replaced:
        tell(message("{path} stood there already and was replaced.", path=target))
    say(message("Attachment {number} for {period} is written: {path}", number=number, period=scope.period.code, path=target))
    tell_unfinished(scope)


def attachment(ledger: Ledger, number: int, scope: Scope) -> bytes:
    """The workbook of Attachment 3 or 6; equal ledgers give equal bytes."""
    found, chosen, last = figures.figures(ledger, scope), station.settings(ledger), scope.last.isoformat()
    leads = int(chosen["station_lead"]), int(chosen["point_lead"])
    parts = annual_parts(scope.period) if scope.period.code.endswith("A") else ()
    head = Head(
        unit=scope.point.name if scope.point else station.station(ledger).name,
        period=scope.period,
        as_of=scope.as_of,
        dates=return_dates(scope.period, known_calendar(), chosen["return_day_off"], *leads)
        if scope.period.owes_return
        else None,
        settings=chosen,
        liaison=points.contact(ledger, scope.point, "liaison", last) if scope.point else "",
        officer=points.contact(ledger, scope.point, "officer", last) if scope.point else "",
        missing=figures.missing_returns(ledger, scope),
        unrecorded=figures.unrecorded(ledger),
        provisional=figures.provisional(ledger, scope),
        chain=history.head(ledger),
        parts=tuple((part.title, figures.figures(ledger, Scope(part, scope.as_of, scope.point))) for part in parts),
    )
    return workbook(number, head, found)


def write_whole(target: Path, content: bytes, ledger: Path) -> None:
    """Put the file in place as a whole, or leave what was there. Raises Refused in the ledger's place, Unusable elsewhere."""
    if target.exists():
        if not target.is_file():
            raise Unusable("{path} is no file that can be replaced; name another with --output.", path=target)
        if target.samefile(ledger):
            raise Refused("{path} is the ledger itself; name another file with --output.", path=target)
    with beside(target) as fresh:
        fresh.write_bytes(content)
        # Nobody's personal data stand in these forms: they are as readable as any new file.
        fresh.chmod(0o666 & ~_umask())
        put(fresh, target)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
