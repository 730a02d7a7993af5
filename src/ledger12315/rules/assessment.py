"""Ranking service points and finding demonstration candidates. Source: 三(五)6, 三(五)8."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from ledger12315.rules.rates import RateValue
from ledger12315.words import CONDITIONS, vocabulary

# The reasons why a point is no demonstration candidate.
LACKING = vocabulary("""
    rank                   | 样本过小或无办结 | too few cases to be ranked
    settled_rate           | 和解息诉率未达标 | target of the settled rate missed
    mediation_success_rate | 调解成功率未达标 | target of the mediation success rate missed
    satisfaction_rate      | 消费者满意率未达标 | target of the satisfaction rate missed
    on_time_rate           | 有超期或未按时办结 | something was not closed on time
    visits                 | 走访未满每月一次 | a month without a visit
    returns                | 报表未报齐 | a return is missing
    conditions             | 设置条件未全部检查达标 | conditions not all inspected and met
    provincial             | 已是省级示范 | is a provincial demonstration point already
    retired                | 已撤销
""")


class Assessed(NamedTuple):
    """A point, an officer or the station over a period.

    Only points have a rank and the fields after `rates`.
    `rates_from` is the first day of the rates: a point's cover a whole year, since hardly one has
    enough cases in less. `visits` are months with a visit, of `visits_owed` months in which the
    point existed. `why` holds codes of LACKING with commas, None for a candidate.
    """

    level: str
    name: str | None
    code: str | None
    rank: int | None
    closed: int
    rates_from: date
    rates: tuple[RateValue, ...]
    overdue_end: int
    visits: int
    visits_owed: int
    returns_made: int
    returns_due: int
    returns_late: int
    conditions_met: int
    conditions_inspected: int
    demonstration: str | None = None
    retired: bool | None = None
    candidate: bool | None = None
    why: str | None = None


def merit(rates: Sequence[RateValue]) -> tuple[Fraction | int, ...] | None:
    """Return the values that rank a point: the number of targets met, then the rates in order.

    None means too few cases for every target. A rate with too few cases counts as none: with some
    13 disputes a year, hardly a point has 50 rated ones.
    """
    enough = [rate if rate.denominator and not rate.small_sample else None for rate in rates]
    if not any(rate and rate.rate.target for rate in enough):
        return None
    met = sum(rate.met is True for rate in enough if rate)
    return met, *(Fraction(rate.numerator, rate.denominator) if rate else -1 for rate in enough)


def ranks(merits: Sequence[tuple[Fraction | int, ...] | None]) -> list[int | None]:
    """Return the rank of each merit; equal merits share a rank, and None stays None."""
    best = sorted((each for each in merits if each is not None), reverse=True)
    return [None if each is None else best.index(each) + 1 for each in merits]


def reasons_against_candidate(point: Assessed) -> str | None:
    """Return the reasons why a point is no demonstration candidate, as codes of LACKING.

    None if there are none. A rate without cases misses no target. 三(五)8
    """
    on_time = next(each for each in point.rates if each.rate.key == "on_time_rate")
    late = on_time.numerator < on_time.denominator or point.overdue_end > 0
    lacks: dict[str, bool | None] = {
        "rank": point.rank is None,
        **{each.rate.key: each.met is False for each in point.rates},
        "on_time_rate": late,
        "visits": point.visits < point.visits_owed,
        "returns": point.returns_made < point.returns_due,
        "conditions": point.conditions_met < len(CONDITIONS),
        "provincial": point.demonstration == "provincial",
        "retired": point.retired,
    }
    return ",".join(key for key, lack in lacks.items() if lack) or None
