"""Ranking and demonstration candidates, 三(五)6 and 8."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from ledger12315.rules.assessment import LACKING, Assessed, merit, ranks, reasons_against_candidate
from ledger12315.rules.rates import RATES, RateValue
from tests.rows import cells, for_all


def values(text: str) -> Sequence[RateValue]:
    """Return one fraction for each rate, in their order."""
    return [
        RateValue(rate, *map(int, fraction.split("/")))
        for rate, fraction in zip(RATES, text.split(), strict=True)
    ]


# Small samples are no rates, and the same in larger numbers ranks alike.
FIELD = """
    90/100 9/10 49/50 90/100    | 1
    100/100 10/10 48/50 100/100 | 2
    91/100 10/10 40/50 90/100   | 4
    91/100 0/0 50/50 100/100    | 5
    90/100 0/0 50/50 99/100     | 7
    90/100 0/0 50/50 100/100    | 6
    10/100 0/0 0/0 100/100      | 10
    180/200 0/0 100/100 198/200 | 7
    179/200 9/10 0/0 200/200    | 9
    99/100 9/9 50/50 100/100    | 3
    9/9 0/0 0/0 9/9             | None
    0/0 0/0 0/0 0/0             | None
"""


def test_ranks() -> None:
    told, expected = zip(*cells(FIELD), strict=True)
    assert [*map(str, ranks([merit(values(rates)) for rates in told]))] == [*expected]


SOUND = """
    settled_rate=10/10 mediation_success_rate=0/0 satisfaction_rate=0/0 on_time_rate=10/10 rank=4
    returns_late=0 overdue_end=0 visits=3 visits_owed=3 returns_made=1 returns_due=1
    conditions_met=12 demonstration="municipal" retired=false"""
# What is otherwise, and what a candidate lacks then.
OTHERWISE = """
rank=4 -> null
rank=null -> "rank"
settled_rate=8/10 -> "settled_rate"
mediation_success_rate=0/1 -> "mediation_success_rate"
satisfaction_rate=97/100 -> "satisfaction_rate"
on_time_rate=9/10 -> "on_time_rate"
overdue_end=1 -> "on_time_rate"
visits=2 returns_made=0 -> "visits,returns"
conditions_met=11 -> "conditions"
demonstration="provincial" retired=true -> "provincial,retired"
demonstration=null visits_owed=0 visits=0 -> null
"""


def assessed(text: str) -> Assessed:
    told = dict(pair.split("=") for pair in text.split())
    values = {
        rate.key: RateValue(rate, *map(int, told.pop(rate.key).split("/"))) for rate in RATES
    }
    row: dict[str, Any] = {key: json.loads(value) for key, value in told.items()}
    rates = tuple(values.values())
    row |= {"closed": 10, "rates_from": date(2026, 1, 1), "rates": rates}
    return Assessed("point", "店", "P001", conditions_inspected=12, **row)


@for_all("row", OTHERWISE.strip().splitlines())
def test_what_a_candidate_lacks(row: str) -> None:
    change, lacks = row.split(" -> ")
    found = reasons_against_candidate(assessed(f"{SOUND} {change}"))
    assert found == json.loads(lacks)
    assert set((found or "rank").split(",")) <= set(LACKING)
