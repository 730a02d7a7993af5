"""The meaning of a register's headings and words: from --map, or asked at a terminal."""

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from pathlib import Path

from ledger12315.boxes import Box
from ledger12315.boxes.forms import POINT_WORD
from ledger12315.boxes.kinds import LINE, Value
from ledger12315.boxes.reading import to_half_width
from ledger12315.boxes.worded import OneWord
from ledger12315.cli.asking.drafts import Draft
from ledger12315.cli.asking.question import ask
from ledger12315.cli.face.desk import Desk, tell
from ledger12315.cli.face.lines import BACK
from ledger12315.cli.face.lookups import with_station_words
from ledger12315.cli.face.terminals import safe
from ledger12315.errors import Left, Message, Unacceptable, Unclear, message
from ledger12315.ledger.points import Point, find_point
from ledger12315.locale import N_, _, render
from ledger12315.register.file import Register
from ledger12315.register.headings import IGNORED, NUMBERINGS, Subject
from ledger12315.register.learned import Learned, bare_heading, guess_heading, guess_word
from ledger12315.renamed import in_year_words
from ledger12315.sheets.incoming.small import json_object

LEAVE_OUT, _OPEN = "-", ">"
_HEADING = Box(
    "box",
    "栏目",
    LINE,
    "A box's name; - leaves the column out, > leaves the question open, < goes back.",
    required=True,
)


def read_mapping(options: Iterable[str], subject: Subject) -> Learned:
    """Return the meanings in --map: 很满意=满意, or a JSON file with null for unused columns.

    Raises Unacceptable.
    """
    known = Learned({}, {})
    for option in options:
        if "=" in option:
            name, _, meaning = option.partition("=")
            said: Mapping[str, object] = {name: None if meaning == LEAVE_OUT else meaning}
        else:
            said = json_object(Path(option), '{"投诉者": "complainant", "年龄": null}')
        found = {name: _meaning_of(subject, name, meaning) for name, meaning in said.items()}
        if unknown := [name for name, meant in found.items() if meant is None]:
            raise Unacceptable(
                "{file}: {names} must mean a box, or a fixed word that only one box has, such "
                "as 满意 or 问题类别:其他. Boxes: {boxes}",
                file=option,
                names=unknown,
                boxes=[*subject.boxes],
            )
        for meant in filter(None, found.values()):
            known = known.merged(meant)
    return known


def _meaning_of(subject: Subject, name: str, meaning: object) -> Learned | None:
    """Return the meaning of a heading or word: nothing, a box, or a word of only one box."""
    heading, other = bare_heading(name), bare_heading(str(meaning))
    if not heading or not heading.isprintable():
        return None
    if meaning is None:
        return Learned({heading: IGNORED}, {})
    # A box without a column of its own is filled from the other column.
    names = subject.names
    instead = {names[heading]: other} if heading in names and other else {}
    if box := names.get(other):
        return Learned({heading: box}, {}, instead=instead)
    if instead:
        return Learned({}, {}, instead=instead)
    of_box, _, word = to_half_width(str(meaning)).rpartition(":")
    found = [
        (box, each.code)
        for box, words in subject.meanings.items()
        if names.get(bare_heading(of_box), box) == box and (each := words.find(word))
    ]
    return Learned({}, {(found[0][0], name.strip()): found[0][1]}) if len(found) == 1 else None


def constants_of(desk: Desk, options: Iterable[str], subject: Subject) -> dict[str, Value]:
    """Return the values in --fill by box, such as 受理方式=网络. Raises Unclear."""
    found: dict[str, Value] = {}
    for option in options:
        name, equals, text = option.partition("=")
        key = subject.names.get(bare_heading(name))
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
        [box] = with_station_words(desk, [subject.boxes[key]], {key: text})
        found[key] = box.parse(text, desk.today)
    return found


def meanings_as_texts(learned: Learned) -> dict[str, str]:
    """Return meanings of headings and words as texts for a draft."""
    return {**learned.headings, **{"\n".join(key): each for key, each in learned.words.items()}}


def meanings_of_texts(texts: Mapping[str, str], subject: Subject) -> Learned:
    """Return the meanings in a draft, without boxes and words that no longer exist."""
    headings, words = {}, {}
    for name, code in texts.items():
        box, _, word = name.partition("\n")
        if word and code in subject.meanings.get(box, ()):
            words[box, word] = code
        elif not word and code in (*subject.boxes, IGNORED):
            headings[name] = code
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
    tell(message("No column names the point of this register. > leaves the question open."))
    answer = BACK
    while answer == BACK:  # no question comes before this one
        answer = ask(desk, POINT_WORD, unchecked=_OPEN)
    with desk.read() as ledger:
        return None if answer == _OPEN else find_point(ledger, answer)


class Answers:
    """What somebody says that a register's headings and words mean; < takes the last back.

    A word is named by its box and itself, on two lines, as in a draft.
    """

    draft: Draft
    """The answers for the register's point, kept until it is taken in."""

    def __init__(self, desk: Desk, said: Learned, subject: Subject) -> None:
        """Meanings that are `said` with the command replace those of a draft."""
        self._desk, self._said, self._subject = desk, meanings_as_texts(said), subject
        self._kept = False
        self._codes: dict[str, str] = {}  # of a box or word, or _OPEN
        self._taken_back: dict[str, str] = {}

    def take_up(self, point: Point | None) -> None:
        """Go on from the answers of an earlier time, and say what they are."""
        desk, whose = self._desk, point.code if point else ""
        self.draft = Draft(desk.path, f"{desk.command} {whose}".strip())
        kept = self.draft.read()
        newer = {name: code for name, code in self._said.items() if kept.get(name, code) != code}
        if newer:
            kept |= newer
            self.draft.keep(kept)
        codes = meanings_as_texts(meanings_of_texts(kept, self._subject))
        if codes and desk.asks:
            self._codes |= codes
            self._kept = True
            said = [f"{self._shown(name)}={self._typed(name, codes[name])}" for name in codes]
            tell(message("Answers of before: {answers}", answers=said))

    @property
    def learned(self) -> Learned:
        """All meanings together."""
        return meanings_of_texts(self._codes, self._subject)

    def ask(self, register: Register) -> bool:
        """Ask what is unknown; return whether the register is to be read again.

        An open question stays a problem of the register, and is not asked again. Raises Left.
        """
        before, headings = self.learned, [*register.unknown_headings]
        if headings and not self._codes and not self._taken_back:
            tell(_(_HEADING.help))
        unknown = {bare_heading(heading): heading for heading in headings}
        unknown |= {"\n".join(word): heading for word, heading in register.unknown_words.items()}
        for name, heading in unknown.items():
            if self._is_settled(name):
                continue
            code = self._ask(register, name, heading)
            if code != BACK:
                self._codes[name] = code
            elif self._codes:
                self._taken_back.update([self._codes.popitem()])
            self._kept = self.draft.keep(meanings_as_texts(self.learned))
            if code == BACK:
                return True
        return self.learned != before

    def _is_settled(self, name: str) -> bool:
        """Return whether a question is answered, or left open with another word of its box."""
        box, of_word, _ = name.partition("\n")
        left_open = [each for each, code in self._codes.items() if code == _OPEN]
        beside = of_word and any(each.startswith(f"{box}\n") for each in left_open)
        return bool(beside) or name in self._codes

    def _ask(self, register: Register, name: str, heading: str) -> str:
        code = self._taken_back.get(name)
        before = self._typed(name, code) if code else ""
        box, _, word = name.partition("\n")
        try:
            if word:
                return self._ask_word(box, word, heading, before)
            taken = {*register.boxes, *self.learned.headings.values()}
            return self._ask_heading(heading, before, taken, register)
        except Left:
            kept = message("The answers are kept: the same command continues from them.")
            raise Left(*[kept] * self._kept) from None

    def _shown(self, name: str) -> str:
        """Return a heading, or a word without phones."""
        box, _, word = name.partition("\n")
        return OneWord(self._subject.meanings[box]).hide(word) if word else name

    def _typed(self, name: str, code: str) -> str:
        """Return the answer with this code, as it is typed."""
        box, _, word = name.partition("\n")
        if code == _OPEN:
            return code
        if word:
            return render(self._subject.meanings[box][code])
        boxes = self._subject.boxes
        return render(boxes[code].name) if code in boxes else LEAVE_OUT

    def _ask_heading(
        self, text: str, before: str, taken: Collection[str], register: Register
    ) -> str:
        """Return the key of the box that a heading means, IGNORED, _OPEN or BACK.

        Other columns fill the boxes in `taken`.
        """
        boxes = self._subject.boxes
        free = {box.heading: key for key, box in boxes.items() if key not in taken}
        guess = register.unknown_headings[text]
        if ambiguous := register.ambiguous.get(text):
            tell(ambiguous.why)
            free[boxes[ambiguous.box].heading] = ambiguous.box
        elif guess not in free.values():
            guess = guess_heading(text, free, self._subject.usual)
        offered = before or (render(boxes[guess].name) if guess else "")
        asks = message("The heading {heading} means (a box's name, -, > or <)", heading=text)
        if offered:
            asks = message("The heading {heading} means", heading=text)
        question = _named_by_question(_HEADING, asks)
        answer = ask(self._desk, question, partial(self._demand_free, free), offered, _OPEN)
        if answer in (BACK, _OPEN):
            return answer
        return self._subject.names.get(bare_heading(answer), IGNORED)

    def _demand_free(self, free: Mapping[str, str], _desk: Desk, text: str) -> None:
        """Raise Unclear unless a text names a box that no column fills yet."""
        boxes = [self._subject.boxes[key].name for key in free.values()]
        known = self._subject.names.get(bare_heading(text))
        if text != LEAVE_OUT and known not in free.values():
            raise Unclear("{text} is not a free box. Free boxes: {boxes}", text=text, boxes=boxes)

    def _ask_word(self, box: str, word: str, heading: str, before: str) -> str:
        """Return the code of a word in a box's column, _OPEN or BACK."""
        words = self._subject.meanings[box]
        kind = OneWord(words)
        said = {"word": kind.hide(word), "heading": heading}
        question = _named_by_question(
            _HEADING._replace(
                kind=kind, help=N_("One of these words; > leaves the question open, < goes back.")
            ),
            message("{word} under {heading} means", **said),
        )
        offered = before or in_year_words(guess_word(box, word, heading, words))
        answer = ask(self._desk, question, before=offered, unchecked=_OPEN)
        return answer if answer in (BACK, _OPEN) else str(kind.read(answer, self._desk.today))


def _named_by_question(box: Box, question: Message) -> Box:
    """Return a box whose name is a question."""
    text = safe(render(question))
    return box._replace(key=text, heading=text)
