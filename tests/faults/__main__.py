"""`python -m tests.faults [NAME]... [--part 0.1] [--seed N]`: the long forms, a row printed for each thing done to a ledger."""

import argparse
import os
import platform
import re
import sys
from collections import Counter
from contextlib import nullcontext
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from tests.faults.clerks import filesystem
from tests.newer import one_step_more

# Name -> the function that does it: (folder to do it in, part of the long form's times, seed) -> rows.
HARMS = {
    "crashes": "crashes:rows",
    "power": "power:rows",
    "crowd": "crowd:rows",
    "disk": "full_disk:rows",
    "damage": "damage:rows",
    "canaries": "canaries:rows",
    "screens": "screens:rows",
    "imports": "imports:rows",
    "hostile": "hostile:rows",
}
# What is done to a program of one step more, so that a ledger can be old.
_NEWER = ("crashes", "power", "crowd", "disk")
# Also what tells one temporary file from another.
_NUMBER = re.compile(r"(tmp|fault-)\w{8}|[0-9a-f]*[0-9][0-9a-f.]*")


def main(arguments: list[str]) -> int:
    """Do the harm named, or all; 1 where something was found that is not allowed."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which: {', '.join(HARMS)} [all]"
    )
    parser.add_argument(
        "--part", type=float, default=1.0, help="how much of the long form, such as 0.1"
    )
    parser.add_argument("--seed", type=int, default=12315, help="of all that is random")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(HARMS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    with (
        TemporaryDirectory() as folder,
        patch.dict(os.environ, TMPDIR=folder),
        patch("tempfile.tempdir", folder),
    ):
        say(
            f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.platform()}, {filesystem(Path(folder))}"
        )
        say("| done to it | times | allowed | found |\n|---|---|---|---|")
        failed = False
        for name in chosen.names or HARMS:
            module, function = HARMS[name].split(":")
            (place := Path(folder, name)).mkdir()
            harm = getattr(import_module(f"tests.faults.{module}"), function)
            with one_step_more() if name in _NEWER else nullcontext():
                for row in harm(place, chosen.part, chosen.seed):
                    say(
                        f"| {row.done} | {row.times:,} | {row.allowed} | {len(row.found)}{row.note and '; ' + row.note} |"
                    )
                    failed |= bool(row.found)
                    for first, times in grouped(row.found):
                        say(f"  {times} like: {first}")
    return int(failed)


def grouped(found: list[str]) -> list[tuple[str, int]]:
    """The first of those that differ in numbers only, and how many they are."""
    first: dict[str, str] = {}
    for sentence in found:
        first.setdefault(_NUMBER.sub("#", sentence), sentence)
    times = Counter(_NUMBER.sub("#", sentence) for sentence in found)
    return [(first[pattern], count) for pattern, count in times.most_common()]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
