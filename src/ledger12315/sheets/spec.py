"""What a form is made of, and what the caller tells of it: neutral values, nothing of a workbook. Source: domain 6."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from ledger12315.rules.measures import COLUMNS, TOTAL, Figures
from ledger12315.rules.periods import Period, ReturnDates

Value = str | int | Decimal | None
"""A text, a count, an exact amount (shown with two decimals) or nothing."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, and the defined name by which others read it."""

    value: Value
    name: str = ""
    bold: bool = False


def across(name: str, values: Iterable[Value]) -> Iterator[Cell]:
    """A row's figures in the order of COLUMNS, with defined names `<name>_<column>`."""
    for column, value in zip(COLUMNS, values, strict=True):
        yield Cell(value, f"{name}_{column}", column == TOTAL)


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in half-width characters, at least: figures that need more get it."""

    heading: str
    width: int
    align: Literal["left", "center", "right"] = "center"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a form: `left` and `right` stand above the table, `signatures`, by line, and `notes` below it."""

    name: str
    title: str
    left: str
    right: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    signatures: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    landscape: bool
    one_page: bool
    """Else its width fits the page, and it goes on where it is long."""
    row_height: int
    """At least, in points."""


@dataclass(frozen=True, slots=True)
class Head:
    """All that stands on a form and is no figure.

    `missing` names the points whose return has not come, None where the ledger records no returns yet; `unrecorded` has the keys
    of measures of which it holds no record at all. `provisional`: a due date behind the figures rests on a year without a notice.
    `chain` is the head of the ledger's history, `parts` are the named stretches that add up to an annual return.
    """

    unit: str
    period: Period
    as_of: date | None
    dates: ReturnDates | None
    settings: Mapping[str, str]
    liaison: str = ""
    officer: str = ""
    missing: tuple[str, ...] | None = None
    unrecorded: tuple[str, ...] = ()
    provisional: bool = False
    chain: str = ""
    parts: tuple[tuple[str, Figures], ...] = ()

    @property
    def left(self) -> str:
        return f"填报单位:{self.unit}"

    def right(self, form: str) -> tuple[str, ...]:
        return f"表号:{form}", f"报告期:{self.period.title}"
