"""The station itself: its name, the words it uses, and its record of revealed names."""

from typing import NamedTuple

from ledger12315.ledger.store import Ledger, insert, now, single, update, user
from ledger12315.ledger.store.practice import practises
from ledger12315.renamed import year_of_names
from ledger12315.words import PRACTICE


class Station(NamedTuple):
    """The station that keeps the ledger; its key stays when its name changes."""

    key: str
    name: str
    county: str
    code: str | None


def station(ledger: Ledger) -> Station:
    """Return the one station of the ledger."""
    return Station(*ledger.execute("SELECT key, name, county, code FROM station").fetchone())


def unit_name(ledger: Ledger) -> str:
    """Return the station's name for what it hands in; that of a practice ledger says so."""
    name = station(ledger).name
    return f"{PRACTICE} {name}" if practises(ledger) else name


def words_of(ledger: Ledger) -> str:
    """Return the year of the station's words: as it is set, or else by the station's name.

    Every command asks this, and few need the other settings.
    """
    said = ledger.execute("SELECT value FROM setting WHERE key = 'words_of'").fetchone()
    whose = station(ledger)
    return said[0] if said else year_of_names(whose.name, whose.county)


_OFFICE_COLUMNS = {"station": "name", "county": "county"}


def rename_office(ledger: Ledger, office: str, name: str) -> str:
    """Change the name of the station or of its county, and return the old one.

    What was submitted keeps the old one, and the key stays.
    """
    column = _OFFICE_COLUMNS[office]
    before = str(single(ledger, f"SELECT {column} FROM station"))
    update(ledger, "station", 1, {column: name})
    return before


def counts(ledger: Ledger) -> dict[str, int]:
    """Return the number of points, complaints, and acts in the ledger's history."""
    tables = {"points": "point", "complaints": "complaint", "acts": "act"}
    return {
        name: single(ledger, f"SELECT count(*) FROM {table}") for name, table in tables.items()
    }


def record_disclosure(ledger: Ledger, command: str) -> None:
    """Record that names and phones were shown in full: when, to whom, by which command."""
    insert(ledger, "disclosure", {"entered": now(), "user": user(), "command": command})
