"""The engine that draws a form as a printable workbook: the frame of an official table, values, no formulas. Source: domain 6."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook, load_workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from ledger12315.sheets.layout import BODY, LARGE, PADDING, SMALL, height, rows, spans, widths
from ledger12315.sheets.spec import Cell, Sheet, Value

# A clock would make equal input give unequal bytes.
_NO_TIME = datetime(1980, 1, 1)
# What XML cannot hold, escaped or not.
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_A4 = 9


def draw(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as one xlsx file; equal sheets give equal bytes."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for style in _styles():
        book.add_named_style(style)
    pages = [_Page(book, sheet) for sheet in sheets]
    for page in pages:
        page.draw()
    book.properties = DocumentProperties(creator="ledger12315", title=sheets[0].title, created=_NO_TIME, modified=_NO_TIME)
    content = _packed(book)
    _read_back(content, pages)
    return content


def _read_back(content: bytes, pages: Iterable["_Page"]) -> None:
    """Open what was packed as its readers will, and hold every cell against what was meant. Raises RuntimeError."""
    book = load_workbook(BytesIO(content))
    for page in pages:
        read = book[page.sheet.name]
        for (row, column), value in page.written.items():
            if read.cell(row, column).value != value:
                raise RuntimeError(f"{page.sheet.name} {get_column_letter(column)}{row} reads otherwise than it was written")


class _InMemory(ExcelWriter):
    """openpyxl would put each sheet into a temporary file that others can read."""

    def write_worksheet(self, ws: Worksheet) -> None:
        out = BytesIO()
        writer = WorksheetWriter(ws, out)
        writer.write()
        ws._drawing, ws._rels = None, writer._rels  # type: ignore[attr-defined]  # the stubs leave out what is inner
        self._archive.writestr(ws.path[1:], out.getvalue())  # type: ignore[attr-defined]
        self.manifest.append(ws)


def _packed(book: Workbook) -> bytes:
    """Packed by hand: `book.save` stamps the time on the properties and on each part."""
    plain, packed = BytesIO(), BytesIO()
    _InMemory(book, ZipFile(plain, "w")).save()
    with ZipFile(plain) as parts, ZipFile(packed, "w") as archive:
        for name in parts.namelist():
            archive.writestr(ZipInfo(name), parts.read(name), ZIP_DEFLATED)
    return packed.getvalue()


def _styles() -> Iterator[NamedStyle]:
    """Each look once, by name; a style object for each cell would take most of the time."""
    yield _style("title", "center", Font("黑体", LARGE, bold=True))
    yield _style("note", "left", Font("宋体", SMALL), vertical="top")
    yield _style("heading", "center", Font("宋体", BODY, bold=True), ruled=True)
    for align in ("left", "center", "right"):
        yield _style(align, align, Font("宋体", BODY))
        for bold in (False, True):
            for number in ("@", "0", "0.00"):
                yield _style(_name(align, number, bold), align, Font("宋体", BODY, bold=bold), number, ruled=True)


def _name(align: str, number: str, bold: bool) -> str:
    return f"{align} {number}{' bold' if bold else ''}"


def _style(
    name: str, align: str, font: Font, number: str = "General", vertical: str = "center", ruled: bool = False
) -> NamedStyle:
    thin = Side("thin") if ruled else None
    return NamedStyle(
        name,
        font=font,
        border=Border(thin, thin, thin, thin),
        alignment=Alignment(horizontal=align, vertical=vertical, wrap_text=True),
        number_format=number,
    )


def _style_of(cell: Cell, align: str) -> str:
    number = "0.00" if isinstance(cell.value, Decimal) else "0" if isinstance(cell.value, int) else "@"
    return _name(align, number, cell.bold)


class _Page:
    """One sheet on its way down; `row` is the last row written."""

    def __init__(self, book: Workbook, sheet: Sheet) -> None:
        self.sheet = sheet
        self.names = book.defined_names
        self.page: Worksheet = book.create_sheet(sheet.name)
        self.row = 0
        self.written: dict[tuple[int, int], str | float | None] = {}
        self.widths = widths(sheet)
        for number, width in enumerate(self.widths, 1):
            self.page.column_dimensions[get_column_letter(number)].width = width + PADDING

    def draw(self) -> None:
        sheet = self.sheet
        self._line([(sheet.title, "title")], LARGE, 8)
        for right in sheet.right[:-1]:
            self._line([("", "left"), (right, "right")])
        self._line([(sheet.left, "left"), (sheet.right[-1], "right")])
        self._table()
        for signatures in sheet.signatures:
            self._line([(text, "left") for text in signatures], space=10)
        for number, text in enumerate(sheet.notes, 1):
            self._note(f"{'   ' if number > 1 else '注:'}{number}.{text}")
        self._set_up()

    def _line(self, texts: Sequence[tuple[str, str]], size: float = BODY, space: float = 4) -> None:
        """A line of (text, style) that share the width evenly."""
        self.row += 1
        needed = 0.0
        for (text, style), span in zip(texts, spans(self.widths, len(texts)), strict=True):
            self._write(span.first, text, style)
            if span.last > span.first:
                # merge_cells() would work out the borders of every cell, half of the time of all drawing; these have none.
                self.page.merged_cells.add(f"{get_column_letter(span.first)}{self.row}:{get_column_letter(span.last)}{self.row}")
            needed = max(needed, height(text, span.width, size))
        self.page.row_dimensions[self.row].height = needed + space

    def _note(self, text: str) -> None:
        [whole] = spans(self.widths, 1)
        for part in rows(text, whole.width, SMALL):
            self._line([(part, "note")], SMALL, 1)

    def _table(self) -> None:
        columns = self.sheet.columns
        self._row([Cell(column.heading) for column in columns], ["heading"] * len(columns), 6)
        self.page.print_title_rows = f"{self.row}:{self.row}"
        self.page.freeze_panes = f"A{self.row + 1}"
        for row in self.sheet.rows:
            self._row(row, [_style_of(cell, column.align) for cell, column in zip(row, columns, strict=True)])

    def _row(self, row: Sequence[Cell], styles: Sequence[str], space: float = 2) -> None:
        self.row += 1
        needed = 0.0
        for column, (cell, style) in enumerate(zip(row, styles, strict=True), 1):
            self._write(column, cell.value, style)
            if isinstance(cell.value, str):
                needed = max(needed, height(cell.value, self.widths[column - 1]))
            if cell.name:
                place = f"{quote_sheetname(self.sheet.name)}!${get_column_letter(column)}${self.row}"
                self.names[cell.name] = DefinedName(cell.name, attr_text=place)
        self.page.row_dimensions[self.row].height = max(self.sheet.row_height, needed + space)

    def _write(self, column: int, value: Value, style: str) -> None:
        cell = self.page.cell(self.row, column)
        cell.style = style
        if not isinstance(value, str):
            cell.value = value
            self.written[self.row, column] = float(value) if isinstance(value, Decimal) else value
        elif text := _ILLEGAL.sub("", value):
            cell.value = text
            cell.data_type = "s"  # a leading = would make it a formula
            self.written[self.row, column] = text

    def _set_up(self) -> None:
        page = self.page
        page.page_setup.paperSize = _A4
        page.page_setup.orientation = "landscape" if self.sheet.landscape else "portrait"
        page.page_setup.fitToHeight = int(self.sheet.one_page)
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        page.print_options.horizontalCentered = True
        page.page_margins = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.6, header=0.3, footer=0.35)
        page.oddFooter.center.text = "第 &P 页 共 &N 页"  # type: ignore[union-attr]  # the stubs think it may be missing
