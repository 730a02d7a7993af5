"""A bureau's own workbook: the words in its cells, their labels, and the room for rows.

A cell says by `{受理投诉}` what belongs there; what surrounds the braces stays.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import unescape
from itertools import islice
from typing import NamedTuple

from ledger12315.boxes.reading import Misread, ReadCell, demand_writable, too_long
from ledger12315.errors import Message, message
from ledger12315.sheets.incoming.names import NamedBook, Place
from ledger12315.sheets.incoming.ooxml import MOST_ROWS
from ledger12315.sheets.paper.contents import REPEATS, LabelTexts, braced
from ledger12315.sheets.paper.patch import Patch

MOST_FILLED = 20_000
"""The most rows filled from one cell down."""
EXAMPLE = "{受理投诉}"
_MOST_WORDS, _LONGEST_WORD, _FARTHEST_LABEL = 10_000, 100, 200
_BRACES, _WORD = "{}\uff5b\uff5d", re.compile(r"[{\uff5b]([^{}\uff5b\uff5d]+)[}\uff5d]")
_OUTSIDE_CELLS = re.compile(
    r"<(?:\w+:)?((?:odd|even|first)(?:Header|Footer)|txBody)\b.*?</(?:\w+:)?\1>", re.DOTALL
)
_TAG = re.compile("<[^>]*>")
# Not an array of numbers or of quoted texts.
_WORD_IN_FORMULA = re.compile(r"""[{\uff5b][^{}",;]*[^\W\d_][^{}",;]*[}\uff5d]""")
# The parts that a filled copy loses: its signature is void, and .xlsx holds no macros.
_LOST_PARTS = {
    "_xmlsignatures/": message("a digital signature"),
    "xl/vbaProject": message("macros"),
    "xl/macrosheets/": message("macros"),
}
_PLAIN_WORKBOOK = b"spreadsheetml.sheet.main+xml"


class WordCell(NamedTuple):
    """A cell with words: its text before, between and after them, and its labels."""

    place: Place
    texts: tuple[str, ...]
    words: tuple[str, ...]
    repeats: bool
    labels: LabelTexts


class RepeatedCells(NamedTuple):
    """The cells of a row that repeats, and the number of rows that fit from there down."""

    cells: list[WordCell]
    room: int


class BureauWorkbook:
    """The cells with words of an opened workbook; `problems` of any form are found at once."""

    def __init__(self, book: NamedBook) -> None:
        self.book = book
        self.sheets: Mapping[str, Patch] = {name: Patch(book.xml(name)) for name in book.parts}
        self.problems = [*_lost_parts(book), *_words_outside_cells(book)]
        self.single = list[WordCell]()
        self.repeated = list[RepeatedCells]()
        for name in self.sheets:
            self._read_sheet(name)

    def _read_sheet(self, sheet: str) -> None:
        """Sort the cells of a sheet by whether their row repeats, and collect problems."""
        repeated = dict[int, list[WordCell]]()
        texts = [*islice(self._texts(sheet), _MOST_WORDS + 1)]
        if len(texts) > _MOST_WORDS:
            raise Misread("more than {most} cells have words", most=f"{_MOST_WORDS:,}")
        for place, text in texts:
            try:
                cell = self._word_cell(place, text)
            except Misread as wrong:
                self.problems.append(unfit(place, wrong.message))
                continue
            if cell.repeats:
                repeated.setdefault(place.row, []).append(cell)
            else:
                self.single.append(cell)
        for cells in repeated.values():
            room = MOST_FILLED
            try:
                room = self._room(cells)
            except Misread as wrong:
                self.problems.append(unfit(cells[0].place, wrong.message))
            self.repeated.append(RepeatedCells(cells, room))

    def _texts(self, sheet: str) -> Iterator[tuple[Place, str]]:
        """Yield the cells with braces in their text, or with a word in their formula."""
        for number in range(1, self.sheets[sheet].last + 1):
            for column, cell in enumerate(self.book.row(sheet, number), 1):
                place = Place(sheet, number, column)
                if cell is not None and self.sheets[sheet].is_formula(place):
                    # What it shows may be another cell's word, which is calculated anew.
                    if _WORD_IN_FORMULA.search(formula := self.sheets[sheet].formula(place)):
                        yield place, formula
                elif isinstance(cell, str) and not {*_BRACES}.isdisjoint(cell):
                    yield place, cell

    def _word_cell(self, place: Place, text: str) -> WordCell:
        """Return the words of a cell. Raises Misread if it cannot be filled."""
        if self.sheets[place.sheet].is_formula(place):
            raise Misread("the cell contains a formula")
        texts, words = _WORD.split(text)[::2], tuple(map(str.strip, _WORD.findall(text)))
        around = "".join(texts)
        if not words or not {*_BRACES}.isdisjoint(around):
            raise Misread("a brace is missing; a word is written as {example}", example=EXAMPLE)
        if (longest := max(words, key=len)) and len(longest) > _LONGEST_WORD:
            raise too_long(longest, _LONGEST_WORD)
        if area := self.sheets[place.sheet].merged_around(place):
            raise Misread(
                "it is inside the merged cells {area}; write it in the first of them", area=area
            )
        demand_writable(around, "\r\n\t")
        repeats = any(word.startswith(REPEATS) for word in words)
        plain = tuple(word.removeprefix(REPEATS).strip() for word in words)
        return WordCell(place, tuple(texts), plain, repeats, self._labels(place))

    def _labels(self, place: Place) -> LabelTexts:
        """Return the texts of a cell's row and column, up to the next cell with words."""
        columns = range(place.column - 1, max(0, place.column - _FARTHEST_LABEL), -1)
        rows = range(place.row - 1, max(0, place.row - _FARTHEST_LABEL), -1)
        left = (Place(place.sheet, place.row, column) for column in columns)
        above = (Place(place.sheet, row, place.column) for row in rows)
        return LabelTexts([*self._label_texts(left)], [*self._label_texts(above)])

    def _label_texts(self, places: Iterable[Place]) -> Iterator[str]:
        found = False
        for place in places:
            text = self._shown(place)
            filled = isinstance(text, str) and not {*_BRACES}.isdisjoint(text)
            if filled and found:
                return
            if isinstance(text, str) and text.strip() and not filled:
                found = True
                yield text

    def _shown(self, place: Place) -> ReadCell:
        """Return the value shown in a place, for merged cells that of the first."""
        area = self.sheets[place.sheet].area(place)
        return self.book.value(Place(place.sheet, area.row, area.column))

    def _room(self, cells: Sequence[WordCell]) -> int:
        """Return the number of rows that fit. Raises Misread for merged cells in the way."""
        places = [cell.place for cell in cells]
        first, sheet = places[0].row, self.sheets[places[0].sheet]
        last, end = first, min(first + MOST_FILLED, sheet.last + 1)
        while last + 1 < end and self._is_free(last + 1, places):
            last += 1
        for place in places:
            for area in sheet.merged_in(place.column, first, last):
                if area.row < area.last_row or area.column < place.column:
                    raise Misread(
                        "the merged cells {area} are in the way of {word}",
                        area=area.cells,
                        word=braced(REPEATS),
                    )
        return min(MOST_FILLED, MOST_ROWS + 1 - first) if last + 1 == end else last - first + 1

    def _is_free(self, row: int, places: Sequence[Place]) -> bool:
        """Return whether a row below these cells may hold their next row.

        Beside them it may have numbers, such as 序号, and texts that their row has too.
        """
        own, name = {place.column for place in places}, places[0].sheet
        beside = self.book.row(name, places[0].row)
        for column, cell in enumerate(self.book.row(name, row), 1):
            if column in own and cell not in (None, ""):
                return False
            same = column <= len(beside) and beside[column - 1] == cell
            if isinstance(cell, str) and not (same or cell.strip().isdigit() or not cell.strip()):
                return False
        sheet = self.sheets[name]
        return not any(sheet.is_formula(replace(place, row=row)) for place in places)


def unfit(place: Place, why: Message) -> Message:
    """Return the line that names a cell that cannot be filled, and why."""
    return message("{where}: {problem}", where=str(place), problem=why)


def _words_outside_cells(book: NamedBook) -> Iterator[Message]:
    """Yield text boxes, headers and footers with words, which would be printed as they are."""
    for part in book.archive.namelist():
        if part.startswith("xl/drawings/") or part in book.parts.values():
            text = book.archive.read(part).decode("utf-8", "replace")
            for found in _OUTSIDE_CELLS.finditer(text):
                if word := _WORD.search(unescape(_TAG.sub("", found[0]))):
                    yield message(
                        "{part} has {word} in a text box, header or footer, where nothing is "
                        "filled; write it into a cell",
                        part=part,
                        word=word[0],
                    )


def _lost_parts(book: NamedBook) -> Iterator[Message]:
    """Yield parts that a filled copy would lose."""
    for part in book.archive.namelist():
        for begin, what in _LOST_PARTS.items():
            if part.startswith(begin):
                yield message(
                    "the workbook holds {what} ({part}), which would be lost", what=what, part=part
                )
    if _PLAIN_WORKBOOK not in book.archive.read("[Content_Types].xml"):
        yield message("the workbook is a template or has macros enabled; save it as .xlsx")
