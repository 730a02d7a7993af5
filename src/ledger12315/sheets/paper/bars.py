"""A spreadsheet program's own chart next to a table, readable in grey too."""

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ledger12315.sheets.paper.page import Charted

_FILLS = ("#1D4F7C", "#A9C8E3", "#FFFFFF", "#8A8A8A")
_LETTERING = {"name": "宋体", "size": 9, "bold": False}
_ROW = 20
"""XlsxWriter's height of a row in pixels; a chart sized in these ends with a row."""
_LEAST_ROWS, _CHART_WIDE, _CHART_APART = 12, 370, 10


def draw_bars(book: Workbook, worksheet: Worksheet, of: Charted) -> None:
    """Draw horizontal bars at the right of a table, whose first column names its rows."""
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
