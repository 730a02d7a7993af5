"""`complaint import` 导入: a point's register from a spreadsheet."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from ledger12315.boxes import Box, Filled, Option
from ledger12315.boxes.arguments import IMPORT_ACT
from ledger12315.boxes.kinds import LINE, LONG, PATH, SENTENCE, Several
from ledger12315.boxes.masking import mask_message
from ledger12315.cli.command import command
from ledger12315.cli.complaint.importing.learning import constants_of, mapped
from ledger12315.cli.complaint.importing.registers import NAMED, ReadRegister, read_register
from ledger12315.cli.face.answers import Aside, Column, Part, Result, Table
from ledger12315.cli.face.desk import Desk, tell
from ledger12315.cli.face.files import write_whole
from ledger12315.cli.face.options import DRY_RUN, ONE_POINT
from ledger12315.cli.face.progress import steps
from ledger12315.errors import LedgerError, Message, Refused, Unacceptable, message
from ledger12315.ledger import words
from ledger12315.ledger.importing import intake, taking_in
from ledger12315.ledger.points import only_point
from ledger12315.ledger.store import history
from ledger12315.locale import _, render
from ledger12315.register.file import Register
from ledger12315.register.headings import BOXES, bare_heading, is_running
from ledger12315.register.learned import Learned
from ledger12315.register.rows import MOST_PROBLEMS, Entry, RowProblem
from ledger12315.rules.checks import DEFAULTS
from ledger12315.sheets.incoming.reading import read_sheets

_REGISTER = Box(
    "file", "登记簿文件", PATH, "the register: a workbook (.xlsx) or csv", required=True
)
_OPTIONS = (
    ONE_POINT._replace(help="the point of the register, if no column names it"),
    Option(
        "map",
        "对应",
        Several(LONG),
        "meaning of an unknown heading or word, as NAME=VALUE; or a JSON file",
        metavar="NAME=VALUE",
    ),
    Option(
        "fill",
        "填",
        Several(LONG),
        "value for a box that no cell fills, such as channel=online",
        metavar="NAME=VALUE",
    ),
    Option("annotate", "批注", PATH, "write a copy (.xlsx) with each problem in its cell"),
    DRY_RUN,
)
_COLUMNS = (
    Column("sheet", "工作表"),
    Column("row", "行"),
    Column("column", "列"),
    Column("value", "内容", narrow=True),
    Column("problem", "问题", kind=SENTENCE, narrow=True),
)


@command(_REGISTER, *_OPTIONS, arguments=1, takes="json reveal")
def import_complaints(desk: Desk, filled: Filled) -> Result:
    """Import a register from a spreadsheet."""
    file, dry_run = filled.path("file"), "dry_run" in filled
    said, constants = mapped(filled.lines("map")), constants_of(desk, filled.lines("fill"))
    with desk.read() as ledger:
        default = only_point(ledger, filled)
    while True:
        read = read_register(desk, file, default, said, constants, dry_run)
        with closing(read.entries):
            made = _taken_in(desk, read, dry_run)
        if not (by_month := _numbered_by_month(desk, made)):
            break
        said = said.merged(by_month)
    problems = read.register.problems + made.problems
    problems.sort(key=lambda each: (each.sheet or "", each.row))
    result = _import_result(desk, read.register, made, problems, dry_run)._replace(about=file.name)
    answered = desk.asks and not dry_run and any(read.draft.read())
    if problems:
        kept = message("The answers are kept: the same command continues from them.")
        notes, error = _refused_import(desk, problems, file, filled.given("annotate", Path))
        return result._replace(notes=[kept, *notes] if answered else notes, error=error)
    if answered:
        read.draft.forget()
        tell(message("Your answers are kept for the next register."))
    return result


def _restarted(made: intake.Intake) -> bool:
    """Return whether numbers restart.

    A single repeated number may be an error, unless the column holds running numbers.
    """
    return len(made.restarted) > 1 or any(
        is_running(_external_number(each)[0]) for each in made.restarted
    )


def _external_number(entry: Entry) -> tuple[str, str]:
    """Return the heading of the number's column, and the number as written there."""
    told = entry.problem("external_no", message("nothing"))
    return told.column or BOXES["external_no"].heading, told.value


def _numbered_by_month(desk: Desk, made: intake.Intake) -> Learned | None:
    """Return the heading as that of monthly numbers, if the clerk agrees."""
    if not (_restarted(made) and desk.asks):
        return None
    from ledger12315.cli.face.decisions import agreed

    first = made.restarted[0]
    heading, number = _external_number(first)
    tell(
        message(
            "The numbers in {heading} seem to restart (rows: {count}). With the month in "
            "front, the number in row {row} becomes {number}.",
            heading=heading,
            count=len(made.restarted),
            row=first.row,
            number=f"{first.boxes()['received']:%Y-%m}-{number}",
        )
    )
    if not agreed(_("Put the month in front of the numbers? [y/n]")):
        return None
    return Learned({bare_heading(heading): "monthly_no"}, {})


def _refused_import(
    desk: Desk, problems: list[RowProblem], file: Path, annotate: Path | None
) -> tuple[list[Message], LedgerError]:
    """Return the notes below the problems, and the error to raise after them."""
    notes = []
    if len(problems) >= MOST_PROBLEMS and desk.form != "json":
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


def _taken_in(desk: Desk, read: ReadRegister, dry_run: bool) -> intake.Intake:
    """Write a register without problems, and return its changes, also of a dry run.

    It is compared with the ledger while others may write; if they change one of its complaints, it
    is compared again.
    """
    agreed = 0
    while True:
        with desk.read() as ledger, steps(message("Comparing"), len(read.entries)) as step:
            made = intake.plan(ledger, read.entries, read.point, step, commit_batches=True)
        tell(*_likeness(made.alike))
        doubts, idle = (
            _rows_of_other_points(made.elsewhere),
            dry_run or _nothing_to_write(read, made),
        )
        if desk.asks and not idle and len(made.elsewhere) > agreed:
            desk.demand(*doubts, question=_("Import them anyway? [y/N]"))
            agreed = len(made.elsewhere)
        else:
            tell(*doubts)
        if idle or _write_compared(desk, read, made):
            return made


def _write_compared(desk: Desk, read: ReadRegister, made: intake.Intake) -> bool:
    """Write the compared rows, a long register in several acts; return whether they were.

    They are not if others changed one of the complaints. Raises Refused if they did so between two
    of the acts.
    """
    done, count = 0, len(made.new) + len(made.filled)
    try:
        for new, filled in made.parts():
            lay_out = partial(taking_in.lay_out, entries=read.entries, new=new)
            with desk.write(prepare=lay_out) as ledger:
                if done and made.replaced(ledger):
                    done = 0  # the backup may have any part of the register
                    raise Refused(
                        "A backup was restored during the import, so the ledger has only the "
                        "rows of that backup. Run the same command again to import the rest."
                    )
                if made.outdated(ledger):
                    break
                with steps(message("Writing"), count, done) as step:
                    taking_in.take_in(ledger, new, filled, step)
                if not done:
                    words.remember_words(ledger, read.point, read.news)
                made.head = history.seal(ledger)
                made.acts.append(history.last_act(ledger))
            done += len(new) + len(filled)
        else:
            return True
    finally:
        if 0 < done < count:
            told = message(
                "{done} of {count} rows are imported. Run the same command again to import the "
                "rest.",
                done=done,
                count=count,
            )
            tell(told)
    if done:
        raise Refused("Others changed some of these complaints; import again.")
    return False


def _nothing_to_write(read: ReadRegister, made: intake.Intake) -> bool:
    wrong = read.register.problems or made.problems
    return bool(wrong or not (made.new or made.filled or any(read.news)))


def _likeness(alike: list[tuple[int, object]]) -> Iterator[Message]:
    """Yield a note on rows that may repeat a known matter, with the first few rows."""
    if alike:
        yield message(
            "Rows that may repeat another (same point, same phone or same name and item, "
            "within 30 days): {count}, such as {rows}.",
            count=len(alike),
            rows=_first_named(alike),
        )


def _rows_of_other_points(rows: list[tuple[int, object]]) -> Iterator[Message]:
    """Yield a note on rows that another point already has, with the first few rows."""
    if rows:
        yield message(
            "Another point already has rows with the same register number, name and phone: "
            "{count}, such as {rows}. Is this the right point?",
            count=len(rows),
            rows=_first_named(rows),
        )


def _first_named(rows: list[tuple[int, object]]) -> list[Message]:
    return [message("row {row}: {other}", row=row, other=other) for row, other in rows[:NAMED]]


def _problem_row(desk: Desk, problem: RowProblem) -> dict[str, Any]:
    """Return a problem as it is shown; a phone in the wrong column is masked too."""
    kind = BOXES[problem.box].kind if problem.box in BOXES else LINE
    # The names in a free text outside the ledger are unknown.
    hidden = "****" if kind.names_people and problem.value else kind.hide(problem.value)
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "value": desk.visible(problem.value, hidden),
        "problem": render(desk.visible(problem.problem, mask_message(problem.problem))),
    }


def _import_result(
    desk: Desk, register: Register, made: intake.Intake, problems: list[RowProblem], dry_run: bool
) -> Result:
    """Return the problems, or how many rows were taken in."""
    done, rows = not problems, [_problem_row(desk, each) for each in problems]
    counts = {
        "read": register.read,
        "imported": done * len(made.new),
        "updated": done * len(made.filled),
        "skipped": made.skipped,
    }
    parts: list[Part] = [Table(rows, _COLUMNS)]
    if done:
        sentence = message(
            "Rows: {read}; {imported} imported, {updated} filled in,"
            " {skipped} known already or void.",
            **counts,
        )
        if dry_run:
            sentence = message("Dry run, nothing was changed. {done}", done=sentence)
        parts.append(sentence)
    if made.acts and made.new:
        option = render(Option(*IMPORT_ACT).label)
        acts = " ".join(f"{option} {act}" for act in made.acts)
        back = message(
            "To undo this: ledger12315 complaint void {acts} --reason REASON", acts=acts
        )
        parts.append(Aside(back))
    return Result(parts, {**counts, "problems": rows}, before=[*_import_remarks(made, done)])


def _import_remarks(made: intake.Intake, done: bool) -> Iterator[Message]:
    """Yield notes on rows that are imported, or left out because of their number."""
    if made.early:
        yield message("Received before their point was set up: {count}", count=made.early)
    if made.taken and done:
        taken = [
            message(
                "{box} as {word}: {count}",
                box=BOXES[key].name,
                word=BOXES[key].kind.shown(DEFAULTS.get(key, "other")),
                count=count,
            )
            for key, count in made.taken.items()
        ]
        yield message("Not stated, so recorded: {boxes}.", boxes=taken)
    if _restarted(made):
        yield message(
            "The numbers seem to restart (rows: {count}). Leave them out with --map "
            "{heading}=-, or put the month in front of them with --map {heading}={box}.",
            count=len(made.restarted),
            heading=bare_heading(_external_number(made.restarted[0])[0]),
            box=BOXES["monthly_no"].label,
        )


def _write_annotated(
    target: Path, file: Path, ledger: Path, problems: list[RowProblem]
) -> list[Message]:
    """Write the copy, for its owner only. Raises Refused if it would replace its source."""
    from ledger12315.sheets.paper.annotated import annotated

    if target.exists() and (target.samefile(file) or target.samefile(ledger)):
        raise Refused(
            "{path} is the register or the ledger itself; choose another file with --annotate.",
            path=target,
        )
    notes = ((each.sheet, each.row, each.place or 0, render(each.problem)) for each in problems)
    content = annotated(read_sheets(file), notes)
    said = write_whole(target, content, ledger, private=True)
    return [*said, message("Each problem is written in its cell of {path}", path=target)]
