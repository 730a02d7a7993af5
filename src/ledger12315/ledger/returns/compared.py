"""Comparison of a point's register with the ledger, for a period's return. 三(五)7."""

from collections.abc import Container, Iterable, Iterator
from contextlib import closing

from ledger12315.errors import Message, message
from ledger12315.ledger.importing.intake import compare_entries
from ledger12315.ledger.importing.taking_in import Entries
from ledger12315.ledger.points import Point
from ledger12315.ledger.store import Ledger
from ledger12315.register.headings import BOXES
from ledger12315.register.rows import Entry, RowProblem
from ledger12315.rules.periods import Period


def disagreements(
    ledger: Ledger,
    entries: Iterable[Entry],
    problems: Iterable[RowProblem],
    point: Point,
    period: Period,
) -> Iterator[Message]:
    """Yield differences between register and ledger in complaints open in a period."""
    first, last = period.first, period.last

    def concerns(received: object, closed: object) -> bool:
        return (received or first) <= last and (closed or last) >= first  # type: ignore[operator]

    rows = (
        entry for entry in entries if concerns(*map(entry.boxes().get, ("received", "closed")))
    )
    wrong = [each for each in problems if concerns(each.received, each.closed)]
    with closing(Entries(rows)) as held:
        made = compare_entries(ledger, held, point, last)
        missing = [(day, held[place].boxes()) for day, _, place in made.new]
    for each in (*wrong, *made.problems):
        yield _with_place(each)
    for day, boxes in missing:
        named = boxes.get("external_no") or boxes.get("item", "")
        yield message("the ledger has no complaint {number} of {day}", number=named, day=day)
    for row_id, boxes in made.filled:
        lacks = [BOXES[key].label for key in boxes]
        yield message("{number}: the ledger lacks {boxes}", number=made.known[row_id], boxes=lacks)
    yield from _missing_in_register(ledger, point, period, made.known)


def _with_place(problem: RowProblem) -> Message:
    """Return a row's problem with its row and column."""
    said = {"row": problem.row, "problem": problem.problem}
    if problem.column is None:
        return message("row {row}: {problem}", **said)
    return message("row {row}, {column}: {problem}", column=problem.column, **said)


def _missing_in_register(
    ledger: Ledger, point: Point, period: Period, known: Container[int]
) -> Iterator[Message]:
    """Yield complaints received in the period that the register lacks."""
    query = """
        SELECT id, number, received FROM complaint
        WHERE point_id = ? AND received BETWEEN ? AND ? AND voided IS NULL ORDER BY received, id"""
    for row_id, number, day in ledger.execute(query, (point.id, period.first, period.last)):
        if row_id not in known:
            values = {"number": number, "day": day}
            yield message("the register has no complaint {number} of {day}", **values)
