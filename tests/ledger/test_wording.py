"""The index of words: a text is found everywhere it occurs; erased text is gone."""

import re
from pathlib import Path
from shlex import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.ledger.audit.check import ledger_problems, rebuild_search_index
from ledger12315.ledger.complaints.views import select_complaints
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.opening import reading
from ledger12315.locale import render
from ledger12315.rules.periods import Period, parse_period
from tests.building import act, built, found, loaded, unguarded

# The same few characters over and over, so that what is sought often stands there; those that SQL
# or JSON would quote, and one beyond the basic plane.
TEXTS = st.text("退款消费aA'\"% \N{GRINNING FACE}", max_size=8)
BOXES = ["item", "facts", "handling", "remark", "respondent"]
CHANGES = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(BOXES), TEXTS), max_size=8)
POINT = "register 点 --type other --since 2022-01-01"


def sought(ledger: Ledger, text: str, period: Period | None = None) -> list[str]:
    rows = select_complaints(ledger, period=period, sought={"text": text}, keys=["number"])
    return [row["number"] for row in rows]


def unlike(text: str) -> str:
    """Return a quoted text that a box accepts."""
    return quote(text if text.strip() else "-")


@pytest.mark.slow
@settings(max_examples=6)
@given(
    st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4),
    CHANGES,
    st.lists(TEXTS.filter(bool), min_size=1, max_size=4),
)
def test_text_is_found_where_it_stands(
    logged: list[tuple[str, str]], changes: list[tuple[int, str, str]], texts: list[str]
) -> None:
    lines = [POINT]
    lines += [f"log P001 --item {unlike(item)} --facts {unlike(facts)}" for item, facts in logged]
    for place, box, text in changes:
        number = f"2027-{place % len(logged) + 1:04}"
        lines.append(f"complaint amend {number} --{box} {unlike(text)}")
    with built(lines) as ledger:
        rows = ledger.execute(f"SELECT number, {', '.join(BOXES)} FROM complaint").fetchall()
        for text in (*texts, *(row["item"][:2] for row in rows), "2027-000"):
            holds = [row for row in rows if any(text in (value or "") for value in row)]
            assert sought(ledger, text) == [row["number"] for row in holds]
        assert found(ledger) == []


def test_what_is_searched_is_what_the_index_holds() -> None:
    """Within a period the texts themselves are read, else the index first."""
    with built([POINT, "log P001 --received 2027-06-01"]) as ledger:
        columns = ledger.execute(
            "SELECT name FROM pragma_table_info('complaint') WHERE type = 'TEXT'"
        )
        boxes = [row["name"] for row in columns if row["name"] != "received"]
        with unguarded(ledger):
            for box in boxes:
                ledger.execute(f"UPDATE complaint SET {box} = '赫连{box}赫'")
            ledger.execute("INSERT INTO wording (wording) VALUES ('rebuild')")
        query = "SELECT sql FROM sqlite_master WHERE name = 'wording_of'"
        [view] = ledger.execute(query).fetchone()
        for period in (None, parse_period("2027Q2")):
            held = [box for box in boxes if sought(ledger, f"赫连{box}赫", period)]
            assert sorted(held) == sorted(re.findall(r"coalesce\((\w+), ''\)", view))


def test_what_is_erased_stands_in_no_part_of_the_index() -> None:
    lines = [POINT]
    for text in ("赫连勃勃说开胶", "赫连勃勃说退款"):
        lines += [
            "log P001 --facts 褪色 --received 2022-09-01",
            f"complaint amend _ --facts {text}",
            "complaint amend _ --facts 另说",
            f"close _ --outcome other --closed 2022-09-02 --remark {text}",
        ]
    with built(lines) as ledger:
        assert "赫连勃".encode() in ledger.serialize()
        act(ledger, "complaint erase")
        query = "SELECT count(*) FROM wording_at WHERE term LIKE '%赫%'"
        assert ledger.execute(query).fetchone()[0] == 0
        assert "赫连".encode() not in ledger.serialize()
        assert len(sought(ledger, "鞋")) == 2
        assert found(ledger) == []


UNFIT = """
    INSERT INTO wording (wording, rowid, text) SELECT 'delete', id, text FROM wording_of
    INSERT INTO wording (rowid, text) VALUES (1, '退款  ')
    INSERT INTO wording (rowid, text) VALUES (9, '退款  ')
    INSERT INTO wording (wording) VALUES ('delete-all')
    UPDATE wording_data SET block = zeroblob(length(block))
"""


@pytest.mark.slow
def test_an_index_that_does_not_fit_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with built([POINT, "log P001"]) as ledger:
        sound = ledger.serialize()
    for change in filter(None, map(str.strip, UNFIT.splitlines())):
        with loaded(sound) as ledger:
            with unguarded(ledger, "wording%"):
                ledger.execute(change)
            path.write_bytes(ledger.serialize())
        assert ledger_problems(path) == [], change
        assert [rebuild_search_index(path), rebuild_search_index(path)] == [True, False], change
        with reading(path) as ledger:
            found = [len(sought(ledger, text)) for text in ("开胶", "鞋", "退款")]
        assert found == [1, 1, 0], change
    assert ledger_problems(path) == []


def test_an_index_without_its_head_is_damage_like_any_other() -> None:
    with built([POINT, "log P001"]) as ledger:
        with unguarded(ledger):
            ledger.execute("DELETE FROM wording_data")
        [only] = map(render, found(ledger))
    # A newer SQLite reads on, and says where it had to end.
    assert re.search(r"constructor failed: wording\)|SQLite: fts5: corruption .*wording", only)
