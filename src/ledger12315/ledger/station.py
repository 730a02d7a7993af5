"""The station itself: who it is, its settings, and what it revealed."""

from datetime import date
from typing import NamedTuple

from ledger12315.errors import Unclear
from ledger12315.ledger.store import Ledger, insert, now, user
from ledger12315.rules.settings import SETTINGS


class Station(NamedTuple):
    """Who keeps the ledger."""

    name: str
    county: str
    code: str | None


class Counts(NamedTuple):
    """How much the ledger holds; `acts` are those of its history."""

    points: int
    complaints: int
    acts: int


def station(ledger: Ledger) -> Station:
    """Return the one station of the ledger."""
    return Station(*ledger.execute("SELECT name, county, code FROM station").fetchone())


def counts(ledger: Ledger) -> Counts:
    """Return how many points, complaints and acts there are."""
    tables = ("point", "complaint", "act")
    counted = [f"(SELECT count(*) FROM {table})" for table in tables]
    return Counts(*ledger.execute(f"SELECT {', '.join(counted)}").fetchone())


def settings(ledger: Ledger) -> dict[str, str]:
    """Return every setting with its value; one that is newer than the ledger has its default.

    The ledger begins on the day it was made, where nothing else is said.
    """
    stored = dict(ledger.execute("SELECT key, value FROM setting").fetchall())
    if not stored.get("begins"):
        [stored["begins"]] = ledger.execute("SELECT substr(min(at), 1, 10) FROM act").fetchone()
    return {key: stored.get(key, each.default) for key, each in SETTINGS.items()}


def begins(ledger: Ledger) -> date:
    """Return the day from which on something is owed."""
    return date.fromisoformat(settings(ledger)["begins"])


def change_setting(ledger: Ledger, key: str, value: str, today: date) -> str:
    """Change a setting and return what it was.

    Raises Unclear for an unknown key or a value it cannot hold.
    """
    if key not in SETTINGS:
        raise Unclear("{key} is no setting. The settings: {keys}", key=key, keys=list(SETTINGS))
    read = SETTINGS[key].read(value, today)
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


def record_disclosure(ledger: Ledger, command: str) -> None:
    """Write down that names and phones were shown in full: when, to whom, by which command.

    Domain 7.
    """
    insert(ledger, "disclosure", {"entered": now(), "user": user(), "command": command})
