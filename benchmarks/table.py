"""`python -m benchmarks.table`: what is claimed of speed, measured in one run and printed as one table beside its limits."""

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

from benchmarks import instead, stations
from benchmarks.data import LAST, QUARTER, RARE
from benchmarks.measure import Row, measure, output

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
LOG = "log P001 --complainant 林美珠 --phone 13900001234 --item 电压力锅 --category 家用电子电器 --purchase 329 --facts 锅盖漏气"
ROLLUP, EXPORT = f"rollup 6 {QUARTER} --json", f"export 6 {QUARTER} --output "


class Ledgers:
    """A ledger of each size in one folder; that of size 0 is the small one, new before each use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, size: int) -> str:
        return str(self.folder / f"{size}.sqlite")

    def command(self, size: int, words: str) -> list[str]:
        """The program on the ledger of this size."""
        return [
            str(Path(sys.executable).with_name("ledger12315")),
            "--db",
            self.path(size),
            *words.split(),
        ]

    def renew(self) -> None:
        """Copy the small ledger, down to the disk: no later fsync pays for the copy."""
        with Path(shutil.copy(self.path(SMALL), self.path(0))).open("rb") as copy:
            os.fsync(copy.fileno())

    def renew_bare(self) -> None:
        """The same without the triggers that keep the history."""
        self.renew()
        with closing(sqlite3.connect(self.path(0))) as ledger:
            for (name,) in ledger.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                ledger.execute(f"DROP TRIGGER {name}")


def rows(ledgers: Ledgers, sizes: list[int], pandas: str, env: Mapping[str, str]) -> Iterator[Row]:
    """Every row of the table, in its order."""
    command, small = ledgers.command, ledgers.path(SMALL)
    found = [
        line.split("\t")
        for line in output(command(SMALL, "overdue"), env).splitlines()
        if "\t" in line
    ]
    number, received = found[0][0], [each[3] for each in found]
    yield (bare := Row("P: python -c pass", 0, [sys.executable, "-c", "pass"]))
    yield (
        unit := Row(
            "T: smallest.py",
            0,
            [sys.executable, str(Path(__file__).with_name("smallest.py")), small],
            bare,
            "P",
        )
    )
    yield Row("--version", 0, [command(0, "")[0], "--version"], bare, "P", 1.5)
    yield Row("--help", 0, [command(0, "")[0], "--help"], unit, "T", 1.3)
    for words in (LOG, f"close {number} --outcome 和解"):
        yield Row(words.split()[0], SMALL, command(0, words), unit, "T", 1.3, ledgers.renew)
    yield from _costs(ledgers)
    yield (
        overdue := Row("overdue", SMALL, command(SMALL, "overdue"), unit, "T", 1.3, holds=received)
    )
    yield (rollup := Row("rollup 6 --json", SMALL, command(SMALL, ROLLUP), unit, "T", 1.3))
    larger = {
        size: Row(
            rollup.name, size, command(size, ROLLUP), rollup, "× with 1,000", LIMITS[size][1]
        )
        for size in sizes
    }
    for size in sizes:
        yield Row(
            "overdue",
            size,
            command(size, "overdue"),
            overdue,
            "× with 1,000",
            LIMITS[size][0],
            holds=received,
        )
        yield larger[size]
    yield from _desk(ledgers, overdue, number)
    yield from _export(ledgers, env)
    yield from _register(ledgers, env)
    yield from _county(ledgers)
    yield from instead.overdue(overdue, small, ledgers.folder)
    sums = instead.sums(output(command(SHEET, ROLLUP), env))
    yield from instead.quarter(larger[SHEET], sums, ledgers.path(SHEET), ledgers.folder, pandas)


def _desk(ledgers: Ledgers, overdue: Row, number: str) -> Iterator[Row]:
    """What a clerk asks all day, among very many."""
    for words, limit, holds in (
        (f"complaint show {number}", 1.3, [number]),
        (f"complaint list --text {RARE}", 1.3, []),
        ("today", 1.3, []),
        (f"complaint list --period {QUARTER}", 2, []),
        (f"complaint list --period {QUARTER} --json", None, []),
    ):
        yield Row(
            words.replace(number, "NUMBER"),
            DESK,
            ledgers.command(DESK, words),
            overdue,
            "× overdue",
            limit,
            holds=holds,
        )


def _costs(ledgers: Ledgers) -> Iterator[Row]:
    """What history and durability cost: `log` with and without each, started alike."""
    start = [sys.executable, str(Path(__file__).with_name("without.py"))]
    command, bare = ledgers.command(0, LOG)[1:], ledgers.renew_bare
    none = Row(
        "log, neither history nor waiting for the disk",
        SMALL,
        [*start, "both", *command],
        before=bare,
    )
    yield none
    for without, kept, before in (
        ("disk", "history", ledgers.renew),
        ("history", "waiting", bare),
        ("nothing", "both", ledgers.renew),
    ):
        yield Row(
            f"log, with {kept}",
            SMALL,
            [*start, without, *command],
            none,
            "× neither",
            before=before,
        )


def _export(ledgers: Ledgers, env: Mapping[str, str]) -> Iterator[Row]:
    """Attachment 6, and a script that writes the same values into as many sheets."""
    from openpyxl import load_workbook

    workbook, cells = ledgers.folder / "6.xlsx", ledgers.folder / "cells.json"
    export = ledgers.command(SMALL, EXPORT + str(workbook))
    output(export, env)
    cells.write_text(
        json.dumps({sheet.title: list(sheet.values) for sheet in load_workbook(workbook)}), "utf-8"
    )
    script = [
        sys.executable,
        str(Path(__file__).with_name("same_cells.py")),
        str(cells),
        str(workbook),
    ]
    same = Row("openpyxl: same_cells.py", 0, script, before=workbook.unlink)
    yield Row("export 6", SMALL, export, same, "× openpyxl", 2, workbook.unlink)
    yield same


def _register(ledgers: Ledgers, env: Mapping[str, str]) -> Iterator[Row]:
    """Attachment 2 of a year, and a script that writes the same values as fast as XlsxWriter can."""
    from openpyxl import load_workbook

    year, workbook, cells = (
        ledgers.path(YEAR),
        ledgers.folder / "2.xlsx",
        ledgers.folder / "cells.csv",
    )
    subprocess.run(
        [sys.executable, "-m", "benchmarks.data", year, str(YEAR), f"{LAST.year}-01-01"],
        check=True,
    )
    export = ledgers.command(YEAR, f"export 2 {LAST.year} --output {workbook}")
    output(export, env)
    with cells.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(load_workbook(workbook, read_only=True).worksheets[0].values)
    script = [
        sys.executable,
        str(Path(__file__).with_name("constant_memory.py")),
        str(cells),
        str(workbook),
    ]
    same = Row("XlsxWriter: constant_memory.py", 0, script, before=workbook.unlink)
    yield Row("export 2", YEAR, export, same, "× XlsxWriter", 1.6, workbook.unlink)
    yield same


def _county(ledgers: Ledgers) -> Iterator[Row]:
    """The county's sum of STATIONS workbooks, and a script that only loads them."""
    folder, target = ledgers.folder / "stations", ledgers.folder / "county.xlsx"
    stations.fill(folder, STATIONS)
    script = [sys.executable, str(Path(__file__).with_name("load.py")), str(folder)]
    load = Row("openpyxl: load.py, the same", 0, script, holds=["loaded"])
    consolidate = ledgers.command(SMALL, f"county consolidate {folder} --output {target}")
    yield Row(
        f"county consolidate, {STATIONS} workbooks",
        0,
        consolidate,
        load,
        "× openpyxl",
        1.5,
        holds=["合计"],
    )
    yield load


def _printed(row: Row) -> str:
    complaints = f"{row.complaints:,}" if row.complaints else ""
    if not row.peak:
        return f"| {row.name} | {complaints} | not installed | | | | |"
    limit, ok = (
        (row.limit, "yes" if row.ratio <= row.limit else "**no**") if row.limit else ("", "")
    )
    ratio = f"{row.ratio:.2f} {row.unit}" if row.against else ""
    return f"| {row.name} | {complaints} | {row.quartiles[1]:.1f} | {ratio} | {limit} | {ok} | {row.peak:.0f} |"


def _print(table: list[Row], rounds: int, load: float) -> None:
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {machine}, load {load:.1f} before and {os.getloadavg()[0]:.1f} after; {rounds} rounds"
    )
    versions = [f"{name} {version(name)}" for name in ("typer", "openpyxl", "sqlite-utils")]
    print(
        ", ".join(
            [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}", *versions]
        )
    )
    print(
        "\n| command | complaints | median ms | ratio | at most | ok? | peak MB |\n|---|--:|--:|--:|--:|---|--:|"
    )
    print("\n".join(map(_printed, table)))
    spread, name = max(
        ((row.quartiles[2] - row.quartiles[0]) / row.quartiles[1], row.name)
        for row in table
        if row.peak
    )
    print(f"\nThe middle half of the rounds spans at most {spread:.0%} of the median ({name}).")


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.table", description=__doc__)
    options.add_argument("--rounds", type=int, default=21)
    options.add_argument(
        "--quick", action="store_true", help=f"5 rounds, and no {LARGE:,} complaints"
    )
    options.add_argument(
        "--pandas",
        default=sys.executable,
        metavar="PYTHON",
        help="a Python that has pandas [this one]",
    )
    chosen = options.parse_args()
    sizes, rounds = ([*LIMITS][:-1], 5) if chosen.quick else ([*LIMITS], chosen.rounds)
    # Nothing of the caller's settings, so that bytecode is kept and streams are buffered as they usually are.
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "LEDGER12315", "LANG", "LC_"))
    }
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        env |= {
            "LC_ALL": "C.UTF-8",
            "HOME": folder,
            "LEDGER12315_TODAY": str(LAST),
            "LEDGER12315_LANG": "zh",
        }
        ledgers = Ledgers(Path(folder))
        for size in (SMALL, *sizes):
            subprocess.run(
                [sys.executable, "-m", "benchmarks.data", ledgers.path(size), str(size)],
                check=True,
            )
        table = list(rows(ledgers, sizes, chosen.pandas, env))
        load = os.getloadavg()[0]
        measure(table, rounds, env)
    _print(table, rounds, load)


if __name__ == "__main__":
    main()
