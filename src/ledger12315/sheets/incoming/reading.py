"""Workbooks and csv from outside, read row by row.

Nothing in a file is run or followed: no macro, no link, no other file.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, TextIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from ledger12315.boxes.reading import Misread, join_marked_lines
from ledger12315.errors import LedgerError, Unacceptable, message
from ledger12315.register.rows import SheetRow
from ledger12315.sheets.incoming.ooxml import MOST_COLUMNS, MOST_ROWS, Book, MergedArea

MOST_BYTES = {"xlsx": 100 << 20, "csv": 500 << 20}
MOST_PARTS, MOST_UNPACKED, MOST_RATIO = 2_000, 600 << 20, 100
"""Limits of a workbook: parts, bytes in total, and bytes per byte of a file that is not small."""
_SMALL = 20 << 20
_SAMPLE, _LONGEST_LINE = 1 << 16, 1_000_000
ZIP, _DIRECTORY_ENTRY = b"PK", b"PK\1\2"
# The beginnings of files of other formats that are named .xls or .csv.
_OTHER_FORMATS = {
    b"\xd0\xcf\x11\xe0": message(
        "it is an old .xls, or a workbook with a password; save it as .xlsx without one"
    ),
    b"\xff\xfe": message("it is text in UTF-16; save it as csv in UTF-8"),
    b"\xfe\xff": message("it is text in UTF-16; save it as csv in UTF-8"),
    b"<": message("it is a web page; open it in the spreadsheet program and save it as .xlsx"),
}


class Sheet(NamedTuple):
    """A sheet, in csv without a name, and its rows, counted from 1.

    Its rows are read before those of the next sheet, and `merged` is complete after them.
    """

    name: str | None
    hidden: bool
    rows: Iterator[SheetRow]
    merged: Sequence[MergedArea] = ()


def read_sheets(path: Path) -> Iterator[Sheet]:
    """Yield the sheets of an xlsx file, or csv in UTF-8 or GB18030.

    Raises Unacceptable, also while rows are read.
    """
    with refuse_errors(path):
        begins = first_bytes(path)
        if not begins.startswith(ZIP):
            yield Sheet(None, False, _guarded_rows(path, _csv(path, begins)))
            return
        with open_package(path) as archive:
            book = Book(archive)
            for page in book.pages:
                merged: list[MergedArea] = []
                rows = _guarded_rows(path, book.rows(page.part, merged))
                yield Sheet(page.name, page.hidden, rows, merged)


def _guarded_rows(path: Path, rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
    with refuse_errors(path):
        yield from rows


@contextmanager
def refuse_errors(path: Path) -> Iterator[None]:
    """Raise Unacceptable for any error of a file, without its values."""
    try:
        yield
    except LedgerError:
        raise
    except FileNotFoundError as error:
        raise Unacceptable("There is no file {file}.", file=path) from error
    except PermissionError as error:
        raise Unacceptable("You may not read {file}.", file=path) from error
    except Exception as flaw:
        why = message("its content is damaged")
        if isinstance(flaw, Misread):
            why = flaw.message
        elif isinstance(flaw, csv.Error):
            why = message("a quotation mark in it is not closed")
        raise Unacceptable("{file} cannot be loaded: {reason}.", file=path, reason=why) from flaw


def first_bytes(path: Path) -> bytes:
    """Return the first bytes of a workbook (a ZIP file) or csv. Raises Misread and OSError."""
    if path.exists() and not path.is_file():
        raise Misread("it is not a file")
    with path.open("rb") as file:
        begins = file.read(_SAMPLE)
    if not begins:
        raise Misread("it is empty")
    for mark, why in _OTHER_FORMATS.items():
        if begins.lstrip().startswith(mark):
            raise Misread(why.id)
    _demand_at_most(path.stat().st_size, MOST_BYTES["xlsx" if begins.startswith(ZIP) else "csv"])
    return begins


def _demand_at_most(size: int, most: int) -> None:
    if size > most:
        raise Misread("it is larger than {most} MB", most=most >> 20)


@contextmanager
def open_package(path: Path) -> Iterator[ZipFile]:
    """Open a workbook with a limited number and size of parts. Raises Misread."""
    content = path.read_bytes()
    # Counted before zipfile makes an object of each.
    if content.count(_DIRECTORY_ENTRY) > MOST_PARTS:
        raise Misread("it has more than {most} parts", most=MOST_PARTS)
    with ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        # zipfile reads no more of a part than its directory states, so these sums are limits.
        size = sum(part.file_size for part in parts)
        _demand_at_most(size, MOST_UNPACKED)
        if size > max(_SMALL, MOST_RATIO * len(content)):
            raise Misread("it unpacks to more than {most} times its size", most=MOST_RATIO)
        if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
            raise Misread("it is compressed in a way that no spreadsheet program uses")
        if "mimetype" in archive.namelist():
            raise Misread("it is an OpenDocument file (.ods); save it as .xlsx")
        yield archive


def _csv(path: Path, begins: bytes) -> Iterator[SheetRow]:
    if b"\0" in begins:
        raise Misread("it is neither a workbook nor csv")
    with path.open(encoding=_encoding(path), newline="") as file:
        sample = file.read(_SAMPLE).splitlines()[:30]
        file.seek(0)
        rows = csv.reader(_bounded_lines(file), delimiter=_delimiter(sample), strict=True)
        for number, texts in enumerate(rows, 1):
            if number > MOST_ROWS or any(texts[MOST_COLUMNS:]):
                raise Misread(
                    "it has more than {rows} rows or {columns} columns",
                    rows=f"{MOST_ROWS:,}",
                    columns=MOST_COLUMNS,
                )
            yield number, [join_marked_lines(text) or None for text in texts]


def _bounded_lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            most = f"{_LONGEST_LINE:,}"
            raise Misread("one of its lines has more than {most} characters", most=most)
        yield line


def _encoding(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            while file.read(_SAMPLE):
                pass
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _delimiter(lines: list[str]) -> str:
    """Return the delimiter that divides a line into most cells."""

    def most(delimiter: str) -> int:
        return max((len(row) for row in csv.reader(lines, delimiter=delimiter)), default=0)

    return max(",;\t", key=most)
