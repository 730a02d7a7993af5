"""What is kept beside complaints: one record for each inquiry, lead, major matter, visit, training, notice and so on. Domain 3"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ledger12315.boxes.fields import RECORD_BOXES, RECORDS
from ledger12315.boxes.names import compared, names_in
from ledger12315.boxes.reading import Person, Value
from ledger12315.errors import Refused, Unclear
from ledger12315.ledger.complaints.acts import stored
from ledger12315.ledger.points import Point, find_point, type_on
from ledger12315.ledger.store import Ledger, insert, new_key, now, update
from ledger12315.rules.periods import Period
from ledger12315.words import RECORDS as KINDS


def record(
    ledger: Ledger, kind: str, point: Point | None, boxes: Mapping[str, Value], today: date
) -> dict[str, Any]:
    """Record what a point did, or the station for all; gives id, kind, point, on, count. 三(三)3, 5 and 6; 三(五)2 to 5"""
    filled = {"on": today.isoformat(), "count": 1, **boxes}
    giver = filled.pop("informant", None)
    row: dict[str, Any] = {"kind": kind, "point_id": point.id if point else None, "type": "other"}
    row |= _columns(ledger, kind, point, filled, {})
    if kind == "training" and point and "attended" not in row:
        row["attended"] = (
            "、".join(each["liaison"] for each in liaisons(ledger, row["day"], point)) or None
        )
    record_id = insert(ledger, "record", row | {"key": new_key(), "entered": now()})
    if isinstance(giver, Person):
        insert(
            ledger, "informant", {"record_id": record_id, "name": giver.name, "phone": giver.phone}
        )
        _demand_apart(ledger, record_id)
    return {
        "id": record_id,
        "kind": kind,
        "point": point.code if point else None,
        "on": row["day"],
        "count": row["count"],
    }


def amend(ledger: Ledger, record_id: int, boxes: Mapping[str, Value | None]) -> None:
    """Correct or fill boxes, None empties one. Raises Refused for a box that its kind has not, Unclear for a lacking one."""
    row = standing_record(ledger, record_id)
    own = {field.key: field for field in RECORDS[row["kind"]]}
    if alien := [RECORD_BOXES[key].label for key in boxes if key not in own]:
        raise Refused(
            "Record {id} is of the kind {kind}, which has no {boxes}.",
            id=record_id,
            kind=KINDS[row["kind"]],
            boxes=alien,
        )
    for key, value in boxes.items():
        if value is None and (own[key].required or key in ("on", "count")):
            raise Unclear("{box} cannot be empty.", box=own[key].label)
    point = find_point(ledger, row["point"]) if row["point"] else None
    update(ledger, "record", record_id, _columns(ledger, row["kind"], point, boxes, row))
    _demand_apart(ledger, record_id)


def _demand_apart(ledger: Ledger, record_id: int) -> None:
    """Raise Refused where a text of a lead, which lists show, names its informant. 三(三)5"""
    query = "SELECT name, phone, text, agency, void_reason FROM record JOIN informant ON record_id = record.id WHERE record_id = ?"
    for name, phone, *texts in ledger.execute(query, (record_id,)):
        shown = [compared(text) for text in texts if text]
        if any(
            len(each or "") > 1 and compared(each) in text
            for each in (name, phone)
            for text in shown
        ):
            raise Refused(
                "The text names the informant, who is kept apart. Leave out name and phone."
            )


def _columns(
    ledger: Ledger,
    kind: str,
    point: Point | None,
    boxes: Mapping[str, Value | None],
    row: Mapping[str, Any],
) -> dict[str, Any]:
    """The columns that boxes fill, checked together with those that `row` holds already."""
    columns: dict[str, Any] = dict(boxes)
    if "number" in columns:
        columns["complaint_id"] = _complaint(ledger, columns.pop("number"), point)
    if "on" in columns:
        day = columns["day"] = columns.pop("on")
        if point and point.retired and day >= point.retired:
            raise Refused(
                "{point} was retired on {day}; nothing can be recorded there after.",
                point=point.name,
                day=point.retired,
            )
        if point:
            columns["type"] = type_on(ledger, point, day)
    whole = {**row, **columns}
    if whole.get("reported") and whole["reported"] < whole["day"]:
        box = next(field.label for field in RECORDS[kind] if field.key == "reported")
        raise Refused(
            "{box} {day} is before the day it is about, {on}.",
            box=box,
            day=whole["reported"],
            on=whole["day"],
        )
    return columns


def _complaint(ledger: Ledger, number: str | None, point: Point | None) -> int | None:
    if number is None:
        return None
    row = stored(ledger, number)
    if point is None or row["point_id"] != point.id:
        raise Refused("{number} is a complaint of another point.", number=number)
    return int(row["id"])


def void(ledger: Ledger, record_id: int, reason: str, on: str) -> None:
    """Mark a record made by mistake: it adds to no figure. Raises Refused where it is void already, or names an informant."""
    standing_record(ledger, record_id)
    update(ledger, "record", record_id, {"voided": on, "void_reason": reason})
    _demand_apart(ledger, record_id)


def standing_record(ledger: Ledger, record_id: int) -> dict[str, Any]:
    """The row of a record, with the code of its point. Raises Refused where there is none, or it is void."""
    query = "SELECT record.*, point.code AS point FROM record LEFT JOIN point ON point.id = record.point_id WHERE record.id = ?"
    row = ledger.execute(query, (record_id,)).fetchone()
    if row is None:
        raise Refused("There is no record {id}. See: ledger12315 record list", id=record_id)
    if row["voided"]:
        raise Refused("Record {id} is void since {day}.", id=record_id, day=row["voided"])
    return dict(row)


def records_listed(
    ledger: Ledger,
    kind: str | None = None,
    period: Period | None = None,
    point: Point | None = None,
) -> list[dict[str, Any]]:
    """Records by day, with all their boxes but the informant, who is never listed."""
    query = """
        SELECT record.*, record.day AS "on", point.code AS point, complaint.number
        FROM record LEFT JOIN point ON point.id = record.point_id LEFT JOIN complaint ON complaint.id = record.complaint_id
        WHERE (:kind IS NULL OR record.kind = :kind) AND (:point IS NULL OR record.point_id = :point)
          AND (:first IS NULL OR record.day BETWEEN :first AND :last)
        ORDER BY record.day, record.id"""
    values = {"kind": kind, "point": point.id if point else None, "first": None, "last": None}
    if period:
        values |= {"first": period.first.isoformat(), "last": period.last.isoformat()}
    return [dict(row) for row in ledger.execute(query, values)]


def informant(ledger: Ledger, record_id: int) -> dict[str, Any]:
    """Who gave a lead, for who asks for just that. Raises Refused where nobody is named. 三(三)5"""
    standing_record(ledger, record_id)
    row = ledger.execute(
        "SELECT record_id AS id, name, phone FROM informant WHERE record_id = ?", (record_id,)
    ).fetchone()
    if row is None:
        raise Refused("Record {id} names no informant.", id=record_id)
    return dict(row)


def liaisons(ledger: Ledger, day: str, point: Point | None = None) -> list[dict[str, Any]]:
    """Who was liaison on `day`, of one point or of all: point, point_name, liaison."""
    query = """
        SELECT point.code AS point, point.name AS point_name, contact.name AS liaison
        FROM contact JOIN point ON point.id = contact.point_id
        WHERE role = 'liaison' AND contact.since <= :day AND (contact.until IS NULL OR contact.until > :day)
          AND (point.retired IS NULL OR point.retired > :day) AND (:point IS NULL OR point.id = :point)
        ORDER BY point.code, contact.since, contact.id"""
    return [
        dict(row)
        for row in ledger.execute(query, {"day": day, "point": point.id if point else None})
    ]


def staff_names(ledger: Ledger) -> set[str]:
    """The names of all liaisons and point officers there ever were: texts that name them are masked."""
    return {row["name"] for row in ledger.execute("SELECT DISTINCT name FROM contact")}


def unknown_trainees(ledger: Ledger, record_id: int) -> list[str]:
    """Names among those who took part that were no liaison's on that day."""
    row = standing_record(ledger, record_id)
    known = {compared(each["liaison"]) for each in liaisons(ledger, row["day"])}
    return [name for name in names_in(row["attended"] or "") if compared(name) not in known]
