"""The printed query gives the figures of the stations' ledgers on every engine."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, chdir, closing, contextmanager
from datetime import UTC, date, datetime
from functools import cache, partial
from hashlib import sha256
from itertools import combinations, product
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.county.facts import export_facts
from ledger12315.county.loading import load_hand_ins
from ledger12315.county.store import open_store, read_book
from ledger12315.ledger.facts import facts_after
from ledger12315.ledger.station import station
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import begin, last_act
from ledger12315.rules.facts_query import facts_query
from ledger12315.rules.hand_ins import sum_figures
from ledger12315.rules.measures import without_zeros
from ledger12315.rules.periods import parse_period
from tests.building import act, empty_ledger, loaded
from tests.facts.engines import HERE, Rows, figures_found, on_engine
from tests.facts.making import keeps_returns, made
from tests.ledger.drawn import OFTEN, Lines, lives

pytestmark = pytest.mark.slow  # writes many files
DAY = date(2027, 4, 5)

PERIODS = ["2025Q4", "2026Q2", "2026A", "2027Q1"]
# What happened to the stations below, a year, and one before them.
OF_SAME = ["2026Q2", "2026A", "2025A"]
# Every id is there three times. At one station a day is worked that is none elsewhere, at another
# one is off; points change their type, retire, send totals that stand for their cases.
SAME = """
    register 甲 --type mall --since 2026-01-01 --liaison 李四
    register 乙 --type market --since 2026-01-01 --liaison 李四
    point amend P001 --type supermarket --on 2026-05-15
    point amend P001 --demonstration municipal --on 2026-02-01
    log P001 --received 2026-03-30 --disputed 12.34
    close _ --outcome settled --closed 2026-04-08 --rating satisfied --recovered 5
    log P001 --received 2026-05-14 --source other
    complaint escalate _ --reason 疑难 --on 2026-06-30
    log P002 --received 2026-06-23 --kind service --disputed 1000000000
    close _ --outcome mediated --closed 2026-07-02
    log P002 --received 2026-06-24
    record visit P001 --on 2026-05-20 --count 2
    record lead P002 --on 2026-05-21 --count 3
    record meeting - --on 2026-06-01
    returns receive P001 2026Q2 --on 2026-07-03
"""
STATIONS = (
    SAME,
    SAME
    + """
    calendar day 2026-06-28 --why 抗洪 --work
    point retire P002 --on 2026-06-01
    log P001 --received 2026-06-26
    complaint void _ --reason 重复 --on 2026-06-27
    """,
    SAME
    + """
    calendar day 2026-04-02 --why 台风
    close 2026-0004 --outcome advised --told 2026-06-25 --closed 2026-07-01
    complaint reopen 2026-0004 --reason 误结
    """,
)


def totals(ledger: Ledger) -> None:
    """A story in which one point sent totals in place of a quarter's cases."""
    told = {"received": 2, "received_direct": 2, "received_goods": 2, "disputed": 10**12}
    told |= {"open_end": 2, "inquiries": 4, "leads": 2, "overdue_end": 1}
    ledger.execute("BEGIN")
    ledger.execute(
        "INSERT INTO act (at, user, command) VALUES ('2026-07-04T09:00:00+08:00', '', 'receive')"
    )
    ledger.execute(
        "INSERT INTO point_return (point_id, period, day, state, totals)"
        " VALUES (2, '2026Q2', '2026-07-04', 'totals', ?)",
        (str(told).replace("'", '"'),),
    )
    ledger.execute("COMMIT")


def stations(lives: Iterable[str | Lines], opened: ExitStack) -> list[Ledger]:
    """Open a ledger for each of these stories."""
    found = []
    for number, lines in enumerate(lives):
        ledger = opened.enter_context(loaded(empty_ledger()))
        named_ = (f"{number:032x}", f"第{number}所", f"第{number % 2}县")
        begin(ledger, "init")
        ledger.execute("UPDATE station SET key = ?, name = ?, county = ?", named_)
        each = lines.splitlines() if isinstance(lines, str) else lines
        act(ledger, *filter(None, map(str.strip, each)), refused=True)
        found.append(ledger)
    return found


def export(ledgers: Sequence[Ledger], codes: Iterable[str]) -> dict[tuple[str, str], Any]:
    """Let a county load what these ledgers send of some periods, and export it into `all`.

    Return the figures by period and station.
    """
    found = {}
    for ledger, code in product(ledgers, codes):
        (key, name, county, _), period = station(ledger), parse_period(code)
        with facts_after(ledger, period, last_act(ledger)) as taken:
            digest = sha256(f"{key}{code}".encode()).hexdigest()
            whose = {"key": key, "name": name, "county": county}
            of = {"days": period, "attachment6": digest, "submitted": DAY, "act": taken.act}
            figures = found[code, key] = taken.figures
            made(Path("in", key, code), 0, rows=taken.rows, figures=figures, **whose, **of)
    store = Path("county.duckdb")
    keeps_returns(Path("in"), store, DAY)
    now = datetime(2027, 4, 6, 9, tzinfo=UTC)
    _, faults = load_hand_ins(store, [Path("in")], now, True, practises=False, dry_run=False)
    assert not faults
    with open_store(store) as duck:
        book = read_book(duck)[0]
        periods = map(parse_period, codes)
        export_facts(duck, Path("all"), [(each, book.members(each)) for each in periods])
    return found


def added(found: Mapping[tuple[str, str], Any], unit: Callable[[str], str]) -> dict[Any, Any]:
    """Return figures by period and unit, which follows from the station's key, without zeros."""
    units: dict[Any, list[Any]] = {}
    for (code, key), figures in found.items():
        units.setdefault((code, unit(key)), []).append(figures)
    return {of: without_zeros(sum_figures(each)) for of, each in units.items()}


@contextmanager
def in_sqlite() -> Iterator[Callable[[], Rows]]:
    """Yield what runs the query on SQLite, which has days as text."""
    import duckdb

    with closing(sqlite3.connect(":memory:")) as ledger:
        for table in {file.stem for file in Path("all").glob("*/*.parquet")}:
            rows = duckdb.execute(f"FROM read_parquet('all/*/{table}.parquet')")
            names = [
                f"{column[0]} {_TYPES.get(str(column[1]), '')}" for column in rows.description
            ]
            ledger.execute(f"CREATE TABLE {table} ({', '.join(names)})")
            places = ", ".join("?" * len(names))
            ledger.executemany(f"INSERT INTO {table} VALUES ({places})", rows.fetchall())
        ledger.row_factory = sqlite3.Row
        yield lambda: [dict(row) for row in ledger.execute(Path("rollup.sql").read_text())]


_TYPES = {"BIGINT": "INTEGER", "VARCHAR": "TEXT", "DATE": "TEXT"}
UNITS: dict[str, Callable[[str], str]] = {
    "station": str,
    "county": lambda key: f"第{int(key, 16) % 2}县",
    "": lambda _: "",
}
"""What the query adds up by, from the station's key."""


def counted(run: Callable[[], Rows], by: str) -> dict[Any, Any]:
    """Return what an engine makes of the printed query, without zeros."""
    Path("rollup.sql").write_text(facts_query(by))
    rows = run()
    units = figures_found([*rows[0]], [[*row.values()] for row in rows]) if rows else {}
    return {of: without_zeros(each) for of, each in units.items()}


@cache
def home() -> "TemporaryDirectory[str]":
    """Return the folder of each story: Spark stays in the one that it was started in."""
    return TemporaryDirectory()


def agree(
    lives: Iterable[str | Lines], codes: Iterable[str], more: Any, engines: Sequence[str], by: str
) -> None:
    """Demand the stations' own figures of SQLite by each unit, of these engines by one."""
    with chdir(home().name), ExitStack() as opened:
        for left in Path().iterdir():
            rmtree(left) if left.is_dir() else left.unlink()
        ledgers = stations(lives, opened)
        for ledger in ledgers[:1] if more else ():
            more(ledger)
        own = export(ledgers, [*codes])
        sqlite = opened.enter_context(in_sqlite())
        others = [(partial(on_engine, name), by) for name in engines]
        for run, unit in [*product([sqlite], UNITS), *others]:
            expected, found = added(own, UNITS[unit]), counted(run, unit)
            assert {of: found.get(of, {}) for of in expected} == expected, (run, unit)
            assert found.keys() <= expected.keys()


def test_three_stations_with_the_same_ids() -> None:
    agree(STATIONS, OF_SAME, totals, HERE, "station")


@settings(max_examples=OFTEN)
@given(
    st.lists(lives(), min_size=3, max_size=3, unique_by=str),
    st.sampled_from([*combinations(PERIODS, 2)]),
    st.sampled_from(HERE),
    st.sampled_from([*UNITS]),
)
def test_any_three_stations(
    three: list[Lines], codes: tuple[str, str], engine: str, by: str
) -> None:
    agree(three, codes, None, [engine], by)
