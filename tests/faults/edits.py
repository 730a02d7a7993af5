"""Edits of a ledger by other programs: values changed with and without guards, history cut."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from ledger12315.ledger.store.history import ACT_COLUMNS, START, next_head
from ledger12315.ledger.store.versions import STEPS
from tests.building import spoil

Harm = Callable[[Path], str]
"""Done to a ledger; returns what was done."""


def tables(ledger: sqlite3.Connection) -> list[str]:
    """Return the names of the tables."""
    query = "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    return [name for (name,) in ledger.execute(f"{query} ORDER BY name")]


def damages(path: Path) -> Iterator[Harm]:
    """Yield each edit of the tables and columns of this ledger."""
    unguarded, guarded = [*_HISTORY], [*_HISTORY, *_SCHEMA]
    with closing(sqlite3.connect(path)) as ledger:
        for table in tables(ledger):
            [filled] = ledger.execute(f"SELECT count(*) FROM {table}").fetchone()
            for _, column, kind, *_ in ledger.execute(f"PRAGMA table_info({table})"):
                values = [*_values(table, column, kind, filled)]
                unguarded += values
                guarded += values[-2:-1]  # of the last row
            scripts = [script.format(table) for script in _TABLE]
            unguarded += scripts
            guarded += scripts
    yield from (partial(run_unguarded, script) for script in unguarded)
    yield from (partial(run_guarded, script) for script in guarded)
    yield from (_copied_without_wal, _copied_while_written)


def _values(table: str, column: str, kind: str, filled: int) -> Iterator[str]:
    """Change the value in the first, a middle and the last two rows; make it NULL, or fill it."""
    other = f"coalesce({column}, 0) + 1" if kind == "INTEGER" else f"coalesce({column}, '') || '*'"
    empty = f"CASE WHEN {column} IS NULL THEN '*' END" if kind == "TEXT" else "NULL"
    for place in sorted({0, filled // 2, filled - 2, filled - 1} & set(range(filled))):
        row = f"SELECT rowid FROM {table} ORDER BY rowid LIMIT 1 OFFSET {place}"
        for value in (other, empty):
            yield f"UPDATE {table} SET {column} = {value} WHERE rowid = ({row})"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


_TABLE = _lines("""
    DELETE FROM {0} WHERE rowid = (SELECT max(rowid) FROM {0})
    DELETE FROM {0} WHERE rowid = (SELECT min(rowid) FROM {0})
    UPDATE {0} SET rowid = rowid + 1000 WHERE rowid = (SELECT max(rowid) FROM {0})
    REPLACE INTO {0} SELECT * FROM {0} WHERE rowid = (SELECT max(rowid) FROM {0})
    DELETE FROM {0}
""")
# What is written outside of an act is refused.
_ACT = """
    INSERT INTO act (at, user, command) VALUES ('2026-09-28', 'x', 'log');
    UPDATE complaint SET disputed = disputed + 100
"""
_LAST_ACT = """
    DELETE FROM change WHERE act_id = (SELECT max(id) FROM act);
    DELETE FROM act WHERE id = (SELECT max(id) FROM act)
"""
_CHANGE = """
    INSERT INTO change (act_id, table_name, row_id, made, common)
    VALUES ({}, 'complaint', 1, 0, '{{"item": ["a", "b"]}}')
"""
_FORGOTTEN = """
    UPDATE change SET personal = NULL, salt = NULL
    WHERE id = (SELECT max(id) FROM change WHERE personal IS NOT NULL)
"""
_HISTORY = (
    *(_ACT, _LAST_ACT, _FORGOTTEN, _CHANGE.format(2), _CHANGE.format(999)),
    *_lines("""
        DELETE FROM change WHERE act_id > 3; DELETE FROM act WHERE id > 3
        DELETE FROM change; DELETE FROM act
        DELETE FROM act WHERE id = 3
        UPDATE act SET head = NULL WHERE id = (SELECT max(id) FROM act)
        UPDATE act SET id = id + 1 WHERE id = (SELECT max(id) FROM act)
        UPDATE change SET act_id = act_id - 1 WHERE id = (SELECT max(id) FROM change)
        UPDATE change SET personal = NULL, salt = NULL WHERE personal IS NOT NULL
        UPDATE change SET personal = NULL, salt = NULL WHERE personal IS NOT NULL AND made = 0
        UPDATE change SET common = '{}' WHERE id = 40
        UPDATE change SET common = 'null' WHERE id = 40
        UPDATE change SET common = '[]' WHERE id = 40
        UPDATE change SET common = '{"id": 1}' WHERE made = 0
        UPDATE change SET common = 'x' WHERE id = 40
    """),
)
_MASTER = "PRAGMA writable_schema = ON; UPDATE sqlite_master SET"
_SCHEMA = (
    f"PRAGMA user_version = {max(STEPS) + 1}",
    f"{_MASTER} sql = replace(sql, 'serial > 0', '1') WHERE name = 'complaint'",
    f"{_MASTER} rootpage = 5 WHERE name = 'complaint_closed'",
    *_lines("""
        CREATE TRIGGER mine AFTER INSERT ON complaint BEGIN UPDATE complaint SET disputed = 0; END
        CREATE VIEW mine AS SELECT * FROM complaint
        CREATE TABLE mine (x)
        CREATE INDEX mine ON complaint (item)
        DROP TRIGGER complaint_update
        DROP TRIGGER change_delete
        DROP INDEX complaint_closed
        DROP TABLE disclosure
        ALTER TABLE complaint ADD COLUMN mine TEXT
        ALTER TABLE complaint RENAME COLUMN brand TO mark
        ALTER TABLE point_return RENAME TO returns
        PRAGMA user_version = 0
        PRAGMA application_id = 0
        PRAGMA writable_schema = ON; DELETE FROM sqlite_master WHERE name = 'complaint_delete'
        DROP TRIGGER act_delete; CREATE TRIGGER act_delete BEFORE DELETE ON act BEGIN SELECT 1; END
    """),
)
_RIGHTS = "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON"


def run_guarded(script: str, path: Path) -> str:
    """Run it with a browser's rights; a refusal is no fault."""
    connection = sqlite3.connect(path, isolation_level=None)
    with closing(connection) as ledger, suppress(sqlite3.Error):
        ledger.executescript(f"{_RIGHTS}; {script}")
    return f"{script}, guards in place"


def run_unguarded(script: str, path: Path) -> str:
    """Run it without the triggers of its tables; a refusal is no fault."""
    with suppress(sqlite3.Error):
        spoil(path, script)
    return script


def _copied_without_wal(path: Path) -> str:
    with closing(sqlite3.connect(path, isolation_level=None)) as ledger:
        ledger.executescript(f"PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; {_ACT}")
        content = path.read_bytes()
    path.write_bytes(content)
    return "turned into WAL, written to, and copied without its -wal"


def _copied_while_written(path: Path) -> str:
    with closing(sqlite3.connect(path, isolation_level=None)) as ledger:
        # Pages are written before the commit.
        ledger.executescript(f"PRAGMA cache_size = 1; BEGIN; {_ACT}")
        content = path.read_bytes()
        ledger.execute("ROLLBACK")
    path.write_bytes(content)
    return "copied in the middle of a write, without its journal"


def rewritten(path: Path) -> None:
    """Make row, history and every later head anew: the chain's own file cannot show this."""
    run_unguarded("UPDATE complaint SET disputed = 99900 WHERE id = 1", path)
    change = "UPDATE change SET common = json_set(common, '$.disputed', 99900)"
    run_unguarded(f"{change} WHERE table_name = 'complaint' AND row_id = 1 AND made", path)
    heads, before = "", START
    acts = f"SELECT {ACT_COLUMNS} FROM act ORDER BY id"
    changes = "SELECT id, table_name, row_id, made, common, digest FROM change WHERE act_id = ?"
    with closing(sqlite3.connect(path)) as ledger:
        for act in ledger.execute(acts).fetchall():
            found = ledger.execute(f"{changes} ORDER BY id", act[:1]).fetchall()
            before = next_head(before, act, found)
            heads += f"UPDATE act SET head = '{before}' WHERE id = {act[0]};"
    run_unguarded(heads, path)


def rewound(path: Path) -> None:
    """Undo the last act completely, as if an older copy were in the ledger's place."""
    run_unguarded("DELETE FROM complaint WHERE id = (SELECT max(id) FROM complaint)", path)
    run_unguarded(_LAST_ACT, path)
