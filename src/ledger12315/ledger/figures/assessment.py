"""Assessment 三(五)6: points, their officers and the station, from the same rows as figures."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NoReturn

from ledger12315.errors import Refused
from ledger12315.ledger.figures.counting import lay_out_rows, sums_of
from ledger12315.ledger.figures.scope import Scope, totals_in_scope
from ledger12315.ledger.points import Point
from ledger12315.ledger.points.profile import existing_points
from ledger12315.ledger.returns.owing import late_points
from ledger12315.ledger.settings import settings
from ledger12315.ledger.store import Ledger
from ledger12315.rules.assessment import Assessed, merit, ranks, reasons_against_candidate
from ledger12315.rules.events import valid_at_end
from ledger12315.rules.measures import MEASURES, Measure
from ledger12315.rules.periods import Period, parse_period, year_ending
from ledger12315.rules.rates import Rate, rates_by

_LEVELS_OF_POINTS = (
    f"SELECT point_id, level FROM demonstration WHERE {valid_at_end('demonstration')}"
)
_CONDITIONS_MET = """
    SELECT point_id, count(*), sum(met) FROM inspection WHERE day = (
        SELECT max(day) FROM inspection AS later
        WHERE later.point_id = inspection.point_id AND later.item = inspection.item
          AND later.day <= :last)
    GROUP BY point_id"""
_OF_RETURNS, _OF_VISITS = ("returns_made", "returns_due"), ("visits", "visits_owed")
Tally = Counter[str]
"""Figures of a point, an officer or the station: measures, work done and work due."""
Tallies = defaultdict[tuple[int | None, str | None], Tally]
"""Key of figures: the point's id (None for the station's own records) and its officer then."""


def assess(ledger: Ledger, scope: Scope) -> list[Assessed]:
    """Return points by rank, then those with too few cases, officers by name, and the station.

    A scope of one point returns that alone. A point's rates cover the year that ends with the
    period. Returns are those of quarters that end in the period, conditions are as last inspected.
    An officer's figures cover the days on which the points were theirs; a row without a name has
    the days without an officer, so that officers add up to the station. Raises Refused if the
    point did not exist.
    """
    points = existing_points(ledger, scope.period.first, scope.last)
    by = rates_by(settings(ledger, scope.last))
    everywhere, first = scope._replace(point=None), scope.period.first
    tallies = _tallies(ledger, everywhere, {each.id for each in points}, by)
    of_points, of_officers = (_sums_by_place(tallies, place) for place in (0, 1))
    ranked = _rank_points(ledger, everywhere, points, of_points, by)
    if scope.point:
        own = [each for each in ranked if each.code == scope.point.code]
        return own or _refuse_absent(scope.point, scope.period)
    names = sorted(of_officers, key=lambda name: (name is None, name))
    others = [
        _assessment_of("officer", name, None, of_officers[name], first, by) for name in names
    ]
    whole = sum(tallies.values(), Tally())
    return [*ranked, *others, _assessment_of("station", None, None, whole, first, by)]


def _refuse_absent(point: Point, period: Period) -> NoReturn:
    raise Refused(
        "{point} is not among the points of {period}, so there is nothing to assess. See: "
        "`point list`",
        point=point.name,
        period=period.code,
    )


def _sums_by_place(tallies: Tallies, place: int) -> defaultdict[Any, Tally]:
    """Return tallies summed by point (`place` 0) or by officer (1).

    A tally without an officer and with zeros alone is left out.
    """
    sums = defaultdict[Any, Tally](Tally)
    for key, tally in tallies.items():
        if key[1] or any(tally.values()):
            sums[key[place]] += tally
    return sums


def _rank_points(
    ledger: Ledger,
    scope: Scope,
    points: list[Point],
    tallies: Mapping[int | None, Tally],
    by: Sequence[Rate],
) -> list[Assessed]:
    levels = dict(ledger.execute(_LEVELS_OF_POINTS, {"last": scope.last}).fetchall())
    year = scope._replace(period=year_ending(scope.period))
    rated, first = _figures_of_rates(ledger, year, by), year.period.first
    assessed = [
        _assessment_of("point", point.name, point.code, tallies[point.id], first, by)._replace(
            rates=tuple(rate.of(rated[point.id]) for rate in by)
        )
        for point in points
    ]
    places = ranks([merit(each.rates) for each in assessed])
    found = []
    for point, each, rank in zip(points, assessed, places, strict=True):
        level, retired = levels.get(point.id), point.gone(scope.last)
        placed = each._replace(rank=rank, demonstration=level, retired=retired)
        why = reasons_against_candidate(placed)
        found.append(placed._replace(why=why, candidate=why is None))
    return sorted(found, key=lambda each: (each.rank is None, each.rank, each.code))


def _figures_of_rates(
    ledger: Ledger, scope: Scope, by: Sequence[Rate]
) -> defaultdict[int | None, Tally]:
    """Return each point's figures for the measures in rates."""
    tallies, instead = defaultdict[int | None, Tally](Tally), totals_in_scope(ledger, scope)
    for key, _, point, figure in sums_of(ledger, scope, instead, _measures_of_rates(by), "point"):
        tallies[point][key] += figure
    return tallies


def _measures_of_rates(by: Sequence[Rate], *more: str) -> list[Measure]:
    """Return the measures in rates, and more."""
    rated = (key for rate in by for key in rate.parts)
    return [MEASURES[key] for key in dict.fromkeys((*rated, *more))]


def _assessment_of(
    level: str,
    name: str | None,
    code: str | None,
    tally: Tally,
    first: date,
    by: Sequence[Rate],
) -> Assessed:
    return Assessed(
        level,
        name,
        code,
        None,
        tally["closed"],
        first,
        tuple(rate.of(tally) for rate in by),
        overdue_end=tally["overdue_end"],
        visits=tally["visits"],
        visits_owed=tally["visits_owed"],
        returns_made=tally["returns_made"],
        returns_due=tally["returns_due"],
        returns_late=tally["returns_late"],
        conditions_met=tally["conditions_met"],
        conditions_inspected=tally["conditions_inspected"],
    )


def _tallies(ledger: Ledger, scope: Scope, points: Collection[int], by: Sequence[Rate]) -> Tallies:
    """Return the period's figures per point and officer."""
    tallies, whose = Tallies(Tally), _Officers(ledger)
    measures = _measures_of_rates(by, "closed", "overdue_end")
    for key, unit, figure in _counted_by_officer(ledger, scope, measures, whose):
        tallies[unit][key] += figure
    for known in points:
        tallies[known, whose.on(known, scope.last)].update({})
    for period in _periods_in_scope(scope):
        day = min(period.last, scope.last)
        done, owed = _OF_RETURNS if period.is_quarter else _OF_VISITS
        for point, figure in _owed_records(ledger, scope._replace(period=period), done):
            tallies[point, whose.on(point, day)].update({owed: 1, done: figure})
        if period.is_quarter:
            for each in late_points(ledger, period, scope.as_of or date.max):
                tallies[each.id, whose.on(each.id, day)]["returns_late"] += 1
    for point, inspected, met in ledger.execute(_CONDITIONS_MET, {"last": scope.last}):
        if point in points:
            tally = tallies[point, whose.on(point, scope.last)]
            tally.update(conditions_inspected=inspected, conditions_met=met)
    return tallies


class _Officers:
    """The officers of points by day; a retired point keeps its last officer."""

    def __init__(self, ledger: Ledger) -> None:
        query = """
            SELECT point_id, contact.since,
                   CASE WHEN until < coalesce(retired, '9') THEN until ELSE '9' END,
                   contact.id, contact.name
            FROM contact JOIN point ON point.id = point_id
            WHERE role = 'officer' AND contact.since IS NOT until
            ORDER BY contact.since, contact.id"""
        spells = [tuple(row) for row in ledger.execute(query)]
        columns = "of_point INTEGER", "since TEXT", "until TEXT", "spell INTEGER"
        lay_out_rows(ledger, "office", columns, (spell[:4] for spell in spells))
        self._named = {spell: (point, name) for point, *_, spell, name in spells}
        self._of_point = defaultdict[int | None, list[tuple[str, str, str]]](list)
        for point, since, until, _, name in spells:
            self._of_point[point].append((since, until, name))

    def on(self, point: int | None, day: date) -> str | None:
        """Return the officer of a point on a day."""
        spells = self._of_point[point]
        return next((name for since, until, name in spells if since <= str(day) < until), None)

    def counted(self, unit: int | None) -> tuple[int | None, str | None]:
        """Return the point and officer behind a counted unit."""
        return self._named.get(unit, (unit and -unit, None))


def _counted_by_officer(
    ledger: Ledger, scope: Scope, measures: Sequence[Measure], whose: _Officers
) -> Iterator[tuple[str, tuple[int | None, str | None], int]]:
    """Yield measures by key, with the point and its officer on the day that counts."""
    instead = totals_in_scope(ledger, scope)
    without = [each._replace(totals={}) for each in instead]
    for key, _, unit, figure in sums_of(ledger, scope, without, measures, "officer"):
        yield key, whose.counted(unit), figure
    keys = {each.key for each in measures}
    for each in instead:
        for key, figure in each.contributions(scope):
            if key in keys:
                yield key, (each.point.id, whose.on(each.point.id, each.last)), figure


def _periods_in_scope(scope: Scope) -> Iterator[Period]:
    """Yield the months that the scope touches, and the quarters that end in it."""
    parts = (*(f"-{month:02}" for month in range(1, 13)), "Q1", "Q2", "Q3", "Q4")
    for year in range(scope.period.first.year, scope.last.year + 1):
        for part in parts:
            period = parse_period(f"{year}{part}")
            begun = period.last if period.is_quarter else period.first
            if begun <= scope.last and scope.period.first <= period.last:
                yield period


def _owed_records(ledger: Ledger, scope: Scope, key: str) -> Iterator[tuple[int | None, int]]:
    """Yield each point that owes such a record in the period, with 1 if it has one, else 0."""
    measures = MEASURES["returns_due"], MEASURES[key]
    counts = list(sums_of(ledger, scope, (), measures, "point"))
    done = {each.point for each in counts if each.key == key}
    for point in {each.point: None for each in counts if each.key == "returns_due"}:
        yield point, int(point in done)
