"""`complaint import` 导入: a point's register from a spreadsheet, wholly or not at all."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from ledger12315.boxes import Box, Filled
from ledger12315.boxes.kinds import LINE, PATH, SENTENCE
from ledger12315.boxes.masking import mask_message
from ledger12315.cli.face.answers import Column, Part, Result, Table
from ledger12315.cli.face.command import command
from ledger12315.cli.face.desk import Desk, tell
from ledger12315.cli.face.files import write_whole
from ledger12315.errors import LedgerError, Message, Refused, Unacceptable, message
from ledger12315.ledger import station
from ledger12315.ledger.complaints import intake
from ledger12315.ledger.complaints.staged import Entries
from ledger12315.ledger.points import Point, only_point
from ledger12315.locale import render
from ledger12315.register.headings import BOXES, IGNORED, NAMES, bare_heading
from ledger12315.register.rows import MOST_PROBLEMS, REQUIRED, Register, RowProblem
from ledger12315.sheets.incoming.reading import read_sheets
from ledger12315.sheets.incoming.small import json_object

_REGISTER = Box(
    "file", "登记簿文件", PATH, "the register: a workbook (.xlsx) or csv", required=True
)
_COLUMNS = (
    Column("sheet", "工作表", "sheet"),
    Column("row", "行", "row"),
    Column("column", "列", "column"),
    Column("value", "内容", "value", narrow=True),
    Column("problem", "问题", "problem", SENTENCE, narrow=True),
)


class _Unchanged(Exception):
    """Leaves the transaction without writing."""


class _Outcome(NamedTuple):
    """What became of a register; `counts` are the keys of the JSON document."""

    counts: Mapping[str, int]
    problems: list[RowProblem]
    early: int


_Owner = Annotated[
    str | None,
    typer.Option("--point", metavar="POINT", help="whose register it is, where no column says so"),
]
_Map = Annotated[
    Path | None,
    typer.Option(
        "--map",
        metavar="FILE",
        help="what other headings mean, as JSON: their heading, and the box",
    ),
]
_Annotate = Annotated[
    Path | None,
    typer.Option(
        "--annotate", metavar="FILE", help="write a copy (.xlsx) with each problem in its cell"
    ),
]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="only say what would be done")]


@command(_REGISTER, arguments=1, takes="json reveal")
def import_complaints(
    desk: Desk,
    filled: Filled,
    point: _Owner = None,
    map_file: _Map = None,
    annotate: _Annotate = None,
    dry_run: _DryRun = False,
) -> Result:
    """Take in a register from a spreadsheet."""
    file = Path(filled.text("file"))
    mapping = _mapping(map_file) if map_file else {}
    with desk.read() as ledger:
        own = station.headings(ledger)
        default = only_point(ledger, point)
    register = Register(own | mapping, desk.today, default is not None)
    news = {name: box for name, box in mapping.items() if own.get(name) != box}
    with closing(_entries(file, register)) as entries:
        came = _taken_in(desk, register, entries, default, news, dry_run)
    result = _shown(desk, came, file, dry_run)
    if not came.problems:
        return result
    notes = []
    if len(came.problems) >= MOST_PROBLEMS and desk.form != "json":
        notes.append(message("The list ends here; there may be more."))
    error: LedgerError = Unacceptable(
        "{file} is not taken in, nothing was changed. Problems: {count}",
        file=file,
        count=len(came.problems),
    )
    if annotate:
        try:
            notes += _write_annotated(annotate, file, desk.path, came.problems)
        except LedgerError as failed:  # the problems are shown first
            error = failed
    return result._replace(notes=notes, error=error)


_NAMED = 5


def _taken_in(
    desk: Desk,
    register: Register,
    entries: Entries,
    default: Point | None,
    mapping: Mapping[str, str],
    dry_run: bool,
) -> _Outcome:
    """Write a register that has no problem; a transaction that writes nothing is left.

    It is held against the ledger while others write to it, and again only if they wrote something
    that it tells of.
    """
    with desk.read() as ledger, _progress(message("Comparing"), len(entries)) as step:
        made = intake.plan(ledger, entries, default, step, give_way=True)
    _tell_likeness(made.alike)
    if not (dry_run or _nothing_to_write(register, made, mapping)):
        with suppress(_Unchanged), desk.write() as ledger:
            if made.outdated(ledger):
                made = intake.plan(ledger, entries, default)
                if _nothing_to_write(register, made, mapping):
                    raise _Unchanged
            with _progress(message("Writing"), len(made.new) + len(made.filled)) as step:
                intake.take_in(ledger, made, step)
            station.remember_headings(ledger, mapping)
    problems = sorted(
        register.problems + made.problems, key=lambda each: (each.sheet or "", each.row)
    )
    done = not problems
    counts = {
        "read": register.read,
        "imported": done * len(made.new),
        "updated": done * len(made.filled),
        "skipped": made.skipped,
    }
    return _Outcome(counts, problems, made.early)


def _nothing_to_write(register: Register, made: intake.Intake, mapping: Mapping[str, str]) -> bool:
    return bool(register.problems or made.problems or not (made.new or made.filled or mapping))


def _tell_likeness(alike: list[tuple[int, object]]) -> None:
    """Tell that rows may be of a matter that is known; the first few are named."""
    if not alike:
        return
    named = [message("row {row}: {other}", row=row, other=other) for row, other in alike[:_NAMED]]
    tell(
        message(
            "Rows that may be the same matter as another, by point and phone or name and item,"
            " within 30 days: {count}, as {rows}.",
            count=len(alike),
            rows=named,
        )
    )


def _mapping(file: Path) -> dict[str, str]:
    """Return headings of another program and the boxes they mean; null leaves a column out.

    Raises Unacceptable.
    """
    said = json_object(file, '{"投诉者": "complainant", "年龄": null}')
    boxes = {name: bare_heading(str(box)) for name, box in said.items() if box is not None}
    unknown = [name for name, box in boxes.items() if box not in NAMES]
    if unknown or not all(name and name.isprintable() for name in map(bare_heading, said)):
        raise Unacceptable(
            "{file}: no box is given for {names}. Boxes are: {boxes}",
            file=file,
            names=unknown,
            boxes=[*BOXES],
        )
    return {bare_heading(name): NAMES[boxes[name]] if name in boxes else IGNORED for name in said}


def _entries(file: Path, register: Register) -> Entries:
    """Return all rows that have no problem by themselves, and tell what was left out.

    Raises Unacceptable.
    """
    entries = Entries()
    hidden = []
    with _progress(message("Reading"), None) as step:
        for sheet in read_sheets(file):
            if sheet.hidden:
                hidden.append(sheet.name)
                continue
            rows = register.entries(sheet.name, sheet.rows)
            while batch := list(islice(rows, 1000)):
                entries.extend(batch)
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
            "{file} has no row of headings that are known: at least {boxes}."
            " What others mean is said with --map.",
            file=file,
            boxes=[BOXES[box].label for box in REQUIRED],
        )
    return entries


@contextmanager
def _progress(what: Message, total: int | None) -> Iterator[Callable[[int], object]]:
    """Show a bar on a terminal; what is yielded is told of each step."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        yield partial(bar.advance, bar.add_task(render(what), total=total))


def _row(desk: Desk, problem: RowProblem) -> dict[str, Any]:
    """Return a problem as it is shown; a phone in the wrong column is masked too."""
    kind = BOXES[problem.box].kind if problem.box in BOXES else LINE
    # Of a free text that is not in the ledger it is not known whom it names.
    hidden = "****" if kind.names_people and problem.value else kind.hide(problem.value)
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "value": desk.visible(problem.value, hidden),
        "problem": render(desk.visible(problem.problem, mask_message(problem.problem))),
    }


def _shown(desk: Desk, came: _Outcome, file: Path, dry_run: bool) -> Result:
    rows = [_row(desk, problem) for problem in came.problems]
    parts: list[Part] = [Table(rows, _COLUMNS)]
    if not rows:
        sentence = message(
            "{read} rows: {imported} imported, {updated} filled in,"
            " {skipped} known already or void.",
            **came.counts,
        )
        if dry_run:
            sentence = message("Dry run, nothing was changed. {done}", done=sentence)
        parts.append(sentence)
    early = []
    if came.early:
        early = [message("Received before their point was set up: {count}", count=came.early)]
    document = {**came.counts, "problems": rows}
    return Result(parts, document, before=early, about=file.name)


def _write_annotated(
    target: Path, file: Path, ledger: Path, problems: list[RowProblem]
) -> list[Message]:
    """Write the copy, for its owner only.

    Raises Refused if it would replace what it was made of.
    """
    from ledger12315.sheets.paper.annotated import annotated

    if target.exists() and (target.samefile(file) or target.samefile(ledger)):
        raise Refused(
            "{path} is the register or the ledger itself; name another file with --annotate.",
            path=target,
        )
    notes = ((each.sheet, each.row, each.place or 0, render(each.problem)) for each in problems)
    content = annotated(read_sheets(file), notes)
    said = write_whole(target, content, ledger, private=True)
    return [*said, message("Each problem is in its cell of {path}", path=target)]
