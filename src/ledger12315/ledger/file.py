"""The ledger's one file: making it, opening it, and the one transaction in which a command reads or writes."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import quote

from ledger12315.errors import LedgerError, Refused, Unusable, reason

APPLICATION_ID = 0x12315
SCHEMA_VERSION = 1
BUSY_SECONDS = 30.0
Ledger = sqlite3.Connection
"""An open ledger, inside its one transaction."""

_HEADER = b"SQLite format 3\0"
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA secure_delete = ON",
    # With FULL, a power cut just after the commit can bring the old journal back and undo it.
    "PRAGMA synchronous = EXTRA",
)
_CHINA = timezone(timedelta(hours=8))


def now() -> str:
    """The moment of an entry, in China's time."""
    return datetime.now(_CHINA).isoformat(timespec="seconds")


def new_key() -> str:
    """128 random bits in hex: what stays the same where numbers and codes are for reading."""
    return os.urandom(16).hex()


def user() -> str:
    """Who is at the keyboard: LEDGER12315_USER, else the system's user."""
    import getpass

    try:
        return os.environ.get("LEDGER12315_USER") or getpass.getuser()
    except (KeyError, OSError):  # an account without a name
        return "?"


@contextmanager
def reading(path: Path) -> Iterator[Ledger]:
    """One read transaction: all that is read in it is of one moment. Raises Unusable."""
    with _open(path, "ro") as connection:
        connection.execute("BEGIN")
        yield connection


@contextmanager
def writing(path: Path) -> Iterator[Ledger]:
    """One durable write transaction: committed as a whole when the block ends, undone when it raises. Raises Unusable."""
    with _open(path, "rw") as connection:
        if not os.access(path, os.W_OK) or not path.stat().st_mode & 0o222:
            raise Unusable(
                "The ledger {path} is read-only. Remove the write protection, or copy it to a place where you may write.",
                path=path,
            )
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        if not connection.in_transaction:
            raise RuntimeError("something ended the transaction early")
        connection.execute("COMMIT")


def insert(ledger: Ledger, table: str, row: Mapping[str, object]) -> int:
    """Add one row, its keys being the columns; gives its id."""
    columns = ", ".join(row)
    places = ", ".join(f":{column}" for column in row)
    return ledger.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", row).lastrowid or 0


def update(ledger: Ledger, table: str, row_id: int, changes: Mapping[str, object]) -> None:
    """Change columns of one row."""
    assignments = ", ".join(f"{column} = :{column}" for column in changes)
    ledger.execute(f"UPDATE {table} SET {assignments} WHERE id = :row_id", {**changes, "row_id": row_id})


@contextmanager
def _open(path: Path, mode: str) -> Iterator[Ledger]:
    _look_at(path)
    with _explained(path):
        connection = sqlite3.connect(
            f"file:{quote(str(path.resolve()))}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
        )
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            _check_version(path, connection)
            connection.row_factory = sqlite3.Row
            yield connection
        finally:
            # Closing rolls back whatever was not committed.
            connection.close()


def _look_at(path: Path) -> None:
    """Refuse what is not even an SQLite file, before SQLite says less about it."""
    try:
        if path.exists() and not path.is_file():
            raise Unusable("{path} is a folder or device, not a ledger. Name the ledger's file with --db.", path=path)
        with path.open("rb") as file:
            head = file.read(len(_HEADER))
    except FileNotFoundError:
        raise Unusable(
            "There is no ledger at {path}. Make one: ledger12315 --db {path} init --station NAME --county NAME", path=path
        ) from None
    except OSError as error:
        raise Unusable("The ledger {path} cannot be read: {reason}.", path=path, reason=reason(error)) from error
    if not head:
        raise Unusable(
            "{path} is empty (0 bytes) and no ledger. Put a backup in its place, or delete it and run init.", path=path
        )
    if head != _HEADER:
        raise Unusable("{path} is not a ledger but some other file. Name the ledger's file with --db.", path=path)


def _check_version(path: Path, connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise Unusable("{path} is the database of another program, not a ledger. Name the ledger's file with --db.", path=path)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise Unusable(
            "The ledger {path} was made by a newer program (schema {version}, known here {known}). Update the program.",
            path=path,
            version=version,
            known=SCHEMA_VERSION,
        )
    if version < SCHEMA_VERSION:
        raise Unusable(
            "The ledger {path} is damaged: its schema version is {version}. Put a backup in its place.",
            path=path,
            version=version,
        )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what SQLite reports into what a clerk can do about it."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explanation(path, error) from error


def _explanation(path: Path, error: sqlite3.Error) -> LedgerError:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_CONSTRAINT"):
        return Refused("The ledger refuses this entry: {reason}. Nothing was changed.", reason=error)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Unusable(
            "The ledger {path} stayed in use by another program for {seconds} seconds. Close that program and try again.",
            path=path,
            seconds=round(BUSY_SECONDS),
        )
    if name.startswith("SQLITE_READONLY"):
        return Unusable(
            "The ledger {path} is read-only. Remove the write protection, or copy it to a place where you may write.", path=path
        )
    if name.startswith("SQLITE_FULL"):
        return Unusable("The disk of {path} is full. Nothing was changed; make room and try again.", path=path)
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return Unusable(
            "The ledger {path} is damaged ({reason}). Leave it as it is and put a backup in its place.", path=path, reason=error
        )
    return Unusable("The ledger {path} cannot be used: {reason}.", path=path, reason=error)


def create(path: Path, station: str, county: str, code: str | None, settings: dict[str, str], make_folder: bool = False) -> None:
    """Make a new ledger, wholly or not at all. Raises Refused where a file stands already, Unusable where none can be written."""
    from sqlite_utils import Database

    from ledger12315.ledger.migrations import migrations

    if path.exists():
        raise Refused("{path} exists already; nothing was changed. Choose another file with --db.", path=path)
    fresh = path.with_name(f".{path.name}.{new_key()[:8]}")
    try:
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise Unusable("No ledger can be made at {path}: {reason}.", path=path, reason=reason(error)) from error
    try:
        with _explained(path):
            connection = sqlite3.connect(fresh, isolation_level=None)
            db = Database(connection, execute_plugins=False)
            for pragma in (*_PRAGMAS, "BEGIN IMMEDIATE"):
                connection.execute(pragma)
            migrations.apply(db)
            db.table("station").insert({"id": 1, "key": new_key(), "name": station, "county": county, "code": code})
            db.table("setting").insert_all({"key": key, "value": value} for key, value in settings.items())
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.execute("COMMIT")
            connection.close()
        os.link(fresh, path)
    except FileExistsError:
        raise Refused("{path} exists already; nothing was changed. Choose another file with --db.", path=path) from None
    finally:
        fresh.unlink(missing_ok=True)
