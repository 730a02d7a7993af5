"""Filling boxes: each is an option of the same name, a key of the JSON on stdin, or asked for on a terminal."""

import inspect
import shutil
import sys
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import typer

from ledger12315.boxes import reading
from ledger12315.boxes.fields import Field, parse_all
from ledger12315.boxes.masking import mask
from ledger12315.boxes.reading import Reader, Value
from ledger12315.cli.face.options import tell
from ledger12315.cli.face.safety import safe, wide
from ledger12315.errors import LedgerError, Unclear, message
from ledger12315.locale import N_, _, language, render

_METAVARS: Mapping[Reader, str] = {
    reading.money: "YUAN",
    reading.area: "M2",
    reading.stalls: "N",
    reading.count: "N",
    reading.grade: "AAA",
    reading.phone: "PHONE",
    reading.person: '"NAME PHONE"',
    reading.people: '"NAME PHONE"',
    reading.checked: N_("yes|no"),
    reading.complaint_number: "NUMBER",
    reading.past_day: "DATE",
    reading.any_day: "DATE",
}
Raw = Mapping[str, str | None]
Find = Callable[[str], str | None]
"""Looks up what an answer names and gives its own name. Raises Refused."""
BACK = "<"


def boxes(
    fields: Sequence[Field], arguments: int = 0
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command, which takes them as `**raw`, an option for each field; the first `arguments` of them are positional."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = [
            each
            for each in inspect.signature(command).parameters.values()
            if each.kind is not each.VAR_KEYWORD
        ]
        added = [_parameter(field, place < arguments) for place, field in enumerate(fields)]
        command.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
        return command

    return decorate


def _parameter(field: Field, argument: bool) -> inspect.Parameter:
    kind: Any
    if argument:
        kind = typer.Argument(metavar=field.key.upper(), help=field.help, show_default=False)
    else:
        kind = typer.Option(
            f"--{field.key.replace('_', '-')}",
            metavar=_metavar(field),
            help=field.help,
            show_default=False,
        )
    return inspect.Parameter(
        field.key,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[str | None, kind],
    )


def _metavar(field: Field) -> str:
    return "WORD" if field.vocabulary else _METAVARS.get(field.read, "TEXT")


def fill(
    fields: Sequence[Field],
    raw: Raw,
    from_stdin: bool,
    today: date,
    find: Find | None = None,
    usual: Callable[[], str] = lambda: "",
    more: Callable[[Raw], Container[str]] = lambda given: (),
    writes: bool = True,
) -> dict[str, Value]:
    """Read what was given; on a terminal ask for what is required and missing, elsewhere name it. Raises Unclear.

    `find` looks up the first field, which says what the rest is about: a wrong answer is told before more is asked; `usual`
    gives what Enter stands for there.
    `more` gives the keys to ask for besides; what `writes` is looked over first, unless it is one box.
    """
    given = {key: text for key, text in raw.items() if text is not None}
    if from_stdin:
        given = stdin_object(fields) | given
    elif on_terminal() and any(
        field.lacking(given) or field.key in more(given) for field in fields
    ):
        given |= _asked(fields, given, today, find, usual, more, writes and len(fields) > 1)
    return parse_all(fields, given, today)


def changes_of(
    subject: Field, fields: Iterable[Field], raw: Raw, from_stdin: bool, today: date, command: str
) -> tuple[str, dict[str, Value | None]]:
    """What is to be amended, and each box that was given, None where an empty text empties it. Raises Unclear."""
    known = (subject, *(field._replace(required=False, asked=False) for field in fields))
    given = stdin_object(known) if from_stdin else {}
    given |= {key: text for key, text in raw.items() if text is not None}
    if not given.keys() - {subject.key} and (subject.key in given or on_terminal()):
        raise Unclear(
            "Nothing to amend: name at least one box. See: ledger12315 {command} --help",
            command=command,
        )
    filled = fill(known, given, False, today)
    return str(filled[subject.key]), {key: filled.get(key) for key in given if key != subject.key}


def on_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _asked(
    fields: Sequence[Field],
    given: Mapping[str, str],
    today: date,
    find: Find | None,
    usual: Callable[[], str],
    more: Callable[[Raw], Container[str]],
    look_over: bool,
) -> dict[str, str]:
    if len(fields) > 1:
        tell(message("< goes back to the last answer, Ctrl-C leaves without writing."))
    answers: dict[str, str] = {}
    earlier: dict[str, str] = {}
    read = parse_all([field._replace(required=False) for field in fields], given, today)
    if find and fields[0].key in read:
        find(str(read[fields[0].key]))
    while True:
        known = {**given, **answers}
        besides = more(known)
        wanted = (
            each
            for each in fields
            if each.key not in known and (each.asked or each.key in besides or each.lacking(known))
        )
        if field := next(wanted, None):
            first = field is fields[0]
            text = ask(
                field,
                today,
                find if first else None,
                earlier.get(field.key) or (usual() if first else ""),
            )
        elif look_over and not _looked_over(fields, known, answers, today, find):
            text = BACK
        else:
            return answers
        if text != BACK and field:
            answers[field.key] = text
        elif answers:
            earlier |= [answers.popitem()]


def _looked_over(
    fields: Sequence[Field],
    known: Mapping[str, str],
    answers: Container[str],
    today: date,
    find: Find | None,
) -> bool:
    """Whether what is shown may be written; False for the way back. Raises Exit where it may not."""
    for field in fields:
        if text := known.get(field.key, "").strip():
            seen = _understood(field, text, today)
            seen = (find(seen) if find and field is fields[0] else None) or seen
            tell(
                f"  {_label(field)}: {seen if field.key in answers else mask(field.personal, seen)}"
            )
    while (answer := _prompt(_("Write it? [Y/n/<]")).casefold()) not in (
        "",
        "y",
        "yes",
        "是",
        BACK,
    ):
        if answer in ("n", "no", "否"):
            tell(message("Nothing was written."))
            raise typer.Exit(130)
    return answer != BACK


def _understood(field: Field, text: str, today: date) -> str:
    value = field.parse(text, today)
    if field.vocabulary:
        return render([field.vocabulary[code] for code in str(value).split(",")])
    return value if isinstance(value, str) else text


def ask(field: Field, today: date, find: Find | None = None, before: str = "") -> str:
    """Ask for one box until the answer can be read, and found where that is asked; an optional one may stay empty.

    The answer may be BACK; `before` is what Enter repeats.
    """
    if field.vocabulary:
        _show_choices(
            f"{place} {render(word)}" for place, word in enumerate(field.vocabulary.values(), 1)
        )
        before = render(field.vocabulary.find(before) or before)
    while True:
        text = _prompt(
            _label(field) if field.required else _label(field) + _(" (may stay empty)"), before
        )
        if field.vocabulary and text.isdecimal() and 1 <= int(text) <= len(field.vocabulary):
            text = list(field.vocabulary)[int(text) - 1]
        if text == BACK or (not text and not field.required):
            return text
        try:
            read = field.parse(text, today)
            if find:
                find(str(read))
        except LedgerError as error:
            tell(error.message)
            continue
        return text


def _show_choices(choices: Iterable[str]) -> None:
    line, columns = "", shutil.get_terminal_size().columns
    for choice in choices:
        if line and wide(line + choice) > columns:
            tell(line.rstrip())
            line = ""
        line += f"{choice}  "
    tell(line.rstrip())


def _prompt(label: str, default: str = "") -> str:
    answer = str(
        typer.prompt(label, default=safe(default), show_default=bool(default), err=True)
    ).strip()
    return (
        default if answer == safe(default) else answer
    )  # Enter stands for what it is, not for how it is shown


def _label(field: Field) -> str:
    return field.heading if language() == "zh" else field.key.replace("_", " ")


def stdin_object(fields: Sequence[Field]) -> dict[str, str]:
    """The boxes that stand as one JSON object on standard input. Raises Unclear."""
    import json

    try:
        # As bytes: JSON is UTF-8 whatever the console is, and Windows begins it with a mark.
        text = sys.stdin.buffer.read().decode("utf-8-sig")
        read = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        raise Unclear(
            "Standard input is not one JSON object such as {example}.",
            example='{"complainant": "…", "item": "…"}',
        ) from None
    keys = [field.key for field in fields]
    if not isinstance(read, dict) or any(
        not isinstance(value, str | None) for value in read.values()
    ):
        raise Unclear(
            "Standard input is not one JSON object whose values are texts, numbers or null."
        )
    if unknown := [key for key in read if key not in keys]:
        raise Unclear(
            "Standard input holds unknown boxes: {unknown}. Known are: {keys}.",
            unknown=unknown,
            keys=keys,
        )
    return {key: value for key, value in read.items() if value is not None}
