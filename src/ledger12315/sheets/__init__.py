"""The forms, a row each; what draws them is slow to load and loaded only when one is drawn."""

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

from ledger12315.words import Vocabulary, Word

if TYPE_CHECKING:
    from ledger12315.sheets.forms.spec import FormSheet

# Each form's code is the name of the module that makes it, that of an attachment its number.
FORMS = Vocabulary(
    Word("1", "附件1", "Attachment 1", ("登记表",)),
    Word("2", "附件2", "Attachment 2", ("登记簿",)),
    Word("3", "附件3", "Attachment 3", ("汇总表",)),
    Word("4", "附件4", "Attachment 4", ("信息登记表",)),
    Word("5", "附件5", "Attachment 5", ("信息登记汇总表",)),
    Word("6", "附件6", "Attachment 6", ("统计表",)),
    Word("agreement", "和解协议", "settlement agreement"),
    Word("notice", "抄告通知书", "advisory notice", ("抄告", "约谈")),
    Word("assessment", "考核评价表", "assessment", ("考核", "考核评价")),
    Word("template", "登记模板", "template", ("模板",)),
)


_DECLARATIONS = {"notice": "advisory_notice", "assessment": "assessment_form"}


def workbook(form: int | str, *given: object) -> bytes:
    """Return a form as an xlsx file, of what its declaration asks for.

    Equal input gives equal bytes.
    """
    from ledger12315.sheets.paper.draw import draw

    name = f"attachment{form}" if str(form).isdigit() else str(form)
    module = import_module(f"{__name__}.forms.{name}")
    declaration = getattr(module, _DECLARATIONS.get(name, name))
    sheets: Iterable[FormSheet] = declaration(*given)
    return draw(sheets)
