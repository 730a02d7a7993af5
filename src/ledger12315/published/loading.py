"""What came, held against what a county has: the registry, names, the chain of revisions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

from ledger12315.errors import Unacceptable
from ledger12315.published.arriving import Fault, Published, found_in
from ledger12315.published.engine import writing_to
from ledger12315.published.store import Asked, add, opened, stations
from ledger12315.published.taking_in import Numbered, taken_in
from ledger12315.rules.periods import Period
from ledger12315.rules.registry import namesakes, unchained, unfit

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def loaded(
    store: Path, folders: Sequence[Path], county: str | None, day: date
) -> tuple[list[Published], list[Fault]]:
    """Put what is new and sound in folders into a store; return it, and what is wrong.

    It is one transaction. Raises Unusable, and Unacceptable where there is nothing at all.
    """
    with opened(store, writes=True) as duck:
        # Nobody else loads now: what lies there is of a load that was killed.
        stage = store.with_name(f".{store.name}.part")
        rmtree(stage, ignore_errors=True)
        with writing_to(store):
            stage.mkdir()
            try:
                sound, faults = arrived(duck, folders, county, stage)
                if sound:
                    add(duck, sound, day)
            finally:
                rmtree(stage, ignore_errors=True)
    return [*sound.values()], faults


def arrived(
    duck: "DuckDBPyConnection", folders: Sequence[Path], county: str | None, stage: Path
) -> tuple[Numbered, list[Fault]]:
    """Return what is new and sound in folders, its facts laid out in `stage`, and what is wrong.

    Raises Unacceptable where there is nothing at all.
    """
    manifests: dict[str, str] = {}
    chains: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    query = "SELECT manifest, station, period, revision, identity FROM publication"
    for manifest, station, period, revision, identity in duck.execute(query).fetchall():
        manifests[manifest] = chains[station, period][revision] = identity
    found = [*found_in(folders, manifests)]
    if folders and not found:
        raise Unacceptable("There is no publication in {folders}.", folders=folders)

    def is_known(each: Published) -> bool:
        return chains[each.whose].get(each.manifest.revision) == each.manifest.identity

    faults = [each for each in found if isinstance(each, Fault)]
    came = [each for each in found if isinstance(each, Published) and not is_known(each)]
    # Each comes after the one that it follows.
    came.sort(key=lambda each: each.manifest.revision)
    expected, unexpected = _by_registry(duck, came, county)
    sound, wrong = taken_in(duck, expected, stage)
    faults += [*unexpected, *wrong]
    for number, each in [*sound.items()]:
        told, chain = each.manifest, chains[each.whose]
        if is_known(each):  # it was handed in twice
            del sound[number]
        elif why := unchained(told.previous, told.revision, chain):
            faults.append(sound.pop(number).fault(*why))
        else:
            chain[told.revision] = told.identity
    return sound, faults


def _by_registry(
    duck: "DuckDBPyConnection", came: Iterable[Published], county: str | None
) -> tuple[list[Published], list[Fault]]:
    """Return what is of expected stations, and what is of others or of namesakes."""
    expected, faults = [], []
    periods: dict[Period, list[Published]] = defaultdict(list)
    for each in came:
        periods[each.manifest.days].append(each)
    has_registry = duck.execute("FROM registry LIMIT 1").fetchone()
    for days, those in periods.items():
        there = stations(duck, Asked(days))
        registered = {each.station for each in there if each.registered}
        named = [*(each[:3] for each in there), *(each.manifest.station[:3] for each in those)]
        alike = {*namesakes(named)} - {each.station for each in there}
        for each in those:
            known = registered if has_registry else None
            if why := unfit(each.manifest.station, county, known, alike):
                faults.append(each.fault(*why))
            else:
                expected.append(each)
    return expected, faults
