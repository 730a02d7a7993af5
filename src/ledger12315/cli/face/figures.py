"""Figures and rates as commands show them: columns by type, and the table of Attachment 6."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from ledger12315.cli.face.answers import Column, Table
from ledger12315.errors import Message, message
from ledger12315.locale import language
from ledger12315.rules.measures import (
    ATTACHMENT3,
    ATTACHMENT6,
    COLUMNS,
    MEASURES,
    TOTAL,
    Figures,
    Measure,
)
from ledger12315.rules.periods import Period
from ledger12315.rules.rates import RATES, Rate, Value, rates
from ledger12315.words import TYPES

NOTHING, STAR = "—", "*"
Hidden = Container[tuple[str, str]]
"""Cells, as measure and column, that are not shown."""
NOT_OVER = message("The period is not over; what still happens in it is not in these figures.")
PROVISIONAL = message(
    "Overdue and on-time figures are provisional: the holiday notice they depend on is not known."
)
BY_TYPE = (
    Column(TOTAL, "合计", "total", right=True),
    *(Column(word.code, word.zh, word.en, right=True) for word in TYPES.values()),
)
_ROWS3 = (
    Column("code", "代码"),
    Column("key", "标识", "measure", screen=False),
    Column("name", "指标", "指标", narrow=True),
    Column("unit", "单位", screen=False),
    *BY_TYPE,
)
# The measures have Chinese names only; their keys are the English ones.
_ROWS3_EN = tuple(
    each._replace(narrow=True, screen=True) if each.key == "key" else each
    for each in _ROWS3
    if each.key != "name"
)
_NAMES = {key: each.name for key, each in MEASURES.items()}
_NAMES |= {rate.key: rate.name for rate in RATES}


def as_submitted(period: Period, day: date) -> Message:
    """Return what is said of figures that are those of the day they were submitted."""
    return message(
        "{period} as it was submitted on {day}; --live gives today's.", period=period.code, day=day
    )


def fraction(value: Value) -> dict[str, Any]:
    """Return a rate as JSON holds it."""
    return {
        "numerator": value.numerator,
        "denominator": value.denominator,
        "percent": value.percent,
    }


def judged(value: Value) -> dict[str, Any]:
    """Return a rate as JSON holds it, with its target and what is to be said of it."""
    return fraction(value) | {
        "target": value.rate.target,
        "met": value.met,
        "small_sample": value.small_sample,
    }


def formula_of(rate: Rate) -> str:
    """Return a rate's name and formula in the reader's language."""
    chinese = language() == "zh"
    return f"{rate.name} = {rate.formula}" if chinese else f"{rate.key} = {rate.formula_en}"


def verdict(value: Value) -> str:
    """Return small for a small sample, else met or missed, or nothing without a target."""
    if value.small_sample:
        return "small"
    return {None: "", True: "met", False: "missed"}[value.met]


def percentage(value: Value) -> str:
    """Return a rate alone: a terminal has room for what it is made of only below a table."""
    return value.percent or NOTHING


def made_up(value: Value) -> str:
    """Return a rate with what it is made of."""
    return f"{percentage(value)} ({value.numerator}/{value.denominator})"


def in_columns(
    found: Figures,
    key: str,
    told: Callable[[Value], Any],
    by: Sequence[Rate],
    hidden: Hidden = frozenset(),
) -> dict[str, Any]:
    """Return what a measure or rate has in each of COLUMNS, a star where it is hidden."""
    if measure := MEASURES.get(key):
        shown = {column: measure.in_unit(found[key][column]) for column in COLUMNS}
        return {column: STAR if (key, column) in hidden else shown[column] for column in COLUMNS}
    [rate] = [each for each in by if each.key == key]
    parts = (*rate.numerator, rate.denominator)
    return {
        column: STAR
        if any((part, column) in hidden for part in parts)
        else told(*rates(found, column, [rate]))
        for column in COLUMNS
    }


def rows6(
    found: Figures,
    by: Sequence[Rate],
    told: Callable[[Value], Any] = fraction,
    hidden: Hidden = frozenset(),
) -> list[dict[str, Any]]:
    """Return the rows of Attachment 6, the total last."""
    figures = {key: in_columns(found, key, told, by, hidden) for key in ATTACHMENT6}
    return [
        {"type": column} | {key: cells[column] for key, cells in figures.items()}
        for column in (*TYPES, TOTAL)
    ]


def table6(
    found: Figures, by: Sequence[Rate], on_terminal: bool, hidden: Hidden = frozenset()
) -> Table:
    """Return a row per type as in the form.

    A terminal is too narrow for 24 columns: there it is a row per column of the form.
    """
    headings = {key: _NAMES[key] if language() == "zh" else key for key in ATTACHMENT6}
    if on_terminal:
        turned = [
            {"key": text, **in_columns(found, key, percentage, by, hidden)}
            for key, text in headings.items()
        ]
        return Table(turned, [Column("key", "指标", "measure", narrow=True), *BY_TYPE])
    types = {column.key: column.heading for column in BY_TYPE}
    rows = [row | {"type": types[row["type"]]} for row in rows6(found, by, made_up, hidden)]
    columns = [Column(key, text, text) for key, text in headings.items()]
    return Table(rows, [Column("type", "类型"), *columns])


def table3(
    found: Figures, by: Sequence[Rate], on_terminal: bool, hidden: Hidden = frozenset()
) -> Table:
    """Return a row per measure and rate, as in the form."""
    told = percentage if on_terminal else made_up
    rows = list(rows3(found, by, (*ATTACHMENT3, *by), told, hidden))
    if on_terminal:  # 80 columns are few
        for row in rows:
            row["name"] = row["name"].replace("其中：", "  ")
            row["key"] = row["key"].replace("_", " ")
    return Table(rows, _ROWS3 if language() == "zh" else _ROWS3_EN)


def rows3(
    found: Figures,
    by: Sequence[Rate],
    of: Iterable[Measure | Rate],
    told: Callable[[Value], str] = percentage,
    hidden: Hidden = frozenset(),
) -> Iterator[dict[str, Any]]:
    """Yield the rows of Attachment 3."""
    for each in of:
        row = {"code": each.code, "key": each.key, "name": each.name, "unit": each.unit}
        yield row | in_columns(found, each.key, told, by, hidden)


def rates3(found: Figures, by: Sequence[Rate]) -> list[dict[str, Any]]:
    """Return the rates of the total as JSON holds them beside Attachment 3."""
    return [
        {"key": value.rate.key, "target": value.rate.target} | judged(value)
        for value in rates(found, TOTAL, by)
    ]
