"""`export` 导出: an attachment as a printable workbook."""

import os
from pathlib import Path
from typing import Annotated

import typer

from ledger12315.cli.options import AsOf, OnePoint, ledger_path, tell
from ledger12315.cli.rollup import read_form, read_scope, tell_unfinished
from ledger12315.errors import Refused, Unusable, message, reason
from ledger12315.ledger import figures, points, station
from ledger12315.ledger.calendar import known_calendar
from ledger12315.ledger.figures import Scope
from ledger12315.ledger.file import Ledger, new_key, reading
from ledger12315.locale import render
from ledger12315.rules.periods import annual_parts, return_dates
from ledger12315.sheets import workbook
from ledger12315.sheets.spec import Head


def export(
    ctx: typer.Context,
    form: Annotated[
        str | None, typer.Argument(metavar="FORM", help="3 or 6, the number of the attachment", show_default=False)
    ] = None,
    period: Annotated[
        str | None, typer.Argument(metavar="PERIOD", help="such as 2026Q3, 2026-09, 2026 or 2026A", show_default=False)
    ] = None,
    point: OnePoint = None,
    as_of: AsOf = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="the file to write [by form, period and point]")
    ] = None,
) -> None:
    """Write Attachment 3 or 6 as a printable workbook."""
    number = read_form(form, period)
    with reading(ledger_path(ctx)) as ledger:
        scope = read_scope(ledger, str(period), point, as_of)
        content = attachment(ledger, number, scope)
    target = output or Path(
        "_".join(("附件" + str(number), scope.period.code, *([scope.point.code] if scope.point else []))) + ".xlsx"
    )
    replaced = target.exists()
    write_whole(target, content, ledger_path(ctx))
    if replaced:
        tell(message("{path} stood there already and was replaced.", path=target))
    print(
        render(
            message("Attachment {number} for {period} is written: {path}", number=number, period=scope.period.code, path=target)
        )
    )
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
    fresh = target.with_name(f".{target.name}.{new_key()[:8]}")
    try:
        with fresh.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Unusable("{path} cannot be written: {reason}.", path=target, reason=reason(error)) from error
