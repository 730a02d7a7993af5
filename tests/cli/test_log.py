"""`log`: derived boxes, the printed due date, notes and refusals."""

import time_machine

from ledger12315.ledger.calendar import library_calendar
from tests.cli.conftest import Cli, scenes
from tests.rows import table

LAST = library_calendar().announced[-1]
LOG = "log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods"


@table(r"""
    boxes                            | stored
                                     | received=2026-09-28 source=direct channel=visit \
                                         problem=other
                                     | disputed=None kind=goods category=None handler=林秀珍 \
                                         phone=None
                                     | state=open type=mall
    --purchase 329                   | purchase=329.00 disputed=329.00
    --purchase 329 --disputed 100    | purchase=329.00 disputed=100.00
    --handler 周大福                 | handler=周大福
    --handler '周 大福'              | handler=周大福
    --received 2026-01-04            | received=2026-01-04 handler=None
    --source 12345等转办 --channel 电话 | source=other channel=phone
    --request 退款、赔偿             | request=refund,compensation
    --category 食品                  | kind=goods category=food
    --problem 虚假宣传               | problem=false_advertising
    --previous 2026-1                | previous=2026-0001
""")
def test_what_is_stored_and_what_is_filled_in(boxes: str, stored: str, cli: Cli) -> None:
    cli.given(f"{LOG} --item 电压力锅")
    cli.log(boxes)
    shown = cli("complaint show 2026-2 --json").json
    assert {*stored.split()} <= {f"{key}={value}" for key, value in shown.items()}


@table("""
    boxes                                                   | code
    --category 旅游 --kind 服务类                           | 0
    --category 旅游 --kind 商品类                           | 2
    --category 其他 --kind goods                            | 2
    --category 其他 --kind 其他类                           | 0
    --source 分流 --referral-no 榕分8 --referred 2026-09-25 | 0
    --source 分流 --referral-no 榕分8 --referred 2026-09-28 | 0
    --source 工商部门分流 --referral-no 榕分8               | 0
    --source 分流                                           | 2
    --source 分流 --referred 2026-09-25                     | 2
    --referral-no 榕分8                                     | 2
    --referred 2026-09-25                                   | 2
    --source 分流 --referral-no 榕分8 --received 2026-09-24 --referred 2026-09-25 | 3
    --bought 2026-09-28                                     | 0
    --bought 2026-09-25 --received 2026-09-24               | 3
    --promised 2026-09-23 --received 2026-09-24             | 3
    --previous 2026-0099                                    | 3
    --outcome settled                                       | 0
    --recovered 5                                           | 2
    --outcome advised                                       | 2
""")
def test_what_does_not_go_together_is_refused(boxes: str, code: str, cli: Cli) -> None:
    assert str(cli.log(boxes).code) == code
    assert cli.sql("SELECT count(*) FROM complaint") == [(1 if code == "0" else 0,)]


@table("""
    received   | lang | said
    2026-09-28 | en   | is due by 2026-10-10 Sat; working days left: 5
    2026-09-28 | zh   | 最迟于 2026-10-10 周六 办结，还有 5 个工作日
    2026-09-21 | en   | is due by 2026-09-29 Tue; working days left: 1
    2026-09-20 | en   | is due today, 2026-09-28 Mon
    2026-09-20 | zh   | 应于今天 2026-09-28 周一 办结
    2026-09-17 | en   | was due by 2026-09-23 Wed; working days overdue: 2
    2026-09-17 | zh   | 应于 2026-09-23 周三 办结，已超期 2 个工作日
""")
def test_the_due_date_in_words(received: str, lang: str, said: str, cli: Cli) -> None:
    boxes = "--source direct --channel visit --problem other"
    told = cli.log(f"--received {received} {boxes}", lang=lang)
    assert told == (0, f"2026-0001 {said}\n", "")


@table("""
    clock                | received
    2026-09-27T15:59:59Z | 2026-09-27
    2026-09-27T16:00:00Z | 2026-09-28
    2026-12-31T16:00:00Z | 2027-01-01
""")
def test_today_is_the_day_in_china(clock: str, received: str, cli: Cli) -> None:
    with time_machine.travel(clock, tick=False):
        assert cli.log("--json", today="").json["received"] == received


def test_a_date_that_reaches_an_unknown_year_is_provisional_wherever_it_is_used(cli: Cli) -> None:
    today = f"{LAST}-12-28"
    mark = " (provisional: the holiday notice it depends on is not known)"
    assert cli.log("--json", today=today).json["provisional"] is True
    assert mark in cli.log(today=today).out
    assert "（暂定：所依据的放假通知尚未公布）" in cli.log(today=today, lang="zh").out
    assert cli("overdue --within 9", today=today).err.startswith("Some due dates are provisional")
    for line in ("overdue --within 9 --json", "complaint list --json"):
        assert [row["provisional"] for row in cli(line, today=today).json] == [True] * 3
    for line in (f"explain {LAST}-1", f"close {LAST}-1 --outcome settled"):
        assert mark in cli(line, today=today).out
    for form in ("3", "6"):
        told = cli(f"rollup {form} {LAST}-12", today=today).err
        assert told.count("Overdue and on-time figures are provisional") == 1


@table("""
    first                 | second                | told
    --received 2026-08-29 |                       | yes
    --received 2026-08-28 |                       | no
                          | --received 2026-08-29 | yes
                          | --received 2026-08-28 | no
                          | --item 电压力锅       | yes
                          | --phone 13900002222   | yes
                          | --phone 139-0000-1111 | yes
                          | --phone 13900002222 --item 电压力锅 | no
                          | --phone 13900002222 --complainant 李四 | no
                          | --complainant 李四    | yes
""")
def test_a_likely_duplicate_is_told_not_refused(
    first: str, second: str, told: str, cli: Cli
) -> None:
    cli.given(f"{LOG} --phone 13900001111 {first}")
    result = cli.log(f"--phone 13900001111 {second}")
    assert (result.code, "Is it the same as 2026-0001?" in result.err) == (0, told == "yes")


@scenes(r"""
# nothing is a duplicate elsewhere, or of what is void
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --phone 13900001111
$ log P002 --complainant 张三 --item 锅 --facts 坏 --kind goods --phone 13900001111
2026-0002 is due by 2026-10-10 Sat; working days left: 5
! Not stated, so recorded: source as direct, channel as visit, problem as other.
$ log P001 --complainant 张三 --item ＧＵＯ --facts 坏 --kind goods
2026-0003 is due by 2026-10-10 Sat; working days left: 5
! Not stated, so recorded: source as direct, channel as visit, problem as other.
$ log P001 --complainant "张 三" --item guo --facts 坏 --kind goods
2026-0004 is due by 2026-10-10 Sat; working days left: 5
! Not stated, so recorded: source as direct, channel as visit, problem as other.
! Is it the same as 2026-0003? Same point, and same phone or same name and item, within 30 days.
$ log P001 --complainant 张三 --item guo --facts 坏 --kind goods --previous 2026-4
2026-0005 is due by 2026-10-10 Sat; working days left: 5
! Not stated, so recorded: source as direct, channel as visit, problem as other.
! Is it the same as 2026-0003? Same point, and same phone or same name and item, within 30 days.
+ complaint void 2026-1 --reason 重复
$ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --phone 13900001111
2026-0006 is due by 2026-10-10 Sat; working days left: 5
! Not stated, so recorded: source as direct, channel as visit, problem as other.
# a retired point takes nothing from that day on
+ point retire P001 --on 2026-09-21
$ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-20
2026-0001 is due today, 2026-09-28 Mon
! Not stated, so recorded: source as direct, channel as visit, problem as other.
$ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-21
! Error: 东门商场 was retired on 2026-09-21 and takes no complaints received after that.
[3]
$ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-22
! Error: 东门商场 was retired on 2026-09-21 and takes no complaints received after that.
[3]
$ record inquiry P001 --on 2026-09-20
Recorded for 东门商场 on 2026-09-20; inquiry: 1 (record 1)
$ record inquiry P001 --on 2026-09-21
! Error: 东门商场 was retired on 2026-09-21; nothing can be recorded there after that.
[3]
# what is told besides
$ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-01-05
2026-0001 was due by 2026-01-12 Mon; working days overdue: 177
! received: 2026-01-05: 266 days back
! Not stated, so recorded: source as direct, channel as visit, problem as other.
$ log P001 --complainant 李四 --item 锅 --facts 坏 --kind goods --received 2026-01-04
2026-0002 was due by 2026-01-09 Fri; working days overdue: 178
! received: 2026-01-04: 267 days back, before 东门商场 was set up on 2026-01-05
! Not stated, so recorded: source as direct, channel as visit, problem as other.
$ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --promised 2026-10-10
2026-0003 is due by 2026-10-10 Sat; working days left: 5
! Not stated, so recorded: source as direct, channel as visit, problem as other.
# a category or a kind is needed
$ log P001 --complainant 张三 --item 饼 --facts 变质
! Error: Missing: category.
[2]
# JSON
$ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --json
{"number": "2026-0001", "point": "P001", "received": "2026-09-28", "due": "2026-10-10", \
    "provisional": false, "alike": [], "doubts": []}
! Not stated, so recorded: source as direct, channel as visit, problem as other.
$ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --json
{"number": "2026-0002", "point": "P001", "received": "2026-09-28", "due": "2026-10-10", \
    "provisional": false, "alike": ["2026-0001"], "doubts": []}
! Not stated, so recorded: source as direct, channel as visit, problem as other.
! Is it the same as 2026-0001? Same point, and same phone or same name and item, within 30 days.
""")
def test_what_is_told(script: str, cli: Cli) -> None:
    cli.plays(script)


def test_numbers_follow_on_within_the_year_of_receipt_and_grow_to_five_digits(cli: Cli) -> None:
    days = ("2026-09-28", "2025-12-31", "2026-01-01", "2025-12-31")
    numbers = [cli.log(f"--received {day} --json").json["number"] for day in days]
    assert numbers == ["2026-0001", "2025-0001", "2026-0002", "2025-0002"]
    cli.sql("UPDATE complaint SET serial = 9999, number = '2026-9999' WHERE number = '2026-0002'")
    assert cli.log("--json").json["number"] == "2026-10000"
    listed = cli("complaint list --period 2026 --json").json
    assert " ".join(row["number"] for row in listed) == "2026-0001 2026-9999 2026-10000"
