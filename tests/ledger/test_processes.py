"""Several processes with one ledger: makers, clerks, a reader with a writer, a killed one."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from ledger12315.ledger.store.opening import reading, writing
from tests.building import built


def name(path: Path) -> str:
    with reading(path) as ledger:
        return str(ledger.execute("SELECT name FROM station").fetchone()[0])


@contextmanager
def process(code: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Start another Python that exchanges lines with the test."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def tell(child: subprocess.Popen[str], line: object) -> None:
    assert child.stdin
    print(line, file=child.stdin, flush=True)


def told(child: subprocess.Popen[str]) -> str:
    assert child.stdout
    return child.stdout.readline().strip()


# All steps of the schema are run once by each process: two that only race meet more closely.
MAKER = """
import sys
from pathlib import Path
from ledger12315.errors import Refused
from ledger12315.ledger.store import making, migrating, opening

def connect(path, mode):
    path.write_bytes(empty)
    return opening.connect(path, mode)

empty = migrating.pattern(max(making.STEPS)).serialize()
making.connect, making.bring_to = connect, lambda *_: None
for line in sys.stdin:
    try:
        making.create(Path(line.strip()), sys.argv[1], "榕溪县", None, {})
        print("made", flush=True)
    except Refused:
        print("refused", flush=True)
"""


@pytest.mark.slow
def test_of_two_that_make_the_same_ledger_one_wins(tmp_path: Path) -> None:
    with process(MAKER, "甲") as one, process(MAKER, "乙") as other:
        for number in range(10):
            path = tmp_path / f"{number}.sqlite"
            tell(one, path)
            tell(other, path)
            answers = {told(one): "甲", told(other): "乙"}
            assert sorted(answers) == ["made", "refused"]
            assert name(path) == answers["made"]
    assert len(list(tmp_path.glob("*"))) == len(list(tmp_path.glob("*.sqlite"))) == 10


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


CLERK = """
import os, sys
from ledger12315.cli.app import run

sys.stdin.readline()
for number in range(12):
    words = ["--complainant", "张三", "--item", sys.argv[2], "--facts", str(number)]
    assert run(["--db", sys.argv[1], "log", "P001", "--kind", "goods", *words]) == 0
"""


@pytest.mark.slow
def test_two_clerks_at_once_get_all_their_numbers(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER12315_TODAY", "2026-09-28")
    with built("register 百货 --type other --since 2026-01-05") as ledger:
        path.write_bytes(ledger.serialize())
    with process(CLERK, path, "鞋") as one, process(CLERK, path, "帽") as other:
        for each in (one, other):
            tell(each, "go")
        lines = [line for each in (one, other) for line in each.communicate()[0].splitlines()]
    numbers = sorted(line.split()[0] for line in lines)
    assert numbers == [f"2026-{number:04}" for number in range(1, 25)]
    with reading(path) as ledger:
        rows = ledger.execute("SELECT number, item, facts FROM complaint ORDER BY id").fetchall()
    assert [row["number"] for row in rows] == numbers
    texts = sorted((row["item"], int(row["facts"])) for row in rows)
    assert texts == [(item, n) for item in "帽鞋" for n in range(12)]


KILLED = """
import sys
from pathlib import Path
from ledger12315.ledger.store.opening import writing

with writing(Path(sys.argv[1])) as ledger:
    if sys.argv[2] == "spilt":
        # Pages go to the file before the commit, as in a large import.
        ledger.execute("PRAGMA cache_size = 2")
    for number in range(1, 300):
        ledger.execute("UPDATE station SET name = ?", ("西门所" * number,))
    print("written", flush=True)
    sys.stdin.read()
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", ["kept", "spilt"])
@pytest.mark.parametrize("next_to_open", [reading, writing])
def test_a_process_that_is_killed_leaves_the_ledger_as_it_was(
    path: Path, how: str, next_to_open: Callable[[Path], Any]
) -> None:
    before = path.read_bytes()
    with process(KILLED, path, how) as child:
        assert told(child) == "written"
        child.kill()
        child.wait()
    assert path.with_name("ledger.sqlite-journal").exists()
    assert (path.read_bytes() == before) is (how == "kept")
    with next_to_open(path) as ledger:
        assert ledger.execute("SELECT name FROM station").fetchone()[0] == "东门所"
        assert path.read_bytes() == before
