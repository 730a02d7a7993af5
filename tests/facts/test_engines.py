"""The printed query gives the figures of the stations' ledgers on every engine."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.facts.manifest import Manifest, Sender
from ledger12315.ledger.facts import facts_after
from ledger12315.ledger.station import station
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import begin, last_act
from ledger12315.rules.counting import facts_query
from ledger12315.rules.facts import FACTS
from ledger12315.rules.measures import MEASURES, Figures, with_totals, without_zeros
from ledger12315.rules.periods import Period, parse_period
from ledger12315.words import TYPES
from tests.building import act, empty_ledger, loaded
from tests.facts.engines import ENGINES, HERE, Files, Rows, figures_found
from tests.facts.making import write_quickly
from tests.ledger.drawn import Lines, lives

pytestmark = pytest.mark.slow  # writes many files

PERIODS = ["2025Q4", "2026Q1", "2026Q2", "2026Q3", "2026Q4", "2026A", "2025A", "2027Q1"]
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


def of_facts(ledgers: Iterable[Ledger], period: Period, home: Path) -> Iterator[Figures]:
    """Write the facts of each ledger, and yield its figures."""
    for ledger in ledgers:
        sender, day = Sender(*station(ledger)), date(2027, 1, 5)
        with facts_after(ledger, period, last_act(ledger)) as found:
            about: tuple[Any, ...] = (sender, period, 1, None, "", True, day, "", "")
            (home / sender.key).mkdir()
            at = datetime(2027, 1, 5, 9, tzinfo=UTC), found.act
            manifest = Manifest._make((*about, *at, found.figures, {}, {}))
            write_quickly(home / sender.key, manifest, found.rows)
            named(home / sender.key, sender)
            yield found.figures


def named(home: Path, whose: Sender) -> None:
    """Write the names of a station, as in a county's export."""
    import polars

    row = {"station": whose.key, "name": whose.name, "county": whose.county}
    row["county_name"] = f"{whose.county}局"
    polars.DataFrame([row]).write_parquet(home / "station.parquet")


def files_in(home: Path) -> Files:
    return {table: f"{home}/*/{table}.parquet" for table in (*FACTS, "station")}


def by_unit(rows: Rows) -> dict[str, Figures]:
    """Return a query's result as figures."""
    return figures_found([*rows[0]], [[*row.values()] for row in rows]) if rows else {}


def summed(figures: Iterable[Figures]) -> Figures:
    each = [*figures]
    return with_totals(
        {key: {type_: sum(one[key][type_] for one in each) for type_ in TYPES} for key in MEASURES}
    )


def in_sqlite(files: Files, query: str) -> Rows:
    """Run the query on SQLite, which has days as text, over all stations at once."""
    import duckdb

    with closing(sqlite3.connect(":memory:")) as ledger:
        for table, paths in files.items():
            rows = duckdb.execute(f"FROM read_parquet('{paths}')")
            names = [
                f"{column[0]} {_TYPES.get(str(column[1]), '')}" for column in rows.description
            ]
            ledger.execute(f"CREATE TABLE {table} ({', '.join(names)})")
            places = ", ".join("?" * len(names))
            ledger.executemany(f"INSERT INTO {table} VALUES ({places})", rows.fetchall())
        ledger.row_factory = sqlite3.Row
        return [dict(row) for row in ledger.execute(query.replace("DATE '", "'"))]


_TYPES = {"BIGINT": "INTEGER", "VARCHAR": "TEXT", "DATE": "TEXT"}
EVERY: Mapping[str, Any] = {"sqlite": in_sqlite, **{name: ENGINES[name] for name in HERE}}


def agree(
    lives: Iterable[str | Lines],
    periods: Iterable[str],
    more: Any = None,
    engines: Iterable[str] = EVERY,
) -> None:
    with ExitStack() as opened:
        ledgers = stations(lives, opened)
        for ledger in ledgers[:1] if more else ():
            more(ledger)
        for code in periods:
            with TemporaryDirectory() as folder:
                period = parse_period(code)
                expected = [*of_facts(ledgers, period, Path(folder))]
                keys = [station(ledger).key for ledger in ledgers]
                of_each = dict(zip(keys, map(without_zeros, expected), strict=True))
                for name in engines:
                    run = EVERY[name]
                    if code == OF_SAME[0]:  # it differs from the other query in its groups alone
                        whole = by_unit(run(files_in(Path(folder)), facts_query(period, "")))
                        assert without_zeros(whole.get("", summed([]))) == without_zeros(
                            summed(expected)
                        ), name
                        if name == "duckdb":
                            query = facts_query(period, "county")
                            counties = by_unit(run(files_in(Path(folder)), query))
                            assert {
                                unit: without_zeros(each) for unit, each in counties.items()
                            } == {
                                f"第{odd}县": without_zeros(summed(expected[odd::2]))
                                for odd in (0, 1)
                            }
                    units = by_unit(run(files_in(Path(folder)), facts_query(period, "station")))
                    found = {
                        key: without_zeros(units[key]) if key in units else {} for key in keys
                    }
                    assert found == of_each, (name, code)


def test_three_stations_with_the_same_ids() -> None:
    """Of one quarter also the sums of all, and of each county."""
    agree(STATIONS, OF_SAME, totals)


@settings(max_examples=2)
@given(
    st.lists(lives(), min_size=3, max_size=3), st.sampled_from(PERIODS), st.sampled_from([*EVERY])
)
def test_any_three_stations(three: list[Lines], code: str, engine: str) -> None:
    agree(three, [code], engines=[engine])
