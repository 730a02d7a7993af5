"""The meaning of a register's headings and words: from --map, or asked at a terminal."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial, reduce
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
from ledger12315.errors import Left, Message, Unacceptable, Unclear, message
from ledger12315.ledger.points import Point, find_point
from ledger12315.locale import render
from ledger12315.register.file import Register
from ledger12315.register.guesses import guess_heading, guess_word
from ledger12315.register.headings import BOXES, IGNORED, NAMES, NUMBERINGS, bare_heading
from ledger12315.register.learned import MEANINGS, Learned
from ledger12315.renamed import in_year_words
from ledger12315.sheets.incoming.small import json_object

_LEAVE_OUT, _OPEN = "-", "?"
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


def meanings_as_texts(learned: Learned) -> dict[str, str]:
    """Return meanings of headings and words as texts for a draft."""
    return {**learned.headings, **{"\n".join(key): each for key, each in learned.words.items()}}


def meanings_of_texts(texts: Mapping[str, str]) -> Learned:
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
    tell(message("No column names the point of this register. ? leaves the question open."))
    answer = BACK
    while answer == BACK:  # no question comes before this one
        answer = ask(desk, POINT_WORD, unchecked=_OPEN)
    with desk.read() as ledger:
        return None if answer == _OPEN else find_point(ledger, answer)


_Subject = str | tuple[str, str]
"""A heading, or a word in a box's column."""


class Answers:
    """What somebody says that a register's headings and words mean; < takes the last back."""

    def __init__(self, desk: Desk, keep: Callable[[Learned], bool]) -> None:
        """`keep` gets all meanings after each answer, and returns whether they are kept."""
        self._desk, self._keep, self._kept = desk, keep, False
        self._texts: dict[_Subject, str] = {}
        self._meanings: dict[_Subject, Learned] = {}

    def take_up(self, kept: Learned) -> None:
        """Go on from the answers of an earlier time, and say what they are."""
        said = []
        for heading, box in kept.headings.items():
            text = render(BOXES[box].name) if box in BOXES else _LEAVE_OUT
            self._texts[heading], self._meanings[heading] = text, Learned({heading: box}, {})
            said.append(f"{heading}={text}")
        for (box, word), code in kept.words.items():
            text = render(MEANINGS[box][code])
            self._texts[box, word] = text
            self._meanings[box, word] = Learned({}, {(box, word): code})
            said.append(f"{OneWord(MEANINGS[box]).hide(word)}={text}")
        if said:
            self._kept = True
            tell(message("Answers of before: {answers} (< takes back the last)", answers=said))

    @property
    def learned(self) -> Learned:
        """All meanings together."""
        return reduce(Learned.merged, self._meanings.values(), Learned({}, {}))

    def ask(self, register: Register) -> bool:
        """Ask what is unknown; return whether the register is to be read again.

        An open question stays a problem of the register, and is not asked again. Raises Left.
        """
        before, headings = self.learned, [*register.unknown_headings]
        if headings and not self._texts:
            tell(
                message(
                    "A box's name, - to leave the column out, ? to leave the question open, < to "
                    "go back."
                )
            )
        subjects: list[_Subject] = [*headings, *register.unknown_words]
        for subject in subjects:
            if self._is_settled(subject):
                continue
            answer, meaning = self._ask(register, subject)
            if answer == BACK and self._meanings:
                self._meanings.popitem()
            elif answer != BACK:
                self._texts[subject], self._meanings[subject] = answer, meaning
            self._kept = self._keep(self.learned)
            if answer == BACK:
                return True
        return self.learned != before

    def _is_settled(self, subject: _Subject) -> bool:
        """Return whether a question is answered, or left open with another word of its box."""
        words = (each for each in self._meanings.items() if isinstance(each[0], tuple))
        open_boxes = {word[0] for word, meaning in words if not any(meaning)}
        return subject in self._meanings or (
            isinstance(subject, tuple) and subject[0] in open_boxes
        )

    def _ask(self, register: Register, subject: _Subject) -> tuple[str, Learned]:
        before = self._texts.get(subject, "")
        try:
            if isinstance(subject, tuple):
                return _ask_word(self._desk, subject, register.unknown_words[subject], before)
            taken = {box for each in self._meanings.values() for box in each.headings.values()}
            return _ask_heading(self._desk, register, subject, before, taken)
        except Left:
            kept = message("The answers are kept: the same command continues from them.")
            raise Left(*[kept] * self._kept) from None


def _ask_heading(
    desk: Desk, register: Register, text: str, before: str, taken: Collection[str]
) -> tuple[str, Learned]:
    """Return the answer and what it means; the boxes in `taken` are other columns'."""
    free = {
        box.heading: key
        for key, box in BOXES.items()
        if key not in register.boxes and key not in taken
    }
    guess = guess_heading(text, free)
    offered = before or (render(BOXES[guess].name) if guess else "")
    asks = message("The heading {heading} means (a box's name, -, ? or <)", heading=text)
    if offered:
        asks = message("The heading {heading} means", heading=text)
    question = _named_by_question(_BOX, asks)
    answer = ask(desk, question, partial(_demand_free, free), offered, _OPEN)
    if answer in (BACK, _OPEN):
        return answer, Learned({}, {})
    meant = NAMES.get(bare_heading(answer), IGNORED)
    return answer, Learned({bare_heading(text): meant}, {})


def _named_by_question(box: Box, question: Message) -> Box:
    """Return a box whose name is a question."""
    text = safe(render(question))
    return box._replace(key=text, heading=text)


def _demand_free(free: Mapping[str, str], _desk: Desk, text: str) -> None:
    """Raise Unclear unless a text names a box that no column fills yet."""
    boxes = [BOXES[key].name for key in free.values()]
    if text != _LEAVE_OUT and NAMES.get(bare_heading(text)) not in free.values():
        raise Unclear("{text} is not a free box. Free boxes: {boxes}", text=text, boxes=boxes)


def _ask_word(desk: Desk, word: tuple[str, str], heading: str, before: str) -> tuple[str, Learned]:
    """Return the answer and what it means, for a word in a box's column."""
    box, text = word
    kind = OneWord(MEANINGS[box])
    said = {"word": kind.hide(text), "heading": heading}
    question = _named_by_question(
        _BOX._replace(kind=kind), message("{word} under {heading} means", **said)
    )
    offered = before or in_year_words(guess_word(box, text, heading))
    answer = ask(desk, question, before=offered, unchecked=_OPEN)
    if answer in (BACK, _OPEN):
        return answer, Learned({}, {})
    return answer, Learned({}, {word: str(kind.read(answer, desk.today))})
