"""Deliberate harm to a ledger by `nox -s faults`; a minute of it after each push."""

import re
from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from random import Random
from typing import NamedTuple, TypeVar

Each = TypeVar("Each")


class Done(NamedTuple):
    """The outcome of a command line."""

    code: int | None
    """None where it was killed."""
    out: str
    err: str
    worked: float
    """Seconds of a processor."""
    seconds: float = 0.0
    calls: int = 0
    """That change files under the folder watched."""
    peak: float = 0.0
    """Megabytes."""


class Tried(NamedTuple):
    """One harm: its line in the table, and the faults found."""

    what: str
    found: list[str]
    note: str = ""
    """What is counted besides, where it was so."""
    times: int = 1


def share(chance: Random, part: float, groups: Iterable[Sequence[Each]]) -> list[Each]:
    """Return this part of each group, at least one of each, mixed."""
    chosen = [
        each for group in groups for each in chance.sample(group, ceil(len(group) * min(part, 1)))
    ]
    chance.shuffle(chosen)
    return chosen


def words(text: str) -> list[str]:
    """Return the words of a table."""
    return text.split()


def misdone(done: Done, *codes: int) -> Iterator[str]:
    """Yield a fault for a slow command, or one with neither success nor one plain message."""
    if done.code not in codes or re.search("Traceback|bug in the program", done.err):
        yield f"exit code {done.code}: {done.err[-500:]}"
    elif done.code and len(re.findall("^Error:", done.err, re.M)) != 1:
        yield f"not one message: {done.err[-300:]}"
    if done.worked > 10:
        yield f"{done.worked:.1f} s"
