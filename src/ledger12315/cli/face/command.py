"""Functions made commands: their boxes become options, and their Result is shown."""

import inspect
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from copy import copy
from functools import partial, wraps
from types import MappingProxyType
from typing import Any

import typer

from ledger12315.boxes import Box, by_key, parse_all
from ledger12315.boxes.kinds import Value
from ledger12315.cli.face.answers import Result
from ledger12315.cli.face.asked import Questions, required
from ledger12315.cli.face.asking import Raw, changes_asked, given_boxes, to_amend
from ledger12315.cli.face.case import Case
from ledger12315.cli.face.desk import ChangesSubmitted, Desk
from ledger12315.cli.face.lookups import refined
from ledger12315.cli.face.options import FLAGS, parameter
from ledger12315.cli.face.showing import answer
from ledger12315.errors import Message, message
from ledger12315.locale import render
from ledger12315.words import Vocabulary

Command = Callable[..., Result]
Act = Callable[..., None]
Texts = Mapping[str, str]
Maker = Callable[[Command], Callable[..., None]]
NO_WORDS: Mapping[str, Vocabulary] = MappingProxyType({})
_CTX = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)


def command(
    *boxes: Box,
    arguments: int = 0,
    takes: str = "",
    asks: Questions | None = None,
    known: Callable[..., Texts] | None = None,
    besides: Sequence[Box] = (),
    words: Mapping[str, Vocabulary] = NO_WORDS,
) -> Maker:
    """Make a command of a function of the desk, its filled boxes, and options of its own.

    The first `arguments` boxes are positional. `takes` names what it takes of FLAGS. Somebody at a
    terminal is asked what the table `asks`, else for what is required. `known` gives boxes that
    follow from what was given. Boxes `besides` are no options, and only asked for. `words` are
    those that options of its own take.
    """
    table = asks or required(*boxes)

    def run(desk: Desk, raw: Raw, own: Mapping[str, Any], act: Act) -> None:
        if not boxes:
            act(())
            return
        given = given_boxes(boxes, raw, desk)
        if known:
            given = {**known(desk, given, **own), **given}
        whole = refined(desk, (*boxes, *besides), given)
        case = Case(desk, whole, given)
        if desk.asks and not desk.boxes_in and table.begins(case):
            _converse(table, case, lambda texts: (parse_all(whole, texts, desk.today),), act)
        else:
            act((parse_all(whole[: len(boxes)], given, desk.today),))

    return _maker(boxes, arguments, takes, run, leading=1 + bool(boxes), words=words)


def amending(*boxes: Box, takes: str = "from_stdin", asks: Questions | None = None) -> Maker:
    """Make a command of a function of the desk, what is amended, and each box that was given.

    The first box says what is amended. None stands for a box that an empty text empties. Somebody
    at a terminal who gave no box is shown the filled form of the table that the command `asks`.
    """
    whole = to_amend(boxes)

    def run(desk: Desk, raw: Raw, _own: object, act: Act) -> None:
        given = given_boxes(whole, raw, desk, emptied=True)
        alone = not desk.boxes_in and not given.keys() - {boxes[0].key}
        if asks and desk.asks and alone:
            known = refined(desk, whole, given)
            case = Case(desk, known, given)
            _converse(asks, case, lambda texts: changes_asked(known, texts, desk), act)
        else:
            act(changes_asked(whole, given, desk))

    def make(function: Command) -> Callable[..., None]:
        made = _maker(whole, 1, takes, run, leading=3)(function)
        made.emptied = {box.key for box in boxes[1:]}  # type: ignore[attr-defined]
        return made

    return make


def choosing(
    *boxes: Box,
    arguments: int = 0,
    takes: str = "",
    words: Mapping[str, Vocabulary] = NO_WORDS,
) -> Maker:
    """Make a command of a function of the desk and its boxes as they were typed."""

    def run(_desk: Desk, raw: Raw, _own: object, act: Act) -> None:
        act((raw,))

    return _maker(boxes, arguments, takes, run, leading=2, words=words)


def answered(desk: Desk, box: Box, text: str | None) -> str:
    """Return a box's value, given or answered on a terminal. Raises Unclear."""
    if text is None and desk.asks:
        from ledger12315.cli.face.decisions import BACK
        from ledger12315.cli.face.question import ask

        while (text := ask(desk, box)) == BACK:
            pass
    given = {} if text is None else {box.key: text}
    return str(parse_all((box,), given, desk.today)[box.key])


def _converse(table: Questions, case: Case, read: Callable[[Texts], Any], act: Act) -> None:
    """Ask, and run an act with the values of the answers."""
    from ledger12315.cli.face.conversation import Conversation  # loads what edits a line

    conversation = Conversation(table, case)
    conversation.run(lambda texts: act(read(texts), conversation.certain))


def _maker(
    boxes: Sequence[Box],
    arguments: int,
    takes: str,
    run_once: Callable[[Desk, Raw, Mapping[str, Any], Act], None],
    leading: int,
    words: Mapping[str, Vocabulary] = NO_WORDS,
) -> Maker:
    def make(function: Command) -> Callable[..., None]:
        own = list(inspect.signature(function).parameters.values())[leading:]
        flags = [flag for name in takes.split() for flag in FLAGS[name]]

        @wraps(function)
        def run(ctx: typer.Context, **given: Any) -> None:
            desk = Desk(ctx, **{flag.name: given.pop(flag.name) for flag in flags})
            for box in boxes:
                if box.kind.several and given[box.key] is not None:
                    given[box.key] = "\n".join(given[box.key])
            values = {each.name: given.pop(each.name) for each in own}
            run_once(desk, given, values, _acting(desk, boxes, partial(function, desk, **values)))

        options = (_parameter_of_box(box, place < arguments) for place, box in enumerate(boxes))
        others = (each.replace(kind=each.KEYWORD_ONLY) for each in own)
        signature = inspect.Signature([_CTX, *others, *flags, *options])
        vars(run).update(__signature__=signature, boxes=by_key(*boxes), words=words)
        return run

    return make


def _acting(desk: Desk, boxes: Sequence[Box], function: Command) -> Act:
    """Return a command that runs a function with its subject and shows its answer."""

    def act(arguments: Sequence[Any], certain: Container[str] = ()) -> None:
        result = _done(desk, function, arguments)
        before = [said for said in result.before if render(said) not in certain]
        if boxes:
            before = [*_doubts_aloud(boxes, arguments[-1], desk, certain), *before]
        answer(desk, result._replace(before=before))
        if result.exit_code:
            raise typer.Exit(result.exit_code)

    return act


def _doubts_aloud(
    boxes: Sequence[Box], filled: Mapping[str, Value | None], desk: Desk, certain: Container[str]
) -> Iterator[Message]:
    """Yield the doubts about values that were given without a question."""
    for box in boxes:
        value = filled.get(box.key)
        if value is not None and box.kind.doubted_aloud:
            why = box.kind.doubt(value, desk.today)
            if why and render(why) not in certain:
                yield message("{box}: {problem}", box=box.label, problem=why)


def _done(desk: Desk, act: Callable[..., Result], arguments: Sequence[Any]) -> Result:
    """Return an act's result; it is repeated if somebody agrees to change submitted figures."""
    try:
        return act(*map(copy, arguments))
    except ChangesSubmitted as standing:
        if not desk.agrees(standing):
            raise
        return act(*arguments)


def _parameter_of_box(box: Box, argument: bool) -> inspect.Parameter:
    if argument:
        metavar = box.key.upper() + "..." * box.kind.several
        option = typer.Argument(None, metavar=metavar, help=box.help)
    else:
        names = (box.option or box.key).replace("_", "-"), box.heading.replace("/", "")
        option = typer.Option(
            None, *(f"--{name}" for name in names), metavar=box.kind.metavar, help=box.help
        )
    return parameter(box.key, option, list[str] if box.kind.several else str)
