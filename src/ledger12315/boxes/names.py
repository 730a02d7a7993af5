"""Names and phones of people in texts: found, compared, and masked."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any

from ledger12315.boxes.reading import to_half_width
from ledger12315.errors import Message
from ledger12315.words import visible_form

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
    return len(text) == 11 and text.isascii() and text.isdecimal() and "13" <= text[:2] <= "19"


def _by_blanks(words: Sequence[str]) -> Iterator[str]:
    """Yield the phones among words; one may be written with blanks."""
    while words:
        ends = range(len(words), 0, -1)
        whole = next((end for end in ends if _known_phone(" ".join(words[:end]))), 1)
        yield " ".join(words[:whole])
        words = words[whole:]


def _known_phone(phone: str) -> str:
    """Return a phone without its extension, or nothing if it is not a known form of phone."""
    if _is_plain_mobile(phone):
        return phone
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


_CHINESE = "[\u3400-\u9fff\U00020000-\U0003ffff]+"
_BETWEEN_NAMES = (
    r"[,;:/&+|\\()\[\]\u3001\u3010\u3011\uff08\uff09\uff0c\uff1a\uff1b\n]| and |委托|代理"
)
_BESIDE_NAME = r"\s*等\s*\w*\s*人?$|(?:夫妇|先生|女士|小姐)$|^代(?=.{2})"
# Those of nine people in ten; what stands in brackets beside a name is mostly none.
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛"
    "叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺"
    "赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒"
    "耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉"
    "房边褚楚肖邬宗"
)
# Two characters each.
COMPOUND_SURNAMES = re.findall(
    "..",
    "欧阳司马上官诸葛东方皇甫尉迟公孙慕容令狐司徒司空夏侯"
    "端木百里长孙宇文轩辕南宫独孤呼延万俟闻人赫连澹台",
)


@lru_cache(maxsize=1 << 12)  # a county's stations are compared with one another again and again
def comparable_name(name: str) -> str:
    """Return a name in half width and lower case, without blanks and invisible characters."""
    return "".join(unicodedata.normalize("NFKC", visible_form(name)).casefold().split())


def without_gaps(name: str) -> str:
    """Return a name without blanks inside, as in 张 三; those between several names stay."""
    parts = name.split()
    single = [len(part) == 1 for part in parts]
    of_one = all(single) or (len(parts) == 2 and any(single))
    return "".join(parts) if of_one and re.fullmatch(_CHINESE, "".join(parts)) else name


def names_in(text: str) -> list[str]:
    """Return the names of a list that commas, semicolons or 、 separate."""
    return [name for part in re.split("[,;\u3001\uff0c\uff1b\n]", text) if (name := part.strip())]


def people_in(text: str) -> list[str]:
    """Return each name in the text of a box: 张三、李四, 张三 李四, 张三和李四, 张三等3人."""
    found = list[str]()
    for part in re.split(_BETWEEN_NAMES, text):
        name = without_gaps(re.sub(_BESIDE_NAME, "", part.strip()))
        words = name.split()
        chinese = all(re.fullmatch(_CHINESE, word) for word in words)
        for word in words if chinese else [name]:
            found += _joined_names(word)
    return [name for name in found if _looks_like_name(name)]


def _joined_names(text: str) -> Iterator[str]:
    """Yield a text, and its parts between words such as 和, which are characters of names too."""
    places = [at for at, sign in enumerate(text) if sign in "和与及跟同"]
    for first, last in combinations([-1, *places, len(text)], 2):
        yield text[first + 1 : last]


def _looks_like_name(text: str) -> bool:
    if not re.fullmatch(_CHINESE, text):
        return not re.search("[0-9]", text)
    return 2 <= len(text) <= 4 and (text[0] in _SURNAMES or text[:2] in COMPOUND_SURNAMES)


def operator(named: str | None, point: str, host: str) -> str:
    """Return the operator of a complaint or notice; a point's name means its host."""
    return named if named and comparable_name(named) != comparable_name(point) else host


def comparable_operator(named: str | None, point: str, host: str) -> str:
    """Return the operator of a complaint or notice as names are compared."""
    return comparable_name(operator(named, point, host))


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
# Of 15 or 18 digits, the last may be an X; cards of banks are as long.
_IDENTITY_NUMBER = r"(?<![\dA-Za-z])\d(?:[\s-]?\d){13,18}(?:[\s-]?[\dXx\uff38\uff58])?"
_PHONE_LIKE = rf"{_SOME_PHONE}|\+?\d(?:[\d -]|\.(?=\d{{4}}(?!\d))){{5,}}\d[Xx]?"
# The number of characters of a value shown in a sentence.
_SEEN = 200
# Digits of a phone within a town.
_FEWEST = 7
# Common words written as names: masking them would spoil every text.
_NO_NAMES = """
    消费者 顾客 客户 群众 市民 居民 业主 住户 学生 家长 老人 游客 旅客 乘客 会员 用户
    本人 匿名 不详 无名 先生 女士 小姐 同志 师傅 老师 老板 经理 店长 店员 商家 商户
    员工 工作人员 负责人 联络员 全体联络员 联系人 经办人 投诉人 举报人 对方 双方 全体"""


def mask_name(name: str) -> str:
    """Return a name with only its surname visible: 张*, 欧阳**."""
    kept = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    return name[:kept] + "*" * max(len(name) - kept, 1)


def area_of(digits: str) -> int:
    """Return how many digits of a fixed line are its area code."""
    return 3 if digits[1] in "12" else 4


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


def mask_phone_box(text: str) -> str:
    """Return the phones of a box, each masked; unknown text is masked too."""
    return "/".join(map(mask_phone, phones_in(text))) if only_phones(text) else mask_phone(text)


def mask_phones(text: str) -> str:
    """Return a text that should hold no phone, with all certain phones masked."""
    return text if len(text) < 10 else _masked_long_text(text)  # the shortest phone has ten digits


@lru_cache(maxsize=1 << 14)  # a long list mostly repeats the same few words and days
def _masked_long_text(text: str) -> str:
    # The pattern is slow to compile, and few other texts have as many digits.
    if _digits_in(text) < 10:
        return text
    if _is_plain_mobile(text):
        return mask_phone(text)
    return _mask_found(_SOME_PHONE, text)


def _digits_in(text: str) -> int:
    return sum(map(str.isdecimal, text))


def _mask_found(pattern: str, text: str) -> str:
    return re.sub(pattern, lambda found: mask_phone(found[0]), visible_form(text))


def mask_public_name(name: str) -> str:
    """Return an operator's name for the public, with phones and identity numbers masked."""
    return mask_phones(re.sub(_IDENTITY_NUMBER, lambda found: f"{found[0][:3]}****", name))


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
        digits = {each for phone in phones for key in phone_keys(phone) for each in _dialled(key)}
        found = "|".join(map(_in_any_width, sorted(digits, key=len, reverse=True)))
        self._phones = re.compile(found) if found else None

    def mask(self, text: str) -> str:
        """Return a text with each name and phone masked, however the phone is written."""
        text = super().mask(text)
        return self._phones.sub(lambda found: mask_phone(found[0]), text) if self._phones else text


PEOPLE_OF_CASE = ("complainant", "phone", "respondent_contact", "respondent_phone")
"""The boxes of a complaint by which its own people are known in its texts."""


def mask_people_of(row: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of a complaint in which its own people are named, masked as in erasing."""
    names = [row[key] for key in PEOPLE_OF_CASE[::2] if row.get(key)]
    phones = [row[key] for key in PEOPLE_OF_CASE[1::2] if row.get(key)]
    # Looked for first, as a long list has many cells. Whoever is named has two of these letters.
    pairs = {
        "".join(pair)
        for name in names
        for written in (name, "".join(name.split()))
        for pair in pairwise(written)
    }
    named = {
        key: text
        for key, text in texts.items()
        if any(pair in text for pair in pairs) or (phones and _digits_in(text) >= _FEWEST)
    }
    people = People(names, phones) if named else NOBODY
    return {key: people.mask(text) for key, text in named.items()}


def mask_text_of(row: Mapping[str, Any], key: str = "item") -> str:
    """Return one text of a complaint, its goods for example, without people and phones."""
    text = mask_phones(row[key] or "")
    return mask_people_of(row, {key: text}).get(key, text)


def _dialled(digits: str) -> Iterator[str]:
    """Yield a phone's digits; of a fixed line also those without its area code."""
    if len(digits) >= _FEWEST:
        yield digits
    if digits[0] == "0" and len(local := digits[area_of(digits) :]) >= _FEWEST:
        yield local


def _in_any_width(digits: str) -> str:
    """Return a pattern for digits in either width, which signs may separate."""
    every = _BETWEEN_DIGITS.join(f"[{each}{chr(ord(each) + 0xFEE0)}]" for each in digits)
    # A short number is mostly a part of a longer one by chance.
    return every if len(digits) > _FEWEST + 1 else rf"(?<!\d){every}(?!\d)"


def mask_numbers(text: str) -> str:
    """Return free text with everything masked that looks like a phone."""
    if not re.search(r"\d", text):  # looked for first, as most texts have none
        return text
    return _mask_found(_PHONE_LIKE, text)
