"""Assessment 三(五)6: each point, each point officer and the station over a period, from the same rows as every figure."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from ledger12315.ledger.figures import Scope, bindings, own_rows, sent
from ledger12315.ledger.points.profile import points_standing
from ledger12315.ledger.station import settings
from ledger12315.ledger.store import Ledger
from ledger12315.rules.assessment import lacking, merit, ranks
from ledger12315.rules.measures import EVENTS, MEASURES, TOTAL
from ledger12315.rules.periods import Period, parse_period
from ledger12315.rules.rates import RATES, rates

_RATED = tuple(dict.fromkeys(key for rate in RATES for key in (*rate.numerator, rate.denominator)))
_TOLD = (
    "overdue_end",
    "visits",
    "visits_owed",
    "returns_made",
    "returns_due",
    "conditions_met",
    "conditions_inspected",
)
_AT_END = "since <= :last AND (until IS NULL OR until > :last)"
_HELD = f"""
    SELECT id, (SELECT level FROM demonstration WHERE point_id = point.id AND {_AT_END}) AS demonstration,
           (SELECT name FROM contact WHERE point_id = point.id AND role = 'officer' AND {_AT_END} ORDER BY since, id LIMIT 1)
           AS officer, retired <= :last AS retired
    FROM point"""
_CONDITIONS = """
    SELECT point_id, count(*), sum(met) FROM inspection WHERE day = (
        SELECT max(day) FROM inspection AS later
        WHERE later.point_id = inspection.point_id AND later.item = inspection.item AND later.day <= :last)
    GROUP BY point_id"""

Tally = Counter[str]
"""A point's, an officer's or the station's figures: measures, and what was done beside what is owed."""


def assess(ledger: Ledger, scope: Scope) -> list[dict[str, Any]]:
    """Points by rank, those with too few cases after them, officers by name, the station; a scope of one point gives that alone.

    Rates are rates.Value; `visits` are months with a visit, of `visits_owed` months in which the point stood; returns are those
    of periods that end in this one; conditions are as last inspected. An officer has the points held at the period's end.
    """
    points = points_standing(ledger, scope.period.first.isoformat(), scope.last.isoformat())
    held = {row["id"]: row for row in ledger.execute(_HELD, {"last": scope.last.isoformat()})}
    tallies = _tallies(ledger, scope._replace(point=None), {each.id for each in points})
    rows = [
        _row("point", each.name, each.code, tallies[each.id])
        | {
            "demonstration": held[each.id]["demonstration"],
            "retired": bool(held[each.id]["retired"]),
        }
        for each in points
    ]
    for row, rank in zip(
        rows, ranks([merit([row[rate.key] for rate in RATES]) for row in rows]), strict=True
    ):
        row["rank"] = rank
        row["why"] = lacking(row)
        row["candidate"] = row["why"] is None
    rows.sort(key=lambda row: (row["rank"] is None, row["rank"], row["code"]))
    if scope.point:
        return [row for row in rows if row["code"] == scope.point.code]
    officers = defaultdict[str, list[Tally]](list)
    for each in points:
        if held[each.id]["officer"] and not held[each.id]["retired"]:
            officers[held[each.id]["officer"]].append(tallies[each.id])
    rows += [_row("officer", name, None, sum(officers[name], Tally())) for name in sorted(officers)]
    return [*rows, _row("station", None, None, sum(tallies.values(), Tally()))]


def _row(level: str, name: str | None, code: str | None, tally: Tally) -> dict[str, Any]:
    head = {"level": level, "name": name, "code": code, "rank": None, "closed": tally["closed"]}
    values = {
        value.rate.key: value
        for value in rates({key: {TOTAL: tally[key]} for key in _RATED}, TOTAL)
    }
    told = {key: tally[key] for key in _TOLD}
    return (
        head
        | values
        | told
        | {"demonstration": None, "retired": None, "candidate": None, "why": None}
    )


def _tallies(ledger: Ledger, scope: Scope, points: Container[int]) -> Mapping[int, Tally]:
    """By point's id; what was closed of a point that no longer stands counts for the station alone."""
    tallies = defaultdict[int, Tally](Tally)
    instead = sent(ledger, scope)
    for key, point, figure in _by_point(
        ledger, (*_RATED, "overdue_end"), bindings(ledger, scope, instead), bool(instead)
    ):
        tallies[point][key] += figure
    for each in instead:
        tallies[each.point.id].update(dict(each.adds(scope)))
    for period in _periods(scope, settings(ledger)["annual_period"]):
        if period.owes_return and scope.period.first <= period.last <= scope.last:
            for point, made in _owed(ledger, scope._replace(period=period), "returns_made"):
                tallies[point].update(returns_due=1, returns_made=made)
        elif (
            not period.owes_return
            and period.first <= scope.last
            and scope.period.first <= period.last
        ):
            for point, visited in _owed(ledger, scope._replace(period=period), "visits"):
                tallies[point].update(visits_owed=1, visits=visited)
    for point, inspected, met in ledger.execute(_CONDITIONS, {"last": scope.last.isoformat()}):
        if point in points:
            tallies[point].update(conditions_inspected=inspected, conditions_met=met)
    return tallies


def _periods(scope: Scope, annual: str) -> Iterator[Period]:
    """The months, quarters and annual returns of the years that the scope touches."""
    for year in range(scope.period.first.year, scope.last.year + 1):
        for part in (*(f"-{month:02}" for month in range(1, 13)), "Q1", "Q2", "Q3", "Q4", "A"):
            yield parse_period(f"{year}{part}", annual)


def _owed(ledger: Ledger, scope: Scope, key: str) -> Iterator[tuple[int, int]]:
    """Each point that stood in the period, and so owed such a record; with it 1 where there is at least one, else 0."""
    days = {"first": scope.period.first, "last": scope.last, "as_of": scope.as_of or date.max}
    bounds = {"period": scope.period.code} | {key: day.isoformat() for key, day in days.items()}
    found = {
        (each, point): figure
        for each, point, figure in _by_point(ledger, ("returns_due", key), bounds)
    }
    return (
        (point, int(found.get((key, point), 0) > 0))
        for each, point in found
        if each == "returns_due"
    )


def _by_point(
    ledger: Ledger, keys: Iterable[str], values: Mapping[str, object], instead: bool = False
) -> Iterator[tuple[str, int, int]]:
    """(measure, point's id, figure) of each, composed from their rows as the figures are."""
    for name, group in groupby(
        sorted((MEASURES[key] for key in keys), key=attrgetter("event")), attrgetter("event")
    ):
        event, measures = EVENTS[name], list(group)
        sums = ", ".join(
            f"sum(CASE WHEN {each.condition} THEN {each.value} ELSE 0 END)" for each in measures
        )
        for when in event.when:
            # The sign keeps SQLite from walking all complaints by point, to save itself the sorting of a few.
            rows = f"{event.source} WHERE {when}{own_rows(name, instead)}"
            query = f"SELECT {event.point}, {sums} FROM {rows} GROUP BY +{event.point}"
            for point, *figures in ledger.execute(query, values):
                yield from (
                    (each.key, point, figure)
                    for each, figure in zip(measures, figures, strict=True)
                )
