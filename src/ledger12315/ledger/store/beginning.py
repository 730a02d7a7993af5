"""The first bytes of a file, in which SQLite tells what it is."""

from pathlib import Path
from struct import unpack
from typing import NamedTuple


class Beginning(NamedTuple):
    """What a file's first bytes tell; where it is not SQLite's, the rest says nothing.

    `ways` is the higher of its ways of writing and reading: 1, or 2 for WAL.
    """

    empty: bool
    sqlite: bool
    in_wal: bool
    ways: int
    version: int
    application: int


def beginning_of(path: Path) -> Beginning:
    """Return what a file's first bytes tell. Raises OSError."""
    with path.open("rb") as file:
        read = file.read(72)
    writes, reads, version, application = unpack(">18x2B40xI4xI", read.ljust(72, b"\0"))
    sqlite, in_wal = read.startswith(b"SQLite format 3\0"), writes == reads == 2
    return Beginning(not read, sqlite, in_wal, max(writes, reads), version, application)
