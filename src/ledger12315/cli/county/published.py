"""`county load`, `status` and `export`: a county's store of its stations' publications."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from ledger12315.boxes import Box, Filled, Option
from ledger12315.boxes.kinds import DAY, LINE, PATH, PATHS
from ledger12315.boxes.worded import OneWord
from ledger12315.cli.asking.questions import Asked, Questions
from ledger12315.cli.command import command
from ledger12315.cli.county.store import (
    STATED_PERIOD,
    STORE,
    county_settings,
    read_county_period,
    station_due_dates,
    store_line,
    store_of,
)
from ledger12315.cli.face.answers import Column, Result, answer_of_list
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.options import EXIT_CODE
from ledger12315.errors import Refused, Unacceptable, message
from ledger12315.locale import render
from ledger12315.published import store as stores
from ledger12315.published.arriving import Fault, Published
from ledger12315.published.engine import Duck
from ledger12315.published.loading import load_publications, publication_places, sort_arrivals
from ledger12315.published.store import FiguresRequest, StationOfPeriod
from ledger12315.rules.periods import Period
from ledger12315.rules.publishing import digest
from ledger12315.words import ARRIVALS

_FOLDERS = Box("dir", "文件夹", PATHS, "folders with stations' publications", required=True)
_OF_COUNTY = Option("county", "县", LINE, "load only this county's stations", metavar="NAME")
_WAITING = _FOLDERS._replace(
    required=False, metavar="[DIR...]", help="folders to load, checked as well"
)
_TARGET = Box("dir", "文件夹", PATH, "a new folder for the files", required=True)
_STATES = (
    Column("station", "工商所", "station"),
    Column("key", "台账标识", "key", screen=False),
    Column("state", "状态", "state", OneWord(ARRIVALS)),
    Column("revision", "版次", "revision", right=True),
    Column("submitted", "报送日期", "submitted", DAY),
    Column("why", "说明", "why", narrow=True),
)


@command(_FOLDERS, STORE, _OF_COUNTY, arguments=1, flags="json")
def load_published(desk: Desk, filled: Filled) -> Result:
    """Check and load stations' publications."""
    place, county = store_of(desk, filled), filled.given("county", str)
    taken, faults = load_publications(place, _existing_folders(filled), county, desk.today)
    problems = [each.why for each in faults]
    error = Unacceptable(
        "These publications are not loaded. Unless stated otherwise, the station should hand "
        "in its folder again.",
        *problems,
    )
    counts = sorted(Counter(each.manifest.days.code for each in taken).items())
    said = [
        message("{period}: publications loaded: {count}", period=period, count=count)
        for period, count in counts
    ]
    nothing = [] if said or problems else [message("There is nothing new.")]
    document, wrong = [_publication_head(each) for each in taken], error if problems else None
    return Result([*said, *nothing], document, before=[store_line(place)], error=wrong)


def _existing_folders(filled: Filled) -> Sequence[Path]:
    """Return the folders. Raises Unacceptable if one does not exist."""
    folders = filled.paths("dir")
    for each in folders:
        if not each.is_dir():
            raise Unacceptable("There is no folder {folder}.", folder=each)
    return folders


def _publication_head(each: Published) -> dict[str, Any]:
    manifest = each.manifest
    return {
        "station": manifest.station.key,
        "name": manifest.station.name,
        "county": manifest.station.county,
        "period": manifest.days.code,
        "revision": manifest.revision,
        "digest": digest(manifest.figures),
    }


@command(
    *(STATED_PERIOD, _WAITING, STORE, _OF_COUNTY, EXIT_CODE),
    arguments=2,
    flags="json csv",
    asks=Questions((Asked("period"),), writes=False),
)
def show_arrivals(desk: Desk, filled: Filled) -> Result:
    """List stations that are missing, late, duplicate or broken, in the store and in folders."""
    place, days = store_of(desk, filled), read_county_period(desk, filled)
    places, county = publication_places(_existing_folders(filled)), filled.given("county", str)
    with stores.open_store(place) as duck:
        there = stores.stations_of_period(duck, FiguresRequest(days))
        altered = stores.altered_stations(duck, days)
        waiting, faults = _arrivals_in(duck, places, county) if places else ({}, [])
    found = [*_stations_held(desk, days, there, altered)]
    found += [_waiting_arrival(each) for each in waiting.values() if each.manifest.days == days]
    found += [_faulty_arrival(each) for each in faults if each.period in ("", days.code)]
    found.sort(key=lambda each: each.station)
    notes = [message("Hashes show that something was altered, not that a station told the truth.")]
    if not any(each.registered for each in there):
        notes.append(
            message(
                "Missing stations are not known until the list of stations is loaded: "
                "ledger12315 county stations load FILE"
            )
        )
    code = int("exit_code" in filled and any(each.state != "loaded" for each in found))
    rows = [each._asdict() for each in found]
    return answer_of_list(rows, _STATES, before=[store_line(place)], notes=notes, exit_code=code)


def _arrivals_in(
    duck: Duck, places: list[Path | Fault], county: str | None
) -> tuple[dict[int, Published], list[Fault]]:
    """Return the publications in folders that can be loaded, and the problems of the rest."""
    with TemporaryDirectory() as stage:
        return sort_arrivals(duck, places, county, Path(stage))


class _Arrival(NamedTuple):
    """A row of `county status`: a station's publication of a period, its `state` of ARRIVALS."""

    station: str
    key: str
    state: str
    revision: int | None = None
    submitted: date | None = None
    why: str = ""


def _waiting_arrival(each: Published) -> _Arrival:
    manifest = each.manifest
    whose = manifest.station.name, manifest.station.key
    return _Arrival(*whose, "waiting", manifest.revision, manifest.submitted)


def _faulty_arrival(each: Fault) -> _Arrival:
    return _Arrival(each.station, "", each.state, why=render(each.why))


def _stations_held(
    desk: Desk, days: Period, there: Sequence[StationOfPeriod], altered: Container[str]
) -> Iterator[_Arrival]:
    """Yield each station stored or expected: loaded, missing, late, altered and so on."""
    due = station_due_dates(desk, days, county_settings(desk, days.last)).station
    for each in there:
        state = "loaded"
        if each.submitted is None:
            state = "missing"
        elif not each.counts:  # or its annual return has another reading of the year
            expected = each.registered or not any(one.registered for one in there)
            state = "other" if expected else "unregistered"
        elif each.station in altered:
            state = "unlike"
        elif each.submitted > due:
            state = "late"
        why = ""
        if state == "other":
            why = render(message("its year ends on {day}", day=each.last))
        elif each.follows:
            why = render(message("it follows {stations}", stations=each.follows))
        yield _Arrival(each.name, each.station, state, each.revision, each.submitted, why)


@command(_TARGET, STORE, arguments=1)
def export_store(desk: Desk, filled: Filled) -> Result:
    """Export the store as Parquet, one folder for each period."""
    place, folder = store_of(desk, filled), filled.path("dir")
    if folder.exists():
        raise Refused("{path} already exists. Choose a new folder.", path=folder)
    with stores.open_store(place) as duck:
        names = stores.export_parquet(duck, folder)
    if not names:
        raise Refused(
            "{path} has no publications. Load them first: ledger12315 county load DIR", path=place
        )
    said = message("Periods written: {count}, into {path}", count=len(names), path=folder)
    return Result([said], before=[store_line(place)])
