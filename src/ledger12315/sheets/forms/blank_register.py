"""The workbook in which a point keeps its register and sends it. Source: 三(四)4."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs

from ledger12315.boxes import Box
from ledger12315.boxes.worded import OneWord
from ledger12315.register.headings import BOXES
from ledger12315.register.rows import REQUIRED
from ledger12315.sheets.paper.parts import IN_MEMORY, PROPERTIES, write_text

_A4, _WIDTH, _PRINTED = 9, 11, 20
"""The paper, how many characters wide a column is, and how many empty rows are printed."""
_ROWS = 2000
"""How many rows have lists and checks."""
# Its boxes, and what stands there in the worked case.
_WORKED = """
    point         东门百货
    external_no   2026-001
    received      2026-09-28
    source        消费者直接投诉
    referral_no
    channel       来人
    complainant   张三
    phone         0591-12345678
    respondent    二楼厨具专柜
    item          电压力锅
    category      家用电子电器
    problem       质量
    purchase      329.00
    disputed      329.00
    facts         加压时锅盖漏气
    request       退货
    promised      2026-09-30
    outcome       和解
    closed        2026-09-29
    told
    recovered     329.00
    rating        满意
    handler       林秀珍
    archive_no
    remark
"""
_FORMATS = {"day": "yyyy-mm-dd", "money": "0.00"}
_LAST_LINE = (
    "每件投诉一行，不要合并单元格，不要改动第一行。"
    "未办结的先空着处理结果，办结后在同一行补填，再次报送。"
)


def template(points: Sequence[str]) -> bytes:
    """Return a workbook that `complaint import` takes in, for the points of these names."""
    content = BytesIO()
    with Workbook(content, IN_MEMORY) as book:
        book.set_properties(PROPERTIES)
        page, guide, lists = map(book.add_worksheet, ("登记簿", "填写说明", "选项"))
        lists.hide()
        heading = book.add_format({"font_name": "宋体", "bold": True})
        guide.write_row(0, 0, ["栏目", "怎样填", "示例"])
        for column, line in enumerate(_WORKED.strip().splitlines()):
            key, _, example = line.strip().partition(" ")
            box = BOXES[key]
            look = book.add_format({"num_format": _FORMATS.get(box.kind.entry, "@")})
            page.set_column(column, column, 20 if key == "facts" else _WIDTH, look)
            page.write_string(0, column, box.heading, heading)
            words = points if key == "point" else _words(box)
            for row, word in enumerate(words):
                write_text(lists, row, column, word, look)
            if check := _check(box, column, len(words)):
                page.data_validation(1, column, _ROWS, column, check)
            how = OneWord.hint if words else box.kind.hint
            told = f"{'必填。' if key in REQUIRED else ''}{how}"
            guide.write_row(column + 1, 0, [box.heading, told, example.strip()])
        guide.write_string(column + 3, 0, _LAST_LINE)
        page.freeze_panes(1, 0)
        page.hide_gridlines(0)
        page.set_landscape()
        page.set_paper(_A4)
        page.fit_to_pages(2, 0)
        page.repeat_rows(0)
        page.repeat_columns(0, 1)
        page.print_area(0, 0, _PRINTED, column)
        for column, width in enumerate((16, 36, 24)):
            guide.set_column(column, column, width)
    return content.getvalue()


def _words(box: Box) -> Sequence[str]:
    return [word.zh for word in box.kind.words.values()] if box.kind.words else ()


def _check(box: Box, column: int, words: int) -> dict[str, Any]:
    """Return what a column takes; several words, as of the request, are written by hand."""
    told = {"error_title": box.heading, "error_message": box.kind.hint}
    if words and box.kind.entry != "several":
        source = f"=选项!{xl_range_abs(0, column, words - 1, column)}"
        return told | {"validate": "list", "source": source, "error_message": None}
    if box.kind.entry == "day":
        return told | {"validate": "date", "criteria": ">", "value": date(1990, 1, 1)}
    if box.kind.entry == "money":
        return told | {"validate": "decimal", "criteria": ">=", "value": 0}
    return {}
