"""The workbook for a point's register, which it sends to the station. Source: 三(四)4."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from xlsxwriter.utility import xl_range_abs

from ledger12315.boxes import Box
from ledger12315.boxes.worded import OneWord
from ledger12315.register.headings import BOXES, REQUIRED
from ledger12315.renamed import in_year_words
from ledger12315.sheets.paper.parts import PROPERTIES, new_book, set_on_paper, write_text

_COLUMN_WIDTH, _COLUMN_WIDE, _PRINTED = 10, 16, 20
"""The width of a column in characters, that of the facts, and the number of printed rows."""
_SCALE, _FIRST_PAGE = 92, 13
"""The scale in percent: letters above 9 pt on two pages; and the columns of the first page."""
_BLANK_ROWS = 2000
"""The number of rows with lists and checks."""
# Its boxes, and their values in the worked example.
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


def blank_register_workbook(own: Mapping[str, Iterable[str]]) -> bytes:
    """Return a workbook for `complaint import`; `own` has names of points and words, by box."""
    content = BytesIO()
    with new_book(content) as book:
        book.set_properties(PROPERTIES)
        page, guide, lists = map(book.add_worksheet, ("登记簿", "填写说明", "选项"))
        lists.hide()
        wrapped = {"font_name": "宋体", "text_wrap": True}
        heading, note = book.add_format({**wrapped, "bold": True}), book.add_format(wrapped)
        guide.write_row(0, 0, ["栏目", "怎样填", "示例"])
        for column, line in enumerate(_WORKED.strip().splitlines()):
            key, _, example = line.strip().partition(" ")
            box = BOXES[key]
            look = book.add_format({"num_format": _FORMATS.get(box.kind.entry, "@")})
            page.set_column(
                column, column, _COLUMN_WIDE if key == "facts" else _COLUMN_WIDTH, look
            )
            page.write_string(0, column, box.heading, heading)
            words = [*_offered_names(box), *own.get(key, ())]
            for row, word in enumerate(words):
                write_text(lists, row, column, word, look)
            if check := _check(box, column, len(words)):
                page.data_validation(1, column, _BLANK_ROWS, column, check)
            how = OneWord.hint if words else box.kind.hint
            text = f"{'必填。' if key in REQUIRED else ''}{how}"
            guide.write_row(column + 1, 0, [box.heading, text, example.strip()])
        guide.merge_range(column + 3, 0, column + 4, 2, _LAST_LINE, note)
        page.freeze_panes(1, 0)
        page.hide_gridlines(0)
        page.set_landscape()
        for sheet in (page, guide):
            set_on_paper(sheet, f"&C消费者投诉{sheet.name}")
        page.set_print_scale(_SCALE)
        page.set_v_pagebreaks([_FIRST_PAGE])
        page.repeat_rows(0)
        page.repeat_columns(0, 1)
        page.print_area(0, 0, _PRINTED, column)
        for column, width in enumerate((16, 36, 24)):
            guide.set_column(column, column, width)
    return content.getvalue()


def _offered_names(box: Box) -> Sequence[str]:
    return (
        [in_year_words(word.zh) for word in box.kind.offered.values()] if box.kind.offered else ()
    )


def _check(box: Box, column: int, words: int) -> dict[str, Any]:
    """Return a column's allowed values; several words, as of the request, are written by hand."""
    texts = {"error_title": box.heading, "error_message": box.kind.hint}
    if words and box.kind.entry != "several":
        source = f"=选项!{xl_range_abs(0, column, words - 1, column)}"
        return texts | {"validate": "list", "source": source, "error_message": None}
    if box.kind.entry == "day":
        return texts | {"validate": "date", "criteria": ">", "value": date(1990, 1, 1)}
    if box.kind.entry == "money":
        return texts | {"validate": "decimal", "criteria": ">=", "value": 0}
    return {}
