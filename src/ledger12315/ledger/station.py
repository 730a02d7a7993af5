"""The station itself: who it is, its settings, records of what its points did, and what was revealed of people."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from ledger12315.errors import Refused, Unclear
from ledger12315.ledger.points import Point, type_on
from ledger12315.ledger.rows import Ledger, insert, new_key, now, user
from ledger12315.rules.reading import Value
from ledger12315.rules.settings import SETTINGS


class Station(NamedTuple):
    """Who keeps the ledger."""

    name: str
    county: str
    code: str | None


def station(ledger: Ledger) -> Station:
    """The one station of the ledger."""
    return Station(**ledger.execute("SELECT name, county, code FROM station").fetchone())


def counts(ledger: Ledger) -> dict[str, int]:
    """How many points, complaints and acts of its history the ledger holds."""
    tables = {"points": "point", "complaints": "complaint", "acts": "act"}
    return {key: ledger.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for key, table in tables.items()}


def settings(ledger: Ledger) -> dict[str, str]:
    """Every setting with its present value; one that is newer than the ledger has its default."""
    stored = {row["key"]: row["value"] for row in ledger.execute("SELECT key, value FROM setting")}
    return {key: stored.get(key, each.default) for key, each in SETTINGS.items()}


def change_setting(ledger: Ledger, key: str, value: str) -> str:
    """Set one and give what it was. Raises Unclear for an unknown key or a value it cannot hold."""
    if key not in SETTINGS:
        raise Unclear("{key} is no setting. The settings: {keys}", key=key, keys=list(SETTINGS))
    read = SETTINGS[key].read(value)
    if read is None:
        raise Unclear("{key} cannot be {value}; it takes {allowed}.", key=key, value=value, allowed=SETTINGS[key].words)
    before = settings(ledger)[key]
    if not ledger.execute("UPDATE setting SET value = ? WHERE key = ?", (read, key)).rowcount:
        insert(ledger, "setting", {"key": key, "value": read})
    return before


def record(ledger: Ledger, kind: str, point: Point, boxes: Mapping[str, Value], today: date) -> dict[str, object]:
    """Record what a point did, such as inquiries answered; gives what was written. 三(三)3"""
    day = str(boxes.get("on", today.isoformat()))
    if point.retired and day >= point.retired:
        raise Refused("{point} was retired on {day}; nothing can be recorded there after.", point=point.name, day=point.retired)
    row = {"kind": kind, "day": day, "count": boxes.get("count", 1), "text": boxes.get("text")}
    made = {"key": new_key(), "point_id": point.id, "type": type_on(ledger, point, day), "entered": now()}
    insert(ledger, "record", row | made)
    return {"kind": kind, "point": point.code, "on": day, "count": row["count"]}


def record_disclosure(ledger: Ledger, command: str) -> None:
    """Keep that names and phones were shown in full: when, to whom, by which command. Domain 7."""
    insert(ledger, "disclosure", {"entered": now(), "user": user(), "command": command})
