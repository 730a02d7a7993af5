"""`export publicity`: operators with counts and results; no consumer, no text, no slips."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import Cli, scenes

# P001's host is 东门百货公司. 3 is void, 5 taken back, 6 the same matter as 2, 7 of a void one.
LIFE = """
    point amend P001 --host 东门百货公司 --credit-code 91350000MA00000001 --on 2026-01-05
    log P001 --complainant 甲一 --item 锅 --facts 坏 --category 家用电子电器 --problem 质量 \
        --received 2026-07-06
    log P001 --complainant 甲二 --item 鞋 --facts 坏 --category 服装鞋帽 --problem 质量 \
        --respondent 小王鞋店 --received 2026-07-07
    log P001 --complainant 甲三 --item 鞋 --facts 坏 --kind goods --received 2026-07-08
    log P001 --complainant 甲四 --item 靴 --facts 坏 --category 服装鞋帽 --problem 价格 \
        --respondent '小王 鞋店' --received 2026-07-09
    log P001 --complainant 甲五 --item 鞋 --facts 坏 --kind goods --received 2026-07-10
    log P001 --complainant 甲二 --item 鞋 --facts 坏 --kind goods --respondent 小王鞋店 \
        --previous 2 --received 2026-07-20
    log P002 --complainant 甲三 --item 鞋 --facts 坏 --kind goods --previous 3 \
        --received 2026-07-21
    close 2026-0001 --outcome settled --closed 2026-07-08
    close 2026-0002 --outcome settled --closed 2026-07-08
    close 2026-0004 --outcome advised --closed 2026-07-15 --told 2026-07-15
    close 2026-0005 --outcome withdrawn --closed 2026-07-11
    complaint void 2026-0003 --reason 重复
"""


@pytest.fixture
def life(cli: Cli) -> Cli:
    cli.given(LIFE)
    return cli


@scenes(r"""
# the rows, and what is left out
$ export publicity 2026Q3 --csv
BOM point,point name,operator,credit code,categories,problems,received,closed,settled,advised,\
    mediated,mediation failed,unreachable,other,settled rate
P001,东门商场,小王鞋店,,clothing and shoes 2,"quality 1, price 1",2,2,1,1,0,0,0,0,50.00 (1/2)
P001,东门商场,东门百货公司,91350000MA00000001,household electronics 1,quality 1,1,1,1,0,0,0,0,0,\
    100.00 (1/1)
P002,南门市场,南门市场,,not classified 1,other 1,1,0,0,0,0,0,0,0,— (0/0)
! Not on the notice (void): 2026-0003
! Not on the notice (taken back by the consumer): 2026-0005
! Not on the notice (the same matter again): 2026-0006
! The period is not over: every figure is as of 2026-09-28.
# from how many complaints an operator is shown is a setting
+ settings set publicity_from 2
$ 导出 公示 2026Q3 --point P001 --csv
…
P001,东门商场,小王鞋店,…
! Not on the notice (void): 2026-0003
! Not on the notice (taken back by the consumer): 2026-0005
! Not on the notice (the same matter again): 2026-0006
! Operators with fewer complaints than publicity_from (2) are left out: 1, with complaints: 1
! The period is not over: every figure is as of 2026-09-28.
# what was closed later is open up to then
$ export publicity 2026Q3 --point P001 --as-of 2026-07-10 --csv
…
P001,东门商场,小王鞋店,,clothing and shoes 2,"quality 1, price 1",2,1,1,0,0,0,0,0,100.00 (1/1)
P001,东门商场,东门百货公司,91350000MA00000001,household electronics 1,quality 1,1,1,1,0,0,0,0,0,\
    100.00 (1/1)
! Not on the notice (void): 2026-0003
! Not on the notice (taken back by the consumer): 2026-0005
# csv goes to stdout, and other forms have none
$ export publicity 2026Q3 --csv -o a.csv
! Error: Give either --csv or --output, not both.
[2]
$ export publicity 2026Q3 --csv --each
! Error: Give either --csv or --each, not both.
[2]
$ export 6 2026Q3 --csv
! Error: Attachment 6 does not take --csv.
[2]
""")
def test_in_words(script: str, life: Cli) -> None:
    life.plays(script)


@scenes(r"""
# what was taken back later is not on it, nor is what repeats it a repeat then
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 2026-07-06
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 2026-07-20 --previous 1
+ close 2026-1 --outcome withdrawn --closed 2026-07-22
$ export publicity 2026Q3 --as-of 2026-07-21 --csv
…
P001,东门商场,东门商场,,not classified 1,other 1,1,0,0,0,0,0,0,0,— (0/0)
! Not on the notice (taken back by the consumer): 2026-0001
# a repeat of a repeat that was taken back is one of the first
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 2026-07-06
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 2026-07-20 --previous 1
+ close 2026-2 --outcome withdrawn --closed 2026-07-22
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 2026-07-23 --previous 2
$ export publicity 2026Q3 --as-of 2026-07-31 --csv
…
P001,东门商场,东门商场,,not classified 1,other 1,1,0,0,0,0,0,0,0,— (0/0)
! Not on the notice (taken back by the consumer): 2026-0002
! Not on the notice (the same matter again): 2026-0003
# at another point it is the first there
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 2026-07-06
+ log P002 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 2026-07-20 --previous 1
$ export publicity 2026Q3 --as-of 2026-07-31 --point P002 --csv
…
P002,南门市场,南门市场,,not classified 1,other 1,1,0,0,0,0,0,0,0,— (0/0)
""")
def test_a_matter_counts_once_at_a_point(script: str, cli: Cli) -> None:
    cli.plays(script)


def test_json_has_codes(life: Cli) -> None:
    [file] = json.loads(life("export publicity 2026Q3 --json").out)["files"]
    assert json.dumps(file["operators"][0], ensure_ascii=False) == (
        '{"point": "P001", "point_name": "东门商场", "name": "小王鞋店", "credit_code": null, '
        '"received": 2, "closed": 2, "categories": {"clothing": 2}, '
        '"problems": {"quality": 1, "price": 1}, "outcomes": {"settled": 1, "advised": 1}, '
        '"settled_rate": {"numerator": 1, "denominator": 2, "percent": "50.00"}}'
    )
    left_out = [f"{each['number']} {each['why']}" for each in file["left_out"]]
    assert left_out == ["2026-0003 void", "2026-0005 withdrawn", "2026-0006 repeat"]


def test_what_hangs_on_the_wall(life: Cli) -> None:
    life.all("""
        settings set publicity_days 15
        export 公示 2026Q3 --point P001 -o a.xlsx
    """)
    lines = [
        "|".join(str(cell) for cell in row if cell is not None)
        for row in load_workbook("a.xlsx").worksheets[0].values
    ]
    assert (
        "\n".join(filter(None, lines))
        == """\
消费投诉信息公示
服务点：东门商场
公示单位：东门所|报告期：2026年第三季度(截至2026年9月28日)
序号|经营者名称|统一社会信用代码|商品服务类别|问题类别|受理|办结|和解|和解不成、已告知申诉|调解成功|\
调解不成|联系不到当事人|其他|公示和解息诉率
1|小王鞋店|服装鞋帽2|质量1、价格1|2|2|1|1|0|0|0|0|50.00%（1/2）
样本过小
2|东门百货公司|91350000MA00000001|家用电子电器1|质量1|1|1|1|0|0|0|0|0|100.00%（1/1）
样本过小
合计|3|3|2|1|0|0|0|0|66.67%（2/3）
样本过小
公示单位（盖章）：|公示日期：|公示期：自公示之日起15日
注：1.公示和解息诉率=(和解+调解成功)/办结，只按本公示所列的投诉计算，与附件6的和解息诉率口径不同。办结不足10件的为样本过小。
   2.受理、办结均为本期件数，办结的可能是前期受理的；类别按本期受理的计。
   3.按2026年9月28日打印时的台账：作废的登记、消费者撤回的投诉、同一事项的再次投诉不在公示之内。
   4.投诉是消费者的诉求，不等于已认定经营者违法。对公示内容有异议的，请向公示单位提出。
   5.数据截至2026年9月28日。消费者投诉举报电话：12315。"""
    )


# What each box holds that must never be made public.
CANARIES = """
    complainant 甲金丝雀 phone 13900000991 consumer_address 金丝雀路1号 facts 事实金丝雀
    handling 经过金丝雀 remark 备注金丝雀 respondent_contact 店员金丝雀 respondent_phone 13900000992
    item 商品金丝雀 brand 品牌金丝雀 model 型号金丝雀 voucher 凭证金丝雀 agreement 协议金丝雀
    handler 经办金丝雀 respondent_address 摊位金丝雀 referral_no 分流金丝雀 followed_up_by 回访金丝雀
"""


def test_nobody_and_no_text_is_made_public(cli: Cli) -> None:
    words = CANARIES.split()
    boxes = dict(zip(words[::2], words[1::2], strict=True))
    at_receipt = {key: boxes.pop(key) for key in ("complainant", "phone", "item", "facts")}
    options = " ".join(f"--{key} {text}" for key, text in at_receipt.items())
    later = " ".join(f"--{key.replace('_', '-')} {text}" for key, text in boxes.items())
    cli.all(f"""
        log P001 {options} --respondent '丙35010219900101123X 13900000993' --kind goods \
            --received 2026-07-06
        complaint amend 1 {later} --source referred --referred 2026-07-06
        complaint escalate 1 --reason 理由金丝雀 --on 2026-07-07
        close 1 --outcome other --remark 结果金丝雀 --closed 2026-07-08
        export publicity 2026Q3 -o a.xlsx
    """)
    with ZipFile("a.xlsx") as book:
        inside = "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    for form in ("--csv", "--json -o b.xlsx", "--each -o .", "-o c.xlsx"):
        told = cli(f"export publicity 2026Q3 {form}")
        inside += told.out + told.err
    assert "丙350**** 139****0993" in inside
    assert [each for each in ("金丝雀", "1390000099") if each in inside] == []
    assert Path("c.xlsx").stat().st_mode & 0o077


def test_it_adds_up_to_attachment_3_with_what_is_left_out(life: Cli) -> None:
    [file] = json.loads(life("export publicity 2026Q3 --json").out)["files"]
    rows = json.loads(life("rollup 3 2026Q3 --json").out)["rows"]
    totals = {row["key"]: row["total"] for row in rows}
    left = sum(each["why"] != "void" for each in file["left_out"])
    assert totals["received"] == left + sum(each["received"] for each in file["operators"])
    assert totals["closed"] == 1 + sum(each["closed"] for each in file["operators"])
