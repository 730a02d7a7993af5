"""The past of the ledger's rows, built from the history: what acts changed, and what was before.

Whatever asks for an earlier state, for the rows that acts changed, or whether rows are still what
the history made them, asks here. What an act did, in returns/causes.py, and which days it named,
in returns/changed.py, are columns of the history itself.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any

from ledger12315.boxes.tables import APART, PERSONAL
from ledger12315.ledger.store import Ledger, insert, single
from ledger12315.ledger.store.history import (
    column_names,
    new_values,
    row_after,
    tables,
    written_values,
)
from ledger12315.rules.events import EVENTS
from ledger12315.words import ERASED

TABLES_COUNTED = {"special_day"}.union(*(event.tables for event in EVENTS.values()))
"""The tables by whose rows figures are counted."""

# Temporary views hide the tables of the same names, so that only queried rows are read. `later`
# has the rows that later acts changed or made, `changed_TABLE` those that they changed, as before.
_CHANGED = "(SELECT row_id FROM temp.later WHERE table_name = '{table}')"
_WERE = "SELECT {columns} FROM temp.changed_{table}"
_ARE = f"SELECT {{columns}} FROM main.{{table}} WHERE id IN {_CHANGED}"
_ALL_WERE = f"""
    SELECT {{columns}} FROM main.{{table}} AS now WHERE NOT EXISTS
        (SELECT 1 FROM temp.later WHERE table_name = '{{table}}' AND row_id = now.id)
    UNION ALL {_WERE}"""

# Columns that the schema requires, always or beside another column.
_WANTED_FILLED = dict.fromkeys(("complainant", "facts", "name"), "id") | {
    "escalation_reason": "escalated",
    "remark": "outcome",
    "void_reason": "voided",
}


@contextmanager
def as_of_act(ledger: Ledger, act: int | None) -> Iterator[None]:
    """Let every query inside see the rows as they were after `act`; None is today.

    Personal columns are left out. The rules and the program's own notices are today's.
    """
    if act is None:
        yield
        return
    with _views_instead_of_tables(
        ledger, act, dict.fromkeys(_changed_tables(ledger, act), _ALL_WERE)
    ):
        yield


@contextmanager
def changed_rows(ledger: Ledger, act: int, before: bool) -> Iterator[list[str]]:
    """Let every query inside see the rows `before` the acts after this one, or after them.

    Yields the tables by which figures may differ. Complaints and records that the acts did not
    change are left out, since there may be very many. All are seen where others count by them: if
    days of the calendar were changed, since due dates depend on these, or if a point sent totals,
    which replace its complaints, or did so before.
    """
    changed = [table for table in _changed_tables(ledger, act) if table in TABLES_COUNTED]
    views = dict.fromkeys(changed, _ALL_WERE) if before else {}
    totals = "SELECT 1 FROM main.point_return WHERE totals IS NOT NULL"
    everything = {"special_day", "point_return"} & {*changed} or single(ledger, totals)
    if not everything:
        many = {"complaint", "record"} & {*changed}
        views |= dict.fromkeys(many, _WERE if before else _ARE)
    with _views_instead_of_tables(ledger, act, views):
        yield [*TABLES_COUNTED] if everything else changed


def _changed_tables(ledger: Ledger, act: int) -> list[str]:
    # The +, here and below, keeps SQLite from scanning every change by its table.
    query = "SELECT DISTINCT +table_name FROM change WHERE act_id > ?"
    changed = {row[0] for row in ledger.execute(query, (act,))}
    return [table for table in tables(ledger) if table in changed]


@contextmanager
def _views_instead_of_tables(ledger: Ledger, act: int, views: Mapping[str, str]) -> Iterator[None]:
    """Let views replace tables, by the changes of acts after this one."""
    if not views:
        yield
        return
    # Loads the schema, which commands about today do without.
    from ledger12315.ledger.store.derived import derived_view

    columns = {table: _common(ledger, table) for table in {*views, "complaint"}}
    past = [table for table, rows in views.items() if rows != _ARE]
    # After each definition SQLite prepares what it runs anew: all tables come first.
    ledger.execute(
        "CREATE TEMP TABLE later (table_name, row_id, made, PRIMARY KEY (table_name, row_id))"
        " WITHOUT ROWID"
    )
    for table in past:
        ledger.execute(f"CREATE TEMP TABLE changed_{table} ({', '.join(columns[table])})")
    ledger.execute(
        "INSERT INTO temp.later SELECT table_name, row_id, max(made) FROM change"
        " WHERE act_id > ? GROUP BY +table_name, +row_id",
        (act,),
    )
    for table in past:
        _rebuild_rows(ledger, table, act, columns[table])
    for table, rows in views.items():
        shown = rows.format(table=table, columns=", ".join(columns[table]))
        ledger.execute(f"CREATE TEMP VIEW {table} AS {shown}")
    ledger.execute(derived_view(columns["complaint"], temporary=True))
    try:
        yield
    finally:
        for view in ("complaint_derived", *views):
            ledger.execute(f"DROP VIEW temp.{view}")
        for table in ("later", *(f"changed_{each}" for each in past)):
            ledger.execute(f"DROP TABLE temp.{table}")


def _common(ledger: Ledger, table: str) -> list[str]:
    """Return the columns of a table that are never emptied by erasing."""
    personal = PERSONAL.get(table, ())
    return [each for each in column_names(ledger, table) if each not in personal]


def _rebuild_rows(ledger: Ledger, table: str, act: int, common: Container[str]) -> None:
    """Write the rows that later acts changed, with their `common` columns up to the act."""
    # The table holds only the newest values, so an earlier row is replayed from its history: the
    # first change has the row whole, each further one only the columns that it changed. Rows that
    # later acts made did not exist yet and are left out.
    changes = ledger.execute(
        "SELECT row_id, made, json_patch(ifnull(common, '{}'), ifnull(personal, '{}')) FROM change"
        " WHERE table_name = :table AND act_id <= :act"
        " AND row_id IN (SELECT row_id FROM temp.later WHERE table_name = :table AND NOT made)"
        " ORDER BY row_id, id",
        {"table": table, "act": act},
    ).fetchall()
    for _, of_row in groupby(changes, key=itemgetter(0)):
        row = row_after(change[1:] for change in of_row)
        kept = {key: value for key, value in row.items() if key in common}
        insert(ledger, f"temp.changed_{table}", kept)


# Each change of a table's rows with the present row, so that no table is held in memory. SQLite
# skips rows that are as they were made: most of them are.
_CHANGED_ROWS = """
    SELECT change.row_id, made, common, personal, salt IS NULL AND digest IS NOT NULL AS erased,
        this.id, this.*
    FROM change LEFT JOIN {0} AS this ON this.id = change.row_id
    WHERE {1} AND NOT (
        made AND this.id IS NOT NULL AND (salt IS NOT NULL OR digest IS NULL)
        AND common IS {2} AND personal IS {3}
        AND (SELECT count(*) FROM change AS other
             WHERE other.table_name = '{0}' AND other.row_id = change.row_id) = 1)
    ORDER BY change.row_id, change.id"""
_WITHOUT_HISTORY = """
    SELECT id FROM {0} AS this WHERE NOT EXISTS (
        SELECT 1 FROM change WHERE table_name = '{0}' AND row_id = this.id)"""


def rows_unlike_history(
    ledger: Ledger, table: str, act: int | None = None
) -> Iterator[tuple[int, bool]]:
    """Yield the rows of a table that differ from their history, and whether each is there at all.

    With an act these are of the rows that only this act made.
    """
    from ledger12315.ledger.store.altering import filled_columns

    names = column_names(ledger, table)
    apart = [name for name in names if name in APART.get(table, ())]
    common = [name for name in names if name not in apart]
    whose = f"table_name = '{table}'" if act is None else f"act_id = {act} AND +{{}}"
    changes_of_rows = _CHANGED_ROWS.format(
        table,
        whose.format(f"table_name = '{table}'"),
        filled_columns(common, "this"),
        filled_columns(apart, "this"),
    )
    for row_id, of_row in groupby(ledger.execute(changes_of_rows), key=itemgetter(0)):
        changes = list(of_row)
        there, *values = changes[0][5:]
        if there is None:
            yield row_id, False
        elif _without_nulls(zip(names, values, strict=True)) != _replayed_row(table, changes):
            yield row_id, True
    for (row_id,) in ledger.execute(_WITHOUT_HISTORY.format(table)):
        yield row_id, True


def _without_nulls(columns: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in columns if value is not None}


def _replayed_row(table: str, changes: Sequence[Any]) -> dict[str, Any] | None:
    """Return a row's columns after its changes; None if they are unreadable or contradictory."""
    row: dict[str, Any] = {}
    try:
        for _row_id, made, common, personal, erased, *_ in changes:
            values = written_values(common, personal)
            if not made and any(row.get(name) != was for name, (was, _) in values.items()):
                return None
            row |= new_values(made, values)
            if erased:
                row |= erased_values(table, row)
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
    return _without_nulls(row.items())


def erased_values(table: str, row: Mapping[str, object]) -> dict[str, str | None]:
    """Return the values of a row's personal columns after erasing."""
    needed = [key for key in PERSONAL[table] if row.get(_WANTED_FILLED.get(key, "")) is not None]
    return dict.fromkeys(PERSONAL[table]) | dict.fromkeys(needed, ERASED)
