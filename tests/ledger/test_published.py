"""Tables that authorities published must come out of a ledger that holds the same cases (domain 5.3)."""

import json
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from ledger12315.cli.app import run
from ledger12315.ledger.store import Ledger, insert
from ledger12315.ledger.store.making import create
from ledger12315.ledger.store.opening import reading, writing
from tests.ledger.made import DEFAULTS

# Complaints by problem, Sichuan, third quarter of 2020; 13,827 of them were solved.
SICHUAN = {
    "quality": 4268,
    "after_sales": 1704,
    "contract": 1475,
    "false_advertising": 1278,
    "price": 1163,
    "safety": 595,
    "counterfeit": 154,
    "measure": 144,
    "dignity": 64,
    "other": 3215,
}
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


# Columns that a complaint needs and these tables do not tell.
_SAME: dict[str, Any] = {
    "type": "other",
    "source": "direct",
    "channel": "visit",
    "kind": "other",
    "problem": "other",
} | {
    **dict.fromkeys(("outcome", "closed", "told")),
    **dict.fromkeys(("complainant", "item", "facts", "entered"), "-"),
    "disputed": 0,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    create(path, "某所", "某县", None, DEFAULTS)
    return path


def add_point(ledger: Ledger, number: int, name: str) -> None:
    since = "2017-01-01"
    there = {
        "id": number,
        "key": f"p{number}",
        "code": f"P{number:03}",
        "name": name,
        "since": since,
        "entered": since,
    }
    insert(ledger, "point", there | {"eligibility": "meets"})
    insert(ledger, "point_type", {"point_id": number, "type": "other", "since": since})


def add_complaints(ledger: Ledger, year: int, rows: Iterable[dict[str, Any]]) -> None:
    """Many complaints of a year, each with what it does not share with all."""
    numbered = (
        _SAME | {"key": f"c{n}", "year": year, "serial": n, "number": f"{year}-{n:04}"} | row
        for n, row in enumerate(rows, 1)
    )
    first = next(numbered)
    insert(ledger, "complaint", first)
    places = ", ".join(f":{column}" for column in first)
    ledger.executemany(f"INSERT INTO complaint ({', '.join(first)}) VALUES ({places})", numbered)


def rollup(
    capsys: pytest.CaptureFixture[str], path: Path, *words: str
) -> tuple[dict[str, int], dict[str, Any]]:
    """The totals of Attachment 3 that are not 0, and its rates."""
    assert run(["--db", str(path), "rollup", "3", *words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    totals = {row["key"]: row["total"] for row in found["rows"] if row["total"] not in (0, "0.00")}
    return totals, {rate["key"]: rate for rate in found["rates"]}


def test_sichuan_third_quarter_of_2020(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Sichuan divides what was solved by what was received; 和解息诉率 divides by what was closed. They are the same figure where
    # all was closed in the quarter: the solved ones by settlement, the other 233 by telling the consumer where to complain.
    told = {"outcome": "advised", "told": "2020-09-30"}
    ended = [{"outcome": "settled"}] * 13827 + [told] * (14060 - 13827)
    days = [f"2020-{month:02}-{day:02}" for month in (7, 8, 9) for day in range(1, 31)]
    problems = [problem for problem, count in SICHUAN.items() for _ in range(count)]
    with writing(path) as ledger:
        add_point(ledger, 1, "四川")
        add_complaints(
            ledger,
            2020,
            (
                {
                    "point_id": 1,
                    "problem": problem,
                    "received": days[n % 90],
                    "closed": "2020-09-30",
                    **end,
                }
                for n, (problem, end) in enumerate(zip(problems, ended, strict=True))
            ),
        )
    with reading(path) as ledger:
        query = "SELECT problem, count(*) FROM complaint WHERE received BETWEEN '2020-07-01' AND '2020-09-30' GROUP BY problem"
        assert dict(map(tuple, ledger.execute(query))) == SICHUAN
    totals, rates = rollup(capsys, path, "2020Q3")
    assert [totals[key] for key in ("received", "closed", "settled", "advised")] == [
        14060,
        14060,
        13827,
        233,
    ]
    assert "open_end" not in totals
    rate = rates["settled_rate"]
    assert [rate[key] for key in ("numerator", "denominator", "percent", "met")] == [
        13827,
        14060,
        "98.34",
        True,
    ]


def test_inner_mongolia_2017(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Each unit stands as a point; reports are leads. The last line is the station's sum.
    rows = [line.split() for line in INNER_MONGOLIA.strip().splitlines()]
    table = {name: [int(count) for count in counts] for name, *counts in rows}
    units = list(table.items())[:-1]
    with writing(path) as ledger:
        for number, (name, (inquiries, _, leads, _)) in enumerate(units, 1):
            add_point(ledger, number, name)
            for kind, count in (("inquiry", inquiries), ("lead", leads)):
                if count:
                    what = {
                        "key": f"{kind}{number}",
                        "kind": kind,
                        "count": count,
                        "type": "other",
                    }
                    insert(
                        ledger,
                        "record",
                        what | {"point_id": number, "day": "2017-06-30", "entered": "-"},
                    )
        by_unit = (
            [{"point_id": number, "received": "2017-12-31"}] * counts[1]
            for number, (_, counts) in enumerate(units, 1)
        )
        add_complaints(ledger, 2017, chain.from_iterable(by_unit))
    for name, expected in table.items():
        totals, _ = rollup(capsys, path, "2017", *([] if name == "合计" else ["--point", name]))
        found = [totals.get(key, 0) for key in ("inquiries", "received", "leads")]
        assert [*found, sum(found)] == expected, name
