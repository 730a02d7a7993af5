"""`kill -9` at a random moment of a command, in forks of a warm process and in real ones."""

import os
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from subprocess import DEVNULL, PIPE, TimeoutExpired

from tests.faults import Done, Tried, share
from tests.faults.clerks import clerk
from tests.faults.lines import LEDGER, TOLD, Act, act
from tests.faults.stations import crashed, known, lay, numbers
from tests.terminal import start

# Kinds of acts: how often each is killed in the long form.
_KINDS: tuple[dict[Act, int], ...] = (
    {act("log"): 300, act("close"): 200, act("complaint amend"): 200},
    {act("", "old"): 150, act("complaint import"): 100},
    {act("ledger backup"): 150, act("ledger restore"): 100, act("", "hot"): 100},
    {Act("complaint import {}/1500.csv --point P001"): 140},
)
# This one spills before it commits, and takes its time.
_LARGE = {Act("complaint import {}/14000.csv --point P001"): 40}
# Of seven kills one is of a process of its own.
_REAL = 1 / 7
# As in a large import: pages reach the file long before the commit.
_SPILLING = ("PRAGMA cache_size = 1",)


_known = cache(known)


def tries(place: Path, part: float, chance: Random) -> Iterator[Tried]:
    """Kill each act at random moments."""
    kinds = (*_KINDS, _LARGE) if part > 0.1 else _KINDS
    named = [[each for each, times in kind.items() for _ in range(times)] for kind in kinds]
    for each in share(chance, part, named):
        real = chance.random() < _REAL
        length = _real_seconds(each, place) if real else _known(each, place).done.seconds
        yield kill(each, place, chance.uniform(0, 1.05) * length, real, chance)


def kill(act: Act, place: Path, delay: float, real: bool, chance: Random) -> Tried:
    """Do one kill, and check the laws that must hold after it."""
    each = _known(act, place)
    if real:
        done = _really(act, place, delay)
    else:
        lay(act, place)
        done = clerk(act, place, kill_after=delay, pragmas=chance.choice(((), _SPILLING)))
    # What was printed is acknowledged, though the end of the process was not reached.
    wrong = [*crashed(place, each, done.code == 0 or bool(done.out)), *_goes_on(place, act.state)]
    when = f"{'process ' if real else ''}killed after {delay * 1000:.2f} ms"
    note = "before it was done" if done.code is None else ""
    return Tried(f"kill -9 during {act}", [f"{when}: {each}" for each in wrong], note)


@cache
def _real_seconds(act: Act, folder: Path) -> float:
    return _really(act, folder, None).seconds


def _really(act: Act, place: Path, delay: float | None) -> Done:
    """Start a separate process for an act."""
    lay(act, place)
    began = time.perf_counter()
    pipes = {"stdin": PIPE, "stdout": PIPE, "stderr": DEVNULL}
    program = "tests.newer" if act.state == "old" else "ledger12315"
    env = {**TOLD, "PYTHONPATH": os.pathsep.join(sys.path)}
    with start(act.arguments(place), program=program, env=env, cwd=place, **pipes) as process:
        try:
            out, _ = process.communicate(act.stdin.encode(), delay)
        except TimeoutExpired:
            process.kill()
            out, _ = process.communicate()
    code = None if process.returncode < 0 else process.returncode
    return Done(code, out.decode(errors="replace"), "", 0, time.perf_counter() - began)


def _goes_on(place: Path, state: str) -> Iterator[str]:
    """Yield a fault if the next complaint does not get the next number."""
    path = place / LEDGER
    had = numbers(path)
    due = f"2026-{sum(number.startswith('2026') for number in had) + 1:04}"
    done = clerk(act("log")._replace(state=state), place)
    if done.out.split()[:1] != [due] or numbers(path) != [*had, due]:
        yield f"{due} was due, the next complaint got {done.out}{done.err}"
    if Path(f"{path}-journal").exists():
        yield "a journal stays after the next write"
