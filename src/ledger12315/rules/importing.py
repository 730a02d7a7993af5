"""A register as people keep it in a spreadsheet, row by row into boxes; what is not clear is a problem, never a guess. 三(四)4"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice

from ledger12315.errors import Message, message
from ledger12315.rules.cells import Cell, Clean, cleaner, shown
from ledger12315.rules.entries import MOST_PROBLEMS, Entry, Problem, Table
from ledger12315.rules.headings import BOXES, IGNORED, Heading, find_heading, plain
from ledger12315.rules.reading import Misread, Value, folded
from ledger12315.words import kind_of

_HEADING_WITHIN = 30
# Distinct values of a column that are read only once.
_KEPT = 5_000
REQUIRED = ("point", "external_no", "received", "complainant", "item")
_OF_VOID = ("point", "external_no")
_IN_REMARK = (
    (re.compile(r"(?:(.*) )?(\d{4}-\d\d-\d\d)报请工商所[:\uff1a](.+)", re.S), ("remark", "escalated", "escalation_reason")),
    (re.compile(r"分流单号[:\uff1a](\S+)(?: (.*))?", re.S), ("referral_no", "remark")),
)
_TOTAL = re.compile("(本[页月季年期]|全[年部])?(合计|总计|小计|累计):?")
_LABEL = re.compile("[^:]{1,12}:")
Row = tuple[int, Sequence[Cell]]
_Columns = Sequence[tuple[str, dict[Cell, Value | None], Clean] | None]
_Wrong = list[tuple[str, Message]]
"""Boxes of a row and what is wrong with them."""


class Register:
    """The sheets of one file: how many rows were `read`, their problems, the sheets that are `headed` and those `left_out`."""

    def __init__(self, own: Mapping[str, str], today: date, point_given: bool) -> None:
        self._own, self._today = own, today
        self._required = REQUIRED[point_given:]
        self.problems: list[Problem] = []
        self.left_out: list[str | None] = []
        self.headed = 0
        self.read = 0

    def entries(self, sheet: str | None, rows: Iterable[Row]) -> Iterator[Entry]:
        """The rows without a problem of their own; titles, totals, blank rows and what stands below are none."""
        coming = iter(rows)
        first = list(islice(coming, _HEADING_WITHIN))
        heading = find_heading([cells for _, cells in first], self._own)
        if heading is None:
            self.left_out += [sheet] if first else []
            return
        self.headed += 1
        table = Table(sheet, heading)
        self.problems += _misfits(table, first[heading.rows - 1][0], self._required)
        if not set(self._required) <= set(heading.boxes):
            return
        columns: _Columns = [(box, {}, cleaner(BOXES[box], self._today)) if box in BOXES else None for box in heading.boxes]
        margin = _Margin(heading)
        for number, cells in chain(first[heading.rows :], coming):
            given, wrong = _read(columns, cells)
            void = given.get("outcome") == "void"
            missing = [box for box in self._required if box not in given and not (void and box not in _OF_VOID)]
            if not (given or wrong) or (missing and margin.holds(cells)):
                continue
            self.read += 1
            unread = [box for box, _ in wrong]
            wrong += [(box, message("it is missing")) for box in missing if box not in unread]
            if not wrong and not void:
                wrong += _complete(given, self._today)
            found = [table.problem(number, box, _at(box, heading, cells), why) for box, why in wrong]
            found += [Problem(sheet, number, place, None, "", text, why) for place, text, why in margin.strays(cells)]
            self.problems += found
            if len(self.problems) >= MOST_PROBLEMS:
                return
            if not found:
                yield Entry(table, number, tuple([given.get(key) for key in table.keys]))


def _misfits(table: Table, row: int, required: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with the heading itself."""
    texts, known = table.heading.texts, table.heading.boxes
    for place, (text, box) in enumerate(zip(texts, known, strict=True)):
        if text and not box:
            why = message("no such heading is known; say with --map what it means")
        elif box in known[:place] and box not in ("", IGNORED):
            why = message("it stands there twice")
        else:
            continue
        yield Problem(table.sheet, row, place, text, "", text, why)
    for box in required:
        if box not in known:
            why = message("no column says which; give --point") if box == "point" else message("there is no such column")
            yield table.problem(row, box, "", why)._replace(column=BOXES[box].heading)


def _at(box: str, heading: Heading, cells: Sequence[Cell]) -> str:
    """What stands in the column of a box."""
    place = heading.boxes.index(box) if box and box in heading.boxes else len(cells)
    return shown(cells[place]) if place < len(cells) else ""


def _read(columns: _Columns, cells: Sequence[Cell]) -> tuple[dict[str, Value], _Wrong]:
    given: dict[str, Value] = {}
    wrong: _Wrong = []
    for cell, column in zip(cells, columns, strict=False):
        if cell is None or column is None:
            continue
        box, known, clean = column
        try:
            value = known[cell]
        except KeyError:
            try:
                value = clean(cell)
            except Misread as misread:
                wrong.append((box, misread.message))
                continue
            if len(known) < _KEPT:
                known[cell] = value
        if value is not None:
            given[box] = value
    return given, wrong


def _complete(given: dict[str, Value], today: date) -> Iterator[tuple[str, Message]]:
    """Fill in what follows from the rest."""
    if "remark" in given:
        yield from _taken_apart(given, today)
    if "category" in given:
        given.setdefault("kind", kind_of(str(given["category"])))
    # 和解不成 is closed on the day of the telling, by the plan's own words.
    if given.get("outcome") == "advised" and "closed" in given:
        given.setdefault("told", given["closed"])


def _taken_apart(given: dict[str, Value], today: date) -> Iterator[tuple[str, Message]]:
    """Put what Attachment 2 has no column for, and so writes into the remark, where it belongs."""
    for pattern, boxes in _IN_REMARK:
        found = pattern.fullmatch(str(given.get("remark", "")))
        if not found or any(box in given for box in boxes if box != "remark"):
            continue
        del given["remark"]
        for box, text in zip(boxes, found.groups(), strict=True):
            try:
                given |= {box: BOXES[box].read(text, today)} if text else {}
            except Misread as misread:
                yield box, misread.message


class _Margin:
    """What stands around a register's rows and is none of them; and values in columns that have no heading."""

    def __init__(self, heading: Heading) -> None:
        self._texts, self._words = heading.texts, heading.words
        self._bare = [place for place, text in enumerate(heading.texts) if not text]
        self._below = False

    def holds(self, cells: Sequence[Cell]) -> bool:
        """Whether a row without all that it needs is a total, the heading once more, or a line below the table."""
        filled = [text for cell in cells if (text := "".join(folded(shown(cell)).split()))]
        if any(_TOTAL.fullmatch(text) for text in filled) or all(_LABEL.match(text) for text in filled):
            self._below = True
        elif not (self._below and len(filled) == 1):
            return all(plain(text) in self._words for text in filled)
        return True

    def strays(self, cells: Sequence[Cell]) -> Iterator[tuple[int, str, Message]]:
        if not self._bare and len(cells) <= len(self._texts):
            return
        for place in (*self._bare, *range(len(self._texts), len(cells))):
            if place < len(cells) and shown(cells[place]).strip():
                yield place, shown(cells[place]), message("column {number} has no heading", number=place + 1)
