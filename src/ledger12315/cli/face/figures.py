"""Figures and rates as commands show them: columns by type, and the table of Attachment 6."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from ledger12315.boxes.worded import OneWord
from ledger12315.cli.face.answers import Column, Table
from ledger12315.cli.face.desk import Desk
from ledger12315.errors import Message, message
from ledger12315.ledger.returns.frozen import Frozen
from ledger12315.locale import by_language
from ledger12315.renamed import in_year_words
from ledger12315.rules.measures import (
    ATTACHMENT3,
    ATTACHMENT6,
    COLUMNS,
    MEASURES,
    TOTAL,
    Figures,
    Measure,
)
from ledger12315.rules.rates import (
    FIGURE_WORDS,
    MEASURES_AND_RATES,
    Rate,
    RateValue,
    rates,
    short_key,
)
from ledger12315.words import TYPES, Vocabulary

NOTHING = "—"
RateShown = Callable[[RateValue], Any]
"""A function that returns the shown form of a rate."""
PROVISIONAL = message(
    "Overdue and on-time figures are provisional: a holiday notice is not known yet."
)
_SHORT_HEADINGS = {"supermarket": "supermkt", "enterprise": "firm", "scenic": "scenic"}
"""The headings of a narrow English screen; TYPES knows them as words too."""
BY_TYPE = tuple(
    Column(word.code, word.zh, word.en, right=True, short=_SHORT_HEADINGS.get(word.code, ""))
    for word in COLUMNS.values()
)


def unstated_amounts(found: Figures) -> Iterator[Message]:
    """Yield how many closed complaints have no recovered amount, if any."""
    if count := found["recovered_unstated"][TOTAL]:
        yield message(
            "Closed complaints whose recovered amount is not stated, counted as 0: {count}.",
            count=count,
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


def not_over_note(today: date) -> Message:
    """Return the note on figures of a period that is not over."""
    return message("The period is not over: every figure is as of {day}.", day=today)


def submitted_note(was: Frozen) -> Message:
    """Return the note on figures shown as submitted."""
    return message(
        "{period} as submitted on {day}; --live shows today's figures.",
        period=was.period.code,
        day=was.day,
    )


def rate_for_json(value: RateValue) -> dict[str, Any]:
    """Return a rate for JSON."""
    return {
        "numerator": value.numerator,
        "denominator": value.denominator,
        "percent": value.percent,
    }


def judged_rate_for_json(value: RateValue) -> dict[str, Any]:
    """Return a rate for JSON, with its target and whether it is met."""
    return rate_for_json(value) | {
        "target": value.rate.target,
        "met": value.met,
        "small_sample": value.small_sample,
    }


CORRECTION_COLUMNS = (
    Column("period", "报告期", screen=False),
    Column("code", "代码"),
    Column("key", "指标", "measure", OneWord(FIGURE_WORDS), narrow=True),
    Column("type", "类型", kind=OneWord(Vocabulary(*COLUMNS.values()))),
    Column("told", "已报数", right=True),
    Column("now", "更正后", right=True),
    Column("difference", "更正数", right=True),
)


def formula_of(rate: Rate) -> str:
    """Return a rate's name and formula in the reader's language."""
    return by_language(
        f"{rate.name} = {rate.formula}", f"{short_key(rate.key)} = {rate.formula_en}"
    )


def verdict(value: RateValue) -> str:
    """Return small for a small sample, else met or missed, or nothing without a target."""
    if value.small_sample:
        return "small"
    return {None: "", True: "met", False: "missed"}[value.met]


def percentage(value: RateValue) -> str:
    """Return a rate alone, for a table without room for its parts."""
    return value.percent or NOTHING


def rate_with_parts(value: RateValue) -> str:
    """Return a rate with its numerator and denominator."""
    return f"{percentage(value)} ({value.numerator}/{value.denominator})"


def _names_in_column(measures: Iterable[Measure | Rate]) -> dict[str, str]:
    """Return the short names of measures by key: what is part of the one above is indented."""
    found, above = {}, ""
    for each in measures:
        _, part, rest = each.name.rpartition("其中：")
        above = above if part else f"{short_key(each.key)} "
        english = short_key(each.key).removeprefix(above)
        found[each.key] = "  " * bool(part) + by_language(in_year_words(rest), english)
    return found


class ShownForm(NamedTuple):
    """Attachment 3 or 6 as commands show it."""

    number: str
    figures: Figures
    by: Sequence[Rate]

    def document(self) -> dict[str, Any]:
        """Return the rows for JSON; for Attachment 3 also the rates of the total."""
        if self.number == "6":
            return {"rows": self._rows6(rate_for_json)}
        shown = [
            {"key": value.rate.key, "target": value.rate.target} | judged_rate_for_json(value)
            for value in rates(self.figures, TOTAL, self.by)
        ]
        return {"rows": [*self._rows3(ATTACHMENT3, rate_for_json)], "rates": shown}

    def table(self, desk: Desk) -> Table:
        """Return the rows as in the form."""
        draw = self._table3 if self.number == "3" else self._table6
        return draw(desk.format == "table")

    def _table6(self, on_terminal: bool) -> Table:
        """Return a row per type.

        A terminal is too narrow for 24 columns, so it gets a row per column of the form.
        """
        measures = [MEASURES_AND_RATES[key] for key in ATTACHMENT6]
        if on_terminal:
            turned = [
                {"key": name, **self._in_columns(key, percentage)}
                for key, name in _names_in_column(measures).items()
            ]
            return Table(turned, [Column("key", "指标", "measure", narrow=True), *BY_TYPE])
        headings = {each.key: by_language(each.name, each.key) for each in measures}
        types = {column.key: column.heading for column in BY_TYPE}
        rows = [row | {"type": types[row["type"]]} for row in self._rows6(rate_with_parts)]
        columns = [Column(key, text, text) for key, text in headings.items()]
        return Table(rows, [Column("type", "类型"), *columns])

    def _table3(self, on_terminal: bool) -> Table:
        """Return a row per measure and rate."""
        show_rate = percentage if on_terminal else rate_with_parts
        shown: list[Measure | Rate] = [*ATTACHMENT3, *self.by]
        rows = list(self._rows3(shown, show_rate))
        for row in rows:
            row["name"] = in_year_words(row["name"])
        if on_terminal:
            names = _names_in_column(shown)
            rows = [row | {"key": names[row["key"]], "name": names[row["key"]]} for row in rows]
        return Table(rows, by_language(_ROWS3, _ROWS3_EN))

    def _rows6(self, show_rate: RateShown) -> list[dict[str, Any]]:
        """Return a row per type, the total last."""
        figures = {key: self._in_columns(key, show_rate) for key in ATTACHMENT6}
        return [
            {"type": column} | {key: cells[column] for key, cells in figures.items()}
            for column in (*TYPES, TOTAL)
        ]

    def _rows3(
        self, of: Iterable[Measure | Rate], show_rate: RateShown
    ) -> Iterator[dict[str, Any]]:
        for each in of:
            row = {"code": each.code, "key": each.key, "name": each.name, "unit": each.unit}
            yield row | self._in_columns(each.key, show_rate)

    def _in_columns(self, key: str, show_rate: RateShown) -> dict[str, Any]:
        """Return a measure's figure in each of COLUMNS, or a rate as it is shown."""
        rate = next((each for each in self.by if each.key == key), None)
        if rate is None:
            measure, row = MEASURES[key], self.figures[key]
            if not measure.money:
                return {**row}
            return {column: measure.in_unit(row[column]) for column in COLUMNS}
        parts = {part: self.figures[part] for part in rate.parts}
        return {
            column: show_rate(rate.of({part: row[column] for part, row in parts.items()}))
            for column in COLUMNS
        }
