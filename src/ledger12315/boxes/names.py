"""Names of people and operators, and how they are compared. Source: domain 3."""

import re
import unicodedata

from ledger12315.words import visible


def compared(name: str) -> str:
    """Return a name in half width and lower case, without blanks and invisible characters."""
    return "".join(unicodedata.normalize("NFKC", visible(name)).casefold().split())


def names_in(text: str) -> list[str]:
    """Return the names of a list that commas, semicolons or 、 separate."""
    return [name for part in re.split("[,;\u3001\uff0c\uff1b\n]", text) if (name := part.strip())]


def operator(named: str | None, point: str, host: str) -> str:
    """Return the operator of a complaint or notice; a point's name means its host."""
    return named if named and compared(named) != compared(point) else host
