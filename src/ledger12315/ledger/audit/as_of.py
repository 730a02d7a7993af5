"""The ledger as an earlier act left it, built from the history. Source: domain 5."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any

from ledger12315.boxes.tables import PERSONAL
from ledger12315.ledger.store import Ledger, insert
from ledger12315.ledger.store.history import column_names, tables

_LATER = "SELECT row_id FROM change WHERE table_name = :table AND act_id > :act"


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


def _shadow(ledger: Ledger, table: str, values: dict[str, Any]) -> None:
    """Make a temporary table of the same name, which stands before the real one.

    Rows that no later act touched are taken as they are, the others are put together from their
    changes up to the act.
    """
    personal = PERSONAL.get(table, ())
    kept = ", ".join(column for column in column_names(ledger, table) if column not in personal)
    ledger.execute(
        f"CREATE TEMP TABLE {table} AS SELECT {kept} FROM main.{table}"
        f" WHERE rowid NOT IN ({_LATER})",
        values,
    )
    changes = ledger.execute(
        "SELECT row_id, made, common FROM change WHERE table_name = :table AND act_id <= :act"
        f" AND row_id IN ({_LATER}) ORDER BY row_id, id",
        values,
    ).fetchall()
    for _, of_row in groupby(changes, key=itemgetter(0)):
        row: dict[str, Any] = {}
        for _, made, common in of_row:
            told = json.loads(common or "{}")
            row |= told if made else {column: becomes for column, (_, becomes) in told.items()}
        insert(ledger, f"temp.{table}", row)
