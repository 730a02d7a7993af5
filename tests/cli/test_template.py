"""`export template`: the workbook that points fill in, and its import."""

from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from tests.cli.conftest import Cli
from tests.rows import cells

FILLED = """
    服务点 | 东门商场
    登记编号 | 2026-001
    受理日期 | 2026-09-21
    投诉人 | 张三
    联系电话 | 0591-00005678
    商品/服务名称 | 电压力锅
    类别 | 家用电子电器
    争议金额 | 329
    投诉事实 | 漏气
    处理结果 | 和解
    办结日期 | 2026-09-22
"""


DRAWN: list[bytes] = []


@pytest.fixture
def book(cli: Cli) -> Workbook:
    """What the program writes to t.xlsx, written and read once."""
    if not DRAWN:
        cli.all("export template -o t.xlsx")
        DRAWN.append(Path("t.xlsx").read_bytes())
    Path("t.xlsx").write_bytes(DRAWN[0])
    return opened()


@cache
def opened() -> Workbook:
    return load_workbook(BytesIO(DRAWN[0]))


def test_what_is_filled_in_is_taken_in(book: Workbook, cli: Cli) -> None:
    page, filled = book["登记簿"], dict(cells(FILLED))
    for column, heading in enumerate(next(page.values), 1):
        value = filled.get(str(heading))
        page.cell(2, column).value = int(value) if value == "329" else value
    book.save("filled.xlsx")
    cli.plays(r"""
        $ complaint import filled.xlsx
        Rows: 1; 1 imported, 0 filled in, 0 known already or void.
        ! Hidden sheets are left out: 选项
        ! Sheets without a row of headings are left out: 填写说明
        ! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: 1.
        $ complaint list --category 家用电子电器
        2026-0001 | P001 | 2026-09-29 | no | closed | 2026-09-21 | 张* | 电压力锅 | other | 329.00 \
            | settled | 2026-09-22
    """)


def test_an_empty_one_holds_nothing_to_take_in(book: Workbook, cli: Cli) -> None:
    assert cli("complaint import t.xlsx --json").json["read"] == 0


def test_lists_and_checks(book: Workbook, cli: Cli) -> None:
    page = book["登记簿"]
    headings = {
        get_column_letter(column): str(heading)
        for column, heading in enumerate(next(page.values), 1)
    }
    checks = page.data_validations.dataValidation
    found = {headings[str(check.sqref)[0]]: check for check in checks}
    kinds = {
        "list": "服务点 来源 受理方式 类别 问题类别 处理结果 消费者评价",
        "date": "受理日期 约定答复时间 办结日期 告知日期",
        "decimal": "消费金额 争议金额 挽回经济损失",
    }
    expected = {name: kind for kind, names in kinds.items() for name in names.split()}
    assert {name: check.type for name, check in found.items()} == expected
    assert found["消费者评价"].formula1 == "选项!$V$1:$V$3"
    assert found["受理日期"].formula1 == "32874"  # 1990-01-01
    assert (page.freeze_panes, page.print_title_rows) == ("A2", "$1:$1")
    wide = [name for column, name in headings.items() if page.column_dimensions[column].width > 15]
    assert wide == ["投诉事实"]


def test_the_stations_own_words_are_in_the_lists(cli: Cli) -> None:
    cli.all("""
        words add problem '<r>预付</r>' --as 合同
        words add problem 老话 --as 其他
        words retire 老话
        export template -o own.xlsx
    """)
    book = load_workbook("own.xlsx")
    checks = book["登记簿"].data_validations.dataValidation
    [listed] = [check.formula1 for check in checks if check.errorTitle == "问题类别"]
    sheet, place = listed.split("!")
    assert [cell.value for (cell,) in book[sheet][place]][-2:] == ["其他", "<r>预付</r>"]


def test_words_and_guide(book: Workbook, cli: Cli) -> None:
    lists = book["选项"]
    listed = {place: [cell.value for (cell,) in lists[place]] for place in ("V1:V3", "A1:A2")}
    assert listed == {"V1:V3": ["满意", "基本满意", "不满意"], "A1:A2": ["东门商场", "南门市场"]}
    assert str(book["填写说明"].merged_cells) == "A28:C29"
    guide = {row[0]: row[1:] for row in book["填写说明"].iter_rows(values_only=True) if row[2]}
    assert guide["栏目"] == ("怎样填", "示例")
    assert guide["受理日期"] == ("必填。日期，如 2026-09-28", "2026-09-28")
