"""A bureau's own workbook, filled in place by a mapping of cells and names. Domain 6.8."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from decimal import Decimal
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

from ledger12315.boxes.reading import Misread, demand_writable, too_long
from ledger12315.errors import Message, Unacceptable, message
from ledger12315.sheets.forms.spec import CellValue
from ledger12315.sheets.incoming.names import NamedBook, Place, open_workbook, place_of
from ledger12315.sheets.incoming.ooxml import MOST_COLUMNS, MOST_ROWS, MOST_TEXT
from ledger12315.sheets.incoming.small import json_object
from ledger12315.sheets.paper.contents import Content, blank_content
from ledger12315.sheets.paper.patch import Patch, with_recalculation

# `填报单位：{station}`
_IN_TEXT = re.compile(r"([^{}]*)\{([^{}]+)\}([^{}]*)")
_FORMS_FILLED, _USUAL_FORM = tuple("123456"), "6"
_MOST_FILLED, _MOST_PROBLEMS, _MOST_SAID = 250_000, 100, 2000
"""The most cells filled, the most problems shown, and the most characters around a value."""
# The parts that a filled copy loses: its signature is void, and .xlsx holds no macros.
_LOST_PARTS = {
    "_xmlsignatures/": message("a digital signature"),
    "xl/vbaProject": message("macros"),
    "xl/macrosheets/": message("macros"),
}
_PLAIN_WORKBOOK = b"spreadsheetml.sheet.main+xml"
_MAPPING_EXAMPLE = (
    '{"cells": {"B3": "received"}, "rows": {"first": 8, "columns": {"B": "points_end"}}}'
)


class Filling(NamedTuple):
    """Values and their places, with the text before and after, and their sheets."""

    cells: dict[Place, tuple[str, Any, str]]
    sheets: Mapping[str, Patch]


def count_filled_cells(template: Path, mapping: Path) -> int:
    """Return the number of cells that the mapping fills. Raises Unacceptable with all misfits.

    They are filled with sample values and read back, as in an export.
    """
    with open_workbook(template) as book:
        entries = _read_mapping(mapping)
        content = blank_content(entries["form"])
        plan = _plan_filling(book, mapping, entries, content)
        _filled_workbook(template, book, plan, content.sample)
    return len(plan.cells)


def form_of_mapping(mapping: Path) -> str:
    """Return the number of a mapping's attachment. Raises Unacceptable."""
    form: str = _read_mapping(mapping)["form"]
    return form


def fill_template(template: Path, mapping: Path, form: str, content: Content) -> bytes:
    """Return the workbook with a form's content. Raises Unacceptable with all misfits."""
    with open_workbook(template) as book:
        entries = _read_mapping(mapping, form)
        if entries["form"] != form:
            raise Unacceptable(
                "The mapping {path} is for Attachment {other}.",
                path=mapping,
                other=entries["form"],
            )
        return _filled_workbook(
            template, book, _plan_filling(book, mapping, entries, content), content.value
        )


def _filled_workbook(
    template: Path, book: NamedBook, plan: Filling, value_of: Callable[[Any], CellValue]
) -> bytes:
    """Return the workbook with its cells filled.

    Raises Unacceptable if a cell does not read back as written.
    """
    values = {place: _value_between(value_of, *each) for place, each in plan.cells.items()}
    for place, value in values.items():
        if isinstance(value, str) and len(value) > MOST_TEXT:
            raise _unfit_cell(template, place, too_long(value, MOST_TEXT).message)
        plan.sheets[place.sheet].put(place, value)
    packed = _filled_package(book, plan)
    with ZipFile(BytesIO(packed)) as archive:
        written = NamedBook(archive)
        for place, value in values.items():
            meant = float(value) if isinstance(value, int | Decimal) else value or None
            if written.value(place) != meant:
                why = message("the cell would show something else; is it formatted as a date?")
                raise _unfit_cell(template, place, why)
    return packed


def _unfit_cell(template: Path, place: Place, why: Message) -> Unacceptable:
    problem = message("{where}: {problem}", where=str(place), problem=why)
    return Unacceptable("{file} cannot be filled.", problem, file=template)


def _read_mapping(file: Path, given: str = "") -> dict[str, Any]:
    """Return a mapping with its form, or else the given one. Raises Unacceptable if invalid."""
    document = json_object(file, _MAPPING_EXAMPLE)
    with _refuse_mapping(file):
        if unknown := document.keys() - {"form", "sheet", "cells", "rows"}:
            raise LookupError(unknown)
        form = str(document.get("form", given or _USUAL_FORM))
        if form not in _FORMS_FILLED:
            raise LookupError(form)
        return {**document, "form": form}


@contextmanager
def _refuse_mapping(file: Path) -> Iterator[None]:
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        raise Unacceptable(
            "{path} is not a mapping such as {example}.", path=file, example=_MAPPING_EXAMPLE
        ) from None


def _plan_filling(
    book: NamedBook, file: Path, document: Mapping[str, Any], content: Content
) -> Filling:
    plan = Filling({}, {name: Patch(book.xml(name)) for name in book.parts})
    problems, entries = [*_lost_parts(book)], list[tuple[str, str, Any]]()
    with _refuse_mapping(file):
        sheet = document.get("sheet", next(iter(book.parts))).replace("'", "''")
        try:
            entries.extend(islice(_mapping_entries(document, content), _MOST_FILLED + 1))
        except Misread as wrong:
            problems.append(message("{where}: {problem}", where="rows", problem=wrong.message))
    if len(entries) > _MOST_FILLED:
        problems.append(
            message("more than {most} cells are to be filled", most=f"{_MOST_FILLED:,}")
        )
        entries.clear()
    for where, text, row in entries:
        place = book.places.get(where) or place_of(where if "!" in where else f"'{sheet}'!{where}")
        try:
            plan.cells[_fillable(place, plan)] = _text_meaning(content, text, row)
        except Misread as wrong:
            problems.append(message("{where}: {problem}", where=where, problem=wrong.message))
        if len(problems) >= _MOST_PROBLEMS:
            problems.append(message("The list ends here; there may be more."))
            break
    if problems:
        raise Unacceptable(
            "The mapping {path} does not fit this workbook; nothing is written.",
            *problems,
            path=file,
        )
    return plan


def _text_meaning(content: Content, text: str, row: Any) -> tuple[str, Any, str]:
    """Return the value named in a mapping's text, and the text before and after it.

    Raises Misread.
    """
    found = _IN_TEXT.fullmatch(text)
    before, name, after = found.groups() if found else ("", text, "")
    demand_writable(before + after, "\r\n\t")
    if len(before + after) > _MOST_SAID:
        raise too_long(before + after, _MOST_SAID)
    return before, content.wanted(name, row), after


def _mapping_entries(
    document: Mapping[str, Any], content: Content
) -> Iterator[tuple[str, str, Any]]:
    """Yield cell or name, its content, and its row, None outside a table.

    Raises any error of a dict or list.
    """
    for where, text in document.get("cells", {}).items():
        yield where, text.strip(), None
    if rows := document.get("rows"):
        for number, row in enumerate(content.rows(rows), rows["first"]):
            for letters, text in rows["columns"].items():
                yield f"{letters}{number}", text.strip(), row


def _fillable(place: Place | None, plan: Filling) -> Place:
    """Return the place, if it can hold a value. Raises Misread."""
    if place is None or place.row > MOST_ROWS or place.column > MOST_COLUMNS:
        raise Misread("the workbook has no such cell and no such defined name")
    if place.sheet not in plan.sheets:
        raise Misread("there is no sheet {sheet}", sheet=place.sheet)
    if place in plan.cells:
        raise Misread("it is filled twice")
    sheet = plan.sheets[place.sheet]
    if area := sheet.merged_around(place):
        raise Misread("it is inside the merged cells {area}; name the first of them", area=area)
    if sheet.is_formula(place):
        raise Misread("the cell contains a formula")
    return place


def _value_between(
    value_of: Callable[[Any], CellValue], before: str, wanted: Any, after: str
) -> CellValue:
    value = value_of(wanted)
    return f"{before}{'' if value is None else value}{after}" if before or after else value


def _lost_parts(book: NamedBook) -> Iterator[Message]:
    """Yield parts that a filled copy would lose."""
    for part in book.archive.namelist():
        for begin, what in _LOST_PARTS.items():
            if part.startswith(begin):
                yield message(
                    "the workbook holds {what} ({part}), which would be lost", what=what, part=part
                )
    if _PLAIN_WORKBOOK not in book.archive.read("[Content_Types].xml"):
        yield message("the workbook is a template or has macros enabled; save it as .xlsx")


def _filled_package(book: NamedBook, plan: Filling) -> bytes:
    """Return the filled workbook, whose formulas are recalculated when it is opened."""
    touched, changed = {place.sheet for place in plan.cells}, dict[str, bytes]()
    for name, sheet in plan.sheets.items():
        if sheet.calculates:
            changed[book.root] = with_recalculation(book.archive.read(book.root))
        if sheet.calculates or name in touched:
            changed[book.parts[name]] = bytes(sheet)
    packed = BytesIO()
    with ZipFile(packed, "w") as target:
        for part in book.archive.infolist():
            inside = changed.get(part.filename, book.archive.read(part))
            target.writestr(copy(part), inside, part.compress_type)
    return packed.getvalue()
