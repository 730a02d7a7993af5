"""The header of an SQLite file."""

from pathlib import Path
from typing import NamedTuple


class Header(NamedTuple):
    """The header of a file; only an SQLite file gives the other fields a meaning.

    `format_version` is the higher of its versions for writing and reading: 1, or 2 for WAL.
    """

    empty: bool
    sqlite: bool
    in_wal: bool
    format_version: int
    version: int
    application: int


def header_of(path: Path) -> Header:
    """Return the header of a file. Raises OSError."""
    with path.open("rb") as file:
        read = file.read(72)
    writes, reads = read[18:19], read[19:20]
    version, application = int.from_bytes(read[60:64]), int.from_bytes(read[68:72])
    sqlite, in_wal = read.startswith(b"SQLite format 3\0"), writes == reads == b"\2"
    return Header(
        not read, sqlite, in_wal, int.from_bytes(max(writes, reads)), version, application
    )
