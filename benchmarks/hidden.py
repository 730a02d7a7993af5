"""Whether all that `county query` shows others together tells a count from 1 to 4.

`python -m benchmarks.hidden SEED...` makes up a province for each seed, publishes four quarters
and their year, loads them, and asks Attachment 3 and 6 of each period by type, county and station.
What is shown then bounds the true figures, and so does all that anybody knows of returns. An
integer program looks for other figures that fit just as well: a small count that has only one
value is told. `nox -s hidden` installs HiGHS, which solves it.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

import highspy
import numpy

from benchmarks.published import Province, make_inbox
from ledger12315.rules.controls import EQUALITIES, LIMITS
from ledger12315.rules.measures import ATTACHMENT3, ATTACHMENT6, MEASURES, TOTAL
from ledger12315.rules.periods import parse_period
from ledger12315.rules.rates import RATES
from ledger12315.rules.rounding import LEAST_DENOMINATOR, to_nearest_ten
from ledger12315.words import TYPES

QUARTERS = [f"2026Q{number}" for number in range(1, 5)]
YEAR = "2026A"
SMALL = range(1, 5)
SECONDS, EACH = 30, 60
"""For figures in which as many as may be differ; for both ends of a single one."""
# What stands at the start of a period, what at its end; all else is added up.
STARTS = {"open_start": "open_end", "points_start": "points_end"}
ENDS = (*STARTS.values(), "overdue_end", "demo_provincial", "demo_municipal", "liaisons")
COUNTS = [
    key
    for key in dict.fromkeys([*(each.key for each in ATTACHMENT3), *ATTACHMENT6])
    if key in MEASURES and not MEASURES[key].money
]
Cell = tuple[str, str, str, str]
"""A unit, a period, a measure or rate, a column."""
Terms = Counter[Cell]
"""A sum of the figures that are nobody's sum: of a station, a quarter and a type."""
Bounds = tuple[int, int]


class Shown(NamedTuple):
    """What was asked of a province: cells as they are shown, None hidden, and as they are."""

    units: Mapping[str, Iterable[str]]
    """Each unit, and the stations that it consists of."""
    seen: Mapping[Cell, Any]
    true: Mapping[Cell, int]


def asked(province: Province, folder: Path) -> Shown:
    """Publish, load and ask a province by the commands that everybody has."""
    days = [parse_period(code, "calendar") for code in (*QUARTERS, YEAR)]
    make_inbox(folder / "inbox", province, days)
    answer(folder, "init --station 县局 --county 省", "settings set annual_period calendar")
    answer(folder, "county load inbox")
    units = {"": [f"{number:032x}" for number in range(province.stations)]}
    units |= {key: [key] for key in units[""]}
    for number, key in enumerate(units[""]):
        units.setdefault(f"第{number % province.counties}县", []).append(key)
    seen: dict[Cell, Any] = {}
    true: dict[Cell, int] = {}
    for code in (*QUARTERS, YEAR):
        for form in "36":
            for by in ("type", "county", "station"):
                line = f"county query rollup {form} {code} --by {by} --json"
                seen |= cells(json.loads(answer(folder, line)), code)
                true |= cells(json.loads(answer(folder, f"{line} --internal")), code)
    return Shown(units, seen, {cell: true[cell] for cell in true if cell[2] in COUNTS})


def answer(folder: Path, *lines: str) -> str:
    """Run commands; return what the last one prints."""
    env = os.environ | {"LEDGER12315_DB": str(folder / "ledger.sqlite"), "LEDGER12315_LANG": "en"}
    env |= {"LEDGER12315_TODAY": "2027-01-10"}
    for line in lines:
        command = [sys.executable, "-m", "ledger12315", *line.split()]
        done = subprocess.run(command, env=env, cwd=folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def cells(told: Mapping[str, Any], code: str) -> Iterator[tuple[Cell, Any]]:
    """Yield each cell of an answer, by whatever unit and in whatever form."""
    for unit in told.get("units", [told]):
        of = unit.get(str(told.get("by")), "")
        for row in unit["rows"]:
            if told["form"] == 3:
                yield from (((of, code, row["key"], each), row[each]) for each in (*TYPES, TOTAL))
            else:
                yield from (
                    ((of, code, key, row["type"]), row[key]) for key in row if key != "type"
                )
        for rate in unit.get("rates", []):
            value = rate if rate["numerator"] is not None else None
            yield (of, code, rate["key"], TOTAL), value


def terms(shown: Shown, cell: Cell) -> Terms:
    """Return what a figure is the sum of: of stations, quarters and types."""
    unit, code, key, column = cell
    quarters = QUARTERS if code == YEAR else [code]
    if code == YEAR and key in STARTS:
        quarters = QUARTERS[:1]
    if code == YEAR and key in ENDS:
        quarters = QUARTERS[-1:]
    types = TYPES if column == TOTAL else [column]
    return Counter(
        (station, quarter, key, type_)
        for station in shown.units[unit]
        for quarter in quarters
        for type_ in types
    )


def bounds(value: int | None) -> Bounds:
    """Return the least and the most count that are shown so."""
    fit = [count for count in range((value or 0) + 20) if to_nearest_ten(count) == value]
    return fit[0], fit[-1]


def known(shown: Shown) -> Iterator[tuple[Terms, Bounds]]:
    """Yield all that anybody knows: what is shown, and what holds of every return."""
    most = 10**6
    for cell, value in shown.seen.items():
        unit, code, key, column = cell
        if key in COUNTS:
            yield terms(shown, cell), bounds(value)
        for rate in RATES:
            if key == rate.key and value:
                numerator: Terms = Counter()
                for part in rate.numerator:
                    numerator += terms(shown, (unit, code, part, column))
                yield numerator, bounds(value["numerator"])
                whole = terms(shown, (unit, code, rate.denominator, column))
                yield whole, (LEAST_DENOMINATOR, most)
    for station in shown.units[""]:
        for at, quarter in enumerate(QUARTERS):
            for type_ in TYPES:
                cell = (station, quarter, "", type_)
                for left, right in EQUALITIES:
                    yield _controlled(cell, left, right.split()), (0, 0)
                for less, more in LIMITS:
                    yield _controlled(cell, more, [less]), (0, most)
                for start, end in STARTS.items() if at else ():
                    before = (station, QUARTERS[at - 1], end, type_)
                    yield Counter({(station, quarter, start, type_): 1, before: -1}), (0, 0)


def _controlled(cell: Cell, left: str, right: Iterable[str]) -> Terms:
    """Return a left side without its right side; a minus sign before a key subtracts."""
    station, quarter, _, type_ = cell
    found: Terms = Counter({(station, quarter, left, type_): 1})
    for key in right:
        found[(station, quarter, key.lstrip("-"), type_)] += 1 if key[0] == "-" else -1
    return found


class Program:
    """Figures that fit what is known, as HiGHS has them."""

    def __init__(self, shown: Shown) -> None:
        rows = [*known(shown)]
        self.places: dict[Cell, int] = {}
        for row, _ in rows:
            for cell in row:
                self.places.setdefault(cell, len(self.places))
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.count = len(self.places)
        self.all: Any = numpy.arange(self.count, dtype=numpy.int32)
        for _ in self.all:
            self.solver.addVar(0, 10**6)
        whole = numpy.array([highspy.HighsVarType.kInteger] * self.count)
        self.solver.changeColsIntegrality(self.count, self.all, whole)
        for row, (least, most) in rows:
            at = numpy.array([self.places[cell] for cell in row], dtype=numpy.int32)
            factors = numpy.array([*row.values()], dtype=float)
            self.solver.addRow(float(least), float(most), len(at), at, factors)
        truth = numpy.zeros(self.count)
        for cell, place in self.places.items():
            truth[place] = shown.true[cell]
        for row, (least, most) in rows:
            value: Any = sum(truth[self.places[cell]] * factor for cell, factor in row.items())
            assert least <= value <= most, (row, value, least, most)
        self.truth = truth

    def costs(self, of: Iterable[tuple[Terms, int]]) -> Any:
        """Return the costs of sums, each with its weight."""
        found = numpy.zeros(self.count)
        for each, weight in of:
            for cell, factor in each.items():
                found[self.places[cell]] += weight * factor
        return found

    def solved(self, costs: Any, seconds: float, gap: float) -> tuple[bool, Any]:
        """Return whether these figures cost most of all that fit, and them, None for none."""
        solver = self.solver
        solver.changeColsCost(self.count, self.all, costs)
        solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        solver.setOptionValue("mip_rel_gap", gap)
        solver.setOptionValue("time_limit", seconds + solver.getRunTime())
        start = highspy.HighsSolution()
        start.col_value = [*self.truth]
        solver.setSolution(start)
        solver.run()
        found = solver.getInfo().primal_solution_status == 2
        values = numpy.rint(solver.getSolution().col_value) if found else None
        return solver.getModelStatus() == highspy.HighsModelStatus.kOptimal, values


def told(shown: Shown, seed: int) -> tuple[int, list[Cell], list[Cell]]:
    """Return how many counts are small, which of them are told, and of which nobody knows."""
    program, drawn = Program(shown), Random(seed)  # noqa: S311  # the same again each time
    sums = {
        cell: terms(shown, cell)
        for cell, count in shown.true.items()
        if count in SMALL and cell in shown.seen
    }
    left = set(sums)

    def look(values: Any) -> None:
        for cell in [*left]:
            value = sum(values[program.places[each]] * n for each, n in sums[cell].items())
            if value != shown.true[cell]:
                left.discard(cell)

    for _ in range(20):
        if len(left) < 20:
            break
        weighed = [(sums[cell], drawn.choice((-1, 1))) for cell in sorted(left)]
        _, values = program.solved(program.costs(weighed), SECONDS, 0.3)
        if values is not None:
            look(values)
    sure: list[Cell] = []
    open_: list[Cell] = []
    for cell in sorted(left):
        ends = 0
        for sign in (1, -1) if cell in left else ():
            best, values = program.solved(program.costs([(sums[cell], sign)]), EACH, 0)
            ends += best
            if values is not None:
                look(values)
            if cell not in left:
                break
        if cell in left:
            (sure if ends == 2 else open_).append(cell)
    return len(sums), sure, open_


def drawn_province(seed: int) -> Province:
    """Return a province of this seed: of few or many cases, stations and types."""
    draw = Random(seed)  # noqa: S311
    counties = draw.randint(1, 3)
    stations = counties * draw.randint(1, 3)
    cases = stations * draw.choice((20, 60, 150, 300))
    return Province(stations, counties, cases, date(2026, 1, 1), 365, True, seed, 5)


if __name__ == "__main__":
    for seed in map(int, sys.argv[1:]):
        began, province = perf_counter(), drawn_province(seed)
        with TemporaryDirectory() as home:
            shown = asked(province, Path(home))
        small, sure, unknown = told(shown, seed)
        print(
            f"seed {seed}: {province.counties} counties, {province.stations} stations,"
            f" {province.cases} cases: {small} counts from 1 to 4, told {len(sure)},"
            f" not settled {len(unknown)}; {perf_counter() - began:.0f} s",
            *sure[:5],
            flush=True,
        )
