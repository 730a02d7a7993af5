"""Checks of a file of rows before it is read, and their cost."""

from pathlib import Path

import duckdb
import pytest

from ledger12315.errors import Message
from ledger12315.facts import taking_in
from ledger12315.facts.arriving import content_of
from ledger12315.facts.engine import new_folder_beside, open_engine
from ledger12315.facts.manifest import File, hash_of
from ledger12315.locale import render
from tests.facts.making import (
    made,
    rehashed,
    taken_in,
    with_damaged_page,
    with_half_a_character,
    with_long_footer,
    with_lying_statistics,
)
from tests.rows import for_all

LARGE = "is too large, or has too many rows for its size"


@for_all(
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
    assert render(found).endswith(said) if isinstance(found, Message) else found == content
    assert isinstance(found, Message) == bool(said)


@pytest.mark.slow  # loads polars
@for_all("groups", [1_000, 1_001])
def test_a_file_has_a_thousand_row_groups_at_most(groups: int, tmp_path: Path) -> None:
    """Each of its rows is a group, of which it tells more than of the row."""
    file = tmp_path / "7.complaint"
    import polars

    polars.DataFrame({"id": range(groups)}).write_parquet(file, row_group_size=1)
    with open_engine(50) as duck:
        found = duck.execute(taking_in._SHAPES, {"files": [str(file)]}).fetchall()
    assert found == [("7.complaint", ["id BIGINT"], groups, groups == 1_000)]


def test_a_file_of_more_row_groups_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import polars

    shapes = taking_in._SHAPES.replace("<= 1000", "<= 1")
    monkeypatch.setattr(taking_in, "_SHAPES", shapes)
    for groups in (1, 2):
        file = made(tmp_path / "in" / f"{groups}", groups, times=2) / "complaint.parquet"
        polars.read_parquet(file).write_parquet(file, row_group_size=3 - groups)
        rehashed(file.parent, "complaint")
    taken, faults = taken_in(tmp_path / "in")
    one, two = sorted(render(each.why) for each in faults)
    assert not taken and one.endswith("do not match its rows")
    assert two.endswith("other columns or rows than it should")


def test_each_column_is_read_and_a_file_is_not_believed(tmp_path: Path) -> None:
    """A page of a column that no check compares, statistics, a footer, half a character."""
    home = tmp_path / "in"
    with_damaged_page(made(home / "1", 1))
    with_long_footer(made(home / "2", 2), 1_000_001)
    with_half_a_character(made(home / "3", 3))
    made(home / "4", 4)
    with_lying_statistics(made(home / "5", 5))
    taken, faults = taken_in(home)
    assert [each.manifest.station.name for each in taken] == ["第4所"]
    said = sorted(render(each.why).rpartition(": ")[2] for each in faults)
    assert said[:3] == [
        *["complaint.parquet contains something that does not belong there"] * 2,
        "complaint.parquet is too large, or has too many rows for its size",
    ]
    assert said[3].startswith("it is not a manifest")


def test_an_engine_keeps_to_its_memory_and_lays_nothing_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with open_engine(50) as duck, pytest.raises(duckdb.OutOfMemoryException):
        duck.execute("SELECT count(*) FROM (SELECT DISTINCT hash(range) FROM range(4_000_000))")
    assert not [*tmp_path.iterdir()]


def test_two_commands_that_write_beside_one_target_leave_each_other_alone(tmp_path: Path) -> None:
    target = tmp_path / "1"
    with new_folder_beside(target) as first, new_folder_beside(target) as second:
        (first / "row").touch()
        (second / "row").touch()
        second.rename(target)
        assert [each.name for each in first.iterdir()] == ["row"]
    assert [*tmp_path.iterdir()] == [target]
