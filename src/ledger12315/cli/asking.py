"""Filling boxes: each is an option of the same name, a key of the JSON on stdin, or asked for on a terminal."""

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import typer

from ledger12315.cli.options import tell
from ledger12315.errors import LedgerError, Unclear
from ledger12315.locale import _, language, render
from ledger12315.rules import reading
from ledger12315.rules.fields import Field, parse_all
from ledger12315.rules.reading import Reader, Value

_METAVARS: Mapping[Reader, str] = {
    reading.money: "YUAN",
    reading.area: "M2",
    reading.stalls: "N",
    reading.count: "N",
    reading.grade: "AAA",
    reading.phone: "PHONE",
    reading.person: '"NAME PHONE"',
    reading.complaint_number: "NUMBER",
    reading.past_day: "DATE",
    reading.any_day: "DATE",
}
Raw = Mapping[str, str | None]


def boxes(fields: Sequence[Field], arguments: int = 0) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command, which takes them as `**raw`, an option for each field; the first `arguments` of them are positional."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = [each for each in inspect.signature(command).parameters.values() if each.kind is not each.VAR_KEYWORD]
        added = [_parameter(field, place < arguments) for place, field in enumerate(fields)]
        command.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
        return command

    return decorate


def _parameter(field: Field, argument: bool) -> inspect.Parameter:
    kind: Any
    if argument:
        kind = typer.Argument(metavar=field.key.upper(), help=field.help, show_default=False)
    else:
        kind = typer.Option(f"--{field.key.replace('_', '-')}", metavar=_metavar(field), help=field.help, show_default=False)
    return inspect.Parameter(field.key, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[str | None, kind])


def _metavar(field: Field) -> str:
    return "WORD" if field.vocabulary else _METAVARS.get(field.read, "TEXT")


def fill(
    fields: Sequence[Field], raw: Raw, from_stdin: bool, today: date, find: Callable[[str], object] | None = None
) -> dict[str, Value]:
    """Read what was given; on a terminal ask for what is required and missing, elsewhere name it. Raises Unclear.

    `find` looks up the first field, which says what the rest is about: a wrong answer is told before more is asked.
    """
    given = {key: text for key, text in raw.items() if text is not None}
    if from_stdin:
        given = stdin_object(fields) | given
    elif on_terminal() and any(field.lacking(given) for field in fields):
        for field in fields:
            if field.lacking(given) or (field.asked and field.key not in given):
                given[field.key] = ask(field, today, find if field is fields[0] else None)
    return parse_all(fields, given, today)


def on_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def ask(field: Field, today: date, find: Callable[[str], object] | None = None) -> str:
    """Ask for one box until the answer can be read, and found where that is asked; an optional one may stay empty."""
    label = field.heading if language() == "zh" else field.key.replace("_", " ")
    if field.vocabulary:
        tell("  ".join(f"{place} {render(word)}" for place, word in enumerate(field.vocabulary.values(), 1)))
    while True:
        text = str(
            typer.prompt(label if field.required else label + _(" (may stay empty)"), default="", show_default=False, err=True)
        ).strip()
        if field.vocabulary and text.isdecimal() and 1 <= int(text) <= len(field.vocabulary):
            text = list(field.vocabulary)[int(text) - 1]
        if not text and not field.required:
            return ""
        try:
            read = field.parse(text, today)
            if find:
                find(str(read))
        except LedgerError as error:
            tell(error.message)
            continue
        return text


def stdin_object(fields: Sequence[Field]) -> dict[str, str]:
    """The boxes that stand as one JSON object on standard input. Raises Unclear."""
    import json

    try:
        # As bytes: JSON is UTF-8 whatever the console is, and Windows begins it with a mark.
        text = sys.stdin.buffer.read().decode("utf-8-sig")
        read = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        raise Unclear(
            "Standard input is not one JSON object such as {example}.", example='{"complainant": "…", "item": "…"}'
        ) from None
    keys = [field.key for field in fields]
    if not isinstance(read, dict) or any(not isinstance(value, str | None) for value in read.values()):
        raise Unclear("Standard input is not one JSON object whose values are texts, numbers or null.")
    if unknown := [key for key in read if key not in keys]:
        raise Unclear("Standard input holds unknown boxes: {unknown}. Known are: {keys}.", unknown=unknown, keys=keys)
    return {key: value for key, value in read.items() if value is not None}
