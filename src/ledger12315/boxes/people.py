"""The kinds of boxes for names, addresses and phones; those of consumers are masked."""

import re
from datetime import date
from typing import Any

from ledger12315.boxes.kinds import Kind, Person, Value
from ledger12315.boxes.masks import mask_file_number, mask_name, mask_phone_box
from ledger12315.boxes.names import (
    comparable_name,
    is_mobile,
    only_phones,
    phone_keys,
    phones_in,
    without_gaps,
)
from ledger12315.boxes.reading import Misread, one_line, to_half_width, typed_phone
from ledger12315.errors import Message, message
from ledger12315.words import TERMS, Word


class Name(Kind):
    """A consumer's name."""

    masked = erased = True
    mask = staticmethod(mask_name)

    def read(self, text: str, today: date) -> str:
        return without_gaps(one_line(text))

    def same(self, one: Value, other: Value) -> bool:
        return comparable_name(str(one)) == comparable_name(str(other))

    def doubt(self, value: Value, today: date) -> Message | None:
        name = str(value)
        if re.search(r"\d", name):
            return message("The name contains digits: is it only the name?")
        if "*" in name:
            return message("The name contains *, which hides letters: is no more known?")
        if re.search("[A-Za-z]", to_half_width(name)) and re.search("[\u4e00-\u9fff]", name):
            return message("The Chinese name contains Latin letters: is it right?")
        return None


class Address(Kind):
    """A consumer's address."""

    masked = erased = True

    def mask(self, text: str) -> str:
        return text[:3] + "****"


class Phone(Kind):
    """Phones as they were typed, in half width. Never shown in an error."""

    metavar = "PHONE"
    masked = erased = True
    hint = "电话，按文本填写，保留开头的0"

    def read(self, text: str, today: date) -> str:
        half = to_half_width(text)
        if not re.search(r"\d", half, re.A):
            raise Misread("it has no digits; leave it out if there is no phone")
        return one_line(half)

    def doubt(self, value: Value, today: date) -> Message | None:
        if only_phones(str(value)):
            return None
        return message(
            "It does not look like a phone number (11 digits, or an area code and 7 or 8 "
            "digits): is it right?"
        )

    def same(self, one: Value, other: Value) -> bool:
        return phone_keys(str(one)) == phone_keys(str(other))

    def printed(self, value: Any) -> str:
        """Return the phones below each other, as a form would break one of them."""
        return "\n".join(phones_in(str(value))) if only_phones(str(value)) else str(value)

    typed = staticmethod(typed_phone)
    mask = staticmethod(mask_phone_box)


class StaffData:
    """Names and phones of staff, which the point displays: neither masked nor erased. 三(二)2"""

    masked = erased = False
    mask = staticmethod(str)


class StaffName(StaffData, Name):
    """The name of somebody who handles complaints."""


class StaffPhone(StaffData, Phone):
    """The phone of somebody who handles complaints."""


class OnePerson(Kind):
    """A name, then what is known of phone, 专职 or 兼职, and badge number, each once."""

    metavar = '"NAME PHONE"'
    unit = Word("person", "姓名 电话", "name and phone")
    masked = True

    def read(self, text: str, today: date) -> Value:
        return self._person(text, today)

    def _person(self, text: str, today: date) -> Person:
        words = [each for each in re.split("[ \u00a0\u3000]", text.strip()) if each]
        follow = [_begins_as_phone(each) or TERMS.find(each) for each in words]
        later = (place for place, follows in enumerate(follow) if place and follows)
        first = next(later, len(words))
        name = NAME.read(" ".join(words[:first]), today)
        if joined := re.fullmatch(r"(\D*)\d{5}.*", to_half_width(name)):
            if not joined[1]:
                raise Misread("the name is missing: write it before the phone")
            raise Misread("put a space between the name and the phone")
        found: dict[str, str] = {}
        for each in words[first:]:
            key, value = self._part(each, "phone" in found, today)
            if key in found or (
                key == "badge" and not re.search("[0-9A-Za-z]", to_half_width(each))
            ):
                raise Misread(
                    "after the name you can give a phone, full-time or part-time, and a badge "
                    "number, each once"
                )
            found[key] = value
        return Person(name, found.get("phone"), found.get("terms"), found.get("badge"))

    def doubt(self, value: Value, today: date) -> Message | None:
        """Return the doubt about the first doubtful person."""
        people = value if isinstance(value, tuple) and not isinstance(value, Person) else (value,)
        for each in people:
            if isinstance(each, Person):
                phone = PHONE.doubt(each.phone, today) if each.phone else None
                if why := NAME.doubt(each.name, today) or phone:
                    return why
        return None

    @staticmethod
    def _part(word: str, has_phone: bool, today: date) -> tuple[str, str]:
        if term := TERMS.find(word):
            return "terms", term.code
        if not has_phone and _begins_as_phone(word):
            return "phone", PHONE.read(word, today)
        return "badge", one_line(word)

    def mask(self, text: str) -> str:
        def hidden(word: re.Match[str]) -> str:
            return (mask_phone_box if _begins_as_phone(word[0]) else mask_name)(word[0])

        return re.sub(r"[^\s;\uff1b]+", hidden, text)


def _begins_as_phone(word: str) -> bool:
    return to_half_width(word)[:1] in ("+", *"0123456789")


class Officer(StaffData, OnePerson):
    """Somebody who handles complaints."""


class Liaisons(Officer):
    """Several liaisons, separated by semicolons."""

    def read(self, text: str, today: date) -> Value:
        each = re.split("[;\uff1b]", text.strip(" ;\uff1b"))
        return tuple(self._person(one, today) for one in each)


class FileNumber(Kind):
    """The number of a file, a referral for example, in which a phone is typed by mistake."""

    mask = staticmethod(mask_file_number)

    def doubt(self, value: Value, today: date) -> Message | None:
        return (
            message("It looks like a mobile number: is this the right box?")
            if is_mobile(str(value))
            else None
        )


FILE_NUMBER = FileNumber()
NAME, STAFF_NAME, ADDRESS = Name(), StaffName(), Address()
PHONE, STAFF_PHONE = Phone(), StaffPhone()
PERSON, OFFICER, LIAISONS = OnePerson(), Officer(), Liaisons()


def persons(value: Value | None) -> tuple[Person, ...]:
    """Return the liaisons or the officer in a box; none if it is empty."""
    if isinstance(value, Person):
        return (value,)
    several = value if isinstance(value, tuple) else ()
    return tuple(each for each in several if isinstance(each, Person))
