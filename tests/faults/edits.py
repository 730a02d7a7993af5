"""What other programs do to a ledger through SQLite: values changed with and without the guards, history cut, things added."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from ledger12315.ledger.store.history import START, next_head

Harm = Callable[[Path], None]


def damages(ledger: Path) -> Iterator[tuple[str, Harm]]:
    """Each edit with its name; the tables and columns are those of this ledger."""
    with closing(sqlite3.connect(ledger)) as connection:
        # What is changed in the index of words behind SQLite's back can only keep text from being found.
        plain = "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
        tables = [name for (name,) in connection.execute(plain)]
        for table in tables:
            filled = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for _, column, kind, *_ in connection.execute(f"PRAGMA table_info({table})"):
                yield from _of_column(table, column, kind, filled)
            yield from _of_table(table)
    for script in _HISTORY:
        yield script, partial(run_unguarded, script)
    for script in (*_HISTORY, *_SCHEMA):
        yield f"{script}, guards in place", partial(run_guarded, script)
    yield "turned into WAL, written to, and copied without its -wal", _copied_without_wal
    yield "copied in the middle of a write, without its journal", _copied_while_written


def _of_column(table: str, column: str, kind: str, filled: int) -> Iterator[tuple[str, Harm]]:
    """The value of the first, a middle and the last two rows changed, and made NULL or filled."""
    other = f"coalesce({column}, 0) + 1" if kind == "INTEGER" else f"coalesce({column}, '') || '*'"
    for place in sorted({0, filled // 2, filled - 2, filled - 1} & set(range(filled))):
        where = f"WHERE rowid = (SELECT rowid FROM {table} ORDER BY rowid LIMIT 1 OFFSET {place})"
        for value in (
            other,
            f"CASE WHEN {column} IS NULL THEN '*' END" if kind == "TEXT" else "NULL",
        ):
            yield (
                f"UPDATE {table} SET {column} = {value} {where}",
                partial(run_unguarded, f"UPDATE {table} SET {column} = {value} {where}"),
            )
    if filled:
        script = (
            f"UPDATE {table} SET {column} = {other} WHERE rowid = (SELECT max(rowid) FROM {table})"
        )
        yield f"{script}, guards in place", partial(run_guarded, script)


def _of_table(table: str) -> Iterator[tuple[str, Harm]]:
    """Rows deleted, doubled, replaced."""
    for script in (
        f"DELETE FROM {table} WHERE rowid = (SELECT max(rowid) FROM {table})",
        f"DELETE FROM {table} WHERE rowid = (SELECT min(rowid) FROM {table})",
        f"UPDATE {table} SET rowid = rowid + 1000 WHERE rowid = (SELECT max(rowid) FROM {table})",
        f"REPLACE INTO {table} SELECT * FROM {table} WHERE rowid = (SELECT max(rowid) FROM {table})",
        f"DELETE FROM {table}",
    ):
        yield script, partial(run_unguarded, script)
        yield f"{script}, guards in place", partial(run_guarded, script)


# What is written outside of an act is refused.
_ACT = "INSERT INTO act (at, user, command) VALUES ('2026-09-28', 'x', 'log'); UPDATE complaint SET disputed = disputed + 100"
_HISTORY = (
    "DELETE FROM change WHERE act_id = (SELECT max(id) FROM act); DELETE FROM act WHERE id = (SELECT max(id) FROM act)",
    "DELETE FROM change WHERE act_id > 3; DELETE FROM act WHERE id > 3",
    "DELETE FROM change; DELETE FROM act",
    "DELETE FROM act WHERE id = 3",
    "UPDATE act SET head = NULL WHERE id = (SELECT max(id) FROM act)",
    "UPDATE act SET id = id + 1 WHERE id = (SELECT max(id) FROM act)",
    "UPDATE change SET act_id = act_id - 1 WHERE id = (SELECT max(id) FROM change)",
    "UPDATE change SET personal = NULL, salt = NULL WHERE personal IS NOT NULL",
    "UPDATE change SET personal = NULL, salt = NULL WHERE id = (SELECT max(id) FROM change WHERE personal IS NOT NULL)",
    "UPDATE change SET personal = NULL, salt = NULL WHERE personal IS NOT NULL AND made = 0",
    "UPDATE change SET common = '{}' WHERE id = 40",
    "UPDATE change SET common = 'null' WHERE id = 40",
    "UPDATE change SET common = '[]' WHERE id = 40",
    "UPDATE change SET common = '{\"id\": 1}' WHERE made = 0",
    "UPDATE change SET common = 'x' WHERE id = 40",
    _ACT,
    'INSERT INTO change (act_id, table_name, row_id, made, common) VALUES (2, \'complaint\', 1, 0, \'{"item": ["a", "b"]}\')',
    'INSERT INTO change (act_id, table_name, row_id, made, common) VALUES (999, \'complaint\', 1, 0, \'{"item": ["a", "b"]}\')',
)
_SCHEMA = (
    "CREATE TRIGGER mine AFTER INSERT ON complaint BEGIN UPDATE complaint SET disputed = 0 WHERE id = NEW.id; END",
    "CREATE VIEW mine AS SELECT * FROM complaint",
    "CREATE TABLE mine (x)",
    "CREATE INDEX mine ON complaint (item)",
    "DROP TRIGGER complaint_update",
    "DROP TRIGGER change_delete",
    "DROP INDEX complaint_closed",
    "DROP TABLE disclosure",
    "ALTER TABLE complaint ADD COLUMN mine TEXT",
    "ALTER TABLE complaint RENAME COLUMN brand TO mark",
    "ALTER TABLE point_return RENAME TO returns",
    "PRAGMA user_version = 0",
    "PRAGMA user_version = 99",
    "PRAGMA application_id = 0",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'serial > 0', '1') WHERE name = 'complaint'",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = 5 WHERE name = 'complaint_closed'",
    "PRAGMA writable_schema = ON; DELETE FROM sqlite_master WHERE name = 'complaint_delete'",
    "DROP TRIGGER act_delete; CREATE TRIGGER act_delete BEFORE DELETE ON act BEGIN SELECT 1; END",
)


_RIGHTS = (
    "PRAGMA synchronous = OFF",
    "PRAGMA foreign_keys = OFF",
    "PRAGMA ignore_check_constraints = ON",
)


def run_guarded(script: str, path: Path) -> None:
    """Run it with a browser's rights. A refusal is no harm."""
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as connection,
        suppress(sqlite3.Error),
    ):
        connection.executescript("; ".join((*_RIGHTS, script)))


def run_unguarded(script: str, path: Path) -> None:
    """The same, all triggers being dropped before and standing again after."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for pragma in _RIGHTS:
            connection.execute(pragma)
        for name, _sql in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        with suppress(sqlite3.Error):
            connection.executescript(script)
        connection.execute("BEGIN")
        for _name, sql in triggers:
            with suppress(sqlite3.Error):  # of a table that is no more
                connection.execute(sql)
        connection.execute("COMMIT")


def _copied_without_wal(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.executescript(_ACT)
        content = path.read_bytes()
    path.write_bytes(content)


def _copied_while_written(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")  # pages are written before the commit
        connection.executescript(f"BEGIN; {_ACT}")
        content = path.read_bytes()
        connection.execute("ROLLBACK")
    path.write_bytes(content)


def rewritten(path: Path) -> None:
    """The one thing that a chain cannot show in its own file: row, history and every head after it made anew, consistently."""
    run_unguarded("UPDATE complaint SET disputed = 99900 WHERE id = 1", path)
    change = "UPDATE change SET common = json_set(common, '$.disputed', 99900) WHERE table_name = 'complaint' AND row_id = 1"
    run_unguarded(f"{change} AND made", path)
    heads, before = [], START
    with closing(sqlite3.connect(path)) as connection:
        for act in connection.execute(
            "SELECT id, at, user, command FROM act ORDER BY id"
        ).fetchall():
            query = "SELECT id, table_name, row_id, made, common, digest FROM change WHERE act_id = ? ORDER BY id"
            before = next_head(before, act, connection.execute(query, act[:1]).fetchall())
            heads.append((act[0], before))
    run_unguarded(
        "; ".join(f"UPDATE act SET head = '{head}' WHERE id = {act}" for act, head in heads), path
    )


def rewound(path: Path) -> None:
    """The last act undone with all it did, as if it had never been: the same as an older copy in the ledger's place."""
    run_unguarded("DELETE FROM complaint WHERE id = (SELECT max(id) FROM complaint)", path)
    run_unguarded(_HISTORY[0], path)
