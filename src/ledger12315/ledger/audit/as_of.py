"""The ledger after an earlier act, built from the history. Source: domain 5."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter

from ledger12315.boxes.tables import PERSONAL
from ledger12315.ledger.store import Ledger, insert
from ledger12315.ledger.store.derived import derived_view
from ledger12315.ledger.store.history import column_names, row_after, tables

# Temporary views hide the tables of the same names, so that only queried rows are read. `later`
# has the rows that later acts changed or made.
_CHANGED_SINCE = "SELECT {columns} FROM temp.changed_{table}"
_VALID_THEN = f"""
    SELECT {{columns}} FROM main.{{table}} AS now WHERE NOT EXISTS
        (SELECT 1 FROM temp.later WHERE table_name = '{{table}}' AND row_id = now.id)
    UNION ALL {_CHANGED_SINCE}"""


@contextmanager
def as_of_act(ledger: Ledger, act: int | None) -> Iterator[None]:
    """Let every query inside see the rows as they were after `act`; None is today.

    Personal columns are left out. The rules and the program's own notices are today's.
    """
    if act is None:
        yield
        return
    with _views_instead_of_tables(
        ledger, act, dict.fromkeys(_changed_tables(ledger, act), _VALID_THEN)
    ):
        yield


@contextmanager
def by_last_act(ledger: Ledger, act: int, before: bool) -> Iterator[None]:
    """Let every query inside see the rows `before` the last act, or after it.

    Complaints and records that the act did not change are left out, since there may be very many.
    If it changed days of the calendar, all are seen, since due dates depend on them.
    """
    changed = _changed_tables(ledger, act - 1)
    views = dict.fromkeys(changed, _VALID_THEN) if before else {}
    if "special_day" not in changed:
        views |= dict.fromkeys(("complaint", "record"), _CHANGED_SINCE)
    with _views_instead_of_tables(ledger, act - 1, views, became=not before):
        yield


def _changed_tables(ledger: Ledger, act: int) -> list[str]:
    # The +, here and below, keeps SQLite from scanning every change by its table.
    query = "SELECT DISTINCT +table_name FROM change WHERE act_id > ?"
    changed = {row[0] for row in ledger.execute(query, (act,))}
    return [table for table in tables(ledger) if table in changed]


@contextmanager
def _views_instead_of_tables(
    ledger: Ledger, act: int, views: Mapping[str, str], became: bool = False
) -> Iterator[None]:
    """Let views replace tables, by the changes of acts after this one.

    Changed rows are as before, or as they `became`.
    """
    ledger.execute(
        "CREATE TEMP TABLE later (table_name, row_id, made, PRIMARY KEY (table_name, row_id))"
        " WITHOUT ROWID"
    )
    ledger.execute(
        "INSERT INTO temp.later SELECT table_name, row_id, max(made) FROM change"
        " WHERE act_id > ? GROUP BY +table_name, +row_id",
        (act,),
    )
    common = {table: _common(ledger, table) for table in {*views, "complaint"}}
    for table, rows in views.items():
        columns = ", ".join(common[table])
        which = f"id IN (SELECT row_id FROM temp.later WHERE table_name = '{table}')"
        ledger.execute(
            f"CREATE TEMP TABLE changed_{table} AS SELECT {columns} FROM main.{table}"
            f" WHERE {which if became else '0'}"
        )
        if not became:
            _rebuild_rows(ledger, table, act)
        ledger.execute(f"CREATE TEMP VIEW {table} AS {rows.format(table=table, columns=columns)}")
    ledger.execute(derived_view(common["complaint"], temporary=True))
    try:
        yield
    finally:
        ledger.execute("DROP VIEW temp.complaint_derived")
        for table in views:
            ledger.execute(f"DROP VIEW temp.{table}")
            ledger.execute(f"DROP TABLE temp.changed_{table}")
        ledger.execute("DROP TABLE temp.later")


def _common(ledger: Ledger, table: str) -> list[str]:
    """Return the columns of a table that are not personal."""
    personal = PERSONAL.get(table, ())
    return [each for each in column_names(ledger, table) if each not in personal]


def _rebuild_rows(ledger: Ledger, table: str, act: int) -> None:
    """Write the rows that later acts changed, with their common values up to the act."""
    # The table holds only the newest values, so an earlier row is replayed from its history: the
    # first change has the row whole, each further one only the columns that it changed. Rows that
    # later acts made did not exist yet and are left out.
    changes = ledger.execute(
        "SELECT row_id, made, common FROM change WHERE table_name = :table AND act_id <= :act"
        " AND row_id IN (SELECT row_id FROM temp.later WHERE table_name = :table AND NOT made)"
        " ORDER BY row_id, id",
        {"table": table, "act": act},
    ).fetchall()
    for _, of_row in groupby(changes, key=itemgetter(0)):
        insert(ledger, f"temp.changed_{table}", row_after(change[1:] for change in of_row))
