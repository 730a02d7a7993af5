"""`county load`, `status` and `query`: what stations published, taken in, looked over, asked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from ledger12315.boxes.kinds import DAY, OneWord
from ledger12315.cli.face.answers import Column, Part, Result, Table
from ledger12315.cli.face.command import command
from ledger12315.cli.face.county import Expected, expected_names, known_terms, station_dates
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.figures import STAR, rates3, rows3, rows6, table3, table6
from ledger12315.cli.face.options import ExitCode
from ledger12315.errors import Message, Refused, Unacceptable, Unclear, message
from ledger12315.locale import render
from ledger12315.published import store as stores
from ledger12315.published.engine import demand_engine
from ledger12315.published.reading import Published
from ledger12315.rules.counting import of_facts
from ledger12315.rules.county import absent, summed
from ledger12315.rules.hiding import Cell, hidden
from ledger12315.rules.measures import ATTACHMENT3, TOTAL, Figures
from ledger12315.rules.periods import Period, parse_period
from ledger12315.rules.publishing import digest
from ledger12315.rules.rates import Rate, rates_by
from ledger12315.words import ARRIVALS, UNITS

_Folders = Annotated[
    list[Path],
    typer.Argument(metavar="DIR...", help="folders of what stations published"),
]
_MoreFolders = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[DIR...]", help="folders that are to be loaded, looked over too"),
]
_Store = Annotated[
    Path | None,
    typer.Option("--store", metavar="FOLDER", help="the county's store [beside the ledger]"),
]
_County = Annotated[
    str | None, typer.Option("--county", metavar="NAME", help="take this county's stations only")
]
_Period = Annotated[str, typer.Argument(metavar="PERIOD", help="a quarter or an annual return")]
_STATES = (
    Column("station", "工商所", "station"),
    Column("state", "状态", "state", OneWord(ARRIVALS)),
    Column("revision", "版次", "revision", right=True),
    Column("submitted", "报送日期", "submitted", DAY),
    Column("why", "说明", "why", narrow=True),
)


def _store(desk: Desk, folder: Path | None) -> Path:
    return folder or desk.path.parent / "county"


@command(takes="json")
def load_published(
    desk: Desk, folders: _Folders, store: _Store = None, county: _County = None
) -> Result:
    """Take in what stations published, once it is checked."""
    demand_engine()
    place = _store(desk, store)
    sound, faults = stores.arrived(place, _demand_folders(folders), county)
    taken, more = stores.keep(place, sound)
    problems = [each.why for each in (*faults, *more)]
    error = None
    if problems:
        error = Unacceptable("These publications are not loaded.", *problems)
    said = [_counted(period, count) for period, count in _by_period(taken)]
    if desk.form == "json":
        rows = [_about(each) for each in taken]
        return Result(document=rows, error=error)
    nothing = [] if said or error else [message("There is nothing new.")]
    return Result([*said, *nothing], error=error)


def _demand_folders(folders: Sequence[Path]) -> Sequence[Path]:
    """Return the folders. Raises Unacceptable if one is none."""
    for each in folders:
        if not each.is_dir():
            raise Unacceptable("There is no folder {folder}.", folder=each)
    return folders


def _by_period(taken: Sequence[Published]) -> list[tuple[str, int]]:
    return sorted(Counter(each.manifest.period for each in taken).items())


def _counted(period: str, count: int) -> Message:
    return message("{period}: stations loaded: {count}", period=period, count=count)


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
    period: _Period,
    folders: _MoreFolders = None,
    store: _Store = None,
    expect: Expected = None,
    county: _County = None,
    exit_code: ExitCode = False,
) -> Result:
    """Who is missing, late, there twice or broken, in the store and in folders."""
    demand_engine()
    place, read = _store(desk, store), parse_period(period)
    known = stores.loaded(place, read.code)
    arrived, faults = stores.arrived(place, _demand_folders(folders or ()), county)
    waiting, more = stores.keep(place, arrived, dry=True)
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
    found = any(row["state"] != "loaded" for row in rows)
    code = int(exit_code and found)
    return Result((Table(rows, _STATES),), notes=notes, exit_code=code)


_NEITHER = {"revision": None, "submitted": None}


def _row(each: Published, state: str, why: str = "") -> dict[str, Any]:
    told = each.manifest
    return {
        "station": told.station.name,
        "state": state,
        "revision": told.revision,
        "submitted": told.submitted,
        "why": why,
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


@command(takes="json")
def query_published(
    desk: Desk,
    what: Annotated[str, typer.Argument(metavar="rollup", help="what is asked: rollup")],
    form: Annotated[str, typer.Argument(metavar="3|6", help="Attachment 3 or 6")],
    period: _Period,
    by: Annotated[
        str, typer.Option("--by", metavar="WORD", help="by station, county or type")
    ] = "type",
    sql: Annotated[bool, typer.Option("--sql", help="print the query instead")] = False,
    internal: Annotated[
        bool, typer.Option("--internal", help="show numbers below 5 too: for nobody outside")
    ] = False,
    store: _Store = None,
) -> Result:
    """Figures of Attachment 3 or 6 of what is loaded, by station, county or type."""
    unit, read = _unit(what, form, by), parse_period(period)
    if sql:
        text = of_facts(read, unit)
        return Result(text.splitlines(), document={"sql": text})
    demand_engine()
    place = _store(desk, store)
    known = stores.loaded(place, read.code)
    if not known:
        raise Refused(
            "Nothing is loaded of {period}. Load it first: ledger12315 county load DIR",
            period=read.code,
        )
    chosen, _ = known_terms(desk, read.last)
    asked = _Query(form, unit, known, rates_by(chosen), internal)
    found = stores.figures_loaded(place, known, unit)
    if desk.form == "json":
        return Result(document=asked.document(found))
    parts = [part for key, each in found.items() for part in asked.shown(desk, key, each)]
    star = message("* stands for a number below 5, or for one that would give it away.")
    return Result(parts, notes=[] if internal else [star])


def _unit(what: str, form: str, by: str) -> str:
    """Return the unit of a query, empty for type. Raises Unclear."""
    unit = UNITS.find(by)
    if unit is None:
        raise Unclear("--by takes one of {words}.", words=UNITS)
    if what not in ("rollup", "汇总") or form not in ("3", "6"):
        raise Unclear("Ask for rollup 3 or rollup 6.")
    return "" if unit.code == "type" else unit.code


class _Query(NamedTuple):
    """What is asked of a period: the form, by which unit, of whom, and whether all is shown."""

    form: str
    unit: str
    known: Sequence[Published]
    rates: tuple[Rate, ...]
    internal: bool

    def shown(self, desk: Desk, key: str, figures: Figures) -> Iterator[Part]:
        """Yield a unit's name and figures for people."""
        names = {each.manifest.station.key: each.manifest.station.name for each in self.known}
        if self.unit:
            yield names.get(key, key)
        draw = table3 if self.form == "3" else table6
        yield draw(figures, self.rates, desk.form == "table", self._hidden(figures))

    def document(self, found: Mapping[str, Figures]) -> dict[str, Any]:
        """Return all units as JSON: as `rollup`, where there is one."""
        days = self.known[0].manifest.days
        head = {
            "form": int(self.form),
            "period": days.code,
            "from": days.first,
            "to": days.last,
            "stations": len(self.known),
            # Of a few small numbers the digest would tell which.
            "digest": digest(summed(found.values())) if self.internal else None,
        }
        units = [{self.unit: key} | self._rows(figures) for key, figures in found.items()]
        if self.unit:
            return head | {"by": self.unit, "units": units}
        return head | self._rows(summed(found.values()))

    def _rows(self, figures: Figures) -> dict[str, Any]:
        few = self._hidden(figures)
        if self.form == "6":
            return {"rows": _plain(rows6(figures, self.rates, hidden=few))}
        rows = rows3(figures, self.rates, ATTACHMENT3, hidden=few)
        shown = [
            each
            for each in self.rates
            if all((key, TOTAL) not in few for key in (*each.numerator, each.denominator))
        ]
        return {"rows": _plain(rows), "rates": rates3(figures, shown)}

    def _hidden(self, figures: Figures) -> set[Cell]:
        return set() if self.internal else hidden(figures)


def _plain(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows for JSON, where null stands for what is hidden."""
    return [{key: None if cell == STAR else cell for key, cell in row.items()} for row in rows]
