"""Facts and stores of an earlier schema are read by a newer program, with a made-up second one."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.cli.conftest import Cli
from tests.facts.making import keeps_returns, written_quickly
from tests.facts.newer import one_column_more

pytestmark = pytest.mark.slow  # writes many files

LOGGED = """
    log P001 --complainant 张三 --item 锅 --facts 漏 --received 2026-09-01 --disputed 20 --category 其他
    returns submit 2026Q3 --yes
"""
# What the newer program does: nothing is written where a store is only read.
_READS = """
    county load second --dry-run --store only.duckdb
    county export facts all --store only.duckdb
"""
_SENDS = """
    county load third --store other.duckdb
    county export facts other --store other.duckdb
"""
STORE, _ROLLUP = Path("county.duckdb"), "county rollup 3 2026Q3"


@written_quickly()
def test_what_an_earlier_program_sent_and_kept_is_read(cli: Cli) -> None:
    """One hand-in is loaded by the earlier program, a correction of it by the newer one."""
    cli.all(LOGGED, today="2026-10-08")
    cli.all("returns send first", today="2026-10-09")
    keeps_returns(Path("first"), STORE, date(2026, 10, 9))
    cli.all("county load first\ncounty export facts all", today="2026-10-09")
    cli.all("complaint amend 2026-1 --disputed 30\nreturns send second", today="2026-10-10")
    keeps_returns(Path("second"), STORE, date(2026, 10, 10))
    was, today = STORE.read_bytes(), "2026-10-12"
    Path("only.duckdb").write_bytes(was)
    with one_column_more():
        assert "20.00" in cli(f"{_ROLLUP} --store only.duckdb", today=today).out
        cli.all(_READS, today=today)
        assert Path("only.duckdb").read_bytes() == was
        assert cli("county load second", today=today).out == "2026Q3: loaded: 1\n"
        assert "30.00" in cli(_ROLLUP, today=today).out
        cli.all("returns send third 2026Q3", today=today)
        keeps_returns(Path("third"), Path("other.duckdb"), date(2026, 10, 12))
        cli.all(_SENDS, today=today)
    assert [*map(_shifts, ("all", "other"))] == [[(None,)], [("早",)]]
    cli.plays("""
        @ 2026-10-12
        $ county rollup 3 2026Q3
        ! Error: FOLDER/county.duckdb was made by a newer program. Use the newest program.
        [4]
        $ county export facts all --store only.duckdb
        ! Error: all is not a folder of exported facts. Choose a new folder.
        [3]
        $ county load third --store old.duckdb
        ! Store: old.duckdb
        ! Error: These hand-ins are not loaded.
        !   third/…/datapackage.json: a newer program made it. Load it with the newest.
        …
        [5]
    """)
    assert not Path("old.duckdb").exists()


def _shifts(home: str) -> list[tuple[object, ...]]:
    found = duckdb.read_parquet(f"{home}/*/complaint.parquet")
    return found.project("shift").distinct().fetchall()
