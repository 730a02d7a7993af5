"""The ledger's file: made once, written as a whole or not at all, refused if unsound."""

import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest

from ledger12315.errors import Refused, Unusable, message
from ledger12315.ledger.audit.backup import back_up
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.explaining import OLDEST_SQLITE
from ledger12315.ledger.store.files import write_obstacle
from ledger12315.ledger.store.opening import connect, reading, writing
from ledger12315.ledger.store.versions import STEPS, fingerprint
from tests.building import new_ledger, spoil
from tests.catalogue import ROOT
from tests.rows import for_all


def name(path: Path) -> str:
    with reading(path) as ledger:
        return str(ledger.execute("SELECT name FROM station").fetchone()[0])


def rename(path: Path, to: str) -> None:
    with writing(path) as ledger:
        ledger.execute("UPDATE station SET name = ?", (to,))


def test_the_oldest_sqlite_that_is_supported_is_one_that_the_tests_are_run_on() -> None:
    oldest = ".".join(map(str, OLDEST_SQLITE))
    # `lowest` takes the first of them.
    assert f'_SQLITES = {{"{oldest}"' in (ROOT / "noxfile.py").read_text("utf-8")
    assert '"$nox" -s lowest' in (ROOT / ".ci/run").read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has lists of rights and no modes")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_nobody_else_may_read_it(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        new_ledger(tmp_path / "ledger.sqlite")
    finally:
        os.umask(before)
    assert (tmp_path / "ledger.sqlite").stat().st_mode & 0o777 == 0o600


def test_the_fingerprint_is_that_of_a_new_ledger(path: Path) -> None:
    with closing(sqlite3.connect(path)) as ledger:
        [version] = ledger.execute("PRAGMA user_version").fetchone()
        [whose] = ledger.execute("PRAGMA application_id").fetchone()
        assert whose == 0x12315  # by which ledgers are known that are there already
        assert (version, fingerprint(ledger)) == (max(STEPS), STEPS[max(STEPS)][1])


def test_the_true_obstacle_to_writing_is_named(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert write_obstacle(path) is None
    path.chmod(0o444)
    assert write_obstacle(path) == message("the file {path} may not be written", path=path)
    path.chmod(0o600)
    monkeypatch.setattr(os, "access", lambda of, _: Path(of) != path.parent)
    folder = message("in the folder {path} no file may be made", path=path.parent)
    assert write_obstacle(path) == folder


def test_a_backup_of_a_ledger_in_wal_that_may_only_be_read_is_not_in_wal(path: Path) -> None:
    with closing(sqlite3.connect(path)) as ledger:
        ledger.execute("PRAGMA journal_mode = WAL")
    path.chmod(0o444)
    back_up(path, path.with_name("copy.sqlite"))
    in_wal = [each.read_bytes()[18:20] for each in (path, path.with_name("copy.sqlite"))]
    assert in_wal == [b"\2\2", b"\1\1"]


def test_a_file_that_stands_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "folder").mkdir()
    if sys.platform != "win32":  # where few may make one
        (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    before = sorted(each.name for each in tmp_path.iterdir())
    for place in before:
        with pytest.raises(Refused, match="exists already"):
            new_ledger(tmp_path / place)
    assert sorted(each.name for each in tmp_path.iterdir()) == before
    assert (tmp_path / "file").read_bytes() == b"mine"


def test_nothing_is_left_of_a_ledger_that_could_not_be_made(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="refuses this entry"):
        new_ledger(tmp_path / "ledger.sqlite", "")
    with pytest.raises(Unusable, match="cannot be written"):
        new_ledger(tmp_path / "folder" / "ledger.sqlite")
    assert list(tmp_path.iterdir()) == []


_NOT_ON_WINDOWS = ["a?b&mode=memory", "file:x'\""]


@pytest.mark.parametrize(
    "folder",
    [
        *("a#b%20c", "我的 台账 100%", "-", "é'"),
        *(_NOT_ON_WINDOWS if sys.platform != "win32" else ()),
    ],
)
def test_any_name_of_a_folder_will_do(
    tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path)
    path = Path(folder) / f"{folder}.sqlite"
    new_ledger(path)
    rename(path, "西门所")
    assert name(path) == name(path.resolve()) == "西门所"
    assert list(tmp_path.glob("*")) == [tmp_path / folder]
    assert [each.name for each in (tmp_path / folder).iterdir()] == [f"{folder}.sqlite"]


@pytest.mark.durable
@for_all("door", [reading, writing])
def test_whoever_opens_it_is_careful(
    path: Path, door: Callable[[Path], AbstractContextManager[Ledger]]
) -> None:
    pragmas = "foreign_keys trusted_schema cell_size_check secure_delete synchronous journal_mode"
    with door(path) as ledger:
        found = [ledger.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas.split()]
    assert found == [1, 0, 1, 1, 3, "delete"]


class Stop(Exception):
    """The error that a test raises inside a transaction."""


def test_what_raises_is_undone(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(Stop), writing(path) as ledger:
        ledger.execute("UPDATE station SET name = '西门所'")
        raise Stop
    with pytest.raises(Refused, match="refuses this entry"), writing(path) as ledger:
        ledger.execute("UPDATE station SET name = '西门所'")
        ledger.execute("UPDATE station SET county = ''")
    assert path.read_bytes() == before


def test_what_a_broken_query_leaves_is_undone_though_its_error_is_held(path: Path) -> None:
    with pytest.raises(Unusable) as held, writing(path) as ledger:
        ledger.execute("UPDATE station SET name = '西门所'")
        undecodable = ledger.execute("SELECT 'x' UNION ALL SELECT CAST(x'ff' AS TEXT)")
        raise sqlite3.OperationalError(undecodable.fetchone()[0])
    assert held.value.__traceback__ is not None
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    del held, undecodable  # which keep the file open


def test_a_broken_query_lets_go_of_the_file_though_its_error_is_held(path: Path) -> None:
    def broken(ledger: Ledger) -> None:
        rows = ledger.execute("SELECT * FROM act UNION ALL SELECT * FROM act")
        raise Stop(rows.fetchone())

    with pytest.raises(Stop) as held, reading(path) as ledger:
        broken(ledger)
    assert held.value.__traceback__ is not None
    with closing(sqlite3.connect(path, timeout=0)) as other:
        other.execute("BEGIN EXCLUSIVE")


def test_a_connection_whose_pragma_fails_is_closed(path: Path) -> None:
    closed = []

    class Connection(sqlite3.Connection):
        def execute(self, *_: object) -> sqlite3.Cursor:
            raise sqlite3.DatabaseError("malformed")

        def close(self) -> None:
            closed.append(self)
            super().close()

    made = partial(sqlite3.connect, factory=Connection)
    with patch("sqlite3.connect", made), pytest.raises(sqlite3.DatabaseError):
        connect(path, "ro")
    assert len(closed) == 1


def test_a_transaction_that_was_ended_early_is_a_fault(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(RuntimeError, match="ended the transaction"), writing(path) as ledger:
        ledger.execute("ROLLBACK")
    assert path.read_bytes() == before


def test_a_reader_cannot_write(path: Path) -> None:
    with pytest.raises(Unusable, match="read-only"), reading(path) as ledger:
        ledger.execute("UPDATE station SET name = '西门所'")
    path.chmod(0o400)
    with pytest.raises(Unusable, match="read-only"):
        rename(path, "西门所")
    assert name(path) == "东门所"


def overwritten(table: str) -> Callable[[Path], None]:
    """Overwrite the middle of a table's first page."""

    def change(path: Path) -> None:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        with closing(sqlite3.connect(path)) as database:
            [page] = database.execute(query, (table,)).fetchone()
            [size] = database.execute("PRAGMA page_size").fetchone()
        written(slice((page - 1) * size, page * size), b"\xff" * size)(path)

    return change


def written(place: slice, content: bytes) -> Callable[[Path], None]:
    """Write these bytes at that place of the file."""

    def change(path: Path) -> None:
        old = bytearray(path.read_bytes())
        old[place] = content
        path.write_bytes(old)

    return change


def unreadable_name(path: Path) -> None:
    """Put bytes that are no text for the station's name."""
    path.write_bytes(path.read_bytes().replace("东门所".encode(), b"\xff" * 9))


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def other_program(path: Path) -> None:
    path.unlink()
    spoil(path, "CREATE TABLE notes (text)")


ALL = slice(None)


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (Path.unlink, "There is no ledger at {path}. Make one"),
        (folder, "{path} is a folder"),
        (written(ALL, b""), "{path} is empty (0 bytes)"),
        (
            written(ALL, "编号,服务点\n".encode() * 100),
            "{path} is not a ledger but some other file",
        ),
        (written(slice(10, None), b""), "{path} is not a ledger but some other file"),
        (written(slice(100, None), b""), "The ledger {path} is damaged"),
        (written(slice(4096, None), b""), "The ledger {path} is damaged"),
        (written(slice(-4096, None), b""), "The ledger {path} is damaged"),
        (written(slice(100, None), b"\xff" * 10**5), "The ledger {path} is damaged"),
        (unreadable_name, "The ledger {path} is damaged"),
        (overwritten("station"), "The ledger {path} is damaged"),
        (overwritten("complaint"), "The ledger {path} is damaged"),
        (other_program, "{path} is the database of another program"),
        (
            partial(spoil, script="PRAGMA application_id = 1"),
            "{path} is the database of another program",
        ),
        (
            partial(spoil, script="PRAGMA user_version = 999"),
            "The ledger {path} was made by a newer program",
        ),
        (
            partial(spoil, script="PRAGMA user_version = 0"),
            "The ledger {path} is damaged ({reason})",
        ),
    ],
)
def test_what_is_no_sound_ledger_is_refused_and_left_as_it_is(
    path: Path, harm: Callable[[Path], object], sentence: str
) -> None:
    harm(path)
    before = path.read_bytes() if path.is_file() else None
    for door in (reading, writing):
        with pytest.raises(Unusable) as refused, door(path) as ledger:
            for table in ("station", "complaint"):
                ledger.execute(f"SELECT * FROM {table}").fetchall()
        assert str(refused.value).startswith(sentence)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert {each.name for each in path.parent.iterdir()} <= {path.name}
