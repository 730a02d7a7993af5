"""The station's settings, on any day, and the first day of its ledger."""

from datetime import date

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.reading import Misread
from ledger12315.errors import Unclear
from ledger12315.ledger.station import words_of
from ledger12315.ledger.store import Ledger, insert, upsert
from ledger12315.ledger.store.history import first_day
from ledger12315.rules.settings import SETTING_NAMES, SETTINGS, SettingEntry, SettingHistory


def first_day_of_ledger(ledger: Ledger) -> date:
    """Return the first day of the ledger; nothing is due before it."""
    begins = setting_history(ledger).value("begins")
    return date.fromisoformat(begins) if begins else first_day(ledger)


def setting_history(ledger: Ledger) -> SettingHistory:
    """Return the settings of any day; the year of words follows from the station's name."""
    words = SettingEntry("words_of", words_of(ledger), None)
    rows = ledger.execute("SELECT key, value, since FROM setting ORDER BY id").fetchall()
    return SettingHistory(
        [words, *(SettingEntry(key, value, DAY.stored(since)) for key, value, since in rows)]
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
) -> str | None:
    """Change a setting, a dated one from a given day on; return its old value.

    Writes nothing, and returns None, where it is so already. Raises Unclear for an invalid value,
    or for a day where the setting has none.
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
    was = setting_history(ledger)
    new = SettingHistory([*was.said, SettingEntry(key, read, since)])
    if [*was.stretches(key)] == [*new.stretches(key)]:
        return None
    before = settings(ledger, since or date.max)[key]
    if SETTINGS[key].dated:
        insert(ledger, "setting", {"key": key, "value": read, "since": since})
    else:
        upsert(ledger, "setting", {"key": key}, {"value": read})
    return before
