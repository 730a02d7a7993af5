"""A workbook from outside as a stream of rows: only parts with cells are opened, without a tree.

A library that makes an object of each element is kept busy for minutes by a file of a few KB.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from math import isfinite
from posixpath import basename, dirname, join, normpath
from typing import Any, NamedTuple
from xml.parsers import expat
from zipfile import ZipFile

from ledger12315.boxes.reading import DAY_ZERO, Misread, ReadCell, join_marked_lines

MOST_ROWS, MOST_COLUMNS, MOST_TEXT = 1_048_576, 256, 32_767
"""The limits of spreadsheet programs; for columns the most that a register needs."""
_MOST_FORMAT, _CHUNK = 255, 1 << 16
# Programs write less than one element for each packed byte.
_FEW_ELEMENTS, _MOST_FOR_A_BYTE, _BLANKS_AS_ONE = 2_000_000, 2, 4
_DAY_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
# The literal texts, colours and conditions of a number format.
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.|General|E[+-]', re.I)
_SHOWS_A_DAY = re.compile("[ymdhsae]", re.I)
_CORNER = "([A-Z]{1,3})([1-9][0-9]{0,6})"
_AREA = re.compile(f"{_CORNER}:{_CORNER}")
_MOST_MERGED_ROWS = 1_000
_ESCAPE_READ = re.compile("_x([0-9A-Fa-f]{4})_")
# Texts that a program would read as another character.
_READ_OTHERWISE = re.compile("_(?=x[0-9A-Fa-f]{4}_)|\r")
# From 1900-03-01, before which programs disagree, to 9999-12-31.
_DAYS_ALIKE = range(61, 2_958_466)


@lru_cache(MOST_COLUMNS)
def column_number(letters: str) -> int:
    """Return a column's number, from 1, by its letters."""
    number = 0
    for letter in letters:
        number = 26 * number + int(letter, 36) - 9
    return number


def column_of(cell: Mapping[str, str], before: int) -> int:
    """Return a cell's column; one without a reference follows the cell before."""
    reference = cell.get("r")
    return column_number(reference.rstrip("0123456789")) if reference else before + 1


class SheetPart(NamedTuple):
    """A sheet's name, whether it is hidden, and its part in the archive."""

    name: str
    hidden: bool
    part: str


class MergedArea(NamedTuple):
    """Cells merged into one: their first and last row and column, and their reference."""

    row: int
    column: int
    last_row: int
    last_column: int
    cells: str = ""


def merged_area(reference: str) -> MergedArea | None:
    """Return the merged cells of `A1:B2`, None for anything else."""
    if not (found := _AREA.fullmatch(reference)):
        return None
    left, top, right, bottom = found.groups()
    corners = int(top), column_number(left), int(bottom), column_number(right)
    return MergedArea(*corners, reference)


class Book:
    """An opened workbook, whose pages are read one after another.

    `root` is the part that names them. A file with more than people put into a workbook, or with
    another structure, raises Misread or an error of the standard library.
    """

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        packed = sum(part.compress_size for part in archive.infolist())
        self._most = _FEW_ELEMENTS + _MOST_FOR_A_BYTE * packed
        roots = self.related("").values()
        [self.root] = [part for kind, part in roots if kind == "officeDocument"]
        related = self.related(self.root)
        parts: Mapping[str, str] = dict(related.values())
        self.pages = list(self._pages(related))
        self._strings = list(self.parsed(parts.get("sharedStrings"), _Strings()))
        self._days = list(self._day_styles(parts.get("styles")))

    def _pages(self, related: Mapping[str, tuple[str, str]]) -> Iterator[SheetPart]:
        for name, attributes in self.parsed(self.root, _Starts()):
            if name == "sheet":
                id_ = next(value for key, value in attributes.items() if key.endswith(":id"))
                kind, part = related[id_]
                if kind == "worksheet":
                    hidden = attributes.get("state", "visible") != "visible"
                    yield SheetPart(attributes["name"], hidden, part)
            elif name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                raise Misread(
                    "it counts its days from 1904; turn that off in the spreadsheet program"
                )

    def rows(
        self, part: str, merged: list[MergedArea] | None = None
    ) -> Iterator[tuple[int, list[ReadCell]]]:
        """Yield each existing row: its number, and its cells from the first column on.

        Cells merged over several rows are appended to `merged`; a file has them after its rows.
        """
        return self.parsed(part, _PageRows(self._strings, self._days, merged))

    def parsed(self, part: str | None, handler: "Handler") -> Iterator[Any]:
        """Yield the handler's findings in a part, nothing without such a part."""
        if part is None:
            return
        handler.budget = min(handler.most, self._most)
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
        parser.CharacterDataHandler = handler.data
        with self.archive.open(part) as source:
            while chunk := source.read(_CHUNK):
                parser.Parse(chunk, False)
                yield from handler.found
                handler.found.clear()
        parser.Parse(b"", True)

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Return id -> (kind, part) of a part's references inside the file."""
        folder = dirname(part)
        relations = join(folder, "_rels", f"{basename(part)}.rels")
        return {
            attributes["Id"]: (
                basename(attributes["Type"]),
                normpath(join("/", folder, attributes["Target"])).lstrip("/"),
            )
            for name, attributes in self.parsed(relations, _Starts())
            if name == "Relationship" and attributes.get("TargetMode") != "External"
        }

    def _day_styles(self, part: str | None) -> Iterator[bool]:
        """Yield for each style of cells whether it shows a number as a day or a time."""
        days, within = set(_DAY_FORMATS), ""
        for name, attributes in self.parsed(part, _Starts()):
            if name == "numFmt":
                shown = _LITERAL.sub("", attributes["formatCode"][:_MOST_FORMAT])
                if _SHOWS_A_DAY.search(shown):
                    days.add(int(attributes["numFmtId"]))
            elif name in ("cellStyleXfs", "cellXfs", "cellStyles"):
                within = name
            elif name == "xf" and within == "cellXfs":
                yield int(attributes.get("numFmtId", 0)) in days


def _refuse_doctype(*_: object) -> None:
    raise Misread("it contains a document type, which no spreadsheet program writes")


class Handler:
    """Handlers of expat for at most `most` elements; complete items go to `found`."""

    most = budget = 1_000_000

    def __init__(self) -> None:
        self.found: list[Any] = []
        self.pieces: list[str] = []
        self.length = 0
        self.kept = self.aside = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.budget -= 1
        if self.budget < 0:
            raise Misread("it has more elements than spreadsheet programs write")
        local = name.rpartition(":")[2]
        if local in ("v", "t"):
            self.kept = not self.aside
        elif local == "rPh":  # how a text is pronounced
            self.aside = True
        else:
            self.begin(local, attributes)

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        self.kept = False
        if local == "rPh":
            self.aside = False
        elif local not in ("v", "t"):
            self.finish(local)

    def data(self, text: str) -> None:
        if self.kept:
            self.pieces.append(text)
            self.length += len(text)
            if self.length > MOST_TEXT:
                raise Misread("a cell holds more than {most} characters", most=f"{MOST_TEXT:,}")

    def text(self) -> str:
        """Return and forget the items kept since the last call."""
        text, self.length = "".join(self.pieces), 0
        self.pieces.clear()
        return text

    def begin(self, name: str, attributes: Mapping[str, str]) -> None: ...

    def finish(self, name: str) -> None: ...


class _Starts(Handler):
    """Every element's name and attributes."""

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        self.found.append((name, attributes))


class _Strings(Handler):
    """The texts that cells share."""

    most = 8_000_000

    def finish(self, name: str) -> None:
        if name == "si":
            self.found.append(_unescape(self.text()))


class _PageRows(Handler):
    """The rows of a page."""

    most = 1 << 30

    def __init__(
        self, strings: Sequence[str], days: Sequence[bool], merged: list[MergedArea] | None
    ) -> None:
        super().__init__()
        self._strings, self._days, self._merged = strings, days, merged
        self._number = 0

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._cell, self._formula = attributes, False
        elif name == "row":
            number = int(attributes.get("r", self._number + 1))
            if not self._number < number <= MOST_ROWS:
                most = f"{MOST_ROWS:,}"
                raise Misread("its rows are out of order, or more than {most}", most=most)
            self._number, self._column = number, 0
            self._cells: list[ReadCell] = []
        elif name == "f":
            self._formula = True
        elif name == "mergeCell" and self._merged is not None:
            area = merged_area(attributes.get("ref", ""))
            if area and area.row < area.last_row and len(self._merged) < _MOST_MERGED_ROWS:
                self._merged.append(area)

    def finish(self, name: str) -> None:
        if name == "c":
            self._column = column_of(self._cell, self._column)
            value = self._value(self.text())
            if value is not None:
                self._add(value)
        elif name == "row":
            self.found.append((self._number, self._cells))
            del self._cells  # a cell outside a row then fails

    def _add(self, value: ReadCell) -> None:
        missing = self._column - 1 - len(self._cells)
        if missing < 0 or self._column > MOST_COLUMNS:
            raise Misread(
                "its cells are out of order, or in more than {most} columns", most=MOST_COLUMNS
            )
        self._cells += [None] * missing
        # Later steps must look at each of them.
        self.budget -= missing // _BLANKS_AS_ONE
        self._cells.append(value)

    def _value(self, text: str) -> ReadCell:
        kind = self._cell.get("t", "n")
        if not text:
            if self._formula and kind == "n":
                return Misread(
                    "it is a formula without its result; open the file and save it again"
                )
            return None
        if kind == "s":
            return self._strings[int(text)]
        if kind in ("str", "inlineStr"):
            return _unescape(text)
        if kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        if kind == "e":
            return Misread("{text} is an error of the spreadsheet program", text=text)
        if kind == "d":
            return date.fromisoformat(text[:10])
        return self._number_or_day(text)

    def _number_or_day(self, text: str) -> ReadCell:
        number = float(text)
        if not isfinite(number):
            raise ValueError(text)
        style = self._cell.get("s")
        if style is None or not self._days[int(style)]:
            return number
        if int(number) not in _DAYS_ALIKE:
            return Misread("{text} is shown as a date or time, but is not one", text=text)
        return DAY_ZERO + timedelta(days=int(number))


def _unescape(text: str) -> str:
    """Return the text with characters for escapes such as `_x000D_`, as it was typed."""
    return join_marked_lines(_ESCAPE_READ.sub(lambda found: chr(int(found[1], 16)), text))


def escaped_text(text: str) -> str:
    """Return the text escaped for a workbook, so that programs read it unchanged."""
    return _READ_OTHERWISE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
