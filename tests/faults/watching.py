"""Which files appear in a folder, those too that are gone again before anybody looks."""

import ctypes
import os
import struct
import sys
from contextlib import suppress
from pathlib import Path

_CREATED, _MOVED_HERE = 0x100, 0x80
_EVENT = struct.Struct("iIII")


class Watch:
    """Notes names from now on; on Linux by the kernel, elsewhere only what still stands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known = {path.name for path in folder.iterdir()}
        self._notes = -1
        if sys.platform == "linux":
            libc = ctypes.CDLL(None, use_errno=True)
            self._notes = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
            libc.inotify_add_watch(self._notes, os.fsencode(folder), _CREATED | _MOVED_HERE)

    def seen(self) -> list[str]:
        """The names that appeared since it was last asked."""
        names = {path.name for path in self.folder.iterdir()} - self._known
        self._known |= names
        with suppress(BlockingIOError):
            while self._notes >= 0:
                names |= set(_names(os.read(self._notes, 65536)))
        return sorted(names)

    def close(self) -> None:
        if self._notes >= 0:
            os.close(self._notes)


def _names(events: bytes) -> list[str]:
    names, place = [], 0
    while place < len(events):
        length = _EVENT.unpack_from(events, place)[3]
        place += _EVENT.size
        names.append(os.fsdecode(events[place : place + length].rstrip(b"\0")))
        place += length
    return names
