"""Making a ledger, and bringing an older one up to date."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from ledger12315.errors import Refused, Unusable, reason
from ledger12315.ledger.store import new_key
from ledger12315.ledger.store.atomic import beside, link, put, sync_folder
from ledger12315.ledger.store.history import begin, seal
from ledger12315.ledger.store.opening import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    check_schema,
    connect,
    damaged,
    sqlite_explained,
)
from ledger12315.ledger.store.schema import migrations


def create(
    path: Path,
    station: str,
    county: str,
    code: str | None,
    settings: Mapping[str, str],
    make_folder: bool = False,
) -> None:
    """Make a new ledger, wholly or not at all. Raises Refused where a file stands already, Unusable where none can be written."""
    if path.exists():
        raise Refused(
            "{path} exists already; nothing was changed. Choose another file with --db.", path=path
        )
    try:
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(
            "{path} cannot be written: {reason}.", path=path, reason=reason(error)
        ) from error
    with beside(path) as fresh:
        with sqlite_explained(path), closing(connect(fresh, "rw")) as connection:
            connection.execute("BEGIN IMMEDIATE")
            db = Database(connection, execute_plugins=False)
            migrations.apply(db)
            seal(connection)
            begin(connection, "init")
            db.table("station").insert(
                {"id": 1, "key": new_key(), "name": station, "county": county, "code": code}
            )
            db.table("setting").insert_all(
                {"key": key, "value": value} for key, value in settings.items()
            )
            seal(connection)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.execute("COMMIT")
        try:
            link(fresh, path)
        except FileExistsError:
            raise Refused(
                "{path} exists already; nothing was changed. Choose another file with --db.",
                path=path,
            ) from None
        sync_folder(path)


def migrate(path: Path) -> None:
    """Bring an older ledger up to date in one transaction, a checked copy of it being kept beside it first."""
    with closing(connect(path, "rw")) as connection:
        # Rebuilding a table would count as deleting what refers to it; looked at below.
        connection.execute("PRAGMA foreign_keys = OFF")
        _keep_copy(path, connection)
        connection.execute("BEGIN IMMEDIATE")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == SCHEMA_VERSION:
            return  # somebody else was first
        check_schema(path, connection, version)
        migrations.apply(Database(connection, execute_plugins=False))
        seal(connection)
        if broken := connection.execute("PRAGMA foreign_key_check").fetchall():
            raise damaged(path, broken[0][0])
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")


def _keep_copy(path: Path, connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    copy = path.with_name(f"{path.name}.schema-{version}")
    if copy.exists() or version == SCHEMA_VERSION:
        return
    with beside(copy) as fresh:
        connection.execute("VACUUM INTO ?", (str(fresh),))
        with closing(connect(fresh, "ro")) as copied:
            if copied.execute("PRAGMA user_version").fetchone()[0] != version:
                return  # somebody else was first, and kept his
            if (found := copied.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
                raise damaged(path, found)
        put(fresh, copy)


def foreign_objects(connection: sqlite3.Connection, version: int) -> list[str]:
    """Names of what stands in a ledger's schema otherwise than this version was made."""
    query = "SELECT type || ' ' || name, sql FROM sqlite_master"
    with closing(pattern(version)) as made:
        expected = dict(made.execute(query).fetchall())
    actual = dict(tuple(row) for row in connection.execute(query))
    return sorted(
        name
        for name in expected.keys() | actual.keys()
        if expected.get(name, ...) != actual.get(name, ...)
    )


def pattern(version: int) -> sqlite3.Connection:
    """An empty ledger of this version, in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    db = Database(connection, execute_plugins=False)
    later = [step.name for step in migrations.pending(db)][version:]
    migrations.apply(db, stop_before=later[:1])
    return connection
