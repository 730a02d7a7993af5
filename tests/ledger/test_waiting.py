"""Waiting for a ledger: BUSY_SECONDS for a whole act, however much it writes."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest

from ledger12315.errors import Message, Unusable
from ledger12315.ledger.audit import backup
from ledger12315.ledger.audit.backup import back_up, restore
from ledger12315.ledger.store import explaining
from ledger12315.ledger.store.opening import reading, reduce_wait, writing
from ledger12315.locale import render
from tests.rows import table

PATIENCE = 0.2  # seconds
# Waiting for each of hundreds of pages would take a minute.
LONG = 20


@pytest.fixture
def other(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Another program with the ledger open."""
    monkeypatch.setattr(explaining, "BUSY_SECONDS", PATIENCE)
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as connection:
        yield connection


def read(other: sqlite3.Connection) -> None:
    other.execute("BEGIN")
    other.execute("SELECT name FROM station").fetchall()


def long_act(path: Path) -> None:
    with writing(path, "sql") as ledger:
        ledger.execute("PRAGMA cache_size = 1")  # pages go to the file before the end
        texts = (("x" * 3000,) for _ in range(400))
        ledger.executemany(
            "INSERT INTO disclosure (entered, user, command) VALUES ('', '', ?)", texts
        )


def test_a_long_act_waits_for_a_reader_once(path: Path, other: sqlite3.Connection) -> None:
    before = path.read_bytes()
    read(other)
    began = monotonic()
    with pytest.raises(Unusable, match="was in use"):
        long_act(path)
    assert monotonic() - began < LONG
    assert path.read_bytes() == before
    other.execute("COMMIT")
    long_act(path)


def test_a_restore_gives_up_where_a_reader_stays(path: Path, other: sqlite3.Connection) -> None:
    copy = path.with_name("copy.sqlite")
    back_up(path, copy)
    before = path.read_bytes()
    read(other)
    began = monotonic()
    with pytest.raises(Unusable) as refused:
        restore(copy, path)
    assert monotonic() - began < LONG
    assert render(refused.value.message) == (
        f"The ledger {path} was in use by another program for 0 seconds. Close whatever has it "
        "open (this program in another window, a database browser, a copy or backup in "
        "progress) and try again."
    )
    assert path.read_bytes() == before
    assert not [*path.parent.glob("*.replaced-*")]
    # Nothing is held any longer.
    other.execute("COMMIT")
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    assert restore(copy, path)


def test_a_restore_that_breaks_off_leaves_no_copy(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_PAGES", 1)
    error = sqlite3.OperationalError("database or disk is full")

    def fail(work: Message, *_: int) -> None:
        if work.id == "Putting it in place":
            raise error

    copy = path.with_name("copy.sqlite")
    back_up(path, copy)
    before = path.read_bytes()
    for name, said in (("FULL", "is full"), ("READONLY_DBMOVED", "was just replaced by another")):
        error.sqlite_errorname = f"SQLITE_{name}"
        with pytest.raises(Unusable, match=said):
            restore(copy, path, tell=fail)
        assert path.read_bytes() == before
        assert not [*path.parent.glob("*.replaced-*")]


def test_who_has_it_open_in_wal_is_waited_for(path: Path, other: sqlite3.Connection) -> None:
    other.execute("PRAGMA journal_mode = WAL")
    read(other)
    began = monotonic()
    with pytest.raises(Unusable, match="was in use"), reading(path):
        pass
    assert PATIENCE < monotonic() - began < LONG
    other.execute("COMMIT")
    other.close()
    with reading(path) as ledger:
        assert ledger.execute("SELECT name FROM station").fetchone()[0] == "东门所"


def test_what_took_time_before_is_not_waited_for_again(path: Path) -> None:
    with reading(path) as ledger:
        ledger.execute("PRAGMA busy_timeout = 30000")
        reduce_wait(ledger, monotonic() - 20)
        [left] = ledger.execute("PRAGMA busy_timeout").fetchone()
    assert 5_000 < left <= 10_000


@table("""
    lock
    IMMEDIATE
    EXCLUSIVE
""")
def test_whoever_writes_is_waited_for_no_longer(
    lock: str, path: Path, other: sqlite3.Connection
) -> None:
    copy = path.with_name("copy.sqlite")
    back_up(path, copy)
    other.execute(f"BEGIN {lock}")
    with pytest.raises(Unusable, match="was in use"):
        long_act(path)
    with pytest.raises(Unusable, match="was in use"):
        restore(copy, path)


def test_a_reader_that_has_begun_is_in_nobodys_way_to_read(
    path: Path, other: sqlite3.Connection
) -> None:
    with reading(path) as ledger:
        other.execute("BEGIN IMMEDIATE")
        assert ledger.execute("SELECT name FROM station").fetchone()[0] == "东门所"
