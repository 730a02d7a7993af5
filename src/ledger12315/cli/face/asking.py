"""Filling boxes: given as options or as JSON on stdin, or asked for on a terminal."""

import shutil
import sys
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import typer

from ledger12315.boxes import Box, Filled, parse_all
from ledger12315.boxes.kinds import Value
from ledger12315.boxes.reading import Misread, each_once
from ledger12315.cli.face.desk import Desk, tell
from ledger12315.cli.face.help import command_path
from ledger12315.cli.face.safety import safe, wide
from ledger12315.errors import LedgerError, Unclear, message
from ledger12315.locale import _, language, render
from ledger12315.words import Vocabulary

Raw = Mapping[str, str | None]
BACK = "<"


class Asking(NamedTuple):
    """How boxes are asked for.

    `find` looks up what the answer to the first box names, gives its own name, and raises
    Refused: a wrong answer is told before more is asked. `usual` gives what Enter stands for
    there, `more` the keys to ask for besides. What `writes` is looked over first.
    """

    find: Callable[[str], str | None] | None = None
    usual: Callable[[], str] | None = None
    more: Callable[[Raw], Container[str]] | None = None
    possible: bool = False
    writes: bool = True

    def besides(self, given: Raw) -> Container[str]:
        """Return the keys to ask for besides those that are required."""
        return self.more(given) if self.more else ()


def fill(boxes: Sequence[Box], raw: Raw, today: date, asking: Asking) -> Filled:
    """Read what was given; ask for what is missing, or name it. Raises Unclear."""
    given = {key: text for key, text in raw.items() if text is not None}
    if asking.possible:
        besides = asking.besides(given)
        if any(box.lacking(given) or box.key in besides for box in boxes):
            given |= _Conversation(boxes, given, today, asking).answers()
    return parse_all(boxes, given, today)


def changes_of(boxes: Sequence[Box], raw: Raw, desk: Desk) -> tuple[str, dict[str, Value | None]]:
    """Return what is to be amended, by the first box, and each box that was given.

    An empty text empties a box, which is None then. Raises Unclear.
    """
    subject, today = boxes[0], desk.today
    known = (subject, *(box._replace(required=False, asked=False) for box in boxes[1:]))
    given = stdin_object(known, emptied=True) if desk.from_stdin else {}
    given |= {key: text for key, text in raw.items() if text is not None}
    if not given.keys() - {subject.key} and (subject.key in given or desk.asks):
        raise Unclear(
            "Nothing to amend: name at least one box. See: {command} --help",
            command=command_path(desk.ctx),
        )
    filled = fill(known, given, today, Asking(possible=desk.asks))
    changes = {key: filled.get(key) for key in given if key != subject.key}
    return str(filled[subject.key]), changes


class _Conversation:
    """Questions one after another, with a way back, until all that is required is answered."""

    def __init__(
        self, boxes: Sequence[Box], given: Mapping[str, str], today: date, asking: Asking
    ) -> None:
        self._boxes, self._given, self._today, self._asking = boxes, given, today, asking
        self._answers: dict[str, str] = {}
        self._earlier: dict[str, str] = {}

    def answers(self) -> dict[str, str]:
        """Ask, and return the answers as they were typed. Raises Unclear, Refused and Exit."""
        if len(self._boxes) > 1:
            tell(message("< goes back to the last answer, Ctrl-C leaves without writing."))
        self._look_at_what_was_given()
        while True:
            known = {**self._given, **self._answers}
            if box := self._next(known):
                text = self._ask(box)
            elif self._looks_over() and not self._looked_over(known):
                text = BACK
            else:
                return self._answers
            if box and text != BACK:
                self._answers[box.key] = text
            elif self._answers:
                self._earlier |= [self._answers.popitem()]

    def _look_at_what_was_given(self) -> None:
        optional = [box.optional() for box in self._boxes]
        read = parse_all(optional, self._given, self._today)
        first = self._boxes[0].key
        if self._asking.find and first in read:
            self._asking.find(str(read[first]))

    def _next(self, known: Mapping[str, str]) -> Box | None:
        besides = self._asking.besides(known)
        wanted = (
            box
            for box in self._boxes
            if box.key not in known and (box.asked or box.key in besides or box.lacking(known))
        )
        return next(wanted, None)

    def _ask(self, box: Box) -> str:
        find, usual = None, self._earlier.get(box.key, "")
        if box is self._boxes[0]:
            find = self._asking.find
            if not usual and self._asking.usual:
                usual = self._asking.usual()
        return ask(box, self._today, find, usual)

    def _looks_over(self) -> bool:
        return self._asking.writes and len(self._boxes) > 1

    def _looked_over(self, known: Mapping[str, str]) -> bool:
        """Show what is to be written, and return whether it may be; False goes back."""
        for box in self._boxes:
            if text := known.get(box.key, "").strip():
                seen = _understood(box, text, self._today)
                if self._asking.find and box is self._boxes[0]:
                    seen = self._asking.find(seen) or seen
                elif box.kind.masked and box.key not in self._answers:
                    seen = box.kind.hide(seen)
                tell(f"  {_label(box)}: {seen}")
        while True:
            answer = _prompt(_("Write it? [Y/n/<]")).casefold()
            if answer in ("", "y", "yes", "是", BACK):
                return answer != BACK
            if answer in ("n", "no", "否"):
                tell(message("Nothing was written."))
                raise typer.Exit(130)


def _understood(box: Box, text: str, today: date) -> str:
    value = box.parse(text, today)
    if box.kind.words or isinstance(value, str | date):
        return render(box.kind.shown(value))
    return text


def ask(
    box: Box, today: date, find: Callable[[str], str | None] | None = None, before: str = ""
) -> str:
    """Ask for one box until the answer can be read, and found where that is asked.

    An optional box may stay empty. The answer may be BACK; `before` is what Enter repeats.
    """
    words = box.kind.words
    if words:
        _show_choices(f"{place} {render(word)}" for place, word in enumerate(words.values(), 1))
        before = render(words.find(before) or before)
    label = _label(box) if box.required else _label(box) + _(" (may stay empty)")
    while True:
        text = _chosen(words, _prompt(label, before))
        if text == BACK or (not text and not box.required):
            return text
        try:
            read = box.parse(text, today)
            if find:
                find(str(read))
        except LedgerError as error:
            tell(error.message)
            continue
        return text


def _chosen(words: Vocabulary | None, text: str) -> str:
    """Return the word of the number that was typed, or what was typed."""
    if words and text.isdecimal() and 1 <= int(text) <= len(words):
        return list(words)[int(text) - 1]
    return text


def _show_choices(choices: Iterable[str]) -> None:
    line, columns = "", shutil.get_terminal_size().columns
    for choice in choices:
        if line and wide(line + choice) > columns:
            tell(line.rstrip())
            line = ""
        line += f"{choice}  "
    tell(line.rstrip())


def _prompt(label: str, default: str = "") -> str:
    shown = safe(default)
    answer = str(typer.prompt(label, default=shown, show_default=bool(default), err=True)).strip()
    # Enter stands for what it is, not for how it is shown.
    return default if answer == shown else answer


def _label(box: Box) -> str:
    return box.heading if language() == "zh" else box.key.replace("_", " ")


def stdin_object(boxes: Sequence[Box], emptied: bool = False) -> dict[str, str]:
    """Return the boxes that stand as one JSON object on standard input.

    Raises Unclear, also for empty texts unless they empty a box.
    """
    read = _document()
    values = read.values() if isinstance(read, dict) else [read]
    if not isinstance(read, dict) or any(not isinstance(each, str | None) for each in values):
        raise Unclear(
            "Standard input is not one JSON object whose values are texts, numbers or null."
        )
    keys = [box.key for box in boxes]
    if unknown := [key for key in read if key not in keys]:
        raise Unclear(
            "Standard input holds unknown boxes: {unknown}. Known are: {keys}.",
            unknown=unknown,
            keys=keys,
        )
    given = {key: value for key, value in read.items() if value is not None}
    if empty := [key for key, text in given.items() if not text.strip() and not emptied]:
        raise Unclear("Standard input holds empty values: {keys}. Leave them out.", keys=empty)
    return given


def _document() -> object:
    """Return the JSON document on standard input. Raises Unclear."""
    import json

    try:
        # As bytes: JSON is UTF-8 whatever the console is, and Windows begins it with a mark.
        text = sys.stdin.buffer.read().decode("utf-8-sig")
        return json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=each_once)
    except Misread as wrong:
        raise Unclear("Standard input: {problem}.", problem=wrong.message) from None
    except (ValueError, RecursionError):
        raise Unclear(
            "Standard input is not one JSON object such as {example}.",
            example='{"complainant": "…", "item": "…"}',
        ) from None
