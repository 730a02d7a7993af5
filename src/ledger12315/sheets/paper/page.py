"""One worksheet, drawn row by row: title, table or boxes, signatures and notes. Domain 6."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, pairwise, zip_longest
from operator import attrgetter
from typing import NamedTuple

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from ledger12315.sheets.forms.spec import COUNTED, FormSheet, Line, Value, cell_of
from ledger12315.sheets.paper.layout import (
    BODY,
    LARGE,
    SET_IN,
    SMALL,
    Span,
    height,
    measured,
    pieces,
    rows,
    spans,
    stretch,
    without_figures,
)
from ledger12315.sheets.paper.parts import Rows

_LINE_SPACE, _BOX_SPACE, _APART = 4, 4, 9
_UNMEASURED = 1000
"""Wide enough that a text does not make its row higher."""

Look = str | tuple[str, type, bool]
"""The name of a style; in a table its alignment, the type of the value and whether it is bold."""
_LABEL, _BOX = ("center", str, False), ("left", str, False)
Placed = Sequence[tuple[Span, str, Look]]


class Charted(NamedTuple):
    """A table that a chart is drawn from: headings, columns, row of the headings, last row."""

    headings: Sequence[str]
    columns: Sequence[int]
    top: int
    last: int


class Page:
    """Writes the sheets of one worksheet, and keeps what its frame must tell of them."""

    def __init__(
        self, out: Rows, looks: Mapping[float, Mapping[Look, int]], first: FormSheet
    ) -> None:
        self.out = out
        self.size, self.across, self.widths = measured(first)
        self.looks = looks[self.size]
        [self.whole] = spans(self.widths, 1)
        self.merged: list[str] = []
        self.names: dict[str, str] = {}
        self.breaks: list[int] = []
        self.charts: list[Charted] = []

    def draw(self, sheet: FormSheet) -> None:
        """Draw the next sheet, on a page of its own."""
        if self.out.count:
            self.breaks.append(self.out.count)
        self._line([(sheet.title, "title")], 8, LARGE)
        for place, right in enumerate(sheet.right, 1):
            left = sheet.left if place == len(sheet.right) else ""
            self._line([(left, "left"), (right, "right")])
        self._prose(sheet.prose)
        if sheet.columns:
            self._table(sheet)
        for group, lines in groupby(sheet.boxes, attrgetter("group")):
            self._group(group, lines)
        self._prose(sheet.closing)
        if sheet.signatures:
            self.out.write((), _APART)
        for signatures in sheet.signatures:
            self._line([(text, "left") for text in signatures], 10)
        for number, text in enumerate(sheet.notes, 1):
            numbered = f"{'注：' if number == 1 else '   '}{number}.{text}"
            for part in rows(numbered, self.whole.width, SMALL):
                least = height(part, without_figures(part, self.whole.width), SMALL)
                self._write([(self.whole, part, "note")], 1, SMALL, least)

    def ended(self, end: bytes) -> bytes:
        """Return the end of a worksheet's XML, with the areas that were merged."""
        if not self.merged:  # Excel refuses a list of none
            return end
        areas = "".join(f'<mergeCell ref="{area}"/>' for area in self.merged).encode()
        rows_end = b"</sheetData>"
        return end.replace(rows_end, b"%b<mergeCells>%b</mergeCells>" % (rows_end, areas))

    def _line(
        self,
        texts: Sequence[tuple[str, Look]],
        space: float = _LINE_SPACE,
        size: float = BODY,
    ) -> None:
        """Write a line of texts that share the width evenly."""
        shares = zip(spans(self.widths, len(texts)), texts, strict=True)
        self._write([(span, *each) for span, each in shares], space, size)

    def _write(
        self,
        placed: Placed,
        space: float,
        size: float = BODY,
        least: float = 0,
        ruled: bool = False,
    ) -> None:
        """Write a row as high as its texts need; ruled ones have their look in every column."""
        needed = max(height(text, span.width, size) for span, text, _ in placed)
        self.out.write(
            (
                (column, text if column == span.first else None, self.looks[look])
                for span, text, look in placed
                for column in range(span.first, (span.last if ruled else span.first) + 1)
            ),
            max(least, needed) + space,
        )
        for span, _, _ in placed:
            self._merge(span.first, span.last)

    def _prose(self, paragraphs: Iterable[str]) -> None:
        for text in paragraphs:
            for piece in pieces(text, self.whole.width):
                self._line([(piece, "left")], 8)

    def _merge(self, first: int, last: int, count: int = 1) -> None:
        """Make one cell of these columns in the last rows."""
        if last > first or count > 1:
            bottom = self.out.count - 1
            self.merged.append(xl_range(bottom - count + 1, first - 1, bottom, last - 1))

    def _table(self, sheet: FormSheet) -> None:
        headings, top = [column.heading for column in sheet.columns], self.out.count
        self._row(headings, ["heading"] * len(headings), sheet.row_height, 6)
        aligns = [column.align for column in sheet.columns]
        for row in sheet.rows:
            values, names, bold, own = zip(*map(cell_of, row), strict=True)
            usual = zip(aligns, map(type, values), bold, strict=True)
            looks = [look or each for look, each in zip(own, usual, strict=True)]
            self._row(values, looks, sheet.row_height)
            if any(look in COUNTED for look in own):
                self._spread(values)
            for column, name in enumerate(names):
                if name:
                    self.names[name] = xl_rowcol_to_cell(self.out.count - 1, column, True, True)
        if sheet.bars:
            self.charts.append(Charted(headings, sheet.bars, top, self.out.count - 1))

    def _spread(self, values: Sequence[Value]) -> None:
        """Give values of the last row the empty cells on their right: sums may need the room."""
        filled = [place for place, value in enumerate(values, 1) if value is not None]
        for place, after in pairwise([*filled, len(values) + 1]):
            self._merge(place, after - 1)

    def _row(
        self, row: Sequence[Value], looks: Sequence[Look], least: float, space: float = 2
    ) -> None:
        texts = zip(row, self.widths, looks, strict=True)
        needed = [
            height(text, without_figures(text, width - SET_IN * (look == "part")), self.size)
            for text, width, look in texts
            if isinstance(text, str)
        ]
        numbers = (self.looks[look] for look in looks)
        cells = zip(range(1, len(row) + 1), row, numbers, strict=True)
        self.out.write(cells, max(least, max(needed, default=0) + space))

    def _group(self, group: str, lines: Iterable[Line]) -> None:
        """Write lines of boxes; the name of a group stands beside all of them."""
        before = self.out.count
        for line in lines:
            self._boxes(line, group if self.out.count == before else "")
        if group:
            self._merge(1, 1, self.out.count - before)

    def _boxes(self, line: Line, group: str) -> None:
        """Write a line in as many rows as its longest text has pieces; labels say it goes on."""
        cells: list[tuple[Span, list[str], Look]] = []
        last = 0
        if line.group:
            cells.append((Span(1, 1, _UNMEASURED), [group], _LABEL))
            last = 1
        for box in line.boxes:
            labelled = last
            if box.label:
                labelled += 2 if last else 3
            span = stretch(self.widths, labelled + 1, labelled + box.span)
            texts = pieces(box.value or "", span.width)
            if box.label:
                labels = [box.label, *[f"{box.label}\n（续）"] * (len(texts) - 1)]
                cells.append((stretch(self.widths, last + 1, labelled), labels, _LABEL))
            cells.append((span, texts, _LABEL if box.heads else _BOX))
            last = span.last
        least = height("\n" * (max(box.lines for box in line.boxes) - 1), 1)
        for row in zip_longest(*(texts for _, texts, _ in cells), fillvalue=""):
            placed = [(span, text, look) for (span, _, look), text in zip(cells, row, strict=True)]
            self._write(placed, _BOX_SPACE, least=least, ruled=True)
