"""An Attachment 6 from outside: its sheet 计算依据, compared with its form."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path

from ledger12315.boxes.reading import Misread, ReadCell
from ledger12315.errors import LedgerError, Message, Unacceptable, first_few, message
from ledger12315.rules.controls import Breach, breaches, unequal_sums
from ledger12315.rules.hand_ins import StationReturn
from ledger12315.rules.measures import (
    ATTACHMENT6,
    COLUMNS,
    MEASURES,
    TOTAL,
    CellKey,
    Figures,
    measures_of_schema,
)
from ledger12315.rules.periods import Period, parse_period
from ledger12315.rules.rates import RATES, rates_by, read_formula
from ledger12315.rules.reported import Stamp, chain_of
from ledger12315.sheets.forms import spec
from ledger12315.sheets.forms.attachment6 import ROWS, line_of_type
from ledger12315.sheets.forms.county import TOLD_BY_STATION
from ledger12315.sheets.incoming.names import NamedBook, open_workbook

_HEAD_NAMES = tuple(f"basis_{key}" for key in ("station", "period", "first", "last"))
_PERIOD = re.compile(r"\d{4}(?:A|Q[1-4])")
_CORRECTS = re.compile(rf"(basis_({_PERIOD.pattern})_(\w+))_[a-z]+")
"""The name of a cell that corrects an earlier period: the period and the measure."""
_HEAD = re.compile("([0-9a-f]{64})?")
"""A head of a history, or none."""
_FEN_IN_WAN = 6
"""Decimals of an amount in 万元."""
_NAMES_SHOWN = 10


def read_station_return(file: Path) -> StationReturn:
    """Return the station's return in the workbook.

    Raises Unacceptable with every problem, its sheet and its cell.
    """
    with open_workbook(file) as book:
        problems = list(_missing_names(book)) or list(_unreadable_cells(book))
        figures = {key: dict.fromkeys(COLUMNS, 0) for key in MEASURES}
        if not problems:
            for name, key, column in _basis_figures(book):
                figures[key][column] = _whole_number(book.named(name)) or 0
            problems = [*_unbalanced_basis(book, figures), *_cells_unlike_basis(book, figures)]
            problems += _told_unlike_basis(book, figures)
        if problems:
            placed = (message("{file}: {problem}", file=file, problem=each) for each in problems)
            raise Unacceptable("{file} cannot be taken in.", *placed, file=file)
        return _as_return(book, str(file), figures)


def _as_return(book: NamedBook, file: str, figures: Figures) -> StationReturn:
    station, *days = (str(book.named(name)) for name in _HEAD_NAMES)
    period, last = _basis_days(*days)
    return StationReturn(
        file,
        station,
        period,
        last,
        figures,
        _stamp(book),
        _text_of_name(book, "basis_county"),
        _schema(book),
        _formulas(book),
        _stated_corrections(book),
        _text_of_name(book, "basis_key"),
        "basis_provisional" in book.places,
        *_told(book),
    )


def _told(
    book: NamedBook,
) -> tuple[Mapping[str, Mapping[str, dict[CellKey, int]]], Mapping[str, str], Mapping[str, str]]:
    """Return what a county's form tells of each station, by period and key.

    Also their names, and the returns whose lists of points it told.
    """
    told: dict[str, dict[str, dict[CellKey, int]]] = {}
    names: dict[str, str] = {}
    lists: dict[str, str] = {}
    for _, cells in book.named_sheet(TOLD_BY_STATION):
        code, key, name, measure, *figures = [*cells, *[None] * 4][: 4 + len(COLUMNS)]
        if _PERIOD.fullmatch(str(code)) and measure in MEASURES:
            names[str(key)] = str(name)
            own = told.setdefault(str(code), {}).setdefault(str(key), {})
            for column, figure in zip(COLUMNS, figures, strict=False):
                if number := _whole_number(figure, below=True):
                    own[str(measure), column] = number
        elif _PERIOD.fullmatch(str(code)) and _HEAD.fullmatch(str(measure or "")):
            lists[str(key)] = str(measure or "")
    return told, names, lists


def _text_of_name(book: NamedBook, name: str) -> str:
    """Return the text in the cell of a name, nothing without such a cell."""
    place = book.places.get(name)
    return str(book.value(place) or "") if place and place.sheet in book.parts else ""


def _schema(book: NamedBook) -> int:
    """Return the schema of the ledger behind the figures."""
    text = _text_of_name(book, "basis_schema")
    return int(text) if text.isdecimal() else 0


def _basis_figures(book: NamedBook) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each figure of the workbook's schema, its measure and its column."""
    for measure in measures_of_schema(_schema(book)):
        for column in COLUMNS:
            yield f"basis_{measure.key}_{column}", measure.key, column


def _form_columns(book: NamedBook) -> list[str]:
    """Return the form's columns by the workbook's schema."""
    uncounted = {*MEASURES} - {measure.key for measure in measures_of_schema(_schema(book))}
    return [key for key in ATTACHMENT6 if key not in uncounted]


def _correcting_cells(book: NamedBook) -> Iterator[tuple[str, str, str, str]]:
    """Yield the name of each cell that corrects an earlier period; its period, measure, column."""
    names = map(_CORRECTS.fullmatch, book.places)
    rows = dict.fromkeys(each.groups() for each in names if each and each[3] in MEASURES)
    for (start, period, key), column in product(rows, COLUMNS):
        yield f"{start}_{column}", period, key, column


def _stated_corrections(book: NamedBook) -> dict[str, dict[CellKey, int]]:
    """Return the corrections of earlier periods, by period."""
    found: dict[str, dict[CellKey, int]] = {}
    for name, period, key, column in _correcting_cells(book):
        if difference := _whole_number(book.named(name), below=True):
            found.setdefault(period, {})[key, column] = difference
    return found


def _missing_names(book: NamedBook) -> Iterator[Message]:
    names = [*_HEAD_NAMES, *(name for name, _, _ in _basis_figures(book))]
    names += [f"A6_{key}_{column}" for key in _form_columns(book) for column in ROWS]
    names += [name for name, *_ in _correcting_cells(book)]
    there = {name for name, place in book.places.items() if place.sheet in book.parts}
    lost = [name for name in names if name not in there]
    if len(lost) == len(names):
        yield message("it has no sheet 计算依据 with the cell names that export 6 writes")
    elif lost:
        shown = first_few(lost, _NAMES_SHOWN)
        yield message("these names no longer point to a cell: {names}", names=shown)


def _unreadable_cells(book: NamedBook) -> Iterator[Message]:
    for name, key, _ in _basis_figures(book):
        yield from _not_a_figure(book, name, key, key)
    for name, period, key, _ in _correcting_cells(book):
        yield from _not_a_figure(book, name, key, f"{period} {key}", below=True)
    try:
        _formulas(book)
    except Misread as wrong:
        yield message("{file}: {problem}", file="计算依据", problem=wrong.message)
    station, *days = _HEAD_NAMES
    try:
        _basis_days(*(str(book.named(name)) for name in days))
        _stamp(book)
    except (LedgerError, ValueError):
        place = book.places["basis_period"]
        yield message("{place}: this must be a period with its days below it", place=place)
    if not book.named(station):
        yield message("{place}: the name is missing", place=book.places[station])


def _not_a_figure(
    book: NamedBook, name: str, key: str, row_: str, below: bool = False
) -> Iterator[Message]:
    """Yield the reason why a cell is no valid figure; corrections may be negative."""
    place, value = book.places[name], book.named(name)
    if row_ not in book.row(place.sheet, place.row):
        yield message(
            "{place}: this is not the row of {key}; was the table sorted?",
            place=place,
            key=MEASURES[key].label,
        )
    elif _whole_number(value, below) is None:
        yield message(
            "{place}: {value} is not a whole number", place=place, value=_cell_as_shown(value)
        )


def _basis_days(code: str, first: str, last: str) -> tuple[Period, date]:
    """Return the period, and its last day that counts. Raises LedgerError or ValueError."""
    begun, ended = date.fromisoformat(first), date.fromisoformat(last)
    period = parse_period(code, "calendar" if begun.month == 1 else "statistical", ended)
    if (period.code, period.first) != (code, begun) or not begun <= ended <= period.last:
        raise ValueError(code)
    return period, ended


def _stamp(book: NamedBook) -> Stamp | None:
    """Return what a submitted return states of itself. Raises ValueError."""
    if "basis_moment" not in book.places:
        return None
    moment, act, *heads = (_text_of_name(book, f"basis_{key}") for key in Stamp._fields)
    at = datetime.fromisoformat(moment)
    if at.tzinfo is None or not all(_HEAD.fullmatch(each) for each in heads):
        raise ValueError(moment)
    return Stamp(at, int(act), *heads)


def _whole_number(value: ReadCell, below: bool = False) -> int | None:
    whole = isinstance(value, float) and value.is_integer() and (below or value >= 0)
    return int(value) if whole else None  # type: ignore[arg-type]


def _cell_as_shown(value: ReadCell) -> object:
    """Return a cell's text as people see it."""
    if value is None:
        return message("nothing")
    if isinstance(value, Misread):
        return value.message
    return f"{value:.15g}" if isinstance(value, float) else value


def _unbalanced_basis(book: NamedBook, figures: Figures) -> Iterator[Message]:
    """Yield controls that fail, each with the cell of its left side."""
    for breach in breaches(figures):
        yield _control_broken(book, "basis", breach, figures)
    for period, cells_ in _stated_corrections(book).items():
        differences = {
            key: {column: cells_.get((key, column), 0) for column in COLUMNS} for key in MEASURES
        }
        for breach in unequal_sums(differences):
            yield _control_broken(book, f"basis_{period}", breach, differences)


def _told_unlike_basis(book: NamedBook, figures: Figures) -> Iterator[Message]:
    """Yield periods of which a county's form tells other figures of its stations than in total."""
    told, *_ = _told(book)
    own = str(book.named("basis_period"))
    whole = {own: {(key, column): figures[key][column] for key in figures for column in COLUMNS}}
    for code, cells in (whole | _stated_corrections(book)).items() if told else ():
        sums = Counter[CellKey]()
        for each in told.get(code, {}).values():
            sums.update(each)
        alike = chain_of(code) == chain_of(own)  # an annual form has no quarters' stations
        if alike and any(sums[cell] != figure for cell, figure in cells.items()):
            yield message(
                "{sheet}: {period} is not the sum of the stations",
                sheet=TOLD_BY_STATION,
                period=code,
            )


def _control_broken(book: NamedBook, prefix: str, breach: Breach, figures: Figures) -> Message:
    name = f"{prefix}_{breach.left}_{breach.column}"
    place: object = book.places.get(name, name)
    if breach.right:
        return message("{place}: {control}", place=place, control=breach.words)
    return message(
        "{place}: the total {total} of {key} is not the sum of its types",
        place=place,
        total=figures[breach.left][TOTAL],
        key=breach.words,
    )


def _cells_unlike_basis(book: NamedBook, figures: Figures) -> Iterator[Message]:
    """Yield cells of the form that differ from 计算依据."""
    by = rates_by(_formulas(book))
    for column in ROWS:
        for expected, name, *_ in line_of_type(column, figures, by, _form_columns(book))[1:]:
            value = book.named(name)
            if not _are_equal(value, expected):
                yield message(
                    "{place} is {value}, but 计算依据 gives {expected}",
                    place=book.places[name],
                    value=_cell_as_shown(value),
                    expected=expected,
                )


def _formulas(book: NamedBook) -> dict[str, str]:
    """Return the station's formulas of the rates."""
    named = {rate.key: f"basis_rate_{rate.key}" for rate in RATES}
    texts = {key: str(book.named(name)) for key, name in named.items() if name in book.places}
    return {f"rate.{key}": read_formula(text) for key, text in texts.items()}


def _are_equal(found: ReadCell, drawn: spec.CellValue) -> bool:
    """Return whether the values are equal; spreadsheets keep 万元 as a binary fraction."""
    if isinstance(found, float) and isinstance(drawn, int | Decimal | None):
        return round(found, _FEN_IN_WAN) == round(float(drawn or 0), _FEN_IN_WAN)
    return found == drawn
