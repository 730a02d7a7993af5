"""A register's file: its sheets' rows that are complaints, and those that are not. 三(四)4

Anything unclear is a problem, never a guess.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import chain, islice, zip_longest

from ledger12315.boxes.amounts import Money
from ledger12315.boxes.kinds import Value
from ledger12315.boxes.reading import CONTINUED, ReadCell, cell_text, join_marked_lines
from ledger12315.errors import message
from ledger12315.register.headings import (
    COMPLAINT_ROWS,
    IGNORED,
    NUMBERINGS,
    Heading,
    Subject,
    Years,
    cell_reader,
    find_heading,
    is_running_number,
    names_filled_in,
    unit_of_column,
)
from ledger12315.register.learned import (
    Learned,
    bare_heading,
    is_numbering_heading,
)
from ledger12315.register.meaning import (
    IN_REMARK,
    WrongBoxes,
    number_monthly,
    split_remark,
)
from ledger12315.register.rows import (
    MOST_PROBLEMS,
    Ambiguous,
    Entry,
    RegisterTable,
    RowProblem,
    SheetRow,
)
from ledger12315.rules.checks import disputed_amount, notes_on_surplus

_HEADING_WITHIN = 30
_OF_VOID = ("point", "external_no")
_MORE_RECOVERED = message(
    "More is recovered than was in dispute, but no multiple damages are given: is it right?"
)


class Register:
    """The sheets of one file of complaints, and what reading them has found.

    * `read` and `headed`: how many rows there are, and how many sheets with a heading; `left_out`
      are the other sheets. If no heading is known and somebody can be asked (`guesses`), a row of
      usual ones is used. `first_rows`: the number of the row below each sheet's heading.
    * `columns`: all headings in order; `titled`: the sheets whose heading has text above it, with
      its row; `filled_in_by`: the names after 填报单位 in such texts.
    * `unknown_headings`, each with the box that it likely means, some `ambiguous`;
      `unknown_words`, each with its heading, by box and word.
    * `name` is the file's; with the sheet's and the titles it may state a period.
    * `filled`: values for boxes without a column or cell; `substituted`: boxes that another box's
      column fills.
    * `legible`: boxes with a value that could be read.
    * `doubts`: doubtful rows by box and reason; `years`: those added to days without one;
      `in_wan`: the headings whose amounts are in 万元.
    """

    subject = COMPLAINT_ROWS
    derived: Sequence[str] = ("external_no", *IN_REMARK)

    def __init__(
        self,
        learned: Learned,
        today: date,
        point_given: bool,
        guesses: bool = False,
        filled: Mapping[str, Value] = {},
        name: str = "",
    ) -> None:
        self._learned, self._today, self._guesses = learned, today, guesses
        self._name = name
        self._required, self._filled = self.subject.required[point_given:], filled
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
        self.unknown_headings: dict[str, str] = {}
        self.ambiguous: dict[str, Ambiguous] = {}
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
        heading = find_heading(self.subject, top, self._learned.headings, self._guesses)
        if heading is None:
            self.left_out += [sheet] if first else []
            return
        heading = self._placed(heading)
        row = first[heading.rows - 1][0]
        titles = [text for _, cells in first[: heading.top - 1] for text in map(cell_text, cells)]
        self._note_titles(sheet, row, heading, titles)
        names = [*titles, sheet or "", self._name]
        years, instead = Years(names), self._instead(heading)
        self.substituted.update(instead)
        clean = partial(
            cell_reader, today=self._today, learned=self._learned, years=years, titles=titles
        )
        table = RegisterTable(
            self.subject, sheet, heading, clean, instead, self._filled, names, self.derived
        )
        guesses = table.guessed_columns(first[heading.rows :])
        self._note(heading, guesses)
        required = self._required_of(heading)
        self.problems += table.heading_problems(row, required, guesses)
        if not {*required} <= table.sources:
            return
        for row_, cells in _join_continued(chain(first[heading.rows :], coming)):
            if entry := self._entry(table, row_, cells, required):
                yield entry
            if len(self.problems) >= MOST_PROBLEMS:
                break
        self._note_ambiguous(table, row)
        self.years |= years.used
        self.unknown_words |= table.unknown
        self.legible |= table.legible

    def _note_titles(
        self, sheet: str | None, row: int, heading: Heading, titles: Sequence[str]
    ) -> None:
        """Note a sheet whose heading ends in this row, and what the texts above say."""
        self.headed += 1
        self.first_rows[sheet] = row + 1
        self.titled += [(sheet, row)] if any(titles) else []
        self.filled_in_by += names_filled_in(titles)
        self.in_wan |= dict.fromkeys(_amounts_in_wan(self.subject, heading, titles))

    def _placed(self, heading: Heading) -> Heading:
        """Return a heading whose columns mean more by their place."""
        return heading

    def _note_ambiguous(self, table: RegisterTable, row: int) -> None:
        """Replace the problems of a column's words by one of its heading, unless it is learned."""
        for found in table.ambiguous_headings():
            if bare_heading(found.heading) in self._learned.headings:
                continue
            self.unknown_headings[found.heading] = found.likely
            self.ambiguous[found.heading] = found
            box = self.subject.boxes[found.likely or self.subject.ambiguous[found.box][0]]
            why = message(
                "{why}; say which: --map {heading}={box}",
                why=found.why,
                heading=found.heading,
                box=box.label,
            )
            own = (table.sheet, found.box)
            others = [each for each in self.problems if (each.sheet, each.box) != own]
            place, text = found.place, found.heading
            problem = RowProblem(table.sheet, row, place, text, found.box, text, why)
            self.problems = [*others, problem]

    def _note(self, heading: Heading, guesses: Mapping[str, str]) -> None:
        """Note a heading's boxes, and its texts that need an explanation, with a guess of it.

        A point's running number may be the only number of its complaints.
        """
        self.boxes.update(heading.boxes)
        self.columns |= dict.fromkeys(filter(None, heading.texts))
        numbered = NUMBERINGS & {*heading.boxes}
        for text, box in zip(heading.texts, heading.boxes, strict=True):
            running = (
                "external_no" in self._required
                and is_running_number(text)
                and bare_heading(text) not in self._learned.headings
            )
            if text and (not box or (running and not numbered)):
                self.unknown_headings.setdefault(text, guesses.get(text, ""))

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
            is_numbering_heading(text) or self.subject.names.get(text) == "external_no"
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
        given, wrong, unknown = table.read(cells)
        number_monthly(given)
        needed = self._needed(given, required)
        if not (given or wrong):
            return None
        if not {*needed} <= given.keys() and table.is_margin(cells, given):
            return None
        self.read += 1
        given = {**self._filled, **given}
        table.learn(given, unknown)
        stated = given.keys() | dict(wrong)
        wrong += ((box, message("it is missing")) for box in needed if box not in stated)
        if not wrong:
            wrong += self._complete(given)
        found = [table.problem(row, box, why, cells=cells) for box, why in wrong]
        found += table.values_without_heading(row, cells)
        received, closed = given.get("received"), given.get("closed")
        self.problems += [each._replace(received=received, closed=closed) for each in found]
        if found:
            return None
        self._doubt(row, given)
        return Entry(table, row, tuple(map(given.get, table.keys)))

    def _needed(self, given: Mapping[str, Value], required: Sequence[str]) -> Sequence[str]:
        """Return the boxes that a row must have; one that is void needs only its number."""
        return _of_void(required) if given.get("outcome") == "void" else required

    def _complete(self, given: dict[str, Value]) -> WrongBoxes:
        """Fill the boxes that follow from a row's others; yield those that are wrong."""
        if given.get("outcome") != "void":
            yield from split_remark(given, self._today)

    def _doubt(self, row: int, given: Mapping[str, Value]) -> None:
        for box, value in given.items():
            kind = self.subject.boxes[box].kind
            if why := kind.doubt(value, self._today):
                self.doubts.setdefault((box, why.id), []).append(row)
        if disputed_amount(given) and [*notes_on_surplus(given)]:
            self.doubts.setdefault(("recovered", _MORE_RECOVERED.id), []).append(row)


def _amounts_in_wan(subject: Subject, heading: Heading, titles: Sequence[str]) -> Iterator[str]:
    for text, key in zip(heading.texts, heading.boxes, strict=True):
        box = subject.boxes.get(key or "")
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
