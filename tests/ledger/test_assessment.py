"""The assessment agrees with the figures on random ledgers: point by point, and for the station."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.ledger import points
from ledger12315.ledger.figures import Scope, figures
from ledger12315.ledger.figures.assessment import assess
from ledger12315.rules.measures import TOTAL
from ledger12315.rules.periods import parse_period
from ledger12315.rules.rates import rates
from tests.ledger.made import PERIODS, Life, lived, lives


@settings(max_examples=30)
@given(lives, st.sampled_from(PERIODS))
def test_rates_and_owed_are_those_of_the_figures(life: Life, code: str) -> None:
    with lived(life) as ledger:
        period = parse_period(code)
        rows = assess(ledger, Scope(period))
        assert [row["level"] for row in rows][-1:] == ["station"]
        for row in rows:
            only = points.find_point(ledger, row["code"]) if row["code"] else None
            found = figures(ledger, Scope(period, point=only))
            assert [row[value.rate.key] for value in rates(found, TOTAL)] == list(
                rates(found, TOTAL)
            )
            assert (row["closed"], row["overdue_end"]) == (
                found["closed"][TOTAL],
                found["overdue_end"][TOTAL],
            )
            if "Q" in code and "Q4" not in code:  # in which the annual return ends too
                assert [row[key] for key in ("returns_due", "returns_made")] == [
                    found[key][TOTAL] for key in ("returns_due", "returns_made")
                ]
            if "-" in code:
                assert row["visits_owed"] == found["returns_due"][TOTAL], (
                    "who stood for a day of the month owes one"
                )
                assert row["visits"] == min(found["visits"][TOTAL], 1) or not only


def test_nothing_after_the_as_of_day_is_owed_or_done() -> None:
    life = Life(
        [
            {
                "types": ["mall"],
                "days": ["2026-01-01"],
                "liaison_until": None,
                "level": None,
                "returns": ["2026Q1"],
            }
        ],
        [],
        [
            {"point": 0, "own": False, "kind": "visit", "day": day, "count": 2}
            for day in ("2026-01-31", "2026-03-01")
        ],
    )
    expected = {
        "2026-01-30": (0, 1, 0, 0),
        "2026-01-31": (1, 1, 0, 0),
        "2026-02-01": (1, 2, 0, 0),
        "2026-03-31": (2, 3, 0, 1),
        "2026-06-30": (2, 6, 0, 2),
        "2026-11-30": (2, 11, 0, 4),  # three quarters and the annual return
        "2026-12-31": (2, 12, 0, 5),
        "2027-01-05": (2, 12, 1, 5),  # on which the return came
    }
    with lived(life) as ledger:
        for as_of, told in expected.items():
            row = assess(ledger, Scope(parse_period("2026"), date.fromisoformat(as_of)))[0]
            assert (
                tuple(row[key] for key in ("visits", "visits_owed", "returns_made", "returns_due"))
                == told
            ), as_of
