"""A sheet's rows below their heading, read into boxes. 三(四)4

Anything unclear is a problem, never a guess.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from ledger12315.boxes import Box
from ledger12315.boxes.kinds import DayAhead, Value
from ledger12315.boxes.reading import Misread, ReadCell, cell_name, cell_text, to_half_width
from ledger12315.boxes.worded import UnknownWord
from ledger12315.errors import Message, first_few, message
from ledger12315.register.headings import (
    IGNORED,
    Clean,
    Heading,
    Subject,
    heading_text,
)
from ledger12315.register.learned import (
    bare_heading,
    box_of_words,
    guess_column,
)
from ledger12315.register.meaning import (
    printed_in_register,
)
from ledger12315.rules.doubts import Stretch, stated_periods
from ledger12315.words import Vocabulary

MOST_PROBLEMS, _MOST_SHOWN = 10_000, 100
"""The most problems that are collected, and the most characters kept of each value."""
_SAMPLES, _SAMPLES_SHOWN, _LONGEST_SAMPLE = 50, 4, 20
# The number of values cached for each column: most repeat.
_ROWS_KEPT = 5_000
_TOTAL_OF_ROWS = re.compile("(本[页月季年期]|全[年部])?(合计|总计|小计|累计):?")
# In a row with names and dates in cells of their own, below or beside their labels.
_SIGNATURE = re.compile(
    "(?:合计|总计|小计|累计|(?:单位)?(?:经办|承办|审核|审批|复核|填表|填报|制表|登记|记录|负责)"
    r"(?:人员|人|日期|时间)?(?:\([^)]*\))?(?::|$))"
)
_LABEL_IN_ROW = re.compile("[^:]{1,12}:")
SheetRow = tuple[int, Sequence[ReadCell]]


def _bare_text(text: str) -> str:
    return "".join(to_half_width(text).split())


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

    `unknown` has the unexplained words of boxes, each with its heading; `strange` are the first
    ones below a heading that other boxes may bear. `legible` are the boxes with a value that
    could be read. `titles` are the texts above the heading, and the names of
    sheet and file. A row can fill the boxes in `derived` without a column.
    """

    def __init__(
        self,
        subject: Subject,
        sheet: str | None,
        heading: Heading,
        clean: Callable[[Box, str, Vocabulary | None], Clean],
        instead: Mapping[str, int],
        filled: Mapping[str, Value],
        titles: Sequence[str],
        derived: Sequence[str],
    ) -> None:
        self.sheet, self.subject = sheet, subject
        self._titles, self._months = titles, Counter[date]()
        boxes, meanings = subject.boxes, subject.meanings
        known = (box for box in (*heading.boxes, *instead, *filled) if box in boxes)
        self.keys = tuple(dict.fromkeys((*known, *derived)))
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
            (
                place,
                box,
                lru_cache(_ROWS_KEPT)(clean(boxes[box], heading.texts[place], meanings.get(box))),
            )
            for place, box in columns
            if box in boxes
        ]
        self.strange: dict[str, dict[str, None]] = {}
        self._bare = [place for place, text in enumerate(heading.texts) if not text]
        self._below = False

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

    def guessed_columns(self, rows: Sequence[SheetRow]) -> dict[str, str]:
        """Return the box, if any, that each unknown heading above these rows likely means."""
        subject = self.subject
        free = {box.heading: key for key, box in subject.boxes.items() if key not in self.sources}
        found = {}
        for place, (text, box) in enumerate(zip(self._texts, self._boxes, strict=True)):
            if text and not box:
                cells = (cells[place] for _, cells in rows if place < len(cells))
                words = [word for cell in cells if (word := heading_text(cell))]
                found[text] = guess_column(text, words, free, subject.usual, subject.meanings)
        return found

    def heading_problems(
        self, row: int, required: Sequence[str], guesses: Mapping[str, str]
    ) -> Iterator[RowProblem]:
        """Yield the problems of the heading itself; `guesses` has the unknown ones' boxes."""
        for place, (text, box) in enumerate(zip(self._texts, self._boxes, strict=True)):
            if text and not box and place not in self._lent:
                why = self._why_unknown(text, guesses[text])
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
                heading = self.subject.boxes[box].heading
                yield RowProblem(self.sheet, row, None, heading, box, "", why)

    def _why_unknown(self, text: str, guess: str) -> Message:
        """Return what to do about an unknown heading."""
        if guess:
            box = self.subject.boxes[guess].label
            return message(
                "this heading is unknown; say what it means: --map {heading}={box}",
                heading=text,
                box=box,
            )
        return message("this heading is unknown; use --map to say what it means")

    def read(
        self, cells: Sequence[ReadCell]
    ) -> tuple[dict[str, Value], list[tuple[str, Message]], dict[tuple[str, str], str]]:
        """Return a row's boxes, those that cannot be read, and the unexplained words."""
        given: dict[str, Value] = {}
        wrong, unknown = [], {}
        for place, box, clean in self._columns:
            cell = cells[place] if place < len(cells) else None
            if cell is None:
                continue
            received = given.get("received", self._received)
            ahead = isinstance(received, date) and isinstance(
                self.subject.boxes[box].kind, DayAhead
            )
            try:
                if (value := clean(cell, received if ahead else None)) is not None:
                    given[box] = value
            except Misread as misread:
                wrong.append((box, misread.message))
                if isinstance(misread, UnknownWord):
                    unknown[box, misread.word] = self._texts[place]
        return given, sorted(wrong, key=lambda each: self.keys.index(each[0])), unknown

    def learn(self, given: Mapping[str, Value], unknown: Mapping[tuple[str, str], str]) -> None:
        """Note what a row of the table shows about its columns."""
        self.legible.update(given)
        for (box, word), heading in unknown.items():
            if box in self.subject.meanings:
                self.unknown[box, word] = heading
            elif box in self.subject.ambiguous:
                samples = self.strange.setdefault(box, {})
                if len(samples) < _SAMPLES:
                    samples[word[:_LONGEST_SAMPLE]] = None
        if isinstance(received := given.get("received"), date):
            self._months[received.replace(day=1)] += 1

    def ambiguous_headings(self) -> Iterator["Ambiguous"]:
        """Yield the headings that other boxes may bear, as their words show."""
        boxes = self.subject.boxes
        for box, words in self.strange.items():
            place = self._boxes.index(box)
            others = [key for key in self.subject.ambiguous[box] if key not in self.sources]
            likely = box_of_words(words, {key: self.subject.meanings[key] for key in others})
            why = message(
                "{heading} may mean {boxes}; its words: {words}",
                heading=self._texts[place],
                boxes=[boxes[key].name for key in (box, *others)],
                words=first_few(words, _SAMPLES_SHOWN),
            )
            yield Ambiguous(place, self._texts[place], box, likely, why)

    def is_margin(self, cells: Sequence[ReadCell], given: Mapping[str, Value]) -> bool:
        """Return whether an incomplete row is none of the table's.

        It may be a total, a repeated heading, signatures, or a line below the table.
        """
        filled = [*filter(None, map(_bare_text, map(heading_text, cells)))]
        is_total = any(_TOTAL_OF_ROWS.fullmatch(text) for text in filled)
        marks = (_bare_text(str(given[key])) for key in self.subject.marks if key in given)
        if all(map(_SIGNATURE.match, marks)):
            is_total = is_total or any(map(_SIGNATURE.match, filled))
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


class Ambiguous(NamedTuple):
    """A heading that may mean its `box` or others, the most `likely` of them, and why."""

    place: int
    heading: str
    box: str
    likely: str
    why: Message


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
        boxes = self.table.subject.boxes
        text = "" if value is None else printed_in_register(boxes[box], value)
        return self.table.problem(self.row, box, why, text)
