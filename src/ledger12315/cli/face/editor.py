"""A line that is edited in place, with offers below it: where prompt_toolkit is loaded."""

import sys
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from math import ceil
from typing import Any

from prompt_toolkit import Application, PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.data_structures import Size
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import Output, create_output
from prompt_toolkit.shortcuts import CompleteStyle

from ledger12315.cli.face.prompts import Prompt
from ledger12315.cli.face.terminals import safe, terminal_width
from ledger12315.locale import _

_MARGIN, _LEAST = 3, 3
"""The columns kept free next to a menu, and the rows that it fills before a second column."""


class _EditedLine:
    """A line to be answered: its keys, and the hint at its right."""

    def __init__(self, line: Prompt, prompts: PromptSession[str]) -> None:
        self._line, self._prompts, self._buffer = line, prompts, prompts.default_buffer
        self.keys = KeyBindings()
        for enter in ("enter", "c-j"):
            self.keys.add(enter)(lambda _: self._enter())
        self.keys.add("tab", filter=Condition(self._text_follows))(lambda _: self._put_tab())
        # Answers are not kept, so there is nothing to search.
        for search in ("c-r", "c-s"):
            self.keys.add(search)(lambda _: None)
        # The further lines of a pasted text, too.
        self.keys.add("c-u")(lambda _: setattr(self._buffer, "text", ""))

    def _text_follows(self) -> bool:
        """Return whether text came together with a key, as an old console pastes it."""
        coming = self._prompts.app.key_processor.input_queue
        line = takewhile(lambda each: each.key not in (Keys.Enter, Keys.ControlJ), coming)
        return any(len(each.key) == 1 for each in line)

    def _put_tab(self) -> None:
        self._buffer.insert_text("\t")

    def _enter(self) -> None:
        typed, app = self._buffer.text, self._prompts.app
        if app.is_running and not app.is_done:
            app.exit(result=typed)
            self._buffer.text = safe(self._line.shown(typed))

    def at_right(self) -> str:
        """Return the answer that Enter gives, if it differs from the typed text."""
        value = self._line.enter_value(self._buffer.text) if not self._prompts.app.is_done else ""
        return safe(_("Enter: {answer}").format(answer=value)) if value else ""


def edit_line(line: Prompt) -> str:
    """Return the text typed on a line. Raises EOFError and KeyboardInterrupt."""
    prompts = session()
    offered = [each.listed for each in line.offers("")]
    asked = _EditedLine(line, prompts)

    def begin() -> None:
        if offered and not line.text:
            prompts.default_buffer.start_completion(select_first=False)

    return prompts.prompt(
        safe(line.label) + ": ",
        default=line.text,
        completer=_Offered(line),
        key_bindings=asked.keys,
        rprompt=asked.at_right,
        reserve_space_for_menu=_height_of_question(offered, prompts.output.get_size()),
        pre_run=begin,
    )


def _height_of_question(offered: list[str], screen: Size) -> int:
    """Return the height of a question, so that its answer is visible at the screen's end.

    It includes the menu, the line itself and a line that the menu leaves free.
    """
    if not offered:
        return 0
    columns = (screen.columns - _MARGIN) // (max(map(terminal_width, offered)) + 1) or 1
    return min(max(ceil(len(offered) / columns), _LEAST) + 2, screen.rows - 1)


class _Offered(Completer):
    def __init__(self, line: Prompt) -> None:
        self._line = line

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterator[Completion]:
        typed = document.text
        for offer in self._line.offers(typed):
            yield Completion(offer.text, start_position=-len(typed), display=safe(offer.listed))


@cache
def session() -> PromptSession[str]:
    """Return the one session, since making it takes longer than answering a question."""
    made: PromptSession[str] = PromptSession(
        history=DummyHistory(),
        output=terminal(),
        complete_style=CompleteStyle.MULTI_COLUMN,
        complete_while_typing=True,
    )
    made.app.before_render += leave_closed_window
    return made


def leave_closed_window(app: Application[Any]) -> None:
    """End a question whose window is closed, which would be drawn again for ever."""
    if not (sys.stdin.isatty() or app.is_done):
        app.exit(exception=EOFError)


def terminal() -> Output:
    """Return stderr as the terminal of questions, since stdout is for answers."""
    return create_output(stdout=sys.stderr)
