"""A register written in one act, as it was planned. 三(四)4"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import count, islice
from operator import itemgetter
from typing import Any

from ledger12315.boxes.reading import numbered
from ledger12315.ledger.complaints.acts import next_serial
from ledger12315.ledger.complaints.finding import stored
from ledger12315.ledger.complaints.intake import Intake
from ledger12315.ledger.store import Ledger, new_key, now, update
from ledger12315.ledger.words import told_words
from ledger12315.register.rows import with_defaults

# SQLite works its lists of words out once for each statement: with one row in each, half of the
# time goes there.
_AT_ONCE = 100
Boxes = Mapping[str, Any]
Row = dict[str, Any]


def take_in(ledger: Ledger, made: Intake, step: Callable[[int], object]) -> None:
    """Write what was planned; new complaints are numbered by year in order of receipt.

    `step` is told of rows written.
    """
    moment = now()
    # What one statement could have to undo would else be written to a temporary file, and
    # indexes be read again and again. As long as all that is written fits the cache, others read.
    for pragma in ("temp_store = MEMORY", "cache_size = -120000"):  # KiB
        ledger.execute(f"PRAGMA {pragma}")
    for row_id, new in made.filled:
        times: Row = {f"{key}_entered": moment for key in ("closed", "escalated") if key in new}
        before = ledger.execute("SELECT local_words FROM complaint WHERE id = ?", (row_id,))
        times["local_words"] = told_words(dict(before.fetchone()), new)
        update(ledger, "complaint", row_id, {**_with_id(ledger, new), **times})
        step(1)
    made.new.sort(key=itemgetter(0))
    described = ledger.execute("SELECT * FROM complaint LIMIT 0").description
    columns = [column for column, *_ in described if column != "id"]
    place = f"({', '.join('?' * len(columns))})"
    rows = _numbered_rows(ledger, made, moment)
    while batch := list(islice(rows, _AT_ONCE)):
        places = ", ".join([place] * len(batch))
        values = [row.get(column) for row in batch for column in columns]
        ledger.execute(f"INSERT INTO complaint ({', '.join(columns)}) VALUES {places}", values)
        step(len(batch))


def _numbered_rows(ledger: Ledger, made: Intake, moment: str) -> Iterator[Boxes]:
    @cache
    def serials(year: int) -> Iterator[int]:
        return count(next_serial(ledger, year))

    for received, spot, place in made.new:
        boxes, (type_, liaison) = made.entries[place].boxes(), spot.on(received)
        serial = next(serials(received.year))
        yield {
            "handler": liaison or None,
            **_with_id(ledger, with_defaults(boxes)),
            "key": new_key(),
            "year": received.year,
            "serial": serial,
            "number": numbered(received.year, serial),
            "point_id": spot.point.id,
            "type": type_,
            "local_words": told_words({}, boxes),
            "entered": moment,
            "closed_entered": moment if "closed" in boxes else None,
            "escalated_entered": moment if "escalated" in boxes else None,
        }


def _with_id(ledger: Ledger, boxes: Boxes) -> Row:
    """Return boxes as columns: the earlier complaint by its row, not its number."""
    columns = dict(boxes)
    if "previous" in columns:
        columns["previous_id"] = stored(ledger, columns.pop("previous"))["id"]
    return columns
