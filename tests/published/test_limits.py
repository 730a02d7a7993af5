"""Checks of a file of rows before it is read, and their cost."""

from datetime import date
from pathlib import Path

import duckdb
import polars
import pytest

from ledger12315.errors import Message
from ledger12315.locale import render
from ledger12315.published.arriving import content_of
from ledger12315.published.engine import engine
from ledger12315.published.loading import loaded
from ledger12315.published.manifest import File, hash_of
from tests.published.making import made, rehashed

LARGE = "is too large, or has too many rows for its size"


@pytest.mark.parametrize(
    "rows, size, said",
    [
        (10_000, 2, ""),
        (10_001, 10_001, ""),
        (10_001, 10_000, LARGE),
        (3_000_000, 12_000, LARGE),
        (1_000_000, 99_999_999, "is missing, cut off or altered"),
        (1_000_001, 99_999_999, LARGE),
        (1, 100_000_001, LARGE),
    ],
)
def test_a_file_has_few_rows_alike_and_an_end(
    rows: int, size: int, said: str, tmp_path: Path
) -> None:
    content = b"." * min(size, 20_000)
    (tmp_path / "record.parquet").write_bytes(content)
    found = content_of(tmp_path, "record", File(rows, size, hash_of(content)))
    assert found == content if not said else render(as_message(found)).endswith(said)


def as_message(found: bytes | Message) -> Message:
    assert isinstance(found, Message)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    "groups, said",
    [
        (1_000, "its figures do not match its rows"),
        (1_001, "complaint.parquet has other columns or rows than it should"),
    ],
)
def test_a_file_has_a_thousand_row_groups_at_most(groups: int, said: str, tmp_path: Path) -> None:
    """Each of its rows is a group, of which it tells more than of the row."""
    file = made(tmp_path / "in", 1, times=groups) / "complaint.parquet"
    polars.read_parquet(file).write_parquet(file, row_group_size=1)
    rehashed(file.parent, "complaint")
    taken, [fault] = loaded(tmp_path / "a.duckdb", [file.parent], None, date(2026, 10, 8))
    assert not taken and render(fault.why).endswith(said)


@pytest.mark.slow
def test_an_engine_keeps_to_its_memory_and_lays_nothing_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with engine(50) as duck, pytest.raises(duckdb.OutOfMemoryException):
        duck.execute("SELECT count(*) FROM (SELECT DISTINCT hash(range) FROM range(9_000_000))")
    assert not [*tmp_path.iterdir()]
