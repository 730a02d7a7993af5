"""`ledger doctor`: what it says of a sound computer, a neglected one, and without a ledger."""

import os
import sys
from collections import namedtuple
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace
from typing import Any

import pytest

from ledger12315.cli import doctor
from ledger12315.cli.face.configuration import configuration_file
from ledger12315.ledger.store import upkeep
from tests.cli.conftest import Cli, scenes
from tests.rows import for_all, table

_Usage = namedtuple("_Usage", "total used free")


@pytest.fixture
def computer(cli: Cli) -> Cli:
    """A computer whose versions, disk and shell are those of the scenes."""
    cli.path.chmod(0o600)
    cli.set.setattr(doctor, "VERSION", "2026.12.1.80000")
    cli.set.setattr("platform.python_version", lambda: "3.13.5")
    cli.set.setattr(doctor, "SQLITE_VERSION", "3.50.4")
    cli.set.setattr(doctor, "find_spec", lambda name: name == "duckdb" or None)
    cli.set.setattr("shutil.disk_usage", lambda _: _Usage(9e9, 1e9, 8e9))
    cli.set.setattr(doctor, "_size_in_mb", lambda _: "0.4")
    cli.set.setattr(doctor, "_filesystem_of", lambda _: "ext4")
    cli.set.setattr(doctor, "starting_shell", lambda: "bash")
    return cli


_SOUND = r"""
    + ledger backup copy.sqlite
    + ledger check
    % 80 ledger doctor --exit-code
      program        2026.12.1.80000, Python 3.13.5
      SQLite         3.50.4
      extras         missing: apprise (--notify)
      configuration  none
      language       en, utf-8
      place          LEDGER
      ledger         0.4 MB; free on its disk: 8000 MB
      last entry     2026-09-28
      clock          2026-09-28
      calendar       known up to 2026
      last backup    2026-09-28, FOLDER/copy.sqlite
      last check     sound on 2026-09-28
      last notice    none yet
      completion     not set up for bash; set it up: ledger12315 --install-completion
"""
_NEGLECTED = r"""
    > ledger.sqlite.upkeep.json {"backups": [["/media/li/STICK/a", "2026-09-28T09:00:00"]]}
    @ 2026-12-20
    % 80 ledger doctor --exit-code
      program        2026.12.1.80000, Python 3.13.5
      SQLite         3.50.4
    ! extras         missing: apprise (--notify)
                     To send messages install: pip install "apprise~=2.3"
      configuration  none
      language       en, utf-8
    ! place          LEDGER (a share of the network)
                     Move the ledger to a disk of this computer: two programs that write at once \
        damage it.
    ! ledger         0.4 MB; free on its disk: 100 MB
                     Free space on its disk.
      last entry     2026-09-28
      clock          2026-12-20
    ! calendar       known up to 2026
                     Load the notice of 2027: ledger12315 calendar load FILE
    ! last backup    2026-09-28, /media/li/STICK/a, which is not there now
                     The last backup is of 2026-09-28. Make one: ledger12315 ledger backup FILE
    ! last check     none yet
                     Check it: ledger12315 ledger check
    ! last notice    none yet
                     Try it: ledger12315 today --notify-test --notify configured
      completion     zsh cannot complete
"""


def test_a_sound_computer(computer: Cli) -> None:
    computer.plays(_SOUND)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux names filesystems")
def test_the_filesystem_of_a_path_is_that_of_its_nearest_mount() -> None:
    assert [doctor._filesystem_of(Path(each)) for each in ("/proc/mounts", "none")] == ["proc", ""]


def test_a_neglected_computer(computer: Cli) -> None:
    computer.set.setenv("LEDGER12315_NOTIFY", "wecombot://KEY")
    computer.set.setattr("shutil.disk_usage", lambda _: _Usage(9e9, 8.9e9, 1e8))
    computer.set.setattr(doctor, "_filesystem_of", lambda _: "cifs")
    computer.set.setattr(doctor, "starting_shell", lambda: "zsh")
    computer.set.setattr(doctor, "completes", lambda _: None)
    computer.plays(_NEGLECTED)


@scenes(r"""
# a ledger that is missing
$ --db none.sqlite ledger doctor --exit-code
…
ledger | no | cannot be read | There is no ledger at none.sqlite. Make one: …
last entry | yes | unknown |…
clock | yes | 2026-09-28 |…
last backup | yes | none yet |…
last check | yes | none yet |…
last notice | yes | none yet |…
completion | yes | …
[1]
# a ledger that is damaged
+ ledger backup copy.sqlite
> ledger.sqlite SQLite format 3 of somebody
$ ledger doctor
…
ledger | no | cannot be read | LEDGER is not a ledger but some other file. Name the ledger's file \
    with --db. |…
last entry | yes | unknown |…
clock | yes | 2026-09-28 |…
last backup | yes | 2026-09-28, FOLDER/copy.sqlite |…
…
# a disk that is not plugged in
$ --db /media/li/STICK/ledger.sqlite ledger doctor
…
place | no | /media/li/STICK/ledger.sqlite | Plug the disk in: /media/li/STICK |…
…
# a clock that is behind
@ 2026-09-20
$ ledger doctor
…
clock | no | 2026-09-20, before the newest entry of 2026-09-28 | Correct the clock of this \
    computer. |…
…
# a clock without a battery
@ 1980-01-01
$ ledger doctor
…
clock | no | before 1990 or after 2199 | Correct the clock of this computer. |…
…
# a backup that somebody removed
> ledger.sqlite.upkeep.json {"backups": [["/tmp/none", "2026-09-28T"]], "notice": "2026-09-27"}
$ ledger doctor
…
last backup | no | 2026-09-28, /tmp/none, which is not there now | It is gone. Make another: \
    ledger12315 ledger backup FILE |…
last check | yes | none yet |…
last notice | yes | 2026-09-27 |…
…
# a check of 31 days ago, and of 32
> ledger.sqlite.upkeep.json {"check": "2026-09-28"}
@ 2026-10-29
$ ledger doctor
…
last check | yes | sound on 2026-09-28 |…
…
@ 2026-10-30
$ ledger doctor
…
last check | no | sound on 2026-09-28 | Check it: ledger12315 ledger check |…
…
# a check that found a fault is remembered until one passes
> ledger.sqlite.upkeep.json {"check": "2026-09-27", "unsound": "2026-09-28"}
$ ledger doctor
…
last check | no | not sound on 2026-09-28 | See its problems, and restore a backup: \
    ledger12315 ledger check |…
…
+ ledger check
$ ledger doctor
…
last check | yes | sound on 2026-09-28 |…
…
# a file beside the ledger that somebody spoilt
> ledger.sqlite.upkeep.json {"backups": [1, ["a"], ["b", "someday"]], "check": 5, "notice": []}
$ ledger doctor
…
last backup | yes | none yet |…
last check | yes | none yet |…
last notice | yes | none yet |…
…
""")
def test_its_lines(script: str, computer: Cli) -> None:
    computer.plays(script)


@for_all(r"""
    path                               | drive | kind
    /home/li/OneDrive - 县局/l.sqlite  |       | a synchronised folder
    /home/li/坚果云/l.sqlite           |       | a synchronised folder
    /home/li/12315/坚果云.sqlite       |       | -
    /run/media/li/U/l.sqlite           |       | a stick or another removable disk
    /home/li/l.sqlite                  |       | -
    E:\l.sqlite                        | 2     | a stick or another removable disk
    C:\l.sqlite                        | 3     | -
    Z:\l.sqlite                        | 4     | a share of the network
    Z:\l.sqlite                        | 0     | -
    \\nas\所\l.sqlite                  | 0     | a share of the network
    \\nas\所\l.sqlite                  | 3     | -
""")
def test_places(path: str, drive: str, kind: str, computer: Cli) -> None:
    where: Any = Path(path)
    if drive:
        where, kernel = PureWindowsPath(path), SimpleNamespace(GetDriveTypeW=lambda _: int(drive))
        computer.set.setattr("ctypes.windll", SimpleNamespace(kernel32=kernel), raising=False)
        computer.set.setattr(sys, "platform", "win32")
    found = doctor._kind_of_place(where)
    assert (found.id if found else "-") == kind


@table("""
    backup     | today      | said
    2026-09-28 | 2026-10-12 |
    2026-09-28 | 2026-10-13 | The last backup is of 2026-09-28. Make one: ledger12315 ledger backup
               | 2026-10-12 |
               | 2026-10-13 | No backup is known. Make one: ledger12315 ledger backup FILE
""")
def test_today_says_that_the_last_backup_is_old(
    backup: str, today: str, said: str, cli: Cli
) -> None:
    if backup:
        assert cli("ledger backup copy.sqlite", today=backup).code == 0
    for line in ("today", "today --csv", "today --mail"):
        told = cli(line, today=today)
        err = told.err.replace(f" --db {cli.path}", "")  # where a mail says it
        assert ("backup" in err, said in err) == (bool(said), True)
        assert "backup" not in told.out


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
def test_rights_that_are_too_few_or_too_many(computer: Cli) -> None:
    file = configuration_file()
    file.parent.mkdir(parents=True)
    file.write_text("notify = 'wecombot://KEY'")
    file.chmod(0o644)
    computer.path.chmod(0o444)
    assert findings(computer) == {
        "configuration": f"It holds a robot's key, and others may read it: chmod 600 {file}",
        "ledger": f"Nothing can be entered: the file {computer.path} may not be written. Remove "
        "the protection.",
    }
    file.chmod(0o600)
    computer.path.chmod(0o664)
    assert findings(computer) == {
        "ledger": "Everybody on this computer may read it, with people's data: chmod o= "
        f"{computer.path}",
    }


def test_a_backup_on_the_ledgers_own_disk_instead_of_a_stick(computer: Cli) -> None:
    stick = Path("stick")
    stick.mkdir()
    computer.set.setattr(upkeep, "_on_disk_of", lambda *_: False)
    assert not computer("ledger backup stick").err
    computer.set.setattr(upkeep, "_on_disk_of", lambda *_: True)  # it is not mounted
    told = computer("ledger backup stick").err
    assert f"{stick.resolve()} lay on another disk at an earlier backup" in told
    assert "now lies on the ledger's own" in findings(computer)["backup"]


def findings(computer: Cli) -> dict[str, str]:
    """Return what is to do for the place, the backup and the configuration."""
    rows = computer("ledger doctor --json").json
    named = ("configuration", "ledger", "backup")
    return {row["check"]: row["to_do"] for row in rows if row["check"] in named and row["to_do"]}
