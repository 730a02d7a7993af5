"""Terminals: whether somebody is there, their width, and what is asked there on one line."""

import os
import sys
from collections.abc import Callable, Sequence
from shutil import get_terminal_size
from typing import IO, NamedTuple


class Offer(NamedTuple):
    """An offered answer: its text, how it is shown, the sign that chooses it, its own `word`.

    An offer without a sign gets its place in the list; one with a number has it as its sign.
    """

    text: str
    seen: str = ""
    sign: str = ""
    word: str = ""

    @property
    def shown(self) -> str:
        """The shown text, in which typed text is searched for."""
        return self.seen or self.text

    @property
    def listed(self) -> str:
        """The offer with its sign, as it is listed."""
        return f"{self.sign} {self.shown}".lstrip()

    @property
    def name(self) -> str:
        """The word of which letters are the initials, without what stands beside it."""
        return self.word or self.text


class Prompt(NamedTuple):
    """A question that is answered on one line.

    `text` is on the line to be edited. `offers` returns the offers for a typed text, `shown` the
    text that stands there after Enter, `enter_value` the value that Enter gives, if it reads
    otherwise.
    """

    label: str
    text: str = ""
    offers: Callable[[str], Sequence[Offer]] = lambda _: ()
    shown: Callable[[str], str] = str.strip
    enter_value: Callable[[str], str] = lambda _: ""


def is_terminal(stream: IO[str] | None) -> bool:
    """Return whether a stream is a terminal or a console, but not the NUL of Windows."""
    if stream is None or not stream.isatty():
        return False
    return sys.platform != "win32" or _is_console(stream)


def moves_cursor() -> bool:
    """Return whether the terminal is one that does more than print."""
    return os.environ.get("TERM", "").lower() not in ("dumb", "unknown")


def in_colour(stream: IO[str]) -> bool:
    """Return whether a stream is a terminal with colours that nobody switched off."""
    return is_terminal(stream) and moves_cursor() and not os.environ.get("NO_COLOR")


def terminal_columns() -> int:
    """Return the usable columns of a line; a console of Windows breaks a full one."""
    return get_terminal_size().columns - (sys.platform == "win32")


def _is_console(stream: IO[str]) -> bool:
    """Return whether a stream is a console of Windows, which calls NUL a terminal too."""
    import ctypes
    import msvcrt

    try:
        handle = msvcrt.get_osfhandle(stream.fileno())  # type: ignore[attr-defined,unused-ignore]
    except OSError:  # a shell inside Python has no file, and knows itself whether it is a terminal
        return True
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    mode = ctypes.c_uint32()
    return bool(kernel.GetConsoleMode(ctypes.c_void_p(handle), ctypes.byref(mode)))
