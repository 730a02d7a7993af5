"""A planned import, or a part of it, written in one act. 三(四)4"""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice

from ledger12315.boxes.worded import local_words_json
from ledger12315.ledger.complaints.acts import next_serial
from ledger12315.ledger.complaints.finding import complaint_columns
from ledger12315.ledger.importing.intake import Fill, New
from ledger12315.ledger.importing.known import EntryBoxes
from ledger12315.ledger.importing.staged import Entries
from ledger12315.ledger.store import Ledger, LedgerRow, new_key, now, single, update
from ledger12315.ledger.store.history import column_names
from ledger12315.register.meaning import with_defaults

# Of one statement, which spares the others' preparation, and between two reports of progress.
_ROWS_AT_ONCE = 1000
_NUMBERING = ("id", "year", "serial", "number")
Step = Callable[[int], object]


def lay_out_new(ledger: Ledger, entries: Entries, new: list[New]) -> None:
    """Write new complaints without numbers into a temporary table, in their order.

    It needs no lock, since the table is the connection's own.
    """
    ledger.execute("CREATE TEMP TABLE coming AS SELECT * FROM complaint LIMIT 0")
    columns = _columns_without_numbers(ledger)
    places = ", ".join("?" * len(columns))
    insert = f"INSERT INTO temp.coming ({', '.join(columns)}) VALUES ({places})"
    rows = ([row.get(column) for column in columns] for row in _taken_rows(ledger, entries, new))
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        ledger.execute("SAVEPOINT laid_out")
        ledger.executemany(insert, batch)
        ledger.execute("RELEASE laid_out")


def _columns_without_numbers(ledger: Ledger) -> list[str]:
    return [each for each in column_names(ledger, "complaint") if each not in _NUMBERING]


def _taken_rows(ledger: Ledger, entries: Entries, new: list[New]) -> Iterator[EntryBoxes]:
    moment = now()
    for received, spot, place in new:
        boxes = entries[place].boxes()
        yield {
            **complaint_columns(ledger, with_defaults(boxes)),
            "key": new_key(),
            "point_id": spot.point.id,
            "type": spot.type_on(received),
            "local_words": local_words_json(None, boxes),
            "entered": moment,
            "closed_entered": moment if "closed" in boxes else None,
            "escalated_entered": moment if "escalated" in boxes else None,
        }


def take_in(ledger: Ledger, new: list[New], filled: list[Fill], step: Step) -> None:
    """Write the laid out complaints, numbered by year, and fill known ones.

    `step` receives the number of rows written.
    """
    # While all written pages fit the cache, others can read and no index is read again.
    ledger.execute("PRAGMA cache_size = -120000")  # KiB
    moment = now()
    for row_id, boxes in filled:
        times: LedgerRow = {
            f"{key}_entered": moment for key in ("closed", "escalated") if key in boxes
        }
        before = single(ledger, "SELECT local_words FROM complaint WHERE id = ?", (row_id,))
        times["local_words"] = local_words_json(before, boxes)
        update(ledger, "complaint", row_id, {**complaint_columns(ledger, boxes), **times})
        step(1)
    columns = ", ".join(_columns_without_numbers(ledger))
    query = f"""
        INSERT INTO complaint (year, serial, number, {columns})
        SELECT :year, rowid + :more, printf('%d-%04d', :year, rowid + :more), {columns}
        FROM temp.coming WHERE rowid BETWEEN :first AND :last ORDER BY rowid"""
    row = 1
    for year, many in Counter(received.year for received, *_ in new).items():
        more, end = next_serial(ledger, year) - row, row + many
        for first in range(row, end, _ROWS_AT_ONCE):
            last = min(first + _ROWS_AT_ONCE, end) - 1
            ledger.execute(query, {"year": year, "more": more, "first": first, "last": last})
            step(last - first + 1)
        row = end
