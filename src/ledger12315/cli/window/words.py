"""The words of a line typed in the window, as a shell would pass them on."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ledger12315.errors import Unclear

# A backslash is a character like any other, since Windows has it in its paths; the wide blank of
# Chinese parts words, too.
_CLOSED = r""" "[^"]*" | '[^']*' """
_WORD = re.compile(rf"""(?: {_CLOSED} | ["'].*$ | [^ \t\u3000"'] )+""", re.X)
_QUOTED = re.compile(r""" (["']) (.*?) (?:\1|$) """, re.X)
_PROGRAM = re.compile(r"ledger12315(?:\.exe)?$")


class Unfinished(NamedTuple):
    """The words before the cursor, and the one that is being typed: its place and its text."""

    words: list[str]
    start: int
    text: str


def lines_in(typed: str) -> Iterator[str]:
    r"""Yield the lines of a pasted text; one that ends with \ is continued by the next."""
    for line in re.sub(r"\\\r?\n", " ", typed).splitlines():
        yield line.strip()


def words_in(line: str) -> Iterator[str]:
    """Yield a line's words without the program's name.

    Raises Unclear for an open quotation mark, and for what only a shell does.
    """
    if line in ("?", "\uff1f"):
        yield "--help"
        return
    outside = re.sub(_CLOSED, " ", line, flags=re.X)
    if open_ := re.search("[\"'].*", outside):
        raise Unclear("The quotation mark of {text} is not closed.", text=open_[0])
    if sign := re.search("[|<>]", outside):
        raise Unclear(
            "{sign} does nothing in this window. Write a file with -o FILE where a command has "
            "it; --csv prints a list for a spreadsheet. In quotes it is text: '{sign}'",
            sign=sign[0],
        )
    yield from _without_program(map(_unquoted, _WORD.findall(line))) or ["today"]


def unfinished(text: str) -> Unfinished:
    """Return what the text before the cursor says."""
    found = [*_WORD.finditer(text)]
    last = found.pop() if found and found[-1].end() == len(text) else None
    words = _without_program(_unquoted(each[0]) for each in found)
    if not last:
        return Unfinished(words, len(text), "")
    return Unfinished(words, last.start(), _unquoted(last[0]))


def quoted(word: str) -> str:
    """Return a word as it is typed."""
    return f'"{word}"' if re.search("[ \t\u3000|<>']", word) else word


def _without_program(words: Iterable[str]) -> list[str]:
    first, *rest = [*words] or [""]
    return rest if not first or _PROGRAM.match(first) else [first, *rest]


def _unquoted(word: str) -> str:
    return _QUOTED.sub(lambda part: part[2], word)
