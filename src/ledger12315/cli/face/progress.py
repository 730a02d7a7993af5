"""The progress of long work, on a line of the terminal that disappears afterwards."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from time import monotonic

from ledger12315.cli.face.terminals import is_terminal
from ledger12315.errors import Message
from ledger12315.ledger.store import Progress, no_progress
from ledger12315.locale import render

_PATIENCE = 1.0  # seconds that work may take without a message


@contextmanager
def progress() -> Iterator[Progress]:
    """Yield a function that shows on a terminal's stderr how much of the work is done.

    Nothing is shown for the first second, or without a terminal.
    """
    if not is_terminal(sys.stderr):
        yield no_progress
        return
    began, move = monotonic(), None
    with ExitStack() as drawn:

        def show(work: Message, done: int, total: int) -> None:
            nonlocal move
            if not move and monotonic() - began >= _PATIENCE:
                move = _draw_bar(drawn)
            if move:
                name = render(work)
                move(description=name, completed=done, total=total or None, visible=True)

        yield show


def _draw_bar(drawn: ExitStack) -> Callable[..., object]:
    from rich.console import Console
    from rich.progress import Progress as Bar  # loads what draws

    bar = drawn.enter_context(Bar(console=Console(stderr=True), transient=True))
    return partial(bar.update, bar.add_task("", visible=False))


@contextmanager
def steps(work: Message, total: int = 0, done: int = 0) -> Iterator[Callable[[int], object]]:
    """Yield a function that adds to the finished part of the work and shows it."""
    with progress() as tell:

        def step(more: int) -> None:
            nonlocal done
            done += more
            tell(work, done, total)

        yield step
