"""What a bureau's own workbook may name, and the form's value for it. docs/quarter.md

A form has single values, and rows that repeat: its complaints, its points, the types. Its words
are its headings and labels, the measures and rates, and HEAD_WORDS.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise
from typing import NamedTuple

from ledger12315.boxes.forms import COMPLAINT
from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.names import comparable_name
from ledger12315.boxes.reading import FEN_PER_WAN, Misread
from ledger12315.boxes.worded import UnknownWord
from ledger12315.errors import Message, Refused, message
from ledger12315.renamed import in_newest_words, in_year_words
from ledger12315.rules.measures import COLUMNS, MEASURES, TOTAL, Figures
from ledger12315.rules.rates import FIGURE_WORDS, Rate, rates, rates_by
from ledger12315.rules.workdays import Calendar
from ledger12315.sheets import declared_sheets
from ledger12315.sheets.forms.attachment4 import NO_POINT
from ledger12315.sheets.forms.attachment6 import ROWS
from ledger12315.sheets.forms.notes import percent
from ledger12315.sheets.forms.spec import Cell, CellValue, FormSheet, Line, cell_of
from ledger12315.words import TYPES, Vocabulary, Word

HEAD_WORDS = Vocabulary(
    Word("unit", "填报单位", "station"),
    Word("period", "报告期", "period"),
    Word("as_of", "截至", "as_of"),
    Word("made", "填报日期", "made"),
)
"""The words that every form knows."""
HeadTexts = Mapping[str, str]
"""The texts of HEAD_WORDS, by code."""
REPEATS = "↓"
"""Before a word: it has a value for each row, from its cell down."""
_ROW_WORD = Word("type", "类型", "type")
_WORDS_OF_FIGURES = Vocabulary(*FIGURE_WORDS.values(), *HEAD_WORDS.values(), _ROW_WORD)
_MONEY_WORDS = [_WORDS_OF_FIGURES[key].zh for key in MEASURES if MEASURES[key].money]
_WITHOUT_TYPE = {*HEAD_WORDS, _ROW_WORD.code}
_TYPE_LABELS = Vocabulary(
    COLUMNS[TOTAL]._replace(also=("总计", "共计")), *map(TYPES.__getitem__, TYPES)
)
_IN_YUAN, _IN_WAN, _AS_FRACTION = "元", "万元", "小数"
_UNIT_WORDS = (_IN_YUAN, _IN_WAN, _AS_FRACTION)
_MONEY_HEADINGS = tuple(box.heading for box in COMPLAINT.values() if box.kind.entry == "money")
_NUMBERED = re.compile(r"^\(?[0-9一二三四五六七八九十]+[).、]")
_MOST_NEAR, _CLOSE_ENOUGH = 3, 0.5
# What Attachment 1 calls it, and what the others do.
_NAME_OF_POINT, _NAMES_OF_POINT = "服务点名称", ("名称", "服务点")


def head_texts(unit: str, when: str, last: date, made: date) -> HeadTexts:
    """Return the texts of a head: its unit, `when` as forms print it, last day and date."""
    period = when.removeprefix("报告期：").replace("：", "")
    texts = unit, period, DAY.printed(last), DAY.printed(made)
    return dict(zip(HEAD_WORDS, texts, strict=True))


class LabelTexts(NamedTuple):
    """The texts at the left of a cell and above it, the nearest first."""

    left: Sequence[str]
    above: Sequence[str]


class Wanted(NamedTuple):
    """What a word means: a name of the form, the types it says and its labels say, its unit."""

    name: str
    said: str = ""
    labelled: str = ""
    unit: str = ""


class RepeatedRow(NamedTuple):
    """The values of a row by name, and the column of its figures."""

    values: Mapping[str, CellValue]
    figures: Figures
    column: str = TOTAL


def braced(word: str, *more: str) -> str:
    """Return a word as it is typed into a cell."""
    return f"{{{' '.join((in_year_words(word), *more))}}}"


class FigureContent:
    """The figures of Attachment 3 or 6; `texts` are its head, `by` its rates.

    A county's has a row for each of its stations too, by 填报单位.
    """

    def __init__(
        self,
        figures: Figures,
        texts: HeadTexts,
        by: Sequence[Rate],
        stations: Iterable[tuple[str, Figures]] = (),
    ) -> None:
        self._by = {rate.key: rate for rate in by}
        self._whole = RepeatedRow(texts, figures)
        # By the word that names each row.
        self._repeated = {
            _ROW_WORD.code: [
                RepeatedRow({**texts, _ROW_WORD.code: ROWS[each]}, figures, each) for each in TYPES
            ]
        }
        if listed := [RepeatedRow({**texts, "unit": name}, each) for name, each in stations]:
            self._repeated["unit"] = listed

    def wanted(self, word: str, labels: LabelTexts, repeats: bool) -> Wanted:
        """Return the meaning of `争议金额 商场 万元`. Raises Misread."""
        name, said, unit = self._parts(word)
        if name == _ROW_WORD.code and not repeats:
            raise _repeating_word(word)
        _demand_unit(word, unit, name in MEASURES and MEASURES[name].money, labels)
        free = name in _WITHOUT_TYPE or said or repeats
        type_ = _one_type(labels.above) if free else _demand_type(word, labels)
        return Wanted(name, said, type_, unit)

    def _parts(self, word: str) -> tuple[str, str, str]:
        """Return what a word names, its type and its unit, each once. Raises Misread."""
        name = said = unit = ""
        for part in in_newest_words(word).split():
            if not said and (type_ := _type_named(part)):  # `other` is a measure's word too
                said = type_
            elif not name and (known := _WORDS_OF_FIGURES.find(part)):
                name = known.code
            elif not unit and part in _UNIT_WORDS:
                unit = part
            else:
                words = _MONEY_WORDS if _IN_YUAN in word else _WORDS_OF_FIGURES
                raise _unknown_word(word, words, word if name else part)
        fraction = unit == _AS_FRACTION
        if not name or (said and name in _WITHOUT_TYPE) or (fraction and name not in self._by):
            raise _unknown_word(word, _WORDS_OF_FIGURES)
        return name, said, unit

    def rows(self, wanted: Iterable[Wanted]) -> Sequence[RepeatedRow]:
        """Return a row for each of the things that one of the words names. Raises Misread."""
        for each in wanted:
            if each.name in self._repeated:
                return self._repeated[each.name]
        raise Misread(
            "no word in this row says what is repeated; write {example} in one of its cells, or "
            "a word without {sign} in each row",
            example=braced(REPEATS + _ROW_WORD.zh),
            sign=REPEATS,
        )

    def value(self, wanted: Wanted, row: RepeatedRow | None = None) -> CellValue:
        """Return a text, a count, yuan, or a rate in percent."""
        row = row or self._whole
        name, said, labelled, unit = wanted
        if name in row.values:
            return row.values[name]
        column = said or (labelled or TOTAL if row.column == TOTAL else row.column)
        if name in MEASURES:
            figure = row.figures[name][column]
            return _yuan_in(Decimal(figure) / 100, unit) if MEASURES[name].money else figure
        [rate] = rates(row.figures, column, [self._by[name]])
        if unit and rate.denominator:
            return Decimal(repr(rate.numerator / rate.denominator))
        return percent(rate)


class BoxContent:
    """The texts of a form's boxes, or of its table's rows."""

    def __init__(self, sheets: Iterable[FormSheet], texts: HeadTexts) -> None:
        sheet, *others = sheets
        if others:
            raise Refused(
                "A bureau's own workbook is filled for one complaint or point at a time: give "
                "--number or --point."
            )
        headings = [*_unique_headings([each.heading for each in sheet.columns])]
        keys = {name: each.key for name, each in zip(headings, sheet.columns, strict=True)}
        self._counts = [name for name, key in keys.items() if key in ("place", "used")]
        self._rows: list[RepeatedRow] = []
        values = dict(_texts_around(sheet)) | dict(_boxes(sheet.boxes))
        for cells in sheet.rows:
            row = dict(zip(headings, map(_box_value, cells), strict=True))
            if row[headings[0]] == ROWS[TOTAL]:
                values |= {_in_total(name): each for name, each in row.items()}
            else:
                self._rows.append(RepeatedRow(row, {}))
        values |= {word.zh: texts[code] for code, word in HEAD_WORDS.items()}
        self._alone = RepeatedRow(values, {})
        self._money = {each for each in (*headings, *values) if _is_money(each)}
        self._columns, self._labels = _by_spelling(headings), _by_spelling(values)
        self._labels |= {word.en: word.zh for word in HEAD_WORDS.values()}

    def wanted(self, word: str, labels: LabelTexts, repeats: bool) -> Wanted:
        """Return the meaning of a label of the form or a heading of its table. Raises Misread."""
        unit, text = "", word
        *parts, last = word.split() or [""]
        if parts and last in (_IN_YUAN, _IN_WAN):
            unit, text = last, " ".join(parts)
        spelled = in_newest_words(comparable_name(text))
        known, others = self._labels, self._columns
        if repeats:
            known, others = others, known
        if spelled not in known and spelled in others:
            raise _single_word(word) if repeats else _repeating_word(word)
        if spelled not in known or (unit and known[spelled] not in self._money):
            raise _unknown_word(word, {*known.values(), *others.values()})
        _demand_unit(word, unit, known[spelled] in self._money, labels)
        return Wanted(known[spelled], unit=unit)

    def rows(self, _wanted: Iterable[Wanted]) -> Sequence[RepeatedRow]:
        """Return the rows of the form's table."""
        return self._rows

    def value(self, wanted: Wanted, row: RepeatedRow | None = None) -> CellValue:
        """Return what the form prints."""
        found = (row or self._alone).values[wanted.name]
        if not (found and wanted.unit):
            return found
        # Attachment 1 prints it with its unit.
        return _yuan_in(Decimal(str(found).removesuffix(_IN_YUAN)), wanted.unit)

    def with_sample(self) -> "BoxContent":
        """Return it with one made-up row, with a figure in each column of figures."""
        figures = self._money.union(self._counts)
        row = {name: 1 if name in figures else None for name in self._columns.values()}
        self._rows = [RepeatedRow(row, {})]
        return self


Content = FigureContent | BoxContent
"""A form's values: `wanted` says what a word means, `rows` how often, `value` what it is."""


COUNTY_FORM = message("6 of a county")
"""The name of the attachment that has a row for each station too."""


def sample_contents() -> list[tuple[str | Message, Content]]:
    """Return each attachment with sample figures, for the words that it knows."""
    texts = dict.fromkeys(HEAD_WORDS, "…")
    empty: Mapping[str, tuple[object, ...]] = {
        "1": ((),),
        "2": ("", "报告期：", (), Calendar({}, ()), False, 0, 0),
        "4": ("", "截至：", (NO_POINT,)),
        "5": ("", "截至：", (), None, False),
    }
    figures = {key: dict.fromkeys(COLUMNS, 1) for key in MEASURES}
    of_station = FigureContent(figures, texts, rates_by({}))
    boxes = {
        form: BoxContent(declared_sheets(form, *facts), texts).with_sample()
        for form, facts in empty.items()
    }
    of_county = FigureContent(figures, texts, rates_by({}), [("…", figures)])
    forms: dict[str, Content] = {**boxes, "3": of_station, "6": of_station}
    return [(COUNTY_FORM, of_county), *sorted(forms.items())]


def _type_named(text: str) -> str:
    """Return the type that a label or part of a word names, TOTAL for 合计, or nothing."""
    bare = _NUMBERED.sub("", comparable_name(text))
    found = map(_TYPE_LABELS.find, _spellings(bare))
    return next((word.code for word in found if word), "")


def _one_type(texts: Iterable[str]) -> str:
    return next(filter(None, map(_type_named, texts)), "")


def _demand_type(word: str, labels: LabelTexts) -> str:
    """Return the type that the labels of a cell name. Raises Misread for none or two."""
    named = [*dict.fromkeys(filter(None, map(_one_type, labels)))]
    examples = [braced(word, COLUMNS[each].zh) for each in (*named, TOTAL, *TYPES)][:2]
    if not named:
        raise Misread(
            "{word}: no label of its row or column names a type; write {examples}",
            word=braced(word),
            examples=examples,
        )
    if len(named) > 1:
        raise Misread(
            "{word}: its row and its column name different types; write {examples}",
            word=braced(word),
            examples=examples,
        )
    return named[0]


def _demand_unit(word: str, unit: str, money: bool, labels: LabelTexts) -> None:
    """Raise Misread if a unit does not fit, or if only a label says that yuan are not meant."""
    if unit in (_IN_YUAN, _IN_WAN) and not money:
        raise Misread("{word} is not an amount of money", word=braced(word))
    if money and not unit and any(_IN_WAN in text for text in (*labels.left, *labels.above)):
        raise Misread(
            "{word}: a label says 万元; write {examples}",
            word=braced(word),
            examples=[braced(word, each) for each in (_IN_WAN, _IN_YUAN)],
        )


def _yuan_in(yuan: Decimal, unit: str) -> Decimal:
    return yuan * 100 / FEN_PER_WAN if unit == _IN_WAN else yuan


def _unknown_word(word: str, known: Iterable[str] | Vocabulary, part: str = "") -> UnknownWord:
    """Return the error of a word, with those nearest to the part that is not understood."""
    names = {*known}
    if isinstance(known, Vocabulary):
        names |= {each.zh for each in known.values()}
    bare = re.sub(r"[(（].*?[)）]", "", in_newest_words(part or word))
    if near := get_close_matches(bare, sorted(names), _MOST_NEAR, _CLOSE_ENOUGH):
        return UnknownWord(
            "{text} is unknown; nearest: {near}", text=braced(word), near=[*map(braced, near)]
        )
    return UnknownWord("{text} is unknown", text=braced(word))


def _repeating_word(word: str) -> Misread:
    return Misread(
        "{word} has a value for each row; write {right}",
        word=braced(word),
        right=braced(REPEATS + word),
    )


def _single_word(word: str) -> Misread:
    return Misread(
        "{word} has one value; write {right}", word=braced(REPEATS + word), right=braced(word)
    )


def _is_money(name: str) -> bool:
    *_, bare = _spellings(name)
    return bare.endswith(_MONEY_HEADINGS)


def _in_total(name: str) -> str:
    return f"{ROWS[TOTAL]} {name}"


def _box_value(cell: Cell | CellValue) -> CellValue:
    value = cell_of(cell).value
    return DAY.printed(value) if isinstance(value, date) else value


def _unique_headings(headings: Sequence[str]) -> Iterator[str]:
    """Yield headings; one that appears twice is joined with the heading before it."""
    for before, heading in pairwise(["", *headings]):
        yield f"{before} {heading}" if headings.count(heading) > 1 else heading


def _spellings(text: str) -> Iterator[str]:
    """Yield a label as names are compared, then without text in brackets."""
    bare = in_newest_words(comparable_name(text)).removesuffix(":")
    yield bare
    yield re.sub(r"\(.*?\)", "", bare)


def _by_spelling(labels: Iterable[str]) -> dict[str, str]:
    known = {spelling: label for label in labels for spelling in _spellings(label)}
    for label in _NAMES_OF_POINT:
        if label in known:
            known.setdefault(_NAME_OF_POINT, known[label])
    return known


def _texts_around(sheet: FormSheet) -> Iterator[tuple[str, CellValue]]:
    for text in (sheet.left, *sheet.right):
        label, _, value = text.partition("：")
        yield label, value


def _boxes(lines: Iterable[Line]) -> Iterator[tuple[str, CellValue]]:
    """Yield each value with its name: the group and the label.

    In a list the name is the list's and the first cell of the row. The label alone is a name too,
    if only one group has it.
    """
    heads: list[str] = []
    found, alone = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for line in lines:
        texts = [box.value or "" for box in line.boxes]
        if line.boxes[0].heads:
            heads = texts
            continue
        for place, box in enumerate(line.boxes):
            name = box.label or heads[place]
            found[f"{line.group} {name}".strip()].append(texts[place])
            if box.label:
                alone[name].append(texts[place])
            elif texts[0]:
                found[f"{texts[0].partition('：')[0]} {name}"].append(texts[place])
    yield from ((label, texts[0]) for label, texts in alone.items() if len(texts) == 1)
    yield from ((label, "\n".join(texts)) for label, texts in found.items())
