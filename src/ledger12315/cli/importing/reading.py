"""Reading a register from its file; on a terminal, unknown headings and words are asked for."""

from collections.abc import Mapping
from contextlib import ExitStack, closing
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ledger12315.boxes import Option
from ledger12315.boxes.kinds import LONG, PATH, Several, Value
from ledger12315.boxes.names import comparable_name
from ledger12315.cli.asking.drafts import Draft
from ledger12315.cli.face.desk import Desk, tell
from ledger12315.cli.face.options import DRY_RUN, EXIT_CODE
from ledger12315.cli.face.progress import steps
from ledger12315.cli.importing.answer import NAMED
from ledger12315.cli.importing.learning import LEAVE_OUT, Answers, ask_point
from ledger12315.errors import Message, Unacceptable, first_few, message
from ledger12315.ledger import words
from ledger12315.ledger.importing.taking_in import Entries
from ledger12315.ledger.points import Point, names_of_point, points
from ledger12315.register.file import Register
from ledger12315.register.headings import COMPLAINT_ROWS
from ledger12315.register.learned import Learned, bare_heading
from ledger12315.register.points import POINT_ROWS, PointsFile
from ledger12315.register.rows import Entry
from ledger12315.sheets.incoming.ooxml import MOST_ROWS
from ledger12315.sheets.incoming.reading import read_sheets

IMPORT_OPTIONS = (
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
    EXIT_CODE._replace(help="exit with 1 when a row is doubted"),
)
"""The options of every import."""


class ReadRegister(NamedTuple):
    """A register that was read, its point, and the new meanings given for it.

    The `entries` are its rows that have no problem by themselves; answers are in the `draft` until
    the register is taken in.
    """

    register: Register
    entries: Entries
    point: Point | None
    news: Learned
    draft: Draft


def read_register(
    desk: Desk,
    file: Path,
    point: Point | None,
    said: Learned,
    constants: Mapping[str, Value],
) -> ReadRegister:
    """Return a register; at a terminal, unknown headings and words are asked for.

    `constants` are values of boxes that no cell fills. Raises Unacceptable.
    """
    (known, others), answers = _known_meanings(desk, point), Answers(desk, said, COMPLAINT_ROWS)
    answers.take_up(point)
    asked = False
    while True:
        learned = others.merged(known).merged(answers.learned).merged(said)
        given = point is not None or "point" in constants
        register = Register(learned, desk.today, given, desk.asks, constants, file.stem)
        with ExitStack() as held:
            entries = held.enter_context(closing(Entries()))
            remarks = _stage_rows(entries, file, register)
            _demand_point_above(desk, file, register, point)
            whose = given or asked or "point" in register.boxes
            if desk.asks and not asked:
                _tell_columns(register, whose)
            asked = True
            if desk.asks and not whose:
                point = ask_point(desk)
                known, others = _known_meanings(desk, point)
                answers.take_up(point)
            elif not (desk.asks and answers.ask(register)):
                held.pop_all()  # the caller closes them
                break
    _tell_of_reading(register, remarks)
    _tell_of_others(register, others, answers.learned.merged(said))
    news = _kept_meanings(register, answers.learned.merged(said).difference(known))
    return ReadRegister(register, entries, point, news, answers.draft)


def read_points(
    desk: Desk, file: Path, said: Learned, constants: Mapping[str, Value]
) -> tuple[PointsFile, list[Entry], Draft]:
    """Return a file of points, its rows without a problem, and the draft of its answers.

    At a terminal, unknown headings and words are asked for. Raises Unacceptable.
    """
    answers, asked = Answers(desk, said, POINT_ROWS), False
    answers.take_up(None)
    while True:
        learned = answers.learned.merged(said)
        register = PointsFile(learned, desk.today, False, desk.asks, constants, file.stem)
        entries: list[Entry] = []
        remarks = _stage_rows(entries, file, register)
        if desk.asks and not asked:
            _tell_columns(register, True)
        asked = True
        if not (desk.asks and answers.ask(register)):
            break
    _tell_of_reading(register, remarks)
    return register, entries, answers.draft


def _demand_point_above(desk: Desk, file: Path, register: Register, point: Point | None) -> None:
    """Raise Unacceptable if the text above a heading names another point than the given one."""
    if not point or "point" in register.boxes:
        return
    with desk.read() as ledger:
        ids = [each.id for each in points(ledger) if each.id != point.id]
        named = {name for id_ in ids for name in names_of_point(ledger, id_, hosts=False)}
        own = {*map(comparable_name, names_of_point(ledger, point.id))}
    others, told = {*map(comparable_name, named)} - own, register.filled_in_by
    if other := next((name for name in told if comparable_name(name) in others), None):
        raise Unacceptable(
            "{path} is for {other}, not for {right}.", path=file, other=other, right=point.name
        )


def _known_meanings(desk: Desk, point: Point | None) -> tuple[Learned, Learned]:
    """Return the meanings in a point's registers, and those of headings at other points."""
    with desk.read() as ledger:
        own = words.learned_meanings(ledger, point)
        found = words.headings_elsewhere(ledger, point)
    return own, Learned({key: box for key, box in found.items() if key not in own.headings}, {})


def _tell_of_others(register: Register, others: Learned, own: Learned) -> None:
    """Print the headings that mean what they mean in other points' registers."""
    columns = [text for text in register.columns if bare_heading(text) in others.headings]
    if taken := [text for text in columns if bare_heading(text) not in own.headings]:
        boxes = register.subject.boxes
        codes = (others.headings[bare_heading(text)] for text in taken)
        meanings = [boxes[code].heading if code in boxes else LEAVE_OUT for code in codes]
        said = [f"{text}={meaning}" for text, meaning in zip(taken, meanings, strict=True)]
        tell(message("Headings as in other points' registers: {headings}", headings=said))


def _kept_meanings(register: Register, news: Learned) -> Learned:
    """Return the meanings to keep for the next register, without replaced columns."""
    kept = {
        name: box
        for name, box in news.headings.items()
        if register.subject.names.get(name) not in register.substituted
    }
    return news._replace(headings=kept)


def _tell_columns(register: Register, whose: bool) -> None:
    """Print the names of the columns before questions about them or about the point."""
    if register.unknown_headings or register.unknown_words or not whose:
        tell(message("The columns: {columns}", columns=[*register.columns]))


def _stage_rows(entries: Entries | list[Entry], file: Path, register: Register) -> list[Message]:
    """Add all rows that have no problem by themselves; return notes on what is not read.

    Raises Unacceptable.
    """
    hidden, merged = list[str | None](), list[str]()
    with steps(message("Reading")) as step:
        for sheet in read_sheets(file):
            if sheet.hidden:
                hidden.append(sheet.name)
                continue
            rows = register.entries(sheet.name, sheet.rows)
            while batch := list(islice(rows, 1000)):
                entries.extend(batch)
                step(len(batch))
            below = register.first_rows.get(sheet.name, MOST_ROWS)
            merged += (f"{sheet.name}!{each.cells}" for each in sheet.merged if each.row >= below)
    if not register.headed:
        raise Unacceptable(
            "{file} has no row of known headings; at least {boxes} are needed. Use --map to "
            "say what other headings mean.",
            file=file,
            boxes=[register.subject.boxes[box].label for box in register.subject.required],
        )
    remarks = [message("Hidden sheets are left out: {names}", names=hidden)] if hidden else []
    if merged:
        remark = message(
            "Only the first row of merged cells has their value, and the rows below it have none:"
            " {cells}. If the value is theirs too, unmerge the cells and fill in each row.",
            cells=first_few(merged, NAMED),
        )
        remarks.append(remark)
    return remarks


def _tell_of_reading(register: Register, remarks: list[Message]) -> None:
    """Print notes on the parts of a file that are left out, and on years that are added."""
    tell(*remarks)
    if register.left_out:
        names = register.left_out
        tell(message("Sheets without a row of headings are left out: {names}", names=names))
    if register.titled:
        places = [
            message("{row} of {sheet}", row=row, sheet=sheet) if sheet else row
            for sheet, row in register.titled
        ]
        tell(message("Rows above the headings are ignored; headings in row: {rows}", rows=places))
    if register.years:
        years = sorted(register.years)
        tell(message("Dates without a year are read as {years}.", years=years))
    if register.in_wan:
        tell(message("Amounts in 万元: {columns}.", columns=[*register.in_wan]))
    for (box, why), rows in register.doubts.items():
        values = {
            "box": register.subject.boxes[box].label,
            "problem": Message(why, {}),
            "rows": first_few(rows, NAMED),
        }
        tell(message("{box}: {problem} Rows: {rows}", **values))
