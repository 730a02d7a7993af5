"""The chain of heads and the check: clean after any acts, and only after them."""

import json
import sqlite3
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from shlex import quote
from threading import Event
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.errors import message
from ledger12315.ledger.audit import check
from ledger12315.ledger.audit.check import altered_rows, chain_problems
from ledger12315.ledger.store import Ledger, count_passing
from ledger12315.ledger.store.history import tables
from ledger12315.locale import render
from ledger12315.words import TABLE_NAMES
from tests.building import built, contents, found, loaded, multiply, unguarded
from tests.ledger.drawn import Lines, acts
from tests.rows import for_all

ERASE = "complaint erase"
# Every table filled, a complaint in every state, boxes emptied and refilled.
EVENTFUL = f"""
    register 点 --type other --since 2022-01-01 --liaison 林秀珍
    log P001 --received 2022-03-01 --phone 13900001111
    log P001 --received 2022-03-01 --phone 13900001111
    log P001 --received 2026-09-01 --phone 13900001111
    log P001 --received 2026-09-01 --phone 13900001111
    close 2022-0001 --closed 2022-03-02 --outcome other --remark 转交
    complaint escalate 2022-0002 --on 2022-03-02 --reason 疑难
    complaint amend 2026-0001 --consumer-address 东街3号 --brand ''
    close 2026-0001 --closed 2026-09-02 --outcome settled --remark 无
    complaint reopen 2026-0001 --reason 误办结
    complaint void 2026-0002 --reason 重复 --on 2026-09-02
    record inquiry P001 --on 2026-09-02 --text 退换
    settings set notice_from 30
    complaint list --reveal {quote("complaint list")}
    point amend P001 --demonstration municipal --on 2026-09-02
    desk 退换 2026-09-02
    returns receive P001 2022Q1 --on 2026-09-02
"""


def heads(ledger: Ledger) -> list[str]:
    """Return the chain, calculated from its documentation alone."""
    head, chain = "0" * 64, []
    for act in ledger.execute(
        "SELECT id, at, user, command, rehearsed FROM act ORDER BY id"
    ).fetchall():
        sealed = [*act]
        rows = ledger.execute(
            "SELECT id, table_name, row_id, made, common, personal, salt FROM change"
            " WHERE act_id = ? ORDER BY id",
            sealed[:1],
        )
        changes = [
            [*row, sha256((salt + personal).encode()).hexdigest() if personal else None]
            for *row, personal, salt in rows
        ]
        text = json.dumps([head, sealed, changes], ensure_ascii=False, separators=(",", ":"))
        chain.append(head := sha256(text.encode()).hexdigest())
    return chain


@settings(max_examples=6)
@given(acts(6))
def test_the_chain_is_as_documented(lines: Lines) -> None:
    with built(lines, refused=True) as ledger:
        kept = [row["head"] for row in ledger.execute("SELECT head FROM act ORDER BY id")]
        assert kept == heads(ledger)


@settings(max_examples=4)
@given(acts(12), st.booleans())
def test_after_any_acts_the_check_is_clean(lines: Lines, erased: bool) -> None:
    with built([*lines, *[ERASE] * erased], refused=True) as ledger:
        assert found(ledger) == []


@cache
def eventful(erased: bool) -> bytes:
    with built(EVENTFUL + ERASE * erased) as ledger:
        assert [table for table, rows in contents(ledger).items() if not rows] == []
        return ledger.serialize()


@settings(max_examples=3)
@given(st.booleans(), st.data())
def test_a_change_of_any_cell_is_found(erased: bool, data: st.DataObject) -> None:
    with loaded(eventful(erased)) as ledger:
        kept, every = tables(ledger), contents(ledger)
        with unguarded(ledger):
            altered = {TABLE_NAMES[each] for each in kept if _alter_a_cell(ledger, each, data)}
        assert {each.values["table"] for each in altered_rows(ledger)} == altered
    for other in sorted(every.keys() - {*kept}):
        with loaded(eventful(erased)) as ledger:
            with unguarded(ledger, other):
                changed = _alter_a_cell(ledger, other, data)
            assert not changed or found(ledger) != []


def _alter_a_cell(ledger: Ledger, table: str, data: st.DataObject) -> bool:
    """Return whether a drawn cell of a table was altered."""
    rows = [dict(row) for row in ledger.execute(f"SELECT rowid AS row_id, * FROM {table}")]
    row = data.draw(st.sampled_from(rows))
    column = data.draw(st.sampled_from([column for column in row if column != "row_id"]))
    was, where = row[column], f"WHERE rowid = {row['row_id']}"
    texts = st.sampled_from(("", "*", "0", "x", "{}", "2026-09-03", f"{was} "))
    values = st.none() | st.integers(-1, 10**14) | texts
    try:
        ledger.execute(f"UPDATE {table} SET {column} = ? {where}", (data.draw(values),))
    except sqlite3.IntegrityError:
        return False  # another row holds this key, or the column takes no such value
    now = ledger.execute(f"SELECT {column} FROM {table} {where}").fetchone()
    # A column of whole numbers reads "7 " as 7.
    return not now or now[0] != was


# One of each way to lead a check astray.
_ASTRAY = """
    complaint SET received = '0'
    complaint SET type = ''
    point_type SET type = 'shop'
    record SET day = ''
    change SET made = 0
    change SET made = 1
    change SET common = '*'
    change SET common = '[]'
    change SET personal = 'x'
    change SET personal = NULL
    change SET personal = '{}' WHERE salt IS NULL AND digest IS NOT NULL
    change SET personal = replace(personal, ':', ': ') WHERE salt IS NULL AND personal IS NOT NULL
    change SET digest = '' WHERE id = 1
    change SET salt = 'x' WHERE id = 1
    change SET salt = 'x' WHERE digest IS NOT NULL AND personal IS NULL
    change SET table_name = 'x'
    change SET act_id = 99
    act SET head = NULL
    act SET id = id + 100
    complaint SET phone = '*' WHERE number = '2022-0001'
    complaint SET facts = '' WHERE number = '2022-0001'
    complaint SET remark = NULL WHERE number = '2022-0001'
"""


def test_nothing_leads_the_check_astray() -> None:
    with loaded(eventful(erased=True)) as ledger, unguarded(ledger, _ASTRAY):
        missed = []
        for change in _ASTRAY.strip().splitlines():
            ledger.execute("BEGIN")
            assert ledger.execute(f"UPDATE {change}").rowcount > 0
            # What either finds, the whole check tells.
            if not [*chain_problems(ledger, iter), *altered_rows(ledger)]:
                missed.append(change)
            ledger.execute("ROLLBACK")
    assert missed == []


@for_all("of", ["", "view", "act"])
def test_an_act_that_changed_nothing_was_written_by_no_command(of: str) -> None:
    """Whoever appends one seals it as the program does."""
    with built("register 点 --type other") as ledger:
        act = "INSERT INTO act (at, user, command) VALUES ('2026-09-28T09:00', 'x', 'log')"
        row_id = ledger.execute(act).lastrowid
        if of:
            change = "INSERT INTO change (act_id, table_name, row_id, made, common) VALUES"
            ledger.execute(f"{change} ({row_id}, '{of}', 1, 0, '{{}}')")
        ledger.execute("UPDATE act SET head = ? WHERE id = ?", (heads(ledger)[-1], row_id))
        [problem] = found(ledger)
    assert render(problem) == (
        f"act {row_id} (2026-09-28T09:00, log): it changed nothing, so no command wrote it"
    )


def test_of_each_kind_the_first_hundred_are_told() -> None:
    lines = "register 点 --type other --since 2022-01-01", "log P001 --received 2026-09-01"
    with built(lines) as ledger:
        multiply(ledger, 150)
        strayed = [each.values["row"] for each in found(ledger) if "history" in each.id]
    assert strayed == list(range(2, 102))


def test_what_a_check_tells_of_how_far_it_is() -> None:
    told: list[tuple[object, ...]] = []
    passed = count_passing(lambda *said: told.append(said), message("Checking"), 2500)
    assert sum(passed(range(1500))) + sum(passed(range(1000))) == 1_623_750
    assert told == [(message("Checking"), 1000, 2500), (message("Checking"), 2000, 2500)]


def test_whoever_breaks_off_a_check_waits_for_no_query(path: Path) -> None:
    begun, ended = Event(), []

    def rows(ledger: Ledger) -> Iterator[Any]:
        begun.set()
        some = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 50000000)"
        try:
            yield from ledger.execute(f"{some} SELECT sum(i) FROM n")
        except sqlite3.OperationalError as error:
            ended.append(str(error))
            raise

    def chain(*_: object) -> Iterator[Any]:
        assert begun.wait(60)
        raise KeyboardInterrupt
        yield

    instead = patch.multiple(check, altered_rows=rows, chain_problems=chain)
    with instead, pytest.raises(KeyboardInterrupt):
        check.ledger_problems(path)
    assert ended == ["interrupted"]
