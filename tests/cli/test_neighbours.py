"""Files beside a ledger or backup: SQLite only ever applies the ledger's own journal."""

import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli, make_pipe, scenes
from tests.journals import PAGE, beginning, half_written, naming
from tests.rows import table

JOURNAL, WAL = Path("ledger.sqlite-journal"), Path("ledger.sqlite-wal")
VICTIM, COPY = Path("register.xlsx"), Path("copy.sqlite")
# Each opens the ledger in another way.
OPENING = (
    "ledger info",
    "settings set point_lead 5",
    "ledger check",
    "ledger backup new.sqlite",
    "ledger restore copy.sqlite",
)


def files() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(Path().rglob("*")) if path.is_file()}


PREPARED: dict[str, tuple[Callable[[], object], str]] = {
    "names a file": (lambda: JOURNAL.write_bytes(naming(VICTIM)), "it names another file"),
    "names a file, not begun": (
        lambda: JOURNAL.write_bytes(naming(VICTIM, bytes(512))),
        "it names another file",
    ),
    "other pages": (
        lambda: JOURNAL.write_bytes(beginning(1, 8192)),
        "its pages do not match the ledger",
    ),
    "more pages": (
        lambda: JOURNAL.write_bytes(beginning(10_000)),
        "its pages do not match the ledger",
    ),
    "a folder": (JOURNAL.mkdir, "it is not a file"),
    "a pipe": (lambda: make_pipe(JOURNAL), "it is not a file"),
    "a link": (lambda: JOURNAL.symlink_to(VICTIM), "it is not a file"),
}


def each_once(whats: Sequence[Any], lines: Sequence[str]) -> list[tuple[Any, str]]:
    """Return everything with the first way of opening, and the first thing with the others."""
    return [(what, lines[0]) for what in whats] + [(whats[0], line) for line in lines[1:]]


@pytest.mark.parametrize(("kind", "line"), each_once([*PREPARED], OPENING))
def test_a_journal_of_something_else_is_neither_played_nor_deleted(
    kind: str, line: str, cli: Cli
) -> None:
    prepare, why = PREPARED[kind]
    left_alone(prepare, "journal", why, line, cli)


def left_alone(prepare: Callable[[], object], part: str, why: str, line: str, cli: Cli) -> None:
    """Check that a command refuses the files prepared beside the ledger, and changes nothing."""
    COPY.write_bytes(cli.path.read_bytes())
    VICTIM.write_bytes(b"of the clerk")
    prepare()
    before = files()
    cli.plays(f"""
        $ {line}
        ! Error: LEDGER-{part} is not this ledger's own journal: {why}. Nothing was changed. \
Move it to another folder, then run: ledger12315 ledger check
        [4]
    """)
    assert files() == before and os.path.lexists(f"ledger.sqlite-{part}")


def wal_of_another() -> None:
    """Lay the -wal of another database beside the ledger; SQLite takes it for the ledger's."""
    with closing(sqlite3.connect("other.sqlite", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE evil (x)")
        WAL.write_bytes(Path("other.sqlite-wal").read_bytes())


def link_of_wal() -> None:
    if sys.platform == "win32":
        pytest.skip("links take rights")
    with closing(sqlite3.connect("ledger.sqlite")) as other:
        other.execute("PRAGMA journal_mode = WAL")
    WAL.symlink_to(VICTIM)


OF_WAL: list[tuple[Callable[[], object], str]] = [
    (wal_of_another, "its pages do not match the ledger"),
    (WAL.touch, "its pages do not match the ledger"),
    (WAL.mkdir, "it is not a file"),
    (link_of_wal, "it is not a file"),
]


@pytest.mark.parametrize(
    ("prepared", "line"), each_once(OF_WAL, [line for line in OPENING if line != "ledger check"])
)
def test_a_wal_of_something_else_is_neither_played_nor_deleted(
    prepared: tuple[Callable[[], object], str], line: str, cli: Cli
) -> None:
    prepare, why = prepared
    left_alone(prepare, "wal", why, line, cli)


CONTENTS = [b"", bytes(512), b"\xd9\xd5", bytes(range(256)) * 2]


@pytest.mark.parametrize(("content", "line"), each_once(CONTENTS, OPENING))
def test_a_journal_of_which_sqlite_takes_nothing_is_harmless(
    content: bytes, line: str, cli: Cli
) -> None:
    COPY.write_bytes(cli.path.read_bytes())
    JOURNAL.write_bytes(content)
    before = cli.path.read_bytes()
    cli.all(line)
    written = cli.path.read_bytes() != before
    assert written == ("settings" in line or "restore" in line)
    assert not written or cli("ledger check").code == 0


@pytest.mark.parametrize(
    ("linked", "line"),
    [
        *((False, line) for line in OPENING),
        (True, "ledger info"),
        (True, "ledger restore copy.sqlite"),
    ],
)
def test_what_a_crash_left_half_done_is_undone(linked: bool, line: str, cli: Cli) -> None:
    """Also by a reader that is given a link to the ledger."""
    COPY.write_bytes(cli.path.read_bytes())
    before = cli.path.read_bytes()
    half_written(cli.path)
    assert cli.path.read_bytes() != before
    (folder := Path("other")).mkdir()
    link = folder / "link.sqlite"
    link.symlink_to(cli.path)
    asked = Cli(link.absolute() if linked else cli.path, cli.set)
    asked.all(line)
    assert not JOURNAL.exists()
    if "settings" in line or "restore" in line:
        cli.all("ledger check")
    else:
        assert cli.path.read_bytes() == before


@table("""
    part
    journal
    wal
    shm
""")
def test_a_backup_that_is_not_alone_is_refused(part: str, cli: Cli) -> None:
    COPY.write_bytes(cli.path.read_bytes())
    VICTIM.write_bytes(b"of the clerk")
    Path(f"copy.sqlite-{part}").write_bytes(naming(VICTIM))
    before = files()
    cli.plays(f"""
        $ ledger restore copy.sqlite
        ! Error: The backup copy.sqlite cannot be restored: copy.sqlite-{part} is in the same \
folder and could change it. Nothing was changed.
        !   On the computer where it was made, write a complete copy and restore that: \
ledger12315 --db copy.sqlite ledger backup COPY
        [5]
    """)
    assert files() == before


def test_what_a_crash_left_of_a_backup_is_made_whole_as_the_message_says(cli: Cli) -> None:
    cli.all("ledger backup copy.sqlite")
    cli.log()
    half_written(COPY)
    cli.all("--db copy.sqlite ledger backup whole.sqlite\nledger restore whole.sqlite")
    assert cli("complaint list").out == ""


@scenes("""
# a new ledger beside the journal of an old one
$ --db new.sqlite init --station 西门所 --county 榕溪县
! Error: new.sqlite-journal belongs to a different file, not to the new one. Move it to another \
folder, or choose another file name; nothing was changed.
[3]
# a backup
$ ledger backup new.sqlite
! Error: new.sqlite-journal belongs to a different file, not to the new one. Move it to another \
folder, or choose another file name; nothing was changed.
[3]
# a restored ledger where none stood
+ ledger backup copy.sqlite
$ --db new.sqlite ledger restore copy.sqlite
! Error: new.sqlite-journal belongs to a different file, not to the new one. Move it to another \
folder, or choose another file name; nothing was changed.
[3]
""")
def test_no_new_file_is_put_beside_what_belongs_to_an_old_one(script: str, cli: Cli) -> None:
    Path("new.sqlite-journal").write_bytes(beginning(1, PAGE))
    cli.plays(script)
    assert not Path("new.sqlite").exists()


def test_of_the_ledger_itself_its_own_journal_is_not_what_is_told(cli: Cli) -> None:
    JOURNAL.write_bytes(bytes(512))  # somebody writes
    cli.plays("""
        $ ledger backup ledger.sqlite
        ! Error: ledger.sqlite is the ledger itself. Choose another file for the backup.
        [3]
    """)
