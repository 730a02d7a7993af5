"""Places of a ledger: a stick without links and modes, a read-only medium."""

import errno
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from ledger12315.errors import Message, message
from ledger12315.ledger.audit import backup
from tests.cli.conftest import Cli
from tests.faults.clerks import clerk
from tests.faults.lines import Act
from tests.journals import half_written
from tests.rows import for_all, table

pytestmark = pytest.mark.slow  # draws workbooks or starts processes


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
    cli.all("ledger restore copy.sqlite\nledger check\nexport 2 2026Q3\nexport 6 2026Q3")
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
    failing            | command                     | code | said
    _read_part         | ledger restore copy.sqlite  | 5    | The backup copy.sqlite cannot be …
    demand_own_journal | ledger backup copy.sqlite   | 4    | copy.sqlite cannot be used: …
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


READING = """
    ledger check
    ledger info
    ledger history
    complaint list --json
    rollup 3 2026Q3
"""


def answers(folder: Path, state: str = "") -> list[str]:
    """Return what each line says to one who may not write where nobody may."""
    lines = filter(None, map(str.strip, READING.splitlines()))
    said = [clerk(Act(line, state=state), folder, plain=True) for line in lines]
    return [f"{done.code} {done.out} {done.err}" for done in said]


@pytest.fixture
def medium(cli: Cli) -> Iterator[Path]:
    """A folder that is read-only, and all that is in it, once the test has laid its files."""
    cli.log()
    yield cli.path.parent
    cli.path.parent.chmod(0o700)


def protected(folder: Path) -> dict[str, bytes]:
    """Make a folder read-only; return its contents."""
    for path in folder.iterdir():
        path.chmod(0o400)
    folder.chmod(0o500)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked")
@for_all("state", ["", "old"])
def test_a_read_only_medium_is_read_like_any_other(
    state: str, medium: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Also an older ledger: a copy of it is brought up to date in memory."""
    before = protected(medium)
    found = answers(medium, state)
    assert {path.name: path.read_bytes() for path in medium.iterdir()} == before
    other = tmp_path_factory.mktemp("other")
    for name, content in before.items():
        (other / name).write_bytes(content)
    expected = [text.replace(str(other), str(medium)) for text in answers(other, state)]
    if state:  # the act of bringing it up to date has a different one moment and salt
        assert [text[:1] for text in found] == ["0"] * len(found)
        assert found[3:] == expected[3:]
    else:
        assert found == expected
    copy = other / "copy.sqlite"
    made = clerk(Act(f"ledger backup {copy}", state=state), medium, plain=True)
    assert made.code == 0, made.err
    for line in ("settings set point_lead 5", "complaint list --reveal"):
        refused = clerk(Act(line, state=state), medium, plain=True)
        assert refused.code == 4 and "is read-only. Remove the write protection" in refused.err


def left_in_wal(path: Path) -> None:
    """Leave a ledger as it is copied while another program has it open in WAL."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE VIEW mine AS SELECT 1")
        parts = path, Path(f"{path}-wal")
        content = [part.read_bytes() for part in parts]
    for part, whole in zip(parts, content, strict=True):
        part.write_bytes(whole)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked")
@pytest.mark.parametrize(("leave", "part"), [(half_written, "journal"), (left_in_wal, "wal")])
def test_a_crash_on_a_read_only_medium_is_told(
    leave: Callable[[Path], None], part: str, medium: Path
) -> None:
    leave(medium / "ledger.sqlite")
    before = protected(medium)
    refused = clerk(Act("overdue"), medium, plain=True)
    path = medium / "ledger.sqlite"
    assert (refused.code, refused.err.splitlines()[1:]) == (
        4,
        [
            f"Error: The ledger {path} is read-only. Remove the write protection, or copy it to a"
            " place where you may write.",
            f"  Copy {path}-{part} together with it.",
        ],
    )
    assert {path.name: path.read_bytes() for path in medium.iterdir()} == before
