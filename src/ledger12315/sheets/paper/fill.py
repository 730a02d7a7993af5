"""A bureau's own workbook, filled in place by a mapping of cells and names. Domain 6.8."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

from ledger12315.boxes.reading import Misread, each_once
from ledger12315.errors import Message, Unacceptable, message
from ledger12315.sheets.forms.spec import Value
from ledger12315.sheets.incoming.names import Named, Place, opened, place_of
from ledger12315.sheets.incoming.ooxml import MOST_COLUMNS, MOST_ROWS
from ledger12315.sheets.incoming.small import content as content_of
from ledger12315.sheets.paper.contents import Content, blank
from ledger12315.sheets.paper.patch import Patch, recalculated

# `填报单位：{station}`
_IN_TEXT = re.compile(r"([^{}]*)\{([^{}]+)\}([^{}]*)")
_FORMS, _USUAL = tuple("123456"), "6"
# What a changed workbook can no longer vouch for or, as .xlsx, not hold.
_LOST = {
    "_xmlsignatures/": message("a digital signature"),
    "xl/vbaProject": message("macros"),
    "xl/macrosheets/": message("macros"),
}
_PLAIN = b"spreadsheetml.sheet.main+xml"
_EXAMPLE = '{"cells": {"B3": "received"}, "rows": {"first": 8, "columns": {"B": "points_end"}}}'


class Filling(NamedTuple):
    """What goes where, with what is said before and after it, and the sheets it goes into."""

    cells: dict[Place, tuple[str, Any, str]]
    sheets: Mapping[str, Patch]


def fit(template: Path, mapping: Path) -> int:
    """Return how many cells the mapping fills. Raises Unacceptable with all that does not fit."""
    with opened(template) as book:
        told = _told(mapping)
        return len(_plan(book, mapping, told, blank(told["form"])).cells)


def form_of(mapping: Path) -> str:
    """Return the number of the attachment that a mapping is one of. Raises Unacceptable."""
    form: str = _told(mapping)["form"]
    return form


def filled(template: Path, mapping: Path, form: str, content: Content) -> bytes:
    """Return the workbook with a form's content. Raises Unacceptable with what does not fit."""
    with opened(template) as book:
        told = _told(mapping, form)
        if told["form"] != form:
            raise Unacceptable(
                "The mapping {path} is one of Attachment {other}.",
                path=mapping,
                other=told["form"],
            )
        plan = _plan(book, mapping, told, content)
        values = {place: _value(content, *each) for place, each in plan.cells.items()}
        for place, value in values.items():
            plan.sheets[place.sheet].put(place, value)
        packed = _packed(book, plan)
    with ZipFile(BytesIO(packed)) as archive:
        written = Named(archive)
        for place, value in values.items():
            meant = float(value) if isinstance(value, int | Decimal) else value or None
            if written.value(place) != meant:
                raise RuntimeError(f"{place} reads otherwise than it was written")
    return packed


def _told(file: Path, given: str = "") -> dict[str, Any]:
    """Return what a mapping says; its form, unless it says. Raises Unacceptable if it is none."""
    with _refusing(file):
        told = json.loads(content_of(file).decode("utf-8-sig"), object_pairs_hook=each_once)
        if unknown := told.keys() - {"form", "sheet", "cells", "rows"}:
            raise LookupError(unknown)
        form = str(told.get("form", given or _USUAL))
        if form not in _FORMS:
            raise LookupError(form)
        return {**told, "form": form}


@contextmanager
def _refusing(file: Path) -> Iterator[None]:
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        raise Unacceptable(
            "{path} is no mapping such as {example}.", path=file, example=_EXAMPLE
        ) from None


def _plan(book: Named, file: Path, told: Mapping[str, Any], content: Content) -> Filling:
    plan = Filling({}, {name: Patch(book.xml(name)) for name in book.parts})
    problems, entries = list(_lost(book)), list[tuple[str, str, Any]]()
    with _refusing(file):
        sheet = told.get("sheet", next(iter(book.parts))).replace("'", "''")
        try:
            entries.extend(_entries(told, content))
        except Misread as wrong:
            problems.append(message("{where}: {problem}", where="rows", problem=wrong.message))
    for where, text, row in entries:
        place = book.places.get(where) or place_of(where if "!" in where else f"'{sheet}'!{where}")
        try:
            found = _IN_TEXT.fullmatch(text)
            before, name, after = found.groups() if found else ("", text, "")
            wanted = content.wanted(name, row)
            plan.cells[_fillable(place, plan)] = before, wanted, after
        except Misread as wrong:
            problems.append(message("{where}: {problem}", where=where, problem=wrong.message))
    if problems:
        raise Unacceptable(
            "The mapping {path} does not fit this workbook; nothing is written.",
            *problems,
            path=file,
        )
    return plan


def _entries(told: Mapping[str, Any], content: Content) -> Iterator[tuple[str, str, Any]]:
    """Yield cell or name, what it is to hold, and in which row, None alone.

    Raises what a dict or list raises.
    """
    for where, text in told.get("cells", {}).items():
        yield where, text.strip(), None
    if rows := told.get("rows"):
        for number, row in enumerate(content.rows(rows), rows["first"]):
            for letters, text in rows["columns"].items():
                yield f"{letters}{number}", text.strip(), row


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


def _value(content: Content, before: str, wanted: Any, after: str) -> Value:
    value = content.value(wanted)
    return f"{before}{'' if value is None else value}{after}" if before or after else value


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
