"""The engine that draws a form as a printable workbook: the frame of an official table, values, no formulas. Source: domain 6."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from itertools import chain, groupby
from operator import attrgetter
from types import NoneType

from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from ledger12315.sheets.forms.spec import FormSheet
from ledger12315.sheets.paper.layout import BODY, LARGE, PADDING, SMALL
from ledger12315.sheets.paper.page import Look, Page
from ledger12315.sheets.paper.parts import Archive, Rows

# A clock would make equal input give unequal bytes.
_NO_TIME = datetime(1980, 1, 1)
_A4 = 9
# How a value is shown, by its type.
_SHOWN: Mapping[str, tuple[type, ...]] = {"@": (str, NoneType), "0": (int,), "0.00": (Decimal,)}


def draw(sheets: Iterable[FormSheet]) -> bytes:
    """The sheets as one xlsx file, gone through once; equal sheets give equal bytes. Raises RuntimeError where it reads amiss."""
    book, content, written = Workbook(), BytesIO(), list[Rows]()
    looks = _register_looks(book)
    book.remove(book.worksheets[0])
    book.properties = DocumentProperties(creator="ledger12315", created=_NO_TIME, modified=_NO_TIME)
    with Archive(content, "w") as archive:
        for name, pages in groupby(sheets, attrgetter("name")):
            written.append(_worksheet(archive, book, name, looks, pages))
        _Bookkeeper(book, archive).save()
    _read_back(content, written)
    return content.getvalue()


def _worksheet(
    archive: Archive,
    book: Workbook,
    name: str,
    looks: Mapping[Look, int],
    pages: Iterator[FormSheet],
) -> Rows:
    first, sheet = next(pages), book.create_sheet(name)
    book.properties.title = book.properties.title or first.title
    with archive.part(f"xl/worksheets/sheet{len(book.worksheets)}.xml") as part:
        page = Page(Rows(part), looks, first)
        _set_up(sheet, first, page.widths)
        part.write(_frame(sheet)[0] + b"<sheetData>")
        for each in chain((first,), pages):
            page.draw(each)
        for row in page.breaks:
            sheet.row_breaks.append(Break(row))
        merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in page.merged)
        counted = (
            f'<mergeCells count="{len(page.merged)}">{merged}</mergeCells>' if merged else ""
        )  # empty, Excel refuses it
        part.write(f"</sheetData>{counted}".encode() + _frame(sheet)[1])
    for key, place in page.names.items():
        book.defined_names[key] = DefinedName(
            key, attr_text=f"{quote_sheetname(sheet.title)}!{place}"
        )
    return page.out


def _read_back(content: BytesIO, written: Iterable[Rows]) -> None:
    """Open what was packed as its readers will, and hold every cell against what was meant. Raises RuntimeError."""
    reader = ExcelReader(content, read_only=True)
    reader.read_manifest()
    reader.read_workbook()
    for (sheet, relation), rows in zip(reader.parser.find_sheets(), written, strict=True):
        with reader.archive.open(relation.target) as part:
            if row := rows.differing(part):
                raise RuntimeError(f"{sheet.name} row {row} reads otherwise than it was written")


class _Frame(WorksheetWriter):
    """What stands around the rows; they themselves, which openpyxl would keep in memory, are written by `Rows`."""

    def write_dimensions(self) -> None:
        """Not known before the last row, and not needed."""


def _frame(sheet: Worksheet) -> tuple[bytes, bytes]:
    out = BytesIO()
    _Frame(sheet, out).write()
    before, _, after = out.getvalue().partition(b"<sheetData></sheetData>")
    return before, after


class _Bookkeeper(ExcelWriter):
    """Writes all parts but the worksheets, which stand already."""

    def write_worksheet(self, ws: Worksheet) -> None:
        ws._drawing = None  # type: ignore[attr-defined]  # the stubs leave out what is inner
        self.manifest.append(ws)


def _register_looks(book: Workbook) -> dict[Look, int]:
    """Each look once, with the number by which cells refer to it."""
    probe, looks = book.worksheets[0].cell(1, 1), dict[Look, int]()
    # Widths are counted in its figures; it is the font that is found, or has a double as wide, on most machines.
    book._named_styles["Normal"].font = Font("Arial", 10)  # type: ignore[attr-defined]  # the stubs leave out what is inner
    for names, style in _styles():
        book.add_named_style(style)
        probe.style = style.name
        looks |= dict.fromkeys(names, probe.style_id)
    return looks


def _styles() -> Iterator[tuple[tuple[Look, ...], NamedStyle]]:
    """What each style is known by, and the style."""
    body, bold = Font("宋体", BODY), Font("宋体", BODY, bold=True)
    yield ("title",), _style("title", "center", Font("黑体", LARGE, bold=True))
    yield ("note",), _style("note", "left", Font("宋体", SMALL), vertical="top")
    yield ("heading",), _style("heading", "center", bold, ruled=True)
    yield ("label",), _style("label", "center", body, "@", ruled=True)
    yield ("box",), _style("box", "left", body, "@", ruled=True)
    for align in ("left", "center", "right"):
        yield (align,), _style(align, align, body)
        for heavy, font in enumerate((body, bold)):
            for number, types in _SHOWN.items():
                name = f"{align} {number}{' bold' * heavy}"
                yield (
                    tuple((align, each, bool(heavy)) for each in types),
                    _style(name, align, font, number, ruled=True),
                )


def _style(
    name: str,
    align: str,
    font: Font,
    number: str = "General",
    vertical: str = "center",
    ruled: bool = False,
) -> NamedStyle:
    thin = Side("thin") if ruled else None
    figure = number in ("0", "0.00")  # Excel shows #### for one that does not fit
    return NamedStyle(
        name,
        font=font,
        border=Border(thin, thin, thin, thin),
        alignment=Alignment(
            horizontal=align, vertical=vertical, wrap_text=not figure, shrink_to_fit=figure
        ),
        number_format=number,
    )


def _set_up(page: Worksheet, sheet: FormSheet, widths: Iterable[float]) -> None:
    for number, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(number)].width = width + PADDING
    if sheet.columns and sheet.fits:
        heading = 2 + len(sheet.right)
        page.print_title_rows = f"{heading}:{heading}"
        page.freeze_panes = f"A{heading + 1}"
    page.page_setup.paperSize = _A4
    page.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
    page.page_setup.fitToHeight = int(sheet.fits == "page")
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=bool(sheet.fits))
    page.print_options.horizontalCentered = True
    page.page_margins = PageMargins(
        left=0.5, right=0.5, top=0.6, bottom=0.6, header=0.3, footer=0.35
    )
    page.oddFooter.center.text = "第 &P 页 共 &N 页"  # type: ignore[union-attr]  # the stubs think it may be missing
