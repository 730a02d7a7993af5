"""Backups: a copy is checked before it replaces a good one, a restore keeps what it replaces."""

import os
import sqlite3
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path
from shutil import copyfileobj

from ledger12315.errors import Message, Refused, Unacceptable, Unusable, message
from ledger12315.ledger.audit.check import ledger_problems, renew_words
from ledger12315.ledger.store import new_key
from ledger12315.ledger.store.atomic import beside, link, put
from ledger12315.ledger.store.explaining import sqlite_explained
from ledger12315.ledger.store.known_backups import newest_backup, remember
from ledger12315.ledger.store.opening import APPLICATION_ID, MAGIC, connect, reading
from ledger12315.ledger.store.schema import STEPS

# What SQLite reports where the fault is not the file's.
_ELSEWHERE = tuple(
    f"SQLITE_{name}"
    for name in ("BUSY", "LOCKED", "FULL", "IOERR", "CANTOPEN", "NOMEM", "READONLY_")
)


def back_up(ledger: Path, target: Path, keep: int = 1) -> None:
    """Write a checked copy, also while others write to the ledger.

    Older copies become FILE.1, FILE.2 ..., `keep` in all. Raises Refused where the target is the
    ledger itself or no backup of this station's, Unusable where the ledger is damaged or the copy
    cannot be written: what stood at the target stays then.
    """
    _demand_room(target, ledger)
    with beside(target) as fresh:
        with reading(ledger):
            pass  # says in a clerk's words why it cannot be opened
        mode = "rw" if Path(f"{ledger}-journal").exists() else "ro"
        with sqlite_explained(ledger), closing(connect(ledger, mode)) as whole:
            whole.execute("VACUUM INTO ?", (str(fresh),))
        if found := ledger_problems(fresh):
            raise Unusable(
                "{path} is not sound; no copy was made.",
                *found[:20],
                *newest_backup(ledger),
                path=ledger,
            )
        renew_words(fresh)
        if target.exists() and keep > 1:
            _number_older(target, keep)
        put(fresh, target)
    with suppress(Unusable):  # the copy is made and good; only a hint for later is missing
        remember(ledger, target)


def _demand_room(file: Path, ledger: Path) -> None:
    """Raise Refused unless what stands there is nothing, or a backup of this station's."""
    if not file.is_file():
        return
    if ledger.exists() and file.samefile(ledger):
        raise Refused("{path} is the ledger itself. Name another file for the backup.", path=file)
    with file.open("rb") as opened:
        beginning = opened.read(len(MAGIC))
    ours = beginning == MAGIC and another_station(file, ledger) is None
    if beginning and not ours:
        raise Refused(
            "{path} is no backup of a ledger and is not replaced. Name another file.", path=file
        )


def another_station(known: Path, ledger: Path) -> str | None:
    """Return the name of the ledger's station where the `known` ledger is another station's.

    None also where one of both cannot be read.
    """
    with (
        suppress(sqlite3.Error, UnicodeDecodeError, TypeError),  # TypeError: it has no station
        # Nobody writes to it, and one in WAL would leave two more files beside it.
        closing(connect(known, "ro&immutable=1")) as one,
        closing(connect(ledger, "ro")) as other,
    ):
        query = "SELECT key, name FROM station"
        was, own = one.execute(query).fetchone(), other.execute(query).fetchone()
        return None if was and was[0] == own[0] else str(own[1])
    return None


def _number_older(target: Path, keep: int) -> None:
    """Move FILE.1 to FILE.2 and so on, and give FILE the second name FILE.1."""
    numbered = [target.with_name(f"{target.name}.{number}") for number in range(1, keep)]
    for newer, older in reversed(list(pairwise(numbered))):
        if newer.exists():
            newer.replace(older)
    numbered[0].unlink(missing_ok=True)
    # Linked, not renamed: FILE stands at every moment.
    link(target, numbered[0])


def restore(source: Path, ledger: Path, make_folder: bool = False) -> Path | None:
    """Put a checked copy of a backup in the ledger's place; the backup stays as it is.

    Returns where the replaced ledger is kept. Raises Unacceptable where it is no sound backup,
    Unusable where the ledger cannot be written.
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
                # Nobody can be at work in what SQLite cannot read: the file itself is exchanged,
                # and its journal with it.
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
    ours = head.startswith(MAGIC) and int.from_bytes(head[68:72]) == APPLICATION_ID
    # Byte 18 and 19 tell what may write and read it: 1, or 2 for WAL.
    if not ours or max(head[18:20]) > 2:
        raise _refused(source, message("it is no ledger"))
    if int.from_bytes(head[60:64]) > max(STEPS):
        raise _refused(source, message("a newer program made it; update this one"))


def _take_in(source: Path, fresh: Path) -> None:
    """Copy a backup byte for byte, bring the copy up to date and check it.

    What a crash or another program left beside the backup belongs to it.
    """
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
    """Return whether the file is to blame, and not its disk or whoever else has it open."""
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_READONLY":  # a byte of the file may say so
        return os.access(path, os.W_OK)
    return not isinstance(error, OSError) and not name.startswith(_ELSEWHERE)


def _overwrite(ledger: Path, fresh: Path, kept: Path) -> None:
    """Fill the ledger with another's pages in one transaction; what it was goes to `kept`.

    Others who have it open wait, and go on in what was restored. An exchanged file would still be
    open in them, and they would roll the journal of the new one back into the old.
    """
    # Closing a file that one has locked gives up the locks: this one is closed last.
    with (
        ledger.open("rb") as old,
        closing(connect(ledger, "rw")) as target,
        closing(connect(fresh, "ro")) as restored,
    ):

        def keep(_status: int, _remaining: int, _total: int) -> None:
            """Copy the file after its first page: it is locked then, and still as it was."""
            if not kept.exists():
                with beside(kept) as copy:
                    with copy.open("wb") as written:
                        copyfileobj(old, written)
                    put(copy, kept)

        restored.backup(target, pages=1, progress=keep)
    ledger.chmod(0o600)
