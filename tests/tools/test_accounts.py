"""The administrator's page on two accounts, typed as two users of this computer; a third reads.


It needs root; the program's own files may be closed to others, so that it runs with the right to
read everything, and what a colleague may read is asked of `test`, which has no such right.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.catalogue import ROOT

_GROUPS = {"station12315": 62001, "inbox12315": 62002}
_STATION, _INBOX = _GROUPS.values()
_ACCOUNTS: dict[str, tuple[int, ...]] = {
    "li": (61001, _STATION, _INBOX),
    "wang": (61002, _STATION, _INBOX),
    "county": (61003, _INBOX),
    "stranger": (61004,),
}
_READS_ALL = "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid")
    or os.geteuid() != 0
    or not shutil.which("setpriv")
    or subprocess.run(["setpriv", "--reuid=61001", "true"], check=False).returncode != 0,
    reason="it needs root and setpriv",
)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody may enter, in which the page's folders are."""
    with TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def as_account(name: str, place: Path, *line: str) -> "subprocess.CompletedProcess[str]":
    """Run a line as an account, with a home of its own."""
    user, *groups = _ACCOUNTS[name]
    home = place / f"home-{name}"
    if not home.exists():
        home.mkdir(0o700)
        os.chown(home, user, user)
    program = ["setpriv", f"--reuid={user}", f"--regid={user}"]
    program += [f"--groups={','.join(map(str, groups))}" if groups else "--clear-groups"]
    if line[0] == "ledger12315":
        program += _READS_ALL
        line = (sys.executable, "-m", *line)
    known = {"HOME": str(home), "LEDGER12315_USER": name, "LEDGER12315_TODAY": "2026-10-02"}
    known |= {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [*program, *line], cwd=home, env=known, capture_output=True, text=True, check=False
    )


def blocks_of_page(place: Path) -> tuple[list[str], list[str]]:
    """Return root's lines and those of the accounts, with this place instead of /srv."""
    page = (ROOT / "docs" / "administrator.md").read_text("utf-8")
    for_root, for_accounts = re.findall(
        r"^<!-- not typed: .*? -->\n```sh\n(.*?)^```", page, re.M | re.S
    )
    in_place = [
        block.replace("/srv", str(place)).splitlines() for block in (for_root, for_accounts)
    ]
    return in_place[0], in_place[1]


def test_two_accounts_share_a_ledger_and_an_inbox(place: Path) -> None:
    for_root, (init, chmod, send) = blocks_of_page(place)
    for line in for_root:
        if line.startswith("install"):
            for group, number in _GROUPS.items():
                line = line.replace(f"-g {group}", f"-g {number}")
            subprocess.run(line.split(), check=True)
    ledger = place / "12315" / "ledger.sqlite"

    def typed(name: str, line: str) -> None:
        named = line.replace("ledger12315 ", f"ledger12315 --db {ledger} ", "--db" not in line)
        done = as_account(name, place, *shlex.split(named))
        assert done.returncode == 0, (line, done.stdout, done.stderr)

    typed("li", f"{init} --begins 2026-07-01")
    typed("li", chmod)
    typed("li", "ledger12315 register 甲店 --type other --judgement 多 --since 2026-07-01")
    typed("wang", "ledger12315 log 甲店 --complainant 张三 --item 锅 --kind goods --facts 坏了")
    typed("wang", "ledger12315 ledger backup own.sqlite")
    typed("wang", "ledger12315 ledger restore own.sqlite")
    assert (place / "home-wang" / "own.sqlite").stat().st_mode & 0o777 == 0o600
    typed("li", "ledger12315 ledger check")
    typed("li", "ledger12315 returns submit 2026Q3")
    typed("li", send)
    typed("wang", "ledger12315 ledger check")  # noted beside the ledger by the other one too
    for file in ledger.parent.iterdir():
        assert (file.stat().st_mode & 0o777, file.stat().st_gid) == (0o660, _STATION), file
    for file in (place / "12315-inbox").rglob("*.*"):
        assert (
            as_account("county", place, "test", "-r", str(file)).returncode == 0 or file.is_dir()
        ), file
        assert as_account("stranger", place, "test", "-r", str(file)).returncode != 0, file
    assert as_account("county", place, "test", "-r", str(ledger)).returncode != 0
