"""Checks of facts before a county loads them: columns, words, rows and figures.

Each table's files are in one folder, under the numbers of the hand-ins there.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from glob import escape
from pathlib import Path
from typing import Any

from ledger12315.errors import Message, message
from ledger12315.facts.arriving import Fault, SentFacts, content_of
from ledger12315.facts.engine import Duck, path_literal, rows_of_file, sql_literal
from ledger12315.facts.writing import columns_of
from ledger12315.rules.facts import FACTS, SCHEMA, identity, invalid_rows_sql, row_sums_sql
from ledger12315.rules.facts_query import MEASURES_BY_EVENT, counted_sql, period_days
from ledger12315.rules.measures import Figures, measures_of_schema, without_zeros
from ledger12315.rules.periods import Period, reported_quarters

Numbered = dict[int, SentFacts]
"""The facts of hand-ins by number."""
WrongFacts = Iterator[tuple[int, Message]]
"""A problem, with the number of its hand-in."""
_MOST_GROUPS = 1_000
_ROWS_OF_FILES = "read_parquet($files, filename = true, hive_partitioning = false)"
# A file's name is its hand-in's number and its table.
_FILE_NUMBER = "CAST(parse_filename({}, true) AS INTEGER)"
_SHAPES = f"""
    SELECT parse_filename(name), columns, num_rows, num_row_groups <= {_MOST_GROUPS}
    FROM (SELECT file_name AS name, list_sort(list(concat(name, ' ', duckdb_type))) AS columns
          FROM parquet_schema($files) WHERE duckdb_type IS NOT NULL GROUP BY file_name)
    JOIN parquet_file_metadata($files) ON name = file_name"""


def make_fact_tables(duck: Duck) -> None:
    """Make the tables of facts, each with the number of its hand-in."""
    duck.execute("CREATE SCHEMA facts")
    for table in FACTS:
        columns = ", ".join(columns_of(table, SCHEMA))
        duck.execute(f"CREATE TABLE facts.{table} (hand_in INTEGER, {columns})")


def take_in_facts(
    duck: Duck, sent: Sequence[SentFacts], stage: Path
) -> tuple[Numbered, list[Fault]]:
    """Put the facts of hand-ins into views `laid_…`; return the sound ones and faults.

    Their files are in the folder `stage`; the views have rows of unsound ones too.
    """
    left = dict(enumerate(sent))
    faults = list[Fault]()
    if not left:
        return left, faults
    # What a file says of its values is not believed.
    duck.execute("SET disabled_optimizers = 'statistics_propagation'")

    def leave_out(wrong: WrongFacts, state: str = "broken") -> None:
        faults.extend(left.pop(number).fault(state, why) for number, why in dict(wrong).items())

    leave_out(_copy_files(left, stage))
    files = [escape(str(stage / f"{number}.{table}")) for number in left for table in FACTS]
    shapes = _each_read(duck, _SHAPES, files)
    for table in FACTS:
        for schema in {each.manifest.schema for each in left.values()}:
            leave_out(_invalid_files(duck, table, schema, left, stage, shapes))
        _join_files(duck, table, left, stage)
    leave_out(_rows_unlike_manifest(duck, left), "unlike")
    return left, faults


def _copy_files(of: Numbered, stage: Path) -> WrongFacts:
    """Copy the files, so that exactly the checked bytes are read; yield those that differ."""
    for number, each in of.items():
        for table, listed in each.manifest.files.items():
            content = content_of(each.folder, table, listed)
            if isinstance(content, Message):
                yield number, content
                break
            (stage / f"{number}.{table}").write_bytes(content)


def _invalid_files(
    duck: Duck,
    table: str,
    schema: int,
    every: Numbered,
    stage: Path,
    shapes: Mapping[Any, list[Any]],
) -> WrongFacts:
    """Yield hand-ins of a schema whose file of a table has another shape, or invalid values.

    Each column is read to its end, while it is known whose file is damaged.
    """
    columns = sorted(columns_of(table, schema))
    of = {number: each for number, each in every.items() if each.manifest.schema == schema}
    files = {number: escape(str(stage / f"{number}.{table}")) for number in of}
    counts = {number: each.manifest.files[table].rows for number, each in of.items()}
    fit = [
        number
        for number in of
        if shapes.get(f"{number}.{table}") == [columns, counts[number], True]
    ]
    quarters = {each.code for one in of.values() for each in reported_quarters(one.manifest.days)}
    read = ", ".join(each.partition(" ")[0] for each in columns)
    query = f"""
        SELECT {_FILE_NUMBER.format("filename")} AS n, {invalid_rows_sql(table, quarters, schema)},
               bit_xor(hash({read})) IS NULL,
               min(left(station, 200)), max(left(station, 200)), min(left(county, 200)),
               max(left(county, 200))
        FROM {_ROWS_OF_FILES} GROUP BY n"""
    seen = _each_read(duck, query, [files[each] for each in fit if counts[each]])
    for number, each in of.items():
        whose, file = each.manifest.station, f"{table}.parquet"
        right = [False, False, whose.key, whose.key, whose.county, whose.county]
        if number not in fit:
            yield number, message("{file} has other columns or rows than it should", file=file)
        elif counts[number] and seen.get(number) != right:
            yield (
                number,
                message("{file} contains something that does not belong there", file=file),
            )


def _each_read(duck: Duck, query: str, files: Sequence[str]) -> dict[Any, list[Any]]:
    """Return a query's result from all readable files, by their names or numbers."""
    import duckdb

    try:
        rows = duck.execute(query, {"files": files}).fetchall() if files else []
        return {name: row for name, *row in rows}
    except duckdb.Error:
        half = len(files) // 2
        first, rest = files[:half], files[half:]
        return _each_read(duck, query, first) | _each_read(duck, query, rest) if half else {}


def _join_files(duck: Duck, table: str, of: Numbered, stage: Path) -> None:
    """Join a table's files into one, since each query opens them many times."""
    source = none = f"(SELECT * FROM facts.{table} LIMIT 0)"
    if filled := _with_rows(of, table):
        files = ", ".join(path_literal(stage / f"{number}.{table}") for number in filled)
        rows = _ROWS_OF_FILES.replace("$files", f"[{files}], union_by_name = true")
        each = (
            f"SELECT {_FILE_NUMBER.format('filename')} AS hand_in, * EXCLUDE (filename)"
            f" FROM {rows}"
        )
        whole = stage / f"{table}.laid"
        select = f"({none} UNION ALL BY NAME ({each}))"
        duck.execute(f"COPY {select} TO {sql_literal(whole)} (FORMAT parquet)")
        source = rows_of_file(whole)
    duck.execute(f"CREATE OR REPLACE TEMP VIEW laid_{table} AS FROM {source}")


def _with_rows(of: Numbered, table: str) -> list[int]:
    """Return the hand-ins that have rows of a table."""
    return [number for number, each in of.items() if each.manifest.files[table].rows]


def _rows_unlike_manifest(duck: Duck, of: Numbered) -> WrongFacts:
    """Yield hand-ins whose rows differ from the manifest, or give other figures."""
    sums = defaultdict[int, dict[str, Sequence[int]]](dict)
    schemas = defaultdict[int, list[str]](list)
    for number, each in of.items():
        schemas[each.manifest.schema].append(str(number))
    for table in (each for each in FACTS if _with_rows(of, each)):
        for schema, those in schemas.items():
            query = f"SELECT hand_in, {row_sums_sql(table, schema)} FROM laid_{table}"
            which = f"WHERE hand_in IN ({', '.join(those)}) GROUP BY hand_in"
            for number, *found in duck.execute(f"{query} {which}").fetchall():
                sums[number][table] = found
    days = {number: each.manifest.days for number, each in of.items()}
    figures = counted_facts(duck, days, "laid_")
    for number, each in of.items():
        manifest = each.manifest
        if identity(manifest.head, manifest.days, sums[number]) != manifest.identity:
            yield number, message("its rows do not match its manifest")
        elif not equal_as_counted(figures[number], manifest.figures, manifest.counted):
            yield number, message("its figures do not match its rows")


FiguresOf = Mapping[int, Mapping[str, Mapping[str, int]]]
"""Figures of hand-ins by number, measure and type, without zeros."""


def counted_facts(duck: Duck, days: Mapping[int, Period], home: str) -> FiguresOf:
    """Return the figures of hand-ins of these days, counted from their facts.

    `home` comes before the names of their tables.
    """
    rows = [(number, *each) for number, period in days.items() for each in period_days(period)]
    found = defaultdict[int, dict[str, dict[str, int]]](lambda: defaultdict(dict))
    if not rows:
        return found
    # As lists: so many values in the text of a query take longer than counting.
    duck.execute(
        """
        CREATE OR REPLACE TEMP TABLE period AS
        SELECT unnest(?::INTEGER[]) AS hand_in, unnest(?::VARCHAR[]) AS quarter,
            unnest(?::DATE[]) AS first_day, unnest(?::DATE[]) AS last_day""",
        [*map(list, zip(*rows, strict=True))],
    )
    for table in FACTS:
        duck.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS FROM {home}{table}")
    some = " UNION ALL ".join(f"(SELECT '{each}' FROM {each} LIMIT 1)" for each in FACTS)
    empty = FACTS.keys() - {table for [table] in duck.execute(some).fetchall()}
    counted = duck.execute(counted_sql("hand_in", ("hand_in",), empty))
    for event, type_, number, *figures in counted.fetchall():
        for measure, figure in zip(MEASURES_BY_EVENT[event], figures, strict=False):
            if figure:
                row = found[number][measure.key]
                row[type_] = row.get(type_, 0) + figure
    return found


def row_marks(duck: Duck, numbers: Sequence[int], home: str) -> dict[int, str]:
    """Return a mark of the rows of each hand-in: of other values in any column it is another.

    `home` comes before the names of their tables. Another version of DuckDB may give other marks.
    """
    if not numbers:
        return {}
    marks = (
        f"SELECT hand_in, hash({', '.join([repr(table), *(each.name for each in facts)])}) AS mark"
        f" FROM {home}{table}"
        for table, facts in FACTS.items()
    )
    rows = duck.execute(
        f"""
        WITH asked AS (SELECT unnest(?::INTEGER[]) AS hand_in)
        SELECT hand_in, sum(mark)::VARCHAR
        FROM ({" UNION ALL ".join(marks)}) JOIN asked USING (hand_in) GROUP BY hand_in""",
        [[*numbers]],
    )
    return dict.fromkeys(numbers, "") | dict(rows.fetchall())


def equal_as_counted(found: Mapping[str, Mapping[str, int]], stated: Figures, schema: int) -> bool:
    """Return whether counted figures are the stated ones, in the measures of a ledger's schema."""
    known = {each.key for each in measures_of_schema(schema)}
    return {key: row for key, row in found.items() if key in known} == without_zeros(stated)
