"""Help and usage errors in the reader's language.

Typer's own words are English only, and it cannot wrap Chinese.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from ledger12315.boxes import Box
from ledger12315.cli.face.configuration import VARIABLES
from ledger12315.cli.face.options import FLAGS, demand_values, replace_dashes, signs_in
from ledger12315.cli.face.terminals import terminal_width, wrap_lines
from ledger12315.errors import Message, Unclear, message
from ledger12315.locale import N_, _, by_language, language, render
from ledger12315.locale.hints import hint_style
from ledger12315.renamed import in_year_words
from ledger12315.words import CONDITIONS, PARTICULARS, Vocabulary, Word

RARE = Word("rare", "少用的选项", "Options for rare needs")
"""The group of options that nobody types daily."""

# The shells of Windows have no common sign for a continued line.
_CONTINUED = "" if sys.platform == "win32" else "\\"


class Explained(NamedTuple):
    """A row of help: what to type, its explanation, and whether it is required."""

    typed: str
    said: str
    required: bool = False


def help_text(command: TyperCommand | TyperGroup, ctx: typer.Context) -> str:
    """Return the whole help of a command."""
    colon = _colon().rstrip()
    found = help_sections(ctx)
    lines = [f"{_('Usage')}{colon} {usage(ctx)}", "", *wrap_lines(_(command.help or ""), 2)]
    lines += _titled(found)
    if any(row.required for rows in found.values() for row in rows):
        lines += ["", _("A * marks what is required.")]
    if command.epilog is not None:
        lines += ["", _("Example") + colon, *_shell_lines(example_line(ctx))]
    if ctx.parent is None:
        lines += ["", render(message("Other options, and variables: `help options`"))]
    return "\n".join(lines)


def rare_help(root: typer.Context) -> list[str]:
    """Return the help on the options that nobody types daily, and on the variables."""
    return [*_titled(rare_sections(root))][1:]


def _titled(sections: Mapping[str, list[Explained]]) -> Iterator[str]:
    for title, rows in sections.items():
        yield from ("", title + _colon().rstrip(), *_help_columns(rows))


def usage(ctx: typer.Context) -> str:
    """Return how a command is typed."""
    arguments = (each for each in ctx.command.get_params(ctx) if isinstance(each, TyperArgument))
    pieces = ["[OPTIONS]", *(_argument(ctx, each) for each in arguments)]
    if isinstance(ctx.command, Group):
        pieces.append("COMMAND [ARGS]...")
    return " ".join([*_typed_path(ctx), *map(_metavar, pieces)])


def _argument(ctx: typer.Context, argument: TyperArgument) -> str:
    """Return the placeholder of an argument, in brackets if it is optional."""
    name = argument.metavar or ""
    if _is_required(ctx, argument):
        return name.strip("[]")
    return name if name.startswith("[") else f"[{name}]"


def example_line(ctx: typer.Context) -> str:
    """Return an example line with the names of the reader's language."""
    names = {name: names_of(each)[-1] for each in options_of(ctx) for name in each.opts}
    words = (ctx.command.epilog or "").split(" ")
    return " ".join([*_typed_path(ctx), *(names.get(word, word) for word in words)]).rstrip()


def options_of(ctx: typer.Context) -> list[TyperOption]:
    """Return a command's options, without its arguments: its own before those of many commands."""
    found = [each for each in ctx.command.get_params(ctx) if isinstance(each, TyperOption)]
    return sorted(found, key=lambda each: each.name in FLAGS)


def help_sections(ctx: typer.Context) -> dict[str, list[Explained]]:
    """Return a command's arguments and options by title, and a group's commands by need."""
    found = _parameters(ctx)
    found.pop(render(RARE), None)
    found[_("Options")] = found.pop(_("Options"))  # options without a box come last
    if isinstance(ctx.command, Group):
        found |= ctx.command.described()
    return found


def rare_sections(root: typer.Context) -> dict[str, list[Explained]]:
    """Return the options that nobody types daily, and the variables, by title."""
    variables = [Explained(name, _(said)) for name, said in VARIABLES.items()]
    return {(rare := render(RARE)): _parameters(root)[rare], _("Variables"): variables}


def _parameters(ctx: typer.Context) -> dict[str, list[Explained]]:
    """Return a command's arguments and options by title, as the form groups its boxes."""
    found: dict[str, list[Explained]] = {}
    parameters = ctx.command.get_params(ctx)
    groups = Counter(_title(ctx, each) for each in parameters)
    for parameter in parameters:
        typed = _metavar(parameter.metavar or "")
        if isinstance(parameter, TyperOption):
            typed = ", ".join(names_of(parameter)) + f" {typed}" * (not parameter.is_flag)
        explained = Explained(typed, _parameter_help(ctx, parameter), _is_required(ctx, parameter))
        title = _title(ctx, parameter)
        alone = groups[title] == 1 and isinstance(parameter, TyperOption)
        found.setdefault(_("Options") if alone else title, []).append(explained)
    return found


def _title(ctx: typer.Context, parameter: Any) -> str:
    if isinstance(parameter, TyperArgument):
        return _("Arguments")
    box = _box(ctx, parameter)
    return render(box.group) if box and box.group else _("Options")


def _is_required(ctx: typer.Context, parameter: Any) -> bool:
    box = _box(ctx, parameter)
    return parameter.required or (box is not None and box.required)


def _box(ctx: typer.Context, parameter: Any) -> Box | None:
    boxes: Mapping[str, Box] = getattr(ctx.command.callback, "boxes", {})
    return boxes.get(parameter.name)


def names_of(option: TyperOption) -> list[str]:
    """Return an option's names in the reader's language, short ones first."""
    chinese = language() == "zh"
    own = [name for name in option.opts if len(name) == 2 or name.isascii() != chinese]
    return sorted(map(in_year_words, own or option.opts), key=len)


def _metavar(text: str) -> str:
    """Return the placeholder of a value, each of its words in the reader's language."""
    return re.sub("[A-Z]+2?", lambda word: _(word[0]), _(text))


def _typed_path(ctx: Any) -> list[str]:
    """Return the program's name, where it has to be typed, and a command's."""
    return [*filter(None, [hint_style().program]), *command_path(ctx)]


def command_path(ctx: Any) -> list[str]:
    """Return a command's whole name in the reader's language, also if typed in the other."""
    if ctx is None or ctx.parent is None:
        return []
    own = str(ctx.command.name)
    chinese = getattr(ctx.parent.command, "chinese", {}).get(own, own)
    return [*command_path(ctx.parent), by_language(chinese, own)]


class Command(TyperCommand):
    """A command whose help is in the reader's language."""

    get_help = help_text  # type: ignore[assignment]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments after replacing Chinese forms. Raises Unclear."""
        return super().parse_args(ctx, _normalised(ctx, args))


class Group(TyperGroup):
    """A group of commands, each also known by its Chinese name."""

    get_help = help_text  # type: ignore[assignment]

    def __init__(self, *, default: str = "--help", **attributes: Any) -> None:
        super().__init__(**attributes)
        self.default = default
        self.chinese: dict[str, str] = {}
        self.needs: Sequence[tuple[str, str]] = ()

    def add(self, command: Any, chinese: str) -> None:
        """Add a command and its Chinese name."""
        self.add_command(command)
        self.chinese[command.name] = chinese

    def described(self) -> dict[str, list[Explained]]:
        """Return by title each command's names in the reader's language, and its help line."""
        if not self.needs:
            return {_("Commands"): [*map(self._described, self.commands)]}
        return {_(title): [*map(self._described, names.split())] for title, names in self.needs}

    def _described(self, name: str) -> Explained:
        command = self.commands[name]
        said = _(command.help or "")
        if isinstance(command, Group):
            said = f"{said[:-1]}{_colon()}{render([*map(command.second_name, command.commands)])}"
        return Explained(by_language(f"{name} {self.chinese[name]}", name), said)

    def second_name(self, name: str) -> str:
        """Return a command's name in the reader's language."""
        return by_language(self.chinese[name], name)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command of either name."""
        named = (name for name, chinese in self.chinese.items() if chinese == cmd_name)
        return super().get_command(ctx, next(named, cmd_name))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Return the arguments, or the group's default if there are none."""
        if not args and self.callback is None:
            args = [self.default]
        return super().parse_args(ctx, _normalised(ctx, args))


def _normalised(ctx: Any, args: list[str]) -> list[str]:
    names = [name for each in ctx.command.get_params(ctx) for name in each.opts]
    read = [*replace_dashes(args, names)]
    if not ctx.resilient_parsing:  # while a line is completed
        demand_values(ctx, read)
    return read


# Used by Typer and by the kinds of boxes, which do not load the catalogue.
_NOT_SAID_HERE = (N_("Show this message and exit."), N_("yes|no"))


def fixed_words_of(ctx: typer.Context, parameter: Any) -> Vocabulary | None:
    """Return the fixed words that a parameter of a command takes."""
    box = _box(ctx, parameter)
    return box.kind.offered if box else None


def _parameter_help(ctx: typer.Context, parameter: Any) -> str:
    """Return the help of a parameter, with the words that it takes where these are fixed."""
    if parameter.help:
        said, words = _(parameter.help), fixed_words_of(ctx, parameter)
    else:
        said, words = render(CONDITIONS[parameter.name]), PARTICULARS[parameter.name]
    if parameter.name in getattr(ctx.command.callback, "emptied", ()):
        said = re.sub(r" *\[[^]]*\]$", "", said)  # a box that is not given stays as it is
    return said + (_colon() + render(words) if words else "")


def _colon() -> str:
    return by_language("\uff1a", ": ")


def _help_columns(rows: list[Explained]) -> Iterable[str]:
    widest = min(max(terminal_width(row.typed) for row in rows), 30)
    left = widest + 4
    for row in rows:
        first, *rest = wrap_lines(row.said, left) or [""]
        start = f"{'*' if row.required else ' '} {row.typed}"
        if terminal_width(row.typed) > widest:
            yield start
            yield first
        else:
            yield start + " " * (left - terminal_width(start)) + first.strip()
        yield from rest


def _shell_lines(line: str) -> Iterable[str]:
    """Yield a line to type as several shell lines, each no wider than a terminal."""
    begun = "  "
    for part in re.split(" (?=--)", line):
        if terminal_width(begun) + terminal_width(part) > 76:
            yield f"{begun}{_CONTINUED}".rstrip()
            begun = "    "
        begun += f"{part} "
    yield begun.rstrip()


# Typer's usage errors, and our sentences for them.
_USAGE_ERRORS = (
    (r"No such command '(?P<name>.*?)'", N_("There is no command {name}.")),
    (r"No such option: (?P<name>\S+)", N_("There is no option {name}.")),
    (r"Option '(?P<name>.*)' requires an argument", N_("The option {name} needs a value.")),
    (r"Option '(?P<name>.*)' does not take a value", N_("The option {name} takes no value.")),
    (
        r"Got unexpected extra argument\S* \((?P<name>.*)\)",
        N_("Too many arguments: {name}. What has a blank in it needs quotation marks."),
    ),
)
_COMMAND = "`{name}`"
_SIMILAR = r"(?:Did you mean|Possible options:) (.*?)[?)]"


def _commands_of_same_name(root: Group, name: str) -> Iterator[str | Message]:
    """Yield the commands of this name in other groups or in none, each as it is typed."""
    for noun, group in root.commands.items():
        if isinstance(group, Group) and name in (*group.chinese, *group.chinese.values()):
            yield f"{by_language(root.chinese[noun], noun)} {name}"
        elif not isinstance(group, Group) and name in (noun, root.chinese[noun]):
            yield Message(_COMMAND, {"name": name})


def usage_error(
    error: typer.TyperException, also_called: Callable[[str], Sequence[str]]
) -> Unclear:
    """Return Typer's error about a command line, in the reader's language.

    `also_called` returns the commands for which a word is another name.
    """
    # Typer prints a word as Python's source would, with a wide blank and backslashes escaped.
    said = error.format_message().replace("\\u3000", "\u3000").replace("\\\\", "\\")
    similar = (in_year_words(each[1]) for each in re.finditer(_SIMILAR, said))
    notes = [
        message("Did you mean {names}?", names=names.replace("'", "").split(", "))
        for names in similar
    ]
    context: Any = getattr(error, "ctx", None)
    unknown = re.match(_USAGE_ERRORS[0][0], said)
    if unknown:
        from difflib import get_close_matches  # loads slowly

        name, root = unknown["name"], context.find_root().command
        known = [*_commands_of_same_name(root, name)] or also_called(name)
        # A slip in one of two characters is not like enough for Typer.
        if names := known or get_close_matches(name, context.command.chinese.values(), cutoff=0.5):
            notes = [message("Did you mean {names}?", names=names)]
        if known:
            notes.append(message("Look for it: `help {name}`", name=name))
    notes.append(message("See: `{command} --help`", command=command_path(context)))
    for pattern, sentence in _USAGE_ERRORS:
        if found := re.match(pattern, said):
            values = {key: value or "" for key, value in found.groupdict().items()}
            return Unclear(sentence, *signs_in("".join(values.values())), *notes, **values)
    return Unclear("The command line cannot be understood: {reason}", *notes, reason=said)
