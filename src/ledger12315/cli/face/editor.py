"""A line that is edited in place, with offers below it: where prompt_toolkit is loaded."""

import sys
from collections.abc import Iterator
from functools import cache
from math import ceil
from typing import Any

from prompt_toolkit import Application, PromptSession
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.data_structures import Size
from prompt_toolkit.document import Document
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.output import Output, create_output
from prompt_toolkit.shortcuts import CompleteStyle

from ledger12315.cli.face.lines import Prompt
from ledger12315.cli.face.offers import listed
from ledger12315.cli.face.safety import safe, wide

_MARGIN, _LEAST = 3, 3
"""Columns that a menu keeps beside itself, and rows that it fills before a second column."""


def edited(line: Prompt) -> str:
    """Return the answer to a line. Raises EOFError and KeyboardInterrupt."""
    prompts, offered = session(), listed(line.offers(""))
    buffer, keys = prompts.default_buffer, KeyBindings()

    def leave() -> None:
        answer = line.meant(buffer.text)
        app = prompts.app
        if app.is_running and not app.is_done:
            app.exit(result=answer)
            buffer.text = safe(line.seen(answer))

    def typed(_buffer: Buffer) -> None:
        if line.at_once(buffer.text):
            leave()

    def begin() -> None:
        if offered and not line.text:
            buffer.start_completion(select_first=False)

    keys.add("enter")(lambda _: leave())
    keys.add("c-u")(lambda _: setattr(buffer, "text", ""))  # of what was pasted other lines, too
    buffer.on_text_changed += typed
    try:
        return prompts.prompt(
            safe(line.label) + ": ",
            default=line.text,
            completer=_Offered(line),
            key_bindings=keys,
            reserve_space_for_menu=_room(offered, prompts.output.get_size()),
            pre_run=begin,
        )
    finally:
        buffer.on_text_changed -= typed


def _room(offered: list[str], screen: Size) -> int:
    """Return the rows of a question, so that each answer is seen at the screen's end, too.

    Besides the menu these are the line itself and one that the menu leaves free.
    """
    if not offered:
        return 0
    columns = (screen.columns - _MARGIN) // (max(map(wide, offered)) + 1) or 1
    return min(max(ceil(len(offered) / columns), _LEAST) + 2, screen.rows - 1)


class _Offered(Completer):
    def __init__(self, line: Prompt) -> None:
        self._line = line

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterator[Completion]:
        typed = document.text
        offers = self._line.offers(typed)
        for offer, shown in zip(offers, listed(offers), strict=True):
            yield Completion(offer.text, start_position=-len(typed), display=safe(shown))


@cache
def session() -> "PromptSession[str]":
    """Return the one session: to make another for each question takes longer than to answer."""
    made: PromptSession[str] = PromptSession(
        history=DummyHistory(),
        output=terminal(),
        complete_style=CompleteStyle.MULTI_COLUMN,
        complete_while_typing=True,
    )
    made.app.before_render += _leave_what_is_closed
    return made


def _leave_what_is_closed(app: Application[Any]) -> None:
    """End a question whose window is closed: without this it would be drawn again for ever."""
    if not (sys.stdin.isatty() or app.is_done):
        app.exit(exception=EOFError)


def terminal() -> Output:
    """Return stderr as the terminal of the questions: stdout is for what a command answers."""
    return create_output(stdout=sys.stderr)
