"""Each command that is measured runs, on small data; nothing is timed here."""

import sys
from pathlib import Path

import pytest

from benchmarks import table
from benchmarks.data import LAST
from benchmarks.measure import output, surroundings

pytestmark = pytest.mark.slow  # starts a process for each row


def test_each_row_of_the_table_runs_and_prints_what_it_should(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not installed is left out, as in the table."""
    monkeypatch.setattr(table, "SHEET", table.SMALL)
    monkeypatch.setattr(table, "DESK", table.SMALL)
    monkeypatch.setattr(table, "YEAR", 1_010)
    monkeypatch.setattr(table, "STATIONS", 2)
    monkeypatch.setattr(table, "LIMITS", {table.SMALL: (None, None)})
    env = surroundings(LC_ALL="C.UTF-8", HOME=str(tmp_path), LEDGER12315_LANG="zh")
    env |= {"LEDGER12315_TODAY": str(LAST)}
    ledgers = table.Ledgers(tmp_path)
    ledgers.fill(table.SMALL)
    found = [*table.rows(ledgers, [table.SMALL], sys.executable, env)]
    assert len(found) > 20
    for row in found:
        row.before()
        try:
            text = output(row.command, env)
        except FileNotFoundError:
            continue
        assert not [each for each in row.holds if each not in text], (row.name, text)
