"""The steps that make each version of the schema.

Until the first release there is one, edited in place; from then on steps are numbered, appended
and never edited.
"""

from typing import TYPE_CHECKING

from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.altering import make_history_triggers
from ledger12315.ledger.store.derived import derived_view
from ledger12315.ledger.store.history import begin, column_names, tables
from ledger12315.ledger.store.readable import READABLE
from ledger12315.ledger.store.tables import STATEMENTS

if TYPE_CHECKING:  # slower to import than most commands
    from sqlite_utils import Database


def m100_create(db: "Database") -> None:
    """Create the tables, their history, and the views."""
    ledger = db.conn
    for statement in STATEMENTS:
        ledger.execute(statement)
    begin(ledger, "migrate")
    for table in tables(ledger):
        make_history_triggers(ledger, table)
    make_views(ledger)


def make_views(ledger: Ledger) -> None:
    """Make the views; a step that adds a column to them calls this again."""
    derived = derived_view(column_names(ledger, "complaint"))
    views = {"complaint_derived": derived, **{each.name: each.sql for each in READABLE}}
    for name, statement in views.items():
        ledger.execute(f'DROP VIEW IF EXISTS "{name}"')
        ledger.execute(statement)


# The table in which sqlite-utils records finished steps, as its version 4.2 makes it: another
# version could change it, and with it the fingerprint of a new ledger.
NOTES = (
    """
        CREATE TABLE IF NOT EXISTS _sqlite_migrations (
            id INTEGER PRIMARY KEY,
            migration_set TEXT,
            name TEXT,
            applied_at TEXT
        )""",
    "CREATE UNIQUE INDEX IF NOT EXISTS _sqlite_migrations_set"
    " ON _sqlite_migrations (migration_set, name)",
)
