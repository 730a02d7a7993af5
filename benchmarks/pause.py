"""Measure how long a clerk waits from the last key of an answer to the next question. POSIX only.

`python -m benchmarks.pause [COMPLAINTS [CASES]]`: `log` is answered on a pseudo-terminal.
"""

import os
import select
import subprocess
import sys
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

# What is shown, and what is then typed; of the first case, and of each that follows.
_FIRST = (("received", "\r"), ("point", "P001\r"), ("source", "1\r"), ("channel", "1\r"))
_CASE = (
    ("complainant", "张{name}\r"),
    ("phone", "139{:08}\r"),
    ("item", "dyl\r"),
    ("request", "4\r"),
    ("purchase", "299\r"),
    ("facts", "锅盖漏气\r"),
    ("outcome", "1\r"),
    ("recovered", "\r"),
    ("rating", "1\r"),
)
_LAST = (("Write it?", "y\r"), ("complainant", "\r"))


class _Clerk:
    def __init__(self, ledger: Path) -> None:
        self._person, terminal = os.openpty()
        command = [sys.executable, "-m", "ledger12315", "--clock-is-right"]
        command += ["--db", str(ledger), "log"]
        env = {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "LEDGER12315_TODAY": "2026-09-30"}
        env = os.environ | env | {"LEDGER12315_LANG": "en", "COLUMNS": "200"}
        self._process = subprocess.Popen(
            command, env=env, stdin=terminal, stdout=terminal, stderr=terminal
        )
        os.close(terminal)

    def wait(self, awaited: str) -> float:
        """Return the milliseconds until a question stands on the screen."""
        begun, seen = perf_counter(), b""
        while f"{awaited}".encode() not in seen:
            if not select.select([self._person], [], [], 20)[0]:
                raise RuntimeError(f"waited in vain for {awaited}, saw {seen!r}")
            seen += os.read(self._person, 65536)
        return 1000 * (perf_counter() - begun)

    def type(self, keys: str) -> None:
        os.write(self._person, keys.encode())

    def leave(self) -> None:
        self._process.wait()
        os.close(self._person)


def waits(ledger: Path, cases: int) -> list[float]:
    """Return the milliseconds of every wait but the first, which is the start of the program."""
    clerk, found = _Clerk(ledger), []
    turns = [*_FIRST]
    for place in range(cases):
        known = ("request",) if place else ()  # by then it is known what such goods are about
        turns += [
            (asked, keys.format(place, name=chr(0x4E00 + place)))
            for asked, keys in _CASE
            if asked not in known
        ]
        turns.append(_LAST[0])
    for asked, keys in (*turns, _LAST[1]):
        found.append(clerk.wait(f"\x1b[0m{asked}"))
        clerk.type(keys)
    clerk.leave()
    return found[1:]


def main(complaints: int = 100_000, cases: int = 20) -> None:
    with TemporaryDirectory() as folder:
        ledger = Path(folder) / "ledger.sqlite"
        data = [sys.executable, "-m", "benchmarks.data", str(ledger), str(complaints)]
        subprocess.run(data, check=True)
        found = waits(ledger, cases)
    worst, p95 = max(found), quantiles(found, n=20)[-1]
    print(
        f"from the last key to the next question, {complaints} complaints, {len(found)} answers:"
        f" median {median(found):.0f} ms, 95 % {p95:.0f} ms, most {worst:.0f} ms"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
