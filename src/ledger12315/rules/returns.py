"""What a return is made of, and what the next one has to say of it. Source: 三(五)7, domain 5."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

SENT, OF_POINTS = 6, 3
"""The station's form that is sent, and the one that each point has too.

The figures of the second, of points and station alike, later returns correct.
"""


class OtherCase(NamedTuple):
    """Cases of a day that are no complaints, and so have no number."""

    kind: str
    date: date


class Correction(NamedTuple):
    """A cell that is not as it was submitted, and through which cases; money in 分."""

    period: str
    code: str
    key: str
    type: str
    submitted: int
    now: int
    difference: int
    numbers: tuple[str, ...]
    others: tuple[OtherCase, ...]


class Carried(NamedTuple):
    """上期更正: what a quarter's return says of those before it.

    `tie` has by column the 17 of the quarter before as submitted, its correction, and 02 now.
    """

    previous: str
    tie: Mapping[str, tuple[int, int, int]]
    lines: tuple[Correction, ...]
