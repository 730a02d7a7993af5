"""One worksheet, drawn row by row: title, table or boxes, signatures and notes. Source: domain 6."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, zip_longest
from operator import attrgetter

from ledger12315.sheets.forms.spec import Cell, FormSheet, Line, Value, value_of
from ledger12315.sheets.incoming.ooxml import column_letters
from ledger12315.sheets.paper.layout import (
    BODY,
    LARGE,
    SMALL,
    Span,
    height,
    pieces,
    rows,
    spans,
    stretch,
    widths,
)
from ledger12315.sheets.paper.parts import Rows

_BOX_SPACE = 5

Look = str | tuple[str, type, bool]
"""The name of a style; in a table its alignment, the type of the value and whether it is bold."""
_LABEL, _BOX = ("center", str, False), ("left", str, False)


class Page:
    """Writes the sheets of one worksheet; keeps what its frame must tell of them."""

    def __init__(self, out: Rows, looks: Mapping[Look, int], first: FormSheet) -> None:
        self.out = out
        self.looks = looks
        self.widths = widths(first)
        [self.whole] = spans(self.widths, 1)
        self.merged: list[str] = []
        self.names: dict[str, str] = {}
        self.breaks: list[int] = []

    def draw(self, sheet: FormSheet) -> None:
        """The next sheet, on a page of its own."""
        if self.out.count:
            self.breaks.append(self.out.count)
        self._line([(sheet.title, "title")], LARGE, 8)
        for right in sheet.right[:-1]:
            self._line([("", "left"), (right, "right")])
        if sheet.right:
            self._line([(sheet.left, "left"), (sheet.right[-1], "right")])
        self._prose(sheet.prose)
        if sheet.columns:
            self._table(sheet)
        for group, lines in groupby(sheet.boxes, attrgetter("group")):
            self._group(group, lines)
        self._prose(sheet.closing)
        for signatures in sheet.signatures:
            self._line([(text, "left") for text in signatures], space=10)
        for number, text in enumerate(sheet.notes, 1):
            for part in rows(
                f"{'   ' if number > 1 else '注：'}{number}.{text}", self.whole.width, SMALL
            ):
                self._line([(part, "note")], SMALL, 1)

    def ended(self, end: bytes) -> bytes:
        """Return the end of a worksheet's XML, with the areas that were merged."""
        if not self.merged:  # Excel refuses a list of none
            return end
        areas = "".join(f'<mergeCell ref="{area}"/>' for area in self.merged)
        rows_end = b"</sheetData>"
        merged = b"%b<mergeCells>%b</mergeCells>" % (rows_end, areas.encode())
        return end.replace(rows_end, merged)

    def _line(
        self, texts: Sequence[tuple[str, Look]], size: float = BODY, space: float = 4
    ) -> None:
        """A line of (text, style) that share the width evenly."""
        placed = [
            (span, *each) for span, each in zip(spans(self.widths, len(texts)), texts, strict=True)
        ]
        self._write(placed, max(height(text, span.width, size) for span, text, _ in placed) + space)

    def _write(
        self, placed: Sequence[tuple[Span, str, Look]], points: float, ruled: bool = False
    ) -> None:
        """A row of (stretch, text, style), so many points high; ruled ones have their style in every column."""
        self.out.write(
            (
                (column, text if column == span.first else None, self.looks[style])
                for span, text, style in placed
                for column in range(span.first, (span.last if ruled else span.first) + 1)
            ),
            points,
        )
        for span, _, _ in placed:
            self._merge(span)

    def _prose(self, paragraphs: Iterable[str]) -> None:
        for text in paragraphs:
            for piece in pieces(text, self.whole.width):
                self._line([(piece, "left")], space=8)

    def _merge(self, span: Span, rows: int = 1) -> None:
        """Make one cell of a stretch in the last `rows` rows."""
        if span.last > span.first or rows > 1:
            first, last = column_letters(span.first), column_letters(span.last)
            self.merged.append(f"{first}{self.out.count - rows + 1}:{last}{self.out.count}")

    def _table(self, sheet: FormSheet) -> None:
        heading = [self.looks["heading"]] * len(sheet.columns)
        self._row([column.heading for column in sheet.columns], heading, sheet.row_height, 6)
        aligns = [column.align for column in sheet.columns]
        for row in sheet.rows:
            values = [value_of(cell) for cell in row]
            bold = [isinstance(cell, Cell) and cell.bold for cell in row]
            looks = [self.looks[each] for each in zip(aligns, map(type, values), bold, strict=True)]
            self._row(values, looks, sheet.row_height)
            for column, cell in enumerate(row, 1):
                if isinstance(cell, Cell) and cell.name:
                    self.names[cell.name] = f"${column_letters(column)}${self.out.count}"

    def _row(
        self, row: Sequence[Value], looks: Sequence[int], least: float, space: float = 2
    ) -> None:
        texts = (
            (text, width)
            for text, width in zip(row, self.widths, strict=True)
            if isinstance(text, str)
        )
        needed = max((height(*each) for each in texts), default=0)
        self.out.write(
            zip(range(1, len(row) + 1), row, looks, strict=True), max(least, needed + space)
        )

    def _group(self, group: str, lines: Iterable[Line]) -> None:
        """Lines of boxes; the name of a group stands beside all of them."""
        before = self.out.count
        for line in lines:
            self._boxes(line, group if self.out.count == before else "")
        if group:
            self._merge(Span(1, 1, 0), self.out.count - before)

    def _boxes(self, line: Line, group: str) -> None:
        """One line, in as many rows as its longest text has pieces; the label beside what goes on says so."""
        cells: list[tuple[Span, list[str], Look]] = []
        if line.group:
            cells.append((stretch(self.widths, 1, 1), [group], _LABEL))
        for box in line.boxes:
            last = cells[-1][0].last if cells else 0
            labelled = last + (2 if cells else 3) if box.label else last
            span = stretch(self.widths, labelled + 1, labelled + box.span)
            texts = pieces(box.value or "", span.width)
            if box.label:
                goes_on = [f"{box.label}\n（续）"] * (len(texts) - 1)
                cells.append(
                    (stretch(self.widths, last + 1, labelled), [box.label, *goes_on], _LABEL)
                )
            cells.append((span, texts, _LABEL if box.heads else _BOX))
        least = height("\n" * (max(box.lines for box in line.boxes) - 1), 1)
        for row in zip_longest(*(texts for _, texts, _ in cells), fillvalue=""):
            placed = [
                (span, text, style) for (span, _, style), text in zip(cells, row, strict=True)
            ]
            needed = max(height(text, span.width) for span, text, _ in placed[bool(line.group) :])
            self._write(placed, max(least, needed) + _BOX_SPACE, ruled=True)
