"""People in what is shown: names, phones and texts masked. Source: domain 7."""

import re
from collections.abc import Iterable
from functools import lru_cache

from ledger12315.errors import Message

# Two characters each.
_COMPOUND_SURNAMES = (
    "欧阳司马上官诸葛东方皇甫尉迟公孙慕容令狐司徒司空夏侯"
    "端木百里长孙宇文轩辕南宫独孤呼延万俟闻人赫连澹台"
)
# A phone, and whatever else has so many digits: several phones in a row, or an identity number,
# which may end with X.
_PHONE_LIKE = r"\+?\d[\d -]{5,}\d[Xx]?"
# Not within a longer number, nor in the hexadecimal digits of a checksum.
_PHONE = r"(?<![0-9a-f])(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?![0-9a-f])"


def mask_name(name: str) -> str:
    """Return a name of which only the surname is seen: 张*, 欧阳**."""
    kept = 2 if len(name) > 2 and _COMPOUND_SURNAMES.find(name[:2]) % 2 == 0 else 1
    return name[:kept] + "*" * max(len(name) - kept, 1)


def mask_phone(phone: str) -> str:
    """Return a phone as 138****5678 or 0591-****5678.

    Of a short number only its end is seen, of a long one no more than of a phone.
    """
    digits = re.sub(r"[^\d+]", "", phone)
    if len(digits) < 8:
        return "****" + digits[-2:]
    if digits[0] == "0":
        area = 3 if digits[1] in "12" else 4
        known = f"{digits[:area]}-" if len(digits) >= area + 7 else ""
        return f"{known}****{digits[-4:]}"
    return f"{digits[: min(len(digits) - 8, 3)]}****{digits[-4:]}"


@lru_cache(maxsize=1 << 14)  # most of a long list is the same few words and days again
def mask_phones(text: str) -> str:
    """Return a text that should hold no phone, with whatever is certainly one masked."""
    # The shortest has ten digits, and a long list many short cells.
    return re.sub(_PHONE, lambda found: mask_phone(found[0]), text) if len(text) > 9 else text


def mask_message(sentence: Message) -> Message:
    """Return a sentence with the phones in its values masked."""

    def hidden(value: object) -> object:
        if isinstance(value, str):
            return mask_phones(value)
        return mask_message(value) if isinstance(value, Message) else value

    return Message(sentence.id, {name: hidden(value) for name, value in sentence.values.items()})


def mask_text(text: str, names: Iterable[str]) -> str:
    """Return free text with the given names and whatever looks like a phone masked."""
    for name in sorted(names, key=len, reverse=True):  # one may begin another
        text = text.replace(name, mask_name(name))
    return re.sub(_PHONE_LIKE, lambda found: mask_phone(found[0]), text)
