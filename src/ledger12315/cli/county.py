"""`county` 县局: stations' Attachment 6 workbooks added into the county's; it needs no ledger."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from ledger12315.cli.face.answers import Result
from ledger12315.cli.face.command import command
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.figures import rows6, table6
from ledger12315.cli.face.files import write_whole
from ledger12315.errors import Message, Refused, Unacceptable, message
from ledger12315.ledger.calendar import known_calendar
from ledger12315.ledger.station import settings
from ledger12315.rules.county import StationReturn, absent, below_base, clashes, county_sum
from ledger12315.rules.measures import Figures
from ledger12315.rules.periods import return_dates
from ledger12315.rules.settings import SETTINGS

_Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="stations' Attachment 6, or folders that hold them"),
]
_Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="the file to write [by period]"),
]
_Expected = Annotated[
    Path | None,
    typer.Option(
        "--expect",
        metavar="FILE",
        help="the names of all stations, one a line: who is missing is said",
    ),
]
_County = Annotated[str, typer.Option("--county", metavar="NAME", help="whose form it is")]


@command(takes="json")
def consolidate(
    desk: Desk,
    files: _Files,
    output: _Output = None,
    expect: _Expected = None,
    county: _County = "县局12315服务台",
) -> Result:
    """Add stations' Attachment 6 into the county's."""
    from ledger12315.sheets import workbook

    books = list(_workbooks(files))
    returns = _told(books)
    period, names = returns[0].period, [each.station for each in returns]
    expected = _names(expect) if expect else names
    missing = absent(expected, names) if expect else None
    dates = return_dates(period, known_calendar(), "after", 0, 0) if period.owes_return else None
    chosen = _settings(desk)
    target = output or Path(f"附件6_{period.code}_县局.xlsx")
    _demand_apart(target, (desk.path, *books))
    content = workbook("county", county, returns, dates, missing, chosen)
    replaced = write_whole(target, content, books[0])
    figures = county_sum(returns)
    added = message(
        "{count} stations are added; Attachment 6 is written: {path}",
        count=len(names),
        path=target,
    )
    unknown = absent(names, expected)
    notes = [added, *_who_is_missing(missing, unknown), *_too_few(figures, chosen)]
    if desk.form == "json":
        head = {"period": period.code, "stations": names, "missing": missing, "file": str(target)}
        return Result(document=head | {"rows": rows6(figures)}, before=replaced, notes=notes)
    return Result((table6(figures, desk.form == "table"),), before=replaced, notes=notes)


def _who_is_missing(missing: list[str] | None, unknown: list[str]) -> Iterator[Message]:
    if missing is None:
        yield message("Which stations are missing is not known without --expect.")
    elif missing:
        yield message("Missing: {stations}", stations=missing)
    if unknown:
        yield message("Not among the expected: {stations}", stations=unknown)


def _too_few(figures: Figures, chosen: Mapping[str, str]) -> Iterator[Message]:
    for name, count, base in below_base(figures, chosen):
        yield message(
            "{name}: {count}, and {base} are to be kept (三(五)8).",
            name=name,
            count=count,
            base=base,
        )


def _settings(desk: Desk) -> dict[str, str]:
    """Return those of the county desk's own ledger, if there is one."""
    if not desk.path.exists():
        return {key: each.default for key, each in SETTINGS.items()}
    with desk.read() as ledger:
        return settings(ledger)


def _demand_apart(target: Path, others: Iterable[Path]) -> None:
    if target.exists() and any(other.exists() and target.samefile(other) for other in others):
        raise Refused("{path} is read, not written; name another file with --output.", path=target)


def _workbooks(files: Iterable[Path]) -> Iterator[Path]:
    """Yield the files, and of a folder all workbooks that are not open in a spreadsheet."""
    for file in files:
        if file.is_dir():
            yield from sorted(each for each in file.glob("*.xlsx") if each.name[:2] != "~$")
        else:
            yield file


def _told(files: Iterable[Path]) -> list[StationReturn]:
    """Return what the workbooks tell. Raises Unacceptable with every problem of every file."""
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
    """Return the first cell of every line. Raises Unacceptable."""
    from ledger12315.sheets.incoming.reading import read_sheets

    rows = (cells for sheet in read_sheets(file) for _, cells in sheet.rows)
    return [str(cells[0]) for cells in rows if cells and cells[0]]
