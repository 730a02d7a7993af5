"""Forgeries that match the history: wrong clocks, early erasures, withdrawn returns.

Each leaves a ledger that a chain of heads alone finds sound, or would leave one.
"""

import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import chdir, closing
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import time_machine

from ledger12315.ledger.audit.erasing import erase_row
from ledger12315.ledger.audit.past import erased_values
from ledger12315.ledger.store.opening import writing
from tests.faults import Tried, share
from tests.faults.edits import run_unguarded
from tests.faults.inprocess import command, workplace
from tests.faults.lines import LEDGER, TODAY, Act
from tests.faults.stations import lay

_WRITES = (
    "log P001 --complainant 甲 --item 锅 --facts 漏 --kind goods",
    "record visit P001",
    "settings set notice_from 30",
    "complaint list --reveal",
    "complaint erase --all",
)
_PERIOD = "2026Q1"
_FORMS = (f"export 6 {_PERIOD} -o 6.xlsx", f"export 3 {_PERIOD} --point P001 -o 3.xlsx")
_UNDONE = """
    DELETE FROM change WHERE act_id = (SELECT max(id) FROM act);
    DELETE FROM act WHERE id = (SELECT max(id) FROM act);
    DELETE FROM submitted WHERE submission_id = (SELECT max(id) FROM submission);
    DELETE FROM submission WHERE id = (SELECT max(id) FROM submission);
    DELETE FROM file WHERE sha256 NOT IN (SELECT sha256 FROM submitted)
"""


def tries(place: Path, part: float, chance: random.Random) -> Iterator[Tried]:
    """Do this part of each to a fresh copy of the station's ledger."""
    with workplace(place):
        lay(Act("log"), Path("station"))
        with chdir("station"):
            path = Path(LEDGER).resolve()
            content = path.read_bytes()
            rows = [*_rows(path)]
            days = [date(1990, 1, 1) + timedelta(chance.randint(0, 13000)) for _ in range(100)]
            days += [each + timedelta(36525) for each in days]
            writes = [[(day, each) for day in days] for each in _WRITES]
            for day, line in share(chance, part, writes):
                yield from _misdated(day, line, path, content)
            for table, row in share(chance, part, [rows]):
                yield from _erased(table, row, path, content)
            for harm in share(chance, part, [[*_harms(path)]]):
                yield from _handed_out(harm, path, content)
            yield _taken_back(path, content)


def _rows(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the rows with personal data that may not be erased yet."""
    query = """
        SELECT DISTINCT table_name, row_id FROM change WHERE personal IS NOT NULL AND NOT
        (table_name = 'complaint' AND row_id IN (SELECT id FROM complaint WHERE year < 2023))"""
    with closing(sqlite3.connect(path)) as ledger:
        yield from ledger.execute(query)


def _misdated(day: date, line: str, path: Path, content: bytes) -> Iterator[Tried]:
    """Write on a day far from the last act's, by the clock and by a rehearsal."""
    for rehearsed in ("", day.isoformat()):
        path.write_bytes(content)
        with (
            patch.dict(os.environ, LEDGER12315_TODAY=rehearsed),
            time_machine.travel(f"{TODAY if rehearsed else day}T09:00:00+08:00", tick=False),
        ):
            done = command(line)
        written = path.read_bytes() != content
        silent = done.code != 3 and "erase" not in line  # there may be nothing to erase
        found = [f"{line} on {day}: {done.code}"] if written or silent else []
        yield Tried("written on a day years from the last act, or erased in a rehearsal", found)


def _erased(table: str, row: int, path: Path, content: bytes) -> Iterator[Tried]:
    """Empty a row and its history without an act, and by an act before its time."""
    path.write_bytes(content)
    with closing(sqlite3.connect(path)) as ledger:
        ledger.row_factory = sqlite3.Row
        was = dict(ledger.execute(f"SELECT * FROM {table} WHERE id = ?", (row,)).fetchone())
    becomes = erased_values(table, was)
    values = {key: f"'{text}'" if text else "NULL" for key, text in becomes.items()}
    told = ", ".join(f"{key} = {value}" for key, value in values.items())
    emptied = "UPDATE change SET personal = NULL, salt = NULL WHERE personal IS NOT NULL"
    of_row = f"table_name = '{table}' AND row_id = {row}"
    run_unguarded(f"UPDATE {table} SET {told} WHERE id = {row}; {emptied} AND {of_row}", path)
    yield _seen(f"{table} {row} emptied")
    path.write_bytes(content)
    with writing(path, "complaint erase") as opened:
        erase_row(opened, table, row)
    yield _seen(f"{table} {row} erased early")


def _seen(what: str) -> Tried:
    done = command("ledger check")
    return Tried("a forged erasure that `ledger check` passes", [what] * (done.code == 0))


def _harms(path: Path) -> Iterator[str]:
    """Yield statements that remove or replace each part of a valid submission."""
    yield "DELETE FROM submission WHERE withdrawn IS NULL"
    yield "UPDATE submission SET withdrawn = day, withdraw_reason = 'x'"
    yield "UPDATE submission SET period = '2025Q4' WHERE withdrawn IS NULL"
    with closing(sqlite3.connect(path)) as ledger:
        ids = [*ledger.execute("SELECT id, sha256 FROM submitted ORDER BY id")]
    for row, digest in ids:
        yield f"DELETE FROM submitted WHERE id = {row}"
        yield f"UPDATE submitted SET figures = '{{}}' WHERE id = {row}"
        yield f"UPDATE submitted SET point_id = 2 WHERE id = {row}"
        yield f"DELETE FROM file WHERE sha256 = '{digest}'"
        yield f"UPDATE file SET content = x'00' WHERE sha256 = '{digest}'"


def _handed_out(harm: str, path: Path, content: bytes) -> Iterator[Tried]:
    """Spoil what was submitted: each form comes out as it was, or not at all."""
    path.write_bytes(content)
    before = [_exported(form) for form in _FORMS]
    run_unguarded(harm, path)
    after = [_exported(form) for form in _FORMS]
    found = [harm for was, now in zip(before, after, strict=True) if now not in (was, None)]
    yield Tried("a submitted return that comes out otherwise than it was handed in", found)


def _exported(form: str) -> bytes | None:
    file = Path(form.split()[-1])
    file.unlink(missing_ok=True)
    done = command(form)
    return file.read_bytes() if done.code == 0 else None


def _taken_back(path: Path, content: bytes) -> Tried:
    """Submit, and then undo the act as if it had never been: the receipt tells."""
    path.write_bytes(content)
    made = command("returns submit 2026Q2")
    head = made.out.split()[-1]
    run_unguarded(_UNDONE, path)
    sound, asked = command("ledger check"), command(f"ledger check --head {head}")
    found = [f"{made.code} {made.err}: {asked.out}{asked.err}"]
    told = (made.code, sound.code, asked.code) == (0, 0, 3)
    return Tried("a submission undone that its receipt does not tell", [] if told else found)
