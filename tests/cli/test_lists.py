"""`complaint list` and `show`, `settings`, `calendar show`."""

import csv
import io
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import date

import pytest

from ledger12315.boxes.forms import COMPLAINT
from ledger12315.cli.app import run
from ledger12315.ledger.calendar import library_calendar
from ledger12315.ledger.complaints.overdue import cached_due_date
from ledger12315.ledger.store.opening import writing
from ledger12315.rules.deadlines import Due
from ledger12315.rules.workdays import Calendar
from tests.building import multiply
from tests.cli.conftest import Cli, scenes
from tests.rows import cells, table

LAST = library_calendar().announced[-1]
_LOG = "log --complainant 李四"
# One complaint of each state.
FOUR = f"""
    {_LOG} P001 --item 锅 --facts 不加热 --kind goods --received 2026-06-30
    {_LOG} P001 --item 锅 --facts 屏幕不亮 --kind goods --received 2026-09-21 --disputed 300
    {_LOG} P002 --item 鱼 --facts 短秤要求退款 --category 食品 --received 9-22 --respondent 陈记水产
    {_LOG} P002 --item 虾 --facts 短秤50% --category 食品 --received 2026-09-22 --disputed 5000 \
        --source 分流 --referral-no 分9 --brand 海牌 --model 特大
    complaint escalate 2026-2 --reason 要鉴定
    close 2026-3 --outcome 和解 --handling 已退 --agreement 换一条
    complaint amend 2026-3 --archive-no 卷7
    complaint amend 2026-4 --remark 补记
    complaint void 2026-4 --reason 重复
"""


@pytest.fixture
def four(cli: Cli) -> Cli:
    cli.given(FOUR)
    return cli


SOUGHT = cells("""
                                                            | 1 2 3 4
    --state open                                            | 1
    --state 工商所处理中                                    | 2
    --state 已办结                                          | 3
    --state void                                            | 4
    --point 南门                                            | 3 4
    --period 2026Q3                                         | 2 3 4
    --period 2026-06                                        | 1
    --outcome 和解                                          | 3
    --category 食品                                         | 3 4
    --respondent 水产                                       | 3
    --respondent '陈记 水产'                                | 3
    --respondent 南门市场                                   | 4
    --at-least 300 --at-most 4999.99                        | 2
    --at-most 0                                             | 1 3
    --text 屏幕                                             | 2
    --text 退款                                             | 3
    --text 鱼                                               | 3
    --text 陈记                                             | 3
    --text 已退                                             | 3
    --text 补记                                             | 4
    --text 鉴定                                             | 2
    --text 分9                                              | 4
    --text 海牌                                             | 4
    --text 特大                                             | 4
    --text 换一                                             | 3
    --text 卷7                                              | 3
    --text 2026-0001                                        | 1
    --text 50%                                              | 4
    --text 5_%                                              |
    --text 短秤 --point P002 --state closed --period 2026   | 3
""")


def test_complaints_are_listed_by_what_is_sought(four: Cli) -> None:
    for options, listed in SOUGHT:
        found = four(f"complaint list {options} --json").json
        numbers = " ".join(row["number"].removeprefix("2026-000") for row in found)
        assert numbers == listed, options


def test_the_keys_of_a_complaint(four: Cli) -> None:
    first, *others = four("complaint list --json").json
    assert all(list(other) == list(first) for other in others)
    assert {"number", "point", "due", "state", *COMPLAINT} - {*first} == set()
    shown = four("complaint show 2026-1 --json").json
    assert list(shown) == [*first, "timeline"] and first.items() <= shown.items()


@scenes(r"""
# a list
$ complaint list
2026-0001 | P001 | 2026-07-07 | no | open | 2026-06-30 | 李* | 锅 | other |  |  |
2026-0002 | P001 | 2026-09-29 | no | escalated | 2026-09-21 | 李* | 锅 | other | 300.00 |  |
2026-0003 | P002 | 2026-09-30 | no | closed | 2026-09-22 | 李* | 鱼 | other |  | settled | \
    2026-09-28
2026-0004 | P002 | 2026-09-30 | no | void | 2026-09-22 | 李* | 虾 | other | 5000.00 |  |
@ zh
$ complaint list --csv
BOM 编号,服务点,应办结,暂定,状态,服务点名称,经营者类型,受理日期,…
2026-0001,P001,2026-07-07,否,服务点处理中,东门商场,商场,2026-06-30,消费者直接投诉,,,,来人,李*,…
…
2026-0003,P002,2026-09-30,否,已办结,南门市场,市场,2026-09-22,消费者直接投诉,,,,来人,李*,,,1,陈记水产,…
…
# a list on a terminal, where money stands right and long texts are broken
@ zh
+ log P001 --complainant 欧阳娜娜 --item 三文鱼刺身拼盘豪华大份家庭装 --facts 坏 --category 食品
+ log P001 --complainant 王五 --item iPhone --facts 坏 --kind goods --disputed 1234567.89
% 80 complaint list
编号      服务点 应办结     状态         受理日期   投诉人 商品/服务名称
────────────────────────────────────────────────────────────────────────────────
2026-0001 P001   2026-07-07 服务点处理中 2026-06-30 李*    锅
2026-0002 P001   2026-09-29 工商所处理中 2026-09-21 李*    锅
2026-0003 P002   2026-09-30 已办结       2026-09-22 李*    鱼
2026-0004 P002   2026-09-30 作废         2026-09-22 李*    虾
2026-0005 P001   2026-10-10 服务点处理中 2026-09-28 欧阳** 三文鱼刺身拼盘豪华大
                                                           份家庭装
2026-0006 P001   2026-10-10 服务点处理中 2026-09-28 王*    iPhone
% 120 complaint list
编号       服务点  应办结      状态          受理日期    投诉人  商品/服务名称
─────────────────────────────────────────────────────────────────────────────────────────────
2026-0001  P001    2026-07-07  服务点处理中  2026-06-30  李*     锅
2026-0002  P001    2026-09-29  工商所处理中  2026-09-21  李*     锅
2026-0003  P002    2026-09-30  已办结        2026-09-22  李*     鱼
2026-0004  P002    2026-09-30  作废          2026-09-22  李*     虾
2026-0005  P001    2026-10-10  服务点处理中  2026-09-28  欧阳**  三文鱼刺身拼盘豪华大份家庭装
2026-0006  P001    2026-10-10  服务点处理中  2026-09-28  王*     iPhone
% 80 rollup 3 2026Q3 --cases disputed
编号       种类  服务点  受理日期    办结日期          数值
───────────────────────────────────────────────────────────
2026-0002  投诉  P001    2026-09-21                  300.00
2026-0003  投诉  P002    2026-09-22  2026-09-28        0.00
2026-0005  投诉  P001    2026-09-28                    0.00
2026-0006  投诉  P001    2026-09-28              1234567.89
@ en
% 80 complaint list --state open
number    point due        state received   complainant item
────────────────────────────────────────────────────────────────────────────────
2026-0001 P001  2026-07-07 open  2026-06-30 李*         锅
2026-0005 P001  2026-10-10 open  2026-09-28 欧阳**      三文鱼刺身拼盘豪华大份家
                                                        庭装
2026-0006 P001  2026-10-10 open  2026-09-28 王*         iPhone
# a complaint
@ zh
$ complaint show 2026-3
编号 | 2026-0003
服务点 | P002
应办结 | 2026-09-30
暂定 | 否
状态 | 已办结
服务点名称 | 南门市场
经营者类型 | 市场
受理日期 | 2026-09-22
来源 | 消费者直接投诉
受理方式 | 来人
投诉人 | 李*
涉及人数 | 1
被投诉经营者 | 陈记水产
商品/服务名称 | 鱼
性质 | 商品类
类别 | 食品
问题类别 | 其他
投诉事实 | 短秤要求退款
处理经过 | 已退
和解协议内容 | 换一条
处理结果 | 和解
办结日期 | 2026-09-28
归档号 | 卷7
2026-09-22 周二 | 受理 | 0 |
2026-09-28 周一 | 办结 | 3 | 和解
2026-09-30 周三 | 应办结 | 5 |
 | 归档 |  | 卷7
# what cannot be sought
$ complaint list --state lost
! Error: state: lost is not one of: open | escalated | closed | void.
[2]
$ complaint list --at-least viel
! Error: at_least: viel is not an amount in yuan; write 299, 299.00 or 50万.
[2]
$ complaint list --category 空气
! Error: category: 空气 is not one of: household electronics | clothing and shoes | food \
    | tobacco and drinks | housing and building materials | daily goods | jewellery, culture and \
    sports goods | medicine and medical goods | vehicles | farm supplies | living and social \
    services | renovation and property management | tourism | culture, entertainment and sports | \
    postal services | telecommunications | internet | finance | insurance | health care | \
    education and training | public facilities | sales services | other.
[2]
""")
def test_what_is_listed_and_shown(script: str, four: Cli) -> None:
    four.plays(script)


@table("""
    key            | value    | said
    notice_from    | 1        | 3 -> 1
    notice_from    | 1000     | 3 -> 1000
    return_day_off | before   | after -> before, from 2026-09-28 on
    annual_period  | calendar | statistical -> calendar
    point_lead     | 0        | 2 -> 0, from 2026-09-28 on
    station_lead   | 20       | 1 -> 20, from 2026-09-28 on
""")
def test_a_setting_takes_what_it_may_hold(key: str, value: str, said: str, cli: Cli) -> None:
    before = {row["key"]: row["value"] for row in cli("settings list --json").json}
    assert cli(f"settings set {key} {value}").out == f"{key}: {said}\n"
    after = {row["key"]: row["value"] for row in cli("设置 列表 --json").json}
    assert after == before | {key: value}


@scenes(r"""
# zeros in front of a setting are none
$ settings set retention_years 0004
retention_years: 3 -> 4
# a setting in yuan is typed as any amount
$ settings set major_amount 一万五
major_amount: 5000 -> 15000
$ settings set major_amount 299.00
major_amount: 15000 -> 299
$ settings set major_amount 299.50
! Error: major_amount cannot be 299.50: give whole yuan.
[2]
# settings alone lists them with their defaults
+ settings set notice_from 30
$ settings
return_day_off | after |  | after | a return date on a day off moves to the next working day, \
    or to the last one before it |
station_lead | 1 |  | 1 | working days by which the station reports before the county desk |
…
notice_from | 30 |  | 3 | complaints against one respondent in a quarter from which a notice is \
    proposed |
publicity_from | 1 |  | 1 | an operator with this many complaints in the period is made public |
publicity_days | 30 |  | 30 | days for which a publicity notice stays on the wall |
…
annual_period | statistical |  | statistical | months of the annual return: 1 December to 30 \
    November, or 1 January to 31 December as far as known when submitted |
words_of | words of the plan of 2011 |  |  | names of offices and acts [by the names of station \
    and county] |
begins | 2026-07-01 |  |  | the first day of the ledger: nothing is due for the time before it |
rate.settled_rate | (settled + mediated + withdrawn) / closed |  | \
    (settled + mediated + withdrawn) / closed | \
    the rate's formula: a sum of measures of Attachment 3, a slash, one measure |
…
target.on_time_rate | none |  | none | the rate's target in percent, or none |
clock.acceptance | 7 working days |  | 7 working days | how long a complaint's clock runs: days, \
    working days, or none | 消费者权益保护法第四十六条
clock.mediation | 45 working days |  | 60 days | how long a complaint's clock runs: days, working \
    days, or none | 总局令第20号第二十一条
clock.mediation | 60 days | 2026-04-15 | 60 days | how long a complaint's clock runs: days, \
    working days, or none | 总局令第121号第二十三条
…
@ zh
$ settings
…
return_day_off | 顺延 |  | 顺延 | 报送日期逢放假日时，顺延至其后第一个工作日，或提前至其前最后一个工作日 |
…
$ settings set annual_period 自然年度
年报口径：统计年度 -> 自然年度
$ settings list --json
[…"key": "annual_period", "value": "calendar", "from": null, "default": "statistical", "meaning": \
    "months of the annual …
+ settings set annual_period statistical
% 80 设置
报送日期逢放假日时，顺延至其后第一个工作日，或提前至其前最后一个工作日
  报送日逢放假 return_day_off  顺延
…
该比率的公式：附件3的若干指标相加，一条斜线，一个指标作分母
  和解息诉率公式 rate.settled_rate            (和解+调解成功+消费者撤回)/办结
  调解成功率公式 rate.mediation_success_rate  调解成功/调解办结
  消费者满意率公式 rate.satisfaction_rate     满意/评价
  按时办结率公式 rate.on_time_rate            按时办结/办结
该比率的目标（百分数），或无
  和解息诉率目标 target.settled_rate            90%
  调解成功率目标 target.mediation_success_rate  90%
  消费者满意率目标 target.satisfaction_rate     98%
  按时办结率目标 target.on_time_rate            无
该项期限的长短：日、工作日，或无
  工商所受理期限 clock.acceptance  7个工作日
      依据：消费者权益保护法第四十六条
  调解期限 clock.mediation         45个工作日
      依据：总局令第20号第二十一条
  调解期限 clock.mediation         60日        2026-04-15
      依据：总局令第121号第二十三条
  反馈期限 clock.tell              无
      依据：三(三)4
  归档期限 clock.archive           无
      依据：三(四)4
# a length that the station set rests on the station
+ settings set clock.mediation "30 days" --from 2026-09-01
$ settings list --json
[…{"key": "clock.mediation", "value": "30 days", "from": "2026-09-01", "default": "60 days", \
    "meaning": "how long a complaint's clock runs: days, working days, or none", "basis": null}, …
$ settings
…
clock.mediation | 30 days | 2026-09-01 | 60 days | how long a complaint's clock runs: days, \
    working days, or none | set by the station
…
# what is shown in Chinese may be typed
@ zh
$ 设置 设置 按时办结率目标 90%
按时办结率目标：无 -> 90%
$ 设置 设置 和解息诉率公式 "(和解+消费者撤回)/办结"
和解息诉率公式：(和解+调解成功+消费者撤回)/办结 -> (和解+消费者撤回)/办结
$ 设置 设置 反馈期限 5个工作日
反馈期限：无 -> 5个工作日
$ 设置 设置 保存年限 5
保存年限：3 -> 5
$ 设置 设置 保存年限 二
! 错误：保存年限 不能设为 二，可设为：3 至 100。
[2]
# a setting is used
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods
+ settings set annual_period calendar
+ settings set clock.acceptance 30日
+ complaint escalate 2026-1 --reason 要鉴定
$ rollup 6 2026A --json
{"form": 6, "period": "2026A", "from": "2026-01-01", "to": "2026-09-28", "as_of": "2026-09-28", …
! The period is not over: every figure is as of 2026-09-28.
$ complaint show 2026-1
…
2026-10-28 Wed | station to accept by | 18 | not yet due
# a year's days
$ calendar show 1989
! Error: 1989 is not a year from 1990 to 2199.
[2]
$ calendar show 2020
…
2020-01-31 Fri | no | holiday (Spring Festival) | State Council notice 2020 | no
…
2020-09-27 Sun | yes | make-up working day (National Day) | State Council notice 2020 | no
…
! Working days in 2020: 249
$ 日历 查看 2005 --json
… {"date": "2005-12-31", "working": true, "why": "make_up", "source": "notice", \
    "provisional": false, "holiday": "元旦", "notice": 2006}]
! Working days in 2005: 251
# on a terminal
@ zh
% 80 calendar show 2005
日期             上班  原因                依据
───────────────────────────────────────────────────────────────────────────
2005-01-01 周六  否    放假（元旦）        国务院办公厅2005年节假日安排通知
2005-01-02 周日  否    放假（元旦）        国务院办公厅2005年节假日安排通知
2005-01-03 周一  否    放假（元旦）        国务院办公厅2005年节假日安排通知
2005-02-05 周六  是    调休上班（春节）    国务院办公厅2005年节假日安排通知
2005-02-06 周日  是    调休上班（春节）    国务院办公厅2005年节假日安排通知
2005-02-09 周三  否    放假（春节）        国务院办公厅2005年节假日安排通知
2005-02-10 周四  否    放假（春节）        国务院办公厅2005年节假日安排通知
2005-02-11 周五  否    放假（春节）        国务院办公厅2005年节假日安排通知
2005-02-12 周六  否    放假（春节）        国务院办公厅2005年节假日安排通知
2005-02-13 周日  否    放假（春节）        国务院办公厅2005年节假日安排通知
2005-02-14 周一  否    放假（春节）        国务院办公厅2005年节假日安排通知
2005-02-15 周二  否    放假（春节）        国务院办公厅2005年节假日安排通知
2005-04-30 周六  是    调休上班（劳动节）  国务院办公厅2005年节假日安排通知
2005-05-01 周日  否    放假（劳动节）      国务院办公厅2005年节假日安排通知
2005-05-02 周一  否    放假（劳动节）      国务院办公厅2005年节假日安排通知
2005-05-03 周二  否    放假（劳动节）      国务院办公厅2005年节假日安排通知
2005-05-04 周三  否    放假（劳动节）      国务院办公厅2005年节假日安排通知
2005-05-05 周四  否    放假（劳动节）      国务院办公厅2005年节假日安排通知
2005-05-06 周五  否    放假（劳动节）      国务院办公厅2005年节假日安排通知
2005-05-07 周六  否    放假（劳动节）      国务院办公厅2005年节假日安排通知
2005-05-08 周日  是    调休上班（劳动节）  国务院办公厅2005年节假日安排通知
2005-10-01 周六  否    放假（国庆节）      国务院办公厅2005年节假日安排通知
2005-10-02 周日  否    放假（国庆节）      国务院办公厅2005年节假日安排通知
2005-10-03 周一  否    放假（国庆节）      国务院办公厅2005年节假日安排通知
2005-10-04 周二  否    放假（国庆节）      国务院办公厅2005年节假日安排通知
2005-10-05 周三  否    放假（国庆节）      国务院办公厅2005年节假日安排通知
2005-10-06 周四  否    放假（国庆节）      国务院办公厅2005年节假日安排通知
2005-10-07 周五  否    放假（国庆节）      国务院办公厅2005年节假日安排通知
2005-10-08 周六  是    调休上班（国庆节）  国务院办公厅2005年节假日安排通知
2005-10-09 周日  是    调休上班（国庆节）  国务院办公厅2005年节假日安排通知
2005-12-31 周六  是    调休上班（元旦）    国务院办公厅2006年节假日安排通知

日期             上班  原因                依据
""")
def test_settings_and_days(script: str, cli: Cli) -> None:
    cli.plays(script)


def test_a_year_without_a_notice_is_provisional(cli: Cli) -> None:
    shown = cli(f"calendar show {LAST + 1} --json")
    days = "01-01 05-01 05-02 10-01 10-02 10-03"
    assert " ".join(day["date"][5:] for day in shown.json) == days
    assert all(day["provisional"] for day in shown.json)
    assert f"The notice for {LAST + 1} is not known" in shown.err


def listed(form: str, cli: Cli) -> list[str]:
    """The numbers in a list of that form, masked names being looked at."""
    result = cli(f"complaint list {form}")
    if form == "--json":
        rows = [[row["number"], row["complainant"]] for row in result.json]
    else:
        rows = [*csv.reader(io.StringIO(result.out), delimiter="," if form else "\t")]
    return [row[0] for row in rows if "李*" in row]


@pytest.mark.parametrize("more", [9, 10, 20])
def test_a_list_of_any_length_is_shown_whole(more: int, cli: Cli) -> None:
    cli.set.setattr("ledger12315.cli.face.showing._AT_ONCE", 10)
    cli.given(f"{_LOG} P001 --item 锅 --facts 不加热 --kind goods")
    with writing(cli.path) as ledger:
        multiply(ledger, more)
    for form in ("--json", "--csv", ""):
        numbers = [f"2026-{serial:04}" for serial in range(1, more + 2)]
        assert listed(form, cli) == numbers, form


class Pager(io.StringIO):
    """What a list is printed to; `meanwhile` is done at each piece."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self.meanwhile = meanwhile

    def write(self, text: str) -> int:
        self.meanwhile()
        return super().write(text)


@pytest.mark.parametrize("form", ["--json", "--csv", ""])
def test_a_long_list_is_read_as_it_is_shown_and_others_write_meanwhile(
    form: str, cli: Cli
) -> None:
    cli.given(f"{_LOG} P001 --item 锅 --facts 不加热 --kind goods")
    cli.set.setattr("ledger12315.cli.face.showing._AT_ONCE", 100)
    with writing(cli.path) as ledger:
        multiply(ledger, 200)
    read: list[int] = []
    most: list[int] = []

    def counted_due(received: date, calendar: Calendar) -> Due:
        read.append(1)
        return cached_due_date(received, calendar)

    def meanwhile() -> None:
        most.append(len(read))
        read.clear()
        if len(most) == 2:
            cli.sql("UPDATE complaint SET complainant = '王五'")

    cli.set.setattr("ledger12315.ledger.complaints.views.cached_due_date", counted_due)
    with redirect_stdout(Pager(meanwhile)) as pager:
        assert run(["--db", str(cli.path), "complaint", "list", *form.split()]) == 0
    assert (max(most) <= 100, sum(most)) == (True, 201)
    assert (pager.getvalue().count("李*"), pager.getvalue().count("王*")) == (201, 0)


def test_a_long_list_on_a_terminal_is_a_table_for_each_hundred_rows(cli: Cli) -> None:
    cli.set.setattr("ledger12315.cli.face.showing._AT_ONCE", 100)
    cli.given(f"{_LOG} P001 --item 锅 --facts 不加热 --kind goods")
    with writing(cli.path) as ledger:
        multiply(ledger, 100)
    lines = [line.split()[0] for line in cli.screen("complaint list", columns=200) if line.strip()]
    heads = [place for place, word in enumerate(lines) if word == "number"]
    # The last screen is longer than the terminal: its head is seen at the end again.
    assert (len(lines), heads) == (106, [0, 102, 103])


def test_a_list_of_nothing_says_so_to_people_and_gives_programs_nothing(cli: Cli) -> None:
    assert cli.talk("words list", term="xterm") == (0, "Nothing is found.\n")
    assert cli("words list") == (0, "", "")
