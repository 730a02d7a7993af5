"""The figures of an Attachment 3 by measure, each with its place. 三(五)7"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ledger12315.boxes.amounts import COUNT_OR_ZERO, MONEY, amount_under
from ledger12315.boxes.reading import Misread
from ledger12315.errors import Unacceptable, message
from ledger12315.rules.measures import ATTACHMENT3, Measure

_MEASURES_BY_NAME = {
    name: measure for measure in ATTACHMENT3 for name in (measure.code, measure.key)
}


class StatedCell(NamedTuple):
    """A value of an Attachment 3: code or key of its measure, its text, its place.

    `words` are the other texts of its row, such as its unit.
    """

    code: str
    text: str
    place: str
    words: str = ""


class Stated(NamedTuple):
    """A figure of an Attachment 3, money in 分, and its place."""

    figure: int
    place: str


def read_stated(cells: Iterable[StatedCell], file: Path) -> dict[str, Stated]:
    """Return a file's Attachment 3 by key; an older one may lack newer measures.

    Raises Unacceptable with every problem and its place.
    """
    found: dict[str, Stated] = {}
    problems = []
    for cell in cells:
        try:
            measure = _stated_measure(cell, found)
            found[measure.key] = Stated(0, cell.place)
            found[measure.key] = Stated(_stated_figure(cell, measure), cell.place)
        except Misread as wrong:
            problems.append(wrong.message)
    lacking = [each for each in ATTACHMENT3 if each.key not in found and not each.since]
    if missing := [measure.label for measure in lacking]:
        problems.append(message("missing: {measures}", measures=missing))
    if problems:
        raise Unacceptable("{file} is not a complete Attachment 3.", *problems, file=file)
    return found


def _stated_measure(cell: StatedCell, found: Mapping[str, Stated]) -> Measure:
    measure = _MEASURES_BY_NAME.get(cell.code)
    if measure is None:
        raise Misread(
            "{place}: {code} is not a code of Attachment 3", place=cell.place, code=cell.code
        )
    if measure.key in found:
        raise Misread("{place}: {code} appears twice", place=cell.place, code=measure.label)
    return measure


def _stated_figure(cell: StatedCell, measure: Measure) -> int:
    kind = MONEY if measure.money else COUNT_OR_ZERO
    try:
        text = amount_under(cell.words, cell.text) if measure.money else cell.text
        return int(str(kind.read(text, date.min)))
    except Misread as wrong:
        raise Misread(
            "{place}, {measure}: {problem}",
            place=cell.place,
            measure=measure.label,
            problem=wrong.message,
        ) from None
