"""`python -m tests.faults [NAME]... [--part 0.1 | --short] [--seed N]`: what came of each harm."""

import argparse
import os
import platform
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from importlib import import_module
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from tests.faults import Tried
from tests.faults.clerks import COMPILER, dice

# The module whose `tries` does the harm -> how much of it the short form does.
HARMS = {
    "crashes": 0.02,
    "power": 0.02,
    "crowd": 0.008,
    "full_disk": 0.005,
    "damage": 0.02,
    "places": 0.04,
    "forgeries": 0.02,
    "canaries": 0.1,
    "screens": 0.04,
    "hostile": 0.01,
    "pile": 0.04,
    "county": 0.04,
}
# What counts calls needs a C compiler.
UNCOUNTED = () if COMPILER else ("power", "full_disk")
# The short form goes on to the next harm after so many seconds, however slow the machine is.
_SECONDS = 6.0


def rows(
    name: str, place: Path, part: float, seed: int = 12315, seconds: float = inf
) -> dict[str, list[Tried]]:
    """Do this part of a harm, or as much as fits this many seconds; return it by rows."""
    end = time.monotonic() + seconds
    table: dict[str, list[Tried]] = {}
    place.mkdir()
    with closing(
        import_module(f"tests.faults.{name}").tries(place, part, dice(name, seed))
    ) as tries:
        for tried in tries:
            table.setdefault(tried.what, []).append(tried)
            if time.monotonic() > end:
                break
    return table


def found(row: list[Tried]) -> list[str]:
    return [sentence for tried in row for sentence in tried.found]


def main(arguments: list[str]) -> int:
    """Do the named harm, or all; return 1 if a fault was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(HARMS)} [all]")
    parser.add_argument("--part", type=float, default=1.0, help="how much of it, such as 0.1")
    parser.add_argument("--short", action="store_true", help="what takes a minute at most")
    parser.add_argument("--seed", type=int, default=12315, help="of all that is random")
    chosen = parser.parse_args(arguments)
    failed = False
    with (
        TemporaryDirectory() as folder,
        patch.dict(os.environ, TMPDIR=folder),
        patch("tempfile.tempdir", folder),
    ):
        say(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.platform()}")
        say("| done to it | times | found |\n|---|--:|--:|")
        for name in chosen.names or HARMS:
            if name in UNCOUNTED:
                say(f"| {name}: not done, there is no C compiler | | |")
                continue
            part, seconds = (HARMS[name], _SECONDS) if chosen.short else (chosen.part, inf)
            done = rows(name, Path(folder, name), part, chosen.seed, seconds)
            if not done:
                say(f"| {name}: nothing was done | 0 | 1 |")
                failed = True
            for what, row in done.items():
                notes = Counter(tried.note for tried in row if tried.note)
                more = "".join(f"; {note}: {times:,}" for note, times in notes.items())
                times = sum(tried.times for tried in row)
                say(f"| {what} | {times:,} | {len(found(row))}{more} |", *found(row)[:20])
                failed |= bool(found(row))
    return int(failed)


def say(*lines: str) -> None:
    sys.stdout.write("\n  ".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
