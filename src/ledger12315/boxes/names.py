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


def operator(named: str | None, point: str, host: str) -> str:
    """Return the operator of a complaint or notice; a point's name means its host."""
    return named if named and comparable_name(named) != comparable_name(point) else host
