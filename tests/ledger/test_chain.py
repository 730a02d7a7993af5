"""The chain of heads and the check: clean after any acts, and not after anything else that was done to the file."""

import json
import sqlite3
from contextlib import closing
from functools import cache
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.ledger.store import Ledger
from tests.ledger.acted import acted, contents, found, one_act, unguarded


def _log(day: str) -> dict[str, Any]:
    return {"kind": "log", "day": day, "text": "张三"}


def heads(ledger: Ledger) -> list[str]:
    """The chain, reckoned from what its documentation says and nothing else."""
    head, chain = "0" * 64, []
    for sealed in ledger.execute("SELECT id, at, user, command FROM act ORDER BY id").fetchall():
        changes = []
        for id_, table, row, made, common, personal, salt in ledger.execute(
            "SELECT id, table_name, row_id, made, common, personal, salt FROM change WHERE act_id = ? ORDER BY id",
            (sealed[0],),
        ):
            digest = sha256((salt + personal).encode()).hexdigest() if personal else None
            changes.append([id_, table, row, made, common, digest])
        text = json.dumps([head, [*sealed], changes], ensure_ascii=False, separators=(",", ":"))
        chain.append(head := sha256(text.encode()).hexdigest())
    return chain


@given(st.lists(one_act, max_size=6))
@settings(max_examples=30)
def test_the_chain_is_as_documented(acts: list[Any]) -> None:
    with acted(acts) as ledger:
        assert [
            row["head"] for row in ledger.execute("SELECT head FROM act ORDER BY id")
        ] == heads(ledger)


ERASE = {"kind": "erase", "day": "", "text": ""}


@given(st.lists(one_act, max_size=12), st.booleans())
@settings(max_examples=60)
def test_after_any_acts_the_check_is_clean(acts: list[Any], erased: bool) -> None:
    with acted([*acts, *([ERASE] if erased else [])]) as ledger:
        assert found(ledger) == []


EVENTFUL = [
    *(_log(day) for day in ("2022-03-01", "2022-03-01", "2026-09-01", "2026-09-01")),
    {
        "kind": "close",
        "number": "2022-0001",
        "day": "2022-03-02",
        "outcome": "other",
        "text": "转交",
    },
    {"kind": "escalate", "number": "2022-0002", "day": "2022-03-02", "text": "疑难"},
    {"kind": "amend", "number": "2026-0001", "day": "2026-09-02", "text": "东街3号"},
    {
        "kind": "close",
        "number": "2026-0001",
        "day": "2026-09-02",
        "outcome": "settled",
        "text": "无",
    },
    {"kind": "reopen", "number": "2026-0001", "day": "", "text": ""},
    {"kind": "void", "number": "2026-0002", "day": "2026-09-02", "text": "重复"},
    *(
        {"kind": kind, "day": "2026-09-02", "text": "退换"}
        for kind in ("record", "setting", "reveal", "demonstrate", "return", "desk")
    ),
]


@cache
def eventful(erased: bool) -> bytes:
    """Every table filled, a complaint in every state, boxes emptied and refilled."""
    with acted([*EVENTFUL, *([ERASE] if erased else [])]) as ledger:
        assert [table for table, rows in contents(ledger).items() if not rows] == []
        return ledger.serialize()


@given(st.booleans(), st.data())
@settings(max_examples=300)
def test_a_change_of_any_cell_is_found(erased: bool, data: st.DataObject) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as ledger:
        ledger.deserialize(eventful(erased))
        ledger.row_factory = sqlite3.Row
        table = data.draw(st.sampled_from(sorted(contents(ledger))))
        rows = [dict(row) for row in ledger.execute(f"SELECT rowid AS row_id, * FROM {table}")]
        row = data.draw(st.sampled_from(rows))
        column = data.draw(st.sampled_from([column for column in row if column != "row_id"]))
        was = row[column]
        texts = st.sampled_from(("", "*", "0", "x", "{}", "2026-09-03", f"{was} "))
        becomes = data.draw(
            (st.none() | st.integers(-1, 10**14) | texts).filter(lambda value: value != was)
        )
        with unguarded(ledger):
            try:
                ledger.execute(
                    f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (becomes, row["row_id"])
                )
            except sqlite3.IntegrityError:
                return  # another row holds this key, or the column takes no such value
            now = ledger.execute(
                f"SELECT {column} FROM {table} WHERE rowid = ?", (row["row_id"],)
            ).fetchone()
        assert (now and now[0] == was) or found(
            ledger
        ) != []  # a column of whole numbers reads "7 " as 7


# One of each way to lead a check astray.
@pytest.mark.parametrize(
    "change",
    [
        "complaint SET received = ''",
        "complaint SET received = '0'",
        "complaint SET type = ''",
        "point_type SET type = 'shop'",
        "record SET type = ''",
        "record SET day = ''",
        "change SET made = 0",
        "change SET made = 1",
        "change SET common = '*'",
        "change SET common = '0'",
        "change SET common = '[]'",
        "change SET personal = 'x'",
        "change SET personal = NULL",
        "change SET digest = '' WHERE id = 1",
        "change SET salt = 'x' WHERE id = 1",
        "change SET salt = 'x' WHERE digest IS NOT NULL AND personal IS NULL",
        "change SET table_name = 'x'",
        "change SET act_id = 99",
        "act SET head = NULL",
        "act SET id = id + 100",
        "complaint SET phone = '*' WHERE number = '2022-0001'",
        "complaint SET facts = '' WHERE number = '2022-0001'",
        "complaint SET remark = NULL WHERE number = '2022-0001'",
    ],
)
def test_nothing_leads_the_check_astray(change: str) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as ledger:
        ledger.deserialize(eventful(erased=True))
        with unguarded(ledger):
            assert ledger.execute(f"UPDATE {change}").rowcount > 0
        assert found(ledger) != []
