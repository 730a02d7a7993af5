"""An Attachment 5 from outside: its points, as texts."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from ledger12315.boxes.reading import cell_text
from ledger12315.errors import Unacceptable, Unclear, message
from ledger12315.renamed import in_newest_words
from ledger12315.rules.hand_ins import PointList
from ledger12315.sheets.forms.attachment5 import DIRECTORY_COLUMNS, listed_period
from ledger12315.sheets.incoming.reading import read_sheets

_UNIT, _WHEN = "填报单位：", ("报告期：", "截至：")


def read_point_list(file: Path) -> PointList | None:
    """Return the points in a workbook, or None if it is no Attachment 5.

    Raises Unacceptable.
    """
    sheets = read_sheets(file)  # kept, since it keeps the file open
    sheet = next(sheets, None)
    if sheet is None or sheet.name != "附件5":
        return None
    lines = [[cell_text(cell) for cell in cells] for _, cells in sheet.rows]
    heads, whose = [in_newest_words(column.heading) for column in DIRECTORY_COLUMNS], None
    read = [[*map(in_newest_words, line)] for line in lines]
    why = message("its headings are not those of Attachment 5; is it the public version?")
    if heads in read:
        place = read.index(heads)
        whose = _station_and_period(text for line in lines[:place] for text in line)
        why = message("the lines above its table do not name the station and the period or day")
    if whose is None:
        raise Unacceptable("{file} cannot be loaded: {reason}.", file=file, reason=why)
    return PointList(str(file), *whose, tuple(_listed_points(lines[place + 1 :])))


def _station_and_period(texts: Iterable[str]) -> tuple[str, str] | None:
    """Return the station and the period or day of the list, if both are there."""
    above = list(texts)
    unit = next((text.removeprefix(_UNIT) for text in above if text.startswith(_UNIT)), "")
    when = next((text for text in above if text.startswith(_WHEN)), "")
    try:
        listed_period(when)
    except Unclear:
        return None
    return (unit, when) if unit and when else None


def _listed_points(lines: list[list[str]]) -> Iterator[dict[str, str]]:
    for line in lines:
        if not line or not line[0].isdecimal():
            return
        texts = zip(DIRECTORY_COLUMNS, [*line, *[""] * len(DIRECTORY_COLUMNS)], strict=False)
        yield {column.key: text for column, text in texts}
