"""Connections kept open between commands, since SQLite reads the schema for each new one.

A connection is used again only if it behaves like a new one: the file is the same one, its schema
too, and all pages are read anew.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import current_thread, main_thread
from types import SimpleNamespace
from typing import Any, ClassVar, NamedTuple

import pytest

from ledger12315.ledger.store import explaining, opening

_connect = opening.connect
_SCHEMA = "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master"


class _File(NamedTuple):
    """A ledger's file, and the number by which SQLite sees whether the schema is the same."""

    inode: int
    schema: bytes


class _Lent(sqlite3.Connection):
    """A connection whose `close` returns it to the shelf."""

    shelf: "Shelf | None" = None
    mode: str
    left: _File
    schema: list[Any]

    def close(self) -> None:
        if self.shelf is None or not self.shelf.takes(self):
            self.shelf = None
            super().close()


def _lent(*how: Any, **more: Any) -> sqlite3.Connection:
    return sqlite3.connect(*how, **more, factory=_Lent)


class Shelf:
    """The unused connections to one file, by mode."""

    every: ClassVar[list["Shelf"]] = []

    def __init__(self, path: Path) -> None:
        self.path = path
        self.every.append(self)
        self.free: dict[str, _Lent] = {}

    def serve(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the program open its ledger through this shelf, from any thread."""
        monkeypatch.setattr(opening, "sqlite3", SimpleNamespace(connect=_lent, Row=sqlite3.Row))
        monkeypatch.setattr(opening, "connect", self.connect)

    def connect(self, path: Path, mode: str) -> sqlite3.Connection:
        """Return a connection of `opening.connect`, new or kept."""
        alike = mode in ("ro", "rw") and current_thread() is main_thread()
        if not alike or path.resolve() != self.path:
            return _connect(path, mode)
        lent = self.free.pop(mode, None)
        if lent and self._as_new(lent):
            waits = f"PRAGMA busy_timeout = {1000 * explaining.BUSY_SECONDS:.0f}"
            for pragma in (*opening.PRAGMAS, waits):
                lent.execute(pragma)
            return lent
        if lent:
            lent.shelf = None
            lent.close()
        return self._opened(path, mode)

    def _opened(self, path: Path, mode: str) -> sqlite3.Connection:
        lent = _connect(path, mode)
        assert isinstance(lent, _Lent)
        lent.mode, lent.left = mode, self._there()
        try:
            lent.schema = lent.execute(_SCHEMA).fetchall()
        except sqlite3.DatabaseError:
            return lent
        lent.shelf = self
        return lent

    def _as_new(self, lent: _Lent) -> bool:
        if lent.left != self._there():
            return False
        # Drops the pages it holds: another file's bytes may have taken the place of the old ones.
        lent.execute("PRAGMA shrink_memory")
        with suppress(sqlite3.DatabaseError):
            return bool(lent.execute(_SCHEMA).fetchall() == lent.schema)
        return False

    def takes(self, lent: _Lent) -> bool:
        """Return whether a closed connection is kept; it must be like a new one."""
        if self.free.get(lent.mode) is lent:
            return True  # it was closed already
        there = self._there()
        traces = lent.in_transaction or current_thread() is not main_thread()
        if traces or lent.mode in self.free or there.schema != lent.left.schema:
            return False
        if lent.execute("SELECT 1 FROM sqlite_temp_master").fetchone():
            return False
        lent.row_factory, lent.left = None, there
        self.free[lent.mode] = lent
        return True

    def clear(self) -> None:
        """Close all connections."""
        while self.free:
            _, lent = self.free.popitem()
            lent.shelf = None
            lent.close()

    def _there(self) -> _File:
        try:
            with self.path.open("rb", buffering=0) as file:
                return _File(os.fstat(file.fileno()).st_ino, file.read(44)[40:])
        except OSError:
            return _File(0, b"")


@contextmanager
def kept_open(path: Path) -> Iterator[None]:
    """Keep connections to a ledger open inside the block."""
    shelf = Shelf(path.resolve())
    with pytest.MonkeyPatch.context() as patch:
        shelf.serve(patch)
        yield
    shelf.clear()
    Shelf.every.remove(shelf)
