"""A table published by an authority follows from a ledger with the same cases."""

import json
from pathlib import Path
from typing import Any

import pytest

from ledger12315.cli.app import run
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


def told(capsys: pytest.CaptureFixture[str], ledger: Path, *line: str) -> Any:
    """Return what `rollup` prints."""
    assert run(["--db", str(ledger), "rollup", *line, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


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
    by_problem = told(capsys, file, "problem", "2020Q3")
    assert {row["key"]: row["count"] for row in by_problem} == SICHUAN
    found = told(capsys, file, "3", "2020Q3")
    totals = {row["key"]: row["total"] for row in found["rows"]}
    figures = [totals[key] for key in ("received", "closed", "settled", "advised", "open_end")]
    assert figures == [14060, 14060, SOLVED, 233, 0]
    [rate] = [rate for rate in found["rates"] if rate["key"] == "settled_rate"]
    shown = [rate[key] for key in ("numerator", "denominator", "percent", "met")]
    assert shown == [13827, 14060, "98.34", True]
