"""`complaint import` 导入: a point's register from a spreadsheet."""

from contextlib import closing
from pathlib import Path

from ledger12315.boxes import Box, Filled, Option
from ledger12315.boxes.kinds import LONG, PATH, Several
from ledger12315.cli.command import command
from ledger12315.cli.complaint.importing.answer import (
    external_number,
    import_result,
    numbers_restart,
    refused_import,
)
from ledger12315.cli.complaint.importing.learning import constants_of, drop_illegible, read_mapping
from ledger12315.cli.complaint.importing.registers import ReadRegister, read_register
from ledger12315.cli.complaint.importing.writing import write_register
from ledger12315.cli.face.answers import Result
from ledger12315.cli.face.desk import Desk, tell
from ledger12315.cli.face.lines import ask_yes_or_no
from ledger12315.cli.face.options import DRY_RUN, ONE_POINT
from ledger12315.errors import Message, message
from ledger12315.ledger.importing import intake
from ledger12315.ledger.points import given_point
from ledger12315.locale import _
from ledger12315.register.headings import bare_heading
from ledger12315.register.learned import Learned

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


@command(_REGISTER, *_OPTIONS, arguments=1, takes="json reveal")
def import_complaints(desk: Desk, filled: Filled) -> Result:
    """Import a register from a spreadsheet."""
    file, dry_run = filled.path("file"), "dry_run" in filled
    said, constants = read_mapping(filled.lines("map")), constants_of(desk, filled.lines("fill"))
    with desk.read() as ledger:
        default = given_point(ledger, filled)
    while True:
        read = read_register(desk, file, default, said, constants, dry_run)
        with closing(read.entries):
            made = write_register(desk, read, dry_run)
        if not (by_month := _numbered_by_month(desk, made)):
            break
        said = said.merged(by_month)
    problems = read.register.problems + made.problems
    problems.sort(key=lambda each: (each.sheet or "", each.row))
    result = import_result(desk, read.register, made, problems, dry_run)._replace(about=file.name)
    answered = desk.asks and not dry_run and any(read.draft.read())
    if problems:
        kept = _kept_answers(read) if answered else []
        notes, error = refused_import(desk, problems, file, filled.given("annotate", Path))
        return result._replace(notes=[*kept, *notes], error=error)
    if answered:
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
