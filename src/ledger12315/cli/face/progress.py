"""How far a long work has come, on a line of the terminal that is gone afterwards."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from ledger12315.cli.face.safety import wide
from ledger12315.cli.face.terminals import is_terminal
from ledger12315.errors import Message, message
from ledger12315.ledger.store import Progress
from ledger12315.locale import render

_PATIENCE = 1.0  # seconds that anything may take without a word


@contextmanager
def progress() -> Iterator[Progress]:
    """Yield a function that shows on a terminal's stderr how much of a work is done.

    Elsewhere, and of what is done within a second, nothing is shown.
    """
    began, shown = monotonic(), ""

    def show(work: Message, done: int, total: int) -> None:
        nonlocal shown
        text = render(message("{work}: {percent}%", work=work, percent=100 * done // (total or 1)))
        if text != shown and monotonic() - began >= _PATIENCE:
            print(f"\r{' ' * wide(shown)}\r{text}", end="", file=sys.stderr, flush=True)
            shown = text

    if not is_terminal(sys.stderr):
        yield lambda *_: None
        return
    try:
        yield show
    finally:
        print(f"\r{' ' * wide(shown)}\r" if shown else "", end="", file=sys.stderr, flush=True)
