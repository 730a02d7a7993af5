"""Known answers offered while somebody types, each chosen by a sign."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from ledger12315.boxes.names import comparable_name
from ledger12315.boxes.reading import to_half_width
from ledger12315.cli.face.terminals import Offer

# Whole words are slow to load, and any reading of a character will do. It is loaded before the
# first question, as otherwise the first letter would have to wait.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
from pypinyin import Style, pinyin

MOST = 9
"""The most offers that are not fixed words, one for each digit."""


class Offers:
    """The offers of one question; their signs do not change meanwhile.

    All of `fixed` words are offered, and one of them has to be chosen.
    """

    def __init__(self, offers: Iterable[Offer], fixed: bool) -> None:
        self._fixed = fixed
        self.every = [*_offers_with_signs([*offers], fixed)]
        self.by_sign = {each.sign: each for each in self.every if each.sign}

    def listed(self, typed: str = "") -> list[Offer]:
        """Return the offers for the typed text, the likeliest first."""
        half = to_half_width(typed)
        start, digits = _split_digits(half)
        if not half:
            found = self.every
        elif not start:
            begun = [each for each in self.every if each.sign.startswith(digits)]
            holding = [each for each in matching_offers(self.every, half) if each not in begun]
            found = [*sorted(begun, key=lambda each: each.sign != digits), *holding]
        else:
            found = matching_offers(self.every, half) or self._narrowed(start, digits)
        return found if self._fixed else found[:MOST]

    @property
    def unlisted(self) -> int:
        """The number of offers that are not listed until something is typed."""
        return len(self.every) - len(self.listed())

    def taken(self, typed: str) -> Offer | None:
        """Return the offer that Enter chooses for a typed text, if any.

        It is the offer whose sign was typed, alone or after the text that narrowed the list; else
        the first that fits a fixed word or small letters.
        """
        half = to_half_width(typed)
        if offer := self.by_sign.get(half):
            return offer
        if any(comparable_name(each.text) == comparable_name(half) for each in self.every):
            return None
        start, digits = _split_digits(half)
        if offer := next(iter(self._narrowed(start, digits)), None):
            return offer if offer.sign == digits else None
        if self._fixed or in_letters(half):
            return next(iter(matching_offers(self.every, half)), None)
        return None

    def _narrowed(self, start: str, digits: str) -> list[Offer]:
        """Return the offers that fit the text before the first digits of a sign, that sign first.

        After letters of a name, as in iPhone7, digits belong to the name.
        """
        own = re.search("[0-9A-Za-z]$", start) and not in_letters(start)
        if not (start and digits) or (own and not self._fixed):
            return []
        begun = (
            each for each in matching_offers(self.every, start) if each.sign.startswith(digits)
        )
        return sorted(begun, key=lambda each: each.sign != digits)


def _offers_with_signs(offers: Sequence[Offer], fixed: bool) -> Iterator[Offer]:
    """Yield offers, numbered where they have no sign; the tenth of ten is 0."""
    for place, offer in enumerate(offers, 1):
        digit = "0" if place == len(offers) == 10 else str(place)
        has_none = not offer.sign and (fixed or place <= MOST)
        yield offer._replace(sign=digit) if has_none else offer


def _split_digits(half: str) -> tuple[str, str]:
    """Return the text before its last digits, and these digits."""
    start = half.rstrip("0123456789")
    return start.rstrip(), half[len(start) :]


def matching_offers(offers: Iterable[Offer], typed: str) -> list[Offer]:
    """Return the offers that begin with the typed text, then those that contain it.

    Letters match themselves, or the first letters of the characters' pinyin.
    """
    wanted = comparable_name(typed)
    places = [
        (place, offer) for offer in offers if (place := _place_of_match(offer.shown, wanted)) >= 0
    ]
    return [offer for _, offer in sorted(places, key=lambda each: each[0] > 0)]


def in_letters(half: str) -> bool:
    """Return whether a text is in small letters, which mean pinyin initials."""
    return half.isascii() and half.isalpha() and half.islower()


@lru_cache(maxsize=1 << 16)
def _place_of_match(name: str, wanted: str) -> int:
    """Return the place of a text or of pinyin initials in a name; below 0 if none."""
    held = comparable_name(name)
    place = held.find(wanted)
    if place >= 0 or not (wanted.isascii() and wanted.isalpha()):
        return place
    letters = [_initials(each) for each in held]
    for start in range(len(letters) - len(wanted) + 1):
        if all(map(str.__contains__, letters[start:], wanted)):
            return start
    return -1


@cache
def _initials(character: str) -> str:
    """Return the first letters of a character's readings; for ASCII the character itself."""
    if character.isascii():
        return character
    return "".join(pinyin(character, style=Style.FIRST_LETTER, heteronym=True)[0])
