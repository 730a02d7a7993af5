"""One ledger with an entry of every kind, and the states that cause errors."""

import atexit
import contextlib
import errno
import io
import os
import re
import shlex
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import pytest
import time_machine

from ledger12315.cli.app import run
from ledger12315.cli.face import files
from ledger12315.cli.forms.contents import attachment_workbook
from ledger12315.ledger.audit.erasing import erase_row
from ledger12315.ledger.figures import Snapshot
from ledger12315.ledger.returns.submitted import PreparedForm, Submission
from ledger12315.ledger.store import explaining, history, migrating
from ledger12315.ledger.store import opening as file
from ledger12315.ledger.store.versions import FIRST
from ledger12315.sheets.forms.spec import FormSheet
from tests.building import built, spoil
from tests.faults.edits import rewritten
from tests.journals import beginning, half_written, naming
from tests.kept import empty, kept_place, write_kept

State = Callable[[], contextlib.AbstractContextManager[None]]
"""Brought about in the folder of the ledger; its docstring says it to readers."""
LEDGER = Path("ledger.sqlite")
_REPLACE = os.replace
"""As another process would: no test lets this one replace a file that it holds open."""
CONTENTS = (
    "2026-09-28, in a ledger with the points P001 东门商场, P002 东门超市 and P003 南门市场 (retired on"
    " 2026-09-01), and the complaints 2026-0001 (open), 2026-0002 (closed), 2026-0003 (escalated)"
    " and 2026-0004 (void), all received on 2026-09-21"
)
_CONFIGURED = "LOCALAPPDATA", "XDG_CONFIG_HOME"
_NOW = datetime(2026, 9, 28, 9, tzinfo=timezone(timedelta(hours=8)))
_LOG = (
    "log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods --received 2026-09-21"
)
_LINES = f"""
    settings set begins 2026-04-01
    register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万 --since 2026-01-05
    register 东门超市 --type supermarket --area 150 --turnover 60万 --since 2026-01-05
    register 南门市场 --type market --area 1200 --stalls 120 --since 2026-01-05
    {_LOG}
    {_LOG}
    {_LOG}
    {_LOG}
    close 2026-0002 --outcome settled --closed 2026-09-22
    complaint escalate 2026-0003 --reason 商家不到场 --on 2026-09-23
    complaint void 2026-0004 --reason 重复登记
    point retire P003 --on 2026-09-01"""


@contextlib.contextmanager
def workplace(language: str) -> Iterator[None]:
    """An empty folder on CONTENTS' day: all that the program reads of its surroundings is set.

    It is the same one each time, but for workplaces inside another.
    """
    kept = {key: text for key, text in os.environ.items() if not key.startswith("LEDGER12315_")}
    kept |= {"LEDGER12315_DB": str(LEDGER), "LEDGER12315_LANG": language}
    kept |= {"LEDGER12315_USER": "li"}
    folder = _UNUSED.pop() if _UNUSED else _PLACES.enter_context(kept_place(LEDGER.name))
    folder.mkdir(exist_ok=True)
    kept |= dict.fromkeys(_CONFIGURED, str(folder))
    try:
        with (
            contextlib.chdir(folder),
            patch.dict(os.environ, kept, clear=True),
            time_machine.travel(_NOW, tick=False),
        ):
            yield
    finally:
        empty(folder)
        _UNUSED.append(folder)


_UNUSED = list[Path]()
_PLACES = contextlib.ExitStack()
atexit.register(_PLACES.close)


@cache
def ledger_bytes() -> bytes:
    """The ledger of CONTENTS."""
    with workplace("en"), built(_LINES, _NOW.date()) as ledger:
        return ledger.serialize()


def give(*commands: str, options: Sequence[str] = ()) -> None:
    """Type commands that must all succeed, in silence; a day before one is the day it is typed.

    Stories are told this way, or by `tests.building` through the functions of the ledger.
    """
    for command in commands:
        dated = re.fullmatch(r"(\d{4}-\d\d-\d\d) (.*)", command)
        day, typed = dated.groups() if dated else ("", command)
        with (
            pytest.MonkeyPatch.context() as patched,
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()) as said,
        ):
            if day:
                patched.setenv("LEDGER12315_TODAY", day)
            assert run([*options, *shlex.split(typed)]) == 0, (typed, said.getvalue())


def undrawn(*drawn: int) -> contextlib.AbstractContextManager[object]:
    """Submissions have stand-ins for their workbooks, but for the forms that are `drawn`."""

    def made(snapshot: Snapshot, form: PreparedForm, of: Submission) -> bytes:
        known = form.number in drawn
        return (
            attachment_workbook(snapshot, form, of) if known else repr((form, of.stamp)).encode()
        )

    return patch("ledger12315.cli.returns.submit.attachment_workbook", made)


def as_text() -> contextlib.AbstractContextManager[object]:
    """Workbooks are the text of their sheets: to draw them takes longest."""

    def text(sheets: Iterable[FormSheet]) -> bytes:
        return "\n".join(repr(replace(each, rows=[*each.rows])) for each in sheets).encode()

    return patch("ledger12315.sheets.paper.draw.draw", text)


def submit(*periods: str) -> None:
    """Submit periods of the ledger of CONTENTS."""
    write_kept(LEDGER, _submitted(*periods))


@cache
def _submitted(*periods: str) -> bytes:
    with undrawn():
        give(*(f"returns submit {period}" for period in periods))
    return LEDGER.read_bytes()


def _sql(*statements: str) -> None:
    spoil(LEDGER, ";".join(statements))


def _lasting(told: str, bring_about: Callable[..., object], *arguments: Any) -> State:
    """A state without an end."""

    @contextlib.contextmanager
    def state() -> Iterator[None]:
        bring_about(*arguments)
        yield

    state.__doc__ = told
    return state


def _instead(content: bytes | None) -> None:
    """A folder, or other bytes, in the place of the ledger."""
    LEDGER.unlink()
    LEDGER.mkdir() if content is None else LEDGER.write_bytes(content)


def _foreign() -> None:
    LEDGER.unlink()
    _sql("CREATE TABLE song (title TEXT)")


def _torn() -> None:
    LEDGER.write_bytes(LEDGER.read_bytes()[:20_000])


def _in_2030(*commands: str) -> None:
    with time_machine.travel(_NOW.replace(year=2030), tick=False):
        give(*commands)


def _tampered() -> None:
    _sql(
        "UPDATE change SET personal = '{}'"
        " WHERE id = (SELECT min(id) FROM change WHERE personal IS NOT NULL)",
        "UPDATE complaint SET disputed = 1 WHERE number = '2026-0001'",
        "DELETE FROM point_type WHERE id = 3",
        "DELETE FROM act WHERE id = (SELECT max(id) FROM act)",
        "UPDATE act SET user = '王五' WHERE id = 3",
        "INSERT INTO act (id, at, user, command, head) VALUES"
        f" (99, '2026-09-28T10:00:00+08:00', '王五', 'log', '{'0' * 64}')",
        f"INSERT INTO file VALUES ('{'0' * 64}', x'00')",
    )
    with contextlib.closing(sqlite3.connect(LEDGER)) as ledger:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'complaint_received'"
        [root] = ledger.execute(query).fetchone()
    pages = bytearray(LEDGER.read_bytes())
    index = slice((root - 1) * 4096, root * 4096)
    pages[index] = pages[index].replace(b"2026-09-21", b"2026-09-20", 1)
    LEDGER.write_bytes(pages)


def _beside(path: Path, journal: bytes) -> None:
    Path(f"{path}-journal").write_bytes(journal)


def _accompanied() -> None:
    copy = Path("copy.sqlite")
    copy.write_bytes(ledger_bytes())
    half_written(copy)


def _of_earlier_build() -> None:
    _sql("PRAGMA user_version = 15")
    Path("copy.sqlite").write_bytes(LEDGER.read_bytes())


def _store_of_earlier_build() -> None:
    with duckdb.connect("county.duckdb") as store:
        store.execute("CREATE TABLE county AS SELECT 3 AS schema; CREATE TABLE kept (id INTEGER)")


@contextlib.contextmanager
def without_table() -> Iterator[None]:
    """Another program took a table out of the ledger, whose schema is that of a release."""
    _sql("DROP TABLE complaint")
    with patch.object(migrating, "RELEASED", FIRST):
        yield


def _half_written_and_protected() -> None:
    half_written(LEDGER)
    LEDGER.chmod(0o444)


_VISIT = "record visit P002 --on 2026-09-21 --text 一切正常"
no_ledger = _lasting("There is no ledger yet.", LEDGER.unlink)
a_folder = _lasting("The ledger is a folder.", _instead, None)
a_text = _lasting("The ledger is a text file.", _instead, "东门所的台账\n".encode())
no_bytes = _lasting("The ledger has 0 bytes.", _instead, b"")
foreign = _lasting("The ledger is another program's database.", _foreign)
newer = _lasting("The ledger was made by a newer program.", _sql, "PRAGMA user_version = 999")
without_version = _lasting(
    "Another program took the version out of the ledger.", _sql, "PRAGMA user_version = 0"
)
torn = _lasting("Copying the ledger broke off half-way.", _torn)
of_earlier_build = _lasting(
    "A build before the first release made the ledger, and copy.sqlite.", _of_earlier_build
)
read_only = _lasting("The ledger is write-protected.", LEDGER.chmod, 0o555)
broken_off = _lasting(
    "The medium became read-only in the middle of a write.", _half_written_and_protected
)
prepared = _lasting(
    "Beside the ledger lies a journal that names the file register.xlsx.",
    lambda: _beside(LEDGER, naming(Path("register.xlsx"))),
)
longer = _lasting(
    "Beside the ledger lies the journal of a longer one.",
    lambda: _beside(LEDGER, beginning(pages=10_000)),
)
left_alone = _lasting(
    "new.sqlite was deleted, and its journal was not.",
    lambda: _beside(Path("new.sqlite"), beginning()),
)
accompanied = _lasting(
    "The backup copy.sqlite was copied while somebody wrote to it, together with its journal.",
    _accompanied,
)
in_wal = _lasting("Another program switched the ledger to WAL.", _sql, "PRAGMA journal_mode = WAL")
stricter = _lasting(
    "Another program put a rule of its own into the ledger.",
    _sql,
    "CREATE TRIGGER strict BEFORE INSERT ON complaint"
    " BEGIN SELECT RAISE(ABORT, 'not on Mondays'); END",
)
unbalanced = _lasting(
    "Another program put a source into the ledger that is none.",
    _sql,
    "UPDATE complaint SET source = 'fax' WHERE number = '2026-0001'",
)
edited = _lasting(
    "Somebody lowered an amount with a database browser.",
    _sql,
    "UPDATE complaint SET disputed = 1 WHERE number = '2026-0001'",
)
tampered = _lasting(
    "Somebody who knows the triggers changed a name, an amount, an act and an index,"
    " took an act and a row, added a file.",
    _tampered,
)
erased = _lasting(
    "The personal data of 2026-0002 have been erased, in 2030.",
    _in_2030,
    "--clock-is-right complaint erase 2026-0002",
)
practised = _lasting(
    "There is a practice ledger too, and copy.sqlite is a backup of it.",
    give,
    "--practice init --station 东门所 --county 榕溪县",
    "--practice ledger backup copy.sqlite",
)
others_backup = _lasting(
    "The backup copy.sqlite is of 西门所.",
    give,
    "--db copy.sqlite init --station 西门所 --county 榕溪县",
)
agreed = _lasting(
    "2026-0002 has an agreement, and 299 yuan recovered.",
    give,
    "complaint amend 2026-0002 --agreement 退款299元 --recovered 299",
)
amended = _lasting(
    "The host of 东门商场 is another since 2026-09-20.",
    give,
    "point amend P001 --host 东门集团 --on 2026-09-20",
)
recorded = _lasting(
    "At 东门超市 there are a visit of 2026-09-21 (record 1), and one that is void (record 2).",
    give,
    _VISIT,
    _VISIT,
    "record void 2 --reason 重复登记",
)
numbered = _lasting(
    "The registers of 东门商场 and 东门超市 have a complaint A-1 each.",
    _sql,
    "UPDATE complaint SET external_no = 'A-1' WHERE number = '2026-0001'",
    "UPDATE complaint SET external_no = 'A-1', point_id = 2 WHERE number = '2026-0002'",
)
worded = _lasting(
    "预付卡 is a problem of the station's own, and counts as contract.",
    give,
    "words add problem 预付卡 --as contract",
)
nil_refuted = _lasting(
    "东门商场 sent a nil return of 2026Q2, before a complaint of that quarter was logged.",
    give,
    "returns receive P001 2026Q2 --nil",
    _LOG.replace("2026-09-21", "2026-06-30"),
)
used_folder = _lasting("The folder demo is not empty.", os.makedirs, "demo/notes")
used_name = _lasting("A text is named demo.", Path("demo").write_bytes, b"memo")
no_store = _lasting("A text is named county.duckdb.", Path("county.duckdb").write_bytes, b"memo")
store_of_earlier_build = _lasting(
    "A build before the first release made county.duckdb.", _store_of_earlier_build
)


@contextlib.contextmanager
def later() -> Iterator[None]:
    """It is 2026-10-10."""
    with time_machine.travel(_NOW.replace(month=10, day=10), tick=False):
        yield


@contextlib.contextmanager
def imported() -> Iterator[None]:
    """A register of 东门商场 was taken in."""
    register = "登记编号,受理日期,投诉人,商品/服务名称\nA-1,2026-09-21,李四,毛毯\n"
    Path("register.csv").write_text(register, "utf-8")
    give("complaint import register.csv --point P001")
    yield


@contextlib.contextmanager
def submitted() -> Iterator[None]:
    """It is 2026-10-10; 2026Q2 and 2026Q3 were submitted."""
    with later():
        submit("2026Q2", "2026Q3")
        yield


@contextlib.contextmanager
def handed_out() -> Iterator[None]:
    """It is 2026-10-10; 2026Q3 was submitted, and somebody took a form out of the submission."""
    with submitted():
        _sql("DELETE FROM submitted WHERE id = (SELECT max(id) FROM submitted)")
        yield


@contextlib.contextmanager
def forged() -> Iterator[None]:
    """It is 2026-10-10; 2026Q2 was submitted, 2026-0002 erased too early, 2026-0001 emptied, and
    the whole history made anew.
    """
    with later():
        submit("2026Q2")
        with file.writing(LEDGER, "complaint erase") as ledger:
            erase_row(ledger, "complaint", 2)
        _sql(
            "UPDATE change SET personal = NULL, salt = NULL"
            " WHERE personal IS NOT NULL AND table_name = 'complaint' AND row_id = 1",
            "UPDATE complaint SET complainant = '〔已清除〕', facts = '〔已清除〕' WHERE id = 1",
        )
        rewritten(LEDGER)
        yield


@contextlib.contextmanager
def without_duckdb() -> Iterator[None]:
    """DuckDB is not installed."""
    with patch.dict(sys.modules, {"duckdb": None}):
        yield


@contextlib.contextmanager
def without_office() -> Iterator[None]:
    """LibreOffice is not installed."""
    with patch.object(files, "_OFFICE_ELSEWHERE", ()), patch.dict(os.environ, PATH=""):
        yield


@contextlib.contextmanager
def with_failing_office() -> Iterator[None]:
    """LibreOffice fails."""
    failing = patch("subprocess.Popen", side_effect=OSError)
    with patch.object(files, "which", lambda name: name), failing:
        yield


@contextlib.contextmanager
def with_old_sqlite() -> Iterator[None]:
    """This Python has SQLite 3.34.1."""
    with (
        patch.object(explaining, "SQLITE_VERSION", "3.34.1"),
        patch.object(sqlite3, "sqlite_version_info", (3, 34, 1)),
    ):
        yield


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """Another program keeps the ledger locked."""
    connect = sqlite3.connect
    with contextlib.closing(connect(LEDGER, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with patch(
            "sqlite3.connect",
            lambda *arguments, **options: connect(*arguments, **options | {"timeout": 0}),
        ):
            yield


@contextlib.contextmanager
def full() -> Iterator[None]:
    """The disk is full."""
    no_space = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with (
        patch.object(file, "PRAGMAS", ("PRAGMA max_page_count = 1",)),
        patch("os.fsync", side_effect=no_space),
    ):
        yield


@contextlib.contextmanager
def of_others() -> Iterator[None]:
    """The backup copy.sqlite is another user's."""
    Path("copy.sqlite").touch()
    refused = PermissionError(errno.EACCES, os.strerror(errno.EACCES), "copy.sqlite")
    with patch("ledger12315.ledger.audit.backup.header_of", side_effect=refused):
        yield


@contextlib.contextmanager
def failing() -> Iterator[None]:
    """The disk fails."""
    with patch("sqlite3.connect", side_effect=sqlite3.OperationalError("disk I/O error")):
        yield


@contextlib.contextmanager
def held() -> Iterator[None]:
    """The workbook is open in Excel, on Windows."""
    with (
        patch.object(Path, "replace", side_effect=PermissionError(13, "Access is denied")),
        patch("ledger12315.ledger.store.atomic.sleep"),
    ):
        yield


@contextlib.contextmanager
def replaced() -> Iterator[None]:
    """Somebody restores a backup at the same moment."""

    def meanwhile(*arguments: Any) -> None:
        Path("backup").write_bytes(ledger_bytes())
        _REPLACE("backup", LEDGER)
        begin(*arguments)

    begin = history.begin
    with patch.object(file, "begin", meanwhile):
        yield


@contextlib.contextmanager
def interrupted() -> Iterator[None]:
    """Somebody presses Ctrl-C meanwhile."""
    with patch("ledger12315.cli.point.select_points", side_effect=KeyboardInterrupt):
        yield
