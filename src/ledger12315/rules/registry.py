"""The county's registry: the expected stations, with first and last day. 三(五)7"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from ledger12315.errors import Message, message


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
                " see: `ledger info`",
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
