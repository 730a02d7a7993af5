"""The ledger as an earlier act left it, built from the history. Source: domain 5."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any

from ledger12315.boxes.tables import PERSONAL
from ledger12315.ledger.store import Ledger, insert
from ledger12315.ledger.store.history import column_names, row_after, tables

# The sign keeps SQLite from going through every change of the table.
_LATER = "SELECT row_id FROM change WHERE act_id > :act AND +table_name = :table"


@contextmanager
def as_of_act(ledger: Ledger, act: int | None) -> Iterator[None]:
    """Let every query inside see the rows as they were when `act` was sealed; None is today.

    Nothing personal is there. The rules, and the notices that the program brings, are today's.
    """
    if act is None:
        yield
        return
    query = "SELECT DISTINCT table_name FROM change WHERE act_id > ?"
    changed = {row[0] for row in ledger.execute(query, (act,))}
    shadows = [table for table in tables(ledger) if table in changed]
    for table in shadows:
        _shadow(ledger, table, {"table": table, "act": act})
    try:
        yield
    finally:
        for table in shadows:
            ledger.execute(f"DROP TABLE temp.{table}")


@contextmanager
def by_last_act(ledger: Ledger, act: int, before: bool) -> Iterator[None]:
    """Let every query inside see the rows as they were `before` the last act, or as they are.

    Of complaints and records only those are seen that it changed: there may be very many. Where it
    changed days of the calendar all are, for due dates depend on them.
    """
    query = "SELECT DISTINCT table_name FROM change WHERE act_id = ?"
    changed = {row[0] for row in ledger.execute(query, (act,))}
    many = ("complaint", "record") if "special_day" not in changed else ()
    few = [table for table in ("special_day", "point_return") if before and table in changed]
    for table in (*many, *few):
        values = {"table": table, "act": act - 1}
        if table in few:
            _shadow(ledger, table, values)
        else:
            _lay(ledger, table, "0" if before else f"rowid IN ({_LATER})", values)
            if before:
                _put_together(ledger, table, values)
    try:
        yield
    finally:
        for table in (*many, *few):
            ledger.execute(f"DROP TABLE temp.{table}")


def _shadow(ledger: Ledger, table: str, values: dict[str, Any]) -> None:
    """Make a temporary table of the same name, which stands before the real one.

    Rows that no later act touched are taken as they are, the others are put together from their
    changes up to the act.
    """
    _lay(ledger, table, f"rowid NOT IN ({_LATER})", values)
    _put_together(ledger, table, values)


def _lay(ledger: Ledger, table: str, which: str, values: dict[str, Any]) -> None:
    personal = PERSONAL.get(table, ())
    kept = ", ".join(column for column in column_names(ledger, table) if column not in personal)
    ledger.execute(
        f"CREATE TEMP TABLE {table} AS SELECT {kept} FROM main.{table} WHERE {which}", values
    )


def _put_together(ledger: Ledger, table: str, values: dict[str, Any]) -> None:
    changes = ledger.execute(
        "SELECT row_id, made, common FROM change WHERE table_name = :table AND act_id <= :act"
        f" AND row_id IN ({_LATER}) ORDER BY row_id, id",
        values,
    ).fetchall()
    for _, of_row in groupby(changes, key=itemgetter(0)):
        insert(ledger, f"temp.{table}", row_after(change[1:] for change in of_row))
