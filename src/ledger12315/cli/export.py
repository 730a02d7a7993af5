"""`export` 导出: a form as a printable workbook."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from ledger12315.boxes import Box
from ledger12315.boxes.arguments import FORM, PERIOD
from ledger12315.cli.face.answers import Result
from ledger12315.cli.face.asking import Asking, Raw, fill
from ledger12315.cli.face.command import choosing
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.files import write_whole
from ledger12315.cli.face.options import AsOf, Live, OnePoint
from ledger12315.cli.forms import FORMS, WORDS, Asked, Form
from ledger12315.errors import LedgerError, Message, Unclear, message
from ledger12315.ledger.points import find_point
from ledger12315.ledger.station import settings
from ledger12315.ledger.store import Ledger
from ledger12315.rules.periods import parse_period

_MANY = 4
"""So many numbers are too long for a file's name."""
_Number = Annotated[
    list[str] | None,
    typer.Option(
        "--number",
        metavar="NUMBER",
        help="this complaint, or record for a notice; several by repeating",
    ),
]
_Each = Annotated[
    bool, typer.Option("--each", help="a file for each point, into the folder given by --output")
]
_Public = Annotated[bool, typer.Option("--public", help="Attachment 5 without names and phones")]
_Template = Annotated[
    Path | None,
    typer.Option("--template", metavar="FILE", help="fill this workbook of the bureau's instead"),
]
_Mapping = Annotated[
    Path | None,
    typer.Option("--map", metavar="FILE", help="which cell or name holds which figure, as JSON"),
]
_Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="the file to write [by form, period and point]"
    ),
]


class _Written(NamedTuple):
    """What is to be said of the files: what each is, and what they replaced."""

    sentences: list[Message]
    replaced: list[Message]


@choosing(FORM, PERIOD, arguments=2)
def export(
    desk: Desk,
    raw: Raw,
    point: OnePoint = None,
    number: _Number = None,
    each: _Each = False,
    public: _Public = False,
    as_of: AsOf = None,
    live: Live = False,
    template: _Template = None,
    mapping: _Mapping = None,
    output: _Output = None,
) -> Result:
    """Write a form as a printable workbook."""
    options = {
        "point": point is not None,
        "number": number is not None,
        "each": each,
        "public": public,
        "as_of": as_of is not None,
        "live": live,
        "template": template is not None,
        "map": mapping is not None,
    }
    form, text = _form(desk, raw, options)
    if options["template"] != options["map"]:
        raise Unclear("--template and --map go together.")
    numbers = _numbers(desk, form, number or ())
    with desk.read() as ledger:
        day = desk.day("--as-of", as_of) if as_of else None
        period = parse_period(text, settings(ledger)["annual_period"], day) if text else None
        last = day or (min(period.last, desk.today) if period else desk.today)
        only = find_point(ledger, point) if point is not None else None
        asked = Asked(last, period, only, day, numbers, public, live, template, mapping)
        written, error = _Written([], []), None
        try:
            _write_all(desk, ledger, form, asked, output, each, written)
        except LedgerError as wrong:  # what was written before is told
            error = wrong
    notes = []
    if period and last < period.last and not day and not error:
        notes.append(
            message("The period is not over; what still happens in it is not in these figures.")
        )
    return Result(written.sentences, before=written.replaced, notes=notes, error=error)


def _form(desk: Desk, raw: Raw, options: Mapping[str, bool]) -> tuple[Form, str]:
    """Return the form, and its period as it was typed.

    Raises Unclear if it needs or takes something else than is given.
    """
    text = _filled(desk, FORM, raw["form"])
    word = WORDS.find(text)
    if word is None:
        raise Unclear(
            "{form} is no form that can be made; it is one of {forms}.", form=text, forms=WORDS
        )
    form, period = FORMS[word.code], raw["period"] or ""
    given = {key for key, is_given in {**options, "period": bool(period)}.items() if is_given}
    # Numbers say it all.
    known = form.needs if "number" in given else (*form.needs, *form.takes)
    if alien := [key for key in (*options, "period") if key in given.difference(known)]:
        raise Unclear("{form} takes no {options}.", form=word, options=list(map(_option, alien)))
    if form.needs == ("period",):
        period = _filled(desk, PERIOD, period or None)
    elif form.needs == ("period", "number") and len(given.intersection(form.needs)) != 1:
        raise Unclear("{form} takes a period, or --number.", form=word)
    if given.issuperset(("each", "point")):
        raise Unclear("--each and --point exclude each other.")
    return form, period


def _option(key: str) -> str:
    return key if key == "period" else f"--{key.replace('_', '-')}"


def _filled(desk: Desk, box: Box, text: str | None) -> str:
    """Return what was given for a box, or is answered on a terminal. Raises Unclear."""
    asking = Asking(possible=desk.asks)
    return str(fill((box,), {box.key: text}, False, desk.today, asking)[box.key])


def _numbers(desk: Desk, form: Form, given: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers of complaints or records, asked for if the form needs one."""
    typed: list[str | None] = [*given]
    if not typed and form.needs == ("number",):
        typed = [None]
    return tuple(_filled(desk, form.number, text) for text in typed)


def _write_all(
    desk: Desk,
    ledger: Ledger,
    form: Form,
    asked: Asked,
    output: Path | None,
    each: bool,
    written: _Written,
) -> None:
    """Write the form, or one for each point, and add to what is to be said of it."""
    names = set[str]()
    for point in form.each(ledger, asked) if each else [asked.point]:
        one = asked._replace(point=point)
        name = "_".join((form.word.zh, *_about(one)))
        # A code is whatever somebody chose: no folder, and nothing that a filesystem refuses.
        name = re.sub(r"[^\w.-]", "_", name)
        while name.lower() in names:
            name += "_"
        names.add(name.lower())
        target = (output or Path()) / f"{name}.xlsx" if each or not output else output
        content, private = form.make(ledger, one), form.private and not one.public
        written.replaced.extend(write_whole(target, content, desk.path, private))
        what = list(_about(one))
        written.sentences.append(
            message("{form} for {what} is written: {path}", form=form.word, what=what, path=target)
        )


def _about(asked: Asked) -> Iterator[str]:
    """Yield what a form is about: its period, numbers or day, its point."""
    if asked.period:
        yield asked.period.code
    elif len(asked.numbers) >= _MANY:
        yield from (asked.numbers[0], f"等{len(asked.numbers)}件")
    elif asked.numbers or asked.point:
        yield from asked.numbers
    else:
        yield asked.day.isoformat()
    if asked.point:
        yield asked.point.code
    if asked.public:
        yield "公开版"
