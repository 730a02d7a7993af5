"""Facts and stores of an earlier schema are read by a newer program, with a made-up second one."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.catalogue import ROOT
from tests.cli.conftest import Cli
from tests.facts.newer import SEPARATOR

pytestmark = pytest.mark.slow  # starts programs

LOGGED = """
    log P001 --complainant 张三 --item 锅 --facts 漏 --received 2026-09-01 --disputed 20 --category 其他
    returns submit 2026Q3 --yes
"""


# What the newer program does: nothing is written where a store is only read.
_READS = """
    county rollup 3 2026Q3 --store only.duckdb
    county load second --dry-run --store only.duckdb
    county export facts read --store only.duckdb
"""
_LOADS = """
    county load second
    county rollup 3 2026Q3
    county export facts all
"""
_SENDS = """
    returns send third 2026Q3
    county load third --store other.duckdb
    county export facts other --store other.duckdb
"""


def _newer(cli: Cli, *parts: str) -> list[str]:
    """Run lines of the newer program in one process; return what each part prints."""
    first, *others = ([line.strip() for line in part.strip().splitlines()] for part in parts)
    lines = [*first, *(line for part in others for line in ("", *part))]
    command = [sys.executable, "-m", "tests.facts.newer", *lines]
    cli.set.setenv("LEDGER12315_DB", str(cli.path))
    env = {**os.environ, "PYTHONPATH": str(ROOT), "LEDGER12315_TODAY": "2026-10-12"}
    ended = subprocess.run(command, env=env, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split(f"{SEPARATOR}\n")


@pytest.mark.usefixtures("drawn")
def test_what_an_earlier_program_sent_and_kept_is_read(cli: Cli) -> None:
    """One hand-in is loaded by the earlier program, a correction of it by the newer one."""
    cli.all(LOGGED, today="2026-10-08")
    cli.all("returns send first\ncounty load first", today="2026-10-09")
    cli.all("complaint amend 2026-1 --disputed 30\nreturns send second", today="2026-10-10")
    cli.all("county export facts all", today="2026-10-09")
    was = Path("county.duckdb").read_bytes()
    Path("only.duckdb").write_bytes(was)
    read, loaded, sent = _newer(cli, _READS, _LOADS, _SENDS)
    assert "20.00" in read and Path("only.duckdb").read_bytes() == was
    assert loaded.startswith("2026Q3: loaded: 1\n") and "30.00" in loaded
    assert "2026Q3: loaded: 1\n" in sent
    assert [_shifts(each) for each in ("read", "all", "other")] == [
        [(None,)],
        [(None,)],
        [("早",)],
    ]
    refused = cli("county rollup 3 2026Q3", today="2026-10-12")
    assert refused.code == 4 and "was made by a newer program" in refused.err
    told = cli("county load third --store old.duckdb", today="2026-10-12")
    assert told.code == 5 and "a newer program made it" in told.err
    assert not Path("old.duckdb").exists()


def _shifts(home: str) -> list[tuple[object, ...]]:
    return (
        duckdb.read_parquet(f"{home}/*/complaint.parquet").project("shift").distinct().fetchall()
    )
