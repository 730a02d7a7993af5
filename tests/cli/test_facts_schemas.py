"""Facts and stores of an earlier schema are read by a newer program, with a made-up second one."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from tests.cli.conftest import Cli
from tests.facts.making import ONE, figures, keeps, made, returned
from tests.facts.newer import one_column_more

pytestmark = pytest.mark.slow  # writes many files

# What the newer program does where a store is only read: nothing is written.
_READS = """
    county load second --dry-run --store only.duckdb
    county export facts all --store only.duckdb
"""
STORE, _ROLLUP = Path("county.duckdb"), "county rollup 3 2026Q3"


def test_what_an_earlier_program_sent_and_kept_is_read(cli: Cli) -> None:
    """One hand-in is loaded by the earlier program, a correction of it by the newer one."""
    made(Path("first"), 1)
    service = ["received_service" if key == "received_goods" else key for key in ONE]
    told = {"revision": 2, "as_submitted": False, "moment": datetime(2026, 10, 10, tzinfo=UTC)}
    made(Path("second"), 1, *service, boxes={"kind": "service"}, **told)
    keeps(STORE, *(returned(number, figures(*ONE)) for number in (1, 3)))
    cli.all("county load first\ncounty export facts all", today="2026-10-09")
    was, today = STORE.read_bytes(), "2026-10-12"
    Path("only.duckdb").write_bytes(was)
    with one_column_more():
        assert "received_goods\t件\t2\t" in cli(f"{_ROLLUP} --store only.duckdb", today=today).out
        cli.all(_READS, today=today)
        assert Path("only.duckdb").read_bytes() == was
        made(Path("third"), 3, boxes={"shift": "早"})
        assert cli("county load second third", today=today).out == "2026Q3: loaded: 2\n"
        assert "received_service\t件\t1\t" in cli(_ROLLUP, today=today).out
        cli.all("county export facts both", today=today)
    assert [*map(_shifts, ("all", "both"))] == [[(None,)], [("早",), (None,)]]
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
        !   third/datapackage.json: a newer program made it. Load it with the newest.
        [5]
    """)
    assert not Path("old.duckdb").exists()


def _shifts(home: str) -> list[tuple[object, ...]]:
    found = duckdb.read_parquet(f"{home}/*/complaint.parquet")
    return found.project("shift").distinct().order("shift NULLS LAST").fetchall()
