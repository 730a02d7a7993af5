"""Known answers that are offered while somebody types."""

import os
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from ledger12315.boxes.names import compared
from ledger12315.boxes.reading import folded

# Whole words are dear to load, and every reading of a character is good here. It is loaded before
# the first question: at the first letter somebody would wait for it.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
from pypinyin import Style, pinyin

MOST = 9
"""So many are offered at once, one for each digit."""


class Offer(NamedTuple):
    """An answer, and how it is shown where that is more."""

    text: str
    seen: str = ""

    @property
    def shown(self) -> str:
        """The text that is shown, and in which what was typed is looked for."""
        return self.seen or self.text


def matching(offers: Iterable[Offer], typed: str) -> list[Offer]:
    """Return the offers that begin with what was typed, then those that hold it.

    Letters stand for themselves, or for the first ones of the characters' pinyin.
    """
    wanted = compared(typed)
    places = [(place, offer) for offer in offers if (place := _place(offer.shown, wanted)) >= 0]
    return [offer for _, offer in sorted(places, key=lambda each: each[0] > 0)]


def numbers(count: int) -> list[str]:
    """Return the digits that choose offers; the tenth of ten is chosen by 0."""
    return [str(place) if count != 10 else str(place)[-1] for place in range(1, count + 1)]


def listed(offers: Sequence[Offer]) -> list[str]:
    """Return the offers as they are shown, with their numbers."""
    pairs = zip(numbers(len(offers)), offers, strict=True)
    return [f"{number} {offer.shown}" for number, offer in pairs]


def chosen(offers: Sequence[Offer], typed: str) -> Offer | None:
    """Return the offer whose number was typed."""
    pairs = zip(numbers(len(offers)), offers, strict=True)
    return dict(pairs).get(folded(typed))


def in_letters(typed: str) -> bool:
    """Return whether small letters were typed, which stand for characters."""
    half = folded(typed)
    return half.isascii() and half.isalpha() and half.islower()


@lru_cache(maxsize=1 << 16)
def _place(name: str, wanted: str) -> int:
    """Return where a name holds the text or its initials; below 0 if nowhere."""
    held = compared(name)
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
    """Return the letters with which a character's readings begin; of others the character."""
    if character.isascii():
        return character
    return "".join(pinyin(character, style=Style.FIRST_LETTER, heteronym=True)[0])
