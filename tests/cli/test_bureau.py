"""A bureau's own workbooks, whose cells name what belongs there: checked, filled, refused."""

import re
from textwrap import dedent
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from tests.cli.conftest import Cli

LATER = "2026-10-09"
GIVEN = """
    point amend P001 --liaison '林秀珍 13900000101; 王小明 13900000102' --on 2026-02-01
    log P001 --complainant 张三 --phone 13800000001 --item 电饭锅 --facts 漏电 --kind goods \
        --disputed 329 --received 2026-09-01 --respondent 二楼鞋柜
    close 2026-1 --outcome 和解 --closed 2026-09-02 --recovered 120
    log P001 --complainant 李四 --item 鞋 --facts 开胶 --kind goods --received 2026-09-03 \
        --phone 13800000002
    point inspect P001 --sign '否：人员照片' --on 2026-09-10
"""
# For each attachment what its cells have, row by row, and what they show when they are filled.
FILLED = {
    "1": (
        "export 1 --number 2026-1",
        """
        消费投诉登记表（县局样） | {填报单位}
        编号 | {编号} | 登记时间 | {登记时间}
        投诉人 | 姓名 | {投诉人 姓名} | 联系电话 | {投诉人联系电话}
        被投诉人：{名称（摊位号）} | {服务点名称}
        投诉事实 | {投诉事实、理由}
        金额 | {争议金额} | {争议金额 万元} | {挽回经济损失 元}
        """,
        """
        消费投诉登记表（县局样） | 东门所
        编号 | 2026-0001 | 登记时间 | 2026年9月1日
        投诉人 | 姓名 | 张三 | 联系电话 | 13800000001
        被投诉人：二楼鞋柜 | 东门商场
        投诉事实 | 漏电
        金额 | 329.00元 | 0.0329 | 120.0
        """,
    ),
    "2": (
        "export 2 2026Q3",
        """
        填报单位：{填报单位} 报告期：｛报告期｝ | | | {填报日期}
        序号 | 受理日期 | 诉求人 | 商品 | 争议金额（万元） | 处理结果 | 用时 | 领导批示
        1 | {↓受理日期} | {↓投诉人} | {↓商品/服务名称} | {↓争议金额 万元} | {↓处理结果} | {↓用时}
        2
        3 | | | | | | | 同意
        合计 | | | | {合计 争议金额 元}
        """,
        """
        填报单位：东门所 报告期：2026年第三季度 | | | 2026年10月9日
        序号 | 受理日期 | 诉求人 | 商品 | 争议金额（万元） | 处理结果 | 用时 | 领导批示
        1 | 2026年9月1日 | 张三 | 电饭锅 | 0.0329 | 和解 | 1
        2 | 2026年9月3日 | 李四 | 鞋 | | 未结
        3 | | | | | | | 同意
        合计 | | | | 329
        """,
    ),
    "3": (
        "export 3 2026Q3",
        """
        填报单位 | {station} | 报告期 | {period} | 截至 | {as_of}
        指标 | 代码 | 合 计 | 1.商场 | 超市（家）
        受理投诉 | 03 | {受理投诉} | {received} | {03}
        争议（万元） | 21 | {争议金额 万元} | {disputed 万元} | {万元 争议金额}
        和解息诉率 | | {和解息诉率} | {settled_rate 小数} | {和解息诉率}
        本期受理{受理投诉 合计}件，其中市场{市场 受理投诉}件
        """,
        """
        填报单位 | 东门所 | 报告期 | 2026年第三季度 | 截至 | 2026年9月30日
        指标 | 代码 | 合 计 | 1.商场 | 超市（家）
        受理投诉 | 03 | 2 | 2 | 0
        争议（万元） | 21 | 0.0329 | 0.0329 | 0
        和解息诉率 | | 100.00% | 1.0 | —
        本期受理2件，其中市场0件
        """,
    ),
    "4": (
        "export 4 --point P001",
        """
        名称 | {服务点名称} | 编号 | {服务点编号}
        统一牌匾 | {统一牌匾和标识标志牌 检查结果} | 联络员 | {联络员 姓名}
        """,
        """
        名称 | 东门商场 | 编号 | P001
        统一牌匾 | 未达标 | 联络员 | 林秀珍/王小明
        """,
    ),
    "5": (
        "export 5",
        """
        序号 | 服务点名称 | 类型 | 联络员 | 联系电话 | 单位
        {↓序号} | {↓服务点名称} | {↓类型} | {↓联络员} | {↓联络员 联系电话} | 个
         | | | | | 个
        """,
        """
        序号 | 服务点名称 | 类型 | 联络员 | 联系电话 | 单位
        1 | 东门商场 | 商场 | 林秀珍/王小明 | 13900000101/13900000102 | 个
        2 | 南门市场 | 市场 | | | 个
        """,
    ),
    "6": (
        "export 6 2026Q3",
        """
        类别 | 期末服务点 | 受理投诉 | 挽回损失（万元） | 说明
        {↓类型} | {↓期末服务点数} | {↓受理投诉} | {↓挽回经济损失 万元} | {↓报告期}





        合计 | {期末服务点数} | {受理投诉} | {挽回经济损失 元}
        """,
        """
        类别 | 期末服务点 | 受理投诉 | 挽回损失（万元） | 说明
        进商场 | 1 | 2 | 0.012 | 2026年第三季度
        进超市 | 0 | 0 | 0 | 2026年第三季度
        进市场 | 1 | 0 | 0 | 2026年第三季度
        进企业 | 0 | 0 | 0 | 2026年第三季度
        进景区 | 0 | 0 | 0 | 2026年第三季度
        其他 | 0 | 0 | 0 | 2026年第三季度
        合计 | 2 | 2 | 120
        """,
    ),
}


def draw(file: str, rows: str, *merged: str) -> None:
    """Write a workbook with these rows, in cells for text."""
    book = Workbook()
    sheet = book.worksheets[0]
    for number, line in enumerate(dedent(rows).strip().splitlines(), 1):
        for column, text in enumerate(line.split("|"), 1):
            cell = sheet.cell(number, column)
            cell.value = text.strip() or None
            cell.number_format = "@"
    for cells in merged:
        sheet.merged_cells.add(cells)  # `merge_cells` empties all but the first
    book.save(file)


def shown(path: str) -> str:
    """Return a line for each row; bars between its cells, strokes between a cell's lines."""
    lines = []
    for row in load_workbook(path).worksheets[0].values:
        texts = ["" if value is None else str(value) for value in row]
        lines.append(re.sub(" +", " ", " | ".join(texts)).rstrip(" |").replace("\n", "/"))
    return "\n".join(lines).strip()


@pytest.mark.parametrize("form", FILLED)
def test_what_the_words_of_a_workbook_become(form: str, cli: Cli) -> None:
    line, before, after = FILLED[form]
    cli.given(GIVEN, today=LATER)
    draw("own.xlsx", before)
    checked = cli("template check own.xlsx").out
    assert form in checked.removeprefix("own.xlsx fits Attachment ").split(".")[0], checked
    cli.all(f"{line} --template own.xlsx -o filled.xlsx", today=LATER)
    assert shown("filled.xlsx") == dedent(after).strip()


# Cells, perhaps merged, and what `template check` says of them.
CHECKED = """
{服务点名称} | {类型}
  own.xlsx fits Attachment 4. Cells with words: 2
{服务点名称}
  own.xlsx fits Attachment 1, 4. Cells with words: 1
无
  no cell has a word such as {受理投诉}
商场 | {受里投诉} | {为消费者挽回损失}
  B1: {受里投诉} is unknown; nearest: {受理投诉}
  C1: {为消费者挽回损失} is unknown; nearest: {消费者撤回}, {挽回经济损失}
商场 | {为消费者挽回损失 万元} | {为消费者挽回损失(万元)}
  B1: {为消费者挽回损失 万元} is unknown; nearest: {挽回经济损失}
  C1: {为消费者挽回损失(万元)} is unknown; nearest: {挽回经济损失}
{↓填报单位} | {↓受理投诉}
  own.xlsx fits Attachment 6 of a county. Cells with words: 2
商场 | {recieved} | {} | {办结 | 办结} | {{办结}}
  C1: a brace is missing; a word is written as {受理投诉}
  D1: a brace is missing; a word is written as {受理投诉}
  E1: a brace is missing; a word is written as {受理投诉}
  F1: a brace is missing; a word is written as {受理投诉}
  B1: {recieved} is unknown; nearest: {received}, {recovered}, {received_other}
大型商场 | {受理投诉}
 | 超市
  B1: {受理投诉}: no label of its row or column names a type; write {受理投诉 合计}, {受理投诉 商场}
商场 | 超市 | | 市场
{受理投诉} | 企业 | {受理投诉} | {受理投诉}
  D2: {受理投诉}: its row and its column name different types; write {受理投诉 企业}, {受理投诉 市场}
商场 | {受理投诉 万元} | {办结 小数} | {报告期 商场} | {争议金额 万元 元}
  B1: {受理投诉 万元} is not an amount of money
  C1: {办结 小数} is unknown; nearest: {办结}
  D1: {报告期 商场} is unknown; nearest: {报告期}
  E1: {争议金额 万元 元} is unknown; nearest: {争议金额}
商场 | 挽回（万元） | {挽回经济损失}
  C1: {挽回经济损失}: a label says 万元; write {挽回经济损失 万元}, {挽回经济损失 元}
编号 | {经办人} | {↓投诉人} | 备注 | {登记编号} | {↓报告期}
  B1: {经办人} has a value for each row; write {↓经办人}
  E1: {登记编号} has a value for each row; write {↓登记编号}
  F1: {↓报告期} has one value; write {报告期}
商场 | {类型} | {办结}
  B1: {类型} has a value for each row; write {↓类型}
商场 | {↓受理投诉}
  B1: no word in this row says what is repeated; write {↓类型} in one of its cells, or a word \
without ↓ in each row
{↓类型} | {↓受理投诉}

 | =1
  A1: rows needed: 6, rows there: 2; insert 4 more above row 3
"""


@pytest.mark.parametrize(
    ("cells", "said"), re.findall(r"((?:(?!  ).*\n)+)((?:  .*\n)+)", CHECKED.lstrip("\n"))
)
def test_checking_says_what_fits_and_what_does_not(cells: str, said: str, cli: Cli) -> None:
    draw("own.xlsx", cells)
    result = cli("template check own.xlsx")
    told = (result.out + result.err).replace("  Sheet ", "  ")
    refusal = "Error: own.xlsx cannot be filled as Attachment {}; nothing is written.\n"
    if result.code:
        told = told.removeprefix(refusal.format(told.split("Attachment ")[1][0]))
    else:
        told = f"  {told}"
    assert (result.code, told) == (0 if "fits" in said else 5, said)


def test_what_stands_in_the_way_is_named(cli: Cli) -> None:
    draw("own.xlsx", "{↓名称} | {↓类型} | =C2\n\n\n{填报单位} | =C1", "A2:A3", "C4:D4")
    book = load_workbook("own.xlsx")
    book.worksheets[0]["B4"] = '="填报日期：{填报日期}"'
    book.worksheets[0]["C2"] = "=SUM({1,2})"
    book.worksheets[0].oddFooter.center.text = "填报：{填报单位}"  # type: ignore[union-attr]
    book.save("own.xlsx")
    with ZipFile("own.xlsx", "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"")
        archive.writestr("_xmlsignatures/sig1.xml", b"")
    cli.plays(r"""
        $ template check own.xlsx
        ! Error: own.xlsx cannot be filled as Attachment 5; nothing is written.
        !   the workbook holds macros (xl/vbaProject.bin), which would be lost
        !   the workbook holds a digital signature (_xmlsignatures/sig1.xml), which would be lost
        !   xl/worksheets/sheet1.xml has {填报单位} in a text box, header or footer, where nothing is \
            filled; write it into a cell
        !   Sheet B4: the cell contains a formula
        !   Sheet A1: the merged cells A2:A3 are in the way of {↓}
        [5]
    """)


def test_of_merged_cells_the_first_is_read(cli: Cli) -> None:
    draw("own.xlsx", "商场 | {受理投诉}\n | {受理投诉}", "A1:A2")
    assert cli("template check own.xlsx").code == 0
    draw("own.xlsx", "商场 | {受理投诉}\n | {受理投诉}", "A1:A2", "B1:B2")
    assert "B2: it is inside the merged cells B1:B2" in cli("template check own.xlsx").err


def test_a_workbook_for_another_form_is_not_filled(cli: Cli) -> None:
    draw("own.xlsx", "商场 | {受理投诉}")
    cli.plays("""
        $ export 5 --template own.xlsx
        ! Error: own.xlsx cannot be filled as Attachment 5; nothing is written.
        !   its words are those of Attachment 3, 6
        [5]
        $ export 6 2026Q3 --template own.xlsx -o own.xlsx
        ! Error: own.xlsx is the ledger, a backup or an input file; choose another file.
        [3]
    """)


def test_a_list_needs_as_many_rows_as_it_has(cli: Cli) -> None:
    # Attachment 2 has these words too.
    draw("own.xlsx", "名称\n{↓服务点名称}\n合计", "A2:B2")
    cli.plays("""
        $ template check own.xlsx
        own.xlsx fits Attachment 2, 5. Cells with words: 1
        $ export 5 --template own.xlsx
        ! Error: own.xlsx cannot be filled as Attachment 5; nothing is written.
        !   Sheet A2: rows needed: 2, rows there: 1; insert 1 more above row 3
        [5]
    """)


def test_rows_without_anything_are_emptied(cli: Cli) -> None:
    draw("own.xlsx", "投诉人 | 共{合计 登记编号}件\n{↓投诉人} | {↓备注}")
    cli.all("export 2 2026Q1 --template own.xlsx -o filled.xlsx", today=LATER)
    assert shown("filled.xlsx") == "投诉人 | 共0件"
