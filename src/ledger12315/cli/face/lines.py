"""One line from somebody at a terminal."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from types import ModuleType
from typing import NamedTuple

from ledger12315.cli.face.asked import Offer
from ledger12315.cli.face.terminals import answered_line, is_terminal


class Prompt(NamedTuple):
    """What is asked for on a line.

    `text` stands there to be edited, `offers` gives what goes with what was typed, `meant` the
    answer that it stands for, and `seen` how an answer is shown. Meanwhile it is `told` what Enter
    takes, where that reads otherwise. What is complete `at_once` needs no Enter.
    """

    label: str
    text: str = ""
    offers: Callable[[str], Sequence[Offer]] = lambda _: ()
    meant: Callable[[str], str] = str.strip
    seen: Callable[[str], str] = str
    told: Callable[[str], str] = lambda _: ""
    at_once: Callable[[str], bool] = lambda _: False

    def read(self) -> str:
        """Return the answer. Raises EOFError if there is nobody any more."""
        if edits():
            try:
                return str(_editor().edited(self))
            except OSError:  # the window is closed
                raise EOFError from None
        # A terminal that can only print: what was wrong is typed again.
        return self.meant(answered_line(self.label))


def undivided() -> AbstractContextManager[None]:
    """Keep the terminal raw from one question to the next: who types ahead sees nothing twice."""
    return _editor().session().input.raw_mode() if edits() else nullcontext()


def interrupted() -> AbstractContextManager[None]:
    """Let the terminal put its lines together, as whatever else is asked meanwhile expects it."""
    return _editor().session().input.cooked_mode() if edits() else nullcontext()


def _editor() -> ModuleType:
    from ledger12315.cli.face import editor  # loads prompt_toolkit

    return editor


def edits() -> bool:
    """Return whether the terminal can move its cursor, so that a line can be edited.

    On Windows only stdout can: where it goes to a file, the others print all the same.
    """
    moves = os.environ.get("TERM", "").lower() not in ("dumb", "unknown")
    return moves and (sys.platform != "win32" or is_terminal(sys.stdout))
