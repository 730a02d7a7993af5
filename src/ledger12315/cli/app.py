"""The command line, and the only place where an error becomes a message and an exit code."""

import errno
import gc
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

import typer
from typer.core import TyperCommand

from ledger12315.boxes import Option, by_key
from ledger12315.boxes.kinds import FLAG, PATH
from ledger12315.boxes.masks import mask_message
from ledger12315.cli.face.configuration import configure
from ledger12315.cli.face.help import RARE, Command, Group, usage_error
from ledger12315.cli.face.options import at_most_one_given, join_quoted, with_options
from ledger12315.cli.face.shells import shell_hints
from ledger12315.cli.face.terminals import is_terminal
from ledger12315.cli.table import COMMANDS, GROUPS, NEEDS, CommandRow
from ledger12315.errors import LedgerError, Left, Message, Unusable, message, reason
from ledger12315.locale import has_chinese
from ledger12315.locale.hints import PROGRAM, HintStyle, show_hints
from ledger12315.renamed import NEWEST, call_as

_INDENTED = "  {note}"


class Deferred(TyperCommand):
    """A command that imports its module only when it is called: the others cost nothing."""

    def __init__(self, row: CommandRow, kind: type[Command] = Command) -> None:
        super().__init__(row.name.split()[-1], help=row.help)
        self.row, self.kind = row, kind

    def load(self) -> TyperCommand:
        """Return the real command, built by Typer from its function."""
        module, name = self.row.target.split(":")
        function = getattr(import_module(f"ledger12315.cli.{module}"), name)
        if not gc.isenabled():  # until a command is loaded, if this process runs only one
            gc.freeze()
            gc.enable()
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        row = self.row
        app.command(self.name, cls=self.kind, help=row.help, epilog=row.example)(function)
        return typer.main.get_command(app)  # type: ignore[return-value]

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        """Return the context of the real command. Raises Unclear for a bad configuration."""
        if parent and self.row.name != _EXAMINES:
            demand_configured(parent)
        command = self.load()
        try:
            return command.make_context(info_name, args, parent, **extra)
        except typer.TyperException as error:
            if getattr(error, "ctx", None) is None:
                known = typer.Context(command, info_name=info_name, parent=parent)
                error.ctx = known  # type: ignore[attr-defined]
            raise


_OPTIONS = by_key(
    Option(
        "db",
        "台账",
        PATH,
        "the ledger's file [LEDGER12315_DB, else the user's data folder]",
        metavar="PATH",
    ),
    Option("practice", "练习", FLAG, "use the practice ledger, separate from the station's own"),
    Option("version", "版本", FLAG, "show version, commit and day of the program"),
    Option(
        "clock_is_right",
        "时钟无误",
        FLAG,
        "write even though today is far from the day of the last entry",
    ),
    Option(
        "install_completion",
        "补全",
        FLAG,
        "let this shell complete commands and answers with Tab",
    ),
    Option("uninstall_completion", "取消补全", FLAG, "remove completion from the shell's files"),
    Option("show_completion", "补全脚本", FLAG, "print the completion script of this shell"),
    groups={"clock_is_right": RARE},
)

_IN_WINDOW, _MISCONFIGURED = "in_window", "misconfigured"
_EXAMINES = "ledger doctor"
"""The command that reports a bad configuration as one of its findings."""


def demand_configured(context: typer.Context) -> None:
    """Raise the error of the configuration, if it has one."""
    if error := context.meta.get(_MISCONFIGURED):
        raise error


def _start(ctx: typer.Context, **given: Any) -> None:
    at_most_one_given(given, _OPTIONS["db"], _OPTIONS["practice"])
    ctx.obj = given["db"]
    ctx.meta.update({key: given[key] for key in ("clock_is_right", "practice")})
    if given["version"]:
        from ledger12315.build import VERSION_LINE

        typer.echo(VERSION_LINE)
        raise typer.Exit
    install, uninstall = given["install_completion"], given["uninstall_completion"]
    if install or uninstall or given["show_completion"]:
        from ledger12315.cli.shell.installing import set_up_completion

        set_up_completion(install=install, uninstall=uninstall)
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        demand_configured(ctx)
        from ledger12315.cli.window.loop import open_window, somebody_is_there

        if ctx.meta[_IN_WINDOW] or not somebody_is_there():
            typer.echo(ctx.get_help())
            return
        from ledger12315.cli.face.desk import path_of_ledger

        ledger = path_of_ledger(given["db"], given["practice"])
        open_window(ledger, [*_typed_again(given)], _run_in_window, offering_program)


def _ledger_as_typed(words: Iterable[str], given: Mapping[str, Any]) -> Iterator[str]:
    """Yield the options that name the ledger, each by the name that was typed."""
    typed = {word.partition("=")[0] for word in words}
    for key in ("db", "practice"):
        if value := given[key]:
            english, chinese = _OPTIONS[key].option_names
            yield chinese if chinese in typed else english
            if value is not True:
                yield value


def _typed_again(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield the options of the window, which hold for each of its lines."""
    for key in ("db", "practice", "clock_is_right"):
        if value := given[key]:
            yield f"--{key.replace('_', '-')}"
            if value is not True:
                yield value


def _run_in_window(arguments: Iterable[str]) -> int:
    return _run_one(arguments, in_window=True)


def offering_program() -> Group:
    """Return the command line whose groups and commands complete."""
    from ledger12315.cli.shell.completion import OfferingCommand, OfferingGroup

    return program(OfferingGroup, OfferingCommand)


def program(group: type[Group] = Group, command: type[Command] = Command) -> Group:
    """Return the whole command line; nothing but the table of commands is loaded."""
    app = typer.Typer(
        cls=group,
        help="A station's ledger of its 12315 consumer-rights service points.",
        callback=with_options(_start, [*_OPTIONS.values()]),
        invoke_without_command=True,
        context_settings={"help_option_names": ["--help", "-h", "--帮助"]},
        add_completion=False,
        rich_markup_mode=None,
    )
    root = typer.main.get_group(app)
    assert isinstance(root, Group)  # noqa: S101 the class was given above
    root.name, root.needs = PROGRAM, NEEDS
    groups = {"": root}
    for row in GROUPS:
        name = row.name.rpartition(" ")[2]
        groups[row.name] = group(
            name=name, help=row.help, default=row.target, rich_markup_mode=None
        )
    for row in COMMANDS:
        groups[row.name.rpartition(" ")[0]].add(Deferred(row, command), row.zh)
    for row in GROUPS:  # after the commands without a group
        groups[row.name.rpartition(" ")[0]].add(groups[row.name], row.zh)
    return root


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code.

    Every error ends here, as one message on stderr.
    """
    closed = sys.stdout is None
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by the caller of the program
            nothing = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 never closed
            setattr(sys, name, nothing)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console of code page 936 cannot show every character.
            stream.reconfigure(errors="replace")
    if closed:
        _print_error(message("The output is closed, so no answer can be shown. Nothing was done."))
        return Unusable.exit_code
    _tell_poor_encoding()
    return _run_one(arguments)


def _run_one(arguments: Iterable[str], in_window: bool = False) -> int:
    try:
        code = _run_command(arguments, in_window)
        sys.stdout.flush()
        sys.stderr.flush()
    except SystemExit:  # a signal came, perhaps because the window is closed
        _drop_unwritable()
        raise
    except OverflowError:  # Python's own modules read no clock beyond 2262
        from ledger12315.ledger.store import wrong_clock_error

        return _report_error(wrong_clock_error())
    except OSError as error:
        if not error.filename:
            _give_up(sys.stdout)
        # On Windows the second means a pipe without a reader; for a file both name it.
        if error.errno in (errno.EPIPE, errno.EINVAL) and not error.filename:
            return 0
        _print_error(_of_disk(error))
        return Unusable.exit_code
    return code


def _of_disk(error: OSError) -> Message:
    """Return the sentence on a file that the system refused, or on the output if none is named."""
    if error.filename:
        return message(
            "{path} cannot be used: {reason}. The command's entries are kept.",
            path=os.fsdecode(error.filename),
            reason=reason(error, reads=True),
        )
    return message(
        "Output cannot be written: {reason}. The command's entries are kept.",
        reason=reason(error),
    )


def _tell_poor_encoding() -> None:
    """Print on stderr that the locale has no Chinese characters, in words that it has."""
    encoding = sys.stdout.encoding or "utf-8"
    if not has_chinese(encoding):
        said = f"Chinese is shown as ?, since {encoding} has none. Set a locale: LANG=zh_CN.UTF-8"
        print(said, file=sys.stderr)


def _run_command(arguments: Iterable[str], in_window: bool) -> int:
    call_as(NEWEST)  # until a ledger is open
    show_hints(_window_hints() if in_window else shell_hints())
    completes = os.environ.get("_LEDGER12315_COMPLETE")
    misconfigured: LedgerError | None = None
    try:
        configure()
    except LedgerError as error:
        if completes:
            return 0
        misconfigured = error
    if completes:
        from ledger12315.cli.shell.completion import complete_line

        return complete_line(offering_program())
    root, context = program(), None
    try:
        words = [*join_quoted(arguments)]
        with root.make_context(PROGRAM, [*words]) as context:
            context.meta.update({_IN_WINDOW: in_window, _MISCONFIGURED: misconfigured})
            if not in_window:
                show_hints(shell_hints(*_ledger_as_typed(words, context.params)))
            root.invoke(context)
    except typer.Exit as leave:
        return leave.exit_code
    except (KeyboardInterrupt, typer.Abort) as left:
        return _report_leaving(left)
    except typer.TyperException as error:
        return _report_error(usage_error(error, _also_called))
    except LedgerError as error:
        return _report_error(error)
    except OSError:
        raise
    except Exception as error:
        from ledger12315.cli.face.crash import error_to_show

        return _report_error(error_to_show(error, context))
    return 0


def _window_hints() -> HintStyle:
    from ledger12315.cli.window.words import quoted  # only the window needs it

    return HintStyle(program="", quoted=quoted)


def _also_called(word: str) -> list[str]:
    """Return the commands for which the handbook has this other word."""
    from ledger12315.cli.help import commands_by_other_word

    return commands_by_other_word(word)


def _report_leaving(left: BaseException) -> int:
    with suppress(OSError):
        if is_terminal(sys.stderr):
            print(file=sys.stderr)  # leave the line of the question
    if isinstance(left, Left):
        _print_lines(left.message, *left.notes)
    else:
        _print_error(message("interrupted."))
    _drop_unwritable()
    return 130


def _report_error(error: LedgerError) -> int:
    _print_error(*map(mask_message, (error.message, *error.notes)))
    return error.exit_code


def _print_error(sentence: Message, *notes: Message) -> None:
    """Print an error on stderr: the sentence, and its notes below it."""
    below = (Message(_INDENTED, {"note": note}) for note in notes)
    _print_lines(message("Error: {sentence}", sentence=sentence), *below)


def _print_lines(*lines: object) -> None:
    from ledger12315.cli.face.desk import tell  # help needs none of what it loads

    try:
        tell(*lines)
    except OSError:  # the window is closed, so nobody can read the message
        _give_up(sys.stderr)


def _drop_unwritable() -> None:
    """Drop the output that cannot be written, so that the exit code stays as it is."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            _give_up(stream)


def _give_up(stream: TextIO) -> None:
    """Keep Python's own last flush from failing: nothing more can be printed."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
