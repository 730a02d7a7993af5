"""Backups: a copy that is checked before it takes a good one's place, and a restore that keeps what it replaces."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from shutil import copyfileobj

from ledger12315.errors import Message, Refused, Unacceptable, Unusable, message
from ledger12315.ledger.audit.check import ledger_problems, renew_words
from ledger12315.ledger.store import new_key
from ledger12315.ledger.store.atomic import beside, link, put
from ledger12315.ledger.store.known_backups import newest_backup, remember
from ledger12315.ledger.store.opening import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    connect,
    reading,
    sqlite_explained,
)

_MAGIC = b"SQLite format 3\0"
# What SQLite reports where the fault is not the file's.
_ELSEWHERE = tuple(
    f"SQLITE_{name}"
    for name in ("BUSY", "LOCKED", "FULL", "IOERR", "CANTOPEN", "NOMEM", "READONLY_")
)


def back_up(ledger: Path, target: Path, keep: int = 1) -> None:
    """Write a checked copy, also while others write to the ledger; older ones become FILE.1, FILE.2 ..., `keep` in all.

    Raises Refused where the target is the ledger itself, Unusable where the ledger is damaged or the copy cannot be written: what
    stood at the target stays then.
    """
    if target.exists() and ledger.exists() and target.samefile(ledger):
        raise Refused("{path} is the ledger itself. Name another file for the backup.", path=target)
    if target.is_file() and not _may_be_replaced(target, ledger):
        raise Refused(
            "{path} is no backup of a ledger and is not replaced. Name another file.", path=target
        )
    with beside(target) as fresh:
        with reading(ledger):
            pass  # says in a clerk's words why it cannot be opened
        with (
            sqlite_explained(ledger),
            closing(
                connect(ledger, "rw" if Path(f"{ledger}-journal").exists() else "ro")
            ) as connection,
        ):
            connection.execute("VACUUM INTO ?", (str(fresh),))
        if found := ledger_problems(fresh):
            raise Unusable(
                "{path} is not sound; no copy was made.",
                *found[:20],
                *newest_backup(ledger),
                path=ledger,
            )
        renew_words(fresh)
        if target.exists() and keep > 1:
            for number in range(keep - 1, 1, -1):
                if _numbered(target, number - 1).exists():
                    _numbered(target, number - 1).replace(_numbered(target, number))
            _numbered(target, 1).unlink(missing_ok=True)
            # Linked, not renamed: FILE stands at every moment.
            link(target, _numbered(target, 1))
        put(fresh, target)
    with suppress(Unusable):  # the copy is made and good; only a hint for later is missing
        remember(ledger, target)


def restore(source: Path, ledger: Path, make_folder: bool = False) -> Path | None:
    """Put a checked copy of a backup in the ledger's place; gives where the replaced ledger is kept. The backup stays as it is.

    Raises Unacceptable where it is not a sound backup, Unusable where the ledger cannot be written.
    """
    _look_at(source)
    with beside(ledger, make_folder) as fresh:
        _take_in(source, fresh)
        if not ledger.exists():
            put(fresh, ledger)
            return None
        kept = ledger.with_name(f"{ledger.name}.replaced-{new_key()[:8]}")
        with sqlite_explained(ledger):
            try:
                _overwrite(ledger, fresh, kept)
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                if not _broken(error, ledger):
                    raise
                # Nobody can be at work in what SQLite cannot read: the file itself is exchanged, and its journal with it.
                if not kept.exists():
                    link(ledger, kept)
                with suppress(FileNotFoundError):
                    Path(f"{ledger}-journal").replace(f"{kept}-journal")
                put(fresh, ledger)
        return kept


def _look_at(source: Path) -> None:
    """Refuse what cannot be a backup, before anything is made of it."""
    if not (os.access(source, os.R_OK) and source.is_file()):
        raise _refused(source, message("it is missing, or may not be read"))
    with source.open("rb") as opened:
        head = opened.read(100)
    # Byte 18 and 19 tell what may write and read it: 1, or 2 for WAL.
    if (
        not head.startswith(_MAGIC)
        or int.from_bytes(head[68:72]) != APPLICATION_ID
        or max(head[18:20]) > 2
    ):
        raise _refused(source, message("it is no ledger"))
    if int.from_bytes(head[60:64]) > SCHEMA_VERSION:
        raise _refused(source, message("a newer program made it; update this one"))


def _take_in(source: Path, fresh: Path) -> None:
    """Copy a backup byte for byte, with what a crash or another program left beside it; bring up to date and check the copy."""
    for end in ("", "-journal", "-wal"):
        if (part := Path(f"{source}{end}")).exists():
            copied = Path(f"{fresh}{end}")
            copied.touch(0o600, exist_ok=not end)
            with part.open("rb") as whole, copied.open("wb") as copy:
                copyfileobj(whole, copy)
    try:
        with reading(fresh):
            pass  # brings it up to date
        found = ledger_problems(fresh)
    except Unusable as error:
        if not _broken(error.__cause__, fresh):
            raise
        known = error.message.values
        why = message(
            "it is damaged, or another program altered it: {reason}",
            reason=known.get("names", known.get("reason")),
        )
        raise _refused(source, why) from error
    if found:
        raise _refused(source, message("it is damaged"), *found[:20])
    renew_words(fresh)


def _refused(source: Path, why: Message, *notes: Message) -> Unacceptable:
    return Unacceptable(
        "The backup {path} cannot be restored: {reason}. Nothing was changed.",
        *notes,
        path=source,
        reason=why,
    )


def _broken(error: BaseException | None, path: Path) -> bool:
    """Whether the file itself is to blame, and not its disk or whoever else has it open."""
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_READONLY":  # a byte of the file may say so
        return os.access(path, os.W_OK)
    return not isinstance(error, OSError) and not name.startswith(_ELSEWHERE)


def _overwrite(ledger: Path, fresh: Path, kept: Path) -> None:
    """Fill the ledger with another's pages in one transaction: others who have it open wait, and go on in what was restored.

    An exchanged file would still be open in them, and they would roll the journal of the new one back into the old.
    """
    # Closing a file that one has locked gives up the locks: this one is closed last.
    with (
        ledger.open("rb") as old,
        closing(connect(ledger, "rw")) as target,
        closing(connect(fresh, "ro")) as pattern,
    ):

        def keep(_status: int, _remaining: int, _total: int) -> None:
            """After the first page the ledger is locked and its file still as it was: now it is kept."""
            if not kept.exists():
                with beside(kept) as copy:
                    with copy.open("wb") as written:
                        copyfileobj(old, written)
                    put(copy, kept)

        pattern.backup(target, pages=1, progress=keep)
    ledger.chmod(0o600)


def _may_be_replaced(target: Path, ledger: Path) -> bool:
    """Whether what stands there is nothing, or a backup of this station's."""
    with target.open("rb") as opened:
        beginning = opened.read(len(_MAGIC))
    if beginning != _MAGIC:
        return not beginning
    return another_station(target, ledger) is None


def another_station(known: Path, ledger: Path) -> str | None:
    """The name of a ledger's station where the `known` one is another's, as far as both can be read."""
    with (
        suppress(sqlite3.Error, UnicodeDecodeError, TypeError),  # TypeError: it has no station
        closing(connect(known, "ro")) as one,
        closing(connect(ledger, "ro")) as other,
    ):
        was, own = (
            each.execute("SELECT key, name FROM station").fetchone() for each in (one, other)
        )
        return None if was and was[0] == own[0] else str(own[1])
    return None


def _numbered(target: Path, number: int) -> Path:
    return target.with_name(f"{target.name}.{number}")
