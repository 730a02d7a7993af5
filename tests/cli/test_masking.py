"""Names and phones: masked in every output, unless revealed, which is recorded."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger12315.boxes.masks import mask_message
from ledger12315.errors import message
from tests.cli.conftest import Cli
from tests.rows import cells, for_all, table

OBJECT = '"point": "P001", "complainant": "张三", "item": "锅", "facts": "坏", "category": "食品"'
PERSONAL = (
    "--complainant 欧阳娜娜 --phone 13900001111 --consumer-address 东街3号201室"
    " --respondent-contact 孙小美 --respondent-phone 0591-00002222 --handler 周大福"
    " --facts '欧阳娜娜来电13900003333' --handling '孙小美已致电13900003333' --remark '可找孙小美'"
    " --item 13900004444的锅"
)
SECRETS = "欧阳娜娜 13900001111 东街3号201室 孙小美 0591-00002222 13900003333 13900004444"


SHOWN = cells("""
    complaint list             | complaint list
    complaint list --json      | complaint list
    complaint list --csv       | complaint list
    complaint show 2026-1      | complaint show 2026-0001
    complaint show 2026-1 --json | complaint show 2026-0001
    overdue --within 5         | overdue
    overdue --within 5 --json  | overdue
    overdue --within 5 --csv   | overdue
    ledger history --json      | ledger history
""")


def test_they_are_masked_unless_revealed(cli: Cli) -> None:
    cli.logged(PERSONAL)
    cli.set.setenv("LEDGER12315_USER", "王五")
    for done, (line, recorded) in enumerate(SHOWN):
        masked, secrets = shown(cli, line), SECRETS.split()
        assert "*" in masked and [secret for secret in secrets if secret in masked] == [], line
        assert cli.sql("SELECT count(*) FROM disclosure") == [(done,)], line
        revealed = shown(cli, f"{line} --reveal")
        assert "*" not in revealed and [secret for secret in secrets if secret in revealed], line
        [(user, command)] = cli.sql(
            "SELECT user, command FROM disclosure ORDER BY id DESC LIMIT 1"
        )
        assert (user, command.removeprefix("ledger12315 ")) == ("王五", recorded)


def test_what_was_said_as_a_result_was_told_is_masked(cli: Cli) -> None:
    cli.logged("--complainant 欧阳娜娜")
    said = "--answered-how 告知欧阳娜娜13900003333 --followed-up-how 欧阳娜娜说好，13900003333"
    cli.all(f"close 2026-1 --outcome settled --answered 9-28 --followed-up 9-28 {said}")
    shown = cli("complaint show 2026-1 --json").json
    masked = ["告知欧阳**139****3333", "欧阳**说好，139****3333"]
    assert [shown["answered_how"], shown["followed_up_how"]] == masked
    changes = {each["box"]: each["becomes"] for each in cli("ledger history 2026-1 --json").json}
    assert [changes["answered_how"], changes["followed_up_how"]] == masked


def test_goods_that_name_the_consumer_are_masked_wherever_they_are_listed(cli: Cli) -> None:
    goods = "--item 欧阳娜娜13900001111的锅 --purchase 9000"
    cli.logged(f"--complainant 欧阳娜娜 --phone 13900001111 --received 9-1 --promised 9-2 {goods}")
    for phone in ("0591-7654321", "7654321"):
        cli.logged(f"--phone {phone} --received 9-1 --promised 9-2 --item 7654321的碗")
    masked = "欧阳**139****1111的锅"
    for line in ("overdue", "overdue --json", "overdue --mail", "today", "today --json"):
        assert masked in (seen := shown(cli, line)) and "娜" not in seen, line
        assert "****4321的碗" in seen and "7654321" not in seen, line
    assert "欧阳娜娜13900001111的锅" in shown(cli, "overdue --reveal")
    for line in ("close", "complaint void", "complaint escalate"):
        _, seen = cli.talk(line, "number: > ^D")
        assert f"1 2026-0001 {masked}" in seen and "娜" not in seen, line


WITH_PHONES = cells("""
    explain 2026-1                        | 打139****3333
    explain 2026-1 --json                 | 打139****3333
    explain 2026-1 --csv                  | 打139****3333
    calendar show 2026 --json             | 打139****3333
    point show P001 --json                | 百货139****4444
    export publicity 2026Q3 --json -o 13900005555.xlsx | 百货139****4444 13900005555.xlsx
    export publicity 2026Q3 --csv         | 百货139****4444
    rollup assessment 2026Q3 --json       | 百货139****4444
""")


def test_a_phone_in_a_text_that_should_hold_none_is_masked_in_every_form(cli: Cli) -> None:
    cli.logged("--respondent 3号柜")
    cli.all("""
        close 2026-1 --outcome settled
        point amend P001 --name 百货13900004444
        calendar day 2026-09-30 --rest --why 打13900003333
    """)
    for line, masked in WITH_PHONES:
        shown = cli(line)
        assert [text for text in masked.split() if text not in shown.out] == [], line
        assert not {"13900003333", "13900004444"} & {*re.findall(r"\d{11}", shown.out)}, line


PEOPLE = cells("""
    point list                 | 林秀珍 13900000101 陈建平 13900000202
    point list --json          | 林秀珍 13900000101 陈建平 13900000202
    point show P001            | 林秀珍 13900000101 陈建平 13900000202 王大明
    point show P001 --json     | 林秀珍 13900000101 陈建平 13900000202 王大明
    overdue --within 5         | 陈建平
    complaint show 2026-1      | 周大福
    ledger history --json      | 林秀珍 13900000101 陈建平 13900000202 周大福 王大明
    rollup assessment 2026Q2   | 陈建平
    today --within 250         | 林秀珍
""")


def test_who_handles_complaints_is_shown_as_on_the_wall(cli: Cli) -> None:
    """三(二)2"""
    cli.logged(PERSONAL)
    cli.all("point inspect P001 --office yes --inspector 王大明")
    for line, people in PEOPLE:
        seen = cli(line).out
        assert [each for each in people.split() if each not in seen] == [], line


REVEALS_NOTHING = cells("""
    complaint show 2026-9 --reveal    | 3
    complaint list --point x --reveal | 3
    complaint list --state x --reveal | 2
    complaint list --period 2019 --reveal | 0
    point list --reveal               | 0
    point show P001 --reveal          | 0
    point show P001 --json --reveal   | 0
    record list --reveal              | 0
    overdue --within 9 --reveal       | 0
    record informant 9                | 3
    complaint import a.csv --point P001 --reveal | 5
""")


def test_what_reveals_nothing_is_not_recorded(cli: Cli) -> None:
    cli.logged("--phone 13900001234")
    Path("a.csv").write_text("登记编号,受理日期,投诉人,商品/服务名称\nA-1,明天,张三,锅\n", "utf-8")
    for line, code in REVEALS_NOTHING:
        assert str(cli(line).code) == code, line
        assert cli.sql("SELECT count(*) FROM disclosure") == [(0,)], line


def shown(cli: Cli, line: str) -> str:
    result = cli(line)
    assert result.code == 0
    return result.line if "--json" in line else result.out


MASKED = cells("""
    complainant      | 张三                         | 张*
    complainant      | 李                           | 李*
    complainant      | 欧阳娜娜                     | 欧阳**
    phone            | 13900005678                  | 139****5678
    phone            | 0591-00005678                | 0591-****5678
    phone            | 010-00005678                 | 010-****5678
    brand            | 0107654321                   | 010-****4321
    consumer_address | 榕溪县东街3号                | 榕溪县****
    facts            | 张三(13900005678)称不加热    | 张*(139****5678)称不加热
    remark           | 张三再来                     | 张*再来
    handler          | 林秀珍                       | 林秀珍
    facts            | 证号350123199001011234       | 证号350****1234
    facts            | 35012319900101123X           | 350****1123
    facts            | 13900005678 13900001234      | 139****5678 139****1234
    facts            | +86 13900005678              | 139****5678
    facts            | 称+8613900005678来电         | 称139****5678来电
    facts            | 8613900005678                | 139****5678
    facts            | 139.0000.5678                | 139****5678
    facts            | 139-0000-5678                | 139****5678
    facts            | 139 0000 5678、139．0000．5678 | 139****5678、139****5678
    facts            | １３９００００５６７８       | 139****5678
    facts            | 打（0591）0000-5678          | 打（0591-****5678
    facts            | 12 139.0000.5678             | 12 139****5678
    facts            | 工单1234567                  | 工单1234567
    facts            | 付1299.00元，见2026-0012     | 付1299.00元，见2026-0012
""")


def test_how_a_box_is_masked(cli: Cli) -> None:
    for box, given, _ in MASKED:
        cli.logged(f"--{box.replace('_', '-')} '{given}'")
    found = cli("complaint list --json").json
    told = [row[box] for (box, _, _), row in zip(MASKED, found, strict=True)]
    assert told == [masked for _, _, masked in MASKED]


def test_a_phone_is_masked_in_whichever_box_it_stands(cli: Cli) -> None:
    boxes = ["item", "respondent", "respondent-address", "brand", "model", "quantity", "voucher"]
    cli.logged(" ".join(f"--{box} '{box}见13900001111'" for box in boxes))
    seen = cli("complaint show 2026-1").out
    assert [box for box in boxes if f"{box}见139****1111" not in seen] == []
    assert "13900001111" not in seen


PHONES = """
    139.0000.1111; +8613900001111; 139-0000-1111; １３９００００１１１１; (0591)0000-1111; 139/0000/1111;
    139，0000，1111; 139_0000_1111; 139 - 0000 - 1111; 139\u200b0000\u200b1111; 0591/00001111
"""


def test_a_phone_is_masked_however_it_is_written(cli: Cli) -> None:
    phones = [*map(str.strip, PHONES.split(";"))]
    for phone in phones:
        cli.logged(f"--item '见{phone}' --facts '见{phone}'")
    found = cli("complaint list --json").json
    seen = "\n".join(row["item"] + row["facts"] for row in found)
    assert len(found) == len(phones)
    assert [phone for phone in phones if phone in seen] == []


@for_all("""
    line                                              | stdin | written
    log --from-stdin                                  | {OBJECT, "kind": "PHONE"} |
    log --from-stdin                                  | {OBJECT, "received": "PHONE"} |
    log --from-stdin                                  | {OBJECT, "point": "PHONE"} |
    log --from-stdin                                  | {OBJECT, "disputed": "PHONE整"} |
    log --from-stdin                                  | {OBJECT, "previous": "PHONE"} |
    log --from-stdin                                  | {OBJECT, "见PHONE": "x"} |
    log --from-stdin                                  | {OBJECT, "见PHONE": "x", "见PHONE": "x"} |
    log PHONE --complainant x --item x --facts x --kind goods | |
    log P001 --complainant x --item x --facts x --kind PHONE | |
    log P001 --complainant 张三 PHONE                 | |
    log P001 --like PHONE                             | |
    close PHONE --outcome settled                     | |
    PHONE                                             | |
    overdue --as-of PHONE                             | |
    overdue --within PHONE                            | |
    rollup PHONE 2026Q3                               | |
    rollup 3 PHONE                                    | |
    record list PHONE                                 | |
    returns status PHONE                              | |
    settings set PHONE 1                              | |
    settings set notice_from PHONE                  | |
    ledger check --head PHONE                         | |
    calendar show PHONE                               | |
    export PHONE                                      | |
    close PHONE --outcome settled                     | | 139-0000-1111
    PHONE                                             | | +8613900001111
    close PHONE --outcome settled                     | | 139/0000/1111
    PHONE                                             | | tel-code13900001111
    log --from-stdin                                  | {OBJECT, "kind": "PHONE"} | 139-0000-1111
    log --from-stdin | {OBJECT, "kind": "PHONE"} | tel-code13900001111
""")
def test_a_phone_in_the_wrong_place_is_masked_in_the_error(
    line: str, stdin: str, written: str, cli: Cli
) -> None:
    """However it is written."""
    phone = written or "13900001111"
    given = stdin.replace("OBJECT", OBJECT).replace("PHONE", phone)
    wrong = cli(line.replace("PHONE", phone), stdin=given)
    assert wrong.code in (2, 3) and phone not in wrong.err and phone[3:] not in wrong.err


@for_all(("given", "shown"), [(200, 200 * "字"), (201, f"{200 * '字'}…")])
def test_a_value_in_a_sentence_has_an_end(given: int, shown: str) -> None:
    masked = mask_message(message("{text} is no day", text=given * "字"))
    assert masked.values == {"text": shown}


def test_an_amount_in_json_is_no_phone(cli: Cli) -> None:
    cli.logged("--disputed 13812345678")
    rows = cli("rollup 3 2026Q3 --json").json["rows"]
    assert [row["total"] for row in rows if row["code"] == "21"] == ["13812345678.00"]


KNOWN = """
    log P001 --complainant 欧阳娜娜 --item 锅 --facts 坏 --kind goods --respondent-contact 孙小美
    complaint amend 2026-1 --complainant 张三丰
    record lead P001 --informant '赵知情 13900003333'
    record training P001 --attended 李小四、王二麻
    point inspect P001 --office yes --inspector 钱大明
    point amend P001 --liaison 吴新来 --on 2026-09-02
    log P001 --complainant 消费者 --item 锅 --facts 坏 --kind goods
    log P001 --complainant 李 --item 锅 --facts 坏 --kind goods
"""
NAMED = "欧阳娜娜、张三丰、孙小美、赵知情、李小四、王二麻、钱大明、吴新来、林秀珍、陈建平；消费者和李子"
HIDDEN = "欧阳**、张**、孙**、赵**、李**、王**、钱**、吴**、林**、陈**；消费者和李子"


TEXTS = cells("""
    record major P001 --text NAMED               | record list
    record visit P001 --raised NAMED             | record list --json
    log P001 --complainant 张三 --item 锅 --facts NAMED --kind goods | complaint show 2026-4
    log P001 --complainant 张三 --item 锅 --facts NAMED --kind goods | complaint show 2026-5 --json
    complaint amend 2026-3 --remark NAMED        | ledger history 2026-3
    complaint void 2026-3 --reason NAMED         | complaint show 2026-3
    point inspect P001 --sign no:NAMED           | point show P001
""")


def test_a_text_is_masked_by_every_name_the_ledger_knows(cli: Cli) -> None:
    """Of other cases, of earlier values, of liaisons, officers, informants; not common words."""
    cli.given(KNOWN)
    for act, line in TEXTS:
        cli.all(act.replace("NAMED", NAMED))
        seen = shown(cli, line)
        assert HIDDEN in seen and NAMED not in seen, act
        assert NAMED in shown(cli, f"{line} --reveal"), act


@table("""
    box                    | names                | shown
    张志远、陈小娟         | 张志远和陈小娟       | 张**和陈**
    林小虎 陈小军          | 陈小军               | 陈**
    欧阳和平和张和平       | 欧阳和平、张和平     | 欧阳**、张**
    王小明夫妇             | 王小明               | 王**
    赵大海等3人（钱小燕）  | 赵大海，钱小燕       | 赵**，钱**
    欧阳娜娜, John Smith   | John Smith、欧阳娜娜 | J*********、欧阳**
    周 五、吴 六           | 周五、吴六           | 周*、吴*
    郑七 等 3 人           | 郑七                 | 郑*
    冯一和陈二和褚三       | 褚三、陈二           | 褚*、陈*
    卫四（委托人：蒋五）   | 蒋五                 | 蒋*
    沈六(代韩七)           | 韩七                 | 韩*
    赵铁柱（电话）         | 赵铁柱接电话         | 赵**接电话
    周六（东门百货）       | 周六在东门百货       | 周*在东门百货
""")
def test_each_name_in_a_box_is_masked_in_texts(box: str, names: str, shown: str, cli: Cli) -> None:
    cli.logged(f"--complainant '{box}' --facts '{names}来过'")
    assert f"{shown}来过" in cli("complaint show 1").out
    assert names not in cli("ledger history 1").out


@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\ufe0f"])
def test_what_nobody_sees_hides_no_name_from_the_mask(sign: str, cli: Cli) -> None:
    """A text of before, or of a narrative, which keeps every character."""
    cli.given(KNOWN)
    cli.all(f"complaint amend 2026-3 --remark 欧阳{sign}娜娜、138{sign}0013{sign}8000")
    for line in ("complaint show 2026-3", "complaint list --json", "ledger history 2026-3"):
        seen = cli(line).out
        assert "欧阳**、138****8000" in seen and "娜娜" not in seen


def test_a_phone_of_the_case_is_masked_in_every_text_of_it(cli: Cli) -> None:
    """A present or former one, also without its area code; of another case it may be a batch."""
    cli.logged(
        "--phone 0591-86543210 --item 锅86543210 --facts '86543210、87650000，批号20261103'"
    )
    cli.logged("--phone 13900001111 --item 锅86543210")
    cli.all("""
        complaint amend 1 --respondent-phone 87650000
        complaint amend 1 --phone 13900001111
    """)
    for line in ("complaint list", "complaint list --json", "find 锅", "complaint show 1"):
        seen = cli(line).out
        assert "锅****3210" in seen and ("show" in line) == ("锅86543210" not in seen), line
    told = cli("complaint show 1").out + cli("ledger history 1 --json").out
    assert "****3210、****0000，批号20261103" in told and "86543210" not in told
    cli.all("ledger share a.sqlite")
    with closing(sqlite3.connect("a.sqlite")) as copy:
        goods = copy.execute('SELECT "商品/服务名称" FROM 投诉').fetchall()
    assert goods == [("锅****3210",), ("锅86543210",)]


def test_numbers_of_files_are_shown_as_they_are(cli: Cli) -> None:
    cli.logged("--source referred --referred 9-28 --referral-no 0591-20260003 --item 锅")
    numbers = "0591-2026-0007、0591-20260003"
    cli.all(f"close 1 --outcome settled --archive-no 0591-2026-0007 --remark '见{numbers}'")
    seen = cli("complaint show 1").out
    assert "0591-20260003" in seen.split() and f"见{numbers}" in seen


def test_no_masked_phone_is_rebuilt_by_a_search(cli: Cli) -> None:
    cli.logged("--phone 13911112222 --facts '致电139-1234-5678' --item 13900003333的锅")
    asked = [f"139-1234-5{digit}" for digit in "0123456789"]
    asked += ["1391234", "39-12", "1111", "13911112222"]
    assert [text for text in asked if cli(f"complaint list --text {text} --json").json] == []
    for text in ("13912345678", "139-1234-5678", "5678", "致电", "3333"):
        assert len(cli(f"complaint list --text {text} --json").json) == 1, text
    assert [cli(f"find {text} --json").json for text in ("1390000", "90000")] == [[], []]
    assert len(cli("find 13900003333 --json").json) == len(cli("find 3333 --json").json) == 1
