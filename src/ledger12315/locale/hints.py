"""Hints: commands in sentences, each between backquotes without the program's name.

`ledger check` is shown as whoever reads the sentence has to type it, such as
ledger12315 --db /data/ledger.sqlite ledger check. A hint that begins with the program's name is
about another ledger, and names no other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

PROGRAM = "ledger12315"


class HintStyle(NamedTuple):
    """How a hint is typed where it is read."""

    program: str = PROGRAM
    """The program's name; empty in the window, which needs none."""
    ledger: Sequence[str] = ()
    """The options that name the ledger."""
    quoted: Callable[[str], str] = str
    """Return a word as it is typed, in quotation marks if it needs them."""


_style = HintStyle()


def hint_style() -> HintStyle:
    """Return how hints are shown now."""
    return _style


def show_hints(style: HintStyle) -> None:
    """Show hints in this style from now on."""
    global _style
    _style = style


@contextmanager
def hints_shown(style: HintStyle) -> Iterator[None]:
    """Show hints in this style inside the block."""
    before = _style
    show_hints(style)
    try:
        yield
    finally:
        show_hints(before)


def typed_hint(hint: str, words: Mapping[str, Sequence[str]]) -> str:
    """Return a hint as it is typed; for each name in its braces there are `words`."""
    style = _style
    quoted = {name: " ".join(map(style.quoted, of)) for name, of in words.items()}
    line = hint.format_map(quoted).strip()
    if line.startswith(f"{PROGRAM} "):
        return line if style.program else line.removeprefix(f"{PROGRAM} ")
    return " ".join(filter(None, (style.program, *map(style.quoted, style.ledger), line)))
