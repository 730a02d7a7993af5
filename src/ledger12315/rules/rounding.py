"""Figures for others: rounded so far that no sum of answers reveals a few cases.

Each cell is rounded alone. With steps of 5, 1 to 7 hidden and 0 shown, small counts follow from
sums: a total with parts of 8, 8, 1 is shown as 15, 10, 10 and *, which fits nothing else. With
steps of 10 and 0 hidden too, an integer program finds none.
"""

from ledger12315.boxes.reading import FEN_PER_WAN
from ledger12315.rules.measures import MEASURES, Figures
from ledger12315.rules.rates import Rate, RateValue, rates

STEP, FEWEST, LEAST_DENOMINATOR = 10, 8, 20
# Money of few cases is hidden together with their count.
_CASES_BEHIND = {"disputed": "received", "recovered": "closed"}


class RoundedRateValue(RateValue):
    """A rate of rounded counts."""

    @property
    def percent(self) -> str:
        """In whole per cent, rounded half up."""
        return str((200 * self.numerator + self.denominator) // (2 * self.denominator))


def to_nearest_ten(count: int) -> int | None:
    """Return a count to the nearest ten, None if it is hidden."""
    return None if count < FEWEST else _nearest(count, STEP)


def rounded_figure(figures: Figures, key: str, column: str) -> int | None:
    """Return a figure for others, money in 分; None if it is hidden."""
    if not MEASURES[key].money:
        return to_nearest_ten(figures[key][column])
    if to_nearest_ten(figures[_CASES_BEHIND[key]][column]) is None:
        return None
    return _nearest(figures[key][column], FEN_PER_WAN // 10)


def rounded_rate(figures: Figures, rate: Rate, column: str) -> RateValue | None:
    """Return a rate of rounded counts for others; None if hidden, as every rate of money is."""
    [(_, summed, denominator)] = rates(figures, column, [rate])
    numerator = to_nearest_ten(summed)
    if numerator is None or denominator < LEAST_DENOMINATOR or MEASURES[rate.denominator].money:
        return None
    return RoundedRateValue(rate, numerator, _nearest(denominator, STEP))


def _nearest(figure: int, step: int) -> int:
    return (figure + step // 2) // step * step
