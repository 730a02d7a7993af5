"""A county's store: of each period a file for each table, sorted by station, and the manifests."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from ledger12315.errors import Unacceptable, Unusable, message
from ledger12315.published.arriving import Fault, altered, fault_of, found_in, newest
from ledger12315.published.engine import engine, quoted, written
from ledger12315.published.manifest import NAME
from ledger12315.published.reading import Published, read
from ledger12315.published.results import by_unit
from ledger12315.published.taking_in import taken_in, unlike
from ledger12315.rules.counting import of_facts
from ledger12315.rules.county import summed
from ledger12315.rules.measures import Figures
from ledger12315.rules.publishing import FACTS, digest

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MANIFESTS = "manifests"
_MEGABYTES = 700


def loaded(store: Path, period: str) -> list[Published]:
    """Return what is loaded of a period, a publication of each station. Raises Unacceptable."""
    return [read(each) for each in sorted((store / period / _MANIFESTS).glob("*"))]


def arrived(
    store: Path, folders: Sequence[Path], county: str | None
) -> tuple[list[Published], list[Fault]]:
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


def keep(
    store: Path, publications: Sequence[Published], dry: bool = False
) -> tuple[list[Published], list[Fault]]:
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


def _of_same_days(
    publications: Sequence[Published], known: Sequence[Published]
) -> tuple[list[Published], list[Fault]]:
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
    with written(target):
        store.mkdir(parents=True, exist_ok=True)
        fresh = Path(mkdtemp(prefix=".", suffix=".part", dir=store))
        old = fresh.with_suffix(".old")
        try:
            for table in FACTS:
                _write(duck, table, target, fresh, keys)
            _copy(store, period, fresh, sound)
            fresh.chmod(0o755)
            if target.exists():
                target.rename(old)
            fresh.rename(target)
        finally:
            for left in (fresh, old):
                rmtree(left, ignore_errors=True)


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


def _copy(store: Path, period: str, fresh: Path, sound: Sequence[Published]) -> None:
    """Put the manifests beside the files, of stations that are not replaced too."""
    last = {each.manifest.station.key: each for each in (*loaded(store, period), *sound)}
    (fresh / _MANIFESTS).mkdir()
    for key, each in last.items():
        home = fresh / _MANIFESTS / key
        home.mkdir()
        (home / NAME).write_bytes((each.folder / NAME).read_bytes())


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
            raise Unusable(
                "The store {folder} is damaged. Load what the stations published once more:"
                " ledger12315 county load DIR --store NEW",
                folder=store,
            ) from error


def figures_loaded(
    store: Path, publications: Sequence[Published], by: str = ""
) -> Mapping[str, Figures]:
    """Return the figures of what is loaded of a period, by station, county or of all.

    Raises Unusable where they are not those that the stations' manifests tell.
    """
    period = publications[0].manifest.days
    with _opened(store, period.code) as duck:
        found = by_unit(duck.execute(of_facts(period, by)))
    told = summed(each.manifest.figures for each in publications)
    if digest(summed(found.values())) != digest(told):
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
