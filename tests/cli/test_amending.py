"""`complaint amend`: any box is corrected, filled or emptied within the rules."""

from contextlib import closing
from functools import partial
from operator import ne

import pytest

from ledger12315.boxes.forms import COMPLAINT
from ledger12315.cli.face.prompts import Prompt
from ledger12315.ledger.store.opening import connect
from tests.cli.conftest import Cli, scenes
from tests.rows import cells, table
from tests.typist import replies

LOG = "log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods"
# 2026-0001 is open, 2026-0002 closed with every box filled; both received on 2026-09-21.
TWO = f"""
    {LOG} --received 2026-09-21 --disputed 300
    log P001 --complainant 李四 --phone 13900001111 --consumer-address 东街3号 \
        --respondent 三楼小家电柜 --respondent-contact 王五 --respondent-address 三楼 \
        --respondent-phone 059100002222 --item 电压力锅 --brand 炊禾 --model 5L --quantity 1 \
        --bought 2026-09-20 --voucher 小票 --category electronics --problem quality \
        --purchase 400 --disputed 400 --facts 漏气 --source referred --referral-no 榕消1 \
        --referred 2026-09-20 --reply-by 2026-10-12 --headcount 3 --channel phone \
        --received 2026-09-21 --previous 2026-1 --request refund --promised 2026-09-25
    complaint escalate 2026-2 --reason 疑难 --on 2026-09-22
    close 2026-2 --outcome settled --closed 2026-09-24 --recovered 400 --multiple-damages 100 \
        --rating basic --told 2026-09-24 --handling 已退 --agreement 退款 --approved 2026-09-23 \
        --perform-by 2026-10-10 --performed 2026-09-24 --answered 2026-09-24 --answered-how 电话 \
        --archive-no 榕1 --handler 周六 --remark 换机 --accepted 2026-09-23 --replied 2026-09-24 \
        --followed-up 2026-09-25 --followed-up-how 电话 --followed-up-by 吴七
    {LOG} --received 2026-09-14
"""
# What each box takes, what then stands otherwise, and what does when it is emptied.
BOXES = cells("""
    received           | 2026-09-22    | due=2026-09-30 received=2026-09-22   | ! cannot be empty
    source             | 12345等转办   | source=other                         | ! cannot be empty
    referral_no        | 榕消2         | referral_no=榕消2                    | ! needs the number
    referred           | 2026-09-19    | referred=2026-09-19                  | referred=
    reply_by           | 2026-10-20    | reply_by=2026-10-20                  | reply_by=
    channel            | 网络          | channel=online                       | ! cannot be empty
    complainant        | 欧阳娜娜      | complainant=欧阳娜娜                 | ! cannot be empty
    phone              | 0591-00003333 | phone=0591-00003333                  | phone=
    consumer_address   | 西街1号       | consumer_address=西街1号             | consumer_address=
    headcount          | 2             | headcount=2                          | headcount=1
    respondent         | 二楼鞋柜      | respondent=二楼鞋柜                  | respondent=
    respondent_contact | 孙小美        | respondent_contact=孙小美            | respondent_contact=
    respondent_address | 二楼          | respondent_address=二楼              | respondent_address=
    respondent_phone   | 13900004444   | respondent_phone=13900004444         | respondent_phone=
    item               | 鞋            | item=鞋                              | ! cannot be empty
    brand              | 双星          | brand=双星                           | brand=
    model              | 42            | model=42                             | model=
    quantity           | 两双          | quantity=两双                        | quantity=
    bought             | 2026-09-21    | bought=2026-09-21                    | bought=
    voucher            | 发票          | voucher=发票                         | voucher=
    category           | 旅游          | kind=service category=tourism        | ! Missing: category
    problem            | 虚假宣传      | problem=false_advertising            | ! cannot be empty
    disputed           | 0             | disputed=0.00                        |
    facts              | 开胶          | facts=开胶                           | ! cannot be empty
    request            | 更换,赔偿     | request=replace,compensation         | request=
    promised           | 2026-09-28    | promised=2026-09-28                  | promised=
    handling           | 已换          | handling=已换                        | handling=
    agreement          | 换新          | agreement=换新                       | agreement=
    approved           | 2026-09-25    | approved=2026-09-25                  | approved=
    perform_by         | 2026-12-01    | perform_by=2026-12-01                | perform_by=
    performed          | 2026-09-25    | performed=2026-09-25                 | performed=
    unperformed        | 2026-09-25    | ! Give the amount really recovered                |
    handler            | 赵七          | handler=赵七                         | handler=林秀珍
    told               | 2026-09-23    | told=2026-09-23                      | told=
    answered           | 2026-09-25    | answered=2026-09-25                  | answered=
    answered_how       | 当面          | answered_how=当面                    | answered_how=
    accepted           | 2026-09-24    | accepted=2026-09-24                  | accepted=
    replied            | 2026-09-26    | replied=2026-09-26                   | replied=
    followed_up        | 2026-09-26    | followed_up=2026-09-26               | followed_up=
    followed_up_how    | 上门          | followed_up_how=上门                 | followed_up_how=
    followed_up_by     | 郑八          | followed_up_by=郑八                  | followed_up_by=
    archive_no         | 榕2           | archive_no=榕2                       | archive_no=
    remark             | 已回访        | remark=已回访                        | remark=
    previous           | 2026-3        | previous=2026-0003                   | previous=
    rating             | 不满意        | rating=dissatisfied                  | rating=
    outcome            | 撤回          | outcome=withdrawn                    | ! cannot be empty
    closed             | 2026-09-28    | closed=2026-09-28                    | ! cannot be empty
    recovered          | 500           | recovered=500.00          | ! multiple damages are more
    multiple_damages   | 400           | multiple_damages=400.00   | multiple_damages=
    kind               | 服务          | ! is of kind goods, not service      |
    purchase           | 299.5         | purchase=299.50           | purchase= disputed=
""")
# What an open one says instead, though in both `kind` and `referred` go with what else it holds.
OPEN = {
    **dict.fromkeys(("referral_no", "reply_by", "replied"), "! the source is direct"),
    "accepted": "! The station cannot have accepted it on 2026-09-24; escalated: never.",
    "received": "! 2026-0001 is not earlier than 2026-0002.",
    "unperformed": "! There is no agreement to be unperformed",
} | {
    box: f"! 2026-0001 is open. Fill in {box} when you close it: ledger12315 close 2026-0001"
    for box in ("rating", "outcome", "closed", "recovered", "multiple_damages")
}


def all_of(cli: Cli, number: str) -> dict[str, object]:
    result = cli(f"complaint show {number} --json --reveal")
    assert result.code == 0, result
    return {key: value for key, value in result.json.items() if key != "timeline"}


@pytest.mark.parametrize("emptied", [False, True])
def test_any_box_is_amended_or_emptied(emptied: bool, cli: Cli) -> None:
    """One after the other; nothing else changes, or it is told."""
    cli.given(TWO)
    stood, moved = all_of(cli, "2026-0002"), set[str]()
    with closing(connect(cli.path, "ro")) as ledger:
        row = partial(ledger.execute, "SELECT * FROM complaint WHERE id = 2")
        for box, given, when_given, when_emptied in BOXES:
            expected = when_emptied if emptied else when_given
            if not expected.startswith("! "):
                [before] = row().fetchall()
                option = f"--{box.replace('_', '-')} '{'' if emptied else given}'"
                code, out, err = cli(f"complaint amend 2026-0002 {option}")
                [now] = row().fetchall()
                said = f"is amended: {box}" if now != before else "already has these values"
                assert (code, out) == (0, f"2026-0002 {said}.\n"), err
                follows = {each.partition("=")[0] for each in expected.split()} - {box}
                assert bool(follows) == ("This also changes" in err) == bool(err), box
                assert sum(map(ne, before, now)) <= max(1, len(expected.split())), box
                moved |= {*expected.split()}
    after = all_of(cli, "2026-0002").items() - stood.items()
    assert {f"{key}={value or ''}" for key, value in after} == moved


def test_what_a_box_cannot_be_is_refused(cli: Cli) -> None:
    cli.given(TWO)
    before = cli.path.read_bytes()
    for number, box, given, expected in (
        *(("2026-0002", box, given, moved) for box, given, moved, _ in BOXES),
        *(("2026-0002", box, "", emptied) for box, *_, emptied in BOXES),
        *(("2026-0001", box, given, OPEN.get(box, "")) for box, given, *_ in BOXES),
    ):
        if expected.startswith("! "):
            result = cli(f"complaint amend {number} --{box.replace('_', '-')} '{given}'")
            assert result.code in (2, 3) and expected[2:] in result.err, (number, box)
            assert cli.path.read_bytes() == before, (number, box)


def test_any_other_box_of_an_open_one_is_amended(cli: Cli) -> None:
    cli.given(TWO)
    rows = [row for row in BOXES if row[0] not in {*OPEN, "kind", "referred"}]
    stood = all_of(cli, "2026-0001").items()
    given = " ".join(f"--{box.replace('_', '-')} '{text}'" for box, text, *_ in rows)
    assert cli(f"complaint amend 2026-0001 {given}").code == 0
    after = all_of(cli, "2026-0001").items() - stood
    changed = {f"{key}={value or ''}" for key, value in after}
    assert changed == {each for _, _, moved, _ in rows for each in moved.split()}


def test_the_table_holds_every_box() -> None:
    assert {box for box, *_ in BOXES} == {*COMPLAINT}


REFUSED = cells("""
    2026-2 | --received 2026-09-25 | closed 2026-09-24 is before the day of receipt, 2026-09-25
    2026-2 | --received 2026-09-19 | bought 2026-09-20 is after the day of receipt, 2026-09-19
    2026-1 | --received 2025-12-31         | 2026-0001 contains its year of receipt
    2026-1 | --received 2026-09-29         | 2026-09-29 is in the future
    2026-2 | --closed 2026-09-20 | closed 2026-09-20 is before the day of receipt, 2026-09-21
    2026-2 | --outcome advised --told ''   | The outcome advised needs the day
    2026-2 | --outcome advised --told 9-25 | The consumer was told on 2026-09-25
    2026-2 | --outcome other --remark ''   | The outcome other needs a remark
    2026-2 | --recovered 99.99 | The multiple damages are more than the recovered amount
    2026-2 | --multiple-damages 400.01 | The multiple damages are more than the recovered amount
    2026-2 | --source direct               | but the source is direct
    2026-1 | --source referred             | needs the number of its referral
    2026-1 | --bought 2026-09-22           | bought 2026-09-22 is after the day of receipt
    2026-1 | --promised 2026-09-20         | promised 2026-09-20 is before the day of receipt
    2026-1 | --told 2026-09-20             | told 2026-09-20 is before the day of receipt
    2026-1 | --kind goods --category tourism | The category tourism is of kind service, not goods
    2026-1 | --disputed=-1                 | disputed:
    2026-1 | --category 汽车               | category:
    2026-1 | --previous 2026-9             | There is no complaint 2026-0009
    2026-4 | --closed 2026-09-22           | It was escalated on 2026-09-23
    2026-5 | --remark 迟                   | 2026-0005 is void since 2026-09-28
    2026-9 | --remark 无                   | There is no complaint 2026-0009
    2026-1 |                               | Nothing to amend: name at least one box.
""")


def test_the_rules_hold_for_the_whole(cli: Cli) -> None:
    cli.given(f"""{TWO}
        {LOG} --received 2026-09-21
        complaint escalate 2026-4 --reason 疑难 --on 2026-09-23
        close 2026-4 --outcome settled --closed 2026-09-25
        {LOG} --received 2026-09-21
        complaint void 2026-5 --reason 重复
    """)
    before = cli.path.read_bytes()
    for number, options, said in REFUSED:
        result = cli(f"complaint amend {number} {options}")
        assert result.code in (2, 3) and said in result.err and result.out == "", (options, result)
        assert cli.path.read_bytes() == before, options


def test_a_receipt_is_not_moved_behind_the_retiring_of_its_point(cli: Cli) -> None:
    cli.given(f"{LOG} --received 2026-08-20")
    cli.sql("UPDATE point SET retired = '2026-09-01' WHERE code = 'P001'")
    assert cli("complaint amend 2026-1 --received 2026-09-01").code == 3


@table(r"""
    line                                            | said
    complaint amend 2026-1 --previous 2026-1 | Error: 2026-0001 is not earlier than 2026-0001.
    complaint amend 2026-1 --previous 2026-3 | Error: 2026-0003 is not earlier than 2026-0001.
    complaint amend 2026-1 --received 9-22 | Error: 2026-0001 is not earlier than 2026-0002.
    complaint amend 2026-1 --received 9-21          | 2026-0001 is amended: received.
    complaint amend 2026-2 --received 9-19 | Error: 2026-0001 is not earlier than 2026-0002.
    complaint amend 2026-2 --received 9-19 --previous '' | 2026-0002 is amended: received, \
        previous.
    complaint amend 2026-3 --previous 2026-2        | 2026-0003 is amended: previous.
    {log} --received 9-19 --previous 2026-1 | Error: 2026-0001 is not earlier than 2026-0004.
    {log} --received 9-20 --previous 2026-1         | 2026-0004 is due today, 2026-09-28 Mon
""")
def test_an_earlier_complaint_is_an_earlier_one(line: str, said: str, cli: Cli) -> None:
    days = ("9-20", "9-21 --previous 2026-1", "9-22")
    cli.given("\n".join(f"{LOG} --received {day}" for day in days))
    result = cli(line.format(log=LOG))
    assert (result.out + result.err).startswith(f"{said}\n")


def test_a_receipt_that_moves_takes_the_type_of_its_point_on_that_day(cli: Cli) -> None:
    cli.given(f"point amend P001 --type 超市 --on 2026-09-15\n{LOG} --received 2026-09-21")
    for day, type_ in (("2026-09-14", "mall"), ("2026-09-15", "supermarket")):
        cli.all(f"complaint amend 2026-1 --received {day}")
        assert all_of(cli, "2026-1")["type"] == type_


def test_a_complaint_that_moves_takes_the_type_of_its_point(cli: Cli) -> None:
    cli.given(f"{LOG} --received 2026-09-21")
    assert all_of(cli, "2026-1")["handler"] == "林秀珍"
    cli.all("point amend P002 --liaison 余芳 --on 2026-09-01\ncomplaint amend 2026-1 --point 南门")
    row = all_of(cli, "2026-1")
    assert (row["point"], row["type"], row["handler"]) == ("P002", "market", "余芳")
    cli.all("point retire P001 --on 2026-09-20")
    refused = cli("complaint amend 2026-1 --point P001")
    assert refused.code == 3 and "was retired on 2026-09-20" in refused.err
    assert cli("complaint amend 2026-1 --point ''").err == "Error: point cannot be empty.\n"


@table(r"""
    line                  | dialogue | code | said
    complaint amend 2026-2 | 16 item: 电压力锅>+;>16;item (Enter: keep it, - clears it)>; \
        17 brand: 炊禾>17;brand>美家;17 brand: 美家>y | 0 | 2026-0002 is amended: brand.
    complaint amend | number:>2026-1;1 point: P001 东门商场>1;point>南门;point: P002 南门市场>y | 0 \
        | amended: point.
    complaint amend 2026-2 | complainant: 李*>n | 130 | Left; nothing was written.
    complaint amend 2026-2 | received: 2026-09-21 Mon>n | 130 | purchase: 400.00 yuan
    complaint amend 2026-9 | | 3 | There is no complaint 2026-0009
    point amend P001 | liaison: 林秀珍  13900000101>8;since>;liaison>8;since>2026-1-6; \
        since: 2026-01-06 Tue>y | 0 | P001 is amended: since.
    point amend P001 | type: mall>2;type>超市;10 on: 2026-09-28 Mon>10;on>9-1; \
        10 on: 2026-09-01 Tue>y | 0 | P001 is amended: type.
""")
def test_the_filled_form_is_shown_and_a_box_of_it_chosen(
    line: str, dialogue: str, code: str, said: str, cli: Cli
) -> None:
    cli.given(TWO)
    left, seen = cli.talk(line, dialogue)
    assert (str(left), said in seen) == (code, True), seen


@scenes(r"""
# boxes from standard input
$ complaint amend 2026-1 --from-stdin << {"brand": "炊禾"}
2026-0001 is amended: brand.
$ complaint amend 1 --from-stdin << {"number": "2026-0001", "phone": ""}
2026-0001 is amended: phone.
$ complaint show 2026-1
number | 2026-0001
point | P001
due | 2026-10-10
provisional | no
state | open
point name | 东门商场
operator type | mall
received | 2026-09-28
source | direct
channel | visit
complainant | 张*
headcount | 1
item | 锅
brand | 炊禾
kind | goods
problem | other
facts | 坏
handler | 林秀珍
2026-09-28 Mon | received | 0 |
2026-10-10 Sat | due | 5 | not yet due
# standard input that names another complaint than the line
+ log P001 --complainant 李四 --item 灯 --facts 坏 --kind goods
$ complaint amend 1 --from-stdin << {"number": "2026-0002", "phone": ""}
! Error: The JSON and the command line name a different number. Give it once.
[2]
# in words
$ complaint amend 2026-1 --brand 炊禾 --disputed 300
2026-0001 is amended: brand, disputed.
@ zh
$ 投诉 更正 2026-1 --brand 炊火 --disputed ''
2026-0001 已更正：品牌、争议金额。
# an amount paid that is filled in later is in dispute as one that was logged
+ complaint amend 2026-1 --purchase 8000
$ complaint show 2026-1
number | 2026-0001
point | P001
due | 2026-10-10
provisional | no
state | open
point name | 东门商场
operator type | mall
received | 2026-09-28
source | direct
channel | visit
complainant | 张*
phone | 139****1111
headcount | 1
item | 锅
kind | goods
problem | other
purchase | 8000.00
disputed | 8000.00
facts | 坏
handler | 林秀珍
2026-09-28 Mon | received | 0 |
2026-10-10 Sat | due | 5 | not yet due
+ complaint amend 2026-1 --purchase 7000
$ complaint show 2026-1
…
purchase | 7000.00
disputed | 7000.00
…
""")
def test_in_words(script: str, cli: Cli) -> None:
    cli.given(f"{LOG} --phone 13900001111")
    cli.plays(script)


@scenes(r"""
# what follows from a change is told with it
+ log P001 --complainant 甲 --item 锅 --facts 坏 --category electronics --purchase 399 \
    --received 2026-09-21
+ point amend P002 --liaison 余芳 --on 2026-09-01
$ complaint amend 2026-1 --point P002 --purchase 299 --category living
2026-0001 is amended: point, category, purchase.
! This also changes: type from mall to market, kind from goods to service, \
    disputed from 399.00 to 299.00, handler from 林秀珍 to 余芳.
@ zh
$ 投诉 更正 2026-1 --received 2026-09-26
2026-0001 已更正：受理日期。
! 随之变动：应办结由2026-09-29变为2026-10-09。
$ 投诉 更正 2026-1 --disputed 300 --handler 王五
2026-0001 已更正：争议金额、经办人。
$ 投诉 更正 2026-1 --disputed '' --handler '' --remark 补
2026-0001 已更正：争议金额、经办人、备注。
# an amount far above those of the same goods is doubted, however it comes in
+ log P001 --complainant 甲 --item 锅 --facts 坏 --category electronics --purchase 399
$ log P001 --complainant 乙 --item 锅 --facts 坏 --category electronics --purchase 39900000
2026-0002 …
! Not stated, so recorded: source as direct, channel as visit, problem as other.
! 39900000.00 yuan is a lot for 锅; so far the most was 399.00: is it right?
+ complaint void 2026-2 --reason 错
$ complaint amend 2026-1 --purchase 39900000
2026-0001 is amended: purchase.
! 39900000.00 yuan is a lot for 锅; so far the most was 399.00: is it right?
! This also changes: disputed from 399.00 to 39900000.00.
$ complaint amend 2026-1 --remark 已核 --purchase ''
2026-0001 is amended: purchase, remark.
! This also changes: disputed from 39900000.00 to nothing.
# a sentence that was drafted from the corrected amount
@ zh
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --disputed 600
+ close 2026-1 --outcome settled --recovered 600 \
    --handling 经双方协商，达成一致，为消费者挽回经济损失600.00元。 \
    --agreement 经双方协商，达成一致，为消费者挽回经济损失600.00元。
$ 投诉 更正 2026-1 --挽回经济损失 580
2026-0001 已更正：挽回经济损失。
! 处理经过、和解协议内容里还是更正前拟的那句话，也请更正。
$ 投诉 更正 2026-1 --挽回经济损失 570 --处理经过 已退
2026-0001 已更正：处理经过、挽回经济损失。
""")
def test_what_an_amendment_tells(script: str, cli: Cli) -> None:
    cli.plays(script)


def test_a_surprising_amendment_is_asked_once_more_at_a_terminal(cli: Cli) -> None:
    cli.log("--purchase 399")
    code, seen = cli.talk(
        "complaint amend 2026-1",
        "purchase: 399.00>9;purchase>39900000;is it right?>n;purchase>3990;"
        "is it right?>y;3990.00>y",
    )
    assert code == 0, seen
    assert cli.sql("SELECT purchase FROM complaint") == [(399000,)]


def test_a_phone_in_a_text_may_be_hidden_for_good(cli: Cli) -> None:
    cli.log("--remark '回访 13900005678'")
    assert cli("complaint amend 1 --remark '回访 139****5678'").code == 0
    for hidden in ("张*", "张**"):
        assert cli(f"complaint amend 1 --complainant {hidden}").code == 2


def test_a_promise_may_become_late_by_the_day_of_receipt(cli: Cli) -> None:
    cli.log("--promised 2026-10-09")
    cli.plays("""
        $ complaint amend 1 --received 2026-09-21
        2026-0001 is amended: received.
        ! The promised answer, 2026-10-09, is later than the due date, which stays 2026-09-29.
        ! This also changes: due from 2026-10-10 to 2026-09-29.
    """)


def test_what_another_changed_meanwhile_is_said_before_it_is_written_over(cli: Cli) -> None:
    cli.given(TWO)
    answers = iter(("16", "电压力锅", "y", "n"))

    def reply(_told: str, _prompt: Prompt) -> str:
        answer = next(answers)
        if answer == "y":
            cli.sql("UPDATE complaint SET item = '电磁炉' WHERE id = 2")
        return answer

    code, seen = replies(cli.path, ["complaint", "amend", "2026-2"], reply)
    assert (code, "item was meanwhile changed to: 电磁炉" in seen) == (130, True), seen
    assert all_of(cli, "2026-0002")["item"] == "电磁炉"
