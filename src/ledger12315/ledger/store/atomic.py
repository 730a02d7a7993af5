"""Files put in place: written beside the target, flushed as a whole, then renamed."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import inf
from pathlib import Path
from shutil import copyfileobj
from stat import S_IMODE, S_ISGID, S_IWGRP, S_IWUSR
from time import sleep
from typing import Literal

from ledger12315.errors import Unusable, explain_write_errors
from ledger12315.ledger.store.files import neighbours

Readers = Literal["owner", "group", "anybody"]
"""Who may read a new file; the group is that of its folder, if the folder is shared with it."""
_DAY_LONG = 24 * 60 * 60  # seconds
_PART = re.compile("[0-9a-f]{8}[.]part")
_PAUSES = (0.1, 0.2, 0.4)  # seconds that a virus scanner may hold a file


@contextmanager
def new_file_beside(
    target: Path,
    make_folder: bool = False,
    readers: Readers = "owner",
    like: Path | None = None,
) -> Iterator[Path]:
    """Yield a new file in the target's folder, removed afterwards unless it was renamed.

    It has the mode and group of the file that it replaces, or of `like`; where there is none,
    `readers` says who may read it. The mode is given when the file is made, since some
    filesystems cannot change it later. Raises Unusable.
    """
    # Resolved: SQLite would take a relative path that begins with file: for a URI.
    folder = target.parent.resolve()
    fresh = folder / f".{target.name}.{os.urandom(4).hex()}.part"
    try:
        with explain_write_errors(target):
            if make_folder:
                folder.mkdir(parents=True, exist_ok=True)
            fresh.touch(0o666 if readers == "anybody" else 0o600, exist_ok=False)
            if (like or target).is_file():
                _set_access(fresh, like or target)
            elif readers == "group":
                follow_folder(fresh)
            # Left by a crash; a copy still being made is younger. The disk's clock may be
            # another than the machine's.
            old = fresh.stat().st_mtime - _DAY_LONG
            for left in folder.glob(".*.part*"):
                if _PART.match(left.name.partition(f"{target.name}.")[2]):
                    _remove(left, before=old)
            yield fresh
    finally:
        for left in (fresh, *neighbours(fresh)):
            _remove(left)


def follow_folder(file: Path) -> None:
    """Let the group of a new file's or folder's own folder use it, if that is shared with it.

    It is shared where the group may write, or where new files are the group's (set-group-ID).
    """
    shared = file.parent.stat().st_mode
    if shared & (S_IWGRP | S_ISGID):
        rights = 0o050 if file.is_dir() else 0o040
        mode = S_IMODE(file.stat().st_mode) | rights | shared & S_IWGRP
        _set_access(file, file.parent, mode)


def _set_access(file: Path, like: Path, mode: int | None = None) -> None:
    """Give a file another one's group, and its mode where none is given; its owner may write."""
    if sys.platform == "win32":
        return
    with suppress(OSError):  # not every filesystem has them, and not everybody is in that group
        status = like.stat()
        os.chown(file, -1, status.st_gid)
        file.chmod((S_IMODE(status.st_mode) if mode is None else mode) | S_IWUSR)


def _remove(left: Path, before: float = inf) -> None:
    """Remove a file if it was last written before this moment."""
    with suppress(OSError):
        if left.stat().st_mtime < before:
            left.unlink()


def put(fresh: Path, target: Path) -> None:
    """Rename a finished file to its target, durably. Raises Unusable where that is in use."""
    _sync(fresh, os.O_RDWR)
    _move_over(fresh, target)
    sync_folder(target)


def demand_replaceable(file: Path) -> None:
    """Raise Unusable for a file that cannot be replaced: on Windows, any open one."""
    _move_over(file, file)


def _move_over(source: Path, target: Path) -> None:
    for patience in (*_PAUSES, None):
        try:
            source.replace(target)
            return
        except PermissionError:
            if patience is None:
                raise Unusable(
                    "{path} cannot be replaced: another program, such as Excel, has it open, "
                    "or you have no permission. Close it there and try again.",
                    path=target,
                ) from None
            sleep(patience)


def sync_folder(file: Path) -> None:
    """Make a file's new name durable; Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    with suppress(PermissionError):
        _sync(file.resolve().parent, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def link(source: Path, target: Path) -> None:
    """Give a file a second name, or copy it if the filesystem has no links.

    Raises FileExistsError.
    """
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        with source.open("rb") as whole:
            target.touch(0o600, exist_ok=False)
            try:
                with new_file_beside(target) as copy:
                    with copy.open("wb") as written:
                        copyfileobj(whole, written)
                    put(copy, target)
            except BaseException:
                target.unlink()
                raise
