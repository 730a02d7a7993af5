"""Ranking and demonstration candidates, 三(五)6 and 8."""

from collections.abc import Sequence
from typing import Any

import pytest

from ledger12315.rules.assessment import LACKING, Assessed, lacking, merit, ranks
from ledger12315.rules.rates import RATES, Value


def values(text: str) -> Sequence[Value]:
    """`9/10 0/0 …`: one fraction for each rate, in their order."""
    return [
        Value(rate, *map(int, fraction.split("/")))
        for rate, fraction in zip(RATES, text.split(), strict=True)
    ]


def test_ranks() -> None:
    field: dict[str, int | None] = {
        "90/100 9/10 49/50 90/100": 1,  # three targets met
        "100/100 10/10 48/50 100/100": 2,  # two
        "91/100 10/10 40/50 90/100": 4,
        "91/100 0/0 50/50 100/100": 5,  # settled as often, nothing mediated
        "90/100 0/0 50/50 99/100": 7,
        "90/100 0/0 50/50 100/100": 6,
        "10/100 0/0 0/0 100/100": 10,
        "180/200 0/0 100/100 198/200": 7,  # the same in larger numbers
        "179/200 9/10 0/0 200/200": 9,  # one
        "99/100 9/9 50/50 100/100": 3,  # a small sample is no rate
        "9/9 0/0 0/0 9/9": None,
        "0/0 0/0 0/0 0/0": None,
    }
    assert dict(zip(field, ranks([merit(values(rates)) for rates in field]), strict=True)) == field


SOUND = Assessed(
    level="point",
    name="店",
    code="P001",
    rank=4,
    closed=10,
    rates=tuple(values("10/10 0/0 0/0 10/10")),
    overdue_end=0,
    visits=3,
    visits_owed=3,
    returns_made=1,
    returns_due=1,
    conditions_met=12,
    conditions_inspected=12,
    demonstration="municipal",
    retired=False,
)


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({}, None),
        ({"rank": None}, "rank"),
        ({"rates": values("8/10 0/0 0/0 10/10")}, "settled_rate"),
        ({"rates": values("10/10 0/1 0/0 10/10")}, "mediation_success_rate"),
        ({"rates": values("10/10 0/0 97/100 10/10")}, "satisfaction_rate"),
        ({"rates": values("10/10 0/0 0/0 9/10")}, "on_time_rate"),
        ({"overdue_end": 1}, "on_time_rate"),
        ({"visits": 2, "returns_made": 0}, "visits,returns"),
        ({"conditions_met": 11}, "conditions"),
        ({"demonstration": "provincial", "retired": True}, "provincial,retired"),
        ({"demonstration": None, "visits_owed": 0, "visits": 0}, None),
    ],
)
def test_what_a_candidate_lacks(change: dict[str, Any], lacks: str | None) -> None:
    assert lacking(SOUND._replace(**change)) == lacks
    assert set((lacks or "rank").split(",")) <= set(LACKING)
