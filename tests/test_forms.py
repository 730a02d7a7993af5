"""The forms on paper, each exported from one station's ledger and opened again, line by line."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from ledger12315.boxes.reading import join_marked_lines
from ledger12315.sheets.forms.spec import GRID, FormBox, FormColumn, FormSheet, Line
from ledger12315.sheets.incoming.ooxml import Book
from ledger12315.sheets.paper.draw import draw
from ledger12315.sheets.paper.layout import broken_lines, pieces
from ledger12315.sheets.paper.parts import Rows
from tests import test_printed
from tests.faults.bombs import SHEET, with_part
from tests.letters import cut, smallest
from tests.printing import exported, named, opened, printed, reopened, story_of
from tests.rows import for_all

STORY = story_of("east")

EXCELLENT = """
2026-01-05 init --station 东门所 --county 榕溪县
2026-01-05 register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万
2026-07-05 record visit P001
2026-08-05 record visit P001
2026-09-05 record visit P001
2026-09-10 point inspect P001 --office yes --sign yes --liaison yes --equipment yes \
    --systems yes --register yes --board yes --records yes --uniform yes \
    --purchase-inspection yes --promise yes --withdrawal yes
2026-10-05 totals P001 2026Q3 03=20 04=20 07=20 10=20 11=20 19=20 23=20 24=20
"""
# Before the first year whose notice is known.
LONG_AGO = """
2003-01-05 init --station 东门所 --county 榕溪县
2003-01-05 register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万
2003-07-03 log P001 --complainant 张三 --item 鞋 --kind goods --facts 开裂
2003-07-04 close 2003-0001 --outcome settled
"""
# Complaints of P001 that were closed in a later quarter, and some of P002.
ACROSS = """
2026-01-05 init --station 东门所 --county 榕溪县
2026-01-05 register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万
2026-01-05 register 南门市场 --type market --area 1200 --stalls 120
2026-06-29 log P001 --complainant 甲 --item 鞋 --kind goods --facts 裂
2026-06-30 log P001 --complainant 乙 --item 帽 --kind goods --facts 裂
2026-06-30 log P001 --complainant 丙 --item 袜 --kind goods --facts 裂
2026-07-01 close 2026-0001 --outcome settled
2026-07-03 close 2026-0002 --outcome settled
2026-07-03 complaint void 2026-0003 --reason 重复
2026-09-30 log P001 --complainant 丁 --item 锅 --kind goods --facts 裂 --received 2026-07-01
2026-09-30 log P002 --complainant 戊 --item 灯 --kind goods --facts 裂
2026-09-30 close 2026-0005 --outcome settled
2026-10-08 close 2026-0004 --outcome settled
"""
ROWS = [
    (
        STORY,
        "1 2026Q2",
        """\
商品/服务名称|品牌
规格|数量|购买日期
凭证|类别|问题类别
消费金额|争议金额
投诉事实、理由
投诉请求|□修理 □重作 □更换 □退货 □补足数量 □退款 □赔偿 □其他
""",
    ),
    (
        STORY,
        "5 2026Q3 --public",
        """\
序号|服务点编号|名称|类型|依托经营者|地址|工商所|设置依据|示范级别|设立日期|状态|备注
1|P001|东门商场|超市|东门商业公司|中山路1号|东门所|达标|市级|2026年1月5日|在册|\
2026年8月20日备案；2026年8月1日示范级别变更；2026年8月1日类型变更；2026年8月15日联络员变更
2|P002|=南门|市场|东门所|达标|无|2026年1月5日|2026年9月1日撤销|未备案
""",
    ),
    (
        STORY,
        "assessment 2026Q3",
        """\
服务点|P001|东门商场|2|100.00%/(2/2)/样本过小|100.00%/(1/1)/样本过小|100.00%/(1/1)/样本过小|50.00%/(1/2)|1|\
0/3|0/1|2/4|市级|样本过小或无办结、有超期或未按时办结、走访未满每月一次、报表未报齐、\
设置条件未全部检查达标
服务点|P002|=南门|0|—|—|—|—|0|0/2|0/1|0/0|无|\
样本过小或无办结、走访未满每月一次、报表未报齐、设置条件未全部检查达标、已撤销
联系人|陈建平|2|100.00%/(2/2)/样本过小|100.00%/(1/1)/样本过小|100.00%/(1/1)/样本过小|50.00%/(1/2)|1|\
0/3|0/1|2/4
联系人|（缺联系人）|0|—|—|—|—|0|0/2|0/1|0/0
全所|2|100.00%/(2/2)/样本过小|100.00%/(1/1)/样本过小|100.00%/(1/1)/样本过小|50.00%/(1/2)|1|0/5|0/2|2/4
""",
    ),
    (
        EXCELLENT,
        "assessment 2026Q3",
        """\
名次|对象|编号|名称|办结|和解息诉率（目标90%）|调解成功率（目标90%）|消费者满意率（目标98%）|\
按时办结率|超期未结|走访（月）|报表|设置条件|示范级别|示范候选或欠缺
1|服务点|P001|东门商场|20|100.00%/(20/20)|—|100.00%/(20/20)/样本过小|100.00%/(20/20)|0|3/3|1/1|12/12|无|候选
""",
    ),
    (
        LONG_AGO,
        "2 2003Q3",
        """\
1|2003-0001|2003年7月3日|消费者直接投诉|张三|东门商场|商场|鞋|其他|和解|2003年7月4日|1|\
是（暂定）|东门商场
合计|1|0.00|0.00|1|1|未填挽回金额1件，按0计。
""",
    ),
]


@for_all("story form expected", ROWS)
def test_rows_of_a_form(story: str, form: str, expected: str) -> None:
    assert f"\n{expected}" in printed(opened(story, form).worksheets[0])


def test_rates_stand_beside_a_chart_that_is_drawn_from_their_cells() -> None:
    book = exported(STORY, "assessment 2026Q3")
    sheet = reopened(book).worksheets[1]
    assert printed(sheet).splitlines()[3:6] == [
        "对象|办结|和解息诉率|调解成功率|消费者满意率|按时办结率",
        "全所|2|100.00|100.00|100.00|50.00",
        "东门商场|2|100.00|100.00|100.00|50.00",
    ]
    assert printed(sheet).endswith(
        "服务点的比率和名次合并计算一年，自2025年10月1日起；其余各栏为本期。\n"
    )
    with ZipFile(BytesIO(book)) as parts:
        chart = parts.read("xl/charts/chart1.xml").decode()
        anchor = parts.read("xl/drawings/drawing1.xml").decode()
    assert re.findall("<c:f>考核比率图!(.*?)</c:f>", chart.replace("'", "")) == [
        *("$C$4", "$A$5:$A$7", "$C$5:$C$7"),
        *("$D$4", "$A$5:$A$7", "$D$5:$D$7"),
        *("$E$4", "$A$5:$A$7", "$E$5:$E$7"),
    ]
    # The last is white: a border tells where it ends. The lines behind the bars are grey.
    *colours, behind = re.findall('srgbClr val="(.*?)"', chart)
    fills, borders = colours[::2], colours[1::2]
    assert (fills, set(borders)) == (["1D4F7C", "A9C8E3", "FFFFFF"], {"1D4F7C"})
    axes = re.findall('(gapWidth|orientation|tickLblSkip|max|min|majorUnit) val="(.*?)"', chart)
    shown = [behind, *map("=".join, axes)]
    assert " ".join(shown) == (
        "C9CED3 gapWidth=40 orientation=maxMin tickLblSkip=1 orientation=minMax max=100 min=0 "
        "majorUnit=20"
    )
    # It begins beside the headings, right of the last column.
    ends = re.findall("<xdr:(?:col|row)(?:Off)?>(.*?)<", anchor)
    assert ends == ["6", "95250", "3", "0", "11", "571500", "15", "0"]


BUSY = """
2026-01-05 init --station 东门所 --county 榕溪县
2026-01-05 register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万
2026-01-05 register 东门超市 --type supermarket --area 150 --turnover 60万
2026-10-05 totals P001 2026Q3 03=12345 04=12345 07=12345 10=12345 11=12345 19=12345 \
    21=12345678.90 22=12345678.90 23=12345 24=12345
2026-10-05 totals P002 2026Q3 03=12345 04=12345 07=12345 10=12345 11=12345 19=12345 \
    21=12345678.90 22=12345678.90 23=12345 24=12345
"""


@for_all(
    "story form day",
    [
        *((test_printed.STORY, form, test_printed.DAY) for form in test_printed.PRINTED),
        *(
            (STORY, form, "2026-10-09")
            for form in ("1 2020Q1", "2 2026Q3 --point P001", "5 2026Q3 --public", "template")
        ),
        *((BUSY, form, "2026-10-09") for form in ("3 2026Q3", "6 2026Q3", "assessment 2026Q3")),
    ],
)
def test_no_letter_is_printed_in_less_than_9_points(story: str, form: str, day: str) -> None:
    for page in opened(story, form, day).worksheets:
        assert smallest(page) >= 9, page.title
        assert page.title == "计算依据" or cut(page) == [], page.title


def test_a_register_names_its_sums_and_at_the_station_the_points() -> None:
    assert named(opened(STORY, "2 2026Q3 --point P001")) == {
        "A2_received": 3,
        "A2_disputed": 299,
        "A2_recovered": 120.5,
        "A2_closed": 2,
        "A2_closed_on_time": 1,
    }
    # Another one came after this day; of the quarter before, one was closed on its day.
    assert named(opened(ACROSS, "2 2026Q3 --as-of 2026-07-02"))["A2_received"] == 1
    assert named(opened(ACROSS, "2 2026Q2 --as-of 2026-07-01"))["A2_closed"] == 1
    book = opened(STORY, "2 2026Q3")
    assert book.defined_names["A2_closed"].attr_text == "'附件2'!$N$9"
    rows = list(book.worksheets[0].values)[3:9]
    assert [row[20] for row in rows] == ["服务点", *["东门商场"] * 4, None]


def test_parts_of_a_measure_are_set_in() -> None:
    page = opened(STORY, "3 2026Q3").worksheets[0]
    for name, *_ in page.iter_rows():
        assert name.alignment.indent == str(name.value).startswith("其中："), name.value


@for_all("""
    form                            | carried | later
    2026Q2                          |         | 2
    2026Q2 --as-of 2026-07-01       |         | 1
    2026Q2 --as-of 2026-06-30       |         |
    2026Q3                          | 2       | 1
    2026Q3 --point P001             | 2       | 1
    2026Q3 --point P002             |         |
    2026Q3 --as-of 2026-07-02       | 1       |
    2026Q4                          | 1       |
""")
def test_a_register_names_what_attachment_3_counts_otherwise(
    form: str, carried: str, later: str
) -> None:
    parts = [f"期前受理、本期办结的{carried}件未列"] * bool(carried)
    parts += [f"本期受理、期后办结的{later}件已列"] * bool(later)
    note = f"   3.本簿按受理日期列入，附件3按办结日期计办结：{'；'.join(parts)}。\n"
    page = printed(opened(ACROSS, f"2 {form}").worksheets[0])
    assert page.endswith("   2.作废的登记不计入合计。\n" + note * bool(parts))


def test_each_complaint_begins_a_page_and_what_is_void_stands_there_if_it_is_named() -> None:
    page = opened(STORY, "1 2026Q3").worksheets[0]
    titles = [n for n, row in enumerate(page.values, 1) if str(row[0]).endswith("登记表")]
    assert [1, *(each.id + 1 for each in page.row_breaks.brk)] == titles
    assert len(titles) == 3
    assert "报请工商所|2026年7月10日 拒绝配合|工商所受理日期\n" in printed(
        page, titles[1], titles[2]
    )
    void = printed(opened(STORY, "1 --number 2026-0003").worksheets[0])
    assert void.startswith("【作废】“消费维权服务点”消费投诉登记表\n")
    assert void.endswith("注：1.本登记于2026年7月15日作废：重复登记。\n")


RECORDS = """\
12315消费维权服务点工作记录
表号：工作记录
填报单位：东门所|报告期：2026年第三季度
序号|登记号|日期|事项|服务点|次数|内容|其他
1|1|2026年9月20日|抄告|东门商场|1|请查明进货渠道。|被投诉经营者：小王鞋店
2|2|2026年9月20日|抄告|东门商场|1|被投诉经营者：小王鞋店
3|3|2026年9月20日|约谈|东门商场|1|被投诉经营者：小王鞋店
"""
RECORD = """\
约谈记录
填报单位：东门所|登记号：3
日期|2026年9月20日
服务点|东门商场
被投诉经营者|小王鞋店
被约谈人
涉及投诉|2026-0002、2026-0004
内容
承诺事项
承诺期限
落实日期
结果

被约谈人（签名）：|约谈人（签名）：|记录人（签名）：
日期：|日期：|日期：
"""


def test_work_records_are_a_list_or_a_page_each() -> None:
    assert printed(opened(STORY, "record 2026Q3").worksheets[0]).startswith(RECORDS)
    page = opened(STORY, "record --number 3").worksheets[0]
    assert printed(page) == RECORD
    rows = enumerate(page.iter_rows(values_only=True), 1)
    heights = {str(label): page.row_dimensions[number].height for number, (label, *_) in rows}
    long = {"内容": 5, "承诺事项": 5}
    boxes = [line.split("|")[0] for line in RECORD.splitlines()[2:12]]
    room = {label: 14.175 + 15.225 * (long.get(label, 1) - 1) + 3 for label in boxes}
    assert {label: heights[label] for label in boxes} == pytest.approx(room)


def test_notices_and_interviews_have_a_worksheet_each() -> None:
    book = opened(STORY, "notice --number 1 --number 2 --number 3")
    assert [(page.title, len(page.row_breaks)) for page in book] == [
        ("抄告通知书", 1),
        ("约谈通知书", 0),
    ]


def stretches(page: Worksheet) -> Iterator[range]:
    """Yield the rows of each printed page."""
    first = 1
    for last in (*(each.id for each in page.row_breaks.brk), page.max_row):
        yield range(first, last + 1)
        first = last + 1


FACTS = "消费者称于2026年8月3日购买，使用不到半个月出现故障。" * 170
LENGTHY = f"""
2026-01-05 init --station 东门所 --county 榕溪县
2026-01-05 register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万
2026-07-03 log P001 --complainant 张三 --item 鞋 --kind goods --facts {FACTS}
2026-07-03 close 2026-0001 --outcome settled
"""


def test_a_long_text_goes_on_in_further_rows_and_nothing_is_lost() -> None:
    page = opened(LENGTHY, "1 2026Q3").worksheets[0]
    found = [(row[0], row[3]) for row in page.values if str(row[0]).startswith("投诉事实、理由")]
    assert [label for label, _ in found[:2]] == ["投诉事实、理由", "投诉事实、理由\n（续）"]
    assert "".join(str(text) for _, text in found).replace("\n", "") == FACTS
    heights = [dimension.height or 0 for dimension in page.row_dimensions.values()]
    assert max(heights) < 200


_LIAISONS = "; ".join(f"联络员{n} 0591-000000{n}" for n in range(10, 50))
_SAME = (
    f"2026-07-03 log P001 --respondent 王记 --complainant 李四 --item {'鞋' * 40} --kind goods"
    " --facts 裂\n"
)
MANY = f"""
2026-01-05 init --station 东门所 --county 榕溪县
2026-01-05 register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万 \
    --liaison "{_LIAISONS}"
{_SAME * 12}
2026-09-20 record notice P001 --respondent 王记
2026-09-20 record meeting P001 --text {FACTS}
"""
# How each further page begins, below what it is a further page of, and how high that row is.
FURTHER = [
    (
        LENGTHY,
        "1 2026Q3",
        "“消费维权服务点”消费投诉登记表（续）|编号：2026-0001",
        [
            "投诉事实、理由/（续） 123.75",
            "投诉事实、理由/（续） 123.75",
            "投诉事实、理由/（续） 123.75",
            "和解协议内容 47.625",
        ],
    ),
    (MANY, "4", "“消费维权服务点”信息登记表（续）|服务点：东门商场", ["联络员 32.4"]),
    (MANY, "notice --number 1", "抄告通知书（续）|编号：〔2026〕1号", ["序号 20.175"] * 2),
    (MANY, "record --number 2", "会议记录（续）|登记号：2", ["内容/（续） 123.75"] * 3),
]


@for_all("story form of begins", FURTHER)
def test_a_further_page_says_what_it_is_of_and_has_headings(
    story: str, form: str, of: str, begins: list[str]
) -> None:
    page = opened(story, form).worksheets[0]
    found = [printed(page, rows.start, rows.stop - 1).splitlines() for rows in stretches(page)]
    assert {text[0] for text in found[1:]} == {of}
    heights = [page.row_dimensions[rows.start + 1].height for rows in stretches(page)]
    begun = zip(found[1:], heights[1:], strict=True)
    assert [f"{text[1].split('|')[0]} {high:g}" for text, high in begun] == begins
    for rows in stretches(page):
        assert sum(page.row_dimensions[row].height or 0 for row in rows) < 842 - 2 * 40


def test_a_text_too_long_for_a_row_of_a_list_goes_on_in_the_next() -> None:
    columns, rows = (FormColumn("名称", 40, "left"),) * 2, ((FACTS, 1), (None, FACTS))
    sheet = FormSheet(name="表", title="题", columns=columns, rows=rows)
    page = reopened(draw([sheet])).worksheets[0]
    left, right = ("\n".join(str(cell.value or "") for cell in page[name]) for name in "AB")
    assert f"名称\n{FACTS}\n\n续\n" in join_marked_lines(left)
    assert FACTS in join_marked_lines(right)
    assert max(each.height or 0 for each in page.row_dimensions.values()) < 350


def test_an_agreement_cuts_the_facts_and_names_the_point() -> None:
    page = printed(opened(LENGTHY, "agreement --number 2026-0001").worksheets[0])
    assert f"\n投诉事实、理由|{FACTS[:250]}……\n" in page.replace("/", "")
    assert "\n乙方|经营者|东门商场|联系人\n" in page


BOXES = tuple(Line((FormBox("栏目", f"第{n}行", 13),)) for n in range(90))
ROWS_OF_TWO = tuple((n, "内容") for n in range(90))


# Around the numbers of rows at which a page is full.
_OF_ROWS = (3, *range(30, 38), *range(64, 72))
FULL = {
    "boxes": (3, *range(37, 44), *range(80, 87)),
    "list": _OF_ROWS,
    "register": _OF_ROWS,
}


@for_all("kind", FULL)
def test_the_last_rows_stay_with_the_signatures(kind: str) -> None:
    form = FormSheet(
        name="表",
        title="题",
        signatures=(("服务点（盖章）：", "工商所（盖章）："), ("日期：", "日期：")),
        columns=(FormColumn("序号", 6), FormColumn("内容", 40)) if kind != "boxes" else (),
    )
    sheets = []
    for many in FULL[kind]:
        named, rows = replace(form, name=f"{many}行"), ROWS_OF_TWO[:many]
        if kind == "boxes":
            sheets.append(replace(named, boxes=BOXES[:many], fits=""))
        else:
            sheets.append(replace(named, rows=rows if kind == "list" else iter(rows)))
    content = draw(sheets)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    with ZipFile(BytesIO(content)) as parts:
        for number, name in enumerate(book.sheet_names):
            part = parts.read(f"xl/worksheets/sheet{number + 1}.xml")
            breaks = re.findall(rb'<brk id="(\d+)"', part)
            page = book.get_sheet_by_index(number).to_python()
            texts = [str(row[0]) for row in page[int(breaks[-1]) if breaks else 0 :]]
            signed = texts.index("服务点（盖章）：")
            kept = [text for text in texts[:signed] if re.fullmatch(r"栏目|\d+\.0", text)]
            assert len(kept) >= 2, name
            assert texts[signed + 1] == "日期：", name


def test_a_day_of_any_month_stands_in_one_line() -> None:
    days = [f"2026年{month}月{31 if month == 12 else 28}日" for month in range(1, 13)]
    boxes = tuple(Line((FormBox("日期", day, 3),) * 3) for day in days)
    page = reopened(draw([FormSheet(name="表", title="题", boxes=boxes)]))["表"]
    cells = [page[f"D{row}"] for row in range(2, 14)]
    assert [cell.value for cell in cells] == days
    assert {cell.alignment.shrink_to_fit for cell in cells} == {True}
    assert not any(cell.alignment.wrap_text for cell in cells)


def test_short_notes_stand_with_signatures_and_the_last_rows() -> None:
    sheet = FormSheet(
        name="表",
        title="题",
        columns=(FormColumn("名", 20),),
        signatures=(("录入人：",),),
        notes=("第一条。", "第二条。"),
    )
    rows = {f"{many}行": [f"行{number}" for number in range(many)] for many in range(26, 36)}
    sheets = [
        replace(sheet, name=name, rows=[(text,) for text in texts]) for name, texts in rows.items()
    ]
    for page in reopened(draw(sheets)):
        last = max((each.id for each in page.row_breaks.brk), default=0)
        shown = range(last + 1, page.max_row + 1)
        high = sum(page.row_dimensions[row].height or 0 for row in shown)
        assert high < 842 - 2 * 40, page.title
        texts = [row[0] for row in page.iter_rows(last + 1, values_only=True)]
        end = [*rows[page.title][-2:], None, "录入人：", "注：1.第一条。", "   2.第二条。"]
        assert texts[-6:] == end, page.title


def test_no_line_ends_inside_a_day_or_behind_a_box() -> None:
    texts = "☑修理 □重作 □补足数量；" * 20, "于2026年11月15日购买，2026年12月31日退回。" * 20
    for text in texts:
        line = Line((FormBox("栏目", text, 13),))
        page = reopened(draw([FormSheet(name="表", title="题", boxes=(line,))]))["表"]
        for row in page.iter_rows(2, values_only=True):
            for part in str(row[3]).split("\n"):
                assert not re.search(r"[☑□]$|^[，。；]", part)
                whole = re.sub(r"2026年1[12]月\d\d日", "", part)
                assert not re.search(r"\d", whole), part


@for_all(
    "text",
    ["", "字", "字" * 500, "word " * 200, "x" * 500, "a\n\nb\n" * 50, "2026年1月1日 " * 300],
)
@for_all("width", [5, 40, 73])
def test_lines_and_pieces_are_the_text(text: str, width: int) -> None:
    assert "".join(broken_lines(text, width)) == text
    assert join_marked_lines("\n".join(pieces(text, width))) == text


@for_all(
    "form", [each for each in test_printed.PRINTED if re.match("1 |4|agreement|notice", each)]
)
def test_a_page_fits_a_sheet_of_paper_and_its_boxes_fill_the_page(form: str) -> None:
    page = opened(test_printed.STORY, form, test_printed.DAY).worksheets[0]
    # Points of A4 without its margins.
    assert sum(each.width for each in page.column_dimensions.values()) * 5.5 < 595 - 2 * 36
    for rows in stretches(page):
        assert sum(page.row_dimensions[row].height or 0 for row in rows) < 842 - 2 * 43
    ruled = [row for row in page.iter_rows() if getattr(row[0].border.left, "style", None)]
    if not form.startswith("notice"):
        assert {(len(row), row[-1].border.right.style) for row in ruled} == {(GRID, "thin")}


def test_rows_are_gone_through_once_and_read_whole_by_another_reader() -> None:
    rows = ((str(number), Decimal(number) / 2) for number in range(500))
    columns = (FormColumn("名称", 8), FormColumn("数值", 8))
    sheet = FormSheet(name="表", title="题", right=("右",), columns=columns, rows=rows)
    book = CalamineWorkbook.from_filelike(BytesIO(draw([sheet])))
    found = book.get_sheet_by_index(0).to_python()[3:]
    assert found == [[str(number), number / 2] for number in range(500)]


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
                    name="表", title="题", columns=(FormColumn("名称", 8),), rows=(("值",), (15,))
                )
            ]
        )


@for_all(
    "was becomes row",
    [
        ("1[.]5", "1.6", 5),
        (">值<", "><", 4),
        ("</sheetData>", '<row r="6"/></sheetData>', 6),
        ("<row.*</row>", "", 1),
    ],
)
def test_every_change_of_a_part_is_seen(was: str, becomes: str, row: int) -> None:
    part = BytesIO()
    rows = Rows(part)
    for values in (["题"], [None], ["名称"], ["值"], [Decimal("1.5")]):
        rows.write(((1, value, 0) for value in values), 20)
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    frame = f'<worksheet xmlns="{namespace}"><sheetData>{{}}</sheetData></worksheet>'
    whole = frame.format(part.getvalue().decode())
    for content, differing in ((whole, 0), (re.sub(was, becomes, whole), row)):
        book = Book(ZipFile(BytesIO(with_part(SHEET, content))))
        assert rows.differing(book.rows(SHEET)) == differing


def test_lines_of_a_group_stand_beside_its_name() -> None:
    boxes = (
        Line((FormBox("姓名", "张三", 13),), "投诉人"),
        Line((FormBox("电话", "1", 13),), "投诉人"),
        Line((FormBox("事由", "x", 13),)),
    )
    content = draw([FormSheet(name="表", title="题", boxes=boxes, fits="")])
    page = reopened(content).worksheets[0]
    merged = " ".join(sorted(map(str, page.merged_cells)))
    assert merged == "A1:P1 A2:A3 A4:C4 B2:C2 B3:C3 D2:P2 D3:P3 D4:P4"
