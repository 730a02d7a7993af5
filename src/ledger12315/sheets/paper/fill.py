"""A bureau's own workbook, filled in place by a mapping of cells and names. Domain 6.8."""

import json
from collections.abc import Iterator, Mapping
from copy import copy
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.reading import Misread, each_once
from ledger12315.errors import Message, Unacceptable, message
from ledger12315.rules.measures import MEASURES, TOTAL, Figures
from ledger12315.rules.rates import RATES, rates
from ledger12315.sheets.forms.attachment6 import ROWS
from ledger12315.sheets.forms.notes import percent
from ledger12315.sheets.forms.spec import Head, Value
from ledger12315.sheets.incoming.names import Named, Place, opened, place_of
from ledger12315.sheets.incoming.ooxml import MOST_COLUMNS, MOST_ROWS
from ledger12315.sheets.incoming.small import content
from ledger12315.sheets.paper.patch import Patch, recalculated
from ledger12315.words import TYPES

# What a mapping names besides measures and rates.
_TEXTS = ("station", "period", "as_of", "type")
_KEYS = (*MEASURES, *(rate.key for rate in RATES), *_TEXTS)
_KNOWN = {each.code: key for key, each in MEASURES.items() if each.code} | {
    key: key for key in _KEYS
}
# What money may be given in, by how many 分 that is.
_MONEY = {"元": 100, "万元": 1_000_000, "分": 1}
# What a changed workbook can no longer vouch for or, as .xlsx, not hold.
_LOST = {
    "_xmlsignatures/": message("a digital signature"),
    "xl/vbaProject": message("macros"),
    "xl/macrosheets/": message("macros"),
}
_PLAIN = b"spreadsheetml.sheet.main+xml"
_EXAMPLE = '{"cells": {"B3": "received"}, "rows": {"first": 8, "columns": {"B": "points_end"}}}'


class Wanted(NamedTuple):
    """What a cell is to hold: a text, measure or rate; of one type or of all; 0 without a unit."""

    key: str
    column: str
    unit: int


class Filling(NamedTuple):
    """What goes where, and the sheets that it goes into."""

    cells: dict[Place, Wanted]
    sheets: Mapping[str, Patch]


def fit(template: Path, mapping: Path) -> int:
    """Return how many cells the mapping fills. Raises Unacceptable with all that does not fit."""
    with opened(template) as book:
        return len(_plan(book, mapping).cells)


def filled(template: Path, mapping: Path, figures: Figures, head: Head) -> bytes:
    """Return the workbook with the figures. Raises Unacceptable with all that does not fit."""
    with opened(template) as book:
        plan = _plan(book, mapping)
        values = {place: _value(wanted, figures, head) for place, wanted in plan.cells.items()}
        for place, value in values.items():
            plan.sheets[place.sheet].put(place, value)
        packed = _packed(book, plan)
    with ZipFile(BytesIO(packed)) as archive:
        written = Named(archive)
        for place, value in values.items():
            if written.value(place) != (value if isinstance(value, str) else float(value or 0)):
                raise RuntimeError(f"{place} reads otherwise than it was written")
    return packed


def _plan(book: Named, file: Path) -> Filling:
    plan = Filling({}, {name: Patch(book.xml(name)) for name in book.parts})
    problems = list(_lost(book))
    try:
        mapping = json.loads(content(file).decode("utf-8-sig"), object_pairs_hook=each_once)
        sheet = mapping.get("sheet", next(iter(book.parts))).replace("'", "''")
        entries = [(where, text.split(), column) for where, text, column in _entries(mapping)]
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
    """Yield cell or name, what it is to hold, and of which type, as the mapping has them.

    Raises what a dict or list raises.
    """
    if unknown := mapping.keys() - {"sheet", "cells", "rows"}:
        raise LookupError(unknown)
    for where, text in mapping.get("cells", {}).items():
        yield where, text, TOTAL
    if rows := mapping.get("rows"):
        for number, word in enumerate(rows.get("types", ROWS), rows["first"]):
            for letters, text in rows["columns"].items():
                yield f"{letters}{number}", text, _type(word) or word


def _type(word: str) -> str | None:
    if word in (TOTAL, ROWS[TOTAL]):
        return TOTAL
    known = TYPES.find(word)
    return known.code if known else None


def _wanted(words: list[str], column: str) -> Wanted:
    """Return what `disputed 商场 万元` means: a key or code, a type, a unit. Raises Misread."""
    name, *others = words or ['""']
    if name not in _KNOWN:
        raise Misread("{name} is no measure, rate or one of {texts}", name=name, texts=_TEXTS)
    key, unit = _KNOWN[name], 0
    units = _units(key)
    for word in others:
        if type_ := _type(word):
            column = type_
        elif word in units:
            unit = units[word]
        else:
            raise Misread("{word} is neither a type nor a unit of {name}", word=word, name=name)
    if not _type(column):
        raise Misread("{word} is no type", word=column)
    return Wanted(key, column, unit)


def _units(key: str) -> Mapping[str, int]:
    if key in MEASURES:
        return _MONEY if MEASURES[key].money else {}
    return {} if key in _TEXTS else {"ratio": 1}


def _fillable(place: Place | None, plan: Filling) -> Place:
    """Return the place, if a figure may stand in it. Raises Misread."""
    if place is None or place.row > MOST_ROWS or place.column > MOST_COLUMNS:
        raise Misread("the workbook has no such cell, and no name for one")
    if place.sheet not in plan.sheets:
        raise Misread("there is no sheet {sheet}", sheet=place.sheet)
    if place in plan.cells:
        raise Misread("it is filled twice")
    sheet = plan.sheets[place.sheet]
    if area := sheet.merged_around(place):
        raise Misread("it is inside the merged cells {area}; name the first of them", area=area)
    if sheet.is_formula(place):
        raise Misread("a formula stands there")
    return place


def _lost(book: Named) -> Iterator[Message]:
    """Yield what a filled copy would not have any more."""
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
    if key in _TEXTS:
        texts = head.unit, head.period.title, DAY.printed(head.last), ROWS[column]
        return texts[_TEXTS.index(key)]
    if key in MEASURES:
        figure = figures[key][column]
        return Decimal(figure) / (unit or _MONEY["元"]) if MEASURES[key].money else figure
    [rate] = rates(figures, column, [each for each in head.rates if each.key == key])
    if unit and rate.denominator:
        return Decimal(repr(rate.numerator / rate.denominator))
    return percent(rate)


def _packed(book: Named, plan: Filling) -> bytes:
    """Return the workbook with what was put into it, its formulas to be worked out anew."""
    touched, changed = {place.sheet for place in plan.cells}, dict[str, bytes]()
    for name, sheet in plan.sheets.items():
        if sheet.calculates:
            changed[book.root] = recalculated(book.archive.read(book.root))
        if sheet.calculates or name in touched:
            changed[book.parts[name]] = bytes(sheet)
    packed = BytesIO()
    with ZipFile(packed, "w") as target:
        for part in book.archive.infolist():
            inside = changed.get(part.filename, book.archive.read(part))
            target.writestr(copy(part), inside, part.compress_type)
    return packed.getvalue()
