"""Engines that a county may use: each runs a query over tables of Parquet files."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from ledger12315.rules.measures import MEASURES, Figures, with_totals, zero_figures

Files = Mapping[str, str]
"""Table -> its files, as a pattern."""
Rows = list[dict[str, Any]]


def duckdb(files: Files, query: str) -> Rows:
    import duckdb as library

    with library.cursor() as connection:  # of one engine, which takes long to start
        for table, paths in files.items():
            connection.execute(f"CREATE TEMP VIEW {table} AS FROM read_parquet('{paths}')")
        found = connection.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def polars(files: Files, query: str) -> Rows:
    import polars as library

    frames = {table: library.scan_parquet(paths) for table, paths in files.items()}
    return list(library.SQLContext(frames).execute(query, eager=True).to_dicts())


def chdb(files: Files, query: str) -> Rows:
    import json

    from chdb.session import Session

    with Session() as session:
        for table, paths in files.items():
            session.query(f"CREATE VIEW {table} AS SELECT * FROM file('{paths}', Parquet)")
        settings = "join_use_nulls = 1, output_format_json_quote_64bit_integers = 0"
        text = session.query(f"{query} SETTINGS {settings}", "JSONEachRow").bytes()
        return [json.loads(line) for line in text.splitlines()]


def datafusion(files: Files, query: str) -> Rows:
    from datafusion import SessionConfig, SessionContext

    deep = {"datafusion.execution.listing_table_ignore_subdirectory": "false"}
    context = SessionContext(SessionConfig(deep))
    for table, paths in files.items():
        context.register_view(table, context.read_parquet(paths))
    return list(context.sql(query).to_pylist())


def spark(files: Files, query: str) -> Rows:
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[2]").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    for table, paths in files.items():
        session.read.parquet(paths).createOrReplaceTempView(table)
    return [row.asDict() for row in session.sql(query).collect()]


ENGINES: Mapping[str, Callable[[Files, str], Rows]] = {
    "duckdb": duckdb,
    "polars": polars,
    "chdb": chdb,
    "datafusion": datafusion,
    "pyspark": spark,
}
HERE = [name for name in ENGINES if find_spec(name)]
"""Those that are installed: `nox -s engines` has all of them."""


def figures_found(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[Any, Figures]:
    """Return the result of `of_facts` by unit; `names` are its columns."""
    found: dict[Any, dict[str, dict[str, int]]] = {}
    for values in rows:
        row = dict(zip(names, values, strict=True))
        unit = found.setdefault(row["unit"], zero_figures())
        for key in MEASURES:
            unit[key][row["of_type"]] = row[key]
    return {unit: with_totals(each) for unit, each in found.items()}
