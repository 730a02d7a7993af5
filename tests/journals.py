"""Journals that SQLite would apply: one left by a crash, and prepared ones."""

import os
import sqlite3
from functools import cache
from pathlib import Path
from struct import pack
from tempfile import TemporaryDirectory

MAGIC = bytes.fromhex("d9d505f920a163d7")
PAGE, _SECTOR = 4096, 512


def beginning(pages: int = 1, page: int = PAGE, records: int = 0) -> bytes:
    """Return the header of a journal, for a file with this number and size of pages."""
    return (MAGIC + pack(">5I", records, 0, pages, _SECTOR, page)).ljust(_SECTOR, b"\0")


def naming(victim: Path, begins: bytes = beginning()) -> bytes:
    """Return a journal with a file as its super-journal, which SQLite would delete."""
    name = os.fsencode(victim.resolve())
    checksum = sum(byte - 256 * (byte > 127) for byte in name) % 2**32  # of signed characters
    return begins + name + pack(">2I", len(name), checksum) + MAGIC


def half_written(path: Path) -> None:
    """Leave a ledger as after a crash: some pages new, and a journal with the old ones."""
    torn, old = _half_written(path.read_bytes())
    path.write_bytes(torn)
    Path(f"{path}-journal").write_bytes(old)


@cache
def _half_written(content: bytes) -> tuple[bytes, bytes]:
    """Return the file and its journal, in which no path stands."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "ledger.sqlite")
        path.write_bytes(content)
        clerk = sqlite3.connect(path, isolation_level=None)
        clerk.execute("PRAGMA cache_size = 2")  # pages go to the file before the commit
        clerk.execute("BEGIN IMMEDIATE")
        clerk.execute("INSERT INTO act (at, user, command) VALUES ('', '', '')")
        long = "INSERT INTO disclosure (entered, user, command) VALUES ('', '', ?)"
        clerk.executemany(long, [("x" * 1000,)] * 300)
        left = path.read_bytes(), Path(f"{path}-journal").read_bytes()
        clerk.close()
        return left
