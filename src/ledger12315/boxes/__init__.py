"""Every box of the forms, and the kinds of boxes."""

from collections.abc import Container, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeVar

from ledger12315.boxes.kinds import Kind, Value
from ledger12315.boxes.masks import mask_message
from ledger12315.boxes.reading import Misread
from ledger12315.errors import Unclear
from ledger12315.words import Word

_Value = TypeVar("_Value", bound=Value)


class Box(NamedTuple):
    """One box: its key (column, option, JSON key), its heading in the forms, its kind.

    A required box may be left out if the box `unless` is given. `searched` boxes are searched for
    a text. `option` is the option's name where it is not the key, `group` the part of the form
    with the box, `default` the value, as typed, of a box that is not given. Help shows `metavar`
    for a value where neither key nor kind names it; `short` is an option's second name.
    """

    key: str
    heading: str
    kind: Kind
    help: str = ""
    required: bool = False
    unless: str = ""
    searched: bool = False
    option: str = ""
    group: Word | None = None
    default: str = ""
    metavar: str = ""
    short: str = ""

    @property
    def option_names(self) -> tuple[str, str]:
        """The box's names on the command line, English and Chinese."""
        english = (self.option or self.key).replace("_", "-")
        return f"--{english}", f"--{self.heading.replace('/', '')}"

    @property
    def label(self) -> Word:
        """The box's name in a sentence."""
        return Word(self.key, self.heading, self.key)

    @property
    def name(self) -> Word:
        """The box's name where it is read and not typed."""
        return Word(self.key, self.heading, self.key.replace("_", " "))

    def optional(self) -> "Box":
        """Return a copy of the box that may be left empty and has no default."""
        must = self.required or self.default
        return self._replace(required=False, default="") if must else self

    def emptied(self, text: str) -> bool:
        """Return whether a text leaves the box empty; in a required box - and 无 are texts."""
        bare = text.strip()
        return not bare or (not self.required and self.kind.says_nothing(bare))

    def lacking(self, given: Container[str]) -> bool:
        """Return whether the box must be filled and is not."""
        return self.required and self.key not in given and self.unless not in given

    def parse(self, text: str, today: date) -> Value:
        """Return the value of `text`. Raises Unclear, which names the box and shows no phone."""
        try:
            return self.kind.read(text, today)
        except Misread as wrong:
            problem = mask_message(wrong.message)
            unclear = Unclear("{box}: {problem}.", box=self.label, problem=problem)
            raise unclear.about(self.key, wrong.readings) from None


class Option(Box):
    """A box that is in no form: it says what a command does, or to which rows."""

    @property
    def label(self) -> Word:
        """The option as it is typed."""
        english, chinese = self.option_names
        return Word(english, chinese, english)


def by_key(*boxes: Box, groups: Mapping[str, Word] = {}) -> dict[str, Box]:
    """Return boxes by their keys; a group begins with the box that its code names."""
    found, group = {}, None
    for box in boxes:
        group = groups.get(box.key, group)
        found[box.key] = box._replace(group=group) if group else box
    return found


class Filled(dict[str, Value]):
    """Boxes as they were read, by key; a box that was not given is not there."""

    def text(self, key: str) -> str:
        """Return a text or word that was given."""
        return self._typed(key, str)

    def number(self, key: str) -> int:
        """Return a count or an amount that was given."""
        return self._typed(key, int)

    def day(self, key: str, default: date | None = None) -> date:
        """Return a day, or the default where it was not given."""
        return default if default and key not in self else self._typed(key, date)

    def path(self, key: str) -> Path:
        """Return a file or folder that was given."""
        return self._typed(key, Path)

    def lines(self, key: str) -> list[str]:
        """Return the lines of a box that takes several values; [] if it was not given."""
        return self.text(key).splitlines() if key in self else []

    def paths(self, key: str) -> list[Path]:
        """Return the paths of a box that takes several; [] if it was not given."""
        return [*map(Path, self.lines(key))]

    def given(self, key: str, expected: type[_Value]) -> _Value | None:
        """Return a value, or None where it was not given."""
        return self._typed(key, expected) if key in self else None

    def take(self, key: str) -> str:
        """Return a text or word that was given, and remove its box."""
        text = self.text(key)
        del self[key]
        return text

    def take_lines(self, key: str) -> list[str]:
        """Return the lines of a box that takes several values, and remove the box."""
        return self.take(key).splitlines()

    def _typed(self, key: str, expected: type[_Value]) -> _Value:
        value = self[key]
        if not isinstance(value, expected):
            raise TypeError(f"{key} holds no {expected.__name__}")
        return value


def parse_all(boxes: Iterable[Box], raw: Mapping[str, str], today: date) -> Filled:
    """Return the values of `raw`, and the defaults of other boxes; empty values are left out.

    Raises Unclear, which names all missing boxes.
    """
    known = {box.key: box for box in boxes}
    defaults = {key: box.default for key, box in known.items() if box.default}
    given = {**defaults, **{key: text for key, text in raw.items() if text.strip()}}
    missing = [box.label for box in known.values() if box.lacking(given)]
    if missing:
        raise Unclear("Missing: {boxes}.", boxes=missing)
    return Filled({key: known[key].parse(text, today) for key, text in given.items()})
