import pytest

from ledger12315.rules.rates import RATES, Value, rates

SETTLED, MEDIATION, SATISFACTION, ON_TIME = RATES


def test_rates_of_the_plan() -> None:
    assert [
        (rate.key, rate.name, rate.numerator, rate.denominator, rate.target, rate.enough)
        for rate in RATES
    ] == [
        ("settled_rate", "和解息诉率", ("settled", "withdrawn"), "closed", 90, 10),
        ("mediation_success_rate", "调解成功率", ("mediated",), "mediation_closed", 90, 10),
        ("satisfaction_rate", "消费者满意率", ("satisfied",), "rated", 98, 50),
        ("on_time_rate", "按时办结率", ("closed_on_time",), "closed", None, 0),
    ]


@pytest.mark.parametrize(
    ("value", "percent", "met", "small_sample"),
    [
        (Value(SETTLED, 9, 10), "90.00", True, False),
        (Value(SETTLED, 8999, 9999), "90.00", False, False),  # 89.999 %
        (Value(SETTLED, 17999, 20000), "90.00", False, False),  # 89.995 %
        (Value(SETTLED, 18000, 20000), "90.00", True, False),
        (Value(SETTLED, 9, 9), "100.00", True, True),
        (Value(SETTLED, 8, 9), "88.89", False, True),
        (Value(SETTLED, 0, 12), "0.00", False, False),
        (Value(SETTLED, 0, 0), None, None, False),
        (Value(MEDIATION, 2, 3), "66.67", False, True),
        (Value(MEDIATION, 9, 10), "90.00", True, False),
        (Value(SATISFACTION, 49, 50), "98.00", True, False),
        (Value(SATISFACTION, 48, 49), "97.96", False, True),
        (Value(SATISFACTION, 49, 49), "100.00", True, True),
        (Value(SATISFACTION, 0, 0), None, None, False),
        (Value(ON_TIME, 1, 800), "0.13", None, False),  # 0.125 %
        (Value(ON_TIME, 3, 800), "0.38", None, False),  # 0.375 %
        (Value(ON_TIME, 13827, 14060), "98.34", None, False),
        (Value(ON_TIME, 0, 0), None, None, False),
    ],
)
def test_value(value: Value, percent: str | None, met: bool | None, small_sample: bool) -> None:
    assert (value.percent, value.met, value.small_sample) == (percent, met, small_sample)


def test_rates_of_a_column_are_worked_out_from_its_sums() -> None:
    figures = {
        "closed": {"total": 20, "mall": 10},
        "settled": {"total": 15, "mall": 8},
        "withdrawn": {"total": 2, "mall": 1},
        "mediation_closed": {"total": 1, "mall": 0},
        "mediated": {"total": 1, "mall": 0},
        "rated": {"total": 12, "mall": 2},
        "satisfied": {"total": 11, "mall": 2},
        "closed_on_time": {"total": 19, "mall": 10},
    }
    assert {column: rates(figures, column) for column in ("total", "mall")} == {
        "total": (
            Value(SETTLED, 17, 20),
            Value(MEDIATION, 1, 1),
            Value(SATISFACTION, 11, 12),
            Value(ON_TIME, 19, 20),
        ),
        "mall": (
            Value(SETTLED, 9, 10),
            Value(MEDIATION, 0, 0),
            Value(SATISFACTION, 2, 2),
            Value(ON_TIME, 10, 10),
        ),
    }
