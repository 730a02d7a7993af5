"""Checking publications against a county's registry, names and chain of revisions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from ledger12315.errors import Unacceptable
from ledger12315.published.arriving import Fault, Published, found_at, places_in
from ledger12315.published.engine import Duck, written
from ledger12315.published.store import FiguresAsked, add, open_store, stations_of_period
from ledger12315.published.taking_in import Numbered, taken_in
from ledger12315.rules.periods import Period
from ledger12315.rules.registry import Reason, StationNamed, strangers, unchained


def loaded(
    store: Path, folders: Sequence[Path], county: str | None, day: date
) -> tuple[list[Published], list[Fault]]:
    """Load what is new and sound in folders into a store; return it, and the problems.

    It is one transaction. Raises Unusable, and Unacceptable where there is nothing at all.
    """
    places = places_told(folders)
    with open_store(store, writes=True) as duck, written(store) as stage:
        sound, faults = arrived(duck, places, county, stage)
        if sound:
            add(duck, sound, day, stage)
    return [*sound.values()], faults


def places_told(folders: Sequence[Path]) -> list[Path | Fault]:
    """Return the places of publications in folders. Raises Unacceptable where there is none."""
    found = [place for folder in folders for place in places_in(folder)]
    if folders and not found:
        raise Unacceptable("There is no publication in {folders}.", folders=folders)
    return found


def arrived(
    duck: Duck, places: Iterable[Path | Fault], county: str | None, stage: Path
) -> tuple[Numbered, list[Fault]]:
    """Return what is new and sound, with its facts copied into `stage`, and the problems."""
    manifests = set()
    chains: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    query = "SELECT manifest, station, period, revision, identity FROM publication"
    for manifest, *whose, revision, identity in duck.execute(query).fetchall():
        manifests.add(manifest)
        chains[tuple(whose)][revision] = identity
    found = [each if isinstance(each, Fault) else found_at(each, manifests) for each in places]
    new = [each for each in found if isinstance(each, Published)]
    new.sort(key=lambda each: each.manifest.revision)  # after the one that it follows
    wrong = _unexpected(duck, new, county or "")
    expected = [each for each in new if each.whose not in wrong]
    sound, faults = taken_in(duck, expected, stage) if expected else ({}, [])
    faults += [each for each in found if isinstance(each, Fault)]
    faults += [each.fault(*wrong[each.whose]) for each in new if each.whose in wrong]
    for number, each in [*sound.items()]:
        told, chain = each.manifest, chains[each.whose]
        if chain.get(told.revision) == told.identity:  # handed in twice, or by another stick
            del sound[number]
        elif why := unchained(told.previous, told.revision, chain):
            faults.append(sound.pop(number).fault(*why))
        else:
            chain[told.revision] = told.identity
    return sound, faults


def _unexpected(
    duck: Duck, came: Iterable[Published], county: str
) -> dict[tuple[str, str], Reason]:
    """Return the publications that registry or names refuse, with their periods."""
    periods: dict[Period, list[StationNamed]] = defaultdict(list)
    for each in came:
        periods[each.manifest.days].append(each.manifest.station[:3])
    has_registry = duck.execute("FROM registry LIMIT 1").fetchone()
    found: dict[tuple[str, str], Reason] = {}
    for days, those in periods.items():
        there = stations_of_period(duck, FiguresAsked(days))
        registered = {each.station for each in there if each.registered} if has_registry else None
        wrong = strangers(those, [each[:3] for each in there], registered, county)
        found |= {(key, days.code): why for key, why in wrong.items()}
    return found
