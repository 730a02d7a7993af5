"""The parts of a page: neutral texts and values, nothing of HTML."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple


class Picture(NamedTuple):
    """Values of each series by label; bars are horizontal, columns vertical, lines percentages."""

    kind: Literal["bars", "columns", "lines"]
    labels: Sequence[str]
    series: Mapping[str, Sequence[float | None]]


class Section(NamedTuple):
    """One section: sentences, pictures, and the table behind them.

    `more` follows the table, whose last row is the sum of the others if it is `summed`.
    """

    heading: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    says: Sequence[str]
    pictures: Sequence[Picture]
    more: Sequence[str]
    summed: bool
