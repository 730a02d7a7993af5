"""Points of a file: compared with those of the ledger, and set up in one act. 三(五)7"""

from collections.abc import Iterable, Mapping
from typing import Any

from ledger12315.boxes import Filled
from ledger12315.boxes.kinds import Value
from ledger12315.boxes.names import comparable_name
from ledger12315.boxes.people import persons
from ledger12315.errors import Message, message
from ledger12315.ledger.points import LATEST, Point, find_point, points
from ledger12315.ledger.points.acts import retire
from ledger12315.ledger.points.profile import profile
from ledger12315.ledger.points.setting_up import (
    Named,
    named_points,
    questions_if_same_point,
    set_up,
)
from ledger12315.ledger.station import station
from ledger12315.ledger.store import Ledger, insert, update
from ledger12315.register.meaning import printed_in_register
from ledger12315.register.points import PEOPLE, POINT_ROWS
from ledger12315.register.rows import Entry, RowProblem
from ledger12315.renamed import in_newest_words
from ledger12315.rules.eligibility import AS_LISTED
from ledger12315.rules.profile import Profile

_OF_A_LIST = ("filed", "filing_no")


class PointIntake:
    """The changes of a file of points: those that are `new`, and the rows of known ones.

    `doubts` are rows that may repeat a point, or are of another station. `lacking` counts the new
    points without the people of each role.
    """

    def __init__(self, ledger: Ledger, entries: Iterable[Entry]) -> None:
        self.new: list[Mapping[str, Value]] = []
        self.problems: list[RowProblem] = []
        self.doubts: list[RowProblem] = []
        self.skipped = 0
        self._ledger, self._station = ledger, in_newest_words(station(ledger).name)
        self._points, self._named = points(ledger), named_points(ledger)
        self._codes: dict[str, int] = {}
        for entry in entries:
            self._compare(entry)

    def without(self, role: str) -> int:
        """Return the number of new points without anybody in a role."""
        return sum(role not in boxes for boxes in self.new)

    def _compare(self, entry: Entry) -> None:
        boxes = entry.boxes()
        code = str(boxes.get("code", "")).casefold()
        if code and (first := self._codes.setdefault(code, entry.row)) != entry.row:
            self._refuse(entry, "code", message("row {row} has the same number", row=first))
        elif known := self._known_point(code, str(boxes["name"])):
            self._hold_against(entry, known, boxes)
        else:
            self._doubt(entry, boxes)
            self.new.append(boxes)

    def _known_point(self, code: str, name: str) -> Point | None:
        """Return the point of a row's code; without one, the only one of its name."""
        if code:
            return next((each for each in self._points if each.code.casefold() == code), None)
        named = [
            each for each in self._points if comparable_name(each.name) == comparable_name(name)
        ]
        return named[0] if len(named) == 1 else None

    def _hold_against(self, entry: Entry, point: Point, boxes: dict[str, Value]) -> None:
        """Skip a row that says nothing else of a known point; list what differs."""
        known = profile(self._ledger, point, LATEST, last_staff=True)
        stored = _stored_boxes(known)
        if boxes.get("judgement") == AS_LISTED:  # the list itself has no reason
            del boxes["judgement"]
        other = [key for key in boxes if key in stored and not _is_same(key, boxes, stored)]
        for key in other:
            there = _words_of_stored(key, stored[key])
            why = message("{number} has {stored}", number=point.code, stored=there)
            self._refuse(entry, key, why)
        self.skipped += not other

    def _doubt(self, entry: Entry, boxes: Mapping[str, Value]) -> None:
        for why in questions_if_same_point(self._named, boxes):
            self.doubts.append(entry.problem("name", why))
        row = message("row {row}", row=entry.row)
        host, address = (str(boxes.get(key) or "") for key in ("host", "address"))
        self._named.append(Named(row, str(boxes["name"]), host, address))
        whose = str(boxes.get("station", self._station))
        if in_newest_words(whose) != self._station:
            why = message("this ledger is of {station}", station=station(self._ledger).name)
            self.doubts.append(entry.problem("station", why))

    def _refuse(self, entry: Entry, box: str, why: Message) -> None:
        self.problems.append(entry.problem(box, why))


def _stored_boxes(known: Profile) -> dict[str, Any]:
    """Return what a point has of the boxes of a file."""
    people = {"liaison": known.liaisons, "officer": (known.officer and (known.officer,)) or ()}
    return {**known._asdict(), **people}


def _is_same(key: str, boxes: Mapping[str, Value], stored: Mapping[str, Any]) -> bool:
    if key in PEOPLE:
        one, other = (
            [(each.name, each.phone or None) for each in people]
            for people in (persons(boxes[key]), stored[key])
        )
        return one == other
    return POINT_ROWS.boxes[key].kind.same(boxes[key], stored[key])


def _words_of_stored(key: str, value: Any) -> object:
    if key in PEOPLE:
        return [each.name for each in value] or message("nothing")
    if value is None:
        return message("nothing")
    return printed_in_register(POINT_ROWS.boxes[key], value)


def take_in_points(ledger: Ledger, new: Iterable[Mapping[str, Value]]) -> None:
    """Set up the points of a file. Raises Refused.

    Their level holds from the day of the set-up: no list states its own.
    """
    for boxes in sorted(new, key=lambda each: "code" not in each):  # a new code is a free one
        made = set_up(ledger, boxes)
        point = find_point(ledger, made.code)
        level = boxes.get("demonstration", "none")
        if level != "none":
            row = {"point_id": point.id, "level": level, "since": made.since}
            insert(ledger, "demonstration", row)
        if filed := {key: boxes[key] for key in _OF_A_LIST if key in boxes}:
            update(ledger, "point", point.id, filed)
        if "retired" in boxes:
            retire(ledger, point, Filled(boxes).day("retired"))
