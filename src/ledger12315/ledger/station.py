"""The station itself: its name, its settings, and its record of revealed names."""

from datetime import date
from typing import NamedTuple

from ledger12315.boxes.forms import OFFICES
from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.reading import Misread
from ledger12315.errors import Unclear
from ledger12315.ledger.store import Ledger, insert, now, single, update, upsert, user
from ledger12315.ledger.store.history import first_day
from ledger12315.ledger.store.practice import practises
from ledger12315.renamed import year_of_names
from ledger12315.rules.settings import SETTING_NAMES, SETTINGS, SettingEntry, SettingHistory
from ledger12315.words import PRACTICE, Vocabulary, Word


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


OFFICE_NAMES = Vocabulary(*(Word(box.key, box.name.zh, box.key) for box in OFFICES))
"""The offices whose names `init` writes and a setting changes."""
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


def first_day_of_ledger(ledger: Ledger) -> date:
    """Return the first day of the ledger; nothing is due before it."""
    begins = setting_history(ledger).value("begins")
    return date.fromisoformat(begins) if begins else first_day(ledger)


def setting_history(ledger: Ledger) -> SettingHistory:
    """Return the settings of any day; the year of words follows from the station's name."""
    whose = station(ledger)
    words_of = SettingEntry("words_of", year_of_names(whose.name, whose.county), None)
    rows = ledger.execute("SELECT key, value, since FROM setting ORDER BY id").fetchall()
    return SettingHistory(
        [words_of, *(SettingEntry(key, value, DAY.stored(since)) for key, value, since in rows)]
    )


def settings(ledger: Ledger, day: date = date.max) -> dict[str, str]:
    """Return every setting with its value on a day.

    A setting newer than the ledger has its default. The ledger begins on the day it was made,
    unless the setting says otherwise.
    """
    found = setting_history(ledger).on(day)
    found["begins"] = found["begins"] or first_day(ledger).isoformat()
    return found


def change_setting(
    ledger: Ledger, key: str, value: str, today: date, since: date | None = None
) -> str:
    """Change a setting, a dated one from a given day on; return its old value.

    Raises Unclear for an invalid value, or for a day where the setting has none.
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
        upsert(ledger, "setting", {"key": key}, {"value": read})
    return before


def record_disclosure(ledger: Ledger, command: str) -> None:
    """Record that names and phones were shown in full: when, to whom, by which command.

    Domain 7.
    """
    insert(ledger, "disclosure", {"entered": now(), "user": user(), "command": command})
