"""A bureau's own workbook, filled instead of the program's. Domain 6.8."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger12315.boxes import Filled, Option
from ledger12315.boxes.kinds import PATH
from ledger12315.errors import Unacceptable, Unclear

if TYPE_CHECKING:
    from ledger12315.sheets.paper.contents import Content

TEMPLATE = Option("template", "模板", PATH, "fill this workbook of the bureau's instead")
MAP = Option("map", "对应", PATH, "JSON file that says which cell or name gets which figure")


class BureauWorkbook(NamedTuple):
    """The workbook, and the mapping of its cells."""

    template: Path
    mapping: Path

    def demand_form(self, forms: list[str]) -> str:
        """Return the mapping's form. Raises Unacceptable if it is not one of these."""
        from ledger12315.sheets.paper.fill import form_of_mapping

        form = form_of_mapping(self.mapping)
        if form not in forms:
            raise Unacceptable(
                "The mapping {path} is for Attachment {other}.", path=self.mapping, other=form
            )
        return form

    def filled(self, form: str, content: "Content") -> bytes:
        """Return the workbook with a form's content. Raises Unacceptable if it does not fit."""
        from ledger12315.sheets.paper.fill import fill_template

        return fill_template(self.template, self.mapping, form, content)


def own_workbook(filled: Filled) -> BureauWorkbook | None:
    """Return the workbook and mapping, if given. Raises Unclear if one of them is missing."""
    template, mapping = filled.given("template", Path), filled.given("map", Path)
    if template and mapping:
        return BureauWorkbook(template, mapping)
    if template or mapping:
        raise Unclear("Give --template and --map together.")
    return None
