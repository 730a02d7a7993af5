"""The short form of the screens, and that no field and no character is left out."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger12315.cli.app import COMMANDS
from tests.faults import screens
from tests.faults.inprocess import LEDGER, done, workplace

# Text that holds a key, a day, a moment or words of a list.
_NO_FREE_TEXT = (
    "complaint.key complaint.number complaint.request complaint.entered complaint.escalated_entered complaint.closed_entered"
    " point.key point.sector point.entered record.key record.entered station.key setting.key point_return.period"
    " point_return.totals submission.period submission.settings submission.head submission.restated submission.entered"
    " submitted.figures submitted.sha256"
)
# What the program alone fills.
_INNER = ("act", "change", "disclosure", "file", "_sqlite_migrations")


def test_no_character_commands_the_terminal(tmp_path: Path) -> None:
    rows = list(screens.rows(tmp_path, 0.1, 1))
    assert [fault for row in rows for fault in row.found] == []


def test_every_command_is_tried() -> None:
    lines = [
        f"{line} "
        for line in (*screens.LIFE, *screens.SHOWS, *screens.TYPED_LINES, *screens.ERRORS)
    ]
    assert [
        row.name for row in COMMANDS if not any(line.startswith(f"{row.name} ") for line in lines)
    ] == []


def test_every_free_text_is_dirtied(tmp_path: Path) -> None:
    with workplace(tmp_path / "x", screens.TODAY):
        done(screens.LIFE[0])
        with closing(sqlite3.connect(LEDGER)) as ledger:
            texts = [
                f"{table}.{column}"
                for table, sql in ledger.execute(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
                ).fetchall()
                if table not in _INNER
                for column, kind, *_ in (
                    row[1:] for row in ledger.execute(f"PRAGMA table_info({table})")
                )
                if kind == "TEXT" and not re.search(rf"\({column} (IN|IS date)", sql)
            ]
    assert set(texts) - set(_NO_FREE_TEXT.split()) == set(screens.names())


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ("brand: x\n", ""),
        ("brand: \x1b[2Jx\n", "001B"),
        ("brand: \x9b2Jx\n", "009B"),
        ("brand: \u202ex\u2069\n", "202E 2069"),
        ("brand: \u200bx\ufe0f\n", "200B FE0F"),
        ("\ufeffbrand\r\nx\r\n", ""),
        ("\ufeffbrand\r\n\ufeffx\r\n", "FEFF"),
    ],
)
def test_a_raw_character_is_seen(seen: str, told: str) -> None:
    line = "complaint list --csv" if seen.startswith("\ufeff") else "complaint show 2026-1"
    assert [
        fault.partition(": ")[2].partition(" in ")[0] for fault in screens.faults(line, seen)
    ] == ([told] if told else [])
