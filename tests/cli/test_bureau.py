"""A bureau's own workbooks for each attachment: the mapping is drafted, checked and filled."""

import json
import re
import shutil
from functools import cache
from io import BytesIO
from pathlib import Path
from textwrap import dedent

import pytest
from openpyxl import Workbook, load_workbook

from tests.catalogue import ROOT
from tests.cli.conftest import Cli, scenes

LATER = "2026-10-09"
GIVEN = """
    point amend P001 --liaison '林秀珍 13900000101; 王小明 13900000102' --on 2026-02-01
    log P001 --complainant 张三 --phone 13800000001 --item 电饭锅 --facts 漏电 --kind goods \
        --disputed 329 --received 2026-09-01
    close 2026-1 --outcome 和解 --closed 2026-09-02 --recovered 120
    log P001 --complainant 李四 --item 鞋 --facts 开胶 --kind goods --received 2026-09-03 \
        --respondent 二楼鞋柜 --phone 13800000002
    point inspect P001 --sign '否：人员照片' --on 2026-09-10
"""
# What stands in the cells of each, row by row; a row of bars alone is empty.
SHEETS = {
    "1": """
        消费投诉登记表（县局样）
        编号 | | 登记时间 |
        投诉人 | 姓名 | | 联系电话 |
        被投诉人 | 名称 | | 联系电话 |
        投诉事实 |
        领导批示 |
    """,
    "2": """
        榕溪县消费投诉台账
        填报单位： | | 报告期： |
        序号 | 受理日期 | 诉求人 | 被投诉单位 | 商品 | 争议金额 | 处理结果 | 用时 | 领导批示
        | | |
        | | |
        | | |
        合计 | | 填报单位： |
    """,
    "3": """
        填报单位 | | 报告期 |
        指标 | 代码 | 合计 | 商场 | 超市
        受理投诉 | 03 | | |
        争议（万元） | 21 | | |
        挽回经济损失 | 22 | | |
        和解息诉率 | | | |
    """,
    "4": """
        名称 | | 编号 |
        类型 | | 地址 |
        统一牌匾和标识标志牌 | | 联络员 |
    """,
    "5": """
        序号 | 服务点名称 | 类型 | 联络员 | 联系电话 | 示范级别
        | | | | |
        | | | | |
    """,
    "6": """
        类别 | 期末服务点 | 受理投诉 | 挽回损失（万元） | 和解息诉率 | 说明
        商场 | | | | | 消费者满意率低
        超市 | | | |
        合计 | | | |
    """,
}


@cache
def drawn(form: str) -> bytes:
    """Return the bureau's workbook for an attachment."""
    book = Workbook()
    sheet = book.worksheets[0]
    for number, line in enumerate(SHEETS[form].strip().splitlines(), 1):
        for column, text in enumerate(line.split("|"), 1):
            sheet.cell(number, column).value = text.strip() or None
            sheet.cell(number, column).number_format = "@"
    if form == "2":
        sheet.merge_cells("A2:B2")
    book.save(file := BytesIO())
    return file.getvalue()


@pytest.fixture
def bureau(cli: Cli) -> Cli:
    """Return the ledger, in a folder with a workbook for each attachment."""
    cli.given(GIVEN, today=LATER)
    for form in SHEETS:
        Path(f"{form}.xlsx").write_bytes(drawn(form))
    return cli


LINES = {
    "1": "export 1 --number 2026-2",
    "2": "export 2 2026Q3",
    "3": "export 3 2026Q3",
    "4": "export 4 --point P001",
    "5": "export 5",
    "6": "export 6 2026Q3",
}
# The mapping that is drafted, and the workbook filled by it.
FILLED = {
    "1": """
        消费投诉登记表（县局样）
        编号 | 2026-0002 | 登记时间 | 2026年9月3日
        投诉人 | 姓名 | 李四 | 联系电话 | 13800000002
        被投诉人 | 名称 | 二楼鞋柜 | 联系电话
        投诉事实 | 开胶
        领导批示
    """,
    "2": """
        榕溪县消费投诉台账
        填报单位：东门所 | | 报告期： | 2026年第三季度
        序号 | 受理日期 | 诉求人 | 被投诉单位 | 商品 | 争议金额 | 处理结果 | 用时 | 领导批示
        1 | 2026年9月1日 | 张三 | 东门商场 | 电饭锅 | 329 | 和解 | 1
        2 | 2026年9月3日 | 李四 | 二楼鞋柜 | 鞋 | 0 | 未结

        合计 | | 填报单位： | 东门所
    """,
    "3": """
        填报单位 | 东门所 | 报告期 | 2026年第三季度
        指标 | 代码 | 合计 | 商场 | 超市
        受理投诉 | 03 | 2 | 2 | 0
        争议（万元） | 21 | 0.0329 | 0.0329 | 0
        挽回经济损失 | 22 | 120 | 120 | 0
        和解息诉率 | | 100.00% | 100.00% | —
    """,
    "4": """
        名称 | 东门商场 | 编号
        类型 | 商场 | 地址
        统一牌匾和标识标志牌 | 未达标 | 联络员 | 林秀珍/王小明
    """,
    "5": """
        序号 | 服务点名称 | 类型 | 联络员 | 联系电话 | 示范级别
        1 | 东门商场 | 商场 | 林秀珍/王小明 | 13900000101/13900000102 | 无
        2 | 南门市场 | 市场 | | | 无
    """,
    "6": """
        类别 | 期末服务点 | 受理投诉 | 挽回损失（万元） | 和解息诉率 | 说明
        商场 | 1 | 2 | 0.012 | 100.00% | 消费者满意率低
        超市 | 0 | 0 | 0 | —
        合计 | 2 | 2 | 0.012 | 100.00%
    """,
}


@pytest.mark.quick
@pytest.mark.parametrize("form", SHEETS)
def test_a_drafted_mapping_fills_a_bureaus_workbook(form: str, bureau: Cli) -> None:
    bureau.all(f"template draft {form}.xlsx --form {form}", today=LATER)
    bureau.all(f"template check {form}.xlsx --map {form}.json", today=LATER)
    line = f"{LINES[form]} --template {form}.xlsx --map {form}.json -o filled.xlsx"
    bureau.all(line, today=LATER)
    assert shown("filled.xlsx") == dedent(FILLED[form]).strip()


def shown(path: str) -> str:
    """Return a line for each row; bars between its cells, strokes between a cell's lines."""
    lines = []
    for row in load_workbook(path).worksheets[0].values:
        texts = ["" if value is None else str(value) for value in row]
        lines.append(re.sub(" +", " ", " | ".join(texts)).rstrip(" |").replace("\n", "/"))
    return "\n".join(lines).strip()


@scenes("""
# what is sure, what is guessed, and what has no place; the workbook stays as it was
@ 2026-10-09
$ template draft 2.xlsx --form 2 -o map.json
A | 序号 | 序号 | no
B | 受理日期 | 受理日期 | no
C | 诉求人 | 投诉人 | yes
D | 被投诉单位 | 被投诉经营者 | yes
E | 商品 | 商品/服务名称 | yes
F | 争议金额 | 争议金额 | no
G | 处理结果 | 处理结果 | no
H | 用时 | 用时（工作日） | no
A2 | 填报单位： | 填报单位：{填报单位} | no
D2 | 报告期： | 报告期 | no
D7 | 填报单位： | 填报单位 | no
! No place was found for: 登记编号, 来源, 联系电话, 类型, 问题类别, 挽回经济损失, 办结日期, 是否按时, 消费者评价, 经办人, 归档号, 备注, 服务点
! The draft mapping is written: map.json. Check each line, correct wrong guesses, then run: \
ledger12315 template check 2.xlsx --map map.json
# of figures each cell; a code is surer than a name that is guessed
$ template draft 3.xlsx --form 3
B1 | 填报单位 | station | no
D1 | 报告期 | period | no
C3 | 受理投诉 | 受理投诉 合计 | no
D3 | 受理投诉 | 受理投诉 商场 | no
E3 | 受理投诉 | 受理投诉 超市 | no
C4 | 21 | 争议金额 万元 合计 | no
…
C5 | 挽回经济损失 | 挽回经济损失 合计 | no
…
# a second of the same is replaced, and said
$ template draft 1.xlsx --form 1 -o map.json
…
$ template draft 1.xlsx --form 1 -o map.json
…
! map.json already existed and was replaced.
…
# a mapping of a public list has no names
+ template draft 5.xlsx --form 5
$ export 5 --public --template 5.xlsx --map 5.json
! Error: The mapping 5.json does not fit this workbook; nothing is written.
…
[5]
""")
def test_drafting(script: str, bureau: Cli) -> None:
    bureau.plays(script)


@pytest.mark.parametrize("target", ["6.xlsx", "6.json"])
def test_neither_workbook_nor_mapping_is_written_over(target: str, bureau: Cli) -> None:
    bureau.all("template draft 6.xlsx --form 6", today=LATER)
    before = Path(target).read_bytes()
    result = bureau(f"export 6 2026Q3 --template 6.xlsx --map 6.json -o {target}", today=LATER)
    assert result.code == 3 and "an input file; choose another file." in result.err
    assert Path(target).read_bytes() == before


@pytest.mark.slow
def test_names_below_a_table_are_no_measures(cli: Cli) -> None:
    """The form's own 联络员：林秀珍 stands before the types, in merged cells."""
    cli.all("export 3 2026Q3 --point P001 -o own.xlsx", today=LATER)
    drafted = cli("template draft own.xlsx --form 3 -o map.json", today=LATER).out
    assert "按时办结率 其他" in drafted and "联络员 " not in drafted
    cli.all("template check own.xlsx --map map.json", today=LATER)


def test_a_draft_reads_every_sheet(bureau: Cli) -> None:
    """A cover comes first, and what the form has besides stands behind."""
    book = load_workbook("6.xlsx")
    cover, more = book.create_sheet("封面", 0), book.create_sheet("其他")
    cover.append(["填报单位：", None])
    cover.append(["附件清单"])
    for row in (["类别", "受理投诉", "走访"], ["商场"], ["超市"], ["合计"]):
        more.append(row)
    book.save("6.xlsx")
    drafted = bureau("template draft 6.xlsx --form 6", today=LATER).out.splitlines()
    assert [line.split("\t")[0] for line in drafted] == [
        *("B", "C", "D", "E"),
        *("'其他'!C2", "'其他'!C3", "'其他'!C4"),
    ]
    bureau.all("export 6 2026Q3 --template 6.xlsx --map 6.json -o filled.xlsx", today=LATER)
    found = load_workbook("filled.xlsx")
    assert [row[1:3] for row in found["Sheet"].values][1:] == [(1, 2), (0, 0), (2, 2)]
    assert [row[:3] for row in found["其他"].values][1:] == [
        ("商场", None, 0),
        ("超市", None, 0),
        ("合计", None, 0),
    ]


@pytest.mark.parametrize(
    ("below", "last"), [([], 101), (["", "", "合计"], 3), (["", "合计"], 2), (["1", "合计"], 1)]
)
def test_a_table_ends_before_the_next_text(below: list[str], last: int, bureau: Cli) -> None:
    book = Workbook()
    for line in (["序号", "服务点名称", "类型", "联络员"], *([text] for text in below)):
        book.worksheets[0].append(line)
    book.save("5.xlsx")
    bureau.all("template draft 5.xlsx --form 5", today=LATER)
    mapping = json.loads(Path("5.json").read_text("utf-8"))
    rows = mapping["rows"]
    assert (rows["first"], rows["last"], mapping["cells"]) == (2, last, {})


def test_rows_that_are_not_needed_any_more_are_emptied(bureau: Cli) -> None:
    bureau.all("template draft 2.xlsx --form 2", today=LATER)
    for period, template, target in (
        ("2026Q3", "2.xlsx", "old.xlsx"),
        ("2026Q1", "old.xlsx", "new.xlsx"),
    ):
        line = f"export 2 {period} --template {template} --map 2.json -o {target}"
        bureau.all(line, today=LATER)
    assert shown("new.xlsx").splitlines()[3:] == ["", "", "", "合计 | | 填报单位： | 东门所"]


def test_the_draft_for_a_workbook_with_sums_of_its_own_leaves_them_out(cli: Cli) -> None:
    shutil.copy(ROOT / "examples" / "bureau.xlsx", ".")
    cli.plays("""
        $ template draft bureau.xlsx --form 6 -o draft.json
        …
        G10 | 和解息诉率 | 和解息诉率 合计 | no
        …
        $ template check bureau.xlsx --map draft.json
        The mapping fits. Cells to fill in bureau.xlsx: 45
    """)
