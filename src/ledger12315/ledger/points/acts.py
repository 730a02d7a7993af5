"""Amending, inspecting, retiring a point. 三(一), 三(二), 三(五)1 and 8."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ledger12315.boxes.kinds import Boxes, Checked, Value
from ledger12315.boxes.tables import column_box, row_with_dates
from ledger12315.errors import Message, Refused, Unclear, message
from ledger12315.ledger.points import LATEST, Point, type_on
from ledger12315.ledger.points.dated import (
    DATED_BOXES,
    change_dated_values,
    dated_values,
    demand_latest,
)
from ledger12315.ledger.store import Ledger, LedgerRow, single, update, upsert
from ledger12315.rules.eligibility import how_admitted
from ledger12315.words import RECORD_KINDS


class AmendedPoint(NamedTuple):
    """The keys of the changed boxes; `notes` are for the clerk."""

    boxes: tuple[str, ...]
    notes: tuple[Message, ...] = ()


_POINT_NEEDS = ("name", "type", "since", "on")
_OF_ITS_RECORD = ("since", "on", "retired", "filed", "filing_no")
_JUDGED = {"type", "area", "capital", "turnover", "stalls", "grade", "sector", "judgement"}
# The tables whose rows begin with a point and end with its retirement.
_OF_POINT = ("point_type", "contact", "demonstration")


def change_point(ledger: Ledger, point: Point, boxes: Boxes, today: date) -> AmendedPoint:
    """Change boxes of Attachment 4 from the day `on`; None empties a box. 三(一)

    Every change has to be filed with the county desk again. Raises Unclear or Refused.
    """
    given: LedgerRow = dict(boxes)
    if empty := [key for key in _POINT_NEEDS if given.get(key, "") is None]:
        label = column_box("point", empty[0]).label
        raise Unclear("{box} cannot be empty.", box=label).about(empty[0])
    changed: list[str] = []
    if "retired" in given:
        changed += ["retired"] * _correct_retirement(ledger, point, given)
        if given["retired"]:
            return AmendedPoint(tuple(changed))
        point = point._replace(retired=None)
    point = _move_set_up(ledger, point, given.get("since", point.since))
    day: date = given.get("on", today)
    _demand_present(point, day)
    found = ledger.execute("SELECT * FROM point WHERE id = ?", (point.id,)).fetchone()
    row = row_with_dates("point", found) | {"type": type_on(ledger, point, LATEST)}
    changes = {key: value for key, value in given.items() if row.get(key, value) != value}
    eligibility = _eligibility_after(row, changes)
    changed += [key for key in changes if key not in DATED_BOXES]
    dated = change_dated_values(ledger, point, given, day)
    changed += dated
    unfiled = _emptied_filing(row, given, changed)
    changes.pop("type", None)
    update(ledger, "point", point.id, {**changes, **unfiled, "eligibility": eligibility})
    notes = [*_notes_on_filing(point, row["filed"])] if unfiled and "filed" not in given else []
    if "on" in given:
        notes += _notes_on_boxes_without_day(changed)
    else:
        notes += _notes_on_unstated_day(point, dated, day)
    if "host" in dated:
        notes += _notes_on_credit_code(point, row["credit_code"], given)
    return AmendedPoint(tuple(changed), tuple(notes))


def _emptied_filing(row: LedgerRow, given: LedgerRow, changed: Sequence[str]) -> LedgerRow:
    """Return the boxes of the filing, empty, if a change made it void or it is none.

    Raises Refused for a filing number that would be left alone.
    """
    lapsed = {*changed} - {"filing_no"} and "filed" not in given
    if not lapsed and given.get("filed", row["filed"]):
        return {}
    if given.get("filing_no"):
        raise Refused("A filing number needs its day: --filed DATE.")
    return {"filed": None, "filing_no": None}


def _notes_on_boxes_without_day(boxes: Sequence[str]) -> Iterator[Message]:
    """Yield a note on changed boxes that have no day, where one was given."""
    without = [box for box in boxes if box not in (*DATED_BOXES, *_OF_ITS_RECORD)]
    if named := [column_box("point", box).label for box in without]:
        yield message(
            "{boxes}: changed for all days; only {dated} have a day of their own.",
            boxes=named,
            dated=[column_box("point", box).label for box in DATED_BOXES],
        )


def _notes_on_credit_code(point: Point, code: object, given: LedgerRow) -> Iterator[Message]:
    """Yield a note on the code that a point keeps after its host has changed."""
    if code and "credit_code" not in given:
        yield message(
            "{point} keeps the {box} {code}, which notices show beside the host. Is it the new "
            "host's? Otherwise: `point amend {point} --credit-code CODE`",
            point=point.code,
            box=column_box("point", "credit_code").name,
            code=code,
        )


def _notes_on_unstated_day(point: Point, boxes: Sequence[str], day: date) -> Iterator[Message]:
    """Yield a note on changed boxes whose day nobody gave."""
    if boxes and day > point.since:
        yield message(
            "{boxes}: from {day} on. Was it so from the beginning? Then change it back, and"
            " again with --on {since}.",
            boxes=[column_box("point", box).label for box in boxes],
            day=day,
            since=point.since,
        )


def _notes_on_filing(point: Point, lapsed: object) -> Iterator[Message]:
    if lapsed:
        yield message(
            "{code} was filed on {day}: file it again with the county desk.",
            code=point.code,
            day=lapsed,
        )


def _move_set_up(ledger: Ledger, point: Point, since: date) -> Point:
    """Return a point with another day of set-up, moved with what it had from the first.

    Raises Refused if anything happened to it before that day.
    """
    if since == point.since:
        return point
    looked = ledger.execute("SELECT day FROM inspection WHERE point_id = ?", (point.id,))
    days = [day for row in looked if (day := date.fromisoformat(row[0])) < since]
    for spell in dated_values(ledger, point):
        turns = (day for day in (spell.since, spell.until) if day)
        days += [day for day in turns if point.since < day <= since]
    if early := min(days, default=None):
        raise Refused(
            "{point} changed, or was inspected, on {day}; it cannot have been set up after that,"
            " on {since}.",
            point=point.name,
            day=early,
            since=since,
        )
    if point.retired:
        _demand_present(point, since)
    for table in _OF_POINT:
        ledger.execute(
            f"UPDATE {table} SET since = ? WHERE point_id = ? AND since = ?",
            (since, point.id, point.since),
        )
    return point._replace(since=since)


def _eligibility_after(row: LedgerRow, changes: LedgerRow) -> str:
    """Return how its rule admits a changed point: meets or judged. Raises Refused."""
    if not _JUDGED & changes.keys():
        return str(row["eligibility"])
    whole = {key: value for key, value in {**row, **changes}.items() if value is not None}
    return how_admitted(whole["type"], whole)


def retire(ledger: Ledger, point: Point, day: date) -> int:
    """Retire a point from a day on; return the number of its open complaints.

    A point retired on its first day never existed. Raises Refused.
    """
    _demand_present(point, day)
    demand_latest(dated_values(ledger, point), day)
    _demand_nothing_later(ledger, point, day)
    update(ledger, "point", point.id, {"retired": day})
    for table in _OF_POINT:
        ledger.execute(
            f"UPDATE {table} SET until = ? WHERE point_id = ? AND until IS NULL", (day, point.id)
        )
    query = """
        SELECT count(*) FROM complaint
        WHERE point_id = ? AND closed IS NULL AND voided IS NULL"""
    return int(single(ledger, query, (point.id,)))


def _demand_nothing_later(ledger: Ledger, point: Point, day: date) -> None:
    query = """
        SELECT received AS day, 'complaint' AS kind, number FROM complaint
        WHERE point_id = :id AND received >= :day AND voided IS NULL
        UNION ALL SELECT day, kind, NULL FROM record
        WHERE point_id = :id AND day >= :day AND voided IS NULL ORDER BY 1, 2, 3"""
    if later := ledger.execute(query, {"id": point.id, "day": day}).fetchall():
        on, kind, number = later[0]
        raise Refused(
            "{point} has complaints or records of {day} or later: {count}, the first {first}."
            " Void them, or retire it later.",
            day=day,
            count=len(later),
            point=point.name,
            first=number or message("{kind} of {day}", kind=RECORD_KINDS[kind], day=on),
        )


def _correct_retirement(ledger: Ledger, point: Point, given: LedgerRow) -> bool:
    """Retire a retired point on another day, or on none; return whether anything changed.

    Its rows are then as if the right day had been given at once. Raises Refused.
    """
    if not point.retired:
        raise Refused("{point} was never retired. See: `point retire`", point=point.name)
    day: date | None = given["retired"]
    if day and len(given) > 1:
        raise Refused(
            "{point} is retired, so only its day of retirement can be corrected: `"
            "point amend {code} --retired {day}`",
            point=point.name,
            code=point.code,
            day=day,
        )
    if day == point.retired:
        return False
    # Rows that changed on that very day have ended for good; the retirement's act names those that
    # it ended.
    query = """
        SELECT max(act_id) FROM change WHERE table_name = 'point' AND row_id = ?
        AND json_extract(common, '$.retired') <> ''"""
    act = single(ledger, query, (point.id,))
    update(ledger, "point", point.id, {"retired": None})
    for table in _OF_POINT:
        ended = f"SELECT row_id FROM change WHERE table_name = '{table}' AND act_id = ?"
        ledger.execute(
            f"UPDATE {table} SET until = NULL"
            f" WHERE point_id = ? AND until = ? AND id IN ({ended})",
            (point.id, point.retired, act),
        )
    if day:
        retire(ledger, point._replace(retired=None), day)
    return True


def inspect(ledger: Ledger, point: Point, boxes: Mapping[str, Value], day: date) -> None:
    """Record the result for each condition, and the inspector. 三(二), 三(三)1

    A second inspection on the same day replaces the first. Raises Refused after retirement.
    """
    if point.gone(day):
        _demand_present(point, day)
    findings = {key: each for key, each in boxes.items() if isinstance(each, Checked)}
    for item, found in findings.items():
        row = {**found._asdict(), "inspector": boxes.get("inspector")}
        row["updated"] = boxes.get("updated") if item == "board" else None
        upsert(ledger, "inspection", {"point_id": point.id, "day": day, "item": item}, row)


def _demand_present(point: Point, day: date) -> None:
    if point.retired:
        raise Refused(
            "{point} was retired on {day} and cannot be changed. To correct that day: "
            "`point amend {code} --retired DATE`",
            point=point.name,
            day=point.retired,
            code=point.code,
        )
    if day < point.since:
        raise Refused(
            "{point} was set up on {day}; a change cannot be dated before that.",
            point=point.name,
            day=point.since,
        )
