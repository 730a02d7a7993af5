"""Facts written: a Parquet file for each table, then the manifest, in one folder."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ledger12315.facts.engine import Duck, open_engine, path_literal, rows_of_file, sql_literal
from ledger12315.facts.manifest import MANIFEST, File, Manifest, Sender, hash_of
from ledger12315.rules.facts import (
    FACTS,
    OF_STATION,
    SCHEMA,
    Fact,
    columns_of_schema,
    identity,
    row_sums_sql,
)

# The types of columns in DuckDB, and so in Parquet.
_ENGINE_TYPES = {"string": "VARCHAR", "integer": "BIGINT", "date": "DATE", "boolean": "BOOLEAN"}
_WRITER_MEGABYTES = 150


def columns_of(table: str, schema: int) -> list[str]:
    """Return the SQL declarations of a table's columns."""
    return [f"{each.name} {_ENGINE_TYPES[each.type]}" for each in columns_of_schema(table, schema)]


def write_facts(
    fresh: Path, manifest: Manifest, rows: Mapping[str, Iterable[tuple[Any, ...]]]
) -> Manifest:
    """Write facts into a new folder; return the manifest with files and identity.

    Rows omit the columns that are equal in all of them, and name points by their number. Raises
    duckdb.Error.
    """
    files, sums = dict[str, File](), dict[str, Sequence[int]]()
    with open_engine(_WRITER_MEGABYTES) as duck:
        for table in FACTS:
            files[table], sums[table] = _write_table(
                duck, fresh / table, manifest.station, rows[table]
            )
    made = manifest._replace(files=files, identity=identity(manifest.head, manifest.days, sums))
    (fresh / MANIFEST).write_text(made.written(), "utf-8")
    return made


def _write_table(
    duck: Duck, place: Path, whose: Sender, rows: Iterable[tuple[Any, ...]]
) -> tuple[File, Sequence[int]]:
    """Write a table's file, and return the sum of its rows' hashes.

    SQLite's rows are passed as csv.
    """
    handed, file = place.with_suffix(".csv"), place.with_suffix(".parquet")
    with handed.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(rows)
    facts = FACTS[place.name][len(OF_STATION) :]
    columns = {each.name: _ENGINE_TYPES[each.type] for each in facts}
    values = [f"{sql_literal(whose.key)} AS station", f"{sql_literal(whose.county)} AS county"]
    values += [_fact_sql(each, whose) for each in facts]
    duck.execute(f"""
        COPY (SELECT {", ".join(values)}
              FROM read_csv({path_literal(handed)}, header = false, auto_detect = false,
                            delim = ',', quote = '"', escape = '"', columns = {columns}))
        TO {sql_literal(file)} (FORMAT parquet, COMPRESSION zstd)""")
    sums: Sequence[int] = [0]
    if handed.stat().st_size:
        query = f"SELECT {row_sums_sql(place.name, SCHEMA)} FROM {rows_of_file(file)}"
        [sums] = duck.execute(query).fetchall()
    handed.unlink()
    return File(sums[0], file.stat().st_size, hash_of(file.read_bytes())), sums


def _fact_sql(fact: Fact, whose: Sender) -> str:
    """Return SQL for a fact from SQLite's row."""
    if fact.of_point:
        return f"{sql_literal(f'{whose.key}/')} || {fact.name} AS {fact.name}"
    return fact.name
