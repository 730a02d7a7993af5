"""The kinds of boxes that say who somebody is: a consumer's are masked, not those on the wall."""

import re
from datetime import date

from ledger12315.boxes.cells import typed_phone
from ledger12315.boxes.kinds import Kind, Person, Value
from ledger12315.boxes.masking import mask_name, mask_phone
from ledger12315.boxes.reading import Misread, folded, one_line
from ledger12315.errors import Message, message
from ledger12315.words import TERMS, Word


class Name(Kind):
    """A consumer's name."""

    masked = erased = True
    mask = staticmethod(mask_name)

    def doubt(self, value: Value, today: date) -> Message | None:
        if re.search(r"\d", str(value)):
            return message("There are digits in the name: is it the name alone?")
        return None


class Address(Kind):
    """A consumer's address."""

    masked = erased = True

    def mask(self, text: str) -> str:
        return text[:3] + "****"


class Phone(Kind):
    """A phone number as it was typed, in half width; never shown in an error.

    A mobile has 11 digits; a fixed line an area code and 7 or 8, or these alone, and then perhaps
    an extension. Numbers of other countries and of services stay as they are.
    """

    metavar = "PHONE"
    masked = erased = True
    hint = "电话，按文本填写，保留开头的0"
    # Tried one after another: most are mobiles, and that form alone is soon compiled.
    _FORMS = (
        r"(?:\+86[ -]*)?1[3-9](?:[ -]*\d){9}",
        r"(?:0|\+86[ -]*)(?:10|2\d|[3-9]\d\d)(?:[ -]*\d){7,8}(?:-\d{1,5})?",
        r"[2-9](?:[ -]*\d){6,7}(?:-\d{1,5})?",
        r"(?:1[0-2]\d{1,4}|9[56]\d{3,6}|[48]00(?:[ -]*\d){7})",
        r"\+(?!86)\d(?:[ -]*\d){6,14}",
    )
    _INNER = r"(?:(?:转|x|ext\.?)\s?\d{1,6})?"

    def read(self, text: str, today: date) -> str:
        half = folded(text).replace("(", "").replace(")", "-")
        if not any(re.fullmatch(form + self._INNER, half, re.I | re.A) for form in self._FORMS):
            raise Misread(
                "it is not a phone number: a mobile has 11 digits,"
                " a fixed line an area code and 7 or 8, such as 0591-12345678"
            )
        return half

    typed = staticmethod(typed_phone)
    mask = staticmethod(mask_phone)


class _OnTheWall:
    """What is on the wall of the point, of whoever handles complaints. 三(二)2"""

    masked = erased = False
    mask = staticmethod(str)


class StaffName(_OnTheWall, Name):
    """The name of somebody who handles complaints."""


class StaffPhone(_OnTheWall, Phone):
    """The phone of somebody who handles complaints."""


class OnePerson(Kind):
    """A name, and behind it as far as known: phone, 专职 or 兼职, badge number, each once."""

    metavar = '"NAME PHONE"'
    unit = Word("person", "姓名 电话", "name and phone")
    masked = True

    def read(self, text: str, today: date) -> Value:
        return self._person(text, today)

    def _person(self, text: str, today: date) -> Person:
        words = [each for each in text.strip().split(" ") if each]
        follow = [_begins_as_phone(each) or TERMS.find(each) for each in words]
        later = (place for place, follows in enumerate(follow) if place and follows)
        first = next(later, len(words))
        name = one_line(" ".join(words[:first]))
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
        return "badge", one_line(word)

    def mask(self, text: str) -> str:
        def hidden(word: re.Match[str]) -> str:
            return (mask_phone if _begins_as_phone(word[0]) else mask_name)(word[0])

        return re.sub(r"[^\s;\uff1b]+", hidden, text)


def _begins_as_phone(word: str) -> bool:
    return folded(word)[:1] in ("+", *"0123456789")


class Officer(_OnTheWall, OnePerson):
    """Somebody who handles complaints."""


class Liaisons(Officer):
    """Several of them, put apart by semicolons."""

    def read(self, text: str, today: date) -> Value:
        each = re.split("[;\uff1b]", text.strip(" ;\uff1b"))
        return tuple(self._person(one, today) for one in each)


NAME, STAFF_NAME, ADDRESS = Name(), StaffName(), Address()
PHONE, STAFF_PHONE = Phone(), StaffPhone()
PERSON, OFFICER, LIAISONS = OnePerson(), Officer(), Liaisons()
