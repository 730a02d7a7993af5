"""A worksheet from outside with some cells filled; all others stay as they are. Domain 6.8."""

import re
from html import escape

from openpyxl.utils.cell import column_index_from_string
from openpyxl.worksheet.cell_range import CellRange

from ledger12315.sheets.forms.spec import Value
from ledger12315.sheets.incoming.names import Place

_DATA = re.compile(rb"<((?:\w+:)?)sheetData\s*(?:/>|>(.*?)</\1sheetData\s*>)", re.DOTALL)
_ROW, _CELL = (
    re.compile(rb"<((?:\w+:)?)%b\b([^>]*?)(?:/>|>(.*?)</\1%b\s*>)" % (name, name), re.DOTALL)
    for name in (b"row", b"c")
)
_PLACE = re.compile(rb"""\sr=["']([A-Za-z]*)(\d+)["']""")
_LOOK = re.compile(rb"""\ss=["'](\w+)["']""")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z0-9:]+)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_RESULT = re.compile(rb"<((?:\w+:)?)v\s*>[^<]*</\1v\s*>")
_KIND = re.compile(rb"""\st=["']\w+["']""")
_CALCULATION = re.compile(rb"""(<(?:\w+:)?calcPr)\b(?:([^>]*?)\sfullCalcOnLoad=["']\w+["'])?""")
_BEFORE_CALCULATION = re.compile(
    rb"</((?:\w+:)?)(?:sheets|functionGroups|externalReferences|definedNames)\s*>"
)


class Patch:
    """A worksheet's XML taken apart at its rows and cells; `bytes` puts it together again."""

    def __init__(self, xml: bytes) -> None:
        data = _DATA.search(xml)
        assert data  # noqa: S101  # no worksheet is without
        self._before, self._prefix, self._after = xml[: data.start()], data[1], xml[data.end() :]
        self._areas = [CellRange(area.decode()) for area in _MERGED.findall(self._after)]
        self._rows: dict[int, tuple[bytes, dict[int, bytes]]] = {}
        self.calculates = bool(_FORMULA.search(data[2] or b""))
        """Whether it has cells that are worked out from others."""
        number = 0
        for row in _ROW.finditer(data[2] or b""):
            place, cells, column = _PLACE.search(row[2]), dict[int, bytes](), 0
            number = int(place[2]) if place else number + 1
            for cell in _CELL.finditer(row[3] or b""):
                named = _PLACE.search(cell[2])
                column = column_index_from_string(named[1].decode()) if named else column + 1
                cells[column] = cell[0]
            self._rows[number] = row[2], cells

    @property
    def last(self) -> int:
        """The last row that is there."""
        return max(self._rows, default=0)

    def _area(self, place: Place) -> CellRange:
        return next((area for area in self._areas if place.cell in area), CellRange(place.cell))

    def merged_around(self, place: Place) -> str:
        """Return the merged cells that a place is in, unless it is the first of them."""
        area = self._area(place)
        return "" if (area.min_row, area.min_col) == (place.row, place.column) else area.coord

    def end(self, place: Place) -> tuple[int, int]:
        """Return the last row and column of the cells that are merged with a place."""
        area = self._area(place)
        return area.max_row, area.max_col

    def is_formula(self, place: Place) -> bool:
        """Return whether a place is worked out from others."""
        _, cells = self._rows.get(place.row, (b"", {}))
        return bool(_FORMULA.search(cells.get(place.column, b"")))

    def __bytes__(self) -> bytes:
        rows = []
        for _, (attributes, cells) in sorted(self._rows.items()):
            inside = b"".join(_without_result(cell) for _, cell in sorted(cells.items()))
            rows.append(self._element(b"row", attributes, inside))
        return self._before + self._element(b"sheetData", b"", b"".join(rows)) + self._after

    def _element(self, name: bytes, attributes: bytes, inside: bytes) -> bytes:
        name = self._prefix + name
        return b"<%b%b>%b</%b>" % (name, attributes, inside, name)

    def put(self, place: Place, value: Value) -> None:
        """Fill a cell; it keeps its look."""
        _, cells = self._rows.setdefault(place.row, (f' r="{place.row}"'.encode(), {}))
        old = _CELL.match(cells.get(place.column, b""))
        look = _LOOK.search(old[2]) if old else None
        kind, inside = "", "" if value is None else f"<v>{value}</v>"
        if isinstance(value, str):
            kind = ' t="inlineStr"'
            inside = f'<is><t xml:space="preserve">{escape(value, quote=False)}</t></is>'
        cell = f'<c r="{place.cell}"{look[0].decode() if look else ""}{kind}>{inside}</c>'
        xml = cell.encode("ascii", "xmlcharrefreplace")
        cells[place.column] = re.sub(rb"(</?)(?=\w)", rb"\1" + self._prefix, xml)


def _without_result(cell: bytes) -> bytes:
    """Return a cell, a formula without its result: programs work it out anew."""
    if not _FORMULA.search(cell):
        return cell
    opening, bracket, inside = cell.partition(b">")
    return _KIND.sub(b"", opening) + bracket + _RESULT.sub(b"", inside)


def recalculated(workbook: bytes) -> bytes:
    """Return the workbook's own part, which has formulas worked out when it is opened."""
    if _CALCULATION.search(workbook):
        return _CALCULATION.sub(rb'\1 fullCalcOnLoad="1"\2', workbook, count=1)
    *_, last = _BEFORE_CALCULATION.finditer(workbook)
    added = b'<%bcalcPr fullCalcOnLoad="1"/>' % last[1]
    return workbook[: last.end()] + added + workbook[last.end() :]
