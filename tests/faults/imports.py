"""`kill -9` at a random moment of an import: the ledger is as it was, or the register is in it wholly."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

from tests.faults import Row
from tests.faults.bombs import HEADING
from tests.faults.clerks import clerk
from tests.faults.crashes import Crashes
from tests.faults.stations import ACTS, LEDGER, Act

# Rows of the register -> how often it is killed in a fork, and in a process of its own; the larger one spills before it commits.
TIMES = {1_500: (140, 20), 14_000: (36, 4)}


def name_of(count: int) -> str:
    return f"complaint import of {count:,} rows"


def lay_registers(folder: Path) -> dict[str, Act]:
    """The registers among a station's templates, and the acts that take them in."""
    for count in TIMES:
        lines = (
            f"A-{n},{date(2026, 1, 5) + timedelta(n % 260)},张三,电饭锅,13900001234,{n},未结,"
            for n in range(count)
        )
        (folder / f"{count}.csv").write_text("\n".join((",".join(HEADING), *lines)), "utf-8")
    return {
        name_of(count): Act(
            f"complaint import {{}}/{count}.csv --point P001", (LEDGER, f"{count}.csv")
        )
        for count in TIMES
    }


def rows(folder: Path, part: float, seed: int) -> Iterator[Row]:
    """A row for each register."""
    with clerk() as warm:
        crashes = Crashes(warm, folder, seed)
        with patch.dict(ACTS, lay_registers(folder / "templates")):
            for count, (forks, processes) in TIMES.items():
                crashes.found, crashes.inside = [], 0
                times = round(forks * part), round(processes * part)
                for number in range(sum(times)):
                    crashes.kill(name_of(count), real=number >= times[0])
                note = f"{crashes.inside} before it was done"
                yield Row(
                    f"kill -9 during {name_of(count)}",
                    sum(times),
                    "0 acknowledged lost, 0 half written",
                    crashes.found,
                    note,
                )
