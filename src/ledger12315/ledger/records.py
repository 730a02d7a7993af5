"""Records other than complaints: inquiries, leads, visits, notices and so on. 三(二)8"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from ledger12315.boxes.forms import RECORD_BOXES, RECORDS
from ledger12315.boxes.kinds import NUMBER, Boxes, Person, Value
from ledger12315.boxes.names import comparable_name, names_in
from ledger12315.boxes.reading import in_order
from ledger12315.boxes.tables import row_with_dates
from ledger12315.errors import LedgerError, Refused, Unclear
from ledger12315.ledger.complaints.finding import find_complaint
from ledger12315.ledger.points import Point, find_point, type_on
from ledger12315.ledger.store import Ledger, LedgerRow, insert, new_key, now, update
from ledger12315.rules.periods import Period
from ledger12315.words import RECORD_KINDS

# The days after a record's own -> whether each belongs to a promise.
_LATER_DAYS = {"reported": False, "promised_by": True, "fulfilled": True}


class Recorded(NamedTuple):
    """A new record; `point` is a code, or None for all points."""

    id: int
    kind: str
    point: str | None
    on: date
    count: int  # type: ignore[assignment]  # nobody counts its values


class Informant(NamedTuple):
    """The informant of a lead; `id` is the record's."""

    id: int
    name: str
    phone: str | None


class Liaison(NamedTuple):
    """A liaison of a point, which has a code and a name."""

    point: str
    point_name: str
    liaison: str


def write_record(
    ledger: Ledger, kind: str, point: Point | None, boxes: Mapping[str, Value]
) -> Recorded:
    """Record the work of a point, or of the station for all points. 三(三)3, 5 and 6; 三(五)2 to 5

    Raises Refused.
    """
    filled: LedgerRow = dict(boxes)
    giver = filled.pop("informant", None)
    row: LedgerRow = {"kind": kind, "point_id": point and point.id, "type": "other"}
    row |= _checked_columns(ledger, kind, point, filled, {})
    if kind == "training" and point and "attended" not in row:
        names = [each.liaison for each in liaisons(ledger, filled["on"], point)]
        row["attended"] = "、".join(names) or None
    record_id = insert(ledger, "record", row | {"key": new_key(), "entered": now()})
    if isinstance(giver, Person):
        given = {"record_id": record_id, "name": giver.name, "phone": giver.phone}
        insert(ledger, "informant", given)
        _demand_unnamed(ledger, record_id)
    return Recorded(record_id, kind, point and point.code, filled["on"], filled["count"])


def correct_record(ledger: Ledger, record_id: int, boxes: Boxes) -> None:
    """Correct or fill boxes; None empties a box.

    Raises Refused for a box of another kind, Unclear for a required one.
    """
    row = valid_record(ledger, record_id)
    own = {box.key: box for box in RECORDS[row["kind"]]}
    if alien := [RECORD_BOXES[key].label for key in boxes if key not in own]:
        raise Refused(
            "Record {id} is of the kind {kind}, which has no {boxes}.",
            id=record_id,
            kind=RECORD_KINDS[row["kind"]],
            boxes=alien,
        )
    for key, value in boxes.items():
        if value is None and (own[key].required or key in ("on", "count")):
            raise Unclear("{box} cannot be empty.", box=own[key].label)
    point = find_point(ledger, row["point"]) if row["point"] else None
    update(ledger, "record", record_id, _checked_columns(ledger, row["kind"], point, boxes, row))
    _demand_unnamed(ledger, record_id)


def _demand_unnamed(ledger: Ledger, record_id: int) -> None:
    """Raise Refused if a lead's text, which lists show, names its informant. 三(三)5"""
    query = """
        SELECT name, phone, text, agency, void_reason
        FROM record JOIN informant ON record_id = record.id WHERE record_id = ?"""
    for name, phone, *texts in ledger.execute(query, (record_id,)):
        hidden = [comparable_name(each) for each in (name, phone) if len(each or "") > 1]
        shown = [comparable_name(text) for text in texts if text]
        if any(each in text for each in hidden for text in shown):
            raise Refused(
                "The text names the informant, who is stored separately. Leave out name and phone."
            )


def _checked_columns(
    ledger: Ledger, kind: str, point: Point | None, boxes: Boxes, row: LedgerRow
) -> LedgerRow:
    """Return the columns that boxes fill, checked with what `row` holds. Raises Refused."""
    columns: LedgerRow = dict(boxes)
    if "number" in columns:
        number = columns.pop("number")
        with _about("number"):
            columns["complaint_id"] = number and _complaint_of(ledger, number, point)["id"]
    if "on" in columns:
        day = columns["day"] = columns.pop("on")
        if point and point.gone(day):
            raise Refused(
                "{point} was retired on {day}; nothing can be recorded there after that.",
                point=point.name,
                day=point.retired,
            )
        if point:
            columns["type"] = type_on(ledger, point, day)
    if named := columns.get("complaints"):
        with _about("complaints"):
            columns["complaints"] = _complaint_numbers(ledger, str(named), point)
    _demand_later(kind, {**row, **boxes})
    return columns


def _demand_later(kind: str, whole: LedgerRow) -> None:
    """Raise Refused for a day before the record's, or of a promise that is not recorded."""
    for box in (each for each in RECORDS[kind] if each.key in _LATER_DAYS):
        day = whole.get(box.key)
        if day and _LATER_DAYS[box.key] and not whole.get("promised"):
            raise Refused(
                "{box} belongs to a promise, and none is recorded: --promised TEXT.", box=box.label
            )
        if day and day < whole["on"]:
            raise Refused(
                "{box} {day} is before the day of the record, {on}.",
                box=box.label,
                day=day,
                on=whole["on"],
            )


@contextmanager
def _about(box: str) -> Iterator[None]:
    """Name the box that mends an error of the block."""
    try:
        yield
    except LedgerError as error:
        raise error.about(box) from None


def _complaint_numbers(ledger: Ledger, text: str, point: Point | None) -> str:
    """Return numbers of a point's complaints, in order and in full. Raises Refused."""
    words = list(filter(None, re.split(r"[\s,;，；、]+", text))) or [text]
    numbers = [str(NUMBER.read(word, date.min)) for word in words]
    rows = [_complaint_of(ledger, number, point) for number in numbers]
    return "、".join(in_order({str(row["number"]) for row in rows}))


def _complaint_of(ledger: Ledger, number: str, point: Point | None) -> LedgerRow:
    """Return the row of a point's complaint that is not void. Raises Refused."""
    row = find_complaint(ledger, number)
    if point is None or row["point_id"] != point.id:
        raise Refused("{number} is a complaint of another point.", number=row["number"])
    if row["voided"]:
        raise Refused(
            "{number} is void: it keeps its number and counts nowhere.", number=row["number"]
        )
    return row


def void_record_row(ledger: Ledger, record_id: int, reason: str, on: date) -> None:
    """Make a record void, so that it counts in no figure.

    Raises Refused if it is void already, or the reason names the informant.
    """
    valid_record(ledger, record_id)
    update(ledger, "record", record_id, {"voided": on, "void_reason": reason})
    _demand_unnamed(ledger, record_id)


_RECORD_ROWS = """
    SELECT record.*, record.day AS "on", point.code AS point, point.name AS point_name,
           complaint.number
    FROM record LEFT JOIN point ON point.id = record.point_id
    LEFT JOIN complaint ON complaint.id = record.complaint_id"""


def valid_record(ledger: Ledger, record_id: int) -> LedgerRow:
    """Return a record's row, with its point's code and name.

    Raises Refused if there is no such record or it is void.
    """
    row = ledger.execute(f"{_RECORD_ROWS} WHERE record.id = ?", (record_id,)).fetchone()
    if row is None:
        raise Refused("There is no record {id}. See: `record list`", id=record_id)
    if row["voided"]:
        raise Refused("Record {id} is void since {day}.", id=record_id, day=row["voided"])
    return row_with_dates("record", row)


def latest_records(ledger: Ledger) -> list[LedgerRow]:
    """Return the last 200 records that are not void, the newest entry first."""
    query = f"{_RECORD_ROWS} WHERE record.voided IS NULL ORDER BY record.id DESC LIMIT 200"
    return [row_with_dates("record", row) for row in ledger.execute(query)]


def same_records(ledger: Ledger, row: LedgerRow) -> list[int]:
    """Return the other valid records of a kind, point, day, text and respondent.

    Of those without text and respondent only visits are the same.
    """
    query = """
        SELECT id FROM record WHERE voided IS NULL AND id IS NOT :id AND kind = :kind
          AND point_id IS :point_id AND day = :on AND text IS :text AND respondent IS :respondent
          AND (coalesce(text, respondent) IS NOT NULL OR kind = 'visit') ORDER BY id"""
    return [record_id for (record_id,) in ledger.execute(query, row)]


def select_records(
    ledger: Ledger,
    kind: str | None,
    period: Period | None,
    point: Point | None,
) -> list[LedgerRow]:
    """Return records by day, with all boxes except the informant, who is never listed."""
    query = f"""{_RECORD_ROWS}
        WHERE (:kind IS NULL OR record.kind = :kind)
          AND (:point IS NULL OR record.point_id = :point)
          AND (:first IS NULL OR record.day BETWEEN :first AND :last)
        ORDER BY record.day, record.id"""
    values = {
        "kind": kind,
        "point": point and point.id,
        "first": period and period.first,
        "last": period and period.last,
    }
    return [row_with_dates("record", row) for row in ledger.execute(query, values)]


def informant(ledger: Ledger, record_id: int) -> Informant:
    """Return the informant of a lead. Raises Refused if there is none. 三(三)5"""
    valid_record(ledger, record_id)
    query = "SELECT record_id, name, phone FROM informant WHERE record_id = ?"
    row = ledger.execute(query, (record_id,)).fetchone()
    if row is None:
        raise Refused("Record {id} names no informant.", id=record_id)
    return Informant(*row)


def liaisons(ledger: Ledger, day: date, point: Point | None = None) -> list[Liaison]:
    """Return the liaisons on a day, of one point or of all."""
    query = """
        SELECT point.code, point.name, contact.name
        FROM contact JOIN point ON point.id = contact.point_id
        WHERE role = 'liaison'
          AND contact.since <= :day AND (contact.until IS NULL OR contact.until > :day)
          AND (point.retired IS NULL OR point.retired > :day)
          AND (:point IS NULL OR point.id = :point)
        ORDER BY point.code, contact.since, contact.id"""
    values = {"day": day, "point": point and point.id}
    return [Liaison(*row) for row in ledger.execute(query, values)]


def unknown_trainees(ledger: Ledger, row: LedgerRow) -> list[str]:
    """Return the names in a training, a record's row, that were no liaison's on its day."""
    if row["kind"] != "training":
        return []
    known = {comparable_name(each.liaison) for each in liaisons(ledger, row["on"])}
    return [name for name in names_in(row["attended"] or "") if comparable_name(name) not in known]
