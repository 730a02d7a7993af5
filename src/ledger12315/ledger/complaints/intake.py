"""A register taken into the ledger: held against what is known of it, then written in one act, or not at all. 三(四)4"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from itertools import count, islice
from math import inf
from operator import itemgetter
from typing import Any, NamedTuple

from ledger12315.boxes.reading import Value, money
from ledger12315.errors import Message, Refused, message
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints import acts as complaints
from ledger12315.ledger.points import Point, contact, find_point, type_on
from ledger12315.ledger.store import Ledger, new_key, now, update
from ledger12315.ledger.store.history import PERSONAL
from ledger12315.register.columns import BOXES, YES_OR_NO
from ledger12315.register.rows import (
    DEFAULTS,
    MOST_PROBLEMS,
    Entry,
    Problem,
    Wrong,
    in_register,
    inconsistencies,
)
from ledger12315.rules.deadlines import due
from ledger12315.words import ERASED, TYPES

# SQLite works its lists of words out once for each statement: with one row in each, half of the time goes there.
_AT_ONCE = 100


class Spot(NamedTuple):
    """A point with its history as (from this day on, type, liaison), in order of days."""

    point: Point
    since: list[tuple[str, str, str]]

    def on(self, day: str) -> tuple[str, str]:
        """Type and liaison on a day."""
        return self.since[bisect_right(self.since, day, key=itemgetter(0)) - 1][1:]


class Intake:
    """What a register would change: complaints that are new, and boxes to fill; `early` are older than their point.

    `known` are the complaints that it tells of and the ledger has, by id their numbers.
    """

    def __init__(self) -> None:
        self.new: list[tuple[str, Spot, Entry]] = []
        self.filled: list[tuple[int, dict[str, object]]] = []
        self.known: dict[int, str] = {}
        self.skipped = self.early = 0
        self.problems: list[Problem] = []

    def refuse(self, entry: Entry, wrong: Iterable[tuple[str, Message]]) -> None:
        self.problems += [entry.problem(box, why) for box, why in wrong]


def plan(ledger: Ledger, entries: Iterable[Entry], default: Point | None) -> Intake:
    """Hold each row against its point, the calendar, and the complaint of the same number. Changes nothing."""
    made, reckoned, seen = Intake(), _reckoner(ledger), dict[tuple[int, Value], Entry]()

    @cache
    def spot(name: str | None) -> Spot | Message:
        try:
            return _spot(
                ledger, default if default and name is None else find_point(ledger, str(name))
            )
        except Refused as refused:
            return refused.message

    for entry in entries:
        boxes = entry.boxes()
        place, void = spot(boxes.get("point")), boxes.get("outcome") == "void"
        if isinstance(place, Message):
            made.refuse(entry, [("point", place), *inconsistencies({**DEFAULTS, **boxes})])
        elif (first := seen.setdefault((place.point.id, boxes["external_no"]), entry)) is not entry:
            if first.boxes() == boxes:
                made.skipped += 1
            else:
                made.refuse(
                    entry,
                    [("external_no", message("row {row} has the same number", row=first.row))],
                )
        elif stored := _stored(ledger, place.point, boxes):
            unlike = (
                []
                if void
                else [*_unlike(boxes, place, reckoned), *_orphaned(ledger, boxes, stored)]
            )
            _hold_against(made, stored, entry, unlike)
        elif void:
            made.skipped += 1
        elif wrong := [*_unlike(boxes, place, reckoned), *_unfit(ledger, boxes, place.point)]:
            made.refuse(entry, wrong)
        else:
            received = str(boxes["received"])
            made.early += received < place.point.since
            made.new.append((received, place, entry))
        if len(made.problems) >= MOST_PROBLEMS:
            break
    return made


def _spot(ledger: Ledger, point: Point) -> Spot:
    query = "SELECT since FROM {0} WHERE point_id = ?1 UNION SELECT until FROM {0} WHERE point_id = ?1 AND until IS NOT NULL"
    days = {
        row[0]
        for table in ("point_type", "contact")
        for row in ledger.execute(query.format(table), (point.id,))
    }
    days.add("")  # before the first of them
    return Spot(
        point,
        [
            (day, type_on(ledger, point, day), contact(ledger, point, "liaison", day))
            for day in sorted(days)
        ],
    )


def _reckoner(ledger: Ledger) -> Callable[[str, str, str], tuple[int, str]]:
    """(received, closed, closed or escalated) -> working days up to the closing, and `yes` where it came in time."""
    calendar = calendar_of(ledger)

    @lru_cache(maxsize=4096)
    def reckoned(received: str, closed: str, ended: str) -> tuple[int, str]:
        first = date.fromisoformat(received)
        in_time = ended <= due(first, calendar).day.isoformat()
        return calendar.count(first, date.fromisoformat(closed)), "yes" if in_time else "no"

    return reckoned


def _unlike(
    boxes: Mapping[str, Value], spot: Spot, reckoned: Callable[[str, str, str], tuple[int, str]]
) -> Wrong:
    """What a register says of itself and the ledger reckons otherwise."""
    received, closed = str(boxes["received"]), str(boxes.get("closed", ""))
    if "type" in boxes and boxes["type"] != (type_ := spot.on(received)[0]):
        yield (
            "type",
            message(
                "{point} was of type {type} on {day}",
                point=spot.point.name,
                type=TYPES[type_],
                day=received,
            ),
        )
    if closed and ("working_days" in boxes or "on_time" in boxes):
        days, in_time = reckoned(received, closed, min(closed, str(boxes.get("escalated", closed))))
        if boxes.get("working_days", days) != days:
            yield "working_days", message("by the ledger's calendar it is {days}", days=days)
        if boxes.get("on_time", in_time) != in_time:
            yield (
                "on_time",
                message("by the ledger's calendar it is {answer}", answer=YES_OR_NO[in_time]),
            )


def _stored(ledger: Ledger, point: Point, boxes: Mapping[str, Value]) -> dict[str, Any] | None:
    """The complaint that a row is about: by the point's number, or by its own where the register was exported from here."""
    query = "SELECT *, (SELECT number FROM complaint WHERE id = this.previous_id) AS previous FROM complaint AS this WHERE "
    row = ledger.execute(
        query + "point_id = ? AND external_no = ?", (point.id, boxes["external_no"])
    ).fetchone()
    if row is None:
        query += "number = ? AND point_id = ? AND received = ? AND complainant IN (?, ?)"
        names = boxes.get("complainant"), ERASED
        row = ledger.execute(
            query, (boxes["external_no"], point.id, boxes.get("received"), *names)
        ).fetchone()
    return dict(row) if row else None


def _unfit(ledger: Ledger, boxes: Mapping[str, Value], point: Point) -> Wrong:
    if point.retired and str(boxes["received"]) >= point.retired:
        yield (
            "received",
            message("{point} was retired on {day}", point=point.name, day=point.retired),
        )
    yield from _orphaned(ledger, boxes, {})
    yield from inconsistencies({**DEFAULTS, **boxes})


def _orphaned(ledger: Ledger, boxes: Mapping[str, Value], stored: Mapping[str, Any]) -> Wrong:
    """What is new comes after all that the ledger has of its day."""
    if "previous" in boxes:
        query = "SELECT 1 FROM complaint WHERE number = ? AND (received, year, serial) < (?, ?, ?)"
        place = boxes["received"], stored.get("year", inf), stored.get("serial", inf)
        if not ledger.execute(query, (boxes["previous"], *place)).fetchone():
            yield "previous", message("there is no such complaint before it")


def _hold_against(
    made: Intake, stored: Mapping[str, Any], entry: Entry, unlike: list[tuple[str, Message]]
) -> None:
    """Skip a row that says nothing new, fill what it adds to an open complaint; anything else is a problem."""
    given = {
        key: value
        for key, value in entry.boxes().items()
        if key in stored and key not in ("type", "external_no")
    }
    number, void = stored["number"], given.get("outcome") == "void"
    made.known[stored["id"]] = number
    if stored["complainant"] == ERASED:
        given = {key: value for key, value in given.items() if key not in PERSONAL["complaint"]}
    new: dict[str, object] = {key: value for key, value in given.items() if stored[key] != value}
    # An amount of nothing is a box that stays empty, and a kind without its category was nobody's word.
    empty = {
        key
        for key in new
        if stored[key] in (None, "") or (stored[key] == 0 and BOXES[key].read is money)
    }
    if "category" in empty and stored["kind"] == "other" and not stored["closed"]:
        empty.add("kind")
    other = [key for key in new if key not in empty]
    if stored["voided"] or void:
        differs = bool(stored["voided"]) != void
        wrong = [
            (
                "outcome",
                message("it is void in one of the two, the register and {number}", number=number),
            )
        ] * differs
        new = {}
    elif other:
        wrong = [(key, _other(stored, key)) for key in other]
    elif new and stored["closed"]:
        wrong = [(key, message("{number} is closed without it", number=number)) for key in new]
    else:
        wrong = [*inconsistencies({**stored, **new})] if new else []
    if wrong or unlike:
        made.refuse(entry, [*unlike, *wrong])
    elif new:
        made.filled.append((stored["id"], new))
    else:
        made.skipped += 1


def _other(stored: Mapping[str, Any], key: str) -> Message:
    if BOXES[key].personal:
        return message("{number} has another", number=stored["number"])
    return message(
        "{number} has {stored}", number=stored["number"], stored=in_register(key, stored[key])
    )


def take_in(ledger: Ledger, made: Intake, step: Callable[[int], object]) -> None:
    """Do what was planned; new complaints are numbered by year in order of receipt. `step` is told of rows written."""
    moment = now()
    # What one statement could have to undo would else be written to a temporary file, and indexes be read again and again.
    for pragma in ("temp_store = MEMORY", "cache_size = -16000"):
        ledger.execute(f"PRAGMA {pragma}")
    for row_id, new in made.filled:
        times = {f"{key}_entered": moment for key in ("closed", "escalated") if key in new}
        update(ledger, "complaint", row_id, {**_with_id(ledger, new), **times})
        step(1)
    made.new.sort(key=itemgetter(0))
    columns = [
        column
        for column, *_ in ledger.execute("SELECT * FROM complaint LIMIT 0").description
        if column != "id"
    ]
    rows = _numbered(ledger, made, moment)
    while batch := list(islice(rows, _AT_ONCE)):
        places = ", ".join([f"({', '.join('?' * len(columns))})"] * len(batch))
        values = [row.get(column) for row in batch for column in columns]
        ledger.execute(f"INSERT INTO complaint ({', '.join(columns)}) VALUES {places}", values)
        step(len(batch))


def _numbered(ledger: Ledger, made: Intake, moment: str) -> Iterator[Mapping[str, object]]:
    query = "SELECT coalesce(max(serial), 0) FROM complaint WHERE year = ?"

    @cache
    def serials(year: int) -> Iterator[int]:
        return count(ledger.execute(query, (year,)).fetchone()[0] + 1)

    for received, spot, entry in made.new:
        boxes, year, (type_, liaison) = entry.boxes(), int(received[:4]), spot.on(received)
        serial = next(serials(year))
        yield {
            **DEFAULTS,
            "disputed": boxes.get("purchase", 0),
            "handler": liaison or None,
            **_with_id(ledger, boxes),
            "key": new_key(),
            "year": year,
            "serial": serial,
            "number": f"{year}-{serial:04}",
            "point_id": spot.point.id,
            "type": type_,
            "entered": moment,
            "closed_entered": moment if "closed" in boxes else None,
            "escalated_entered": moment if "escalated" in boxes else None,
        }


def _with_id(ledger: Ledger, boxes: Mapping[str, object]) -> dict[str, object]:
    """The boxes as columns: the earlier complaint by its row, not its number."""
    columns = dict(boxes)
    if "previous" in columns:
        columns["previous_id"] = complaints.stored(ledger, str(columns.pop("previous")))["id"]
    return columns
