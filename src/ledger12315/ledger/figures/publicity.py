"""公示: operators with counts and results of complaints; no consumer and no text.

A receipt counts in the period of its receipt, an outcome in that of its closing, as in all
figures. But what was void or withdrawn later is left out, as the ledger has it when the notice is
printed. Omissions are reported to the clerk.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ledger12315.boxes.masks import mask_public_name
from ledger12315.boxes.names import comparable_name, operator
from ledger12315.boxes.reading import in_order
from ledger12315.ledger.figures.counting import bindings, lay_out_due_days
from ledger12315.ledger.figures.scope import Scope, points_with_totals
from ledger12315.ledger.points import host_on
from ledger12315.ledger.respondents import GROUPED_RESPONDENT
from ledger12315.ledger.settings import settings
from ledger12315.ledger.store import Ledger
from ledger12315.rules.events import EVENTS, WITH_DUE_DAY
from ledger12315.rules.measures import MEASURES
from ledger12315.rules.publicity import PublicOperator, published_rate
from ledger12315.rules.rates import Rate, rates_by
from ledger12315.words import UNCLASSIFIED


class Publicity(NamedTuple):
    """The operators shown, those with most complaints first, and the omissions.

    `left_out` has complaints by reason (UNPUBLISHED); `few` are the operators with fewer than
    `least` complaints. `points_with_totals` sent totals, which name no operator.
    """

    operators: Sequence[PublicOperator]
    left_out: Mapping[str, Sequence[str]]
    few: Sequence[PublicOperator]
    least: int
    points_with_totals: Sequence[str]


# Of a matter the first complaint at a point counts that is neither void nor withdrawn.
_WHY_NOT = """
    CASE WHEN complaint.voided IS NOT NULL THEN 'void'
         WHEN complaint.outcome = 'withdrawn' THEN 'withdrawn'
         WHEN EXISTS (
             WITH RECURSIVE before (id) AS (
                 SELECT complaint.previous_id
                 UNION SELECT again.previous_id FROM complaint AS again JOIN before USING (id)
             )
             SELECT 1 FROM complaint AS earlier JOIN before USING (id)
             WHERE earlier.point_id = complaint.point_id AND earlier.voided IS NULL
               AND coalesce(earlier.outcome, '') <> 'withdrawn'
         ) THEN 'repeat' END"""


def publicity(ledger: Ledger, scope: Scope) -> Publicity:
    """Return the publicity notice of a station's period."""
    chosen = settings(ledger, scope.last)
    rate = published_rate(rates_by(chosen))
    found: dict[tuple[str, str], PublicOperator] = {}
    left_out: dict[str, list[str]] = {}
    for row in _cases_shown(ledger, scope, rate):
        if row["why"]:
            left_out.setdefault(row["why"], []).append(row["number"])
            continue
        name = operator(row["respondent"], row["point_name"], row["host"])
        key = row["point"], comparable_name(name)
        if key not in found:
            code = row["credit_code"] if name == row["host"] == row["host_now"] else None
            shown = mask_public_name(name)
            found[key] = PublicOperator(row["point"], row["point_name"], shown, code, rate)
        _count_case(found[key], row)
    many = sorted(found.values(), key=lambda each: (-each.received, each.point, each.name))
    least = int(chosen["publicity_from"])
    return Publicity(
        [each for each in many if each.cases >= least],
        {why: in_order(numbers) for why, numbers in left_out.items()},
        [each for each in many if each.cases < least],
        least,
        points_with_totals(ledger, scope),
    )


def _count_case(shown: PublicOperator, row: Mapping[str, Any]) -> None:
    shown.cases += 1
    if row["received"]:
        shown.received += 1
        shown.categories[row["category"] or UNCLASSIFIED.code] += 1
        shown.problems[row["problem"]] += 1
    if row["closed"]:
        shown.ended[row["outcome"]] += 1
    for key in _case_measures(shown.rate):
        shown.counts[key] += row[f"m_{key}"]


def _cases_shown(ledger: Ledger, scope: Scope, rate: Rate) -> Iterator[Mapping[str, Any]]:
    """Yield complaints received or closed in the period, or counted in the rate, and void ones."""
    lay_out_due_days(ledger, scope)
    received, closed = map(_in_period, ("received", "closed"))
    parts = {key: _in_period(key) for key in _case_measures(rate)}
    sums = (
        f"CASE WHEN {when} AND {MEASURES[key].condition} THEN {MEASURES[key].value} ELSE 0 END"
        f" AS m_{key}"
        for key, when in parts.items()
    )
    void = "complaint.voided IS NOT NULL AND complaint.received BETWEEN :first AND :last"
    counted = " OR ".join(dict.fromkeys((received, closed, *parts.values(), f"({void})")))
    query = f"""
        SELECT complaint.number, point.code AS point, point.name AS point_name,
               point.credit_code, coalesce(point.host, point.name) AS host_now,
               {GROUPED_RESPONDENT} AS respondent, {host_on("complaint.received")} AS host,
               complaint.category, complaint.problem, complaint.outcome,
               {received} AS received, {closed} AS closed, {_WHY_NOT} AS why, {", ".join(sums)}
        FROM (SELECT complaint.*, due FROM {WITH_DUE_DAY}) AS complaint
        JOIN point ON point.id = complaint.point_id
        WHERE (:point IS NULL OR complaint.point_id = :point) AND ({counted})
        ORDER BY complaint.id"""
    return iter(ledger.execute(query, bindings(ledger, scope)))


def _case_measures(rate: Rate) -> list[str]:
    """Return the measures of a rate that count complaints; no others have an operator."""
    of_cases = (key for key in rate.parts if MEASURES[key].event != "recorded")
    return list(dict.fromkeys(of_cases))


def _in_period(key: str) -> str:
    """Return the condition that puts a complaint into the period for a measure."""
    return f"({' OR '.join(EVENTS[MEASURES[key].event].when)})"
