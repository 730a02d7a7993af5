"""Growth past one machine: facts of many stations, made up, loaded and asked.

`python -m benchmarks.published FOLDER [NAME...]` runs what is named, or all: `query`, over a
quarter of 10^5 to 3·10^7 complaints of 1,500 stations, and `status` of them; `load`, of what
1,500 stations published; `publish`, of FOLDER/ledger.sqlite, made by `benchmarks.data` with a
first day in the quarter, and submitted. POSIX only.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from shutil import rmtree
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import duckdb

from ledger12315.published.engine import quoted
from ledger12315.published.manifest import NAME, File, Manifest, Publisher, hash_of
from ledger12315.published.reading import read
from ledger12315.published.store import put_manifests
from ledger12315.published.taking_in import by_unit
from ledger12315.published.writing import SQL_TYPES
from ledger12315.rules.counting import of_facts
from ledger12315.rules.measures import Figures
from ledger12315.rules.periods import parse_period
from ledger12315.rules.publishing import FACTS

SIZES, STATIONS, OF_EACH, ROUNDS = (10**5, 10**6, 10**7, 3 * 10**7), 1_500, 250, 5
PERIOD, SUBMITTED = parse_period("2026Q3"), date(2026, 10, 8)
# Whatever a case is follows from its number n and that of its station.
_CASES = """
    SELECT printf('%032x', {station}) AS station, '榕溪县' AS county, n AS id,
        station || '/' || n % 24 AS point_id,
        ['mall', 'supermarket', 'market', 'enterprise', 'scenic', 'other'][1 + n % 6] AS type,
        ['direct', 'direct', 'referred', 'other'][1 + (hash(n) % 4)::INT] AS source,
        'goods' AS kind, 'food' AS category, 'quality' AS problem, 'visit' AS channel,
        CASE WHEN hash(n + 1) % 50 > 0
            THEN ['settled', 'settled', 'mediated', 'withdrawn'][1 + (hash(n + 2) % 4)::INT]
        END AS outcome,
        CASE WHEN outcome IS NOT NULL THEN 'satisfied' END AS rating,
        DATE '2026-07-01' + (hash(n + 3) % 92)::INT AS received, received + 7 AS due,
        NULL::DATE AS escalated,
        CASE WHEN outcome IS NOT NULL THEN received + (hash(n + 4) % 9)::INT END AS closed,
        NULL::DATE AS voided, (hash(n + 5) % 100000)::BIGINT AS disputed,
        CASE WHEN outcome = 'settled' THEN disputed ELSE 0 END AS recovered, false AS reopened
    FROM range({count}) AS numbers (n)"""


def tables(folder: Path, count: int, station: str) -> None:
    """Write a quarter's tables: so many complaints, and nothing else."""
    folder.mkdir(parents=True)
    for table, columns in FACTS.items():
        empty = ", ".join(f"NULL::{SQL_TYPES[each.type]} AS {each.name}" for each in columns)
        rows = f"SELECT {empty} WHERE false"
        if table == "complaint":
            rows = _CASES.format(count=count, station=station)
        file = quoted(folder / f"{table}.parquet")
        duckdb.execute(
            f"COPY (FROM ({rows}) ORDER BY station) TO {file} (FORMAT parquet, COMPRESSION zstd)"
        )


def figures_in(folder: Path) -> Mapping[str, Figures]:
    """Return the figures of each station."""
    with duckdb.connect() as duck:
        for table in FACTS:
            file = quoted(folder / f"{table}.parquet")
            duck.execute(f"CREATE VIEW {table} AS FROM read_parquet({file})")
        return by_unit(duck.execute(of_facts(PERIOD, "station")))


def manifest(home: Path, key: str, figures: Figures, files: Mapping[str, File]) -> None:
    home.mkdir(parents=True, exist_ok=True)
    station = Publisher(key, f"第{int(key, 16)}所", "榕溪县", None)
    first, last, none = PERIOD.first, PERIOD.last, "0" * 64
    about: tuple[Any, ...] = (
        "0",
        station,
        PERIOD.code,
        first,
        last,
        1,
        None,
        SUBMITTED,
        none,
        none,
        [],
        {},
    )
    made = Manifest._make((*about, figures, [], files))
    (home / NAME).write_bytes(made.written())


def apart(work: Callable[..., None], *given: object) -> None:
    """Work in a process of its own: who starts another one hands its peak on."""
    with get_context("spawn").Pool(1) as pool:
        pool.apply(work, given)


def timed(folder: Path, line: str, rounds: int = ROUNDS) -> tuple[float, float, float]:
    """Return a command's median seconds, those of the processor, and its peak in megabytes."""
    env = os.environ | {"LEDGER12315_TODAY": str(SUBMITTED), "LEDGER12315_LANG": "en"}
    env |= {"LEDGER12315_DB": str(folder / "ledger.sqlite")}
    command = [sys.executable, "-m", "ledger12315", *line.split()]
    took = []
    for _ in range(rounds):
        began = perf_counter()
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command, env=env, **quiet)  # type: ignore[call-overload]
        _, status, usage = os.wait4(process.pid, 0)
        assert os.waitstatus_to_exitcode(status) == 0, line
        cpu = usage.ru_utime + usage.ru_stime
        took.append((perf_counter() - began, cpu, usage.ru_maxrss / 1024))
    seconds, cpus, peaks = zip(*took, strict=True)
    return median(seconds), median(cpus), max(peaks)


def shown(name: str, took: tuple[float, ...], *more: object) -> None:
    cells = (name, f"{took[0]:.2f}", f"{took[1]:.2f}", f"{took[2]:.0f}", *map(str, more))
    print("|", " | ".join(cells), "|", flush=True)


def make_store(store: Path, size: int) -> None:
    home = store / PERIOD.code
    tables(home, size, f"n % {STATIONS}")
    none = {table: File(0, 0, "0" * 64) for table in FACTS}
    with TemporaryDirectory() as made:
        for key, figures in figures_in(home).items():
            manifest(Path(made, key), key, figures, none)
        put_manifests(home, map(read, Path(made).iterdir()))


def query(folder: Path) -> None:
    """Ask a quarter of each size, and look over the stations of the last."""
    for size in SIZES:
        store = folder / f"store{size}"
        if not store.exists():
            apart(make_store, store, size)
        bytes_ = (store / PERIOD.code / "complaint.parquet").stat().st_size / size
        for by in ("type", "station"):
            ask = f"county query rollup 6 {PERIOD.code} --internal --json --by {by}"
            took = timed(folder, f"{ask} --store {store}")
            shown(f"county query by {by}, {size:,}", took, f"{bytes_:.1f} bytes a complaint")
    status = timed(folder, f"county status {PERIOD.code} --store {store}")
    shown(f"county status, {STATIONS:,} manifests, {size:,}", status, "")


def make_inbox(home: Path) -> None:
    for number in range(STATIONS):
        key = f"{number:032x}"
        place = home / key / PERIOD.code / "1"
        tables(place, OF_EACH, str(number))
        found = {each: place / f"{each}.parquet" for each in FACTS}
        rows = dict.fromkeys(FACTS, 0) | {"complaint": OF_EACH}
        files = {
            each: File(rows[each], file.stat().st_size, hash_of(file))
            for each, file in found.items()
        }
        manifest(place, key, figures_in(place)[key], files)


def load(folder: Path) -> None:
    """Load what all stations published."""
    home, store = folder / "inbox", folder / "store"
    if not home.exists():
        apart(make_inbox, home)
    rmtree(store, ignore_errors=True)
    took = timed(folder, f"county load {home} --store {store}", 1)
    shown(f"county load, {STATIONS:,} stations, {STATIONS * OF_EACH:,}", took, "")


def publish(folder: Path) -> None:
    """Publish the quarter of a ledger that submitted it."""
    rmtree(folder / "out", ignore_errors=True)
    took = timed(folder, f"publish {folder / 'out'} {PERIOD.code}", 1)
    [file] = (folder / "out").glob("*/*/1/complaint.parquet")
    [count] = duckdb.execute(f"SELECT count(*) FROM {quoted(file)}").fetchone() or (0,)
    size = sum(each.stat().st_size for each in file.parent.iterdir())
    shown(f"publish, {count:,}", took, f"{size / count:.1f} bytes a complaint")


PARTS: Mapping[str, Callable[[Path], None]] = {"query": query, "load": load, "publish": publish}


if __name__ == "__main__":
    print("| what | seconds | of processor | peak MB | |\n|---|--:|--:|--:|---|")
    for each in sys.argv[2:] or PARTS:
        PARTS[each](Path(sys.argv[1]))
