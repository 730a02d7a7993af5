"""A county's store: of each period a file for each table, sorted by station, and the manifests."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, NamedTuple

from ledger12315.errors import Unacceptable, Unusable, message
from ledger12315.published.arriving import Fault, Looked, altered, fault_of, found_in, newest
from ledger12315.published.engine import engine, quoted, written
from ledger12315.published.manifest import NAME
from ledger12315.published.reading import Newer, Published, read
from ledger12315.published.taking_in import by_unit, taken_in, unlike
from ledger12315.rules.counting import of_facts
from ledger12315.rules.county import summed
from ledger12315.rules.measures import Figures
from ledger12315.rules.periods import Period
from ledger12315.rules.publishing import FACTS, digest

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MANIFESTS, _SUMMARY = "manifests", "summary.json"
_MEGABYTES = 700


class LoadedPeriod(NamedTuple):
    """What the manifests of a period tell together, so that a query need not read them all.

    The names of the stations are by key.
    """

    days: Period
    names: Mapping[str, str]
    digest: str


def loaded(store: Path, period: str) -> list[Published]:
    """Return what is loaded of a period, a publication of each station. Raises Unusable, Newer."""
    try:
        return [read(each) for each in sorted((store / period / _MANIFESTS).glob("*"))]
    except Newer:
        raise
    except Unacceptable as error:
        raise _damaged(store) from error


def arrived(store: Path, folders: Sequence[Path], county: str | None) -> Looked:
    """Return what is new in folders, its files being as their manifests say, and what is wrong.

    Raises Unacceptable where there is nothing at all.
    """
    found, faults = found_in(folders)
    if folders and not (found or faults):
        raise Unacceptable("There is no publication in {folders}.", folders=folders)
    sound = []
    for period in sorted({each.manifest.period for each in found}):
        those = [each for each in found if each.manifest.period == period]
        new, unfit = newest(those, loaded(store, period), county)
        faults += unfit
        for each in new:
            if fault := altered(each):
                faults.append(fault)
            else:
                sound.append(each)
    return sound, faults


def add(store: Path, publications: Sequence[Published], dry: bool = False) -> Looked:
    """Put publications into the store, period by period; return whose, and what is wrong.

    A period's files are replaced as a whole; a `dry` run looks only. Raises Unusable.
    """
    taken: list[Published] = []
    faults: list[Fault] = []
    for period in sorted({each.manifest.period for each in publications}):
        those = [each for each in publications if each.manifest.period == period]
        alike, others = _of_same_days(those, loaded(store, period))
        with engine(_MEGABYTES) as duck:
            sound, wrong = taken_in(duck, alike)
            faults += [*others, *wrong]
            if sound and not dry:
                _replace(duck, store, period, sound)
        taken += sound
    return taken, faults


def _of_same_days(publications: Sequence[Published], known: Sequence[Published]) -> Looked:
    """Return which are of the same days as what came first, and the others."""
    days = [*known, *publications][0].manifest.days
    why = message("it covers other days of {period} than the others", period=days.code)
    others = [each for each in publications if each.manifest.days != days]
    alike = [each for each in publications if each.manifest.days == days]
    return alike, [fault_of(each, "other", why) for each in others]


def _replace(
    duck: "DuckDBPyConnection", store: Path, period: str, sound: Sequence[Published]
) -> None:
    target, keys = store / period, {each.manifest.station.key for each in sound}
    if before := loaded_period(store, period):
        figures_loaded(store, before)  # nothing is added to what was altered
    with written(target) as fresh:
        for table in FACTS:
            _write(duck, table, target, fresh, keys)
        put_manifests(fresh, [*loaded(store, period), *sound])
        old = fresh.with_suffix(".old")
        if target.exists():
            target.rename(old)
        fresh.rename(target)
        rmtree(old, ignore_errors=True)  # not before: it is all there is until then


def _write(
    duck: "DuckDBPyConnection", table: str, before: Path, fresh: Path, keys: set[str]
) -> None:
    """Write a table's file: what is new of these stations, and what stood there of others."""
    names = ", ".join(each.name for each in FACTS[table])
    parts = [f"SELECT {names} FROM {table}"]
    if before.exists():
        replaced = ", ".join(map(quoted, sorted(keys)))
        file = quoted(before / f"{table}.parquet")
        parts.append(f"SELECT {names} FROM read_parquet({file}) WHERE station NOT IN ({replaced})")
    duck.execute(
        f"COPY ({' UNION ALL '.join(parts)} ORDER BY station)"
        f" TO {quoted(fresh / f'{table}.parquet')} (FORMAT parquet, COMPRESSION zstd)"
    )


def put_manifests(fresh: Path, publications: Iterable[Published]) -> None:
    """Put the last manifest of each station beside the files, and what they tell together."""
    last = {each.manifest.station.key: each for each in publications}
    for key, each in last.items():
        home = fresh / _MANIFESTS / key
        home.mkdir(parents=True)
        (home / NAME).write_bytes((each.folder / NAME).read_bytes())
    manifests = [each.manifest for each in last.values()]
    told = {
        "from": manifests[0].first.isoformat(),
        "to": manifests[0].last.isoformat(),
        "names": {each.station.key: each.station.name for each in manifests},
        "digest": digest(summed(each.figures for each in manifests)),
    }
    (fresh / _SUMMARY).write_text(json.dumps(told), "utf-8")


def loaded_period(store: Path, period: str) -> LoadedPeriod | None:
    """Return what is loaded of a period, if anything is. Raises Unusable."""
    if not (store / period).exists():
        return None
    try:
        told = json.loads((store / period / _SUMMARY).read_bytes())
        first, last = map(date.fromisoformat, (told["from"], told["to"]))
        return LoadedPeriod(Period(period, first, last, ""), dict(told["names"]), told["digest"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(store) from error


def _damaged(store: Path) -> Unusable:
    return Unusable(
        "The store {folder} is damaged. Load what the stations published once more:"
        " ledger12315 county load DIR --store NEW",
        folder=store,
    )


@contextmanager
def _opened(store: Path, period: str) -> Iterator["DuckDBPyConnection"]:
    """Open a period's tables. Raises Unusable."""
    import duckdb

    with engine(_MEGABYTES) as duck:
        try:
            for table in FACTS:
                file = quoted(store / period / f"{table}.parquet")
                duck.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet({file})")
            yield duck
        except duckdb.Error as error:
            raise _damaged(store) from error


def figures_loaded(store: Path, whole: LoadedPeriod, by: str = "") -> Mapping[str, Figures]:
    """Return the figures of what is loaded of a period, by station, county or of all.

    Raises Unusable where they are not those that the stations' manifests told.
    """
    period = whole.days
    with _opened(store, period.code) as duck:
        found = by_unit(duck.execute(of_facts(period, by)))
    if digest(summed(found.values())) != whole.digest:
        raise Unusable(
            "The rows of {period} in the store {folder} do not give the figures of its manifests."
            " Load what the stations published once more: ledger12315 county load DIR --store NEW",
            period=period.code,
            folder=store,
        )
    return found


def altered_in(store: Path, publications: Sequence[Published]) -> set[str]:
    """Return the keys of stations whose rows in the store give other figures than they told."""
    with _opened(store, publications[0].manifest.period) as duck:
        return unlike(duck, publications)
