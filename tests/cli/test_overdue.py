"""`overdue` and `explain`: late complaints on a day, how late, and why."""

import pytest

from tests.cli.conftest import Cli, scenes
from tests.rows import for_all

_LOG = "log --complainant 张三 --item 锅 --facts 坏 --kind goods --received"
# Due on 24, 23, 28, 29 September, 10 October, then two due on the 24th that ended on the 25th.
BUSY = f"""
    {_LOG} 2026-09-18 P001
    {_LOG} 2026-09-17 P001
    {_LOG} 2026-09-20 P001
    {_LOG} 2026-09-21 P001
    {_LOG} 2026-09-28 P001
    {_LOG} 2026-09-18 P002
    {_LOG} 2026-09-18 P002
    close 2026-6 --outcome settled --closed 2026-09-25
    complaint escalate 2026-7 --reason 商家不到场 --on 2026-09-25
"""


@pytest.fixture
def busy(cli: Cli) -> Cli:
    cli.given(BUSY)
    return cli


def listed(cli: Cli, options: str, **how: str) -> str:
    """Return serial:working days over, of each line."""
    rows = [line.split("\t") for line in cli(f"overdue {options}", **how).out.splitlines()]
    return " ".join(f"{int(row[0][5:])}:{row[5]}" for row in rows)


@for_all("""
    options                                     | lines
                                                | 2:2 1:1
    --within 0                                  | 2:2 1:1 3:0
    --within 1                                  | 2:2 1:1 3:0 4:0
    --within 4                                  | 2:2 1:1 3:0 4:0
    --within 5                                  | 2:2 1:1 3:0 4:0 5:0
    --as-of yesterday                           | 2:1 1:0
    --as-of 9-27                                | 2:1 1:0
    --as-of 2026-09-23                          |
    --as-of 2026-09-24                          | 2:1
    --as-of 2026-09-24 --within 0               | 2:1 1:0 6:0 7:0
    --as-of 2026-09-25 --within 1               | 2:1 1:0 3:0
    --as-of 2026-09-17 --within 5               | 2:0
    --as-of 2026-10-10                          | 2:7 1:6 3:5 4:4
    --as-of 2026-10-11                          | 2:7 1:6 3:5 4:4 5:0
    --as-of 2026-10-12                          | 2:8 1:7 3:6 4:5 5:1
    --point 东门                                | 2:2 1:1
    --point P002                                |
    --point P002 --as-of 2026-09-24 --within 0  | 6:0 7:0
""")
def test_what_is_overdue_earliest_due_first(options: str, lines: str, busy: Cli) -> None:
    assert listed(busy, options) == lines


def test_a_day_is_the_same_ahead_and_behind(busy: Cli) -> None:
    ahead = listed(busy, "--as-of 2026-10-12")
    assert ahead == listed(busy, "", today="2026-10-12")
    assert ahead == listed(busy, "--as-of -1d", today="2026-10-13")


@scenes(r"""
# void complaints are never overdue
+ complaint void 2026-2 --reason 重复
$ overdue
2026-0001 | P001 | 东门商场 | 2026-09-18 | 2026-09-24 | 1 | no | 锅 | 陈建平
# a retired point's complaints stay with its last officer
+ point amend P002 --officer 王五 --on 2026-09-01
+ log P002 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 9-1
+ point retire P002 --on 2026-09-28
$ overdue --point P002
2026-0008 | P002 | 南门市场 | 2026-09-01 | 2026-09-08 | 14 | no | 锅 | 王五
# silent where there is nothing, else a line each
$ overdue --as-of 2026-09-23 --exit-code
$ overdue --as-of 2026-09-23
$ overdue --as-of 2026-09-23 --json --exit-code
[]
$ overdue --as-of 2026-09-24
2026-0002 | P001 | 东门商场 | 2026-09-17 | 2026-09-23 | 1 | no | 锅 | 陈建平
$ overdue --as-of 2026-09-24 --exit-code
2026-0002 | P001 | 东门商场 | 2026-09-17 | 2026-09-23 | 1 | no | 锅 | 陈建平
[1]
# nothing is listed on a day off, and a script reads that
@ 2026-10-05
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 9-1
$ overdue --working-days
$ overdue --working-days --json
[]
$ today --working-days
$ today --working-days --json
[]
# JSON
$ 超期 --as-of 2026-09-24 --json
[{"number": "2026-0002", "point": "P001", "point_name": "东门商场", "received": "2026-09-17", "due": \
    "2026-09-23", "working_days_over": 1, "provisional": false, "item": "锅", "officer": "陈建平"}]
$ overdue --point P002 --as-of 2026-09-24 --within 0 --json
[{"number": "2026-0006", "point": "P002", "point_name": "南门市场", "received": "2026-09-18", "due": \
    "2026-09-24", "working_days_over": 0, "provisional": false, "item": "锅", "officer": null}, \
    {"number": "2026-0007", "point": "P002", "point_name": "南门市场", "received": "2026-09-18", \
    "due": "2026-09-24", "working_days_over": 0, "provisional": false, "item": "锅", "officer": \
    null}]
# on a terminal, where numbers stand right and long texts are broken
+ log P002 --complainant 张三 --item 三文鱼刺身拼盘豪华大份家庭装 --facts 坏 --kind goods --received 9-1
% 80 overdue
                                    days
number    point name     due        over item                         officer
─────────────────────────────────────────────────────────────────────────────
2026-0008 P002  南门市场 2026-09-08   14 三文鱼刺身拼盘豪华大份家庭装
2026-0002 P001  东门商场 2026-09-23    2 锅                           陈建平
2026-0001 P001  东门商场 2026-09-24    1 锅                           陈建平
@ zh
% 80 overdue
编号      服务点 服务点名称 应办结     超期工作日 商品/服务               联系人
────────────────────────────────────────────────────────────────────────────────
2026-0008 P002   南门市场   2026-09-08         14 三文鱼刺身拼盘豪华大份
                                                  家庭装
2026-0002 P001   东门商场   2026-09-23          2 锅                      陈建平
2026-0001 P001   东门商场   2026-09-24          1 锅                      陈建平
% 66 overdue --point P001
编号      服务点 服务点名称 应办结     超期工作日 商品/服务 联系人
──────────────────────────────────────────────────────────────────
2026-0002 P001   东门商场   2026-09-23          2 锅        陈建平
2026-0001 P001   东门商场   2026-09-24          1 锅        陈建平
% 60 overdue --point P001
2026-0002
  服务点: P001  服务点名称: 东门商场  应办结: 2026-09-23
  超期工作日: 2  商品/服务: 锅  联系人: 陈建平
2026-0001
  服务点: P001  服务点名称: 东门商场  应办结: 2026-09-24
  超期工作日: 1  商品/服务: 锅  联系人: 陈建平
% 28 超期
2026-0008
  服务点: P002
  服务点名称: 南门市场
  应办结: 2026-09-08
  超期工作日: 14
  商品/服务: 三文鱼刺身拼盘
  豪华大份家庭装
…
# explain
$ explain 2026-1
2026-0001 received 2026-09-18, due 2026-09-24 Thu:
2026-09-18 Fri |  | day of receipt, not counted | the week | no
2026-09-19 Sat |  | weekend | the week | no
2026-09-20 Sun | 1 | make-up working day (National Day) | State Council notice 2026 | no
2026-09-21 Mon | 2 | working day | the week | no
2026-09-22 Tue | 3 | working day | the week | no
2026-09-23 Wed | 4 | working day | the week | no
2026-09-24 Thu | 5 | working day | the week | no
the point's limit: 5 working days after 2026-09-18, until 2026-09-24 Thu; over, and not \
    ended. Basis: 三(三)4.
@ zh
$ 说明 2026-3
2026-0003 2026-09-20 受理，最迟于 2026-09-28 周一 办结：
2026-09-20 周日 |  | 受理当日，不计 | 国务院办公厅2026年节假日安排通知 | 否
2026-09-21 周一 | 1 | 工作日 | 按星期 | 否
2026-09-22 周二 | 2 | 工作日 | 按星期 | 否
2026-09-23 周三 | 3 | 工作日 | 按星期 | 否
2026-09-24 周四 | 4 | 工作日 | 按星期 | 否
2026-09-25 周五 |  | 放假（中秋） | 国务院办公厅2026年节假日安排通知 | 否
2026-09-26 周六 |  | 放假（中秋） | 国务院办公厅2026年节假日安排通知 | 否
2026-09-27 周日 |  | 放假（中秋） | 国务院办公厅2026年节假日安排通知 | 否
2026-09-28 周一 | 5 | 工作日 | 按星期 | 否
服务点办结期限：2026-09-20 后5个工作日，至 2026-09-28 周一，进行中。依据：三(三)4。
% 72 explain 2026-1
2026-0001 2026-09-18 受理，最迟于 2026-09-24 周四 办结：
日期            计入 原因               依据
────────────────────────────────────────────────────────────────────────
2026-09-18 周五      受理当日，不计     按星期
2026-09-19 周六      周末               按星期
2026-09-20 周日 1    调休上班（国庆节） 国务院办公厅2026年节假日安排通知
2026-09-21 周一 2    工作日             按星期
2026-09-22 周二 3    工作日             按星期
2026-09-23 周三 4    工作日             按星期
2026-09-24 周四 5    工作日             按星期
服务点办结期限：2026-09-18 后5个工作日，至 2026-09-24 周四，已超期，尚未
办。依据：三(三)4。
$ explain 2026-9
! 错误：没有投诉“2026-0009”。可按电话、姓名或商品查找：ledger12315 查找 内容
[3]
# explain as JSON
$ explain 2026-4 --json
{"number": "2026-0004", "received": "2026-09-21", "due": "2026-09-29", "provisional": false, \
    "days": [{"date": "2026-09-21", "counted": false, "why": "receipt", "source": "week", \
    "provisional": false, "holiday": null, "notice": null}, {"date": "2026-09-22", "counted": \
    true, "why": "workday", "source": "week", "provisional": false, "holiday": null, "notice": \
    null}, …, {"date": "2026-09-25", "counted": false, "why": "holiday", "source": "notice", \
    "provisional": false, "holiday": "中秋", "notice": 2026}, …]}
""")
def test_what_is_late_and_why(script: str, busy: Cli) -> None:
    busy.plays(script)
