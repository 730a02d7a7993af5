"""Functions made commands: their boxes become options, and their Result is shown."""

import inspect
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import partial, wraps
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import typer

from ledger12315.boxes import Box, by_key, parse_all
from ledger12315.boxes.kinds import Value
from ledger12315.cli.face.answers import Result
from ledger12315.cli.face.asking import Raw, changes_of, given_boxes, to_amend
from ledger12315.cli.face.desk import Desk, Standing
from ledger12315.cli.face.lookups import refined
from ledger12315.cli.face.options import FLAGS, parameter
from ledger12315.cli.face.showing import answer
from ledger12315.errors import Message, message
from ledger12315.locale import render
from ledger12315.words import Vocabulary

if TYPE_CHECKING:  # loaded only when somebody is asked
    from ledger12315.cli.face.subject import Subject

Command = Callable[..., Result]
Act = Callable[..., None]
Texts = Mapping[str, str]
Form = Callable[[Desk, str], Texts]
Surprises = Iterable[tuple[Message, str]]
Maker = Callable[[Command], Callable[..., None]]
NO_WORDS: Mapping[str, Vocabulary] = MappingProxyType({})
_CTX = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)


def command(
    *boxes: Box,
    arguments: int = 0,
    takes: str = "",
    find: Callable[[Desk, str], str | None] | None = None,
    usual: Callable[[Desk], str] | None = None,
    more: Callable[[Desk, Raw], Container[str]] | None = None,
    known: Callable[..., Texts] | None = None,
    writes: bool = True,
    besides: Sequence[Box] = (),
    subject: str = "subject.Subject",
    words: Mapping[str, Vocabulary] = NO_WORDS,
) -> Maker:
    """Make a command of a function of the desk, its filled boxes, and options of its own.

    The first `arguments` boxes are positional. `takes` names what it takes of FLAGS. Where boxes
    are asked for, `find` looks up the first, `usual` is what Enter stands for there, `more` gives
    the keys to ask for besides; `known` gives what is known besides, from what was given. Boxes
    `besides` are no options, and only asked for. What is asked is up to the `subject`, named by
    its module, which is loaded only then. `words` are those that options of its own take.
    """

    def run(desk: Desk, raw: Raw, own: Mapping[str, Any], act: Act) -> None:
        if not boxes:
            act(())
            return
        given = given_boxes(boxes, raw, desk)
        if known:
            given = {**known(desk, given, **own), **given}
        whole = refined(desk, (*boxes, *besides), given)
        wanted = more(desk, given) if more and _may_ask(desk) else ()
        if _may_ask(desk) and any(box.lacking(given) or box.key in wanted for box in boxes):
            bound = (each and partial(each, desk) for each in (find, usual, more))
            about = _subject(subject)(desk, whole, *bound, writes)
            _converse(about, given, lambda texts: (parse_all(whole, texts, desk.today),), act)
        else:
            act((parse_all(whole[: len(boxes)], given, desk.today),))

    return _maker(boxes, arguments, takes, run, leading=1 + bool(boxes), words=words)


def amending(
    *boxes: Box,
    takes: str = "from_stdin",
    form: Form | None = None,
    doubts: Callable[..., Surprises] = lambda *_: (),
) -> Maker:
    """Make a command of a function of the desk, what is amended, and each box that was given.

    The first box says what is amended. None stands for a box that an empty text empties. `form`
    gives what stands in it, which is shown where nothing was given; `doubts` what of the same as
    the function takes is asked once more then, each with the box that would mend it.
    """
    whole = to_amend(boxes)

    def run(desk: Desk, raw: Raw, _own: object, act: Act) -> None:
        given = given_boxes(whole, raw, desk, emptied=True)
        subject = boxes[0].key
        if form and _may_ask(desk) and not given.keys() - {subject}:
            known = refined(desk, whole, given)
            bound = (partial(each, desk) for each in (form, doubts))
            about = _subject("amendment.Amendment")(desk, known, *bound)
            _converse(about, given, lambda texts: changes_of(known, texts, desk), act)
        else:
            act(changes_of(whole, given, desk))

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
    """Return what was given for a box, or is answered on a terminal. Raises Unclear."""
    if text is None and desk.asks:
        from ledger12315.cli.face.question import BACK, ask

        while (text := ask(desk, box)) == BACK:
            pass
    given = {} if text is None else {box.key: text}
    return str(parse_all((box,), given, desk.today)[box.key])


def _may_ask(desk: Desk) -> bool:
    return desk.asks and not desk.boxes_in


def _subject(name: str) -> Callable[..., "Subject"]:
    module, _, kind = name.partition(".")
    found: Callable[..., Subject] = getattr(import_module(f"ledger12315.cli.face.{module}"), kind)
    return found


def _converse(about: "Subject", given: Texts, read: Callable[[Texts], Any], act: Act) -> None:
    """Ask, and run an act with what the answers are read as."""
    from ledger12315.cli.face.conversation import Conversation

    conversation = Conversation(about, given)
    conversation.hold(lambda texts: act(read(texts), conversation.certain))


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

        options = (_option(box, place < arguments) for place, box in enumerate(boxes))
        others = (each.replace(kind=each.KEYWORD_ONLY) for each in own)
        signature = inspect.Signature([_CTX, *others, *flags, *options])
        vars(run).update(__signature__=signature, boxes=by_key(*boxes), words=words)
        return run

    return make


def _acting(desk: Desk, boxes: Sequence[Box], function: Command) -> Act:
    """Return what runs a function with what it acts on, and shows what it answers."""

    def act(arguments: Sequence[Any], certain: Container[str] = ()) -> None:
        result = _done(desk, function, arguments)
        before = [said for said in result.before if render(said) not in certain]
        if boxes:
            before = [*_doubts(boxes, arguments[-1], desk, certain), *before]
        answer(desk, result._replace(before=before))
        if result.exit_code:
            raise typer.Exit(result.exit_code)

    return act


def _doubts(
    boxes: Sequence[Box], filled: Mapping[str, Value | None], desk: Desk, certain: Container[str]
) -> Iterator[Message]:
    """Yield what would have been asked once more of values that nobody was asked for."""
    for box in boxes:
        value = filled.get(box.key)
        if value is not None and box.kind.doubted_aloud:
            why = box.kind.doubt(value, desk.today)
            if why and render(why) not in certain:
                yield message("{box}: {problem}", box=box.label, problem=why)


def _done(desk: Desk, act: Callable[..., Result], arguments: Sequence[Any]) -> Result:
    """Return an act's result; it is done anew if somebody agrees to change what was submitted."""
    try:
        return act(*map(copy, arguments))
    except Standing as standing:
        if not desk.agrees(standing):
            raise
        return act(*arguments)


def _option(box: Box, argument: bool) -> inspect.Parameter:
    if argument:
        metavar = box.key.upper() + "..." * box.kind.several
        option = typer.Argument(None, metavar=metavar, help=box.help)
    else:
        names = (box.option or box.key).replace("_", "-"), box.heading.replace("/", "")
        option = typer.Option(
            None, *(f"--{name}" for name in names), metavar=box.kind.metavar, help=box.help
        )
    return parameter(box.key, option, list[str] if box.kind.several else str)
