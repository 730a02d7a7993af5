"""The facts known about one case while questions are asked."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, TypeVar

from ledger12315.boxes import Box, Filled, by_key, parse_all
from ledger12315.boxes.kinds import Value
from ledger12315.boxes.worded import local_word
from ledger12315.cli.face.desk import Desk
from ledger12315.errors import LedgerError
from ledger12315.ledger.complaints.recent import (
    NamedPoint,
    Recent,
    latest_complaints,
    points_to_choose,
)
from ledger12315.ledger.points import Point, find_point
from ledger12315.locale import day_words, render

Known = Mapping[str, str]
"""Boxes as they were typed, by key; one that was left empty is an empty text."""
_Read = TypeVar("_Read")


class Case:
    """The boxes of a case, those `given` at first, and all that are `known` by now."""

    def __init__(self, desk: Desk, boxes: Sequence[Box], given: Known) -> None:
        self.desk = desk
        self.boxes = by_key(*boxes)
        self.given = self.known = given
        self._read: dict[Hashable, Any] = {}

    @property
    def today(self) -> date:
        """The day that counts as today. Raises Refused where the computer's clock is wrong."""
        return self.desk.today

    def value(self, key: str) -> Value | None:
        """Return a box's value; None where it is empty or cannot be read."""
        text = self.known.get(key, "").strip()
        with suppress(LedgerError):
            return self.boxes[key].parse(text, self.today) if text else None
        return None

    def values(self) -> Filled:
        """Return the values of the filled boxes; others may be missing. Raises Unclear."""
        return parse_all([box.optional() for box in self.boxes.values()], self.known, self.today)

    def seen(self, key: str, answer: str) -> str:
        """Return the meaning of an answer, as it is shown. Raises Unclear."""
        box = self.boxes[key]
        value = box.parse(answer, self.today)
        if isinstance(value, date):
            return day_words(value)
        if isinstance(value, str):
            return render(box.kind.shown(local_word(value)))
        if box.kind.unit and isinstance(value, int):
            return f"{box.kind.plain(value)} {render(box.kind.unit)}"
        return answer

    def read(self, of: Callable[..., _Read], *about: str) -> _Read:
        """Return the result of `of`, called with the ledger and `about` once per case."""
        if (of, about) not in self._read:
            with self.desk.read() as ledger:
                self._read[of, about] = of(ledger, *about)
        found: _Read = self._read[of, about]
        return found

    def forget(self) -> None:
        """Forget all readings from the ledger, since it has changed."""
        self._read.clear()

    @property
    def recent(self) -> Recent:
        """The goods and words of recent complaints."""
        return self.read(latest_complaints)

    @property
    def places(self) -> list[NamedPoint]:
        """The points to choose from."""
        return self.read(points_to_choose)

    @property
    def point(self) -> Point | None:
        """The point of this case, if known."""
        if word := self.known.get("point", ""):
            with suppress(LedgerError):
                return self.read(find_point, word)
        return None
