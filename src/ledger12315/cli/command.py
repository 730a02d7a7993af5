"""Functions made into commands: their boxes become options, and their Result is shown.

    @command(COMPLAINT_NUMBER, *ESCALATE, arguments=1, flags="json")
    def escalate_complaint(desk: Desk, filled: Filled) -> Result:
        words, reason, on = filled.text("number"), filled.text("reason"), filled.day("on")
        with desk.write() as ledger:
            number = acts.escalate(ledger, words, reason, on)
        return answer_of_change(message(…), {"number": number, "escalated": on})

    $ ledger12315 complaint escalate 98 --reason 需要鉴定
    2026-0098 has been with the station since 2027-01-04.
    $ ledger12315 complaint escalate 98 --reason 需要鉴定 --json
    {"version": 1, "number": "2026-0098", "escalated": "2027-01-04", "doubts": []}

`on` was not given: the default of its box is today. A reason that is not given is asked for at a
terminal. `with_options` says which parameters Typer sees; names and help are a row in `table.py`.
"""

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Literal

import typer

from ledger12315.boxes import Box, Filled, Option, by_key, parse_all
from ledger12315.boxes.amounts import Money
from ledger12315.boxes.kinds import Day, EventDay, PeriodWords, Value
from ledger12315.cli.face.answers import Result
from ledger12315.cli.face.desk import ChangesSubmitted, Desk
from ledger12315.cli.face.lookups import (
    Texts,
    doubted_boxes,
    given_boxes,
    read_changes,
    to_amend,
    with_station_words,
)
from ledger12315.cli.face.options import select_flags, with_options
from ledger12315.cli.face.showing import show_answer
from ledger12315.errors import Message, Unclear, message
from ledger12315.locale import _, day_words, render

if TYPE_CHECKING:  # loaded where somebody is asked, or a day is doubted
    from ledger12315.cli.asking.questions import Asking, Questions
    from ledger12315.rules.doubts import DoubtedDay

Function = Callable[..., Result]
Act = Callable[..., None]
Maker = Callable[[Function], Callable[..., None]]


def command(
    *boxes: Box,
    arguments: int = 0,
    flags: str = "",
    asks: "Questions | Callable[[], Questions] | None" = None,
    adds: Callable[[Desk, Texts, Filled], Texts] | None = None,
) -> Maker:
    """Make a command of a function of the desk and its filled boxes.

    The first `arguments` boxes are positional. `flags` names those of FLAGS. At a terminal,
    the table `asks` is asked, by default for the required boxes; a function loads it only then.
    `adds` returns boxes that follow from the given ones and from the options.
    """
    options = [box for box in boxes if isinstance(box, Option)]
    of_form = [box for box in boxes if not isinstance(box, Option)]

    def run(desk: Desk, raw: Texts, chosen: Filled, act: Act) -> None:
        def read(those: Sequence[Box], texts: Texts) -> list[Filled]:
            return [Filled({**_read_boxes(desk, those, texts), **chosen})]

        # The others are boxes of a new row.
        name_a_row = [box for box in of_form[:arguments] if box.key == "number"]
        given = given_boxes(of_form, len(name_a_row), raw, desk)
        if adds:
            given = {**adds(desk, given, chosen), **given}
        whole = with_station_words(desk, of_form, given)
        if desk.asks and not desk.boxes_in:
            from ledger12315.cli.asking.questions import Asking, required_questions

            table = (asks() if callable(asks) else asks) or required_questions(*of_form)
            asking = Asking(desk, whole, given)
            if table.begins(asking):
                _converse(table, asking, partial(read, whole), act)
                return
        act(read(whole, given))

    return _command_maker(options, of_form, arguments, flags, run)


def amending_command(*boxes: Box, flags: str = "from_stdin", asks: "Questions") -> Maker:
    """Make a command of a function of the desk, a row's name, and each box that was given.

    The first box names the row to be amended. A box that an empty text empties is None. At a
    terminal, without any other box, the filled form of the table `asks` is shown.
    """
    whole = to_amend(boxes)

    def run(desk: Desk, raw: Texts, _chosen: Filled, act: Act) -> None:
        given = given_boxes(whole, 1, raw, desk, emptied=True)
        alone = not desk.boxes_in and not given.keys() - {boxes[0].key}
        if desk.asks and alone:
            from ledger12315.cli.asking.questions import Asking

            boxes_of_row = with_station_words(desk, whole, given)
            asking = Asking(desk, boxes_of_row, given)
            _converse(asks, asking, lambda texts: read_changes(boxes_of_row, texts, desk), act)
        else:
            act(read_changes(whole, given, desk))

    def make(function: Function) -> Callable[..., None]:
        made = _command_maker((), whole, 1, flags, run)(function)
        made.emptied = {box.key for box in boxes[1:]}  # type: ignore[attr-defined]
        return made

    return make


def given_or_asked(desk: Desk, box: Box, text: str | None) -> str:
    """Return a box's value, given or typed at a terminal. Raises Unclear."""
    if text is None and desk.asks:
        text = _ask_until_answered(desk, box)
    given = {} if text is None else {box.key: text}
    return str(_read_boxes(desk, (box,), given)[box.key])


def _ask_until_answered(desk: Desk, box: Box, typed: str = "") -> str:
    """Return the answer to the question for a box, which may be `typed` already. Raises Left."""
    from ledger12315.cli.asking.question import ask
    from ledger12315.cli.face.lines import BACK

    while (text := ask(desk, box, typed=typed)) == BACK:
        pass
    return text


def _read_boxes(desk: Desk, boxes: Sequence[Box], texts: Texts) -> Filled:
    """Return the boxes' values; what may mean two things is asked at a terminal. Raises Unclear.

    The clock, which may be wrong, is read only for days.
    """
    dated = any(
        isinstance(each.kind, Day | PeriodWords)
        for each in boxes
        if each.default or each.key in texts
    )
    today = desk.today if dated else date.min
    try:
        return parse_all(boxes, texts, today)
    except Unclear as error:
        if not (error.readings and desk.asks):
            raise
        box = by_key(*boxes)[error.box]
        meant = _ask_until_answered(desk, box, texts[box.key])
    return _read_boxes(desk, boxes, {**texts, box.key: meant})


def _converse(
    table: "Questions", asking: "Asking", read: Callable[[Texts], Any], act: Act
) -> None:
    """Ask, and run an act with the values of the answers."""
    from ledger12315.cli.asking.conversation import Conversation  # loads the line editor

    Conversation(table, asking).run(lambda texts: act(read(texts), asking.certain))


def _command_maker(
    options: Sequence[Option],
    boxes: Sequence[Box],
    arguments: int,
    flags: str,
    run_once: Callable[[Desk, Texts, Filled, Act], None],
) -> Maker:
    own = [*select_flags(flags)]

    def make(function: Function) -> Callable[..., None]:
        @wraps(function)
        def run(ctx: typer.Context, **given: Any) -> None:
            desk = Desk(ctx, **{flag.key: given.pop(flag.key) for flag in own})
            raw = {key: _as_text(each) for key, each in given.items() if each not in (None, False)}
            texts = {box.key: raw.pop(box.key) for box in options if box.key in raw}
            chosen = _read_boxes(desk, options, texts)
            run_once(desk, raw, chosen, _run_and_show(desk, boxes, raw, partial(function, desk)))

        others = (*options, *own, *boxes[arguments:])
        return with_options(run, others, boxes[:arguments])

    return make


def _as_text(given: str | list[str] | Literal[True]) -> str:
    """Return Typer's value as one text: a line for each of several, yes for a flag."""
    return "\n".join(given) if isinstance(given, list) else "yes" if given is True else given


def _run_and_show(desk: Desk, boxes: Sequence[Box], typed: Texts, function: Function) -> Act:
    """Return a function that runs a command's function and shows its answer."""

    def act(arguments: Sequence[Any], certain: Container[str] = ()) -> None:
        doubts = _days_in_doubt(desk, boxes, arguments)
        notes = _ask_or_note(desk, boxes, doubts, certain)
        result = _act_or_agree(desk, function, arguments)
        if any(isinstance(box.kind, EventDay) for box in boxes):
            result = result._replace(document=_with_doubts(result.document, doubts))
        before = [said for said in result.before if render(said) not in certain]
        if boxes:
            aloud = _doubts_aloud(boxes, arguments[-1], desk, certain)
            before = [*_words_read(boxes, typed, arguments[-1], desk), *notes, *aloud, *before]
        show_answer(desk, result._replace(before=before))
        if result.exit_code:
            raise typer.Exit(result.exit_code)

    return act


def _days_in_doubt(
    desk: Desk, boxes: Sequence[Box], arguments: Sequence[Any]
) -> "list[DoubtedDay]":
    """Return the doubted days among an act's boxes; it is about what the first one names."""
    if not boxes:
        return []
    values = arguments[-1]
    words = arguments[0] if len(arguments) > 1 else values.get(boxes[0].key, "")
    return doubted_boxes(desk, boxes, str(words), values)


def _ask_or_note(
    desk: Desk, boxes: Sequence[Box], doubts: "Sequence[DoubtedDay]", certain: Container[str]
) -> list[Message]:
    """Return notes on doubted days that are not `certain`; at a terminal, ask about them instead.

    Raises Exit unless they are to be kept.
    """
    labels = {box.key: box.label for box in boxes}
    notes = [
        message("{box}: {problem}", box=labels[each.box], problem=each.why)
        for each in doubts
        if render(each.why) not in certain
    ]
    if not desk.asks:
        return notes
    if notes:
        desk.demand(*notes, question=_("Keep it? [y/n]"))
    desk.agreed.update(period for each in doubts for period in each.submitted)
    return []


def _with_doubts(document: object, doubts: "Sequence[DoubtedDay]") -> object:
    """Return a command's JSON document with its doubted days."""
    if isinstance(document, list):
        return [_with_doubts(each, doubts) for each in document]
    if not isinstance(document, dict):
        return document
    found = [{"column": each.box, "value": each.day, "doubt": render(each.why)} for each in doubts]
    return {**document, "doubts": found}


def _words_read(
    boxes: Sequence[Box], typed: Texts, filled: Mapping[str, Value | None], desk: Desk
) -> Iterator[Message]:
    """Yield the meaning of days and amounts that were given in words: 上周五, 三百五."""
    read = []
    for box in boxes:
        text, value = typed.get(box.key, ""), filled.get(box.key)
        if isinstance(box.kind, Day | Money) and text and not re.search(r"\d", text):
            if isinstance(value, date) and value != desk.today:
                read.append(message("{box} {value}", box=box.name, value=day_words(value)))
            elif isinstance(value, int):
                read.append(message("{box} {value}", box=box.name, value=box.kind.plain(value)))
    if read:
        yield message("Read as: {boxes}.", boxes=read)


def _doubts_aloud(
    boxes: Sequence[Box], filled: Mapping[str, Value | None], desk: Desk, certain: Container[str]
) -> Iterator[Message]:
    """Yield the doubts about values that were given without a question."""
    for box in boxes:
        value = filled.get(box.key)
        why = None if value is None else box.kind.doubt(value, desk.today)
        if why and render(why) not in certain:
            yield message("{box}: {problem}", box=box.label, problem=why)


def _act_or_agree(desk: Desk, act: Callable[..., Result], arguments: Sequence[Any]) -> Result:
    """Return an act's result; it is repeated if somebody agrees to change submitted figures."""
    try:
        return act(*map(copy, arguments))
    except ChangesSubmitted as standing:
        if not desk.agrees(standing):
            raise
        return act(*arguments)
