"""Shared by the county's commands: store, period, settings, due dates, expected stations."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ledger12315.boxes import Filled, Option
from ledger12315.boxes.forms import PERIOD
from ledger12315.boxes.kinds import PATH
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import calendar_at
from ledger12315.errors import Message, message
from ledger12315.ledger.station import settings
from ledger12315.ledger.store.practice import is_for_practice, practice_path
from ledger12315.rules.periods import Period, ReturnDates, parse_period, return_dates
from ledger12315.rules.settings import SettingHistory

STORE = Option("store", "汇集处", PATH, "the county's store [county.duckdb next to the ledger]")
STATED_PERIOD = PERIOD._replace(help="a quarter or an annual return")


def store_of(desk: Desk, filled: Filled) -> Path:
    """Return the file of the county's store; practice has its own."""
    store = desk.path.parent / "county.duckdb"
    return filled.given("store", Path) or (
        practice_path(store) if desk.practises or is_for_practice(desk.path) else store
    )


def store_line(store: Path) -> Message:
    """Return the line that names the store, which each of its commands prints first."""
    return message("Store: {path}", path=store)


def read_county_period(desk: Desk, filled: Filled) -> Period:
    """Return a quarter or an annual return, by the county desk's setting for years."""
    text = filled.given("period", str) or ""
    return parse_period(text, county_settings(desk, parse_period(text).last)["annual_period"])


def station_due_dates(desk: Desk, period: Period, chosen: Mapping[str, str]) -> ReturnDates:
    """Return when a station's return is due, by settings and the State Council's calendar."""
    calendar, lead = calendar_at(desk).national, int(chosen["station_lead"])
    return return_dates(period, calendar, chosen["return_day_off"], lead, 0)


def county_settings(desk: Desk, day: date) -> dict[str, str]:
    """Return the settings of a day, from the ledger on the county desk if there is one.

    The county itself keeps no ledger, so that ledger's first day does not apply to it.
    """
    if not desk.path.exists():
        return SettingHistory().on(day)
    with desk.read() as ledger:
        return {**settings(ledger, day), "begins": ""}


def expected_names(file: Path) -> list[str]:
    """Return the expected stations: the first cell of each row, once each. Raises Unacceptable."""
    from ledger12315.sheets.incoming.reading import read_sheets

    rows = (cells for sheet in read_sheets(file) for _, cells in sheet.rows)
    return list(dict.fromkeys(str(cells[0]) for cells in rows if cells and cells[0]))
