"""A register's file: its sheets' rows that are complaints, and those that are not. 三(四)4

Anything unclear is a problem, never a guess.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache, partial
from itertools import chain, islice, zip_longest
from typing import NamedTuple

from ledger12315.boxes import Box
from ledger12315.boxes.amounts import Money
from ledger12315.boxes.kinds import DayAhead, Value
from ledger12315.boxes.reading import (
    CONTINUED,
    Misread,
    ReadCell,
    cell_name,
    cell_text,
    join_marked_lines,
    to_half_width,
)
from ledger12315.boxes.worded import UnknownWord
from ledger12315.errors import Message, message
from ledger12315.register.headings import (
    BOXES,
    IGNORED,
    NAMES,
    NUMBERINGS,
    Clean,
    Heading,
    Years,
    cell_reader,
    find_heading,
    heading_text,
    is_running_number,
    names_filled_in,
    unit_of_column,
)
from ledger12315.register.learned import MEANINGS, Learned, bare_heading, is_numbering_heading
from ledger12315.register.meaning import (
    IN_REMARK,
    number_monthly,
    printed_in_register,
    split_remark,
)
from ledger12315.rules.checks import disputed_amount, notes_on_surplus
from ledger12315.rules.doubts import Stretch, stated_periods

MOST_PROBLEMS, _MOST_SHOWN = 10_000, 100
"""The most problems that are collected, and the most characters kept of each value."""
# The number of values cached for each column: most repeat.
_ROWS_KEPT = 5_000
# Boxes that a row can fill without a column.
_DERIVED = ("external_no", *IN_REMARK)
_TOTAL_OF_ROWS = re.compile("(本[页月季年期]|全[年部])?(合计|总计|小计|累计):?")
_LABEL_IN_ROW = re.compile("[^:]{1,12}:")
SheetRow = tuple[int, Sequence[ReadCell]]


class RowProblem(NamedTuple):
    """A problem that prevents the import of a row, or a doubt about it.

    `place` is its column, counted from 0, and `column` the heading as written there; both are None
    if the problem concerns no column. The days are the row's, if they can be read.
    """

    sheet: str | None
    row: int
    place: int | None
    column: str | None
    box: str
    value: str
    problem: Message
    received: Value | None = None
    closed: Value | None = None

    @property
    def cell(self) -> str:
        """The name of its cell, with the sheet's if it has one: 11月!B5."""
        place = str(self.row) if self.place is None else cell_name(self.row, self.place)
        return f"{self.sheet}!{place}" if self.sheet else place


class RegisterTable:
    """A sheet's rows below their heading (the sheet is None in csv), and the boxes they fill.

    `unknown` has the unexplained words of boxes, each with its heading; `legible` are the boxes
    with a value that could be read. `titles` are the texts above the heading, and the names of
    sheet and file.
    """

    def __init__(
        self,
        sheet: str | None,
        heading: Heading,
        clean: Callable[[Box, str], Clean],
        instead: Mapping[str, int],
        filled: Mapping[str, Value],
        titles: Sequence[str],
    ) -> None:
        self.sheet = sheet
        self._titles, self._months = titles, Counter[date]()
        known = (box for box in (*heading.boxes, *instead, *filled) if box in BOXES)
        self.keys = tuple(dict.fromkeys((*known, *_DERIVED)))
        self.unknown: dict[tuple[str, str], str] = {}
        self.legible: set[str] = set()
        self._texts, self._boxes, self._words = heading.texts, heading.boxes, heading.words
        self._lent = {*instead.values()}
        self.sources = {*heading.boxes, *instead, *filled}
        if "monthly_no" in self.sources:
            self.sources.add("external_no")
        self._received = filled.get("received")
        columns = [*enumerate(self._boxes), *((place, box) for box, place in instead.items())]
        columns.sort(key=lambda column: column[1] != "received")  # other days depend on it
        self._columns = [
            (place, box, lru_cache(_ROWS_KEPT)(clean(BOXES[box], heading.texts[place])))
            for place, box in columns
            if box in BOXES
        ]
        self._bare = [place for place, text in enumerate(heading.texts) if not text]
        self._below = False

    def count(self, received: Value | None) -> None:
        """Count the month of a row's day of receipt."""
        if isinstance(received, date):
            self._months[received.replace(day=1)] += 1

    @cached_property
    def stated(self) -> tuple[list[Stretch], bool]:
        """The periods that the sheet is about, by its titles or most rows; complete at its end."""
        return stated_periods(self._titles, self._months)

    def problem(
        self, row: int, box: str, why: Message, value: str = "", cells: Sequence[ReadCell] = ()
    ) -> RowProblem:
        """Return a box's problem with the name and value of its first column."""
        place = heading = None
        if box == "external_no" and "monthly_no" in self._boxes:
            box = "monthly_no"
        if box and box in self._boxes:
            place = self._boxes.index(box)
            value = cell_text(cells[place]) if place < len(cells) else value
            heading = self._texts[place]
        return RowProblem(self.sheet, row, place, heading, box, value[:_MOST_SHOWN], why)

    def heading_problems(self, row: int, required: Sequence[str]) -> Iterator[RowProblem]:
        """Yield the problems of the heading itself."""
        for place, (text, box) in enumerate(zip(self._texts, self._boxes, strict=True)):
            if text and not box and place not in self._lent:
                why = message("this heading is unknown; use --map to say what it means")
            elif box in self._boxes[:place] and box not in ("", IGNORED):
                why = message("it appears twice")
            else:
                continue
            yield RowProblem(self.sheet, row, place, text, "", text[:_MOST_SHOWN], why)
        for box in required:
            if box not in self.sources:
                why = message("there is no such column")
                if box == "point":
                    why = message("no column gives the point; add --point")
                yield RowProblem(self.sheet, row, None, BOXES[box].heading, box, "", why)

    def read(
        self, cells: Sequence[ReadCell]
    ) -> tuple[dict[str, Value], list[tuple[str, Message]]]:
        """Return a row's boxes, and those that cannot be read."""
        given: dict[str, Value] = {}
        wrong = []
        for place, box, clean in self._columns:
            cell = cells[place] if place < len(cells) else None
            if cell is None:
                continue
            received = given.get("received", self._received)
            ahead = isinstance(received, date) and isinstance(BOXES[box].kind, DayAhead)
            try:
                if (value := clean(cell, received if ahead else None)) is not None:
                    given[box] = value
            except Misread as misread:
                wrong.append((box, misread.message))
                if isinstance(misread, UnknownWord) and box in MEANINGS:
                    self.unknown[box, misread.word] = self._texts[place]
        self.legible.update(given)
        return given, sorted(wrong, key=lambda each: self.keys.index(each[0]))

    def is_margin(self, cells: Sequence[ReadCell]) -> bool:
        """Return whether an incomplete row belongs to no complaint.

        It may be a total, a repeated heading, or a line below the table.
        """
        texts = ("".join(to_half_width(text).split()) for text in map(heading_text, cells))
        filled = [*filter(None, texts)]
        is_total = any(_TOTAL_OF_ROWS.fullmatch(text) for text in filled)
        if is_total or all(_LABEL_IN_ROW.match(text) for text in filled):
            self._below = True
            return True
        if self._below and len(filled) == 1:
            return True
        return all(bare_heading(text) in self._words for text in filled)

    def values_without_heading(self, row: int, cells: Sequence[ReadCell]) -> Iterator[RowProblem]:
        """Yield values in columns that have no heading."""
        if not self._bare and len(cells) <= len(self._texts):
            return
        for place in (*self._bare, *range(len(self._texts), len(cells))):
            if place < len(cells) and (text := cell_text(cells[place])).strip():
                why = message("column {number} has no heading", number=place + 1)
                yield RowProblem(self.sheet, row, place, None, "", text[:_MOST_SHOWN], why)


class Entry(NamedTuple):
    """One row of a register; its values are in the order of the table's keys."""

    table: RegisterTable
    row: int
    values: tuple[Value | None, ...]

    def boxes(self) -> dict[str, Value]:
        """Return the boxes that the row fills."""
        pairs = zip(self.table.keys, self.values, strict=True)
        return {key: value for key, value in pairs if value is not None}

    def problem(self, box: str, why: Message) -> RowProblem:
        """Return a problem of a box of this row."""
        value = self.boxes().get(box)
        text = "" if value is None else printed_in_register(box, value)
        return self.table.problem(self.row, box, why, text)


_HEADING_WITHIN = 30
REQUIRED = ("point", "external_no", "received", "complainant", "item")
_OF_VOID = ("point", "external_no")
_MORE_RECOVERED = message(
    "More is recovered than was in dispute, but no multiple damages are given: is it right?"
)


class Register:
    """The sheets of one file, and what reading them has found.

    * `read` and `headed`: how many rows there are, and how many sheets with a heading; `left_out`
      are the other sheets. If no heading is known, a row of `likely` ones is used, and somebody is
      asked about it. `first_rows`: the number of the row below each sheet's heading.
    * `columns`: all headings in order; `titled`: the sheets whose heading has text above it, with
      its row; `filled_in_by`: the names after 填报单位 in such texts.
    * `unknown_headings`; `unknown_words`, each with its heading, by box and word.
    * `name` is the file's; with the sheet's and the titles it may state a period.
    * `filled`: values for boxes without a column or cell; `substituted`: boxes that another box's
      column fills.
    * `legible`: boxes with a value that could be read.
    * `doubts`: doubtful rows by box and reason; `years`: those added to days without one;
      `in_wan`: the headings whose amounts are in 万元.
    """

    def __init__(
        self,
        learned: Learned,
        today: date,
        point_given: bool,
        likely: Callable[[str], bool] | None = None,
        filled: Mapping[str, Value] = {},
        name: str = "",
    ) -> None:
        self._learned, self._today, self._likely = learned, today, likely
        self._name = name
        self._required, self._filled = REQUIRED[point_given:], filled
        self.columns: dict[str, None] = {}
        self.substituted: set[str] = set()
        self.doubts: dict[tuple[str, str], list[int]] = {}
        self.problems: list[RowProblem] = []
        self.left_out: list[str | None] = []
        self.titled: list[tuple[str | None, int]] = []
        self.filled_in_by: list[str] = []
        self.first_rows: dict[str | None, int] = {}
        self.years: set[int] = set()
        self.in_wan: dict[str, None] = {}
        self.unknown_headings: dict[str, None] = {}
        self.unknown_words: dict[tuple[str, str], str] = {}
        self.boxes: set[str] = set()
        self.legible: set[str] = set()
        self.headed = self.read = 0

    def entries(self, sheet: str | None, rows: Iterable[SheetRow]) -> Iterator[Entry]:
        """Yield the rows that have no problem by themselves.

        Titles, totals, blank rows and texts below the table are left out.
        """
        coming = iter(rows)
        first = list(islice(coming, _HEADING_WITHIN))
        top = [cells for _, cells in first]
        heading = find_heading(top, self._learned.headings, self._likely)
        if heading is None:
            self.left_out += [sheet] if first else []
            return
        self.headed += 1
        row = first[heading.rows - 1][0]
        self.first_rows[sheet] = row + 1
        titles = [text for _, cells in first[: heading.top - 1] for text in map(cell_text, cells)]
        self.titled += [(sheet, row)] if any(titles) else []
        self.filled_in_by += names_filled_in(titles)
        names = [*titles, sheet or "", self._name]
        years = Years(names)
        self._note(heading)
        self.in_wan |= dict.fromkeys(_amounts_in_wan(heading, titles))
        clean = partial(
            cell_reader, today=self._today, learned=self._learned, years=years, titles=titles
        )
        instead = self._instead(heading)
        self.substituted.update(instead)
        table = RegisterTable(sheet, heading, clean, instead, self._filled, names)
        required = self._required_of(heading)
        self.problems += table.heading_problems(row, required)
        if not {*required} <= table.sources:
            return
        for row_, cells in _join_continued(chain(first[heading.rows :], coming)):
            if entry := self._entry(table, row_, cells, required):
                yield entry
            if len(self.problems) >= MOST_PROBLEMS:
                break
        self.years |= years.used
        self.unknown_words |= table.unknown
        self.legible |= table.legible

    def _note(self, heading: Heading) -> None:
        """Note a heading's boxes, and its texts that need an explanation.

        A point's running number may be the only number of its complaints.
        """
        self.boxes.update(heading.boxes)
        self.columns |= dict.fromkeys(filter(None, heading.texts))
        numbered = NUMBERINGS & {*heading.boxes}
        for text, box in zip(heading.texts, heading.boxes, strict=True):
            running = is_running_number(text) and bare_heading(text) not in self._learned.headings
            if text and (not box or (running and not numbered)):
                self.unknown_headings[text] = None

    def _instead(self, heading: Heading) -> dict[str, int]:
        """Return the columns that fill boxes without a column of their own."""
        texts = [*map(bare_heading, heading.texts)]
        return {
            box: texts.index(text)
            for box, text in self._learned.instead.items()
            if text in texts and box not in heading.boxes
        }

    def _required_of(self, heading: Heading) -> Sequence[str]:
        """Return the required boxes, without the number if somebody left the numbers out."""
        left_out = (
            is_numbering_heading(text) or NAMES.get(text) == "external_no"
            for text in map(bare_heading, heading.texts)
            if self._learned.headings.get(text) == IGNORED
        )
        numbered = NUMBERINGS & {*heading.boxes}
        if numbered or not any(left_out):
            return self._required
        return [box for box in self._required if box != "external_no"]

    def _entry(
        self, table: RegisterTable, row: int, cells: Sequence[ReadCell], required: Sequence[str]
    ) -> Entry | None:
        given, wrong = table.read(cells)
        number_monthly(given)
        void = given.get("outcome") == "void"
        needed = _of_void(required) if void else required
        if not (given or wrong) or (not {*needed} <= given.keys() and table.is_margin(cells)):
            return None
        self.read += 1
        given = {**self._filled, **given}
        stated = given.keys() | dict(wrong)
        wrong += ((box, message("it is missing")) for box in needed if box not in stated)
        if not wrong and not void:
            wrong += split_remark(given, self._today)
        found = [table.problem(row, box, why, cells=cells) for box, why in wrong]
        found += table.values_without_heading(row, cells)
        received, closed = given.get("received"), given.get("closed")
        table.count(received)
        self.problems += [each._replace(received=received, closed=closed) for each in found]
        if found:
            return None
        self._doubt(row, given)
        return Entry(table, row, tuple(map(given.get, table.keys)))

    def _doubt(self, row: int, given: Mapping[str, Value]) -> None:
        for box, value in given.items():
            kind = BOXES[box].kind
            if kind.doubted_aloud and (why := kind.doubt(value, self._today)):
                self.doubts.setdefault((box, why.id), []).append(row)
        if disputed_amount(given) and [*notes_on_surplus(given)]:
            self.doubts.setdefault(("recovered", _MORE_RECOVERED.id), []).append(row)


def _amounts_in_wan(heading: Heading, titles: Sequence[str]) -> Iterator[str]:
    for text, key in zip(heading.texts, heading.boxes, strict=True):
        box = BOXES.get(key or "")
        if box and isinstance(box.kind, Money) and "万元" in unit_of_column(text, titles):
            yield text


def _join_continued(rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
    """Yield rows, joined with those that continue them: long texts are printed in several."""
    number, held = 0, list[ReadCell]()
    for row, cells in rows:
        if held and cells and cells[0] == CONTINUED:
            more = zip_longest(held, [None, *cells[1:]])
            held = [before if cell is None else _text_with(before, cell) for before, cell in more]
            continue
        if held:
            yield number, held
        number, held = row, [*cells]
    if held:
        yield number, held


def _text_with(before: ReadCell, cell: ReadCell) -> str:
    return join_marked_lines(f"{cell_text(before)}\n{cell_text(cell)}")


def _of_void(required: Sequence[str]) -> Sequence[str]:
    """Return the boxes that a void row requires: its number, unless numbers are left out."""
    numbered = "external_no" in required
    return [box for box in required if box in _OF_VOID] if numbered else required
