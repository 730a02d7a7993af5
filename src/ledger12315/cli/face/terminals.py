"""Terminals: whether somebody is there, what they see and type."""

import sys
from shutil import get_terminal_size
from typing import IO

from ledger12315.cli.face.safety import safe


def is_terminal(stream: IO[str] | None) -> bool:
    """Return whether a stream is a terminal or a console, which the NUL of Windows is not."""
    if stream is None or not stream.isatty():
        return False
    return sys.platform != "win32" or _is_console(stream)


def terminal_columns() -> int:
    """Return the columns of a line: a full one would be broken on a console of Windows."""
    return get_terminal_size().columns - (sys.platform == "win32")


def answered_line(label: str) -> str:
    """Return the text typed after a label; the label goes to stderr, as stdout may be a file.

    Raises EOFError if there is nobody any more.
    """
    print(safe(label), end=": ", file=sys.stderr, flush=True)
    if not (typed := sys.stdin.readline()):
        raise EOFError
    return typed.rstrip("\n")


def _is_console(stream: IO[str]) -> bool:
    """Return whether Windows has a console behind a stream, which calls NUL a terminal, too."""
    import ctypes
    import msvcrt

    try:
        handle = msvcrt.get_osfhandle(stream.fileno())  # type: ignore[attr-defined,unused-ignore]
    except OSError:  # a shell within Python has no file, and says itself what it is
        return True
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    mode = ctypes.c_uint32()
    return bool(kernel.GetConsoleMode(ctypes.c_void_p(handle), ctypes.byref(mode)))
