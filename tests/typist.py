"""Typing at the program's own line editor, in this process and without a pseudo-terminal."""

import io
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from itertools import count
from pathlib import Path
from unittest.mock import patch

from prompt_toolkit.application import application, create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.key_binding.defaults import load_key_bindings
from prompt_toolkit.output import DummyOutput
from pypinyin import lazy_pinyin

from ledger12315.cli.app import run
from ledger12315.cli.face import editor
from ledger12315.cli.face.prompts import Prompt
from tests.cli.conftest import TODAY, clock_of

_MOST = 150
# The editor's own keys, which are the same for each session and take long to make.
_editors_keys = cache(load_key_bindings)
ENTER, CLEAR, CTRL_C = "\r", "\x15", "\x03"
PASTE = "\x1b[200~{}\x1b[201~"
# Each answer has its Enter, also behind lines that were pasted, or is Ctrl-C.
_ANSWER = re.compile(f"{CTRL_C}|(?:\x1b\\[200~.*?\x1b\\[201~|[^\r{CTRL_C}])*\r", re.DOTALL)
Reply = Callable[[str, Prompt], str]
"""Of what was told since the last answer, and what is asked, the keys that answer it."""


def keys(typed: Sequence[str]) -> int:
    """Return how many keys that takes on a Chinese keyboard: a letter each, and one to choose."""
    return sum(
        len(each) if each.isascii() else len("".join(lazy_pinyin(each))) + 1 for each in typed
    )


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@contextmanager
def _at_terminal() -> Iterator[tuple[_Screen, PipeInput]]:
    screen = _Screen()
    with (
        create_pipe_input() as typed,
        create_app_session(input=typed, output=DummyOutput()),
        patch.object(editor, "terminal", DummyOutput),
        patch.object(application, "load_key_bindings", _editors_keys),
        patch.object(sys, "stdin", _Screen()),
        patch.dict(os.environ, TERM="xterm"),
        redirect_stdout(screen),
        redirect_stderr(screen),
    ):
        editor.session.cache_clear()
        try:
            yield screen, typed
        finally:
            editor.session.cache_clear()


def _works(ledger: Path, line: Sequence[str]) -> int:
    with clock_of(TODAY):
        return run(["--clock-is-right", "--db", str(ledger), *line])


def types(ledger: Path, line: str, keys: str) -> tuple[int, str]:
    """Return exit code and output after these keys, at whose end the window closes."""
    answers = iter(_ANSWER.findall(keys))
    return replies(ledger, line.split(), lambda *_: next(answers, ""))


def replies(ledger: Path, line: Sequence[str], reply: Reply) -> tuple[int, str]:
    """Return exit code and output, with each question answered by `reply`.

    No answer closes the window. A plain one arrives as it is at last: an editor's keys take long.
    Too many answers end the conversation, as if by Ctrl-C.
    """
    asked, seen, answers = editor.edit_line, 0, count()

    def edited(prompt: Prompt) -> str:
        nonlocal seen
        told = screen.getvalue()[seen:]
        seen += len(told)
        keys = reply(told, prompt)
        if keys == CTRL_C or next(answers) > _MOST:
            raise KeyboardInterrupt
        if not keys:
            raise EOFError
        plain = keys.removeprefix(CLEAR).removesuffix(ENTER)
        if plain.isprintable():
            return plain if keys.startswith(CLEAR) else prompt.text + plain
        typed.send_text(keys)
        return asked(prompt)

    with _at_terminal() as (screen, typed), patch.object(editor, "edit_line", edited):
        return _works(ledger, line), screen.getvalue()
