"""What is masked in a text: numbers by which somebody can be found, and names that are known."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from ledger12315.boxes.names import (
    COMPOUND_SURNAMES,
    area_of,
    digits_of,
    is_company_phone,
    is_mobile,
    only_phones,
    people_in,
    phone_keys,
    phones_in,
)
from ledger12315.errors import Message
from ledger12315.words import visible_form

# All patterns read the plain form of a text (`_plain_form`): half width, one dash, one dot.
_SIGNS = "[ .()-]{0,2}"
_ANY_SIGNS = r"[\W_]{1,3}"
# Not within a longer number, nor within the hexadecimal digits of a checksum.
_ALONE = r"(?<!\d)(?<![0-9a-f]{{3}}){behind}(?P<number>{number})(?!\d)(?![0-9a-f]{{2}})"
# Behind these words stands a number within a town, or of an account.
_BEHIND = r"(?:电话|手机|座机|联系方式|微信|QQ|(?<![a-z])tel\.?)(?:号码?|码)?[ :]*"
# Digits of a phone within a town: the shortest number that is masked.
_FEWEST = 7
_LONGEST_PHONE = 13
_BIRTH_YEARS = range(1900, 2100)
_PROVINCES = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91"
# How people break a mobile; other breaks are those of amounts, days and sizes. The dash alone
# never stands in 1200-1500-800.
_MOBILE_GROUPS = ("11", "3 8", "3 4 4", "3 3 5", "4 3 4", "5 6", "7 4", "3 2 2 2 2", "3 4 2 2")
_MOBILE_GROUPS_WITHOUT_DASH = ("4 4 3",)
_LANDLINE_GROUPS = ("8", "7", "4 4", "3 4", "4 3", "2 2 2 2")
_FURTHER = r"(?: ?(?:-|转|分机|x|ext\.?) ?\d{1,5}(?!\d|-\d))?"


def _split(groups: str, signs: str = _SIGNS) -> str:
    """Return a pattern for digits in groups; the lengths of the groups are separated by blanks."""
    return signs.join(rf"\d{{{length}}}" for length in groups.split())


def _mobile() -> str:
    front = r"(?:(?:\+|00)?86[ .()-]{0,2})?0?"
    groups = [*map(_split, _MOBILE_GROUPS), _split("1 " * 11)]
    groups += [_split(each, "[ .]") for each in _MOBILE_GROUPS_WITHOUT_DASH]
    begins = r"(?=1[ .()-]{0,2}[3-9])"
    # Any signs stand between the usual groups, but not between prices: 180、1500、2000元.
    spelt = rf"{_split('3 4 4', _ANY_SIGNS)}(?! ?[元块万千])"
    return f"{front}{begins}(?:{'|'.join([*groups, spelt])})"


def _landline() -> str:
    area = r"10|2\d|[3-9]\d\d"
    local = "|".join([*map(_split, _LANDLINE_GROUPS), _split("1 " * 8), _split("1 " * 7)])
    front = rf"(?<!\d-)(?:0(?:{area})|(?:\+|00)86[ .()-]{{0,2}}(?:{area}))"
    return rf"{front}(?:{_ANY_SIGNS}|)(?:{local}){_FURTHER}"


def _is_birthday(year: str, month: str, day: str) -> bool:
    try:
        return int(year) in _BIRTH_YEARS and bool(date(int(year), int(month), int(day)))
    except ValueError:
        return False


def _can_be_identity(number: str) -> bool:
    """Return whether 18 or 15 digits name a birth date that can be."""
    digits = re.sub("[ -]", "", number)
    if len(digits) == 18:
        return _is_birthday(digits[6:10], digits[10:12], digits[12:14])
    return _is_birthday(f"19{digits[6:8]}", digits[8:10], digits[10:12])


def _can_be_card(number: str) -> bool:
    """Return whether 16 to 19 digits pass the check of bank cards."""
    digits = [int(each) for each in reversed(number) if each.isdecimal()]
    return sum(digits[::2] + [sum(divmod(2 * each, 10)) for each in digits[1::2]]) % 10 == 0


def _can_be_named(number: str) -> bool:
    """Return whether 7 or 8 digits behind 电话 are no day and no complaint's number."""
    if re.match(r"(?:19|20)\d\d-", number):
        return False
    digits = re.sub(r"\D", "", number)
    return len(digits) == 7 or not _is_birthday(digits[:4], digits[4:6], digits[6:])


def _mask_number(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    return f"{digits[:3]}****{digits[-4:]}"


def mask_phone(phone: str) -> str:
    """Return a phone as 138****5678 or 0591-****5678; a short number shows only its end."""
    digits = digits_of(phone)
    if len(digits) < 8:
        return "****" + digits[-4 if len(digits) == _FEWEST else -2 :]
    if digits[0] == "0":
        area = area_of(digits)
        known = f"{digits[:area]}-" if len(digits) >= area + 7 else ""
        return f"{known}****{digits[-4:]}"
    return f"{digits[: min(len(digits) - 8, 3)]}****{digits[-4:]}"


class MaskedForm(NamedTuple):
    """A form of number that is masked, with what else must be true of it, and its examples."""

    pattern: "re.Pattern[str]"
    can_be: Callable[[str], bool]
    mask: Callable[[str], str]
    examples: tuple[str, ...]


def _form(
    pattern: str,
    *examples: str,
    behind: str = "",
    can_be: Callable[[str], bool] = bool,
    mask: Callable[[str], str] = mask_phone,
) -> MaskedForm:
    alone = _ALONE.format(behind=behind, number=pattern)
    return MaskedForm(re.compile(alone, re.I), can_be, mask, examples)


@lru_cache(maxsize=1)  # compiled when a text with digits is first shown
def masked_forms() -> tuple[MaskedForm, ...]:
    """Return the forms of numbers that are masked in every text, the longest first."""
    return (
        _form(
            r"\d{17}[\dx]",
            "350123199001011234",
            "35012319900101123X",
            can_be=_can_be_identity,
            mask=_mask_number,
        ),
        _form(
            rf"(?:{_PROVINCES})(?:[ -]?\d){{15}}[ -]?[\dx]",
            "350123 19900101 1234",
            "350123-1990-0101-123X",
            can_be=_can_be_identity,
            mask=_mask_number,
        ),
        _form(
            rf"(?:{_PROVINCES})\d{{13}}",
            "350123900101123",
            can_be=_can_be_identity,
            mask=_mask_number,
        ),
        _form(
            r"[3-9]\d{15,18}|[3-9]\d{3}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?",
            "6222021234567890128",
            "6222 0212 3456 7890 128",
            can_be=_can_be_card,
            mask=_mask_number,
        ),
        _form(_mobile(), "13900005678", "+86 139-0000-5678", "139，0000，5678"),
        _form(_landline(), "0591-87654321", "(010)8765 4321-801", "0086 591 87654321转8"),
        _form(
            rf"{_split('4 4', '[ -]?')}|{_split('3 4', '[ -]?')}",
            "电话86543210",
            "联系方式：8654-3210",
            "QQ 1234567",
            behind=_BEHIND,
            can_be=_can_be_named,
        ),
    )


class MaskedSpan(NamedTuple):
    """A part of a text's visible form that is masked, and its mask."""

    start: int
    end: int
    digits: str
    mask: str


class _Plain(dict[int, str]):
    """The plain form of each character: half width, one dash, one dot, one blank."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if sign in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d":
            plain = "-"
        elif sign in "\u00b7\u30fb\u3002\uff0e\u2022":
            plain = "."
        elif sign.isspace():
            plain = " "
        elif sign.isdecimal():
            plain = str(unicodedata.decimal(sign))
        else:
            plain = chr(code - 0xFEE0) if 0xFF01 <= code <= 0xFF5E else sign
        self[code] = plain
        return plain


_PLAIN = _Plain()


def masked_spans(text: str, people: "People | None" = None) -> list[MaskedSpan]:
    """Return what is masked in a text's visible form, in its order; `people` are those it names.

    No two overlap.
    """
    plain = text.translate(_PLAIN)
    spans = list[MaskedSpan]()
    forms = [*masked_forms(), *(people.phone_forms if people else ())]
    for form in forms:
        for found in form.pattern.finditer(plain):
            start, end = found.span("number")
            free = all(end <= span.start or span.end <= start for span in spans)
            if free and form.can_be(number := found["number"]):
                spans.append(MaskedSpan(start, end, digits_of(number), form.mask(number)))
    return sorted(spans)


def mask_numbers(text: str) -> str:
    """Return a text with every number masked by which somebody can be found."""
    # The shortest is 电话 and seven digits.
    return text if len(text) < _FEWEST + 2 else _mask_long_text(text)


@lru_cache(maxsize=1 << 14)  # a long list mostly repeats the same few words and days
def _mask_long_text(text: str) -> str:
    if _digits_in(text) < _FEWEST:
        return text
    if is_mobile(text):
        return mask_phone(text)
    seen = visible_form(text)
    return _with_masks(seen, masked_spans(seen)) or text


def mask_public_name(name: str) -> str:
    """Return an operator's name for the public; of an identity number only its province stays."""
    seen = visible_form(name)
    spans = masked_spans(seen)
    short = (
        each._replace(mask=each.mask[:-4]) if len(each.digits) > 13 else each for each in spans
    )
    return _with_masks(seen, short) or name


def _with_masks(text: str, spans: Iterable[MaskedSpan]) -> str:
    """Return a text with its spans masked, or nothing if there are none."""
    parts, done = list[str](), 0
    for span in spans:
        parts += [text[done : span.start], span.mask]
        done = span.end
    return "".join([*parts, text[done:]]) if parts else ""


def _digits_in(text: str) -> int:
    return sum(map(str.isdecimal, text))


def finds_text(text: str | None, sought: str, *phones: str | None) -> bool:
    """Return whether a search finds this in a text of a case with these phones.

    What is masked is found as a whole, in any spelling, or by its last four digits: a part of it
    would be completed, question by question.
    """
    if not text:
        return False
    seen = visible_form(text)
    spans = masked_spans(seen, People((), filter(None, phones)))
    for start in (found.start() for found in re.finditer(f"(?={re.escape(sought)})", seen)):
        end = start + len(sought)
        beside = (span.end <= start or end <= span.start for span in spans)
        within = (start <= span.start and span.end <= end for span in spans)
        if all(map(any, zip(beside, within, strict=True))):
            return True
    plain = sought.translate(_PLAIN)
    if not re.fullmatch(r"[\d +().-]+", plain):
        return False
    if re.fullmatch(r"\d{4}", plain):
        return any(span.digits.endswith(plain) for span in spans)
    return any(digits_of(plain) in _dialled(span.digits) for span in spans)


def mask_around(kept: Iterable[str], text: str, mask: Callable[[str], str]) -> str:
    """Return a masked text in which these file numbers, which are shown openly, stay."""
    inside = [number for number in kept if number in text and _digits_in(number) >= _FEWEST]
    numbers = map(re.escape, inside)
    if not inside:
        return mask(text)
    parts = re.split(rf"(?<!\d)({'|'.join(numbers)})(?!\d)", text)
    return "".join(part if place % 2 else mask(part) for place, part in enumerate(parts))


def mask_phone_box(text: str) -> str:
    """Return the phones of a box, each masked; unknown text is masked too.

    A company's number, as of 400, stays.
    """
    if not only_phones(text):
        return mask_phone(text)
    phones = phones_in(text)
    return "/".join(each if is_company_phone(each) else mask_phone(each) for each in phones)


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


def mask_message(sentence: Message) -> Message:
    """Return a sentence with its values masked and long values cut."""

    def hidden(value: object) -> object:
        if isinstance(value, Message):
            return mask_message(value)
        if isinstance(value, list):
            return [hidden(each) for each in value]
        if isinstance(value, str):
            return mask_numbers(value if len(value) <= _SEEN else f"{value[:_SEEN]}…")
        return value

    return Message(sentence.id, {name: hidden(value) for name, value in sentence.values.items()})


class Names:
    """Names that are masked in every text.

    A name of one character, or one that is a common word, is not masked: it identifies nobody.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {*names}.difference(_NO_NAMES.split())
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


class People(Names):
    """The names and phones of one case, which are masked in all its texts."""

    def __init__(self, names: Iterable[str], phones: Iterable[str] = ()) -> None:
        super().__init__(each for name in names for each in (name, *people_in(name)))
        keys = {key for phone in phones for key in phone_keys(phone) if not is_company_phone(key)}
        digits = {each for key in keys for each in _dialled(key)}
        self.phone_forms = [_known_form(each) for each in sorted(digits, key=len, reverse=True)]
        """The forms of their phones, however they are written."""

    def mask(self, text: str) -> str:
        """Return a text with each name and phone masked, however the phone is written."""
        text = super().mask(text)
        if not self.phone_forms or _digits_in(text) < _FEWEST:
            return text
        return _with_masks(text, masked_spans(text, self)) or text


def _known_form(digits: str) -> MaskedForm:
    # A short number is mostly a part of a longer one by chance.
    pattern = _SIGNS.join(digits)
    alone = pattern if len(digits) > _FEWEST + 1 else rf"(?<!\d){pattern}(?!\d)"
    return MaskedForm(re.compile(f"(?P<number>{alone})"), bool, mask_phone, (digits,))


PEOPLE_OF_CASE = ("complainant", "phone", "respondent_contact", "respondent_phone")
"""The boxes of a complaint by which its own people are known in its texts."""
_FILE_NUMBERS = ("number", "external_no", "referral_no", "archive_no")


def file_numbers(row: Mapping[str, Any]) -> list[str]:
    """Return a complaint's numbers in files, which are shown openly; a phone is none."""
    return [row[key] for key in _FILE_NUMBERS if row.get(key) and not is_mobile(row[key])]


def mask_file_number(text: str) -> str:
    """Return a number of a file as it is, unless it is a mobile typed into the wrong box."""
    return mask_phone(text) if is_mobile(text) else text


KnownPhones = Callable[[str], Iterable[str]]
"""Returns the phones that the ledger knows of a complaint, by its number."""


def _no_phones(_number: str) -> Iterable[str]:
    return ()


def mask_people_of(
    row: Mapping[str, Any],
    texts: Mapping[str, str],
    known_phones: KnownPhones = _no_phones,
) -> dict[str, str]:
    """Return the texts of a complaint in which its own people are named, masked as in erasing."""
    names = [row[key] for key in PEOPLE_OF_CASE[::2] if row.get(key)]
    # Looked for first, as a long list has many cells. Whoever is named has two of these letters.
    pairs = {
        "".join(pair)
        for name in names
        for written in (name, "".join(name.split()))
        for pair in pairwise(written)
    }
    dialled = {key for key, text in texts.items() if _digits_in(text) >= _FEWEST}
    named = dialled | {key for key, text in texts.items() if any(map(text.__contains__, pairs))}
    if not named:
        return {}
    phones = [row[key] for key in PEOPLE_OF_CASE[1::2] if row.get(key)]
    people = People(names, [*phones, *known_phones(row.get("number", ""))] if dialled else ())
    return {key: people.mask(texts[key]) for key in texts if key in named}


def mask_phones_of(
    row: Mapping[str, Any], texts: Mapping[str, str], known_phones: KnownPhones
) -> dict[str, str]:
    """Return the texts of a complaint that hold one of its phones, masked."""
    phones = {key: row.get(key) for key in ("number", *PEOPLE_OF_CASE[1::2])}
    return mask_people_of(phones, texts, known_phones)


def mask_text_of(
    row: Mapping[str, Any], key: str = "item", known_phones: KnownPhones = _no_phones
) -> str:
    """Return one text of a complaint, its goods for example, without people and phones."""
    text = mask_around(file_numbers(row), row[key] or "", mask_numbers)
    return mask_people_of(row, {key: text}, known_phones).get(key, text)


def _dialled(digits: str) -> Iterator[str]:
    """Yield a phone's digits; of a fixed line also those without its area code."""
    if len(digits) >= _FEWEST:
        yield digits
    if digits[0] == "0" and len(local := digits[area_of(digits) :]) >= _FEWEST:
        yield local
