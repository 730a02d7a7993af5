"""The operators that a notice on the point's wall names: 公示. 三(五)2"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ledger12315.rules.rates import Rate, RateValue


@dataclass
class PublicOperator:
    """An operator at a point, and its complaints received and `ended` in the period.

    `categories` and `problems` count those received, by code; `ended` counts outcomes. Only hosts
    have a credit code. `counts` are the measures of the rate.
    """

    point: str
    point_name: str
    name: str
    credit_code: str | None
    rate: Rate
    cases: int = 0
    received: int = 0
    categories: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def closed(self) -> int:
        """The complaints closed within the period."""
        return self.ended.total()

    @property
    def settled_rate(self) -> RateValue:
        """公示和解息诉率: of the complaints on the notice."""
        return self.rate.of(self.counts)


def published_rate(by: Iterable[Rate]) -> Rate:
    """Return the rate of a notice: 和解息诉率 without withdrawn complaints."""
    [rate] = [each for each in by if each.key == "settled_rate"]
    shown = tuple(key for key in rate.numerator if key != "withdrawn")
    return rate._replace(name=f"公示{rate.name}", numerator=shown or rate.numerator)
