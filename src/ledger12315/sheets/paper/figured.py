"""The figures of Attachment 3 or 6, as a bureau's workbook names and holds them. Domain 6.8."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.reading import FEN_PER_WAN, Misread
from ledger12315.renamed import in_newest_words
from ledger12315.rules.measures import COLUMNS, MEASURES, TOTAL, Figures
from ledger12315.rules.rates import FIGURE_WORDS, rates
from ledger12315.sheets.forms.attachment6 import ROWS
from ledger12315.sheets.forms.notes import percent
from ledger12315.sheets.forms.spec import CellValue, Head
from ledger12315.words import TYPES

# The further names in a mapping, besides measures and rates.
_HEAD_TEXTS = ("station", "period", "as_of", "type")
# The units of money, in 分.
_MONEY_UNITS = {"元": 100, "万元": FEN_PER_WAN, "分": 1}


class Wanted(NamedTuple):
    """The content of a cell: a text, measure or rate; of one type or of all; 0 without a unit."""

    key: str
    column: str
    unit: int


class FigureContent(NamedTuple):
    """The figures of Attachment 3 or 6, and the head of their return."""

    figures: Figures
    head: Head

    def rows(self, values: Mapping[str, Any]) -> list[str]:
        """Return the types, in the mapping's order or else in the form's."""
        return list(values.get("types", ROWS))

    def wanted(self, text: str, row: str | None) -> Wanted:
        """Return the meaning of `disputed 商场 万元`: a key, code or name, a type, a unit.

        Raises Misread.
        """
        name, *others = in_newest_words(text).split() or ['""']
        figure = FIGURE_WORDS.find(name)
        if not figure and name not in _HEAD_TEXTS:
            raise Misread(
                "{name} is not a measure, a rate or one of {texts}", name=name, texts=_HEAD_TEXTS
            )
        key, unit = figure.code if figure else name, 0
        column = (row and type_or_total(row)) or row or TOTAL
        units = _units(key)
        for word in others:
            if type_ := type_or_total(word):
                column = type_
            elif word in units:
                unit = units[word]
            else:
                raise Misread(
                    "{word} is neither a type nor a unit of {name}", word=word, name=name
                )
        if column not in COLUMNS:
            raise Misread("{word} is not a type", word=column)
        return Wanted(key, column, unit)

    def sample(self, wanted: Wanted) -> CellValue:
        """Return a sample value for a place."""
        return self.value(wanted)

    def value(self, wanted: Wanted) -> CellValue:
        """Return a text, a count, yuan, or a rate in percent."""
        key, column, unit = wanted
        head = self.head
        if key in _HEAD_TEXTS:
            texts = head.unit, head.period.title, DAY.printed(head.last), ROWS[column]
            return texts[_HEAD_TEXTS.index(key)]
        if key in MEASURES:
            figure = self.figures[key][column]
            return (
                Decimal(figure) / (unit or _MONEY_UNITS["元"]) if MEASURES[key].money else figure
            )
        by = [each for each in head.rates if each.key == key]
        [rate] = rates(self.figures, column, by)
        if unit and rate.denominator:
            return Decimal(repr(rate.numerator / rate.denominator))
        return percent(rate)


def _units(key: str) -> Mapping[str, int]:
    if key in MEASURES:
        return _MONEY_UNITS if MEASURES[key].money else {}
    return {} if key in _HEAD_TEXTS else {"ratio": 1}


def type_or_total(word: str) -> str | None:
    """Return the type that a word names, TOTAL for 合计, or None."""
    if word in (TOTAL, ROWS[TOTAL]):
        return TOTAL
    known = TYPES.find(word)
    return known.code if known else None
