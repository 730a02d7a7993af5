"""`complaint import` 导入: a point's register from a spreadsheet, wholly or not at all."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger12315.boxes import reading
from ledger12315.boxes.fields import Field
from ledger12315.boxes.masking import mask, mask_message, mask_phones
from ledger12315.cli.face.asking import boxes, fill
from ledger12315.cli.face.options import (
    Json,
    Reveal,
    ledger_path,
    read,
    record_reveal,
    say,
    tell,
    today,
    write,
)
from ledger12315.cli.face.output import Column, show, show_json
from ledger12315.errors import Message, Refused, Unacceptable, message
from ledger12315.ledger import points, station
from ledger12315.ledger.complaints import intake as importing
from ledger12315.locale import render
from ledger12315.register.columns import BOXES, IGNORED, NAMES, bare_heading
from ledger12315.register.rows import MOST_PROBLEMS, REQUIRED, Entry, Problem, Register
from ledger12315.sheets.incoming.reading import read_sheets
from ledger12315.sheets.incoming.small import json_object

REGISTER = Field(
    "file", "登记簿文件", reading.path, "the register: a workbook (.xlsx) or csv", required=True
)
_COLUMNS = (
    Column("sheet", "工作表", "sheet"),
    Column("row", "行", "row"),
    Column("column", "列", "column"),
    Column("value", "内容", "value", narrow=True),
    Column("problem", "问题", "problem", narrow=True),
)


class _Unchanged(Exception):
    """Leaves the transaction without writing."""


@boxes((REGISTER,), arguments=1)
def import_complaints(
    ctx: typer.Context,
    point: Annotated[
        str | None,
        typer.Option(
            "--point", metavar="POINT", help="whose register it is, where no column says so"
        ),
    ] = None,
    map_file: Annotated[
        Path | None,
        typer.Option(
            "--map",
            metavar="FILE",
            help="what other headings mean, as JSON: their heading, and the box",
        ),
    ] = None,
    annotate: Annotated[
        Path | None,
        typer.Option(
            "--annotate", metavar="FILE", help="write a copy (.xlsx) with each problem in its cell"
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would be done")] = False,
    json: Json = False,
    reveal: Reveal = False,
    **raw: str | None,
) -> None:
    """Take in a register from a spreadsheet."""
    day = today()
    file = Path(str(fill((REGISTER,), raw, False, day)["file"]))
    mapping = _mapping(map_file) if map_file else {}
    with read(ctx) as ledger:
        own = station.headings(ledger)
        default = points.find_point(ledger, point) if point is not None else None
    register = Register(own | mapping, day, default is not None)
    entries = _entries(file, register)
    news = any(own.get(name) != box for name, box in mapping.items())
    with suppress(_Unchanged), (read if dry_run or register.problems else write)(ctx) as ledger:
        plan = importing.plan(ledger, entries, default)
        problems = sorted(
            register.problems + plan.problems, key=lambda each: (each.sheet or "", each.row)
        )
        if problems or dry_run or not (plan.new or plan.filled or news):
            raise _Unchanged
        with _progress(message("Writing"), len(plan.new) + len(plan.filled)) as step:
            importing.take_in(ledger, plan, step)
        station.remember_headings(ledger, mapping)
    record_reveal(ctx, reveal, file.name)
    if plan.early:
        tell(message("Received before their point was set up: {count}", count=plan.early))
    imported, updated = (0, 0) if problems else (len(plan.new), len(plan.filled))
    counts = {
        "read": register.read,
        "imported": imported,
        "updated": updated,
        "skipped": plan.skipped,
    }
    _show(counts, [_row(problem, reveal) for problem in problems], json, dry_run)
    if problems:
        if annotate:
            _write_annotated(annotate, file, ledger_path(ctx), problems)
        raise Unacceptable(
            "{file} is not taken in, nothing was changed. Problems: {count}",
            file=file,
            count=len(problems),
        )


def _mapping(file: Path) -> dict[str, str]:
    """Headings of another program, folded, and the boxes they mean; null leaves a column out. Raises Unacceptable."""
    said = json_object(file, '{"投诉者": "complainant", "年龄": null}')
    unknown = [
        name
        for name, box in said.items()
        if box is not None and bare_heading(str(box)) not in NAMES
    ]
    if unknown or not all(name and name.isprintable() for name in map(bare_heading, said)):
        raise Unacceptable(
            "{file}: no box is given for {names}. Boxes are: {boxes}",
            file=file,
            names=unknown,
            boxes=[*BOXES],
        )
    return {
        bare_heading(name): IGNORED if box is None else NAMES[bare_heading(str(box))]
        for name, box in said.items()
    }


def _entries(file: Path, register: Register) -> list[Entry]:
    """All rows that have no problem by themselves; what was left out is told. Raises Unacceptable."""
    entries: list[Entry] = []
    hidden = []
    with _progress(message("Reading"), None) as step:
        for sheet in read_sheets(file):
            if sheet.hidden:
                hidden.append(sheet.name)
                continue
            rows = register.entries(sheet.name, sheet.rows)
            while batch := list(islice(rows, 1000)):
                entries += batch
                step(len(batch))
    if hidden:
        tell(message("Hidden sheets are left out: {names}", names=hidden))
    if register.left_out and register.headed:
        tell(
            message(
                "Sheets without a row of headings are left out: {names}", names=register.left_out
            )
        )
    if not register.headed:
        raise Unacceptable(
            "{file} has no row of headings that are known: at least {boxes}. What others mean is said with --map.",
            file=file,
            boxes=[BOXES[box].label for box in REQUIRED],
        )
    return entries


@contextmanager
def _progress(what: Message, total: int | None) -> Iterator[Callable[[int], object]]:
    """A bar on a terminal; gives what is told of each step."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        yield partial(bar.advance, bar.add_task(render(what), total=total))


def _row(problem: Problem, reveal: bool) -> dict[str, Any]:
    """A problem as it is printed; a phone in the wrong column is masked too."""
    value, why = problem.value, problem.problem
    if not reveal:
        personal = BOXES[problem.box].personal if problem.box in BOXES else ""
        # Of a free text it is not known whom it names.
        value = (
            "****"
            if value and personal == "text"
            else mask(personal, value)
            if personal
            else mask_phones(value)
        )
        why = mask_message(why)
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "value": value,
        "problem": render(why),
    }


def _show(
    counts: Mapping[str, int], problems: list[dict[str, Any]], json: bool, dry_run: bool
) -> None:
    if json:
        show_json({**counts, "problems": problems})
        return
    show(problems, _COLUMNS, reveal=True)
    if not problems:
        done = message(
            "{read} rows: {imported} imported, {updated} filled in, {skipped} known already or void.",
            **counts,
        )
        say(message("Dry run, nothing was changed. {done}", done=done) if dry_run else done)
    elif len(problems) >= MOST_PROBLEMS:
        tell(message("The list ends here; there may be more."))


def _write_annotated(target: Path, file: Path, ledger: Path, problems: list[Problem]) -> None:
    """Write the copy, for its owner only. Raises Refused where it would replace what it was made of."""
    from ledger12315.cli.export import write_whole
    from ledger12315.sheets.paper.annotated import annotated

    if target.exists() and (target.samefile(file) or target.samefile(ledger)):
        raise Refused(
            "{path} is the register or the ledger itself; name another file with --annotate.",
            path=target,
        )
    notes = ((each.sheet, each.row, each.place or 0, render(each.problem)) for each in problems)
    write_whole(target, annotated(read_sheets(file), notes), ledger, private=True)
    tell(message("Each problem is in its cell of {path}", path=target))
