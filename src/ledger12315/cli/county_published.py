"""`county load` and `county status`: what stations published, taken in and looked over."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.worded import OneWord
from ledger12315.cli.face.answers import Column, Result, listing
from ledger12315.cli.face.command import command
from ledger12315.cli.face.county import (
    Expected,
    StatedPeriod,
    Store,
    expected_names,
    known_terms,
    station_dates,
    store_of,
)
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.options import ExitCode
from ledger12315.errors import Unacceptable, message
from ledger12315.locale import render
from ledger12315.published import store as stores
from ledger12315.published.engine import demand_engine
from ledger12315.published.reading import Published
from ledger12315.rules.county import absent
from ledger12315.rules.periods import Period, parse_period
from ledger12315.rules.publishing import digest
from ledger12315.words import ARRIVALS

_Folders = Annotated[
    list[Path],
    typer.Argument(metavar="DIR...", help="folders of what stations published"),
]
_MoreFolders = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[DIR...]", help="folders that are to be loaded, looked over too"),
]
_County = Annotated[
    str | None, typer.Option("--county", metavar="NAME", help="take this county's stations only")
]
_STATES = (
    Column("station", "工商所", "station"),
    Column("state", "状态", "state", OneWord(ARRIVALS)),
    Column("revision", "版次", "revision", right=True),
    Column("submitted", "报送日期", "submitted", DAY),
    Column("why", "说明", "why", narrow=True),
)


@command(takes="json")
def load_published(
    desk: Desk, folders: _Folders, store: Store = None, county: _County = None
) -> Result:
    """Take in what stations published, once it is checked."""
    demand_engine()
    place = store_of(desk, store)
    sound, faults = stores.arrived(place, _demand_folders(folders), county)
    taken, more = stores.add(place, sound)
    problems = [each.why for each in (*faults, *more)]
    error = Unacceptable("These publications are not loaded.", *problems) if problems else None
    if desk.form == "json":
        return Result(document=[_about(each) for each in taken], error=error)
    counts = sorted(Counter(each.manifest.period for each in taken).items())
    said = [
        message("{period}: stations loaded: {count}", period=period, count=count)
        for period, count in counts
    ]
    nothing = [] if said or error else [message("There is nothing new.")]
    return Result([*said, *nothing], error=error)


def _demand_folders(folders: Sequence[Path]) -> Sequence[Path]:
    """Return the folders. Raises Unacceptable if one is none."""
    for each in folders:
        if not each.is_dir():
            raise Unacceptable("There is no folder {folder}.", folder=each)
    return folders


def _about(each: Published) -> dict[str, Any]:
    told = each.manifest
    return {
        "station": told.station.key,
        "name": told.station.name,
        "county": told.station.county,
        "period": told.period,
        "revision": told.revision,
        "digest": digest(told.figures),
    }


@command(takes="json csv")
def show_arrivals(
    desk: Desk,
    period: StatedPeriod,
    folders: _MoreFolders = None,
    store: Store = None,
    expect: Expected = None,
    county: _County = None,
    exit_code: ExitCode = False,
) -> Result:
    """Who is missing, late, there twice or broken, in the store and in folders."""
    demand_engine()
    place, read = store_of(desk, store), parse_period(period)
    known = stores.loaded(place, read.code)
    arrived, faults = stores.arrived(place, _demand_folders(folders or ()), county)
    waiting, more = stores.add(place, arrived, dry=True)
    rows = [*_loaded(desk, place, read, known)]
    rows += [_row(each, "waiting") for each in waiting if each.manifest.period == read.code]
    rows += [
        {"station": each.station, "state": each.state, "why": render(each.why)} | _NEITHER
        for each in (*faults, *more)
        if each.period in ("", read.code)
    ]
    there = [row["station"] for row in rows]
    missing = absent(expected_names(expect), there) if expect else []
    rows += [{"station": name, "state": "missing", "why": ""} | _NEITHER for name in missing]
    rows.sort(key=lambda row: row["station"])
    notes = [message("Hashes show that something was altered, not that a station told the truth.")]
    if not expect:
        notes.append(message("Which stations are missing is not known without --expect."))
    code = int(exit_code and any(row["state"] != "loaded" for row in rows))
    return listing(rows, _STATES, notes=notes, exit_code=code)


_NEITHER = {"revision": None, "submitted": None}


def _row(each: Published, state: str) -> dict[str, Any]:
    told = each.manifest
    return {
        "station": told.station.name,
        "state": state,
        "revision": told.revision,
        "submitted": told.submitted,
        "why": "",
    }


def _loaded(
    desk: Desk, store: Path, period: Period, known: Sequence[Published]
) -> Iterator[dict[str, Any]]:
    """Yield what is loaded: late, or with rows that were altered since."""
    if not known:
        return
    altered = stores.altered_in(store, known)
    chosen, calendar = known_terms(desk, period.last)
    due = station_dates(period, calendar, chosen).station
    for each in known:
        told = each.manifest
        state = "late" if told.submitted > due else "loaded"
        if told.station.key in altered:
            state = "unlike"
        yield _row(each, state)
