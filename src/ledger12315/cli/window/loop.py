"""The loop of the window: each line is a command, which opens and closes the ledger itself."""

import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path

from ledger12315.boxes.reading import to_half_width
from ledger12315.cli.asking.drafts import standing_drafts
from ledger12315.cli.face.desk import tell
from ledger12315.cli.face.help import Group
from ledger12315.cli.face.lines import ask_yes_or_no, can_edit_lines, read_plain_line
from ledger12315.cli.face.terminals import is_terminal
from ledger12315.cli.window.words import GOES_ON, lines_in, open_quotation, words_in
from ledger12315.errors import message
from ledger12315.locale import _

_ENDS = "退出", "exit", "quit"
_HOW_TO_TYPE = message(
    "Type a command; Tab completes it, ? lists them all, exit or Ctrl-D leaves."
)


def somebody_is_there() -> bool:
    """Return whether question and answer go to a terminal, so that a window can be opened."""
    return all(map(is_terminal, (sys.stdin, sys.stdout, sys.stderr)))


def open_window(
    ledger: Path,
    options: Sequence[str],
    run_line: Callable[[Iterable[str]], int],
    root: Callable[[], Group],
) -> None:
    """Show today's list, then run each typed line until the window is left.

    `options` hold for each line; `root` makes the command line that completes.
    """
    with standing_drafts(ledger):
        _run_lines(options, run_line, root)


def _run_lines(
    options: Sequence[str], run_line: Callable[[Iterable[str]], int], root: Callable[[], Group]
) -> None:
    run_line([*options, "today"])
    tell(_HOW_TO_TYPE)
    read = _reader(options, root)
    while True:
        try:
            lines = [*lines_in(read())]
            if len(lines) > 1 and not _may_be_run(lines):
                continue
            for line in lines:
                if to_half_width(line).casefold() in _ENDS:
                    return
                # An error in the words is told where all errors are: as they are read.
                run_line(chain(options, words_in(line)))
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def _may_be_run(lines: Sequence[str]) -> bool:
    """Return whether somebody says that all commands of one paste are to be run."""
    tell(message("These are several commands: {count}.", count=len(lines)), *lines)
    return ask_yes_or_no(_("Run them one after another? [y/n]"))


def _reader(options: Sequence[str], root: Callable[[], Group]) -> Callable[[], str]:
    """Return what reads a line; it raises EOFError and KeyboardInterrupt."""
    if not can_edit_lines():
        return _read_plain_text
    from ledger12315.cli.window.editing import command_prompts  # loads prompt_toolkit

    prompts = command_prompts(options, root)

    def read() -> str:
        try:
            return prompts.prompt(_prompt())
        except OSError:  # the terminal is closed
            raise EOFError from None

    return read


def _read_plain_text() -> str:
    """Return a line from a terminal that can only print, with those that its quotation has."""
    typed = read_plain_line(_prompt(), end="")
    while open_quotation(typed):
        typed += "\n" + read_plain_line(GOES_ON, end="")
    return typed


def _prompt() -> str:
    return _("ledger>") + " "
