"""`point import` 导入: service points from a spreadsheet."""

from pathlib import Path

from ledger12315.boxes import Box, Filled
from ledger12315.boxes.kinds import PATH
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Result
from ledger12315.cli.face.desk import Desk, tell
from ledger12315.cli.importing.answer import (
    Counts,
    import_result,
    lines_of_doubts,
    refused_import,
)
from ledger12315.cli.importing.learning import constants_of, read_mapping
from ledger12315.cli.importing.reading import IMPORT_OPTIONS, read_points
from ledger12315.errors import Message, Refused, message
from ledger12315.ledger.importing.points import PointIntake, take_in_points
from ledger12315.locale import _
from ledger12315.register.points import PEOPLE, POINT_ROWS

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
