"""What a station published of a period before, by its ledger and by the folder."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ledger12315.errors import Refused, Unusable
from ledger12315.ledger import publication
from ledger12315.ledger.publication import Edition
from ledger12315.ledger.returns.frozen import Frozen
from ledger12315.ledger.station import station
from ledger12315.ledger.store import Ledger
from ledger12315.published.arriving import is_intact
from ledger12315.published.continuing import revisions_to_follow
from ledger12315.published.manifest import Manifest, Publisher, parse_manifest


class PublishedBefore(NamedTuple):
    """The publications of a return in its folder `home`, and the ledger's editions by number.

    The `chain` is to be continued: each revision, and whether the ledger lost it. `stale` places
    have revisions of the ledger that are not in it.
    """

    of: Frozen
    whose: Publisher
    home: Path
    editions: Mapping[int, Edition]
    chain: Sequence[tuple[Manifest, bool]]
    stale: Sequence[Path]

    def place(self, revision: int) -> Path:
        """Return a revision's folder. Raises Unusable for a link."""
        return _own_place(self.home, str(revision))

    def instead(self, revision: int) -> str | None:
        """Return the identity of the ledger's revision with this number, if it has one."""
        edition = self.editions.get(revision)
        return edition.identity if edition else None


def published_before(ledger: Ledger, folder: Path, of: Frozen) -> PublishedBefore:
    """Return the publications of a return. Raises Unusable for a link, and Refused."""
    whose, code = Publisher(*station(ledger)), of.period.code
    home = _own_place(folder, whose.key, code)
    editions = {each.revision: each for each in publication.editions(ledger, code)}
    known = {key: parse_manifest(json.loads(each.manifest)) for key, each in editions.items()}
    replaced = publication.replaced_identities(ledger)
    chain = revisions_to_follow(home, (whose.key, code), known, replaced)
    left = [each for each in known.values() if (each, False) not in chain]
    places = [(_own_place(home, str(each.revision)), each) for each in left]
    stale = [place for place, each in places if is_intact(place, each)]
    return PublishedBefore(of, whose, home, editions, chain, stale)


def demand_free_place(place: Path, instead: str | None) -> None:
    """Raise Refused for a place of a new revision that has another, which the county may have."""
    if place.exists() and instead is None:
        raise Refused(
            "{path} is no sound publication, and this ledger does not know it. Put the whole "
            "folder that was handed in back, or remove {path}, and publish again.",
            path=place,
        )


def _own_place(folder: Path, *parts: str) -> Path:
    """Return a place in the folder. Raises Unusable for a link out of it."""
    place = folder.joinpath(*parts)
    if place.resolve() != folder.resolve().joinpath(*parts):
        raise Unusable(
            "{path} is a link to another place, and links are not followed. Remove the link.",
            path=place,
        )
    return place
