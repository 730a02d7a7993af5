"""Conversations at a terminal: missing boxes are asked for, and bad answers asked again."""

import os
import re

import pytest
from prompt_toolkit.data_structures import Size

from ledger12315.cli.asking.menu import matching_offers
from ledger12315.cli.face.editor import _height_of_question
from ledger12315.cli.face.prompts import Offer
from ledger12315.cli.face.terminals import on_screen
from tests.cli.conftest import Cli, scenes
from tests.rows import for_all, joined, table
from tests.served import served
from tests.terminal import start, until


@pytest.mark.slow
@table(r"""
    term | turns
    xterm | phone:a\n;again:\x15\n;0 other:1\n;8 other:\n;purchase:\n;facts:坏\n;7 other:\n; \
        Write:y\n
    dumb | phone:a\n;phone:\n;problem:1\n;request:\n;purchase:\n;facts:坏\n;outcome:\n;Write:y\n
""")
def test_a_real_terminal(term: str, turns: str, cli: Cli) -> None:
    person, terminal = os.openpty()
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), terminal)
    line = "log P001 --received today --source 直接 --channel 来人 --complainant 张三 --item 锅"
    arguments = ["--db", str(cli.path), *line.split(), "--category", "食品"]
    env = {"TERM": term, "PROMPT_TOOLKIT_NO_CPR": "1"}
    with start(arguments, env=env, program=served(), **streams) as process:
        os.close(terminal)
        try:
            for turn in turns.split(";"):
                awaited, answer = turn.strip().replace("again", "it has no digits").split(":")
                until(person, awaited)
                os.write(person, answer.encode().decode("unicode_escape").encode("latin-1"))
            seen = until(person)
        finally:
            os.close(person)  # whoever still waits for an answer is told that there is none
    assert process.returncode == 0 and "2026-0001 is due by 2026-10-10 Sat" in seen


@scenes(r"""
# a new complaint, its point found by a part of its name
$ log
received >
point: > 东门
source > 1
channel > 1
complainant > 张
phone >
item: > 锅
category > 3
problem > 1
request >
purchase > 5
facts > 坏
out >
Write it > y
no more >
= 2026-0001 is due by
# the same in Chinese, in the words of the forms
@ zh
$ 受理
受理日期 >
服务点 > P001
来源 > 直接
方式 > 来人
投诉人 > 张三
联系电话 > 13900001111
名称 > 锅
类别 > 食品
问题 > 质量
请求 > 退货
消费金额（元） >
事实 > 坏
结果 >
写入 > 是
投诉人 >
= 2026-0001 最迟于
# what is wrong is asked again at its place
$ log --complainant 张 --item 锅 --facts 坏
received >
point: > 西门
no > P001
source > 1
channel > 2
phone > a
it has no digits > 1a
is it right? > n
phone >
category > 99
not one of these > 1
problem > 1
request >
purchase >
outcome >
Write it >
Write it > y
= 2026-0001 is due by
# what no point or option gave
$ log P001 --item 锅 --facts 坏 --kind goods
received >
source > 1
channel > 1
complainant: >
needed > 张三
phone >
problem > 1
request >
purchase >
outcome >
Write it > y
= 2026-0001 is due by
# where there is a ledger already none is made
$ init
= exists already
[3]
# without one nothing is asked
$ --db none.sqlite settings set
= There is no ledger
[4]
# a new point
$ register 新店
type: > 1
area (m²) > 200
capital (yuan) > 50万
turnover (yuan) > 100万
liaison (name and phone) >
officer > 陈
since [2026-09-28 Mon] > -
since: an answer is needed; ? explains it. >
Write it > 97
97 is not one of these answers. > -
- is not one of these answers. > y
= P003 新店 is registered: meets
# the reason for a point of another kind, in Chinese
@ zh
$ register
名称 > 新店
类型 > 其他
认定理由 > 纠纷多
联络员（姓名 电话） >
联系人 >
设立日期 > 2026-1-5
写入 > y
= P003 新店 已设点
# a name that another point has is asked for once more
$ register
name: > 东门商场
type: > 其他
judgement: > 多
liaison >
officer >
since >
Register it anyway? > n
name [东门商场] > 东门商城
东门商城 > y
= P003 东门商城 is registered
# what would be below the plan's rule is changed before it is written
$ register 新店 --type 商场
area > 100
capital >
turnover >
liaison >
officer >
since >
Write it > y
area is 100.00 m² >
Write it > 3
area > 300
Write it > n
= written
[130]
# a month that may be a quarter, on the command line and at a question; elsewhere it is refused
$ rollup 3 2025-3
2025-3 is either the month 2025-03 or the quarter 2025Q3: write which. >
an answer is needed > abc
abc is not a period > 2026-3
1 2026-03  2 2026Q3 > 2
= settled rate
$ record list 2026-3
2 2026Q3 > 1
= Nothing is found
$ complaint list --period 2026-3
2 2026Q3 > ^D
= Left; nothing was
[130]
# where there is none to close, or to change
$ close
= No complaint is open.
[3]
$ complaint reopen
= There is no complaint to choose from.
[3]
# a number that nobody has
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods
$ close
number: > 2026-2
There is no complaint 2026-0002 > ^D
= Left; nothing was
[130]
# an inquiry, counted
$ record inquiry
point: > P002
count [1] > 6
text > 退货
2026-09-28 Mon > y
= Recorded for 南门市场
# a visit that was recorded already
+ record visit P002 --text 例行走访
$ record visit
point > 2
text > 例行走访
raised >
result >
Is it the same as record 1? Same point, day and text. > n
text > 例行走访
Is it the same as record 1? > y
Write it > y
= Recorded for 南门市场
# a training of the whole station
$ record training
point (Enter: all) >
text > 新法
attended >
Write it > y
= Recorded for all points
# a training that is not written after all
$ record training
point >
text >
attended >
Write it > n
= Left; nothing was written.
[130]
# an enforcement lead
$ record lead
point: > P001
text > 假酒
agency >
Write it > y
= Recorded for 东门商场
# closed by the telling
+ log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods
$ close 2026-1
outcome: > advised
told [2026-09-28 Mon] >
recovered >
rating >
closed: 2026-09-28 > n
= written
[130]
# what may be the same is asked about, and then as ever
+ log P001 --complainant 张三 --item 电饭锅 --facts 坏 --kind goods
$ log
received >
point > P001
source > 1
channel > 1
complainant > 张三
phone >
item > 电饭锅
category > 1
problem > 1
request >
purchase >
facts > 坏
outcome >
Is it the same as 2026-0001? Same point, and same phone or same name and item > x
Log it anyway? [y/n] > y
Write it > y
complainant >
= 2026-0002 is due by
# what may be the same is not logged by a yes to that
+ log P001 --complainant 张三 --item 电饭锅 --facts 坏 --kind goods
$ log P001 --received 2026-09-28 --source direct --channel visit --complainant 张三 --item 电饭锅
phone >
category > 1
problem > 1
request >
purchase >
facts > 坏
outcome >
Is it the same as 2026-0001? Same point, and same phone or same name and item > y
Write it > n
= Left; nothing was written
[130]
$ explain 2026-2
= There is no complaint 2026-0002
[3]
# words stand beside their numbers
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-21
$ close 2026-1
1 settled  2 advised  3 mediated > 3
closed >
recovered >
agreement >
answered >
rating >
Write it > y
= 2026-0001 closed (mediated): on time
# back to an answer that was jumped over
+ log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods
$ close 2026-1
outcome: > 7
remark > 转交
recovered >
answered > <
recovered > 5
answered >
rating >
More is recovered > y
recovered: 5.00 yuan > y
= closed (other)
# more recovered than disputed is asked again
+ log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods
$ close 2026-1
outcome: > 7
remark > 转交
recovered > 5
answered >
rating >
More is recovered > n
[5.00 yuan] > 0
recovered: 0.00 yuan > y
= closed (other)
# a sign for nothing in a box that may be empty
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --purchase 500
$ close 2026-1
outcome > 其他
remark > 无
an answer is needed > 转交
recovered > 无
answered > /
rating > -
closed: 2026-09-28 > y
= closed (other)
$ complaint show 1 --json
= "recovered": null
# more open complaints than are listed
+ log P001 --complainant 张三 --item 锅1 --facts 坏 --kind goods
+ log P001 --complainant 张三 --item 锅2 --facts 坏 --kind goods
+ log P001 --complainant 张三 --item 锅3 --facts 坏 --kind goods
+ log P001 --complainant 张三 --item 锅4 --facts 坏 --kind goods
+ log P001 --complainant 张三 --item 锅5 --facts 坏 --kind goods
+ log P001 --complainant 张三 --item 锅6 --facts 坏 --kind goods
+ log P001 --complainant 张三 --item 锅7 --facts 坏 --kind goods
+ log P001 --complainant 张三 --item 锅8 --facts 坏 --kind goods
+ log P001 --complainant 张三 --item 锅9 --facts 坏 --kind goods
$ complaint escalate
9 2026-0009 锅9 > ^D
[130]
+ log P001 --complainant 张三 --item 鱼 --facts 臭 --kind goods
+ log P001 --complainant 张三 --item 肉 --facts 臭 --kind goods
@ zh
$ 投诉 报请
另有 2 项未列出，写出其中几个字就能找到。 > ^D
[130]
# a day or an amount typed at its doubt takes its place
$ log P001 --complainant 张三 --item 锅 --kind goods
received > 7-6
84 days back > 9-6
source > 1
channel > 1
phone >
problem > 1
request >
purchase > 500
facts > 坏
outcome > 1
closed [2026-09-06 Sun] >
recovered > 5000
agreement >
answered > 20260906
rating >
More is recovered (5000.00 yuan) > 500
received: 2026-09-06 > y
= closed: 2026-09-06
= recovered: 500.00 yuan
= closed (settled)
# what was drafted from a corrected answer is drafted again
$ log --complainant 张三 --item 锅 --facts 坏 --category 食品
received >
point > P001
source > 1
channel > 1
phone >
problem > 1
request > 退货
purchase > 580
outcome > 和解
recovered > 600
经营者同意退货，为消费者挽回经济损失600.00元 > 1
answered >
rating >
More is recovered (600.00 yuan) than was in dispute (580.00 yuan) > n
[600.00 yuan] > 580
agreement: 经双方协商，经营者同意退货，为消费者挽回经济损失580.00元 > 13
outcome [settled] > 调解成功
handling: 经调解，经营者同意退货，为消费者挽回经济损失580.00元 > y
= closed (mediated)
# also from one before it, after going back
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --purchase 500
$ close 2026-1
outcome > 1
recovered > 50
挽回经济损失50.00元 > 1
answered > <
agreement > <
recovered > 60
agreement >
answered >
rating >
agreement: 经双方协商，达成一致，为消费者挽回经济损失60.00元。 > y
= closed (settled)
# the text of a clerk stays
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --purchase 500
$ close 2026-1
outcome > 1
recovered > 50
agreement > 退50元
answered >
rating >
settled > 4
recovered > 60
agreement: 退50元 > y
= closed (settled)
# the form and its period
$ rollup
form: > 3
period: > 2026Q3
= supermarket  market  enterprise
# a form by its word, where no offer has the digit
@ zh
$ rollup
附件 > 7
不在可填的词中 > 考核
报告期 > 2026Q3
= 东门商场
# a month is no form, and the digit of one is
@ zh
$ export
6 附件6 > 7月
不在可填的词里 > 6
报告期 > 2026Q3
= 附件6_2026Q3
# which complaint a form is of
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods
$ export 1
1 2026-0001 锅 > 1
= Attachment 1 for 2026-0001 is written
# which record one is of, the last entry first
+ record visit P001 --on 9-21
+ record training --on 9-22
$ export record
2 training 2026-09-22  1 visit 东门商场 2026-09-21 > 1
= work record for 1 is written
@ zh
$ 登记 更正
2 培训 2026-09-22  1 走访 东门商场 2026-09-21 > ^D
[130]
# what is void by mistake is mostly among the last entries, closed or not
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods
+ log P002 --complainant 张三 --item 鞋 --facts 坏 --kind goods --outcome settled
$ complaint void
2 2026-0002 鞋  1 2026-0001 锅 > 2
reason > 重复
Write it > y
= 2026-0002
# words to look for
$ find
words: >
needed > 锅
= Nothing is found
# a year
$ calendar show
year: > 2026
= Working days in 2026
# a setting, in Chinese, by its digit
@ zh
$ settings set
27 县局 > 1
值 > 提前
写入 > y
= 顺延 -> 提前
""")
def test_what_is_missing_is_asked_for(script: str, cli: Cli) -> None:
    cli.converses(script)


def test_nothing_is_asked_when_nothing_is_missing_or_nobody_can_answer(cli: Cli) -> None:
    assert cli.talk("log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods")[0] == 0
    assert cli("log").err.startswith("Error: Missing: point, complainant, item")


@table("""
    line
    overdue --as-of 2026-10-12
    complaint list
    point list
    rollup 6 2026Q3
""")
def test_no_color_is_respected(line: str, cli: Cli) -> None:
    cli.log()
    colour = re.compile(r"\x1b\[(\d+;)*(3|4|9|10)\d")
    cli.set.setenv("NO_COLOR", "1")
    code, seen = cli.talk(line)
    assert code == 0 and "─" in seen and not colour.search(seen)


@for_all("""
    line                  | today      | asked
    returns submit        | 2026-10-08 | period [2026Q3]
    returns receive P001  | 2026-12-31 | period [2026Q3]
    rollup 6              | 2027-01-01 | period [2026Q4]
    returns corrections   | 2026-09-28 | period:
""")
def test_the_quarter_that_is_over_is_taken_by_enter(
    line: str, today: str, asked: str, cli: Cli
) -> None:
    assert cli.talk(line, f"{asked} > ^D", today=today)[0] == 130


@scenes(r"""
# to the answer before
$ log P001
received >
source > 1
channel > 1
complainant > 张
phone >
item: > 锅
cat > <
item [锅] > 盖
cat > 1
problem > 1
request >
purchase > 5
facts > <
[5.00 yuan] >
facts: > 坏
out >
Write > y
more > ^D
[130]
$ complaint show 2026-1 --json --reveal
= "complainant": "张"
= "item": "盖"
# over several answers, from the last question too
$ log P001
received >
source > 1
channel > 1
complainant > 张
phone > <
[张] > 李
phone >
item: > 锅
category > 1
problem > 1
request >
purchase >
facts: > 坏
out >
Write > <
out >
Write > <
out > <
[坏] > 碎
out >
Write > y
more > ^D
[130]
$ complaint show 2026-1 --json --reveal
= "complainant": "李"
= "item": "锅"
# in Chinese, with the full-width sign
@ zh
$ 受理
日期 > <
日期 >
服务点 > 南门
来源 > 1
方式 > 1
投诉人 > 张
电话 >
经营者 >
名称 > 锅
类别 > 食品
问题 > 1
请求 >
消费金额 > 5
事实 > ＜
[5.00 元] >
事实 > 坏
结果 >
写入 > y
没有下一件 > ^D
[130]
$ complaint show 2026-1 --json --reveal
= "complainant": "张"
= "item": "锅"
""")
def test_there_is_a_way_back_to_the_last_answer(script: str, cli: Cli) -> None:
    cli.converses(script)


@scenes(r"""
# of the last complaint
+ log P002 --complainant 李 --item 鱼 --facts 臭 --kind goods
$ log --complainant 张 --item 锅 --facts 坏 --kind goods
received >
[P002 南门市场] >
source > 1
channel > 1
phone >
respondent >
problem > 1
request >
purchase >
outcome >
Write it > y
= 1 point: P002 南门市场
# another than that of the last visit
+ record visit P002
$ log --complainant 张 --item 锅 --facts 坏 --kind goods
received >
[P002 南门市场] > 1
source > 1
channel > 1
phone >
problem > 1
request >
purchase >
outcome >
Write it > y
= 1 point: P001 东门商场
# back and forth
+ record visit P002
$ log --complainant 张 --item 锅 --facts 坏 --kind goods
received >
[P002 南门市场] > <
received >
[P002 南门市场] >
source > 1
channel > 1
phone >
respondent >
problem > 1
request >
purchase >
outcome >
Write it > y
= 1 point: P002 南门市场
# for an inquiry that of the last visit
+ record visit P001
$ record inquiry
[P001 东门商场] >
count >
text >
Write > y
= Recorded for 东门商场
# a record of the whole station has none
+ record meeting
$ record visit
point: > P001
text >
raised >
result >
Write > y
= Recorded for 东门商场
# none that is retired
+ point retire P002 --on 2026-09-28
$ record visit
point: > P001
text >
raised >
result >
Write > y
= Recorded for 东门商场
# of two of a name the one that was used
+ register 南门市场 --type other --judgement 多
+ record visit P003
$ record inquiry
[P003 南门市场] >
count >
text >
Write > y
= Recorded for 南门市场
# where its name is the code of another
+ point amend P002 --name P001
+ record visit P002
$ record inquiry
[P002 P001] >
count >
text >
Write > y
= Recorded for P001
# where its name has a sign that nobody sees
+ point amend P002 --name 南门{unseen}市场
+ record visit P002
$ record inquiry
[P002 南门市场] >
count >
text >
Write > y
= Recorded for 南门市场
""")
def test_the_point_used_last_is_taken_by_enter(script: str, cli: Cli) -> None:
    cli.converses(script.replace("{unseen}", "\u200b"))


def test_an_officer_is_chosen_of_those_who_have_points(cli: Cli) -> None:
    officer = "--officer '陈建平 0591-00002211' --liaison 林"
    given = f"--type other --judgement 多 {officer}"
    cli.all(
        f"register 甲 {given}\nregister 乙 {given.replace('陈建平', '吴明')}\nregister 丙 {given}"
    )
    code, seen = cli.talk(
        "register --type other --judgement 多 --liaison 余",
        """
        name > 丁
        officer (name and phone) (Enter: none) > 3
        since >
        Write it > y
        """,
    )
    assert code == 0 and "1 陈建平 0591-00002211  2 陈建平 13900000202  3 吴明" in seen, seen
    assert "officer: 吴明 0591-00002211" in seen and "No point officer" not in seen


def test_whoever_comes_after_a_referral_needs_no_number_of_one(cli: Cli) -> None:
    cli.converses("""
        $ log
        received >
        point > P001
        source > 2
        channel > 1
        complainant > 甲
        no: > A12
        referred > 9-27
        reply by >
        phone >
        item > 锅
        category > 1
        problem > 1
        request >
        purchase >
        facts > 坏
        outcome >
        Write it > y
        complainant > 3
        source > 1
        complainant > 乙
        phone >
        item > 锅
        problem > 1
        request >
        purchase >
        facts > 坏
        outcome >
        Write it > y
        complainant >
        """)
    assert cli.sql("SELECT complainant, source, referral_no FROM complaint") == [
        ("甲", "referred", "A12"),
        ("乙", "direct", None),
    ]


def test_what_was_answered_is_looked_over_before_it_is_written(cli: Cli) -> None:
    line = "log --received 9-21 --phone 13900001111 --purchase 50万"
    code, seen = cli.talk(
        line,
        """
        point: > 东门
        source > 2
        channel > 2
        complainant: > 欧阳娜娜
        no: > A12
        referred >
        reply by >
        item: > 锅
        category > 3
        problem > 1
        request > 4,6
        facts: > 坏
        outcome >
        Write it >
        Write it > 8
        item [锅] > 盖
        Write it > +
        Write it > 23
        model > 7
        Write it > 9
        model [7] > -
        Write it > +
        Write it > n
        """,
    )
    assert (code, cli.sql("SELECT * FROM complaint")) == (130, [])
    looked_over = seen[seen.rindex("  1 point: P001") :].splitlines()
    assert [line.strip() for line in looked_over] == joined(LOOKED_OVER).split("\n")


LOOKED_OVER = r"""1 point: P001 东门商场
2 received: 2026-09-21 Mon
3 source: referred
4 referral no: A12
5 channel: phone
6 complainant: 欧阳娜娜
7 phone: 139****1111
8 item: 盖
9 category: food
10 problem: quality
11 purchase: 500000.00 yuan
12 facts: 坏
13 request: return, refund
Write it? [y/n/<, a number to change it, + for more]: +
14 referred  15 reply by  16 consumer address  17 headcount  18 respondent  \
    19 respondent contact  20 respondent address  21 respondent phone  22 brand  \
    23 model  24 quantity  25 bought  26 voucher  27 kind  28 disputed  29 promised  \
    30 handling  31 handler  32 remark  33 previous  34 outcome
35 closed  36 recovered  37 multiple damages  38 told  39 rating  40 agreement  \
    41 approved  42 perform by  43 performed  44 unperformed  45 accepted  46 answered  \
    47 answered how  48 replied  49 followed up  50 followed up how  51 followed up by  \
    52 archive no
Write it? [y/n/<, a number to change it, + for more]: n
The answers are kept: the same command continues from them.
Left; nothing was written."""


@table("""
    line | end
    complaint reopen 2026-1 | possible now: amend, escalate, close, void.
    close 2026-9 | There is no complaint 2026-0009
    log P001 --received 9-31 | 9-31 is not a day of the calendar
    log 西门 | There is no point 西门
""")
def test_what_was_given_wrong_is_said_before_anything_is_asked(
    line: str, end: str, cli: Cli
) -> None:
    cli.log("--received 2026-09-21")
    code, seen = cli.talk(line, "")
    assert code in (2, 3) and end in seen and "complainant" not in seen


@for_all("""
    given                             | shown
    裴大力                            | 裴**
    裴大力 13812345678                | 裴** 138****5678
    裴大力 13812345678 专职 B01; 王五 | 裴大力 13812345678 专职 B01; 王五
""")
def test_a_person_given_as_an_option_is_looked_over_masked(
    given: str, shown: str, cli: Cli
) -> None:
    line, dialogue = (
        f"record lead --informant '{given}'",
        "point: > P001\n text >\n agency >\n Write > n",
    )
    if ";" in given:
        line, dialogue = (
            f"register --type other --judgement 多 --liaison '{given}'",
            "name: > 新店\n officer >\n since >\n Write > n",
        )
    code, seen = cli.talk(line, dialogue)
    assert code == 130 and f": {shown}\n" in seen
    for kept in cli.path.parent.glob("*.draft"):
        kept.unlink()


def test_what_is_only_looked_at_is_not_looked_over(cli: Cli) -> None:
    cli.log()
    for line, dialogue in (
        ("complaint show", "number: > 2026-1"),
        ("rollup", "form: > 3\n period: > 2026Q3"),
        ("explain", "number > 2026-1"),
    ):
        code, seen = cli.talk(line, dialogue)
        assert code == 0 and "Write it?" not in seen


@for_all("""
    offered    | many | columns | height
    1 a        | 30   | 80      | 5
    1 a        | 77   | 80      | 7
    办结日期啊 | 5    | 10      | 7
""")
def test_a_question_is_as_high_as_its_menu(
    offered: str, many: str, columns: str, height: str
) -> None:
    """In columns side by side; in one column where the screen is too narrow for any."""
    screen = Size(rows=24, columns=int(columns))
    assert _height_of_question([offered] * int(many), screen) == int(height)


def test_what_begins_as_typed_is_offered_first() -> None:
    found = matching_offers(map(Offer, ("超市", "市场", "商场")), "市")
    assert [each.text for each in found] == ["市场", "超市"]


@for_all("""
    lines     | rows | seen
    a b c d   | 4    | a / b / c / d
    a b c d   | 3    | a    b / c    d
    a b c d e | 2    | a  b  c  d / e
    a b       | 1    | a    b
""")
def test_lines_are_side_by_side_only_where_the_screen_is_too_low(
    lines: str, rows: str, seen: str
) -> None:
    assert " / ".join(on_screen(lines.split(), columns=10, rows=int(rows))) == seen
