"""The defined names of a workbook from outside, and the values in their cells."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from openpyxl.utils.cell import get_column_letter

from ledger12315.boxes.reading import Misread, ReadCell
from ledger12315.sheets.incoming.ooxml import Book, Handler, column_number
from ledger12315.sheets.incoming.reading import ZIP, first_bytes, open_package, refuse_errors

_MOST_NAMES = 100_000
_ONE_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^'!:]+))!\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, by its sheet, its row and its column from 1."""

    sheet: str
    row: int
    column: int

    @property
    def letters(self) -> str:
        return get_column_letter(self.column)

    @property
    def cell(self) -> str:
        return f"{self.letters}{self.row}"

    def __str__(self) -> str:
        return f"{self.sheet} {self.cell}"


class NamedBook(Book):
    """An opened workbook with the names of single cells, and its sheets' parts by name."""

    def __init__(self, archive: ZipFile) -> None:
        super().__init__(archive)
        self.parts = {page.name: page.part for page in self.pages}
        names = sorted(self.parsed(self.root, _DefinedNames()))
        self.places = {name: place for _, name, text in names if (place := place_of(text))}
        self._read: dict[str, dict[int, list[ReadCell]]] = {}

    def row(self, sheet: str, number: int) -> list[ReadCell]:
        """Return all values in a row of a sheet."""
        return self._sheet(sheet).get(number, [])

    def value(self, place: Place) -> ReadCell:
        """Return the value in a place."""
        cells = self.row(place.sheet, place.row)
        return cells[place.column - 1] if place.column <= len(cells) else None

    def named(self, name: str) -> ReadCell:
        """Return the value in the cell of a name."""
        return self.value(self.places[name])

    def named_sheet(self, name: str) -> Iterator[tuple[int, list[ReadCell]]]:
        """Yield the rows of the sheet with this name, if there is one."""
        if name in self.parts:
            yield from self._sheet(name).items()

    def xml(self, sheet: str) -> bytes:
        """Return a sheet's bytes, after it was read to its end."""
        self._sheet(sheet)
        return self.archive.read(self.parts[sheet])

    def _sheet(self, name: str) -> Mapping[int, list[ReadCell]]:
        if name not in self._read:
            self._read[name] = dict(self.rows(self.parts[name]))
        return self._read[name]


def place_of(text: str) -> Place | None:
    """Return the one cell of `'Sheet'!$A$1`, None for anything else."""
    if not (found := _ONE_CELL.fullmatch(text)):
        return None
    quoted, plain, letters, row = found.groups()
    sheet = (quoted or plain).replace("''", "'")
    return Place(sheet, int(row), column_number(letters))


class _DefinedNames(Handler):
    """The defined names: whether each is the whole workbook's, its name and formula.

    A sheet's own sort first, so that the workbook's name wins.
    """

    left = _MOST_NAMES

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "definedName":
            self._name, self.kept = ("localSheetId" not in attributes, attributes["name"]), True
            self.left -= 1
            if self.left < 0:
                raise Misread("it has more than {most} names", most=f"{_MOST_NAMES:,}")

    def finish(self, name: str) -> None:
        if name == "definedName":
            self.found.append((*self._name, self.text()))


@contextmanager
def open_workbook(file: Path) -> Iterator[NamedBook]:
    """Open a workbook from outside. Raises Unacceptable."""
    with refuse_errors(file):
        if not first_bytes(file).startswith(ZIP):
            raise Misread("it is not a workbook")
        with open_package(file) as archive:
            book = NamedBook(archive)
            if not book.pages:
                raise Misread("it is not a workbook")
            yield book
