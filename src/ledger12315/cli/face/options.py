"""Options and arguments: those that many commands take, boxes as parameters, what is typed.

Chinese punctuation is read, and empty values are refused.
"""

import inspect
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import typer
from typer.core import TyperArgument

from ledger12315.boxes import Box, Option, by_key
from ledger12315.boxes.kinds import DAY, FLAG, LINE, LONG, PATH, Flag, Several
from ledger12315.boxes.reading import has_foreign_bytes, has_lost_chinese, to_half_width
from ledger12315.errors import Message, Unclear, message
from ledger12315.locale import N_, _
from ledger12315.renamed import in_newest_words
from ledger12315.words import Word

# The placeholders of values; help translates each word.
_METAVARS = (
    *(N_("OPTIONS"), N_("ARGS"), N_("COMMAND"), N_("TEXT"), N_("WORD"), N_("WORDS"), N_("DATE")),
    *(N_("YUAN"), N_("PHONE"), N_("NAME"), N_("NUMBER"), N_("POINT"), N_("PERIOD"), N_("YEAR")),
    *(N_("FILE"), N_("PATH"), N_("FORM"), N_("KEY"), N_("VALUE"), N_("REASON"), N_("KIND")),
    *(N_("DAY"), N_("ID"), N_("N"), N_("M2"), N_("WHY"), N_("TYPE"), N_("MEASURE")),
    *(N_("FOLDER"), N_("DIR"), N_("HEX"), N_("TOPIC"), N_("URL"), N_('"NAME PHONE"')),
)

_Run = TypeVar("_Run", bound=Callable[..., None])
_CTX = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
AS_OF = Option("as_of", "截至", DAY, "leave out what happened after this day")
ONE_POINT = Option(
    "point", "服务点", LINE, "only this point: its code, name or part of the name", metavar="POINT"
)
OUTPUT = Option("output", "输出", PATH, "the file to write [named by period]", short="-o")
TEMPLATE = Option("template", "模板", PATH, "fill this workbook of the bureau's instead")
LIVE = Option("live", "现时", FLAG, "use today's figures for a submitted period")
YES = Option("yes", "确认", FLAG, "submit without asking")
DRY_RUN = Option("dry_run", "试运行", FLAG, "only show what would be done")
EXIT_CODE = Option("exit_code", "退出码", FLAG, "exit with 1 when something is listed")
NOTIFY = Option(
    "notify",
    "通知",
    Several(LONG),
    "send counts and numbers, without names, to this address or to the configured ones",
    metavar="URL",
)
ALWAYS = Option("always", "总是", FLAG, "with --notify or --mail, say also that there is nothing")
WORKING_DAYS = Option("working_days", "仅工作日", FLAG, "do nothing on a day off")
FLAGS = by_key(
    Option("json", "json", FLAG, "print JSON"),
    Option("mail", "邮件", FLAG, "print it as a mail: station, day, what to do"),
    Option("csv", "csv", FLAG, "print csv for a spreadsheet"),
    Option("reveal", "不遮盖", FLAG, "show names and phones in full; this is recorded"),
    Option(
        "from_stdin",
        "从标准输入",
        FLAG,
        "read the boxes from stdin as one JSON object; values on the command line replace its own",
    ),
    Option(
        "from_file", "从文件", PATH, "read the boxes from a file as one JSON object", option="from"
    ),
)
"""Options for the form of an answer or of the input; each command names those it has."""


def at_most_one_given(given: Mapping[str, object], *boxes: Box) -> list[str]:
    """Return the key of the one of these boxes that was given, if any. Raises Unclear for two."""
    found = [box for box in boxes if given.get(box.key)]
    if len(found) > 1:
        first, second = (box.label for box in found[:2])
        raise Unclear("Give either {first} or {second}, not both.", first=first, second=second)
    return [box.key for box in found]


def select_flags(names: str) -> Iterator[Box]:
    """Yield the named options of FLAGS; `from_stdin` brings `from_file` with it."""
    for name in names.split():
        yield FLAGS[name]
        if name == "from_stdin":
            yield FLAGS["from_file"]


def with_options(function: _Run, options: Sequence[Box], arguments: Sequence[Box] = ()) -> _Run:
    """Return a function of a context, to which Typer passes options and arguments by keyword.

    Of the boxes of `command.py` Typer sees what could have been written as

        def escalate_complaint(
            ctx: typer.Context,
            *,
            number: str = typer.Argument(None, metavar="NUMBER", help=…),
            json: bool = typer.Option(False, "--json", help=…),
            reason: str = typer.Option(None, "--reason", "--报请理由", metavar="TEXT", help=…),
            on: str = typer.Option(None, "--on", "--报请日期", metavar="DATE", help=…),
        ) -> None: ...
    """
    parameters = (
        *(_parameter(box, argument=True) for box in arguments),
        *map(_parameter, options),
    )
    vars(function).update(
        __signature__=inspect.Signature([_CTX, *parameters]), boxes=by_key(*arguments, *options)
    )
    return function


def _parameter(box: Box, argument: bool = False) -> inspect.Parameter:
    """Return Typer's parameter for a box; its value is a text, or a bool for a flag."""
    kind: type = list[str] if box.kind.several else str
    if argument:
        metavar = box.metavar or box.key.upper() + "..." * box.kind.several
        option: object = typer.Argument(None, metavar=metavar, help=box.help)
    elif isinstance(box.kind, Flag):
        kind, option = bool, typer.Option(False, *_names(box), help=box.help)
    else:
        metavar = box.metavar or box.kind.metavar
        option = typer.Option(None, *_names(box), metavar=metavar, help=box.help)
    return inspect.Parameter(
        box.key, inspect.Parameter.KEYWORD_ONLY, default=option, annotation=kind
    )


def _names(box: Box) -> Iterable[str]:
    english, chinese = box.option_names
    return dict.fromkeys(filter(None, (english, box.short, chinese)))


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


def replace_dashes(arguments: Iterable[str], names: Collection[str]) -> Iterator[str]:
    """Yield the arguments, with Chinese dashes, ＝ and newer words of options replaced."""
    for argument in arguments:
        if to_half_width(argument[:1]) != "-":
            yield argument
            continue
        name = argument.replace("\uff1d", "=").partition("=")[0]
        option = name if name in names else _newest_named(name, names)
        if option and name != argument:
            option += f"={argument[len(name) + 1 :]}"
        yield option or argument


def _newest_named(typed: str, names: Iterable[str]) -> str | None:
    known = {in_newest_words(name.lstrip("-")): name for name in names if name[:1] == "-"}
    return known.get(in_newest_words(to_half_width(typed).lstrip("-")))


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
