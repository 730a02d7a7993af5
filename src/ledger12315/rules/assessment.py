"""Ranking service points and finding demonstration candidates: rates in, judgement out. Source: 三(五)6, 三(五)8."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ledger12315.rules.rates import RATES, Value
from ledger12315.words import CONDITIONS, Vocabulary, Word

# What a point lacks to be a demonstration candidate.
LACKING = Vocabulary(
    Word("rank", "样本过小或无办结", "too few cases to be ranked"),
    Word("settled_rate", "和解息诉率未达标", "target of the settled rate missed"),
    Word(
        "mediation_success_rate", "调解成功率未达标", "target of the mediation success rate missed"
    ),
    Word("satisfaction_rate", "消费者满意率未达标", "target of the satisfaction rate missed"),
    Word("on_time_rate", "有超期或未按时办结", "something was not closed on time"),
    Word("visits", "走访未满每月一次", "a month without a visit"),
    Word("returns", "报表未报齐", "a return is missing"),
    Word("conditions", "设置条件未全部检查达标", "conditions not all inspected and met"),
    Word("provincial", "已是省级示范", "is a provincial demonstration point already"),
    Word("retired", "已撤销", "retired"),
)


def merit(rates: Sequence[Value]) -> tuple[Fraction | int, ...] | None:
    """What points are ranked by: targets met, then each rate in order; None where there are too few cases for every target.

    A rate of too few cases counts as none: with some 13 disputes a year hardly a point has 50 that were rated.
    """
    enough = [rate if rate.denominator and not rate.small_sample else None for rate in rates]
    if not any(rate and rate.rate.target for rate in enough):
        return None
    return sum(rate.met is True for rate in enough if rate), *(
        Fraction(rate.numerator, rate.denominator) if rate else -1 for rate in enough
    )


def ranks(merits: Sequence[tuple[Fraction | int, ...] | None]) -> list[int | None]:
    """The place of each; equals share one, and whoever has no merit has none."""
    best = sorted((each for each in merits if each is not None), reverse=True)
    return [None if each is None else best.index(each) + 1 for each in merits]


def lacking(row: Mapping[str, Any]) -> str | None:
    """What a point lacks to be a demonstration candidate, as codes with commas; a rate without cases misses nothing. 三(五)8"""
    on_time: Value = row["on_time_rate"]
    lacks = {
        "rank": row["rank"] is None,
        **{rate.key: row[rate.key].met is False for rate in RATES},
        "on_time_rate": on_time.numerator < on_time.denominator or row["overdue_end"],
        "visits": row["visits"] < row["visits_owed"],
        "returns": row["returns_made"] < row["returns_due"],
        "conditions": row["conditions_met"] < len(CONDITIONS),
        "provincial": row["demonstration"] == "provincial",
        "retired": row["retired"],
    }
    return ",".join(key for key, lack in lacks.items() if lack) or None
