"""One line from somebody at a terminal: the answer to a prompt, or a decision."""

import sys
from contextlib import AbstractContextManager, nullcontext
from types import ModuleType

from ledger12315.boxes.reading import to_half_width
from ledger12315.cli.face.prompts import Prompt
from ledger12315.cli.face.terminals import is_terminal, moves_cursor, safe
from ledger12315.locale import _

BACK = "<"
_YES_OR_NO = {"yes": "y", "是": "y", "no": "n", "否": "n"}
_DECISIONS = ("y", "n", BACK, "+")


def read_line(prompt: Prompt) -> str:
    """Return the text typed at a prompt. Raises EOFError if the terminal is closed."""
    if can_edit_lines():
        try:
            return str(_editor().edit_line(prompt))
        except OSError:  # the window is closed
            raise EOFError from None
    # A terminal that can only print: a wrong answer is typed again.
    return read_plain_line(prompt.label)


def raw_terminal() -> AbstractContextManager[None]:
    """Keep the terminal raw between questions, so that keys typed early are echoed once."""
    return _editor().session().input.raw_mode() if can_edit_lines() else nullcontext()


def cooked_terminal() -> AbstractContextManager[None]:
    """Restore the terminal's line editing for other questions in between."""
    return _editor().session().input.cooked_mode() if can_edit_lines() else nullcontext()


def _editor() -> ModuleType:
    from ledger12315.cli.face import editor  # loads prompt_toolkit

    return editor


def can_edit_lines() -> bool:
    """Return whether the terminal can move its cursor, so that a line can be edited.

    On Windows only stdout can; if it goes to a file, the questions are printed all the same.
    """
    return moves_cursor() and (sys.platform != "win32" or is_terminal(sys.stdout))


def ask_yes_or_no(question: str, enter: str = "") -> bool:
    """Return whether a question is answered with yes; it is asked until it is yes or no.

    Enter means `enter`, which is y, n or, as usual, neither.
    """
    while (answer := read_decision(question) or enter) not in ("y", "n"):
        print(safe(_("Answer y or n.")), file=sys.stderr)
    return answer == "y"


def read_decision(question: str) -> str:
    """Return y, n, < or + in whichever way it was typed, or else the typed text."""
    typed = read_line(Prompt(question)).strip()
    half = to_half_width(typed).casefold()
    key = _YES_OR_NO.get(half, half)
    return key if key in _DECISIONS else typed


def read_plain_line(label: str, end: str = ": ") -> str:
    """Return the text typed after a label, which goes to stderr: stdout may be a file.

    Raises EOFError if the terminal is closed.
    """
    print(safe(label), end=end, file=sys.stderr, flush=True)
    if not (typed := sys.stdin.readline()):
        raise EOFError
    return typed.rstrip("\n")
