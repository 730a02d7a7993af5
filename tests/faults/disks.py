"""A disk after a power cut: unsynced data may be kept, lost or torn."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random
from struct import calcsize, unpack_from
from typing import NamedTuple

SECTOR = 512
_HEAD = "=5Q"


class Call(NamedTuple):
    """One call that changed a file.

    w(rite), t(runcate), s(ync), c(reate), u(nlink), r(ename), l(ink), d(irectory made).
    """

    what: str
    inode: int
    at: int
    path: str
    data: bytes


class Disk(NamedTuple):
    """A disk with a folder fully synced: inodes by name, and their content."""

    folder: str
    names: dict[str, int]
    content: dict[int, bytes]


def disk_of(folder: Path) -> Disk:
    inodes = {each: each.stat().st_ino for each in folder.iterdir() if each.is_file()}
    names = {str(each): inode for each, inode in inodes.items()}
    return Disk(str(folder), names, {inode: each.read_bytes() for each, inode in inodes.items()})


def image(disk: Disk, calls: list[Call], dice: Random) -> dict[str, bytes]:
    """Return the files of one possible state after a power cut following these calls."""
    names, content = dict(disk.names), dict(disk.content)
    waiting: defaultdict[int, list[Call]] = defaultdict(list)
    renames: list[Call] = []
    for call in calls:
        if call.what in "wt":
            waiting[call.inode].append(call)
        elif call.what == "s" and call.path == disk.folder:
            for each in renames:
                _rename(names, each)
            renames.clear()
        elif call.what == "s":
            content[call.inode] = _torn(content, waiting, call.inode, 1, dice)
            waiting.pop(call.inode, None)
        elif call.what in "curl":
            renames.append(call)
    # Most filesystems keep the order of what happens to names; not all do.
    kept = renames[: dice.randint(0, len(renames))]
    if dice.random() < 0.3:
        kept = [each for each in renames if dice.random() < 0.5]
    for each in kept:
        _rename(names, each)
    keeps = dice.choice((0.0, 0.5, 0.9, 1.0))
    return {name: _torn(content, waiting, inode, keeps, dice) for name, inode in names.items()}


def _rename(names: dict[str, int], call: Call) -> None:
    if call.what == "c":
        names[call.path] = call.inode
    elif call.what == "u":
        names.pop(call.path, None)
    elif call.path in names:
        to = call.data.decode()
        names[to] = names.pop(call.path) if call.what == "r" else names[call.path]


def _apply(buffer: bytearray, call: Call) -> None:
    buffer.extend(bytes(max(call.at - len(buffer), 0)))
    if call.what == "t":
        del buffer[call.at :]
    else:
        buffer[call.at : call.at + len(call.data)] = call.data


def _torn(
    content: Mapping[int, bytes],
    waiting: Mapping[int, list[Call]],
    inode: int,
    keeps: float,
    dice: Random,
) -> bytes:
    """Return a file in which each call was kept in full, lost, or written in some sectors only.

    It may have grown without what was written there.
    """
    buffer = bytearray(content.get(inode, b""))
    for call in waiting.get(inode, []):
        if dice.random() < keeps:
            _apply(buffer, call)
        elif call.what == "w" and dice.random() < 0.5:
            for piece in _sectors(call):
                grows = len(buffer) < piece.at + len(piece.data)
                if dice.random() < 0.5:
                    _apply(buffer, piece)
                elif grows and dice.random() < 0.5:
                    _apply(buffer, piece._replace(data=dice.randbytes(len(piece.data))))
    return bytes(buffer)


def _sectors(call: Call) -> Iterable[Call]:
    """Yield the pieces of a write, one for each sector."""
    last = call.at + len(call.data)
    for start in range(call.at - call.at % SECTOR, last, SECTOR):
        begin, end = max(start, call.at), min(start + SECTOR, last)
        yield call._replace(at=begin, data=call.data[begin - call.at : end - call.at])


def noted(notes: Path) -> list[Call]:
    """Return the calls recorded by the library.

    A file that is made gets an inode of its own, whose number another may have had before.
    """
    raw, at = notes.read_bytes() if notes.exists() else b"", 0
    calls: list[Call] = []
    newest: dict[int, int] = {}
    while at < len(raw):
        what, inode, offset, path, data = unpack_from(_HEAD, raw, at)
        at += calcsize(_HEAD)
        if what == ord("c"):
            newest[inode] = -len(calls) - 1
        name, written = raw[at : at + path].decode(), raw[at + path : at + path + data]
        calls.append(Call(chr(what), newest.get(inode, inode), offset, name, written))
        at += path + data
    return calls
