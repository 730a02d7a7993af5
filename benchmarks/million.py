"""Time and memory of the commands that meet every complaint, and an import beside other work.

`python -m benchmarks.million FOLDER [NAME...]` makes a ledger of a million complaints in FOLDER,
if there is none, and runs what is named, or all; `bare` is SQLite's check. POSIX only.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from sqlite3 import connect
from time import perf_counter

from benchmarks import register
from benchmarks.data import LAST, QUARTER, fill
from benchmarks.measure import installed, surroundings
from benchmarks.table import LARGE, LOG

IMPORTED = 600_000
COMMANDS = {
    "check": "ledger check",
    "backup": "ledger backup {folder}/backup.sqlite",
    "restore": "--db {folder}/restored.sqlite ledger restore {folder}/ledger.sqlite",
    "json": "complaint list --json",
    "csv": "complaint list --csv",
    "tabs": "complaint list",
    "history": "ledger history --json",
    "export": "export 2 2025 -o {folder}/2.xlsx",
    "today": "today",
    "overdue": "overdue",
    "erasable": "complaint erase --dry-run",
    "erase": "--db {folder}/other.sqlite complaint erase --all",
    "import": "--db {folder}/other.sqlite complaint import {folder}/register.csv",
}
_ON_A_COPY = ("erase", "import")
_MEANWHILE = ("today", "overdue", f"complaint list --period {QUARTER}", LOG)


def bare(ledger: Path) -> None:
    """Print what SQLite's own check and a checksum of the same bytes take."""
    began, digest = perf_counter(), sha256()
    connect(ledger).execute("PRAGMA integrity_check").fetchall()
    with ledger.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    _print("integrity_check and SHA-256", perf_counter() - began)


def _print(name: str, seconds: float, *more: object) -> None:
    print("|", " | ".join(map(str, (name, f"{seconds:.1f}", *more))), "|", flush=True)


class Bench:
    """A folder with the large ledger, and how the program is run on it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ledger = folder, folder / "ledger.sqlite"
        # What cannot be undone refuses a rehearsal's date: the day is the system's there.
        self.env = surroundings(LEDGER12315_LANG="en", LEDGER12315_TODAY=str(LAST))

    def line(self, words: str) -> list[str]:
        words = words.format(folder=self.folder)
        named = [] if words.startswith("--db") else ["--db", str(self.ledger)]
        return [installed("ledger12315"), *named, *words.split()]

    def start(self, words: str) -> "subprocess.Popen[bytes]":
        nothing = subprocess.DEVNULL
        return subprocess.Popen(self.line(words), env=self.env, stdin=nothing, stdout=nothing)

    def run(self, name: str) -> None:
        """Run a command to its end, and print its time and its peak of memory."""
        if name in _ON_A_COPY:
            shutil.copy(self.ledger, self.folder / "other.sqlite")
        if name == "erase":
            self.env.pop("LEDGER12315_TODAY")
        began, process = perf_counter(), self.start(COMMANDS[name])
        others = list(self._meanwhile(process)) if name == "import" else []
        _, status, usage = os.wait4(process.pid, 0)
        cpu, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
        code = os.waitstatus_to_exitcode(status)
        _print(name, perf_counter() - began, f"{cpu:.1f}", f"{peak:.0f}", code)
        for words in _MEANWHILE if others else ():
            took = sorted(seconds for each, seconds, _ in others if each == words)
            failed = sum(code != 0 for each, _, code in others if each == words)
            _print(f"meanwhile: {words[:20]}", took[-1], f"{len(took)} times", f"{failed} failed")

    def _meanwhile(self, process: "subprocess.Popen[bytes]") -> Iterator[tuple[str, float, int]]:
        for words in cycle(_MEANWHILE):
            if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                return
            began = perf_counter()
            other = self.start(f"--db {self.folder}/other.sqlite {words}")
            code = other.wait()
            yield words, perf_counter() - began, code


def main(folder: Path, *names: str) -> None:
    bench = Bench(folder)
    if not bench.ledger.exists():
        fill(bench.ledger, LARGE)
    print("| command | seconds | of processor | peak MB | exit code |\n|---|--:|--:|--:|--:|")
    if "bare" in (names or ["bare"]):
        bare(bench.ledger)
    if "import" in (names or COMMANDS) and not (folder / "register.csv").exists():
        register.write(folder, IMPORTED)
    for name in COMMANDS:
        if name in (names or COMMANDS):
            bench.run(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
