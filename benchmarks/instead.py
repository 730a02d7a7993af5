"""What people would use instead, on the same data and with the same result: what is overdue, a quarter's sums by type."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path

from benchmarks.data import LAST, QUARTER
from benchmarks.measure import Row
from ledger12315.ledger.calendar import known_calendar
from ledger12315.rules.deadlines import cutoff, due
from ledger12315.rules.periods import parse_period
from ledger12315.words import TYPES

_, _FIRST, _LAST, _ = parse_period(QUARTER)
# Whoever asks in SQL looks the cut-off day up in a calendar first.
_OVERDUE = f"""
    SELECT number, point.name, received, item FROM complaint JOIN point ON point.id = point_id
    WHERE closed IS NULL AND voided IS NULL AND escalated IS NULL
    AND received <= '{cutoff(LAST, known_calendar())}' ORDER BY received"""
_IN = f"BETWEEN '{_FIRST}' AND '{_LAST}'"
_TOUCHED = f"FROM complaint WHERE voided IS NULL AND (received {_IN} OR closed {_IN})"
_SUMS = f"""
    SELECT type, sum(r), sum(c), sum(c AND outcome = 'settled'), sum(r * disputed), sum(c * recovered)
    FROM (SELECT *, received {_IN} AS r, ifnull(closed {_IN}, 0) AS c {_TOUCHED}) GROUP BY type"""
_COLUMNS = "type, received, closed, outcome, disputed, recovered"
_PANDAS = f"""
import sqlite3, sys
try:
    import pandas
except ImportError:
    sys.exit(127)
t = pandas.read_sql("SELECT {_COLUMNS} {_TOUCHED}", sqlite3.connect(sys.argv[1]))
r, c = t.received.between("{_FIRST}", "{_LAST}"), t.closed.between("{_FIRST}", "{_LAST}")
t = t.assign(r=r, c=c, s=c & (t.outcome == "settled"), d=t.disputed * r, v=t.recovered * c)
print(t.groupby("type")[["r", "c", "s", "d", "v"]].sum().to_csv())
"""


def _shells(query: str, ledger: str) -> dict[str, list[str]]:
    sqlite_utils = str(Path(sys.executable).with_name("sqlite-utils"))
    return {
        "sqlite3": ["sqlite3", "-readonly", "-csv", ledger, query],
        "sqlite-utils query": [sqlite_utils, "query", "--csv", ledger, query],
    }


def overdue(ours: Row, ledger: str, folder: Path) -> Iterator[Row]:
    """What `overdue` lists."""
    if shutil.which("task"):
        _import_tasks(ledger, folder)
    for name, command in (
        _shells(_OVERDUE, ledger) | {"Taskwarrior": ["task", f"rc:{folder}/taskrc", "overdue"]}
    ).items():
        yield Row(f"{name}, overdue", ours.complaints, command, ours, "× ours", holds=ours.holds)


def quarter(
    ours: Row, lines: Collection[str], ledger: str, folder: Path, pandas: str
) -> Iterator[Row]:
    """Five sums of `rollup 6` by type, of which `lines` says what they are."""
    office = f"soffice -env:UserInstallation=file://{folder}/office --headless --convert-to csv --outdir {folder}"
    _write_formulas(ledger, folder / "quarter.xlsx")
    commands = _shells(_SUMS, ledger) | {
        "pandas": [pandas, "-c", _PANDAS, ledger],
        "LibreOffice, COUNTIFS": [
            "sh",
            "-c",
            f"{office} {folder}/quarter.xlsx && cat {folder}/quarter.csv",
        ],
    }
    for name, command in commands.items():
        yield Row(f"{name}, quarter", ours.complaints, command, ours, "× ours", holds=lines)


def sums(document: str) -> list[str]:
    """The lines that each prints for a quarter, by what `rollup 6 --json` says; money in 分."""
    keys = "type", "received", "closed", "settled", "disputed", "recovered"
    found, _ = json.JSONDecoder().raw_decode(
        document, document.index("{")
    )  # a notice on stderr stands around it
    rows = [row for row in found["rows"] if row["type"] in TYPES]
    return [",".join(str(row[key]).replace(".", "") for key in keys) for row in rows]


def _import_tasks(ledger: str, folder: Path) -> None:
    """Open complaints as tasks pending until their due date, closed ones as tasks done."""
    (folder / "taskrc").write_text(f"data.location={folder}\n")
    tasks = []
    for number, received, closed in sqlite3.connect(ledger).execute(
        "SELECT number, received, closed FROM complaint"
    ):
        task = {"description": f"{number} {received}", "entry": received}
        day = due(date.fromisoformat(received), known_calendar()).day
        tasks.append(
            task
            | (
                {"status": "completed", "end": closed}
                if closed
                else {"status": "pending", "due": str(day)}
            )
        )
    (folder / "tasks.json").write_text(json.dumps(tasks))
    subprocess.run(
        ["task", f"rc:{folder}/taskrc", "import", f"{folder}/tasks.json"],
        check=True,
        capture_output=True,
    )


def _write_formulas(ledger: str, path: Path) -> None:
    """A workbook whose first sheet holds a COUNTIFS or SUMIFS for each sum, none of them calculated yet."""
    from openpyxl import Workbook

    book = Workbook()
    form, data = book.worksheets[0], book.create_sheet("data")
    for type_, received, closed, *others in sqlite3.connect(ledger).execute(
        f"SELECT {_COLUMNS} FROM complaint"
    ):
        data.append(
            [
                type_,
                date.fromisoformat(received),
                date.fromisoformat(closed) if closed else None,
                *others,
            ]
        )
    column = {letter: f"data!${letter}$1:${letter}${data.max_row}" for letter in "ABCDEF"}
    for type_ in TYPES:
        received, closed = (
            f'{column["A"]},"{type_}",{column[day]},">="&DATE({_FIRST:%Y,%m,%d}),{column[day]},"<="&DATE({_LAST:%Y,%m,%d})'
            for day in "BC"
        )
        counts = (
            f"=COUNTIFS({received})",
            f"=COUNTIFS({closed})",
            f'=COUNTIFS({closed},{column["D"]},"settled")',
        )
        form.append(
            [
                type_,
                *counts,
                f"=SUMIFS({column['E']},{received})",
                f"=SUMIFS({column['F']},{closed})",
            ]
        )
    book.save(path)
