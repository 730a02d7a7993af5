"""The dated boxes of a point: their values over time, and changes of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ledger12315.boxes.kinds import DAY, Value
from ledger12315.boxes.people import persons
from ledger12315.boxes.tables import column_box
from ledger12315.errors import Refused
from ledger12315.ledger.points import Point
from ledger12315.ledger.store import Ledger, LedgerRow, insert, update, upsert

STAFF = ("liaison", "officer")
DATED_BOXES = ("type", "host", *STAFF, "demonstration")


class DatedValue(NamedTuple):
    """The value of a box from a day up to the day before `until`.

    The box is a type, host, liaison, officer or demonstration; `id` is its row in the box's own
    table. Phone, terms and badge belong to a liaison or officer.
    """

    box: str
    id: int
    value: str | None
    since: date
    until: date | None
    phone: str | None
    terms: str | None
    badge: str | None

    def holds(self, day: date) -> bool:
        """Return whether the value was valid on a day."""
        return self.since <= day and (self.until is None or day < self.until)


_DATED_VALUES = """
    SELECT 'type', id, type, since, until, NULL, NULL, NULL
    FROM point_type WHERE point_id = :id
    UNION ALL SELECT role, id, name, since, until, phone, terms, badge
    FROM contact WHERE point_id = :id
    UNION ALL SELECT 'demonstration', id, level, since, until, NULL, NULL, NULL
    FROM demonstration WHERE point_id = :id
    UNION ALL SELECT 'host', id, name, coalesce(lag(until) OVER (ORDER BY until), :since), until,
                     NULL, NULL, NULL
    FROM former_host WHERE point_id = :id
    UNION ALL SELECT 'host', id, host,
                     coalesce((SELECT max(until) FROM former_host WHERE point_id = :id), :since),
                     NULL, NULL, NULL, NULL
    FROM point WHERE id = :id
    ORDER BY 4, 2"""


def dated_values(ledger: Ledger, point: Point) -> list[DatedValue]:
    """Return all values that dated boxes ever had, by their first day."""
    rows = ledger.execute(_DATED_VALUES, {"id": point.id, "since": point.since})
    return [
        DatedValue(box, id_, value, DAY.stored(since), DAY.stored(until), *person)
        for box, id_, value, since, until, *person in rows
    ]


def last_change(ledger: Ledger, point: Point) -> date:
    """Return the day on which a dated box got its last value, or the point was set up."""
    values = dated_values(ledger, point)
    return max(day for each in values for day in (each.since, each.until) if day)


def change_dated_values(
    ledger: Ledger, point: Point, boxes: Mapping[str, Any], day: date
) -> list[str]:
    """Give dated boxes new values from a day on; return the keys of those that changed.

    Raises Refused for a day before the last change.
    """
    known = dated_values(ledger, point)
    changed = []
    for box in DATED_BOXES:
        if box in boxes:
            own = [spell for spell in known if spell.box == box]
            demand_latest(own, day)
            turned = _set_type_or_host if box in ("type", "host") else _set_persons_or_level
            if turned(ledger, point, own, box, boxes[box], day):
                changed.append(box)
    return changed


def _set_type_or_host(
    ledger: Ledger,
    point: Point,
    own: Sequence[DatedValue],
    box: str,
    value: Value | None,
    day: date,
) -> bool:
    """Set another type or host from a day on; return whether it changed."""
    # Having no host is a dated value, too.
    present = next(spell for spell in own if spell.until is None)
    if present.value == value:
        return False
    if box == "type":
        _set_type(ledger, point, own, str(value), day)
    elif present.since < day:  # a host without a day was a typing error
        row = {"point_id": point.id, "name": present.value, "until": day}
        insert(ledger, "former_host", row)
    return True


def _set_type(
    ledger: Ledger, point: Point, own: Sequence[DatedValue], type_: str, day: date
) -> None:
    """Set another type from a day on, replace the one of that day, or take it back.

    Later events get the type too. Rows are never deleted: a type that is taken back ends on the
    day it began.
    """
    earlier = [spell for spell in own if spell.since < day and spell.until in (None, day)]
    back = any(spell.value == type_ for spell in earlier)
    for spell in earlier:
        update(ledger, "point_type", spell.id, {"until": None if back else day})
    changes = {"until": day} if back else {"type": type_, "until": None}
    upsert(ledger, "point_type", {"point_id": point.id, "since": day}, changes)
    # Records older than the point have its first type.
    values = {"type": type_, "id": point.id, "day": "" if day == point.since else day}
    for table, column in (("complaint", "received"), ("record", "day")):
        ledger.execute(
            f"UPDATE {table} SET type = :type"
            f" WHERE point_id = :id AND {column} >= :day AND type <> :type",
            values,
        )


def _set_persons_or_level(
    ledger: Ledger,
    point: Point,
    own: Sequence[DatedValue],
    box: str,
    value: Value | None,
    day: date,
) -> bool:
    """Set persons or a level from a day on; return whether anything changed.

    Missing details are kept for persons who stay or were removed on the same day.
    """
    table, wanted = _box_rows(box, value)
    present = [spell for spell in own if spell.until is None]
    staying = _rows_that_stay(wanted, [*present, *(spell for spell in own if spell.until == day)])
    ending = [spell for spell in present if spell not in staying.values()]
    for spell in ending:
        update(ledger, table, spell.id, {"until": day})
    changed, details = bool(ending), {"phone", "terms", "badge"}
    for place, row in enumerate(wanted):
        known = staying.get(place)
        if known is None:
            insert(ledger, table, {"point_id": point.id, "since": day, **row})
            changed = True
        elif known.until or any(row[key] != getattr(known, key) for key in details & row.keys()):
            update(ledger, table, known.id, {**row, "until": None})
            changed = True
    return changed


def _box_rows(box: str, value: Value | None) -> tuple[str, list[LedgerRow]]:
    """Return the table of a box, and the rows that store its value."""
    if box == "demonstration":
        return "demonstration", [{"level": value}] if value not in (None, "none") else []
    rows = []
    for person in dict.fromkeys(persons(value)):
        given = {key: each for key, each in person._asdict().items() if each is not None}
        rows.append({"role": box, **given})
    return "contact", rows


def _rows_that_stay(wanted: Sequence[LedgerRow], free: list[DatedValue]) -> dict[int, DatedValue]:
    """Return the present rows that stay, by their place in `wanted`.

    Of several with one name, that with the same phone comes first.
    """
    found: dict[int, DatedValue] = {}
    for alike in (True, False):
        for place, row in enumerate(wanted):
            same = (
                spell
                for spell in free
                if spell.value in row.values() and (not alike or spell.phone == row.get("phone"))
            )
            if place not in found and (spell := next(same, None)):
                found[place] = spell
                free.remove(spell)
    return found


def demand_latest(known: Sequence[DatedValue], day: date) -> None:
    """Raise Refused if a day is before the last change.

    A value that began and ended on the same day does not count.
    """
    lasting = [spell for spell in known if spell.since != spell.until]
    days = [(each, spell.box) for spell in lasting for each in (spell.since, spell.until) if each]
    last, box = max(days, default=(day, ""))
    if day < last:
        raise Refused(
            "{box} changed last on {last}; no change can be dated before that.",
            box=column_box("point", box).label,
            last=last,
        )
