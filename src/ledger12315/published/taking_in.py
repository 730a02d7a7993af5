"""Facts taken into tables: only what their columns, words, rows and figures allow."""

from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger12315.errors import Message, message
from ledger12315.published.arriving import Fault, Looked, fault_of
from ledger12315.published.engine import quoted
from ledger12315.published.reading import Published
from ledger12315.published.writing import SQL_TYPES
from ledger12315.rules.counting import of_facts
from ledger12315.rules.measures import MEASURES, Figures, nothing, sparse, with_totals
from ledger12315.rules.publishing import FACTS, OF_STATION, Fact

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def taken_in(duck: "DuckDBPyConnection", publications: Sequence[Published]) -> Looked:
    """Take the facts of a period into tables; return whose were taken, and what is wrong."""
    faults: dict[Path, Fault] = {}
    for table in FACTS:
        rest = [each for each in publications if each.folder not in faults]
        for each, why in _table(duck, table, rest):
            faults[each.folder] = fault_of(each, "broken", why)
            # Its rows may call themselves another station's.
            file = str(each.folder / f"{table}.parquet")
            duck.execute(f"DELETE FROM {table} WHERE filename = ?", [file])
    taken = _left(duck, publications, faults)
    other = unlike(duck, taken)
    for each in taken:
        if each.manifest.station.key in other:
            why = message("its figures are not those of its rows")
            faults[each.folder] = fault_of(each, "unlike", why)
    sound = _left(duck, taken, faults)
    return sound, [*faults.values()]


def _left(
    duck: "DuckDBPyConnection", publications: Sequence[Published], faults: Container[Path]
) -> list[Published]:
    """Return the publications without a fault; what is of other stations leaves the tables."""
    left = [each for each in publications if each.folder not in faults]
    keys = [each.manifest.station.key for each in left]
    for table in FACTS:
        duck.execute(f"DELETE FROM {table} WHERE station NOT IN (SELECT unnest(?))", [keys])
    return left


def _table(
    duck: "DuckDBPyConnection", table: str, publications: Sequence[Published]
) -> Iterator[tuple[Published, Message]]:
    """Take in one table of all; yield whose file holds something else than it should."""
    expected = [f"{each.name} {SQL_TYPES[each.type]}" for each in FACTS[table]]
    duck.execute(f"CREATE TABLE {table} ({', '.join(expected)}, filename VARCHAR)")
    files = {each.folder: str(each.folder / f"{table}.parquet") for each in publications}
    columns = dict(_read(duck, _COLUMNS, [*files.values()]))
    fitting = []
    for each in publications:
        if columns.get(files[each.folder]) == sorted(expected):
            fitting.append(each)
        else:
            why = message("{file} has other columns than it should", file=f"{table}.parquet")
            yield each, why
    names = ", ".join(each.name for each in FACTS[table])
    rows = f"INSERT INTO {table} SELECT {names}, filename FROM read_parquet(?, filename = true)"
    _read(duck, rows, [files[each.folder] for each in fitting])
    yield from _strange(duck, table, fitting)


_COLUMNS = """
    SELECT file_name, list_sort(list(concat(name, ' ', duckdb_type)))
    FROM parquet_schema(?) WHERE duckdb_type IS NOT NULL GROUP BY file_name"""


def _read(duck: "DuckDBPyConnection", query: str, files: Sequence[str]) -> list[Any]:
    """Return what a query finds in all files that can be read."""
    import duckdb

    try:
        return duck.execute(query, [files]).fetchall() if files else []
    except duckdb.Error:
        half = len(files) // 2
        parts = (files[:half], files[half:]) if half else ()
        return [row for part in parts for row in _read(duck, query, part)]


def _strange(
    duck: "DuckDBPyConnection", table: str, publications: Sequence[Published]
) -> Iterator[tuple[Published, Message]]:
    """Yield whose file has a text where a code should stand, or rows of others, or too few."""
    wrong = " OR ".join(f"NOT ({each})" for each in filter(None, map(_right, FACTS[table])))
    query = f"""
        SELECT filename, count(*), bool_or({wrong}), min(station), max(station), min(county),
               max(county)
        FROM {table} GROUP BY filename"""
    seen = {row[0]: row[1:] for row in duck.execute(query).fetchall()}
    for each in publications:
        told = each.manifest
        key, county = told.station.key, told.station.county
        file = f"{table}.parquet"
        count, strange, *of = seen.get(
            str(each.folder / file), (0, False, key, key, county, county)
        )
        if strange or of != [key, key, county, county]:
            yield each, message("{file} holds what does not belong there", file=file)
        elif count != told.files[table].rows:
            yield each, message("{file} has other rows than it should", file=file)


def _right(fact: Fact) -> str:
    """Return the condition of what may stand in a column; NULL may."""
    if fact.name in OF_STATION:
        return f"{fact.name} IS NOT NULL"
    if fact.words:
        return f"coalesce({fact.name} IN ({', '.join(map(quoted, fact.words))}), true)"
    if fact.of_point:
        return f"coalesce(regexp_full_match({fact.name}, station || '/[0-9]+'), true)"
    if fact.name == "period":
        return "regexp_full_match(period, '[0-9]{4}(Q[1-4]|A)')"
    return ""


def unlike(duck: "DuckDBPyConnection", publications: Sequence[Published]) -> set[str]:
    """Return the keys of stations whose rows give other figures than their manifests tell."""
    told = {each.manifest.station.key: each.manifest for each in publications}
    if not told:
        return set()
    found = by_unit(duck.execute(of_facts(publications[0].manifest.days, "station")))
    return {
        key
        for key, manifest in told.items()
        if sparse(found.get(key, {})) != sparse(manifest.figures)
    }


def by_unit(cursor: Any) -> dict[str, Figures]:
    """Return what the query of rules/counting.py found: the figures of each unit."""
    names = [column[0] for column in cursor.description]
    found: dict[str, dict[str, dict[str, int]]] = {}
    for values in cursor.fetchall():
        row = dict(zip(names, values, strict=True))
        unit = found.setdefault(row["unit"], nothing())
        for key in MEASURES:
            unit[key][row["of_type"]] = int(row[key])
    return {unit: with_totals(each) for unit, each in found.items()}
