"""The station itself: who it is, its settings, and what it revealed."""

from datetime import date
from typing import NamedTuple

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.reading import Misread
from ledger12315.errors import Unclear
from ledger12315.ledger.store import Ledger, insert, keep, now, single, user
from ledger12315.renamed import year_named
from ledger12315.rules.settings import SETTING_NAMES, SETTINGS, Said, Terms


class Station(NamedTuple):
    """Who keeps the ledger; its key stays when its name changes."""

    key: str
    name: str
    county: str
    code: str | None


def station(ledger: Ledger) -> Station:
    """Return the one station of the ledger."""
    return Station(*ledger.execute("SELECT key, name, county, code FROM station").fetchone())


def counts(ledger: Ledger) -> dict[str, int]:
    """Return how many points, complaints, and acts of its history the ledger holds."""
    tables = {"points": "point", "complaints": "complaint", "acts": "act"}
    return {
        name: single(ledger, f"SELECT count(*) FROM {table}") for name, table in tables.items()
    }


def begins(ledger: Ledger) -> date:
    """Return the day from which on something is owed."""
    return date.fromisoformat(settings(ledger)["begins"])


def terms(ledger: Ledger) -> Terms:
    """Return the settings of any day; the words of the station's name come first."""
    whose = station(ledger)
    words_of = Said("words_of", year_named(whose.name, whose.county), None)
    rows = ledger.execute("SELECT key, value, since FROM setting ORDER BY id").fetchall()
    return Terms([words_of, *(Said(key, value, DAY.stored(since)) for key, value, since in rows)])


def settings(ledger: Ledger, day: date = date.max) -> dict[str, str]:
    """Return every setting with its value on a day.

    One that is newer than the ledger has its default. The ledger begins on the day it was made,
    where nothing else is said.
    """
    found = terms(ledger).on(day)
    if not found["begins"]:
        found["begins"] = single(ledger, "SELECT substr(min(at), 1, 10) FROM act")
    return found


def change_setting(
    ledger: Ledger, key: str, value: str, today: date, since: date | None = None
) -> str:
    """Change a setting, a dated one from a day on if it is given; return what it was.

    Raises Unclear for a value that it cannot hold, or a day where it has none.
    """
    name = SETTING_NAMES[key]
    if since and not SETTINGS[key].dated:
        raise Unclear("{key} always applies: leave out --from.", key=name)
    try:
        read = SETTINGS[key].read(value, today)
    except Misread as wrong:
        raise Unclear(
            "{key} cannot be {value}: {problem}.", key=name, value=value, problem=wrong.message
        ) from None
    before = settings(ledger, since or date.max)[key]
    if SETTINGS[key].dated:
        insert(ledger, "setting", {"key": key, "value": read, "since": since})
    else:
        keep(ledger, "setting", {"key": key}, {"value": read})
    return before


def record_disclosure(ledger: Ledger, command: str) -> None:
    """Write down that names and phones were shown in full: when, to whom, by which command.

    Domain 7.
    """
    insert(ledger, "disclosure", {"entered": now(), "user": user(), "command": command})
