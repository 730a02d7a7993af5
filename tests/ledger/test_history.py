"""History: triggers keep every change with who and when, and nothing of it can be taken away in passing."""

import json
import re
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from ledger12315.cli.app import run
from ledger12315.ledger.store import Ledger, insert, update
from ledger12315.boxes.tables import PERSONAL
from ledger12315.ledger.store.history import begin, tables
from ledger12315.ledger.store.making import create
from tests.ledger.acted import TEXTS, acted, contents
from tests.ledger.made import DEFAULTS

KEPT = (
    *(
        "_sqlite_migrations",
        "complaint",
        "contact",
        "demonstration",
        "disclosure",
        "point",
        "point_return",
        "point_type",
    ),
    *(
        "record",
        "setting",
        "station",
        "informant",
        "former_host",
        "inspection",
        "special_day",
        "heading",
        "submission",
        "submitted",
    ),
)


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    """One without acts but its making, and without rules but the triggers."""
    with acted([]) as ledger:
        for pragma in ("foreign_keys = OFF", "ignore_check_constraints = ON"):
            ledger.execute(f"PRAGMA {pragma}")
        begin(ledger, "test")
        yield ledger


def columns(ledger: Ledger, table: str) -> dict[str, str]:
    """Name -> type."""
    return {row["name"]: row["type"] for row in ledger.execute(f"PRAGMA table_info({table})")}


def last_change(ledger: Ledger) -> dict[str, Any]:
    row = ledger.execute("SELECT * FROM change ORDER BY id DESC LIMIT 1").fetchone()
    kept: dict[str, dict[str, Any]] = {
        part: json.loads(row[part] or "{}") for part in ("common", "personal")
    }
    assert [key for key in kept["common"] if key in PERSONAL.get(row["table_name"], ())] == []
    assert [
        key for key in kept["personal"] if key not in PERSONAL.get(row["table_name"], ())
    ] == []
    return (
        {"table": row["table_name"], "row": row["row_id"], "made": row["made"]}
        | kept["common"]
        | kept["personal"]
    )


def test_the_tables_whose_history_is_kept(ledger: Ledger) -> None:
    assert sorted(tables(ledger)) == sorted(KEPT)
    assert {*contents(ledger)} - {*KEPT} == {"act", "change", "file"}


@pytest.mark.parametrize("table", KEPT)
def test_every_insert_and_update_is_kept_with_old_and_new(ledger: Ledger, table: str) -> None:
    kinds = columns(ledger, table)
    row = {
        column: place + 100 if kind == "INTEGER" else f"a{place}"
        for place, (column, kind) in enumerate(kinds.items())
    }
    row_id = insert(ledger, table, row)
    assert last_change(ledger) == {"table": table, "row": row_id, "made": 1, **row}
    for column, kind in kinds.items():
        if column == "id":
            continue
        # The same letter in capitals, where a column takes them for equal.
        for was, becomes in (
            (row[column], 7 if kind == "INTEGER" else f"{row[column]}".upper()),
            (None, row[column]),
        ):
            with suppress(sqlite3.IntegrityError):  # a column that is never NULL
                ledger.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (was, row_id))
                ledger.execute(
                    f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (becomes, row_id)
                )
                assert last_change(ledger) == {
                    "table": table,
                    "row": row_id,
                    "made": 0,
                    column: [was, becomes],
                }
    before = contents(ledger)
    ledger.execute(f"UPDATE {table} SET {', '.join(f'{column} = {column}' for column in kinds)}")
    assert contents(ledger) == before, "what stays the same is no change"


@pytest.mark.parametrize(
    "text", [*TEXTS, "", " ", "0", "1.0", "x" * 100_000, "\x7f\u202e\ufeff\ufffe"]
)
def test_any_text_is_kept_as_it_is(ledger: Ledger, text: str) -> None:
    row_id = insert(ledger, "disclosure", {"entered": text, "user": "", "command": text})
    assert last_change(ledger)["command"] == text
    update(ledger, "disclosure", row_id, {"command": "x"})
    assert last_change(ledger)["command"] == [text, "x"]


def test_money_is_kept_to_the_last_fen(ledger: Ledger) -> None:
    insert(
        ledger,
        "point",
        {
            "key": "k",
            "code": "c",
            "name": "n",
            "eligibility": "meets",
            "since": "",
            "entered": "",
            "capital": 10**13,
        },
    )
    assert last_change(ledger)["capital"] == 10**13


@pytest.mark.parametrize(
    ("line", "acts"),
    [
        ("受理 P001 --complainant 张三 --item 鞋 --facts 开胶 --kind 商品", ["log"]),
        ("log P001 --complainant 张三 --item 鞋 --facts 开胶 --kind goods", ["log"]),
        ("办结 2026-1 --outcome 和解", ["close"]),
        ("投诉 更正 2026-1 --brand 双星", ["complaint amend"]),
        ("complaint amend 2026-1 --brand ''", []),
        ("complaint reopen 2026-2 --reason 记错", ["complaint reopen"]),
        ("投诉 作废 2026-1 --reason 重复", ["complaint void"]),
        ("登记 咨询 P001", ["record inquiry"]),
        ("设置 设置 station_limit 30", ["settings set"]),
        ("settings set station_limit 60", []),
        ("complaint list --reveal", ["complaint list"]),
        ("close 2026-9 --outcome settled", []),
        ("overdue", []),
        ("ledger check", []),
    ],
)
def test_an_act_is_who_when_and_what(
    line: str, acts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.sqlite"
    for name, value in (("DB", path), ("TODAY", "2026-09-28"), ("USER", "王五")):
        monkeypatch.setenv(f"LEDGER12315_{name}", str(value))
    log = "log P001 --complainant 张三 --item 鞋 --facts 开胶 --kind goods"
    for before in (
        *(
            "init --station 东门所 --county 榕溪县",
            "register 百货 --type other --judgement 多",
            log,
            log,
        ),
        "close 2026-2 --outcome settled",
    ):
        assert run(shlex.split(before)) == 0
    with closing(sqlite3.connect(path)) as ledger:
        known = ledger.execute("SELECT max(id) FROM act").fetchone()[0]
        run(shlex.split(line))
        rows = ledger.execute("SELECT * FROM act WHERE id > ?", (known,)).fetchall()
    assert [command for _, _, _, command, _ in rows] == acts
    for _, at, user, *_, head in rows:
        assert (
            re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", at)
            and user == "王五"
            and len(head) == 64
        )


def test_a_new_ledger_begins_with_its_making(tmp_path: Path) -> None:
    create(tmp_path / "ledger.sqlite", "东门所", "榕溪县", None, DEFAULTS)
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as ledger:
        assert ledger.execute("SELECT id, command FROM act").fetchall() == [
            (1, "migrate"),
            (2, "init"),
        ]
        told = ledger.execute(
            "SELECT DISTINCT act_id, table_name FROM change ORDER BY 1, 2"
        ).fetchall()
    assert told == [(1, "_sqlite_migrations"), (2, "setting"), (2, "station")]


@pytest.mark.parametrize("table", [*KEPT, "act", "change"])
def test_no_row_is_deleted_or_replaced(ledger: Ledger, table: str) -> None:
    for n in (200, 300):
        insert(ledger, table, filled(ledger, table, n))
    query = f"SELECT rowid, * FROM {table}"
    before = {*map(tuple, ledger.execute(query))}
    gone = []
    for statement, values in attempts(ledger, table):
        ledger.execute("SAVEPOINT attempt")
        with suppress(sqlite3.IntegrityError):
            ledger.execute(statement, values)
        if not before <= {*map(tuple, ledger.execute(query))}:
            gone.append(statement)
        ledger.execute("ROLLBACK TO attempt")
    assert gone == []


def attempts(ledger: Ledger, table: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Ways to make rows vanish: the last row's keys, one by one, taken from the one before."""
    yield f"DELETE FROM {table}", {}
    yield f"DELETE FROM {table} WHERE rowid = 200", {}
    unique = ledger.execute(
        f"SELECT name FROM pragma_index_list('{table}') WHERE \"unique\""
    ).fetchall()
    keys = [
        [str(row["name"]) for row in ledger.execute(f"PRAGMA index_info({name})")]
        for (name,) in unique
    ]
    for key in [*keys, ["rowid"]]:
        taken = filled(ledger, table, 200)
        taken = {column: taken.get(column, 200) for column in key}
        fresh = {
            key: value
            for key, value in (filled(ledger, table, 400) | taken).items()
            if key != "id" or "rowid" not in taken
        }
        places = ", ".join(f":{column}" for column in fresh)
        yield f"INSERT OR REPLACE INTO {table} ({', '.join(fresh)}) VALUES ({places})", fresh
        sets = ", ".join(f"{column} = :{column}" for column in taken)
        yield (
            f"UPDATE OR REPLACE {table} SET {sets} WHERE rowid = (SELECT max(rowid) FROM {table})",
            taken,
        )


def filled(ledger: Ledger, table: str, n: int) -> dict[str, Any]:
    """A row of n and of texts with n."""
    row: dict[str, Any] = {
        name: n if kind == "INTEGER" else f"a{n}" for name, kind in columns(ledger, table).items()
    }
    history = {"common": None, "personal": None, "digest": None, "salt": None, "head": f"{n:064}"}
    if table == "act" and n == 300:
        history["head"] = None
    return (
        row
        | {column: value for column, value in history.items() if column in row}
        | ({} if "id" in row else {"rowid": n})
    )


@pytest.mark.parametrize(
    "change",
    [
        *(f"act SET {column} = 'x' WHERE id = 2" for column in ("at", "user", "command", "head")),
        "act SET head = NULL WHERE id = 2",
        "act SET id = 99 WHERE id = 2",
        *(
            f"change SET {column} = 99 WHERE id = 3"
            for column in ("id", "act_id", "row_id", "made")
        ),
        "change SET table_name = 'x' WHERE id = 3",
        "change SET common = '{}' WHERE id = 3",
        "change SET digest = printf('%064d', 1) WHERE digest IS NOT NULL",
        "change SET digest = NULL WHERE digest IS NOT NULL",
        "change SET personal = '{}' WHERE personal IS NOT NULL",
        "change SET personal = '{}' WHERE personal IS NULL",
        "change SET salt = 'x' WHERE salt IS NOT NULL",
    ],
)
def test_what_is_sealed_stays(change: str) -> None:
    with (
        acted([{"kind": "log", "day": "2026-09-01", "text": "张三"}]) as ledger,
        pytest.raises(sqlite3.IntegrityError, match="history is only added to"),
    ):
        ledger.execute(f"UPDATE {change}")
