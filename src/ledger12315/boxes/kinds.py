"""The kinds of boxes: a kind reads, shows, prints and masks a value.

A kind also says how a spreadsheet holds the value, and whether the value is personal data.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from ledger12315.boxes.masks import NOBODY, Names, mask_numbers
from ledger12315.boxes.names import phones_in
from ledger12315.boxes.reading import (
    LONGEST_TEXT,
    NOTHING_WRITTEN,
    Misread,
    ReadCell,
    bounded_text,
    complaint_number,
    one_line,
    read_day,
    read_past_day,
    to_half_width,
    typed_day,
    typed_line,
    typed_text,
)
from ledger12315.errors import Message, message
from ledger12315.words import ERASED, Vocabulary, Word, visible_form

_LONGEST_NOTHING = 8
"""The most characters of a text that leaves a box empty: long lists are searched for it."""


class Person(NamedTuple):
    """A liaison, point officer or informant; all but the name may be empty."""

    name: str
    phone: str | None
    terms: str | None = None
    badge: str | None = None


class Checked(NamedTuple):
    """An inspection's result for one condition; missing parts are kept as codes with commas."""

    met: bool
    lacking: str | None
    remark: str | None


Value = str | int | date | Path | Person | tuple[Person, ...] | Checked
"""Texts and words as str, money in 分, areas in 0.01 m², counts as int."""
Boxes = Mapping[str, Value | None]
"""The values of boxes, by key."""


class Kind:
    """One line of up to 200 characters, and the methods of all kinds."""

    metavar = "TEXT"
    right = False
    """Whether it is aligned right in its column, as figures are."""
    masked = False
    """Whether it is hidden unless somebody asks to see it."""
    names_people = False
    """Whether it may name somebody, so that all known names are masked in it."""
    erased = False
    """Whether it is removed when personal data are erased."""
    free = True
    """Whether it takes any text, and so may name somebody by mistake."""
    as_stored = True
    """Whether JSON has the value itself, not a text."""
    words: Vocabulary | None = None
    several = False
    """Whether a command takes several of it."""
    numbered = False
    """Whether a number is an answer of its own, and does not only seem to choose."""
    decides = False
    """Whether y and n are answers."""
    unit: Word | None = None
    """The unit of its numbers, or a note about it."""
    mended = False
    """Whether an answer is edited in place; other answers are quicker to type again."""
    offered: Vocabulary | None = None
    """The words, and after them the known local ones."""
    entry = "text"
    """Its kind of cell in a blank register: text, list, several, day or money."""
    hint = "文字"

    def read(self, text: str, today: date) -> Value:
        """Return the value that a person typed. Raises Misread."""
        return one_line(text)

    def says_nothing(self, text: str) -> bool:
        """Return whether a text leaves the box empty, as - and 无 do."""
        return len(text) <= _LONGEST_NOTHING and to_half_width(text) in NOTHING_WRITTEN

    def refined(self, local: Mapping[str, str], plain: Mapping[str, str] | None = None) -> "Kind":
        """Return the kind that takes other words too, each with the code that it counts under.

        Of a `plain` word only its code is kept.
        """
        return self

    def typed(self, cell: ReadCell) -> str:
        """Return a spreadsheet cell's content as if it had been typed. Raises Misread."""
        return typed_line(cell)

    def doubt(self, value: Value, today: date) -> Message | None:
        """Return a reason to ask again for a typed value, if there is one."""
        return None

    def same(self, one: Any, other: Any) -> bool:
        """Return whether two values say the same."""
        return bool(one == other)

    def parts(self, text: str) -> list[str]:
        """Return the answers in a text: one, except for kinds that take several words."""
        return [text]

    def stored(self, value: Any) -> Any:
        """Return the value of this kind for the value in a ledger's column."""
        return value

    def plain(self, value: Any, /) -> Any:
        """Return the value as JSON holds it."""
        return value

    def shown(self, value: Any) -> object:
        """Return the text for people in their language, or a word, or several words."""
        return str(self.plain(value))

    def printed(self, value: Any) -> str:
        """Return the text on a form, which is Chinese."""
        return str(self.plain(value))

    def mask(self, text: str, /) -> str:
        """Return a shown text with people hidden."""
        return mask_numbers(text)

    def hide(self, text: str, names: Names = NOBODY) -> str:
        """Return the text masked; an empty or erased one stays as it is.

        `names` are all the names that the ledger knows.
        """
        if text in ("", ERASED):
            return text
        return self.mask(names.mask(visible_form(text)) if self.names_people else text)


class LineOrNumber(Kind):
    """A line that may well be a number and nothing else."""

    numbered = True


class HalfWidth(Kind):
    """A name that the program gave, typed in any width."""

    def read(self, text: str, today: date) -> Value:
        return one_line(to_half_width(text))


class PeriodWords(Kind):
    """A reporting period as people say it: 上季度, 第三季度, 去年."""

    def read(self, text: str, today: date) -> Value:
        from ledger12315.boxes.spoken import spoken_period  # few commands take a period

        code = spoken_period(one_line(text), today)
        if re.fullmatch(r"(?a)\d{4}-[1-4]", to_half_width(code)):
            year, number = to_half_width(code).split("-")
            readings = month, quarter = f"{year}-0{number}", f"{year}Q{number}"
            raise Misread(
                "{text} is either the month {month} or the quarter {quarter}: write which",
                *readings,
                text=text,
                month=month,
                quarter=quarter,
            )
        return code


class FilePath(Kind):
    """The path of a file or folder, as long as the system allows."""

    metavar = "FILE"

    def read(self, text: str, today: date) -> Value:
        return Path(bounded_text(text, len(text)))


class Flag(Kind):
    """An option without a value; it is absent unless it is given."""

    metavar = ""

    def read(self, text: str, today: date) -> Value:
        return True


class Text(Kind):
    """Several lines of up to 5,000 characters."""

    mended = True

    def __init__(self, most: int = LONGEST_TEXT) -> None:
        self._most = most

    def read(self, text: str, today: date) -> Value:
        return bounded_text(text.replace("\r\n", "\n"), self._most, "\n\t")

    typed = staticmethod(typed_text)


class NamesPeople:
    """What people say, which may name some of them."""

    masked = erased = names_people = True
    mask = staticmethod(mask_numbers)


class Narrative(NamesPeople, Text):
    """A text that may name people."""


class NarrativeLine(NamesPeople, Kind):
    """A line that may name people."""


class Sentence(Kind):
    """A sentence of the program; its values are masked where it is made."""

    mask = staticmethod(str)


class Day(Kind):
    """A day up to today; one without its year is the latest such day."""

    metavar = "DATE"
    free = False
    entry = "day"
    hint = "日期，如 2026-09-28"
    numbered = True

    read = staticmethod(read_past_day)
    typed = staticmethod(typed_day)

    def stored(self, value: Any) -> Any:
        return date.fromisoformat(value) if value else None

    def plain(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    def printed(self, value: date) -> str:
        return f"{value.year}年{value.month}月{value.day}日"


class DayAhead(Day):
    """A day that may be in the future; without a year it is the next such day."""

    def read(self, text: str, today: date) -> date:
        return read_day(text, today, ahead=True)


class AnyDay(Day):
    """A day, past or future; one without its year is the latest up to today."""

    read = staticmethod(read_day)


class EventDay(Day):
    """A day of a receipt, a closing or a record, by which figures count; see `rules.doubts`."""


class ComplaintNumber(Kind):
    """`YYYY-NNNN`, with or without leading zeros; or words that identify a complaint."""

    free = False
    metavar = "NUMBER"

    def read(self, text: str, today: date) -> Value:
        with suppress(Misread):
            return complaint_number(text)
        half = to_half_width(text)
        return one_line(half if half.isascii() else text)

    def typed(self, cell: ReadCell) -> str:
        text = typed_line(cell)
        return text if text in NOTHING_WRITTEN else complaint_number(text)


class Several(Kind):
    """Several of one kind, a line for each; codes and numbers may be `listed`: P002、P003."""

    several = True

    def __init__(self, kind: Kind, listed: bool = False) -> None:
        self._kind, self._listed = kind, listed
        self.metavar, self.offered = kind.metavar, kind.offered

    def read(self, text: str, today: date) -> Value:
        each_typed = (each for line in text.splitlines() for each in self._in_line(line))
        return "\n".join(str(self._kind.read(each, today)) for each in each_typed)

    def _in_line(self, line: str) -> list[str]:
        parts = list[str]()
        for each in re.split(r"\s*[,;、]\s*", to_half_width(line)):
            words = each.split()
            # A phone may be written with blanks: 139 0000 1111.
            parts += words if len(phones_in(each)) >= len(words) else [each]
        codes = all(re.fullmatch(_CODE_OR_NUMBER, each) for each in parts)
        return parts if self._listed and codes else [line]


_CODE_OR_NUMBER = r"(?a)[A-Za-z]*\d+(-\d+)?"
_ANSWERS = {"1": True, "yes": True, "y": True, "是": True}
_ANSWERS |= {"2": False, "no": False, "n": False, "否": False}


class Check(Kind):
    """`yes` or `no` (是, 否; 1, 2), then the missing parts and a remark.

    A part of a word names every missing part that has it: 照片.
    """

    metavar = "yes|no"
    decides = numbered = True

    def __init__(self, particulars: Vocabulary) -> None:
        self._particulars = particulars

    def says_nothing(self, text: str) -> bool:
        return not text.strip()

    def read(self, text: str, today: date) -> Value:
        answer, remark = self._first(text)
        met = _ANSWERS.get(to_half_width(answer).casefold())
        if met is None:
            raise Misread(
                "{text} is neither yes nor no; a remark may follow, as in no: REMARK", text=text
            )
        lacking = []
        while not met and (words := self._named(self._first(remark)[0])):
            lacking += [word.code for word in words if word.code not in lacking]
            remark = self._first(remark)[1]
        said = str(LONG.read(remark, today)) if remark.strip() else None
        return Checked(met, ",".join(lacking) or None, said)

    def shown(self, value: Checked) -> object:
        if value.met:
            return Word("yes", "是", "yes")
        lacking = [self._particulars[each] for each in (value.lacking or "").split(",") if each]
        what = [*lacking, *filter(None, [value.remark])]
        return message("no: {what}", what=what) if what else Word("no", "否", "no")

    def _named(self, text: str) -> list[Word]:
        """Return the missing part of this name, or else those whose names contain the text."""
        if word := self._particulars.find(text):
            return [word]
        parts = self._particulars.values() if len(text) > 1 else ()
        return [each for each in parts if text in each.zh]

    @staticmethod
    def _first(text: str) -> list[str]:
        """Return the parts of a text before and after its first break."""
        return [*re.split(r"[\s:,;、\uff1a\uff0c\uff1b]+", text.strip(), maxsplit=1), ""][:2]


LINE, LONG, SENTENCE, NUMBERED = Kind(), Text(), Sentence(), LineOrNumber()
NARRATIVE, NARRATIVE_LINE = Narrative(), NarrativeLine()
HALF_WIDTH, PATH, FLAG, REPORTING_PERIOD = HalfWidth(), FilePath(), Flag(), PeriodWords()
DAY, EVENT_DAY, DAY_AHEAD, ANY_DAY = Day(), EventDay(), DayAhead(), AnyDay()
NUMBER = ComplaintNumber()
NUMBERS, LINES, PATHS = Several(NUMBER, listed=True), Several(LINE), Several(PATH)
