"""Backups: a copy that is checked before it takes a good one's place, and a restore that keeps what it replaces."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from shutil import copyfileobj

from ledger12315.errors import Refused, Unusable
from ledger12315.ledger.check import problems
from ledger12315.ledger.file import connect, explained, reading
from ledger12315.ledger.known_backups import remember
from ledger12315.ledger.placing import beside, link, put
from ledger12315.ledger.rows import new_key


def back_up(ledger: Path, target: Path, keep: int = 1) -> None:
    """Write a checked copy, also while others write to the ledger; older ones become FILE.1, FILE.2 ..., `keep` in all.

    Raises Refused where the target is the ledger itself, Unusable where the ledger is damaged or the copy cannot be written: what
    stood at the target stays then.
    """
    if target.exists() and ledger.exists() and target.samefile(ledger):
        raise Refused("{path} is the ledger itself. Name another file for the backup.", path=target)
    if target.is_file() and not _may_be_replaced(target, ledger):
        raise Refused("{path} is no backup of a ledger and is not replaced. Name another file.", path=target)
    with beside(target) as fresh:
        _checked_copy(ledger, fresh)
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


def restore(source: Path, ledger: Path) -> Path | None:
    """Put a checked copy of a backup in the ledger's place; gives where the replaced ledger is kept. Raises Unusable."""
    with beside(ledger) as fresh:
        _checked_copy(source, fresh)
        if not ledger.exists():
            put(fresh, ledger)
            return None
        kept = ledger.with_name(f"{ledger.name}.replaced-{new_key()[:8]}")
        with explained(ledger):
            try:
                _overwrite(ledger, fresh, kept)
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                if getattr(error, "sqlite_errorname", "SQLITE_NOTADB") not in ("SQLITE_CORRUPT", "SQLITE_NOTADB"):
                    raise
                # Nobody can be at work in what SQLite cannot read: the file itself is exchanged, and its journal with it.
                link(ledger, kept)
                with suppress(FileNotFoundError):
                    Path(f"{ledger}-journal").replace(f"{kept}-journal")
                put(fresh, ledger)
        return kept


def _overwrite(ledger: Path, fresh: Path, kept: Path) -> None:
    """Fill the ledger with another's pages in one transaction: others who have it open wait, and go on in what was restored.

    An exchanged file would still be open in them, and they would roll the journal of the new one back into the old.
    """
    # Closing a file that one has locked gives up the locks: this one is closed last.
    with ledger.open("rb") as old, closing(connect(ledger, "rw")) as target, closing(connect(fresh, "ro")) as pattern:

        def keep(_status: int, _remaining: int, _total: int) -> None:
            """After the first page the ledger is locked and its file still as it was: now it is kept."""
            if not kept.exists():
                with beside(kept) as copy:
                    with copy.open("wb") as written:
                        copyfileobj(old, written)
                    put(copy, kept)

        pattern.backup(target, pages=1, progress=keep)
    ledger.chmod(0o600)


def _checked_copy(source: Path, fresh: Path) -> None:
    """Copy a ledger as of one moment, and check the copy."""
    with reading(source):
        pass  # says in a clerk's words why it cannot be opened
    with explained(source), closing(connect(source, "rw" if Path(f"{source}-journal").exists() else "ro")) as connection:
        connection.execute("VACUUM INTO ?", (str(fresh),))
    if found := problems(fresh):
        raise Unusable("{path} is damaged; nothing was changed.", *found[:20], path=source)


def _may_be_replaced(target: Path, ledger: Path) -> bool:
    """Whether what stands there is nothing, or a backup of this station's."""
    with target.open("rb") as opened:
        beginning = opened.read(15)
    if beginning != b"SQLite format 3":
        return not beginning
    with suppress(sqlite3.Error, UnicodeDecodeError):  # a damaged backup
        keys = set()
        for path in (target, ledger):
            with closing(connect(path, "ro")) as connection:
                keys.add(connection.execute("SELECT key FROM station").fetchone())
        return len(keys) == 1
    return True


def _numbered(target: Path, number: int) -> Path:
    return target.with_name(f"{target.name}.{number}")
