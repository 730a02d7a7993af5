"""Clerks and readers with one ledger at once, each in its own process, without pauses."""

import json
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.faults import Done, Tried, share
from tests.faults.clerks import clerk, dice
from tests.faults.lines import LEDGER, Act, act
from tests.faults.stations import lay, numbers, unsound

# So long they work until it is looked what they left.
_SECONDS = 0.8
# Without a phone no complaint resembles another, and no list of those that do grows.
_LOG = "log P001 --complainant 张三 --item 电饭锅 --kind goods --facts "
_MORE = (
    "close {} --outcome settled --recovered 299 --rating satisfied",
    "complaint amend {} --complainant 李四 --purchase 399 --remark 更正",
    "complaint escalate {} --reason 疑难",
)
_BALANCED = "rollup 3 2026Q3 --json"
_REPORTS = (
    _BALANCED,
    "rollup 6 2026Q3",
    "overdue",
    "complaint list --state open",
    "ledger info --json",
)


@dataclass
class Work:
    """The work of one of the crowd, and its outcome."""

    who: int
    folder: Path
    chance: Random
    times: int = 0
    entries: dict[str, str] = field(default_factory=dict)
    """Facts and number of each complaint that it was told is in the ledger."""
    found: list[str] = field(default_factory=list)

    def run(self, words: str) -> Done:
        """Run a line; a ledger in use for 30 s is no failure."""
        done = clerk(Act(words), self.folder, self.who)
        self.times += 1
        if done.code and not (done.code == 4 and "was in use" in done.err):
            self.found.append(f"{words.split()[0]}, exit {done.code}: {done.err[-300:]}")
        return done

    def log(self) -> str:
        """Log a complaint with known facts; return its number."""
        facts = f"{self.chance.random()}"
        done = self.run(_LOG + facts)
        return "" if done.code else self.entries.setdefault(facts, done.out.split()[0])

    def write(self) -> None:
        """Log a complaint; close, amend or escalate it."""
        if number := self.log():
            self.run(self.chance.choice(_MORE).format(number))

    def restore(self) -> None:
        """Make a backup, and put it in the ledger's place."""
        self.run("ledger backup {}/copy.sqlite")
        self.run("ledger restore {}/copy.sqlite")

    def read(self) -> None:
        """Read a report; the figures must balance."""
        words = self.chance.choice(_REPORTS)
        done = self.run(words)
        if words == _BALANCED and done.code == 0:
            figure = {row["key"]: row["total"] for row in json.loads(done.out)["rows"]}
            came, went = ("open_start", "received"), ("closed", "open_end")
            if sum(figure[key] for key in came) != sum(figure[key] for key in went):
                self.found.append(f"not balanced: {figure}")


def tries(place: Path, part: float, chance: Random) -> Iterator[Tried]:
    """Let a crowd work for a while, repeatedly; sometimes while backups are restored."""
    names = ("4 writers and 4 readers at once", "4 writers while backups are made and restored")
    kinds = (
        [(names[0], ["write", "read"] * 4)] * 750,
        [(names[1], ["log"] * 4 + ["restore"])] * 75,
    )
    for number, (name, crowd) in enumerate(share(chance, part, kinds)):
        lay(act("log"), folder := place / f"{number}")
        had = numbers(folder / LEDGER)
        works = _work(folder, chance, crowd)
        found = [sentence for work in works for sentence in work.found]
        found += _lost(folder, had, works)
        yield Tried(name, found, times=sum(work.times for work in works))


def _work(folder: Path, chance: Random, crowd: list[str]) -> list[Work]:
    """Let a clerk of each kind work until the time is up."""
    works = [Work(who, folder, dice(chance.random())) for who in range(len(crowd))]
    end = time.monotonic() + _SECONDS

    def go_on(work: Work, kind: str) -> None:
        while time.monotonic() < end:
            getattr(work, kind)()

    with ThreadPoolExecutor(len(crowd)) as pool:
        list(pool.map(go_on, works, crowd))
    return works


def _lost(folder: Path, had: list[str], works: list[Work]) -> Iterator[str]:
    """Yield complaints that are neither in the ledger nor in one kept by a restore."""
    path, replaced = folder / LEDGER, [*folder.glob("*.replaced-????????")]
    kept: set[tuple[str, str]] = set()
    for each in (path, *replaced):
        yield from unsound(each)
        with closing(sqlite3.connect(each)) as ledger:
            kept |= {*ledger.execute("SELECT facts, number FROM complaint")}
    told = {entry for work in works for entry in work.entries.items()}
    yield from (f"{entry} was acknowledged, and is lost" for entry in told - kept)
    given = numbers(path)
    serials = [int(number[5:]) for number in given if number.startswith("2026")]
    if serials != [*range(1, len(serials) + 1)]:
        yield "the numbers have gaps, or one was given twice"
    if not replaced and len(told) + len(had) != len(given):
        yield "the numbers given are not those in the ledger"
