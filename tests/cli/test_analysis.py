"""`rollup assessment` and the analyses: a small year of two points."""

from typing import Any

import pytest

from ledger12315.words import CONDITIONS
from tests.cli.conftest import Cli, scenes
from tests.rows import for_all

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


@scenes(r"""
# the assessment
@ 2026-10-12
$ rollup assessment 2026Q3
1 | point | P001 | 东门商场 | 10 | 100.00 (10/10) | — (0/0) | — (0/0) | 100.00 (10/10) | 0 | 3 | 3 \
    | 1 | 1 | 0 | 12 | 12 |  | yes |  | 2025-10-01
 | point | P002 | 南门市场 | 1 | 0.00 (0/1) small sample | 0.00 (0/1) small sample | 0.00 (0/1) \
    small sample | 0.00 (0/1) | 1 | 1 | 3 | 0 | 1 | 0 | 0 | 0 |  | no | too few cases to be \
    ranked, target of the settled rate missed, target of the mediation success rate missed, \
    target of the satisfaction rate missed, something was not closed on time, a month without \
    a visit, a return is missing, conditions not all inspected and met | 2025-10-01
 | officer |  | 陈建平 | 10 | 100.00 (10/10) | — (0/0) | — (0/0) | 100.00 (10/10) | 0 | 3 | 3 | 1 \
    | 1 | 0 | 12 | 12 |  |  |  | 2026-07-01
 | officer |  |  | 1 | 0.00 (0/1) small sample | 0.00 (0/1) small sample | 0.00 (0/1) small \
    sample | 0.00 (0/1) | 1 | 1 | 3 | 0 | 1 | 0 | 0 | 0 |  |  |  | 2026-07-01
 | station |  |  | 11 | 90.91 (10/11) | 0.00 (0/1) small sample | 0.00 (0/1) small sample | \
    90.91 (10/11) | 1 | 4 | 6 | 1 | 2 | 0 | 12 | 12 |  |  |  | 2026-07-01
$ rollup assessment 2026Q3 --point P001 --json
[{"level": "point", "name": "东门商场", "code": "P001", "rank": 1, "closed": 10, "rates_from": \
    "2025-10-01", "settled_rate": {"numerator": 10, "denominator": 10, "percent": "100.00", \
    "target": 90, "met": true, "small_sample": false}, "mediation_success_rate": {"numerator": \
    0, "denominator": 0, "percent": null, "target": 90, "met": null, "small_sample": false}, \
    "satisfaction_rate": {"numerator": 0, "denominator": 0, "percent": null, "target": 98, \
    "met": null, "small_sample": false}, "on_time_rate": {"numerator": 10, "denominator": 10, \
    "percent": "100.00", "target": null, "met": null, "small_sample": false}, "overdue_end": \
    0, "visits": 3, "visits_owed": 3, "returns_made": 1, "returns_due": 1, "returns_late": 0, \
    "conditions_met": 12, "conditions_inspected": 12, "demonstration": null, "retired": false, \
    "candidate": true, "why": null}]
$ rollup assessment 2026Q3 --csv --point P001
BOM rank,level,code,name,closed,settled,mediated,satisfied,on time,overdue,visits,visits \
    owed,returns,returns due,late returns,checks,checked,demonstration,candidate,lacking,rates \
    from
1,point,P001,东门商场,10,100.00 (10/10),— (0/0),— (0/0),100.00 \
    (10/10),0,3,3,1,1,0,12,12,,yes,,2025-10-01
@ 2026-09-28
% 100 rollup assessment 2026Q3 --as-of 2026-09-28
rank  name                   settled   mediated  satisfied       on time  visits  returns  checks
─────────────────────────────────────────────────────────────────────────────────────────────────
   1  P001 东门商场     100.00 10/10          —          —  100.00 10/10     2/3      0/0   12/12
      P002 南门市场     0.00* 0/1 +1  0.00* 0/1  0.00* 0/1      0.00 0/1     0/3      0/0     0/0
      officer 陈建平    100.00 10/10          —          —  100.00 10/10     2/3      0/0   12/12
      no officer        0.00* 0/1 +1  0.00* 0/1  0.00* 0/1      0.00 0/1     0/3      0/0     0/0
      station         90.91 10/11 +1  0.00* 0/1  0.00* 0/1   90.91 10/11     2/6      0/0   12/12
settled rate = (settled+mediated+withdrawn)/closed
mediation success = mediated/mediation_closed
satisfaction rate = satisfied/rated
on time rate = closed_on_time/closed
Rates and ranks of points cover one year, from 2025-10-01.
× target missed, * small sample, + also open and overdue
Candidates for demonstration (三(五)8): —
% 80 rollup assessment 2026Q3 --point P001 --as-of 2026-09-28
rank name           settled mediated satisfied     on time visits returns checks
────────────────────────────────────────────────────────────────────────────────
   1 P001 东门商     100.00        —         —      100.00    2/3     0/0  12/12
     场               10/10                          10/10
settled rate = (settled+mediated+withdrawn)/closed
mediation success = mediated/mediation_closed
satisfaction rate = satisfied/rated
on time rate = closed_on_time/closed
Rates and ranks of points cover one year, from 2025-10-01.
× target missed, * small sample, + also open and overdue
Not a candidate for demonstration: a month without a visit
# a visit that is void keeps a point from being a candidate
@ 2026-10-12
+ record void 3 --reason 错
$ rollup assessment 2026Q3 --point P001
1 | point | P001 | 东门商场 | 10 | 100.00 (10/10) | — (0/0) | — (0/0) | 100.00 (10/10) | 0 | 2 | 3 \
    | 1 | 1 | 0 | 12 | 12 |  | no | a month without a visit | 2025-10-01
# a condition that is not met
@ 2026-10-12
+ point inspect P001 --on 2026-09-21 --sign no
$ rollup assessment 2026Q3 --point P001
1 | point | P001 | 东门商场 | 10 | 100.00 (10/10) | — (0/0) | — (0/0) | 100.00 (10/10) | 0 | 3 | 3 \
    | 1 | 1 | 0 | 11 | 12 |  | no | conditions not all inspected and met | 2025-10-01
# fewer than ten complaints
@ 2026-10-12
+ complaint void 2026-1 --reason 错
$ rollup assessment 2026Q3 --point P001
 | point | P001 | 东门商场 | 9 | 100.00 (9/9) small sample | — (0/0) | — (0/0) | 100.00 (9/9) | 0 \
    | 3 | 3 | 1 | 1 | 0 | 12 | 12 |  | no | too few cases to be ranked | 2025-10-01
# a provincial point
@ 2026-10-12
+ point amend P001 --demonstration 省级 --on 2026-09-30
$ rollup assessment 2026Q3 --point P001
1 | point | P001 | 东门商场 | 10 | 100.00 (10/10) | — (0/0) | — (0/0) | 100.00 (10/10) | 0 | 3 | 3 \
    | 1 | 1 | 0 | 12 | 12 | provincial | no | is a provincial demonstration point already | \
    2025-10-01
# a municipal point is a candidate
@ 2026-10-12
+ point amend P001 --demonstration 市级 --on 2026-09-30
$ rollup assessment 2026Q3 --point P001
1 | point | P001 | 东门商场 | 10 | 100.00 (10/10) | — (0/0) | — (0/0) | 100.00 (10/10) | 0 | 3 | 3 \
    | 1 | 1 | 0 | 12 | 12 | municipal | yes |  | 2025-10-01
# a retired point
@ 2026-10-12
+ record void 3 --reason 错
+ point retire P001 --on 2026-09-01
$ rollup assessment 2026Q3 --point P001
1 | point | P001 | 东门商场 | 10 | 100.00 (10/10) | — (0/0) | — (0/0) | 100.00 (10/10) | 0 | 2 | 2 \
    | 1 | 1 | 0 | 12 | 12 |  | no | retired | 2025-10-01
# an officer has the days on which the points were theirs
@ 2026-10-12
+ point amend P002 --officer '陈建平 13900000202' --on 2026-09-30
$ rollup assessment 2026Q3
1 | point | P001 | 东门商场 | 10 | 100.00 (10/10) | — (0/0) | — (0/0) | 100.00 (10/10) | 0 | 3 | 3 \
    | 1 | 1 | 0 | 12 | 12 |  | yes |  | 2025-10-01
 | point | P002 | 南门市场 | 1 | 0.00 (0/1) small sample | 0.00 (0/1) small sample | 0.00 (0/1) \
    small sample | 0.00 (0/1) | 1 | 1 | 3 | 0 | 1 | 0 | 0 | 0 |  | no | too few cases to be \
    ranked, target of the settled rate missed, target of the mediation success rate missed, \
    target of the satisfaction rate missed, something was not closed on time, a month without \
    a visit, a return is missing, conditions not all inspected and met | 2025-10-01
 | officer |  | 陈建平 | 10 | 100.00 (10/10) | — (0/0) | — (0/0) | 100.00 (10/10) | 1 | 4 | 4 | 1 \
    | 2 | 0 | 12 | 12 |  |  |  | 2026-07-01
 | officer |  |  | 1 | 0.00 (0/1) small sample | 0.00 (0/1) small sample | 0.00 (0/1) small \
    sample | 0.00 (0/1) | 0 | 0 | 2 | 0 | 0 | 0 | 0 | 0 |  |  |  | 2026-07-01
 | station |  |  | 11 | 90.91 (10/11) | 0.00 (0/1) small sample | 0.00 (0/1) small sample | \
    90.91 (10/11) | 1 | 4 | 6 | 1 | 2 | 0 | 12 | 12 |  |  |  | 2026-07-01
$ rollup assessment 2026-08
1 | point | P001 | 东门商场 | 0 | 100.00 (10/10) | — (0/0) | — (0/0) | 100.00 (10/10) | 0 | 1 | 1 \
    | 0 | 0 | 0 | 0 | 0 |  | no | conditions not all inspected and met | 2025-09-01
 | point | P002 | 南门市场 | 0 | — (0/0) | — (0/0) | — (0/0) | — (0/0) | 1 | 0 | 1 | 0 | 0 | 0 | 0 \
    | 0 |  | no | too few cases to be ranked, something was not closed on time, a month \
    without a visit, conditions not all inspected and met | 2025-09-01
 | officer |  | 陈建平 | 0 | — (0/0) | — (0/0) | — (0/0) | — (0/0) | 0 | 1 | 1 | 0 | 0 | 0 | 0 | \
    0 |  |  |  | 2026-08-01
 | officer |  |  | 0 | — (0/0) | — (0/0) | — (0/0) | — (0/0) | 1 | 0 | 1 | 0 | 0 | 0 | 0 | 0 |  \
    |  |  | 2026-08-01
 | station |  |  | 0 | — (0/0) | — (0/0) | — (0/0) | — (0/0) | 1 | 1 | 2 | 0 | 0 | 0 | 0 | 0 |  \
    |  |  | 2026-08-01
+ point amend P001 --officer 王伟 --on 2026-09-30
$ rollup assessment 2026Q3
1 | point | P001 | 东门商场 | 10 | 100.00 (10/10) | — (0/0) | — (0/0) | 100.00 (10/10) | 0 | 3 | 3 \
    | 1 | 1 | 0 | 12 | 12 |  | yes |  | 2025-10-01
 | point | P002 | 南门市场 | 1 | 0.00 (0/1) small sample | 0.00 (0/1) small sample | 0.00 (0/1) \
    small sample | 0.00 (0/1) | 1 | 1 | 3 | 0 | 1 | 0 | 0 | 0 |  | no | too few cases to be \
    ranked, target of the settled rate missed, target of the mediation success rate missed, \
    target of the satisfaction rate missed, something was not closed on time, a month without \
    a visit, a return is missing, conditions not all inspected and met | 2025-10-01
 | officer |  | 王伟 | 0 | — (0/0) | — (0/0) | — (0/0) | — (0/0) | 0 | 1 | 1 | 1 | 1 | 0 | 12 | \
    12 |  |  |  | 2026-07-01
 | officer |  | 陈建平 | 10 | 100.00 (10/10) | — (0/0) | — (0/0) | 100.00 (10/10) | 1 | 3 | 3 | 0 \
    | 1 | 0 | 0 | 0 |  |  |  | 2026-07-01
 | officer |  |  | 1 | 0.00 (0/1) small sample | 0.00 (0/1) small sample | 0.00 (0/1) small \
    sample | 0.00 (0/1) | 0 | 0 | 2 | 0 | 0 | 0 | 0 | 0 |  |  |  | 2026-07-01
 | station |  |  | 11 | 90.91 (10/11) | 0.00 (0/1) small sample | 0.00 (0/1) small sample | \
    90.91 (10/11) | 1 | 4 | 6 | 1 | 2 | 0 | 12 | 12 |  |  |  | 2026-07-01
""")
def test_assessment(script: str, judged: Cli) -> None:
    judged.plays(script)


def test_totals_that_a_point_sent_stand_for_its_cases(judged: Cli) -> None:
    totals = '{"received": 30, "closed": 30, "settled": 29, "mediated": 0, "closed_on_time": 30}'
    judged.sql(
        "INSERT INTO point_return (point_id, period, day, state, totals)"
        f" VALUES (2, '2026Q3', '2026-10-08', 'totals', '{totals}')"
    )
    judged.plays("""
        @ 2026-10-12
        $ rollup assessment 2026Q3 --csv
        …
        1,point,P001,东门商场,10,100.00 (10/10),— (0/0),— (0/0),100.00 (10/10),0,…
        2,point,P002,南门市场,30,96.67 (29/30),— (0/0),— (0/0),100.00 (30/30),0,…
        …
        $ rollup channel 2026Q3
        …
        ! Not included, because these points sent totals only: P002
    """)


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


@for_all(r"""
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


def test_an_earlier_quarter_is_held_against_as_it_was_submitted(year: Cli) -> None:
    year.all("settings set begins 2026-04-01\nreturns submit 2026Q2", today=LATER)
    year.all(
        "complaint amend 2026-1 --problem 价格\ncomplaint void 2026-2 --reason 重复", today=LATER
    )
    then = "price 3 20.00, 1 2, 0 3; quality 1 10.50, 1 0, 1 0; other 1 0.00, 0 1, 0 1"
    now = "price 3 20.00, 1 2, 0 3; quality 1 10.50, 0 1, 1 0; other 1 0.00, 0 1, 0 1"
    assert parts(year, "problem 2026Q2") == (
        "quality 1 0.00, 0 1, None None; price 1 0.00, 0 1, None None"
    )
    assert parts(year, "problem 2026Q3") == then
    assert parts(year, "problem 2026Q2 --live") == "price 1 0.00, 0 1, None None"
    assert parts(year, "problem 2026Q3 --live") == now


@scenes(r"""
# a part as JSON
@ 2026-10-12
$ rollup channel 2026Q3 --json
[{"key": "visit", "name": "visit", "count": 5, "share": {"numerator": 5, "denominator": 5, \
    "percent": "100.00"}, "disputed": "30.50", "before": 2, "change": 3, "last_year": 0, \
    "change_last_year": 5}, {"key": "phone", "name": "phone", "count": 0, "share": {"numerator": \
    0, "denominator": 5, "percent": "0.00"}, "disputed": "0.00", "before": 0, "change": 0, \
    "last_year": 1, "change_last_year": -1}]
# a respondent had the host of the day
@ 2026-10-12
+ point amend P001 --host 老东家 --on 2026-01-05
+ point amend P001 --host 新东家 --on 2026-07-01
$ rollup respondent 2026 --point P001
P001 Ａ１号 | 1 | 33.33 | 0.00 | 0 | 1 | 0 | 1
P001 新东家 | 1 | 33.33 | 10.50 | 0 | 1 | 0 | 1
P001 老东家 | 1 | 33.33 | 0.00 | 1 | 0 | 1 | 0
total | 3 | 100.00 | 10.50 | 1 | 2 | 1 | 2
! The period is not over: every figure is as of 2026-10-12.
# an analysis on a terminal
% 80 rollup problem 2026Q3 --as-of 2026-09-28
problem  count  share %  disputed  before  change  year ago  change
───────────────────────────────────────────────────────────────────
price        3    75.00     20.00       0      +3         —       —
quality      1    25.00     10.50       1       0         —       —
total        4   100.00     30.50       1      +3         —       —
Largest rise (+3) compared with 2026-04-01 to 2026-06-28: price 0 → 3
% 80 rollup problem 2026Q2
…
Largest rise (+1) compared with 2026-01-01 to 2026-03-31: quality 0 → 1, price 0
→ 1
""")
def test_in_words(script: str, year: Cli) -> None:
    year.plays(script)


def test_what_is_not_among_the_first_twenty_is_summed_on_a_terminal_alone(cli: Cli) -> None:
    for number in range(23):
        cli.all(f"{_LOG} P001 --kind 商品 --received 2026-07-01 --respondent {number}号")
    shown = cli.screen("rollup respondent 2026Q3")
    assert (len(shown), shown[-4].split()[:4]) == (26, ["others:", "3", "3", "13.04"])
    assert len(cli("rollup respondent 2026Q3").out.splitlines()) == 24


@scenes(r"""
# an empty ledger divides by nothing
% 100 rollup assessment 2026Q3
name            settled  mediated  satisfied  on time  visits  returns  checks
──────────────────────────────────────────────────────────────────────────────
P001 东门商场         —         —          —        —     0/3      0/0     0/0
P002 南门市场         —         —          —        —     0/3      0/0     0/0
officer 陈建平        —         —          —        —     0/3      0/0     0/0
no officer            —         —          —        —     0/3      0/0     0/0
station               —         —          —        —     0/6      0/0     0/0
settled rate = (settled+mediated+withdrawn)/closed
mediation success = mediated/mediation_closed
satisfaction rate = satisfied/rated
on time rate = closed_on_time/closed
Rates and ranks of points cover one year, from 2025-10-01.
× target missed, * small sample, + also open and overdue
Candidates for demonstration (三(五)8): —
% 80 rollup category 2026Q3
category  count  share %  disputed  before  change  year ago  change
────────────────────────────────────────────────────────────────────
total         0        —      0.00       —       —         —       —
$ rollup respondent 2026 --json
[]
! The period is not over: every figure is as of 2026-09-28.
# what does not fit
$ rollup assessment 2026Q3 --type 商场
! Error: --type works only with --cases or an analysis.
[2]
$ rollup channel 2026Q3 --cases received
! Error: --cases works only with form 3 or 6.
[2]
$ rollup channel 2026Q3 --type 学校
! Error: --type: 学校 is not one of: mall | supermarket | market | enterprise | \
    scenic area | other.
[2]
$ rollup channel 2026Q3 --as-of 6-30
! Error: 2026-06-30 is before the first day of 2026Q3, 2026-07-01.
[2]
$ rollup assessment 2026Q3 --as-of 6-30
! Error: 2026-06-30 is before the first day of 2026Q3, 2026-07-01.
[2]
$ rollup region 2026Q3
! Error: form: region is not one of: 3 | 6 | assessment | category | problem | \
    respondent | channel.
[2]
$ rollup channel 2026Q3 --point P009
! Error: There is no point P009. See: ledger12315 point list
[3]
""")
def test_of_an_empty_ledger(script: str, cli: Cli) -> None:
    cli.plays(script)
