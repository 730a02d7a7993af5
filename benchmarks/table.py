"""Measure what is claimed of speed in one run, and print it as one table beside its limits."""

import argparse
import csv
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook

from benchmarks import instead, stations
from benchmarks.data import LAST, QUARTER, RARE
from benchmarks.measure import Row, installed, measure, output, script, surroundings
from ledger12315.rules.workdays import ONE_DAY

SMALL, SHEET, DESK, LARGE = 1_000, 10_000, 100_000, 1_000_000
YEAR = 101_000
"""So many within one year: a register has no longer period."""
STATIONS = 200
# Complaints -> how many times the same with 1,000 `overdue` and `rollup 6` may take.
LIMITS: Mapping[int, tuple[float | None, float | None]] = {
    SHEET: (None, None),
    DESK: (1.15, 1.3),
    LARGE: (1.4, 2.2),
}
LOG = (
    "log P001 --complainant 林美珠 --phone 13900001234 --item 电压力锅 --category 家用电子电器"
    " --purchase 329 --facts 锅盖漏气"
)
ROLLUP = f"rollup 6 {QUARTER} --json"
SEARCH = f"complaint list --text {RARE}"
_OURS = "× with 1,000"


class Ledgers:
    """A ledger of each size in one folder; that of size 0 is the small one, always new."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, size: int) -> str:
        return str(self.folder / f"{size}.sqlite")

    def fill(self, size: int, *since: str) -> None:
        data = [sys.executable, "-m", "benchmarks.data", self.path(size), str(size), *since]
        subprocess.run(data, check=True)

    def command(self, size: int, words: str) -> list[str]:
        """Return the command line of the program on the ledger of this size."""
        return [installed("ledger12315"), "--db", self.path(size), *words.split()]

    def renew(self) -> None:
        """Copy the small ledger, down to the disk: no later fsync pays for the copy."""
        with Path(shutil.copy(self.path(SMALL), self.path(0))).open("rb") as copy:
            os.fsync(copy.fileno())

    def renew_bare(self) -> None:
        """Copy it without the triggers that keep the history."""
        self.renew()
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        with closing(sqlite3.connect(self.path(0))) as ledger:
            for (name,) in ledger.execute(triggers).fetchall():
                ledger.execute(f"DROP TRIGGER {name}")


def rows(ledgers: Ledgers, sizes: list[int], pandas: str, env: Mapping[str, str]) -> Iterator[Row]:
    """Yield every row of the table, in its order."""
    command, small = ledgers.command, ledgers.path(SMALL)
    printed = output(command(SMALL, "overdue"), env).splitlines()
    found = [line.split("\t") for line in printed if "\t" in line]
    number, received = found[0][0], [each[3] for each in found]
    yield (bare := Row("P: python -c pass", 0, [sys.executable, "-c", "pass"]))
    yield (unit := Row("T: smallest.py", 0, script("smallest.py", small), bare, "P"))
    yield Row("--version", 0, [installed("ledger12315"), "--version"], bare, "P", 1.5)
    yield Row("--help", 0, [installed("ledger12315"), "--help"], unit, "T", 1.3)
    for words in (LOG, f"close {number} --outcome 和解"):
        yield Row(words.split()[0], SMALL, command(0, words), unit, "T", 1.35, ledgers.renew)
    yield from _completed(ledgers, unit)
    yield from _costs(ledgers)
    overdue = Row("overdue", SMALL, command(SMALL, "overdue"), unit, "T", 1.25, holds=received)
    rollup = Row("rollup 6 --json", SMALL, command(SMALL, ROLLUP), unit, "T", 1.35)
    yield from (overdue, rollup)
    larger: dict[int, Row] = {}
    for size in sizes:
        of_overdue, of_rollup = LIMITS[size]
        again = command(size, "overdue")
        yield Row("overdue", size, again, overdue, _OURS, of_overdue, holds=received)
        larger[size] = Row(rollup.name, size, command(size, ROLLUP), rollup, _OURS, of_rollup)
        yield larger[size]
        yield Row(SEARCH, size, command(size, SEARCH), overdue, "× overdue")
    yield from _desk(ledgers, overdue, number)
    yield from _report(ledgers, unit)
    yield from _export(ledgers, env)
    yield from _register(ledgers, env)
    yield from _county(ledgers)
    yield from instead.overdue(overdue, small, ledgers.folder)
    sums = instead.sums(output(command(SHEET, ROLLUP), env))
    yield from instead.quarter(larger[SHEET], sums, ledgers.path(SHEET), ledgers.folder, pandas)


def _desk(ledgers: Ledgers, overdue: Row, number: str) -> Iterator[Row]:
    """Yield what a clerk asks all day, among very many."""
    for words, limit in (
        (f"complaint show {number}", 1.3),
        ("today", 1.3),
        (f"complaint list --period {QUARTER}", 2),
        (f"complaint list --period {QUARTER} --json", None),
    ):
        name, holds = words.replace(number, "NUMBER"), [number] if number in words else []
        asked = ledgers.command(DESK, words)
        yield Row(name, DESK, asked, overdue, "× overdue", limit, holds=holds)


def _completed(ledgers: Ledgers, unit: Row) -> Iterator[Row]:
    """Yield what a shell waits for when Tab is pressed after a line."""
    for typed, found in (("ov", "overdue"), ("log P00", "P001"), (f"close {LAST.year}", "-")):
        words = ("ledger12315", *typed.split())
        told = (f"COMP_WORDS={' '.join(words)}", f"COMP_CWORD={len(words) - 1}")
        asked = ("env", "_LEDGER12315_COMPLETE=complete_bash", *told)
        command = [*asked, f"LEDGER12315_DB={ledgers.path(SMALL)}", installed("ledger12315")]
        yield Row(f"{typed}, completed", SMALL, command, unit, "T", 1.5, holds=[found])


def _costs(ledgers: Ledgers) -> Iterator[Row]:
    """Yield what history and durability cost: `log` with and without each, started alike."""
    logged, bare = ledgers.command(0, LOG)[1:], ledgers.renew_bare
    name = "log, neither history nor waiting for the disk"
    none = Row(name, SMALL, script("without.py", "both", *logged), before=bare)
    yield none
    for without, kept, before in (
        ("disk", "history", ledgers.renew),
        ("history", "waiting", bare),
        ("nothing", "both", ledgers.renew),
    ):
        command = script("without.py", without, *logged)
        yield Row(f"log, with {kept}", SMALL, command, none, "× neither", before=before)


def _report(ledgers: Ledgers, unit: Row) -> Iterator[Row]:
    """Yield the page of a quarter of some twenty-five complaints, and of two and a half thousand.

    Eight quarters are counted for each.
    """
    for size, limit in ((SMALL, 6), (DESK, 10)):
        page = ledgers.folder / "report.html"
        command = ledgers.command(size, f"report {QUARTER} --output {page}")
        yield Row("report", size, command, unit, "T", limit)


def _export(ledgers: Ledgers, env: Mapping[str, str]) -> Iterator[Row]:
    """Yield Attachment 6, and a script that writes the same values into as many sheets."""
    workbook, cells = ledgers.folder / "6.xlsx", ledgers.folder / "cells.json"
    export = ledgers.command(SMALL, f"export 6 {QUARTER} --output {workbook}")
    output(export, env)
    values = {sheet.title: list(sheet.values) for sheet in load_workbook(workbook)}
    cells.write_text(json.dumps(values), "utf-8")
    command = script("same_cells.py", cells, workbook)
    same = Row("openpyxl: same_cells.py", 0, command, before=workbook.unlink)
    yield Row("export 6", SMALL, export, same, "× openpyxl", 2, workbook.unlink)
    yield same


def _register(ledgers: Ledgers, env: Mapping[str, str]) -> Iterator[Row]:
    """Yield Attachment 2 of a year, and the same values as fast as XlsxWriter can."""
    workbook, cells = ledgers.folder / "2.xlsx", ledgers.folder / "cells.csv"
    ledgers.fill(YEAR, f"{LAST.year}-01-01")
    export = ledgers.command(YEAR, f"export 2 {LAST.year} --output {workbook}")
    output(export, env)
    with (
        cells.open("w", encoding="utf-8", newline="") as file,
        closing(load_workbook(workbook, read_only=True)) as book,
    ):
        csv.writer(file).writerows(book.worksheets[0].values)
    command = script("constant_memory.py", cells, workbook)
    same = Row("XlsxWriter: constant_memory.py", 0, command, before=workbook.unlink)
    yield Row("export 2", YEAR, export, same, "× XlsxWriter", 1.6, workbook.unlink)
    yield same


def _county(ledgers: Ledgers) -> Iterator[Row]:
    """Yield the county's load of STATIONS workbooks, and a script that only loads them."""
    folder, store = ledgers.folder / "stations", ledgers.folder / "county.duckdb"
    stations.fill(folder, STATIONS)
    load = Row("openpyxl: load.py, the same", 0, script("load.py", folder), holds=["loaded"])
    # A hand-in that lies ahead is refused.
    kept = ["env", f"LEDGER12315_TODAY={stations.SUBMITTED + ONE_DAY}"]
    kept += ledgers.command(SMALL, f"county load {folder} --store {store}")
    name = f"county load, {STATIONS} workbooks"
    yield Row(
        name,
        0,
        kept,
        load,
        "× openpyxl",
        1.5,
        before=lambda: store.unlink(missing_ok=True),
        holds=["2026Q3"],
    )
    yield load


def _printed(row: Row) -> str:
    begins = f"| {row.name} | {f'{row.complaints:,}' if row.complaints else ''} |"
    if not row.peak:
        return f"{begins} not installed | | | | |"
    held = "|  |  |"
    if row.limit:
        held = f"| {row.limit} | {'yes' if row.ratio <= row.limit else '**no**'} |"
    ratio = f"{row.ratio:.2f} {row.unit}" if row.against else ""
    return f"{begins} {row.quartiles[1]:.1f} | {ratio} {held} {row.peak:.0f} |"


def _print(table: list[Row], rounds: int, load: float) -> None:
    now, after = f"{datetime.now(UTC):%Y-%m-%d}", f"{os.getloadavg()[0]:.1f}"
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"
    print(f"{now}, {machine}, load {load:.1f} before and {after} after; {rounds} rounds")
    versions = [f"{name} {version(name)}" for name in ("typer", "openpyxl", "sqlite-utils")]
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}", *versions, sep=", "
    )
    print("\n| command | complaints | median ms | ratio | at most | ok? | peak MB |")
    print("|---|--:|--:|--:|--:|---|--:|", *map(_printed, table), sep="\n")
    spreads = {}
    for row in table:
        if row.peak:
            first, median, third = row.quartiles
            spreads[(third - first) / median] = row.name
    spread, name = max(spreads.items())
    print(f"\nThe middle half of the rounds spans at most {spread:.0%} of the median ({name}).")


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.table", description=__doc__)
    options.add_argument("--rounds", type=int, default=21)
    short = f"5 rounds, and no {LARGE:,} complaints"
    options.add_argument("--quick", action="store_true", help=short)
    other = "a Python that has pandas [this one]"
    options.add_argument("--pandas", default=sys.executable, metavar="PYTHON", help=other)
    chosen = options.parse_args()
    sizes, rounds = ([*LIMITS][:-1], 5) if chosen.quick else ([*LIMITS], chosen.rounds)
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        today = {"LEDGER12315_TODAY": str(LAST), "LEDGER12315_LANG": "zh"}
        env = surroundings(LC_ALL="C.UTF-8", HOME=folder, **today)
        ledgers = Ledgers(Path(folder))
        for size in (SMALL, *sizes):
            ledgers.fill(size)
        table = list(rows(ledgers, sizes, chosen.pandas, env))
        load = os.getloadavg()[0]
        measure(table, rounds, env)
    _print(table, rounds, load)


if __name__ == "__main__":
    main()
