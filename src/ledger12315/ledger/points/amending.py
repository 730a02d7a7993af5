"""What becomes of a service point: amended from a day on, inspected, retired. Source: 三(一), 三(二), 三(五)1 and 8, domain 2."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ledger12315.boxes.fields import AMENDED
from ledger12315.boxes.reading import Checked, Person, Value
from ledger12315.errors import Message, Refused, Unclear, message
from ledger12315.ledger.points import LATEST, Point, type_on
from ledger12315.ledger.points.profile import Spell, spells
from ledger12315.ledger.points.setting_up import persons
from ledger12315.ledger.store import Ledger, insert, update
from ledger12315.rules.eligibility import admitted
from ledger12315.words import RECORDS


class Amended(NamedTuple):
    """The keys of the boxes that changed; `notes` are what the clerk should know besides."""

    boxes: tuple[str, ...]
    notes: tuple[Message, ...]


_JUDGED = {"type", "area", "capital", "turnover", "stalls", "grade", "sector", "judgement"}
_DATED = ("type", "host", "liaison", "officer", "demonstration")
# What a retirement ends.
_ENDED = ("point_type", "contact", "demonstration")
_LABELS = {field.key: field.label for field in AMENDED}


def amend(ledger: Ledger, point: Point, boxes: Mapping[str, Value | None], today: date) -> Amended:
    """Change boxes of Attachment 4 from the day `on`, None empties one. Raises Refused as the rules say of the whole. 三(一)

    Whatever changes is to be filed with the county desk again.
    """
    for key in ("name", "type", "on"):
        if key in boxes and boxes[key] is None:
            raise Unclear("{box} cannot be empty.", box=_LABELS[key])
    day = str(boxes.get("on") or today.isoformat())
    changed: list[str] = []
    if "retired" in boxes:
        retired = str(boxes["retired"]) if boxes["retired"] else None
        changed += ["retired"] * _correct_retirement(ledger, point, retired)
        if retired and len(boxes) > 1:
            raise Refused(
                "{point} is retired: correct the day alone. ledger12315 point amend {code} --retired {day}",
                point=point.name,
                code=point.code,
                day=retired,
            )
        if retired:
            return Amended(tuple(changed), ())
        point = point._replace(retired=None)
    _demand_present(point, day)
    row = dict(ledger.execute("SELECT * FROM point WHERE id = ?", (point.id,)).fetchone())
    row["type"] = type_on(ledger, point, LATEST)
    changes: dict[str, Any] = {
        key: value for key, value in boxes.items() if key in row and value != row[key]
    }
    if _JUDGED & changes.keys():
        known = {key: value for key, value in {**row, **changes}.items() if value is not None}
        row["eligibility"] = admitted(known["type"], known)
    told = spells(ledger, point)
    changed += [key for key in changes if key not in _DATED]
    for box in _DATED:
        if box in boxes and _turn(
            ledger, point, [spell for spell in told if spell.box == box], box, boxes[box], day
        ):
            changed.append(box)
    lapsed = row["filed"] if changed and "filed" not in boxes else None
    if lapsed:
        changes["filed"] = None
    changes.pop("type", None)
    update(ledger, "point", point.id, {**changes, "eligibility": row["eligibility"]})
    again = message(
        "{code} was filed on {day}: file it again with the county desk.",
        code=point.code,
        day=lapsed,
    )
    return Amended(tuple(changed), (again,) if lapsed else ())


def _turn(
    ledger: Ledger, point: Point, mine: Sequence[Spell], box: str, value: Value | None, day: str
) -> bool:
    """Let a box that is kept with dates hold another value, or other persons, from `day` on; gives whether anything changed."""
    _demand_latest(mine, day)
    present = [spell for spell in mine if spell.until is None]
    if box in ("type", "host"):
        former = present[0]  # to have no host is a state with dates of its own, too
        if former.value == value:
            return False
        if box == "type":
            _turn_type(ledger, point, mine, str(value), day)
        elif former.since < day:  # a host that stood for no day was a typing error
            insert(
                ledger, "former_host", {"point_id": point.id, "name": former.value, "until": day}
            )
        return True
    table = "demonstration" if box == "demonstration" else "contact"
    wanted = [{"role": box, **_given(each)} for each in dict.fromkeys(persons(value))]
    if box == "demonstration" and value not in (None, "none"):
        wanted = [{"level": str(value)}]
    # Of one who stays, or was taken off on this day only, what is not given stays as it is.
    staying = _paired(wanted, [*present, *(spell for spell in mine if spell.until == day)])
    ending = [spell for spell in present if spell not in staying.values()]
    for spell in ending:
        update(ledger, table, spell.id, {"until": day})
    changed = bool(ending)
    for place, row in enumerate(wanted):
        known = staying.get(place)
        if known is None:
            insert(ledger, table, {"point_id": point.id, "since": day, **row})
        elif known.until or any(
            row.get(key) not in (None, getattr(known, key)) for key in ("phone", "terms", "badge")
        ):
            update(ledger, table, known.id, {**row, "until": None})
        else:
            continue
        changed = True
    return changed


def _paired(wanted: Sequence[Mapping[str, str]], free: list[Spell]) -> dict[int, Spell]:
    """By its place whom of `wanted` there is already: of several of one name first those whose phone is the same."""
    found: dict[int, Spell] = {}
    for alike in (True, False):
        for place, row in enumerate(wanted):
            same = (
                each
                for each in free
                if each.value in row.values() and (not alike or each.phone == row.get("phone"))
            )
            if place not in found and (spell := next(same, None)):
                found[place] = spell
                free.remove(spell)
    return found


def _given(person: Person) -> dict[str, str]:
    return {key: value for key, value in person._asdict().items() if value is not None}


def _turn_type(ledger: Ledger, point: Point, mine: Sequence[Spell], type_: str, day: str) -> None:
    """Begin another type on `day`, replace the one that began on it, or take it back; what happened from then on follows.

    Rows are never deleted: a type that is taken back ends on the day it began.
    """
    begun = next((spell for spell in mine if spell.since == day), None)
    former = next(
        (spell for spell in mine if spell.since < day and spell.until in (None, day)), None
    )
    back = former is not None and former.value == type_
    if former:
        update(ledger, "point_type", former.id, {"until": None if back else day})
    if begun:
        update(
            ledger,
            "point_type",
            begun.id,
            {"until": day} if back else {"type": type_, "until": None},
        )
    elif not back:
        insert(ledger, "point_type", {"point_id": point.id, "type": type_, "since": day})
    # What is older than the point carries its first type.
    values = {"type": type_, "id": point.id, "day": "" if day == point.since else day}
    for table, column in (("complaint", "received"), ("record", "day")):
        ledger.execute(
            f"UPDATE {table} SET type = :type WHERE point_id = :id AND {column} >= :day AND type <> :type",
            values,
        )


def retire(ledger: Ledger, point: Point, day: str) -> int:
    """End a point on `day`, its first as none; gives how many of its complaints are open. Raises Refused. Domain 2."""
    _demand_present(point, day)
    _demand_latest(spells(ledger, point), day)
    query = """
        SELECT received AS day, 'complaint' AS kind, number FROM complaint
        WHERE point_id = :id AND received >= :day AND voided IS NULL
        UNION ALL SELECT day, kind, NULL FROM record WHERE point_id = :id AND day >= :day AND voided IS NULL ORDER BY 1, 2, 3"""
    if later := ledger.execute(query, {"id": point.id, "day": day}).fetchall():
        first = later[0]
        raise Refused(
            "{point} has complaints or records of {day} or later: {count}, the first {first}. Void them, or retire it later.",
            day=day,
            count=len(later),
            point=point.name,
            first=first["number"]
            or message("{kind} of {day}", kind=RECORDS[first["kind"]], day=first["day"]),
        )
    update(ledger, "point", point.id, {"retired": day})
    for table in _ENDED:
        ledger.execute(
            f"UPDATE {table} SET until = ? WHERE point_id = ? AND until IS NULL", (day, point.id)
        )
    query = (
        "SELECT count(*) FROM complaint WHERE point_id = ? AND closed IS NULL AND voided IS NULL"
    )
    return int(ledger.execute(query, (point.id,)).fetchone()[0])


def _correct_retirement(ledger: Ledger, point: Point, day: str | None) -> bool:
    """Let a retired point be so from `day` on, as if it had been retired then, or stand again; gives whether anything changed."""
    if not point.retired:
        raise Refused("{point} was never retired. See: ledger12315 point retire", point=point.name)
    if day == point.retired:
        return False
    # What had changed on that very day has ended for good; which rows the retirement ended, its act tells.
    query = "SELECT max(act_id) FROM change WHERE table_name = 'point' AND row_id = ? AND json_extract(common, '$.retired') <> ''"
    act = ledger.execute(query, (point.id,)).fetchone()[0]
    update(ledger, "point", point.id, {"retired": None})
    for table in _ENDED:
        ended = f"SELECT row_id FROM change WHERE table_name = '{table}' AND act_id = ?"
        ledger.execute(
            f"UPDATE {table} SET until = NULL WHERE point_id = ? AND until = ? AND id IN ({ended})",
            (point.id, point.retired, act),
        )
    if day:
        retire(ledger, point._replace(retired=None), day)
    return True


def inspect(
    ledger: Ledger, point: Point, findings: Mapping[str, Checked], inspector: str | None, day: str
) -> None:
    """Record what was found of each condition; a second inspection of the day replaces what it looks at. 三(二), 三(三)1"""
    if point.retired and day >= point.retired:
        _demand_present(point, day)
    for item, found in findings.items():
        row = {**found._asdict(), "inspector": inspector}
        query = "SELECT id FROM inspection WHERE point_id = ? AND day = ? AND item = ?"
        if known := ledger.execute(query, (point.id, day, item)).fetchone():
            update(ledger, "inspection", known["id"], row)
        else:
            insert(ledger, "inspection", {"point_id": point.id, "day": day, "item": item, **row})


def _demand_present(point: Point, day: str) -> None:
    if point.retired:
        raise Refused(
            "{point} was retired on {day}; nothing there changes any more. Was it another day? ledger12315 point amend {code}"
            " --retired DATE",
            point=point.name,
            day=point.retired,
            code=point.code,
        )
    if day < point.since:
        raise Refused(
            "{point} was set up only on {day}; nothing there changes before.",
            point=point.name,
            day=point.since,
        )


def _demand_latest(told: Sequence[Spell], day: str) -> None:
    """Raises Refused before the last change; what was taken back, and stood for no day, is none."""
    lasting = (
        (each, spell.box)
        for spell in told
        if spell.since != spell.until
        for each in (spell.since, spell.until or "")
    )
    last, box = max(lasting, default=("", ""))
    if day < last:
        raise Refused(
            "{box} changed last on {last}; no change can be dated before that.",
            box=_LABELS[box],
            last=last,
        )
