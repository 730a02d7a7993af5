"""The texts of a form's boxes and rows, as a bureau's workbook names them. Domain 6.8."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from ledger12315.boxes.forms import COMPLAINT
from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.names import comparable_name
from ledger12315.boxes.reading import Misread
from ledger12315.errors import Refused
from ledger12315.renamed import in_newest_words
from ledger12315.rules.measures import TOTAL
from ledger12315.sheets.forms.attachment6 import ROWS
from ledger12315.sheets.forms.spec import Cell, CellValue, FormSheet, Line, cell_of

_MOST_ROWS_FILLED = 20_000
"""The most rows of a bureau's register; a mapping may state any number."""
# The columns of figures in a form's table.
_FIGURE_COLUMNS = (
    "place",
    "used",
    *(key for key, box in COMPLAINT.items() if box.kind.entry == "money"),
)


class BoxContent:
    """The texts of a form's boxes or of its table's rows, by label."""

    def __init__(self, sheets: Iterable[FormSheet]) -> None:
        sheet, *others = sheets
        if others:
            raise Refused(
                "A bureau's own workbook is filled for one complaint or point at a time: give "
                "--number or --point."
            )
        headings = [*_unique_headings([each.heading for each in sheet.columns])]
        self.columns = _labels_by_spelling(headings)
        self.keys = dict(zip(headings, (each.key for each in sheet.columns), strict=True))
        self._rows: list[Mapping[str, CellValue]] = []
        self._boxes = dict(_texts_around(sheet)) | dict(_boxes(sheet.boxes))
        for cells in sheet.rows:
            row = dict(zip(headings, map(_box_value, cells), strict=True))
            if row[headings[0]] == ROWS[TOTAL]:
                self._boxes |= {f"{ROWS[TOTAL]} {name}": each for name, each in row.items()}
            else:
                self._rows.append(row)
        self.labels = _labels_by_spelling(self._boxes)
        self.names = headings or [
            f"{line.group} {box.label}".strip()
            for line in sheet.boxes
            for box in line.boxes
            if box.label
        ]

    def rows(self, values: Mapping[str, Any]) -> list[int]:
        """Return a number for each row of the mapping. Raises Misread if they are too few."""
        room = min(values["last"] - values["first"] + 1, _MOST_ROWS_FILLED)
        if len(self._rows) > room:
            raise Misread(
                "room for {count} is needed, but there is room for {room}: insert rows in the "
                "workbook, and correct 'last' in the mapping",
                count=len(self._rows),
                room=room,
            )
        return list(range(room))

    def wanted(self, text: str, row: int | None) -> tuple[str, int | None]:
        """Return a label of the form, or a heading of its table and the row. Raises Misread."""
        known = self.labels if row is None else self.columns
        spelled = in_newest_words(comparable_name(text))
        if spelled not in known:
            raise Misread(
                "{name} is not a box of the form; its boxes: {names}",
                name=text,
                names=dict.fromkeys(known.values()),
            )
        return known[spelled], row

    def sample(self, wanted: tuple[str, int | None]) -> CellValue:
        """Return a sample value for a place: in a column of figures a figure."""
        name, row = wanted
        return 1 if row is not None and self.keys[name] in _FIGURE_COLUMNS else self.value(wanted)

    def value(self, wanted: tuple[str, int | None]) -> CellValue:
        """Return the text that the form prints; nothing in an unused row."""
        name, row = wanted
        if row is None:
            return self._boxes[name]
        return self._rows[row][name] if row < len(self._rows) else None


def _box_value(cell: Cell | CellValue) -> CellValue:
    value = cell_of(cell).value
    return DAY.printed(value) if isinstance(value, date) else value


def _unique_headings(headings: Sequence[str]) -> Iterator[str]:
    """Yield headings; one that appears twice is joined with the heading before it."""
    for before, heading in pairwise(["", *headings]):
        yield f"{before} {heading}" if headings.count(heading) > 1 else heading


def spellings(text: str) -> Iterator[str]:
    """Yield a label as names are compared, then without text in brackets."""
    bare = in_newest_words(comparable_name(text)).removesuffix(":")
    yield bare
    yield re.sub(r"\(.*?\)", "", bare)


def _labels_by_spelling(labels: Iterable[str]) -> dict[str, str]:
    return {spelling: label for label in labels for spelling in spellings(label)}


def _texts_around(sheet: FormSheet) -> Iterator[tuple[str, CellValue]]:
    for text in (sheet.left, *sheet.right):
        label, _, value = text.partition("：")
        yield label, value


def _boxes(lines: Iterable[Line]) -> Iterator[tuple[str, CellValue]]:
    """Yield each value with its name: the group and the label.

    In a list the name is the list's and the first cell of the row. The label alone is a name too,
    if only one group has it.
    """
    heads: list[str] = []
    found, alone = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for line in lines:
        texts = [box.value or "" for box in line.boxes]
        if line.boxes[0].heads:
            heads = texts
            continue
        for place, box in enumerate(line.boxes):
            name = box.label or heads[place]
            found[f"{line.group} {name}".strip()].append(texts[place])
            if box.label:
                alone[name].append(texts[place])
            elif texts[0]:
                found[f"{texts[0].partition('：')[0]} {name}"].append(texts[place])
    yield from ((label, texts[0]) for label, texts in alone.items() if len(texts) == 1)
    yield from ((label, "\n".join(texts)) for label, texts in found.items())
