"""Attachments 3 and 6 as files: each is drawn, opened again with two other readers, and compared with its figures."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from math import ceil
from pathlib import Path
from zipfile import ZipFile

import pytest
import time_machine
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from ledger12315.rules.measures import (
    ATTACHMENT3,
    ATTACHMENT6,
    COLUMNS,
    MEASURES,
    Figures,
    breaches,
    with_totals,
)
from ledger12315.rules.periods import ReturnDates, parse_period
from ledger12315.rules.rates import rates
from ledger12315.sheets import workbook
from ledger12315.sheets.forms import attachment3, attachment6
from ledger12315.sheets.forms.blank_register import template
from ledger12315.sheets.forms.spec import Cell, FormColumn, FormSheet, Head
from ledger12315.sheets.incoming.reading import Row, Sheet
from ledger12315.sheets.paper.annotated import annotated
from ledger12315.sheets.paper.draw import draw
from ledger12315.sheets.paper.layout import height, room, rows, spans, widths
from ledger12315.words import TYPES

ROOT = Path(__file__).parent.parent


def figures(**by_type: str) -> Figures:
    """Figures from `key figure key figure …` by type; all that is not given is 0, and every control holds."""
    given = {
        type_: dict(zip(words[::2], map(int, words[1::2]), strict=True))
        for type_, text in by_type.items()
        if (words := text.split())
    }
    found = with_totals(
        {key: {type_: given.get(type_, {}).get(key, 0) for type_ in TYPES} for key in MEASURES}
    )
    assert not breaches(found)
    return found


NOTHING = figures()
QUARTER = figures(
    mall="""
        inquiries 31  open_start 2  received 10  received_direct 7  received_referred 2  received_other 1
        received_goods 6  received_service 3  received_other_kind 1  closed 10  settled 8  advised 1  closed_other 1  withdrawn 1
        open_end 2  overdue_end 1  closed_on_time 9  escalated 1  disputed 380050  recovered 210000  rated 5  satisfied 5
        leads 1  major_matters 1  points_start 3  points_new 1  points_end 4  type_changes 1  demo_provincial 1  liaisons 5
        returns_due 4  returns_made 3  visits 12  meetings 1  notices 1
    """,
    market="""
        received 3  received_referred 3  received_goods 3  closed 2  mediation_closed 2  mediated 1  open_end 1  closed_on_time 2
        disputed 1234567  recovered 99  points_start 2  points_retired 1  points_end 1  demo_municipal 1  liaisons 1
        returns_due 1  returns_made 1  visits 3  interviews 1
    """,
    other="meetings 1  trainings 2",
)
DATES = ReturnDates(date(2026, 10, 5), date(2026, 10, 8), date(2026, 10, 8), date(2026, 10, 8))
SETTINGS = {
    "annual_period": "statistical",
    "return_day_off": "after",
    "station_lead": "1",
    "point_lead": "2",
}
HEAD = Head(
    "城关市场监督管理所", parse_period("2026Q3"), None, DATES, SETTINGS, missing=("城关超市",)
)


def opened(number: int, head: Head = HEAD, found: Figures = QUARTER) -> Workbook:
    return load_workbook(BytesIO(workbook(number, head, found)))


def texts(page: Worksheet) -> list[str]:
    return [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]


def printed(page: Worksheet) -> str:
    """What stands on paper, a line for each row."""
    lines = [
        [
            f"{cell.value:{'.2f' if cell.number_format == '0.00' else ''}}"
            for cell in row
            if cell.value not in (None, "")
        ]
        for row in page.iter_rows()
    ]
    return "\n".join(" ".join(line).replace("\n", "") for line in lines) + "\n"


def test_attachment_3_of_a_point() -> None:
    head = replace(HEAD, unit="城关百货服务点", liaison="张三", officer="李四")
    assert printed(opened(3, head)["附件3"]) == (
        """\
“消费维权服务点”受理和处理消费者投诉情况汇总表
表号：附件3
填报单位：城关百货服务点 报告期：2026年第三季度
指标 代码 计量单位 合计 商场 超市 市场 企业 景区 其他
接受咨询 01 人次 31 31 0 0 0 0 0
期初未结 02 件 2 2 0 0 0 0 0
受理投诉 03 件 13 10 0 3 0 0 0
其中：消费者直接投诉 04 件 7 7 0 0 0 0 0
其中：工商部门分流 05 件 5 2 0 3 0 0 0
其中：其他转办 06 件 1 1 0 0 0 0 0
其中：商品类 07 件 9 6 0 3 0 0 0
其中：服务类 08 件 3 3 0 0 0 0 0
其中：其他类 09 件 1 1 0 0 0 0 0
办结 10 件 12 10 0 2 0 0 0
和解(含当场解决) 11 件 8 8 0 0 0 0 0
和解不成、已告知申诉 12 件 1 1 0 0 0 0 0
调解办结 13 件 2 0 0 2 0 0 0
其中：调解成功 14 件 1 0 0 1 0 0 0
撤回、联系不到及其他 15 件 1 1 0 0 0 0 0
其中：消费者撤回 16 件 1 1 0 0 0 0 0
期末未结 17 件 3 2 0 1 0 0 0
其中：期末超期未结 18 件 1 1 0 0 0 0 0
按时办结(含按时报请) 19 件 11 9 0 2 0 0 0
报请工商所 20 件 1 1 0 0 0 0 0
争议金额 21 元 16146.17 3800.50 0.00 12345.67 0.00 0.00 0.00
挽回经济损失 22 元 2100.99 2100.00 0.00 0.99 0.00 0.00 0.00
评价 23 人次 5 5 0 0 0 0 0
满意(含基本满意) 24 人次 5 5 0 0 0 0 0
举报案件线索 25 条 1 1 0 0 0 0 0
报告重大事项 26 件 1 1 0 0 0 0 0
和解息诉率 % 75.00%(9/12) 90.00%(9/10) —(0/0) 0.00%(0/2) —(0/0) —(0/0) —(0/0)
调解成功率 % 50.00%(1/2) —(0/0) —(0/0) 50.00%(1/2) —(0/0) —(0/0) —(0/0)
消费者满意率 % 100.00%(5/5) 100.00%(5/5) —(0/0) —(0/0) —(0/0) —(0/0) —(0/0)
按时办结率 % 91.67%(11/12) 90.00%(9/10) —(0/0) 100.00%(2/2) —(0/0) —(0/0) —(0/0)
单位负责人（盖章）： 审核人： 填表人：
联络员：张三 联系电话： 填报日期：
工商所联系人：李四 收到日期：
注：1.和解息诉率=(和解+撤回)/办结=9/12=75.00%；目标90%，未达标；另有超期未结1件。
   2.调解成功率=调解成功/调解办结=1/2=50.00%；目标90%，未达标；样本过小（不足10例）。
   3.消费者满意率=满意(含基本满意)/评价=5/5=100.00%；目标98%，达标；样本过小（不足50例）。
   4.按时办结率=按时办结/办结=11/12=91.67%。
   5.报送期限：服务点于2026年10月8日前报工商所；县局方案规定2026年10月5日前（遇休息日，即2026年10月8日前）。
   6.所用设置：报送日遇休息日顺延至其后第一个工作日；工商所提前1个、服务点提前2个工作日报送。
   7.数据截至2026年9月30日。
"""
    )


def test_attachment_6_of_a_station() -> None:
    assert printed(opened(6)["附件6"]) == (
        """\
12315“五进”工作情况统计表
表号：附件6
填报单位：城关市场监督管理所 报告期：2026年第三季度
类型 期初服务点数 本期新设 本期撤销 期末服务点数 其中省级示范 市级示范 联络员 接受咨询 受理投诉 其中工商分流 办结 促成和解 \
争议金额（万元） 挽回经济损失（万元） 和解息诉率 调解成功率 消费者满意率 应报服务点 实报服务点 走访 会议 培训 抄告 约谈
进商场 3 1 0 4 1 0 5 31 10 2 10 8 0.38 0.21 90.00% — 100.00% 4 3 12 1 0 1 0
进超市 0 0 0 0 0 0 0 0 0 0 0 0 0.00 0.00 — — — 0 0 0 0 0 0 0
进市场 2 0 1 1 0 1 1 0 3 3 2 0 1.23 0.00 0.00% 50.00% — 1 1 3 0 0 0 1
进企业 0 0 0 0 0 0 0 0 0 0 0 0 0.00 0.00 — — — 0 0 0 0 0 0 0
进景区 0 0 0 0 0 0 0 0 0 0 0 0 0.00 0.00 — — — 0 0 0 0 0 0 0
其他 0 0 0 0 0 0 0 0 0 0 0 0 0.00 0.00 — — — 0 0 0 1 2 0 0
合计 5 0 0 5 1 1 6 31 13 5 12 8 1.61 0.21 75.00% 50.00% 100.00% 5 4 15 2 2 1 1
单位负责人（盖章）： 审核人： 填表人： 联系电话： 填报日期：
注：1.和解息诉率=(和解+撤回)/办结=9/12=75.00%；目标90%，未达标；另有超期未结1件。
   2.调解成功率=调解成功/调解办结=1/2=50.00%；目标90%，未达标；样本过小（不足10例）。
   3.消费者满意率=满意(含基本满意)/评价=5/5=100.00%；目标98%，达标；样本过小（不足50例）。
   4.报送期限：方案规定2026年10月5日前（遇休息日，即2026年10月8日前）报县局；工商所2026年10月8日前；服务点2026年10月8日前。
   5.未报服务点（1个）：城关超市。
   6.类型变更1个：原类型计入撤销，新类型计入新设，合计均不计入。
   7.所用设置：报送日遇休息日顺延至其后第一个工作日；工商所提前1个、服务点提前2个工作日报送。
   8.数据截至2026年9月30日。
"""
    )


def notes(head: Head, found: Figures = NOTHING) -> list[str]:
    """The footnotes of Attachment 6 after those on rates."""
    return list(attachment6.attachment6(head, found)[0].notes[3:])


def test_a_station_that_records_no_returns_visits_or_leads_says_so() -> None:
    head = replace(
        HEAD, missing=None, unrecorded=("visits", "interviews", "leads"), provisional=True
    )
    assert [note for note in notes(head) if not note.startswith(("报送期限", "所用设置"))] == [
        "本账尚未登记各服务点的报表，应报、实报服务点和未报服务点名单请核对后手工填写。",
        "数据截至2026年9月30日。",
        "期末超期未结、按时办结涉及放假安排尚未公布的年份，按周末和日期固定的法定节假日推算，为暂定数。",
        "本账无记录、请核对后手工填写：走访、约谈。",
    ]
    assert (
        notes(replace(HEAD, dates=None))[0] == "本期不是报送期，应报、实报服务点两栏不作报送依据。"
    )
    assert (
        attachment3.attachment3(head, NOTHING)[0].notes[-1]
        == "本账无记录、请核对后手工填写：举报案件线索。"
    )


def test_the_annual_return_names_its_parts_and_what_it_covers() -> None:
    dates = ReturnDates(date(2026, 12, 5), date(2026, 12, 4), date(2026, 12, 3), date(2026, 12, 2))
    settings = {
        "annual_period": "statistical",
        "return_day_off": "before",
        "station_lead": "1",
        "point_lead": "2",
    }
    parts = (("上年12月", NOTHING), ("一至三季度", QUARTER), ("10-11月", NOTHING))
    head = Head(
        "城关所",
        parse_period("2026A"),
        date(2026, 12, 1),
        dates,
        settings,
        missing=(),
        parts=parts,
    )
    assert notes(head, QUARTER) == [
        "报送期限：方案规定2026年12月5日前（遇休息日，即2026年12月4日前）报县局；工商所2026年12月3日前；服务点2026年12月2日前。",
        "未报服务点：无。",
        "类型变更1个：原类型计入撤销，新类型计入新设，合计均不计入。",
        "全年构成：上年12月+一至三季度+10-11月=全年；受理投诉0+13+0=13；办结0+12+0=12；和解(含当场解决)0+8+0=8；"
        "争议金额0.00+16146.17+0.00=16146.17；挽回经济损失0.00+2100.99+0.00=2100.99。",
        "所用设置：报送日遇休息日提前至其前第一个工作日；工商所提前1个、服务点提前2个工作日报送；"
        "年报口径为统计年度(上年12月1日至本年11月30日)。",
        "数据截至2026年12月1日。",
    ]


def test_a_correction_is_carried_as_the_difference_that_ties_the_opening() -> None:
    tie = dict.fromkeys(COLUMNS, (0, 0, 0)) | {
        "total": (3, 1, 4),
        "mall": (3, 2, 5),
        "market": (0, -1, -1),
    }
    head = {"period": "2026Q2", "code": "17"}
    inquiry = {"kind": "inquiry", "date": "2026-05-06"}
    open_, both = (
        head | {"key": "open_end", "others": []},
        head | {"key": "inquiries", "numbers": [], "others": [inquiry]},
    )
    lines = [
        both | {"type": "total", "submitted": 3, "now": 4},
        both | {"type": "mall", "submitted": 1, "now": 2},
        open_ | {"type": "total", "submitted": 3, "now": 4, "numbers": ["2026-0031", "2026-0035"]},
        open_ | {"type": "mall", "submitted": 3, "now": 5, "numbers": ["2026-0031"]},
        head
        | {
            "key": "disputed",
            "type": "total",
            "submitted": 10050,
            "now": 9950,
            "numbers": [],
            "others": [],
        },
    ]
    carried = replace(
        HEAD, dates=None, missing=(), sent=("南门超市",), carried=("2026Q2", tie, lines)
    )
    assert notes(carried)[1:4] == [
        "以其上报数计入的服务点：南门超市。",
        "期初未结=2026Q2已报期末未结+上期更正：合计3+1=4、商场3+2=5、市场0-1=-1。",
        "上期更正（2026Q2）：接受咨询合计3→4、商场1→2（2026-05-06的咨询）；期末未结合计3→4、商场3→5（2026-0031、2026-0035）；争议金额合计100.50→99.50。",
    ]
    assert notes(
        replace(carried, sent=(), carried=("2026Q2", dict.fromkeys(COLUMNS, (0, 0, 0)), []))
    )[1:2] == ["期初未结=2026Q2已报期末未结+上期更正：合计0+0=0。"]


def test_a_calendar_year_and_a_nominal_date_that_is_worked() -> None:
    dates = ReturnDates(date(2025, 12, 5), date(2025, 12, 5), date(2025, 12, 4), date(2025, 12, 3))
    settings = {**SETTINGS, "annual_period": "calendar"}
    head = Head("城关所", parse_period("2025A", "calendar"), None, dates, settings, missing=())
    deadline, _, used, _ = notes(head)
    assert (
        deadline
        == "报送期限：方案规定2025年12月5日前报县局；工商所2025年12月4日前；服务点2025年12月3日前。"
    )
    assert used.endswith("；年报口径为自然年度(1月1日起)。")


def test_a_rate_of_nothing_neither_meets_nor_misses() -> None:
    assert attachment3.attachment3(HEAD, NOTHING)[0].notes[:4] == (
        "和解息诉率=(和解+撤回)/办结=0/0=—；目标90%，—。",
        "调解成功率=调解成功/调解办结=0/0=—；目标90%，—。",
        "消费者满意率=满意(含基本满意)/评价=0/0=—；目标98%，—。",
        "按时办结率=按时办结/办结=0/0=—。",
    )


@pytest.mark.parametrize("found", [NOTHING, QUARTER], ids=["nothing", "quarter"])
def test_every_figure_is_found_by_its_name(found: Figures) -> None:
    third, sixth = opened(3, found=found), opened(6, found=found)
    for key, measure in MEASURES.items():
        for column in COLUMNS:
            figure = found[key][column]
            assert named(sixth, f"basis_{key}_{column}") == figure
            exact = (
                Decimal(str(named(sixth, f"A6_{key}_{column}"))) if key in ATTACHMENT6 else None
            )
            assert exact in (None, Decimal(figure) / 1_000_000 if measure.money else figure)
            exact = (
                Decimal(str(named(third, f"A3_{key}_{column}")))
                if measure in ATTACHMENT3
                else None
            )
            assert exact in (None, Decimal(figure) / 100 if measure.money else figure)
    for column in COLUMNS:
        for value in rates(found, column):
            percent = "—" if value.percent is None else f"{value.percent}%"
            assert (
                named(third, f"A3_{value.rate.key}_{column}")
                == f"{percent}\n({value.numerator}/{value.denominator})"
            )
            if value.rate.key in ATTACHMENT6:
                assert named(sixth, f"A6_{value.rate.key}_{column}") == percent


def named(book: Workbook, name: str) -> object:
    [(sheet, place)] = book.defined_names[name].destinations
    return book[sheet][place].value


def test_another_reader_finds_the_same_values() -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(workbook(6, HEAD, QUARTER)))
    assert book.sheet_names == ["附件6", "计算依据"]
    form, basis = (book.get_sheet_by_name(name).to_python()[4:] for name in book.sheet_names)
    place = 1 + list(ATTACHMENT6).index("disputed")
    assert [row[place] for row in form[:7]] == [0.38005, 0, 1.234567, 0, 0, 0, 1.614617]
    assert [row[:5] for row in basis[20:28]] == [
        ["21", "disputed", "争议金额", "分", 1614617],
        ["22", "recovered", "挽回经济损失", "分", 210099],
        ["23", "rated", "评价", "人次", 5],
        ["24", "satisfied", "满意(含基本满意)", "人次", 5],
        ["25", "leads", "举报案件线索", "条", 1],
        ["26", "major_matters", "报告重大事项", "件", 1],
        ["", "points_start", "期初服务点数", "个", 5],
        ["", "points_new", "本期新设", "个", 0],
    ]
    assert [row[1] for row in basis[: len(MEASURES)]] == list(MEASURES)


@pytest.mark.parametrize("number", [3, 6])
def test_equal_input_gives_equal_bytes(number: int) -> None:
    with time_machine.travel(date(2026, 10, 8), tick=False):
        first = workbook(number, HEAD, QUARTER)
    with time_machine.travel(date(2031, 2, 3), tick=False):
        assert workbook(number, HEAD, QUARTER) == first


def test_equal_input_gives_equal_bytes_in_another_process() -> None:
    code = "import sys; from tests.test_sheets import HEAD, QUARTER, workbook; sys.stdout.buffer.write(workbook(6, HEAD, QUARTER))"
    other = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    assert other.stdout == workbook(6, HEAD, QUARTER)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("=1+1", "=1+1"),
        ("#N/A", "#N/A"),
        ("0591-01", "0591-01"),
        ("007", "007"),
        ("+8613800000000", "+8613800000000"),
        ("a\x07b\x1f\uffff\ud800", "ab"),
        ("<b>&amp;", "<b>&amp;"),
        ("𠮷野家", "𠮷野家"),
    ],
)
def test_text_stays_text(text: str, stored: str) -> None:
    columns = (FormColumn("名称", 8), FormColumn("备注", 8))
    sheet = FormSheet(
        name="表",
        title="题",
        left=text,
        right=("右",),
        columns=columns,
        rows=((text, None),),
        signatures=((text, ""),),
    )
    page = load_workbook(BytesIO(draw([sheet])))["表"]
    assert [(page[place].value, page[place].data_type) for place in ("A2", "A4", "A5")] == [
        (stored, "s")
    ] * 3


@pytest.mark.parametrize("number", [3, 6])
def test_no_cell_is_a_formula_and_codes_are_text(number: int) -> None:
    book = opened(number, replace(HEAD, unit="=HYPERLINK(1)", missing=("=1+1",)))
    assert {
        cell.data_type for page in book.worksheets for row in page.iter_rows() for cell in row
    } <= {"s", "n"}
    page = book.worksheets[-1]
    column = "B" if number == 3 else "A"
    assert [page[f"{column}{row}"].value for row in range(5, 31)] == [
        f"{code:02}" for code in range(1, 27)
    ]


@pytest.mark.parametrize(
    ("number", "name", "orientation", "high"),
    [
        (3, "附件3", "portrait", None),
        (6, "附件6", "landscape", 0),
        (6, "计算依据", "portrait", None),
    ],
)
def test_the_page_is_set_up_for_the_printer(
    number: int, name: str, orientation: str, high: int | None
) -> None:
    page = opened(number)[name]
    setup = page.page_setup
    assert (str(setup.paperSize), str(setup.orientation), setup.fitToHeight) == (
        "9",
        orientation,
        high,
    )
    assert page.sheet_properties.pageSetUpPr == PageSetupProperties(fitToPage=True)
    assert page.print_title_rows == "$4:$4"
    assert str(page.oddFooter) == "&C第 &P 页 共 &N 页"
    assert page["A1"].font.sz > page["A5"].font.sz
    assert page["A4"].border.left.style == page["E5"].border.bottom.style == "thin"


def test_a_long_list_of_missing_points_is_not_cut() -> None:
    names = tuple(
        f"福建省某某县城关镇中心大道{number}号新世纪购物广场有限责任公司服务点"
        for number in range(300)
    )
    page = opened(6, replace(HEAD, missing=names))["附件6"]
    lines = [text for text in texts(page) if "服务点、" in text or text.endswith("服务点。")]
    assert "".join(lines).partition("：")[2] == "、".join(names) + "。"
    columns = page.column_dimensions.values()
    # 7 pixels each, 6 at 9 points
    wide = sum(each.width * ((each.max or 0) - (each.min or 0) + 1) for each in columns)
    across = wide * 7 // 6
    needed = [ceil(room(text) / across) for text in lines]
    heights = [
        page.row_dimensions[row].height
        for row in range(1, page.max_row + 1)
        if str(page.cell(row, 1).value) in lines
    ]
    assert all(have >= 12 * need and have < 60 for have, need in zip(heights, needed, strict=True))


def test_a_long_name_of_the_unit_makes_its_row_higher() -> None:
    short, long = (
        opened(3, replace(HEAD, unit=unit))["附件3"].row_dimensions[3].height
        for unit in ("城关所", "城关所" * 30)
    )
    assert long > 2 * short


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 4, 1),
        ("办结", 4, 1),
        ("计量单位", 5, 2),
        ("期初服务点数", 5, 3),
        ("90.00%\n(9/10)", 10, 2),
        ("SUPER MARKET", 8, 2),
        ("INTERNATIONAL", 5, 3),
        ("a\n\nb", 5, 3),
    ],
)
def test_the_lines_that_a_text_takes(text: str, width: int, lines: int) -> None:
    assert height(text, width, 10) == pytest.approx(14.5 * lines - 1)


def test_a_row_of_a_long_note_ends_after_a_whole_name() -> None:
    assert list(rows("甲甲甲、乙乙乙、丙丙丙、丁", 5, 10.5)) == [
        "甲甲甲、",
        "乙乙乙、",
        "丙丙丙、丁",
    ]


def test_a_column_grows_with_its_figures() -> None:
    columns = (
        FormColumn("名称", 4, "left"),
        FormColumn("金额", 4, "right"),
        FormColumn("比率", 4),
    )
    row = (Cell("长" * 9), Cell(Decimal("1234567")), "90.00%\n(9/10)")
    sheet = FormSheet(name="表", title="", columns=columns, rows=(row,))
    assert widths(sheet) == [4, 12, 8]


def test_signatures_share_the_width() -> None:
    shares = [(span.first, span.last) for span in spans([22, 5, 5, 12, 10, 10, 10, 10, 10, 10], 3)]
    assert shares == [(1, 3), (4, 7), (8, 10)]


def parts(content: bytes) -> Iterator[tuple[str, tuple[int, ...]]]:
    with ZipFile(BytesIO(content)) as archive:
        yield from ((info.filename, info.date_time) for info in archive.infolist())


def whole_books() -> Iterator[bytes]:
    """The workbooks that XlsxWriter draws from the first cell to the last."""
    rows: list[Row] = [(1, ["登记编号"]), (3, [None, "=1", "<r>张</r>", "_x0041_", "007\x07"])]
    sheets = [Sheet(name, False, iter(rows)) for name in ("a/b", "a_b", "")]
    notes = [("a/b", 3, 1, "不对"), ("a/b", 3, 1, "还是不对"), ("a/b", 2, 5, "空着")]
    yield annotated(sheets, notes)
    yield template(["<r>商场</r>", "=南门"])


def test_whole_books_hold_text_as_it_was_and_have_equal_bytes_on_any_day() -> None:
    first, second = whole_books()
    copy, blank = (load_workbook(BytesIO(each)) for each in (first, second))
    assert copy.sheetnames == ["a_b", "ledger12315 1", "csv"]
    page = copy["a_b"]
    assert [cell.value for cell in page[3]] == [None, "=1", "<r>张</r>", "_x0041_", "007", None]
    assert {cell.data_type for cell in page[3]} == {"s", "n"}
    comments = {
        cell.coordinate: cell.comment.text
        for row in page.iter_rows()
        for cell in row
        if cell.comment
    }
    assert comments == {"B3": "不对\n还是不对", "F2": "空着"}
    assert page["B3"].fill.fgColor.rgb == page["F2"].fill.fgColor.rgb == "FFFFC000"
    assert [cell.value for cell in blank["选项"]["A"][:2]] == ["<r>商场</r>", "=南门"]
    with time_machine.travel(date(2031, 2, 3), tick=False):
        assert list(whole_books()) == [first, second]


def test_no_workbook_leaves_anything_in_a_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    assert workbook(6, HEAD, QUARTER) and all(whole_books())


def test_no_part_of_the_file_has_a_date_of_its_own() -> None:
    assert {stamp for _, stamp in parts(workbook(3, HEAD, QUARTER))} == {(1980, 1, 1, 0, 0, 0)}


def test_the_drawing_library_is_loaded_only_to_draw() -> None:
    code = (
        "import sys, ledger12315.sheets.forms.attachment6, ledger12315.sheets.incoming.names;"
        "sys.exit('xlsxwriter' in sys.modules or 'openpyxl' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_columns_of_attachment_6_stand_in_the_order_of_their_keys() -> None:
    assert " ".join(ATTACHMENT6) == (
        "points_start points_new points_retired points_end demo_provincial demo_municipal liaisons inquiries received "
        "received_referred closed settled disputed recovered settled_rate mediation_success_rate satisfaction_rate returns_due "
        "returns_made visits meetings trainings notices interviews"
    )
