"""Masking of people's names and phones in shown texts. Source: domain 7."""

import re
from collections.abc import Iterable
from functools import lru_cache

from ledger12315.boxes.names import COMPOUND_SURNAMES
from ledger12315.boxes.phones import digits_of, only_phones, phones_in
from ledger12315.errors import Message
from ledger12315.words import visible_form

# A mobile or a fixed line in any width, with the separators that people use between digits, and
# any sign between groups; but not within a longer number or the hexadecimal digits of a checksum,
# nor after the year of a complaint's number.
_BETWEEN_DIGITS = r"[\s.()\u00b7\u2010-\u2015\u2212\u30fb\uff08\uff09\uff0d\uff0e-]{0,2}"
_ANY_SIGNS = r"[\W_]{1,3}"
_SOME_PHONE = (
    r"(?<![0-9\uff10-\uff19])(?<![0-9a-f]{3})"
    rf"(?:(?:\+|00)?86{_BETWEEN_DIGITS})?"
    rf"(?:(?:[0\uff10]{_BETWEEN_DIGITS})?[1\uff11](?:"
    rf"{_BETWEEN_DIGITS}[3-9\uff13-\uff19](?:{_BETWEEN_DIGITS}\d){{9}}"
    rf"|[3-9\uff13-\uff19]\d{_ANY_SIGNS}\d{{4}}{_ANY_SIGNS}\d{{4}})"
    r"|(?<!\d-)[0\uff10](?:[1\uff11][0\uff10]|[2\uff12]\d|[3-9\uff13-\uff19]\d\d)"
    rf"(?:{_ANY_SIGNS}\d{{7,8}}|(?:{_BETWEEN_DIGITS}\d){{7,8}}))"
    r"(?![0-9\uff10-\uff19])(?![0-9a-f]{2})"
)
# Any other text with this many digits: several phones in a row, or an identity number, which may
# end with X.
_PHONE_LIKE = rf"{_SOME_PHONE}|\+?\d(?:[\d -]|\.(?=\d{{4}}(?!\d))){{5,}}\d[Xx]?"
# The number of characters of a value shown in a sentence.
_SEEN = 200
# Common words written as names: masking them would spoil every text.
_NO_NAMES = """
    消费者 顾客 客户 群众 市民 居民 业主 住户 学生 家长 老人 游客 旅客 乘客 会员 用户
    本人 匿名 不详 无名 先生 女士 小姐 同志 师傅 老师 老板 经理 店长 店员 商家 商户
    员工 工作人员 负责人 联络员 全体联络员 联系人 经办人 投诉人 举报人 对方 双方 全体"""


def mask_name(name: str) -> str:
    """Return a name with only its surname visible: 张*, 欧阳**."""
    kept = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    return name[:kept] + "*" * max(len(name) - kept, 1)


def mask_phone(phone: str) -> str:
    """Return a phone as 138****5678 or 0591-****5678; a short number shows only its end."""
    digits = digits_of(phone)
    if len(digits) < 8:
        return "****" + digits[-2:]
    if digits[0] == "0":
        area = 3 if digits[1] in "12" else 4
        known = f"{digits[:area]}-" if len(digits) >= area + 7 else ""
        return f"{known}****{digits[-4:]}"
    return f"{digits[: min(len(digits) - 8, 3)]}****{digits[-4:]}"


def mask_phone_box(text: str) -> str:
    """Return the phones of a box, each masked; unknown text is masked too."""
    return "/".join(map(mask_phone, phones_in(text))) if only_phones(text) else mask_phone(text)


@lru_cache(maxsize=1 << 14)  # a long list mostly repeats the same few words and days
def mask_phones(text: str) -> str:
    """Return a text that should hold no phone, with all certain phones masked."""
    # The shortest phone has ten digits, and a long list has many short cells.
    if len(text) <= 9:
        return text
    return _mask_found(_SOME_PHONE, text)


def _mask_found(pattern: str, text: str) -> str:
    return re.sub(pattern, lambda found: mask_phone(found[0]), visible_form(text))


def mask_message(sentence: Message) -> Message:
    """Return a sentence with the phones in its values masked and long values cut."""

    def hidden(value: object) -> object:
        if isinstance(value, Message):
            return mask_message(value)
        if isinstance(value, list):
            return [hidden(each) for each in value]
        if isinstance(value, str):
            return mask_phones(value if len(value) <= _SEEN else f"{value[:_SEEN]}…")
        return value

    return Message(sentence.id, {name: hidden(value) for name, value in sentence.values.items()})


class Names:
    """Names that are masked in every text.

    A name of one character, or one that is a common word, is not masked: it identifies nobody.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {name for name in names if len(name) > 1}.difference(_NO_NAMES.split())
        lengths: dict[str, set[int]] = {}
        for name in self._names:
            lengths.setdefault(name[:2], set()).add(len(name))
        # A name may be the beginning of another.
        self._lengths = {start: sorted(each, reverse=True) for start, each in lengths.items()}

    def mask(self, text: str) -> str:
        """Return a text with each name masked; more names do not make it take longer."""
        starts = self._lengths
        for place in [at for at in range(len(text) - 1) if text[at : at + 2] in starts]:
            for length in starts.get(text[place : place + 2], ()):
                if (name := text[place : place + length]) in self._names:
                    text = text[:place] + mask_name(name) + text[place + length :]
                    break
        return text


NOBODY = Names()


def mask_numbers(text: str) -> str:
    """Return free text with everything masked that looks like a phone."""
    if not re.search(r"\d", text):  # looked for first, as most texts have none
        return text
    return _mask_found(_PHONE_LIKE, text)
