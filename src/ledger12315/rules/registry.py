"""The county's registry: the expected stations, with first and last day. 三(五)7"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from ledger12315.boxes.names import comparable_name
from ledger12315.errors import Message, message

StationNamed = tuple[str, str, str]
"""A station's key, name and county."""


class Reason(NamedTuple):
    """The reason for refusing a publication: one of ARRIVALS, and a sentence."""

    state: str
    why: Message


class RegistryEntry(NamedTuple):
    """A station for some days; a missing first or last day sets no limit.

    A changed name or county is another entry of its key. `follows` are the keys of the stations
    that it continues: one that was split, several that were merged, a ledger that was made again.
    """

    key: str
    name: str
    county: str
    code: str | None = None
    county_code: str | None = None
    since: date | None = None
    until: date | None = None
    follows: tuple[str, ...] = ()


def entry_problems(entries: Sequence[RegistryEntry]) -> Iterator[Message]:
    """Yield the errors of a registry's entries, each with its station."""
    by_key: dict[str, list[RegistryEntry]] = {}
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
                yield message("{station}: two lines have overlapping days", station=other.name)
    for each in entries:
        yield from _stations_not_over(each, by_key)


def _stations_not_over(
    entry: RegistryEntry, by_key: dict[str, list[RegistryEntry]]
) -> Iterator[Message]:
    """Yield the followed stations that are not over when an entry begins."""
    for key in entry.follows:
        before = by_key.get(key, [])
        until = before[-1].until if before else None
        if not until or until >= _begins(entry):
            yield message(
                "{station}: it follows {key}, which is not listed with an earlier last day",
                station=entry.name,
                key=key,
            )


def _begins(entry: RegistryEntry) -> date:
    return entry.since or date.min


def refused_stations(
    came: Iterable[StationNamed],
    there: Iterable[StationNamed],
    registered: Collection[str] | None,
    county: str,
) -> dict[str, Reason]:
    """Return the reason for refusing each station's publications, by key.

    `there` are the county's stations of the period so far, `registered` the keys of its registry,
    None without one; if `county` is given, only its stations are accepted.
    """
    those = {each[0]: each for each in came}
    held = {each[0]: each for each in there}
    alike = _namesakes((those | held).values())
    found = {}
    for key, _, of in those.values():
        if county and of != county:
            found[key] = Reason("other", message("it belongs to {county}", county=of))
        elif registered is not None and key not in registered:
            found[key] = Reason("unregistered", _UNREGISTERED)
        elif registered is None and key in alike - held.keys():
            found[key] = Reason("twice", _NAMESAKE)
    return found


def _namesakes(stations: Iterable[StationNamed]) -> set[str]:
    """Return the keys of stations that share a name and a county."""
    called: dict[tuple[str, str], set[str]] = {}
    for key, name, of in stations:
        called.setdefault((comparable_name(name), comparable_name(of)), set()).add(key)
    return {key for keys in called.values() if len(keys) > 1 for key in keys}


_UNREGISTERED = message(
    "it is not registered for the period. If it should be, list it:"
    " ledger12315 county stations load FILE"
)
_NAMESAKE = message(
    "another ledger's station has this name and county. List each with its key and days:"
    " ledger12315 county stations load FILE"
)


def chain_break(previous: str | None, revision: int, chain: Mapping[int, str]) -> Reason | None:
    """Return the reason why a revision does not follow the known ones, by their identities."""
    last = max(chain, default=0)
    values = {"revision": revision, "last": last}
    if revision > last + 1:
        why = message(
            "revision {revision} arrived, but the one after {last} is missing. The station "
            "must hand in its whole folder",
            **values,
        )
        return Reason("gap", why)
    if revision <= last:
        why = message(
            "revision {revision} differs from the one that was loaded. Ask the station whether "
            "its ledger was restored from a backup. If it was, the station puts the publication "
            "that was loaded into its folder, from the folder that you hand back or from an "
            "earlier one that somebody keeps, and runs again: ledger12315 publish DIR",
            **values,
        )
    elif previous != chain.get(last):
        why = message(
            "revision {revision} does not follow revision {last} as it was loaded. Ask the "
            "station whether its ledger was restored from a backup. If it was, the station puts "
            "the publication that was loaded into its folder, from the folder that you hand back "
            "or from an earlier one that somebody keeps, and runs again: ledger12315 publish DIR",
            **values,
        )
    else:
        return None
    return Reason("twice", why)
