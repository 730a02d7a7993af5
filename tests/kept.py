"""Connections kept open between commands, since SQLite reads the schema for each new one.

A connection is used again only if it behaves like a new one: the file is the same one, its schema
too, and all pages are read anew. Of DuckDB, which takes long to start, one opens all files.
"""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from os import unlink
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest

from ledger12315.county import store
from ledger12315.errors import Message
from ledger12315.facts import writing
from ledger12315.facts.engine import MEMORY, Duck, open_engine, sql_literal
from ledger12315.ledger.audit import backup, check
from ledger12315.ledger.store import opening
from ledger12315.ledger.store.versions import STEPS, fingerprint

_SCHEMA = """
    SELECT CAST(group_concat(concat(rootpage, sql) ORDER BY name) AS BLOB) FROM sqlite_master"""
_SET_BACK = (
    "PRAGMA query_only = OFF",
    "PRAGMA cache_size = -2000",
    "PRAGMA ignore_check_constraints = OFF",
)
"""What somebody sets, as it is by itself."""
_WAIT = "PRAGMA busy_timeout"
_SET_BY_OPENING = {each.partition(" = ")[0] for each in (*opening.PRAGMAS, *_SET_BACK)} | {
    _WAIT,
    "PRAGMA schema_version",
}
_TEMPORARY = "CREATE TEMP TABLE IF NOT EXISTS "
_LAID_OUT = {"due_day", "sent", "office"}
_MOST = 16  # connections
_CONNECT = sqlite3.connect
_BINARY = getattr(os, "O_BINARY", 0)


class _File(NamedTuple):
    """A ledger's file, and what SQLite changes in its first page with each transaction."""

    inode: int
    written: int
    size: int
    header: bytes

    @property
    def cookie(self) -> bytes:
        """The number by which SQLite sees whether the schema is the same."""
        return self.header[40:44]


class _Lent(sqlite3.Connection):
    """A connection whose `close` returns it to the shelf."""

    shelf: "Shelf | None" = None
    uri: str
    left: _File
    schema: int

    def __init__(self, *how: Any, **more: Any) -> None:
        super().__init__(*how, **more)
        self.settings: dict[str, str] = {}
        self.fingerprints: dict[bytes, str] = {}
        self.emptied = set[str]()
        """Temporary tables that are as good as dropped until they are made again."""

    def execute(self, sql: str, /, *values: Any) -> sqlite3.Cursor:
        """Run a statement; a setting of each opening that holds already is skipped.

        SQLite would prepare all statements anew after some of them.
        """
        if sql[:7] == "PRAGMA " and " = " in sql:
            name = sql.partition(" = ")[0]
            if self.settings.get(name) == sql and (sql in opening.PRAGMAS or name == _WAIT):
                return self.cursor()
            self.settings[name] = sql
        elif self.emptied:
            self.emptied -= {each for each in self.emptied if sql.startswith(_TEMPORARY + each)}
            if missing := [each for each in self.emptied if f"JOIN {each} ON" in sql]:
                raise sqlite3.OperationalError(f"no such table: {missing[0]}")
        return super().execute(sql, *values)

    def rollback(self) -> None:
        """End the transaction; after a rollback SQLite would read the schema anew."""
        if self.shelf and self.uri.endswith("=ro"):
            self.commit()
        else:
            super().rollback()

    def close(self) -> None:
        if self.shelf is None or not self.shelf.takes(self):
            self.discard()

    def discard(self) -> None:
        """Close the connection for good."""
        self.shelf = None
        super().close()


class Shelf:
    """The unused connections to ledgers; a connection's URI says its mode too."""

    def __init__(self) -> None:
        self.free: list[_Lent] = []
        self.schemas: dict[_File, int] = {}
        self.process = os.getpid()

    def serve(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the program open its ledgers through this shelf, from any thread."""
        library = SimpleNamespace(**{**vars(sqlite3), "connect": self.connect})
        monkeypatch.setattr(opening, "sqlite3", library)
        monkeypatch.setattr(opening, "fingerprint", _known_fingerprint)

    def connect(self, uri: str, /, **how: Any) -> sqlite3.Connection:
        """Return a connection of `sqlite3.connect`, new or kept."""
        known = uri.endswith(("?mode=ro", "?mode=rw")) and sqlite3.connect is _CONNECT
        if not known or self._forked():
            opened: sqlite3.Connection = sqlite3.connect(uri, **how)
            return opened
        for lent in [each for each in self.free if each.uri == uri]:
            with suppress(ValueError):  # another thread was faster
                self.free.remove(lent)
                if self._as_new(lent):
                    lent.execute(f"{_WAIT} = {1000 * how['timeout']:.0f}")
                    return lent
                lent.discard()
        return self._opened(uri, **how)

    def _forked(self) -> bool:
        return os.getpid() != self.process

    def _opened(self, uri: str, /, **how: Any) -> sqlite3.Connection:
        lent = sqlite3.connect(uri, **how, factory=_Lent, check_same_thread=False)
        lent.uri, lent.left = uri, _there(uri)
        try:
            lent.schema = hash(lent.execute(_SCHEMA).fetchone())
        except sqlite3.DatabaseError:
            return lent
        lent.shelf = self
        return lent

    def _as_new(self, lent: _Lent) -> bool:
        there = _there(lent.uri)
        if (lent.left.inode, lent.left.cookie) != (there.inode, there.cookie):
            return False
        # Drops the pages it holds: another file's bytes may have taken the place of the old ones.
        lent.execute("PRAGMA shrink_memory")
        if there not in self.schemas:
            with suppress(sqlite3.DatabaseError):
                self.schemas[there] = hash(lent.execute(_SCHEMA).fetchone())
        return bool(self.schemas.get(there) == lent.schema)

    def takes(self, lent: _Lent) -> bool:
        """Return whether a closed connection is kept; it must be like a new one."""
        if lent in self.free:
            return True  # it was closed already
        there = _there(lent.uri)
        traces = lent.in_transaction or self._forked()
        if traces or there.cookie != lent.left.cookie:
            return False
        lent.row_factory, lent.left = None, there
        lent.set_progress_handler(None, 0)
        for each in _SET_BACK:
            # SQLite prepares all statements anew after each of these, even if it changes nothing.
            if lent.settings.get(each.partition(" = ")[0], each) != each:
                lent.execute(each)
        if {*lent.settings} - _SET_BY_OPENING:
            return False
        self.schemas[there] = lent.schema
        query = "SELECT type, name FROM sqlite_temp_master WHERE sql IS NOT NULL"
        try:
            for kind, name in lent.execute(query).fetchall():
                # Where a table is dropped, SQLite prepares all statements anew.
                if name in _LAID_OUT:
                    lent.execute(f"DELETE FROM temp.{name}")
                    lent.emptied.add(name)
                else:
                    lent.execute(f"DROP {kind} IF EXISTS temp.{name}")
        except sqlite3.OperationalError:  # a query of it was not read to its end
            return False
        self.free.append(lent)
        if len(self.free) > _MOST:
            self.free.pop(0).discard()
        return True

    def clear(self, inode: int | None = None) -> None:
        """Close all connections, or those to one file."""
        for lent in [each for each in self.free if inode in (None, each.left.inode)]:
            with suppress(ValueError):  # another thread was faster
                self.free.remove(lent)
                lent.discard()


def _known_fingerprint(ledger: sqlite3.Connection) -> str:
    """Return the schema's fingerprint; `_as_new` has just compared the schema of a kept one."""
    if not isinstance(ledger, _Lent) or ledger.shelf is None:
        return fingerprint(ledger)
    cookie = _there(ledger.uri).cookie
    if cookie not in ledger.fingerprints:
        ledger.fingerprints[cookie] = fingerprint(ledger)
    return ledger.fingerprints[cookie]


def _there(uri: str) -> _File:
    try:
        opened = os.open(unquote(uri[len("file:") : -len("?mode=rw")]), os.O_RDONLY | _BINARY)
    except OSError:
        return _File(0, 0, 0, b"")
    try:
        known = os.fstat(opened)
        return _File(known.st_ino, known.st_mtime_ns, known.st_size, os.read(opened, 100))
    finally:
        os.close(opened)


@contextmanager
def kept_place(name: str, within: Path | None = None) -> Iterator[Path]:
    """Yield the name of a folder, in which the file of this name is to be the same one each time.

    The other name of the file is beside the folder.
    """
    with TemporaryDirectory(dir=within) as place:
        folder = Path(place).resolve() / "here"
        _other_name(folder / name).touch()
        yield folder


def write_kept(path: Path, content: bytes) -> None:
    """Write a file; a new one in a `kept_place` is the same each time, also for connections."""
    kept = _other_name(path.absolute())
    with suppress(OSError):  # there is none, or a stick takes neither modes nor links
        # With two names the file of before is still there.
        if kept.stat().st_nlink == 1 and not path.exists():
            kept.chmod(0o644)
            path.hardlink_to(kept)
    # What is emptied first takes new pages of memory.
    with path.open("r+b" if path.exists() else "wb") as file:
        file.write(content)
        file.truncate()


def _other_name(path: Path) -> Path:
    return path.parent.with_name(f"{path.parent.name}-{path.name}")


def empty(folder: Path) -> None:
    """Remove all that is in a folder, whatever its mode; connections to it stay open."""
    if sys.platform == "win32":  # which removes no file that is open
        close_kept()
    with suppress(PermissionError):
        for place, _, _ in os.walk(folder):
            os.chmod(place, 0o700)  # noqa: PTH101 names of any bytes
    for each in os.scandir(folder):
        if each.is_dir(follow_symlinks=False):
            shutil.rmtree(each)
        else:
            unlink(each)  # noqa: PTH108 a name of any bytes


_SHELVES: list[Shelf] = []
_NUMBERS = count()


def close_kept(inode: int | None = None) -> None:
    """Close all connections that are kept, or those to one file."""
    for shelf in _SHELVES:
        shelf.clear(inode)


@cache
def _started(_process: int) -> Duck:
    duck = open_engine(700)
    duck.execute("SET threads = 1")  # of rows so few others would only be woken
    return duck


@contextmanager
def _attached(_megabytes: int, file: str | Path = MEMORY, writes: bool = True) -> Iterator[Duck]:
    """Yield a connection to a file, as `open_engine` returns; the DuckDB is one for all."""
    name, before = f"file{next(_NUMBERS)}", _as_left(file)
    mode = "" if writes or file == MEMORY else " (READ_ONLY)"
    with _started(os.getpid()).cursor() as duck:
        duck.execute(f"ATTACH {sql_literal(file)} AS {name}{mode}; USE {name}")
        try:
            yield duck
        finally:
            duck.execute(f"USE memory; DETACH {name}; DETACH DATABASE IF EXISTS store")
            if before in _LOOKED_AT and (left := _as_left(file)) != before:
                _LOOKED_AT[left] = False


# Stores that this process has looked at, as it left them, or their content: whether they are of an
# earlier schema. None is one that was not there yet.
_LOOKED_AT: dict[tuple[int, ...] | None, bool] = {None: False}
_demand_own_tables = store._demand_own_tables


def _as_left(file: str | Path) -> tuple[int, ...] | None:
    with suppress(FileNotFoundError):
        known = Path(file).stat()
        return vars(store)["SCHEMA"], known.st_ino, known.st_mtime_ns, known.st_size
    return None


def _demand_once(duck: Duck, place: Path) -> bool:
    """Look at a store unless this process has seen it as it is: DuckDB lists all its functions."""
    left = _as_left(place)
    if left not in _LOOKED_AT:
        try:
            content = vars(store)["SCHEMA"], hash(place.read_bytes())
        except PermissionError:  # Windows shares no file that is written to
            return _demand_own_tables(duck, place)
        if content not in _LOOKED_AT:
            _LOOKED_AT[content] = _demand_own_tables(duck, place)
        _LOOKED_AT[left] = _LOOKED_AT[content]
    return _LOOKED_AT[left]


def _check_once(path: Path, *how: Any) -> list[Message]:
    """Return the problems of a backup; one that this program found sound before has none."""
    known = hash(path.read_bytes()), *STEPS
    if known in _CHECKED:
        return []
    if not (problems := check.ledger_problems(path, *how)):
        _CHECKED.add(known)
    return problems


_CHECKED = set[tuple[int, ...]]()


def write_reached(file: Path, state: str, make: Callable[[], object]) -> None:
    """Write the store of a state, which a function makes there once, and then is copied."""
    if state not in _REACHED:
        make()
        _REACHED[state] = file.read_bytes()
    file.write_bytes(_REACHED[state])
    _LOOKED_AT[_as_left(file)] = False


_REACHED: dict[str, bytes] = {}


@contextmanager
def kept_open() -> Iterator[None]:
    """Keep the connections that are opened inside the block."""
    shelf = Shelf()
    _SHELVES.append(shelf)
    with pytest.MonkeyPatch.context() as patch:
        shelf.serve(patch)
        for each in (store, writing):
            patch.setattr(each, "open_engine", _attached)
        patch.setattr(store, "_demand_own_tables", _demand_once)
        patch.setattr(backup, "ledger_problems", _check_once)
        yield
    _SHELVES.remove(shelf)
    shelf.clear()
