"""A command's answer: rows, a record, sentences; and the one place that masks them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple

from ledger12315.boxes import Box
from ledger12315.boxes.kinds import LINE, Kind
from ledger12315.boxes.masks import (
    file_numbers,
    mask_around,
    mask_numbers,
    mask_people_of,
    mask_phones_of,
)
from ledger12315.boxes.tables import NARRATIVES, TEXTS
from ledger12315.boxes.worded import YES_OR_NO
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.terminals import safe, terminal_width
from ledger12315.errors import LedgerError, Message, message
from ledger12315.locale import by_language, day_words, render
from ledger12315.rules.workdays import ONE_DAY
from ledger12315.words import Word

Row = Mapping[str, Any]


class Toned(str):
    """A text with a tone: late, soon, met, provisional, title. A terminal in colour shows it."""

    tone: str

    def __new__(cls, text: str, tone: str) -> "Toned":
        """Return a text with its tone; "" is none."""
        toned = super().__new__(cls, text)
        toned.tone = tone
        return toned


ScreenLine = str | Sequence[str]
"""A line of a screen: one text, or several with tones of their own."""


class Column(NamedTuple):
    """One value of a row: its `key` in JSON, its headings in both languages, its kind.

    The English heading is the key unless `en` is given; `short` is the one for a narrow terminal.
    On one of 80 columns `narrow` columns break their text, and those without `screen` are left
    out. `group` is the part of the form with the column's box.
    """

    key: str
    zh: str
    en: str | None = None
    kind: Kind = LINE
    right: bool = False
    narrow: bool = False
    screen: bool = True
    group: Word | None = None
    short: str = ""

    @classmethod
    def of(cls, box: Box, narrow: bool = False, screen: bool = True) -> "Column":
        """Return the column that shows a box."""
        return cls(box.key, box.heading, None, box.kind, False, narrow, screen, box.group)

    @property
    def heading(self) -> str:
        """The heading in the reader's language."""
        english = self.key.replace("_", " ") if self.en is None else self.en
        return by_language(self.zh, english)

    def plain(self, value: Any) -> Any:
        """Return the value as JSON holds it."""
        return None if value is None else self.kind.plain(value)

    def text(self, value: Any) -> str:
        """Return the value as people read it, in their language."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return yes_or_no(value)
        return render(self.kind.shown(value))


def yes_or_no(value: bool) -> str:
    """Return 是 or 否, yes or no."""
    return render(YES_OR_NO.shown(value))


MAY_MOVE = Column("provisional", "暂定", short="may move")
"""Whether a due day depends on a holiday notice that is not known."""


class Table(NamedTuple):
    """Rows with their columns; `all` if they are the whole answer: an empty one gets a note.

    The rows are read once, as they are shown. `drawn` returns the lines of a table with its own
    layout on a terminal, `tones` the tones of a row's cells by key.
    """

    rows: Iterable[Row]
    columns: Sequence[Column]
    all: bool = False
    drawn: Callable[[list[Row]], Iterable[ScreenLine]] | None = None
    tones: Callable[[Row], Mapping[str, str]] = lambda _: {}


class Record(NamedTuple):
    """One row, shown as a line for each box that is filled, by the groups of its form."""

    row: Row
    columns: Sequence[Column]


class Aside(NamedTuple):
    """A sentence that is printed only on a terminal."""

    sentence: object


Part = Table | Record | Aside | Message | str
"""A part of an answer; a Message or text is a sentence."""


class Result(NamedTuple):
    """A command's answer.

    `parts` are for people; JSON prints the `document`, or else the one table or record; csv prints
    the table, if there is one. `before` and `notes` go to stderr, before and after the answer.
    `about` describes what was shown, for the record of revealed names. The `error` is raised after
    the answer.
    """

    parts: Sequence[Part] = ()
    document: object = None
    before: Sequence[object] = ()
    notes: Sequence[object] = ()
    about: str = ""
    exit_code: int = 0
    error: LedgerError | None = None


def answer_of_change(sentence: Message | str, document: object = None, **more: Any) -> Result:
    """Return the answer of a command that changes something, in words or as JSON."""
    return Result((sentence,), document, **more)


def answer_of_list(rows: Iterable[Row], columns: Sequence[Column], **more: Any) -> Result:
    """Return the answer of a command that lists rows."""
    return Result((Table(rows, columns, all=True),), **more)


def masked_rows(
    desk: Desk, rows: Iterable[Row], columns: Sequence[Column]
) -> Iterator[dict[str, Any]]:
    """Yield the rows with people masked, unless they are to be revealed."""
    # Most kinds mask only phones, and a long list has many cells.
    hide = {
        column.key: partial(desk.mask, column.kind)
        for column in columns
        if type(column.kind).mask is not Kind.mask
    }
    shown = [column.key for column in columns]
    own = [key for key in shown if key in TEXTS["complaint"]]
    told = [key for key in shown if key in NARRATIVES]
    for row in rows:
        kept = file_numbers(row) if own or told else ()
        hidden = {
            key: mask_around(kept, value, hide.get(key, mask_numbers))
            if isinstance(value, str)
            else value
            for key, value in row.items()
        }
        if (own or told) and row.get("complainant"):
            texts = {key: hidden[key] for key in own if hidden[key]}
            hidden |= mask_people_of(row, texts, desk.known_phones)
            # Every name that the ledger knows is masked in these already.
            texts = {key: hidden[key] for key in told if hidden[key]}
            hidden |= mask_phones_of(row, texts, desk.known_phones)
        if desk.reveal:  # a row may hold more than its columns show
            desk.revealed |= any(row.get(key) != hidden.get(key) for key in shown)
        yield dict(row) if desk.reveal else hidden


def shown_texts(desk: Desk, row: Row, boxes: Iterable[Box]) -> dict[str, str]:
    """Return the texts of the filled boxes, with consumers masked."""
    columns = [*map(Column.of, boxes)]
    shown = next(masked_rows(desk, [row], columns))
    texts = ((column.key, _shown_answer(column, shown.get(column.key))) for column in columns)
    return {key: text for key, text in texts if text}


def _shown_answer(column: Column, value: Any) -> str:
    """Return a value as a question shows it after its answer."""
    if isinstance(value, date):
        return day_words(value)
    unit = column.kind.unit if isinstance(value, int) else None
    return f"{column.text(value)} {render(unit)}" if unit else column.text(value)


def cells_of(rows: Iterable[Row], columns: Sequence[Column]) -> Iterator[list[str]]:
    """Yield each row's values as texts for people, each on one line."""
    # A long list mostly repeats the same few words and days.
    readers = [(column.key, lru_cache(partial(_cell, column))) for column in columns]
    for row in rows:
        yield [read(row[key]) for key, read in readers]


def _cell(column: Column, value: Any) -> str:
    return safe(column.text(value))


def aligned(lines: Sequence[Sequence[str]], indent: int = 0) -> Iterator[list[str]]:
    """Yield lines with aligned cells; an empty column takes no room."""
    widths = [max(map(terminal_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        parts, blanks = list[str](), indent
        for cell, width in zip(line, widths, strict=True):
            if cell:
                parts += [" " * blanks, cell]
                blanks = 0
            if width:
                blanks += width - terminal_width(cell) + 2
        yield parts


def line_width(line: ScreenLine) -> int:
    """Return the columns that a line takes on a terminal."""
    return sum(map(terminal_width, line))


def aligned_lines(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield lines with aligned cells as texts without tones."""
    return map("".join, aligned(lines))


def due_tone(due: date | None, today: date) -> str:
    """Return the tone of a due day: late, soon (today or tomorrow), or none."""
    if due is None or due > today + ONE_DAY:
        return ""
    return "late" if due < today else "soon"


def changes_in_words(number: str, boxes: Sequence[object]) -> Message:
    """Return the sentence on the boxes of a complaint or point that changed, if any did."""
    if boxes:
        return message("{number} is amended: {boxes}.", number=number, boxes=boxes)
    return message("{number} already has these values.", number=number)


PROVISIONAL_DAYS = message(
    "Some due dates are provisional: the holiday notice they depend on is not known."
)


def provisional_mark(provisional: bool) -> Message | str:
    """Return the mark after a date that an unknown holiday notice could move."""
    if provisional:
        return message(" (provisional: the holiday notice it depends on is not known)")
    return ""
