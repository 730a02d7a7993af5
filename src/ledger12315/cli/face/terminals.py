"""Terminals: whether somebody is there, their width, and typed lines."""

import sys
from shutil import get_terminal_size
from typing import IO

from ledger12315.cli.face.safety import safe


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
