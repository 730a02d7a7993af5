"""`find`, and words in place of a complaint's number in every command."""

import pytest

from tests.cli.conftest import Cli, scenes
from tests.rows import table

_LOG = "log P001 --kind goods --facts 坏了 --received"
GIVEN = f"""
    {_LOG} 2025-12-01 --complainant 赵六 --item 电视机 --phone 0591-88886666
    {_LOG} 9-21 --complainant 张三 --item 电饭锅 --phone 139-1234-0000 --brand iPot
    {_LOG} 9-22 --complainant 张三丰 --item 高压锅 --phone '+86 13912349999'
    {_LOG} 9-23 --complainant 欧阳娜娜 --item 毛巾 --respondent 三楼家电柜
    {_LOG} 9-24 --complainant 李四 --item 毛毯 --phone 13900005678
    {_LOG} 9-25 --complainant 王五 --item 毛毯 --phone 13900005679
"""


@table("""
    words                      | found
    13912340000                | 2026-0001
    139-1234-0000              | 2026-0001
    １３９１２３４００００      | 2026-0001
    '139 1234 0000'            | 2026-0001
    +8613912349999             | 2026-0002
    13912349999                | 2026-0002
    059188886666               | 2025-0001
    1234                       |
    0000                       | 2026-0001
    ９９９９                   | 2026-0002
    6666                       | 2025-0001
    88886666                   | 2025-0001
    8886666                    |
    1391234                    |
    12349999                   |
    912                        |
    P001                       | 2026-0005 2026-0004 2026-0003 2026-0002 2026-0001 2025-0001
    东门商场                   | 2026-0005 2026-0004 2026-0003 2026-0002 2026-0001 2025-0001
    门商                       | 2026-0005 2026-0004 2026-0003 2026-0002 2026-0001 2025-0001
    张三                       | 2026-0002 2026-0001
    张三 电饭锅                | 2026-0001
    锅                         | 2026-0002 2026-0001
    电                         | 2026-0003 2026-0001 2025-0001
    iPot                       | 2026-0001
    ｉＰｏｔ                   | 2026-0001
    家电柜                     | 2026-0003
    2026-0003                  | 2026-0003
    2025-                      | 2025-0001
    '(-)'                      |
    坏了                       |
    张三 毛巾                  |
""")
def test_what_is_found_by_which_words(words: str, found: str, cli: Cli) -> None:
    cli.given(GIVEN)
    told = [each["number"] for each in cli(f"find {words} --json").json]
    assert " ".join(told) == found


# Each is found by every way to write it.
PHONES = """
    +86 591 12345678, 0591-12345678, 059112345678, +8659112345678, (0591)12345678, 0591 12345678
    010-12345678转801, 01012345678, 010-12345678, +86 10 12345678, ０１０－１２３４５６７８
    0594.7654321, 0594-7654321, 05947654321
    138.0013.8000, 13800138000, 138-0013-8000, +86 138 0013 8000, 138 0013 8000
    139/0000/1111, 13900001111
"""


@pytest.mark.parametrize("written", PHONES.strip().splitlines())
def test_a_phone_is_found_however_it_was_written(written: str, cli: Cli) -> None:
    every_way = written.strip().split(", ")
    cli.given(GIVEN)
    cli.all(
        "\n".join(
            f"{_LOG} 9-28 --complainant 甲 --item 杯 --phone '{phone}'" for phone in every_way
        )
    )
    for phone in every_way:
        found = cli(f"find '{phone}' --json").json
        assert len(found) == len(every_way), phone
        assert len(cli(f"find '鞋 {phone.replace(' ', '')}' --json").json) == 0


def test_a_long_serial_is_a_number_before_it_is_part_of_a_phone(cli: Cli) -> None:
    cli.given(GIVEN)
    cli.sql("UPDATE complaint SET serial = 1234, number = '2026-1234' WHERE number = '2026-0005'")
    assert cli("complaint show 1234 --json").json["number"] == "2026-1234"


@table("""
    words
    ＡＢＣ
    ABC
    ＡＢＣ锅
    ABC锅
""")
def test_letters_are_found_in_either_width(words: str, cli: Cli) -> None:
    cli.given(
        f"{_LOG} 9-28 --complainant 甲 --item ＡＢＣ锅\n{_LOG} 9-28 --complainant 甲 --item ABC锅"
    )
    told = [each["number"] for each in cli(f"find {words} --json").json]
    assert told == ["2026-0002", "2026-0001"]


@table("""
    act                                       | number | what
    close {} --outcome settled                | 1      | 2026-0001
    close {} --outcome settled                | 13912340000 | 2026-0001
    close {} --outcome settled                | 娜娜   | 2026-0003
    complaint escalate {} --reason 疑难       | 电饭锅 | 2026-0001
    complaint amend {} --handling 已调换      | 毛巾   | 2026-0003
    complaint void {} --reason 重复           | 5678   | 2026-0004
    explain {}                                | 毛巾   | 2026-0003
    complaint show {} --json                  | 毛巾   | 2026-0003
    log P001 --like {} --complainant 甲 --facts 坏 | 毛巾 | 2026-0006
    log P001 --previous {} --kind goods --item 杯 --complainant 甲 --facts 坏 | 毛巾 | 2026-0006
    record major P001 --number {} --json      | 毛巾   | "kind": "major"
""")
def test_words_stand_for_a_number(act: str, number: str, what: str, cli: Cli) -> None:
    cli.given(GIVEN)
    result = cli(act.format(number))
    assert result.code == 0 and what in result.out, result


@scenes(r"""
# a serial is the latest year's that has it
$ complaint show 1 --json
{"number": "2026-0001", …
$ complaint show 7
! Error: There is no complaint 7. See: ledger12315 find WORDS
[3]
# a number that is none is not looked for in other boxes
+ log P001 --complainant 甲 --item 12V电池9 --facts 坏 --kind goods
$ close 9 --outcome settled
! Error: There is no complaint 9. See: ledger12315 find WORDS
[3]
# of several the one that the act allows is taken
+ close 5 --outcome settled
$ complaint reopen 毛毯 --reason 记错
2026-0005 is open again; its history keeps what was undone.
# several are told, by what tells them apart
$ close 毛毯 --outcome settled
! Error: 毛毯 fits several complaints: 2. Use the number. To list them: ledger12315 find WORDS
!   2026-0005 has been open since 2026-09-25: 王*, 毛毯
!   2026-0004 has been open since 2026-09-24: 李*, 毛毯
[3]
@ zh
$ 办结 毛毯 --outcome settled
! 错误：“毛毯”对应 2 件投诉，请写编号。全部列出：ledger12315 查找 内容
!   2026-0005 自 2026-09-25 受理，尚未办结：王*，毛毯
!   2026-0004 自 2026-09-24 受理，尚未办结：李*，毛毯
[3]
# a phone that nobody has is not said
$ explain 13900001111
! Error: There is no complaint 139****1111. See: ledger12315 find WORDS
[3]
# what several points are called is told
$ find 门
! 门 fits several points: P001 东门商场, P002 南门市场. Use the code.
# of points with one name that which is not retired is meant
+ point retire P002 --on 2026-09-26
+ register 南门市场 --type other --judgement 纠纷多
$ find 南门市场
! Nothing is found.
$ find 门
! 门 fits several points: P001 东门商场, P002 南门市场 (retired), P003 南门市场. Use the code.
# nothing found is no error
$ find 电冰箱
! Nothing is found.
% 80 find 电冰箱
$ find 电冰箱 --json
[]
! Nothing is found.
# names stay masked
$ find 李四
2026-0004 | P001 | 2026-10-09 | no | open | 2026-09-24 | 李* | 毛毯 | other |  |  |
# the earlier complaint is found by words, and never the one at hand alone
$ complaint amend 4 --previous 毛巾
2026-0004 is amended: previous.
$ complaint amend 4 --previous 李四
! Error: 2026-0004 is not earlier than 2026-0004.
[3]
""")
def test_in_words(script: str, cli: Cli) -> None:
    cli.given(GIVEN)
    cli.plays(script)


def test_a_file_is_named_by_the_number_and_not_by_the_consumer(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(cli.path.parent)
    cli.given(GIVEN)
    assert cli("export 1 --number 李四").code == 0
    assert [each.name for each in cli.path.parent.glob("*.xlsx")] == [
        "附件1_2026-0004_东门所.xlsx"
    ]


@scenes(r"""
# several are closed with one answer
$ close 1 2 毛巾 --outcome settled
2026-0001 closed (settled): on time; working days used: 4, due 2026-09-29 Tue
2026-0002 closed (settled): on time; working days used: 3, due 2026-09-30 Wed
2026-0003 closed (settled): on time; working days used: 2, due 2026-10-08 Thu
# as JSON, a list
$ close 4 5 --outcome settled --json
[{"number": "2026-0004", "outcome": "settled", "closed": "2026-09-28", "due": "2026-10-09", \
    "on_time": true, "working_days": 1, "doubts": []}, {"number": "2026-0005", "outcome": \
    "settled", "closed": \
    "2026-09-28", "due": "2026-10-09", "on_time": true, "working_days": 1, "doubts": []}]
# all or nothing
+ close 2 --outcome settled
$ close 1 2 --outcome settled
! Error: 2026-0002 was closed on 2026-09-28; possible now: amend, reopen, void.
!   The problem is in 2. Nothing was written.
[3]
$ close 1 3 --outcome settled --closed 9-22
! Error: closed 2026-09-22 is before the day of receipt, 2026-09-23.
!   The problem is in 3. Nothing was written.
[3]
$ complaint list --state closed --json
[{"number": "2026-0002", …
# they are told and archived with one answer
+ close 1 2 --outcome settled
$ complaint amend 1 2 --answered today --archive-no 榕1
2026-0001 is amended: answered, archive_no.
2026-0002 is amended: answered, archive_no.
$ complaint amend 1 9 --answered today
! Error: There is no complaint 9. See: ledger12315 find WORDS
!   The problem is in 9. Nothing was written.
[3]
# a round of visits
$ record visit P001 南门 --text 例行走访
Recorded for 东门商场 on 2026-09-28; visit: 1 (record 1)
Recorded for 南门市场 on 2026-09-28; visit: 1 (record 2)
$ record visit P001 北门
! Error: There is no point 北门. See: ledger12315 point list
!   The problem is in 北门. Nothing was written.
[3]
$ record list visit --json
[{"id": 1, …}, {"id": 2, …}]
$ record visit P001 P002 --on today --json
[{"id": 3, "kind": "visit", "point": "P001", "on": "2026-09-28", "count": 1, "doubts": []}, \
    {"id": 4, "kind": \
    "visit", "point": "P002", "on": "2026-09-28", "count": 1, "doubts": []}]
# without any
$ close --outcome settled
! Error: Missing: number.
[2]
""")
def test_several_at_once(script: str, cli: Cli) -> None:
    cli.given(GIVEN)
    cli.plays(script)


def test_of_many_that_fit_ten_are_told(cli: Cli) -> None:
    cli.given(GIVEN)
    names = "甲乙丙丁戊己庚辛壬"
    cli.all("\n".join(f"{_LOG} 9-26 --complainant {name}某 --item 毛毯" for name in names))
    told = cli("close 毛毯 --outcome settled").err.splitlines()
    assert "毛毯 fits several complaints: 11." in told[0]
    assert len(told) == 1 + 10
