"""Backups: a copy that is checked before it takes a good one's place, and a restore that keeps what it replaces."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from ledger12315.errors import Message, Refused, Unusable, message
from ledger12315.ledger.check import problems
from ledger12315.ledger.file import connect, explained, reading
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
        _remember(ledger, target)


def restore(source: Path, ledger: Path) -> Path | None:
    """Put a checked copy of a backup in the ledger's place; gives where the replaced ledger is kept. Raises Unusable."""
    with beside(ledger) as fresh:
        _checked_copy(source, fresh)
        if not ledger.exists():
            put(fresh, ledger)
            return None
        kept = ledger.with_name(f"{ledger.name}.replaced-{new_key()[:8]}")
        with _nobody_else_in(ledger):
            link(ledger, kept)
            # A journal that is left now belongs to a ledger SQLite cannot read, and would be played into the restored one.
            with suppress(FileNotFoundError):
                Path(f"{ledger}-journal").replace(f"{kept}-journal")
            put(fresh, ledger)
        return kept


@contextmanager
def _nobody_else_in(ledger: Path) -> Iterator[None]:
    """Hold the ledger alone, what a crash left being rolled back first; one that SQLite cannot read is held by nobody."""
    with explained(ledger), ExitStack() as stack:
        try:
            connection = stack.enter_context(closing(connect(ledger, "rw")))
            connection.execute("BEGIN EXCLUSIVE")
        except UnicodeDecodeError:
            pass  # its schema cannot be read
        except sqlite3.DatabaseError as error:
            if not getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
                raise
        yield


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


def _list_of(ledger: Path) -> Path:
    return ledger.with_name(f"{ledger.name}.backups")


def _remember(ledger: Path, target: Path) -> None:
    """Keep the backups' paths beside the ledger, the newest last: a damaged ledger cannot tell them."""
    known = [line for line in _known(ledger) if line != str(target.resolve())]
    with beside(_list_of(ledger)) as fresh:
        fresh.write_text("\n".join([*known, str(target.resolve()), ""]), "utf-8")
        put(fresh, _list_of(ledger))


def _known(ledger: Path) -> list[str]:
    with suppress(OSError):
        return _list_of(ledger).read_text("utf-8").splitlines()
    return []


def newest_backup(ledger: Path) -> Message | None:
    """The newest backup that still lies where it was made."""
    for path in reversed(_known(ledger)):
        if Path(path).exists():
            return message("The newest backup: {path}", path=path)
    return None
