"""The ledger as an earlier act left it, built from the history: temporary tables stand before the real ones. Source: domain 5."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any

from ledger12315.ledger.store import Ledger, insert
from ledger12315.ledger.store.history import PERSONAL, tables

_LATER = "SELECT row_id FROM change WHERE table_name = :table AND act_id > :act"


@contextmanager
def as_of_act(ledger: Ledger, act: int | None) -> Iterator[None]:
    """Inside, every query sees the rows as they were when `act` was sealed, without what is personal; None changes nothing.

    The rules, and the notices that the program itself brings, are today's.
    """
    names = (
        []
        if act is None
        else [
            row[0]
            for row in ledger.execute(
                "SELECT DISTINCT table_name FROM change WHERE act_id > ?", (act,)
            )
        ]
    )
    shadows = [name for name in tables(ledger) if name in names]
    for table in shadows:
        _shadow(ledger, table, {"table": table, "act": act})
    try:
        yield
    finally:
        for table in shadows:
            ledger.execute(f"DROP TABLE temp.{table}")


def _shadow(ledger: Ledger, table: str, values: dict[str, Any]) -> None:
    """Rows that no later act touched are taken as they stand; the others are put together from the changes up to the act."""
    personal = PERSONAL.get(table, ())
    columns = ", ".join(
        row[1]
        for row in ledger.execute(f"PRAGMA main.table_info({table})")
        if row[1] not in personal
    )
    query = f"CREATE TEMP TABLE {table} AS SELECT {columns} FROM main.{table} WHERE rowid NOT IN ({_LATER})"
    ledger.execute(query, values)
    changes = ledger.execute(
        "SELECT row_id, made, common FROM change"
        f" WHERE table_name = :table AND act_id <= :act AND row_id IN ({_LATER}) ORDER BY row_id, id",
        values,
    ).fetchall()
    for _, of_row in groupby(changes, key=itemgetter(0)):
        row: dict[str, Any] = {}
        for _, made, common in of_row:
            told = json.loads(common or "{}")
            row |= told if made else {column: becomes for column, (_was, becomes) in told.items()}
        insert(ledger, f"temp.{table}", row)
