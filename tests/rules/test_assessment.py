"""Ranking and demonstration candidates, 三(五)6 and 8."""

from collections.abc import Sequence
from typing import Any

import pytest

from ledger12315.rules.assessment import LACKING, lacking, merit, ranks
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


SOUND: dict[str, Any] = {
    rate.key: value for rate, value in zip(RATES, values("10/10 0/0 0/0 10/10"), strict=True)
} | {
    "rank": 4,
    "overdue_end": 0,
    "visits": 3,
    "visits_owed": 3,
    "returns_made": 1,
    "returns_due": 1,
    "conditions_met": 12,
    "demonstration": "municipal",
    "retired": False,
}


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({}, None),
        ({"rank": None}, "rank"),
        ({"settled_rate": Value(RATES[0], 8, 10)}, "settled_rate"),
        ({"mediation_success_rate": Value(RATES[1], 0, 1)}, "mediation_success_rate"),
        ({"satisfaction_rate": Value(RATES[2], 97, 100)}, "satisfaction_rate"),
        ({"on_time_rate": Value(RATES[3], 9, 10)}, "on_time_rate"),
        ({"overdue_end": 1}, "on_time_rate"),
        ({"visits": 2, "returns_made": 0}, "visits,returns"),
        ({"conditions_met": 11}, "conditions"),
        ({"demonstration": "provincial", "retired": True}, "provincial,retired"),
        ({"demonstration": None, "visits_owed": 0, "visits": 0}, None),
    ],
)
def test_what_a_candidate_lacks(change: dict[str, Any], lacks: str | None) -> None:
    assert lacking(SOUND | change) == lacks
    assert set((lacks or "rank").split(",")) <= set(LACKING)
