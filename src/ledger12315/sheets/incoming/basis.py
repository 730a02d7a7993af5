"""An Attachment 6 from outside: its sheet 计算依据, found by names and keys, and held against its form. Source: domain 6.6."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ledger12315.boxes.reading import Misread
from ledger12315.errors import LedgerError, Message, Unacceptable, message
from ledger12315.rules.county import StationReturn
from ledger12315.rules.measures import COLUMNS, MEASURES, TOTAL, Figures, breaches, in_words
from ledger12315.rules.periods import Period, parse_period
from ledger12315.sheets.forms import spec
from ledger12315.rules.measures import ATTACHMENT6
from ledger12315.sheets.forms.attachment6 import ROWS, row
from ledger12315.sheets.incoming.names import Named, opened
from ledger12315.sheets.incoming.ooxml import Cell

_HEAD = ("station", "period", "first", "last")
_FEN_IN_WAN = 6
"""Decimals of an amount in 万元."""
_NAMES_SHOWN = 10


def read_station_return(file: Path) -> StationReturn:
    """What the workbook tells. Raises Unacceptable with every problem, its sheet and its cell."""
    with opened(file) as book:
        problems = list(_missing(book)) or list(_unreadable(book))
        if not problems:
            figures = {
                key: {column: _whole(_value(book, key, column)) or 0 for column in COLUMNS}
                for key in MEASURES
            }
            problems = [*_unbalanced(book, figures), *_unlike(book, figures)]
        if problems:
            placed = (
                message("{file}: {problem}", file=file, problem=problem) for problem in problems
            )
            raise Unacceptable("These workbooks make no sum; nothing is written.", *placed)
        station, *days = (str(_value(book, key)) for key in _HEAD)
        return StationReturn(
            str(file), station, *_days(*days), figures, "basis_stations" in book.places
        )


def _missing(book: Named) -> Iterator[Message]:
    names = [f"basis_{key}" for key in _HEAD]
    names += [f"basis_{key}_{column}" for key in MEASURES for column in COLUMNS]
    names += [f"A6_{key}_{column}" for key in ATTACHMENT6 for column in ROWS]
    lost = [
        name
        for name in names
        if name not in book.places or book.places[name].sheet not in book.parts
    ]
    if len(lost) == len(names):
        yield message("it has no sheet 计算依据 with the names that `export 6` gives its cells")
    elif lost:
        more = ["…"] if len(lost) > _NAMES_SHOWN else []
        yield message(
            "these names point at no cell any more: {names}", names=[*lost[:_NAMES_SHOWN], *more]
        )


def _value(book: Named, *name: str) -> Cell:
    return book.value(book.places["_".join(("basis", *name))])


def _unreadable(book: Named) -> Iterator[Message]:
    for key in MEASURES:
        for column in COLUMNS:
            place = book.places[f"basis_{key}_{column}"]
            if key not in book.row(place):
                yield message(
                    "{place}: this is not the row of {key}; was the table sorted?",
                    place=place,
                    key=MEASURES[key].label,
                )
            elif _whole(value := book.value(place)) is None:
                yield message(
                    "{place}: {value} is no whole number", place=place, value=_shown(value)
                )
    try:
        _days(*(str(_value(book, key)) for key in _HEAD[1:]))
    except (LedgerError, ValueError):
        yield message(
            "{place}: this is no period with its days below it", place=book.places["basis_period"]
        )
    if not _value(book, "station"):
        yield message("{place}: nobody's name stands here", place=book.places["basis_station"])


def _days(code: str, first: str, last: str) -> tuple[Period, date]:
    """The period, and its last day that counts. Raises LedgerError or ValueError."""
    begun, ended = date.fromisoformat(first), date.fromisoformat(last)
    period = parse_period(code, "calendar" if begun.month == 1 else "statistical", ended)
    if (period.code, period.first) != (code, begun) or not begun <= ended <= period.last:
        raise ValueError(code)
    return period, ended


def _whole(value: Cell) -> int | None:
    return int(value) if isinstance(value, float) and value >= 0 and value.is_integer() else None


def _shown(value: Cell) -> object:
    """What stands in a cell, as people see it there."""
    if isinstance(value, Misread):
        return value.message
    return (
        f"{value:.15g}"
        if isinstance(value, float)
        else message("nothing")
        if value is None
        else value
    )


def _unbalanced(book: Named, figures: Figures) -> Iterator[Message]:
    """Controls of domain 5.1 that do not hold, each with the cell of its left side."""
    for column, control in breaches(figures):
        key, *rest = control.split()
        place, words = book.places[f"basis_{key}_{column}"], in_words(control)
        if rest:
            yield message("{place}: {control}", place=place, control=words)
        else:
            total = figures[key][TOTAL]
            yield message(
                "{place}: the total {total} of {key} is not the sum of its types",
                place=place,
                total=total,
                key=words,
            )


def _unlike(book: Named, figures: Figures) -> Iterator[Message]:
    """What the form shows and 计算依据 does not say."""
    for cell in (cell for column in ROWS for cell in row(column, figures) if cell.name):
        place = book.places[cell.name]
        if not _same(value := book.value(place), cell.value):
            told = {"value": _shown(value), "expected": cell.value}
            yield message(
                "{place}: {value} stands here, where 计算依据 makes {expected}", place=place, **told
            )


def _same(found: Cell, drawn: spec.Value) -> bool:
    """Programs keep an amount in 万元 as a fraction to the base of 2."""
    if isinstance(found, float) and not isinstance(drawn, str):
        return round(found, _FEN_IN_WAN) == round(float(drawn or 0), _FEN_IN_WAN)
    return found == drawn
