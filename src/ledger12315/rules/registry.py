"""The county's registry: which stations are expected, and from when until when. 三(五)7"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from ledger12315.boxes.names import compared
from ledger12315.errors import Message, message


class Entry(NamedTuple):
    """A station for some days: open at the side where no day is named.

    A name or county that changes is another entry of its key. `follows` are the keys of those
    whose work it goes on with: one that was split, several that were merged, a ledger made anew.
    """

    key: str
    name: str
    county: str
    code: str | None = None
    county_code: str | None = None
    since: date | None = None
    until: date | None = None
    follows: tuple[str, ...] = ()


def entry_problems(entries: Sequence[Entry]) -> Iterator[Message]:
    """Yield what keeps entries from being a registry, each with its station."""
    by_key: dict[str, list[Entry]] = {}
    for each in entries:
        by_key.setdefault(each.key, []).append(each)
        if not re.fullmatch("[0-9a-f]{32}", each.key):
            yield message(
                "{station}: {key} is not the key of a ledger, which has 32 digits from 0 to f;"
                " see: ledger12315 ledger info",
                station=each.name,
                key=each.key,
            )
        if each.since and each.until and each.until < each.since:
            yield message("{station}: it ends before it begins", station=each.name)
    for own in by_key.values():
        own.sort(key=_begins)
        for one, other in pairwise(own):
            if not one.until or one.until >= _begins(other):
                yield message("{station}: two lines are of the same days", station=other.name)
    for each in entries:
        yield from _unfollowed(each, by_key)


def _unfollowed(entry: Entry, by_key: dict[str, list[Entry]]) -> Iterator[Message]:
    """Yield which of the stations that an entry follows are not over when it begins."""
    for key in entry.follows:
        before = by_key.get(key, [])
        until = before[-1].until if before else None
        if not until or until >= _begins(entry):
            yield message(
                "{station}: it follows {key}, which is not listed with a last day before that",
                station=entry.name,
                key=key,
            )


def _begins(entry: Entry) -> date:
    return entry.since or date.min


def namesakes(stations: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Yield the keys of stations, each key, name and county, that another key's is called like."""
    keys: dict[tuple[str, str], set[str]] = {}
    for key, name, county in stations:
        keys.setdefault((compared(name), compared(county)), set()).add(key)
    for alike in keys.values():
        yield from alike if len(alike) > 1 else ()


def unfit(
    station: Sequence[str | None],
    county: str | None,
    registered: Collection[str] | None,
    alike: Collection[str],
) -> tuple[str, Message] | None:
    """Return why a station's publication is not taken, as one of ARRIVALS and a sentence.

    The station is its key, name and county. `registered` are the keys of a period's, or None
    without a registry, `alike` those of namesakes.
    """
    key, _, of = station[:3]
    if county and of != county:
        return "other", message("it is of {county}", county=of)
    if registered is not None and key not in registered:
        return "unregistered", message(
            "it is not registered for the period. If it should be, list it:"
            " ledger12315 county stations load FILE"
        )
    if registered is None and key in alike:
        return "twice", message(
            "another ledger's station has this name and county. List each with its key and days:"
            " ledger12315 county stations load FILE"
        )
    return None


def unchained(
    previous: str | None, revision: int, chain: Mapping[int, str]
) -> tuple[str, Message] | None:
    """Return why a revision does not follow from those that are known, by their identities."""
    last = max(chain, default=0)
    values = {"revision": revision, "last": last}
    if revision > last + 1:
        return "gap", message(
            "revision {revision} came, but none after {last}. The station must hand in its whole"
            " folder",
            **values,
        )
    if revision <= last:
        return "twice", message(
            "revision {revision} is another one than was loaded. Ask the station whether its"
            " ledger was restored from a backup",
            **values,
        )
    if previous != chain.get(last):
        return "twice", message(
            "revision {revision} follows another revision {last} than was loaded. Ask the station"
            " whether its ledger was restored from a backup",
            **values,
        )
    return None
