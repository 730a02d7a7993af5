"""A register of many complaints, imported, beside what takes in its values without their meaning.

`python -m benchmarks.register COUNT ROUNDS` measures one size alone, such as 600,000 rows.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.data import LAST, complaints, fill
from benchmarks.measure import Row, installed, measure, script, surroundings
from benchmarks.table import SMALL, Ledgers
from ledger12315.boxes.forms import COMPLAINT
from ledger12315.register.meaning import printed_in_register

_NUMBERED_FROM = 100_000
"""Above whatever the ledger holds already."""
# What a register has, by the heading of its column; and what only the table needs besides.
_HEADINGS = {
    "point": "服务点",
    "external_no": "登记编号",
    **{key: field.heading for key, field in COMPLAINT.items()},
}
_HEADINGS |= {"escalated": "报请日期", "escalation_reason": "报请理由"}


def write(folder: Path, count: int) -> tuple[Path, Path]:
    """Write the same complaints as a register in Chinese words, and as rows of the table."""
    register, bare = folder / "register.csv", folder / "bare.csv"
    with (
        register.open("w", encoding="utf-8", newline="") as one,
        bare.open("w", encoding="utf-8", newline="") as other,
    ):
        words, rows = csv.writer(one), csv.writer(other)
        for number, row in enumerate(complaints(count)):
            row |= {
                "external_no": f"D-{number}",
                "serial": _NUMBERED_FROM + number,
                "key": str(row["key"])[::-1],
            }
            row["number"] = f"{row['year']}-{row['serial']}"
            told = {
                "point": f"P{row['point_id']:03}",
                **{key: _told(key, row[key]) for key in row if key in _HEADINGS},
            }
            if not number:
                words.writerow([_HEADINGS[key] for key in told])
                rows.writerow(row)
            words.writerow(told.values())
            rows.writerow(row.values())
    return register, bare


def _told(key: str, value: object) -> object:
    if key in COMPLAINT and isinstance(value, str | int) and value != "":
        return printed_in_register(COMPLAINT[key], value)
    return value


def rows(ledgers: Ledgers, count: int) -> Iterator[Row]:
    """Yield our import, and two that write into a ledger without history."""
    (register, bare), ledger = write(ledgers.folder, count), ledgers.path(0)
    insert = ["insert", ledger, "complaint", str(bare), "--csv", "--empty-null"]
    ours = [*ledgers.command(0, "complaint import"), str(register)]
    bare_import = script("bare_import.py", ledger, bare)
    least = Row(
        "csv and executemany: bare_import.py", count, bare_import, before=ledgers.renew_bare
    )
    command = [installed("sqlite-utils"), *insert]
    theirs = Row("sqlite-utils insert", count, command, before=ledgers.renew_bare)
    yield Row("complaint import", count, ours, least, "× bare", 4, ledgers.renew, [f"{count}"])
    yield least
    yield Row("complaint import", count, ours, theirs, "× sqlite-utils", 0.5, ledgers.renew)
    yield theirs


def main(count: int, rounds: int) -> None:
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        ledgers = Ledgers(Path(folder))
        fill(Path(ledgers.path(SMALL)), SMALL)
        table = list(rows(ledgers, count))
        measure(table, rounds, surroundings(LEDGER12315_TODAY=str(LAST)))
    for row in table:
        seconds, held = row.quartiles[1] / 1000, f"{row.ratio:.2f} {row.unit}"
        print(f"{row.name}: {seconds:.1f} s, {held} (at most {row.limit}), {row.peak:.0f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
