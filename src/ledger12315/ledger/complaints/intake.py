"""A register held against what the ledger knows: what it would change. 三(四)4"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from math import inf
from operator import itemgetter
from typing import Any, NamedTuple

from ledger12315.boxes.names import compared
from ledger12315.boxes.tables import PERSONAL, typed_row
from ledger12315.errors import Message, Refused, message
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints.likeness import NEAR, around, marks_of
from ledger12315.ledger.complaints.staged import Entries
from ledger12315.ledger.points import Point, contact, find_point, host_on, type_on
from ledger12315.ledger.store import Ledger, single
from ledger12315.register.headings import BOXES, YES_OR_NO
from ledger12315.register.meaning import Wrong, in_register, inconsistencies, with_defaults
from ledger12315.register.rows import MOST_PROBLEMS, Entry, RowProblem
from ledger12315.rules.deadlines import due, on_time
from ledger12315.words import ERASED, TYPES

# A register with more rows than a station gets in years is an old ledger that is taken over.
_COMPARED = 10_000
_HELD = 1000
# What a register is never held against, so that others may write it meanwhile.
_NEVER_ASKED = {
    *("demonstration", "disclosure", "former_host", "informant", "inspection", "point_return"),
    *("record", "submission", "submitted"),
}
Boxes = Mapping[str, Any]
Row = dict[str, Any]


class Spot(NamedTuple):
    """A point with its history as (from this day on, type, liaison), in order of days."""

    point: Point
    since: list[tuple[date, str, str]]

    def on(self, day: date) -> tuple[str, str]:
        """Return type and liaison on a day."""
        return self.since[bisect_right(self.since, day, key=itemgetter(0)) - 1][1:]


class Intake:
    """What a register would change: complaints that are `new`, and boxes to be `filled`.

    New ones are (day of receipt, point, place among the `entries`); `early` counts those that are
    older than their point. `known` are the numbers, by row, of complaints that the ledger has
    already. `alike` are rows that may be the same matter as a complaint or row named beside each.
    All of it was compared with the ledger as the `act` left it.
    """

    def __init__(self, entries: Entries, act: int) -> None:
        self.entries, self.act = entries, act
        self.new: list[tuple[date, Spot, int]] = []
        self.filled: list[tuple[int, Row]] = []
        self.known: dict[int, str] = {}
        self.alike: list[tuple[int, object]] = []
        self.skipped = self.early = 0
        self.problems: list[RowProblem] = []

    def refuse(self, entry: Entry, wrong: Iterable[tuple[str, Message]]) -> None:
        """Keep what is wrong with a row."""
        self.problems += [entry.problem(box, why) for box, why in wrong]

    def outdated(self, ledger: Ledger) -> bool:
        """Return whether later acts wrote anything that the rows are compared with."""
        query = "SELECT DISTINCT table_name, row_id FROM change WHERE act_id > ?"
        return any(
            table not in _NEVER_ASKED and (table != "complaint" or self._tells_of(ledger, row_id))
            for table, row_id in ledger.execute(query, (self.act,))
        )

    def _tells_of(self, ledger: Ledger, row_id: int) -> bool:
        query = "SELECT point_id, number, external_no FROM complaint WHERE id = ?"
        point, *numbers = ledger.execute(query, (row_id,)).fetchone()
        keys = [numbers[0], *(_key(point, number) for number in numbers)]
        return any(map(self.entries.tells_of, keys))


def _key(point_id: int, number: object) -> str:
    return f"{point_id} {number}"


def plan(
    ledger: Ledger,
    entries: Entries,
    default: Point | None,
    step: Callable[[int], object] = lambda _: None,
    give_way: bool = False,
) -> Intake:
    """Compare each row with its point, the calendar, and the complaint of the same number.

    Nothing is changed. `step` is told how many rows were compared. With `give_way` others may
    write to the ledger in between.
    """
    planner = _Planner(ledger, entries, default)
    for place, entry in entries:
        planner.hold(place, entry)
        if len(planner.intake.problems) >= MOST_PROBLEMS:
            break
        if place % _HELD == 0:
            step(_HELD)
            if give_way:
                ledger.execute("COMMIT")
                ledger.execute("BEGIN")
    if len(planner.intake.new) <= _COMPARED:
        planner.intake.alike = sorted(_alike(ledger, planner.intake).items())
    return planner.intake


def _alike(ledger: Ledger, made: Intake) -> dict[int, object]:
    """Return by row the complaint or earlier row that a new one may be the same as."""
    found: dict[int, object] = {}
    told: dict[tuple[int, tuple[str, ...]], list[tuple[date, int]]] = {}
    days: dict[int, list[date]] = {}
    for received, spot, place in made.new:
        entry, point = made.entries[place], spot.point.id
        days.setdefault(point, []).append(received)
        for mark in marks_of({"phone": None, **entry.boxes()}):
            others = told.setdefault((point, mark), [])
            for row in _near(others, received):
                found[entry.row] = message("row {row}", row=row)
            others.append((received, entry.row))
    for point, known in days.items():
        for day, number, complaint in around(ledger, point, min(known), max(known)):
            for mark in marks_of(complaint):
                found |= dict.fromkeys(_near(told.get((point, mark), ()), day), number)
    return found


def _near(rows: Iterable[tuple[date, int]], day: date) -> Iterator[int]:
    return (row for received, row in rows if abs((received - day).days) <= NEAR)


class _Planner:
    def __init__(self, ledger: Ledger, entries: Entries, default: Point | None) -> None:
        self.intake = Intake(entries, single(ledger, "SELECT max(id) FROM act"))
        self._ledger, self._default = ledger, default
        self._reckoned = _reckoner(ledger)
        self._spot = cache(self._find_spot)

    def _find_spot(self, name: str | None) -> Spot | Message:
        try:
            if self._default and name is None:
                return _spot(self._ledger, self._default)
            return _spot(self._ledger, find_point(self._ledger, str(name)))
        except Refused as refused:
            return refused.message

    def hold(self, place: int, entry: Entry) -> None:
        """Decide what becomes of one row."""
        boxes, entries = entry.boxes(), self.intake.entries
        spot = self._spot(boxes.get("point"))
        if isinstance(spot, Message):
            wrong = inconsistencies(with_defaults(boxes))
            self.intake.refuse(entry, [("point", spot), *wrong])
            return
        if "previous" in boxes:
            entries.first(str(boxes["previous"]), place)
        first = entries.first(_key(spot.point.id, boxes["external_no"]), place)
        if first != place:
            self._hold_against_row(entry, entries[first])
        elif known := _stored(self._ledger, spot.point, boxes):
            self._hold_against_known(entry, spot, known)
        elif boxes.get("outcome") == "void":
            self.intake.skipped += 1
        else:
            self._take(place, entry, spot, boxes)

    def _hold_against_row(self, entry: Entry, first: Entry) -> None:
        if first.boxes() == entry.boxes():
            self.intake.skipped += 1
        else:
            why = message("row {row} has the same number", row=first.row)
            self.intake.refuse(entry, [("external_no", why)])

    def _hold_against_known(self, entry: Entry, spot: Spot, known: Row) -> None:
        """Skip a row that says nothing new, fill what it adds to an open complaint.

        Anything else is a problem.
        """
        made, boxes, number = self.intake, entry.boxes(), known["number"]
        made.known[known["id"]] = number
        new: Row = {}
        wrong: list[tuple[str, Message]] = []
        void = boxes.get("outcome") == "void"
        if not void:
            wrong += [*self._unlike(boxes, spot), *_orphaned(self._ledger, boxes, known)]
        if bool(known["voided"]) != void:
            why = message("it is void in one of the two, the register and {number}", number=number)
            wrong.append(("outcome", why))
        elif not void:
            new, unfit = _news(known, boxes)
            wrong += unfit
        if wrong:
            made.refuse(entry, wrong)
        elif new:
            made.filled.append((known["id"], new))
        else:
            made.skipped += 1

    def _take(self, place: int, entry: Entry, spot: Spot, boxes: Boxes) -> None:
        wrong = [*self._unlike(boxes, spot), *_unfit(self._ledger, boxes, spot.point)]
        if wrong:
            self.intake.refuse(entry, wrong)
            return
        self.intake.early += boxes["received"] < spot.point.since
        self.intake.new.append((boxes["received"], spot, place))

    def _unlike(self, boxes: Boxes, spot: Spot) -> Wrong:
        """Yield type, working days or on-time answers that the ledger reckons otherwise."""
        received, closed = boxes["received"], boxes.get("closed")
        type_ = spot.on(received)[0]
        if boxes.get("type", type_) != type_:
            why = message(
                "{point} was of type {type} on {day}",
                point=spot.point.name,
                type=TYPES[type_],
                day=received,
            )
            yield "type", why
        if closed and ("working_days" in boxes or "on_time" in boxes):
            days, in_time = self._reckoned(received, closed, boxes.get("escalated"))
            if boxes.get("working_days", days) != days:
                yield "working_days", message("by the ledger's calendar it is {days}", days=days)
            if boxes.get("on_time", in_time) != in_time:
                answer = YES_OR_NO[in_time]
                yield "on_time", message("by the ledger's calendar it is {answer}", answer=answer)


def _spot(ledger: Ledger, point: Point) -> Spot:
    query = """
        SELECT since FROM {0} WHERE point_id = :point
        UNION SELECT until FROM {0} WHERE point_id = :point AND until IS NOT NULL"""
    days = {date.min}  # before the first of them
    for table in ("point_type", "contact"):
        rows = ledger.execute(query.format(table), {"point": point.id})
        days.update(date.fromisoformat(row[0]) for row in rows)
    known = [
        (day, type_on(ledger, point, day), contact(ledger, point, "liaison", day))
        for day in sorted(days)
    ]
    return Spot(point, known)


def _reckoner(ledger: Ledger) -> Callable[[date, date, date | None], tuple[int, str]]:
    """Return a function of the days of receipt, closing and escalation.

    It returns the working days up to the closing, and yes or no to whether it was on time.
    """
    calendar = calendar_of(ledger)

    @lru_cache(maxsize=4096)
    def reckoned(received: date, closed: date, escalated: date | None) -> tuple[int, str]:
        in_time = on_time(closed, escalated, due(received, calendar).day)
        return calendar.count(received, closed), "yes" if in_time else "no"

    return reckoned


_STORED = f"""
    SELECT this.*, (SELECT number FROM complaint WHERE id = this.previous_id) AS previous,
           {host_on("this.received")} AS host
    FROM complaint AS this JOIN point ON point.id = this.point_id WHERE """


def _stored(ledger: Ledger, point: Point, boxes: Boxes) -> Row | None:
    """Return the complaint that a row is about, if the ledger has it.

    It is found by the point's number, or by its own where the register was exported from here.
    """
    number, received = boxes["external_no"], boxes.get("received")
    query = _STORED + "point_id = ? AND external_no = ?"
    row = ledger.execute(query, (point.id, number)).fetchone()
    if row is None:
        query = _STORED + "number = ? AND point_id = ? AND received = ? AND complainant IN (?, ?)"
        values = (number, point.id, received, boxes.get("complainant"), ERASED)
        row = ledger.execute(query, values).fetchone()
    return typed_row("complaint", dict(row)) if row else None


def _unfit(ledger: Ledger, boxes: Boxes, point: Point) -> Wrong:
    if point.gone(boxes["received"]):
        why = message("{point} was retired on {day}", point=point.name, day=point.retired)
        yield "received", why
    yield from _orphaned(ledger, boxes, {})
    yield from inconsistencies(with_defaults(boxes))


def _orphaned(ledger: Ledger, boxes: Boxes, known: Boxes) -> Wrong:
    """Yield a problem if the earlier complaint is not there, or not earlier.

    What is new comes after all that the ledger has of its day.
    """
    if "previous" in boxes:
        query = "SELECT 1 FROM complaint WHERE number = ? AND (received, year, serial) < (?, ?, ?)"
        place = boxes["received"], known.get("year", inf), known.get("serial", inf)
        if not single(ledger, query, (boxes["previous"], *place)):
            yield "previous", message("there is no such complaint before it")


def _news(known: Row, boxes: Boxes) -> tuple[Row, list[tuple[str, Message]]]:
    """Return the boxes that a row adds to a complaint, and what keeps them from being added."""
    new = _differing(known, boxes)
    other = [key for key in new if not _may_fill(known, new, key)]
    if other:
        return new, [(key, _other(known, key)) for key in other]
    if new and known["closed"]:
        why = message("{number} is closed without it", number=known["number"])
        return new, [(key, why) for key in new]
    return new, [*inconsistencies({**known, **new})] if new else []


def _differing(known: Row, boxes: Boxes) -> Row:
    left_out = {"type", "external_no"}
    if known["complainant"] == ERASED:
        left_out.update(PERSONAL["complaint"])
    named = compared(boxes.get("respondent") or "")
    if not known["respondent"] and named == compared(known["host"]):
        left_out.add("respondent")  # as a register of ours prints it where no tenant is named
    held = known.keys() - left_out
    return {key: value for key, value in boxes.items() if key in held and value != known[key]}


def _may_fill(known: Row, new: Row, key: str) -> bool:
    """Return whether a box of a known complaint is empty, so that a row may fill it.

    An amount of 0 counts as empty, and so does the kind of an open complaint without category.
    """
    if known[key] in (None, ""):
        return True
    if key == "kind" and "category" in new:
        return known["category"] is None and known["kind"] == "other" and not known["closed"]
    return known[key] == 0 and BOXES[key].kind.entry == "money"


def _other(known: Row, key: str) -> Message:
    if BOXES[key].kind.masked:
        return message("{number} has another", number=known["number"])
    there = in_register(key, known[key])
    return message("{number} has {stored}", number=known["number"], stored=there)
