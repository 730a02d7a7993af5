"""Boxes left empty stay empty, and derived values are the same everywhere."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315 import words
from ledger12315.ledger.audit.past import as_of_act
from ledger12315.ledger.complaints.views import listed_complaint
from ledger12315.ledger.store import Ledger, single
from ledger12315.ledger.store.history import begin
from ledger12315.rules.checks import disputed_amount
from tests.building import act, built
from tests.rows import for_all

POINTS = """
    register 东门 --type mall --since 2026-01-01 --liaison 林秀珍
    register 南门 --type market --since 2026-01-01 --liaison 余芳
"""
LATER = "point amend P001 --liaison 吴明 --on 2026-03-01"
amounts = st.none() | st.integers(0, 10**6)
STATED = "SELECT kind, disputed, handler, recovered, headcount FROM complaint"


def derived(ledger: Ledger, number: str = "2026-0001") -> tuple[object, ...]:
    row = listed_complaint(ledger, number)
    return tuple(row[key] for key in ("kind", "disputed", "handler", "recovered", "headcount"))


def stated(ledger: Ledger) -> list[tuple[object, ...]]:
    return [tuple(row) for row in ledger.execute(STATED)]


def test_what_follows_is_in_no_column_and_read_as_if_it_were() -> None:
    with built(POINTS) as ledger:
        act(
            ledger,
            LATER,
            "log P001 --received 2026-02-28 --category food --purchase 399",
            "close _ --outcome settled --closed 2026-03-01",
        )
        assert stated(ledger) == [(None, None, None, None, None)]
        assert derived(ledger) == ("goods", 39900, "林秀珍", None, 1)
        act(ledger, "complaint amend 2026-0001 --purchase 299 --category living")
        assert derived(ledger) == ("service", 29900, "林秀珍", None, 1)
        act(ledger, "complaint amend 2026-0001 --received 2026-03-01")
        assert derived(ledger) == ("service", 29900, "吴明", None, 1)
        act(ledger, "complaint amend 2026-0001 --point P002")
        assert derived(ledger) == ("service", 29900, "余芳", None, 1)
        assert stated(ledger) == [(None, None, None, None, None)]


def test_what_somebody_said_stays_until_it_is_emptied() -> None:
    said = "--purchase 399 --disputed 300 --handler 王五 --headcount 3"
    with built(POINTS) as ledger:
        act(
            ledger,
            f"log P001 --received 2026-02-28 --category food {said}",
            "close _ --outcome settled --closed 2026-03-01 --recovered 0",
            "complaint amend 2026-0001 --purchase 299 --point P002",
        )
        assert derived(ledger) == ("goods", 30000, "王五", 0, 3)
        boxes = ("disputed", "handler", "recovered", "headcount")
        empty = " ".join(f"--{box} ''" for box in boxes)
        act(ledger, f"complaint amend 2026-0001 {empty}")
        assert derived(ledger) == ("goods", 29900, "余芳", None, 1)


@pytest.fixture(scope="module")
def one() -> Iterator[Ledger]:
    """A ledger with one complaint, in an open act."""
    with built(f"{POINTS}log P001 --received 2026-02-28") as ledger:
        begin(ledger, "test")
        yield ledger


@settings(max_examples=30)
@given(purchase=amounts, disputed=amounts)
def test_the_ledger_derives_the_amount_in_dispute_as_the_rule_does(
    one: Ledger, purchase: int | None, disputed: int | None
) -> None:
    one.execute("UPDATE complaint SET purchase = ?, disputed = ?", (purchase, disputed))
    stated = disputed is not None or purchase is not None
    rule = disputed_amount({"purchase": purchase, "disputed": disputed}) if stated else None
    assert single(one, "SELECT disputed FROM complaint_derived") == rule


@for_all("category", words.CATEGORIES)
def test_the_ledger_derives_the_kind_as_the_words_do(one: Ledger, category: str) -> None:
    one.execute("UPDATE complaint SET kind = NULL, category = ?", (category,))
    assert single(one, "SELECT kind FROM complaint_derived") == words.kind_of(category)


def test_an_earlier_act_is_seen_with_what_followed_then() -> None:
    with built(POINTS) as ledger:
        act(ledger, "log P001 --received 2026-02-28 --category food --purchase 399")
        before = single(ledger, "SELECT max(id) FROM act")
        act(
            ledger,
            "point amend P001 --liaison 赵六 --on 2026-01-01",
            "complaint amend 2026-0001 --purchase 299 --category living",
        )
        query = "SELECT kind, disputed, handler FROM complaint_derived"
        with as_of_act(ledger, before):
            assert tuple(ledger.execute(query).fetchone()) == ("goods", 39900, "林秀珍")
        assert tuple(ledger.execute(query).fetchone()) == ("service", 29900, "赵六")
