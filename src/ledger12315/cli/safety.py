"""Text from the ledger made safe to show: for the terminal, for spreadsheets, and for the people named in it."""

import re
import unicodedata
from collections.abc import Iterable

# Two characters each.
_COMPOUND_SURNAMES = "欧阳司马上官诸葛东方皇甫尉迟公孙慕容令狐司徒司空夏侯端木百里长孙宇文轩辕南宫独孤呼延万俟闻人赫连澹台"
_PHONE_LIKE = r"\+?\d[\d -]{5,18}\d"
_UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def safe(text: str) -> str:
    """`text` on one line without control, bidirectional and zero-width characters."""
    return "".join(
        " " if character in "\n\t" else character
        for character in text
        if character in "\n\t" or unicodedata.category(character) not in _UNSAFE
    )


def harmless(text: str) -> str:
    """`text` for a csv cell that a spreadsheet will not take for a formula."""
    return f"'{text}" if text[:1] in tuple("=+-@\t\r") else text


def wide(text: str) -> int:
    """The columns that `text` takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def mask_name(name: str) -> str:
    """张三 -> 张*, 欧阳娜娜 -> 欧阳**."""
    kept = 2 if len(name) > 2 and _COMPOUND_SURNAMES.find(name[:2]) % 2 == 0 else 1
    return name[:kept] + "*" * max(len(name) - kept, 1)


def mask_phone(phone: str) -> str:
    """138****5678, 0591-****5678; of a short number only its end."""
    digits = re.sub(r"[^\d+]", "", phone)
    if len(digits) < 8:
        return "****" + digits[-2:]
    if digits[0] == "0":
        area = 3 if digits[1] in "12" else 4
        return f"{digits[:area]}-****{digits[-4:]}" if len(digits) >= area + 7 else "****" + digits[-4:]
    return f"{digits[:-8]}****{digits[-4:]}"


def mask_text(text: str, names: Iterable[str]) -> str:
    """Free text with the given names and whatever looks like a phone masked."""
    for name in names:
        text = text.replace(name, mask_name(name))
    return re.sub(_PHONE_LIKE, lambda found: mask_phone(found[0]), text)


def mask(kind: str, text: str, names: Iterable[str] = ()) -> str:
    """`text` of a personal box, masked as its kind asks."""
    if kind == "name":
        return mask_name(text)
    if kind == "phone":
        return mask_phone(text)
    if kind == "address":
        return text[:3] + "****"
    return mask_text(text, names) if kind == "text" else text
