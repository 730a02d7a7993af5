"""A worksheet from outside with some of its cells filled: all other cells stay what they are, to the byte. Domain 6.8."""

import re
from xml.sax.saxutils import escape

from ledger12315.sheets.forms.spec import Value
from ledger12315.sheets.incoming.names import Place
from ledger12315.sheets.incoming.ooxml import column_number

_DATA = re.compile(rb"<((?:\w+:)?)sheetData\s*(?:/>|>(.*?)</\1sheetData\s*>)", re.DOTALL)
_ROW, _CELL = (
    re.compile(rb"<((?:\w+:)?)%b\b([^>]*?)(?:/>|>(.*?)</\1%b\s*>)" % (name, name), re.DOTALL)
    for name in (b"row", b"c")
)
_PLACE, _LOOK = (re.compile(rb"""\s%b=["'](\w+)["']""" % name) for name in (b"r", b"s"))
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
        self._rows: dict[int, tuple[bytes, dict[int, bytes]]] = {}
        self.merged = [area.decode() for area in _MERGED.findall(self._after)]
        self.formulas: set[tuple[int, int]] = set()
        """The row and column of each cell that is worked out from others."""
        number = 0
        for row in _ROW.finditer(data[2] or b""):
            place, cells, column = _PLACE.search(row[2]), dict[int, bytes](), 0
            number = int(place[1]) if place else number + 1
            for cell in _CELL.finditer(row[3] or b""):
                named = _PLACE.search(cell[2])
                column = (
                    column_number(named[1].decode().rstrip("0123456789")) if named else column + 1
                )
                cells[column] = cell[0]
                if _FORMULA.search(cell[0]):
                    self.formulas.add((number, column))
            self._rows[number] = row[2], cells

    def __bytes__(self) -> bytes:
        row = b"<%brow%b>%b</%brow>"
        rows = b"".join(
            row
            % (
                self._prefix,
                attributes,
                b"".join(cells[column] for column in sorted(cells)),
                self._prefix,
            )
            for _, (attributes, cells) in sorted(self._rows.items())
        )
        return b"%b<%bsheetData>%b</%bsheetData>%b" % (
            self._before,
            self._prefix,
            rows,
            self._prefix,
            self._after,
        )

    def put(self, place: Place, value: Value) -> None:
        """Fill a cell; it keeps its look."""
        _, cells = self._rows.setdefault(place.row, (f' r="{place.row}"'.encode(), {}))
        old = _CELL.match(cells.get(place.column, b""))
        look = _LOOK.search(old[2]) if old else None
        kind, content = "", f"<v>{value}</v>"
        if isinstance(value, str):
            kind, content = (
                ' t="inlineStr"',
                f'<is><t xml:space="preserve">{escape(value)}</t></is>',
            )
        cell = f'<c r="{place.cell}"{look[0].decode() if look else ""}{kind}>{content}</c>'
        cells[place.column] = re.sub(
            rb"(</?)(?=\w)", rb"\1" + self._prefix, cell.encode("ascii", "xmlcharrefreplace")
        )

    def forget_results(self) -> None:
        """Leave formulas without what they were worked out to be: programs work them out anew."""
        for row, column in self.formulas:
            _, cells = self._rows[row]
            opening, bracket, inside = cells[column].partition(b">")
            cells[column] = _KIND.sub(b"", opening) + bracket + _RESULT.sub(b"", inside)


def recalculated(workbook: bytes) -> bytes:
    """The workbook's own part, saying that formulas are to be worked out when it is opened."""
    if _CALCULATION.search(workbook):
        return _CALCULATION.sub(rb'\1 fullCalcOnLoad="1"\2', workbook, count=1)
    *_, last = _BEFORE_CALCULATION.finditer(workbook)
    return b'%b<%bcalcPr fullCalcOnLoad="1"/>%b' % (
        workbook[: last.end()],
        last[1],
        workbook[last.end() :],
    )
