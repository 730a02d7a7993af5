"""`kill -9` at a random moment of a command, in forks of a warm process and in real ones."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.faults import Row
from tests.faults.clerks import Clerk, Done, clerk, dice, environment
from tests.faults.stations import (
    ACTS,
    BACKUP,
    LEDGER,
    Act,
    Station,
    contents,
    ledgers,
    numbers,
    refused,
    strange,
    unsound,
)

# How often in the long form; the last column starts the program anew each time.
TIMES = {
    "log": (300, 60),
    "close": (200, 20),
    "complaint amend": (200, 20),
    "complaint import": (100, 10),
    "migration": (150, 20),
    "ledger backup": (150, 20),
    "ledger restore": (100, 10),
    "ledger restore over a crash": (100, 10),
}
# As in a large import: pages reach the file long before the commit.
_SPILLING = ("PRAGMA cache_size = 1",)


def rows(folder: Path, part: float, seed: int) -> Iterator[Row]:
    """A row for each command."""
    with clerk() as warm:
        crashes = Crashes(warm, folder, seed)
        for name, (forks, processes) in TIMES.items():
            crashes.found, crashes.inside = [], 0
            for number in range(
                times := max(1, round(forks * part)) + max(1, round(processes * part))
            ):
                crashes.kill(name, real=number >= max(1, round(forks * part)))
            note = f"{crashes.inside} before it was done"
            yield Row(
                f"kill -9 during {name}",
                times,
                "0 acknowledged lost, 0 half written",
                crashes.found,
                note,
            )


class Crashes:
    """Kills one after another; `inside` counts those that came before the command was done."""

    def __init__(self, warm: Clerk, folder: Path, seed: int) -> None:
        self.warm, self.place, self.dice = warm, folder / "place", dice("crashes", seed)
        (templates := folder / "templates").mkdir()
        self.station = Station(warm, templates)
        self.found: list[str] = []
        self.inside = 0
        self._known: dict[str, tuple[dict[str, str], dict[str, str]]] = {}
        self._seconds: dict[tuple[str, bool], float] = {}

    def kill(self, name: str, real: bool = False) -> None:
        """One kill, and all that must hold after it."""
        act = ACTS[name]
        if name not in self._known:
            self._known[name] = (
                self.station.before(act, self.place),
                self.station.after(act, self.place),
            )
        before, after = self._known[name]
        delay = self.dice.uniform(0, 1.05) * self._length(name, real)
        self.station.lay(act, self.place)
        done = self._run(act, real, delay)
        self.inside += done.code is None
        # The next one comes as cron does: it reads.
        wrong = [*refused(self.warm, self.place / LEDGER)]
        # What was printed is acknowledged, also where the end of the process itself was not reached.
        wrong += strange(
            self._named(), before, after, done.code == 0 or bool(done.out), may_lack=(BACKUP,)
        )
        wrong += [each for path in ledgers(self.place) for each in unsound(path)]
        wrong += self._goes_on()
        self.found += [
            f"{name}, {'process ' if real else ''}killed after {delay * 1000:.2f} ms: {each}"
            for each in wrong
        ]

    def _length(self, name: str, real: bool) -> float:
        """How long the act takes when nobody kills it, in seconds."""
        if (name, real) not in self._seconds:
            taken = []
            for _ in range(3):
                self.station.lay(ACTS[name], self.place)
                taken.append(self._run(ACTS[name], real, None).seconds)
            self._seconds[name, real] = max(taken)
        return self._seconds[name, real]

    def _run(self, act: Act, real: bool, delay: float | None) -> Done:
        arguments = act.arguments(self.place)
        if not real:
            pragmas = _SPILLING if self.dice.random() < 0.5 else ()
            return self.warm(arguments, kill_after=delay, pragmas=pragmas)
        start = time.perf_counter()
        command = [sys.executable, "-m", "tests.newer", *arguments]
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment(),
        ) as process:
            try:
                process.wait(delay)
            except subprocess.TimeoutExpired:
                process.kill()
            out = process.communicate()[0]
        code = process.returncode
        return Done(code if code >= 0 else None, out, "", time.perf_counter() - start, 0)

    def _named(self) -> dict[str, str]:
        """What a kill leaves under the names that people know; a temporary file may stay, a journal until the next write."""
        return {
            name: text
            for name, text in contents(self.place).items()
            if not name.startswith(".") and "-journal" not in name
        }

    def _goes_on(self) -> Iterator[str]:
        """The next complaint gets the next number."""
        had = numbers(self.place / LEDGER)
        due = f"2026-{sum(number.startswith('2026') for number in had) + 1:04}"
        done = self.warm(ACTS["log"].arguments(self.place))
        if done.out.split()[:1] != [due] or numbers(self.place / LEDGER) != [*had, due]:
            yield f"{due} was due, the next complaint got {done.out}{done.err}"
        if (self.place / f"{LEDGER}-journal").exists():
            yield "a journal stays after the next write"
