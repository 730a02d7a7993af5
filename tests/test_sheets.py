"""Attachments 3 and 6, exported from the ledgers of stories and opened again, line by line."""

import re
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from math import ceil
from pathlib import Path
from subprocess import run as start
from sys import executable
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from ledger12315.sheets.forms.corrections import _in_lines
from ledger12315.sheets.forms.spec import Cell, FormColumn, FormSheet, Line
from ledger12315.sheets.forms.spec import FormBox as Box
from ledger12315.sheets.paper.draw import draw
from ledger12315.sheets.paper.layout import text_width
from tests.printing import exported, lived, opened, printed, reopened, story_of
from tests.rows import for_all
from tests.terminal import finish
from tests.test_forms import LONG_AGO

QUARTER = story_of("town")

YEAR = r"""
2025-11-03 init --station 城关所 --county 榕溪县
2025-11-03 register 城关百货 --type mall --area 500 --capital 80万 --turnover 300万
2025-11-03 settings set return_day_off before
2025-12-10 log P001 --complainant 张三 --item 鞋 --kind goods --facts 开裂 --disputed 1
2026-02-02 log P001 --complainant 张三 --item 鞋 --kind goods --facts 开裂 --disputed 100.50
2026-02-03 close 2026-0001 --outcome settled --recovered 20.99
2026-10-20 log P001 --complainant 张三 --item 鞋 --kind goods --facts 开裂 --disputed 300
2026-10-21 close 2026-0002 --outcome withdrawn
"""
CARRIED = r"""
2026-04-01 init --station 城关所 --county 榕溪县
2026-04-01 register 城关百货 --type mall --area 500 --capital 80万 --turnover 300万
2026-04-01 register 城关市场 --type market --area 1200 --stalls 120
2026-05-05 record inquiry P001
2026-06-01 log P001 --complainant 张三 --item 鞋 --kind goods --facts 开裂 --disputed 100.50
2026-06-01 log P002 --complainant 张三 --item 鞋 --kind goods --facts 开裂
2026-07-06 returns submit 2026Q2
2026-07-07 record inquiry P001 --on 2026-05-06
2026-07-07 log P001 --complainant 李四 --item 帽 --kind goods --facts 开裂 --received 2026-06-30
2026-07-07 complaint amend 2026-0001 --disputed 99.50
2026-07-07 close 2026-0002 --outcome settled --closed 2026-06-30
"""
CALENDAR = r"""
2025-01-03 init --station 城关所 --county 榕溪县
2025-01-03 settings set annual_period calendar
2025-01-03 register 城关百货 --type mall --area 500 --capital 80万 --turnover 300万
"""
NOTES = [
    (
        CARRIED,
        "3 2026-08",
        "2026-10-09",
        """\
和解息诉率=(和解+调解成功+消费者撤回)/办结=0/0=—；目标90%，—；另有超期未结2件。
调解成功率=调解成功/调解办结=0/0=—；目标90%，—。
消费者满意率=满意/评价=0/0=—；目标98%，—。
按时办结率=按时办结/办结=0/0=—。
数据截至2026年8月31日。
台账中尚无记录，按0填报：举报案件线索、报告重大事项。
""",
    ),
    (
        QUARTER,
        "6 2026-09",
        "2026-10-09",
        """\
本期不是报送期，应报、实报服务点两栏不作报送依据。
数据截至2026年9月30日。
""",
    ),
    (
        YEAR,
        "6 2026A",
        "2026-12-01",
        """\
报送期限：方案规定县局2026年12月5日前（遇休息日，即2026年12月4日前）报省局；工商所2026年12月3日前报县局。
年报由工商所报送，应报、实报服务点为年内各季度之和。
台账中尚未登记各服务点的报表，实报服务点按0填报。
未填挽回金额1件，按0计。
全年构成：上年12月+2026年第一季度+2026年第二季度+2026年第三季度+10-11月=全年；\
受理投诉1+1+0+0+1=3；办结0+1+0+0+1=2；和解(含当场解决)0+1+0+0+0=1；\
争议金额1.00+100.50+0.00+0.00+300.00=401.50；挽回经济损失0.00+20.99+0.00+0.00+0.00=20.99。
数据截至2026年11月30日。
台账中尚无记录，按0填报：接受咨询、省级示范、市级示范、走访、会议、培训、抄告、约谈。
""",
    ),
    (
        CARRIED,
        "6 2026Q3",
        "2026-10-09",
        """\
报送期限：方案规定县局2026年10月5日前（遇休息日，即2026年10月8日前）报省局；工商所2026年10月8日前报县局；\
服务点2026年10月8日前报工商所。
台账中尚未登记各服务点的报表，实报服务点按0填报。
期初服务点数=2026Q2已报期末服务点数+上期更正：合计2+0=2。
期初未结=2026Q2已报期末未结+上期更正：合计2+0=2、商场1+1=2、市场1-1=0。
上期更正25项，见上期更正表。
数据截至2026年9月30日。
台账中尚无记录，按0填报：省级示范、市级示范、走访、会议、培训、抄告、约谈。
""",
    ),
    (
        CALENDAR,
        "6 2025A",
        "2025-12-01",
        """\
报送期限：方案规定县局2025年12月5日前报省局；工商所2025年12月4日前报县局。
年报由工商所报送，应报、实报服务点为年内各季度之和。
台账中尚未登记各服务点的报表，实报服务点按0填报。
全年构成：2025年第一季度+2025年第二季度+2025年第三季度+10-12月(至1日)=全年；受理投诉0+0+0+0=0；\
办结0+0+0+0=0；和解(含当场解决)0+0+0+0=0；争议金额0.00+0.00+0.00+0.00=0.00；\
挽回经济损失0.00+0.00+0.00+0.00=0.00。
自2025年1月3日启用台账，此前的情况以补录的为限。
数据截至2025年12月1日。
台账中尚无记录，按0填报：接受咨询、省级示范、市级示范、走访、会议、培训、抄告、约谈。
""",
    ),
    (
        LONG_AGO,
        "6 2003Q3",
        "2003-10-09",
        """\
报送期限：方案规定县局2003年10月5日前（遇休息日，即2003年10月6日前）报省局；工商所2003年10月6日前报县局；\
服务点2003年10月6日前报工商所。
台账中尚未登记各服务点的报表，实报服务点按0填报。
未填挽回金额1件，按0计。
数据截至2003年9月30日。
期末超期未结、按时办结涉及放假安排尚未公布的年份，按周末和日期固定的法定节假日推算，为暂定数。
台账中尚无记录，按0填报：接受咨询、省级示范、市级示范、走访、会议、培训、抄告、约谈。
""",
    ),
    (
        LONG_AGO,
        "3 2003Q3",
        "2003-10-09",
        """\
台账中尚无记录，按0填报：接受咨询、举报案件线索、报告重大事项。
""",
    ),
]


@for_all(("story", "form", "day", "expected"), NOTES)
def test_how_the_notes_end(story: str, form: str, day: str, expected: str) -> None:
    notes = re.sub(r"(?m)^(注：|   )\d+\.", "", printed(opened(story, form, day).worksheets[0]))
    assert notes.endswith(f"\n{expected}")


_UNSTATED = """\
2026Q2|未填挽回金额|合计|件|0|1|1|2026年7月7日|补录|2026-0002
2026Q2|未填挽回金额|市场|件|0|1|1|2026年7月7日|补录|2026-0002
"""


@for_all(
    ("form", "settled", "also", "signed"),
    [
        ("3 2026Q3", "和解(含当场解决)", "", "|填表人：\n联络员：|联系电话：|填报日期："),
        (
            "6 2026Q3",
            "促成和解（附件3：和解(含当场解决)）",
            _UNSTATED,
            "|填表人：|联系电话：|填报日期：",
        ),
    ],
)
def test_corrections_have_a_sheet_of_their_own(
    form: str, settled: str, also: str, signed: str
) -> None:
    """With what was done and when; what cancels is named, and a signature line stands below."""
    page = opened(CARRIED, form, "2026-10-09")["上期更正"]
    assert page.page_setup.orientation == "landscape"
    table, _, below = printed(page).partition("2026年第三季度\n")[2].partition("\n\n")
    assert f"单位负责人（盖章）：|审核人：{signed}" in below
    assert below.endswith("注：1.更正数为0的各行，增减相抵，所列各笔都是更正。\n"), below
    assert (
        table
        == f"""\
报告期|指标|类型|单位|已报数|更正数|更正后|更正日期|更正方式|涉及登记
2026Q2|接受咨询|合计|人次|1|1|2|2026年7月7日|补录|P001 2026年5月6日咨询
2026Q2|接受咨询|商场|人次|1|1|2|2026年7月7日|补录|P001 2026年5月6日咨询
2026Q2|受理投诉|合计|件|2|1|3|2026年7月7日|补录|2026-0003
2026Q2|受理投诉|商场|件|1|1|2|2026年7月7日|补录|2026-0003
2026Q2|消费者直接投诉|合计|件|2|1|3|2026年7月7日|补录|2026-0003
2026Q2|消费者直接投诉|商场|件|1|1|2|2026年7月7日|补录|2026-0003
2026Q2|商品类|合计|件|2|1|3|2026年7月7日|补录|2026-0003
2026Q2|商品类|商场|件|1|1|2|2026年7月7日|补录|2026-0003
2026Q2|办结|合计|件|0|1|1|2026年7月7日|补录|2026-0002
2026Q2|办结|市场|件|0|1|1|2026年7月7日|补录|2026-0002
2026Q2|{settled}|合计|件|0|1|1|2026年7月7日|补录|2026-0002
2026Q2|{settled}|市场|件|0|1|1|2026年7月7日|补录|2026-0002
2026Q2|期末未结|合计|件|2|0|2|2026年7月7日|补录|2026-0002 -1、2026-0003 +1
2026Q2|期末未结|商场|件|1|1|2|2026年7月7日|补录|2026-0003
2026Q2|期末未结|市场|件|1|-1|0|2026年7月7日|补录|2026-0002
2026Q2|期末超期未结|合计|件|2|-1|1|2026年7月7日|补录|2026-0002
2026Q2|期末超期未结|市场|件|1|-1|0|2026年7月7日|补录|2026-0002
2026Q2|争议金额|合计|元|100.50|-1|99.50|2026年7月7日|更正|2026-0001
2026Q2|争议金额|商场|元|100.50|-1|99.50|2026年7月7日|更正|2026-0001
{also}2026Q2|和解息诉率|合计|%|—|—|100.00|2026年7月7日|补录|2026-0002
2026Q2|和解息诉率|市场|%|—|—|100.00|2026年7月7日|补录|2026-0002
2026Q2|按时办结率|合计|%|—|—|0.00|2026年7月7日|补录|2026-0002
2026Q2|按时办结率|市场|%|—|—|0.00|2026年7月7日|补录|2026-0002"""
    )


@for_all(
    ("story", "form", "used"),
    [
        (QUARTER, "3 2026Q3", "报送日遇休息日顺延至其后第一个工作日；工商所提前1个"),
        (YEAR, "6 2026A", "年报口径为统计年度(上年12月1日至本年11月30日)"),
        (CALENDAR, "6 2025A", "年报口径为自然年度(1月1日起)"),
    ],
)
def test_settings_and_the_history_stand_in_the_files_properties(
    story: str, form: str, used: str
) -> None:
    book = opened(story, form, f"{form[2:6]}-12-01")
    described = book.properties.description
    assert used in described
    assert re.search("台账历史校验值：(CHECKSUM|[0-9a-f]{64})（制表时；", described)
    form_, *basis = map(printed, book.worksheets)
    assert "校验值" not in form_
    assert all(used in page for page in basis)


@pytest.mark.slow
def test_equal_input_gives_equal_bytes_in_another_process_on_another_day(tmp_path: Path) -> None:
    (path := tmp_path / "ledger.sqlite").write_bytes(lived(QUARTER))
    env = {"PYTHONHASHSEED": "1", "LEDGER12315_TODAY": "2027-02-03"}
    target = tmp_path / "form.xlsx"
    words = ["--db", str(path), "export", "6", "2026Q3", "-o", str(target)]
    assert finish(words, env=env)[0] == 0
    assert target.read_bytes() == exported(QUARTER, "6 2026Q3")


def test_no_part_has_a_date_of_its_own_and_widths_have_their_font() -> None:
    with ZipFile(BytesIO(exported(QUARTER, "3 2026Q3"))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        fonts = re.findall(rb"<font>.*?</font>", archive.read("xl/styles.xml"))
    # In its figures the widths of columns are counted.
    assert [b'<sz val="10"' in font for font in fonts if b'"Arial"' in font] == [True]


def test_nothing_is_drawn_into_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    assert drawn(left="左")["A2"].value == "左"


def test_the_drawing_library_is_loaded_only_to_draw() -> None:
    code = "import sys, ledger12315.sheets; sys.exit('openpyxl' in sys.modules)"
    assert start([executable, "-c", code], check=False).returncode == 0


def drawn(**changed: Any) -> Worksheet:
    """Return a small sheet, drawn and opened again."""
    small = FormSheet(name="表", title="题", right=("右",), columns=(FormColumn("名称", 8),) * 2)
    return reopened(draw([replace(small, **changed)])).worksheets[0]


def test_text_stays_text() -> None:
    stored = {text: text for text in ("=1+1", "#N/A", "0591-01", "007", "<b>&amp;", "𠮷野家")}
    stored |= {"+8613800000000": "+8613800000000", "a\x07b\x1f\uffff\ud800": "ab"}
    rows = tuple((text, None) for text in stored)
    page = drawn(left="=1+1", rows=rows, signatures=(("#N/A", ""),))
    found = [page["A2"], *page["A"][3 : 3 + len(rows)], page["A"][-1]]
    assert [(cell.value, cell.data_type) for cell in found] == [
        (text, "s") for text in ("=1+1", *stored.values(), "#N/A")
    ]


def test_boxes_that_fit_a_page_have_no_heading_to_repeat() -> None:
    page = drawn(columns=(), boxes=(Line((Box("姓名", "张三", 13),)),), fits="page")
    assert (page.page_setup.fitToHeight, page.print_title_rows, page.freeze_panes) == (
        None,  # which is 1
        None,
        None,
    )
    assert getattr(page.sheet_properties.pageSetUpPr, "fitToPage", False)


# How many pages a form of so many boxes has, and by how many points they stand closer.
@for_all(
    ("boxes", "pages", "closer"),
    [(10, 1, 0.0), (38, 1, 0.0), (39, 1, 0.1), (44, 1, 2.0), (45, 2, 0.0)],
)
def test_boxes_stand_closer_together_where_this_saves_a_page(
    boxes: int, pages: int, closer: float
) -> None:
    lines = (Line((Box("姓名", "张三", 13),)),) * boxes
    page = drawn(columns=(), boxes=lines, signatures=(("日期：",),), fits="")
    high = page.row_dimensions[6].height or 0
    assert (len(page.row_breaks) + 1, round(17.175 - high, 1)) == (pages, closer)


# On the first page stand the title, a line below it, the headings and 33 rows of the table.
# Two high rows and what stays with them have no room on one.
@for_all(
    ("fits", "text", "many", "ends"),
    [
        ("width", "字", 130, [36, 69, 102]),
        ("", "字", 130, [36, 73, 110]),
        ("width", "字\n" * 21, 3, [5]),
    ],
)
def test_each_page_has_room_for_the_headings(
    fits: str, text: str, many: int, ends: list[int]
) -> None:
    """The printing program repeats them if a sheet fits the width; else they are rows of it."""
    page = drawn(rows=((text, 1),) * many, fits=fits, signatures=(("日期：",),))
    assert [each.id for each in page.row_breaks.brk] == ends


def test_texts_wrap_and_figures_shrink() -> None:
    looks = [
        ("字", "center", "@", True, 0),
        (None, "left", "@", True, 0),
        (7, "center", "0", False, 0),
        (Decimal("1.5"), "right", "0.00", False, 1),
        (Cell(7, look="办结"), "right", '"办结"0"件"', False, 0),
        (Cell("其中：字", look="part"), "center", "General", True, 1),
    ]
    columns = tuple(FormColumn("名称", 8, align) for _, align, *_ in looks)
    page = drawn(columns=columns, rows=(tuple(value for value, *_ in looks),))
    [cells] = page.iter_rows(4)
    assert page.row_dimensions[4].height == 31.4  # of the text that is set in, two lines
    for cell, (_, _, format_, wraps, set_in) in zip(cells, looks, strict=True):
        assert (cell.number_format, cell.border.left.style) == (format_, "thin")
        how = cell.alignment
        found = bool(how.wrap_text), bool(how.shrink_to_fit), how.indent
        assert found == (wraps, not wraps, set_in)


NAMES = [f"中心大道{number}号{'新世纪购物广场' * 12}" for number in range(12)]
LONG_NAMES = "\n".join(
    [
        "2026-01-05 init --station 城关所 --county 榕溪县",
        *(f"2026-01-05 register {name} --type other --judgement 客流大" for name in NAMES),
        "2026-10-08 returns receive P001 2026Q3 --nil",
    ]
)


def test_a_long_list_of_missing_points_is_not_cut() -> None:
    page = opened(LONG_NAMES, "6 2026Q3").worksheets[0]
    note = re.search(r"5\.未报服务点.*(?=\n   6)", printed(page), re.S)
    lines = note[0].split("\n") if note else []
    assert len(lines) > 5
    assert "".join(lines).partition("：")[2] == "、".join(NAMES[1:]) + "。"
    # 7 pixels to a figure, 6 of which are one at 9 points.
    alike = (
        (each.width, each.min or 0, each.max or 0) for each in page.column_dimensions.values()
    )
    across = sum(width * (last - first + 1) for width, first, last in alike) * 7 // 6
    for number, (text, *_) in enumerate(page.values, 1):
        if text in lines:
            least = 12 * ceil(text_width(str(text)) / across)
            assert least <= (page.row_dimensions[number].height or 0) < 60


def test_a_long_name_of_the_unit_makes_its_row_higher() -> None:
    short, long = (
        drawn(left=unit).row_dimensions[2].height or 0 for unit in ("城关所", "城关所" * 30)
    )
    assert long > 2 * short


def test_every_row_has_room_around_its_letters() -> None:
    page = drawn(
        left="左",
        prose=("文",),
        rows=(("字\n字", 1),),
        signatures=(("签", ""),),
        notes=("注",),
    )
    heights = [page.row_dimensions[number].height for number in range(1, page.max_row + 1)]
    # A line has 1.35 times its letters' size, a further one 1.45: 18, 10.5 or, of notes, 9 points.
    title, one, two, note = 24.3, 14.175, 29.4, 12.15
    spaced = [title + 8, one + 4, one + 8, one + 6, two + 2, 9, one + 10, note + 1]
    assert heights == pytest.approx(spaced)


def test_names_in_a_cell_are_broken_between_two() -> None:
    lines = [_in_lines(["甲甲", "乙"], width) for width in (9, 10)]
    assert lines == ["甲甲、\n乙", "甲甲、乙"]
