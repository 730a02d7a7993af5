"""A complaint's whole life: the acts of each state, and the timeline in `show`."""

from tests.cli.conftest import Cli, scenes
from tests.rows import table

_LOG = (
    "log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods --received 2026-09-21"
)


@scenes(r"""
# open
$ complaint reopen 2026-1 --reason 错
! Error: 2026-0001 has been open since 2026-09-21; possible now: amend, escalate, close, void.
[3]
# escalated
+ complaint escalate 2026-1 --reason 疑难 --on 2026-09-22
$ complaint escalate 2026-1 --reason 疑难 --on 2026-09-22
! Error: 2026-0001 was escalated on 2026-09-22; possible now: amend, close, reopen, void.
[3]
# closed
+ close 2026-1 --outcome settled --closed 2026-09-24
$ close 2026-1 --outcome settled --closed 2026-09-24
! Error: 2026-0001 was closed on 2026-09-24; possible now: amend, reopen, void.
[3]
$ complaint escalate 2026-1 --reason 疑难 --on 2026-09-22
! Error: 2026-0001 was closed on 2026-09-24; possible now: amend, reopen, void.
[3]
@ zh
$ close 2026-1 --outcome settled --closed 2026-09-24
! 错误：2026-0001 已于 2026-09-24 办结；现在可做的操作：更正、重开、作废。
[3]
# void
+ complaint void 2026-1 --reason 重复
$ complaint amend 2026-1 --brand 炊禾
! Error: 2026-0001 is void since 2026-09-28; possible now: reopen.
[3]
$ complaint void 2026-1 --reason 重复
! Error: 2026-0001 is void since 2026-09-28; possible now: reopen.
[3]
@ zh
$ complaint reopen 2026-1 --reason 错
2026-0001 不再作废，重新计入；作废的经过留在历史里。
# a promise later than the due date is said whenever it is given
$ complaint amend 2026-1 --promised 2026-10-08
2026-0001 is amended: promised.
! The promised answer, 2026-10-08, is later than the due date, which stays 2026-09-29.
$ complaint amend 2026-1 --promised 2026-09-29
2026-0001 is amended: promised.
$ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --promised 2026-10-11
2026-0002 is due by 2026-10-10 Sat; working days left: 5
! Not stated, so recorded: source as direct, channel as visit, problem as other.
! The promised answer, 2026-10-11, is later than the due date, which stays 2026-10-10.
""")
def test_what_is_possible_now_is_said(script: str, cli: Cli) -> None:
    cli.given(_LOG)
    cli.plays(script)


LIFE = f"""
    {_LOG} --source referred --referral-no 榕消3 --referred 2026-09-19 --promised 2026-09-29
    complaint escalate 2026-1 --reason 疑难 --on 2026-09-22
    close 2026-1 --outcome advised --told 2026-09-24 --closed 2026-09-25 --approved 2026-09-23 \
        --perform-by 2026-10-10
    complaint amend 2026-1 --performed 2026-09-26 --answered 2026-09-28 --archive-no 榕1
    complaint void 2026-1 --reason 重复
"""


# 25 to 27 September are off, 1 to 7 October too; 10 October is a make-up Saturday.
@scenes(r"""
# the timeline tells every event with its day and working days
@ zh
$ complaint show 2026-1
编号 | 2026-0001
服务点 | P001
应办结 | 2026-09-29
暂定 | 否
状态 | 作废
服务点名称 | 东门商场
经营者类型 | 商场
受理日期 | 2026-09-21
来源 | 工商部门分流
分流单号 | 榕消3
分流日期 | 2026-09-19
受理方式 | 来人
投诉人 | 张*
涉及人数 | 1
商品/服务名称 | 电饭锅
性质 | 商品类
问题类别 | 其他
投诉事实 | 不加热
约定答复时间 | 2026-09-29
领导审核 | 2026-09-23
约定履行期限 | 2026-10-10
履行日期 | 2026-09-26
经办人 | 林秀珍
告知日期 | 2026-09-24
反馈日期 | 2026-09-28
处理结果 | 和解不成、已告知申诉
办结日期 | 2026-09-25
归档号 | 榕1
报请日期 | 2026-09-22
报请理由 | 疑难
作废日期 | 2026-09-28
作废理由 | 重复
2026-09-19 周六 | 工商部门分流 |  |
2026-09-21 周一 | 受理 | 0 |
2026-09-22 周二 | 报请工商所 | 1 |
2026-09-23 周三 | 领导审核 | 2 |
2026-09-24 周四 | 告知申诉渠道 | 3 |
2026-09-25 周五 | 办结 | 3 | 和解不成、已告知申诉
2026-09-26 周六 | 协议履行 | 3 |
2026-09-28 周一 | 反馈结果 | 4 |
2026-09-28 周一 | 作废 | 4 |
2026-09-29 周二 | 约定答复 | 5 |
2026-09-29 周二 | 应办结 | 5 |
2026-10-09 周五 | 工商所受理期限 | 8 |
2026-10-10 周六 | 约定履行期限 | 9 |
 | 归档 |  | 榕1
# the timeline in JSON
$ complaint show 2026-1 --json
{"number": "2026-0001", … "timeline": [{"date": \
    "2026-09-19", "event": "referred", "working_days": null}, {"date": "2026-09-21", "event": \
    "received", "working_days": 0}, {"date": "2026-09-22", "event": "escalated", "working_days": \
    1}, {"date": "2026-09-23", "event": "approved", "working_days": 2}, {"date": "2026-09-24", \
    "event": "told", "working_days": 3}, {"date": "2026-09-25", "event": "closed", \
    "working_days": 3}, {"date": "2026-09-26", "event": "performed", "working_days": 3}, {"date": \
    "2026-09-28", "event": "answered", "working_days": 4}, {"date": "2026-09-28", "event": \
    "voided", "working_days": 4}, {"date": "2026-09-29", "event": "promised", "working_days": 5}, \
    {"date": "2026-09-29", "event": "due", "working_days": 5}, {"date": "2026-10-09", "event": \
    "acceptance", "working_days": 8}, {"date": "2026-10-10", "event": "perform_by", \
    "working_days": 9}, {"date": null, "event": "archived", "working_days": null}]}
# on a terminal
@ zh
% 80 complaint show 2026-1
2026-0001  P001 东门商场 商场
作废
受理       受理日期       2026-09-21
           来源           工商部门分流
           分流单号       榕消3
           分流日期       2026-09-19
           受理方式       来人
投诉人     投诉人         张*
           涉及人数       1
商品/服务  商品/服务名称  电饭锅
           性质           商品类
投诉内容   问题类别       其他
           投诉事实       不加热
           约定答复时间   2026-09-29
办理       领导审核       2026-09-23
           约定履行期限   2026-10-10
           履行日期       2026-09-26
           经办人         林秀珍
           告知日期       2026-09-24
           反馈日期       2026-09-28
结果       处理结果       和解不成、已告知申诉
           办结日期       2026-09-25
           归档号         榕1
变动       报请日期       2026-09-22
           报请理由       疑难
           作废日期       2026-09-28
           作废理由       重复
日期             经过            工作日  说明
2026-09-19 周六  工商部门分流
2026-09-21 周一  受理            0
2026-09-22 周二  报请工商所      1
2026-09-23 周三  领导审核        2
2026-09-24 周四  告知申诉渠道    3
2026-09-25 周五  办结            3       和解不成、已告知申诉
2026-09-26 周六  协议履行        3
2026-09-28 周一  反馈结果        4
2026-09-28 周一  作废            4
2026-09-29 周二  约定答复        5
2026-09-29 周二  应办结          5
2026-10-09 周五  工商所受理期限  8
2026-10-10 周六  约定履行期限    9
                 归档                    榕1
""")
def test_a_life(script: str, cli: Cli) -> None:
    cli.given(LIFE)
    cli.plays(script)


# 20 September is a make-up Sunday.
@table("""
    done                                               | state
                                                       | open, {due}, overdue by 3 working days
    complaint escalate 1 --reason 疑难 --on 9-22       | escalated, on time, {due}
    complaint escalate 1 --reason 疑难 --on 9-23       | escalated, {due}, overdue by 1 working days
    close 1 --outcome settled --closed 9-22            | closed, on time, {due}
    close 1 --outcome settled --closed 9-24            | closed, {due}, overdue by 2 working days
    complaint void 1 --reason 重复                     | void
""")
def test_on_top_stands_what_came_of_the_due_day(done: str, state: str, cli: Cli) -> None:
    cli.log("--received 2026-09-16")
    cli.all(done)
    seen = cli.screen("complaint show 1")[:2]
    assert seen == ["2026-0001  P001 东门商场 mall", state.format(due="due 2026-09-22 Tue")]
