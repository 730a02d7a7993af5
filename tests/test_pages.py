"""Where the pages of a form end, and how far apart its boxes stand."""

from dataclasses import replace
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from ledger12315.sheets.forms.spec import FormBox, FormColumn, FormSheet, Line
from ledger12315.sheets.paper.draw import draw
from tests.printing import reopened
from tests.rows import for_all

SMALL = FormSheet(name="表", title="题", right=("右",), columns=(FormColumn("名称", 8),) * 2)


def drawn(**changed: Any) -> Worksheet:
    return reopened(draw([replace(SMALL, **changed)])).worksheets[0]


# On the first page stand the title, a line below it, the headings and 33 rows of the table.
@for_all(("fits", "ends"), [("width", [36, 69, 102]), ("", [36, 73, 110])])
def test_each_page_has_room_for_the_headings(fits: str, ends: list[int]) -> None:
    """The printing program repeats them if a sheet fits the width; else they are rows of it."""
    page = drawn(rows=(("字", 1),) * 130, fits=fits)
    assert [each.id for each in page.row_breaks.brk] == ends


@for_all(("boxes", "closer"), [(37, 0.0), (38, 0.0), (39, 0.1)])
def test_boxes_stand_closer_but_never_further_apart(boxes: int, closer: float) -> None:
    line = Line((FormBox("姓名", "张三", 13),))
    few, many = (
        drawn(columns=(), boxes=(line,) * each, signatures=(("日期：",),), fits="")
        for each in (10, boxes)
    )
    heights = [page.row_dimensions[6].height for page in (few, many)]
    assert round(heights[0] - heights[1], 1) == closer


@for_all(
    ("columns", "landscape", "orientation"),
    [(2, False, "portrait"), (2, True, "landscape"), (20, False, "landscape")],
)
def test_which_way_the_paper_lies(columns: int, landscape: bool, orientation: str) -> None:
    page = drawn(columns=(FormColumn("名称", 8),) * columns, landscape=landscape)
    assert page.page_setup.orientation == orientation


def test_the_title_and_a_signature_are_merged_over_all_columns() -> None:
    page = drawn(rows=(("字", 1),), signatures=(("日期：",),))
    assert sorted(map(str, page.merged_cells.ranges)) == ["A1:B1", "A6:B6"]
