"""`log --like`: repeated boxes come from an earlier complaint, but none of its consumer."""

from ledger12315.boxes.forms import LOG
from ledger12315.boxes.worded import local_word
from ledger12315.ledger.complaints.finding import find_complaint
from ledger12315.ledger.complaints.views import copied_boxes
from ledger12315.ledger.store.opening import reading
from tests.cli.conftest import Cli, scenes
from tests.rows import table

FIRST = """
    log P002 --complainant 张三 --phone 13900001111 --consumer-address 东街3号 --item 锅 --brand 炊禾 \
        --model 5L --category electronics --problem quality --facts 不加热 --purchase 300 \
        --respondent 三楼柜 --respondent-contact 王五 --respondent-address 三楼 \
        --respondent-phone 0591-7654321 --received 2026-09-21 --source referred \
        --referral-no 榕消3 --channel phone --request refund --quantity 1 --promised 2026-09-25
    log P001 --complainant 张三 --item 送货 --kind service --facts 不送 --received 2026-09-21
"""
_REPEATED = (
    "point category kind item brand model problem respondent respondent_contact"
    " respondent_address respondent_phone"
)
_NEW = (
    "received complainant facts disputed source channel previous phone consumer_address quantity"
    " request purchase promised referral_no"
)


@table(r"""
    options                                            | stands
    --like 2026-1                                      | P002 electronics goods 锅 炊禾 5L quality \
        三楼柜 王五 三楼 0591-7654321
    P001 --like 2026-1 --respondent-phone 059100002222 | P001 electronics goods 锅 炊禾 5L quality \
        三楼柜 王五 三楼 059100002222
    --like 2026-1 --kind service                       | P002 None service 锅 炊禾 5L quality \
        三楼柜 王五 三楼 0591-7654321
    --like 2026-1 --category food --item 鱼 --brand 无 | P002 food goods 鱼 None 5L quality \
        三楼柜 王五 三楼 0591-7654321
    --like 2026-2                                      | P001 None service 送货 None None other \
        None None None None
    --like 2026-2 --category tourism                   | P001 tourism service 送货 None None other \
        None None None None
""")
def test_what_repeats(options: str, stands: str, cli: Cli) -> None:
    cli.given(FIRST)
    cli.all(f"log {options} --complainant 李四 --facts 漏电")
    shown = cli("complaint show 2026-3 --json --reveal").json
    assert " ".join(str(shown[key]) for key in _REPEATED.split()) == stands
    new = [shown[key] for key in _NEW.split()]
    assert new == [*["2026-09-28", "李四", "漏电", None, "direct", "visit"], *[None] * 8]


@scenes(r"""
# standard input comes before what repeats
$ log --like 2026-1 --from-stdin --json << {"complainant": "李四", "facts": "漏电", "item": \
    "电水壶", "point": "P001", "kind": "goods"}
{"number": "2026-0003", "point": "P001", "received": "2026-09-28", "due": "2026-10-10", \
    "provisional": false, "alike": [], "doubts": []}
! Not stated, so recorded: source as direct, channel as visit.
$ complaint show 2026-3
number | 2026-0003
point | P001
due | 2026-10-10
provisional | no
state | open
point name | 东门商场
operator type | mall
received | 2026-09-28
source | direct
channel | visit
complainant | 李*
headcount | 1
respondent | 三楼柜
respondent contact | 王*
respondent address | 三楼
respondent phone | 0591-****4321
item | 电水壶
brand | 炊禾
model | 5L
kind | goods
problem | quality
facts | 漏电
handler | 林秀珍
2026-09-28 Mon | received | 0 |
2026-10-10 Sat | due | 5 | not yet due
# in words of the station's own that are in use
+ words add category 生鲜 --as food
+ words add problem 预付式消费 --as contract
+ log P001 --item 卡 --category 生鲜 --problem 预付式消费 --complainant 甲 --facts 坏
+ log --like 3 --complainant 乙 --facts 坏
+ words retire 生鲜
+ log --like 3 --complainant 丙 --facts 坏
$ complaint show 4
…
category | 生鲜
problem | 预付式消费
…
$ complaint show 5
…
category | food
problem | 预付式消费
…
# there must be such a complaint
$ log P001 --like 2026-7
! Error: There is no complaint 2026-0007. See: ledger12315 find WORDS
[3]
$ log P001 --like 七
! Error: There is no complaint 七. See: ledger12315 find WORDS
[3]
""")
def test_in_words(script: str, cli: Cli) -> None:
    cli.given(FIRST)
    cli.plays(script)


def test_at_a_terminal_only_the_rest_is_asked_and_other_names_stay_masked(cli: Cli) -> None:
    cli.given(FIRST)
    dialogue = (
        "received>;source>1;channel>1;complainant:>李四;phone>;request>;purchase>;facts:>漏电;"
        "outcome>;Write it?>y"
    )
    code, seen = cli.talk("log --like 2026-1", dialogue)
    assert code == 0
    told = ("point: P002 南门市场", "respondent contact: 王*", "respondent phone: 0591-****4321")
    assert [each for each in told if each not in seen] == []
    assert "王五" not in seen and "张三" not in seen


def test_a_copy_has_every_box_and_the_words_in_use(cli: Cli) -> None:
    cli.given("""
        words add category 生鲜 --as food
        words add request 道歉信 --as other
        words add problem 缺斤少两 --as measure
        log P001 --complainant 张三 --item 鱼 --category 生鲜 --problem 缺斤少两 --facts 少 \
            --request 退款,道歉信 --received 2026-09-21 --purchase 30
        words retire 缺斤少两
    """)
    with reading(cli.path) as ledger:
        copied = copied_boxes(ledger, find_complaint(ledger, "1"), LOG)
    assert " ".join(f"{key}={local_word(value)}" for key, value in copied.items()) == (
        "received=2026-09-21 source=direct channel=visit complainant=张三 item=鱼 category=生鲜"
        " problem=measure purchase=3000 facts=少 request=refund,道歉信"
    )
    assert (copied["category"], copied["request"]) == ("food", "refund,other")
