"""What people would use instead, on the same data: what is overdue, a quarter's sums by type."""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from benchmarks.data import LAST, QUARTER
from benchmarks.measure import Row, installed
from ledger12315.ledger.calendar import library_calendar
from ledger12315.rules.deadlines import cutoff, due_date_of
from ledger12315.rules.periods import parse_period
from ledger12315.words import TYPES

_, _FIRST, _LAST, _ = parse_period(QUARTER)
# Whoever asks in SQL looks the cut-off day up in a calendar first.
_OVERDUE = f"""
    SELECT number, point.name, received, item FROM complaint JOIN point ON point.id = point_id
    WHERE closed IS NULL AND voided IS NULL AND escalated IS NULL
    AND received <= '{cutoff(LAST, library_calendar())}' ORDER BY received"""
_IN = f"BETWEEN '{_FIRST}' AND '{_LAST}'"
_TOUCHED = f"FROM complaint WHERE voided IS NULL AND (received {_IN} OR closed {_IN})"
_SUMS = f"""
    SELECT type, sum(r), sum(c), sum(c AND outcome = 'settled'),
        sum(r * disputed), sum(c * recovered)
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
    return {
        "sqlite3": ["sqlite3", "-readonly", "-csv", ledger, query],
        "sqlite-utils query": [installed("sqlite-utils"), "query", "--csv", ledger, query],
    }


def overdue(ours: Row, ledger: str, folder: Path) -> Iterator[Row]:
    """Yield what lists the same as `overdue`."""
    if shutil.which("task"):
        _import_tasks(ledger, folder)
    commands = _shells(_OVERDUE, ledger)
    commands["Taskwarrior"] = ["task", f"rc:{folder}/taskrc", "overdue"]
    for name, command in commands.items():
        yield Row(f"{name}, overdue", ours.complaints, command, ours, "× ours", holds=ours.holds)


def quarter(
    ours: Row, lines: Collection[str], ledger: str, folder: Path, pandas: str
) -> Iterator[Row]:
    """Yield what works out five sums of `rollup 6` by type; they print these lines."""
    _write_formulas(ledger, folder / "quarter.xlsx")
    profile, to_csv = f"-env:UserInstallation=file://{folder}/office", "--convert-to csv --outdir"
    office = f"soffice {profile} --headless {to_csv} {folder} {folder}/quarter.xlsx"
    commands = _shells(_SUMS, ledger)
    commands["pandas"] = [pandas, "-c", _PANDAS, ledger]
    commands["LibreOffice, COUNTIFS"] = ["sh", "-c", f"{office} && cat {folder}/quarter.csv"]
    for name, command in commands.items():
        yield Row(f"{name}, quarter", ours.complaints, command, ours, "× ours", holds=lines)


def sums(document: str) -> list[str]:
    """Return the lines that each prints for a quarter, from `rollup 6 --json`; money in 分."""
    keys = "type", "received", "closed", "settled", "disputed", "recovered"
    # A notice on stderr stands around it.
    found, _ = json.JSONDecoder().raw_decode(document, document.index("{"))
    rows = [row for row in found["rows"] if row["type"] in TYPES]
    return [",".join(str(row[key]).replace(".", "") for key in keys) for row in rows]


def _import_tasks(ledger: str, folder: Path) -> None:
    """Import open complaints as tasks pending until their due date, closed ones as tasks done."""
    (folder / "taskrc").write_text(f"data.location={folder}\n")
    query, tasks = "SELECT number, received, closed FROM complaint", []
    for number, received, closed in sqlite3.connect(ledger).execute(query):
        state = {"status": "completed", "end": closed}
        if not closed:
            day = due_date_of(date.fromisoformat(received), library_calendar()).day
            state = {"status": "pending", "due": str(day)}
        tasks.append({"description": f"{number} {received}", "entry": received} | state)
    (folder / "tasks.json").write_text(json.dumps(tasks))
    command = ["task", f"rc:{folder}/taskrc", "import", f"{folder}/tasks.json"]
    subprocess.run(command, check=True, capture_output=True)


def _write_formulas(ledger: str, path: Path) -> None:
    """Write a workbook with a COUNTIFS or SUMIFS for each sum, none of them calculated yet."""
    book = Workbook()
    form, data = book.worksheets[0], book.create_sheet("data")
    for row in sqlite3.connect(ledger).execute(f"SELECT {_COLUMNS} FROM complaint"):
        days = [date.fromisoformat(text) if text else None for text in row[1:3]]
        data.append([row[0], *days, *row[3:]])
    a, b, c, d, e, f = (f"data!${letter}$1:${letter}${data.max_row}" for letter in "ABCDEF")
    first, last = (f"&DATE({day:%Y,%m,%d})" for day in (_FIRST, _LAST))
    for type_ in TYPES:
        received, closed = (f'{a},"{type_}",{day},">="{first},{day},"<="{last}' for day in (b, c))
        counts = (f"=COUNTIFS({received})", f"=COUNTIFS({closed})")
        settled = f'=COUNTIFS({closed},{d},"settled")'
        amounts = (f"=SUMIFS({e},{received})", f"=SUMIFS({f},{closed})")
        form.append([type_, *counts, settled, *amounts])
    book.save(path)
