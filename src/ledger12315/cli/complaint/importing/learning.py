"""The meaning of a register's headings and words: from --map, or asked at a terminal."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from ledger12315.boxes import Box
from ledger12315.boxes.arguments import POINT_WORD
from ledger12315.boxes.kinds import LINE, Value
from ledger12315.boxes.reading import to_half_width
from ledger12315.boxes.worded import OneWord
from ledger12315.cli.asking.drafts import Draft
from ledger12315.cli.asking.question import ask
from ledger12315.cli.face.decisions import BACK
from ledger12315.cli.face.desk import Desk, tell
from ledger12315.cli.face.lookups import with_station_words
from ledger12315.cli.face.safety import safe
from ledger12315.errors import Message, Unacceptable, Unclear, message
from ledger12315.ledger.points import Point, find_point
from ledger12315.locale import render
from ledger12315.register.file import Register
from ledger12315.register.guesses import guess_heading, guess_word
from ledger12315.register.headings import BOXES, IGNORED, NAMES, NUMBERINGS, bare_heading
from ledger12315.register.learned import MEANINGS, Learned
from ledger12315.renamed import in_year_words
from ledger12315.sheets.incoming.small import json_object

_LEAVE_OUT = "-"
_BOX = Box("box", "栏目", LINE, required=True)


def read_mapping(options: Iterable[str]) -> Learned:
    """Return the meanings in --map: 很满意=满意, or a JSON file with null for unused columns.

    Raises Unacceptable.
    """
    known = Learned({}, {})
    for option in options:
        if "=" in option:
            name, _, meaning = option.partition("=")
            said: Mapping[str, object] = {name: None if meaning == _LEAVE_OUT else meaning}
        else:
            said = json_object(Path(option), '{"投诉者": "complainant", "年龄": null}')
        found = {name: _meaning_of(name, meaning) for name, meaning in said.items()}
        if unknown := [name for name, meant in found.items() if meant is None]:
            raise Unacceptable(
                "{file}: {names} must mean a box, or a fixed word that only one box has, such "
                "as 满意 or 问题类别:其他. Boxes: {boxes}",
                file=option,
                names=unknown,
                boxes=[*BOXES],
            )
        for meant in filter(None, found.values()):
            known = known.merged(meant)
    return known


def _meaning_of(name: str, meaning: object) -> Learned | None:
    """Return the meaning of a heading or word: nothing, a box, or a word of only one box."""
    heading, other = bare_heading(name), bare_heading(str(meaning))
    if not heading or not heading.isprintable():
        return None
    if meaning is None:
        return Learned({heading: IGNORED}, {})
    # A box without a column of its own is filled from the other column.
    instead = {NAMES[heading]: other} if heading in NAMES and other else {}
    if box := NAMES.get(other):
        return Learned({heading: box}, {}, instead=instead)
    if instead:
        return Learned({}, {}, instead=instead)
    of_box, _, word = to_half_width(str(meaning)).rpartition(":")
    found = [
        (box, each.code)
        for box, words in MEANINGS.items()
        if NAMES.get(bare_heading(of_box), box) == box and (each := words.find(word))
    ]
    return Learned({}, {(found[0][0], name.strip()): found[0][1]}) if len(found) == 1 else None


def constants_of(desk: Desk, options: Iterable[str]) -> dict[str, Value]:
    """Return the values in --fill by box, such as 受理方式=网络. Raises Unclear."""
    found: dict[str, Value] = {}
    for option in options:
        name, equals, text = option.partition("=")
        key = NAMES.get(bare_heading(name))
        if not (key and equals and text.strip()):
            raise Unclear(
                "--fill {option} is not BOX=VALUE, such as 受理方式=网络.",
                option=option,
            )
        if key in NUMBERINGS:
            raise Unclear(
                "--fill {option}: each complaint needs its own number, so this box cannot be "
                "filled for all.",
                option=option,
            )
        [box] = with_station_words(desk, [BOXES[key]], {key: text})
        found[key] = box.parse(text, desk.today)
    return found


def as_texts(learned: Learned) -> dict[str, str]:
    """Return meanings of headings and words as texts for a draft."""
    return {**learned.headings, **{"\n".join(key): each for key, each in learned.words.items()}}


def of_texts(texts: Mapping[str, str]) -> Learned:
    """Return the meanings in a draft, without boxes and words that no longer exist."""
    headings = {name: box for name, box in texts.items() if box in (*BOXES, IGNORED)}
    words = {}
    for key, code in texts.items():
        box, _, word = key.partition("\n")
        if word and code in MEANINGS.get(box, ()):
            words[box, word] = code
    return Learned(headings, words)


def drop_illegible(draft: Draft, register: Register) -> list[str]:
    """Drop answers in a draft about columns of which no value can be read; return the headings."""
    kept, wrong = draft.read(), {problem.box for problem in register.problems}
    dropped = [name for name, box in kept.items() if box in wrong - register.legible]
    left = {name: meant for name, meant in kept.items() if name not in dropped}
    draft.forget()
    if left:
        draft.keep(left)
    return dropped


def ask_point(desk: Desk) -> Point | None:
    """Ask for the register's point, and return it; None if the question is left open."""
    tell(message("No column names the point of this register. < leaves the question open."))
    answer = ask(desk, POINT_WORD)
    with desk.read() as ledger:
        return None if answer == BACK else find_point(ledger, answer)


def ask_meanings(desk: Desk, register: Register, asked: set[object]) -> Iterator[Learned]:
    """Ask about a register's unknown headings and words; yield each answer's meaning.

    Those in `asked` are not asked for again. An open question remains a problem of the register.
    """
    for heading, box in _ask_headings(desk, register, asked):
        yield Learned({heading: box}, {})
    for word, code in _ask_words(desk, register, asked):
        yield Learned({}, {word: code})


def _ask_headings(desk: Desk, register: Register, asked: set[object]) -> Iterator[tuple[str, str]]:
    free = {box.heading: key for key, box in BOXES.items() if key not in register.boxes}
    for text in [each for each in register.unknown_headings if each not in asked]:
        if asked.isdisjoint(register.columns):
            line = message(
                "A box's name, - to leave the column out, < to leave the question open (elsewhere "
                "< goes back)."
            )
            tell(line)
        asked.add(text)
        guess = guess_heading(text, free)
        asks = message("The heading {heading} means (a box's name, - or <)", heading=text)
        if guess:
            asks = message("The heading {heading} means", heading=text)
        question = _named_by_question(_BOX, asks)
        before = render(BOXES[guess].name) if guess else ""
        answer = ask(desk, question, partial(_demand_free, free), before)
        if answer != BACK:
            box = NAMES.get(bare_heading(answer), IGNORED)
            free.pop(BOXES[box].heading if box in BOXES else "", None)
            yield bare_heading(text), box


def _named_by_question(box: Box, question: Message) -> Box:
    """Return a box whose name is a question."""
    text = safe(render(question))
    return box._replace(key=text, heading=text)


def _demand_free(free: Mapping[str, str], _desk: Desk, text: str) -> None:
    """Raise Unclear unless a text names a box that no column fills yet."""
    boxes = [BOXES[key].name for key in free.values()]
    if text != _LEAVE_OUT and NAMES.get(bare_heading(text)) not in free.values():
        raise Unclear("{text} is not a free box. Free boxes: {boxes}", text=text, boxes=boxes)


def _ask_words(
    desk: Desk, register: Register, asked: set[object]
) -> Iterator[tuple[tuple[str, str], str]]:
    for (box, word), heading in register.unknown_words.items():
        if box in asked or (box, word) in asked:
            continue
        asked.add((box, word))
        kind = OneWord(MEANINGS[box])
        said = {"word": kind.hide(word), "heading": heading}
        question = _named_by_question(
            _BOX._replace(kind=kind), message("{word} under {heading} means", **said)
        )
        answer = ask(desk, question, before=in_year_words(guess_word(box, word, heading)))
        if answer == BACK:
            asked.add(box)  # and so the rest of its words
        else:
            yield (box, word), str(kind.read(answer, desk.today))
