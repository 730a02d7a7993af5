"""`words`: local words are typed, shown and kept; figures only use the fixed ones."""

import pytest
from python_calamine import CalamineWorkbook

from tests.cli.conftest import Cli, scenes
from tests.cli.registers import HEAD, ROW, write


@scenes(r"""
# a word is added, listed and retired
$ words add problem 预付式消费 --as 合同
预付式消费 (problem) counts under contract from now on.
$ 用语 添加 类别 家电 --as electronics
家电 (category) counts under household electronics from now on.
+ words add source 政务热线 --as other
@ zh
$ 用语
类别 | 家电 | 家用电子电器 |  |
问题类别 | 预付式消费 | 合同 |  |
来源 | 政务热线 | 其他转办 |  |
@ en
$ words retire 政务热线
政务热线 is retired: source.
$ words list
category | 家电 | household electronics |  |
problem | 预付式消费 | contract |  |
source | 政务热线 | other referral |  | 2026-09-28
+ words add source 政务热线 --as other
$ words list --csv
BOM kind,word,standard,point,retired
category,家电,household electronics,,
problem,预付式消费,contract,,
source,政务热线,other referral,,
# for scripts
+ words add source 政务热线 --as other
$ words list --json
[{"kind": "source", "word": "政务热线", "standard": "other", "point": null, "retired": null}]
# a word of two boxes is retired in both
+ words add problem 网购 --as false_advertising
+ words add channel 网购 --as online
$ words retire 网购
网购 is retired: channel, problem.
# what is no local word
$ words add problem - --as contract
! Error: - means an empty cell, so it cannot be a word.
[2]
$ words add problem ＮＯＮＥ --as contract
! Error: ＮＯＮＥ means an empty cell, so it cannot be a word.
[2]
$ words add problem 无 --as contract
! Error: 无 means an empty cell, so it cannot be a word.
[2]
$ words add problem 质量 --as contract
! Error: 质量 is already a fixed word: quality.
[3]
$ words add problem Quality --as contract
! Error: Quality is already a fixed word: quality.
[3]
$ words add problem 预付卡 --as 违约
! Error: problem: 违约 is not one of: quality | safety | price | measure | \
    counterfeit | contract | false advertising | dignity | after-sales service | other.
[2]
$ words add outcome 退款 --as settled
! Error: kind: outcome is not one of: category | problem | channel | request | source.
[2]
$ words add source 本所 --as direct
! Error: Among the sources, only other referral can have words of the station's own.
[3]
$ words add request 退款、赔偿 --as refund
! Error: 退款、赔偿 contains a comma, which separates words.
[2]
$ words add problem 预付卡
! Error: Missing: standard.
[2]
+ words add problem 预付卡 --as contract
$ words add problem 预付卡 --as quality
! Error: 预付卡 already counts under contract. To change that, retire it first: ledger12315 words \
    retire 预付卡
[3]
$ words retire 预付
! Error: There is no local word 预付 in use. See: ledger12315 words list
[3]
$ words list
problem | 预付卡 | contract |  |
""")
def test_words(script: str, cli: Cli) -> None:
    cli.plays(script)


@scenes(r"""
# they are taken wherever a fixed word is
+ words add problem 预付式消费 --as contract
+ words add category 家电 --as electronics
+ words add channel 微信 --as online
+ words add request 道歉 --as other
+ log P001 --complainant 张三 --item 锅 --facts 坏 --category 家电 --channel 微信 --request 退货,道歉
$ log P001 --from-stdin << {"complainant": "李四", "item": "卡", "facts": "关门", \
    "kind": "service", "problem": "预付式消费"}
2026-0002 is due by 2026-10-10 Sat; working days left: 5
! Not stated, so recorded: source as direct, channel as visit.
$ complaint list --category 家电
2026-0001 | P001 | 2026-10-10 | no | open | 2026-09-28 | 张* | 锅 | other |  |  |
$ complaint show 2026-1
…
channel | 微信
…
category | 家电
problem | other
…
request | return, 道歉
…
$ complaint show 2026-1 --json
{…"channel": "online",…"category": "electronics",…"request": "return,other",…}
$ complaint list
2026-0001 | P001 | 2026-10-10 | no | open | 2026-09-28 | 张* | 锅 | other |  |  |
2026-0002 | P001 | 2026-10-10 | no | open | 2026-09-28 | 李* | 卡 | 预付式消费 |  |  |
# they are amended like fixed ones
+ words add problem 预付式消费 --as contract
+ words add channel 微信 --as online
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --channel 微信
+ complaint amend 2026-1 --problem 预付式消费
$ complaint list --csv
BOM number,…
2026-0001,…,微信,张*,…,预付式消费,…
+ complaint amend 2026-1 --channel 电话
$ complaint list --csv
BOM number,…
2026-0001,…,phone,张*,…,预付式消费,…
+ ledger check
# a figure counts the fixed word
+ words add problem 预付式消费 --as contract
+ words add source 政务热线 --as other
+ log P001 --complainant 张三 --item 卡 --facts 关门 --kind service --problem 预付式消费 \
    --source 政务热线
+ log P001 --complainant 李四 --item 卡 --facts 关门 --kind service --problem 合同
$ rollup problem 2026Q3
contract | contract | 2 | 100.00 | 0.00 |  |  |  |
 | total | 2 | 100.00 | 0.00 |  |  |  |
! The period is not over: every figure is as of 2026-09-28.
$ rollup 3 2026Q3 --cases received_other
2026-0001 | complaint | P001 | 2026-09-28 |  | 1
# a retired one is not taken, and stays where it was
+ words add problem 预付式消费 --as contract
+ log P001 --complainant 张三 --item 卡 --facts 关门 --kind service --problem 预付式消费
+ words retire 预付式消费
$ complaint list
2026-0001 | P001 | 2026-10-10 | no | open | 2026-09-28 | 张* | 卡 | 预付式消费 |  |  |
$ complaint amend 2026-1 --problem 预付式消费
! Error: problem: 预付式消费 is not one of: quality | safety | price | measure | \
    counterfeit | contract | false advertising | dignity | after-sales service | other.
[2]
# reopening leaves it
+ words add problem 预付式消费 --as contract
+ log P001 --complainant 张三 --item 卡 --facts 关门 --kind service --problem 预付式消费
+ close 2026-1 --outcome settled
+ complaint reopen 2026-1 --reason 记错
$ complaint list
2026-0001 | P001 | 2026-10-10 | no | open | 2026-09-28 | 张* | 卡 | 预付式消费 |  |  |
""")
def test_local_words_in_words(script: str, cli: Cli) -> None:
    cli.plays(script)


def test_an_import_takes_the_stations_own_words(cli: Cli) -> None:
    """They are kept with the complaint; a word of a point's register is only read."""
    cli.all("words add problem 预付卡 --as contract")
    cli.plays("""
        > a.csv 登记编号,受理日期,投诉人,商品/服务名称,问题类别\\nA-1,2026-09-01,张三,卡,预付卡
        $ complaint import a.csv --point P001
        Rows: 1; 1 imported, 0 filled in, 0 known already or void.
        ! Not stated, so recorded: source as direct: 1, channel as visit: 1, kind as other: 1.
        $ complaint import a.csv --point P001
        Rows: 1; 0 imported, 0 filled in, 1 known already or void.
        > b.csv 登记编号,受理日期,投诉人,商品/服务名称,问题类别\\nA-2,2026-09-01,李四,锅,漏电
        + complaint import b.csv --point P001 --map 漏电=质量
        > c.csv 登记编号,受理日期,投诉人,商品/服务名称,问题类别\\nA-3,2026-09-01,王五,锅,漏电
        + complaint import c.csv --point P001
        """)
    told = cli.sql("SELECT problem || ifnull(local_words, '') FROM complaint")
    assert told == [('contract{"problem": "预付卡"}',), ("quality",), ("quality",)]


def test_they_stand_on_the_forms(cli: Cli) -> None:
    cli.all(
        """
        words add problem 预付卡 --as contract
        words add request 道歉 --as other
        log P001 --complainant 张三 --item 卡 --facts 关门 --kind service --problem 预付卡 \
            --request 退款,道歉
        export 1 --number 2026-1 -o one.xlsx
        export 2 2026Q3 -o two.xlsx
    """.replace("\\\n", "")
    )
    one, two = (
        [
            str(cell)
            for row in CalamineWorkbook.from_path(name).get_sheet_by_index(0).to_python()
            for cell in row
        ]
        for name in ("one.xlsx", "two.xlsx")
    )
    assert "预付卡" in one and "预付卡" in two
    [asked] = [cell for cell in one if "道歉" in cell]
    assert asked.endswith("□赔偿 ☑其他 （道歉）") and "☑退款" in asked


def test_they_are_offered_on_a_terminal(cli: Cli) -> None:
    cli.all("words add category 家电 --as electronics")
    given = "--item 锅 --facts 坏 --purchase 5 --channel visit --problem other --source direct"
    code, seen = cli.talk(
        f"log P001 --complainant 张三 --phone 13900001111 --received 9-28 {given}",
        "25 家电>25;request>;outcome>;category: 家电>y",
    )
    assert code == 0, seen
    assert cli.sql("SELECT category, local_words FROM complaint") == [
        ("electronics", '{"category": "家电"}')
    ]


# Of zero width, bidirectional, and a letter that fills a place.
@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\u3164"])
def test_what_nobody_sees_makes_no_other_word_or_name(sign: str, cli: Cli) -> None:
    cli.all("words add problem 预付式消费 --as contract")
    write(f"{HEAD} | 问题类别 | 处{sign}理结果\n{ROW} | 质{sign}量 | 未{sign}结")
    cli.plays(rf"""
        $ words add problem 质{sign}量 --as contract
        ! Error: 质量 is already a fixed word: quality.
        [3]
        $ words add problem 预付式{sign}消费 --as contract
        ! Error: 预付式消费 already counts under contract. To change that, retire it first: …
        [3]
        + log 东门{sign}商场 --complainant 张{sign}三 --item 卡{sign} --kind other --facts 停业 \
            --problem 预付式{sign}消费
        $ complaint show 1 --reveal
        …
        complainant | 张三
        headcount | 1
        item | 卡
        kind | other
        problem | 预付式消费
        …
        $ complaint import a.csv --point P001
        Rows: 1; 1 imported, 0 filled in, 0 known already or void.
        ! Not stated, so recorded: source as direct: 1, channel as visit: 1, kind as other: 1.
        $ words retire 预付式{sign}消费
        预付式消费 is retired: problem.
        $ register 东门{sign}商场 --type other --judgement 多 --another
        P003 东门商场 is registered: judged by the station.
        ! Is it the same as P001 东门商场? The name, or the host and address, are the same.
        …
    """)
    assert cli("complaint show 2 --json").json["problem"] == "quality"


def test_words_and_names_of_before_are_found_as_they_are_seen(cli: Cli) -> None:
    cli.all("words add problem 预付式消费 --as contract")
    cli.sql("UPDATE local_word SET word = '预付\u200b式消费'")
    cli.sql("UPDATE point SET name = '东门\u200b商场' WHERE id = 1")
    cli.plays("""
        $ words add problem 预付式消费 --as quality
        ! Error: 预付式消费 already counts under contract. To change that, retire it first: …
        [3]
        $ log 东门商场 --complainant 张三 --item 卡 --kind other --facts 停业 --problem 预付式消费
        2026-0001 is due by …
        ! Not stated, so recorded: source as direct, channel as visit.
        $ words retire 预付式消费
        预付式消费 is retired: problem.
    """)
