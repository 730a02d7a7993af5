"""Database files: their header, and the -journal, -wal and -shm that SQLite reads as parts."""

import errno
import os
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from ledger12315.errors import READ_ONLY_DISK, Message, Refused, Unusable, message, reason

_MAGIC = bytes.fromhex("d9d505f920a163d7")
_ENDS = "-journal", "-wal", "-shm"
_HEAD_LONG, _TAIL_LONG = 28, 16  # bytes
_OTHER_PAGES = message("its pages do not match the ledger")


class Header(NamedTuple):
    """The header of a file; only an SQLite file gives the other fields a meaning.

    `format_version` is the higher of its versions for writing and reading: 1, or 2 for WAL.
    """

    empty: bool
    sqlite: bool
    in_wal: bool
    format_version: int
    version: int
    application: int


def header_of(path: Path) -> Header:
    """Return the header of a file. Raises OSError."""
    with path.open("rb") as file:
        read = file.read(72)
    writes, reads = read[18:19], read[19:20]
    version, application = int.from_bytes(read[60:64]), int.from_bytes(read[68:72])
    sqlite, in_wal = read.startswith(b"SQLite format 3\0"), writes == reads == b"\2"
    return Header(
        not read, sqlite, in_wal, int.from_bytes(max(writes, reads)), version, application
    )


def journal_of(path: Path) -> Path:
    """Return the path of a ledger's journal."""
    return Path(f"{link_target(path)}-journal")


def link_target(path: Path) -> Path:
    """Return the file behind a link, since SQLite keeps the parts beside that file."""
    return path.resolve() if path.is_symlink() else path


def neighbours(path: Path) -> list[Path]:
    """Return the files beside a database that are parts of it."""
    parts = (f"{path}{end}" for end in _ENDS)
    return [Path(part) for part in parts if os.path.lexists(part)]


def database_of(path: Path) -> Path:
    """Return the database whose part a path is by its name; mostly the path itself."""
    end = next((end for end in _ENDS if path.name.endswith(end)), "")
    return path.with_name(path.name.removesuffix(end) or path.name)


def write_obstacle(path: Path) -> Message | None:
    """Return the reason why a ledger, or its folder for the journal, cannot be written to."""
    file = link_target(path)
    try:
        os.close(os.open(file, os.O_RDWR))
    except OSError as error:
        if error.errno == errno.EROFS:
            return READ_ONLY_DISK
        return message("the file {path} may not be written", path=file)
    if file.stat().st_mode & 0o222 == 0:  # root may write it all the same
        return message("the file {path} may not be written", path=file)
    if not os.access(file.parent, os.W_OK):
        return message("in the folder {path} no file may be made", path=file.parent)
    return None


def demand_alone(path: Path) -> None:
    """Raise Refused if a -journal, -wal or -shm file is beside a path for a new database.

    SQLite would read it as part of the new database.
    """
    for part in neighbours(path):
        raise Refused(
            "{part} belongs to a different file, not to the new one. Move it to another "
            "folder, or choose another file name; nothing was changed.",
            part=part,
        )


def demand_own_journal(path: Path) -> None:
    """Raise Unusable for a journal beside the ledger that is not its own: SQLite would apply it.

    A journal may name a file that SQLite then deletes; this program never writes such journals.
    Call this before opening the ledger: closing a file gives up the locks on it.
    """
    for part in neighbours(link_target(path)):
        try:
            strange = _strange_part(part, path)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise Unusable(
                "The ledger {path} cannot be read: {reason}.",
                path=part,
                reason=reason(error, True),
            ) from error
        if strange:
            raise Unusable(
                "{journal} is not this ledger's own journal: {reason}. Nothing was changed. "
                "Move it to another folder, then run: `ledger check`",
                journal=part,
                reason=strange,
            )


def _strange_part(part: Path, path: Path) -> Message | None:
    """Return the reason why a part is not the ledger's; None if it may be, or has no effect."""
    if not S_ISREG(part.lstat().st_mode):
        return message("it is not a file")
    if part == journal_of(path):
        return _strange_journal(part, path)
    # SQLite applies a -wal to any ledger, but a ledger in WAL says so in its header.
    if part.name.endswith("-wal") and not header_of(path).in_wal:
        return _OTHER_PAGES
    return None


def _strange_journal(journal: Path, path: Path) -> Message | None:
    with journal.open("rb") as opened:
        head = opened.read(_HEAD_LONG)
        # Read last: a program at work may have made the file longer.
        with path.open("rb") as ledger:
            size_of_page = int.from_bytes(ledger.read(18)[16:])
            size = ledger.seek(0, os.SEEK_END)
        end = opened.seek(0, os.SEEK_END)
        opened.seek(max(end - _TAIL_LONG, 0))
        if opened.read().endswith(_MAGIC) and end >= _TAIL_LONG:
            return message("it names another file")
    # With another beginning it was never complete: SQLite ignores it.
    if len(head) == _HEAD_LONG and head.startswith(_MAGIC):
        pages, page = int.from_bytes(head[16:20]), int.from_bytes(head[24:28])
        # Pages missing from the file are in the journal.
        if page not in (size_of_page, size_of_page << 16) or pages * page > size + end:
            return _OTHER_PAGES
    return None
