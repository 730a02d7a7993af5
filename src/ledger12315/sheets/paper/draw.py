"""The engine that draws a form as a printable workbook: values, no formulas."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from itertools import chain, groupby
from operator import attrgetter
from shutil import copyfileobj
from types import NoneType
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ledger12315.sheets.forms.spec import COUNTED, SIGNED_NUMBERS, FormSheet
from ledger12315.sheets.incoming.ooxml import Book
from ledger12315.sheets.paper.layout import BODY, LARGE, PADDING, PIXELS, SMALL
from ledger12315.sheets.paper.page import Charted, Look, Page
from ledger12315.sheets.paper.parts import PROPERTIES, Rows, new_book, set_on_paper

_ANY_NUMBER = 0
_MOST_BREAKS = 1023
"""The most page breaks in Excel; a longer register keeps the last, around its signatures."""
# Excel's numbers of the formats @, 0 and 0.00, by the types of values.
_BUILT_IN = {str: 49, NoneType: 49, date: 49, int: 1, Decimal: 2}
# A row of the frame, which the form's rows replace, and the size that it gives a sheet.
_STAND_IN = re.compile(rb"<dimension[^>]*>|<row.*</row>", re.DOTALL)


def draw(sheets: Iterable[FormSheet]) -> bytes:
    """Return the sheets, read once, as one xlsx file; equal sheets give equal bytes.

    XlsxWriter draws the frame, and rows are held packed until it is done. Raises RuntimeError if
    the file does not read back as written.
    """
    frame, content = BytesIO(), BytesIO()
    with ZipFile(BytesIO(), "w", ZIP_DEFLATED, compresslevel=1) as held:
        with new_book(frame) as book:
            pages = dict(_pages(book, held, sheets))
        with ZipFile(frame) as around, ZipFile(content, "w") as packed:
            for info in around.infolist():
                before, *after = _STAND_IN.split(around.read(info))
                with packed.open(info, "w") as part:
                    part.write(before)
                    if after:
                        views, end = after
                        part.write(views)
                        copyfileobj(held.open(info.filename), part)
                        part.write(pages[info.filename].ended(end))
    _read_back(content, pages.values())
    return content.getvalue()


def _pages(
    book: Workbook, held: ZipFile, sheets: Iterable[FormSheet]
) -> Iterator[tuple[str, Page]]:
    """Draw each worksheet; yield the part that holds its rows, and the drawn page."""
    numbers = dict[_Style, int]()
    looks, formats = {size: _Looks(size, numbers) for size in (BODY, SMALL)}, list[Format]()
    for number, (name, group) in enumerate(groupby(sheets, attrgetter("name")), 1):
        part, first = f"xl/worksheets/sheet{number}.xml", next(group)
        with held.open(part, "w") as rows:
            page = Page(Rows(rows), looks, first)
            for sheet in chain((first,), group):
                page.draw(sheet)
        formats += [book.add_format(dict(style)) for style in [*numbers][len(formats) :]]
        worksheet = book.add_worksheet(name)
        _lay_out_page(worksheet, page, first, formats)
        for chart in page.charts:
            draw_bars(book, worksheet, chart)
        for key, place in page.names.items():
            book.define_name(key, f"'{name}'!{place}")
        if number == 1:
            about = "\n".join(first.about)
            book.set_properties({**PROPERTIES, "title": first.title, "comments": about})
        yield part, page


def _lay_out_page(
    worksheet: Worksheet, page: Page, sheet: FormSheet, formats: Sequence[Format]
) -> None:
    # XlsxWriter numbers formats in the order of their first use.
    for column, each in enumerate(formats):
        worksheet.write_blank(0, column, None, each)
    hidden = [column.hidden for column in sheet.columns] or [False] * len(page.widths)
    for column, (width, hide) in enumerate(zip(page.widths, hidden, strict=True)):
        pixels = (width + PADDING) * PIXELS
        worksheet.set_column_pixels(column, column, pixels, None, {"hidden": hide})
    if sheet.hidden:
        worksheet.hide()
    if sheet.columns and sheet.fits:
        heading = 1 + len(sheet.right)
        worksheet.repeat_rows(0, heading)
        worksheet.freeze_panes(heading + 1, 0)
    if page.across:
        worksheet.set_landscape()
    if sheet.fits or sheet.bars:
        worksheet.fit_to_pages(1, 1 if sheet.fits == "page" else _ANY_NUMBER)
    worksheet.center_horizontally()
    set_on_paper(worksheet)
    worksheet.set_h_pagebreaks(page.breaks[-_MOST_BREAKS:])


def _read_back(content: IO[bytes], pages: Iterable[Page]) -> None:
    """Read the packed file like one from outside. Raises RuntimeError if it differs."""
    with ZipFile(content) as archive:
        book = Book(archive)
        for sheet, page in zip(book.pages, pages, strict=True):
            if row := page.out.differing(book.rows(sheet.part)):
                raise RuntimeError(f"{sheet.name} row {row} reads otherwise than it was written")


_Style = tuple[tuple[str, Any], ...]
"""The properties of a format."""


class _Looks(dict[Look, int]):
    """The number of each look's format, given when it is first used; letters have one size."""

    def __init__(self, size: float, numbers: dict[_Style, int]) -> None:
        super().__init__()
        self._styles, self._numbers = _styles(size), numbers

    def __missing__(self, look: Look) -> int:
        number = self._numbers.setdefault(self._styles[look], len(self._numbers) + 1)
        return self.setdefault(look, number)


@cache
def _styles(size: float) -> Mapping[Look, _Style]:
    """Return the format of each look; in a table letters have this size."""
    table = {"font_size": size, "border": 1}
    shrunk = {**table, "text_wrap": False, "shrink": True}
    found: dict[Any, _Style] = {
        "title": _style("center", font_name="黑体", font_size=LARGE, bold=True),
        "note": _style("left", font_size=SMALL, valign="top"),
        "heading": _style("center", bold=True, **table),
        "part": _style("left", indent=1, **table),
    }
    for label in COUNTED:
        found[label] = _style("center", bold=True, num_format=f'"{label}"0"件"', **shrunk)
    for look, signs in SIGNED_NUMBERS.items():
        found[look] = _style("center", num_format=signs, **shrunk)
    for align in ("left", "center", "right"):
        found[align] = _style(align)
        indent = {"indent": 1} if align == "right" else {}
        for type_, number in _BUILT_IN.items():
            # Excel shows #### for a figure that does not fit, and would break a day.
            style = {
                **(table if type_ in (str, NoneType) else shrunk),
                "num_format": number,
                **indent,
            }
            for bold in (False, True):
                found[align, type_, bold] = _style(align, bold=bold, **style)
    return found


def _style(align: str, **more: Any) -> _Style:
    body = {"font_name": "宋体", "font_size": BODY, "valign": "vcenter", "text_wrap": True}
    return tuple({**body, "align": align, **more}.items())


_FILLS = ("#1D4F7C", "#A9C8E3", "#FFFFFF", "#8A8A8A")
_LETTERING = {"name": "宋体", "size": 9, "bold": False}
_ROW = 20
"""XlsxWriter's height of a row in pixels; a chart of such a height ends with a row."""
_LEAST_ROWS, _CHART_WIDE, _CHART_APART = 12, 370, 10


def draw_bars(book: Workbook, worksheet: Worksheet, of: Charted) -> None:
    """Draw horizontal bars to the right of a table, whose first column names its rows."""
    chart, name, first = book.add_chart({"type": "bar"}), worksheet.name, of.top + 1
    assert chart  # noqa: S101  it knows the type
    for column, fill in zip(of.columns, _FILLS, strict=False):
        chart.add_series(
            {
                "name": [name, of.top, column],
                "categories": [name, first, 0, of.last, 0],
                "values": [name, first, column, of.last, column],
                "fill": {"color": fill},
                "border": {"color": _FILLS[0]},
                "gap": 40,
            }
        )
    chart.set_legend({"position": "top", "font": _LETTERING})
    # The first row at the top, as in the table.
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": _LETTERING})
    scale = {"min": 0, "max": 100, "major_unit": 20, "num_format": "0", "num_font": _LETTERING}
    chart.set_x_axis({**scale, "major_gridlines": {"visible": True, "line": {"color": "#C9CED3"}}})
    height = _ROW * max(of.last - of.top + 1, _LEAST_ROWS)
    chart.set_size({"width": _CHART_WIDE, "height": height})
    worksheet.insert_chart(of.top, len(of.headings), chart, {"x_offset": _CHART_APART})
