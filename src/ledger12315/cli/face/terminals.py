"""Terminals: whether somebody is there, their width, and what is asked there on one line."""

import sys
from collections.abc import Callable, Sequence
from shutil import get_terminal_size
from typing import IO, NamedTuple

from ledger12315.cli.face.safety import safe


class Offer(NamedTuple):
    """An offered answer: its text, how it is shown, and the sign that chooses it.

    An offer without a sign gets its place in the list; one with a number has it as its sign.
    """

    text: str
    seen: str = ""
    sign: str = ""

    @property
    def shown(self) -> str:
        """The shown text, in which typed text is searched for."""
        return self.seen or self.text

    @property
    def listed(self) -> str:
        """The offer with its sign, as it is listed."""
        return f"{self.sign} {self.shown}".lstrip()


class Prompt(NamedTuple):
    """A question that is answered on one line.

    `text` is on the line to be edited. `offers` returns the offers for a typed text, `meant` the
    answer that it means, and `seen` the text that shows an answer. `enter_value` is the value that
    Enter gives, if it reads otherwise. An answer that is complete `at_once` needs no Enter.
    """

    label: str
    text: str = ""
    offers: Callable[[str], Sequence[Offer]] = lambda _: ()
    meant: Callable[[str], str] = str.strip
    seen: Callable[[str], str] = str
    enter_value: Callable[[str], str] = lambda _: ""
    at_once: Callable[[str], bool] = lambda _: False


def is_terminal(stream: IO[str] | None) -> bool:
    """Return whether a stream is a terminal or a console, but not the NUL of Windows."""
    if stream is None or not stream.isatty():
        return False
    return sys.platform != "win32" or _is_console(stream)


def terminal_columns() -> int:
    """Return the usable columns of a line; a console of Windows breaks a full one."""
    return get_terminal_size().columns - (sys.platform == "win32")


def read_answer(label: str) -> str:
    """Return the text typed after a label, which goes to stderr: stdout may be a file.

    Raises EOFError if the terminal is closed.
    """
    print(safe(label), end=": ", file=sys.stderr, flush=True)
    if not (typed := sys.stdin.readline()):
        raise EOFError
    return typed.rstrip("\n")


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
