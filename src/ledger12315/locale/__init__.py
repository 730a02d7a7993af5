"""The reader's language, and every sentence in it: English stands in the code, Chinese in the catalogue beside this file."""

import os
import sys
from collections.abc import Iterable
from datetime import date
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from ledger12315.errors import Message
from ledger12315.words import Vocabulary, Word

DOMAIN = "ledger12315"


def language() -> str:
    """`zh` or `en`: LEDGER12315_LANG decides, else the locale."""
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
    return "zh" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == chinese else "en"  # type: ignore[attr-defined,unused-ignore]


@cache
def _catalogue(code: str) -> NullTranslations:
    return (
        NullTranslations() if code == "en" else translation(DOMAIN, Path(__file__).parent, [code])
    )


def _(text: str) -> str:
    """`text` in the reader's language."""
    return _catalogue(language()).gettext(text)


def N_(text: str) -> str:  # noqa: N802 the catalogue's usual name
    """Mark a sentence that is shown elsewhere than it stands."""
    return text


def render(value: object) -> str:
    """A message, fixed word, vocabulary, date or list of them as the reader sees it; any other value as it is."""
    if isinstance(value, Message):
        return _(value.id).format_map({name: render(part) for name, part in value.values.items()})
    if isinstance(value, Word):
        return value.zh if language() == "zh" else value.en
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Vocabulary):
        return " | ".join(render(word) for word in value.values())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ("、" if language() == "zh" else ", ").join(render(part) for part in value)
    return str(value)


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day_words(day: date) -> str:
    """`2026-10-10 周六`, or `2026-10-10 Sat`."""
    return f"{day} {'周' + '一二三四五六日'[day.weekday()] if language() == 'zh' else _WEEKDAYS[day.weekday()]}"
