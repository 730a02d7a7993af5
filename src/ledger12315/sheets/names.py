"""The defined names of a workbook from outside, and what stands in the cells they point at."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from openpyxl.utils.cell import column_index_from_string

from ledger12315.errors import LedgerError, Unacceptable, message
from ledger12315.sheets.ooxml import Book, Cell, Excess, Handler, Page
from ledger12315.sheets.read import read

_ONE_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^'!:]+))!\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, by its sheet, its column's letters and its row."""

    sheet: str
    column: str
    row: int

    def __str__(self) -> str:
        return f"{self.sheet} {self.column}{self.row}"


class Named:
    """An opened workbook with the names that point at one cell; `archive` holds its parts."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self._book = Book(archive)
        [(_, self.root)] = [each for each in self._book.related("").values() if each[0] == "officeDocument"]
        self.pages: Mapping[str, Page] = {page.name: page for page in self._book.pages}
        self.places = {
            name: place for _, name, text in sorted(self._book.parsed(self.root, _Names())) if (place := place_of(text))
        }
        self._rows: dict[str, dict[int, list[Cell]]] = {}

    def rows(self, sheet: str) -> Mapping[int, list[Cell]]:
        """A sheet's rows by number."""
        if sheet not in self._rows:
            self._rows[sheet] = dict(self._book.rows(self.pages[sheet]))
        return self._rows[sheet]

    def row(self, place: Place) -> list[Cell]:
        """All that stands in the row of a place."""
        return self.rows(place.sheet).get(place.row, [])

    def value(self, place: Place) -> Cell:
        """What stands in it."""
        cells, column = self.row(place), column_index_from_string(place.column)
        return cells[column - 1] if column <= len(cells) else None

    def xml(self, sheet: str) -> bytes:
        """A sheet as it stands in the file, once it was read to its end."""
        self.rows(sheet)
        return self.archive.read(self.pages[sheet].part)


def place_of(text: str) -> Place | None:
    """The one cell that `'Sheet'!$A$1` points at; None for anything else."""
    found = _ONE_CELL.fullmatch(text)
    return Place((found[1] or found[2]).replace("''", "'"), found[3], int(found[4])) if found else None


class _Names(Handler):
    """Defined names as (whether the whole workbook's, name, what they stand for): those of a copied sheet come first."""

    left = 100_000

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name.rpartition(":")[2] == "definedName":
            self._name, self.kept = ("localSheetId" not in attributes, attributes["name"]), True

    def end(self, name: str) -> None:
        if self.kept:
            self.left -= 1
            if not self.left:
                raise Excess(message("it has more than {most} names", most=f"{_Names.left:,}"))
            self.found.append((*self._name, self.text()))
        self.kept = False


@contextmanager
def opened(file: Path) -> Iterator[Named]:
    """A workbook as `read` takes it in. Raises Unacceptable."""
    first = next(read(file), None)
    if first is None or first.name is None:
        raise Unacceptable("{file} cannot be taken in: {reason}.", file=file, reason=message("it is no workbook"))
    try:
        with ZipFile(file) as archive:
            yield Named(archive)
    except LedgerError:
        raise
    except Exception as error:
        why = error.why if isinstance(error, Excess) else message("its inside is broken")
        raise Unacceptable("{file} cannot be taken in: {reason}.", file=file, reason=why) from error
