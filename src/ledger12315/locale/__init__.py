"""The reader's language: English is in the code, Chinese in the catalogue in this folder."""

import os
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations, translation
from pathlib import Path
from struct import unpack_from
from typing import Any, TypeVar, cast

from ledger12315.errors import Message
from ledger12315.locale.hints import typed_hint
from ledger12315.renamed import in_year_words
from ledger12315.words import Vocabulary, Word, weekday_of

DOMAIN = "ledger12315"
_Said = TypeVar("_Said")


def language() -> str:
    """Return `zh` or `en`: LEDGER12315_LANG decides, else the locale."""
    asked = os.environ.get("LEDGER12315_LANG", "").lower()
    if asked in ("zh", "en"):
        return asked
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "zh" if os.environ[name].lower().startswith("zh") else "en"
    return _windows_language() if sys.platform == "win32" else "en"


def _windows_language() -> str:
    import ctypes

    chinese = 0x04  # the primary language of every Chinese locale
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    return "zh" if kernel.GetUserDefaultUILanguage() & 0x3FF == chinese else "en"


def by_language(zh: _Said, en: _Said) -> _Said:
    """Return the text of the reader's language, in the words of the year."""
    said = zh if language() == "zh" else en
    return cast("_Said", in_year_words(said)) if isinstance(said, str) else said


def has_chinese(encoding: str) -> bool:
    """Return whether an encoding, such as a console's, has Chinese characters."""
    try:
        "台账".encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


class _Catalogue(GNUTranslations):
    """A compiled catalogue in which each text is looked up in place.

    gettext decodes all of it before the first one, which takes a twentieth of a command.
    """

    def _parse(self, fp: Any) -> None:
        self._content: bytes = fp.read()
        self._length, self._ids, self._texts = unpack_from("<3I", self._content, 8)

    def _at(self, table: int, number: int) -> bytes:
        length, start = unpack_from("<2I", self._content, table + 8 * number)
        return self._content[start : start + length]

    @lru_cache(8192)  # noqa: B019 there is one catalogue
    def gettext(self, message: str) -> str:
        """Return the Chinese of a text, or the text. The file sorts texts by their bytes."""
        wanted = message.encode()
        number = bisect_left(range(self._length), wanted, key=lambda n: self._at(self._ids, n))
        if number < self._length and self._at(self._ids, number) == wanted:
            return self._at(self._texts, number).decode()
        return message


@cache
def _catalogue(code: str) -> NullTranslations:
    if code == "en":
        return NullTranslations()
    return translation(DOMAIN, Path(__file__).parent, [code], class_=_Catalogue)


def _(text: str) -> str:
    """Return `text` in the reader's language and the words of the year."""
    return in_year_words(_catalogue(language()).gettext(text))


def N_(text: str) -> str:  # noqa: N802 the catalogue's usual name
    """Mark a sentence that another place shows."""
    return text


def render(value: object, before_hint: str = "") -> str:
    """Return a message, word, vocabulary, date or list of them as the reader sees it.

    Any other value is shown as it is. `before_hint` marks where each hint begins.
    """
    if isinstance(value, Message):
        return "".join(_parts_of_sentence(value, before_hint))
    if isinstance(value, Word):
        if value.zh == value.en:  # a word of the ledger's own
            return value.zh
        return by_language(value.zh, value.en)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Vocabulary):
        return " | ".join(render(word) for word in value.values())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return by_language("、", ", ").join(render(part, before_hint) for part in value)
    return str(value)


def _parts_of_sentence(sentence: Message, before_hint: str) -> Iterator[str]:
    """Yield what stands before, between and behind the hints of a sentence, and the hints."""
    values = {name: render(value, before_hint) for name, value in sentence.values.items()}
    text, *others = _(sentence.id).split("`")
    yield text.format_map(values)
    for hint, behind in zip(others[::2], others[1::2], strict=True):
        words = {name: _hint_words(value) for name, value in sentence.values.items()}
        yield before_hint + typed_hint(hint, words)
        yield behind.format_map(values)


def _hint_words(value: object) -> list[str]:
    """Return the words that stand for a value in a hint: a list's are several."""
    return [*map(render, value if isinstance(value, list) else [value])]


def day_words(day: date) -> str:
    """Return `2026-10-10 周六`, or `2026-10-10 Sat`."""
    return f"{day} {render(weekday_of(day))}"
