"""Clerks and readers at one ledger at once, each in processes of its own, none of them pausing."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.faults import Row
from tests.faults.clerks import Clerk, Done, clerk, dice
from tests.faults.stations import ACTS, LEDGER, Station, facts, numbers, unsound

WRITERS, READERS = 4, 4
SECONDS, RESTORING_SECONDS = 600.0, 60.0
# Without a phone no complaint resembles another, and no list of those that do grows.
_LOG = ACTS["log"].words.replace("--phone 13900001234 ", "")
_QUARTER = "2026Q3"
_REPORTS = (
    f"rollup 3 {_QUARTER} --json",
    f"rollup 6 {_QUARTER}",
    "overdue",
    "complaint list --state open",
    "ledger info --json",
)


class Work(NamedTuple):
    """What one of the crowd did: seconds of each command, numbers it was given, commands that found the ledger in use, faults."""

    seconds: list[float]
    numbers: list[str]
    busy: list[str]
    found: list[str]


def rows(folder: Path, part: float, seed: int) -> Iterator[Row]:
    """A part of the ten minutes, and of one more in which backups are restored meanwhile."""
    yield crowd(folder / "crowd", SECONDS * part, seed)
    yield restoring(folder / "restoring", RESTORING_SECONDS * part, seed)


def crowd(folder: Path, seconds: float, seed: int = 0) -> Row:
    """Let them work for so long, then look at what they left."""
    path = _station(folder)
    had = numbers(path)
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(WRITERS + READERS) as pool:
        writing = [pool.submit(_write, path, end, seed + number) for number in range(WRITERS)]
        reading = [pool.submit(_read, path, end, seed + number) for number in range(READERS)]
        writers, readers = [each.result() for each in writing], [each.result() for each in reading]
    found = [sentence for each in (*writers, *readers) for sentence in each.found] + [
        *unsound(path)
    ]
    given = sorted(
        [*had, *(number for each in writers for number in each.numbers)],
        key=lambda number: (len(number), number),
    )
    if given != sorted(numbers(path), key=lambda number: (len(number), number)):
        found.append("the numbers given are not those in the ledger")
    serials = sorted(int(number[5:]) for number in given if number.startswith("2026"))
    if serials != list(range(1, len(serials) + 1)):
        found.append("the numbers have gaps, or one was given twice")
    busy = sum(len(each.busy) for each in (*writers, *readers))
    note = f"{_spread('writes', writers)}; {_spread('reads', readers)}; {busy} gave up after 30 s"
    times = sum(len(each.seconds) for each in (*writers, *readers))
    done = f"{WRITERS} writers and {READERS} readers at once for {seconds:.0f} s"
    return Row(done, times, "no failure but the timeout's, all balanced", found, note)


def restoring(folder: Path, seconds: float, seed: int = 0) -> Row:
    """Clerks log while somebody restores: each entry must be in the ledger, or in one that was kept when it was replaced."""
    path = _station(folder)
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        writing = [pool.submit(_log, path, end, str(number)) for number in range(WRITERS)]
        restores = pool.submit(_restore, path, end).result()
        writers = [each.result() for each in writing]
    found = [sentence for each in (*writers, restores) for sentence in each.found]
    kept: set[str] = set()
    for file in (path, *folder.glob("*.replaced-*")):
        if not file.name.endswith("-journal"):
            found += unsound(file)
            kept |= set(facts(file))
    lost = [entry for each in writers for entry in each.numbers if entry not in kept]
    found += [
        f"{entry} was acknowledged and stands in no ledger, neither the present one nor one kept"
        for entry in lost
    ]
    note = f"{len(restores.seconds) // 2} restores, {_spread('writes', writers)}"
    times = sum(len(each.seconds) for each in (*writers, restores))
    done = f"{WRITERS} writers for {seconds:.0f} s while backups are made and restored"
    return Row(done, times, "0 acknowledged lost", found, note)


def _station(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    with clerk() as first:
        Station(first, folder)
    return folder / LEDGER


def _log(path: Path, end: float, seed: str) -> Work:
    work = Work([], [], [], [])
    with clerk() as each:
        for number in count():
            if time.monotonic() > end:
                break
            words = _LOG.replace("不加热", f"{seed}-{number}")
            if _run(each, path, words, work).code == 0:
                work.numbers.append(f"{seed}-{number}")
    return work


def _restore(path: Path, end: float) -> Work:
    work = Work([], [], [], [])
    with clerk() as each:
        while time.monotonic() < end:
            for command in ("backup", "restore"):
                _run(each, path, f"ledger {command} {path.with_name('copy.sqlite')}", work)
    return work


def _spread(what: str, works: list[Work]) -> str:
    taken = sorted(seconds * 1000 for each in works for seconds in each.seconds)
    usual, late, longest = median(taken), taken[int(len(taken) * 0.99)], taken[-1]
    return f"{len(taken):,} {what}, waiting {usual:.0f} ms (median), {late:.0f} (1 of 100), {longest:.0f} (longest)"


def _write(path: Path, end: float, seed: int) -> Work:
    """Log complaints; close, amend or escalate each."""
    work, throw = Work([], [], [], []), dice("writer", seed)
    with clerk() as each:
        while time.monotonic() < end:
            done = _run(each, path, _LOG, work)
            if done.code:
                continue
            number = done.out.split()[0]
            work.numbers.append(number)
            act = throw.choice(("close", "complaint amend", "complaint escalate"))
            _run(each, path, ACTS[act].words.replace("2026-0002", number), work)
    return work


def _read(path: Path, end: float, seed: int) -> Work:
    work, throw = Work([], [], [], []), dice("reader", seed)
    with clerk() as each:
        while time.monotonic() < end:
            words = throw.choice(_REPORTS)
            done = _run(each, path, words, work)
            if words == _REPORTS[0] and done.code == 0:
                figure = {row["key"]: row["total"] for row in json.loads(done.out)["rows"]}
                if (
                    figure["open_start"] + figure["received"]
                    != figure["closed"] + figure["open_end"]
                ):
                    work.found.append(f"not balanced: {figure}")
    return work


def _run(each: Clerk, path: Path, words: str, work: Work) -> Done:
    done = each(["--db", str(path), *words.split()])
    work.seconds.append(done.seconds)
    if done.code == 4 and "stayed in use" in done.err:
        work.busy.append(words)
    elif done.code != 0:
        work.found.append(f"{words.split()[0]}, exit {done.code}: {done.err[-300:]}")
    return done
