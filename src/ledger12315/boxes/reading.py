"""What people type, read: days, money, numbers, phones, text. Each reader takes the text and today, and raises Misread."""

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import NamedTuple

from ledger12315.errors import Message
from ledger12315.words import TERMS, Vocabulary


class Person(NamedTuple):
    """A liaison, point officer or informant; all but the name may be empty."""

    name: str
    phone: str | None
    terms: str | None = None
    badge: str | None = None


class Checked(NamedTuple):
    """What an inspection found of one condition."""

    met: bool
    remark: str | None


Value = str | int | Person | tuple[Person, ...] | Checked
"""Text and words as str, days as ISO str, money in 分, areas in 0.01 m², counts as int."""
Reader = Callable[[str, date], Value]

MOST_FEN = 10**13
_SHORT, _LONG = 200, 5000


class Misread(ValueError):
    """Why a text cannot be read; who asked for it adds the box."""

    def __init__(self, text: str, /, **values: object) -> None:
        super().__init__(text)
        self.message = Message(text, values)


def folded(text: str) -> str:
    """`text` in half width, without blanks at its ends."""
    return unicodedata.normalize("NFKC", text).strip()


def _plain(text: str, most: int, allowed: str = "") -> str:
    stripped = text.strip()
    for place, character in enumerate(stripped, 1):
        category = unicodedata.category(character)
        if category == "Cs":
            raise Misread(
                "character {place} is not readable; the text is not in UTF-8", place=place
            )
        if character in "\r\n" and not allowed:
            raise Misread("it has a line break; write one line")
        if (category == "Cc" and character not in allowed) or ord(character) & 0xFFFE == 0xFFFE:
            raise Misread(
                "character {place} is a control character (U+{code}); leave it out",
                place=place,
                code=f"{ord(character):04X}",
            )
    if len(stripped) > most:
        raise Misread(
            "{length} characters are too many; at most {most} fit", length=len(stripped), most=most
        )
    if all(
        unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp") for character in stripped
    ):
        raise Misread("it is empty")
    return stripped


def short_text(text: str, _today: date) -> str:
    """One line of up to 200 characters."""
    return _plain(text, _SHORT)


def path(text: str, _today: date) -> str:
    """A file's path, of whichever length the system takes."""
    return _plain(text, len(text))


def long_text(text: str, _today: date, most: int = _LONG) -> str:
    """Up to 5,000 characters, line breaks allowed."""
    return _plain(text.replace("\r\n", "\n"), most, "\n\t")


def word(vocabulary: Vocabulary) -> Reader:
    """A reader of one of the vocabulary's words, in either language; gives its code."""

    def read(text: str, _today: date) -> str:
        found = vocabulary.find(text)
        if found is None:
            raise Misread("{text} is not one of its words: {words}", text=text, words=vocabulary)
        return found.code

    return read


def words(vocabulary: Vocabulary) -> Reader:
    """A reader of several words, put apart by commas or 、; gives their codes with commas."""
    one = word(vocabulary)

    def read(text: str, today: date) -> str:
        return ",".join(str(one(part, today)) for part in re.split(r"[,;、]\s*", folded(text)))

    return read


_PHONE = r"\+?\d[\d -]{3,18}\d(?:(?:转|x|ext\.?)\s?\d{1,6})?"


def phone(text: str, _today: date) -> str:
    """A phone number as it was typed, in half width; never shown in an error."""
    half = folded(text).replace("(", "").replace(")", "-").replace("‐", "-")
    if not re.fullmatch(_PHONE, half, re.I | re.A):
        raise Misread(
            "it is not a phone number; write digits, spaces and hyphens, such as 0591-12345678"
        )
    return half


def person(text: str, today: date) -> Person:
    """A name, and behind it as far as known: phone, 专职 or 兼职, badge number, each once."""
    words_ = [each for each in text.strip().split(" ") if each]
    later = (
        place
        for place, each in enumerate(words_)
        if place and (TERMS.find(each) or folded(each)[:1] in "+0123456789")
    )
    first = next(later, len(words_))
    found: dict[str, str] = {}
    name = short_text(" ".join(words_[:first]), today)
    if re.search(r"\d{5}", folded(name)):
        raise Misread("a phone sticks to the name; put a blank before it")
    for each in words_[first:]:
        if term := TERMS.find(each):
            key, value = "terms", term.code
        elif "phone" not in found and folded(each)[:1] in "+0123456789":
            key, value = "phone", phone(each, today)
        else:
            key, value = "badge", short_text(each, today)
        if key in found or (key == "badge" and not re.search("[0-9A-Za-z]", folded(each))):
            raise Misread(
                "behind the name come its phone, full-time or part-time, and a badge number, each once"
            )
        found[key] = value
    return Person(name, found.get("phone"), found.get("terms"), found.get("badge"))


def people(text: str, today: date) -> tuple[Person, ...]:
    """Several persons, put apart by semicolons."""
    return tuple(person(each, today) for each in re.split("[;\uff1b]", text.strip(" ;\uff1b")))


def checked(text: str, today: date) -> Checked:
    """`yes` or `no` (是, 否), and after a colon, comma or blank a remark."""
    answer, remark = [*re.split(r"[\s:,、\uff1a\uff0c]+", text.strip(), maxsplit=1), ""][:2]
    met = {"yes": True, "y": True, "是": True, "no": False, "n": False, "否": False}.get(
        folded(answer).casefold()
    )
    if met is None:
        raise Misread("{text} is neither yes nor no; a remark may follow, as no: REMARK", text=text)
    return Checked(met, long_text(remark, today) if remark.strip() else None)


_NUMBER = r"(\d{4})-(\d{1,6})"


def complaint_number(text: str, _today: date) -> str:
    """`YYYY-NNNN`, with or without its leading zeros."""
    found = re.fullmatch(_NUMBER, folded(text), re.A)
    if not found:
        raise Misread("{text} is not a complaint's number; numbers look like 2026-0012", text=text)
    return f"{found[1]}-{int(found[2]):04}"


_AMOUNT = r"¥?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(万)?元?"


def _hundredths(text: str, wrong: str) -> int:
    found = re.fullmatch(_AMOUNT, folded(text), re.A)
    if not found:
        raise Misread(wrong, text=text)
    places, decimals = (6 if found[3] else 2), found[2] or ""
    if len(decimals) > places:
        raise Misread("{text} has more than two decimals", text=text)
    exact = int(found[1].replace(",", "") + decimals.ljust(places, "0"))
    if exact > MOST_FEN:
        raise Misread("{text} is too large; at most {most} fit", text=text, most=yuan(MOST_FEN))
    return exact


def money(text: str, _today: date) -> int:
    """Yuan with at most two decimals, or `50万`; gives 分."""
    return _hundredths(text, "{text} is not an amount in yuan; write 299, 299.00 or 50万")


def yuan(fen: int) -> str:
    """分 as yuan with two decimals, as JSON and tables show it; a difference may be less than nothing."""
    return f"{'-' * (fen < 0)}{abs(fen) // 100}.{abs(fen) % 100:02}"


def area(text: str, _today: date) -> int:
    """Square metres with at most two decimals; gives 0.01 m²."""
    return _hundredths(
        re.sub(r"(㎡|m²|m2|平方米|平米)$", "", folded(text), flags=re.I),
        "{text} is not an area in m²; write 200 or 199.99",
    )


def count(text: str, _today: date) -> int:
    """A whole number from 1 to 1,000,000."""
    half = folded(text)
    if not re.fullmatch(r"[0-9]{1,7}", half) or not 1 <= int(half) <= 1_000_000:
        raise Misread("{text} is not a whole number from 1 to 1,000,000", text=text)
    return int(half)


def stalls(text: str, today: date) -> int:
    """A whole number of stalls, 0 included."""
    return 0 if re.fullmatch("0+", folded(text)) else count(text, today)


def grade(text: str, _today: date) -> int:
    """The As of a scenic area: AAA, 3A or aaa give 3."""
    half = folded(text).upper()
    if not re.fullmatch("A{1,5}|[1-5]A", half):
        raise Misread("{text} is not a grade; write A to AAAAA, or 3A", text=text)
    return len(half) if half[0] == "A" else int(half[0])


_FULL_DAY = r"((?:19|20|21)\d\d)(?:-(\d\d?)-(\d\d?)|/(\d\d?)/(\d\d?)|\.(\d\d?)\.(\d\d?)|(\d\d)(\d\d)|年(\d\d?)月(\d\d?)日)"
_SHORT_DAY = r"(\d\d?)(?:-(\d\d?)|月(\d\d?)日)"
_DAYS_AGO = r"-(\d{1,4})[dD]"
_NAMED = {"today": 0, "今天": 0, "yesterday": 1, "昨天": 1}


def past_day(text: str, today: date) -> str:
    """A day up to today, as ISO text; `9-28` is the latest such day."""
    day = _day(text, today, -1)
    if day > today:
        raise Misread("{day} lies in the future (today is {today})", day=day, today=today)
    return day.isoformat()


def day_of_view(text: str, today: date) -> str:
    """A day as of which to look, as ISO text: it may lie ahead, but `9-28` is the latest such day."""
    return _day(text, today, -1).isoformat()


def any_day(text: str, today: date) -> str:
    """A day that may lie ahead, as ISO text; `9-28` is the next such day."""
    return _day(text, today, 1).isoformat()


def _day(text: str, today: date, direction: int) -> date:
    half = folded(text).lower()
    if half in _NAMED:
        return today - timedelta(days=_NAMED[half])
    if found := re.fullmatch(_DAYS_AGO, half, re.A):
        return today - timedelta(days=int(found[1]))
    found = re.fullmatch(_FULL_DAY, half, re.A) or re.fullmatch(_SHORT_DAY, half, re.A)
    if not found:
        raise Misread(
            "{text} is not a day that can be read in one way only; write it as 2026-09-28, or 9-28",
            text=text,
        )
    *year, month, day = (int(part) for part in found.groups() if part)
    if year and year[0] < 1990:
        raise Misread("{text} lies before 1990", text=text)
    # 29 February can be eight years away.
    for each in year or range(today.year, today.year + 9 * direction, direction):
        with suppress(ValueError):
            near = date(each, month, day)
            if year or (near - today).days * direction >= 0:
                return near
    raise Misread("{text} is not a day of the calendar", text=text)
