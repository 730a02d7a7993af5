"""The assessment up to a day; that it agrees with the figures is a law of `test_figures`."""

from datetime import date

from ledger12315.ledger.assessment import assess
from ledger12315.ledger.figures import Scope
from ledger12315.rules.periods import parse_period
from tests.building import built

LINES = """
    register 甲 --type mall --since 2026-01-01
    record visit P001 --on 2026-01-31 --count 2
    record visit P001 --on 2026-03-01 --count 2
    returns receive P001 2026Q1 --on 2027-01-05
"""
# Visits, visits owed, returns, returns due as of a day.
EXPECTED = """
    2026-01-30 0 1 0 0
    2026-01-31 1 1 0 0
    2026-02-01 1 2 0 0
    2026-03-31 2 3 0 1
    2026-06-30 2 6 0 2
    2026-11-30 2 11 0 4
    2026-12-31 2 12 0 5
    2027-01-05 2 12 1 5
"""


def test_nothing_after_the_as_of_day_is_owed_or_done() -> None:
    """By 30 November three quarters and the annual return; the return itself came on 5 January."""
    keys = "visits", "visits_owed", "returns_made", "returns_due"
    with built(LINES) as ledger:
        found = []
        for day in EXPECTED.split()[::5]:
            row = assess(ledger, Scope(parse_period("2026"), date.fromisoformat(day)))[0]
            found.append(" ".join([day, *(str(row[key]) for key in keys)]))
    assert found == [line.strip() for line in EXPECTED.strip().splitlines()]
