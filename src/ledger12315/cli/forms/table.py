"""The forms that `export` writes, a row each."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from ledger12315.boxes import Box
from ledger12315.boxes.forms import COMPLAINT_NUMBER, RECORD_ID
from ledger12315.cli.forms.contents import (
    FormContents,
    FormRequest,
    agreement_contents,
    agreements_in_words,
    assessment_contents,
    blank_register,
    complaint_contents,
    list_as_submitted,
    notice_contents,
    point_contents,
    points_on_record,
    points_with_figures,
    record_contents,
    register_contents,
    return_contents,
    texts_of_head,
)
from ledger12315.cli.forms.publicity import FormRows, beside_publicity, publicity_contents
from ledger12315.errors import Message
from ledger12315.ledger.points import Point
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.atomic import Readers
from ledger12315.ledger.store.practice import practises
from ledger12315.sheets import declared_sheets, workbook
from ledger12315.words import Word


class Form(NamedTuple):
    """A form that `export` writes; the code of its `word` names its declaration in sheets.

    `fetch` returns the declaration's content, or the whole workbook. One of the options in `needs`
    must be given, those in `takes` may be. `number` is the box that names its cases. A form that
    is for anybody names nobody. `each` returns the points that have a file each, `beside` its
    rows for csv and its notes, `first` what is said before it is written.
    """

    word: Word
    fetch: Callable[[Ledger, FormRequest], FormContents | bytes]
    needs: str = ""
    takes: str = ""
    number: Box = COMPLAINT_NUMBER
    readers: Readers = "owner"
    each: Callable[[Ledger, FormRequest], list[Point]] = points_on_record
    beside: Callable[[Ledger, FormRequest], FormRows] | None = None
    first: Callable[[Ledger, FormRequest], Iterator[Message]] | None = None

    def make(self, ledger: Ledger, asked: FormRequest) -> bytes:
        """Return the form's workbook."""
        contents, code = self.fetch(ledger, asked), self.word.code
        if isinstance(contents, bytes):
            return contents
        if asked.template:
            from ledger12315.sheets.paper.contents import BoxContent
            from ledger12315.sheets.paper.fill import fill_template

            texts = texts_of_head(ledger, asked, asked.today)
            content = BoxContent(declared_sheets(code, *contents), texts)
            return fill_template(asked.template, code, content)
        return workbook(code, *contents, practice=practises(ledger))


FORMS = {
    form.word.code: form
    for form in (
        Form(
            Word("1", "附件1", "Attachment 1", ("登记表",)),
            complaint_contents,
            needs="period number",
            takes="point each template",
        ),
        Form(
            Word("2", "附件2", "Attachment 2", ("登记簿",)),
            register_contents,
            needs="period",
            takes="point each as_of template",
        ),
        Form(
            Word("3", "附件3", "Attachment 3", ("汇总表",)),
            partial(return_contents, 3),
            needs="period",
            takes="point each as_of live template",
            readers="anybody",
            each=points_with_figures,
        ),
        Form(
            Word("4", "附件4", "Attachment 4", ("信息登记表",)),
            point_contents,
            takes="period point each as_of template",
        ),
        Form(
            Word("5", "附件5", "Attachment 5", ("信息登记汇总表",)),
            list_as_submitted,
            takes="period public as_of live template",
        ),
        Form(
            Word("6", "附件6", "Attachment 6", ("统计表",)),
            partial(return_contents, 6),
            needs="period",
            takes="point each as_of live template",
            readers="anybody",
        ),
        Form(
            Word("agreement", "和解协议", "settlement agreement"),
            agreement_contents,
            needs="number",
            first=agreements_in_words,
        ),
        Form(
            Word("notice", "抄告通知书", "advisory notice", ("抄告", "约谈")),
            notice_contents,
            needs="number",
            number=RECORD_ID,
        ),
        Form(
            Word("record", "工作记录", "work record"),
            record_contents,
            needs="period number",
            takes="point each",
            number=RECORD_ID,
        ),
        Form(
            Word("assessment", "考核评价表", "assessment", ("考核", "考核评价")),
            assessment_contents,
            needs="period",
            takes="point as_of live",
        ),
        Form(
            Word("publicity", "投诉公示", "publicity notice", ("公示",)),
            publicity_contents,
            needs="period",
            takes="point each as_of csv",
            readers="anybody",
            beside=beside_publicity,
        ),
        Form(
            Word("template", "登记模板", "template", ("模板",)),
            blank_register,
            takes="point each",
            readers="anybody",
        ),
    )
}
