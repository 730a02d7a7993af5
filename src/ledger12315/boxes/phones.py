"""Phones as people write them: several in one box, separated and compared by their digits."""

import re
from collections.abc import Iterator, Sequence

from ledger12315.boxes.reading import to_half_width

# A mobile, perhaps with a 0 or 86 in front; a fixed line with its area code; one without; a
# service; other countries.
_BETWEEN_GROUPS = "[ .-]*"
_PHONE_FORMS = (
    rf"(?:(?:\+|00)?86{_BETWEEN_GROUPS})?0?1[3-9](?:{_BETWEEN_GROUPS}\d){{9}}",
    rf"(?:0|(?:\+|00)86{_BETWEEN_GROUPS})(?:10|2\d|[3-9]\d\d)(?:{_BETWEEN_GROUPS}\d){{7,8}}",
    rf"[2-9](?:{_BETWEEN_GROUPS}\d){{6,7}}",
    rf"(?:1[0-2]\d{{1,4}}|9[56]\d{{3,6}}|[48]00(?:{_BETWEEN_GROUPS}\d){{7}})",
    rf"\+(?!86)\d(?:{_BETWEEN_GROUPS}\d){{6,14}}",
)
_EXTENSION = r"(?:\s*(?:-|转|分机|x|ext\.?)\s*\d{1,6})?"
_BETWEEN_PHONES = r"\s*(?:[/、,;|]|或|和)\s*"


def phones_in(text: str) -> list[str]:
    """Return the phones of a box, in half width, each as it was written."""
    if _is_plain_mobile(text):
        return [text]
    half = to_half_width(text)
    if _known_phone(re.sub(_BETWEEN_PHONES, "", half)):
        return [half]
    return [each for part in re.split(_BETWEEN_PHONES, half) for each in _by_blanks(part.split())]


def _is_plain_mobile(text: str) -> bool:
    """Return whether a phone is a mobile in its usual form; a quick test for long lists."""
    return len(text) == 11 and text[0] == "1" and text.isascii() and text.isdecimal()


def _by_blanks(words: Sequence[str]) -> Iterator[str]:
    """Yield the phones among words; one may be written with blanks."""
    while words:
        ends = range(len(words), 0, -1)
        whole = next((end for end in ends if _known_phone(" ".join(words[:end]))), 1)
        yield " ".join(words[:whole])
        words = words[whole:]


def _known_phone(phone: str) -> str:
    """Return a phone without its extension, or nothing if it is not a known form of phone."""
    bare = phone.replace("(", "").replace(")", "-")
    for form in _PHONE_FORMS:
        if found := re.fullmatch(f"({form}){_EXTENSION}", bare, re.I | re.A):
            return found[1]
    return ""


def only_phones(text: str) -> bool:
    """Return whether a box contains only phones."""
    return all(_known_phone(re.sub(_BETWEEN_PHONES, "", each)) for each in phones_in(text))


def is_mobile(text: str) -> bool:
    """Return whether a text is a mobile and nothing else."""
    return re.fullmatch(_PHONE_FORMS[0], to_half_width(text), re.A) is not None


def phone_keys(text: str | None) -> frozenset[str]:
    """Return the digits of a box's phones, equal for every way of writing them."""
    return frozenset(filter(None, map(digits_of, phones_in(text)))) if text else frozenset()


def digits_of(phone: str) -> str:
    """Return a phone's digits as dialled within China, without its extension."""
    if _is_plain_mobile(phone):
        return phone
    bare = re.sub(_BETWEEN_PHONES, "", to_half_width(phone))
    digits = re.sub(r"\D", "", _known_phone(bare) or bare, flags=re.A)
    if mobile := re.fullmatch(r"(?:(?:00)?86)?0?(1[3-9]\d{9})", digits):
        return mobile[1]
    return re.sub(r"^(?:00)?86(?=[1-9]\d{8,10}$)", "0", digits)
