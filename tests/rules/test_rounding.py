import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger12315.rules.measures import COLUMNS, MEASURES, with_totals, zero_figures
from ledger12315.rules.rates import RATES
from ledger12315.rules.rounding import rounded_figure, rounded_rate, to_nearest_ten

BY_KEY = {rate.key: rate for rate in RATES}


@pytest.mark.parametrize(
    "shown, counts",
    [(None, range(8)), (10, range(8, 15)), (20, range(15, 25)), (30, range(25, 35))],
)
def test_a_count_is_to_the_nearest_ten_and_a_small_one_hidden(
    shown: int | None, counts: range
) -> None:
    assert [to_nearest_ten(count) for count in counts] == [shown] * len(counts)


@given(st.integers(0, 10**15))
def test_what_is_shown_fits_six_counts_at_least_and_a_hidden_one_may_be_none(count: int) -> None:
    around = range(max(0, count - 10), count + 10)
    assert sum(to_nearest_ten(each) == to_nearest_ten(count) for each in around) > 6
    assert to_nearest_ten(0) is None


# Cases, what was in dispute, and what is shown of it; all in 分.
AMOUNTS = """
7  123456789 None
8  123456789 123500000
8  0         0
9  50000     100000
9  49999     0
"""


@pytest.mark.parametrize("row", AMOUNTS.strip().splitlines())
def test_an_amount_is_to_the_tenth_of_ten_thousand_yuan_or_hidden_with_its_count(row: str) -> None:
    cases, amount, shown = row.split()
    figures = zero_figures()
    for count, money in (("received", "disputed"), ("closed", "recovered")):
        figures[count]["mall"], figures[money]["mall"] = int(cases), int(amount)
    whole = with_totals(figures)
    for money in ("disputed", "recovered"):
        assert str(rounded_figure(whole, money, "mall")) == shown


# Closed on time, closed, and what is shown.
SHARES = """
19 19 None
7  25 None
19 20 100
18 24 100
8  24 50
24 44 50
26 44 75
"""


@pytest.mark.parametrize("row", SHARES.strip().splitlines())
def test_a_rate_is_of_rounded_counts_and_whole_per_cent(row: str) -> None:
    numerator, denominator, shown = row.split()
    figures = zero_figures()
    figures["closed_on_time"]["mall"] = int(numerator)
    figures["closed"]["mall"] = int(denominator)
    value = rounded_rate(with_totals(figures), BY_KEY["on_time_rate"], "mall")
    assert str(value and value.percent) == shown


def test_each_figure_is_rounded_in_each_column() -> None:
    every = with_totals(zero_figures())
    assert {rounded_figure(every, key, column) for key in MEASURES for column in COLUMNS} == {None}
