"""`today`: all duties, each kind late and soon due."""

import re
from contextlib import closing
from datetime import date
from sqlite3 import Row

from ledger12315.ledger.calendar import library_calendar
from ledger12315.ledger.duties import RUNNING
from ledger12315.ledger.store.opening import connect
from ledger12315.words import OWED
from tests.building import act
from tests.cli.conftest import TODAY, Cli, clock_of, scenes
from tests.cli.registers import HEAD, take
from tests.rows import cells, for_all, table

_WORDS = dict(
    cells("""
    log        | log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received
    settled    | --outcome settled --closed 9-22
    escalate 1 | complaint escalate 1 --reason 疑难 --on
    escalate 2 | complaint escalate 2 --reason 疑难 --on
    escalate 3 | complaint escalate 3 --reason 疑难 --on
    interview  | record interview P001 --respondent 王记 --promised 退款
    referred   | --source 分流 --referral-no 榕1
    notice     | record notice P001 --respondent 东门商场 --on
    """)
)


def do(cli: Cli, lines: str) -> None:
    """Act as lines say, separated by semicolons, with their words in braces filled in."""
    told = filter(None, map(str.strip, lines.format_map(_WORDS).split(";")))
    with clock_of(TODAY), closing(connect(cli.path, "rw")) as ledger:
        ledger.row_factory = Row
        act(ledger, *told, today=date.fromisoformat(TODAY))


def owed(cli: Cli, kind: str, today: str = TODAY, options: str = "") -> str:
    """Return the duties of one kind, without P002, as `due number point what; ...`."""
    told = []
    for line in cli(f"today {options}", today=today).out.splitlines():
        name, due, number, point, _, person, what = line.split("\t")
        if name == OWED[kind].en and point != "P002":
            parts = due, number, point, what or person
            told.append(" ".join(part or "-" for part in parts))
    return "; ".join(told)


# On 2026-09-28, a Monday; the third working day after it is Thursday, 8 October.
@table(r"""
    done | told
    {log} 9-18; {log} 9-20; {log} 9-23; {log} 9-24; {log} 9-18; close 5 {settled} \
        | late: 2026-09-24 2026-0001 P001 锅 \
        / due: 2026-09-28 2026-0002 P001 锅; 2026-10-08 2026-0003 P001 锅
    {log} 9-21 --promised 10-8; {log} 9-21 --promised today; {log} 9-21 --promised 10-9; \
        {log} 9-21 --promised today; close 4 {settled}; \
        {log} 9-21 --promised today; complaint amend 5 --answered 9-25 \
        | promised: 2026-09-28 2026-0002 P001 锅; 2026-10-08 2026-0001 P001 锅
    {log} 9-16; {escalate 1} 9-21; {log} 9-16; {escalate 2} 9-22; {log} 9-16; {escalate 3} 9-16; \
        complaint amend 3 --accepted 9-17 | acceptance: 2026-10-08 2026-0001 P001 锅
    {log} 7-31; {escalate 1} 8-3; complaint amend 1 --accepted 8-9; \
        {log} 7-31; {escalate 2} 8-3; complaint amend 2 --accepted 8-10 \
        | mediation: 2026-10-08 2026-0001 P001 锅
    {log} 9-21 {referred} --reply-by 10-8; {log} 9-21 {referred} --reply-by 10-8; \
        close 2 {settled}; {log} 9-21 {referred} --reply-by 10-8; \
        complaint amend 3 --replied 9-22 \
        | reply_by: 2026-10-08 2026-0001 P001 锅; 2026-10-08 2026-0002 P001 锅
    settings set clock.tell '5 working days'; {log} 9-21; close 1 {settled} \
        | tell: 2026-09-30 2026-0001 P001 锅
    settings set clock.archive '30 working days'; {log} 9-21; close 1 {settled}; {log} 9-21; \
        close 2 {settled} | archive:
    settings set clock.archive '2 working days'; {log} 9-21; close 1 {settled}; {log} 9-21; \
        close 2 {settled}; {log} 9-21; close 3 --outcome settled --closed 9-24 \
        | archive: 2026-09-24 2026-0001 P001 锅; 2026-09-24 - - and later ones: 1; \
        2026-09-29 - - and later ones: 1
    {interview} --promised-by 10-8; {interview} --promised-by 10-9; {interview}; {interview}; \
        record amend 4 --fulfilled today | undertaking: \
        2026-10-08 - P001 王记: record 1 of 2026-09-28; - - P001 王记: record 3 of 2026-09-28
    {log} 9-21; close 1 {settled} --perform-by 10-8; {log} 9-21; \
        close 2 {settled} --perform-by 10-9; {log} 9-21; \
        close 3 {settled} --perform-by 9-23 --performed 9-23; {log} 9-21 --promised today; \
        complaint amend 4 --perform-by today \
        | perform: 2026-09-28 2026-0004 P001 锅; 2026-10-08 2026-0001 P001 锅
    settings set begins 9-28; {log} 9-21; close 1 {settled}; {log} 9-16; {escalate 2} 9-21 \
        | tell: / acceptance: 2026-10-08 2026-0002 P001 锅
    {log} 9-21; close 1 {settled}; {log} 9-21; close 2 {settled} --answered 9-22; \
        {log} 9-21; close 3 {settled} --told 9-22; \
        {log} 9-21; close 4 --outcome advised --told 9-22; \
        {log} 9-21; close 5 --outcome withdrawn --archive-no 榕1; \
        {log} 9-21; close 6 --outcome unreachable --archive-no 榕2 \
        | tell: - 2026-0001 P001 锅; - 2026-0003 P001 锅 / archive: - 2026-0001 P001 锅; \
        - - - and later ones: 3
    {log} 9-18 --disputed 5000; {log} 9-18 --disputed 4999.99 | propose_major: - 2026-0001 P001 锅
    {log} 9-1; {log} 9-2; {log} 9-3 | propose_notice: - - P001 东门商场: complaints 3
    {log} 9-1; {log} 9-2; {log} 9-3; {notice} 9-3 | propose_notice:
    {log} 6-30; {notice} 7-2; {log} 9-1; {log} 9-2; {log} 9-3 \
        | propose_notice: - - P001 东门商场: complaints 3
    {log} 7-1; {log} 7-2; {notice} 7-2; {log} 9-1; {log} 9-2 | propose_notice:
    settings set begins 6-30 | return: 2026-07-02 - P001 2026Q2; 2026-07-03 - - 2026Q2, {own}
    settings set begins 6-30; returns submit 2026Q2 | return: 2026-07-02 - P001 2026Q2
    point inspect P001 --sign 'no 机构牌匾' --on 9-2 | mend: - - P001 plaque and sign (plaque)
    point inspect P001 --sign no --on 9-2; point inspect P001 --office no --sign yes \
        | mend: - - P001 office
    point inspect P001 --sign yes --on 9-3; point inspect P001 --sign no --on 9-2 | mend:
    point amend P001 --officer '' | officer: - - P001 -
     | visit: 2026-09-30 - P001 - / untrained: 2026-12-31 - P001 林秀珍 / file: / return:
    record training P002 --attended 林秀珍 | untrained:
    point amend P002 --liaison 林秀珍; record training P002 | untrained: 2026-12-31 - P001 林秀珍
    point amend P002 --liaison 林秀珍; record training - --attended 林秀珍 | untrained:
    record visit P001 | visit:
    register 店 --type other --judgement 多 --since 6-30; \
        register 摊 --type other --judgement 多 --since 7-1 | file: - - P004 -
    register 店 --type other --judgement 多 --since 7-1; point amend P003 --filed 9-25 | file:
    point amend P001 --liaison 余芳 --on 9-1 | file: - - P001 -
    point amend P001 --address 东街1号 | file:
    point amend P001 --filed 9-25; point amend P001 --address 东街1号 | file: - - P001 -
    point amend P001 --filed 9-25; point amend P001 --host 甲 | file: - - P001 -
""")
def test_each_kind_is_told_while_it_is_owed(done: str, told: str, cli: Cli) -> None:
    do(cli, done)
    for each in told.format(own="the station's own").split(" / "):
        kind, _, what = each.partition(":")
        assert owed(cli, kind) == what.strip(), kind


def test_a_condition_is_owed_until_it_is_itself_inspected_again(cli: Cli) -> None:
    cli.plays("""
        + point inspect P001 --office no --sign no --on 9-2
        + point inspect P001 --sign yes --on 9-3
        $ today mend
        to be put right |  |  | P001 | 东门商场 |  | office
    """)


@table("""
    within | due
    0      | 1
    1      | 1 2
    2      | 1 2 3
    250    | 1 2 3 4
""")
def test_how_far_it_looks_ahead(within: str, due: str, cli: Cli) -> None:
    returns = owed(cli, "return", "2026-10-01", f"--within {within}")
    assert returns.count("2026-10-08") == 2 * (within != "0")
    do(cli, "{log} 9-20;{log} 9-21;{log} 9-22;{log} 9-28")
    numbers = owed(cli, "due", options=f"--within {within}").split("; ")
    assert " ".join(each.split()[1][-1] for each in numbers) == due


@for_all(r"""
    today      | told
    2026-08-12 |
    2026-09-11 | 2026-09-20 - - worked (National Day); 2026-09-25 - - off until 2026-09-27 \
        (Mid-autumn Festival)
    2026-09-20 | 2026-09-25 - - off until 2026-09-27 (Mid-autumn Festival); 2026-10-01 - - off \
        until 2026-10-07 (National Day)
    2026-09-28 | 2026-10-01 - - off until 2026-10-07 (National Day); 2026-10-10 - - worked \
        (National Day)
    2026-10-05 | 2026-10-06 - - off until 2026-10-07 (National Day); 2026-10-10 - - worked \
        (National Day)
""")
def test_the_calendars_coming_changes(today: str, told: str, cli: Cli) -> None:
    assert owed(cli, "calendar", today) == told


# P002 had no host until 1 September: what names nobody was about itself before, its host after.
@scenes(r"""
# complaints from before a point had a host are its own
+ point amend P002 --host 南门公司 --on 2026-09-01
+ log P002 --complainant 甲 --item 肉 --facts 坏 --kind goods --received 8-03
+ log P002 --complainant 甲 --item 肉 --facts 坏 --kind goods --received 8-04
+ log P002 --complainant 甲 --item 肉 --facts 坏 --kind goods --received 8-05
+ log P002 --complainant 甲 --item 肉 --facts 坏 --kind goods --received 9-01
+ log P002 --complainant 甲 --item 肉 --facts 坏 --kind goods --received 9-02
+ record notice P002 --respondent 南门公司 --on 2026-09-03
$ today
overdue | 2026-08-10 | 2026-0001 | P002 | 南门市场 |  | 肉
overdue | 2026-08-11 | 2026-0002 | P002 | 南门市场 |  | 肉
overdue | 2026-08-12 | 2026-0003 | P002 | 南门市场 |  | 肉
overdue | 2026-09-08 | 2026-0004 | P002 | 南门市场 |  | 肉
overdue | 2026-09-09 | 2026-0005 | P002 | 南门市场 |  | 肉
visit due | 2026-09-30 |  | P001 | 东门商场 |  |
visit due | 2026-09-30 |  | P002 | 南门市场 |  |
calendar | 2026-10-01 |  |  |  |  | off until 2026-10-07 (National Day)
calendar | 2026-10-10 |  |  |  |  | worked (National Day)
untrained liaison | 2026-12-31 |  | P001 | 东门商场 | 林秀珍 |
notice proposed |  |  | P002 | 南门市场 |  | 南门市场: complaints 3
no officer |  |  | P002 | 南门市场 |  |
to be filed |  |  | P002 | 南门市场 |  |
$ rollup respondent 2026Q3
P002 南门市场 | 3 | 60.00 | 0.00 |  |  |  |
P002 南门公司 | 2 | 40.00 | 0.00 |  |  |  |
total | 5 | 100.00 | 0.00 |  |  |  |
! The period is not over: every figure is as of 2026-09-28.
# what supervision owes or proposes
+ record lead P001 --on 9-1 --text 假酒
+ record major P001 --on 9-2 --text 群诉
+ log P001 --complainant 甲 --item 肉 --facts 坏 --kind goods --received 9-21
+ log P001 --complainant 甲 --item 肉 --facts 坏 --kind goods --received 9-22
+ log P001 --complainant 甲 --item 肉 --facts 坏 --kind goods --received 9-23
$ today
falls due | 2026-09-29 | 2026-0001 | P001 | 东门商场 | 陈建平 | 肉
falls due | 2026-09-30 | 2026-0002 | P001 | 东门商场 | 陈建平 | 肉
visit due | 2026-09-30 |  | P001 | 东门商场 |  |
visit due | 2026-09-30 |  | P002 | 南门市场 |  |
calendar | 2026-10-01 |  |  |  |  | off until 2026-10-07 (National Day)
falls due | 2026-10-08 | 2026-0003 | P001 | 东门商场 | 陈建平 | 肉
calendar | 2026-10-10 |  |  |  |  | worked (National Day)
untrained liaison | 2026-12-31 |  | P001 | 东门商场 | 林秀珍 |
lead to report |  |  | P001 | 东门商场 |  | record 1 of 2026-09-01
major matter to report |  |  | P001 | 东门商场 |  | record 2 of 2026-09-02
notice proposed |  |  | P001 | 东门商场 |  | 东门商场: complaints 3
no officer |  |  | P002 | 南门市场 |  |
# the most urgent comes first
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 9-21
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 9-18
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 7-31
+ complaint escalate 2026-3 --reason 疑难 --on 8-1
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 9-21
+ close 2026-4 --outcome settled
$ today
to be accepted | 2026-08-11 | 2026-0003 | P001 | 东门商场 |  | 锅
overdue | 2026-09-24 | 2026-0002 | P001 | 东门商场 | 陈建平 | 锅
falls due | 2026-09-29 | 2026-0001 | P001 | 东门商场 | 陈建平 | 锅
visit due | 2026-09-30 |  | P001 | 东门商场 |  |
visit due | 2026-09-30 |  | P002 | 南门市场 |  |
calendar | 2026-10-01 |  |  |  |  | off until 2026-10-07 (National Day)
calendar | 2026-10-10 |  |  |  |  | worked (National Day)
untrained liaison | 2026-12-31 |  | P001 | 东门商场 | 林秀珍 |
result to report |  | 2026-0004 | P001 | 东门商场 |  | 锅
to be archived |  | 2026-0004 | P001 | 东门商场 |  | 锅
notice proposed |  |  | P001 | 东门商场 |  | 东门商场: complaints 4
no officer |  |  | P002 | 南门市场 |  |
@ zh
% 68 today
超期未结：1
  2026-0002  09-24 超1个工作日  陈建平  P001 东门商场  锅
将到期：1
  2026-0001  09-29 明天  陈建平  P001 东门商场  锅
工商所待受理：1      08-11 逾期  2026-0003  P001 东门商场  锅
结果待反馈：1                    2026-0004  P001 东门商场  锅
待归档：1                        2026-0004  P001 东门商场  锅
本月待走访：2        09-30 周三  ledger12315 待办 本月待走访
建议抄告或约谈：1                P001 东门商场  东门商场：投诉 4 件
本年未培训联络员：1  12-31 周四  林秀珍  P001 东门商场
缺联系人：1                      P002 南门市场
日历变动：2          10-01 周四  ledger12315 待办 日历变动
# names of different widths stand below each other on a terminal
+ register 店 --type other --judgement 多 --since 2026-01-05
+ log P001 --complainant 甲 --item 电饭锅 --facts 坏 --kind goods --received 9-18
+ log P003 --complainant 甲 --item iPhone --facts 坏 --kind goods --received 9-18
% 80 today
overdue: 2
  2026-0001  09-24 days over: 1  陈建平  P001 东门商场  电饭锅
  2026-0002  09-24 days over: 1          P003 店        iPhone
visit due: 3          09-30 Wed  ledger12315 today visit
untrained liaison: 1  12-31 Thu  林秀珍  P001 东门商场
no officer: 2                    ledger12315 today officer
calendar: 2           10-01 Thu  ledger12315 today calendar
% 80 today visit
visit due: 3
  09-30 Wed  P001 东门商场
  09-30 Wed  P002 南门市场
  09-30 Wed  P003 店
  to do: ledger12315 record visit POINT...
# goods that are too long for a line stand on the next one, and name no consumer
+ log P001 --complainant 司马相如 --item 司马相如的三文鱼刺身拼盘豪华大份家庭装 --facts 坏 --kind goods --received 9-18
% 80 today late
overdue: 1
  2026-0001  09-24 days over: 1  陈建平
    P001 东门商场  司马**的三文鱼刺身拼盘豪华大份家庭装
  to do: ledger12315 close NUMBER --outcome OUTCOME
$ overdue
2026-0001 | P001 | 东门商场 | 2026-09-18 | 2026-09-24 | 1 | no | 司马**的三文鱼刺身拼盘豪华大份家庭装 | 陈建平
$ today late --json
[{… "what": "司马**的三文鱼刺身拼盘豪华大份家庭装", …}]
+ point amend P001 --name 榕溪县东门街道商贸综合批发市场
% 80 overdue
                                               days
number    point name                due        over item                 officer
…
2026-0001 P001  榕溪县东门街道商贸  2026-09-24    1 司马**的三文鱼刺身拼 陈建平
                综合批发市场                        盘豪华大份家庭装
# what is late stands first, whoever's clock it is, and is marked
@ 2026-10-10
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 7-31
+ complaint escalate 1 --reason 疑难 --on 8-10
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 9-29
+ close 2 --outcome settled --closed 9-29 --answered 9-29 --archive-no 榕1 --perform-by 2026-10-08
@ zh
% 80 today
工商所待受理：1      08-19 逾期  2026-0001  P001 东门商场  锅
协议待履行：1        10-08 逾期  2026-0002  P001 东门商场  锅
应报报表：3          逾期 3      ledger12315 待办 应报报表
…
# one kind is told whole
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 9-21
+ log P001 --complainant 甲 --item 盆 --facts 坏 --kind goods --received 9-22
+ close 1 2 --outcome settled
$ today archive
to be archived |  | 2026-0001 | P001 | 东门商场 |  | 锅
to be archived |  | 2026-0002 | P001 | 东门商场 |  | 盆
$ 待办 待归档 --json
[{"kind": "archive", "due": null, "number": "2026-0001", "point": "P001", "point_name": \
    "东门商场", "person": null, "what": "锅", "many": 1, "provisional": false}, {"kind": "archive", \
    "due": null, "number": "2026-0002", …}]
$ today nothing
! Error: kind: nothing is not one of: overdue | falls due | …
[2]
# when all is done nothing is owed
@ 2026-08-12
+ record visit P001 --on 2026-08-03
+ record visit P002 --on 2026-08-03
+ record training P001 --on 2026-08-03
+ point amend P002 --officer '陈建平 13900000202' --on 2026-08-03
+ point amend P002 --filed 2026-08-03
$ today --exit-code
! There is nothing to do.
@ zh
$ 待办 --json
[]
! 没有待办事项。
""")
def test_in_words(script: str, cli: Cli) -> None:
    cli.plays(script)


# A record of each kind whose sentence differs between the languages.
def test_json_is_the_same_in_every_language(cli: Cli) -> None:
    do(
        cli,
        "settings set begins 6-30;{log} 9-1;{log} 9-2;{log} 6-30;{log} 9-3;"
        "record lead P001 --on 9-1 --text 假酒",
    )
    english, chinese = (cli("today --json", lang=lang).json for lang in ("en", "zh"))
    assert english == chinese
    told = {(row["kind"], row["due"], row["what"]) for row in english if row["point"] is None}
    assert told == {
        ("return", "2026-07-03", "2026Q2"),
        ("calendar", "2026-10-01", "off"),
        ("calendar", "2026-10-10", "worked"),
    }
    named = {row["kind"]: row["what"] for row in english}
    assert (named["lead"], named["propose_notice"]) == ("1", "东门商场")


def test_a_notice_that_should_be_known_by_now_is_asked_for(cli: Cli) -> None:
    year = library_calendar().announced[-1]
    asked = f"load the notice for {year + 1}: ledger12315 calendar load"
    assert asked not in cli("today", today=f"{year}-11-30").out
    assert asked in cli("today", today=f"{year}-12-01").out
    assert "load the notice" not in cli("today", today=f"{year - 1}-12-01").out


def test_of_very_many_the_oldest_are_told_and_how_many_more_there_are(cli: Cli) -> None:
    rows = (f"{day} | 2026-09-{day} | 张三 | 锅 | 和解 | 2026-09-28" for day in range(1, 23))
    take(cli, "\n".join([f"{HEAD} | 处理结果 | 办结日期", *rows]))
    told = [each.split(" ", 3) for each in owed(cli, "tell").split("; ")]
    numbers = [number for _, number, _, _ in told]
    assert numbers == [*(f"2026-{number:04}" for number in range(1, 21)), "-"]
    assert told[-1][3] == "and later ones: 2"
    first = "- 2026-0001 P001 锅"
    assert owed(cli, "archive") == f"{first}; - - - and later ones: 21"


_ALL_DONE = """
    record visit P001 --on 2026-08-03
    record visit P002 --on 2026-08-03
    record training P001 --on 2026-08-03
    point amend P002 --officer '陈建平 13900000202' --on 2026-08-03
    point amend P002 --filed 2026-08-03
"""


@table("""
    done                                                            | code
    log P001 {boxes} 2026-08-11                                     | 0
    log P001 {boxes} 2026-08-05                                     | 1
    log P001 {boxes} 2026-08-04                                     | 1
    log P001 {boxes} 2026-08-10 --promised 2026-08-13               | 0
    log P001 {boxes} 2026-08-10 --promised 2026-08-12               | 1
""")
def test_the_exit_code_tells_of_what_is_late_or_due_today(done: str, code: str, cli: Cli) -> None:
    today = "2026-08-12"
    boxes = "--complainant 张三 --item 锅 --facts 坏 --kind goods --received"
    cli.given(_ALL_DONE, today=today)
    cli.all(done.format(boxes=boxes), today=today)
    assert str(cli("today --exit-code", today=today).code) == code
    assert cli("today", today=today).code == 0


def test_on_a_terminal_all_fits_on_one_screen_with_what_lists_the_rest(cli: Cli) -> None:
    goods = "司马相如的三文鱼刺身拼盘豪华大份家庭装"
    rows = (f"{number} | 2026-06-22 | 张三 | {goods}" for number in range(30))
    take(cli, "\n".join([HEAD, *rows, "30 | 2026-12-25 | 张三 | 锅"]), today="2026-12-29")
    seen = cli.screen("today", columns=72, today="2026-12-29")
    late = "  2026-000{}  2026-06-29 days over: 127  陈建平\n    P001 东门商场  {}\n"
    cases = "".join(late.format(number, goods) for number in range(1, 7))
    told = f"""\
overdue: 30           2026-06-29 late  ledger12315 today late
{cases}falls due: 1
  2026-0031  01-04 Mon  陈建平  P001 东门商场  锅  provisional
return due: 4         late 4           ledger12315 today return
visit due: 2          12-31 Thu        ledger12315 today visit
untrained liaison: 1  12-31 Thu        林秀珍  P001 东门商场
no officer: 1                          P002 南门市场
calendar: 2           01-01 Fri        ledger12315 today calendar"""
    assert "\n".join(seen) == told


@for_all("kind", RUNNING)
def test_what_is_owed_is_read_from_an_index_of_it(kind: str, cli: Cli) -> None:
    where = RUNNING[kind].owed.replace(":last", "'2026-09-28'")
    plan = cli.sql(f"EXPLAIN QUERY PLAN SELECT count(*) FROM complaint WHERE {where}")
    own = {"tell": "untold", "archive": "unarchived", "perform": "unperformed"}
    index = (own | {"reply_by": "unanswered"}).get(kind, "open")
    assert plan[0][3].partition(" (")[0].endswith(f"USING INDEX complaint_{index}")


@scenes(r"""
# due days of a year without a notice are provisional, as in `overdue`
@ 2026-12-28
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-12-25
$ overdue --within 5
2026-0001 | P001 | 东门商场 | 2026-12-25 | 2027-01-04 | 0 | yes | 锅 | 陈建平
! Some due dates are provisional: the holiday notice they depend on is not known.
$ today due --within 5
falls due | 2027-01-04 | 2026-0001 | P001 | 东门商场 | 陈建平 | 锅
! Some due dates are provisional: the holiday notice they depend on is not known.
% 80 today due --within 5
falls due: 1
  2026-0001  01-04 Mon  陈建平  P001 东门商场  锅  provisional
  to do: ledger12315 close NUMBER --outcome OUTCOME
$ today due --within 5 --json
[{… "due": "2027-01-04", … "provisional": true}]
! Some due dates are provisional: the holiday notice they depend on is not known.
# but for those that somebody said
@ 2026-12-28
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --promised 2027-01-04
$ today promised --within 5 --json
[{… "due": "2027-01-04", … "provisional": false}]
""")
def test_a_day_that_a_notice_may_move_says_so(script: str, cli: Cli) -> None:
    cli.plays(script)


def test_colour_says_again_what_the_words_say(cli: Cli) -> None:
    cli.set.delenv("NO_COLOR", raising=False)
    for day in ("9-18", "9-21", "9-23"):
        cli.log(f"--received {day}")

    def colours(line: str) -> list[tuple[str, str]]:
        seen = cli.talk(line, term="xterm", columns=100)[1]
        return re.findall("\x1b\\[(3[0-9])m *([^\x1b]+)\x1b", seen)

    late, soon = ("31", "09-24 days over: 1"), ("33", "09-29 tomorrow")
    assert colours("today") == [("31", "overdue: 1"), late, ("33", "falls due: 2"), soon]
    over = [("31", "2026-09-24"), ("31", "1"), ("33", "2026-09-29"), ("33", "0")]
    assert colours("overdue --within 3") == over
    cli.set.setenv("NO_COLOR", "1")
    assert colours("today") == colours("overdue") == []
