"""`rollup`, its cases, `export` and `record inquiry`: figures of a small quarter."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from ledger12315.rules.measures import ATTACHMENT6
from tests.cli.conftest import Cli, scenes
from tests.rows import for_all, table
from tests.states import as_text

LATER = "2026-10-12"
_LOG = "log --complainant 甲 --item 物 --facts 坏"
# P001 is a mall, P002 a market; 2026-0005 is void.
LIVED = f"""
    {_LOG} P001 --category 服装鞋帽 --received 2026-06-29 --disputed 50
    {_LOG} P001 --category 旅游 --source 分流 --referral-no 1 --received 7-1 --purchase 99.90
    {_LOG} P002 --category 食品 --source 转办 --received 2026-08-03
    {_LOG} P001 --category 食品 --received 2026-09-01
    {_LOG} P002 --category 食品 --received 2026-09-02 --disputed 7777
    {_LOG} P001 --category 日用商品 --received 2026-09-01
    {_LOG} P002 --category 食品 --received 2026-09-30 --disputed 1000
    close 2026-1 --outcome 和解 --closed 2026-07-01 --recovered 50 --rating 满意
    close 2026-2 --outcome 调解成功 --closed 2026-07-02 --recovered 10.50 --rating 不满意
    close 2026-3 --outcome 和解不成 --told 2026-08-20
    complaint escalate 2026-4 --reason 要鉴定 --on 2026-09-03
    close 2026-7 --outcome 撤回 --closed 2026-10-10
    record inquiry P001 --on 2026-07-01 --count 5 --text 三包
    record inquiry P002 --on 2026-09-30 --count 3
    record inquiry P001 --on 2026-10-01 --count 9
    complaint void 2026-5 --reason 错录
"""


@pytest.fixture
def lived(cli: Cli) -> Cli:
    cli.given(LIVED, today=LATER)
    return cli


def rollup(cli: Cli, line: str) -> Any:
    result = cli(f"rollup {line} --json", today=LATER)
    assert result.code == 0, result
    return result.json


@scenes(r"""
# the rates of Attachment 3
@ 2026-10-12
$ rollup 3 2026Q3 --json
{"form": 3, "period": "2026Q3", "from": "2026-07-01", "to": "2026-09-30", "as_of": null, "point": \
    null, "provisional": false, "recovered_unstated": 1, \
    "rows": [{"code": "01", "key": "inquiries", "name": "接受咨询", \
    "unit": "人次", "total": 8, "mall": 5, "supermarket": 0, "market": 3, "enterprise": 0, \
    "scenic": 0, "other": 0}, … {"code": \
    "21", "key": "disputed", "name": "争议金额", "unit": "元", "total": "1099.90", "mall": "99.90", \
    "supermarket": "0.00", "market": "1000.00", "enterprise": "0.00", "scenic": "0.00", "other": \
    "0.00"}, … "rates": [{"key": "settled_rate", \
    "target": 90, "numerator": 2, "denominator": 3, "percent": "66.67", "met": false, \
    "small_sample": true}, {"key": "mediation_success_rate", "target": 90, "numerator": 1, \
    "denominator": 1, "percent": "100.00", "met": true, "small_sample": true}, {"key": \
    "satisfaction_rate", "target": 98, "numerator": 1, "denominator": 2, "percent": "50.00", \
    "met": false, "small_sample": true}, {"key": "on_time_rate", "target": null, "numerator": 2, \
    "denominator": 3, "percent": "66.67", "met": null, "small_sample": false}]}
# Attachment 6
@ 2026-10-12
$ rollup 6 2026Q3 --as-of 2026-10-01 --point P001 --json
{"form": 6, "period": "2026Q3", "from": "2026-07-01", "to": "2026-09-30", "as_of": "2026-10-01", \
    "point": "P001", "provisional": false, "recovered_unstated": 0, \
    "rows": [{"type": "mall", "points_start": 1, \
    "points_new": 0, "points_retired": 0, "points_end": 1, "demo_provincial": 0, \
    "demo_municipal": 0, "liaisons": 1, "inquiries": 5, "received": 3, "received_referred": 1, \
    "closed": 2, "settled": 1, "disputed": "99.90", "recovered": "60.50", "settled_rate": \
    {"numerator": 2, "denominator": 2, "percent": "100.00"}, "mediation_success_rate": \
    {"numerator": 1, "denominator": 1, "percent": "100.00"}, "satisfaction_rate": {"numerator": \
    1, "denominator": 2, "percent": "50.00"}, "returns_due": 1, "returns_made": 0, "visits": 0, \
    "meetings": 0, "trainings": 0, "notices": 0, "interviews": 0}, … {"type": "total", \
        "points_start": 1, \
    "points_new": 0, "points_retired": 0, "points_end": 1, "demo_provincial": 0, \
    "demo_municipal": 0, "liaisons": 1, "inquiries": 5, "received": 3, "received_referred": 1, \
    "closed": 2, "settled": 1, "disputed": "99.90", "recovered": "60.50", "settled_rate": \
    {"numerator": 2, "denominator": 2, "percent": "100.00"}, "mediation_success_rate": \
    {"numerator": 1, "denominator": 1, "percent": "100.00"}, "satisfaction_rate": {"numerator": \
    1, "denominator": 2, "percent": "50.00"}, "returns_due": 1, "returns_made": 0, "visits": 0, \
    "meetings": 0, "trainings": 0, "notices": 0, "interviews": 0}]}
# a line for each measure and rate in a pipe
@ 2026-10-12
@ zh
$ 汇总 3 2026-3季度
01 | inquiries | 接受咨询 | 人次 | 8 | 5 | 0 | 3 | 0 | 0 | 0
02 | open_start | 期初未结 | 件 | 1 | 1 | 0 | 0 | 0 | 0 | 0
03 | received | 受理投诉 | 件 | 5 | 3 | 0 | 2 | 0 | 0 | 0
04 | received_direct | 其中：消费者直接投诉 | 件 | 3 | 2 | 0 | 1 | 0 | 0 | 0
05 | received_referred | 其中：工商部门分流 | 件 | 1 | 1 | 0 | 0 | 0 | 0 | 0
06 | received_other | 其中：其他转办 | 件 | 1 | 0 | 0 | 1 | 0 | 0 | 0
07 | received_goods | 其中：商品类 | 件 | 4 | 2 | 0 | 2 | 0 | 0 | 0
08 | received_service | 其中：服务类 | 件 | 1 | 1 | 0 | 0 | 0 | 0 | 0
09 | received_other_kind | 其中：其他类 | 件 | 0 | 0 | 0 | 0 | 0 | 0 | 0
10 | closed | 办结 | 件 | 3 | 2 | 0 | 1 | 0 | 0 | 0
11 | settled | 和解(含当场解决) | 件 | 1 | 1 | 0 | 0 | 0 | 0 | 0
12 | advised | 和解不成、已告知申诉 | 件 | 1 | 0 | 0 | 1 | 0 | 0 | 0
13 | mediation_closed | 调解办结 | 件 | 1 | 1 | 0 | 0 | 0 | 0 | 0
14 | mediated | 其中：调解成功 | 件 | 1 | 1 | 0 | 0 | 0 | 0 | 0
15 | closed_other | 撤回、联系不到及其他 | 件 | 0 | 0 | 0 | 0 | 0 | 0 | 0
16 | withdrawn | 其中：消费者撤回 | 件 | 0 | 0 | 0 | 0 | 0 | 0 | 0
17 | open_end | 期末未结 | 件 | 3 | 2 | 0 | 1 | 0 | 0 | 0
18 | overdue_end | 其中：期末超期未结 | 件 | 1 | 1 | 0 | 0 | 0 | 0 | 0
19 | closed_on_time | 按时办结(含按时报请) | 件 | 2 | 2 | 0 | 0 | 0 | 0 | 0
20 | escalated | 报请工商所 | 件 | 1 | 1 | 0 | 0 | 0 | 0 | 0
21 | disputed | 争议金额 | 元 | 1099.90 | 99.90 | 0.00 | 1000.00 | 0.00 | 0.00 | 0.00
22 | recovered | 挽回经济损失 | 元 | 60.50 | 60.50 | 0.00 | 0.00 | 0.00 | 0.00 | 0.00
23 | rated | 评价 | 人次 | 2 | 2 | 0 | 0 | 0 | 0 | 0
24 | satisfied | 满意(含基本满意) | 人次 | 1 | 1 | 0 | 0 | 0 | 0 | 0
25 | leads | 举报案件线索 | 条 | 0 | 0 | 0 | 0 | 0 | 0 | 0
26 | major_matters | 报告重大事项 | 件 | 0 | 0 | 0 | 0 | 0 | 0 | 0
 | settled_rate | 和解息诉率 | % | 66.67 (2/3) | 100.00 (2/2) | — (0/0) | 0.00 (0/1) | — (0/0) | \
    — (0/0) | — (0/0)
 | mediation_success_rate | 调解成功率 | % | 100.00 (1/1) | 100.00 (1/1) | — (0/0) | — (0/0) | — \
    (0/0) | — (0/0) | — (0/0)
 | satisfaction_rate | 消费者满意率 | % | 50.00 (1/2) | 50.00 (1/2) | — (0/0) | — (0/0) | — (0/0) \
    | — (0/0) | — (0/0)
 | on_time_rate | 按时办结率 | % | 66.67 (2/3) | 100.00 (2/2) | — (0/0) | 0.00 (0/1) | — (0/0) | \
    — (0/0) | — (0/0)
! 未填挽回金额 1 件，按0元计。
# a spreadsheet
@ 2026-10-12
$ rollup 6 2026Q3 --csv
BOM type,points_start,points_new,points_retired,points_end,demo_provincial,demo_municipal,liaisons\
    ,inquiries,received,received_referred,closed,settled,disputed,recovered,settled_rate,mediation\
    _success_rate,satisfaction_rate,returns_due,returns_made,visits,meetings,trainings,notices,int\
    erviews
mall,1,0,0,1,0,0,1,5,3,1,2,1,99.90,60.50,100.00 (2/2),100.00 (1/1),50.00 (1/2),1,0,0,0,0,0,0
supermarket,0,0,0,0,0,0,0,0,0,0,0,0,0.00,0.00,— (0/0),— (0/0),— (0/0),0,0,0,0,0,0,0
market,1,0,0,1,0,0,0,3,2,0,1,0,1000.00,0.00,0.00 (0/1),— (0/0),— (0/0),1,0,0,0,0,0,0
enterprise,0,0,0,0,0,0,0,0,0,0,0,0,0.00,0.00,— (0/0),— (0/0),— (0/0),0,0,0,0,0,0,0
scenic area,0,0,0,0,0,0,0,0,0,0,0,0,0.00,0.00,— (0/0),— (0/0),— (0/0),0,0,0,0,0,0,0
other,0,0,0,0,0,0,0,0,0,0,0,0,0.00,0.00,— (0/0),— (0/0),— (0/0),0,0,0,0,0,0,0
total,2,0,0,2,0,0,1,8,5,1,3,1,1099.90,60.50,66.67 (2/3),100.00 (1/1),50.00 (1/2),2,0,0,0,0,0,0
! Closed complaints whose recovered amount is not stated, counted as 0: 1.
# where a terminal is narrow, a measure's long name is broken
@ 2026-10-12
@ zh
% 56 rollup 6 2026Q3
附件6 2026Q3：2026-07-01 至 2026-09-30
指标             合计   商场 超市    市场 企业 景区 其他
…
  工商部门分        1      1    0       0    0    0    0
  流
…
# a terminal has a row for each measure
@ zh
% 80 rollup 3 2026Q3 --as-of 2026-09-28
附件3 2026Q3：2026-07-01 至 2026-09-28
代码  指标                    合计    商场  超市  市场  企业  景区  其他
────────────────────────────────────────────────────────────────────────
01    接受咨询                   5       5     0     0     0     0     0
02    期初未结                   1       1     0     0     0     0     0
03    受理投诉                   4       3     0     1     0     0     0
04      消费者直接投诉           2       2     0     0     0     0     0
05      工商部门分流             1       1     0     0     0     0     0
06      其他转办                 1       0     0     1     0     0     0
07      商品类                   3       2     0     1     0     0     0
08      服务类                   1       1     0     0     0     0     0
09      其他类                   0       0     0     0     0     0     0
10    办结                       3       2     0     1     0     0     0
11    和解(含当场解决)           1       1     0     0     0     0     0
12    和解不成、已告知申诉       1       0     0     1     0     0     0
13    调解办结                   1       1     0     0     0     0     0
14      调解成功                 1       1     0     0     0     0     0
15    撤回、联系不到及其他       0       0     0     0     0     0     0
16      消费者撤回               0       0     0     0     0     0     0
17    期末未结                   2       2     0     0     0     0     0
18      期末超期未结             1       1     0     0     0     0     0
19    按时办结(含按时报请)       2       2     0     0     0     0     0
20    报请工商所                 1       1     0     0     0     0     0
21    争议金额               99.90   99.90  0.00  0.00  0.00  0.00  0.00
22    挽回经济损失           60.50   60.50  0.00  0.00  0.00  0.00  0.00
23    评价                       2       2     0     0     0     0     0
24    满意(含基本满意)           1       1     0     0     0     0     0
25    举报案件线索               0       0     0     0     0     0     0
26    报告重大事项               0       0     0     0     0     0     0
      和解息诉率             66.67  100.00     —  0.00     —     —     —
      调解成功率            100.00  100.00     —     —     —     —     —
      消费者满意率           50.00   50.00     —     —     —     —     —
      按时办结率             66.67  100.00     —  0.00     —     —     —

代码  指标                    合计    商场  超市  市场  企业  景区  其他
和解息诉率 = (和解+调解成功+消费者撤回)/办结 = 2/3 = 66.67%  目标90%、未达标*、
另有超期未结1件
调解成功率 = 调解成功/调解办结 = 1/1 = 100.00%  目标90%、达标*
消费者满意率 = 满意/评价 = 1/2 = 50.00%  目标98%、未达标*
按时办结率 = 按时办结/办结 = 2/3 = 66.67%
* 样本过小：一件就能决定是否达标
@ 2026-10-12
% 50 rollup 6 2026Q3
附件6 2026Q3：2026-07-01 至 2026-09-30
期初服务点数
  合计: 2  商场: 1  超市: 0  市场: 1  企业: 0
  景区: 0  其他: 0
本期新设
  合计: 0  商场: 0  超市: 0  市场: 0  企业: 0
  景区: 0  其他: 0
…
% 80 rollup 6 2026Q3
附件6 2026Q3：2026-07-01 至 2026-09-30
指标                 合计    商场  超市     市场  企业  景区  其他
──────────────────────────────────────────────────────────────────
期初服务点数            2       1     0        1     0     0     0
本期新设                0       0     0        0     0     0     0
本期撤销                0       0     0        0     0     0     0
期末服务点数            2       1     0        1     0     0     0
省级示范                0       0     0        0     0     0     0
市级示范                0       0     0        0     0     0     0
联络员                  1       1     0        0     0     0     0
接受咨询                8       5     0        3     0     0     0
受理投诉                5       3     0        2     0     0     0
  工商部门分流          1       1     0        0     0     0     0
办结                    3       2     0        1     0     0     0
和解(含当场解决)        1       1     0        0     0     0     0
争议金额          1099.90   99.90  0.00  1000.00  0.00  0.00  0.00
挽回经济损失        60.50   60.50  0.00     0.00  0.00  0.00  0.00
和解息诉率          66.67  100.00     —     0.00     —     —     —
调解成功率         100.00  100.00     —        —     —     —     —
消费者满意率        50.00   50.00     —        —     —     —     —
应报服务点              2       1     0        1     0     0     0
实报服务点              0       0     0        0     0     0     0
走访                    0       0     0        0     0     0     0
会议                    0       0     0        0     0     0     0
培训                    0       0     0        0     0     0     0
抄告                    0       0     0        0     0     0     0
约谈                    0       0     0        0     0     0     0

指标                 合计    商场  超市     市场  企业  景区  其他
和解息诉率 = (和解+调解成功+消费者撤回)/办结 = 2/3 = 66.67%  目标90%、未达标*、
另有超期未结1件
调解成功率 = 调解成功/调解办结 = 1/1 = 100.00%  目标90%、达标*
消费者满意率 = 满意/评价 = 1/2 = 50.00%  目标98%、未达标*
按时办结率 = 按时办结/办结 = 2/3 = 66.67%
* 样本过小：一件就能决定是否达标
# a rate on a terminal names its denominator and what limits it
@ 2026-10-12
% 100 rollup 3 2026Q3 --as-of 2026-09-28
Attachment 3 of 2026Q3: 2026-07-01 to 2026-09-28
code  measure             total    mall  supermarket  market  enterprise  scenic area  other
────────────────────────────────────────────────────────────────────────────────────────────
01    inquiries               5       5            0       0           0            0      0
02    open start              1       1            0       0           0            0      0
03    received                4       3            0       1           0            0      0
04      direct                2       2            0       0           0            0      0
05      referred              1       1            0       0           0            0      0
06      other                 1       0            0       1           0            0      0
07      goods                 3       2            0       1           0            0      0
08      service               1       1            0       0           0            0      0
09      other kind            0       0            0       0           0            0      0
10    closed                  3       2            0       1           0            0      0
11    settled                 1       1            0       0           0            0      0
12    advised                 1       0            0       1           0            0      0
13    mediation closed        1       1            0       0           0            0      0
14      mediated              1       1            0       0           0            0      0
15    closed other            0       0            0       0           0            0      0
16      withdrawn             0       0            0       0           0            0      0
17    open end                2       2            0       0           0            0      0
18      overdue end           1       1            0       0           0            0      0
19    closed on time          2       2            0       0           0            0      0
20    escalated               1       1            0       0           0            0      0
21    disputed            99.90   99.90         0.00    0.00        0.00         0.00   0.00
22    recovered           60.50   60.50         0.00    0.00        0.00         0.00   0.00
23    rated                   2       2            0       0           0            0      0
24    satisfied               1       1            0       0           0            0      0
25    leads                   0       0            0       0           0            0      0
26    major matters           0       0            0       0           0            0      0
      settled rate        66.67  100.00            —    0.00           —            —      —
      mediation success  100.00  100.00            —       —           —            —      —
      satisfaction rate   50.00   50.00            —       —           —            —      —
      on time rate        66.67  100.00            —    0.00           —            —      —

code  measure             total    mall  supermarket  market  enterprise  scenic area  other
settled rate = (settled+mediated+withdrawn)/closed = 2/3 = 66.67% target 90%: missed*, 1 overdue
mediation success = mediated/mediation_closed = 1/1 = 100.00% target 90%: met*
satisfaction rate = satisfied/rated = 1/2 = 50.00% target 98%: missed*
on time rate = closed_on_time/closed = 2/3 = 66.67%
* small sample: one case decides whether the target is met
# that the period is not over is said
@ 2026-10-12
$ export 3 2026Q4
Attachment 3 for 2026Q4 is written: 附件3_2026Q4_东门所.xlsx
! The period is not over: every figure is as of 2026-10-12.
$ export 3 2026Q4 --as-of 2026-10-11 -o 2.xlsx
Attachment 3 for 2026Q4 is written: 2.xlsx
""")
def test_in_words(script: str, lived: Cli) -> None:
    lived.plays(script)


def test_english_takes_no_more_lines_than_chinese(lived: Cli) -> None:
    lived.sql("UPDATE complaint SET disputed = 12345678")
    for form, columns in product("36", (80, 119)):
        line = f"rollup {form} 2026Q3"
        english, chinese = (len(lived.screen(line, columns, lang)) for lang in ("en", "zh"))
        assert english <= chinese, (form, columns)


@for_all(r"""
    scope                     | figures
    2026Q3 --as-of 2026-08-31 | inquiries=5 received=2 closed=3 open_end=0 disputed=99.90 \
        escalated=0
    2026Q3 --as-of 2026-09-08 | open_end=2 overdue_end=0 escalated=1
    2026Q3 --as-of 2026-09-09 | open_end=2 overdue_end=1
    2026Q3 --as-of 2026-09-30 | open_end=3 overdue_end=1 closed=3 disputed=1099.90
    2026Q3 --point 南门       | received=2 closed=1 open_start=0 open_end=1 disputed=1000.00
    2026Q2 | received=1 closed=0 open_start=0 open_end=1 disputed=50.00 recovered=0.00
    2026Q4 --as-of 2026-10-12 | open_start=3 received=0 closed=1 withdrawn=1 open_end=2 inquiries=9
    2026-07                   | received=1 closed=2 inquiries=5
    2026                      | received=6 closed=4 open_end=2 inquiries=17 disputed=1149.90
    2026年报                  | received=6 closed=4 open_end=2
    2025                      | received=0 open_end=0 recovered=0.00
""")
def test_figures_of_a_scope(scope: str, figures: str, lived: Cli) -> None:
    rows = rollup(lived, f"3 {scope}")["rows"]
    assert {*figures.split()} <= {f"{row['key']}={row['total']}" for row in rows}


@table("""
    as_of      | made | lacking
    2026-10-07 | 0    | 未报服务点（2个）：东门商场、南门市场。
    2026-10-08 | 1    | 未报服务点（1个）：南门市场。
               | 2    | 未报服务点：无。
""")
def test_a_return_counts_from_the_day_it_was_received(
    as_of: str, made: str, lacking: str, lived: Cli
) -> None:
    lived.given(
        "returns receive P001 2026Q3 --on 10-08\nreturns receive P002 2026Q3 --on 10-09",
        today=LATER,
    )
    option = f"--as-of {as_of}" if as_of else ""
    for row in (
        rollup(lived, f"6 2026Q3 {option}")["rows"][-1],
        rollup(lived, f"assessment 2026Q3 {option}")[-1],
    ):
        assert (row["returns_due"], row["returns_made"]) == (2, int(made))
    assert len(rollup(lived, f"6 2026Q3 {option} --cases returns_made")) == int(made)
    assert lacking in lived.text(f"export 6 2026Q3 {option}", LATER)


def test_the_values_of_the_cases_add_up_to_the_figure(lived: Cli) -> None:
    scope = "2026 --as-of 2026-09-15"
    figures = {row["key"]: row for row in rollup(lived, f"3 {scope}")["rows"]}
    for row in rollup(lived, f"6 {scope}")["rows"]:
        for key in ATTACHMENT6:
            figures.setdefault(key, {})[row["type"]] = row[key]
    options = {"total": "", "mall": "--type 商场", "market": "--type market"}
    for key in (key for key in figures if not key.endswith("_rate")):
        others = [each for each in ("market", "mall") if float(figures[key][each])]
        for column in ("total", *others[:1]):
            cases = rollup(lived, f"3 {scope} --cases {key} {options[column]}")
            told = sum(float(case["value"]) for case in cases), key, column
            assert told == (float(figures[key][column]), key, column)


@for_all("""
    measure              | cases
    settled              | '2026-0001' 'complaint' 'P001' '2026-06-29' '2026-07-01' 1
    11                   | '2026-0001' 'complaint' 'P001' '2026-06-29' '2026-07-01' 1
    escalated            | '2026-0004' 'complaint' 'P001' '2026-09-01' None 1
    recovered            | '2026-0001' 'complaint' 'P001' '2026-06-29' '2026-07-01' '50.00'
    inquiries            | None 'inquiry' 'P001' '2026-07-01' None 5
    disputed --type 市场 | '2026-0003' 'complaint' 'P002' '2026-08-03' '2026-08-20' '0.00'
    withdrawn            |
""")
def test_the_first_case_of_a_figure(measure: str, cases: str, lived: Cli) -> None:
    found = rollup(lived, f"3 2026Q3 --cases {measure}")
    assert {" ".join(case) for case in found} <= {"number kind point received closed value"}
    assert [" ".join(map(repr, case.values())) for case in found[:1]] == ([cases] if cases else [])


def test_what_is_no_measure_is_answered_with_all_that_are(cli: Cli) -> None:
    cli.plays(r"""
        $ rollup 3 2026Q3 --cases profit
        ! Error: profit is not a measure. The measures: 01 inquiries (接受咨询), 02 open_start \
            (期初未结), … recovered_unstated (未填挽回金额)
        [2]
        $ rollup 6 2026Q3 --cases "mediation success" --type firm
    """)


@table("""
    measure          | kind   | english
    received         | 投诉   | complaint
    inquiries        | 咨询   | inquiry
    leads            | 案件线索 | enforcement lead
    points_end       | 服务点 | point
    liaisons         | 联络员 | liaison
    demo_municipal   | 示范   | demonstration
    settled_rate     | 投诉   | complaint
""")
def test_the_kind_of_a_case_in_words(measure: str, kind: str, english: str, lived: Cli) -> None:
    lived.given(
        "record lead P001 --text 假酒 --on 2026-09-10\n"
        "point amend P001 --demonstration 市级 --on 2026-09-10",
        today=LATER,
    )
    place = 2 if measure.endswith("_rate") else 1
    line = f"rollup 6 2026Q3 --cases {measure}"
    for lang, word in (("zh", kind), ("en", english)):
        lines = lived(line, today=LATER, lang=lang).out.splitlines()
        csv = lived(f"{line} --csv", today=LATER, lang=lang).out.splitlines()
        assert (lines[0].split("\t")[place], csv[1].split(",")[place]) == (word, word)


@table("""
    line                           | file
    导出 6 2026-3季度              | 附件6_2026Q3_东门所.xlsx
    export 3 2026Q3 --point 南门   | 附件3_2026Q3_东门所_P002.xlsx
    export 6 2026年报              | 附件6_2026A_东门所.xlsx
    export 6 2026-09               | 附件6_2026-09_东门所.xlsx
    export 3 2026Q3 -o 报表.xlsx   | 报表.xlsx
""")
def test_export_says_which_file_it_writes(line: str, file: str, lived: Cli) -> None:
    with as_text():
        first = lived(line, today="2026-12-31")
    assert (first.code, first.err) == (0, "") and first.out.endswith(f" is written: {file}\n")
    assert Path(file).exists()


def test_export_says_that_it_replaces_a_file(lived: Cli) -> None:
    """Forms are always Chinese, and equal ledgers give equal bytes."""
    line, file = "export 6 2026Q3", Path("附件6_2026Q3_东门所.xlsx")
    lived.all(line, today="2026-12-31")
    written = file.read_bytes()
    assert lived(line, today="2026-12-31", lang="zh").err.startswith(file.name)
    assert file.read_bytes() == written
