"""`export` 导出 and `template` 样表: forms written whole, or filled into a bureau's workbook."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ledger12315.boxes import Box, Filled, Option, by_key
from ledger12315.boxes.forms import COMPLAINT_NUMBER, FORM, PERIOD
from ledger12315.boxes.kinds import FLAG, LINES, PATH
from ledger12315.boxes.worded import OneWord
from ledger12315.cli.asking.questions import required_questions
from ledger12315.cli.command import command, given_or_asked
from ledger12315.cli.face.answers import Result, answer_of_change
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.figures import not_over_note, submitted_note
from ledger12315.cli.face.files import demand_suffix, write_whole
from ledger12315.cli.face.lookups import begun_period, number_of_complaint
from ledger12315.cli.face.options import (
    AS_OF,
    FLAGS,
    LIVE,
    ONE_POINT,
    OUTPUT,
    TEMPLATE,
    at_most_one_given,
)
from ledger12315.cli.forms.contents import FormRequest, file_name
from ledger12315.cli.forms.publicity import FormRows
from ledger12315.cli.forms.table import FORMS, Form
from ledger12315.errors import LedgerError, Message, Unclear, message
from ledger12315.ledger.points import given_point
from ledger12315.ledger.returns.frozen import scope_and_submission
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.atomic import Readers
from ledger12315.rules.measures import STATION_FORM
from ledger12315.words import Vocabulary

_WORDS = Vocabulary(*(form.word for form in FORMS.values()))


_MANY = 4
"""So many numbers are too long for a file's name."""
_FORM = FORM._replace(kind=OneWord(_WORDS))
_NUMBER = Option(
    "number",
    "编号",
    LINES,
    "this complaint, or for a notice this record; repeat for several",
    metavar="NUMBER",
)
_EACH = Option(
    "each", "分服务点", FLAG, "write one file per point into the folder given by --output"
)
_PUBLIC = Option("public", "公开", FLAG, "Attachment 5 without names and phones")
_PDF = Option("pdf", "pdf", FLAG, "write a PDF instead of a workbook; this takes LibreOffice")
_OPEN = Option("open", "打开", FLAG, "open what was written with the system's program")
_OF_ALL = (OUTPUT.key, _PDF.key, _OPEN.key)
"""The options that every form takes."""
_WHERE = OUTPUT._replace(help="the file to write [named by form, period and point]")
_BOXES = by_key(
    *(_FORM, PERIOD.optional(), ONE_POINT, _NUMBER, _EACH, _PUBLIC, AS_OF, LIVE),
    *(TEMPLATE, _WHERE, _PDF, _OPEN),
)


class _Made(NamedTuple):
    """A workbook to be written, what it is of, and what its form says besides."""

    asked: FormRequest
    what: list[str]
    target: Path
    content: bytes
    first: list[Message]
    beside: FormRows | None


class _Written(NamedTuple):
    """The notes on files written, those before them, and the same for JSON."""

    sentences: list[Message]
    before: list[Message]
    notes: list[Message]
    files: list[Mapping[str, object]]


@command(
    *_BOXES.values(),
    arguments=2,
    flags="json csv",
    asks=required_questions(_FORM)._replace(writes=False),
)
def export(desk: Desk, filled: Filled) -> Result:
    """Write a form as a printable workbook."""
    form = _form_and_period(desk, filled)
    if "each" not in filled and desk.format != "csv":
        demand_suffix(filled.given("output", Path), _suffix(filled))
    numbers, written = _ask_numbers(desk, form, filled), _Written([], [], [], [])
    with desk.read() as ledger:
        day = filled.given("as_of", date)
        period = begun_period(desk, ledger, filled) if "period" in filled else None
        only = given_point(ledger, filled)
        public, live = "public" in filled, "live" in filled
        own = filled.given("template", Path)
        asked = FormRequest(desk.today, period, only, day, numbers, public, live, own)
        last, notes = _days_shown(ledger, form, asked)
        if desk.format == "csv":
            return _rows_alone(form, ledger, asked, filled, notes)
        made = [*_made(desk, ledger, form, asked, filled)]
    failed = None
    try:  # after the ledger is closed, as others wait to write in it while it is read
        _write_all(desk, form, made, "pdf" in filled, written)
    except LedgerError as error:  # files written before it are reported
        failed = error
    failed = failed or _opened(filled, written)
    notes = [] if failed else [*written.notes, *notes]
    about = {"form": form.word.code, "period": period and period.code, "numbers": numbers}
    document = {**about, "as_of": last, "files": written.files}
    return Result(written.sentences, document, before=written.before, notes=notes, error=failed)


def _opened(filled: Filled, written: _Written) -> LedgerError | None:
    """Open the file that was written, or the folder of several, if wanted; return what failed."""
    if "open" not in filled or not written.files:
        return None
    from ledger12315.cli.face.files import open_file

    first = Path(str(written.files[0]["file"]))
    try:
        open_file(first if len(written.files) == 1 else first.parent)
    except LedgerError as error:
        return error
    return None


@command(Box("file", "样表", PATH, "the bureau's own workbook", required=True), arguments=1)
def check_template(_desk: Desk, filled: Filled) -> Result:
    """Check which attachments fit the words in a bureau's own workbook."""
    from ledger12315.sheets.paper.fill import fitting_forms

    file = filled.path("file")
    forms, count = fitting_forms(file)
    return answer_of_change(
        message(
            "{file} fits Attachment {forms}. Cells with words: {count}",
            file=file,
            forms=forms,
            count=count,
        )
    )


def _rows_alone(
    form: Form,
    ledger: Ledger,
    asked: FormRequest,
    filled: Filled,
    notes: Iterable[Message],
) -> Result:
    """Return a form's rows for csv on stdout, where no file is written. Raises Unclear."""
    at_most_one_given({"csv": True, **filled}, FLAGS["csv"], OUTPUT, _EACH)
    assert form.beside  # noqa: S101  a form with --csv has rows
    found = form.beside(ledger, asked)
    return Result((found.table,), notes=[*found.notes, *notes])


def _days_shown(
    ledger: Ledger, form: Form, asked: FormRequest
) -> tuple[date | None, list[Message]]:
    """Return the as-of day of a form, None if it covers a whole period, and notes on its days."""
    if not asked.period:
        return asked.as_of, []
    scope, was = asked.scope, None
    if "live" in form.takes.split() and not asked.public:
        whole = asked.whole._replace(point=None)
        scope, was = scope_and_submission(ledger, whole, STATION_FORM, asked.today, asked.live)
    runs = asked.period.last >= asked.today == scope.as_of
    notes = [submitted_note(was)] if was else []
    return scope.as_of, notes + [not_over_note(asked.today)] * runs


def _form_and_period(desk: Desk, filled: Filled) -> Form:
    """Return the form; a missing period is asked for.

    Raises Unclear if required options are missing or others are given.
    """
    form = FORMS[filled.text("form")]
    given = [key for key in filled if key not in (_FORM.key, *_OF_ALL)]
    given += ["csv"] * (desk.format == "csv")
    boxes = _BOXES | {"csv": FLAGS["csv"]}
    # Numbers make other options superfluous.
    known = form.needs.split() + [
        key for key in form.takes.split() if "number" not in given or key == TEMPLATE.key
    ]
    if alien := [boxes[key].label for key in given if key not in known]:
        raise Unclear("{form} does not take {options}.", form=form.word, options=alien)
    if form.needs == "period":
        filled["period"] = given_or_asked(desk, PERIOD, filled.given("period", str))
    elif (
        form.needs == "period number"
        and ("period" in given) == ("number" in given)
        and (given or not desk.asks)
    ):
        raise Unclear("{form} needs a period or --number.", form=form.word)
    at_most_one_given(filled, _EACH, ONE_POINT)
    return form


def _ask_numbers(desk: Desk, form: Form, filled: Filled) -> tuple[str, ...]:
    """Return the numbers of complaints or records, asked for where the form needs one."""
    typed: list[str | None] = [*filled.lines("number")]
    if not typed and "period" not in filled and "number" in form.needs:
        typed = [None]
    named = [given_or_asked(desk, form.number, text) for text in typed]
    if form.number is COMPLAINT_NUMBER:
        named = [number_of_complaint(desk, words) for words in named]
    return tuple(named)


def _made(
    desk: Desk, ledger: Ledger, form: Form, asked: FormRequest, filled: Filled
) -> Iterator[_Made]:
    """Yield the form, or one for each point."""
    for one, what, target in _targets(desk, ledger, form, asked, filled):
        content = form.make(ledger, one)
        first = [*form.first(ledger, one)] if form.first else []
        beside = form.beside(ledger, one) if form.beside else None
        yield _Made(one, what, target, content, first, beside)


def _write_all(desk: Desk, form: Form, made: list[_Made], pdf: bool, written: _Written) -> None:
    """Write each workbook, or the PDF of it, and add to the notes."""
    for one, what, target, content, first, beside in made:
        readers: Readers = "anybody" if one.public else form.readers
        if pdf:
            from ledger12315.cli.face.files import as_pdf

            content = as_pdf(content)
        replaced = write_whole(
            target, content, desk.path, *filter(None, [one.template]), readers=readers
        )
        written.before.extend([*first, *replaced])
        document: dict[str, object] = {
            "file": target,
            "point": one.point and one.point.code,
            "replaced": bool(replaced),
        }
        if beside:
            document |= beside.document
            written.notes.extend(beside.notes)
        written.files.append(document)
        written.sentences.append(
            message("{form} for {what} is written: {path}", form=form.word, what=what, path=target)
        )


def _targets(
    desk: Desk, ledger: Ledger, form: Form, asked: FormRequest, filled: Filled
) -> Iterator[tuple[FormRequest, list[str], Path]]:
    """Yield what is asked for each file, what the file is of, and its path."""
    names, output, each = set[str](), filled.given("output", Path), "each" in filled
    for point in form.each(ledger, asked) if each else [asked.point]:
        one = asked._replace(point=point)
        what = list(_file_name_parts(one))
        parts = form.word.zh, *what, *_unlike_submitted(one)
        name = file_name(desk, ledger, *parts, point=point)
        while name.lower() in names:
            name += "_"
        names.add(name.lower())
        own = (output or Path()) / f"{name}{_suffix(filled)}" if each or not output else output
        yield one, [*what, *([point.code] if point else [])], own


def _suffix(filled: Filled) -> str:
    return ".pdf" if "pdf" in filled else ".xlsx"


def _file_name_parts(asked: FormRequest) -> Iterator[str]:
    """Yield a form's period, numbers or day."""
    if asked.period:
        yield asked.period.code
    elif len(asked.numbers) >= _MANY:
        yield from (asked.numbers[0], f"等{len(asked.numbers)}件")
    elif asked.numbers or asked.point:
        yield from asked.numbers
    else:
        yield asked.day.isoformat()
    if asked.public:
        yield "公开版"


def _unlike_submitted(asked: FormRequest) -> Iterator[str]:
    """Yield what keeps a file from the name of the form as it was submitted."""
    if asked.period and asked.as_of:
        yield f"截至{asked.as_of}"
    if asked.live:
        yield "当前"
    if asked.template:
        yield asked.template.stem
