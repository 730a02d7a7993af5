"""Opening the ledger's file, and the one transaction of a command that reads or writes."""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from traceback import clear_frames
from urllib.parse import quote

from ledger12315.errors import (
    SHARING,
    Message,
    Unusable,
    message,
    reason,
    unplugged_disk,
)
from ledger12315.ledger.store import Ledger, explaining, single
from ledger12315.ledger.store.explaining import (
    backup_to_restore,
    damaged_error,
    demand_sqlite,
    explain_sqlite_errors,
    read_only_error,
)
from ledger12315.ledger.store.files import (
    Header,
    demand_own_journal,
    header_of,
    journal_of,
    link_target,
    neighbours,
    write_obstacle,
)
from ledger12315.ledger.store.history import WallClock, begin, seal
from ledger12315.ledger.store.versions import FIRST, STEPS, fingerprint, version_of

APPLICATION_ID = 0x12315
AS_IT_IS = "ro&immutable=1"
"""The mode that reads a file without locks, and makes no files beside one in WAL."""
_LOCK_PAUSE = 0.1  # seconds
PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA secure_delete = ON",
    # With FULL, a power cut just after the commit can bring the old journal back and undo it.
    "PRAGMA synchronous = EXTRA",
)


Tell = Callable[[Message], object]
"""A function that receives messages about a ledger."""


def no_remark(_: object) -> None:
    """Show nothing."""


@contextmanager
def reading(path: Path, tell: Tell = no_remark, keep: bool = True) -> Iterator[Ledger]:
    """Yield the ledger in one read transaction, so that all reads see one moment.

    Before an older one is upgraded, a copy is kept, if `keep` is true. Raises Unusable.
    """
    with _open(path, "ro", tell, keep) as ledger:
        _begin_in_time(path, ledger, "BEGIN", tell)
        yield ledger


@contextmanager
def writing(
    path: Path,
    command: str = "",
    clock: WallClock | None = None,
    tell: Tell = no_remark,
    prepare: Callable[[Ledger], object] = no_remark,
) -> Iterator[Ledger]:
    """Yield the ledger in one durable write transaction, an act of its history.

    It is committed when the block ends, and undone if the block raises. `prepare` runs before it,
    while others may still write. Raises Unusable, Misdated.
    """
    with _open(path, "rw", tell) as ledger:
        prepare(ledger)
        _begin_in_time(path, ledger, "BEGIN IMMEDIATE", tell)
        begin(ledger, command, clock)
        left = single(ledger, "PRAGMA busy_timeout")
        # A large act writes pages before its end. If a reader blocks that they stay in memory,
        # as otherwise every page would wait again.
        ledger.execute("PRAGMA busy_timeout = 0")
        yield ledger
        if not ledger.in_transaction:
            raise RuntimeError("something ended the transaction early")
        seal(ledger)
        ledger.execute(f"PRAGMA busy_timeout = {left}")
        ledger.execute("COMMIT")


@contextmanager
def glancing(path: Path) -> Iterator[Ledger]:
    """Yield the ledger as it is, without repairs or waiting for others.

    SQLite's errors are raised unchanged.
    """
    with closing(connect(path, AS_IT_IS)) as ledger:
        ledger.row_factory = sqlite3.Row
        yield ledger


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Return a careful connection to an existing file; `mode` is ro or rw.

    It waits for others for BUSY_SECONDS in total. Raises Unusable if SQLite is too old.
    """
    demand_sqlite()
    began = monotonic()
    uri = f"file:{quote(str(link_target(path).absolute()))}?mode={mode}"
    connection = sqlite3.connect(
        uri, uri=True, timeout=explaining.BUSY_SECONDS, isolation_level=None
    )
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
        reduce_wait(connection, began)
    except BaseException:
        connection.close()
        raise
    return connection


def reduce_wait(ledger: Ledger, began: float) -> None:
    """Reduce a connection's remaining time to wait by the time since a moment."""
    left = single(ledger, "PRAGMA busy_timeout")
    ledger.execute(f"PRAGMA busy_timeout = {max(left - round(1000 * (monotonic() - began)), 0)}")


@contextmanager
def _open(path: Path, mode: str, tell: Tell, keep: bool = True) -> Iterator[Ledger]:
    """Yield the ledger, up to date, to be read (ro) or written to (rw)."""
    in_wal = _header_of_ledger(path).in_wal  # another program switched it
    demand_own_journal(path)
    may_write = not write_obstacle(path)
    with explain_sqlite_errors(path):
        if in_wal and may_write:
            _switch_back(path)
        with (
            closing(connect(path, _mode(path, mode, may_write, in_wal))) as opened,
            closing(_up_to_date(path, opened, may_write, tell, keep)) as ledger,
        ):
            if mode == "rw" and not may_write:
                raise read_only_error(path)
            ledger.row_factory = sqlite3.Row
            try:
                yield ledger
            except BaseException as error:
                # An unfinished query keeps the file open as long as a frame refers to it, and from
                # Python 3.13 on frames live longer than their error.
                clear_frames(error.__traceback__)
                raise
            finally:
                # Closing does not roll back while an unfinished query is still referred to.
                if ledger.in_transaction:
                    ledger.rollback()


def _switch_back(path: Path) -> None:
    """Take a ledger out of WAL mode: people copy the file, and leave its -wal file behind."""
    began = monotonic()
    with closing(connect(path, "rw")) as alone:
        while True:
            try:
                alone.execute("PRAGMA journal_mode = DELETE")
                return
            except sqlite3.OperationalError as error:
                # SQLite does not wait here by itself.
                busy = error.sqlite_errorname == "SQLITE_BUSY"
                if not busy or monotonic() - began > explaining.BUSY_SECONDS:
                    raise
            sleep(_LOCK_PAUSE)


def _mode(path: Path, mode: str, may_write: bool, in_wal: bool) -> str:
    """Return how a ledger can be opened to be read (ro) or written to (rw)."""
    # The next command rolls back what a crash left unfinished, and has to write for that.
    if may_write and journal_of(path).exists():
        return "rw"
    if in_wal and not may_write and not neighbours(link_target(path)):
        return AS_IT_IS  # else it needs files beside it
    return mode


def _begin_in_time(path: Path, ledger: Ledger, begins: str, tell: Tell) -> None:
    """Begin the transaction within the time left. Raises Unusable for a foreign schema."""
    began = monotonic()
    ledger.execute(begins)
    reduce_wait(ledger, began)
    if fingerprint(ledger) == STEPS[max(STEPS)][1]:
        return
    from ledger12315.ledger.store.migrating import check_schema, removal_sql

    if foreign := check_schema(path, ledger, max(STEPS)):
        remark = message(
            "Another program added to the ledger: {names}. This does no harm. To remove it, "
            "run in that program: {statements}",
            names=list(map(str, foreign)),
            statements=removal_sql(foreign),
        )
        tell(remark)


def _up_to_date(path: Path, ledger: Ledger, may_write: bool, tell: Tell, keep: bool) -> Ledger:
    """Return the ledger, upgraded if it is older.

    A read-only one is upgraded as a copy in memory.
    """
    if _known_version(path, ledger) == max(STEPS):
        return ledger
    from ledger12315.ledger.store.migrating import migrate  # not needed if it is up to date

    if may_write:
        with closing(connect(path, "rw")) as older:
            kept = migrate(path, older, ledger if keep else None)
        if kept:
            upgraded = message(
                "The ledger was upgraded for this version of the program. As it was, it is kept "
                "in {path}",
                path=kept,
            )
            tell(upgraded)
        return ledger
    copy = sqlite3.connect(":memory:", isolation_level=None)
    ledger.execute("BEGIN")
    version_of(ledger)  # locks it: Python's backup would wait for ever
    ledger.backup(copy)
    migrate(path, copy)
    return copy


def demand_file(path: Path) -> None:
    """Raise Unusable for a path that exists and is not a file."""
    if path.exists() and not path.is_file():
        raise Unusable(
            "{path} is a folder or device, not a ledger. Name the ledger's file with --db.",
            path=path,
        )


def _header_of_ledger(path: Path) -> Header:
    """Return the file's header. Raises Unusable if it is not an SQLite file."""
    try:
        demand_file(path)
        begins = _when_free(path)
    except FileNotFoundError as error:
        if unplugged_disk(path):
            raise _unreadable(path, error) from error
        raise Unusable(
            "There is no ledger at {path}. Make one: `init --station NAME --county NAME`",
            path=path,
        ) from None
    except OSError as error:
        raise _unreadable(path, error) from error
    if begins.empty:
        raise Unusable(
            "{path} is empty (0 bytes), so it is not a ledger. Put a backup in its place, or "
            "delete it and make a new ledger: `init --station NAME --county NAME`",
            *backup_to_restore(path),
            path=path,
        )
    if not begins.sqlite:
        raise Unusable(
            "{path} is not a ledger but some other file. Name the ledger's file with --db.",
            *backup_to_restore(path),
            path=path,
        )
    if begins.format_version > 2:
        raise damaged_error(path, message("its file header is not one that SQLite writes"))
    return begins


def _unreadable(path: Path, error: OSError) -> Unusable:
    why = reason(error, reads=True)
    return Unusable("The ledger {path} cannot be read: {reason}.", path=path, reason=why)


def _when_free(path: Path) -> Header:
    """Return the file's header; on Windows wait for a program that shares it with nobody.

    Raises OSError, and Unusable for a program that does not close it.
    """
    began = monotonic()
    while True:
        try:
            return header_of(path)
        except PermissionError:
            if not _is_held(path):
                raise
            if monotonic() - began > explaining.BUSY_SECONDS:
                raise explaining.in_use_error(path) from None
        sleep(_LOCK_PAUSE)


def _is_held(path: Path) -> bool:
    """Return whether another program has a file open, on Windows.

    Opening it says the same of a file that one may not read; renaming it to itself does not.
    """
    if sys.platform != "win32":
        return False
    try:
        path.rename(path)
    except OSError as error:
        return getattr(error, "winerror", None) in SHARING
    return False


def _known_version(path: Path, ledger: Ledger) -> int:
    """Return the schema's version. Raises Unusable for one this program does not know."""
    if single(ledger, "PRAGMA application_id") != APPLICATION_ID:
        raise Unusable(
            "{path} is the database of another program, not a ledger. Name the ledger's file with"
            " --db.",
            *backup_to_restore(path),
            path=path,
        )
    version = version_of(ledger)
    if version > max(STEPS):
        raise Unusable(
            "The ledger {path} was made by a newer program (schema {version}, known here {known})."
            " Update the program.",
            *backup_to_restore(path),
            path=path,
            version=version,
            known=max(STEPS),
        )
    if version < 1:
        raise damaged_error(path, message("schema version {version}", version=version))
    if version < FIRST:
        from ledger12315.ledger.store.migrating import earlier_build_error

        raise earlier_build_error(path, ledger)
    return version
