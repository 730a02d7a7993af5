"""The chain that a station continues: what its folder holds, also if its ledger lost it.

A ledger that was restored from a backup does not know what was published after the backup, but
counties may have loaded it.
"""

from collections.abc import Collection, Mapping
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger12315.errors import Refused
from ledger12315.published.arriving import (
    PublicationKey,
    Published,
    publication_folders,
    read_publication,
)
from ledger12315.published.engine import explain_disk_errors, open_engine
from ledger12315.published.manifest import Manifest
from ledger12315.published.taking_in import make_fact_tables, take_in_facts

_MEGABYTES = 700


def revisions_to_follow(
    home: Path,
    whose: PublicationKey,
    known: Mapping[int, Manifest],
    replaced: Collection[str],
) -> list[tuple[Manifest, bool]]:
    """Return a period's revisions, each after the one it follows, and whether its ledger lost it.

    `known` are those of the ledger, `home` is the period's folder. A sound revision that only the
    folder has takes the place of the ledger's, but for those that were `replaced` themselves, by
    their identities. Raises Refused if it follows no other.
    """
    lost = {
        revision: each
        for revision, each in _unknown_revisions(home, whose, known).items()
        if each.identity not in replaced
    }
    chain = list[Manifest]()
    for revision in count(1):
        last = chain[-1].identity if chain else None
        there = (lost.get(revision), known.get(revision))
        found = next((each for each in there if each and each.previous == last), None)
        if not found:
            break
        chain.append(found)
    identities = {each.revision: each.identity for each in chain}
    for revision, each in sorted(lost.items()):
        if identities.get(revision) != each.identity:
            raise Refused(
                "{path} does not follow the revision before it, and this ledger does not know "
                "it. Put the whole folder that was handed in back, or remove {path}, and "
                "publish again.",
                path=home / str(revision),
            )
    return [(each, each is lost.get(each.revision)) for each in chain]


def _unknown_revisions(
    home: Path, whose: PublicationKey, known: Mapping[int, Manifest]
) -> dict[int, Manifest]:
    """Return the revisions in a folder that a county would load, without the known ones.

    What was altered, belongs to another station or is a link is left out.
    """
    places = [each for each in publication_folders(home) if isinstance(each, Path)]
    found = [
        each
        for each in map(read_publication, places)
        if isinstance(each, Published) and _is_unknown(each, home, whose, known)
    ]
    if not found:
        return {}
    with (
        TemporaryDirectory() as stage,
        open_engine(_MEGABYTES) as duck,
        explain_disk_errors(home),
    ):
        make_fact_tables(duck)
        sound, _ = take_in_facts(duck, found, Path(stage))
    return {each.manifest.revision: each.manifest for each in sound.values()}


def _is_unknown(
    found: Published, home: Path, whose: PublicationKey, known: Mapping[int, Manifest]
) -> bool:
    """Return whether a publication is in its own place, and the ledger has another one there."""
    manifest, was = found.manifest, known.get(found.manifest.revision)
    if found.folder != home / str(manifest.revision) or found.whose != whose:
        return False
    return not was or (was.identity, was.previous) != (manifest.identity, manifest.previous)
