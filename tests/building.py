"""A builder of ledgers: lines like those a clerk types, run by the ledger's own functions.

A line is `COMMAND WORDS --box text ...` as on the command line. Its boxes are read in the same
way, and it is a sealed act of its own. `_` is the complaint logged last.
"""

import os
import re
import shlex
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime, time
from functools import cache
from hashlib import sha256
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from ledger12315.boxes import Box, Filled, parse_all
from ledger12315.boxes.forms import (
    AMENDED_COMPLAINT,
    AMENDED_POINT,
    CLOSE,
    INSPECT,
    LOG,
    POINT,
    RECORD_BOXES,
    RECORDS,
)
from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.reading import NOTHING_WRITTEN
from ledger12315.cli.forms.contents import attachment_workbook
from ledger12315.errors import LedgerError, Message
from ledger12315.ledger import calendar, points, records, settings, station, words
from ledger12315.ledger.audit import erasing
from ledger12315.ledger.audit.check import ledger_problems
from ledger12315.ledger.complaints import acts as complaints
from ledger12315.ledger.complaints.amending import correct_complaint
from ledger12315.ledger.complaints.finding import complaint_allowing
from ledger12315.ledger.figures import Scope, Snapshot
from ledger12315.ledger.points import acts as point_acts
from ledger12315.ledger.points.setting_up import set_up
from ledger12315.ledger.returns import received as returns
from ledger12315.ledger.returns import submitted as submissions
from ledger12315.ledger.store import CHINA, Ledger, new_key, single
from ledger12315.ledger.store.history import WallClock, begin, seal
from ledger12315.ledger.store.making import create
from ledger12315.ledger.store.opening import connect
from ledger12315.renamed import call_as
from ledger12315.rules.periods import parse_period
from ledger12315.rules.settings import INITIAL_SETTINGS

TODAY = date(2027, 6, 30)
# Rehearsals follow it, whatever the clock says.
_MADE = date(2026, 9, 28)
DEFAULTS = INITIAL_SETTINGS | {"begins": "2015-01-01"}
# What a line need not say. With these boxes any type of point is recordable.
_POINT = {"judgement": "客流大", "area": "1", "grade": "3A"}
_COMPLAINT = {"complainant": "张三", "item": "鞋", "facts": "开胶"}


class Line(NamedTuple):
    """A line's parts: the words before its options, and their texts by box."""

    ledger: Ledger
    words: Sequence[str]
    raw: dict[str, str]
    today: date

    def filled(self, fields: Iterable[Box], **defaults: str) -> Filled:
        """Return the boxes of a new entry."""
        return parse_all(fields, defaults | self.raw, self.today)

    def named(self, what: str | Iterable[Box]) -> Any:
        """Return an argument of a function: by its name, or the values of a line's boxes."""
        if not isinstance(what, str):
            table = {field.key: field.parse for field in what}
            read = {key: (table[key], text) for key, text in self.raw.items()}
            return {
                key: parse(text, self.today) if text else None
                for key, (parse, text) in read.items()
            }
        if what == "point":
            return points.find_point(self.ledger, self.words[0])
        known: dict[str, Any] = {"on": self.today, "today": self.today, **self.raw}
        if "on" in self.raw:
            known["on"] = DAY.read(self.raw["on"], self.today)
        if what == "period":
            return parse_period(self.words[0])
        return known.get(
            what, dict(zip(("first", "second", "third"), self.words, strict=False)).get(what)
        )


def _log(line: Line) -> str:
    kind = {} if "category" in line.raw else {"kind": "goods"}
    boxes = line.filled(LOG, **_COMPLAINT, **kind)
    return complaints.log_complaint(line.ledger, line.named("point"), boxes, line.today).number


def _register(line: Line) -> str:
    judged = {} if line.raw.keys() & {"area", "grade", "sector", "judgement"} else _POINT
    boxes = line.filled(POINT.values(), name=line.words[0], **judged)
    return set_up(line.ledger, boxes).code


def _inspect(line: Line) -> None:
    boxes = line.filled(INSPECT)
    day = boxes.day("on", line.today)
    point_acts.inspect(line.ledger, line.named("point"), boxes, day)


def _record(line: Line) -> int:
    kind, code = line.words
    point = None if code == "-" else points.find_point(line.ledger, code)
    boxes = line.filled(RECORDS[kind])
    return records.write_record(line.ledger, kind, point, boxes).id


def _receive(line: Line) -> None:
    scope = Scope(parse_period(line.words[1]), None, line.named("point"))
    state = "nil" if "nil" in line.raw else "received"
    returns.receive(line.ledger, scope, state, line.named("on"), line.today)


def _submit(line: Line) -> None:
    """Submit a period; forms are drawn only with `--forms`, as that takes longest.

    Of points those are drawn that it names.
    """
    period, full = parse_period(line.words[0]), Snapshot(line.ledger, full=True)
    call_as(station.words_of(line.ledger))
    moment = datetime.combine(line.today, time(9), CHINA)
    prepared = submissions.prepare(full, period, moment)
    contents = []
    for each in prepared.forms:
        of = each.point.code if each.point else ""
        wanted = "forms" in line.raw and of in line.raw["forms"]
        drawn = attachment_workbook(full, each, prepared) if wanted else b""
        contents.append(drawn or f"{each.number}{period}{each.point}".encode())
    submissions.submit(line.ledger, prepared, contents)


def _set_day(line: Line) -> None:
    day = date.fromisoformat(line.words[0])
    calendar.set_day(line.ledger, day, "work" in line.raw, line.raw["why"])


def _void(ledger: Ledger, number: str, reason: str, on: date) -> str:
    known = str(complaint_allowing(ledger, number, "void")["number"])
    complaints.void_all(ledger, [known], reason, on)
    return known


def _erase(line: Line) -> None:
    past = erasing.past_retention(line.ledger, line.today)
    erasing.erase(line.ledger, [each.number for each in past], line.today)
    erasing.erase_texts(line.ledger, line.today)


def fill_desk(ledger: Ledger, text: str, day: str) -> None:
    """Insert a row into each table of supervision, calendar and returns, as no command does."""
    content = f"{text}{new_key()}".encode()
    values = {"text": text, "day": day, "key": new_key(), "content": content}
    values |= {"sha256": sha256(content).hexdigest()}
    free = "(SELECT date('2020-01-01', count(*) || ' days') FROM submission)"
    for statement in _DESK.replace("FREE", free).strip().split(";\n"):
        ledger.execute(statement, values)


_DESK = """
INSERT INTO record (key, kind, day, count, type, point_id, text, entered)
    VALUES (:key, 'lead', :day, 1, 'mall', 1, :text, '');
INSERT INTO informant (record_id, name, phone) VALUES (last_insert_rowid(), :text, '13900001111');
INSERT INTO former_host (point_id, name, until) VALUES (1, :text, FREE);
INSERT INTO inspection (point_id, day, item, met, remark) VALUES (1, FREE, 'office', 0, :text);
INSERT INTO special_day (day, working, why, notice) VALUES (FREE, 1, :text, 0);
INSERT INTO heading (name, box) SELECT :text || count(*), 'item' FROM submission;
INSERT INTO local_word (box, word, standard, entered)
    SELECT 'problem', :text || count(*), 'other', '' FROM submission;
INSERT INTO file (sha256, content) VALUES (:sha256, :content);
INSERT INTO submission (period, first, last, day, act, head, settings, schema, entered)
    SELECT '2022Q1', '2022-01-01', '2022-03-31', :day, 1, head, '{}', 100, ''
    FROM act WHERE id = 1;
INSERT INTO submitted (submission_id, form, figures, told, sha256)
    SELECT max(id), 6, '{}', '{}', :sha256 FROM submission;
INSERT INTO hand_in (submission_id, revision, act, identity, entered)
    SELECT max(id), 1, 1, :sha256, '' FROM submission
"""
# What does it, with its arguments: names of `Line.named`, or the fields that boxes belong to.
_COMMANDS: dict[str, tuple[Any, ...]] = {
    "register": (_register,),
    "log": (_log,),
    "close": (complaints.close_complaint, "first", CLOSE, "today"),
    "complaint escalate": (complaints.escalate, "first", "reason", "on"),
    "complaint amend": (correct_complaint, "first", list(AMENDED_COMPLAINT.values())),
    "complaint reopen": (complaints.reopen, "first", "reason"),
    "complaint void": (_void, "first", "reason", "on"),
    "complaint erase": (_erase,),
    "complaint list": (station.record_disclosure, "reveal"),
    "point amend": (point_acts.change_point, "point", AMENDED_POINT, "today"),
    "point retire": (point_acts.retire, "point", "on"),
    "point inspect": (_inspect,),
    "record": (_record,),
    "record amend": (records.correct_record, "first", list(RECORD_BOXES.values())),
    "record void": (records.void_record_row, "first", "reason", "on"),
    "returns receive": (_receive,),
    "returns submit": (_submit,),
    "returns withdraw": (submissions.withdraw, "period", "reason", "today"),
    "settings set": (settings.change_setting, "first", "second", "today"),
    "calendar day": (_set_day,),
    "words add": (words.add_local_word, "first", "second", "third"),
    "desk": (fill_desk, "first", "second"),
}


# What `act` runs as the command line does, where the last word alone is no part of the name.
_ALIKE = {
    "complaint escalate": {"reason", "on"},
    "complaint reopen": {"reason"},
    "complaint void": {"reason"},
    "point retire": {"on"},
} | {
    command: {box.key for box in boxes}
    for command, boxes in (
        ("log", LOG),
        ("close", CLOSE),
        ("complaint amend", AMENDED_COMPLAINT.values()),
        ("register", POINT.values()),
        ("point amend", AMENDED_POINT),
        ("point inspect", INSPECT),
        *((f"record {kind}", boxes) for kind, boxes in RECORDS.items()),
    )
}


def as_typed(path: Path, line: str, today: str) -> bool:
    """Run a line on a ledger's file; return False for one that only the command line can run."""
    command, words, raw = taken_apart(line)
    boxes = _ALIKE.get(" ".join([command, *words[:-1]]))
    if not (words and boxes and boxes >= raw.keys()) or {*NOTHING_WRITTEN} & {*raw.values()}:
        return False
    with closing(connect(path, "rw")) as ledger:
        ledger.row_factory = sqlite3.Row
        rehearsed = "LEDGER12315_TODAY" in os.environ
        try:
            act(ledger, line, today=date.fromisoformat(today), rehearsed=rehearsed)
        except LedgerError:
            return False
    return True


def taken_apart(line: str) -> tuple[str, list[str], dict[str, str]]:
    """Return a line's command, its words, and its options; a flag's text is empty."""
    head, *options = line.split(" --")
    words, pairs = _split(head), map(_split, options)
    raw = {key.replace("-", "_"): "".join(text) for key, *text in pairs}
    length = 2 if " ".join(words[:2]) in _COMMANDS else 1
    return " ".join(words[:length]), words[length:], raw


def _split(text: str) -> list[str]:
    """Return words as a shell splits them; shlex takes long, and few have quotes."""
    return shlex.split(text) if {*"'\"\\"} & {*text} else text.split()


def act(
    ledger: Ledger,
    *lines: str,
    today: date = TODAY,
    refused: bool = False,
    rehearsed: bool = False,
) -> Any:
    """Run each line as an act, and return the last one's result; undo and raise a refused one.

    With `refused` it does not raise, as if the line had never been tried.
    """
    clock = WallClock(today, rehearsed=True, sure=True) if rehearsed else None
    given = None
    for line in lines:
        command, words, raw = taken_apart(line)
        if "_" in words:
            query = "SELECT number FROM complaint ORDER BY id DESC LIMIT 1"
            words = [number for (number,) in ledger.execute(query)] or ["none"]
        ledger.execute("BEGIN IMMEDIATE")
        begin(ledger, " ".join((command, *words[: command == "record"])), clock)
        try:
            does, *arguments = _COMMANDS[command]
            it = Line(ledger, words, raw, today)
            given = does(ledger, *map(it.named, arguments)) if arguments else does(it)
            seal(ledger)
        except (LedgerError, sqlite3.IntegrityError):
            ledger.execute("ROLLBACK")
            if not refused:
                raise
            given = None
        else:
            ledger.execute("COMMIT")
    return given


@cache
def empty_ledger() -> bytes:
    """Return the bytes of a ledger that `init` makes."""
    with TemporaryDirectory() as folder:
        return new_ledger(Path(folder, "ledger.sqlite")).read_bytes()


def new_ledger(path: Path, station: str = "东门所", county: str = "榕溪县") -> Path:
    """Make a ledger's file, and return its path."""
    create(path, station, county, None, DEFAULTS, clock=WallClock(_MADE, rehearsed=True))
    return path


@contextmanager
def loaded(content: bytes) -> Iterator[Ledger]:
    """Open a ledger from its bytes, in a file that is used again."""
    path = _UNUSED.pop() if _UNUSED else Path(_PLACE.name, f"{next(_NUMBERS)}.sqlite")
    path.write_bytes(content)
    try:
        with closing(connect(path, "rw")) as ledger:
            ledger.row_factory = sqlite3.Row
            ledger.execute("PRAGMA journal_mode=MEMORY")
            yield ledger
    finally:
        _UNUSED.append(path)


_PLACE = TemporaryDirectory()
_UNUSED, _NUMBERS = list[Path](), count()


@contextmanager
def built(
    lines: str | Iterable[str], today: date = TODAY, refused: bool = False
) -> Iterator[Ledger]:
    """Open the ledger made by these lines; see `act`."""
    if isinstance(lines, str):
        lines = filter(None, map(str.strip, lines.splitlines()))
    with loaded(empty_ledger()) as ledger:
        act(ledger, *lines, today=today, refused=refused)
        yield ledger


def of_station(ledger: Ledger, name: str) -> None:
    """Make the ledger that of another station."""
    with unguarded(ledger):
        ledger.execute("UPDATE station SET name = ?, key = ?", (name, new_key()))


@contextmanager
def unguarded(ledger: Ledger, statements: str = "") -> Iterator[None]:
    """Remove the triggers of the tables that statements name, or all, and restore them at the end.

    Somebody who knows the file can do the same.
    """
    query = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"
    guards = [
        (name, sql)
        for table, name, sql in ledger.execute(query).fetchall()
        if not statements or re.search(rf"\b{table}\b", statements)
    ]
    for pragma in ("foreign_keys = OFF", "ignore_check_constraints = ON"):
        ledger.execute(f"PRAGMA {pragma}")
    known = single(ledger, "PRAGMA schema_version")
    _execute_at_once(ledger, (f"DROP TRIGGER {name}" for name, _ in guards))
    without = single(ledger, "PRAGMA schema_version")
    try:
        yield
    finally:
        changed = single(ledger, "PRAGMA schema_version") != without
        _execute_at_once(ledger, (sql for _, sql in guards))
        if not changed:  # others need not read the schema anew
            ledger.execute(f"PRAGMA schema_version = {known}")


def spoil(path: Path, script: str) -> None:
    """Run statements on a ledger's file as somebody does who knows its triggers."""
    with closing(sqlite3.connect(path, isolation_level=None)) as ledger, unguarded(ledger, script):
        ledger.executescript(script)


def _execute_at_once(ledger: Ledger, statements: Iterable[str]) -> None:
    """Execute statements in one write to the file, not one for each."""
    ledger.execute("SAVEPOINT guards")
    for statement in statements:
        with suppress(sqlite3.OperationalError):  # of a table that is no more
            ledger.execute(statement)
    ledger.execute("RELEASE guards")


def multiply(ledger: Ledger, count: int) -> None:
    """Add copies of the complaint logged last, without the triggers, which take most time."""
    columns = [row["name"] for row in ledger.execute("PRAGMA table_info(complaint)")]
    other = {
        "id": "id + n",
        "key": "key || n",
        "serial": "serial + n",
        "number": "printf('%d-%04d', year, serial + n)",
    }
    with unguarded(ledger, "complaint"):
        ledger.execute(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT ?)"
            f" INSERT INTO complaint SELECT {', '.join(other.get(each, each) for each in columns)}"
            " FROM complaint JOIN numbers WHERE id = (SELECT max(id) FROM complaint)",
            (count,),
        )


def found(ledger: Ledger) -> list[Message]:
    """Return the problems that `ledger check` finds, or the error of opening."""
    try:
        return ledger_problems(Path(single(ledger, "SELECT file FROM pragma_database_list")))
    except LedgerError as error:
        return [error.message]


def contents(ledger: Ledger, *without: str) -> dict[str, list[Any]]:
    """Return every row of all tables, without those named."""
    names = ledger.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        " AND name NOT LIKE 'sqlite%' ORDER BY name"
    ).fetchall()
    kept = [name for (name,) in names if name not in without]
    return {name: list(map(tuple, ledger.execute(f"SELECT * FROM {name}"))) for name in kept}
