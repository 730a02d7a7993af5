"""The program's errors, one class for each exit code.

A sentence is translated only where it is shown.
"""

import errno
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Self

SHARING = 32, 33
"""Windows' error codes of a file that another program has open or locked."""
_NOT_READY = 21
"""Windows' error code of a drive without a disk."""
_LONGEST_PATH = 259
"""The most characters of a path on Windows."""
_MOUNTS = r"/(?:(?:run/)?media/[^/]+/[^/]+|(?:media|mnt|Volumes)/[^/]+)(?=/)"
"""The folders as which Linux and macOS show sticks and drives."""


class Message(NamedTuple):
    """A sentence of the catalogue, and its values.

    `id` is English, with `{names}`; values may be Messages or Words themselves.
    """

    id: str
    values: Mapping[str, object]


def message(text: str, /, **values: object) -> Message:
    """Return a Message; the catalogue's test finds sentences by this name."""
    return Message(text, values)


def first_few(values: Iterable[object], most: int) -> list[object]:
    """Return the first values for a sentence, and … for the others."""
    found = [*islice(values, most + 1)]
    return [*found[:most], *["…"] * (len(found) > most)]


_IS_FOLDER = message("it is a folder")
_NOT_WRITABLE = message("you have no permission to write there")
READ_ONLY_DISK = message("the disk or stick is read-only")
_FULL = message("the disk is full")
NO_MEMORY = message("there is not enough memory")
_REASONS = {
    errno.ENOENT: message("the folder is missing; create it"),
    errno.ENOTDIR: message("part of the path is a file, not a folder"),
    errno.EISDIR: _IS_FOLDER,
    errno.EEXIST: message("a file of this name already exists"),
    errno.EACCES: _NOT_WRITABLE,
    errno.EROFS: READ_ONLY_DISK,
    errno.ENOSPC: _FULL,
    errno.EFBIG: _FULL,
    errno.ENOMEM: NO_MEMORY,
    errno.ENAMETOOLONG: message("the name is too long"),
    errno.EINVAL: message("the system does not allow this file name"),
}
"""The system's error -> why a file cannot be written."""
_REASONS_OF_READING = {
    errno.ENOENT: message("there is no such file"),
    errno.EACCES: message("you have no permission to read it"),
}


def reason(error: OSError, reads: bool = False) -> Message | str:
    """Return the system's reason for a refusal, in words that say what to do.

    `reads` means that a file was to be read.
    """
    code, file = getattr(error, "winerror", None), Path(os.fsdecode(error.filename or ""))
    if code in SHARING:
        return message("another program, such as Excel, has it open; close it there")
    missing = error.errno == errno.ENOENT or code == _NOT_READY
    if missing and (said := _why_missing(file)):
        return said
    known = _REASONS | _REASONS_OF_READING if reads else _REASONS
    if reads and sys.platform == "win32" and error.filename and file.is_dir():
        known |= {errno.EACCES: _IS_FOLDER}
    return known.get(error.errno or 0, (error.strerror or str(error)).rstrip("。"))


def _why_missing(file: Path) -> Message | None:
    """Return the reason why a file is missing, if it is another than that nobody made it."""
    if disk := unplugged_disk(file):
        return message("the disk {disk} is not there; plug it in", disk=disk)
    if _is_too_long(file):
        return message(
            "its path is longer than the {most} characters that Windows takes",
            most=_LONGEST_PATH,
        )
    return None


def unplugged_disk(file: Path) -> str:
    """Return the stick, drive or share of a path if it is not there; else an empty text."""
    path = os.path.abspath(file)  # noqa: PTH100 follows no link
    if sys.platform == "win32":
        drive = os.path.splitdrive(path)[0]
        return "" if not drive or os.path.lexists(f"{drive}\\") else drive
    found = re.match(_MOUNTS, path)
    if not found or Path(found[0]).exists() or Path(found[0]).parent.is_mount():
        return ""
    return found[0]


def _is_too_long(file: Path) -> bool:
    """Return whether Windows says of a file that it is missing since its path is too long."""
    return (
        sys.platform == "win32"
        and len(str(file.absolute())) > _LONGEST_PATH
        and not os.path.lexists(file)
    )


class LedgerError(Exception):
    """The base of all errors: `notes` are further lines, each a Message."""

    exit_code: int
    box = ""
    """The key of the box that mends it, if there is one."""
    readings: tuple[str, ...] = ()
    """What the text of that box may mean instead, as it would be typed."""

    def __init__(self, text: str, /, *notes: Message, **values: object) -> None:
        super().__init__(text)
        self.message = Message(text, values)
        self.notes = notes

    def about(self, box: str, readings: tuple[str, ...] = ()) -> Self:
        """Return the error, with the key of the box that mends it, and what it may mean."""
        self.box, self.readings = box, readings
        return self


class Left(KeyboardInterrupt):
    """Somebody left the questions, so nothing was written."""

    def __init__(self, *notes: Message, written: bool = False) -> None:
        """With `written`, say only that this one was not written: earlier ones were."""
        super().__init__()
        self.notes = notes
        left = message("Left; this one was not written.") if written else None
        self.message = left or message("Left; nothing was written.")


class Unclear(LedgerError):
    """The input cannot be understood, or is incomplete."""

    exit_code = 2


class Refused(LedgerError):
    """The request contradicts the ledger's state or a rule of the plan, or finds nothing.

    Nothing was changed.
    """

    exit_code = 3


class Unusable(LedgerError):
    """The ledger cannot be used, or output cannot be written."""

    exit_code = 4


class Unacceptable(LedgerError):
    """An input file is missing or refused; the ledger is unchanged."""

    exit_code = 5


@contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """Make a folder for the block, with its parents; what is new and stays empty is removed.

    Raises Unusable if it cannot be made.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        with explain_write_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        for each in missing:
            with suppress(OSError):  # it is filled
                each.rmdir()


@contextmanager
def explain_write_errors(path: Path) -> Iterator[None]:
    """Raise Unusable for a path that cannot be written inside the block."""
    try:
        yield
    except OSError as error:
        raise Unusable(
            "{path} cannot be written: {reason}.", path=path, reason=reason(error)
        ) from error
