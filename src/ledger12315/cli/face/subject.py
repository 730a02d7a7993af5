"""What a conversation knows of what it asks about."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from ledger12315.boxes import Box, Filled, by_key, parse_all
from ledger12315.boxes.kinds import Check, Value
from ledger12315.boxes.worded import spelled
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import point_named
from ledger12315.cli.face.offers import Offer
from ledger12315.errors import LedgerError, Message, message
from ledger12315.ledger.complaints.recent import (
    REMEMBERED,
    NamedPoint,
    Recent,
    officers,
    open_cases,
    places,
    recent,
)
from ledger12315.ledger.points import Point, find_point
from ledger12315.ledger.station import begins
from ledger12315.locale import N_, day_words, render
from ledger12315.rules.periods import quarter_ended

Known = Mapping[str, str]
"""Boxes as they were typed, by key; one that was left empty is an empty text."""

Leads = Mapping[str, tuple[str, ...]]


class Doubt(NamedTuple):
    """What is asked once more before it is written, and the box that would mend it."""

    why: Message
    box: str = ""
    question: str = N_("Keep it? [y/n]")


class Subject:
    """What any command's boxes need; a command that knows more of its own says so.

    `find` looks up what the answer to the first box names, gives its own name, and raises
    Refused: a wrong answer is told before more is asked. `usual` gives what Enter stands for
    there, `more` the keys to ask for besides. What `writes` is looked over first.
    """

    leads: ClassVar[Leads] = MappingProxyType({})
    """Boxes that are shown, and can be changed by a digit, where another is asked for."""
    keeps = False
    """Whether Enter leaves a box as it stands."""
    fixed: tuple[str, ...] = ()
    """Boxes that are not changed once they are answered."""

    def __init__(
        self,
        desk: Desk,
        boxes: Sequence[Box],
        find: Callable[[str], str | None] | None = None,
        usual: Callable[[], str] | None = None,
        more: Callable[[Known], Container[str]] | None = None,
        writes: bool = True,
    ) -> None:
        self.desk, self.boxes, self.writes = desk, boxes, writes
        self.today = desk.today
        self.by_key = by_key(*boxes)
        self._find, self._usual, self._more = find, usual, more
        self._points: dict[str, Point] = {}

    def value(self, known: Known, key: str) -> Value | None:
        """Return a box's value; None where it is empty or cannot be read."""
        text = known.get(key, "").strip()
        with suppress(LedgerError):
            return self.by_key[key].parse(text, self.today) if text else None
        return None

    def values(self, known: Known) -> Filled:
        """Return the values of what is filled, whatever is missing. Raises Unclear."""
        return parse_all([box.optional() for box in self.boxes], known, self.today)

    def goes_on(self, given: Known) -> bool:
        """Return whether the next case is asked for when one is written."""
        return False

    def asked(self, known: Known) -> Iterator[Box]:
        """Yield the boxes to ask for that are not known, in their order."""
        besides = self._more(known) if self._more else ()
        for box in self.boxes:
            wanted = box.asked or box.key in besides or box.lacking(known)
            if wanted and box.key not in known:
                yield box

    def required(self, box: Box, known: Known) -> bool:
        """Return whether a box that is asked for must be filled."""
        return box.required

    def ready(self, known: Known) -> Known:
        """Return what stands in boxes that are not asked for until somebody says otherwise."""
        return {box.key: self._default(box) for box in self.boxes if box.default and not box.asked}

    def _default(self, box: Box) -> str:
        """Return a box's default; the day on which it was so is one that can be kept."""
        return str(box.kind.plain(box.parse(box.default, self.today))) if box.default else ""

    def nothing(self, box: Box, known: Known) -> Message | str:
        """Return what Enter means where a box may stay empty; nothing where a rule needs it."""
        needed = self._more(known) if self._more else ()
        if box.key == "point":
            return message(" (Enter: all)")
        if isinstance(box.kind, Check):
            return message(" (Enter: not looked at)")
        return "" if box.key in needed and not box.asked else message(" (Enter: none)")

    def ends(self, box: Box) -> bool:
        """Return whether an empty answer ends the conversation."""
        return False

    def proposed(self, box: Box, known: Known) -> str:
        """Return what Enter takes."""
        if box.key == "period":
            return self._quarter_owed()
        return self._usual() if self._usual and box is self.boxes[0] else self._default(box)

    def _quarter_owed(self) -> str:
        """Return the last quarter that is over; nothing before the ledger begins."""
        quarter = quarter_ended(self.today)
        with self.desk.read() as ledger:
            return quarter.code if quarter.last >= begins(ledger) else ""

    def offers(self, box: Box, known: Known) -> Sequence[Offer]:
        """Return known answers to a box, the likeliest first."""
        if words := box.kind.offered:
            return [Offer(render(word)) for word in words.values()]
        if box.key == "point":
            return [Offer(each.code, f"{each.code} {each.name}") for each in self.places]
        if box.key == "number" and box.kind.digits:
            with self.desk.read() as ledger:
                return [Offer(each, f"{each} {item}") for each, item in open_cases(ledger)]
        return [Offer(word) for word in self.used(box.key, known)]

    @cached_property
    def recent(self) -> Recent:
        """What complaints were lately about."""
        with self.desk.read() as ledger:
            return recent(ledger)

    @cached_property
    def places(self) -> list[NamedPoint]:
        """The points that can be named."""
        with self.desk.read() as ledger:
            return places(ledger)

    def point(self, known: Known) -> Point | None:
        """Return the point that is known; it is looked up once."""
        word = known.get("point", "")
        if word and word not in self._points:
            with suppress(LedgerError), self.desk.read() as ledger:
                self._points[word] = find_point(ledger, word)
        return self._points.get(word)

    def used(self, key: str, known: Known) -> list[str]:
        """Return what stood in a box before; respondents are those of the point."""
        if key == "officer":
            with self.desk.read() as ledger:
                return officers(ledger)
        if key not in REMEMBERED:
            return []
        own = self.point(known) if key == "respondent" else None
        return self.recent.words(key, own.id if own else None)

    def named(self, box: Box, answer: str) -> str:
        """Return what an answer is seen as. Raises Unclear, or Refused where it is not found."""
        value = box.parse(answer, self.today)
        if box is self.boxes[0] and self._find:
            return self._find(str(value)) or answer
        if box.key == "point":
            return point_named(self.desk, str(value))
        if isinstance(value, date):
            return day_words(value)
        if isinstance(value, str):
            return render(box.kind.shown(spelled(value)))
        if box.kind.unit and isinstance(value, int):
            return f"{box.kind.plain(value)} {render(box.kind.unit)}"
        return answer

    def stored(self, known: Known) -> Known:
        """Return what stands in boxes already, as it may be seen."""
        return {}

    def doubts(self, known: Known) -> Iterator[Doubt]:
        """Yield what would surprise."""
        yield from ()

    def carried(self, known: Known) -> None:
        """Take note of a case that was written, and what the next one has of it."""
