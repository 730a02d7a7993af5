"""Several processes with one ledger: makers, clerks, a reader with a writer, a killed one."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypeAlias
from unittest.mock import patch

import pytest

from ledger12315.cli.app import run
from ledger12315.errors import Refused
from ledger12315.ledger.store import making, migrating, opening
from ledger12315.ledger.store.opening import reading, writing
from ledger12315.ledger.store.versions import STEPS
from tests.building import built
from tests.rows import table

Line: TypeAlias = "Connection[Any, Any]"


def name(path: Path) -> str:
    with reading(path) as ledger:
        return str(ledger.execute("SELECT name FROM station").fetchone()[0])


@contextmanager
def process(does: Callable[..., None], *given: object) -> Iterator[tuple[Process, Line]]:
    """Start a process that does this, and exchanges messages with the test."""
    ours, its = Pipe()
    child = Process(target=does, args=(its, *given), daemon=True)
    child.start()
    its.close()  # so that the end of the process ends the test, too
    try:
        yield child, ours
    finally:
        child.kill()
        child.join()


def _make(line: Line, station: str, empty: bytes) -> None:
    """Make the ledgers at the paths that come; all steps were run before: two meet closely."""

    def connect(path: Path, mode: str) -> sqlite3.Connection:
        path.write_bytes(empty)
        return opening.connect(path, mode)

    with patch.multiple(making, connect=connect, run_steps_to=lambda *_: None):
        while True:
            try:
                making.create(line.recv(), station, "榕溪县", None, {})
                line.send("made")
            except Refused:
                line.send("refused")


@pytest.mark.slow
def test_of_two_that_make_the_same_ledger_one_wins(tmp_path: Path) -> None:
    empty = migrating.ledger_of_version(max(STEPS)).serialize()
    with process(_make, "甲", empty) as (_, one), process(_make, "乙", empty) as (_, other):
        for number in range(5):
            path = tmp_path / f"{number}.sqlite"
            one.send(path)
            other.send(path)
            answers = {one.recv(): "甲", other.recv(): "乙"}
            assert sorted(answers) == ["made", "refused"]
            assert name(path) == answers["made"]
    assert len(list(tmp_path.glob("*"))) == len(list(tmp_path.glob("*.sqlite"))) == 5


def test_a_reader_sees_one_moment(path: Path) -> None:
    written = Event()

    def write() -> None:
        with writing(path) as ledger:
            ledger.execute("UPDATE station SET name = '西门所'")
            written.set()  # and now the commit waits for the reader

    writer = Thread(target=write)
    query = "SELECT name FROM station"
    with reading(path) as ledger:
        before = ledger.execute(query).fetchone()[0]
        writer.start()
        assert written.wait(10)
        assert ledger.execute(query).fetchone()[0] == before == "东门所"
    writer.join()
    assert name(path) == "西门所"


def _log(line: Line, path: Path, item: str) -> None:
    line.recv()
    for number in range(8):
        words = ["--complainant", "张三", "--item", item, "--facts", str(number)]
        with redirect_stdout(StringIO()) as printed:
            assert run(["--db", str(path), "log", "P001", "--kind", "goods", *words]) == 0
        line.send(printed.getvalue().split()[0])


@pytest.mark.slow
def test_two_clerks_at_once_get_all_their_numbers(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER12315_TODAY", "2026-09-28")
    with built("register 百货 --type other --since 2026-01-05") as ledger:
        path.write_bytes(ledger.serialize())
    with process(_log, path, "鞋") as (_, one), process(_log, path, "帽") as (_, other):
        for each in (one, other):
            each.send("go")
        numbers = sorted(each.recv() for each in (one, other) for _ in range(8))
    assert numbers == [f"2026-{number:04}" for number in range(1, 17)]
    with reading(path) as ledger:
        rows = ledger.execute("SELECT number, item, facts FROM complaint ORDER BY id").fetchall()
    assert [row["number"] for row in rows] == numbers
    texts = sorted((row["item"], int(row["facts"])) for row in rows)
    assert texts == [(item, n) for item in "帽鞋" for n in range(8)]


def _write(line: Line, path: Path, how: str) -> None:
    with writing(path) as ledger:
        if how == "spilt":
            # Pages go to the file before the commit, as in a large import.
            ledger.execute("PRAGMA cache_size = 2")
        for number in range(1, 300):
            ledger.execute("UPDATE station SET name = ?", ("西门所" * number,))
        line.send("written")
        line.recv()


@pytest.mark.slow
@table("""
    how
    kept
    spilt
""")
@pytest.mark.parametrize("next_to_open", [reading, writing])
def test_a_process_that_is_killed_leaves_the_ledger_as_it_was(
    path: Path, how: str, next_to_open: Callable[[Path], Any]
) -> None:
    before = path.read_bytes()
    with process(_write, path, how) as (child, line):
        assert line.recv() == "written"
        child.kill()
        child.join()
    assert path.with_name("ledger.sqlite-journal").exists()
    assert (path.read_bytes() == before) is (how == "kept")
    with next_to_open(path) as ledger:
        assert ledger.execute("SELECT name FROM station").fetchone()[0] == "东门所"
        assert path.read_bytes() == before
