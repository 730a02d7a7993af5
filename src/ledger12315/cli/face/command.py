"""Functions made commands: their boxes become options, and their Result is shown."""

import inspect
from collections.abc import Callable, Container, Mapping, Sequence
from functools import wraps
from typing import Annotated, Any

import typer

from ledger12315.boxes import Box
from ledger12315.cli.face.answers import Result, answer
from ledger12315.cli.face.asking import Asking, Raw, changes_of, fill, stdin_object
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.options import FLAGS

Command = Callable[..., Result]
_CTX = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)


def command(
    *boxes: Box,
    arguments: int = 0,
    takes: str = "",
    find: Callable[[Desk, str], str | None] | None = None,
    usual: Callable[[Desk], str] | None = None,
    more: Callable[[Desk, Raw], Container[str]] | None = None,
    known: Callable[..., Mapping[str, str]] | None = None,
    writes: bool = True,
) -> Callable[[Command], Callable[..., None]]:
    """Make a command of a function of the desk, its filled boxes, and options of its own.

    The first `arguments` boxes are positional. `takes` names what it takes of FLAGS. Where boxes
    are asked for, `find` looks up the first, `usual` is what Enter stands for there, `more` gives
    the keys to ask for besides; `known` gives what is known besides, from what was given.
    """

    def filled(desk: Desk, raw: Raw, own: Mapping[str, Any]) -> tuple[Any, ...]:
        if not boxes:
            return ()
        asks = desk.asks and not desk.from_stdin
        asking = Asking(_bound(find, desk), _bound(usual, desk), _bound(more, desk), asks, writes)
        given = stdin_object(boxes) if desk.from_stdin else {}
        given.update((key, text) for key, text in raw.items() if text is not None)
        if known:
            given = {**known(desk, given, **own), **given}
        return (fill(boxes, given, desk.today, asking),)

    return _maker(boxes, arguments, takes, filled, leading=1 + bool(boxes))


def amending(*boxes: Box, takes: str = "from_stdin") -> Callable[[Command], Callable[..., None]]:
    """Make a command of a function of the desk, what is amended, and each box that was given.

    The first box says what is amended. None stands for a box that an empty text empties.
    """

    def changes(desk: Desk, raw: Raw, _own: object) -> tuple[Any, ...]:
        return changes_of(boxes, raw, desk)

    def make(function: Command) -> Callable[..., None]:
        run = _maker(boxes, 1, takes, changes, leading=3)(function)
        run.emptied = {box.key for box in boxes[1:]}  # type: ignore[attr-defined]
        return run

    return make


def choosing(
    *boxes: Box, arguments: int = 0, takes: str = ""
) -> Callable[[Command], Callable[..., None]]:
    """Make a command of a function of the desk and its boxes as they were typed."""
    return _maker(boxes, arguments, takes, lambda _desk, raw, _own: (raw,), leading=2)


def _bound(function: Callable[..., Any] | None, desk: Desk) -> Callable[..., Any] | None:
    return (lambda *given: function(desk, *given)) if function else None


def _maker(
    boxes: Sequence[Box],
    arguments: int,
    takes: str,
    filled: Callable[[Desk, Raw, Mapping[str, Any]], tuple[Any, ...]],
    leading: int,
) -> Callable[[Command], Callable[..., None]]:
    def make(function: Command) -> Callable[..., None]:
        own = list(inspect.signature(function).parameters.values())[leading:]
        flags = [FLAGS[name] for name in takes.split()]

        @wraps(function)
        def run(ctx: typer.Context, **given: Any) -> None:
            desk = Desk(ctx, **{flag.name: given.pop(flag.name) for flag in flags})
            for box in boxes:
                if box.kind.several and given[box.key] is not None:
                    given[box.key] = "\n".join(given[box.key])
            values = {each.name: given.pop(each.name) for each in own}
            result = function(desk, *filled(desk, given, values), **values)
            answer(desk, result)
            if result.exit_code:
                raise typer.Exit(result.exit_code)

        options = [_option(box, place < arguments) for place, box in enumerate(boxes)]
        parameters = [_CTX, *(each.replace(kind=each.KEYWORD_ONLY) for each in own)]
        signature = inspect.Signature([*parameters, *flags, *options])
        run.__signature__ = signature  # type: ignore[attr-defined]
        return run

    return make


def _option(box: Box, argument: bool) -> inspect.Parameter:
    kind: Any
    if argument:
        metavar = box.key.upper() + "..." * box.kind.several
        kind = typer.Argument(metavar=metavar, help=box.help, show_default=False)
    else:
        kind = typer.Option(
            f"--{box.key.replace('_', '-')}",
            f"--{box.heading.replace('/', '')}",
            metavar=box.kind.metavar,
            help=box.help,
            show_default=False,
        )
    annotation: Any = Annotated[list[str] | None if box.kind.several else str | None, kind]
    return inspect.Parameter(
        box.key, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation
    )
