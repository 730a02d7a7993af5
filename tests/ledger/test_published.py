"""Tables published by authorities follow from ledgers with the same cases."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ledger12315.cli.app import run
from ledger12315.ledger.store.history import begin
from ledger12315.rules.hand_ins import sum_figures
from ledger12315.sheets.incoming.basis import read_station_return
from tests.building import act, built, multiply, unguarded

# Complaints by problem, Sichuan, third quarter of 2020; 13,827 of them were solved.
_SICHUAN = """
    quality 4268
    after_sales 1704
    contract 1475
    false_advertising 1278
    price 1163
    safety 595
    counterfeit 154
    measure 144
    dignity 64
    other 3215
"""
SICHUAN = {key: int(count) for key, count in map(str.split, _SICHUAN.strip().splitlines())}
SOLVED = 13827
# Inner Mongolia, 2017: inquiries and suggestions, complaints, reports, total.
INNER_MONGOLIA = """
    包头 24290 4093 778 29161
    呼和浩特 21181 4492 341 26014
    鄂尔多斯 14751 4521 446 19718
    赤峰 10438 2143 480 13061
    巴彦淖尔 8565 2130 473 11168
    呼伦贝尔 9450 2411 287 12148
    乌海 4005 1710 100 5815
    乌兰察布 3782 1117 129 5028
    通辽 2613 936 133 3682
    锡林郭勒 2279 1151 76 3506
    兴安 1165 139 34 1338
    二连浩特 496 245 4 745
    阿拉善 114 362 27 503
    满洲里 47 253 62 362
    区局机关 0 187 47 234
    合计 103176 25890 3417 132483
"""
_LINES = [line.split() for line in INNER_MONGOLIA.strip().splitlines()]
UNITS = {name: [int(count) for count in counts] for name, *counts in _LINES}
TOTAL = UNITS.pop("合计")
KEYS = ("inquiries", "received", "leads")


def told(capsys: pytest.CaptureFixture[str], ledger: Path, *line: str, code: int = 0) -> Any:
    """Return a command's JSON, or its error."""
    capsys.readouterr()
    assert run(["--db", str(ledger), *line]) == code
    printed = capsys.readouterr()
    return json.loads(printed.out) if "--json" in line else printed.err


@pytest.mark.slow
def test_sichuan_third_quarter_of_2020(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was solved was settled, of the others the consumer was told where to complain.

    Sichuan divides by what was received, 和解息诉率 by what was closed: all was, in the quarter.
    """
    solved, file = SOLVED, tmp_path / "ledger.sqlite"
    with built("") as ledger:
        for problem, count in SICHUAN.items():
            for outcome, some in (("settled", min(solved, count)), ("advised", count - solved)):
                if some > 0:  # at a point of its own, where no other case is alike
                    point = act(ledger, "register 四川 --type other --since 2017-01-01")
                    act(ledger, f"log {point} --problem {problem} --received 2020-07-01")
                    line = f"close _ --outcome {outcome} --closed 2020-09-30 --told 2020-09-30"
                    act(ledger, line)
                    multiply(ledger, some - 1)
            solved -= min(solved, count)
        with unguarded(ledger, "complaint"):
            spread = "UPDATE complaint SET received = date('2020-07-01', (serial % 92) || ' days')"
            ledger.execute(spread)
        file.write_bytes(ledger.serialize())
    by_problem = told(capsys, file, "rollup", "problem", "2020Q3", "--json")
    assert {row["key"]: row["count"] for row in by_problem} == SICHUAN
    found = told(capsys, file, "rollup", "3", "2020Q3", "--json")
    totals = {row["key"]: row["total"] for row in found["rows"]}
    figures = [totals[key] for key in ("received", "closed", "settled", "advised", "open_end")]
    assert figures == [14060, 14060, SOLVED, 233, 0]
    [rate] = [rate for rate in found["rates"] if rate["key"] == "settled_rate"]
    shown = [rate[key] for key in ("numerator", "denominator", "percent", "met")]
    assert shown == [13827, 14060, "98.34", True]


def exported(folder: Path, units: Sequence[str], capsys: pytest.CaptureFixture[str]) -> Path:
    """Return the Attachment 6 of a ledger with a point for each of these units."""
    name = units[0]
    file, workbook = folder / f"{name}.sqlite", folder / f"附件6_{name}.xlsx"
    with built("") as ledger:
        begin(ledger, "init")
        ledger.execute("UPDATE station SET name = ?, key = ?", (name, name))
        for unit in units:
            inquiries, complaints, leads, _ = UNITS[unit]
            point = act(ledger, f"register {unit} --type other --since 2017-01-01")
            for kind, count in (("inquiry", inquiries), ("lead", leads)):
                line = f"record {kind} {point} --on 2017-06-30 --count {count}"
                act(ledger, *[line] * (count > 0))
            act(ledger, f"log {point} --received 2017-12-31 --kind other")
            multiply(ledger, complaints - 1)
        file.write_bytes(ledger.serialize())
    told(capsys, file, "export", "6", "2017", "-o", str(workbook))
    return workbook


@pytest.mark.slow
def test_inner_mongolia_2017_from_3_ledgers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A point for each unit, a workbook for every five of them, and one sum one level up."""
    groups = [[*UNITS][place::3] for place in range(3)]
    workbooks = [exported(tmp_path, units, capsys) for units in groups]
    returns = [read_station_return(each) for each in workbooks]
    assert [each.station for each in returns] == [units[0] for units in groups]
    # Leads are no column of Attachment 6; they stand in 计算依据, by which a county adds.
    summed = sum_figures(each.figures for each in returns)
    found = [summed[key]["total"] for key in KEYS]
    assert [*found, sum(found)] == TOTAL
