from ledger12315.rules.rates import RATES, RateValue, rates
from tests.rows import cells, for_all

BY_KEY = {rate.key: rate for rate in RATES}


PLAN = """
    settled_rate           | 和解息诉率   | settled + mediated + withdrawn / closed | 90   | 10
    mediation_success_rate | 调解成功率   | mediated / mediation_closed             | 90   | 10
    satisfaction_rate      | 消费者满意率 | satisfied / rated                       | 98   | 50
    on_time_rate           | 按时办结率   | closed_on_time / closed                 | None | 0
"""


def test_rates_of_the_plan() -> None:
    told = ((each.key, each.name, each.written, each.target, each.enough) for each in RATES)
    assert [list(map(str, each)) for each in told] == cells(PLAN)


# Numerator, denominator, percent, whether the target is met, whether the sample is small.
VALUES = """
settled_rate           9     10    90.00  True  False
settled_rate           8999  9999  90.00  False False 89.999 %
settled_rate           17999 20000 90.00  False False 89.995 %
settled_rate           18000 20000 90.00  True  False
settled_rate           9     9     100.00 True  True
settled_rate           8     9     88.89  False True
settled_rate           0     12    0.00   False False
settled_rate           0     0     None   None  False
mediation_success_rate 2     3     66.67  False True
mediation_success_rate 9     10    90.00  True  False
satisfaction_rate      49    50    98.00  True  False
satisfaction_rate      48    49    97.96  False True
satisfaction_rate      49    49    100.00 True  True
satisfaction_rate      0     0     None   None  False
on_time_rate           1     800   0.13   None  False 0.125 %
on_time_rate           3     800   0.38   None  False 0.375 %
on_time_rate           13827 14060 98.34  None  False
on_time_rate           0     0     None   None  False
"""


@for_all("row", VALUES.strip().splitlines())
def test_value(row: str) -> None:
    key, numerator, denominator, *expected = row.split()[:6]
    value = RateValue(BY_KEY[key], int(numerator), int(denominator))
    assert [str(each) for each in (value.percent, value.met, value.small_sample)] == expected


def test_rates_of_a_column_are_worked_out_from_its_sums() -> None:
    keys = "closed settled withdrawn mediation_closed mediated rated satisfied closed_on_time"
    total, mall = (20, 15, 2, 1, 1, 12, 11, 19), (10, 8, 1, 0, 0, 2, 2, 10)
    columns = zip(keys.split(), total, mall, strict=True)
    figures = {key: {"total": all_, "mall": of_mall} for key, all_, of_mall in columns}
    found = [(each.numerator, each.denominator) for each in rates(figures, "total", RATES)]
    assert found == [(18, 20), (1, 1), (11, 12), (19, 20)]
    found = [(each.numerator, each.denominator) for each in rates(figures, "mall", RATES)]
    assert found == [(9, 10), (0, 0), (2, 2), (10, 10)]
