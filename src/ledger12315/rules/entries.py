"""A row of a register, taken apart into boxes, and what keeps it from being a complaint."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ledger12315.errors import LedgerError, Message, message
from ledger12315.rules.checks import problems as broken
from ledger12315.rules.headings import BOXES, Heading
from ledger12315.rules.reading import Value, money, yuan
from ledger12315.words import STATES, Word

MOST_PROBLEMS, _MOST_SHOWN = 10_000, 100
"""After so many the reading ends; of each value so many characters are kept."""
# What `log` and `close` fill in, where a register is silent.
DEFAULTS: Mapping[str, Value] = {
    "source": "direct",
    "channel": "visit",
    "problem": "other",
    "kind": "other",
    "facts": "",
    "recovered": 0,
    "multiple_damages": 0,
}
# Boxes that a row can fill though they have no column.
_DERIVED = ("kind", "told", "escalated", "escalation_reason", "referral_no")
_TOGETHER = (("outcome", "closed"), ("escalated", "escalation_reason"))
_BY_CLOSING = ("recovered", "multiple_damages", "rating")


class Problem(NamedTuple):
    """What keeps a row from being taken in: where, the heading as it stands there, its box, the value, and why.

    `place` is the column, counted from 0; None, as the heading, where it is no column's.
    """

    sheet: str | None
    row: int
    place: int | None
    column: str | None
    box: str
    value: str
    problem: Message


class Table:
    """A sheet (None in csv), its heading, and the boxes that its rows fill."""

    def __init__(self, sheet: str | None, heading: Heading) -> None:
        self.sheet, self.heading = sheet, heading
        self.keys = tuple(dict.fromkeys((*(box for box in heading.boxes if box in BOXES), *_DERIVED)))

    def problem(self, row: int, box: str, value: str, why: Message) -> Problem:
        """One of a box; its first column is named."""
        place = self.heading.boxes.index(box) if box and box in self.heading.boxes else None
        return Problem(
            self.sheet, row, place, None if place is None else self.heading.texts[place], box, value[:_MOST_SHOWN], why
        )


class Entry(NamedTuple):
    """One row of a register, its values in the order of the table's keys, None where it says nothing."""

    table: Table
    row: int
    values: tuple[Value | None, ...]

    def boxes(self) -> dict[str, Value]:
        return {key: value for key, value in zip(self.table.keys, self.values, strict=True) if value is not None}

    def problem(self, box: str, why: Message) -> Problem:
        value = self.boxes().get(box)
        return self.table.problem(self.row, box, "" if value is None else told(box, value), why)


def inconsistencies(boxes: Mapping[str, object]) -> Iterator[tuple[str, Message]]:
    """What keeps a complaint with these boxes from being one: the box, and why."""
    for pair in _TOGETHER:
        for box, other in (pair, pair[::-1]):
            if boxes.get(other) is not None and boxes.get(box) is None:
                yield box, message("{box} is given, so this must be too", box=BOXES[other].label)
    if boxes.get("closed") is None:
        for box in _BY_CLOSING:
            if boxes.get(box):
                yield box, message("only a closed complaint has it")
    for error in broken(boxes):
        yield _box_of(error), error.message


def _box_of(error: LedgerError) -> str:
    """The box that a problem of the rules is about: they name it, or the option that mends it."""
    words = [value.code for value in error.message.values.values() if isinstance(value, Word)]
    options = [name.replace("-", "_") for name in re.findall("--([a-z-]+)", error.message.id)]
    return next((box for box in (*words, *options) if box in BOXES), "")


def told(box: str, value: Value) -> str:
    """A value as a register has it."""
    if words := BOXES[box].vocabulary:
        return "、".join({**STATES, **words}[code].zh for code in str(value).split(","))
    return yuan(value) if BOXES[box].read is money and isinstance(value, int) else str(value)
