"""Figures and rates as commands show them: columns by type, and the table of Attachment 6."""

from collections.abc import Callable
from typing import Any

from ledger12315.cli.face.answers import Column, Table
from ledger12315.errors import message
from ledger12315.locale import language
from ledger12315.rules.measures import ATTACHMENT6, COLUMNS, MEASURES, TOTAL, Figures
from ledger12315.rules.rates import RATES, Value, rates
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


def percentage(value: Value) -> str:
    """Return a rate alone: a terminal has room for what it is made of only below a table."""
    return value.percent or NOTHING


def made_up(value: Value) -> str:
    """Return a rate with what it is made of."""
    return f"{percentage(value)} ({value.numerator}/{value.denominator})"


def in_columns(found: Figures, key: str, told: Callable[[Value], Any]) -> dict[str, Any]:
    """Return what a measure or rate has in each of COLUMNS."""
    if measure := MEASURES.get(key):
        return {column: measure.in_unit(found[key][column]) for column in COLUMNS}
    place = [rate.key for rate in RATES].index(key)
    return {column: told(rates(found, column)[place]) for column in COLUMNS}


def rows6(found: Figures, told: Callable[[Value], Any] = fraction) -> list[dict[str, Any]]:
    """Return the rows of Attachment 6, the total last."""
    figures = {key: in_columns(found, key, told) for key in ATTACHMENT6}
    return [
        {"type": column} | {key: cells[column] for key, cells in figures.items()}
        for column in (*TYPES, TOTAL)
    ]


def table6(found: Figures, on_terminal: bool) -> Table:
    """Return a row per type as in the form.

    A terminal is too narrow for 24 columns: there it is a row per column of the form.
    """
    headings = {key: _NAMES[key] if language() == "zh" else key for key in ATTACHMENT6}
    if on_terminal:
        turned = [
            {"key": text, **in_columns(found, key, percentage)} for key, text in headings.items()
        ]
        return Table(turned, [Column("key", "指标", "measure", narrow=True), *BY_TYPE])
    types = {column.key: column.heading for column in BY_TYPE}
    rows = [row | {"type": types[row["type"]]} for row in rows6(found, made_up)]
    columns = [Column(key, text, text) for key, text in headings.items()]
    return Table(rows, [Column("type", "类型", "type"), *columns])
