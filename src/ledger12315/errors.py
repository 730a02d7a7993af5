"""What can go wrong, one class for each exit code.

A sentence is put in the reader's language only where it is shown.
"""

import errno
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Self

_SHARING = 32, 33
"""Windows' error codes of a file that another program has open or locked."""
_LONGEST_PATH = 259
"""The most characters of a path on Windows."""


class Message(NamedTuple):
    """A sentence of the catalogue, and its values.

    `id` is English, with `{names}`; values may be Messages or Words themselves.
    """

    id: str
    values: Mapping[str, object]


def message(text: str, /, **values: object) -> Message:
    """Return a Message; the catalogue's test finds its sentences by this name."""
    return Message(text, values)


def reason(error: OSError, reads: bool = False) -> Message | str:
    """Return why the system refused, in words that say what to do.

    `reads` says that a file was to be read.
    """
    if getattr(error, "winerror", None) in _SHARING:
        return message("another program, such as Excel, has it open; close it there")
    if sys.platform == "win32" and len(str(Path(error.filename or "").absolute())) > _LONGEST_PATH:
        return message(
            "its path is longer than the {most} characters that Windows takes", most=_LONGEST_PATH
        )
    if reads and error.errno == errno.ENOENT:
        return message("there is no such file")
    if reads and error.errno == errno.EACCES:
        return message("you have no permission to read it")
    return {
        errno.ENOENT: message("the folder is missing; create it"),
        errno.ENOTDIR: message("part of the path is a file, not a folder"),
        errno.EISDIR: message("it is a folder"),
        errno.EEXIST: message("a file of this name already exists"),
        errno.EACCES: message("you have no permission to write there"),
        errno.EROFS: message("you have no permission to write there"),
        errno.ENOSPC: message("the disk is full"),
        errno.EFBIG: message("the disk is full"),
        errno.ENAMETOOLONG: message("the name is too long"),
        errno.EINVAL: message("the system does not allow this file name"),
    }.get(error.errno or 0, (error.strerror or str(error)).rstrip("。"))


class LedgerError(Exception):
    """The base: `notes` are further lines, each a Message."""

    exit_code: int
    box = ""
    """The key of the box that mends it, where it is about one."""

    def __init__(self, text: str, /, *notes: Message, **values: object) -> None:
        super().__init__(text)
        self.message = Message(text, values)
        self.notes = notes

    def about(self, box: str) -> Self:
        """Return the error, which the box of this key mends."""
        self.box = box
        return self


class Left(KeyboardInterrupt):
    """Somebody left the questions on purpose, so nothing was written."""

    def __init__(self, written: bool = False) -> None:
        """In a pile others may be `written`."""
        super().__init__()
        left = message("Left; this one was not written.") if written else None
        self.message = left or message("Left; nothing was written.")


class Unclear(LedgerError):
    """What was typed cannot be understood, or is not complete."""

    exit_code = 2


class Refused(LedgerError):
    """Understood, but not found, or against the ledger's state or a rule of the plan.

    Nothing was changed.
    """

    exit_code = 3


class Unusable(LedgerError):
    """The ledger cannot be used, or output cannot be written."""

    exit_code = 4


class Unacceptable(LedgerError):
    """A file to take in is missing or refused; the ledger is untouched."""

    exit_code = 5
