"""The rates of 三(五)6, worked out from sums at every level, never averaged."""

from typing import NamedTuple

from ledger12315.rules.measures import Figures


class Rate(NamedTuple):
    """A rate: sums of measures, and what it is to reach.

    `target` is in percent; under `enough` cases a single one decides whether it is met.
    """

    key: str
    name: str
    numerator: tuple[str, ...]
    denominator: str
    formula: str
    formula_en: str
    target: int | None = None
    enough: int = 0
    code: str = ""
    unit: str = "%"


RATES = (
    Rate(
        "settled_rate",
        "和解息诉率",
        ("settled", "withdrawn"),
        "closed",
        "(和解+撤回)/办结",
        "(settled + withdrawn)/closed",
        90,
        10,
    ),
    Rate(
        "mediation_success_rate",
        "调解成功率",
        ("mediated",),
        "mediation_closed",
        "调解成功/调解办结",
        "mediated/mediation_closed",
        90,
        10,
    ),
    Rate(
        "satisfaction_rate",
        "消费者满意率",
        ("satisfied",),
        "rated",
        "满意(含基本满意)/评价",
        "satisfied/rated",
        98,
        50,
    ),
    Rate(
        "on_time_rate",
        "按时办结率",
        ("closed_on_time",),
        "closed",
        "按时办结/办结",
        "closed_on_time/closed",
    ),
)


def find_rate(text: str) -> Rate | None:
    """Return the rate of this key or name."""
    wanted = text.strip().replace(" ", "_")
    return next((rate for rate in RATES if wanted in (rate.key, rate.name)), None)


class Value(NamedTuple):
    """A rate worked out; `met` is None without a target or with a zero denominator."""

    rate: Rate
    numerator: int
    denominator: int

    @property
    def percent(self) -> str | None:
        """Rounded half up to two decimals, for display only; None for a zero denominator."""
        if not self.denominator:
            return None
        hundredths = (self.numerator * 20_000 + self.denominator) // (2 * self.denominator)
        return f"{hundredths // 100}.{hundredths % 100:02}"

    @property
    def met(self) -> bool | None:
        """Whether the target is reached, tested on whole numbers."""
        if self.rate.target is None or not self.denominator:
            return None
        return self.numerator * 100 >= self.rate.target * self.denominator

    @property
    def small_sample(self) -> bool:
        """样本过小: so few cases that one of them decides; no cases are no small sample."""
        return 0 < self.denominator < self.rate.enough


def rates(figures: Figures, column: str) -> tuple[Value, ...]:
    """Return the rates of one column of the figures."""
    return tuple(_worked_out(rate, figures, column) for rate in RATES)


def _worked_out(rate: Rate, figures: Figures, column: str) -> Value:
    numerator = sum(figures[key][column] for key in rate.numerator)
    return Value(rate, numerator, figures[rate.denominator][column])
