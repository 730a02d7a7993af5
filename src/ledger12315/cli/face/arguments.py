"""Arguments from a shell: Chinese punctuation is read, and empty values are refused."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from typer.core import TyperArgument

from ledger12315.boxes.reading import has_foreign_bytes, has_lost_chinese, to_half_width
from ledger12315.errors import Message, Unclear, message
from ledger12315.locale import _
from ledger12315.renamed import in_newest_words
from ledger12315.words import Word

_QUOTES = "\u201c\u201d\uff02"
_QUOTE = f"[{_QUOTES}]"
_OPENS = f"(?:-[^=\uff1d\\s]+[=\uff1d])?{_QUOTE}"
_SIGNS = (
    "[\u3000\u2010-\u2015\u2018-\u201f\u2212\uff02-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff5e]"
)


def join_quoted(arguments: Iterable[str]) -> Iterator[str]:
    """Yield the arguments, those from “ to ” joined to one.

    An argument with a blank was quoted in half width and stays as it is. Raises Unclear where
    nothing closes a quotation mark.
    """
    open_: list[str] = []
    for argument in arguments:
        # The pattern is slow to compile, and most arguments do not need it.
        plain = " " in argument or set(_QUOTES).isdisjoint(argument)
        if not open_ and (plain or not re.match(_OPENS, argument)):
            yield argument
            continue
        open_.append(argument)
        text = " ".join(open_)
        if (quotes := len(re.findall(_QUOTE, text))) > 1:
            open_ = []
            enclosed = quotes == 2 and re.search(f"{_QUOTE}$", text)
            yield re.sub(_QUOTE, "", text) if enclosed else text
    if open_:
        raise Unclear(
            "The quotation mark of {text} is not closed. Type half-width quotation marks on "
            "both sides.",
            text=open_[0],
        )


def replace_dashes(arguments: Iterable[str], names: Iterable[str]) -> Iterator[str]:
    """Yield the arguments, with Chinese dashes, ＝ and newer words of options replaced."""
    known = {in_newest_words(name.lstrip("-")): name for name in names if name[:1] == "-"}
    for argument in arguments:
        if to_half_width(argument[:1]) != "-":
            yield argument
            continue
        name = argument.replace("\uff1d", "=").partition("=")[0]
        option = known.get(in_newest_words(to_half_width(name).lstrip("-")))
        if option and name != argument:
            option += f"={argument[len(name) + 1 :]}"
        yield option or argument


def demand_values(ctx: Any, arguments: Iterable[str]) -> None:
    """Raise Unclear if a value is no text, or is empty for a box that `amend` cannot empty."""
    if not any(map(_needs_check, arguments := [*arguments])):
        return  # parsing them once more is slow
    command = ctx.command
    given, *_rest = command.make_parser(ctx).parse_args(arguments)
    emptied = getattr(command.callback, "emptied", ())
    for parameter in command.get_params(ctx):
        value = given.get(parameter.name)
        # The last is the Chinese one, where there is any.
        name: object = Word(parameter.name or "", parameter.opts[-1], parameter.opts[0])
        if isinstance(parameter, TyperArgument):
            name = _((parameter.metavar or "").strip("[]."))
        for text in value if isinstance(value, list | tuple) else (value,):
            if not isinstance(text, str):
                continue
            if not text.strip() and parameter.name not in emptied:
                raise Unclear(
                    "The value of {name} is empty: give one, or leave it out.", name=name
                )
            if has_foreign_bytes(text):
                raise Unclear("The value of {name} is not text in UTF-8.", name=name)
            demand_no_lost_chinese(name, text)


def _needs_check(argument: str) -> bool:
    """Return whether an argument, or its value, needs the slow check."""
    parts = argument.split("=", 1)
    return any(
        not part.strip() or has_foreign_bytes(part) or has_lost_chinese(part) for part in parts
    )


def demand_no_lost_chinese(name: object, text: str) -> None:
    """Raise Unclear if a value lost its Chinese on the way to the program."""
    if has_lost_chinese(text):
        raise Unclear(
            "The value of {name} lost characters on the way: {text}. Type it in a window that "
            "shows Chinese, or give it in a file: --from FILE",
            name=name,
            text=text,
        )


def signs_in(text: str) -> list[Message]:
    """Return a note that names the Chinese punctuation in a text, if any."""
    signs = "".join(dict.fromkeys(re.findall(_SIGNS, text))).replace("\u3000", "“\u3000”")
    said = message("It contains Chinese punctuation: {signs} Type it in half width.", signs=signs)
    return [said] if signs else []
