"""SQLite's errors in words that say what a clerk can do."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger12315.errors import (
    LedgerError,
    Message,
    Refused,
    Unusable,
    explain_write_errors,
    message,
)
from ledger12315.ledger.store.files import link_target, neighbours, write_obstacle

BUSY_SECONDS = 30.0
_OF_WRITES = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE")
# Strict tables came with 3.37; the oldest that is tested is that of Ubuntu 22.04.
OLDEST_SQLITE = (3, 37, 2)
SQLITE_VERSION = sqlite3.sqlite_version


def demand_sqlite() -> None:
    """Raise Unusable if the SQLite of this Python is too old."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise _unfit_sqlite()


def _unfit_sqlite() -> Unusable:
    return Unusable(
        "This Python's SQLite is {version}, but a ledger needs {oldest} or newer. "
        "Use a newer Python, or the program's archive, which includes its own SQLite.",
        version=SQLITE_VERSION,
        oldest=".".join(map(str, OLDEST_SQLITE)),
    )


def backup_to_restore(path: Path) -> list[Message]:
    """Return a note that names the newest backup still in its place, if any."""
    from ledger12315.ledger.store.upkeep import newest_backup  # only an error needs it

    return newest_backup(path)


class Damaged(Unusable):
    """The ledger is damaged, and must not be written to."""


def damaged_error(path: Path, why: object) -> Damaged:
    """Return the error of a damaged ledger."""
    return Damaged(
        "The ledger {path} is damaged ({reason}). Leave it as it is and restore a backup:"
        " `ledger restore FILE`",
        *backup_to_restore(path),
        path=path,
        reason=why,
    )


def read_only_error(path: Path) -> Unusable:
    """Return the error of a read-only ledger."""
    return Unusable(
        "The ledger {path} is read-only: {reason}. Remove the write protection, or copy it to a "
        "place where you may write.",
        *(
            message("Copy {part} together with it.", part=part)
            for part in neighbours(link_target(path))
        ),
        path=path,
        reason=write_obstacle(path) or message("the system refused to write"),
    )


def in_use_error(path: Path) -> Unusable:
    """Return the error of a ledger that others still use."""
    return Unusable(
        "The ledger {path} was in use by another program for {seconds} seconds. Close whatever "
        "has it open (this program in another window, a database browser, a copy or backup in "
        "progress) and try again.",
        path=path,
        seconds=round(BUSY_SECONDS),
    )


@contextmanager
def explain_sqlite_errors(path: Path) -> Iterator[None]:
    """Raise an error of this program for any error of SQLite inside."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise _explanation(path, error) from error


@contextmanager
def explain_copying(target: Path) -> Iterator[None]:
    """Raise Unusable for a disk that takes no more of a copy: the ledger is only read."""
    with explain_write_errors(target):
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname not in _OF_WRITES:
                raise
            code = errno.ENOSPC if error.sqlite_errorname == "SQLITE_FULL" else errno.EIO
            raise OSError(code, os.strerror(code)) from error


def _explanation(path: Path, error: sqlite3.Error | UnicodeDecodeError) -> LedgerError:
    # After "Could not decode" comes the text itself.
    if isinstance(error, UnicodeDecodeError) or str(error).startswith("Could not decode"):
        return damaged_error(path, message("a text in it is not readable"))
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_READONLY_DBMOVED":
        return Unusable(
            "The ledger {path} was just replaced by another. Nothing was changed; try again.",
            path=path,
        )
    known = name.removeprefix("SQLITE_").partition("_")[0]
    if known == "CONSTRAINT":
        return Refused(
            "The ledger refuses this entry: {reason}. Nothing was changed.", reason=error
        )
    if made := {"BUSY": in_use_error, "LOCKED": in_use_error, "READONLY": read_only_error}.get(
        known
    ):
        return made(path)
    if (
        known == "CANTOPEN"
        and neighbours(link_target(path))
        and not os.access(path.resolve().parent, os.W_OK)
    ):
        return read_only_error(path)  # the files of a ledger in WAL cannot be made there
    if known == "FULL":
        return Unusable(
            "The disk of {path} is full. Nothing was changed; free some space and try again.",
            path=path,
        )
    if known in ("CORRUPT", "NOTADB"):
        return damaged_error(path, error)
    note = backup_to_restore(path)
    return Unusable("The ledger {path} cannot be used: {reason}.", *note, path=path, reason=error)
