"""The station itself: who it is, its settings, what headings mean to it, and what was revealed of people."""

from collections.abc import Mapping
from typing import NamedTuple

from ledger12315.errors import Unclear
from ledger12315.ledger.store import Ledger, insert, now, user
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
    return {
        key: ledger.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for key, table in tables.items()
    }


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
        raise Unclear(
            "{key} cannot be {value}; it takes {allowed}.",
            key=key,
            value=value,
            allowed=SETTINGS[key].words,
        )
    before = settings(ledger)[key]
    if not ledger.execute("UPDATE setting SET value = ? WHERE key = ?", (read, key)).rowcount:
        insert(ledger, "setting", {"key": key, "value": read})
    return before


def headings(ledger: Ledger) -> dict[str, str]:
    """What headings of other programs' registers were said to mean: heading -> box."""
    return dict(ledger.execute("SELECT name, box FROM heading").fetchall())


def remember_headings(ledger: Ledger, meant: Mapping[str, str]) -> None:
    """Keep what headings mean for the next time."""
    for name, box in meant.items():
        if not ledger.execute("UPDATE heading SET box = ? WHERE name = ?", (box, name)).rowcount:
            insert(ledger, "heading", {"name": name, "box": box})


def record_disclosure(ledger: Ledger, command: str) -> None:
    """Keep that names and phones were shown in full: when, to whom, by which command. Domain 7."""
    insert(ledger, "disclosure", {"entered": now(), "user": user(), "command": command})
