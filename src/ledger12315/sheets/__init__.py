"""All that is a workbook; what draws one is slow to load, and is loaded only then."""

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger12315.sheets.forms.spec import FormSheet

# Where a declaration is not called as its module is.
_DECLARATIONS = {"notice": "advisory_notice", "assessment": "assessment_form"}


def workbook(form: int | str, *given: object) -> bytes:
    """Return a form as an xlsx file; equal input gives equal bytes."""
    from ledger12315.sheets.paper.draw import draw

    return draw(declared(form, *given))


def declared(form: int | str, *given: object) -> Iterable["FormSheet"]:
    """Return a form's sheets, of what its declaration asks for.

    Its code is the name of its declaration's module, that of an attachment its number.
    """
    name = f"attachment{form}" if str(form).isdigit() else str(form)
    module = import_module(f"{__name__}.forms.{name}")
    declaration = getattr(module, _DECLARATIONS.get(name, name))
    sheets: Iterable[FormSheet] = declaration(*given)
    return sheets
