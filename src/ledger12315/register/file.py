"""A register's file: its sheets' rows that are complaints, and those that are not. 三(四)4

Anything unclear is a problem, never a guess.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import chain, islice, zip_longest

from ledger12315.boxes.amounts import Money
from ledger12315.boxes.cells import CONTINUED, ReadCell, cell_text, join_marked_lines
from ledger12315.boxes.kinds import Value
from ledger12315.errors import message
from ledger12315.register.guesses import is_numbering_heading
from ledger12315.register.headings import (
    BOXES,
    IGNORED,
    NAMES,
    NUMBERINGS,
    Heading,
    Years,
    bare_heading,
    cell_reader,
    find_heading,
    is_running_number,
    names_filled_in,
    unit_of_column,
)
from ledger12315.register.learned import Learned
from ledger12315.register.meaning import number_monthly, split_remark
from ledger12315.register.rows import MOST_PROBLEMS, Entry, RegisterTable, RowProblem, SheetRow
from ledger12315.rules.checks import disputed_amount, notes_on_surplus

_HEADING_WITHIN = 30
REQUIRED = ("point", "external_no", "received", "complainant", "item")
_OF_VOID = ("point", "external_no")
_MORE_RECOVERED = message(
    "More is recovered than was in dispute, but no multiple damages are given: is it right?"
)


class Register:
    """The sheets of one file, and what reading them has found.

    * `read` and `headed`: how many rows there are, and how many sheets with a heading; `left_out`
      are the other sheets. If no heading is known, a row of `likely` ones is used, and somebody is
      asked about it. `first_rows`: the number of the row below each sheet's heading.
    * `columns`: all headings in order; `titled`: the sheets whose heading has text above it, with
      its row; `filled_in_by`: the names after 填报单位 in such texts.
    * `unknown_headings`; `unknown_words`, each with its heading, by box and word.
    * `filled`: values for boxes without a column or cell; `substituted`: boxes that another box's
      column fills.
    * `legible`: boxes with a value that could be read.
    * `doubts`: doubtful rows by box and reason; `years`: those added to days without one;
      `in_wan`: the headings whose amounts are in 万元.
    """

    def __init__(
        self,
        learned: Learned,
        today: date,
        point_given: bool,
        likely: Callable[[str], bool] | None = None,
        filled: Mapping[str, Value] = {},
    ) -> None:
        self._learned, self._today, self._likely = learned, today, likely
        self._required, self._filled = REQUIRED[point_given:], filled
        self.columns: dict[str, None] = {}
        self.substituted: set[str] = set()
        self.doubts: dict[tuple[str, str], list[int]] = {}
        self.problems: list[RowProblem] = []
        self.left_out: list[str | None] = []
        self.titled: list[tuple[str | None, int]] = []
        self.filled_in_by: list[str] = []
        self.first_rows: dict[str | None, int] = {}
        self.years: set[int] = set()
        self.in_wan: dict[str, None] = {}
        self.unknown_headings: dict[str, None] = {}
        self.unknown_words: dict[tuple[str, str], str] = {}
        self.boxes: set[str] = set()
        self.legible: set[str] = set()
        self.headed = self.read = 0

    def entries(self, sheet: str | None, rows: Iterable[SheetRow]) -> Iterator[Entry]:
        """Yield the rows that have no problem by themselves.

        Titles, totals, blank rows and texts below the table are left out.
        """
        coming = iter(rows)
        first = list(islice(coming, _HEADING_WITHIN))
        top = [cells for _, cells in first]
        heading = find_heading(top, self._learned.headings, self._likely)
        if heading is None:
            self.left_out += [sheet] if first else []
            return
        self.headed += 1
        row = first[heading.rows - 1][0]
        self.first_rows[sheet] = row + 1
        titles = [text for _, cells in first[: heading.top - 1] for text in map(cell_text, cells)]
        self.titled += [(sheet, row)] if any(titles) else []
        self.filled_in_by += names_filled_in(titles)
        years = Years([sheet or "", *titles])
        self._note(heading)
        self.in_wan |= dict.fromkeys(_amounts_in_wan(heading, titles))
        clean = partial(
            cell_reader, today=self._today, learned=self._learned, years=years, titles=titles
        )
        instead = self._instead(heading)
        self.substituted.update(instead)
        table = RegisterTable(sheet, heading, clean, instead, self._filled)
        required = self._required_of(heading)
        self.problems += table.heading_problems(row, required)
        if not {*required} <= table.sources:
            return
        for row_, cells in _join_continued(chain(first[heading.rows :], coming)):
            if entry := self._entry(table, row_, cells, required):
                yield entry
            if len(self.problems) >= MOST_PROBLEMS:
                break
        self.years |= years.used
        self.unknown_words |= table.unknown
        self.legible |= table.legible

    def _note(self, heading: Heading) -> None:
        """Note a heading's boxes, and its texts that need an explanation.

        A point's running number may be the only number of its complaints.
        """
        self.boxes.update(heading.boxes)
        self.columns |= dict.fromkeys(filter(None, heading.texts))
        numbered = NUMBERINGS & {*heading.boxes}
        for text, box in zip(heading.texts, heading.boxes, strict=True):
            running = is_running_number(text) and bare_heading(text) not in self._learned.headings
            if text and (not box or (running and not numbered)):
                self.unknown_headings[text] = None

    def _instead(self, heading: Heading) -> dict[str, int]:
        """Return the columns that fill boxes without a column of their own."""
        texts = [*map(bare_heading, heading.texts)]
        return {
            box: texts.index(text)
            for box, text in self._learned.instead.items()
            if text in texts and box not in heading.boxes
        }

    def _required_of(self, heading: Heading) -> Sequence[str]:
        """Return the required boxes, without the number if somebody left the numbers out."""
        left_out = (
            is_numbering_heading(text) or NAMES.get(text) == "external_no"
            for text in map(bare_heading, heading.texts)
            if self._learned.headings.get(text) == IGNORED
        )
        numbered = NUMBERINGS & {*heading.boxes}
        if numbered or not any(left_out):
            return self._required
        return [box for box in self._required if box != "external_no"]

    def _entry(
        self, table: RegisterTable, row: int, cells: Sequence[ReadCell], required: Sequence[str]
    ) -> Entry | None:
        given, wrong = table.read(cells)
        number_monthly(given)
        void = given.get("outcome") == "void"
        needed = _of_void(required) if void else required
        if not (given or wrong) or (not {*needed} <= given.keys() and table.is_margin(cells)):
            return None
        self.read += 1
        given = {**self._filled, **given}
        stated = given.keys() | dict(wrong)
        wrong += ((box, message("it is missing")) for box in needed if box not in stated)
        if not wrong and not void:
            wrong += split_remark(given, self._today)
        found = [table.problem(row, box, why, cells=cells) for box, why in wrong]
        found += table.values_without_heading(row, cells)
        received, closed = given.get("received"), given.get("closed")
        self.problems += [each._replace(received=received, closed=closed) for each in found]
        if found:
            return None
        self._doubt(row, given)
        return Entry(table, row, tuple(map(given.get, table.keys)))

    def _doubt(self, row: int, given: Mapping[str, Value]) -> None:
        for box, value in given.items():
            kind = BOXES[box].kind
            if kind.doubted_aloud and (why := kind.doubt(value, self._today)):
                self.doubts.setdefault((box, why.id), []).append(row)
        if disputed_amount(given) and [*notes_on_surplus(given)]:
            self.doubts.setdefault(("recovered", _MORE_RECOVERED.id), []).append(row)


def _amounts_in_wan(heading: Heading, titles: Sequence[str]) -> Iterator[str]:
    for text, key in zip(heading.texts, heading.boxes, strict=True):
        box = BOXES.get(key or "")
        if box and isinstance(box.kind, Money) and "万元" in unit_of_column(text, titles):
            yield text


def _join_continued(rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
    """Yield rows, joined with those that continue them: long texts are printed in several."""
    number, held = 0, list[ReadCell]()
    for row, cells in rows:
        if held and cells and cells[0] == CONTINUED:
            more = zip_longest(held, [None, *cells[1:]])
            held = [before if cell is None else _text_with(before, cell) for before, cell in more]
            continue
        if held:
            yield number, held
        number, held = row, [*cells]
    if held:
        yield number, held


def _text_with(before: ReadCell, cell: ReadCell) -> str:
    return join_marked_lines(f"{cell_text(before)}\n{cell_text(cell)}")


def _of_void(required: Sequence[str]) -> Sequence[str]:
    """Return the boxes that a void row requires: its number, unless numbers are left out."""
    numbered = "external_no" in required
    return [box for box in required if box in _OF_VOID] if numbered else required
