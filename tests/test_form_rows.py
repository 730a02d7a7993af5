"""Rows, texts and columns of forms, before anything is drawn."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ledger12315.boxes.forms import COMPLAINT
from ledger12315.cli.forms.contents import FormRequest, point_contents
from ledger12315.ledger.points import find_point
from ledger12315.renamed import NEWEST, call_as
from ledger12315.rules.notice_cases import NoticeCase, NoticeCases
from ledger12315.rules.periods import ReturnDates, parse_period
from ledger12315.rules.rates import RATES
from ledger12315.sheets import declared_sheets
from ledger12315.sheets.forms.agreement import agreement
from ledger12315.sheets.forms.attachment4 import NO_POINT
from ledger12315.sheets.forms.notes import due_dates_note
from ledger12315.sheets.forms.notice import advisory_notice
from ledger12315.sheets.forms.publicity import publicity_notice
from ledger12315.sheets.forms.spec import GRID, Cell, FormColumn, FormSheet
from ledger12315.sheets.paper.layout import (
    BODY,
    SMALL,
    fit_to_paper,
    note_rows,
    spans,
    text_height,
)
from tests.building import TODAY, built
from tests.rows import for_all

EMPTY = dict.fromkeys(["number", "point_name", "operator", *COMPLAINT])


def test_a_notice_has_its_cases_in_yuan_and_in_words() -> None:
    received, day, quarter = date(2026, 9, 1), date(2026, 9, 20), parse_period("2026Q3")
    cases = (
        NoticeCase("2026-0001", received, "锅", "quality", 1_299_50, None, None),
        NoticeCase("2026-0002", received, "毯", "price", 0, "settled", None),
    )
    about = NoticeCases(1, "notice", day, "东门商场", "王记", None, quarter, cases)
    [sheet] = advisory_notice("东门所", [about])
    assert [*sheet.rows] == [
        [1, "2026-0001", received, "锅", "质量", Decimal("1299.50"), "未结"],
        [2, "2026-0002", received, "毯", "价格", Decimal(0), "和解"],
    ]


@for_all(("facts", "shown"), [("实" * 250, "实" * 250), ("实" * 251, "实" * 250 + "……")])
def test_an_agreement_has_the_first_250_characters_of_the_facts(facts: str, shown: str) -> None:
    [page] = agreement([EMPTY | {"facts": facts}])
    boxes = [box for line in page.boxes for box in line.boxes]
    assert {box.label: box.value for box in boxes}["投诉事实、理由"] == shown
    high = {box.label: box.lines for box in boxes if box.lines > 1}
    assert high == {"投诉事实、理由": 3, "和解协议内容": 8}, "room to write by hand"


@for_all(
    ("form", "given"),
    [("1", ((),)), ("4", ("", "", (NO_POINT,))), ("agreement", ([EMPTY | {"facts": ""}],))],
)
def test_the_boxes_of_each_line_fill_the_page(form: str, given: tuple[object, ...]) -> None:
    [page] = declared_sheets(form, *given)
    for line in page.boxes:
        labels = sum(bool(box.label) for box in line.boxes)  # 2 columns each, the first 3
        assert 1 + 2 * labels + sum(box.span for box in line.boxes) == GRID, line


@for_all(("asked", "printed"), [(None, ["P001", "P002"]), ("P002", ["P002"])])
def test_the_points_whose_profiles_are_printed(asked: str | None, printed: list[str]) -> None:
    with built(["register 甲店 --type mall", "register 乙店 --type mall"]) as ledger:
        point = find_point(ledger, asked) if asked else None
        contents: Any = point_contents(ledger, FormRequest(TODAY, point=point))
    assert [each.code for each in contents[-1]] == printed


def test_the_notes_below_what_hangs_on_the_wall() -> None:
    day = date(2026, 9, 28)
    [page] = publicity_notice(
        "东门所", "2026年第三季度", day, TODAY, "东门商场", [], RATES[0], 2, 15
    )
    assert page.notes == (
        "和解息诉率=(和解+调解成功+消费者撤回)/办结，只按本公示所列的投诉计算，"
        "与附件6的和解息诉率口径不同。办结不足10件的为样本过小。",
        "受理、办结均为本期件数，办结的可能是前期受理的；类别按本期受理的计。",
        "按2027年6月30日打印时的台账：作废的登记、消费者撤回的投诉、同一事项的再次投诉不在公示之内。",
        "只公示本期投诉2件以上的经营者。",
        "投诉是消费者的诉求，不等于已认定经营者违法。对公示内容有异议的，请向公示单位提出。",
        "数据截至2026年9月28日。消费者投诉举报电话：12315。",
    )


@for_all(r"""
    county | of_points | note
    5      |           | 方案规定县局2026年10月5日前报省局；市场监管所2026年10月4日前报县局。
    8      | yes       | 方案规定县局2026年10月5日前（遇休息日，即2026年10月8日前）报省局；\
        市场监管所2026年10月4日前报县局；服务点2026年10月3日前报市场监管所。
""")
def test_the_note_on_due_dates_names_the_day_that_counts(
    county: str, of_points: str, note: str
) -> None:
    call_as(NEWEST)
    dates = ReturnDates(*(date(2026, 10, day) for day in (5, int(county), 4, 3)))
    assert due_dates_note(dates, bool(of_points)) == f"报送期限：{note}"


# ↵ ends a line.
@for_all("""
    text           | width | lines
                   | 4     | 1
    办结           | 4     | 1
    计量单位       | 5     | 2
    期初服务点数   | 5     | 3
    90.00%↵(9/10)  | 10    | 2
    SUPER MARKET   | 8     | 2
    INTERNATIONALLY | 5    | 3
    字 INTERNATIONAL | 10  | 3
    a办b           | 4     | 1
    a 办b          | 5     | 1
    字字a办b       | 4     | 2
    a字b字c字dd    | 10    | 1
    a↵↵b           | 5     | 3
    x↵a办b         | 4     | 2
    办结↵计量      | 4     | 2
""")
def test_the_lines_that_a_text_takes(text: str, width: str, lines: str) -> None:
    high = text_height(text.replace("↵", "\n"), int(width), 10)
    assert high == pytest.approx(14.5 * int(lines) - 1)


def test_a_row_of_a_long_note_ends_after_a_whole_name() -> None:
    found = list(note_rows("甲甲甲、乙乙乙、丙丙丙、丁", 5, 10.5))
    assert found == ["甲甲甲、", "乙乙乙、", "丙丙丙、丁"]


# Columns as width, alignment and what stands in them; the size, whether across, the widths, and
# the scale if even those do not fit.
FITTING: list[tuple[list[tuple[int, str, Any]], tuple[Any, ...]]] = [
    (
        [(4, "left", "长" * 9), (4, "right", Decimal("1234567")), (4, "center", "90.00%\n(9/10)")],
        (BODY, False, [4, 13.5, 7.2]),
    ),
    ([(9, "center", None)] * 10, (BODY, False, [9] * 10)),
    # What lies between the columns needs room too.
    (
        [(9, "center", None), (10, "center", None)] * 5,
        (SMALL, False, [7.6, 8.4] * 5),
    ),
    ([(11, "center", None)] * 10, (BODY, True, [11] * 10)),
    # Texts in a line, as far as they can be.
    (
        [(45, "left", "a" * 42), *[(45, "left", "a" * 38)] * 3],
        (SMALL, True, [37.6, 34.1, 34.1, 34.1]),
    ),
    ([(60, "left", "长" * 60)] * 3, (SMALL, True, [47] * 3)),
    # A day is printed in Chinese: 2026年9月28日.
    ([(6, "center", date(2026, 9, 28)), (40, "left", "长")], (BODY, False, [13, 40])),
    # As a text it does not shrink where figures are wider.
    ([(6, "center", "2026年9月28日"), (40, "left", "长")], (BODY, False, [14.4, 40])),
    # A figure stands in from the border, however narrow its column is.
    ([(30, "right", 1), *[(30, "center", None)] * 3], (SMALL, False, [25, 23.7, 23.7, 23.7])),
    ([*[(45, "left", "a" * 60)] * 3, (30, "right", 1)], (SMALL, False, [25.8, 25.8, 25.8, 18.5])),
    ([(60, "center", None)] * 4, (SMALL, True, [51.3] * 4, 0.69)),
]


@for_all(("columns", "expected"), FITTING)
def test_how_columns_fit(columns: list[tuple[int, str, Any]], expected: tuple[Any, ...]) -> None:
    declared = tuple(FormColumn("名称", width, align) for width, align, _ in columns)
    row = tuple(Cell(value) for *_, value in columns)
    rows = (row,) if any(cell.value for cell in row) else iter(())
    size, across, widths, scale = fit_to_paper(
        FormSheet(name="表", title="", columns=declared, rows=rows)
    )
    shrunk = [round(scale, 2)] * (scale < 1)
    assert (size, across, [round(each, 1) for each in widths], *shrunk) == expected


@for_all("""
    phones                         | printed
    13900000202                    | 13900000202
    0591-87651234-8012/13900000202 | 0591-87651234-8012 13900000202
    +86 13900000202、7654321       | +86_13900000202 7654321
    不详                           | 不详
""")
def test_each_phone_of_a_box_has_its_own_line(phones: str, printed: str) -> None:
    lines = COMPLAINT["phone"].kind.printed(phones).split("\n")
    assert lines == [line.replace("_", " ") for line in printed.split()]


@for_all(
    ("across", "expected"),
    [
        ([30, 8, 12, 3, 5], [(1, 1), (2, 3), (4, 5)]),
        ([5, 400, 5, 5], [(1, 1), (2, 2), (3, 4)]),
    ],
)
def test_signatures_share_the_width(across: list[float], expected: list[tuple[int, int]]) -> None:
    assert [(span.first, span.last) for span in spans(across, 3)] == expected
