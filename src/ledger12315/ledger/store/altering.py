"""Changes of a table in a step of the schema: keep its rows' history, or rebuild it."""

import re
from collections.abc import Iterator, Sequence

from ledger12315.boxes.tables import APART
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import column_names


def make_history_triggers(ledger: Ledger, table: str) -> None:
    """Make the triggers that record a table's changes and forbid deleting its rows.

    They replace those of earlier steps: a step that adds a column or a unique index calls this
    again. What is kept apart follows from the boxes.
    """
    for event in ("insert", "update", "delete", "replace_insert", "replace_update"):
        ledger.execute(f"DROP TRIGGER IF EXISTS {table}_{event}")
    for statement in (*_history_triggers(ledger, table), *_guarding_triggers(ledger, table)):
        ledger.execute(statement)


def _history_triggers(ledger: Ledger, table: str) -> Iterator[str]:
    """Yield triggers that log new rows whole, and the old and new values of changed columns."""
    every, texts = column_names(ledger, table), APART.get(table, ())
    common = [column for column in every if column not in texts]
    apart = [column for column in every if column in texts]
    for event, made, values in (("INSERT", 1, filled_columns), ("UPDATE", 0, _changes_sql)):
        yield f"""
            CREATE TRIGGER {table}_{event.lower()} AFTER {event} ON {table} BEGIN
                INSERT INTO change (act_id, table_name, row_id, made, common, personal)
                SELECT (SELECT max(id) FROM act), '{table}', NEW.rowid, {made}, common, personal
                FROM (SELECT {values(common)} AS common, {values(apart)} AS personal)
                WHERE common IS NOT NULL OR personal IS NOT NULL;
            END"""


def filled_columns(names: Sequence[str], row: str = "NEW") -> str:
    """Return SQL for the filled columns of a row as JSON, NULL if there are none."""
    if not names:
        return "NULL"
    pairs = ", ".join(f"'{name}', {row}.{name}" for name in names)
    return f"nullif(json_patch('{{}}', json_object({pairs})), '{{}}')"


def _changes_sql(names: Sequence[str]) -> str:
    """Return SQL for {column: [was, becomes]} of the changed columns, NULL without any."""
    if not names:
        return "NULL"
    rows = " UNION ALL ".join(
        f"SELECT '{name}' AS name, OLD.{name} AS was, NEW.{name} AS becomes" for name in names
    )
    told = "nullif(json_group_object(name, json_array(was, becomes)), '{}')"
    return f"(SELECT {told} FROM ({rows}) WHERE was IS NOT becomes COLLATE BINARY)"


def _guarding_triggers(ledger: Ledger, table: str) -> Iterator[str]:
    """Yield triggers that refuse to delete or replace a row."""
    yield f"""
        CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} BEGIN
            SELECT RAISE(ABORT, 'rows are never deleted');
        END"""
    keys = []
    for index in ledger.execute(f"PRAGMA index_list({table})").fetchall():
        if index[2]:  # unique
            keys.append([row[2] for row in ledger.execute(f"PRAGMA index_info({index[1]})")])
    same = [" AND ".join(f"{column} = NEW.{column}" for column in key) for key in keys]
    clash = " OR ".join(["rowid = NEW.rowid", *(f"({each})" for each in same)])
    # REPLACE removes the conflicting row without running the triggers on deleting.
    for event, others in (("INSERT", ""), ("UPDATE", "rowid <> OLD.rowid AND ")):
        yield f"""
            CREATE TRIGGER {table}_replace_{event.lower()} BEFORE {event} ON {table}
            WHEN EXISTS (SELECT 1 FROM {table} WHERE {others}({clash})) BEGIN
                SELECT RAISE(ABORT, 'a row with this key exists already');
            END"""


def rebuild(ledger: Ledger, table: str, was: str, becomes: str, *more: tuple[str, str]) -> None:
    """Rebuild a table with `becomes` for `was` in its SQL, if ALTER TABLE is not enough.

    `more` holds further such pairs. Its rows, indexes, triggers and history stay. It is called
    inside a step, where foreign keys are switched off and checked afterwards. Raises ValueError
    unless each `was` occurs exactly once in the table's SQL.
    """
    query = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY rowid"
    made, *others = [row[0] for row in ledger.execute(query, (table,))]
    for each, other in ((was, becomes), *more):
        before, after = made.split(each)
        made = f"{before}{other}{after}"
    fresh = f"fresh_{table}"
    named = ", ".join(["rowid", *column_names(ledger, table)])
    for statement in (
        # Views and triggers that name the table are kept while it is missing for a moment.
        "PRAGMA legacy_alter_table = ON",
        re.sub(r"^CREATE TABLE \S+", f"CREATE TABLE {fresh}", made),
        # The new table has no triggers yet, so no row is recorded as new.
        f"INSERT INTO {fresh} ({named}) SELECT {named} FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE {fresh} RENAME TO {table}",
        *others,
        "PRAGMA legacy_alter_table = OFF",
    ):
        ledger.execute(statement)
