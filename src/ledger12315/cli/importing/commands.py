"""`complaint import` and `point import` 导入: a register, or the points, from a spreadsheet."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from ledger12315.boxes import Box, Filled
from ledger12315.boxes.kinds import PATH
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Result
from ledger12315.cli.face.desk import Desk, tell
from ledger12315.cli.face.lines import ask_yes_or_no
from ledger12315.cli.face.options import ONE_POINT
from ledger12315.cli.face.progress import steps
from ledger12315.cli.importing.answer import (
    NAMED,
    Counts,
    external_number,
    how_to_undo,
    import_remarks,
    import_result,
    lines_of_doubts,
    notes_on_doubts,
    numbers_restart,
    refused_import,
)
from ledger12315.cli.importing.learning import constants_of, drop_illegible, read_mapping
from ledger12315.cli.importing.reading import (
    IMPORT_OPTIONS,
    ReadRegister,
    read_points,
    read_register,
)
from ledger12315.errors import Message, Refused, message
from ledger12315.ledger import words
from ledger12315.ledger.importing import intake, taking_in
from ledger12315.ledger.importing.points import PointIntake, take_in_points
from ledger12315.ledger.points import given_point
from ledger12315.ledger.store import history
from ledger12315.locale import N_, _
from ledger12315.register.headings import COMPLAINT_ROWS
from ledger12315.register.learned import Learned, bare_heading
from ledger12315.register.points import PEOPLE, POINT_ROWS

_REGISTER = Box(
    "file", "登记簿文件", PATH, "the register: a workbook (.xlsx) or csv", required=True
)
_OPTIONS = (
    ONE_POINT._replace(help="the point of the register, if no column names it"),
    *IMPORT_OPTIONS,
)
_ALIKE = N_(
    "Rows that may repeat another (same point, same phone or same name and item, "
    "within 30 days): {count}, such as {rows}."
)
_ELSEWHERE = N_(
    "Another point already has rows with the same register number, name and phone: "
    "{count}, such as {rows}. Is this the right point?"
)


@command(_REGISTER, *_OPTIONS, arguments=1, flags="json reveal")
def import_complaints(desk: Desk, filled: Filled) -> Result:
    """Import a register from a spreadsheet."""
    file, dry_run = filled.path("file"), "dry_run" in filled
    said = read_mapping(filled.lines("map"), COMPLAINT_ROWS)
    constants = constants_of(desk, filled.lines("fill"), COMPLAINT_ROWS)
    with desk.read() as ledger:
        default = given_point(ledger, filled)
    while True:
        read = read_register(desk, file, default, said, constants)
        with closing(read.entries):
            made = write_register(desk, read, dry_run)
        if not (by_month := _numbered_by_month(desk, made)):
            break
        said = said.merged(by_month)
    problems = read.register.problems + made.problems
    problems.sort(key=lambda each: (each.sheet or "", each.row))
    counts = Counts(len(made.new), len(made.filled), made.skipped)
    doubts = made.doubts + made.early
    result = import_result(desk, read.register, counts, problems, doubts, filled)
    before = [*import_remarks(made, not problems)]
    parts = [*result.parts, how_to_undo(made.acts)] if made.acts and made.new else result.parts
    result = result._replace(parts=parts, before=before, about=file.name)
    answered = desk.asks and any(read.draft.read())
    if problems:
        kept = _kept_answers(read) if answered else []
        notes, error = refused_import(desk, problems, file, filled.given("annotate", Path))
        return result._replace(notes=[*kept, *notes], error=error)
    if answered and not dry_run:
        read.draft.forget()
        tell(message("Your answers are kept for the next register."))
    return result


def _kept_answers(read: ReadRegister) -> list[Message]:
    """Return notes on the answers that are kept, and on headings that are asked for again."""
    notes = []
    if dropped := drop_illegible(read.draft, read.register):
        again = message(
            "No value below these headings could be read, so they are asked for again: {names}",
            names=dropped,
        )
        notes.append(again)
    if read.draft.read():
        notes.append(message("The answers are kept: the same command continues from them."))
    return notes


def _numbered_by_month(desk: Desk, made: intake.Intake) -> Learned | None:
    """Return the heading as that of monthly numbers, if the clerk agrees."""
    if not (numbers_restart(made) and desk.asks):
        return None
    first = made.restarted[0]
    heading, number = external_number(first)
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
    if not ask_yes_or_no(_("Put the month in front of the numbers? [y/n]")):
        return None
    return Learned({bare_heading(heading): "monthly_no"}, {})


def write_register(desk: Desk, read: ReadRegister, dry_run: bool) -> intake.Intake:
    """Write a register without problems, and return its changes, also of a dry run.

    It is compared with the ledger while others may write; if they change one of its complaints, it
    is compared again.
    """
    agreed = 0
    while True:
        with desk.read() as ledger, steps(message("Comparing"), len(read.entries)) as step:
            made = intake.compare_entries(
                ledger, read.entries, read.point, desk.today, step, commit_batches=True
            )
        tell(*_note_on_rows(_ALIKE, made.alike))
        if read.register.problems or made.problems:
            return made
        idle = dry_run or not (made.new or made.filled or any(read.news))
        doubtful = len(made.elsewhere) + len(made.doubts) + len(made.early)
        doubts = [*_note_on_rows(_ELSEWHERE, made.elsewhere), *notes_on_doubts(made)]
        if desk.asks and not idle and doubtful > agreed:
            desk.demand(*doubts, question=_("Import them anyway? [y/n]"))
            agreed = doubtful
            desk.agreed |= made.submitted
        else:
            tell(*doubts)
        if idle or _write_rows(desk, read, made):
            return made


def _write_rows(desk: Desk, read: ReadRegister, made: intake.Intake) -> bool:
    """Write the compared rows, a long register in several acts; return whether they were.

    They are not if others changed one of them; between two of the acts that raises Refused.
    """
    done, count = 0, len(made.new) + len(made.filled)
    try:
        for new, filled in made.parts():
            lay_out = partial(taking_in.lay_out_new, entries=read.entries, new=new)
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
                history.seal(ledger)
                made.head = history.head(ledger)
                made.acts.append(history.last_act(ledger))
            done += len(new) + len(filled)
        else:
            return True
    finally:
        if 0 < done < count:
            said = message(
                "{done} of {count} rows are imported. Run the same command again to import the "
                "rest.",
                done=done,
                count=count,
            )
            tell(said)
    if done:
        raise Refused("Others changed some of these complaints; import again.")
    return False


def _note_on_rows(said: str, rows: list[tuple[int, object]]) -> Iterator[Message]:
    """Yield a note on doubtful rows, if there are any, with the first few."""
    if rows:
        named = [message("row {row}: {other}", row=row, other=other) for row, other in rows]
        yield message(said, count=len(rows), rows=named[:NAMED])


_POINTS_FILE = Box(
    "file", "服务点名单", PATH, "the points: a workbook (.xlsx) or csv", required=True
)


@command(_POINTS_FILE, *IMPORT_OPTIONS, arguments=1, flags="json reveal")
def import_points(desk: Desk, filled: Filled) -> Result:
    """Import service points from a spreadsheet, such as an Attachment 5."""
    file, dry_run = filled.path("file"), "dry_run" in filled
    said = read_mapping(filled.lines("map"), POINT_ROWS)
    constants = constants_of(desk, filled.lines("fill"), POINT_ROWS)
    register, entries, draft = read_points(desk, file, said, constants)
    with desk.read() as ledger:
        made = PointIntake(ledger, entries)
    problems = sorted(register.problems + made.problems, key=lambda each: each.row)
    counts = Counts(len(made.new), 0, made.skipped)
    result = import_result(desk, register, counts, problems, made.doubts, filled)
    result = result._replace(about=file.name)
    if problems:
        notes, error = refused_import(desk, problems, file, filled.given("annotate", Path))
        return result._replace(notes=notes, error=error)
    doubts = [*lines_of_doubts(made.doubts)]
    if doubts and desk.asks and made.new and not dry_run:
        desk.demand(*doubts, question=_("Import them anyway? [y/n]"))
    else:
        tell(*doubts)
    if made.new and not dry_run:
        with desk.write() as ledger:
            if PointIntake(ledger, entries).new != made.new:
                raise Refused("Others changed some of these points; import again.")
            take_in_points(ledger, made.new)
    if not dry_run:
        draft.forget()
    return result._replace(before=_lacking(made))


def _lacking(made: PointIntake) -> list[Message]:
    """Return notes on the people that new points lack. 三(二)3, 三(五)1"""
    boxes = POINT_ROWS.boxes
    return [
        message("Without {box}: {count}", box=boxes[role].name, count=count)
        for role in PEOPLE
        if (count := made.without(role))
    ]
