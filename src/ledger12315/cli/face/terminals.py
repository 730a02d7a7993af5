"""Terminals, and text from the ledger made safe to show there and in spreadsheets."""

import os
import re
import sys
import unicodedata
from codecs import lookup
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from shutil import get_terminal_size
from typing import IO

from ledger12315.words import is_invisible

_MOST_BESIDE = 3
"""The most short lines in one row."""
# A character of Chinese or an article such as 三(三)4, a word of another script, and the signs
# that stay with them.
_CHINESE, _OTHER = r"[\u2e80-\uffef](?:\(.\)\d*)?", r"[^\s\u2e80-\uffef\u201c]+"
_OPENING = "[(\uff08\u300a\u201c]"
_CLOSING = "[).,\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\uff09\u300b\u201d}]"
_UNSAFE = {"Cc", "Cs", "Zl", "Zp"}


def safe(text: str) -> str:
    """Return `text` on one line without invisible characters.

    Control, bidirectional and zero-width characters are removed.
    """
    return "".join(map(_safe_character, text))


def escaped_json(document: str) -> str:
    """Return a JSON document in which the characters that `safe` drops are escaped."""
    import json

    for each in {*re.findall(r"[^\n -~]", document)}:
        if _safe_character(each) != each:
            document = document.replace(each, json.dumps(each).strip('"'))
    return document


@cache
def _safe_character(character: str) -> str:
    if character in "\n\t":
        return " "
    unsafe = unicodedata.category(character) in _UNSAFE or is_invisible(character)
    return "" if unsafe else character


def harmless_csv(text: str) -> str:
    """Return `text` for a csv cell that a spreadsheet will not take for a formula."""
    # In full width too: programs of the region read both alike.
    return f"'{text}" if unicodedata.normalize("NFKC", text[:1]) in tuple("=+-@\t\r") else text


def draws_double_width() -> bool:
    """Return whether characters for drawing are two columns wide, as in code page 936."""
    return lookup(os.device_encoding(1) or "utf-8").name in ("gbk", "gb2312", "gb18030")


def terminal_width(text: str) -> int:
    """Return the columns that `text` takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def wrap_lines(text: str, indent: int, columns: int = 80) -> list[str]:
    """Return lines no wider than a terminal.

    Chinese may break anywhere but before a closing sign, other words only between them.
    """
    return [" " * indent + line for line in on_lines(unbroken_parts(text), columns - indent)]


def unbroken_parts(text: str) -> list[str]:
    """Return the parts of a text between which a line may end."""
    return re.findall(rf"{_OPENING}*(?:{_CHINESE}|{_OTHER}){_CLOSING}*|{_OPENING}+|\s+", text)


def sentence_lines(text: str, columns: int, whole: bool = False, hint: str = "") -> list[str]:
    """Return a sentence as lines for a terminal: a text, and what begins with a hint behind it.

    The hint is to be copied, so it begins a line and stays whole, as does the text if it is to.
    """
    if terminal_width(text + hint) <= columns:
        return [text + hint]
    before = re.sub(f"{_OPENING}*$", "", text) if hint else text
    indent = len(text) - len(text.lstrip(" "))
    lines = [before.rstrip()] if whole and before.strip() else wrap_lines(before, indent, columns)
    return lines + [" " * indent + text[len(before) :] + hint] * bool(hint)


def on_screen(lines: Sequence[str], columns: int, rows: int) -> list[str]:
    """Return the lines in at most this many rows, with several in one row if needed.

    If they are still too many, the first ones scroll away.
    """
    for beside in range(1, _MOST_BESIDE + 1):
        found = _lines_beside(lines, columns // beside, columns)
        if len(found) <= rows:
            break
    return found


def _lines_beside(lines: Iterable[str], width: int, columns: int) -> list[str]:
    """Return rows of lines, each line beginning at a multiple of a width."""
    found: list[str] = []
    for line in lines:
        taken = terminal_width(found[-1]) + 1 if found else columns
        start = -(-taken // width) * width
        if found and start + terminal_width(line) <= columns:
            found[-1] += " " * (start - taken + 1) + line
        else:
            found.append(line)
    return found


def on_lines(parts: Iterable[str], columns: int) -> Iterator[str]:
    """Yield lines of as many parts as fit, without blanks at their ends."""
    line = ""
    for part in parts:
        if line and terminal_width(f"{line}{part}".rstrip()) > columns:
            yield line.rstrip()
            line = ""
        line += part if line else part.lstrip()
    if line:
        yield line.rstrip()


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
