"""A point's Attachment 3 as a file: a sheet, or a JSON object by code."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ledger12315.boxes.names import comparable_name
from ledger12315.boxes.reading import cell_text, to_half_width
from ledger12315.errors import Unacceptable
from ledger12315.register.headings import names_filled_in
from ledger12315.register.stated import StatedCell
from ledger12315.rules.periods import Period
from ledger12315.sheets.incoming.names import Place
from ledger12315.sheets.incoming.reading import read_sheets
from ledger12315.sheets.incoming.small import json_object

# The headings of the codes and of the figures.
_STATED_HEADINGS = (("代码", "code"), ("合计", "数值", "total", "value"))


def stated_cells(file: Path, period: Period, names: Sequence[str]) -> Iterator[StatedCell]:
    """Yield the figures of an Attachment 3 for the period and the point of these names.

    It is a JSON object by code, or a sheet with 代码 and 合计. Raises Unacceptable for an invalid
    file, or if the text above the table names another period or point.
    """
    if file.suffix.lower() == ".json":
        document = json_object(file, '{"01": 12, "21": "299.00"}', parse_float=str, parse_int=str)
        for code, value in document.items():
            yield StatedCell(code, str(value), file.name)
        return
    for sheet in read_sheets(file):
        if not sheet.hidden:
            rows = (
                (number, [to_half_width(cell_text(cell)) for cell in row])
                for number, row in sheet.rows
            )
            yield from _cells_below_heading(file, rows, period, names)


def _cells_below_heading(
    file: Path, rows: Iterable[tuple[int, list[str]]], period: Period, names: Sequence[str]
) -> Iterator[StatedCell]:
    places: list[int] = []
    for number, texts in rows:
        if not places:
            _demand_same(file, texts, period, names)
            found = [_column_with(headings, texts) for headings in _STATED_HEADINGS]
            places = found if -1 not in found else []
            continue
        code, figure = (texts[place] if place < len(texts) else "" for place in places)
        if code and figure:
            words = " ".join(text for text in texts if not any(map(str.isdecimal, text)))
            yield StatedCell(code.zfill(2), figure, Place("", number, places[1] + 1).cell, words)


def _column_with(headings: Sequence[str], texts: Sequence[str]) -> int:
    return next((place for place, text in enumerate(texts) if text in headings), -1)


def _demand_same(file: Path, texts: Sequence[str], period: Period, names: Sequence[str]) -> None:
    """Raise Unacceptable if another period or point is named above the table."""
    periods = (text.removeprefix("报告期").lstrip(":") for text in texts if text[:3] == "报告期")
    for others, right in ((periods, [period.title]), (names_filled_in(texts), names)):
        same = {comparable_name(each) for each in right}
        for other in filter(None, others):
            if comparable_name(other) not in same:
                raise Unacceptable(
                    "{path} is for {other}, not for {right}.",
                    path=file,
                    other=other,
                    right=right[0],
                )
