"""The ledger's file: made by one only and wholly, read at one moment, written as a whole or not at all, refused where unsound."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest

from ledger12315.errors import Refused, Unusable
from ledger12315.ledger.file import APPLICATION_ID, SCHEMA_VERSION, reading, writing
from ledger12315.ledger.making import create
from ledger12315.ledger.rows import Ledger
from tests.ledger.made import DEFAULTS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    create(path, "东门所", "榕溪县", None, DEFAULTS)
    return path


def name(path: Path) -> str:
    with reading(path) as ledger:
        return str(ledger.execute("SELECT name FROM station").fetchone()[0])


def rename(path: Path, to: str) -> None:
    with writing(path) as ledger:
        ledger.execute("UPDATE station SET name = ?", (to,))


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_nobody_else_may_read_it(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        create(tmp_path / "ledger.sqlite", "东门所", "榕溪县", None, DEFAULTS)
    finally:
        os.umask(before)
    assert (tmp_path / "ledger.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_file_that_stands_is_not_replaced(tmp_path: Path) -> None:
    for place in ("file", "folder", "link"):
        (tmp_path / place).mkdir() if place == "folder" else (tmp_path / place).write_bytes(b"mine")
        if place == "link":
            (tmp_path / place).unlink()
            (tmp_path / place).symlink_to(tmp_path / "nowhere")
        with pytest.raises(Refused, match="exists already"):
            create(tmp_path / place, "东门所", "榕溪县", None, DEFAULTS)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder", "link"]
    assert (tmp_path / "file").read_bytes() == b"mine"


def test_nothing_is_left_of_a_ledger_that_could_not_be_made(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="refuses this entry"):
        create(tmp_path / "ledger.sqlite", "", "榕溪县", None, DEFAULTS)
    with pytest.raises(Unusable, match="cannot be written"):
        create(tmp_path / "folder" / "ledger.sqlite", "东门所", "榕溪县", None, DEFAULTS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "folder",
    [
        *("a?b", "a#b", "100%", "a%20b", "我的 台账", "a&mode=memory", "-", "é'\"", "file:x"),
    ],
)
def test_any_name_of_a_folder_will_do(
    tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path)
    path = Path(folder) / f"{folder}.sqlite"
    create(path, "东门所", "榕溪县", None, DEFAULTS)
    rename(path, "西门所")
    assert name(path) == name(path.resolve()) == "西门所"
    assert list(tmp_path.glob("*")) == [tmp_path / folder]
    assert [each.name for each in (tmp_path / folder).iterdir()] == [f"{folder}.sqlite"]


@pytest.mark.durable
@pytest.mark.parametrize("door", [reading, writing])
def test_whoever_opens_it_is_careful(
    path: Path, door: Callable[[Path], AbstractContextManager[Ledger]]
) -> None:
    pragmas = (
        "foreign_keys",
        "trusted_schema",
        "cell_size_check",
        "secure_delete",
        "synchronous",
        "journal_mode",
    )
    with door(path) as ledger:
        found = [ledger.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas]
    assert found == [1, 0, 1, 1, 3, "delete"]


class Stop(Exception):
    """What a test raises inside a transaction."""


def test_what_raises_is_undone(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(Stop), writing(path) as ledger:
        ledger.execute("UPDATE station SET name = '西门所'")
        raise Stop
    with pytest.raises(Refused, match="refuses this entry"), writing(path) as ledger:
        ledger.execute("UPDATE station SET name = '西门所'")
        ledger.execute("UPDATE station SET county = ''")
    assert path.read_bytes() == before


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


def other_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE notes (text)")


def version(number: int, application: int = APPLICATION_ID) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as database:
            database.execute(f"PRAGMA user_version = {number}")
            database.execute(f"PRAGMA application_id = {application}")

    return change


def overwritten(table: str) -> Callable[[Path], None]:
    """The first page of a table, spoilt in the middle of the file."""

    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as database:
            [page] = database.execute(
                "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
            ).fetchone()
            [size] = database.execute("PRAGMA page_size").fetchone()
        with path.open("r+b") as file:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)

    return change


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (Path.unlink, "There is no ledger at {path}. Make one"),
        (folder, "{path} is a folder"),
        (lambda path: path.write_bytes(b""), "{path} is empty (0 bytes)"),
        (
            lambda path: path.write_text("编号,服务点\n" * 100),
            "{path} is not a ledger but some other file",
        ),
        (
            lambda path: path.write_bytes(path.read_bytes()[:10]),
            "{path} is not a ledger but some other file",
        ),
        (lambda path: path.write_bytes(path.read_bytes()[:100]), "The ledger {path} is damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:4096]), "The ledger {path} is damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:-4096]), "The ledger {path} is damaged"),
        (
            lambda path: path.write_bytes(path.read_bytes()[:100] + b"\xff" * 10**5),
            "The ledger {path} is damaged",
        ),
        (overwritten("station"), "The ledger {path} is damaged"),
        (overwritten("complaint"), "The ledger {path} is damaged"),
        (other_program, "{path} is the database of another program"),
        (version(SCHEMA_VERSION, 1), "{path} is the database of another program"),
        (version(SCHEMA_VERSION + 1), "The ledger {path} was made by a newer program"),
        (version(0), "The ledger {path} is damaged ({reason})"),
    ],
)
def test_what_is_no_sound_ledger_is_refused_and_left_as_it_is(
    path: Path, spoil: Callable[[Path], object], sentence: str
) -> None:
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    for door in (reading, writing):
        with pytest.raises(Unusable) as refused, door(path) as ledger:
            ledger.execute("SELECT * FROM station, complaint").fetchall()
        assert str(refused.value).startswith(sentence)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert {each.name for each in path.parent.iterdir()} <= {path.name}
