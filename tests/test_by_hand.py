"""Two quarters of twenty complaints each, with every cell counted from the lines below."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.building import built
from tests.cli.conftest import Cli
from tests.oracle import MORE, ROWS, TYPES, Row, counted, held, on_time, overdue
from tests.rows import for_all
from tests.year.station import Station

pytestmark = pytest.mark.slow
AFTER = "2026-01-12"
# Three officers. P001 goes to another on 1 September, P002 becomes a market on 15 October.
POINTS = """
2024-12-02 register 东门商场 --type mall --since 2024-12-02 --host 甲 --officer 陈建平
2024-12-02 register 万家超市 --type supermarket --since 2024-12-02 --host 乙 --officer 王五
2024-12-02 register 云湖商店 --type scenic --since 2024-12-02 --host 丙 --officer 赵六
2025-09-01 point amend P001 --officer 王五 --on 2025-09-01
2025-10-15 point amend P002 --type market --on 2025-10-15
"""
# Point, receipt, source, kind, disputed; outcome, closing, recovered, rating; escalation.
CASES = """
P001 2025-07-01 direct   goods   299     settled 2025-07-02 120.50 satisfied
P001 2025-07-02 referred goods   1580.5  settled 2025-07-09 1580.5 basic
P001 2025-07-03 referred service 88      settled 2025-07-11 88 dissatisfied
P002 2025-07-04 other    goods   12000   mediated 2025-07-30 8000 satisfied 2025-07-10
P002 2025-07-07 direct   other   0       withdrawn 2025-07-07 0 -
P002 2025-07-08 direct   service 36.9    advised 2025-07-15 0 dissatisfied
P003 2025-07-10 direct   service 680     unreachable 2025-07-21 0 -
P003 2025-07-14 other    service 1200    mediation_failed 2025-08-20 0 dissatisfied 2025-07-18
P003 2025-07-20 referred goods   45      settled 2025-07-25 45 satisfied
P001 2025-07-25 direct   goods   2999.99 settled 2025-08-01 2999.99 satisfied
P001 2025-08-02 direct   goods   19.9    settled 2025-08-02 19.9 basic
P001 2025-08-11 referred service 500     other 2025-08-25 0 -
P002 2025-08-15 direct   goods   77      settled 2025-08-22 70 -
P002 2025-08-18 direct   goods   5000    mediated 2025-09-30 4000 satisfied 2025-08-21
P003 2025-08-29 direct   service 150     settled 2025-09-05 150 satisfied
P001 2025-08-31 other    goods   260     settled 2025-09-01 200 basic
P001 2025-09-09 direct   goods   1       settled 2025-10-10 1 satisfied
P002 2025-09-22 referred service 99      void
P002 2025-09-26 direct   goods   410     settled 2025-10-10 400 satisfied
P003 2025-09-30 direct   service 3000    open
P001 2025-10-01 direct   goods   15      settled 2025-10-15 15 satisfied
P001 2025-10-09 referred goods   640     settled 2025-10-16 600 satisfied
P002 2025-10-14 direct   goods   33      settled 2025-10-21 33 basic
P002 2025-10-15 direct   goods   33      settled 2025-10-23 33 basic
P002 2025-10-20 other    service 900     mediated 2025-11-28 700 satisfied 2025-10-24
P003 2025-10-27 direct   service 250     withdrawn 2025-10-28 0 -
P003 2025-11-03 direct   other   0       advised 2025-11-04 0 -
P001 2025-11-05 referred goods   7000    mediation_failed 2025-12-18 0 dissatisfied 2025-11-07
P001 2025-11-12 direct   goods   129     settled 2025-11-19 129 satisfied
P002 2025-11-19 direct   service 58.5    settled 2025-11-26 50 satisfied
P002 2025-11-28 direct   goods   900     settled 2025-12-01 900 satisfied
P003 2025-11-30 referred goods   45      settled 2025-11-30 45 satisfied
P003 2025-12-01 direct   goods   45      settled 2025-12-01 45 dissatisfied
P001 2025-12-05 direct   service 620     settled 2025-12-12 620 basic
P001 2025-12-08 other    goods   82      unreachable 2025-12-22 0 -
P002 2025-12-15 direct   goods   19      settled 2025-12-31 19 satisfied
P002 2025-12-19 direct   goods   4400    open 2025-12-24
P003 2025-12-24 direct   service 210     settled 2025-12-31 210 satisfied
P003 2025-12-25 referred service 210     open
P001 2025-12-31 direct   goods   310     settled 2026-01-05 300 satisfied
"""
RECORDS = """
2025-07-05 record inquiry P001 --count 7
2025-08-15 record inquiry P002 --count 2
2025-11-15 record inquiry P002 --count 3
2025-12-03 record lead P003 --count 2
2025-09-12 record major P001
2025-07-16 record visit P001
2025-12-16 record visit P003 --count 2
2025-10-08 returns receive P001 2025Q3
2025-10-08 returns receive P002 2025Q3
2025-10-20 returns receive P003 2025Q3
2026-01-06 returns receive P001 2025Q4
"""


def told() -> Iterator[tuple[str, str]]:
    """Yield each line after its day, in the order in which it was entered."""
    lines = [(line[:10], line[11:]) for line in f"{POINTS}{RECORDS}".splitlines() if line]
    for serial, case in enumerate(CASES.strip().splitlines(), 1):
        point, received, source, kind, disputed, *ending = case.split()
        number = f"2025-{serial:04}"
        referral = f"--referral-no 榕{serial}" if source == "referred" else ""
        boxes = f"--source {source} {referral} --kind {kind} --disputed {disputed}"
        lines.append((received, f"log {point} --received {received} {boxes}"))
        lines += ended(number, received, *ending)
    return iter(sorted(lines, key=lambda line: line[0]))  # of a day in this order


def ended(number: str, received: str, outcome: str, *more: str) -> Iterator[tuple[str, str]]:
    """Yield the further steps of a case, each after its day."""
    if outcome == "void":
        yield received, f"complaint void {number} --reason 重复"
        return
    closed, recovered, rating, escalated = [*more, *[""] * 4][:4]
    if outcome == "open":
        closed, escalated = "", closed
    if escalated:
        yield escalated, f"complaint escalate {number} --on {escalated} --reason 疑难"
    if closed:
        rated = f"--rating {rating}" if rating != "-" else ""
        needs = {"advised": f"--told {closed}", "other": "--remark 其他"}.get(outcome, "")
        boxes = f"--closed {closed} --recovered {recovered} {rated} {needs}"
        yield closed, f"close {number} --outcome {outcome} {boxes}"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Station, Cli]]:
    with pytest.MonkeyPatch.context() as monkeypatch, built("") as ledger:
        station = Station(ledger)
        for day, line in told():
            station.act(date.fromisoformat(day), line)
        cli = Cli(tmp_path_factory.mktemp("hand") / "ledger.sqlite", monkeypatch)
        cli.path.write_bytes(ledger.serialize())
        yield station, cli


PERIODS = [
    # period, first and last day, and up to which day it is asked for
    ("2025Q3", "2025-07-01", "2025-09-30", "", "statistical"),
    ("2025Q4", "2025-10-01", "2025-12-31", "", "statistical"),
    ("2025", "2025-01-01", "2025-12-31", "", "statistical"),
    ("2025A", "2024-12-01", "2025-11-30", "", "statistical"),
    ("2025A", "2025-01-01", "2025-12-31", "", "calendar"),
    ("2025A", "2025-01-01", "2025-12-05", "2025-12-05", "calendar"),
]


@for_all(("period", "first", "last", "as_of", "annual"), PERIODS)
def test_no_cell_differs(
    period: str, first: str, last: str, as_of: str, annual: str, lived: tuple[Station, Cli]
) -> None:
    station, cli = lived
    cli.all(f"settings set annual_period {annual}", today=AFTER)
    figures = counted(station, period, first, last, as_of)
    option = f"--as-of {as_of}" if as_of else ""
    document = asked(cli, f"rollup 3 {period} {option}")
    assert document["recovered_unstated"] == figures["recovered_unstated"]["total"]
    found = document["rows"]
    cells = {(row["key"], name): fen(row["key"], row[name]) for row in found for name in COLUMNS}
    rows = asked(cli, f"rollup 6 {period} {option}")["rows"]
    cells |= {
        (key, row["type"]): fen(key, row[key])
        for row in rows
        for key in (*MORE, "received", "settled", "disputed")
        if key not in FOOTNOTES
    }
    assert len(cells) == 7 * (len(ROWS) + len(MORE) - len(FOOTNOTES))
    assert {
        place: figure for place, figure in cells.items() if figures[place[0]][place[1]] != figure
    } == {}


COLUMNS = ("total", *TYPES)
FOOTNOTES = ("type_changes", "recovered_unstated")


def asked(cli: Cli, line: str) -> Any:
    return cli(f"{line} --json", today=AFTER).json


def fen(key: str, figure: Any) -> int:
    return round(float(figure) * 100) if key in ("disputed", "recovered") else int(figure)


@for_all("period", ["2025Q3", "2025Q4"])
def test_what_officers_have_is_what_happened_while_points_were_theirs(
    period: str, lived: tuple[Station, Cli]
) -> None:
    station, cli = lived
    _, first, last, *_ = next(each for each in PERIODS if each[0] == period)
    sums = Counter[tuple[str, str]]()
    for row in station.complaints:
        if not row["voided"] and first <= (row["closed"] or "") <= last:
            for key, counts in judged(station, row).items():
                sums[whose(station, row["point"], row["closed"]), key] += counts
        if overdue(station, row, last):
            sums[whose(station, row["point"], last), "overdue_end"] += 1
    found = Counter[tuple[str, str]]()
    for row in asked(cli, f"rollup assessment {period}"):
        if row["level"] == "officer":
            rates = {
                key: row[key] for key in ("settled_rate", "satisfaction_rate", "on_time_rate")
            }
            found[row["name"], "closed"] = row["closed"]
            found[row["name"], "overdue_end"] = row["overdue_end"]
            for key, each in rates.items():
                found[row["name"], key] = each["numerator"]
            found[row["name"], "rated"] = rates["satisfaction_rate"]["denominator"]
    there = {"2025Q3": {"陈建平", "王五", "赵六"}, "2025Q4": {"王五", "赵六"}}
    assert {name for name, _ in found} == there[period]
    assert {place: figure for place, figure in found.items() if sums[place] != figure} == {}
    assert sums.total() == found.total()


def judged(station: Station, row: Row) -> dict[str, bool]:
    return {
        "closed": True,
        "settled_rate": row["outcome"] in ("settled", "mediated", "withdrawn"),
        "satisfaction_rate": row["rating"] in ("satisfied", "basic"),
        "rated": bool(row["rating"]),
        "on_time_rate": on_time(station, row),
    }


def whose(station: Station, point: str, day: str) -> str:
    [officer] = held(station.points[point], "officer", day)
    return str(officer["name"])
