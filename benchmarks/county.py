"""Growth past one machine: facts of many stations, made up, loaded and asked.

`python -m benchmarks.county FOLDER [PART...]` runs what is named, or all: `query`, over a
quarter of 375,000 to 3·10^7 complaints of 1,500 stations, beside SQL by hand, and `status` of
them; `load`, of what 1,500 stations sent, at once, one more, and after a kill; `large`, the same
stations with 10^7 and 3·10^7 complaints, loaded, asked, one more; `send`, of FOLDER/ledger.sqlite,
made by `benchmarks.data` with a first day in the quarter, and submitted. POSIX only.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from multiprocessing import get_context
from pathlib import Path
from shutil import copy2, rmtree
from statistics import median
from time import perf_counter, sleep
from typing import Any, NamedTuple

import duckdb

from benchmarks.measure import surroundings
from ledger12315.county.loading import put_facts
from ledger12315.county.records import facts_document, return_document
from ledger12315.county.store import Kept, keep, open_store, transaction
from ledger12315.facts.engine import sql_literal
from ledger12315.facts.manifest import (
    MANIFEST,
    File,
    Manifest,
    Sender,
    hash_of,
    parse_manifest,
)
from ledger12315.facts.taking_in import row_marks
from ledger12315.facts.writing import columns_of
from ledger12315.rules.facts import FACTS, SCHEMA, identity, row_sums_sql
from ledger12315.rules.facts_query import facts_query, period_days
from ledger12315.rules.hand_ins import StationReturn
from ledger12315.rules.measures import zero_figures
from ledger12315.rules.periods import Period, parse_period, reported_quarters
from ledger12315.rules.reported import Stamp
from tests.facts.engines import figures_found

SIZES, STATIONS, OF_EACH, ROUNDS = (375_000, 10**6, 10**7, 3 * 10**7), 1_500, 250, 5
LARGE = SIZES[2:]
PERIOD, SUBMITTED = parse_period("2026Q3"), date(2026, 10, 8)


class Province(NamedTuple):
    """So many stations in so many counties; `cases` of all, received from `first` on for `days`.

    Where it is `uneven`, stations have few cases or many, and few or many types.
    """

    stations: int
    counties: int
    cases: int
    first: date = PERIOD.first
    days: int = 92
    uneven: bool = False
    seed: int = 0
    points: int = 24

    def laid(self, duck: "duckdb.DuckDBPyConnection") -> None:
        """Lay out all that happened in tables called after those of facts."""
        of = (
            f"hash(n, 0, {self.seed}) % {self.stations}" if self.uneven else f"n % {self.stations}"
        )
        if self.uneven:
            of = f"({of}) * ({of} + 1) // {self.stations}"
        key = "printf('%032x', s) AS station, '第' || s % {} || '县' AS county"
        types = self._one("type", "1 + hash(s) % 6" if self.uneven else "6", of="complaint")
        duck.execute(f"""
            CREATE TABLE whole_complaint AS
            SELECT {key.format(self.counties)}, n AS id,
                   station || '/' || n % {self.points} AS point_id, {types} AS type,
                   DATE '{self.first}' + ({self._at(6, self.days)} - 1) AS received,
                   received + 7 AS due, CASE WHEN {self._at(7, 60)} = 1 THEN received + 3 END
                   AS escalated,
                   CASE WHEN {self._at(8, 100)} < 86 THEN received + {self._at(9, 9)}
                        WHEN {self._at(8, 100)} < 99 THEN received + {self._at(9, 90)}
                   END AS closed,
                   ['direct', 'direct', 'direct', 'direct', 'referred', 'other'][{self._at(2, 6)}]
                   AS source, ['goods', 'goods', 'service', 'other'][{self._at(3, 4)}] AS kind,
                   {self._one("category")} AS category, {self._one("problem")} AS problem,
                   {self._one("channel")} AS channel,
                   CASE WHEN closed IS NOT NULL THEN CASE WHEN {self._at(4, 5)} > 1
                        THEN 'settled' ELSE {self._one("outcome")} END END AS outcome,
                   CASE WHEN closed IS NOT NULL AND {self._at(5, 5)} < 3
                        THEN {self._one("rating")} END AS rating,
                   CASE WHEN {self._at(10, 200)} = 1 THEN received + 1 END AS voided,
                   exp({self._at(11, 90)} / 10 + 4)::BIGINT * {self._at(12, 100)} AS disputed,
                   CASE WHEN outcome = 'settled' THEN disputed WHEN {self._at(19, 20)} > 1 THEN 0
                   END AS recovered,
                   {self._at(13, 300)} = 1 AS reopened
            FROM (SELECT n, ({of})::BIGINT AS s FROM range({self.cases}) AS numbers (n))""")
        each = (
            f"""FROM range({self.stations}) AS stations (s), range({self.points}) AS points (n)"""
        )
        keyed = f"SELECT {key.format(self.counties)}, station || '/' || n AS"
        begins = f"DATE '{self.first}' + ({self._at(14, 900)} - 500)"
        ends = f"CASE WHEN {self._at(15, 8)} = 1 THEN {begins} + 400 END"
        kinds = (
            "['inquiry', 'visit', 'meeting', 'training', 'notice', 'interview', 'lead', 'major']"
        )
        for table, select in {
            "point": f"id, {begins} AS since, {ends} AS retired,"
            f" DATE '2020-01-01' AS begins {each}",
            "point_type": f"point_id, {self._one('type')} AS type, {begins} AS since,"
            f" {ends} AS until {each}",
            "contact": f"point_id, 'liaison' AS role, {begins} AS since, {ends} AS until {each}",
            "demonstration": f"point_id, {self._one('level')} AS level, {begins} AS since,"
            f" {ends} AS until {each} WHERE n % 9 = 0",
            "record": f"point_id, {self._one('type')} AS type, {kinds}[{self._at(16, 8)}] AS kind,"
            f" DATE '{self.first}' + ({self._at(17, self.days)} - 1) AS day,"
            f" {self._at(18, 9)} AS count, NULL::DATE AS voided {each}",
        }.items():
            duck.execute(f"CREATE TABLE whole_{table} AS {keyed} {select}")

    def _at(self, salt: int, many: object) -> str:
        """Return SQL for a number from 1 to so many, another one for each row and salt."""
        return f"(1 + (hash(n, s, {salt + 100 * self.seed}) % ({many}))::INT)"

    def _one(self, column: str, many: str = "", of: str = "") -> str:
        """Return SQL for one of the words that may stand in a column."""
        tables = [of] if of else FACTS
        words = next(
            fact.words for table in tables for fact in FACTS[table] if fact.name == column
        )
        return f"{[*words]}[{self._at(len(column) + ord(column[0]), many or len(words))}]"


def period_laid(duck: "duckdb.DuckDBPyConnection", days: Period) -> None:
    """Lay out the facts of a period, as stations send them."""
    first, last = (f"DATE '{day}'" for day in days[1:3])
    quarters = ", ".join(sql_literal(each.code) for each in reported_quarters(days))
    when = dict.fromkeys(("point", "point_type", "contact", "demonstration"), f"since <= {last}")
    when["complaint"] = f"received <= {last} AND (closed IS NULL OR closed >= {first})"
    when["record"] = f"day BETWEEN {first} AND {last}"
    for table, facts in FACTS.items():
        duck.execute(f"CREATE OR REPLACE TABLE {table} ({', '.join(columns_of(table, SCHEMA))})")
        columns = [_told(fact.name, last) for fact in facts]
        rows = f"whole_{table} WHERE {when.get(table)}"
        if table == "record":
            columns[2] = "row_number() OVER (PARTITION BY station)"
        if table == "point_return":
            columns = ["station", "county", "point_id", "quarter", f"{last} + 3"]
            rows = f"point_type, unnest([{quarters}]) AS quarters (quarter)"
            rows += " WHERE hash(point_id) % 9 > 0"
        if table not in ("sent", "totals"):
            # By station, as loads put them, and so that what one sent is found at once.
            select = f"SELECT {', '.join(columns)} FROM {rows} ORDER BY station"
            duck.execute(f"INSERT INTO {table} {select}")
    duck.execute("""
        CREATE OR REPLACE TABLE station AS
        SELECT DISTINCT station, '第' || station || '所' AS name, county, county AS county_name
        FROM point""")


def _told(name: str, last: str) -> str:
    """Return SQL for a column without what happened after the last day."""
    if name in ("closed", "escalated", "retired", "until"):
        return f"CASE WHEN {name} <= {last} THEN {name} END"
    if name in ("outcome", "rating", "recovered"):
        return f"CASE WHEN closed <= {last} THEN {name} END"
    return name


def manifests(duck: "duckdb.DuckDBPyConnection", days: Period) -> Iterator[Manifest]:
    """Yield what each station tells of the facts that are laid out, without files."""
    of = (f"('{each}', DATE '{first}', DATE '{last}')" for each, first, last in period_days(days))
    duck.execute(f"""
        CREATE OR REPLACE TABLE period AS SELECT station, days.*
        FROM station, (VALUES {", ".join(of)}) AS days (quarter, first_day, last_day)""")
    rows = duck.execute(facts_query("station", ("station",)))
    columns = [each[0] for each in rows.description]
    figures = figures_found(columns, rows.fetchall())
    sums: dict[str, dict[str, Any]] = {}
    for table in FACTS:
        query = f"SELECT station, {row_sums_sql(table, SCHEMA)} FROM {table} GROUP BY station"
        for key, *found in duck.execute(query).fetchall():
            sums.setdefault(key, {})[table] = found
    none = "0" * 64
    besides = {"program": "0", "calendar": [], "settings": {}, "corrections": []}
    for key, county in duck.execute("SELECT station, county FROM station ORDER BY 1").fetchall():
        whose = Sender(key, f"第{int(key, 16)}所", county, None)
        files = {table: File(sums[key].get(table, [0])[0], 0, none) for table in FACTS}
        yield Manifest(
            whose,
            days,
            1,
            None,
            identity(none, days, sums[key]),
            True,
            max(SUBMITTED, days.last),
            none,
            f"{int(key, 16):064x}",
            datetime.combine(max(SUBMITTED, days.last), time(9), UTC),
            1,
            figures.get(key, zero_figures()),
            files,
            besides,
            0,
        )


def write_inbox(duck: "duckdb.DuckDBPyConnection", days: Period, home: Path) -> None:
    """Write the facts of all stations for a period."""
    empty: dict[str, Path] = {}
    # A table's rows are in the order of stations; keys begin alike, so they skip no rows.
    at = {
        table: {
            key: f"rowid BETWEEN {first} AND {last}"
            for key, first, last in duck.execute(
                f"SELECT station, min(rowid), max(rowid) FROM {table} GROUP BY station"
            ).fetchall()
        }
        for table in FACTS
    }
    for each in manifests(duck, days):
        place = home / each.station.key / days.code / "1"
        place.mkdir(parents=True)
        files = {}
        for table in FACTS:
            file, rows = place / f"{table}.parquet", each.files[table].rows
            if rows or table not in empty:
                select = f"FROM {table} WHERE {at[table].get(each.station.key, 'false')}"
                duck.execute(
                    f"COPY ({select}) TO {sql_literal(file)} (FORMAT parquet, COMPRESSION zstd)"
                )
            else:
                copy2(empty[table], file)
            if not rows:
                empty[table] = file
            files[table] = File(rows, file.stat().st_size, hash_of(file.read_bytes()))
        (place / MANIFEST).write_text(each._replace(files=files).written(), "utf-8")


def apart(work: Callable[..., None], *given: object) -> None:
    """Work in a process of its own: who starts another one hands its peak on."""
    with get_context("spawn").Pool(1) as pool:
        pool.apply(work, given)


def started(
    folder: Path, line: str, program: str = "ledger12315", out: int = subprocess.DEVNULL
) -> "subprocess.Popen[bytes]":
    """Start a command of ours or another one, which says nothing unless it is to print."""
    env = surroundings(
        LEDGER12315_TODAY=str(SUBMITTED + timedelta(1)),
        LEDGER12315_LANG="en",
        LEDGER12315_DB=str(folder / "ledger.sqlite"),
    )
    command = [sys.executable, "-m", program, *line.split()]
    return subprocess.Popen(command, env=env, stdout=out, stderr=subprocess.DEVNULL)


def timed(
    folder: Path, line: str, rounds: int = ROUNDS, program: str = "ledger12315"
) -> tuple[float, float, float]:
    """Return a command's median seconds, those of the processor, and its peak in megabytes."""
    took = []
    for _ in range(rounds):
        began = perf_counter()
        process = started(folder, line, program)
        _, status, usage = os.wait4(process.pid, 0)
        assert os.waitstatus_to_exitcode(status) == 0, line
        cpu = usage.ru_utime + usage.ru_stime
        took.append((perf_counter() - began, cpu, usage.ru_maxrss / 1024))
    seconds, cpus, peaks = zip(*took, strict=True)
    return median(seconds), median(cpus), max(peaks)


def shown(name: str, took: tuple[float, ...], *more: object) -> None:
    cells = (name, f"{took[0]:.2f}", f"{took[1]:.2f}", f"{took[2]:.0f}", *map(str, more))
    print("|", " | ".join(cells), "|", flush=True)


def printed(folder: Path, line: str, program: str = "ledger12315") -> Any:
    """Return the JSON that a command prints."""
    text = started(folder, line, program, subprocess.PIPE).communicate()[0]
    return json.loads(text)


def demand_same(found: Any, folder: Path, store: Path, by: str) -> None:
    """Raise AssertionError if SQL by hand gives another Attachment 6."""
    units = found["units"] if by == "station" else [found | {"key": ""}]
    rows = {(unit["key"], row["type"]): row for unit in units for row in unit["rows"]}
    for row in printed(folder, f"{store} {by}", "benchmarks.by_hand"):
        row.pop("name")
        assert rows[row.pop("unit"), row["type"]] == row


def make_store(store: Path, size: int) -> None:
    """Put a quarter of so many complaints into a store, as a load does."""
    with open_store(store, writes=True) as duck:
        duck.execute("SET memory_limit = '16GB'; SET preserve_insertion_order = false")
        duck.execute(f"ATTACH {sql_literal(store.with_suffix('.made'))} AS made; USE made")
        Province(STATIONS, 100, size).laid(duck)
        period_laid(duck, PERIOD)
        there = [*manifests(duck, PERIOD)]
        number = "CAST('0x' || substr(station, 20) AS INTEGER) AS hand_in"
        for table in FACTS:
            rows = f"SELECT {number}, * FROM made.{table}"
            duck.execute(f"CREATE TEMP VIEW laid_{table} AS {rows}")
        duck.execute(f"USE {store.stem}")
        with transaction(duck):
            marks = row_marks(duck, range(len(there)), "laid_")
            facts = [kept_facts(each, marks[number]) for number, each in enumerate(there)]
            base = keep(duck, [*facts, *map(kept_return, there)], SUBMITTED, False)
            put_facts(duck, {number: base + number for number in range(len(there))})
        duck.execute("DETACH made")
    store.with_suffix(".made").unlink()


def kept_facts(manifest: Manifest, mark: str) -> Kept:
    """Return what a county keeps of facts beside their rows."""
    key = manifest.station.key, manifest.days.code, manifest.attachment6
    return Kept("facts", *key, facts_document(manifest, mark), {})


def kept_return(manifest: Manifest) -> Kept:
    """Return what a county keeps of a station's Attachment 6."""
    days, whose = manifest.days, manifest.station
    stamp = Stamp(manifest.moment, 1, manifest.head)
    sent = StationReturn("", whose.name, days, days.last, manifest.figures, stamp, whose.county)
    document = return_document(sent._replace(key=whose.key))
    return Kept("return", whose.key, days.code, manifest.attachment6, document, {})


def keep_returns(home: Path, store: Path) -> None:
    """Put the returns into a store whose facts are in a folder, as a load of workbooks does."""
    texts = (json.loads(file.read_bytes()) for file in home.rglob(MANIFEST))
    with open_store(store, writes=True) as duck, transaction(duck):
        keep(duck, [kept_return(parse_manifest(each)) for each in texts], SUBMITTED, False)


def query(folder: Path) -> None:
    """Ask a quarter of each size, and look over the stations of each."""
    for size in SIZES:
        store = folder / f"store{size}.duckdb"
        if not store.exists():
            apart(make_store, store, size)
        ask_store(folder, store, size)


def ask_store(folder: Path, store: Path, size: int) -> None:
    """Ask a quarter of a store, and look over its stations."""
    bytes_ = store.stat().st_size / size
    for by in ("type", "station"):
        ask = f"county rollup 6 {PERIOD.code} --json --by {by}"
        took = timed(folder, f"{ask} --store {store}")
        shown(f"county rollup by {by}, {size:,}", took, f"{bytes_:.1f} bytes a complaint")
        hand = timed(folder, f"{store} {by}", program="benchmarks.by_hand")
        demand_same(printed(folder, f"{ask} --store {store}"), folder, store, by)
        shown("the same by hand in DuckDB", hand, f"ours {took[1] / hand[1]:.2f} ×")
    status = timed(folder, f"county status {PERIOD.code} --store {store}")
    shown(f"county status, {STATIONS:,} stations, {size:,}", status, "")


def make_inbox(home: Path, province: Province, periods: Iterable[Period]) -> None:
    """Write what the stations of a province sent of some periods."""
    home.mkdir(parents=True)
    made = home.with_suffix(".made")
    with duckdb.connect(made, config={"memory_limit": "6GB"}) as duck:
        province.laid(duck)
        for days in periods:
            period_laid(duck, days)
            write_inbox(duck, days, home)
    made.unlink()


def load(folder: Path) -> None:
    """Load what all stations sent; then all but one, and the last; then after a kill."""
    home, store, last = folder / "inbox", folder / "load.duckdb", folder / "last"
    if not home.exists():
        apart(make_inbox, home, Province(STATIONS, 100, STATIONS * OF_EACH), [PERIOD])
    into = f"--store {store}"
    store.unlink(missing_ok=True)
    keep_returns(home, store)
    took = timed(folder, f"county load {home} {into}", 1)
    shown(f"county load, {STATIONS:,} stations, {STATIONS * OF_EACH:,}", took, "")
    shown(
        "county load of the same folder, nothing new", timed(folder, f"county load {home} {into}")
    )
    store.unlink()
    keep_returns(home, store)
    one = f"{STATIONS - 1:032x}"
    rmtree(last, ignore_errors=True)
    (home / one).rename(last)
    try:
        assert started(folder, f"county load {home} {into}").wait() == 0
        took = timed(folder, f"county load {last} {into}", 1)
        shown(f"county load, one station into {STATIONS - 1:,}", took)
    finally:
        last.rename(home / one)
    store.unlink()
    keep_returns(home, store)
    killed = started(folder, f"county load {home} {into}")
    sleep(took[0] + 3)
    killed.kill()
    killed.wait()
    shown("county load after a kill", timed(folder, f"county load {home} {into}", 1))


def large(folder: Path) -> None:
    """Load very many complaints of the same stations; ask their store, and load one more."""
    for size in LARGE:
        home, store = folder / f"inbox{size}", folder / f"large{size}.duckdb"
        if not home.exists():
            apart(make_inbox, home, Province(STATIONS, 100, size), [PERIOD])
        store.unlink(missing_ok=True)
        keep_returns(home, store)
        others = [home / f"{each:032x}" for each in range(STATIONS - 1)]
        into = f"--store {store}"
        took = timed(folder, f"county load {' '.join(map(str, others))} {into}", 1)
        shown(f"county load, {STATIONS - 1:,} stations, {size:,}", took, "")
        last = home / f"{STATIONS - 1:032x}"
        took = timed(folder, f"county load {last} {into}", 1)
        shown(f"county load, one station into {STATIONS - 1:,}, {size:,}", took, "")
        ask_store(folder, store, size)


def one_by_one(folder: Path) -> None:
    """Load the hand-ins of all stations one at a time, each by a command."""
    home, store = folder / "inbox", folder / "each.duckdb"
    store.unlink(missing_ok=True)
    keep_returns(home, store)
    took = [
        timed(folder, f"county load {each} --store {store}", 1) for each in [*home.iterdir()][:300]
    ]
    shown("county load, of 300 stations one by one, the first", took[0])
    shown("county load, of 300 stations one by one, the last", took[-1])
    shown("all of them", (sum(each[0] for each in took), sum(each[1] for each in took), 0))


def send(folder: Path) -> None:
    """Send the quarter of a ledger that submitted it."""
    rmtree(folder / "out", ignore_errors=True)
    took = timed(folder, f"returns send {folder / 'out'} {PERIOD.code}", 1)
    [file] = (folder / "out").glob("*/complaint.parquet")
    [count] = duckdb.execute(f"SELECT count(*) FROM {sql_literal(file)}").fetchone() or (0,)
    size = sum(each.stat().st_size for each in file.parent.iterdir())
    shown(f"send, {count:,}", took, f"{size / count:.1f} bytes a complaint")


PARTS: Mapping[str, Callable[[Path], None]] = {
    "query": query,
    "load": load,
    "large": large,
    "one": one_by_one,
    "send": send,
}


if __name__ == "__main__":
    print("| what | seconds | of processor | peak MB | |\n|---|--:|--:|--:|---|")
    for each in sys.argv[2:] or PARTS:
        PARTS[each](Path(sys.argv[1]))
