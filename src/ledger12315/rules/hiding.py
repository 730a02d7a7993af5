"""Which figures of a few cases are not shown to others: from three complaints one knows whose."""

from collections.abc import Iterator

from ledger12315.rules.controls import EQUALITIES, LIMITS
from ledger12315.rules.measures import ATTACHMENT3, COLUMNS, TOTAL, Figures
from ledger12315.words import TYPES

FEWEST = 5
"""A count below it is hidden, but for 0."""
# Money of so few cases is hidden with their count.
_COUNTED = {"disputed": "received", "recovered": "closed"}
_KEYS = [measure.key for measure in ATTACHMENT3]
Cell = tuple[str, str]

# Where a part is nearly the whole, either tells the other.
_PARTS = [
    ((part, column), (whole, column))
    for part, whole in LIMITS
    for column in COLUMNS
    if part in _KEYS
]


def hidden(found: Figures) -> set[Cell]:
    """Return the cells of Attachment 3, as measure and column, that are not to be shown.

    They are those of few cases, and others until no sum tells what a hidden one holds.
    """
    cells = {
        (key, column)
        for key in _KEYS
        for column in COLUMNS
        if 0 < found[_COUNTED.get(key, key)][column] < FEWEST
    }
    sums, before = [*_sums()], -1
    while len(cells) > before:
        before = len(cells)
        for terms in sums:
            if len(cells & terms) == 1:
                cells.add(min(terms - cells, key=lambda cell: _loss(found, cell)))
        for part, whole in _PARTS:
            rest = _of(found, whole) - _of(found, part)
            if rest < FEWEST and not cells.isdisjoint((part, whole)):
                cells |= {part, whole}
    return cells


def _of(found: Figures, cell: Cell) -> int:
    key, column = cell
    return found[key][column]


def _sums() -> Iterator[set[Cell]]:
    """Yield the terms of each equation that holds between cells."""
    for key in _KEYS:
        yield {(key, column) for column in (TOTAL, *TYPES)}
    for left, terms in EQUALITIES:
        for column in COLUMNS if left in _KEYS else ():
            yield {(each.lstrip("-"), column) for each in (left, *terms.split())}


def _loss(found: Figures, cell: Cell) -> tuple[bool, bool, int, Cell]:
    """Return what is lost with a cell: least with a few of one type, most with a total."""
    figure = _of(found, cell)
    return figure == 0, cell[1] == TOTAL, figure, cell
