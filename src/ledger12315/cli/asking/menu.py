"""The menu of a question, and how a typed answer is read: one rule for all questions."""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from ledger12315.boxes import Box
from ledger12315.boxes.kinds import Kind
from ledger12315.boxes.masks import mask_numbers
from ledger12315.boxes.names import comparable_name
from ledger12315.boxes.reading import to_half_width
from ledger12315.cli.face.lines import BACK
from ledger12315.cli.face.prompts import Offer
from ledger12315.errors import Message, message
from ledger12315.locale import render
from ledger12315.words import Vocabulary

# Whole words are slow to load, and any reading of a character will do. It is loaded before the
# first question, as otherwise the first letter would have to wait.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
from pypinyin import Style, pinyin

MOST = 9
"""The most offers that are not fixed words, one for each digit."""
EMPTY = "-"
HOW_TO_ANSWER = message(
    "Every answer ends with Enter; a digit picks the offer beside it. < goes back, Ctrl-C leaves."
)
_LEAST_LETTERS = 2


class Menu:
    """The offers of one question; their signs do not change meanwhile.

    All of `fixed` words are offered, and one of them has to be chosen.
    """

    def __init__(self, offers: Iterable[Offer], fixed: bool) -> None:
        self.fixed = fixed
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
        return found if self.fixed else found[:MOST]

    @property
    def unlisted(self) -> int:
        """The number of offers that are not listed until something is typed."""
        return len(self.every) - len(self.listed())

    def chosen(self, half: str) -> Offer | None:
        """Return the offer whose sign was typed, alone or after text that narrows the menu."""
        start, digits = _split_digits(half)
        narrowed = next(iter(self._narrowed(start, digits)), None)
        return self.by_sign.get(half) or (
            narrowed if narrowed and narrowed.sign == digits else None
        )

    def fitting(self, half: str) -> list[Offer]:
        """Return the offers that a text may mean.

        Letters, from two on, are the initials of the word itself: of the whole of it, else of its
        beginning. Of fixed words any part will do.
        """
        if in_letters(half):
            if len(half) < _LEAST_LETTERS:
                return []
            begun = [each for each in self.every if _begins_with_initials(each.name, half)]
            return [
                each for each in begun if len(comparable_name(each.name)) == len(half)
            ] or begun
        wanted = comparable_name(half)
        return [each for each in self.every if self.fixed and wanted in comparable_name(each.name)]

    def has(self, half: str) -> bool:
        """Return whether a text is itself one of the offers."""
        return any(comparable_name(each.text) == comparable_name(half) for each in self.every)

    def _narrowed(self, start: str, digits: str) -> list[Offer]:
        """Return the offers that fit the text before the first digits of a sign, that sign first.

        After letters of a name, as in iPhone7, digits belong to the name.
        """
        own = re.search("[0-9A-Za-z]$", start) and not in_letters(start)
        if not (start and digits) or (own and not self.fixed):
            return []
        wanted = comparable_name(start)
        begun = (each for each in self.every if each.sign.startswith(digits))
        fitting = (
            each
            for each in begun
            if max(_place_of_match(said, wanted) for said in (each.name, each.text)) >= 0
        )
        return sorted(fitting, key=lambda each: each.sign != digits)


class Asks(NamedTuple):
    """What decides how an answer for a box is read.

    `leads` are the digits of other boxes; `offering` is whether there are such digits or a menu,
    which may still be empty. `line` is the text that is edited in place, `enter` what Enter gives.
    An answer may name a row that is `looked_up`, or leave the box `empty`.
    """

    box: Box
    menu: Menu
    leads: Collection[str] = ()
    offering: bool = True
    line: str = ""
    enter: str = ""
    looked_up: bool = False
    empty: bool = False


class Answer(NamedTuple):
    """A typed answer as it was read: chosen from the menu or a value, unless it is refused."""

    text: str
    chosen: bool = False
    refused: Message | None = None
    doubt: Message | None = None


def read_answer(typed: str, asks: Asks) -> Answer:
    """Return how a typed text is read; BACK and the digits of other boxes are values."""
    half = to_half_width(typed)
    if half in ("", BACK) or half in asks.leads:
        return Answer(half or ("" if asks.line else asks.enter))
    if half == to_half_width(asks.line) + BACK:
        return Answer(BACK)
    if why := _why_no_answer(typed, half, asks):
        return Answer("", refused=why)
    if half == EMPTY and asks.empty:
        return Answer(EMPTY)
    if asks.box.kind.offered:
        return _in_fixed_words(half, asks.box.kind.offered, asks)
    return _in_free_text(typed.strip(), half, asks)


def _why_no_answer(typed: str, half: str, asks: Asks) -> Message | None:
    """Return why a text answers no box, or what the box means if that is asked."""
    parts = "\t" if asks.box.kind.mended else "\t\r\n"
    if not {*parts}.isdisjoint(typed.strip("\r\n")) and typed.strip() != asks.line:
        return message("Paste one cell at a time: a row or several lines are no answer.")
    if half.casefold() in ("y", "n") and not asks.box.kind.decides:
        return message("y and n answer only questions that end with [y/n].")
    return _what_to_write(asks.box) if re.fullmatch(r"\?+", half) else None


def _what_to_write(box: Box) -> Message:
    """Return what is to be written in a box, after its name if that is not the first word."""
    means = Message(box.help, {}) if box.help else HOW_TO_ANSWER
    if render(means).removeprefix("the ").startswith(render(box.name)):
        return means
    return message("{box}: {problem}", box=box.name, problem=means)


def _in_fixed_words(half: str, words: Vocabulary, asks: Asks) -> Answer:
    """Return an answer in fixed words: the word that each part names, or chooses."""
    meant = []
    for part in _parts(half, asks.box.kind):
        word, sign = words.find(part), asks.menu.chosen(part)
        offers = [sign] if sign else asks.menu.fitting(part)
        if not word and len(offers) > 1:
            return _fits_several(part, offers)
        if not word and asks.menu.fixed and not offers:
            said = {"box": asks.box.label, "text": mask_numbers(part)}
            why = message("{box}: {text} is not one of these words.", **said)
            return Answer("", refused=why)
        meant.append(render(word) if word else offers[0].text if offers else part)
    return Answer(",".join(meant), chosen=bool(asks.menu.fixed))


def _fits_several(text: str, offers: Sequence[Offer]) -> Answer:
    names = [each.listed for each in offers[:MOST]]
    why = message("{text} fits several: {words}. Type the number.", text=text, words=names)
    return Answer("", refused=why)


def _parts(half: str, kind: Kind) -> Iterator[str]:
    """Yield the words that were typed; between the numbers of several a blank will do."""
    for part in kind.parts(half):
        several = kind.entry == "several" and re.fullmatch("[0-9 ]+", part)
        yield from part.split() if several else [part]


def _in_free_text(text: str, half: str, asks: Asks) -> Answer:
    """Return an answer in a box without fixed words; what seems to choose is doubted once."""
    menu = asks.menu
    if offer := menu.chosen(half):
        return Answer(offer.text, chosen=True)
    offers = [] if menu.has(half) else menu.fitting(half)
    if len(offers) == 1:
        return Answer(offers[0].text, chosen=True)
    if offers and asks.looked_up:
        return _fits_several(half, offers)
    seems = offers or (re.fullmatch("[0-9]+|[a-z]", half) and not asks.box.kind.numbered)
    if asks.looked_up or not (seems and asks.offering):
        return Answer(text)
    label = asks.box.label
    return Answer(
        text,
        doubt=message("{box}: is it {text}? It chooses none of the offers.", box=label, text=text),
    )


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
    if place >= 0 or not wanted.isascii():
        return place
    starts = range(len(held) - len(wanted) + 1)
    return next((at for at in starts if _begins_with_initials(held[at:], wanted)), -1)


def _begins_with_initials(name: str, letters: str) -> bool:
    """Return whether letters are the initials of the first characters of a name."""
    begun = comparable_name(name)[: len(letters)]
    return len(begun) == len(letters) and all(
        map(str.__contains__, map(_initials, begun), letters)
    )


@cache
def _initials(character: str) -> str:
    """Return the first letters of a character's readings; for ASCII the character itself."""
    if character.isascii():
        return character
    return "".join(pinyin(character, style=Style.FIRST_LETTER, heteronym=True)[0])
