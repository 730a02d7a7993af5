"""The commands and words of what is typed in the window, as a shell would pass them on."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ledger12315.errors import Unclear

# A backslash is a character like any other, since Windows has it in its paths; the wide blank of
# Chinese parts words, too.
_CLOSED = r""" "[^"]*" | '[^']*' """
_OPEN = r""" ["'].*$ """
_LINE = re.compile(rf"(?: {_CLOSED} | {_OPEN} | [^\r\n] )+", re.X | re.S)
_WORD = re.compile(rf"""(?: {_CLOSED} | {_OPEN} | [^ \t\u3000"'] )+""", re.X | re.S)
_QUOTED = re.compile(r""" (["']) (.*?) (?:\1|$) """, re.X | re.S)
_CONTINUED = re.compile(rf"( {_CLOSED} | {_OPEN} ) | \\\r?\n", re.X | re.S)
GOES_ON = "> "
"""The prompt of a further line of a text between quotation marks."""
PASTED_QUOTES = {'"': "\ufdd0", "'": "\ufdd1"}
"""The stand-ins of quotation marks that were pasted between such marks, and end nothing."""
_PROGRAM = re.compile(r"ledger12315(?:\.exe)?$")


class Unfinished(NamedTuple):
    """The words before the cursor, and the one that is being typed: its place and its text."""

    words: list[str]
    start: int
    text: str


def lines_in(typed: str) -> Iterator[str]:
    r"""Yield the commands of a pasted text, one from each line that has any words.

    A line that ends with \ is continued by the next. Between quotation marks nothing ends a line.
    """
    for line in _LINE.findall(_CONTINUED.sub(lambda part: part[1] or " ", typed)):
        if command := line.strip():
            yield command


def open_quotation(typed: str) -> str:
    """Return the quotation mark that is not closed yet; empty if there is none."""
    sign = re.search("[\"']", re.sub(_CLOSED, " ", typed, flags=re.X))
    return sign[0] if sign else ""


def pasted_within(quotation: str, text: str) -> str:
    """Return a text as it is pasted between these quotation marks, so that it ends nothing."""
    for mark in PASTED_QUOTES.values():
        text = text.replace(mark, "")
    return text.replace(quotation, PASTED_QUOTES[quotation]) if quotation else text


def words_in(line: str) -> Iterator[str]:
    """Yield a line's words without the program's name.

    Raises Unclear for an open quotation mark, and for what only a shell does.
    """
    if line in ("?", "\uff1f"):
        yield "--help"
        return
    outside = re.sub(_CLOSED, " ", line, flags=re.X)
    if open_ := re.search("[\"'].*", outside, re.S):
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
    return f'"{word}"' if re.search("[ \t\r\n\u3000|<>']", word) else word


def _without_program(words: Iterable[str]) -> list[str]:
    first, *rest = [*words] or [""]
    return rest if not first or _PROGRAM.match(first) else [first, *rest]


def _unquoted(word: str) -> str:
    word = _QUOTED.sub(lambda part: part[2], word)
    for sign, mark in PASTED_QUOTES.items():
        word = word.replace(mark, sign)
    return word
