"""A bureau's own workbook, filled in place through a mapping: cell or defined name -> figure. Domain 6.8."""

import json
from collections.abc import Iterator, Mapping
from copy import copy
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

from openpyxl.worksheet.cell_range import CellRange

from ledger12315.boxes.reading import Misread
from ledger12315.errors import Message, Unacceptable, message, reason
from ledger12315.rules.measures import MEASURES, TOTAL, Figures
from ledger12315.rules.rates import RATES, rates
from ledger12315.sheets.forms.attachment6 import ROWS
from ledger12315.sheets.forms.notes import chinese_day, percent
from ledger12315.sheets.forms.spec import Head, Value
from ledger12315.sheets.incoming.names import Named, Place, opened, place_of
from ledger12315.sheets.incoming.ooxml import MOST_COLUMNS, MOST_ROWS
from ledger12315.sheets.paper.patch import Patch, recalculated
from ledger12315.words import TYPES

# What a mapping names besides measures and rates.
_TEXTS = ("station", "period", "as_of", "type")
_KNOWN = {
    **{
        name: measure.key
        for measure in MEASURES.values()
        for name in (measure.code, measure.key)
        if name
    },
    **{key: key for key in (*_TEXTS, *(rate.key for rate in RATES))},
}
# The unit of a measure or rate -> what it may be given in, money by how many 分 that is.
_UNITS: Mapping[str, Mapping[str, int]] = {
    "元": {"元": 100, "万元": 1_000_000, "分": 1},
    "%": {"ratio": 1},
}
# What a changed workbook can no longer vouch for or, as .xlsx, not hold.
_LOST = {
    "_xmlsignatures/": message("a digital signature"),
    "xl/vbaProject": message("macros"),
    "xl/macrosheets/": message("macros"),
}
_PLAIN = b"spreadsheetml.sheet.main+xml"
_EXAMPLE = '{"cells": {"B3": "received"}, "rows": {"first": 8, "columns": {"B": "points_end"}}}'


class Wanted(NamedTuple):
    """What a cell is to hold: a text, measure or rate; of one type or of all; in which unit."""

    key: str
    column: str
    unit: str


class Filling(NamedTuple):
    """What goes where, and the sheets that it goes into."""

    cells: dict[Place, Wanted]
    sheets: Mapping[str, Patch]


def fit(template: Path, mapping: Path) -> int:
    """How many cells the mapping fills. Raises Unacceptable with all that does not fit."""
    with opened(template) as book:
        return len(_plan(book, mapping).cells)


def filled(template: Path, mapping: Path, figures: Figures, head: Head) -> bytes:
    """The workbook with the figures in it. Raises Unacceptable with all that does not fit."""
    with opened(template) as book:
        plan = _plan(book, mapping)
        values = {place: _value(wanted, figures, head) for place, wanted in plan.cells.items()}
        for place, value in values.items():
            plan.sheets[place.sheet].put(place, value)
        content = _packed(book, plan)
    with ZipFile(BytesIO(content)) as archive:
        written = Named(archive)
        for place, value in values.items():
            if written.value(place) != (value if isinstance(value, str) else float(value or 0)):
                raise RuntimeError(f"{place} reads otherwise than it was written")
    return content


def _plan(book: Named, file: Path) -> Filling:
    plan = Filling({}, {name: Patch(book.xml(name)) for name in book.parts})
    problems = list(_lost(book))
    try:
        mapping = json.loads(file.read_bytes().decode("utf-8-sig"))
        sheet = mapping.get("sheet", next(iter(book.parts))).replace("'", "''")
        entries = [(where, text.split(), column) for where, text, column in _entries(mapping)]
    except OSError as error:
        raise Unacceptable(
            "{path} cannot be read: {reason}.", path=file, reason=reason(error, reads=True)
        ) from error
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        raise Unacceptable(
            "{path} is no mapping such as {example}.", path=file, example=_EXAMPLE
        ) from None
    for where, words, column in entries:
        place = book.places.get(where) or place_of(where if "!" in where else f"'{sheet}'!{where}")
        try:
            wanted = _wanted(words, column)
            plan.cells[_fillable(place, plan)] = wanted
        except Misread as wrong:
            problems.append(message("{where}: {problem}", where=where, problem=wrong.message))
    if problems:
        raise Unacceptable(
            "The mapping {path} does not fit this workbook; nothing is written.",
            *problems,
            path=file,
        )
    return plan


def _entries(mapping: Any) -> Iterator[tuple[str, str, str]]:
    """Cell or name, what it is to hold, and of which type, as the mapping has them. Raises what a dict or list raises."""
    if unknown := mapping.keys() - {"sheet", "cells", "rows"}:
        raise LookupError(unknown)
    yield from ((where, text, TOTAL) for where, text in mapping.get("cells", {}).items())
    if rows := mapping.get("rows"):
        for number, word in enumerate(rows.get("types", ROWS), rows["first"]):
            yield from (
                (f"{letters}{number}", text, _type(word) or word)
                for letters, text in rows["columns"].items()
            )


def _type(word: str) -> str | None:
    known = TYPES.find(word)
    return known.code if known else TOTAL if word in (TOTAL, ROWS[TOTAL]) else None


def _wanted(words: list[str], column: str) -> Wanted:
    """Read `disputed 商场 万元`: a key or code, a type where its row does not give it, a unit. Raises Misread."""
    name, *others = words or ['""']
    if name not in _KNOWN:
        raise Misread("{name} is no measure, rate or one of {texts}", name=name, texts=_TEXTS)
    key, unit = _KNOWN[name], ""
    measure = MEASURES.get(key)
    units = _UNITS.get(measure.unit if measure else "" if key in _TEXTS else "%", {})
    for word in others:
        if type_ := _type(word):
            column = type_
        elif word in units:
            unit = word
        else:
            raise Misread("{word} is neither a type nor a unit of {name}", word=word, name=name)
    if not _type(column):
        raise Misread("{word} is no type", word=column)
    return Wanted(key, column, unit)


def _fillable(place: Place | None, plan: Filling) -> Place:
    """The place, where a figure may stand in it. Raises Misread."""
    if place is None or place.row > MOST_ROWS or place.column > MOST_COLUMNS:
        raise Misread("the workbook has no such cell, and no name for one")
    if place.sheet not in plan.sheets:
        raise Misread("there is no sheet {sheet}", sheet=place.sheet)
    if place in plan.cells:
        raise Misread("it is filled twice")
    sheet = plan.sheets[place.sheet]
    for area in sheet.merged:
        if place.cell in CellRange(area) and place.cell != area.partition(":")[0]:
            raise Misread("it is inside the merged cells {area}; name the first of them", area=area)
    if (place.row, place.column) in sheet.formulas:
        raise Misread("a formula stands there")
    return place


def _lost(book: Named) -> Iterator[Message]:
    """What a filled copy would not have any more."""
    for part in book.archive.namelist():
        for begin, what in _LOST.items():
            if part.startswith(begin):
                yield message(
                    "the workbook holds {what} ({part}), which would be lost", what=what, part=part
                )
    if _PLAIN not in book.archive.read("[Content_Types].xml"):
        yield message("the workbook is a template or one for macros; save it as .xlsx")


def _value(wanted: Wanted, figures: Figures, head: Head) -> Value:
    key, column, unit = wanted
    last = chinese_day(head.as_of or head.period.last)
    texts = dict(zip(_TEXTS, (head.unit, head.period.title, last, ROWS[column]), strict=True))
    if key in texts:
        return texts[key]
    for rate in rates(figures, column):
        if rate.rate.key == key:
            return (
                Decimal(repr(rate.numerator / rate.denominator))
                if unit and rate.denominator
                else percent(rate)
            )
    figure = figures[key][column]
    return Decimal(figure) / _UNITS["元"][unit or "元"] if MEASURES[key].money else figure


def _packed(book: Named, plan: Filling) -> bytes:
    """The workbook with what was put into it; where there are formulas, their results are worked out when it is opened."""
    touched, changed = {place.sheet for place in plan.cells}, dict[str, bytes]()
    for name, sheet in plan.sheets.items():
        if sheet.formulas:
            sheet.forget_results()
            changed[book.root] = recalculated(book.archive.read(book.root))
        if sheet.formulas or name in touched:
            changed[book.parts[name]] = bytes(sheet)
    content = BytesIO()
    with ZipFile(content, "w") as target:
        for part in book.archive.infolist():
            target.writestr(
                copy(part), changed.get(part.filename, book.archive.read(part)), part.compress_type
            )
    return content.getvalue()
