"""A bureau's own workbook, filled in place with a form's values."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from itertools import chain, zip_longest
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

from ledger12315.boxes.reading import Misread, too_long
from ledger12315.boxes.worded import UnknownWord
from ledger12315.errors import Message, Unacceptable, message
from ledger12315.sheets.forms.spec import CellValue
from ledger12315.sheets.incoming.names import NamedBook, Place, open_workbook
from ledger12315.sheets.incoming.ooxml import MOST_TEXT
from ledger12315.sheets.paper.bureau import EXAMPLE, BureauWorkbook, WordCell, unfit
from ledger12315.sheets.paper.contents import (
    COUNTY_FORM,
    Content,
    RepeatedRow,
    Wanted,
    sample_contents,
)
from ledger12315.sheets.paper.patch import with_recalculation

_MOST_FILLED, _MOST_PROBLEMS = 250_000, 100
"""The most cells filled in rows that repeat, and the most problems shown."""


class FilledCell(NamedTuple):
    """A value, its place, and the cell whose format a new one gets."""

    place: Place
    value: CellValue
    like: Place


class FillingPlan(NamedTuple):
    """The cells to fill, the reasons why some cannot be, and the number of unknown words."""

    cells: Sequence[FilledCell]
    problems: Sequence[Message]
    unknown: int


def fill_template(template: Path, name: str | Message, content: Content) -> bytes:
    """Return the workbook with a form's content. Raises Unacceptable with all misfits."""
    with open_workbook(template) as book:
        bureau = BureauWorkbook(book)
        plan = _plan(bureau, content)
        if plan.problems:
            fitting = [name for name, other in _sample_plans(bureau) if not other.problems]
            if fitting and name not in fitting:
                forms = _without_county(fitting)
                why = message("its words are those of Attachment {forms}", forms=forms)
                plan = plan._replace(problems=[why])
            raise _misfit(template, name, plan)
        return _filled_workbook(template, bureau, plan.cells)


def fitting_forms(template: Path) -> tuple[list[str | Message], int]:
    """Return the forms that have all words of a workbook, and the number of cells with words.

    Raises Unacceptable with the misfits of the form that has most of them. What fits is filled
    with sample figures and read back, as in an export.
    """
    with open_workbook(template) as book:
        bureau = BureauWorkbook(book)
        plans = _sample_plans(bureau)
        fitting = [(name, plan) for name, plan in plans if not plan.problems]
        for _, plan in fitting:
            _filled_workbook(template, bureau, plan.cells)
    if names := [name for name, _ in fitting]:
        count = len(bureau.single) + sum(len(each.cells) for each in bureau.repeated)
        return _without_county(names), count
    # The last of those that know most words: Attachment 6 rather than a complaint's page.
    name, nearest = min(reversed(plans), key=lambda each: (each[1].unknown, len(each[1].problems)))
    raise _misfit(template, name, nearest)


def _without_county(fitting: Sequence[str | Message]) -> list[str | Message]:
    """Return forms that fit, the county's only alone: it has all that a station's has."""
    return [each for each in fitting if each != COUNTY_FORM or "6" not in fitting]


def _sample_plans(bureau: BureauWorkbook) -> list[tuple[str | Message, FillingPlan]]:
    """Return what each attachment, with sample figures, makes of a workbook's cells."""
    return [(name, _plan(bureau, sample)) for name, sample in sample_contents()]


def _misfit(template: Path, name: str | Message, plan: FillingPlan) -> Unacceptable:
    shown = plan.problems[:_MOST_PROBLEMS]
    if len(plan.problems) > _MOST_PROBLEMS:
        shown = [*shown, message("The list ends here; there may be more.")]
    return Unacceptable(
        "{file} cannot be filled as Attachment {form}; nothing is written.",
        *shown,
        file=template,
        form=name,
    )


def _plan(bureau: BureauWorkbook, content: Content) -> FillingPlan:
    """Return what a form's content makes of a workbook's cells."""
    cells, problems, unknown = list[FilledCell](), [*bureau.problems], Counter[str]()
    if not (bureau.single or bureau.repeated or problems):
        problems.append(message("no cell has a word such as {example}", example=EXAMPLE))

    @contextmanager
    def noted(cell: WordCell) -> Iterator[None]:
        try:
            yield
        except Misread as wrong:
            problems.append(unfit(cell.place, wrong.message))
            unknown.update(words=isinstance(wrong, UnknownWord))

    for each in bureau.single:
        with noted(each):
            wanted = _meanings(each, content)
            cells.append(FilledCell(each.place, _value(each, wanted, content, None), each.place))
        if len(problems) > _MOST_PROBLEMS:
            break
    for repeated in bureau.repeated:
        known = list[tuple[WordCell, Sequence[Wanted]]]()
        for each in repeated.cells:
            with noted(each):
                known.append((each, _meanings(each, content)))
        if len(known) == len(repeated.cells):
            with noted(repeated.cells[0]):
                cells += _repeated_cells(known, repeated.room, content)
    return FillingPlan(cells, problems, unknown["words"])


def _meanings(cell: WordCell, content: Content) -> Sequence[Wanted]:
    return [content.wanted(word, cell.labels, cell.repeats) for word in cell.words]


def _repeated_cells(
    known: Sequence[tuple[WordCell, Sequence[Wanted]]], room: int, content: Content
) -> Sequence[FilledCell]:
    """Return the cells of all rows. Raises Misread if they are more than fit."""
    rows = content.rows([each for _, wanted in known for each in wanted])
    room = min(room, _MOST_FILLED // len(known))
    first = known[0][0].place.row
    if len(rows) > room:
        raise Misread(
            "rows needed: {count}, rows there: {room}; insert {more} more above row {below}",
            count=len(rows),
            room=room,
            more=len(rows) - room,
            below=first + room,
        )
    return [
        FilledCell(
            replace(cell.place, row=first + step), _value(cell, wanted, content, row), cell.place
        )
        for cell, wanted in known
        for step, row in enumerate(rows)
    ] or [FilledCell(cell.place, None, cell.place) for cell, _ in known]


def _value(
    cell: WordCell, wanted: Iterable[Wanted], content: Content, row: RepeatedRow | None
) -> CellValue:
    """Return the value of a cell with one word, or else its text with all values."""
    values = [content.value(each, row) for each in wanted]
    if not any(cell.texts):
        return values[0]
    shown = ["" if value is None else str(value) for value in values]
    text = "".join(chain.from_iterable(zip_longest(cell.texts, shown, fillvalue="")))
    if len(text) > MOST_TEXT:
        raise too_long(text, MOST_TEXT)
    return text


def _filled_workbook(template: Path, bureau: BureauWorkbook, cells: Sequence[FilledCell]) -> bytes:
    """Return the workbook with its cells filled.

    Raises Unacceptable if a cell does not read back as written.
    """
    for place, value, like in cells:
        bureau.sheets[place.sheet].put(place, value, like)
    packed = _filled_package(bureau, {each.place.sheet for each in cells})
    with ZipFile(BytesIO(packed)) as archive:
        written = NamedBook(archive)
        for place, value, _ in cells:
            meant = float(value) if isinstance(value, int | Decimal) else value or None
            if written.value(place) != meant:
                why = message("the cell would show something else; is it formatted as a date?")
                raise Unacceptable("{file} cannot be filled.", unfit(place, why), file=template)
    return packed


def _filled_package(bureau: BureauWorkbook, touched: Container[str]) -> bytes:
    """Return the filled workbook, whose formulas are recalculated when it is opened."""
    book, changed = bureau.book, dict[str, bytes]()
    for name, sheet in bureau.sheets.items():
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
