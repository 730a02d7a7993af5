"""Ledgers in memory that came about act by act, each sealed as a command's is, and what is done to one behind its guards."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st

from ledger12315.boxes.reading import Person
from ledger12315.errors import LedgerError, Message
from ledger12315.ledger import points, records, station
from ledger12315.ledger.audit import erasing
from ledger12315.ledger.audit.check import ledger_problems
from ledger12315.ledger.complaints import acts as complaints
from ledger12315.ledger.points.setting_up import set_up
from ledger12315.ledger.store import Ledger, insert, new_key
from ledger12315.ledger.store.history import begin, seal
from tests.ledger.made import Row, empty_ledger

TODAY = date(2026, 9, 28)
KINDS = (
    *(
        "log",
        "close",
        "escalate",
        "amend",
        "reopen",
        "void",
        "record",
        "setting",
        "reveal",
        "register",
    ),
    *("demonstrate", "return", "desk", "nothing"),
)
# The text that a clerk types: what JSON must quote, what SQL must, and characters outside the basic plane.
TEXTS = ("不加热", 'says "no"', "it's\n100 %\\", "\N{GRINNING FACE}", "{}", "null", "*")

one_act = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(KINDS),
        "number": st.sampled_from(
            [f"{year}-{serial:04}" for year in (2022, 2026) for serial in (1, 2)]
        ),
        "day": st.sampled_from(("2022-03-01", "2022-03-02", "2026-09-01", "2026-09-02")),
        "text": st.sampled_from(TEXTS),
        "outcome": st.sampled_from(("settled", "advised", "other", "withdrawn")),
    }
)


@contextmanager
def acted(acts: Sequence[Row]) -> Iterator[Ledger]:
    """The ledger after these acts: what the rules refuse is undone, as a command is."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as ledger:
        ledger.deserialize(empty_ledger())
        ledger.row_factory = sqlite3.Row
        for pragma in ("foreign_keys = ON", "secure_delete = ON"):
            ledger.execute(f"PRAGMA {pragma}")
        for row in ({"kind": "register", "text": "", "day": "2022-01-01"}, *acts):
            ledger.execute("BEGIN IMMEDIATE")
            begin(ledger, row["kind"])
            try:
                _act(ledger, row)
                seal(ledger)
            except (LedgerError, sqlite3.IntegrityError):
                ledger.execute("ROLLBACK")
            else:
                ledger.execute("COMMIT")
        yield ledger


def _act(ledger: Ledger, row: Row) -> None:
    text, day = row["text"], row["day"]
    match row["kind"]:
        case "register":
            person = Person(text or "林秀珍", None)
            set_up(
                ledger,
                {
                    "name": f"点{text}",
                    "type": "other",
                    "judgement": "多",
                    "since": day,
                    "liaison": person,
                },
                TODAY,
            )
        case "log":
            boxes = {
                "complainant": text,
                "item": "鞋",
                "facts": text,
                "kind": "goods",
                "received": day,
                "phone": "13900001111",
            }
            complaints.log(ledger, points.find_point(ledger, "P001"), boxes, TODAY)
        case "close":
            ending = {
                "outcome": row["outcome"],
                "closed": day,
                "told": day,
                "remark": text,
                "recovered": 100,
            }
            complaints.close(ledger, row["number"], ending, TODAY)
        case "escalate":
            complaints.escalate(ledger, row["number"], text, day)
        case "amend":
            complaints.amend(
                ledger, row["number"], {"consumer_address": text, "brand": None, "received": day}
            )
        case "reopen":
            complaints.reopen(ledger, row["number"], text)
        case "void":
            complaints.void(ledger, row["number"], text, day)
        case "record":
            records.record(
                ledger,
                "inquiry",
                points.find_point(ledger, "P001"),
                {"on": day, "text": text},
                TODAY,
            )
        case "setting":
            station.change_setting(ledger, "station_limit", day[-2:])
        case "reveal":
            station.record_disclosure(ledger, text)
        case "demonstrate":
            insert(ledger, "demonstration", {"point_id": 1, "level": "municipal", "since": day})
        case "return":
            insert(ledger, "point_return", {"point_id": 1, "period": day[:7], "day": day})
        case "desk":
            _fill_the_desk(ledger, text, day)
        case "erase":
            erasing.erase(
                ledger, [each.number for each in erasing.past_retention(ledger, TODAY)], TODAY
            )
            erasing.erase_texts(ledger, TODAY)


def _fill_the_desk(ledger: Ledger, text: str, day: str) -> None:
    """A row in each table of supervision, calendar and returns, where none stands yet."""
    [number] = ledger.execute("SELECT count(*) FROM submission").fetchone()
    lead = {
        "kind": "lead",
        "day": day,
        "count": 1,
        "type": "mall",
        "point_id": 1,
        "text": text,
        "key": new_key(),
        "entered": "",
    }
    insert(
        ledger,
        "informant",
        {"record_id": insert(ledger, "record", lead), "name": text, "phone": "13900001111"},
    )
    insert(
        ledger,
        "former_host",
        {"point_id": 1, "name": text, "until": f"2020-01-{number % 28 + 1:02}"},
    )
    found = {
        "point_id": 1,
        "day": f"2020-01-{number % 28 + 1:02}",
        "item": "office",
        "met": 0,
        "remark": text,
    }
    insert(ledger, "inspection", found)
    insert(
        ledger,
        "special_day",
        {"day": f"2020-01-{number % 28 + 1:02}", "working": 1, "why": text, "notice": 0},
    )
    insert(ledger, "heading", {"name": f"{text}{number}", "box": "item"})
    content = f"{text}{number}".encode()
    ledger.execute("INSERT INTO file VALUES (?, ?)", (sha256(content).hexdigest(), content))
    made = {
        "period": "2022Q1",
        "first": "2022-01-01",
        "last": "2022-03-31",
        "day": day,
        "act": 1,
        "head": "0" * 64,
    }
    submission = insert(
        ledger, "submission", made | {"settings": "{}", "restated": "{}", "entered": ""}
    )
    what = {
        "submission_id": submission,
        "form": 6,
        "figures": "{}",
        "sha256": sha256(content).hexdigest(),
    }
    insert(ledger, "submitted", what)


@contextmanager
def unguarded(ledger: Ledger) -> Iterator[None]:
    """As somebody does who knows the triggers: taken away, and put back as they were."""
    guards = ledger.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall()
    for pragma in ("foreign_keys = OFF", "ignore_check_constraints = ON"):
        ledger.execute(f"PRAGMA {pragma}")
    for name, _ in guards:
        ledger.execute(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        for _, sql in guards:
            with suppress(sqlite3.OperationalError):  # of a table that is no more
                ledger.execute(sql)


def found(ledger: Ledger) -> list[Message]:
    """What `ledger check` says of it, or why it cannot be opened."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "ledger.sqlite")
        path.write_bytes(ledger.serialize())
        try:
            return ledger_problems(path)
        except LedgerError as error:
            return [error.message]


def contents(ledger: Ledger, *without: str) -> dict[str, list[Any]]:
    """Every row of every table but those; not of the index of words, which is made in more than one way."""
    tables = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'"
    names = [row[0] for row in ledger.execute(f"{tables} ORDER BY name")]
    return {
        name: [tuple(row) for row in ledger.execute(f"SELECT * FROM {name}")]
        for name in names
        if name not in without
    }
