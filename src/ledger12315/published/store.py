"""A county's store, one DuckDB file: all revisions, their facts, and the registry."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ledger12315.errors import Unusable, message
from ledger12315.published.engine import (
    MEMORY,
    Duck,
    demand_engine,
    explain_disk_errors,
    new_folder_beside,
    open_engine,
    sql_literal,
)
from ledger12315.published.taking_in import Numbered, counted_facts_sql
from ledger12315.published.writing import columns_of
from ledger12315.rules.measures import Figures, with_totals, zero_figures
from ledger12315.rules.periods import Period
from ledger12315.rules.publishing import FACTS, SCHEMA
from ledger12315.rules.registry import RegistryEntry

_STORE_MEGABYTES = 700
_STORE_TABLES = """
    CREATE TABLE publication (id INTEGER, loaded DATE, manifest VARCHAR, station VARCHAR,
        name VARCHAR, county VARCHAR, code VARCHAR, period VARCHAR, first DATE, last DATE,
        revision INTEGER, previous VARCHAR, identity VARCHAR, as_submitted BOOLEAN,
        submitted DATE, head VARCHAR, attachment6 VARCHAR);
    CREATE TABLE facts.figure (publication INTEGER, of_type VARCHAR, measure VARCHAR,
        figure BIGINT);
    CREATE TABLE registry (key VARCHAR, name VARCHAR, county VARCHAR, code VARCHAR,
        county_code VARCHAR, since DATE, until DATE, follows VARCHAR[])"""


class FiguresRequest(NamedTuple):
    """A request for a period's figures: as submitted or corrected, as the store was on a day."""

    days: Period
    as_submitted: bool = False
    as_of: date | None = None


class StationOfPeriod(NamedTuple):
    """A station of a period by its publication, by the registry, or both.

    It `counts` if its figures are added.
    """

    station: str
    name: str
    county_name: str
    county: str
    follows: str | None
    registered: bool
    counts: bool
    revision: int | None
    submitted: date | None
    last: date | None


@contextmanager
def open_store(store: Path, writes: bool = False) -> Iterator[Duck]:
    """Open a store; an empty one is read if there is none. Raises Unusable."""
    duckdb = demand_engine()
    there = writes or store.exists()
    # Resolved: DuckDB reads paths that look like addresses differently.
    file = store.resolve()
    if "?" in str(file):  # before one DuckDB would put the end of its log's name
        raise Unusable(
            "{path} cannot be a store, because its path contains a question mark. Move it to"
            " another folder, or choose one with --store.",
            path=store,
        )
    try:
        if writes:
            with explain_disk_errors(store):
                store.parent.mkdir(parents=True, exist_ok=True)
        with open_engine(_STORE_MEGABYTES, file if there else MEMORY, writes or not there) as duck:
            _demand_tables(duck, store, makes=writes or not there)
            yield duck
    except duckdb.Error as error:
        if isinstance(error, duckdb.OutOfMemoryException):
            why = message("there is not enough memory")
            raise Unusable("{path} cannot be read: {reason}.", path=store, reason=why) from error
        if "set lock" not in str(error) and "being used" not in str(error):
            raise _damaged_store(store) from error
        raise Unusable(
            "Another load is running in {path}, or it is being read. Try again in a moment.",
            path=store,
        ) from error


def _damaged_store(store: Path) -> Unusable:
    return Unusable(
        "{path} is not a store of this program, or it is damaged. Load the stations' "
        "publications into a new one: ledger12315 county load DIR --store FILE",
        path=store,
    )


def _demand_tables(duck: Duck, store: Path, makes: bool) -> None:
    """Make the tables of a new store. Raises Unusable for another program's file."""
    if makes and not duck.execute("FROM duckdb_tables()").fetchone():
        with explain_disk_errors(store):
            duck.execute("BEGIN; CREATE SCHEMA facts")
            for table in FACTS:
                duck.execute(
                    f"CREATE TABLE facts.{table}"
                    f" (publication INTEGER, {', '.join(columns_of(table))})"
                )
            duck.execute(
                f"{_STORE_TABLES}; CREATE TABLE version AS SELECT {SCHEMA} AS schema; COMMIT"
            )
    if duck.execute("FROM version").fetchall() != [(SCHEMA,)]:
        raise _damaged_store(store)


def selection_sql(asked: FiguresRequest) -> str:
    """Return SQL that makes a table of a period's stations and publications."""
    first, last = (f"DATE '{day}'" for day in (asked.days.first, asked.days.last))
    which = f"period = '{asked.days.code}'"
    which += " AND as_submitted" * asked.as_submitted
    which += f" AND loaded <= DATE '{asked.as_of}'" * bool(asked.as_of)
    return f"""CREATE OR REPLACE TEMP TABLE station AS
WITH newest AS (
    SELECT * FROM publication WHERE {which}
    QUALIFY row_number() OVER (PARTITION BY station ORDER BY revision DESC) = 1
), entry AS (
    SELECT * FROM registry
    WHERE coalesce(since <= {last}, true) AND coalesce(until >= {first}, true)
    QUALIFY row_number() OVER (PARTITION BY key ORDER BY since DESC NULLS LAST) = 1
)
SELECT coalesce(station, key) AS station, coalesce(entry.name, newest.name) AS name,
    coalesce(entry.code, newest.code) AS code,
    coalesce(entry.county_code, entry.county, newest.county) AS county,
    coalesce(entry.county, newest.county) AS county_name,
    (SELECT string_agg(DISTINCT name, '、' ORDER BY name) FROM registry
     WHERE list_contains(entry.follows, key)) AS follows,
    key IS NOT NULL AS registered,
    coalesce(first = {first}, false) AND (key IS NOT NULL OR NOT EXISTS (FROM registry)) AS counts,
    id AS publication, revision, submitted, last
FROM newest FULL JOIN entry ON key = station"""


def fact_views(last: date) -> Iterator[str]:
    """Yield SQL for a view of each table, with the facts that count, for a period's last day."""
    for table in FACTS:
        yield f"""CREATE OR REPLACE TEMP VIEW {table} AS
SELECT fact.* EXCLUDE (publication) REPLACE (station.county AS county)
FROM facts.{table} AS fact JOIN station USING (publication)
WHERE counts AND last = DATE '{last}'"""


def stations_of_period(duck: Duck, asked: FiguresRequest) -> list[StationOfPeriod]:
    """Return a period's stations; afterwards its facts can be queried."""
    duck.execute(selection_sql(asked))
    query = f"SELECT {', '.join(StationOfPeriod._fields)} FROM station ORDER BY name, station"
    return [StationOfPeriod(*row) for row in duck.execute(query).fetchall()]


def held_figures(duck: Duck, of: Iterable[StationOfPeriod], by: str) -> dict[str, Figures]:
    """Return the figures of the stations that count, by station, by county or in total."""
    found = {getattr(each, by) if by else "": zero_figures() for each in of if each.counts}
    query = f"""
        SELECT {by or "''"}, measure, of_type, CAST(sum(figure) AS BIGINT)
        FROM facts.figure JOIN station USING (publication) WHERE counts GROUP BY ALL"""
    for unit, key, type_, figure in duck.execute(query).fetchall():
        found[unit][key][type_] = figure
    return {unit: with_totals(found[unit]) for unit in sorted(found)}


def altered_stations(duck: Duck, days: Period) -> set[str]:
    """Return the stations whose facts give other figures than when they were loaded.

    For an annual return by the calendar, each station has the days that it submitted.
    """
    found: set[str] = set()
    lasts = "SELECT DISTINCT last FROM station WHERE counts AND last IS NOT NULL"
    for [last] in duck.execute(lasts).fetchall():
        which = f"SELECT publication FROM station WHERE counts AND last = DATE '{last}'"
        query = f"""
            WITH every AS (
                {counted_facts_sql(duck, days._replace(last=last), which, "facts.")}
                UNION ALL FROM facts.figure WHERE publication IN ({which})
            ), once AS (
                SELECT publication FROM every
                GROUP BY publication, of_type, measure, figure HAVING count(*) = 1
            )
            SELECT DISTINCT station FROM station JOIN once USING (publication)"""
        found.update(station for [station] in duck.execute(query).fetchall())
    return found


def add_publications(duck: Duck, sound: Numbered, day: date, stage: Path) -> None:
    """Put publications into the store in one transaction, their facts from views `laid_…`.

    DuckDB uses the folder `stage` for data that does not fit into memory.
    """
    # Not before: files made to do harm could have filled the disk.
    duck.execute(f"SET temp_directory = {sql_literal(stage)}; BEGIN")
    [[base]] = duck.execute("SELECT coalesce(max(id) + 1, 0) FROM publication").fetchall()
    rows = [
        [base + number, day, hash_, *manifest.station, *manifest.days[:3], *manifest[2:9]]
        for number, (_, manifest, hash_) in sound.items()
    ]
    # One by one: DuckDB needs much memory for a list of them.
    duck.executemany(f"INSERT INTO publication VALUES ({', '.join('?' * len(rows[0]))})", rows)
    which = ", ".join(map(str, sound))
    for table in (*FACTS, "figure"):
        duck.execute(f"""
            INSERT INTO facts.{table}
            SELECT * REPLACE (CAST({base} + publication AS INTEGER) AS publication)
            FROM laid_{table} WHERE publication IN ({which})""")
    duck.execute("COMMIT")
    # On a full disk its log stays beside the store, and the next load tries again.
    with suppress(demand_engine().Error):
        duck.execute("CHECKPOINT")


def replace_registry(duck: Duck, entries: Iterable[RegistryEntry]) -> None:
    """Replace the registry with a new one."""
    duck.execute("BEGIN; DELETE FROM registry")
    rows = [[*each[:-1], [*each.follows]] for each in entries]
    duck.executemany("INSERT INTO registry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    duck.execute("COMMIT")


def export_parquet(duck: Duck, target: Path) -> list[str]:
    """Write the facts that count as Parquet, a folder for each period; return their names.

    Raises Unusable if the folder cannot be written.
    """
    query, names = f"SELECT DISTINCT period, first, last FROM ({_NEWEST}) ORDER BY ALL", []
    with new_folder_beside(target) as fresh:
        for code, first, last in duck.execute(query).fetchall():
            days = Period(code, first, last, "")
            # Each station's own days, where it submitted the calendar year before its end.
            names.append(f"{code}-{last}" if days.is_annual and first.month == 1 else code)
            home = fresh / names[-1]
            home.mkdir()
            duck.execute(";".join([selection_sql(FiguresRequest(days)), *fact_views(last)]))
            for table in (*FACTS, "station"):
                stations = f"{_EXPORTED} AND last = DATE '{last}'"
                rows = stations if table == "station" else f"FROM {table}"
                file = sql_literal(home / f"{table}.parquet")
                duck.execute(f"COPY ({rows}) TO {file} (FORMAT parquet, COMPRESSION zstd)")
        if names:
            fresh.rename(target)
    return names


_NEWEST = """
    FROM publication
    QUALIFY row_number() OVER (PARTITION BY period, station ORDER BY revision DESC) = 1"""
_EXPORTED = "SELECT station, name, code, county, county_name FROM station WHERE counts"
