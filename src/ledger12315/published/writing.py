"""A publication written: a Parquet file for each table, then the manifest, in one folder."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger12315.published.engine import engine, quoted, written
from ledger12315.published.manifest import NAME, File, Manifest, Publisher, hash_of
from ledger12315.rules.publishing import FACTS, OF_STATION, Fact

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SQL_TYPES = {"string": "VARCHAR", "integer": "BIGINT", "date": "DATE", "boolean": "BOOLEAN"}
"""What a column is to DuckDB, and so in Parquet."""
_MEGABYTES = 150


def write(target: Path, manifest: Manifest, rows: Mapping[str, Iterable[tuple[Any, ...]]]) -> None:
    """Write a publication as a new folder, which is there as a whole or not at all.

    Rows lack what is alike in all of them, and name points by their number. Raises Unusable.
    """
    with engine(_MEGABYTES) as duck, written(target) as fresh:
        files = {
            table: _table(duck, fresh / table, manifest.station, rows[table]) for table in FACTS
        }
        (fresh / NAME).write_bytes(manifest._replace(files=files).written())
        fresh.rename(target)


def _table(
    duck: "DuckDBPyConnection", place: Path, whose: Publisher, rows: Iterable[tuple[Any, ...]]
) -> File:
    """Write a table's file: what SQLite has is handed over as csv."""
    handed, file = place.with_suffix(".csv"), place.with_suffix(".parquet")
    with handed.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(rows)
    facts = FACTS[place.name][len(OF_STATION) :]
    columns = {each.name: SQL_TYPES[each.type] for each in facts}
    values = [f"{quoted(whose.key)} AS station", f"{quoted(whose.county)} AS county"]
    values += [_value(each, whose) for each in facts]
    duck.execute(f"""
        COPY (SELECT {", ".join(values)}
              FROM read_csv({quoted(handed)}, header = false, auto_detect = false,
                            delim = ',', quote = '"', escape = '"', columns = {columns}))
        TO {quoted(file)} (FORMAT parquet, COMPRESSION zstd)""")
    handed.unlink()
    [count] = duck.execute(f"SELECT count(*) FROM read_parquet({quoted(file)})").fetchone() or (0,)
    return File(count, file.stat().st_size, hash_of(file))


def _value(fact: Fact, whose: Publisher) -> str:
    """Return a fact as SQL has it of a row that was handed over."""
    if fact.of_point:
        return f"{quoted(f'{whose.key}/')} || {fact.name} AS {fact.name}"
    return fact.name
