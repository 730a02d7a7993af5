"""Everyday use without the shortcuts of other tests: each command is its own process.

Its ledger is made by all steps of the schema and opened anew for each command, and it waits for
the disk. Other tests make it directly, keep it open and do not wait.
"""

import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.terminal import finish

pytestmark = pytest.mark.slow  # starts processes

WORK = """
    init --station 东门所 --county 榕溪县 --begins 2026-07-01
    register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万 --since 2026-01-05
    log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods --received 2026-09-18
"""


def in_process(path: Path, line: str) -> str:
    code, out, err = finish(["--db", str(path), *shlex.split(line)])
    assert code == 0, (line, err)
    return out.replace(str(path), "LEDGER")


def schema(path: Path) -> set[tuple[str, str, str]]:
    """Return a file's schema."""
    query = "SELECT type, name, sql FROM sqlite_master"
    with closing(sqlite3.connect(path)) as ledger:
        return {*ledger.execute(query).fetchall()}


def test_where_no_answer_can_be_shown_it_is_said() -> None:
    done = subprocess.run(
        ["bash", "-c", f"{shlex.quote(sys.executable)} -m ledger12315 --version >&-"],
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )
    closed = "Error: The output is closed, so no answer can be shown. Nothing was done.\n"
    assert (done.returncode, done.stderr.decode()) == (4, closed)


def test_a_language_that_is_none_is_refused(cli: Cli) -> None:
    result = cli("overdue", lang="cn")
    assert result == (2, "", "Error: LEDGER12315_LANG is cn; it must be zh or en.\n")


def test_a_day_of_processes_gives_what_the_tests_commands_give(cli: Cli, tmp_path: Path) -> None:
    theirs = tmp_path / "of processes.sqlite"
    there = Cli(theirs, cli.set)
    cli.path.unlink()
    first, between, last = map(str.strip, WORK.strip().splitlines())
    assert cli(first).out.replace(str(cli.path), "LEDGER") == in_process(theirs, first)
    assert cli(between).out == there(between).out
    assert cli(last).out == in_process(theirs, last)
    assert schema(theirs) == schema(cli.path)
    line = "rollup 6 2026Q3 --json"
    assert there(line).out == cli(line).out
    assert there("ledger check").code == 0
