"""Publications as they come to a county: found in folders, and none believed unchecked."""

import os
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ledger12315.errors import Message, Unacceptable, Unclear, message, reason
from ledger12315.published.manifest import NAME, File, Manifest, hash_of, parsed
from ledger12315.rules.publishing import FACTS, SCHEMA
from ledger12315.sheets.incoming.small import json_object

_DEEPEST = 4
"""So many folders deep a publication may lie in what is handed in: station, period, revision."""
_MOST_BYTES, _MOST_ROWS, _FEW_ROWS = 100_000_000, 1_000_000, 100_000
"""Of a table's file. Above a few, each row takes a byte: rows that are alike take none."""
_EXAMPLE = f'{{"profile": "data-package", "schema": {SCHEMA}}}'


class Fault(NamedTuple):
    """What keeps a publication out: one of ARRIVALS, and of which station, as far as is known."""

    state: str
    station: str
    period: str
    why: Message


class Published(NamedTuple):
    """A publication: its folder, what its manifest tells, and the manifest's hash."""

    folder: Path
    manifest: Manifest
    hash: str

    @property
    def whose(self) -> tuple[str, str]:
        """The station's key, and the period."""
        return self.manifest.station.key, self.manifest.days.code

    @property
    def identity(self) -> str:
        """What its rows are known by."""
        return self.manifest.identity

    def fault(self, state: str, why: Message) -> Fault:
        """Return what is wrong with it, told with its station and folder."""
        name = self.manifest.station.name
        values = {"folder": self.folder, "station": name, "problem": why}
        said = message("{folder}: {station}: {problem}", **values)
        return Fault(state, name, self.manifest.days.code, said)


def found_in(folders: Iterable[Path], known: Container[str]) -> Iterator[Published | Fault | None]:
    """Yield the publications in folders, None for known manifests, and what is wrong.

    No link is followed.
    """
    for folder in folders:
        for place in _places(folder):
            yield place if isinstance(place, Fault) else _read(place, known)


def _places(folder: Path) -> Iterator[Path | Fault]:
    """Yield each folder with a manifest, and what is not opened."""
    unread: list[OSError] = []
    for home, inner, files in os.walk(folder, onerror=unread.append):
        place, whole = Path(home), NAME in (*inner, *files)
        links = [name for name in (*inner, NAME) if (place / name).is_symlink()]
        for name in links:
            yield _broken(message("{path} is a link, and none is followed", path=place / name))
        if whole and NAME not in links:
            yield place
        deeper = not whole and len(place.relative_to(folder).parts) < _DEEPEST
        inner[:] = [name for name in sorted(inner) if deeper and not name.startswith(".")]
    yield from (_broken(_unread(Path(error.filename), error)) for error in unread)


def _broken(why: Message, station: str = "", state: str = "broken") -> Fault:
    return Fault(state, station, "", why)


def _unread(path: Path, error: OSError) -> Message:
    why = reason(error, reads=True)
    return message("{path} cannot be read: {reason}.", path=path, reason=why)


def _read(folder: Path, known: Container[str] = ()) -> Published | Fault | None:
    """Return a publication that is not known yet, or why it is none of this program's."""
    file = folder / NAME
    try:
        hash_ = hash_of(file.read_bytes())
        told = {} if hash_ in known else json_object(file, _EXAMPLE)
    except OSError as error:
        return _broken(_unread(file, error))
    except Unacceptable as wrong:
        return _broken(wrong.message)
    if hash_ in known:
        return None
    schema, station = told.get("schema"), told.get("station")
    name = str(station.get("name"))[:200] if isinstance(station, dict) else "?"
    values = {"file": file, "station": name, "schema": schema, "known": SCHEMA}
    if type(schema) is int and schema != SCHEMA:
        said = message(
            "{file}: {station}: its schema is {schema}, and {known} is known here. Install the"
            " newer program where the older one is, and publish again.",
            **values,
        )
        return _broken(said, name, "newer" if schema > SCHEMA else "broken")
    try:
        manifest = parsed(told)
        if manifest.files.keys() != FACTS.keys():
            raise KeyError
        return Published(folder, manifest, hash_)
    except (AttributeError, KeyError, TypeError, ValueError, Unclear):
        said = message(
            "{file}: {station}: it is no manifest of a publication, or it was altered.", **values
        )
        return _broken(said, name)


def intact(folder: Path, told: Manifest) -> bool:
    """Return whether this publication lies in a folder, whatever bytes its rows are written as."""
    found = _read(folder)
    if not isinstance(found, Published) or found.manifest._replace(files=told.files) != told:
        return False
    contents = (content_of(folder, *each) for each in found.manifest.files.items())
    return not any(isinstance(each, Message) for each in contents)


def content_of(folder: Path, table: str, told: File) -> bytes | Message:
    """Return what is in a table's file, or why it is not as its manifest says."""
    file = folder / f"{table}.parquet"
    if told.bytes > _MOST_BYTES or told.rows > max(_FEW_ROWS, min(_MOST_ROWS, told.bytes)):
        return message("{file} is too large, or has too many rows for its size", file=file.name)
    if file.is_symlink():
        return message("{path} is a link, and none is followed", path=file.name)
    try:
        there = file.is_file() and file.stat().st_size == told.bytes
        content = file.read_bytes() if there else b""
    except OSError as error:
        return _unread(file, error)
    if hash_of(content) != told.hash:
        return message("{file} is missing, cut off or altered", file=file.name)
    return content
