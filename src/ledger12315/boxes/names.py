"""Names of people and operators, and how they are compared. Source: domain 3."""

import re
import unicodedata

from ledger12315.words import visible_form

_CHINESE = "[\u3400-\u9fff\U00020000-\U0003ffff]+"


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
    for part in re.split(r"[,;/&+()\u3001\uff08\uff09\uff0c\uff1b\n]", text):
        words = part.split()
        chinese = all(re.fullmatch(_CHINESE, word) for word in words)
        for word in words if chinese else [part.strip()]:
            name = re.sub(r"(?:等\w*人?|夫妇|先生|女士|小姐)$", "", word)
            found.append(name)
            # 和 is also a character of names.
            for place in (at for at, sign in enumerate(name) if sign in "和与及"):
                pair = name[:place], name[place + 1 :]
                found += pair if min(map(len, pair)) > 1 else ()
    return found


def operator(named: str | None, point: str, host: str) -> str:
    """Return the operator of a complaint or notice; a point's name means its host."""
    return named if named and comparable_name(named) != comparable_name(point) else host
