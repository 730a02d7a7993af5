"""A sheet of a bureau's workbook: its texts, and the cells around them that may be filled."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from ledger12315.sheets.incoming.names import NamedBook, Place
from ledger12315.sheets.paper.patch import Patch

_WIDER_THAN_LABEL, _MOST_TEXTS = 2, 2000
"""Columns that hold more than a label, and the texts of a sheet that are read."""


class Drafted(NamedTuple):
    """A cell or a column, its text in the workbook, and its content by the mapping."""

    where: str
    text: str
    holds: str
    guessed: bool = False


class TemplateSheet:
    """A sheet of a workbook: its texts in reading order, and the cells around them."""

    def __init__(self, book: NamedBook, name: str) -> None:
        self.name = name
        self.patch = Patch(book.xml(self.name))
        # A form has no more texts, and the first rows of a register are enough.
        self.texts = dict(islice(self._read(book), _MOST_TEXTS))

    def _read(self, book: NamedBook) -> Iterator[tuple[Place, str]]:
        for number in range(1, self.patch.last + 1):
            for column, cell in enumerate(book.row(Place(self.name, number, 1)), 1):
                if isinstance(cell, str) and cell.strip():
                    yield Place(self.name, number, column), cell.strip()

    def at(self, row: int, column: int) -> Place:
        return Place(self.name, row, column)

    def free(self, place: Place) -> bool:
        """Return whether a value may be filled in at a place."""
        taken = place in self.texts or self.patch.is_formula(place)
        return not (taken or self.patch.merged_around(place))

    def beside(self, place: Place, holds: str) -> Iterator[Drafted]:
        """Yield the place for a value at the right of a label, or after it in its cell."""
        if not holds:
            return
        text, (_, column) = self.texts[place], self.patch.end(place)
        right = self.at(place.row, column + 1)
        wide = column - place.column >= _WIDER_THAN_LABEL
        if text[-1] in ":：" and (wide or not self.free(right)):
            yield Drafted(place.cell, text, f"{text}{{{holds}}}")
        elif self.free(right):
            yield Drafted(right.cell, text, holds)

    def most(self, places: Iterable[Place], axis: str) -> tuple[int, list[Place]]:
        """Return the row or column with most of the places, and these."""
        lines: dict[int, list[Place]] = {}
        for place in places:
            lines.setdefault(getattr(place, axis), []).append(place)
        return max(lines.items(), key=lambda line: len(line[1]), default=(0, []))
