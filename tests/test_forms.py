"""The other forms, each drawn from the rows that the ledger gives and opened again: what stands on paper, line by line."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from ledger12315.boxes.fields import COMPLAINT
from ledger12315.ledger.points.profile import Change, Finding
from ledger12315.rules.periods import parse_period
from ledger12315.rules.rates import RATES, Value
from ledger12315.rules.workdays import Calendar
from ledger12315.sheets import workbook
from ledger12315.sheets.forms.spec import GRID, Box, FormColumn, FormSheet, Line
from ledger12315.sheets.incoming.ooxml import Book, Cell
from ledger12315.sheets.paper.draw import draw
from ledger12315.sheets.paper.layout import lines, pieces
from ledger12315.sheets.paper.parts import Rows
from ledger12315.words import CONDITIONS
from tests.faults.bombs import SHEET, with_part

QUARTER = parse_period("2026Q3")
PLAIN = Calendar({}, range(2000, 2100))
EMPTY = dict.fromkeys((*COMPLAINT, "escalated", "escalation_reason", "voided", "void_reason"))
OPEN: dict[str, Any] = EMPTY | {
    "number": "2026-0001",
    "point": "P001",
    "point_name": "东门商场",
    "type": "mall",
    "received": "2026-07-03",
    "due": date(2026, 7, 10),
    "provisional": False,
    "source": "direct",
    "channel": "visit",
    "complainant": "张三",
    "phone": "0591-01",
    "item": "=1+1",
    "kind": "goods",
    "problem": "quality",
    "disputed": 29900,
    "facts": "不加热",
    "recovered": 0,
    "multiple_damages": 0,
    "handler": "林秀珍",
}
CLOSED = OPEN | {
    "number": "2026-0002",
    "respondent": "3号摊",
    "outcome": "settled",
    "closed": "2026-07-13",
    "recovered": 12050,
    "rating": "basic",
    "archive_no": "消1",
    "category": "electronics",
    "request": "repair,refund",
}
ESCALATED = OPEN | {
    "number": "2026-0003",
    "escalated": "2026-07-10",
    "escalation_reason": "拒绝配合",
}
MEDIATED = ESCALATED | {
    "number": "2026-0004",
    "outcome": "mediated",
    "closed": "2026-07-20",
    "provisional": True,
}
VOID = CLOSED | {"number": "2026-0005", "voided": "2026-07-15", "void_reason": "重复登记"}
POINT: dict[str, Any] = {
    "code": "P001",
    "name": "东门商场",
    "type": "supermarket",
    "host": "东门商业公司",
    "address": "中山路1号",
    "area": 50050,
    "capital": 80_000_000,
    "turnover": None,
    "stalls": None,
    "grade": None,
    "sector": None,
    "eligibility": "meets",
    "judgement": None,
    "filed": "2026-01-20",
    "liaisons": [
        {
            "name": "林秀珍",
            "phone": "0591-01",
            "terms": "full_time",
            "badge": "A1",
            "since": "2026-01-05",
        },
        {"name": "王小明", "phone": None, "terms": None, "badge": None, "since": "2026-08-15"},
    ],
    "officer": {"name": "陈建平", "phone": "13900000202", "since": "2026-01-05"},
    "demonstration": "municipal",
    "demonstration_since": "2026-08-01",
    "since": "2026-01-05",
    "retired": None,
    "status": "active",
    "conditions": dict.fromkeys(CONDITIONS)
    | {"sign": Finding(False, "2026-09-10", "陈建平", "牌匾破损")},
    "changes": [
        Change("2026-08-01", "type", "mall", "supermarket"),
        Change("2026-08-15", "liaison", None, "王小明"),
    ],
}
RETIRED = POINT | {
    "code": "P002",
    "name": "=南门",
    "officer": None,
    "liaisons": [],
    "filed": None,
    "changes": [],
}
RETIRED |= {"status": "retired", "retired": "2026-09-01", "demonstration": "none"}


def opened(form: int | str, *given: object) -> Worksheet:
    return load_workbook(BytesIO(workbook(form, *given))).worksheets[0]


def printed(page: Worksheet, first: int = 1, last: int | None = None) -> str:
    """What stands on paper, a line for each row, a bar between cells."""
    rows = (
        [str(value).replace("\n", "/") for value in row if value is not None]
        for row in page.values
    )
    return "\n".join("|".join(row) for row in list(rows)[first - 1 : last]) + "\n"


def test_attachment_1() -> None:
    assert printed(
        opened(1, [CLOSED | {"agreement": "一、退款；\n二、退货。", "perform_by": "2026-07-30"}])
    ) == (
        """\
“消费维权服务点”消费投诉登记表
填报单位：东门商场|表号：附件1
服务点名称|东门商场|编号|2026-0002
来源|消费者直接投诉|受理方式|来人|登记时间|2026-07-03
分流单号及日期
投诉人|姓名|张三|联系电话|0591-01
联系地址
被投诉人|名称（摊位号）|3号摊|联系人
经营地址|联系电话
商品/服务名称|=1+1|品牌
规格|数量|购买日期
凭证|类别|家用电子电器|问题类别|质量
消费金额|争议金额|299.00元
投诉事实、理由|不加热
投诉请求|■修理 □重作 □更换 □退货 □补足数量 ■退款 □赔偿 □其他
约定答复时间|经办人|林秀珍
处理经过
报请工商所
处理结果|和解|告知日期
和解协议内容|一、退款；/二、退货。
领导审核|约定履行期限|2026-07-30|履行日期
挽回经济损失|120.50元|加倍赔偿|0.00元
反馈日期|方式|消费者评价|基本满意
办结日期|2026-07-13|归档号|消1
前次投诉|备注
投诉人（签名）：|联络员（签名）：|单位领导（签名）：
日期：|日期：|日期：
"""
    )


def test_an_empty_form_can_be_filled_by_hand() -> None:
    page = printed(opened(1, []))
    assert "投诉请求|□修理 □重作" in page and "元" not in page


def test_each_complaint_begins_a_page_and_a_void_one_says_so() -> None:
    page = opened(1, [OPEN, ESCALATED, VOID])
    titles = [
        row
        for row in range(1, page.max_row + 1)
        if page.cell(row, 1).value == "“消费维权服务点”消费投诉登记表"
    ]
    assert [1, *(each.id + 1 for each in page.row_breaks.brk)] == titles
    # Fitted pages would not heed the breaks.
    assert page.sheet_properties.pageSetUpPr == PageSetupProperties()
    assert page.cell(page.max_row, 1).value == "注：1.本登记于2026-07-15作废：重复登记。"
    assert "报请工商所|2026-07-10 拒绝配合" in printed(page)


def test_a_long_text_goes_on_in_further_rows_and_nothing_is_lost() -> None:
    facts = "消费者称于2026年8月3日购买，使用不到半个月出现故障。\n\n" * 180
    page = opened(1, [OPEN | {"facts": facts[:5000]}])
    found = [(row[0], row[3]) for row in page.values if str(row[0]).startswith("投诉事实、理由")]
    assert [label for label, _ in found[:2]] == ["投诉事实、理由", "投诉事实、理由\n（续）"]
    assert "".join(str(text or "") for _, text in found).replace("\n", "") == facts[:5000].replace(
        "\n", ""
    )
    heights = [dimension.height or 0 for dimension in page.row_dimensions.values()]
    assert max(heights) < 200


@pytest.mark.parametrize(
    "text", ["", "字", "字" * 500, "word " * 200, "x" * 500, "a\n\nb\n" * 50, "2026年" * 300]
)
@pytest.mark.parametrize("width", [5, 40, 73])
def test_lines_and_pieces_are_the_text(text: str, width: int) -> None:
    assert "".join(lines(text, width)) == text
    assert "".join(pieces(text, width)).replace("\n", "") == text.replace("\n", "")


def test_attachment_2_of_a_point() -> None:
    book = load_workbook(
        BytesIO(
            workbook(
                2, "东门商场", QUARTER, [OPEN, CLOSED, ESCALATED, MEDIATED, VOID], PLAIN, True
            )
        )
    )
    page = book.worksheets[0]
    assert printed(page) == (
        """\
“消费维权服务点”受理和处理消费者投诉登记簿
表号：附件2
填报单位：东门商场|报告期：2026年第三季度
序号|登记编号|受理日期|来源|投诉人|联系电话|被投诉经营者|类型|商品/服务名称|问题类别|争议金额|处理结果|挽回经济损失|办结日期|\
用时（工作日）|是否按时|消费者评价|经办人|归档号|备注
1|2026-0001|2026-07-03|消费者直接投诉|张三|0591-01|商场|=1+1|质量|299|未结|林秀珍
2|2026-0002|2026-07-03|消费者直接投诉|张三|0591-01|3号摊|商场|=1+1|质量|299|和解|120.5|2026-07-13|6|否|基本满意|林秀珍|消1
3|2026-0003|2026-07-03|消费者直接投诉|张三|0591-01|商场|=1+1|质量|299|未结|林秀珍|2026-07-10报请工商所：拒绝配合
4|2026-0004|2026-07-03|消费者直接投诉|张三|0591-01|商场|=1+1|质量|299|调解成功|0|2026-07-20|11|是（暂定）|林秀珍|\
2026-07-10报请工商所：拒绝配合
5|2026-0005|2026-07-03|作废|2026-07-15 重复登记
合计|4|1196|120.5|2|1
单位负责人（盖章）：|审核人：|填表人：|联系电话：|填报日期：
注：1.用时为受理次日起至办结之日的工作日数；按时指在5个工作日内办结或报请工商所。
   2.合计行：登记编号、办结日期、是否按时栏下分别为受理、办结、按时的件数；作废的登记不计入。
"""
    )
    names = {
        name: page[place.attr_text.rpartition("!")[2]].value
        for name, place in book.defined_names.items()
    }
    assert names == {
        "A2_received": 4,
        "A2_disputed": 1196,
        "A2_recovered": 120.5,
        "A2_closed": 2,
        "A2_closed_on_time": 1,
    }


def test_a_stations_register_names_the_point_after_the_plans_columns() -> None:
    page = opened(2, "东门所", QUARTER, [OPEN, VOID], PLAIN, False)
    rows = list(page.values)[3:7]
    assert [row[-1] for row in rows] == ["服务点", "东门商场", "东门商场", None]
    assert {len(row) for row in rows} == {21}


def test_a_register_is_gone_through_once_and_read_whole_by_another_reader() -> None:
    rows = ({**OPEN, "number": f"2026-{number:04}"} for number in range(3000))
    book = CalamineWorkbook.from_filelike(
        BytesIO(workbook(2, "东门所", QUARTER, rows, PLAIN, True))
    )
    found = book.get_sheet_by_index(0).to_python()
    assert [row[1] for row in found[4:3004]] == [f"2026-{number:04}" for number in range(3000)]
    assert found[3004][:2] == ["合计", 3000]


def test_attachment_4() -> None:
    assert printed(opened(4, "东门所", "截至：2026-09-28", [POINT])) == (
        """\
“消费维权服务点”信息登记表
表号：附件4
填报单位：东门所|截至：2026-09-28
名称|东门商场|服务点编号|P001
类型|超市|依托经营者|东门商业公司
地址|中山路1号
营业面积|500.50m²|注册资金|800000.00元|营业额
固定摊位|景区等级|行业
设置依据|达标|设立日期|2026-01-05
认定理由
示范级别|市级 2026-08-01|状态|在册
联络员|姓名|专/兼职|电话|胸卡号|任职日期
林秀珍|专职|0591-01|A1|2026-01-05
王小明|2026-08-15
工商所联系人|陈建平|联系电话|13900000202|任职日期|2026-01-05
设置条件|条件|检查结果|检查日期|检查人|备注
固定办公场所|未检查
统一牌匾和标识标志牌|未达标|2026-09-10|陈建平|牌匾破损
联络员及胸卡|未检查
固定电话和视频计算机|未检查
九项工作制度|未检查
登记簿|未检查
宣传栏及更新|未检查
五类工作记录|未检查
七个统一|未检查
进货查验制度|未检查
质量和服务承诺制度|未检查
不合格商品退市制度|未检查
变更记录|2026-08-01 类型由商场变更为超市/2026-08-15 联络员由无变更为王小明
服务点（盖章）：|工商所（盖章）：|县局12315服务台（盖章）：
负责人：|联系人：|备案号：
日期：|日期：|备案日期：2026-01-20
"""
    )


@pytest.mark.parametrize(
    ("public", "heading", "first"),
    [
        (
            False,
            "序号|服务点编号|名称|类型|依托经营者|地址|联络员|联系电话|工商所|联系人|联系电话|设置依据|示范级别|设立日期|状态|备注",
            "1|P001|东门商场|超市|东门商业公司|中山路1号|林秀珍/王小明|0591-01/|东门所|陈建平|13900000202|达标|市级|2026-01-05|在册|"
            "2026-01-20备案；2026-08-01类型变更；2026-08-15联络员变更",
        ),
        (
            True,
            "序号|服务点编号|名称|类型|依托经营者|地址|工商所|设置依据|示范级别|设立日期|状态|备注",
            "1|P001|东门商场|超市|东门商业公司|中山路1号|东门所|达标|市级|2026-01-05|在册|"
            "2026-01-20备案；2026-08-01类型变更；2026-08-15联络员变更",
        ),
    ],
)
def test_attachment_5(public: bool, heading: str, first: str) -> None:
    page = opened(5, "东门所", "报告期：2026年第三季度", [POINT, RETIRED], QUARTER, public)
    assert printed(page, 4, 5) == f"{heading}\n{first}\n"
    assert printed(page, 6, 7) == (
        "2|P002|=南门|超市|东门商业公司|中山路1号|东门所|达标|无|2026-01-05|2026-09-01撤销|未备案\n"
        "在册服务点1个：商场0个、超市1个、市场0个、企业0个、景区0个、其他0个。示范级别：省级0个、市级1个。"
        "本期设立0个、变更1个、撤销1个。\n"
    )


def test_the_agreement() -> None:
    row = CLOSED | {"facts": "故障" * 200, "agreement": "退款。", "respondent": None}
    assert printed(opened("agreement", [row])) == (
        """\
消费纠纷和解协议书
消费维权服务点：东门商场|登记编号：2026-0002
甲方|消费者|张三|联系电话|0591-01
联系地址
乙方|经营者|东门商场|联系人
经营地址|联系电话
商品/服务名称|=1+1|购买日期
消费金额|争议金额|299.00元
投诉事实、理由|"""
        + "故障" * 125
        + """……
和解协议内容|退款。
约定履行期限
甲乙双方就上述消费纠纷自愿协商，达成以上协议。本协议自双方签字（盖章）之日起生效，一式三份，甲乙双方各执一份，服务点存档一份。\
协议不履行的，消费者可以依法投诉、申请仲裁或者提起诉讼。
甲方（签名）：|乙方（签名或盖章）：
联络员（签名）：|单位领导（审核）：
日期：|日期：
"""
    )


NOTICE: dict[str, Any] = {
    "id": 7,
    "kind": "notice",
    "point_name": "东门商场",
    "respondent": "小王鞋店",
    "day": "2026-09-20",
    "text": "请查明进货渠道。",
    "quarter": QUARTER,
    "cases": [OPEN, CLOSED],
}


def test_the_notice() -> None:
    assert printed(opened("notice", "东门所", [NOTICE])) == (
        """\
抄告通知书
编号：7
小王鞋店：
    2026年第三季度（截至2026-09-20），东门商场受理消费者对你单位的投诉2件（见下表）。根据《加强12315建设方案》三(五)2关于对消费者\
投诉较多的经营者发出抄告通知书或实行约谈的规定，现将有关投诉抄告你单位。请对照所列投诉查找原因，妥善处理尚未办结的投诉，\
规范经营行为，并将整改情况书面报送我所。
    请查明进货渠道。
序号|登记编号|受理日期|商品/服务名称|问题类别|争议金额|处理结果
1|2026-0001|2026-07-03|=1+1|质量|299|未结
2|2026-0002|2026-07-03|=1+1|质量|299|和解
东门所（盖章）
2026-09-20
签收人：|签收日期：
整改情况：
"""
    )


def test_notices_and_interviews_have_a_worksheet_each() -> None:
    content = workbook("notice", "东门所", [NOTICE, NOTICE, NOTICE | {"kind": "interview"}])
    book = load_workbook(BytesIO(content))
    assert [(page.title, len(page.row_breaks)) for page in book] == [
        ("抄告通知书", 1),
        ("约谈通知书", 0),
    ]


def test_the_assessment() -> None:
    settled, mediated, satisfied, on_time = RATES
    rates = {
        "settled_rate": Value(settled, 18, 20),
        "mediation_success_rate": Value(mediated, 1, 2),
        "satisfaction_rate": Value(satisfied, 0, 0),
        "on_time_rate": Value(on_time, 19, 20),
    }
    told = {
        "visits": 2,
        "visits_owed": 3,
        "returns_made": 1,
        "returns_due": 1,
        "conditions_met": 3,
        "conditions_inspected": 4,
    }
    head = {
        "level": "point",
        "rank": 1,
        "code": "P001",
        "name": "东门商场",
        "closed": 20,
        "overdue_end": 1,
    }
    row = (
        head
        | rates
        | told
        | {"demonstration": "municipal", "candidate": False, "why": "visits,conditions"}
    )
    station = row | {
        "level": "station",
        "rank": None,
        "code": None,
        "name": None,
        "candidate": None,
        "why": None,
    }
    page = opened(
        "assessment",
        "东门所",
        "报告期：2026年第三季度",
        [row, row | {"candidate": True, "why": None}, station],
    )
    shown = "90.00%/(18/20)|50.00%×*/(1/2)|—|95.00%/(19/20)|1|2/3|1/1|3/4"
    assert printed(page, 4, 7) == (
        "名次|对象|编号|名称|办结|和解息诉率（目标90%）|调解成功率（目标90%）|消费者满意率（目标98%）|按时办结率|超期未结|走访（月）|报表|设置条件|"
        "示范级别|示范候选或欠缺\n"
        f"1|服务点|P001|东门商场|20|{shown}|市级|走访未满每月一次、设置条件未全部检查达标\n"
        f"1|服务点|P001|东门商场|20|{shown}|市级|候选\n"
        f"全所|20|{shown}\n"
    )


@pytest.mark.parametrize(
    ("form", "given"),
    [
        (1, ([CLOSED, VOID],)),
        (4, ("东门所", "截至", [POINT, RETIRED])),
        ("agreement", ([CLOSED],)),
        ("notice", ("东门所", [NOTICE])),
    ],
)
def test_the_pages_fit_a_sheet_of_paper_and_are_the_same_each_time(
    form: int | str, given: tuple[object, ...]
) -> None:
    assert workbook(form, *given) == workbook(form, *given)
    page = opened(form, *given)
    across = page.column_dimensions.values()
    wide = sum(each.width * ((each.max or 0) - (each.min or 0) + 1) for each in across)
    assert wide * 5.5 < 595 - 2 * 36  # points of A4, margins
    ends = [*(each.id for each in page.row_breaks.brk), page.max_row]
    starts = [1, *(end + 1 for end in ends[:-1])]
    for first, last in zip(starts, ends, strict=True):
        assert (
            sum(page.row_dimensions[row].height or 0 for row in range(first, last + 1))
            < 842 - 2 * 43
        )


def test_the_boxes_of_a_line_fill_the_grid() -> None:
    """Whatever is drawn has its borders on both sides."""
    for form, given in (
        (1, ([CLOSED],)),
        (4, ("东门所", "截至", [POINT])),
        ("agreement", ([CLOSED],)),
    ):
        page = opened(form, *given)
        ruled = [
            row for row in page.iter_rows() if row[0].border.left and row[0].border.left.style
        ]
        assert ruled and all(len(row) == GRID and row[-1].border.right.style for row in ruled)


def test_what_reads_otherwise_than_it_was_written_is_no_workbook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A disk or library that changes what it is given: here, the second row to be packed."""
    written = count()

    def amiss(self: Rows, *given: Any) -> None:
        honest(self, *given)
        if next(written) == 1:
            self.hashes[-1] += 1

    honest = Rows.write
    monkeypatch.setattr(Rows, "write", amiss)
    with pytest.raises(RuntimeError, match="表 row 2 reads otherwise"):
        draw(
            [
                FormSheet(
                    name="表",
                    title="题",
                    right=("右",),
                    columns=(FormColumn("名称", 8),),
                    rows=(("值",), (Decimal("1.5"),)),
                )
            ]
        )


@pytest.mark.parametrize(
    ("was", "becomes", "row"),
    [
        ("<v>1.5</v>", "<v>1.6</v>", 5),
        (">值<", "><", 4),
        ("</sheetData>", '<row r="6"/></sheetData>', 6),
    ],
)
def test_every_change_of_a_part_is_seen(was: str, becomes: str, row: int) -> None:
    part = BytesIO()
    rows = Rows(part)
    for values in (["题"], [None], ["名称"], ["值"], [Decimal("1.5")]):
        rows.write(((1, value, 0) for value in values), 20)
    frame = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
    whole = frame.format(part.getvalue().decode())
    assert rows.differing(read(whole)) == 0
    assert rows.differing(read(whole.replace(was, becomes))) == row


def read(worksheet: str) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of a workbook's only worksheet, as those of a file from outside are read."""
    with ZipFile(BytesIO(with_part(SHEET, worksheet))) as archive:
        yield from Book(archive).rows(SHEET)


def test_lines_of_a_group_stand_beside_its_name() -> None:
    boxes = (
        Line((Box("姓名", "张三", 13),), "投诉人"),
        Line((Box("电话", "1", 13),), "投诉人"),
        Line((Box("事由", "x", 13),)),
    )
    page = load_workbook(
        BytesIO(draw([FormSheet(name="表", title="题", boxes=boxes, fits="")]))
    ).worksheets[0]
    assert sorted(map(str, page.merged_cells)) == [
        "A1:P1",
        "A2:A3",
        "A4:C4",
        "B2:C2",
        "B3:C3",
        "D2:P2",
        "D3:P3",
        "D4:P4",
    ]
