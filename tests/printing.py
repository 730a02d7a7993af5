"""A ledger made by a story's commands, and its printed forms."""

import json
import os
import re
from collections.abc import Callable
from functools import cache, wraps
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.merge import MergedCellRange
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from ledger12315.boxes.reading import LINE_BREAK_MARK
from tests.building import as_typed
from tests.states import LEDGER, give, undrawn, workplace

ON_PAPER = Path(__file__).with_name("on_paper")


def story_of(station: str) -> str:
    """Return the events of a station in tests/on_paper."""
    return (ON_PAPER / station / "story.txt").read_text("utf-8")


RUN = list[Path]()
"""The folder that all processes of a run of the tests share, once they have one."""


def once_in_a_run(make: Callable[..., bytes]) -> Callable[..., bytes]:
    """Return a function whose results are made once, for all files and processes of a run."""

    @cache
    @wraps(make)
    def made(*of: str) -> bytes:
        if not RUN:
            return make(*of)
        key = sha256("\0".join((make.__name__, *of)).encode()).hexdigest()
        kept = RUN[0] / f"made-{key}"
        if not kept.exists():
            mine = kept.with_suffix(f".{os.getpid()}")
            mine.write_bytes(make(*of))
            mine.replace(kept)
        return kept.read_bytes()

    return made


@once_in_a_run
def lived(story: str) -> bytes:
    """Return the ledger after a story; each of its lines is a day and a command.

    What is submitted has stand-ins for its workbooks: no test opens those.

    `totals POINT PERIOD CODE=FIGURE ...` receives a return with these figures, the others being 0.
    """
    with workplace("en"), undrawn(), pytest.MonkeyPatch.context() as patched:
        for line in filter(str.strip, story.replace("\\\n", " ").splitlines()):
            day, _, typed = _with_totals(line).partition(" ")
            patched.setenv("LEDGER12315_TODAY", day)
            if not as_typed(LEDGER, typed, day):
                give(typed)
        return LEDGER.read_bytes()


def exported(story: str, form: str, day: str = "2026-10-09") -> bytes:
    """Return the output of `export` on a day, after a story."""
    return _drawn(story, form, day)


@once_in_a_run
def _drawn(story: str, form: str, day: str) -> bytes:
    ledger = _laid(story)
    with workplace("en"):
        give(f"{day} export {form} -o form.xlsx", options=["--db", ledger])
        return Path("form.xlsx").read_bytes()


@cache
def _laid(story: str) -> str:
    """Return the file of the ledger after a story, which no export changes."""
    ledger = Path(mkdtemp(), LEDGER)
    ledger.write_bytes(lived(story))
    return str(ledger)


def _with_totals(line: str) -> str:
    day, command, *words = line.split()
    if command != "totals":
        return line.strip()
    point, period, *figures = words
    found = dict.fromkeys((f"{code:02}" for code in range(1, 27)), "0")
    found |= dict(figure.split("=") for figure in figures)
    file = Path(f"{point}_{period}.json")
    file.write_text(json.dumps(found), "utf-8")
    return f"{day} returns receive {point} {period} --totals {file}"


@cache
def opened(story: str, form: str, day: str = "2026-10-09") -> Workbook:
    """Return the exported workbook after a story."""
    return reopened(exported(story, form, day))


def reopened(content: bytes) -> Workbook:
    """Return a workbook with all cells of its file.

    By itself openpyxl empties merged cells but the first, and draws their borders, for long.
    """
    as_it_is = patch.object(Worksheet, "_clean_merge_range", lambda *_: None)
    with as_it_is, patch.object(MergedCellRange, "_get_borders", lambda _: None):
        return load_workbook(BytesIO(content))


def saved_with(book: Workbook, target: str, **cells: object) -> None:
    """Save a copy with other cells, by their names or `sheet!cell`, as a person would."""
    before = []
    for name, value in cells.items():
        sheet, _, place = name.partition("!")
        if name in book.defined_names:
            [(sheet, place)] = book.defined_names[name].destinations
        cell = book[sheet][place]
        before.append((cell, cell.value))
        cell.value = value
    book.save(target)
    for cell, was in before:
        cell.value = was


def sheet_text(file: str | Path, name: str | int = "附件6") -> str:
    """Return the text of a file's sheet: a line for each row, | between its cells."""
    book = CalamineWorkbook.from_path(file)
    page = book.get_sheet_by_name(name) if isinstance(name, str) else book.get_sheet_by_index(name)
    rows = ([cell for cell in row if cell != ""] for row in page.to_python())
    texts = (
        "|".join(f"{cell:.0f}" if isinstance(cell, float) else str(cell) for cell in row)
        for row in rows
    )
    return "\n".join(re.sub(f" *{LINE_BREAK_MARK}", "", text).replace("\n", "/") for text in texts)


def named(book: Workbook) -> dict[str, Any]:
    """Return every defined name with its value."""
    places = {name: next(iter(each.destinations)) for name, each in book.defined_names.items()}
    return {name: book[sheet][place].value for name, (sheet, place) in places.items()}


def printed(page: Worksheet, first: int = 1, last: int | None = None) -> str:
    """Return the text on paper: a line for each row, | between its cells, no checksum."""
    shown = []
    for row in page.iter_rows(first, last):
        cells = ((cell.value, cell.number_format) for cell in row if cell.value not in (None, ""))
        texts = [
            f"{value:.2f}" if form == "0.00" and value != str(value) else str(value)
            for value, form in cells
        ]
        shown.append(re.sub(f" *{LINE_BREAK_MARK}", "", "|".join(texts)).replace("\n", "/"))
    return re.sub("[0-9a-f]{64}", "CHECKSUM", "\n".join(shown) + "\n")
