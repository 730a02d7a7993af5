"""The short form of the damages, and what they are judged by."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults import damage
from tests.faults.inprocess import command
from tests.faults.pages import KINDS, Pages


def test_no_damage_is_missed_and_every_refusal_names_the_newest_backup(tmp_path: Path) -> None:
    rows = list(damage.rows(tmp_path, 0.06, 1))
    assert rows[0].times >= 150
    assert [fault for row in rows for fault in row.found] == []


def test_there_is_a_page_of_every_kind_and_a_sound_ledger_passes(tmp_path: Path) -> None:
    with damage.sound(tmp_path) as ledger:
        kinds = Pages(ledger.content).kinds
        assert [kind for kind in KINDS if not kinds[kind]] == []
        assert command("ledger check").code == 0
        assert damage.contents(ledger.path) == ledger.rows


@pytest.mark.parametrize(
    ("was", "becomes"), [("羽绒服", "羽绒被"), ("跑绒", "跑线"), ("当场换新", "当场退款")]
)
def test_a_character_that_sqlite_takes_for_sound_is_seen(
    was: str, becomes: str, tmp_path: Path
) -> None:
    with damage.sound(tmp_path) as ledger:
        ledger.path.write_bytes(ledger.content.replace(was.encode(), becomes.encode(), 1))
        with closing(sqlite3.connect(ledger.path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert damage.contents(ledger.path) != ledger.rows
        checked = command("ledger check")
        # Where it was in the index of words, that follows from the rows and is made anew.
        assert checked.code == 4 or (
            "made anew" in checked.err and damage.contents(ledger.path) == ledger.rows
        )
