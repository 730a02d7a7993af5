"""Assessment 三(五)6: points, their officers and the station, from the same rows as figures."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping
from typing import Any

from ledger12315.ledger.figures.counting import sums_of
from ledger12315.ledger.figures.scope import Scope, sent
from ledger12315.ledger.points import Point
from ledger12315.ledger.points.profile import points_standing
from ledger12315.ledger.station import settings
from ledger12315.ledger.store import Ledger
from ledger12315.rules.assessment import Assessed, lacking, merit, ranks
from ledger12315.rules.measures import MEASURES, TOTAL, stands
from ledger12315.rules.periods import Period, parse_period
from ledger12315.rules.rates import RATES, rates

_RATED = tuple(dict.fromkeys(key for rate in RATES for key in (*rate.numerator, rate.denominator)))
_HELD = f"""
    SELECT id,
           (SELECT level FROM demonstration
            WHERE point_id = point.id AND {stands("demonstration")}) AS demonstration,
           (SELECT name FROM contact
            WHERE point_id = point.id AND role = 'officer' AND {stands("contact")}
            ORDER BY since, id LIMIT 1) AS officer,
           retired <= :last AS retired
    FROM point"""
_CONDITIONS = """
    SELECT point_id, count(*), sum(met) FROM inspection WHERE day = (
        SELECT max(day) FROM inspection AS later
        WHERE later.point_id = inspection.point_id AND later.item = inspection.item
          AND later.day <= :last)
    GROUP BY point_id"""

_OF_RETURNS, _OF_VISITS = ("returns_made", "returns_due"), ("visits", "visits_owed")
Tally = Counter[str]
"""Figures of a point, an officer or the station: measures, and what was done and is owed."""


def assess(ledger: Ledger, scope: Scope) -> list[Assessed]:
    """Return points by rank, then those with too few cases, officers by name, and the station.

    A scope of one point gives that alone. Returns are those of periods that end in this one,
    conditions are as last inspected. An officer has the points held at the period's end.
    """
    last = {"last": scope.last}
    points = points_standing(ledger, scope.period.first, scope.last)
    held = {row["id"]: row for row in ledger.execute(_HELD, last)}
    tallies = _tallies(ledger, scope._replace(point=None), {each.id for each in points})
    ranked = _ranked(points, held, tallies)
    if scope.point:
        return [each for each in ranked if each.code == scope.point.code]
    officers = defaultdict[str, Tally](Tally)
    for each in points:
        holds = held[each.id]
        if holds["officer"] and not holds["retired"]:
            officers[holds["officer"]] += tallies[each.id]
    others = [_assessed("officer", name, None, officers[name]) for name in sorted(officers)]
    return [*ranked, *others, _assessed("station", None, None, sum(tallies.values(), Tally()))]


def _ranked(
    points: list[Point], held: Mapping[int, Any], tallies: Mapping[int | None, Tally]
) -> list[Assessed]:
    assessed = [_assessed("point", each.name, each.code, tallies[each.id]) for each in points]
    places = ranks([merit(each.rates) for each in assessed])
    found = []
    for point, each, rank in zip(points, assessed, places, strict=True):
        holds = held[point.id]
        level, retired = holds["demonstration"], bool(holds["retired"])
        placed = each._replace(rank=rank, demonstration=level, retired=retired)
        why = lacking(placed)
        found.append(placed._replace(why=why, candidate=why is None))
    return sorted(found, key=lambda each: (each.rank is None, each.rank, each.code))


def _assessed(level: str, name: str | None, code: str | None, tally: Tally) -> Assessed:
    return Assessed(
        level,
        name,
        code,
        None,
        tally["closed"],
        rates({key: {TOTAL: tally[key]} for key in _RATED}, TOTAL),
        overdue_end=tally["overdue_end"],
        visits=tally["visits"],
        visits_owed=tally["visits_owed"],
        returns_made=tally["returns_made"],
        returns_due=tally["returns_due"],
        conditions_met=tally["conditions_met"],
        conditions_inspected=tally["conditions_inspected"],
    )


def _tallies(ledger: Ledger, scope: Scope, points: Container[int]) -> Mapping[int | None, Tally]:
    """Return tallies by point's id; one that stands no longer counts for the station alone."""
    tallies = defaultdict[int | None, Tally](Tally)
    measures = [MEASURES[key] for key in (*_RATED, "overdue_end")]
    for key, _, point, figure in sums_of(
        ledger, scope, sent(ledger, scope), measures, by_point=True
    ):
        tallies[point][key] += figure
    for period in _periods(scope, settings(ledger)["annual_period"]):
        done, owed = _OF_RETURNS if period.owes_return else _OF_VISITS
        for point, figure in _owed(ledger, scope._replace(period=period), done):
            tallies[point].update({owed: 1, done: figure})
    for point, inspected, met in ledger.execute(_CONDITIONS, {"last": scope.last}):
        if point in points:
            tallies[point].update(conditions_inspected=inspected, conditions_met=met)
    return tallies


def _periods(scope: Scope, annual: str) -> Iterator[Period]:
    """Yield the months that the scope touches, and the periods of returns that end in it."""
    parts = (*(f"-{month:02}" for month in range(1, 13)), "Q1", "Q2", "Q3", "Q4", "A")
    for year in range(scope.period.first.year, scope.last.year + 1):
        for part in parts:
            period = parse_period(f"{year}{part}", annual)
            begun = period.last if period.owes_return else period.first
            if begun <= scope.last and scope.period.first <= period.last:
                yield period


def _owed(ledger: Ledger, scope: Scope, key: str) -> Iterator[tuple[int | None, int]]:
    """Yield each point that stood in the period and so owed such a record; 1 if it has one."""
    measures = MEASURES["returns_due"], MEASURES[key]
    counts = list(sums_of(ledger, scope, (), measures, by_point=True))
    done = {each.point for each in counts if each.key == key}
    for point in {each.point: None for each in counts if each.key == "returns_due"}:
        yield point, int(point in done)
