"""The answer of an import: its problems, also beside the cells, or what it took in."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ledger12315.boxes import Filled, Option
from ledger12315.boxes.forms import IMPORT_ACT
from ledger12315.boxes.kinds import LINE, SENTENCE
from ledger12315.boxes.masks import mask_message
from ledger12315.cli.face.answers import Aside, Column, Part, Result, Table
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.files import write_whole
from ledger12315.errors import LedgerError, Message, Unacceptable, first_few, message
from ledger12315.ledger.importing import intake
from ledger12315.locale import render
from ledger12315.register.file import Register
from ledger12315.register.headings import BOXES, Subject, is_running_number
from ledger12315.register.learned import bare_heading
from ledger12315.register.rows import MOST_PROBLEMS, Entry, RowProblem
from ledger12315.rules.checks import DEFAULTS
from ledger12315.sheets.incoming.reading import read_sheets

NAMED, _MOST_DOUBTS = 5, 20
"""The most rows named in one note, and the most doubted days, each with its line."""
_DAY_OF_CLOSING = message("the day of closing")
_COLUMNS = (
    Column("sheet", "工作表"),
    Column("row", "行"),
    Column("column", "列"),
    Column("value", "内容", narrow=True),
    Column("problem", "问题", kind=SENTENCE, narrow=True),
)


def numbers_restart(made: intake.Intake) -> bool:
    """Return whether the register's numbers seem to start again, perhaps each month.

    A single repeated number may be an error, unless the column holds running numbers. Those with
    the month in front already do not.
    """
    headings = [
        external_number(each)[0]
        for each in made.restarted
        if "monthly_no" not in each.table.sources
    ]
    return len(headings) > 1 or any(map(is_running_number, headings))


def external_number(entry: Entry) -> tuple[str, str]:
    """Return the heading of the number's column, and the number as written there."""
    found = entry.problem("external_no", message("nothing"))
    return found.column or BOXES["external_no"].heading, found.value


def refused_import(
    desk: Desk, problems: list[RowProblem], file: Path, annotate: Path | None
) -> tuple[list[Message], LedgerError]:
    """Return the notes below the problems, and the error to raise after them."""
    notes = []
    if len(problems) >= MOST_PROBLEMS and desk.format != "json":
        notes.append(message("The list ends here; there may be more."))
    if annotate:
        try:
            notes += _write_annotated(annotate, file, desk.path, problems)
        except LedgerError as failed:
            return notes, failed
    return notes, Unacceptable(
        "{file} was not imported and nothing was changed. Problems: {count}",
        file=file,
        count=len(problems),
    )


def problem_row(
    desk: Desk, subject: Subject, problem: RowProblem, key: str = "problem"
) -> dict[str, Any]:
    """Return a problem or doubt as it is shown; a phone in the wrong column is masked too."""
    kind = subject.boxes[problem.box].kind if problem.box in subject.boxes else LINE
    # The names in a free text outside the ledger are unknown.
    hidden = "****" if kind.names_people and problem.value else kind.hide(problem.value)
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "value": desk.visible(problem.value, hidden),
        key: render(desk.visible(problem.problem, mask_message(problem.problem))),
    }


class Counts(NamedTuple):
    """How many rows of a file are new, add to known ones, and are known."""

    imported: int
    updated: int
    skipped: int


def import_result(
    desk: Desk,
    register: Register,
    counts: Counts,
    problems: Sequence[RowProblem],
    doubts: Sequence[RowProblem],
    options: Filled,
) -> Result:
    """Return the problems, or how many rows were taken in; a dry run takes in none.

    Rows with `doubts` are taken in, and with --exit-code the exit code says so.
    """
    done, rows = not problems, [problem_row(desk, register.subject, each) for each in problems]
    found = {"read": register.read, **counts._asdict()}
    if not done:
        found |= {"imported": 0, "updated": 0}
    parts: list[Part] = [Table(rows, _COLUMNS)]
    if done:
        sentence = message(
            "Rows: {read}; {imported} imported, {updated} filled in,"
            " {skipped} known already or void.",
            **found,
        )
        if "dry_run" in options:
            sentence = message("Dry run, nothing was changed. {done}", done=sentence)
        parts.append(sentence)
    in_order = sorted(doubts, key=lambda each: (each.sheet or "", each.row)) if done else []
    doubted = [problem_row(desk, register.subject, each, "doubt") for each in in_order]
    exit_code = int(bool(doubted and "exit_code" in options))
    document = {**found, "problems": rows, "doubts": doubted}
    return Result(parts, document, exit_code=exit_code)


def how_to_undo(acts: Sequence[int]) -> Part:
    """Return how to void the complaints of an import."""
    option = render(Option(*IMPORT_ACT).label)
    named = [word for act in acts for word in (option, act)]
    return Aside(message("To undo this: `complaint void {acts} --reason REASON`", acts=named))


def import_remarks(made: intake.Intake, done: bool) -> Iterator[Message]:
    """Yield notes on rows that are imported, or left out because of their number."""
    if made.taken and done:
        taken = [
            message(
                "{box} as {word}: {count}",
                box=BOXES[key].name,
                word=_DAY_OF_CLOSING
                if key == "told"
                else BOXES[key].kind.shown(DEFAULTS.get(key, "other")),
                count=count,
            )
            for key, count in made.taken.items()
        ]
        yield message("Not stated, so recorded: {boxes}.", boxes=taken)
    if numbers_restart(made):
        yield message(
            "The numbers seem to restart (rows: {count}). Leave them out with --map "
            "{heading}=-, or put the month in front of them with --map {heading}={box}.",
            count=len(made.restarted),
            heading=bare_heading(external_number(made.restarted[0])[0]),
            box=BOXES["monthly_no"].label,
        )


def notes_on_doubts(made: intake.Intake) -> Iterator[Message]:
    """Yield a line for each doubted day, and one for all those before the ledger begins."""
    yield from lines_of_doubts(made.doubts if made.early[1:] else made.doubts + made.early)
    if made.early[1:]:
        days = sorted(each.value for each in made.early)
        yield message(
            "Before the ledger begins on {begins}: {count}, of {first} to {last}, such as {rows}",
            begins=made.begins,
            count=len(made.early),
            first=days[0],
            last=days[-1],
            rows=first_few((each.cell for each in made.early), NAMED),
        )


def lines_of_doubts(doubts: Sequence[RowProblem]) -> Iterator[Message]:
    """Yield a line for each doubted row with its cell, up to a number."""
    for each in doubts[:_MOST_DOUBTS]:
        yield message("{cell}: {doubt}", cell=each.cell, doubt=each.problem)
    if more := len(doubts[_MOST_DOUBTS:]):
        yield message("Doubted rows besides: {count}", count=more)


def _write_annotated(
    target: Path, file: Path, ledger: Path, problems: list[RowProblem]
) -> list[Message]:
    """Write the copy, for its owner only. Raises Refused if it would replace its source."""
    from ledger12315.sheets.paper.annotated import annotated_copy

    notes = ((each.sheet, each.row, each.place or 0, render(each.problem)) for each in problems)
    content = annotated_copy(read_sheets(file), notes)
    said = write_whole(target, content, ledger, file, readers="owner")
    return [*said, message("Each problem is written in its cell of {path}", path=target)]
