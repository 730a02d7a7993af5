"""A disk as a power cut finds it: what was synced stands, of the rest anything may be kept, lost or torn."""

from pathlib import Path
from random import Random
from struct import calcsize, unpack_from
from typing import NamedTuple

SECTOR = 512


class Call(NamedTuple):
    """One call that changed a file: w(rite), t(runcate), s(ync), c(reate), u(nlink), r(ename), l(ink), d(irectory made)."""

    what: str
    inode: int
    at: int
    path: str
    data: bytes


class Disk:
    """What a disk holds for certain, and what it was told since the last sync of each file and folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = [each for each in folder.iterdir() if each.is_file()]
        self.names = {str(each): each.stat().st_ino for each in files}
        self.content = {each.stat().st_ino: each.read_bytes() for each in files}
        self.waiting: dict[int, list[Call]] = {}
        self.renames: list[Call] = []

    def take(self, call: Call) -> None:
        """One more call reaches the disk."""
        if call.what in "wt":
            self.waiting.setdefault(call.inode, []).append(call)
        elif call.what == "s" and call.path == str(self.folder):
            for each in self.renames:
                _rename(self.names, each)
            self.renames.clear()
        elif call.what == "s":
            self.content[call.inode] = _written(
                self.content.get(call.inode, b""), self.waiting.pop(call.inode, [])
            )
        elif call.what in "curl":
            self.renames.append(call)

    def image(self, dice: Random) -> dict[str, bytes]:
        """The files as they may stand when the power fails now."""
        names = dict(self.names)
        # Most filesystems keep the order of what happens to names; not all do.
        kept = self.renames[: dice.randint(0, len(self.renames))]
        if dice.random() < 0.3:
            kept = [each for each in self.renames if dice.random() < 0.5]
        for each in kept:
            _rename(names, each)
        keeps = dice.choice((0.0, 0.5, 0.9, 1.0))
        return {
            name: _torn(self.content.get(inode, b""), self.waiting.get(inode, []), keeps, dice)
            for name, inode in names.items()
        }


def _rename(names: dict[str, int], call: Call) -> None:
    if call.what == "c":
        names[call.path] = call.inode
    elif call.what == "u":
        names.pop(call.path, None)
    elif call.path in names:
        to = call.data.decode()
        names[to] = names.pop(call.path) if call.what == "r" else names[call.path]


def _written(content: bytes, calls: list[Call]) -> bytes:
    buffer = bytearray(content)
    for call in calls:
        _apply(buffer, call)
    return bytes(buffer)


def _apply(buffer: bytearray, call: Call) -> None:
    if len(buffer) < call.at:
        buffer.extend(bytes(call.at - len(buffer)))
    if call.what == "t":
        del buffer[call.at :]
    else:
        buffer[call.at : call.at + len(call.data)] = call.data


def _torn(content: bytes, calls: list[Call], keeps: float, dice: Random) -> bytes:
    """Each call kept whole, lost, or of a write only some sectors; a file may have grown without what was written there."""
    buffer = bytearray(content)
    for call in calls:
        if dice.random() < keeps:
            _apply(buffer, call)
        elif call.what == "w" and dice.random() < 0.5:
            first = call.at - call.at % SECTOR
            for start in range(first, call.at + len(call.data), SECTOR):
                begin, end = max(start, call.at), min(start + SECTOR, call.at + len(call.data))
                if dice.random() < 0.5:
                    _apply(
                        buffer,
                        call._replace(at=begin, data=call.data[begin - call.at : end - call.at]),
                    )
                elif len(buffer) < end and dice.random() < 0.5:
                    _apply(buffer, call._replace(at=begin, data=dice.randbytes(end - begin)))
    return bytes(buffer)


def noted(notes: Path) -> list[Call]:
    """The calls that the library noted; a file that is made gets an inode of its own, whose number had another before."""
    raw, at = notes.read_bytes() if notes.exists() else b"", 0
    calls: list[Call] = []
    newest: dict[int, int] = {}
    while at < len(raw):
        what, inode, offset, path, data = unpack_from("=5Q", raw, at)
        at += calcsize("=5Q")
        if what == ord("c"):
            newest[inode] = -len(calls) - 1
        calls.append(
            Call(
                chr(what),
                newest.get(inode, inode),
                offset,
                raw[at : at + path].decode(),
                raw[at + path : at + path + data],
            )
        )
        at += path + data
    return calls
