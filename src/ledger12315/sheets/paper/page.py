"""One worksheet, drawn row by row: title, table or boxes, signatures and notes."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, pairwise, zip_longest
from math import inf
from typing import NamedTuple

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.reading import CONTINUED, LINE_BREAK_MARK
from ledger12315.sheets.forms.spec import COUNTED, CellValue, FormSheet, Line, cell_of
from ledger12315.sheets.paper.layout import (
    BODY,
    LARGE,
    PAGE_HEIGHT,
    SET_IN,
    SMALL,
    Span,
    fit_to_paper,
    is_day,
    note_rows,
    pieces,
    span_of_columns,
    spans,
    text_height,
    width_left_by_figures,
    with_line_ends,
)
from ledger12315.sheets.paper.parts import Placed, Rows

_LINE_SPACE, _BOX_SPACE, _NOTE_SPACE, _SIGNATURES_APART = 4, 3, 1, 9
_SQUEEZED = 2.25
"""The points that each row loses at most, where boxes then need no further page."""
_HIGHEST_IN_TABLE = 350
"""The greatest height of a table's row, in points."""
_SIGNING = 10
_CONTINUED_HIGH = text_height("", 1) + _LINE_SPACE
_ROWS_WITH_SIGNATURES = 2
"""The number of rows that stay with the signatures below them."""
_SHORT_NOTES = 1 / 10
"""The share of a page up to which notes stay with the signatures above them."""

Look = str | tuple[str, type, bool]
"""The name of a style; in a table its alignment, the type of the value and whether it is bold."""
_LABEL_LOOK, _BOX_LOOK, _DAY_LOOK = (
    ("center", str, False),
    ("left", str, False),
    ("left", date, False),
)
PlacedTexts = Sequence[tuple[Span, str, Look]]


class Charted(NamedTuple):
    """The table of a chart: headings, columns, row of the headings, last row."""

    headings: Sequence[str]
    columns: Sequence[int]
    top: int
    last: int


class PageRow(NamedTuple):
    """A row to be written, `high` in points.

    `merged` has the first and last of merged columns, `names` the columns from 0 by their defined
    names. A row of a `group` is next to its name.
    """

    cells: Sequence[Placed]
    high: float
    merged: Sequence[tuple[int, int]] = ()
    names: Sequence[tuple[str, int]] = ()
    group: str = ""


class Page:
    """A writer of one worksheet's sheets, which keeps the facts for its frame."""

    def __init__(
        self, out: Rows, looks: Mapping[float, Mapping[Look, int]], first: FormSheet
    ) -> None:
        self.out = out
        self.size, self.across, self.widths, self.scale = fit_to_paper(first)
        self.looks = looks[self.size]
        [self.whole] = spans(self.widths, 1)
        self.merged: list[str] = []
        self.names: dict[str, str] = {}
        self.breaks: list[int] = []
        self.charts: list[Charted] = []
        self._sheet, self._left = first, inf
        self._high = PAGE_HEIGHT[self.across] / self.scale
        # The part being written: a table with its headings, or a group and its first row here.
        self._heading: PageRow | None = None
        self._group, self._since = "", 0
        self._cut = ""  # the group that the last page ended in
        # The height of rows that programs repeat on each page.
        self._repeated = 0.0

    def draw(self, sheet: FormSheet) -> None:
        """Draw the next sheet, on a page of its own."""
        self._sheet = sheet
        self._break()
        for row in self._above(sheet):
            self._put(row)
        top = self.out.count
        if sheet.columns:
            self._heading = self._head(sheet)
            self._put(self._heading)
            if sheet.fits == "width":
                self._repeated = self._high - self._left
        tail, notes = [*self._signed(sheet)], [*self._notes(sheet)]
        if _heights(notes) <= self._high * _SHORT_NOTES:
            tail, notes = tail + notes, []
        below = [
            *chain.from_iterable(map(self._boxed, sheet.boxes)),
            *self._prose(sheet.closing),
        ]
        if sheet.boxes:
            below, tail = self._squeezed(below, tail)
        self._keep_together(chain(self._table(sheet), below), tail)
        if sheet.bars:
            last = self.out.count - 1 - len(tail)
            headings = [column.heading for column in sheet.columns]
            self.charts.append(Charted(headings, sheet.bars, top, last))
        self._heading = None
        if sheet.fits:  # the printing program breaks notes over pages
            self._left = inf
        for row in notes:
            self._put(row)

    def ended(self, end: bytes) -> bytes:
        """Return the end of a worksheet's XML, with the areas that were merged."""
        if not self.merged:  # Excel refuses an empty list
            return end
        areas = "".join(f'<mergeCell ref="{area}"/>' for area in self.merged).encode()
        rows_end = b"</sheetData>"
        return end.replace(rows_end, b"%b<mergeCells>%b</mergeCells>" % (rows_end, areas))

    def _break(self) -> None:
        if self.out.count:
            self.breaks.append(self.out.count)
        # A sheet shrunk to one page has no other, and a chart is not cut.
        self._left = inf if self._sheet.fits == "page" or self._sheet.bars else self._high

    def _make_room(self, high: float) -> None:
        """Continue on a further page, unless there is room on this one."""
        if high <= self._left:
            return
        sheet, cut = self._sheet, self._group
        self._end_group()
        self._break()
        if sheet.fits:  # the printing program repeats its headings
            self._left -= self._repeated
            return
        about = sheet.subject or "".join(sheet.right[-1:])
        self._put(self._line([(f"{sheet.title}（续）", "left"), (about, "right")]))
        if self._heading:
            self._put(self._heading)
        self._cut = cut

    def _keep_together(self, lines: Iterable[PageRow], tail: Sequence[PageRow]) -> None:
        """Write lines, and keep the last of them on one page with the rows below."""
        last = deque[PageRow]()
        for row in lines:
            last.append(row)
            if len(last) > _ROWS_WITH_SIGNATURES:
                self._put(last.popleft())
        heading = self._heading.high if self._heading else 0
        room_ = self._high - (self._repeated or _CONTINUED_HIGH + heading)
        while len(last) > 1 and _heights(last) + _heights(tail) > room_:
            self._put(last.popleft())
        self._make_room(_heights(last) + _heights(tail))
        for row in (*last, *tail):
            self._put(row)

    def _put(self, row: PageRow) -> None:
        """Write a row on this page, or on the next if there is no room."""
        self._make_room(row.high)
        if row.group and row.group == self._cut:  # it may have no other row here
            named = text_height(row.group, span_of_columns(self.widths, 1, 1).width) + _BOX_SPACE
            row = row._replace(high=max(row.high, named))
        self._cut = ""
        if row.group != self._group:
            self._end_group()
            self._group, self._since = row.group, self.out.count
        cells = row.cells
        if row.group:
            name = row.group if self.out.count == self._since else None
            cells = [(1, name, self.looks[_LABEL_LOOK]), *cells]
        self.out.write(cells, row.high)
        self._left -= row.high
        for first, last in row.merged:
            self._merge(first, last)
        for name, column in row.names:
            self.names[name] = xl_rowcol_to_cell(self.out.count - 1, column, True, True)

    def _above(self, sheet: FormSheet) -> Iterator[PageRow]:
        """Yield the rows above a table or boxes."""
        yield self._line([(sheet.title, "title")], 8, LARGE)
        for place, right in enumerate(sheet.right, 1):
            left = sheet.left if place == len(sheet.right) else ""
            yield self._line([(left, "left"), (right, "right")])
        yield from self._prose(sheet.prose)

    def _signed(self, sheet: FormSheet) -> Iterator[PageRow]:
        if sheet.signatures:
            yield PageRow((), _SIGNATURES_APART)
        for line in sheet.signatures:
            yield self._line([(text, "left") for text in line], _SIGNING)

    def _notes(self, sheet: FormSheet) -> Iterator[PageRow]:
        for number, text in enumerate(sheet.notes, 1):
            numbered = f"{'注：' if number == 1 else '   '}{number}.{text}"
            for part in note_rows(numbered, self.whole.width, SMALL):
                high = _height_of_text(part, self.whole.width, SMALL) + _NOTE_SPACE
                yield self._texts([(self.whole, part, "note")], high)

    def _line(
        self,
        texts: Sequence[tuple[str, Look]],
        space: float = _LINE_SPACE,
        size: float = BODY,
    ) -> PageRow:
        """Return a line of texts that share the width evenly."""
        shares = list(zip(spans(self.widths, len(texts)), texts, strict=True))
        high = max(text_height(text, span.width, size) for span, (text, _) in shares)
        return self._texts([(span, *each) for span, each in shares], high + space)

    def _texts(
        self, texts: PlacedTexts, high: float, ruled: bool = False, group: str = ""
    ) -> PageRow:
        """Return a row of texts; ruled ones have their format in every column."""
        cells = [
            (column, text if column == span.first else None, self.looks[look])
            for span, text, look in texts
            for column in range(span.first, (span.last if ruled else span.first) + 1)
        ]
        merged = [(span.first, span.last) for span, _, _ in texts]
        return PageRow(cells, high, merged, group=group)

    def _prose(self, paragraphs: Iterable[str]) -> Iterator[PageRow]:
        for text in paragraphs:
            for piece in pieces(text, self.whole.width):
                yield self._line([(piece, "left")], 8)

    def _merge(self, first: int, last: int, count: int = 1) -> None:
        """Merge these columns in the last rows into one cell."""
        if last > first or count > 1:
            bottom = self.out.count - 1
            self.merged.append(xl_range(bottom - count + 1, first - 1, bottom, last - 1))

    def _end_group(self) -> None:
        """Merge the cell of a group's name over all of its lines on this page."""
        if self._group:
            self._merge(1, 1, self.out.count - self._since)
        self._group = ""

    def _head(self, sheet: FormSheet) -> PageRow:
        headings = [column.heading for column in sheet.columns]
        [row] = self._row(headings, ["heading"] * len(headings), sheet.row_height, 6)
        return row

    def _table(self, sheet: FormSheet) -> Iterator[PageRow]:
        aligns = [column.align for column in sheet.columns]
        for row in sheet.rows:
            values, names, bold, own = zip(*map(cell_of, row), strict=True)
            usual = zip(aligns, map(type, values), bold, strict=True)
            looks = [look or each for look, each in zip(own, usual, strict=True)]
            first, *parts = self._row(values, looks, sheet.row_height)
            named = [(name, column) for column, name in enumerate(names) if name]
            counted = any(look in COUNTED for look in own)
            yield first._replace(names=named, merged=_spans_of_values(values) if counted else ())
            yield from parts

    def _row(
        self, row: Sequence[CellValue], looks: Sequence[Look], least: float, space: float = 2
    ) -> Iterator[PageRow]:
        """Yield a row, or several if a text is too long for one, with a mark in further ones."""
        rooms = [
            width - SET_IN * (look == "part")
            for width, look in zip(self.widths, looks, strict=True)
        ]
        shown = [DAY.printed(each) if isinstance(each, date) else each for each in row]
        needed = (
            _height_of_text(text, room, self.size)
            for text, value, room in zip(shown, row, rooms, strict=True)
            if isinstance(text, str) and not isinstance(value, date)
        )
        high = max(least, max(needed, default=0) + space)
        if high > _HIGHEST_IN_TABLE:
            parts = (self._parts(*each) for each in zip(shown, rooms, strict=True))
            for place, (first, *others) in enumerate(zip_longest(*parts)):
                if place and first is None:
                    first = CONTINUED
                yield from self._row((first, *others), looks, least)
            return
        numbers = (self.looks[look] for look in looks)
        cells = tuple(zip(range(1, len(row) + 1), shown, numbers, strict=True))
        yield PageRow(cells, high)

    def _in_letters(self, text: str, width: float) -> int:
        return int(width_left_by_figures(text, width) * BODY / self.size)

    def _parts(self, value: CellValue, width: float) -> Sequence[CellValue]:
        return pieces(value, self._in_letters(value, width)) if isinstance(value, str) else [value]

    def _boxed(self, line: Line) -> Iterator[PageRow]:
        """Yield a line in as many rows as its longest text has pieces, with （续） at labels."""
        cells = [*self._pieces_of_boxes(line)]
        least = text_height("\n" * (max(box.lines for box in line.boxes) - 1), 1)
        for row in zip_longest(*(texts for _, texts, _ in cells), fillvalue=""):
            placed = [(span, text, look) for (span, _, look), text in zip(cells, row, strict=True)]
            long = ((span, text) for span, text, look in placed if look != _DAY_LOOK)
            high = max(_height_of_text(text, span.width, BODY) for span, text in long)
            yield self._texts(placed, max(least, high) + _BOX_SPACE, True, line.group)

    def _squeezed(
        self, lines: list[PageRow], tail: list[PageRow]
    ) -> tuple[list[PageRow], list[PageRow]]:
        """Return all rows of a sheet of boxes closer together, if this saves a page."""
        rows_ = lines + tail
        # A little more than it takes: sums of fractions are not exact.
        over = (_heights(rows_) - self._left) / len(rows_) + 0.01
        if 0 < over <= _SQUEEZED:
            rows_ = [row._replace(high=row.high - over) for row in rows_]
        return rows_[: len(lines)], rows_[len(lines) :]

    def _pieces_of_boxes(self, line: Line) -> Iterator[tuple[Span, list[str], Look]]:
        """Yield the labels and boxes of a line from left to right, with each text's pieces."""
        last = int(bool(line.group))
        for box in line.boxes:
            labelled = last
            if box.label:
                labelled += 2 if last else 3
            span = span_of_columns(self.widths, labelled + 1, labelled + box.span)
            text = box.value or ""
            look = _DAY_LOOK if is_day(text) else _LABEL_LOOK if box.heads else _BOX_LOOK
            if look != _DAY_LOOK:  # a day is shrunk if it is too wide
                text = with_line_ends(text, self._in_letters(text, span.width))
            # Only rows of tables are read back, with a mark where a text continues; forms are not.
            texts = [each.removesuffix(LINE_BREAK_MARK) for each in pieces(text, span.width)]
            if box.label:
                labels = [box.label, *[f"{box.label}\n（续）"] * (len(texts) - 1)]
                yield span_of_columns(self.widths, last + 1, labelled), labels, _LABEL_LOOK
            yield span, texts, look
            last = span.last


def _heights(lines: Iterable[PageRow]) -> float:
    return sum(row.high for row in lines)


def _spans_of_values(values: Sequence[CellValue]) -> list[tuple[int, int]]:
    """Return the columns of values, widened over the empty cells at their right for long sums."""
    filled = [place for place, value in enumerate(values, 1) if value is not None]
    return [(place, after - 1) for place, after in pairwise([*filled, len(values) + 1])]


def _height_of_text(text: str, width: float, size: float) -> float:
    return text_height(text, width_left_by_figures(text, width), size)
