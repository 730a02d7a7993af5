"""Names and phones of people in texts: found, compared, and masked."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from ledger12315.boxes.reading import to_half_width
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


def area_of(digits: str) -> int:
    """Return how many digits of a fixed line are its area code."""
    return 3 if digits[1] in "12" else 4


def is_company_phone(phone: str) -> bool:
    """Return whether a phone is a company's, by which nobody is found: 400, 800, 95xxx."""
    return re.fullmatch(r"[48]00\d{7}|95\d{3,6}", digits_of(phone)) is not None
