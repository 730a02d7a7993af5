"""Whole processes in turn: the median of their time, and the peak of their memory. POSIX only."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from time import perf_counter

# A process inherits the peak of whoever starts it, so a bare interpreter stands between; less than
# its own cannot be seen.
_PEAK = """
import os, sys
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
print(f'\\npeak {usage.ru_maxrss}')
sys.exit(os.waitstatus_to_exitcode(status))
"""
_PEAKS_IN_MB = 2**20 if sys.platform == "darwin" else 2**10
_NOT_FOUND = 127  # as a shell says it


@dataclass(eq=False)
class Row:
    """A command and what it is held against; it must print each of `holds`.

    What does not print these is not what was to be measured.
    """

    name: str
    complaints: int
    command: list[str]
    against: "Row | None" = None
    unit: str = ""
    limit: float | None = None
    before: Callable[[], object] = lambda: None
    holds: Collection[str] = ()
    seconds: list[float] = field(default_factory=list)
    peak: float = 0.0

    @property
    def quartiles(self) -> list[float]:
        """Return the quartiles in milliseconds; the second is the median."""
        return [1000 * each for each in quantiles(self.seconds, n=4)]

    @property
    def ratio(self) -> float:
        """Return median to median, or 0 where it is held against nothing."""
        return self.quartiles[1] / self.against.quartiles[1] if self.against else 0.0


def script(name: str, *arguments: object) -> list[str]:
    """Return the command that runs a script of this folder."""
    return [sys.executable, str(Path(__file__).with_name(name)), *map(str, arguments)]


def installed(name: str) -> str:
    """Return the path of a command that stands beside this Python."""
    return str(Path(sys.executable).with_name(name))


def surroundings(**further: str) -> dict[str, str]:
    """Return the environment of somebody logged in, without settings: bytecode is kept."""
    ours = ("PYTHON", "LEDGER12315", "LANG", "LC_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return kept | {"LOGNAME": "clerk"} | further


def output(command: list[str], env: Mapping[str, str]) -> str:
    """Return what a command prints; everything ends where it fails.

    Raises FileNotFoundError where it is not installed.
    """
    ended = subprocess.run(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    text = ended.stdout.decode(errors="replace")
    if ended.returncode == _NOT_FOUND:
        raise FileNotFoundError(text)
    if ended.returncode:
        raise SystemExit(f"exit code {ended.returncode}: {' '.join(command)}\n{text}")
    return text


def measure(rows: list[Row], rounds: int, env: Mapping[str, str]) -> None:
    """Run each row twice without counting, then once a round in changing order."""
    for row in rows:
        _warm_up(row, env)
    present = [row for row in rows if row.peak]
    order = random.Random(0)  # noqa: S311 only the order of work
    for _ in range(rounds):
        for row in order.sample(present, len(present)):
            row.before()
            start = perf_counter()
            output(row.command, env)
            row.seconds.append(perf_counter() - start)


def _warm_up(row: Row, env: Mapping[str, str]) -> None:
    """Run a row for bytecode and caches, and for its peak, which stays 0 if not installed."""
    for command in (row.command, [sys.executable, "-ISc", _PEAK, *row.command]):
        row.before()
        try:
            text = output(command, env)
        except FileNotFoundError:
            return
        if missing := [each for each in row.holds if each not in text]:
            raise SystemExit(f"{row.name} does not print {missing}, but:\n{text}")
    row.peak = int(text.rpartition("peak ")[2]) / _PEAKS_IN_MB
