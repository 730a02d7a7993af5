"""Growth with what was submitted before: `python -m benchmarks.returns FOLDER`. POSIX only.

A ledger of 50,000 complaints submits 1, 8, 20 or 40 quarters, amends a complaint of the first and
one of the last, and asks; then it submits another quarter.
"""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from shutil import copyfile, rmtree
from statistics import median

from benchmarks.county import shown, timed
from benchmarks.data import fill
from ledger12315.rules.periods import Period, parse_period, quarter_before

COMPLAINTS, QUARTERS, ROUNDS = 50_000, (1, 8, 20, 40), 5
LAST, NEXT = parse_period("2026Q2"), "2026Q3"


def submitted(base: Path, folder: Path, count: int) -> Period:
    """Make a ledger with so many quarters submitted, and return the first of them."""
    periods = [LAST]
    while len(periods) < count:
        periods.append(quarter_before(periods[-1]))
    folder.mkdir(exist_ok=True)
    copyfile(base, folder / "ledger.sqlite")
    timed(folder, f"settings set begins {periods[-1].first}", 1)
    for each in reversed(periods):
        timed(folder, f"returns submit {each.code} --yes -o {folder}", 1)
    return periods[-1]


def amend(folder: Path, period: Period) -> None:
    """Amend the first complaint that came in since a period began."""
    query = "SELECT number FROM complaint WHERE received >= ? ORDER BY received LIMIT 1"
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as ledger:
        [number] = ledger.execute(query, (period.first.isoformat(),)).fetchone()
    timed(folder, f"complaint amend {number} --disputed 4321", 1)


def once(home: Path, line: str) -> tuple[float, ...]:
    """Return what a command costs that cannot be repeated: the median of several copies."""
    place = home / "copy"
    took = []
    for _ in range(ROUNDS):
        rmtree(place, ignore_errors=True)
        place.mkdir()
        copyfile(home / "ledger.sqlite", place / "ledger.sqlite")
        took.append(timed(place, line.format(folder=place), 1))
    return tuple(map(median, zip(*took, strict=True)))


def main(folder: Path) -> None:
    base = folder / "base.sqlite"
    if not base.exists():
        fill(base, COMPLAINTS)
    for count in QUARTERS:
        home = folder / str(count)
        first = submitted(base, home, count)
        corrections = f"returns corrections {LAST.code}"
        shown("corrections of the last, nothing amended", timed(home, corrections), count)
        amend(home, first)
        amend(home, LAST)
        shown("corrections of the last", timed(home, corrections), count)
        shown("corrections of the first", timed(home, f"returns corrections {first.code}"), count)
        cases = f"rollup 3 {first.code} --cases received"
        shown("rollup --cases of the first", timed(home, cases), count)
        shown("send the first", once(home, f"returns send {{folder}}/out {first.code}"), count)
        shown("send the last", once(home, f"returns send {{folder}}/out {LAST.code}"), count)
        shown("submit", once(home, f"returns submit {NEXT} --yes -o {{folder}}"), count)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
