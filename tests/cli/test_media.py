"""Places of a ledger: a stick without links and modes, a read-only medium."""

import ctypes
import errno
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, nullcontext
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from ledger12315.errors import Message, message
from ledger12315.ledger.audit import backup
from tests.cli.conftest import Cli, Result
from tests.journals import half_written
from tests.newer import one_step_more
from tests.rows import for_all, table


@pytest.fixture
def stick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A filesystem without links, that takes no change of a mode; any new file is for all."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    for name in ("link", "chmod", "fchmod"):
        monkeypatch.setattr(os, name, refused)
    before = os.umask(0)
    yield
    os.umask(before)


def test_on_a_stick_nobody_else_may_read_it(stick: None, cli: Cli) -> None:
    cli.path.unlink()
    cli.all("""
        init --station 东门所 --county 榕溪县
        ledger backup copy.sqlite --keep 2
        ledger backup copy.sqlite --keep 2
        ledger restore copy.sqlite
    """)
    cli.path.write_bytes(cli.path.read_bytes()[:4096])
    cli.all("ledger restore copy.sqlite\nexport 2 2026Q3\nexport 6 2026Q3")
    modes = {path.name: f"{path.stat().st_mode & 0o777:o}" for path in Path().iterdir()}
    assert {name for name, mode in modes.items() if mode != "600"} == {"附件6_2026Q3_东门所.xlsx"}
    assert {"copy.sqlite.1", "ledger.sqlite", "附件2_2026Q3_东门所.xlsx"} < modes.keys()
    assert len([name for name in modes if ".replaced-" in name]) == 2


@table("""
    failing
    fsync
    replace
""")
def test_on_a_stick_nothing_is_left_of_a_ledger_that_could_not_be_made(
    failing: str, stick: None, cli: Cli
) -> None:
    modes: set[int] = set()

    def full(*_: object) -> None:
        modes.update(path.stat().st_mode & 0o777 for path in Path().iterdir())
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    cli.path.unlink()
    cli.set.setattr(os if failing == "fsync" else Path, failing, full)
    assert cli("init --station 东门所 --county 榕溪县").code == 4
    assert ([*Path().iterdir()], modes) == ([], {0o600})


@table("""
    command                   | said
    ledger backup copy.sqlite | copy.sqlite cannot be written: the disk is full.
    ledger share copy.sqlite  | copy.sqlite cannot be written: the disk is full.
""")
def test_a_full_stick_is_not_the_ledgers_disk(command: str, said: str, cli: Cli) -> None:
    plain = sqlite3.connect

    def connect(file: object, **given: object) -> sqlite3.Connection:
        made: sqlite3.Connection = plain(file, **given)  # type: ignore[call-overload]
        if not given:  # the copy
            made.execute("PRAGMA max_page_count = 2")
        return made

    cli.set.setattr(sqlite3, "connect", connect)
    cli.plays(f"""
        $ {command}
        ! Error: {said}
        [4]
    """)
    assert [each.name for each in Path().iterdir()] == ["ledger.sqlite"]


@table("""
    mount
    /media/li/STICK
    /run/media/li/STICK
    /mnt/x
""")
def test_a_disk_that_is_not_plugged_in_is_named(mount: str, cli: Cli) -> None:
    told = f"the disk {mount} is not there; plug it in."
    cli.plays(f"""
        $ ledger backup {mount}/a/copy.sqlite
        ! Error: {mount}/a/copy.sqlite cannot be written: {told}
        [4]
        $ ledger restore {mount}/copy.sqlite
        ! Error: The backup {mount}/copy.sqlite cannot be restored: {told} Nothing was changed.
        [5]
        $ export 2 2026Q3 -o {mount}/x.xlsx
        ! Error: {mount}/x.xlsx cannot be written: {told}
        [4]
        $ --db {mount}/ledger.sqlite today
        ! Error: The ledger {mount}/ledger.sqlite cannot be read: {told}
        [4]
    """)


def test_a_copy_that_a_disk_changes_is_not_the_ledgers_fault(cli: Cli) -> None:
    def check(path: Path, *_: object) -> list[Message]:
        return [] if path == cli.path else [message("row {row}", row=1)]

    cli.set.setattr(backup, "ledger_problems", check)
    cli.plays(r"""
        $ ledger backup copy.sqlite
        ! Error: The ledger is sound, but its copy was not when it was read again, so copy.sqlite \
            was not written: its disk fails. Choose another disk.
        !   row 1
        [4]
    """)


@table("""
    failing             | command                    | code | said
    _read_part          | ledger restore copy.sqlite | 5    | The backup copy.sqlite cannot be …
    _demand_backup_room | ledger backup copy.sqlite  | 4    | copy.sqlite cannot be used: …
""")
def test_the_file_is_named_that_a_disk_does_not_read(
    failing: str, command: str, code: str, said: str, cli: Cli
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO), "copy.sqlite")

    class Failing:
        read = fail

    cli.all("ledger backup copy.sqlite")
    read_part = backup._read_part
    stands_in = (
        partial(read_part, cast("BinaryIO", Failing())) if failing == "_read_part" else fail
    )
    cli.set.setattr(backup, failing, lambda *given: stands_in(given[-1]))
    result = cli(command)
    assert (result.code, said.rstrip("…") in result.err, "Input/output error" in result.err) == (
        int(code),
        True,
        True,
    )


READING = "ledger check", "rollup 3 2026Q3"
# The third version of how Linux is told which capabilities a thread has: none.
_CAPABILITIES = 0x20080522


def answers(cli: Cli, *lines: str) -> list[Result]:
    """Return what each line says to one who may not write where nobody may.

    It runs in a thread without rights, as an administrator may run the tests.
    """

    def run(line: str) -> Result:
        ctypes.CDLL(None).capset((ctypes.c_uint32 * 2)(_CAPABILITIES), (ctypes.c_uint32 * 6)())
        return cli(line)

    with ThreadPoolExecutor(1) as thread:
        return [*thread.map(run, lines)]


@pytest.fixture
def medium(cli: Cli) -> Iterator[Path]:
    """A folder that is read-only, and all that is in it, once the test has laid its files."""
    cli.logged()
    yield cli.path.parent
    cli.path.parent.chmod(0o700)


def protected(folder: Path) -> dict[str, bytes]:
    """Make a folder read-only; return its contents."""
    for path in folder.iterdir():
        path.chmod(0o400)
    folder.chmod(0o500)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="rights are taken from a thread")
@for_all("program", [nullcontext, one_step_more])
def test_a_read_only_medium_is_read_like_any_other(
    program: Callable[[], AbstractContextManager[None]],
    medium: Path,
    cli: Cli,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Also an older ledger: a copy of it is brought up to date in memory."""
    before = protected(medium)
    other = Cli(tmp_path_factory.mktemp("other") / cli.path.name, cli.set)
    other.path.write_bytes(before[cli.path.name])
    older = program is one_step_more
    with program():
        found = answers(cli, *READING)
        assert {path.name: path.read_bytes() for path in medium.iterdir()} == before
        told = [
            each._replace(err=each.err.replace(str(other.path), str(cli.path)))
            for each in answers(other, *READING)
        ]
        if older:  # the act that upgrades it has another moment and salt
            assert found[0].out.startswith("The ledger is sound.")
            assert found[1:] == told[1:]
        else:
            assert found == told
        copy = other.path.with_name("copy.sqlite")
        writes = "settings set point_lead 5" if older else "complaint list --reveal"
        backup, refused = answers(cli, f"ledger backup {copy}", writes)
    assert (backup.code, refused.code) == (0, 4)
    assert f"is read-only: the file {cli.path} may not be written. Remove" in refused.err


def left_in_wal(path: Path) -> None:
    """Leave a ledger as it is copied while another program has it open in WAL."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE VIEW mine AS SELECT 1")
        parts = path, Path(f"{path}-wal")
        content = [part.read_bytes() for part in parts]
    for part, whole in zip(parts, content, strict=True):
        part.write_bytes(whole)


@pytest.mark.skipif(sys.platform != "linux", reason="rights are taken from a thread")
@pytest.mark.parametrize(("leave", "part"), [(half_written, "journal"), (left_in_wal, "wal")])
def test_a_crash_on_a_read_only_medium_is_told(
    leave: Callable[[Path], None], part: str, medium: Path, cli: Cli
) -> None:
    leave(cli.path)
    before = protected(medium)
    [refused] = answers(cli, "overdue")
    assert refused.shown(as_json=False) == [
        f"! Error: The ledger {cli.path} is read-only: the file {cli.path} may not be written. "
        "Remove the write protection, or copy it to a place where you may write.",
        f"!   Copy {cli.path}-{part} together with it.",
        "[4]",
    ]
    assert {path.name: path.read_bytes() for path in medium.iterdir()} == before
