"""Where a ledger may lie: by a prepared journal, on read-only media and sticks, held by others."""

import errno
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import chdir, closing, contextmanager
from functools import partial
from pathlib import Path
from random import Random
from stat import S_IMODE
from unittest.mock import patch

from ledger12315.ledger.store import explaining
from ledger12315.ledger.store import opening as file
from tests.faults import Done, Tried, misdone, share
from tests.faults.clerks import clerk
from tests.faults.inprocess import command, workplace
from tests.faults.lines import ACTS, BACKUP, LEDGER, Act
from tests.faults.stations import Known, before, contents, known, lay
from tests.journals import beginning, naming

VICTIM = "clerk.xlsx"
_PREPARED: tuple[Callable[[Path], bytes], ...] = (
    naming,
    partial(naming, begins=bytes(512)),
    lambda _: beginning(pages=1, page=8192),
    lambda _: beginning(pages=10_000),
)
_LONG = Act("complaint import {}/500.csv --point P001")
# What another keeps from a command it does without, or gives up in the end.
_PATIENCE, _LONGEST = 0.05, 10.0  # seconds
_PLAIN = tuple(act for act in ACTS if not act.state)
# A workbook with nobody's data in it, and what any program finds beside a ledger.
_FOR_ALL = re.compile(r"附件[356]|评定|回执|sheet\.xlsx|demo|shared|\.(csv|json|html|parquet)$")


def tries(place: Path, part: float, chance: Random) -> Iterator[Tried]:
    """Run each command in each such place."""
    with workplace(place):
        kinds: dict[Callable[[Act, Path, Random], Tried], tuple[Act, ...]] = {
            _by_a_journal: _PLAIN,
            _held: (*_PLAIN, _LONG),
            _on_a_stick: _PLAIN,
            _read_only: ACTS,
        }
        named = [[(kind, act) for act in acts] for kind, acts in kinds.items()]
        for kind, act in share(chance, part, named):
            yield kind(act, place / "station", chance)


def _run(act: Act, folder: Path) -> Done:
    with chdir(folder):
        return command(act.words, act.stdin)


def _found(act: Act, *wrong: str) -> list[str]:
    return [f"{act.words}: {each}" for each in wrong]


def _by_a_journal(act: Act, folder: Path, chance: Random) -> Tried:
    """Put a prepared journal beside the ledger and the backup; what it names must survive."""
    lay(act, folder)
    (folder / VICTIM).write_bytes(b"of the clerk")
    for name in (LEDGER, BACKUP):
        journal = chance.choice(_PREPARED)(folder / VICTIM)
        (folder / f"{name}-journal").write_bytes(journal)
    was = _bytes(folder)
    done = _run(act, folder)
    now = _bytes(folder)
    wrong = [*misdone(done, 0, 3, 4, 5)]
    wrong += [f"{name} changed or gone" for name in was if now.get(name) != was[name]]
    if done.code:
        wrong += [f"{name} left behind" for name in now.keys() - was.keys()]
    return Tried("a journal of others beside it: each command", _found(act, *wrong))


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def _held(act: Act, folder: Path, chance: Random) -> Tried:
    """Let somebody read or write all the while; what cannot be done is given up soon and whole."""
    lock = chance.choice(("BEGIN", "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"))
    was = before(act, folder)
    path = folder / LEDGER
    if act.words.startswith("init"):
        return Tried("held by somebody else: each command", [])
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as other,
        patch.object(explaining, "BUSY_SECONDS", _PATIENCE),
        patch.object(file, "PRAGMAS", (*file.PRAGMAS, "PRAGMA cache_size = 1")),
    ):
        other.execute(lock)
        if lock == "BEGIN":
            other.execute("SELECT * FROM station").fetchall()
        done = _run(act, folder)
    wrong = [*misdone(done, 0, 4)]
    if done.code and "was in use" not in done.err:
        wrong.append(done.err)
    if done.code:
        wrong += Known(was, was).strange(contents(folder), done=True)
    note = "given up" if done.code else ""
    return Tried("held by somebody else: each command", _found(act, *wrong), note)


@contextmanager
def _stick() -> Iterator[None]:
    """Inside, files have no second names, their modes stay, and any new one is for all."""
    refused = PermissionError(errno.EPERM, os.strerror(errno.EPERM))
    mask = os.umask(0)
    try:
        with patch("os.link", side_effect=refused), patch("os.chmod", side_effect=refused):
            yield
    finally:
        os.umask(mask)


def _on_a_stick(act: Act, folder: Path, _chance: Random) -> Tried:
    """Run it where a filesystem has neither links nor modes that change."""
    lay(act, folder)
    was = {path.name for path in folder.rglob("*")}
    with _stick():
        done = _run(act, folder)
    made = [path for path in folder.rglob("*") if path.is_file() and path.name not in was]
    wrong = [*misdone(done, 0)]
    wrong += [
        f"{path.name} is for all to read"
        for path in made
        if S_IMODE(path.stat().st_mode) != 0o600 and not _FOR_ALL.search(str(path))
    ]
    return Tried("no links, modes that stay: each command", _found(act, *wrong))


def _read_only(act: Act, folder: Path, _chance: Random) -> Tried:
    """Run it where nothing may be written; what only reads answers as ever."""
    each = known(act, folder, plain=True)
    lay(act, folder)
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(path.stat().st_mode & 0o500)
    try:
        was = _bytes(folder)
        done = clerk(act, folder, plain=True)
        wrong = [*misdone(done, 0, 4)]
        if _bytes(folder) != was:
            wrong.append("something was written")
    finally:
        for path in paths:
            path.chmod(0o700)
    if done.code and each.was == each.becomes:
        wrong.append(f"cannot be read: {done.err}")
    return Tried("a read-only medium: each command", _found(act, *wrong))
