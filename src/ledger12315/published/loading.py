"""Checks of publications against a county's registry, names and chain of revisions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from ledger12315.errors import Unacceptable
from ledger12315.published.arriving import (
    Fault,
    PublicationKey,
    Published,
    publication_folders,
    read_publication,
)
from ledger12315.published.engine import Duck, new_folder_beside
from ledger12315.published.store import (
    FiguresRequest,
    add_publications,
    open_store,
    stations_of_period,
)
from ledger12315.published.taking_in import Numbered, take_in_facts
from ledger12315.rules.registry import Reason, chain_break, refused_stations

_Chains = defaultdict[PublicationKey, dict[int, str]]
"""Identities of revisions by their number, of each station and period."""


def load_publications(
    store: Path, folders: Sequence[Path], county: str | None, day: date
) -> tuple[list[Published], list[Fault]]:
    """Load the new and sound publications of folders into a store; return them, and the problems.

    It is one transaction. Raises Unusable, and Unacceptable if the folders have none.
    """
    places = publication_places(folders)
    with open_store(store, writes=True) as duck, new_folder_beside(store, alone=True) as stage:
        sound, faults = sort_arrivals(duck, places, county, stage)
        if sound:
            add_publications(duck, sound, day, stage)
    return [*sound.values()], faults


def publication_places(folders: Sequence[Path]) -> list[Path | Fault]:
    """Return the places of publications in folders. Raises Unacceptable if there are none."""
    found = [place for folder in folders for place in publication_folders(folder)]
    if folders and not found:
        raise Unacceptable("There is no publication in {folders}.", folders=folders)
    return found


def sort_arrivals(
    duck: Duck, places: Iterable[Path | Fault], county: str | None, stage: Path
) -> tuple[Numbered, list[Fault]]:
    """Return new and sound publications, their facts copied to `stage`, and the problems."""
    manifests, chains = _held_revisions(duck)
    found = [
        each if isinstance(each, Fault) else read_publication(each, manifests) for each in places
    ]
    unread = [each for each in found if isinstance(each, Fault)]
    new = [each for each in found if isinstance(each, Published)]
    new.sort(key=lambda each: each.manifest.revision)  # each after its predecessor
    wrong = _not_expected(duck, new, county or "")
    refused = [each.fault(*wrong[each.whose]) for each in new if each.whose in wrong]
    expected = [each for each in new if each.whose not in wrong]
    sound, unsound = take_in_facts(duck, expected, stage) if expected else ({}, [])
    loose = [*_take_out_unchained(sound, chains)]
    return sound, [*unsound, *unread, *refused, *loose]


def _held_revisions(duck: Duck) -> tuple[set[str], _Chains]:
    """Return the hashes of the manifests that a store has, and their chains."""
    manifests, chains = set[str](), _Chains(dict)
    query = "SELECT manifest, station, period, revision, identity FROM publication"
    for manifest, *whose, revision, identity in duck.execute(query).fetchall():
        manifests.add(manifest)
        chains[tuple(whose)][revision] = identity
    return manifests, chains


def _take_out_unchained(sound: Numbered, chains: _Chains) -> Iterator[Fault]:
    """Yield the problem of each revision that does not continue its chain, and remove it."""
    for number, each in [*sound.items()]:
        manifest, chain = each.manifest, chains[each.whose]
        if chain.get(manifest.revision) == manifest.identity:  # handed in twice
            del sound[number]
        elif why := chain_break(manifest.previous, manifest.revision, chain):
            yield sound.pop(number).fault(*why)
        else:
            chain[manifest.revision] = manifest.identity


def _not_expected(
    duck: Duck, came: Sequence[Published], county: str
) -> dict[PublicationKey, Reason]:
    """Return the reason for each publication that the registry or its names refuse."""
    has_registry = duck.execute("FROM registry LIMIT 1").fetchone()
    found = dict[PublicationKey, Reason]()
    for days in {each.manifest.days for each in came}:
        those = [each.manifest.station[:3] for each in came if each.manifest.days == days]
        there = stations_of_period(duck, FiguresRequest(days))
        registered = {each.station for each in there if each.registered} if has_registry else None
        wrong = refused_stations(those, [each[:3] for each in there], registered, county)
        found |= {(key, days.code): why for key, why in wrong.items()}
    return found
