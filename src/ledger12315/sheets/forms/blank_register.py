"""The workbook in which a point keeps its register and sends it: lists to choose from, checks, one worked case. 三(四)4"""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ledger12315.boxes import reading
from ledger12315.boxes.fields import Field
from ledger12315.boxes.reading import Reader
from ledger12315.register.columns import BOXES
from ledger12315.register.rows import REQUIRED

_ROWS = 2000
"""As many rows have lists and checks."""
# Box -> what stands there in the worked case.
_WORKED = {
    "point": "东门百货",
    "external_no": "2026-001",
    "received": "2026-09-28",
    "source": "消费者直接投诉",
    "referral_no": "",
    "channel": "来人",
    "complainant": "张三",
    "phone": "0591-12345678",
    "respondent": "二楼厨具专柜",
    "item": "电压力锅",
    "category": "家用电子电器",
    "problem": "质量",
    "purchase": "329.00",
    "disputed": "329.00",
    "facts": "加压时锅盖漏气",
    "request": "退货",
    "promised": "2026-09-30",
    "outcome": "和解",
    "closed": "2026-09-29",
    "told": "",
    "recovered": "329.00",
    "rating": "满意",
    "handler": "林秀珍",
    "archive_no": "",
    "remark": "",
}
_KINDS: Mapping[Reader, str] = {
    reading.past_day: "日期，如 2026-09-28",
    reading.any_day: "日期，如 2026-09-28",
    reading.money: "金额（元），最多两位小数",
    reading.phone: "电话，按文本填写，保留开头的0",
}


def template(points: Sequence[str]) -> bytes:
    """A workbook that `complaint import` takes in, for the points of these names."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = "登记簿"
    guide, lists = book.create_sheet("填写说明"), book.create_sheet("选项")
    lists.sheet_state = "hidden"
    guide.append(["栏目", "怎样填", "示例"])
    for number, (key, example) in enumerate(_WORKED.items(), 1):
        field, letter = BOXES[key], get_column_letter(number)
        page.cell(1, number, field.heading).font = Font("宋体", bold=True)
        page.column_dimensions[letter].width = 24 if key == "facts" else 14
        words = (
            points
            if key == "point"
            else [word.zh for word in field.vocabulary.values()]
            if field.vocabulary
            else ()
        )
        for row, word in enumerate(words, 1):
            lists.cell(row, number, word).data_type = "s"
        _check(page, letter, field, len(words))
        how = _KINDS.get(field.read, "从列表中选择" if words else "文字")
        guide.append([field.heading, f"{'必填。' if key in REQUIRED else ''}{how}", example])
    page.freeze_panes = "A2"
    for letter, width in zip("ABC", (16, 36, 24), strict=True):
        guide.column_dimensions[letter].width = width
    guide["A28"] = (
        "每件投诉一行，不要合并单元格，不要改动第一行。未办结的先空着处理结果，办结后在同一行补填，再次报送。"
    )
    guide["A28"].alignment = Alignment(wrap_text=False)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _check(page: Worksheet, letter: str, field: Field, words: int) -> None:
    """What a column takes; several words, as of the request, are written by hand."""
    cells, is_money = f"{letter}2:{letter}{_ROWS + 1}", field.read is reading.money
    is_day = field.read in (reading.past_day, reading.any_day)
    check = DataValidation(
        allow_blank=True, sqref=cells, errorTitle=field.heading, error=_KINDS.get(field.read)
    )
    check.showErrorMessage = True
    if words and field.key != "request":
        check.type, check.formula1 = "list", f"选项!${letter}$1:${letter}${words}"
    elif is_day:
        check.type, check.operator, check.formula1 = (
            "date",
            "greaterThan",
            str((date(1990, 1, 1) - date(1899, 12, 30)).days),
        )
    elif is_money:
        check.type, check.operator, check.formula1 = "decimal", "greaterThanOrEqual", "0"
    if check.type:
        page.add_data_validation(check)
    for (cell,) in page[cells]:
        cell.number_format = "yyyy-mm-dd" if is_day else "0.00" if is_money else "@"
