"""Backups: a copy is checked before it replaces a good one; a restore keeps the old ledger."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from filecmp import cmp
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ledger12315.errors import (
    Message,
    Refused,
    Unacceptable,
    Unusable,
    message,
    reason,
)
from ledger12315.ledger.audit.check import ledger_problems
from ledger12315.ledger.store import Ledger, Progress, no_progress
from ledger12315.ledger.store.atomic import demand_replaceable, link, new_file_beside, put
from ledger12315.ledger.store.explaining import (
    explain_copying,
    explain_sqlite_errors,
    in_use_error,
)
from ledger12315.ledger.store.files import (
    Header,
    demand_alone,
    demand_own_journal,
    header_of,
    journal_of,
    link_target,
    neighbours,
)
from ledger12315.ledger.store.history import head
from ledger12315.ledger.store.migrating import BRINGING_OVER, EarlierBuild
from ledger12315.ledger.store.opening import (
    APPLICATION_ID,
    Tell,
    connect,
    demand_file,
    glancing,
    no_remark,
    reading,
)
from ledger12315.ledger.store.practice import is_for_practice, own_path, practice_path, practises
from ledger12315.ledger.store.upkeep import newest_backup, note_backup
from ledger12315.ledger.store.versions import STEPS

_COPYING, _REPLACING = message("Copying"), message("Putting it in place")
# The amount of work between two reports of progress.
_PAGES, _PART_OF_FILE = 1000, 1 << 20  # bytes
# SQLite's errors that are not the file's fault.
_ELSEWHERE = tuple(
    f"SQLITE_{name}"
    for name in ("BUSY", "LOCKED", "FULL", "IOERR", "CANTOPEN", "NOMEM", "READONLY_")
)


def back_up(
    ledger: Path,
    target: Path,
    keep: int = 1,
    tell: Progress = no_progress,
    remark: Tell = no_remark,
) -> None:
    """Write a checked copy, also while others write to the ledger.

    Older copies become FILE.1, FILE.2 ..., `keep` in all. Raises Refused if the target is the
    ledger itself, another station's or no ledger, Unusable if the ledger is damaged or the copy
    cannot be written; the target's file stays then.
    """
    _demand_backup_room(target, ledger)
    with new_file_beside(target) as fresh:

        def copied(_status: int, remaining: int, pages: int) -> None:
            tell(_COPYING, pages - remaining, pages)

        with reading(ledger, remark) as whole:
            _demand_same_station(target, whole)
            with explain_copying(target), closing(sqlite3.connect(fresh)) as copy:
                whole.backup(copy, pages=_PAGES, progress=copied)
                copy.execute("PRAGMA journal_mode = DELETE")
        if found := _problems_of_copy(fresh, tell):
            raise _unsound(ledger, target, found, tell)
        if target.exists() and keep > 1:
            _number_older(target, keep)
        put(fresh, target)
    note_backup(ledger, target)


def _problems_of_copy(fresh: Path, tell: Progress) -> list[Message]:
    """Return the problems of a copy, also where it cannot be opened; nobody knows its name."""
    try:
        return ledger_problems(fresh, tell)
    except Unusable as error:
        if not _is_damaged(error.__cause__, fresh):
            raise
        return [message("SQLite: {reason}", reason=error.message.values.get("reason", ""))]


def _unsound(ledger: Path, target: Path, found: list[Message], tell: Progress) -> Unusable:
    """Return the error of a copy with problems: the ledger's own, or those of the copy's disk."""
    notes = *found[:20], *newest_backup(ledger)
    if ledger_problems(ledger, tell):
        return Unusable("{path} is not sound; no copy was made.", *notes, path=ledger)
    return Unusable(
        "The ledger is sound, but its copy was not when it was read again, so {path} was not "
        "written: its disk fails. Choose another disk.",
        *notes,
        path=target,
    )


def _demand_backup_room(file: Path, ledger: Path) -> None:
    """Raise Refused unless a file is missing, empty or a backup, Unusable if it is unreadable."""
    if file.exists() and ledger.exists() and file.samefile(ledger):
        raise Refused(
            "{path} is the ledger itself. Choose another file for the backup.", path=file
        )
    demand_alone(file)
    if not file.exists() or file.is_dir():
        return
    try:
        header = header_of(file) if file.is_file() else None
    except OSError as error:
        raise Unusable(
            "{path} exists and cannot be read, so it is not overwritten: {reason}. Choose another "
            "name.",
            path=file,
            reason=reason(error, reads=True),
        ) from error
    if not header or not (header.empty or _is_ours(header)):
        raise Refused(
            "{path} is not a backup of a ledger, so it is not overwritten. Choose another name.",
            path=file,
        )


def _demand_same_station(file: Path, ledger: Ledger) -> None:
    """Raise Refused for a backup of another station; a damaged one counts as this station's."""
    other = _whose(file)
    if other.is_not_of(_told_by(ledger, other)):
        raise Refused(
            "{path} is a backup of another ledger ({station}), so it is not overwritten. Choose "
            "another name, and keep that backup.",
            path=file,
            station=other.station,
        )


def _is_ours(header: Header) -> bool:
    return header.sqlite and header.application == APPLICATION_ID


class _Whose(NamedTuple):
    """What a ledger says of itself; its station's key is None if that cannot be read."""

    practice: bool
    key: str | None = None
    station: str = ""
    head: str = ""

    def is_not_of(self, other: "_Whose") -> bool:
        return None not in (self.key, other.key) and self.key != other.key


def _whose(path: Path) -> _Whose:
    """Return what a ledger says of itself; an unreadable one is for practice by its name."""
    found = _Whose(is_for_practice(path))
    if not os.path.isfile(path):  # noqa: PTH113 never raises; a pipe would wait for its writer
        return found
    with suppress(sqlite3.Error), glancing(path) as ledger:
        found = _told_by(ledger, found)
    return found


def _told_by(ledger: Ledger, found: _Whose) -> _Whose:
    """Return what an open ledger says of itself; `found` stands for what cannot be read."""
    with suppress(sqlite3.Error):
        found = _Whose(practises(ledger))
    with suppress(sqlite3.Error, UnicodeDecodeError, TypeError):  # TypeError: it has no station
        key, name = ledger.execute("SELECT key, name FROM station").fetchone()
        found = _Whose(found.practice, key, str(name))
        found = found._replace(head=head(ledger))
    return found


class Acts(NamedTuple):
    """Acts of a ledger that a backup has not: their number, and the day of the last."""

    number: int
    newest: str


class Replaced(NamedTuple):
    """The ledger that a backup replaced: where it is kept, its acts that the backup has not."""

    path: Path
    lost: Acts | None


def _acts_after(head: str, ledger: Path) -> Acts | None:
    """Return the acts in a ledger after this head, or all if its history has no such head.

    Nobody knows them where the ledger cannot be read.
    """
    with suppress(sqlite3.Error), glancing(ledger) as whole:
        after = "coalesce((SELECT id FROM act WHERE head = ?), 0)"
        query = f"SELECT count(*), max(at) FROM act WHERE id > {after}"
        number, at = whole.execute(query, (head,)).fetchone()
        return Acts(number, (at or "")[:10])
    return None


def _number_older(target: Path, keep: int) -> None:
    """Move FILE.1 to FILE.2 and so on, and give FILE the second name FILE.1."""
    numbered = [target.with_name(f"{target.name}.{number}") for number in range(1, keep)]
    for newer, older in reversed(list(pairwise(numbered))):
        if newer.exists():
            newer.replace(older)
    numbered[0].unlink(missing_ok=True)
    # Linked, not renamed: FILE exists at every moment.
    link(target, numbered[0])


def restore(
    source: Path,
    ledger: Path,
    make_folder: bool = False,
    tell: Progress = no_progress,
    agree: Callable[[str, Acts | None], object] = lambda *_: None,
) -> Replaced | None:
    """Put a checked copy of a backup in the ledger's place, and keep the replaced ledger.

    Before a ledger is replaced, `agree` is called with what is lost, and with the name of the
    station if the backup is another one's. Raises Unacceptable if the backup is not sound or for
    another use, Unusable if the ledger cannot be written.
    """
    _demand_backup(source, ledger)
    demand_file(ledger)
    demand_own_journal(ledger)
    was, own = _whose(source), _whose(ledger)
    _demand_same_use(source, was, own, ledger)
    if ledger.exists():
        other = was.station if was.is_not_of(own) else ""
        agree(other, _acts_after(was.head, ledger))
    with new_file_beside(ledger, make_folder) as fresh:
        _demand_same_use(source, _copy_and_check(source, fresh, tell), own, ledger)
        if ledger.exists():
            kept = _replace(ledger, fresh, tell)
            return Replaced(kept, _acts_after(was.head, kept))
        demand_alone(ledger)
        put(fresh, ledger)
    return None


def _replace(ledger: Path, fresh: Path, tell: Progress) -> Path:
    """Put a new file in a ledger's place, and return where the replaced ledger is kept."""
    kept = ledger.with_name(f"{ledger.name}.replaced-{os.urandom(4).hex()}")
    with explain_sqlite_errors(ledger):
        try:
            _overwrite(ledger, fresh, kept, tell)
        except (sqlite3.DatabaseError, UnicodeDecodeError, Unusable) as error:
            if isinstance(error, Unusable) or not _is_damaged(error, ledger):
                with suppress(OSError):
                    if cmp(kept, ledger, shallow=False):  # it is unchanged
                        kept.unlink()
                raise
            # Nobody can have a file open that SQLite cannot read: the file itself is replaced, and
            # its journal with it.
            demand_replaceable(ledger)
            if not kept.exists():
                link(ledger, kept)
            with suppress(FileNotFoundError):
                journal_of(ledger).replace(f"{kept}-journal")
            put(fresh, ledger)
    return kept


def _demand_backup(source: Path, ledger: Path) -> None:
    """Raise Unacceptable for a file that cannot be a backup."""
    if os.path.exists(source) and not os.path.isfile(source):  # noqa: PTH110, PTH113 never raise
        raise _refused_restore(source, message("it is a folder or a device"))
    try:
        header = header_of(source)
    except OSError as error:
        raise _refused_restore(
            source, reason(error, reads=True), *newest_backup(ledger)
        ) from error
    if not _is_ours(header) or header.format_version > 2:
        raise _refused_restore(source, message("it is not a ledger"))
    if header.version > max(STEPS):
        raise _refused_restore(source, message("a newer program made it; update this one"))
    for part in neighbours(link_target(source)):
        raise _refused_restore(
            source,
            message("{part} is in the same folder and could change it", part=part),
            message(
                "On the computer where it was made, write a complete copy and restore that: "
                "`ledger12315 --db {path} ledger backup COPY`",
                path=source,
            ),
        )


def _copy_and_check(source: Path, fresh: Path, tell: Progress) -> _Whose:
    """Copy a backup byte for byte, bring the copy up to date and check it; return whose it is."""
    with source.open("rb") as whole:
        _copy_parts(whole, fresh, tell, source)
    try:
        with reading(fresh, keep=False) as ledger:  # brings it up to date
            was = _told_by(ledger, _Whose(False))
        found = ledger_problems(fresh, tell)
    except EarlierBuild as error:
        why = message("a build before the first release made it")
        raise _refused_restore(source, why, BRINGING_OVER) from error
    except Unusable as error:
        if not _is_damaged(error.__cause__, fresh):
            raise
        known = error.message.values
        why = message(
            "it is damaged, or another program altered it: {reason}",
            reason=known.get("names", known.get("reason")),
        )
        raise _refused_restore(source, why) from error
    if found:
        raise _refused_restore(source, message("it is damaged"), *found[:20])
    return was


def _demand_same_use(source: Path, was: _Whose, own: _Whose, ledger: Path) -> None:
    """Raise Unacceptable for a practice ledger in a real one's place, or the other way round.

    A backup of the ledger itself may always go back, also where neither says what it is.
    """
    if was.practice == own.practice or (was.key and was.key == own.key):
        return
    if was.practice:
        raise _refused_restore(
            source,
            message("it is a practice ledger, and {ledger} is not", ledger=ledger),
            message(
                "Restore it as the practice ledger: `ledger12315 --db {ledger} ledger restore "
                "{path}`",
                ledger=practice_path(ledger),
                path=source,
            ),
        )
    into_own = message(
        "Restore it as the station's own ledger: `ledger12315 --db {ledger} ledger restore "
        "{path}`",
        ledger=own_path(ledger),
        path=source,
    )
    raise _refused_restore(
        source,
        message("it is not a practice ledger, but {ledger} is", ledger=ledger),
        *[into_own] * is_for_practice(ledger),  # else nobody knows where the station's own lies
    )


def _refused_restore(source: Path, why: Message | str, *notes: Message) -> Unacceptable:
    return Unacceptable(
        "The backup {path} cannot be restored: {reason}. Nothing was changed.",
        *notes,
        path=source,
        reason=why,
    )


def _is_damaged(error: BaseException | None, path: Path) -> bool:
    """Return whether an error means a damaged file, not a faulty disk or a file in use."""
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_READONLY":  # a byte of the file may say so
        return os.access(path, os.W_OK)
    return not isinstance(error, OSError) and not name.startswith(_ELSEWHERE)


def _copy_parts(whole: BinaryIO, copy: Path, tell: Progress, source: Path) -> None:
    """Copy an open file. Raises Unacceptable if it cannot be read: that is not the copy's disk."""
    size = whole.seek(0, os.SEEK_END)
    whole.seek(0)
    with copy.open("wb") as written:
        while part := _read_part(whole, source):
            written.write(part)
            tell(_COPYING, whole.tell(), size)


def _read_part(whole: BinaryIO, source: Path) -> bytes:
    try:
        return whole.read(_PART_OF_FILE)
    except OSError as error:
        raise _refused_restore(source, reason(error, reads=True)) from error


def _overwrite(ledger: Path, fresh: Path, kept: Path, tell: Progress) -> None:
    """Write another ledger's pages into this one in one transaction; copy the old one to `kept`.

    Programs that have it open wait, and then read the restored ledger. With a new file in its
    place they would keep the old one open, and roll the new one's journal back into it.
    """
    # The order matters twice. POSIX drops all locks of a process on a file when any handle to it
    # is closed, so `old`, opened first, is closed last. And the copy to `kept` begins only after
    # SQLite has locked the target with its first page: nobody writes between copy and exchange.
    with (
        ledger.open("rb") as old,
        closing(connect(ledger, "rw")) as target,
        closing(connect(fresh, "ro")) as restored,
    ):

        def keep(status: int, remaining: int, pages: int) -> None:
            """Copy the file after its first page: it is locked then, and still unchanged."""
            if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise in_use_error(ledger)  # or Python would try for ever
            if not kept.exists():
                with new_file_beside(kept, like=ledger) as copy:
                    _copy_parts(old, copy, tell, ledger)
                    put(copy, kept)
            if remaining % _PAGES == 0:
                tell(_REPLACING, pages - remaining, pages)

        target.execute("PRAGMA cache_size = -65536")  # KiB: the journal is synced less often
        restored.execute("BEGIN")
        restored.execute("SELECT 1 FROM station")  # locked once, not for each page
        restored.backup(target, pages=1, progress=keep)
        with suppress(sqlite3.OperationalError):  # the next command tries again
            # Until then all restored pages of a ledger in WAL are in the file beside it.
            target.execute("PRAGMA journal_mode = DELETE")
