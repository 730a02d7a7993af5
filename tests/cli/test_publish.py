"""`publish`: what a station gives away of a submitted period, and what it never does."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import duckdb
import pytest

from ledger12315.ledger.figures import Scope
from ledger12315.ledger.returns.frozen import frozen
from ledger12315.ledger.store.opening import reading
from ledger12315.rules.measures import TOTAL
from ledger12315.rules.periods import parse_period
from ledger12315.rules.publishing import FACTS, digest
from tests.building import unguarded
from tests.cli.conftest import Cli

pytestmark = pytest.mark.slow  # draws workbooks, writes many files

SUBMITTED, LATER = "2026-10-09", "2026-10-12"
QUARTER = r"""
    log P001 --complainant 张三 --item 灯 --facts 坏 --kind goods --received 2026-07-01 \
        --disputed 99.90
    log P002 --complainant 李四 --item 灯 --facts 坏 --kind goods --received 2026-09-21
    close 2026-1 --outcome 和解 --closed 2026-07-02 --recovered 50 --rating 满意
    close 2026-2 --outcome 撤回 --closed 2026-10-01
    complaint reopen 2026-2 --reason 误结
    record lead P002 --on 2026-07-02 --count 2
    record lead P002 --on 2026-08-02
    returns receive P001 2026Q3 --on 2026-10-08
    returns submit 2026Q3
"""


def given(cli: Cli) -> None:
    cli.given(QUARTER.replace("\\\n", ""), today=SUBMITTED)


def home() -> Path:
    [station] = Path("out").iterdir()
    return station / "2026Q3"


def manifest(revision: int) -> Any:
    return json.loads((home() / str(revision) / "datapackage.json").read_bytes())


def rows(table: str, columns: str, revision: int = 1) -> list[tuple[Any, ...]]:
    file = home() / str(revision) / f"{table}.parquet"
    return duckdb.execute(f"SELECT {columns} FROM '{file}' ORDER BY ALL").fetchall()


def test_a_quarter_goes_out_as_submitted_and_again_once_it_is_corrected(cli: Cli) -> None:
    given(cli)
    cli.plays("""
        @ 2026-10-12
        $ publish out
        2026Q3, revision 1, as submitted: out
        $ publish out 2026Q3
        Nothing has changed since it was published last.
        + close 2026-2 --outcome 和解 --closed 2026-10-12
        $ publish out
        Nothing has changed since it was published last.
        + complaint amend 2026-1 --recovered 60
        $ publish out --json
        [{"period": "2026Q3", "revision": 2, "digest": "…", "corrections": 2, "folder": "out/…"}]
        $ publish out
        Nothing has changed since it was published last.
    """)
    first, second = manifest(1), manifest(2)
    was = frozen_digest(cli)
    assert (first["digest"], first["corrections"]) == (was, [])
    assert second["digest"] != was and second["corrections"] == [
        {"key": "recovered", "type": type_, "submitted": 5000, "now": 6000, "difference": 1000}
        for type_ in ("mall", TOTAL)
    ]
    assert rows("complaint", "id, closed::VARCHAR, reopened") == [
        (1, "2026-07-02", False),
        (2, None, True),
    ]
    assert rows("record", "kind, point_id, day::VARCHAR, count") == [
        ("lead", None, "2026-09-30", 3)
    ]


def frozen_digest(cli: Cli) -> str:
    with reading(cli.path) as ledger:
        was = frozen(ledger, Scope(parse_period("2026Q3")))
    assert was
    return digest(was.figures)


def test_what_was_corrected_before_goes_out_as_submitted_first(cli: Cli) -> None:
    given(cli)
    cli.all("complaint void 2026-2 --reason 重复", today=LATER)
    cli.plays("""
        @ 2026-10-12
        $ publish out
        2026Q3, revision 1, as submitted: out
        2026Q3, revision 2: 10 figures are not as submitted; out
    """)
    assert manifest(1)["digest"] == frozen_digest(cli)
    assert [len(rows("complaint", "id", each)) for each in (1, 2)] == [2, 1]


def test_a_return_submitted_anew_is_the_next_revision_of_a_chain(cli: Cli) -> None:
    given(cli)
    cli.all(
        """publish out
        returns withdraw 2026Q3 --reason 县局退回
        complaint amend 2026-1 --recovered 60
        returns submit 2026Q3
        publish out""",
        today=LATER,
    )
    told = manifest(2)
    assert (told["corrections"], told["digest"]) == ([], frozen_digest(cli))
    from hashlib import sha256

    before = (home() / "1" / "datapackage.json").read_bytes()
    assert told["previous"] == sha256(before).hexdigest()
    slip = Path("报送回执_2026Q3_东门所.txt").read_text("utf-8")
    assert told["head"] in slip and told["attachment6"] in slip


def test_before_anything_is_submitted_nothing_is_published(cli: Cli) -> None:
    cli.plays("""
        $ publish out
        Nothing is submitted yet, and only what is submitted is published.
        """)


def test_what_cannot_be_published_leaves_nothing_behind(cli: Cli) -> None:
    given(cli)
    cli.plays("""
        @ 2026-10-12
        > file x
        $ publish out 2026Q2
        ! Error: 2026Q2 is not submitted, and only what was submitted is published. \
Submit it first: …
        [3]
        $ publish file
        ! Error: file/…/2026Q3/1 cannot be written: part of the path is a file, not a folder.
        [4]
    """)
    assert not Path("out").exists()


def test_a_full_disk_leaves_nothing_behind(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    given(cli)
    full = duckdb.IOException("No space left on device")
    monkeypatch.setattr("ledger12315.published.writing.hash_of", Mock(side_effect=full))
    cli.plays("""
        @ 2026-10-12
        $ publish out
        ! Error: out/…/2026Q3/1 cannot be written: the disk is full or fails.
        [4]
    """)
    assert [*home().iterdir()] == []


def test_the_columns_are_those_of_the_list(cli: Cli) -> None:
    given(cli)
    cli.all("publish out", today=LATER)
    for table, columns in FACTS.items():
        found = duckdb.execute(f"DESCRIBE FROM '{home()}/1/{table}.parquet'").fetchall()
        assert [row[0] for row in found] == [each.name for each in columns]


CANARY = "端木云雀13976543210"


def strings(folder: Path) -> Iterator[str]:
    """Yield every string of every Parquet file, its metadata's, and the manifest."""
    for file in folder.rglob("*"):
        if file.suffix == ".parquet":
            yield str(duckdb.execute(f"FROM '{file}'").fetchall())
            for about in ("metadata", "schema", "file_metadata", "kv_metadata"):
                yield str(duckdb.execute(f"FROM parquet_{about}('{file}')").fetchall())
        if file.is_file():
            yield file.read_bytes().decode(errors="replace")


def test_no_text_of_anybody_is_in_any_string(cli: Cli) -> None:
    """Every column that takes a text holds the canary."""
    given(cli)
    with reading(cli.path) as ledger:
        content = ledger.serialize()
    cli.path.write_bytes(spoilt(content))
    cli.all("publish out", today=LATER)
    found = [*strings(Path("out"))]
    assert len(found) > 40 and not [each for each in found if "端木" in each or "139765" in each]


def spoilt(content: bytes) -> bytes:
    """Return the ledger with the canary in every column that takes it and is no station's."""
    import sqlite3

    kept = {"station", "act", "change", "setting", "submission", "submitted", "file"}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as ledger:
        ledger.deserialize(content)
        tables = ledger.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
            " AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'wording%'"
        ).fetchall()
        filled = 0
        with unguarded(ledger):
            ledger.execute("PRAGMA ignore_check_constraints = OFF")
            for (table,) in tables:
                for column in ledger.execute(f"PRAGMA table_info({table})").fetchall():
                    if table not in kept and column[2] == "TEXT":
                        filled += fills(ledger, table, column[1])
        assert filled > 40
        return ledger.serialize()


def fills(ledger: Any, table: str, column: str) -> bool:
    """Put the canary into a column; return whether it takes it."""
    import sqlite3

    try:
        ledger.execute(f"UPDATE {table} SET {column} = '{CANARY}' || rowid")
    except sqlite3.IntegrityError:
        return False
    return True
