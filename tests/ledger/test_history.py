"""History: triggers keep every change with time and user, and nothing can be removed."""

import json
import re
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import time_machine

from ledger12315.boxes.tables import APART
from ledger12315.cli.app import run
from ledger12315.ledger.store import Ledger, copied_rows_in_pieces, insert, new_key, update
from ledger12315.ledger.store.history import begin, tables
from ledger12315.ledger.store.opening import connect
from tests.building import built, contents, new_ledger
from tests.cli.conftest import clock_of
from tests.ledger.drawn import TEXTS
from tests.rows import for_all

_KEPT = """
    _sqlite_migrations complaint contact demonstration disclosure former_host hand_in heading
    informant inspection local_word point point_return point_type record setting special_day
    station submission submitted
"""
KEPT = _KEPT.split()


@pytest.fixture(scope="module")
def _new() -> Iterator[Ledger]:
    with built("") as ledger:
        for pragma in ("foreign_keys = OFF", "ignore_check_constraints = ON"):
            ledger.execute(f"PRAGMA {pragma}")
        begin(ledger, "test")
        yield ledger


@pytest.fixture
def ledger(_new: Ledger) -> Iterator[Ledger]:
    """A ledger without acts after its making, and with no rules except triggers.

    It is the same for each test, which undoes what it did.
    """
    _new.execute("SAVEPOINT test")
    yield _new
    _new.execute("ROLLBACK TO test")


def columns(ledger: Ledger, table: str) -> dict[str, str]:
    """Name -> type."""
    return {row["name"]: row["type"] for row in ledger.execute(f"PRAGMA table_info({table})")}


def last_change(ledger: Ledger) -> dict[str, Any]:
    row = ledger.execute("SELECT * FROM change ORDER BY id DESC LIMIT 1").fetchone()
    common, personal = (json.loads(row[part] or "{}") for part in ("common", "personal"))
    apart = {*APART.get(row["table_name"], ())}
    assert not common.keys() & apart
    assert personal.keys() <= apart
    head = {"table": row["table_name"], "row": row["row_id"], "made": row["made"]}
    return {**head, **common, **personal}


def test_the_tables_whose_history_is_kept(ledger: Ledger) -> None:
    assert sorted(tables(ledger)) == KEPT
    assert {*contents(ledger)} - {*KEPT} == {"act", "change", "file"}


@for_all("table", KEPT)
def test_every_insert_and_update_is_kept_with_old_and_new(ledger: Ledger, table: str) -> None:
    kinds = columns(ledger, table)
    row: dict[str, Any] = {
        column: place + 100 if kind == "INTEGER" else f"a{place}"
        for place, (column, kind) in enumerate(kinds.items())
    }
    row_id = insert(ledger, table, row)
    assert last_change(ledger) == {"table": table, "row": row_id, "made": 1, **row}
    for column in kinds.keys() - {"id"}:
        # The same letter in capitals, where a column takes them for equal.
        other = 7 if kinds[column] == "INTEGER" else row[column].upper()
        for was, becomes in ((row[column], other), (None, row[column])):
            with suppress(sqlite3.IntegrityError):  # a column that is never NULL
                for value in (was, becomes):
                    query = f"UPDATE {table} SET {column} = ? WHERE rowid = ?"
                    ledger.execute(query, (value, row_id))
                told = {"table": table, "row": row_id, "made": 0, column: [was, becomes]}
                assert last_change(ledger) == told
    before = last_change(ledger)
    ledger.execute(f"UPDATE {table} SET {', '.join(f'{column} = {column}' for column in kinds)}")
    assert last_change(ledger) == before, "what stays the same is no change"


@for_all("text", [*TEXTS, "", " ", "0", "1.0", "x" * 100_000, "\x7f\u202e\ufeff\ufffe"])
def test_any_text_is_kept_as_it_is(ledger: Ledger, text: str) -> None:
    row_id = insert(ledger, "disclosure", {"entered": text, "user": "", "command": text})
    assert last_change(ledger)["command"] == text
    update(ledger, "disclosure", row_id, {"command": "x"})
    assert last_change(ledger)["command"] == [text, "x"]


def test_money_is_kept_to_the_last_fen(ledger: Ledger) -> None:
    texts = dict.fromkeys(("key", "code", "name", "eligibility", "since", "entered"), "-")
    insert(ledger, "point", texts | {"capital": 10**13})
    assert last_change(ledger)["capital"] == 10**13


LOG = "log P001 --complainant 张三 --item 鞋 --facts 开胶 --kind"


@for_all(f"""
    line                                        | acts
    受理 {LOG[4:]} 商品                          | log
    {LOG} goods                                 | log
    办结 2026-1 --outcome 和解                   | close
    投诉 更正 2026-1 --brand 双星                | complaint amend
    complaint amend 2026-1 --brand ''           |
    complaint reopen 2026-2 --reason 记错        | complaint reopen
    投诉 作废 2026-1 --reason 重复               | complaint void
    登记 咨询 P001                               | record inquiry
    设置 设置 notice_from 30                     | settings set
    settings set notice_from 3                  |
    complaint list --reveal                     | complaint list
    close 2026-9 --outcome settled              |
    overdue                                     |
    ledger check                                |
""")
def test_an_act_is_who_when_and_what(
    line: str, acts: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("DB", path), ("USER", "王五")):
        monkeypatch.setenv(f"LEDGER12315_{name}", str(value))
    path.write_bytes(_with_two_complaints())
    with clock_of("2026-09-28"), closing(connect(path, "ro")) as ledger:
        known = ledger.execute("SELECT max(id) FROM act").fetchone()[0]
        run(shlex.split(line))
        rows = ledger.execute("SELECT * FROM act WHERE id > ?", (known,)).fetchall()
    assert [command for _, _, _, command, *_ in rows] == list(filter(None, [acts]))
    for _, at, user, _, _, head in rows:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", at)
        assert (user, len(head)) == ("王五", 64)


@cache
def _with_two_complaints() -> bytes:
    before = ["register 百货 --type other", *[LOG + " goods"] * 2, "close _ --outcome settled"]
    with clock_of("2026-09-28"), built(before, date(2026, 9, 28)) as ledger:
        return ledger.serialize()


def test_a_new_ledger_begins_with_its_making(tmp_path: Path) -> None:
    with closing(sqlite3.connect(new_ledger(tmp_path / "ledger.sqlite"))) as ledger:
        acts = ledger.execute("SELECT id, command FROM act").fetchall()
        told = ledger.execute("SELECT DISTINCT act_id, table_name FROM change ORDER BY 1, 2")
        assert told.fetchall() == [(1, "_sqlite_migrations"), (2, "setting"), (2, "station")]
    assert acts == [(1, "migrate"), (2, "init")]


@pytest.mark.parametrize("table", [*KEPT, "act", "change"])
def test_no_row_is_deleted_or_replaced(ledger: Ledger, table: str) -> None:
    """The last row's keys are taken, one by one, from the row before."""
    for n in (200, 300):
        insert(ledger, table, filled(ledger, table, n))
    statements = [f"DELETE FROM {table}", f"DELETE FROM {table} WHERE rowid = 200"]
    unique = f"SELECT name FROM pragma_index_list('{table}') WHERE \"unique\""
    indexes = [name for (name,) in ledger.execute(unique).fetchall()]
    keys = [
        [row["name"] for row in ledger.execute(f"PRAGMA index_info({each})")] for each in indexes
    ]
    for key in [*keys, ["rowid"]]:
        fresh = filled(ledger, table, 400)
        fresh.pop("id" if key == ["rowid"] else "", None)
        known = f"(SELECT {{}} FROM {table} WHERE rowid = 200)"
        values = {each: "NULL" if value is None else repr(value) for each, value in fresh.items()}
        values |= {column: known.format(column) for column in key}
        columns_, given = ", ".join(values), ", ".join(values.values())
        statements.append(f"INSERT OR REPLACE INTO {table} ({columns_}) VALUES ({given})")
        sets = ", ".join(f"{column} = {known.format(column)}" for column in key)
        statements.append(f"UPDATE OR REPLACE {table} SET {sets} WHERE rowid = 300")
    query = f"SELECT rowid, * FROM {table}"
    before, gone = {*map(tuple, ledger.execute(query))}, []
    for statement in statements:
        ledger.execute("SAVEPOINT attempt")
        with suppress(sqlite3.IntegrityError):
            ledger.execute(statement)
        if not before <= {*map(tuple, ledger.execute(query))}:
            gone.append(statement)
        ledger.execute("ROLLBACK TO attempt")
    assert gone == []


def filled(ledger: Ledger, table: str, n: int) -> dict[str, Any]:
    """Return a row with n and with texts that contain n."""
    kinds = columns(ledger, table)
    row: dict[str, Any] = {key: n if kind == "INTEGER" else f"a{n}" for key, kind in kinds.items()}
    head = None if table == "act" and n == 300 else f"{n:064}"
    history = dict.fromkeys(("common", "personal", "digest", "salt")) | {"head": head}
    kept = {column: value for column, value in history.items() if column in row}
    return row | kept | ({} if "id" in row else {"rowid": n})


@for_all("""
    change
    act SET at = 'x' WHERE id = 2
    act SET user = 'x' WHERE id = 2
    act SET command = 'x' WHERE id = 2
    act SET head = 'x' WHERE id = 2
    act SET head = NULL WHERE id = 2
    act SET id = 99 WHERE id = 2
    change SET id = 99 WHERE id = 3
    change SET act_id = 99 WHERE id = 3
    change SET row_id = 99 WHERE id = 3
    change SET made = 99 WHERE id = 3
    change SET table_name = 'x' WHERE id = 3
    change SET common = '{}' WHERE id = 3
    change SET digest = printf('%064d', 1) WHERE digest IS NOT NULL
    change SET digest = NULL WHERE digest IS NOT NULL
    change SET personal = '{}' WHERE personal IS NOT NULL
    change SET personal = '{}' WHERE personal IS NULL
    change SET salt = 'x' WHERE salt IS NOT NULL
""")
def test_what_is_sealed_stays(change: str) -> None:
    lines = ["register 点 --type other --since 2022-01-01", "log P001 --received 2026-09-01"]
    sealed = pytest.raises(sqlite3.IntegrityError, match="history is only added to")
    with built(lines) as ledger, sealed:
        ledger.execute(f"UPDATE {change}")


def test_keys_have_one_length_and_later_ones_come_later() -> None:
    with time_machine.travel("2026-09-28T09:00:00+08:00", tick=False) as clock:
        first, alike = new_key(), new_key()
        clock.shift(0.001)
        later = new_key()
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in (first, alike, later))
    assert first != alike and max(first, alike) < later


def test_each_row_of_a_long_copy_is_read_once() -> None:
    numbers = range(2_500)
    with built("") as ledger:
        ledger.execute("BEGIN")
        query = "SELECT value FROM json_each(:numbers)"
        copy = copied_rows_in_pieces(ledger, query, {"numbers": json.dumps([*numbers])})
        assert [number for (number,) in copy] == [*numbers]
