"""The index of words: text is found wherever it stands, and nowhere else; nothing that was erased stays in it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger12315.ledger import points
from ledger12315.ledger.audit import erasing
from ledger12315.ledger.audit.check import ledger_problems, renew_words
from ledger12315.ledger.complaints import acts as complaints
from ledger12315.ledger.complaints.views import _SEARCHED, complaints_listed
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import begin, seal
from ledger12315.ledger.store.opening import reading
from ledger12315.locale import render
from tests.ledger.acted import TODAY, acted, found, unguarded

# The same few characters over and over, so that what is sought often stands there; those that SQL or JSON would quote, and 😀.
TEXTS = st.text("退款消费aA'\"% \N{GRINNING FACE}", max_size=8)
CHANGES = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(("item", "facts", "handling", "remark")), TEXTS),
    max_size=8,
)


@contextmanager
def one_act(ledger: Ledger) -> Iterator[None]:
    ledger.execute("BEGIN IMMEDIATE")
    begin(ledger, "test")
    yield
    seal(ledger)
    ledger.execute("COMMIT")


def log(ledger: Ledger, item: str, facts: str) -> str:
    boxes = {
        "complainant": "张三",
        "item": item or "-",
        "facts": facts,
        "kind": "other",
        "received": "2022-09-01",
    }
    return complaints.log(ledger, points.find_point(ledger, "P001"), boxes, TODAY).number


@given(
    st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4),
    CHANGES,
    st.lists(TEXTS.filter(bool), min_size=1, max_size=4),
)
def test_text_is_found_where_it_stands(
    logged: list[tuple[str, str]], changes: list[tuple[int, str, str]], sought: list[str]
) -> None:
    with acted([]) as ledger:
        with one_act(ledger):
            numbers = [log(ledger, *texts) for texts in logged]
        for place, box, text in changes:
            with one_act(ledger):
                number = numbers[place % len(numbers)]
                ledger.execute(
                    f"UPDATE complaint SET {box} = ? WHERE number = ?", (text or "-", number)
                )
        rows = ledger.execute(
            "SELECT number, item, facts, handling, remark, respondent FROM complaint"
        ).fetchall()
        for text in (*sought, *(row[1][:2] for row in rows), "2022-000"):
            assert [row["number"] for row in complaints_listed(ledger, sought={"text": text})] == [
                row["number"] for row in rows if any(text in (value or "") for value in row)
            ]
        assert found(ledger) == []


def test_what_is_searched_is_what_the_index_holds() -> None:
    with acted([]) as ledger:
        [view] = ledger.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'wording_of'"
        ).fetchone()
        assert tuple(re.findall(r"coalesce\((\w+), ''\)", view)) == _SEARCHED


def test_what_is_erased_stands_in_no_part_of_the_index() -> None:
    with acted([]) as ledger:
        for text in ("赫连勃勃说开胶", "赫连勃勃说退款"):
            with one_act(ledger):
                number = log(ledger, "鞋", "褪色")
                complaints.amend(ledger, number, {"facts": text})
                complaints.amend(ledger, number, {"facts": "另说"})
                complaints.close(
                    ledger,
                    number,
                    {"outcome": "other", "closed": "2022-09-02", "remark": text},
                    TODAY,
                )
        assert "赫连勃".encode() in ledger.serialize()
        with one_act(ledger):
            erasing.erase(
                ledger, [each.number for each in erasing.past_retention(ledger, TODAY)], TODAY
            )
        assert [
            row[0]
            for row in ledger.execute(
                "SELECT DISTINCT term FROM wording_at WHERE term LIKE '%赫%'"
            )
        ] == []
        assert "赫连".encode() not in ledger.serialize()
        assert [row["item"] for row in complaints_listed(ledger, sought={"text": "鞋"})] == [
            "鞋",
            "鞋",
        ]
        assert found(ledger) == []


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO wording (wording, rowid, text) SELECT 'delete', id, text FROM wording_of WHERE id = 1",
        "INSERT INTO wording (rowid, text) VALUES (1, '退款  ')",
        "INSERT INTO wording (rowid, text) VALUES (9, '退款  ')",
        "INSERT INTO wording (wording) VALUES ('delete-all')",
        "UPDATE wording_data SET block = zeroblob(length(block))",
    ],
)
def test_an_index_that_does_not_fit_is_made_anew(change: str, tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with acted([]) as ledger:
        with one_act(ledger):
            log(ledger, "鞋", "开胶")
        with unguarded(ledger):
            ledger.execute(change)
        path.write_bytes(ledger.serialize())
    assert (
        ledger_problems(path),
        renew_words(path),
        renew_words(path),
        ledger_problems(path),
    ) == (
        [],
        True,
        False,
        [],
    )
    with reading(path) as ledger:
        assert [
            row["item"]
            for text in ("开胶", "鞋", "退款")
            for row in complaints_listed(ledger, sought={"text": text})
        ] == ["鞋", "鞋"]


def test_an_index_without_its_head_is_damage_like_any_other() -> None:
    with acted([]) as ledger:
        with unguarded(ledger):
            ledger.execute("DELETE FROM wording_data")
        [only] = map(render, found(ledger))
        assert "is damaged (vtable constructor failed: wording)" in only
