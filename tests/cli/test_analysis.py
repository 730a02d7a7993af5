"""`rollup assessment` and the analyses: a small year of two points."""

from typing import Any

import pytest

from ledger12315.words import CONDITIONS
from tests.cli.conftest import Cli, table

LATER = "2026-10-12"
_ALL_MET = " ".join(f"--{each.replace('_', '-')} yes" for each in CONDITIONS)
# P001 has nothing to wish for in the third quarter; P002 has one case, dissatisfied and late.
JUDGED = (
    "\n".join(
        f"""
    log P001 --complainant 甲 --item 鞋 --facts 坏 --kind goods --received 2026-07-{number:02}
    close 2026-{number} --outcome 和解 --closed 2026-07-{number:02}"""
        for number in range(1, 11)
    )
    + f"""
    log P002 --complainant 乙 --item 肉 --facts 坏 --category 食品 --received 2026-08-03
    close 2026-11 --outcome 调解不成 --closed 2026-09-03 --rating 不满意
    log P002 --complainant 丙 --item 肉 --facts 坏 --category 食品 --received 2026-09-01
    record visit P001 --on 2026-07-31
    record visit P001 --on 2026-08-01
    record visit P001 --on 2026-09-30 --count 2
    record visit P002 --on 2026-09-30
    point inspect P001 --on 2026-09-01 {_ALL_MET.replace("--board yes", "--board no")}
    point inspect P001 --on 2026-09-20 --board yes
    point inspect P002 --on 2026-10-01 --board yes
    returns receive P001 2026Q3 --on 2026-10-05
"""
)


@pytest.fixture
def judged(cli: Cli) -> Cli:
    cli.given(JUDGED, today=LATER)
    return cli


def assessed(cli: Cli, line: str) -> Any:
    result = cli(f"rollup {line} --json", today=LATER)
    assert result.code == 0, result
    return result.json


def brief(row: dict[str, Any]) -> str:
    """Return a row of the assessment on one line, without its name."""
    signs = {None: "", True: "+", False: "-"}
    rates = [each for each in row.values() if isinstance(each, dict)]
    shown = [f"{each['numerator']}/{each['denominator']}{signs[each['met']]}" for each in rates]
    owner = row["code"] or row["level"]
    done = "{visits}/{visits_owed} {returns_made}/{returns_due} {conditions_met}/"
    done += "{conditions_inspected} {candidate} {why}"
    return f"{owner} {row['rank']} {' '.join(shown)} {row['overdue_end']} {done.format(**row)}"


def test_assessment(judged: Cli) -> None:
    rows = assessed(judged, "assessment 2026Q3")
    assert [brief(row) for row in rows] == [
        "P001 1 10/10+ 0/0 0/0 10/10 0 3/3 1/1 12/12 True None",
        "P002 None 0/1- 0/1- 0/1- 0/1 1 1/3 0/1 0/0 False"
        " rank,settled_rate,mediation_success_rate,satisfaction_rate,on_time_rate,visits,returns,"
        "conditions",
        "officer None 10/10+ 0/0 0/0 10/10 0 3/3 1/1 12/12 None None",
        "station None 10/11+ 0/1- 0/1- 10/11 1 4/6 1/2 12/12 None None",
    ]
    assert [row["name"] for row in rows] == ["东门商场", "南门市场", "陈**", None]
    assert str(rows[0]["settled_rate"]) == (
        "{'numerator': 10, 'denominator': 10, 'percent': '100.00', 'target': 90, 'met': True,"
        " 'small_sample': False}"
    )
    assert " ".join(rows[0]) == (
        "level name code rank closed settled_rate mediation_success_rate satisfaction_rate"
        " on_time_rate overdue_end visits visits_owed returns_made returns_due conditions_met"
        " conditions_inspected demonstration retired candidate why"
    )


@table(r"""
    change                                                | row
    record void 3 --reason 错 | 1 10/10+ 0/0 0/0 10/10 0 2/3 1/1 12/12 False visits
    point inspect P001 --on 2026-09-21 --sign no | 1 10/10+ 0/0 0/0 10/10 0 3/3 1/1 11/12 False \
        conditions
    complaint void 2026-1 --reason 错 | None 9/9+ 0/0 0/0 9/9 0 3/3 1/1 12/12 False rank
    point amend P001 --demonstration 省级 --on 2026-09-30 | 1 10/10+ 0/0 0/0 10/10 0 3/3 1/1 12/12 \
        False provincial
    point amend P001 --demonstration 市级 --on 2026-09-30 | 1 10/10+ 0/0 0/0 10/10 0 3/3 1/1 12/12 \
        True None
    record void 3 --reason 错; point retire P001 --on 9-1 | 1 10/10+ 0/0 0/0 10/10 0 2/2 1/1 12/12 \
        False retired
""")
def test_what_keeps_a_point_from_being_a_candidate(change: str, row: str, judged: Cli) -> None:
    judged.all(change.replace(";", "\n"), today=LATER)
    [found] = assessed(judged, "assessment 2026Q3 --point P001")
    assert brief(found) == f"P001 {row}"


def test_an_officer_has_the_points_held_at_the_end_of_the_period(judged: Cli) -> None:
    def officers(line: str, key: str) -> list[object]:
        rows = assessed(judged, f"assessment {line}")
        return [row[key] for row in rows if row["level"] == "officer"]

    judged.all("point amend P002 --officer '陈建平 13900000202' --on 2026-09-30", today=LATER)
    assert officers("2026Q3", "closed") == [11]
    assert officers("2026-08", "closed") == [0]
    judged.all("point amend P001 --officer '王伟' --on 2026-09-30", today=LATER)
    assert officers("2026Q3 --reveal", "name") == ["王伟", "陈建平"]
    assert judged.sql("SELECT command FROM disclosure") == [("rollup assessment 2026Q3",)]


def test_totals_that_a_point_sent_stand_for_its_cases(judged: Cli) -> None:
    totals = '{"received": 30, "closed": 30, "settled": 29, "mediated": 0, "closed_on_time": 30}'
    judged.sql(
        "INSERT INTO point_return (point_id, period, day, state, totals)"
        f" VALUES (2, '2026Q3', '2026-10-08', 'totals', '{totals}')"
    )
    assert [brief(row)[:33] for row in assessed(judged, "assessment 2026Q3")[:2]] == [
        "P001 1 10/10+ 0/0 0/0 10/10 0 3/3",
        "P002 2 29/30+ 0/0 0/0 30/30 0 1/3",
    ]
    told = judged("rollup channel 2026Q3", today=LATER)
    assert told.err == "Not told apart here, being sent as totals: P002\n"


_LOG = "log --complainant 甲 --item 物 --facts 坏"
YEAR = f"""
    {_LOG} P001 --received 2025-09-30 --category 食品 --problem 质量 --channel 电话
    {_LOG} P001 --received 2026-04-01 --category 食品 --problem 质量
    {_LOG} P002 --received 2026-06-30 --kind 商品 --problem 价格 --respondent '王记 鱼档'
    {_LOG} P001 --received 2026-07-01 --category 食品 --problem 质量 --disputed 10.50
    {_LOG} P002 --received 2026-07-02 --category 食品 --problem 价格 --disputed 20 --respondent 王记鱼档
    {_LOG} P002 --received 2026-08-03 --category 旅游 --problem 价格 --respondent '王记 鱼档'
    {_LOG} P002 --received 2026-08-04 --kind 服务 --problem 价格 --respondent 南门市场
    {_LOG} P001 --received 2026-09-30 --category 旅游 --problem 其他 --respondent Ａ１号
    {_LOG} P001 --received 2026-09-30 --category 旅游 --problem 其他 --respondent a1号
    complaint void 2026-8 --reason 重复
"""


@pytest.fixture
def year(cli: Cli) -> Cli:
    """Complaints of two years."""
    cli.given(YEAR, today=LATER)
    return cli


def parts(cli: Cli, line: str) -> str:
    """Return the parts and what they are held against: the stretch and the year before."""
    part = "{key} {count} {disputed}, {before} {change}, {last_year} {change_last_year}"
    return "; ".join(part.format(**row) for row in assessed(cli, line))


@table(r"""
    line                              | told
    category 2026Q3 | food 2 30.50, 1 1, 1 1; tourism 2 0.00, 0 2, 0 2; None 1 0.00, 1 0, 0 1
    problem 2026Q3 | price 3 20.00, 1 2, 0 3; quality 1 10.50, 1 0, 1 0; other 1 0.00, 0 1, 0 1
    channel 2026Q3                    | visit 5 30.50, 2 3, 0 5; phone 0 0.00, 0 0, 1 -1
    respondent 2026Q3 --point P002    | P002 王记鱼档 2 20.00, 1 1, 0 2; P002 南门市场 1 0.00, 0 1, 0 1
    respondent 2026Q3 --point P001    | P001 a1号 1 0.00, 0 1, 0 1; P001 东门商场 1 10.50, 1 0, 1 0
    category 2026Q3 --point P002 | food 1 20.00, 0 1, 0 1; tourism 1 0.00, 0 1, 0 1; None 1 0.00, \
        1 0, 0 1
    problem 2026Q3 --type 商场        | quality 1 10.50, 1 0, 1 0; other 1 0.00, 0 1, 0 1
    problem 2026-08 | price 2 0.00, 1 1, None None; quality 0 0.00, 1 -1, None None
    problem 2026-07 | quality 1 10.50, 0 1, None None; price 1 20.00, 1 0, None None
    问题类别 2026 | price 4 20.00, 0 4, 0 4; quality 2 10.50, 1 1, 1 1; other 1 0.00, 0 1, 0 1
    channel 2026年报                  | visit 7 30.50, 0 7, 0 7; phone 0 0.00, 1 -1, 1 -1
    problem 2025Q3                    | quality 1 0.00, None None, None None
    problem 2025Q4                    | quality 0 0.00, 1 -1, None None
    problem 2026Q3 --as-of 2026-07-01 | quality 1 10.50, 1 0, None None
    problem 2024Q1                    |
""")
def test_what_came_in_is_held_against_before(line: str, told: str, year: Cli) -> None:
    assert parts(year, line) == told


def test_a_part_as_json(year: Cli) -> None:
    assert str(assessed(year, "channel 2026Q3")[0]) == (
        "{'key': 'visit', 'name': 'visit', 'count': 5, 'share': {'numerator': 5, 'denominator': 5,"
        " 'percent': '100.00'}, 'disputed': '30.50', 'before': 2, 'change': 3, 'last_year': 0,"
        " 'change_last_year': 5}"
    )


def test_a_respondent_had_the_host_of_the_day(year: Cli) -> None:
    for host, day in (("老东家", "2026-01-05"), ("新东家", "2026-07-01")):
        year.all(f"point amend P001 --host {host} --on {day}", today=LATER)
    found = assessed(year, "respondent 2026 --point P001")
    assert {row["name"] for row in found} >= {"P001 老东家", "P001 新东家"}
    assert parts(year, "respondent 2026 --point P001").startswith("P001 a1号 1 0.00")


@table(r"""
    line                            | code | problem
    assessment 2026Q3 --type 商场   | 2    | --type goes together with --cases or an analysis.
    channel 2026Q3 --cases received | 2    | --cases goes together with form 3 or 6.
    channel 2026Q3 --type 学校      | 2    | --type takes one of mall
    channel 2026Q3 --as-of 6-30 | 2 | 2026-06-30 is before the period 2026Q3 begins, on 2026-07-01.
    assessment 2026Q3 --as-of 6-30 | 2 | 2026-06-30 is before the period 2026Q3 begins, on \
        2026-07-01.
    region 2026Q3                   | 2    | it is one of 3, 6, assessment, category, problem, \
        respondent, channel.
    channel 2026Q3 --point P009     | 3    | There is no point P009.
""")
def test_what_does_not_fit_is_refused(line: str, code: str, problem: str, cli: Cli) -> None:
    result = cli(f"rollup {line}")
    assert (result.code, result.out) == (int(code), "") and problem in result.err


ASSESSED = """\
rank  name                  settled   mediated  satisfied       on time  visits  returns  checks
────────────────────────────────────────────────────────────────────────────────────────────────
   1  P001 东门商场    100.00 10/10          —          —  100.00 10/10     2/3      0/0   12/12
      P002 南门市场    0.00* 0/1 +1  0.00* 0/1  0.00* 0/1      0.00 0/1     0/3      0/0     0/0
      officer 陈**     100.00 10/10          —          —  100.00 10/10     2/3      0/0   12/12
      station        90.91 10/11 +1  0.00* 0/1  0.00* 0/1   90.91 10/11     2/6      0/0   12/12
× target missed, * small sample, + besides open and overdue
Candidates for demonstration (三(五)8): —
"""


def test_the_assessment_on_a_terminal(judged: Cli) -> None:
    shown = judged.screen("rollup assessment 2026Q3 --as-of 2026-09-28", 100)
    assert shown == ASSESSED.splitlines()
    assert (
        judged.screen("rollup assessment 2026Q3 --point P001 --as-of 2026-09-28")[-1]
        == "No candidate for demonstration: a month without a visit"
    )


def test_an_analysis_on_a_terminal(year: Cli) -> None:
    assert year.screen("rollup problem 2026Q3 --as-of 2026-09-28") == [
        "problem  count  share %  disputed  before  change  year ago  change",
        "─" * 80,
        "price        3    75.00     20.00       0      +3         —       —  ███████████",
        "quality      1    25.00     10.50       1       0         —       —  ███▋",
        "total        4   100.00     30.50       1      +3         —       —",
        "Rose most (+3) against 2026-04-01 to 2026-06-28: price 0 → 3",
    ]


def test_what_is_not_among_the_first_twenty_is_summed_on_a_terminal_alone(cli: Cli) -> None:
    for number in range(23):
        cli.all(f"{_LOG} P001 --kind 商品 --received 2026-07-01 --respondent {number}号")
    shown = cli.screen("rollup respondent 2026Q3")
    assert (len(shown), shown[-2].split()[:4]) == (24, ["3", "others", "3", "13.04"])
    assert len(cli("rollup respondent 2026Q3").out.splitlines()) == 24


def test_a_spreadsheet_gets_each_number_in_its_own_cell(judged: Cli) -> None:
    csv = judged("rollup assessment 2026Q3 --csv --point P001", today=LATER).out
    assert csv.splitlines() == [
        "\ufeffrank,level,code,name,closed,settled,mediated,satisfied,on time,overdue,visits,"
        "visits owed,returns,returns due,checks,checked,demonstration,candidate,lacking",
        "1,point,P001,东门商场,10,100.00 (10/10),— (0/0),— (0/0),100.00 (10/10),0,3,3,1,1,12,12,,yes,",
    ]


def test_an_empty_ledger_divides_by_nothing(cli: Cli) -> None:
    assert cli.screen("rollup assessment 2026Q3")[-3].split() == [
        "station", *"————", *["0/6", "0/2", "0/0"]
    ]  # fmt: skip
    assert cli.screen("rollup category 2026Q3")[-1].split() == ["total", "0", "—", "0.00", *"————"]
    assert assessed(cli, "respondent 2026") == []
