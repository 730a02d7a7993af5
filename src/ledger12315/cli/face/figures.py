"""Figures and rates as commands show them: columns by type, and the table of Attachment 6."""

from collections.abc import Callable, Sequence
from typing import Any

from ledger12315.cli.face.answers import Column, Table
from ledger12315.errors import message
from ledger12315.locale import language
from ledger12315.rules.measures import ATTACHMENT6, COLUMNS, MEASURES, TOTAL, Figures
from ledger12315.rules.rates import RATES, Rate, Value, rates
from ledger12315.words import TYPES

NOTHING = "—"
NOT_OVER = message("The period is not over; what still happens in it is not in these figures.")
BY_TYPE = (
    Column(TOTAL, "合计", "total", right=True),
    *(Column(word.code, word.zh, word.en, right=True) for word in TYPES.values()),
)
_NAMES = {key: each.name for key, each in MEASURES.items()}
_NAMES |= {rate.key: rate.name for rate in RATES}


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


def formula_of(rate: Rate) -> tuple[str, str]:
    """Return a rate's name and formula in the reader's language."""
    return (rate.name, rate.formula) if language() == "zh" else (rate.key, rate.formula_en)


def percentage(value: Value) -> str:
    """Return a rate alone: a terminal has room for what it is made of only below a table."""
    return value.percent or NOTHING


def made_up(value: Value) -> str:
    """Return a rate with what it is made of."""
    return f"{percentage(value)} ({value.numerator}/{value.denominator})"


def in_columns(
    found: Figures, key: str, told: Callable[[Value], Any], by: Sequence[Rate]
) -> dict[str, Any]:
    """Return what a measure or rate has in each of COLUMNS."""
    if measure := MEASURES.get(key):
        return {column: measure.in_unit(found[key][column]) for column in COLUMNS}
    rate = [each for each in by if each.key == key]
    return {column: told(*rates(found, column, rate)) for column in COLUMNS}


def rows6(
    found: Figures, by: Sequence[Rate], told: Callable[[Value], Any] = fraction
) -> list[dict[str, Any]]:
    """Return the rows of Attachment 6, the total last."""
    figures = {key: in_columns(found, key, told, by) for key in ATTACHMENT6}
    return [
        {"type": column} | {key: cells[column] for key, cells in figures.items()}
        for column in (*TYPES, TOTAL)
    ]


def table6(found: Figures, by: Sequence[Rate], on_terminal: bool) -> Table:
    """Return a row per type as in the form.

    A terminal is too narrow for 24 columns: there it is a row per column of the form.
    """
    headings = {key: _NAMES[key] if language() == "zh" else key for key in ATTACHMENT6}
    if on_terminal:
        turned = [
            {"key": text, **in_columns(found, key, percentage, by)}
            for key, text in headings.items()
        ]
        return Table(turned, [Column("key", "指标", "measure", narrow=True), *BY_TYPE])
    types = {column.key: column.heading for column in BY_TYPE}
    rows = [row | {"type": types[row["type"]]} for row in rows6(found, by, made_up)]
    columns = [Column(key, text, text) for key, text in headings.items()]
    return Table(rows, [Column("type", "类型", "type"), *columns])
