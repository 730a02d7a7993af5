"""A register taken into the ledger: held against what is known of it, then written in one act, or not at all. 三(四)4"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

from ledger12315.errors import Message, Refused, message
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.history import PERSONAL
from ledger12315.ledger.points import Point, contact, find, type_on
from ledger12315.ledger.rows import Ledger, new_key, now, update
from ledger12315.rules.deadlines import due
from ledger12315.rules.entries import DEFAULTS, MOST_PROBLEMS, Entry, Problem, inconsistencies, told
from ledger12315.rules.headings import BOXES, YES_OR_NO
from ledger12315.rules.periods import Period
from ledger12315.rules.reading import Value, money
from ledger12315.words import ERASED, TYPES

# What a register holds and a complaint does not: found, compared, or kept as another's id.
_NOT_STORED = {"point", "type", "working_days", "on_time", "previous"}
# SQLite works its lists of words out once for each statement: with one row in each, half of the time goes there.
_AT_ONCE = 100
_MADE = (
    *("key", "year", "serial", "number", "point_id", "entered", "closed_entered", "escalated_entered", "previous_id"),
    *("disputed", "handler"),
)
_Wrong = Iterator[tuple[str, Message]]
"""Boxes, and what is wrong with them."""


class Spot(NamedTuple):
    """A point, its type and liaison from each day on which one of them changed, and its rows so far by their numbers."""

    point: Point
    days: list[str]
    types: list[str]
    liaisons: list[str]
    seen: dict[Value, Entry]

    def on(self, day: str) -> tuple[str, str]:
        """Type and liaison on a day."""
        place = bisect_right(self.days, day) - 1
        return (self.types[place], self.liaisons[place]) if place >= 0 else (self.types[0], "")


class Plan:
    """What a register would change: complaints that are new, and boxes to fill; `early` are older than their point."""

    def __init__(self) -> None:
        self.new: list[tuple[str, Spot, Entry]] = []
        self.filled: list[tuple[int, dict[str, object]]] = []
        self.skipped = self.early = 0
        self.problems: list[Problem] = []


def plan(ledger: Ledger, entries: Iterable[Entry], default: Point | None) -> Plan:
    """Hold each row against its point, the calendar, and the complaint of the same number. Changes nothing."""
    made, reckoned = Plan(), _reckoner(ledger)

    @cache
    def spot(name: str | None) -> Spot | Message:
        try:
            return _spot(ledger, default if default and name is None else find(ledger, str(name)))
        except Refused as refused:
            return refused.message

    for entry in entries:
        boxes = entry.boxes()
        place, void = spot(boxes.get("point")), boxes.get("outcome") == "void"
        if isinstance(place, Message):
            made.problems += _listed(entry, [("point", place), *inconsistencies({**DEFAULTS, **boxes})])
        elif (first := place.seen.setdefault(boxes["external_no"], entry)) is not entry:
            if first.boxes() == boxes:
                made.skipped += 1
            else:
                made.problems.append(entry.problem("external_no", message("row {row} has the same number", row=first.row)))
        elif stored := _stored(ledger, place.point, boxes):
            _hold_against(made, stored, entry, [] if void else [*_unlike(boxes, place, reckoned)])
        elif void:
            made.skipped += 1
        elif wrong := [*_unlike(boxes, place, reckoned), *_unfit(ledger, boxes, place.point)]:
            made.problems += _listed(entry, wrong)
        else:
            received = str(boxes["received"])
            made.early += received < place.point.since
            made.new.append((received, place, entry))
        if len(made.problems) >= MOST_PROBLEMS:
            break
    return made


def disagreements(
    ledger: Ledger, entries: Sequence[Entry], problems: Iterable[Problem], point: Point, period: Period
) -> list[Message]:
    """How a point's register tells its complaints of a period otherwise than the ledger, case by case; none where they agree."""
    made = plan(ledger, entries, point)
    known = {stored["id"]: stored["number"] for entry in entries if (stored := _stored(ledger, point, entry.boxes()))}
    values = (point.id, period.first.isoformat(), period.last.isoformat())
    query = "SELECT id, number, received FROM complaint WHERE point_id = ? AND received BETWEEN ? AND ? AND voided IS NULL"
    return [
        *(message("row {row}: {problem}", row=each.row, problem=each.problem) for each in (*problems, *made.problems)),
        *(
            message("the ledger has no complaint {number} of {day}", number=entry.boxes()["external_no"], day=received)
            for received, _, entry in made.new
        ),
        *(
            message("{number}: the ledger lacks {boxes}", number=known[row_id], boxes=[BOXES[key].label for key in boxes])
            for row_id, boxes in made.filled
        ),
        *(
            message("the register has no complaint {number} of {day}", number=row["number"], day=row["received"])
            for row in ledger.execute(f"{query} ORDER BY received, id", values)
            if row["id"] not in known
        ),
    ]


def _listed(entry: Entry, wrong: Iterable[tuple[str, Message]]) -> list[Problem]:
    return [entry.problem(box, why) for box, why in wrong]


def _spot(ledger: Ledger, point: Point) -> Spot:
    query = "SELECT since FROM {0} WHERE point_id = ?1 UNION SELECT until FROM {0} WHERE point_id = ?1 AND until IS NOT NULL"
    days = {row[0] for table in ("point_type", "contact") for row in ledger.execute(query.format(table), (point.id,))}
    return Spot(
        point,
        sorted(days),
        [type_on(ledger, point, day) for day in sorted(days)],
        [contact(ledger, point, "liaison", day) for day in sorted(days)],
        {},
    )


_Reckoner = Callable[[str, str, str], tuple[int, str]]


def _reckoner(ledger: Ledger) -> _Reckoner:
    """(received, closed, closed or escalated) -> working days up to the closing, and `yes` where it came in time."""
    calendar = calendar_of(ledger)

    @lru_cache(maxsize=4096)
    def reckoned(received: str, closed: str, ended: str) -> tuple[int, str]:
        first = date.fromisoformat(received)
        in_time = ended <= due(first, calendar).day.isoformat()
        return calendar.count(first, date.fromisoformat(closed)), "yes" if in_time else "no"

    return reckoned


def _unlike(boxes: Mapping[str, Value], spot: Spot, reckoned: _Reckoner) -> _Wrong:
    """What a register says of itself and the ledger reckons otherwise."""
    received, closed = str(boxes["received"]), str(boxes.get("closed", ""))
    if "type" in boxes and boxes["type"] != (type_ := spot.on(received)[0]):
        yield "type", message("{point} was of type {type} on {day}", point=spot.point.name, type=TYPES[type_], day=received)
    if closed and ("working_days" in boxes or "on_time" in boxes):
        days, in_time = reckoned(received, closed, min(closed, str(boxes.get("escalated", closed))))
        if boxes.get("working_days", days) != days:
            yield "working_days", message("by the ledger's calendar it is {days}", days=days)
        if boxes.get("on_time", in_time) != in_time:
            yield "on_time", message("by the ledger's calendar it is {answer}", answer=YES_OR_NO[in_time])


def _stored(ledger: Ledger, point: Point, boxes: Mapping[str, Value]) -> dict[str, Any] | None:
    """The complaint that a row is about: by the point's number, or by its own where the register was exported from here."""
    query = "SELECT * FROM complaint WHERE point_id = ? AND external_no = ?"
    row = ledger.execute(query, (point.id, boxes["external_no"])).fetchone()
    if row is None:
        query = "SELECT * FROM complaint WHERE number = ? AND point_id = ? AND received = ? AND complainant = ?"
        row = ledger.execute(query, (boxes["external_no"], point.id, boxes.get("received"), boxes.get("complainant"))).fetchone()
    return dict(row) if row else None


def _unfit(ledger: Ledger, boxes: Mapping[str, Value], point: Point) -> _Wrong:
    if point.retired and str(boxes["received"]) >= point.retired:
        yield "received", message("{point} was retired on {day}", point=point.name, day=point.retired)
    if "previous" in boxes and not _previous(ledger, boxes):
        yield "previous", message("there is no such complaint before it")
    yield from inconsistencies({**DEFAULTS, **boxes})


def _previous(ledger: Ledger, boxes: Mapping[str, Value]) -> int | None:
    query = "SELECT id FROM complaint WHERE number = ? AND received <= ?"
    row = ledger.execute(query, (boxes.get("previous"), boxes["received"])).fetchone()
    return row[0] if row else None


def _hold_against(made: Plan, stored: Mapping[str, Any], entry: Entry, unlike: list[tuple[str, Message]]) -> None:
    """Skip a row that says nothing new, fill what it adds to an open complaint; anything else is a problem."""
    given = {key: value for key, value in entry.boxes().items() if key not in _NOT_STORED and key != "external_no"}
    number, void = stored["number"], given.get("outcome") == "void"
    if stored["complainant"] == ERASED:
        given = {key: value for key, value in given.items() if key not in PERSONAL["complaint"]}
    new: dict[str, object] = {key: value for key, value in given.items() if stored[key] != value}
    # An amount of nothing is a box that stays empty.
    other = [key for key in new if not (stored[key] in (None, "") or (stored[key] == 0 and BOXES[key].read is money))]
    if stored["voided"] or void:
        differs = bool(stored["voided"]) != void
        wrong = [("outcome", message("it is void in one of the two, the register and {number}", number=number))] * differs
        new = {}
    elif other:
        wrong = [(key, _other(stored, key)) for key in other]
    elif new and stored["closed"]:
        wrong = [(key, message("{number} is closed without it", number=number)) for key in new]
    else:
        wrong = [*inconsistencies({**stored, **new})] if new else []
    if wrong or unlike:
        made.problems += _listed(entry, [*unlike, *wrong])
    elif new:
        made.filled.append((stored["id"], new))
    else:
        made.skipped += 1


def _other(stored: Mapping[str, Any], key: str) -> Message:
    if BOXES[key].personal:
        return message("{number} has another", number=stored["number"])
    return message("{number} has {stored}", number=stored["number"], stored=told(key, stored[key]))


def write(ledger: Ledger, made: Plan, step: Callable[[int], object]) -> None:
    """Do what was planned; new complaints are numbered by year in order of receipt. `step` is told of rows written."""
    moment = now()
    # What one statement could have to undo would else be written to a temporary file, and indexes be read again and again.
    for pragma in ("temp_store = MEMORY", "cache_size = -16000"):
        ledger.execute(f"PRAGMA {pragma}")
    for row_id, new in made.filled:
        times = {f"{key}_entered": moment for key in ("closed", "escalated") if key in new}
        update(ledger, "complaint", row_id, {**new, **times})
        step(1)
    made.new.sort(key=itemgetter(0))
    keys = {key for table in {entry.table for _, _, entry in made.new} for key in table.keys}
    columns = sorted({*keys, *DEFAULTS, *_MADE} - _NOT_STORED | {"type"})
    rows = _numbered(ledger, made, moment)
    while batch := list(islice(rows, _AT_ONCE)):
        places = ", ".join([f"({', '.join('?' * len(columns))})"] * len(batch))
        values = [row.get(column) for row in batch for column in columns]
        ledger.execute(f"INSERT INTO complaint ({', '.join(columns)}) VALUES {places}", values)
        step(len(batch))


def _numbered(ledger: Ledger, made: Plan, moment: str) -> Iterator[Mapping[str, object]]:
    serials: dict[str, int] = {}
    for received, spot, entry in made.new:
        boxes, year, (type_, liaison) = entry.boxes(), received[:4], spot.on(received)
        if year not in serials:
            query = "SELECT coalesce(max(serial), 0) FROM complaint WHERE year = ?"
            serials[year] = ledger.execute(query, (int(year),)).fetchone()[0]
        serials[year] += 1
        yield {
            **DEFAULTS,
            "disputed": boxes.get("purchase", 0),
            "handler": liaison or None,
            **boxes,
            "key": new_key(),
            "year": int(year),
            "serial": serials[year],
            "number": f"{year}-{serials[year]:04}",
            "point_id": spot.point.id,
            "type": type_,
            "entered": moment,
            "closed_entered": moment if "closed" in boxes else None,
            "escalated_entered": moment if "escalated" in boxes else None,
            "previous_id": _previous(ledger, boxes) if "previous" in boxes else None,
        }
