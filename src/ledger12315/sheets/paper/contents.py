"""The content that fills a bureau's workbook: a form's figures, or the texts of its boxes."""

from collections.abc import Mapping

from ledger12315.rules.measures import COLUMNS, MEASURES
from ledger12315.rules.periods import parse_period
from ledger12315.rules.workdays import Calendar
from ledger12315.sheets import declared_sheets
from ledger12315.sheets.forms.attachment4 import NO_POINT
from ledger12315.sheets.forms.spec import Head
from ledger12315.sheets.paper.boxed import BoxContent
from ledger12315.sheets.paper.figured import FigureContent

Content = FigureContent | BoxContent
"""Names that a mapping may use, and their meanings."""


def blank_content(form: str) -> Content:
    """Return a form's content without values, for the names that a mapping may use."""
    period = parse_period("2026")
    empty: Mapping[str, tuple[object, ...]] = {
        "1": ((),),
        "2": ("", f"报告期：{period.title}", (), Calendar({}, ()), False, 0, 0),
        "4": ("", "截至：", (NO_POINT,)),
        "5": ("", "截至：", (), None, False),
    }
    if form in empty:
        return BoxContent(declared_sheets(form, *empty[form]))
    figures = {key: dict.fromkeys(COLUMNS, 1) for key in MEASURES}
    return FigureContent(figures, Head("", period, None, None, {}))
