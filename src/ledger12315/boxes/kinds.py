"""The kinds of boxes. A kind is one object: how a value is read, shown, printed, masked.

It also says how a spreadsheet holds the value, and whether the value is somebody's personal data.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple

from ledger12315.boxes.cells import (
    NOTHING,
    Cell,
    typed_amount,
    typed_day,
    typed_line,
    typed_phone,
    typed_text,
)
from ledger12315.boxes.masking import (
    NOBODY,
    Names,
    mask_name,
    mask_phone,
    mask_phones,
    mask_text,
)
from ledger12315.boxes.reading import (
    LONGEST_LINE,
    LONGEST_TEXT,
    Misread,
    bounded_text,
    complaint_number,
    folded,
    hundredths,
    read_day,
    read_past_day,
    yuan,
)
from ledger12315.errors import Message, message
from ledger12315.words import ERASED, TERMS, Vocabulary, Word


class Person(NamedTuple):
    """A liaison, point officer or informant; all but the name may be empty."""

    name: str
    phone: str | None
    terms: str | None = None
    badge: str | None = None


class Checked(NamedTuple):
    """What an inspection found of one condition; what it lacks as codes with commas."""

    met: bool
    lacking: str | None
    remark: str | None


class Local(str):
    """The code of a fixed word, or of several, for which a local word was said."""

    word: str

    def __new__(cls, code: str, word: str) -> "Local":
        made = super().__new__(cls, code)
        made.word = word
        return made


class UnknownWord(Misread):
    """A text that is no word of its box."""

    @property
    def word(self) -> str:
        """The text."""
        return str(self.message.values["text"])


Value = str | int | date | Person | tuple[Person, ...] | Checked
"""Texts and words as str, money in 分, areas in 0.01 m², counts as int."""


class Kind:
    """One line of up to 200 characters, and what all kinds have in common."""

    metavar = "TEXT"
    right = False
    """Whether it stands at the right of its column, as figures do."""
    masked = False
    """Whether it is hidden unless somebody asks to see it."""
    names_people = False
    """Whether it may name anybody, and so is masked by all names that are known."""
    erased = False
    """Whether it is removed when personal data are erased."""
    as_stored = True
    """Whether JSON holds the value as the program does, but for days, which JSON has as text."""
    words: Vocabulary | None = None
    several = False
    """Whether a command takes several of it."""
    unit: Word | None = None
    """What its numbers count."""
    digits = False
    """Whether it is typed in digits, so that none of them can choose an offer."""
    offered: Vocabulary | None = None
    """The words, and after them the local ones that are known."""
    entry = "text"
    """How a blank register takes it: text, list, several, day or money."""
    hint = "文字"

    def read(self, text: str, today: date) -> Value:
        """Return the value that a person typed. Raises Misread."""
        return bounded_text(text, LONGEST_LINE)

    def refined(self, local: Mapping[str, str], plain: Mapping[str, str] | None = None) -> "Kind":
        """Return the kind that takes other words too, each with the code that it counts under.

        Of the `plain` ones nothing but the code is kept.
        """
        return self

    def typed(self, cell: Cell) -> str:
        """Return what stands in a spreadsheet's cell as if it had been typed. Raises Misread."""
        return typed_line(cell)

    def doubt(self, value: Value, today: date) -> Message | None:
        """Return why a value that somebody typed is worth asking for once more, if it is."""
        return None

    def parts(self, text: str) -> list[str]:
        """Return the answers that stand in a text; one, but for several words."""
        return [text]

    def stored(self, value: Any) -> Any:
        """Return the value of a column of the ledger."""
        return value

    def plain(self, value: Any) -> Any:
        """Return the value as JSON holds it."""
        return value

    def shown(self, value: Any) -> object:
        """Return what people read in their language: a text, a word or several words."""
        return str(self.plain(value))

    def printed(self, value: Any) -> str:
        """Return the text on a form, which is Chinese."""
        return str(self.plain(value))

    def mask(self, text: str, names: Names) -> str:
        """Return a shown text with people hidden; `names` are all that are known."""
        return mask_phones(text)

    def hide(self, text: str, names: Names = NOBODY) -> str:
        """Return the text masked; what is empty or erased stays as it is."""
        return text if text in ("", ERASED) else self.mask(text, names)


class HalfWidth(Kind):
    """A name that the program gave, typed in any width."""

    def read(self, text: str, today: date) -> Value:
        return bounded_text(folded(text), LONGEST_LINE)


class Path(Kind):
    """A file's path, of whichever length the system takes."""

    def read(self, text: str, today: date) -> Value:
        return bounded_text(text, len(text))


class Text(Kind):
    """Several lines of up to 5,000 characters."""

    def __init__(self, most: int = LONGEST_TEXT) -> None:
        self._most = most

    def read(self, text: str, today: date) -> Value:
        return bounded_text(text.replace("\r\n", "\n"), self._most, "\n\t")

    def typed(self, cell: Cell) -> str:
        return typed_text(cell)


class Narrative(Text):
    """A text that may name people."""

    masked = erased = names_people = True

    def mask(self, text: str, names: Names) -> str:
        return mask_text(text, names)


class Sentence(Kind):
    """What the program says; its values are masked where it is made."""

    masked = True

    def mask(self, text: str, names: Names) -> str:
        return text


class Name(Kind):
    """A consumer's name."""

    masked = erased = True

    def doubt(self, value: Value, today: date) -> Message | None:
        if re.search(r"\d", str(value)):
            return message("There are digits in the name: is it the name alone?")
        return None

    def mask(self, text: str, names: Names) -> str:
        return mask_name(text)


class StaffName(Name):
    """The name of somebody who handles complaints, which is on the wall of the point. 三(二)2"""

    masked = erased = False

    def mask(self, text: str, names: Names) -> str:
        return text


class Address(Kind):
    """A consumer's address."""

    masked = erased = True

    def mask(self, text: str, names: Names) -> str:
        return text[:3] + "****"


class Phone(Kind):
    """A phone number as it was typed, in half width; never shown in an error.

    A mobile has 11 digits; a fixed line an area code and 7 or 8, or these alone, and then perhaps
    an extension. Numbers of other countries and of services stay as they are.
    """

    metavar = "PHONE"
    masked = erased = True
    hint = "电话，按文本填写，保留开头的0"
    _FORMS = (
        r"(?:\+86[ -]*)?1[3-9](?:[ -]*\d){9}",
        r"(?:0|\+86[ -]*)(?:10|2\d|[3-9]\d\d)(?:[ -]*\d){7,8}(?:-\d{1,5})?",
        r"[2-9](?:[ -]*\d){6,7}(?:-\d{1,5})?",
        r"(?:1[0-2]\d{1,4}|9[56]\d{3,6}|[48]00(?:[ -]*\d){7})",
        r"\+(?!86)\d(?:[ -]*\d){6,14}",
    )
    _INNER = r"(?:(?:转|x|ext\.?)\s?\d{1,6})?"
    # Most are of the first form: it alone is soon compiled.

    def read(self, text: str, today: date) -> str:
        half = folded(text).replace("(", "").replace(")", "-")
        if not any(re.fullmatch(form + self._INNER, half, re.I | re.A) for form in self._FORMS):
            raise Misread(
                "it is not a phone number: a mobile has 11 digits,"
                " a fixed line an area code and 7 or 8, such as 0591-12345678"
            )
        return half

    def typed(self, cell: Cell) -> str:
        return typed_phone(cell)

    def mask(self, text: str, names: Names) -> str:
        return mask_phone(text)


class StaffPhone(Phone):
    """The phone of somebody who handles complaints, which is on the wall with the name."""

    masked = erased = False

    def mask(self, text: str, names: Names) -> str:
        return text


class OneWord(Kind):
    """One of a vocabulary's words, in either language; kept as its code."""

    metavar = "WORD"
    entry = "list"
    hint = "从列表中选择"
    words: Vocabulary
    offered: Vocabulary

    def __init__(
        self,
        words: Vocabulary,
        local: Mapping[str, str] | None = None,
        plain: Mapping[str, str] | None = None,
    ) -> None:
        self.words, self._local, self._plain = words, local or {}, plain or {}
        more = (Word(word, word, word) for word in {**self._local, **self._plain})
        self.offered = Vocabulary(*words.values(), *more)

    def refined(
        self, local: Mapping[str, str], plain: Mapping[str, str] | None = None
    ) -> "OneWord":
        return type(self)(self.words, local, plain)

    def read(self, text: str, today: date) -> Value:
        return self._code(text)

    def _code(self, text: str) -> str:
        found = self.offered.find(text)
        if found is None:
            raise UnknownWord(
                "{text} is not one of its words: {words}", text=text, words=self.offered
            )
        if code := self._plain.get(found.code):
            return code
        code = self._local.get(found.code)
        return Local(code, found.code) if code else found.code

    def shown(self, value: Any) -> object:
        return self.words.get(value, value)

    def printed(self, value: Any) -> str:
        return self.words[value].zh if value in self.words else str(value)


class SeveralWords(OneWord):
    """Several of a vocabulary's words, put apart by commas or 、; kept as codes with commas."""

    entry = "several"

    def read(self, text: str, today: date) -> Value:
        codes = [self._code(part) for part in self._split(text)]
        said = ",".join(spelled(code) for code in codes)
        whole = ",".join(codes)
        return whole if said == whole else Local(whole, said)

    def parts(self, text: str) -> list[str]:
        return [
            part for each in self._split(text) for part in (each if each.isdecimal() else [each])
        ]

    @staticmethod
    def _split(text: str) -> list[str]:
        return re.split(r"[,;、]\s*", folded(text))

    def shown(self, value: Any) -> object:
        words = [super(SeveralWords, self).shown(code) for code in value.split(",")]
        return words if len(words) > 1 else words[0]

    def printed(self, value: Any) -> str:
        return "、".join(map(super().printed, value.split(",")))


def spelled(value: str) -> str:
    """Return the local word that was said, or else the code."""
    return value.word if isinstance(value, Local) else value


class Day(Kind):
    """A day up to today; one without its year is the latest such day."""

    metavar = "DATE"
    entry = "day"
    hint = "日期，如 2026-09-28"
    _UNDOUBTED = 30  # days back

    def read(self, text: str, today: date) -> Value:
        return read_past_day(text, today)

    def typed(self, cell: Cell) -> str:
        return typed_day(cell)

    def doubt(self, value: Value, today: date) -> Message | None:
        if isinstance(value, date) and (today - value).days > self._UNDOUBTED:
            days = (today - value).days
            return message("{day} is {days} days back: is it right?", day=value, days=days)
        return None

    def stored(self, value: Any) -> Any:
        return date.fromisoformat(value) if value else None

    def plain(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    def printed(self, value: date) -> str:
        return f"{value.year}年{value.month}月{value.day}日"


class DayAhead(Day):
    """A day that may lie ahead; one without its year is the next such day."""

    def read(self, text: str, today: date) -> Value:
        return read_day(text, today, ahead=True)


class OldDay(Day):
    """A day up to today that may well be long ago."""

    def doubt(self, value: Value, today: date) -> Message | None:
        return None


class Money(Kind):
    """Yuan with at most two decimals, or 50万; kept in 分."""

    metavar = "YUAN"
    unit = Word("yuan", "元", "yuan")
    right = True
    as_stored = False
    entry = "money"
    hint = "金额（元），最多两位小数"

    def read(self, text: str, today: date) -> Value:
        return hundredths(text, "{text} is not an amount in yuan; write 299, 299.00 or 50万")

    def typed(self, cell: Cell) -> str:
        return typed_amount(cell)

    def plain(self, value: Any) -> Any:
        return yuan(value)

    def printed(self, value: Any) -> str:
        return f"{yuan(value)}元"


class Area(Money):
    """Square metres with at most two decimals; kept in 0.01 m²."""

    metavar = "M2"
    unit = Word("m2", "平方米", "m²")
    entry = "text"

    def read(self, text: str, today: date) -> Value:
        number = re.sub(r"(㎡|m²|m2|平方米|平米|平方|平)$", "", folded(text), flags=re.I)
        return hundredths(number, "{text} is not an area in m²; write 200 or 199.99")

    def printed(self, value: Any) -> str:
        return f"{yuan(value)}m²"


class Count(Kind):
    """A whole number from 1 to 1,000,000."""

    metavar = "N"
    right = True
    least = 1

    def read(self, text: str, today: date) -> int:
        half = folded(text)
        if self.least == 0 and re.fullmatch("0+", half):
            return 0
        if not re.fullmatch(r"[0-9]{1,7}", half) or not 1 <= int(half) <= 1_000_000:
            raise Misread("{text} is not a whole number from 1 to 1,000,000", text=text)
        return int(half)


class CountOrNone(Count):
    """A whole number, 0 included."""

    least = 0


class Grade(Kind):
    """The As of a scenic area: AAA, 3A or aaa give 3."""

    metavar = "AAA"
    as_stored = False

    def read(self, text: str, today: date) -> Value:
        half = folded(text).upper()
        if not re.fullmatch("A{1,5}|[1-5]A", half):
            raise Misread("{text} is not a grade; write A to AAAAA, or 3A", text=text)
        return len(half) if half[0] == "A" else int(half[0])

    def plain(self, value: Any) -> Any:
        return "A" * value


class ComplaintNumber(Kind):
    """`YYYY-NNNN`, with or without its leading zeros; or what people know of a complaint."""

    metavar = "NUMBER"
    digits = True

    def read(self, text: str, today: date) -> Value:
        with suppress(Misread):
            return complaint_number(text)
        half = folded(text)
        return bounded_text(half if half.isascii() else text, LONGEST_LINE)

    def typed(self, cell: Cell) -> str:
        text = typed_line(cell)
        return text if text in NOTHING else complaint_number(text)


class Several(Kind):
    """Several of one kind, a line for each."""

    several = True

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self.metavar, self.digits = kind.metavar, kind.digits

    def read(self, text: str, today: date) -> Value:
        return "\n".join(str(self._kind.read(each, today)) for each in text.splitlines())


class OnePerson(Kind):
    """A name, and behind it as far as known: phone, 专职 or 兼职, badge number, each once."""

    metavar = '"NAME PHONE"'
    masked = True

    def read(self, text: str, today: date) -> Value:
        return self._person(text, today)

    def _person(self, text: str, today: date) -> Person:
        words = [each for each in text.strip().split(" ") if each]
        later = (place for place, each in enumerate(words) if place and _follows_a_name(each))
        first = next(later, len(words))
        name = bounded_text(" ".join(words[:first]), LONGEST_LINE)
        if re.search(r"\d{5}", folded(name)):
            raise Misread("a phone sticks to the name; put a blank before it")
        found: dict[str, str] = {}
        for each in words[first:]:
            key, value = self._part(each, "phone" in found, today)
            if key in found or (key == "badge" and not re.search("[0-9A-Za-z]", folded(each))):
                raise Misread(
                    "behind the name come its phone, full-time or part-time,"
                    " and a badge number, each once"
                )
            found[key] = value
        return Person(name, found.get("phone"), found.get("terms"), found.get("badge"))

    @staticmethod
    def _part(word: str, has_phone: bool, today: date) -> tuple[str, str]:
        if term := TERMS.find(word):
            return "terms", term.code
        if not has_phone and _begins_as_phone(word):
            return "phone", PHONE.read(word, today)
        return "badge", bounded_text(word, LONGEST_LINE)

    def mask(self, text: str, names: Names) -> str:
        def hidden(word: re.Match[str]) -> str:
            return (mask_phone if _begins_as_phone(word[0]) else mask_name)(word[0])

        return re.sub(r"[^\s;\uff1b]+", hidden, text)


def _begins_as_phone(word: str) -> bool:
    return folded(word)[:1] in ("+", *"0123456789")


def _follows_a_name(word: str) -> bool:
    return _begins_as_phone(word) or TERMS.find(word) is not None


class Officer(OnePerson):
    """Somebody who handles complaints."""

    masked = False

    def mask(self, text: str, names: Names) -> str:
        return text


class Liaisons(Officer):
    """Several of them, put apart by semicolons."""

    def read(self, text: str, today: date) -> Value:
        each = re.split("[;\uff1b]", text.strip(" ;\uff1b"))
        return tuple(self._person(one, today) for one in each)


_ANSWERS = {"yes": True, "y": True, "是": True, "no": False, "n": False, "否": False}


class Check(Kind):
    """`yes` or `no` (是, 否), and after a colon, comma or blank what is lacking, and a remark."""

    metavar = "yes|no"

    def __init__(self, particulars: Vocabulary) -> None:
        self._particulars = particulars

    def read(self, text: str, today: date) -> Value:
        answer, remark = self._first(text)
        met = _ANSWERS.get(folded(answer).casefold())
        if met is None:
            raise Misread(
                "{text} is neither yes nor no; a remark may follow, as no: REMARK", text=text
            )
        lacking = []
        while not met and (word := self._particulars.find(self._first(remark)[0])):
            lacking.append(word.code)
            remark = self._first(remark)[1]
        said = str(LONG.read(remark, today)) if remark.strip() else None
        return Checked(met, ",".join(lacking) or None, said)

    @staticmethod
    def _first(text: str) -> list[str]:
        """Return what stands before the first break of a text, and what after it."""
        return [*re.split(r"[\s:,;、\uff1a\uff0c\uff1b]+", text.strip(), maxsplit=1), ""][:2]


LINE, LONG, NARRATIVE, PATH, SENTENCE = Kind(), Text(), Narrative(), Path(), Sentence()
HALF_WIDTH = HalfWidth()
NAME, STAFF_NAME, ADDRESS = Name(), StaffName(), Address()
PHONE, STAFF_PHONE = Phone(), StaffPhone()
DAY, OLD_DAY, DAY_AHEAD = Day(), OldDay(), DayAhead()
MONEY, AREA, COUNT, COUNT_OR_NONE, GRADE = Money(), Area(), Count(), CountOrNone(), Grade()
NUMBER, PERSON = ComplaintNumber(), OnePerson()
OFFICER, LIAISONS = Officer(), Liaisons()
NUMBERS, LINES = Several(NUMBER), Several(LINE)
