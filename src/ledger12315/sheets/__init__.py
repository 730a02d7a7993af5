"""All that is a workbook: one row per attachment. openpyxl, slow to load, is loaded only when one is drawn."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger12315.rules.measures import Figures
    from ledger12315.sheets.spec import Head

# Attachment -> the module whose `form` declares it.
FORMS = {3: "attachment3", 6: "attachment6"}


def workbook(number: int, head: "Head", figures: "Figures") -> bytes:
    """An attachment as an xlsx file; equal input gives equal bytes."""
    from ledger12315.sheets.draw import draw

    return draw(import_module(f"{__name__}.{FORMS[number]}").form(head, figures))
