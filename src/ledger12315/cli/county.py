"""`county` 县局: stations' Attachment 6 workbooks added into the county's; no ledger is needed."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from ledger12315.cli.export import write_whole
from ledger12315.cli.face.options import Json, ledger_path, read, tell
from ledger12315.cli.face.output import show_json
from ledger12315.cli.rollup import row6, show6
from ledger12315.errors import Message, Refused, Unacceptable, message
from ledger12315.ledger.calendar import known_calendar
from ledger12315.ledger.station import settings
from ledger12315.rules.county import StationReturn, absent, below_base, clashes, county_sum
from ledger12315.rules.measures import TOTAL
from ledger12315.rules.periods import return_dates
from ledger12315.rules.settings import SETTINGS
from ledger12315.words import TYPES


def consolidate(
    ctx: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="stations' Attachment 6, or folders that hold them"),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="the file to write [by period]"),
    ] = None,
    expect: Annotated[
        Path | None,
        typer.Option(
            "--expect",
            metavar="FILE",
            help="the names of all stations, one a line: who is missing is said",
        ),
    ] = None,
    county: Annotated[
        str, typer.Option("--county", metavar="NAME", help="whose form it is")
    ] = "县局12315服务台",
    json: Json = False,
) -> None:
    """Add stations' Attachment 6 into the county's."""
    from ledger12315.sheets import workbook

    books = list(_workbooks(files))
    returns = _told(books)
    period, names, figures = (
        returns[0].period,
        [each.station for each in returns],
        county_sum(returns),
    )
    expected = _names(expect) if expect else names
    missing = absent(expected, names) if expect else None
    dates = return_dates(period, known_calendar(), "after", 0, 0) if period.owes_return else None
    chosen = _settings(ctx)
    target = output or Path(f"附件6_{period.code}_县局.xlsx")
    _demand_apart(target, (ledger_path(ctx), *books))
    write_whole(target, workbook("county", county, returns, dates, missing, chosen), books[0])
    if json:
        head = {"period": period.code, "stations": names, "missing": missing, "file": str(target)}
        show_json(head | {"rows": [row6(figures, column) for column in (*TYPES, TOTAL)]})
    else:
        show6(figures, False)
    tell(
        message(
            "{count} stations are added; Attachment 6 is written: {path}",
            count=len(names),
            path=target,
        )
    )
    if missing is None:
        tell(message("Which stations are missing is not known without --expect."))
    elif missing:
        tell(message("Missing: {stations}", stations=missing))
    if unknown := absent(names, expected):
        tell(message("Not among the expected: {stations}", stations=unknown))
    for name, count, base in below_base(figures, chosen):
        tell(
            message(
                "{name}: {count}, and {base} are to be kept (三(五)8).",
                name=name,
                count=count,
                base=base,
            )
        )


def _settings(ctx: typer.Context) -> dict[str, str]:
    """Those of the county desk's own ledger, where there is one."""
    if not ledger_path(ctx).exists():
        return {key: each.default for key, each in SETTINGS.items()}
    with read(ctx) as ledger:
        return settings(ledger)


def _demand_apart(target: Path, others: Iterable[Path]) -> None:
    if target.exists() and any(other.exists() and target.samefile(other) for other in others):
        raise Refused("{path} is read, not written; name another file with --output.", path=target)


def _workbooks(files: Iterable[Path]) -> Iterator[Path]:
    """The files; of a folder all workbooks but those that a spreadsheet program marks as open."""
    for file in files:
        yield from (
            sorted(each for each in file.glob("*.xlsx") if each.name[:2] != "~$")
            if file.is_dir()
            else [file]
        )


def _told(files: Iterable[Path]) -> list[StationReturn]:
    """What the workbooks tell. Raises Unacceptable with every problem of every file."""
    from ledger12315.sheets.incoming.basis import read_station_return

    returns: list[StationReturn] = []
    problems: list[Message] = []
    for file in files:
        try:
            returns.append(read_station_return(file))
        except Unacceptable as wrong:
            problems += wrong.notes or [wrong.message]
    problems += clashes(returns)
    if problems or not returns:
        raise Unacceptable("These workbooks make no sum; nothing is written.", *problems)
    return returns


def _names(file: Path) -> list[str]:
    """The first of every line. Raises Unacceptable."""
    from ledger12315.sheets.incoming.reading import read_sheets

    return [
        str(cells[0])
        for sheet in read_sheets(file)
        for _, cells in sheet.rows
        if cells and cells[0]
    ]
