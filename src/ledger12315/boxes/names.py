"""Names of people and operators, and how they are compared. Source: domain 3."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import combinations

from ledger12315.words import visible_form

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
