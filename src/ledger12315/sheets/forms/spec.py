"""The parts of a form: neutral values, nothing of a workbook."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from ledger12315.boxes import Box
from ledger12315.boxes.forms import COMPLAINT, POINT
from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.tables import TABLES
from ledger12315.renamed import in_year_words
from ledger12315.rules.measures import COLUMNS, TOTAL, Figures
from ledger12315.rules.periods import Period, ReturnDates
from ledger12315.rules.profile import Profile
from ledger12315.rules.rates import Rate, rates_by
from ledger12315.rules.reported import Carried, Stamp
from ledger12315.words import Vocabulary

Fields = Mapping[str, Any]
"""The ledger's values of a complaint, a point or another thing, by key."""
CellValue = str | int | Decimal | date | None
"""A text, a count, an exact amount (shown with two decimals), a day or nothing."""


DASH = "—"
"""The text of a rate with a zero denominator."""


def decimal_yuan(fen: int) -> Decimal:
    """Return 分 as exact yuan."""
    return Decimal(fen) / 100


def yuan_if_stated(fen: int | None) -> Decimal | None:
    """Return 分 as exact yuan; nothing for an amount that nobody stated."""
    return None if fen is None else decimal_yuan(fen)


class Cell(NamedTuple):
    """A value, and the defined name for other programs.

    `look` names a special format: "part" for a row that is part of the one above, or a word of
    COUNTED, or one of SIGNED_NUMBERS.
    """

    value: CellValue
    name: str = ""
    bold: bool = False
    look: str = ""


COUNTED = ("受理", "办结", "按时")
"""The words before a count of complaints that has no heading of its own."""
SIGNED_NUMBERS = {
    "signed": "+0;-0;0",
    "signed money": "+0.00;-0.00;0.00",
    "points": '+0.00"个百分点";-0.00"个百分点";0.00"个百分点"',
}
"""The looks of differences, and their formats."""


FormRow = Sequence[Cell | CellValue]
"""A row of a table; long registers have bare values."""


def cell_of(cell: Cell | CellValue) -> Cell:
    """Return a cell of a table, which may be a bare value."""
    return cell if isinstance(cell, Cell) else Cell(cell)


def figure_cells(name: str, values: Iterable[CellValue]) -> Iterator[Cell]:
    """Yield figures in the order of COLUMNS, with defined names `<name>_<column>`."""
    for column, value in zip(COLUMNS, values, strict=True):
        yield Cell(value, f"{name}_{column}", column == TOTAL)


class FormColumn(NamedTuple):
    """A column of a table; `key` names its value in a row.

    `width` is in half-width characters; figures that need more get it.
    """

    heading: str
    width: int
    align: str = "center"
    key: str = ""
    hidden: bool = False


def declared_columns(declared: str) -> tuple[FormColumn, ...]:
    """Return the columns of a table from lines `heading width key [align]`."""
    lines = map(str.split, declared.strip().splitlines())
    return tuple(
        FormColumn(heading, int(width), "".join(align) or "center", key)
        for heading, width, key, *align in lines
    )


def type_columns(total: int, each: int) -> Iterator[FormColumn]:
    """Yield the columns of figures in the order of COLUMNS, with these widths."""
    for code, word in COLUMNS.items():
        yield FormColumn(word.zh, total if code == TOTAL else each, "right")


def table_rows(
    columns: Iterable[FormColumn], rows: Iterable[Mapping[str, Cell | CellValue]]
) -> Iterator[FormRow]:
    """Yield the values of each row in the columns.

    A row's number is its `place`, unless the row has another.
    """
    keys = [column.key for column in columns]
    for place, row in enumerate(rows, 1):
        numbered = {"place": place, **row}
        yield [numbered.get(key) for key in keys]


SIGNED = (("单位负责人（盖章）：", "审核人：", "填表人：", "联系电话：", "填报日期："),)
"""The line below most forms."""
GRID = 16
"""The number of columns that the boxes of a page share."""


class FormBox(NamedTuple):
    """A label and the value next to it, over `span` columns and at least `lines` lines.

    A label takes 2 columns of the grid, the first of a row 3. A box without a label is all value
    or, with `heads`, the heading of the rows below.
    """

    label: str
    value: str | None
    span: int
    lines: int = 1
    heads: bool = False


class Line(NamedTuple):
    """Boxes whose columns add up to GRID.

    Lines of one `group` are next to its name, which takes a column of the first label.
    """

    boxes: tuple[FormBox, ...]
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSheet:
    """One form; consecutive sheets of one name are the pages of one worksheet.

    A table or boxes come between `left`, `right`, `prose` above and `closing`, `signatures` by
    line, `notes` below. On further pages of a sheet at full size, `subject` names its subject;
    without it the last of `right` does. `rows` are read once. `about` goes into the file's
    properties, for the ledger's keeper.
    """

    name: str
    title: str
    left: str = ""
    right: tuple[str, ...] = ()
    subject: str = ""
    prose: tuple[str, ...] = ()
    columns: tuple[FormColumn, ...] = ()
    rows: Iterable[FormRow] = ()
    bars: tuple[int, ...] = ()
    """Columns of percentages, counted from 0, with a chart next to the table."""
    boxes: tuple[Line, ...] = ()
    closing: tuple[str, ...] = ()
    signatures: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    landscape: bool = False
    fits: Literal["page", "width", ""] = "width"
    """Shrunk to one page; a table with repeated headings; or pages with their own titles.

    A further page of the last kind has the title and the subject.
    """
    row_height: int = 20
    """The least height of a row, in points."""
    hidden: bool = False
    """Whether the sheet is hidden: it is for programs, and not printed."""


def title_and_head(form: str, unit: str, when: str) -> dict[str, Any]:
    """Return the title of a form of the plan, and the lines above its table or boxes."""
    return {"name": form, "left": f"填报单位：{unit}", "right": (f"表号：{form}", when)}


@dataclass(frozen=True, slots=True)
class Head:
    """All of a return except its figures.

    `liaison` has name and phone. `missing` names the points whose return has not come; None if the
    ledger records no returns. `unrecorded` has the keys of measures without any record in the
    ledger. `stamp` is of the station's return once it is submitted, `received` the day on which a
    point's came, None if unknown. `withdrawn` has the days of submission and withdrawal of those
    that came back. `late` names the points whose return came after its day. `provisional` says
    that a due date behind the figures depends on a year without a notice. `chain` is the head of
    the ledger's history.
    `key` identifies the station under any name, `county` is the county to whose desk it reports.
    `year_before` is the reading of the year in the annual return of the year before, if it was
    submitted. `parts` are the periods that add up to an annual return. `sent` names the points
    whose own totals replace their cases, `left_open` those with only the open cases of totals.
    `carried` has the corrections of earlier returns, None if nothing was submitted before.
    `schema` is the ledger's, or the oldest of several; it determines the measures.
    """

    unit: str
    period: Period
    as_of: date | None
    dates: ReturnDates | None
    settings: Mapping[str, str]
    of_point: bool = False
    liaison: tuple[str, str] = ("", "")
    officer: str = ""
    stamp: Stamp | None = None
    withdrawn: Sequence[tuple[date, date]] = ()
    received: date | None = None
    missing: tuple[str, ...] | None = None
    late: tuple[str, ...] = ()
    unrecorded: tuple[str, ...] = ()
    provisional: bool = False
    chain: str = ""
    key: str = ""
    county: str = ""
    year_before: str = ""
    parts: tuple[tuple[Period, Figures], ...] = ()
    sent: tuple[str, ...] = ()
    left_open: tuple[str, ...] = ()
    carried: Carried | None = None
    schema: int = 0

    @property
    def made(self) -> date | None:
        """The day it was submitted."""
        return self.stamp and self.stamp.moment.date()

    @property
    def last(self) -> date:
        """The last day that counts."""
        return self.as_of or self.period.last

    @property
    def rates(self) -> tuple[Rate, ...]:
        """The rates by the settings."""
        return rates_by(self.settings)


_BOXES_BY_KEY: Mapping[str, Box] = {**POINT, **COMPLAINT}
# The widths of boxes, by their number in a line.
_SPANS = {1: (13,), 2: (6, 5), 3: (3, 3, 3)}


def on_paper(row: Fields, key: str) -> str:
    """Return the printed text of a box of Attachment 1 or 4."""
    value, box = row[key], _BOXES_BY_KEY.get(key)
    if said := row.get("local_words"):
        value = json.loads(said).get(key, value)
    if value is None:
        return ""
    return box.kind.printed(value) if box else str(value)


def fill_layout(layout: str, row: Fields, **lines: int) -> Iterator[Line]:
    """Yield the lines of a page, from `layout`: [group] label key label key …

    `lines` has the minimal height of some boxes, in lines.
    """
    for words in map(str.split, layout.strip().splitlines()):
        group = words.pop(0) if len(words) % 2 else ""
        spans = zip(words[::2], words[1::2], _SPANS[len(words) // 2], strict=True)
        boxes = (
            FormBox(label, on_paper(row, key), span, lines.get(key, 1))
            for label, key, span in spans
        )
        yield Line(tuple(boxes), group)


def chinese_of(words: Vocabulary, code: str | None) -> str:
    """Return the Chinese of a fixed word, or nothing for none."""
    return in_year_words(words[code].zh) if code else ""


def join_parts(*parts: object) -> str:
    """Return the parts that are not empty, with blanks between them; days as forms print them."""
    days = (DAY.printed(part) if isinstance(part, date) else part for part in parts if part)
    return " ".join(map(str, days))


def change_in_words(key: str, was: str | None, becomes: str | None) -> str:
    """Return a change of a point as a sentence."""
    box = TABLES["point"][key]
    words = box.kind.words
    before, after = (chinese_of(words, each) if words else each for each in (was, becomes))
    return f"{box.heading}由{before or '无'}变更为{after or '无'}"


ON_RECORD = "在册"


def status(point: Profile) -> str:
    """Return whether a point is in use."""
    return f"{DAY.printed(point.retired)}撤销" if point.retired else ON_RECORD
