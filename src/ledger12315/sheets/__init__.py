"""Workbooks; the code that draws them is slow to load, so it is loaded when needed."""

from collections.abc import Iterable
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from ledger12315.renamed import in_year_words
from ledger12315.words import PRACTICE

if TYPE_CHECKING:
    from ledger12315.sheets.forms.spec import FormSheet

# Declarations whose names differ from their modules'.
_DECLARATIONS = {
    "notice": "advisory_notice",
    "assessment": "assessment_form",
    "publicity": "publicity_notice",
}

NOT_TO_BE_SENT = f"{PRACTICE}台账，不得报送。"


def workbook(code: int | str, *given: object, practice: bool = False) -> bytes:
    """Return a form as an xlsx file; equal input gives equal bytes."""
    return workbook_of(declared_sheets(code, *given), practice)


def workbook_of(sheets: Iterable["FormSheet"], practice: bool) -> bytes:
    """Return an xlsx file; one made in practice says so in its titles and their first notes."""
    from ledger12315.sheets.paper.draw import draw

    return draw(map(_as_practice, sheets) if practice else sheets)


def _as_practice(sheet: "FormSheet") -> "FormSheet":
    title = f"{PRACTICE}：{sheet.title}"
    return replace(sheet, title=title, notes=(NOT_TO_BE_SENT, *sheet.notes))


def declared_sheets(code: int | str, *given: object) -> Iterable["FormSheet"]:
    """Return a form's sheets from its declaration's content, in the words of the year.

    Its code is the name of its declaration's module, or an attachment's number.
    """
    name = f"attachment{code}" if str(code).isdigit() else str(code)
    module = import_module(f"{__name__}.forms.{name}")
    declaration = getattr(module, _DECLARATIONS.get(name, name))
    sheets: Iterable[FormSheet] = declaration(*given)
    return map(with_year_headings, sheets)


def with_year_headings(sheet: "FormSheet") -> "FormSheet":
    """Return a sheet with its headings and labels in the words of the year."""
    columns = (each._replace(heading=in_year_words(each.heading)) for each in sheet.columns)
    lines = (
        line._replace(
            boxes=tuple(box._replace(label=in_year_words(box.label)) for box in line.boxes)
        )
        for line in sheet.boxes
    )
    return replace(sheet, columns=tuple(columns), boxes=tuple(lines))
