"""Somebody who types at the program's own conversation, in this process: no pseudo-terminal."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from ledger12315.cli.app import run
from ledger12315.cli.face import editor
from tests.cli.conftest import TODAY, clock_of

ENTER, CTRL_C = "\r", "\x03"
PASTE = "\x1b[200~{}\x1b[201~"


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@contextmanager
def _at_terminal(keys: str) -> Iterator[_Screen]:
    screen = _Screen()
    with (
        create_pipe_input() as typed,
        create_app_session(input=typed, output=DummyOutput()),
        patch.object(editor, "terminal", DummyOutput),
        patch.object(sys, "stdin", _Screen()),
        patch.dict(os.environ, TERM="xterm"),
        redirect_stdout(screen),
        redirect_stderr(screen),
    ):
        editor.session.cache_clear()
        typed.send_text(keys)
        typed.close()  # and then the window
        try:
            yield screen
        finally:
            editor.session.cache_clear()


def types(ledger: Path, line: str, keys: str) -> tuple[int, str]:
    """Return exit code and what was said where these keys are typed, and then nothing more."""
    with clock_of(TODAY), _at_terminal(keys) as screen:
        code = run(["--clock-is-right", "--db", str(ledger), *line.split()])
    return code, screen.getvalue()
