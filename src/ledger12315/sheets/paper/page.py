"""One worksheet, drawn row by row: title, table or boxes, signatures and notes. Domain 6."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, pairwise, zip_longest
from math import inf
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
from ledger12315.sheets.paper.parts import Placed, Rows

_LINE_SPACE, _BOX_SPACE, _NOTE_SPACE, _APART = 4, 3, 1, 9
_PAGE, _HIGHEST = 750, 350
"""How high a page upright is, and a row of a table at most, in points."""
_SIGNING = 10
_SIGNATURE = height("", 1) + _SIGNING

Look = str | tuple[str, type, bool]
"""The name of a style; in a table its alignment, the type of the value and whether it is bold."""
_LABEL, _BOX = ("center", str, False), ("left", str, False)
Texts = Sequence[tuple[Span, str, Look]]


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
        self._sheet, self._left = first, inf
        # What is being written: a table under its headings, or a group and its first row here.
        self._headings: Sequence[str] = ()
        self._group, self._since = "", 0

    def draw(self, sheet: FormSheet) -> None:
        """Draw the next sheet, on a page of its own."""
        self._sheet = sheet
        self._break()
        self._line([(sheet.title, "title")], 8, LARGE)
        for place, right in enumerate(sheet.right, 1):
            left = sheet.left if place == len(sheet.right) else ""
            self._line([(left, "left"), (right, "right")])
        self._prose(sheet.prose)
        if sheet.columns:
            self._table(sheet)
        for group, lines in groupby(sheet.boxes, attrgetter("group")):
            self._begin_group(group)
            for line in lines:
                self._boxed(line)
            self._end_group()
        self._prose(sheet.closing)
        if sheet.signatures:
            self._make_room(_APART + _SIGNATURE * len(sheet.signatures))
            self._put((), _APART)
        for signatures in sheet.signatures:
            self._line([(text, "left") for text in signatures], _SIGNING)
        for number, text in enumerate(sheet.notes, 1):
            numbered = f"{'注：' if number == 1 else '   '}{number}.{text}"
            for part in rows(numbered, self.whole.width, SMALL):
                high = _high(part, self.whole.width, SMALL) + _NOTE_SPACE
                self._write([(self.whole, part, "note")], high)

    def ended(self, end: bytes) -> bytes:
        """Return the end of a worksheet's XML, with the areas that were merged."""
        if not self.merged:  # Excel refuses a list of none
            return end
        areas = "".join(f'<mergeCell ref="{area}"/>' for area in self.merged).encode()
        rows_end = b"</sheetData>"
        return end.replace(rows_end, b"%b<mergeCells>%b</mergeCells>" % (rows_end, areas))

    def _break(self) -> None:
        if self.out.count:
            self.breaks.append(self.out.count)
        # Others are broken by the program that prints them, which repeats their headings.
        self._left = inf if self._sheet.fits or self._sheet.bars else _PAGE

    def _make_room(self, high: float) -> None:
        """Go on with what is being written on a further page, unless there is room on this one."""
        if high <= self._left:
            return
        sheet, group = self._sheet, self._group
        self._end_group()
        self._break()
        about = sheet.subject or "".join(sheet.right[-1:])
        self._line([(f"{sheet.title}（续）", "left"), (about, "right")])
        self._begin_group(group)
        if self._headings:
            self._head()

    def _put(self, cells: Iterable[Placed], high: float) -> None:
        self.out.write(cells, high)
        self._left -= high

    def _line(
        self,
        texts: Sequence[tuple[str, Look]],
        space: float = _LINE_SPACE,
        size: float = BODY,
    ) -> None:
        """Write a line of texts that share the width evenly."""
        shares = list(zip(spans(self.widths, len(texts)), texts, strict=True))
        high = max(height(text, span.width, size) for span, (text, _) in shares)
        self._write([(span, *each) for span, each in shares], high + space)

    def _write(self, texts: Texts, high: float, ruled: bool = False) -> None:
        """Write a row; ruled ones have their look in every column."""
        self._make_room(high)
        if self._group:
            name = self._group if self.out.count == self._since else ""
            texts = [(Span(1, 1, 0), name, _LABEL), *texts]
        self._put(
            (
                (column, text if column == span.first else None, self.looks[look])
                for span, text, look in texts
                for column in range(span.first, (span.last if ruled else span.first) + 1)
            ),
            high,
        )
        for span, _, _ in texts:
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
        self._headings, top = [column.heading for column in sheet.columns], self.out.count
        self._head()
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
            self.charts.append(Charted(self._headings, sheet.bars, top, self.out.count - 1))
        self._headings = ()

    def _head(self) -> None:
        looks = ["heading"] * len(self._headings)
        self._row(self._headings, looks, self._sheet.row_height, 6)

    def _spread(self, values: Sequence[Value]) -> None:
        """Give values of the last row the empty cells on their right: sums may need the room."""
        filled = [place for place, value in enumerate(values, 1) if value is not None]
        for place, after in pairwise([*filled, len(values) + 1]):
            self._merge(place, after - 1)

    def _row(
        self, row: Sequence[Value], looks: Sequence[Look], least: float, space: float = 2
    ) -> None:
        """Write a row, or several where a text is too long for one.

        A row of a register, which is read back as it was written, stays one: what there is no room
        for stands on Attachment 1.
        """
        rooms = [
            width - SET_IN * (look == "part")
            for width, look in zip(self.widths, looks, strict=True)
        ]
        texts = zip(row, rooms, strict=True)
        needed = [_high(text, room, self.size) for text, room in texts if isinstance(text, str)]
        high = max(least, max(needed, default=0) + space)
        if not isinstance(self._sheet.rows, tuple):
            high = min(high, _HIGHEST)
        if high > _HIGHEST:
            parts = (self._parts(*each) for each in zip(row, rooms, strict=True))
            for part in zip_longest(*parts):
                self._row(part, looks, least)
            return
        self._make_room(high)
        numbers = (self.looks[look] for look in looks)
        self._put(zip(range(1, len(row) + 1), row, numbers, strict=True), high)

    def _parts(self, value: Value, width: float) -> Sequence[Value]:
        return pieces(value, int(width * BODY / self.size)) if isinstance(value, str) else [value]

    def _begin_group(self, name: str) -> None:
        self._group, self._since = name, self.out.count

    def _end_group(self) -> None:
        """Have the name of a group stand beside all of its lines on this page."""
        if self._group:
            self._merge(1, 1, self.out.count - self._since)
        self._group = ""

    def _boxed(self, line: Line) -> None:
        """Write a line in as many rows as its longest text has pieces; labels say it goes on."""
        cells: list[tuple[Span, list[str], Look]] = []
        last = int(bool(line.group))
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
            high = max(_high(text, span.width, BODY) for span, text, _ in placed)
            self._write(placed, max(least, high) + _BOX_SPACE, ruled=True)


def _high(text: str, width: float, size: float) -> float:
    return height(text, without_figures(text, width), size)
