"""Publications as they come to a county: found in folders, and none believed unchecked."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ledger12315.errors import LedgerError, Message, message, reason
from ledger12315.published.manifest import NAME, hash_of
from ledger12315.published.reading import Newer, Published, read

_DEEPEST = 4
"""So many folders deep a publication may lie in what is handed in: station, period, revision."""


class Fault(NamedTuple):
    """What keeps a publication out: one of ARRIVALS, and of which station, as far as is known."""

    state: str
    station: str
    period: str
    why: Message


Looked = tuple[list[Published], list[Fault]]
"""What is well, and what is wrong with the others."""


def found_in(folders: Iterable[Path]) -> Looked:
    """Return the publications in folders, and what is wrong with others; no link is followed."""
    publications: list[Published] = []
    faults: list[Fault] = []
    for folder in folders:
        for place in _places(folder, _DEEPEST):
            if isinstance(place, Message):
                faults.append(Fault("broken", "", "", place))
                continue
            try:
                publications.append(read(place))
            except LedgerError as wrong:
                state = "newer" if isinstance(wrong, Newer) else "broken"
                station = wrong.message.values.get("station", "")
                faults.append(Fault(state, str(station), "", wrong.message))
    return publications, faults


def _places(folder: Path, deepest: int) -> Iterator[Path | Message]:
    """Yield each folder with a manifest, and what is said of what is not opened."""
    try:
        named = _entries(folder)
    except OSError as error:
        why = reason(error, reads=True)
        yield message("{path} cannot be read: {reason}.", path=folder, reason=why)
        return
    for name, entry in sorted(named.items()):
        if entry.is_symlink():
            yield message("{path} is a link, and none is followed", path=folder / name)
        elif entry.is_file():
            yield folder
        elif name == NAME:
            yield message("{path} is not a file", path=folder / name)
        elif deepest and entry.is_dir() and not name.startswith(".") and NAME not in named:
            yield from _places(folder / name, deepest - 1)


def _entries(folder: Path) -> dict[str, os.DirEntry[str]]:
    """Return a folder's manifest and all that is no file; there may be a million other files."""
    with os.scandir(folder) as entries:
        return {each.name: each for each in entries if each.name == NAME or not each.is_file()}


def newest(
    publications: Iterable[Published], known: Iterable[Published], county: str | None
) -> Looked:
    """Return of each station and period the last revision that is new, and what does not fit."""
    before = {_whose(each): each for each in known}
    last: dict[tuple[str, str], Published] = {}
    faults: dict[tuple[str, str], Fault] = {}
    every = sorted({each.sha256: each for each in publications}.values(), key=_revision)
    for each in every:
        whose = _whose(each)
        other = last.get(whose) or before.get(whose)
        if why := _unfit(each, other, county):
            faults[whose] = fault_of(each, *why)
        elif other is None or _revision(other) < _revision(each):
            last[whose] = each
    return [each for whose, each in last.items() if whose not in faults], [*faults.values()]


def _whose(each: Published) -> tuple[str, str]:
    return each.manifest.station.key, each.manifest.period


def _revision(each: Published) -> int:
    return each.manifest.revision


def _unfit(
    each: Published, other: Published | None, county: str | None
) -> tuple[str, Message] | None:
    """Return why a publication cannot stand beside the one before, if it cannot."""
    told = each.manifest
    if county and told.station.county != county:
        return "other", message("it is of {county}", county=told.station.county)
    if other is None or other.sha256 == each.sha256:
        return None
    values = {"revision": told.revision, "other": other.folder}
    if other.manifest.station != told.station:
        return "twice", message("its ledger's key is that of another station in {other}", **values)
    if other.manifest.revision == told.revision:
        return "twice", message("revision {revision} is another one in {other}", **values)
    if other.manifest.revision + 1 == told.revision and told.previous != other.sha256:
        return "broken", message("revision {revision} does not follow from {other}", **values)
    return None


def fault_of(each: Published, state: str, why: Message) -> Fault:
    """Return what is wrong with a publication, told with its station and folder."""
    told = each.manifest
    said = message(
        "{folder}: {station}: {problem}",
        folder=each.folder,
        station=told.station.name,
        problem=why,
    )
    return Fault(state, told.station.name, told.period, said)


def altered(each: Published) -> Fault | None:
    """Return which of its files is not as the manifest says, if one is not."""
    for table, told in each.manifest.files.items():
        file = each.folder / f"{table}.parquet"
        if file.is_symlink():
            why = message("{path} is a link, and none is followed", path=file.name)
            return fault_of(each, "broken", why)
        try:
            same = file.is_file() and file.stat().st_size == told.bytes
            same = same and hash_of(file) == told.sha256
        except OSError:
            same = False
        if not same:
            why = message("{file} is missing, cut off or altered", file=file.name)
            return fault_of(each, "broken", why)
    return None
