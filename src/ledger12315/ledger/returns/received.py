"""Receiving returns of points. Source: 三(五)7."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from ledger12315.errors import Message, Refused, Unacceptable, first_few, message
from ledger12315.ledger.figures import Scope, Snapshot, cases, figures
from ledger12315.ledger.points import Point, type_on
from ledger12315.ledger.returns.owing import demand_begun, owed_returns
from ledger12315.ledger.store import Ledger, single, upsert
from ledger12315.register.stated import Stated
from ledger12315.rules.controls import breaches
from ledger12315.rules.measures import (
    ATTACHMENT3,
    COLUMNS,
    MEASURES,
    TOTAL,
    Figures,
    Measure,
    with_totals,
    zero_figures,
)
from ledger12315.rules.periods import quarter_before
from ledger12315.words import CASES, TYPES

_CASES_SHOWN = 20


def receive(
    ledger: Ledger,
    scope: Scope,
    state: str,
    day: date,
    today: date,
    stated: Mapping[str, Stated] | None = None,
) -> list[str]:
    """Record a point's return; return the numbers of the ledger's complaints in its period.

    Raises Refused if a nil return has entries, or if `stated` differs from the ledger, and
    Unacceptable if totals do not balance.
    """
    point = _point_that_owes(ledger, scope, day, today)
    key = {"point_id": point.id, "period": scope.period.code}
    upsert(ledger, "point_return", key, {"day": day, "state": state, "totals": None})
    numbers = [
        case.number
        for key in ("open_start", "received")
        for case in cases(ledger, scope, MEASURES[key])
        if case.number
    ]
    if state == "nil":
        _demand_nil(ledger, scope, point, numbers)
    elif stated and state == "totals":
        _demand_one_type(ledger, scope, point)
        upsert(ledger, "point_return", key, {"totals": json.dumps(_balanced_return(stated))})
    elif stated:
        _demand_alike(ledger, scope, point, stated)
    return numbers


def _point_that_owes(ledger: Ledger, scope: Scope, day: date, today: date) -> Point:
    period, point = scope.period, scope.point
    assert point  # noqa: S101 a return is a point's
    if period.is_annual:
        raise Refused(
            "{period} is the station's own return; points send one for each quarter.",
            period=period.code,
        )
    owing = [each.point for each in owed_returns(ledger, today, period)]
    if day <= period.last:
        raise Refused(
            "{period} ends on {last}; its return cannot be received before that.",
            period=period.code,
            last=period.last,
        )
    demand_begun(ledger, period)
    if point.code not in owing:
        raise Refused(
            "{point} was not a service point in {period}, so no return is due.",
            point=point.name,
            period=period.code,
        )
    return point


def _demand_nil(ledger: Ledger, scope: Scope, point: Point, numbers: Sequence[str]) -> None:
    found = figures(ledger, scope)
    entries = [
        name_and_figure(measure, found[measure.key][TOTAL])
        for measure in ATTACHMENT3
        if found[measure.key][TOTAL]
    ]
    if entries:
        raise Refused(
            "{point} has entries for {period}, so its return cannot be nil: {figures}.",
            *([message("Complaints: {numbers}", numbers=numbers)] if numbers else []),
            point=point.name,
            period=scope.period.code,
            figures=entries,
        )


def name_and_figure(measure: Measure, figure: int) -> Message:
    """Return a measure's name and figure."""
    return message("{measure}: {figure}", measure=measure.label, figure=measure.in_unit(figure))


def main_figures(found: Figures) -> list[Message]:
    """Return the totals that are shown before figures are submitted."""
    keys = ("received", "closed", "open_end", "overdue_end")
    return [name_and_figure(MEASURES[key], found[key][TOTAL]) for key in keys]


def _demand_alike(
    ledger: Ledger, scope: Scope, point: Point, stated: Mapping[str, Stated]
) -> None:
    if found := list(_figures_unlike_ledger(ledger, scope, stated)):
        raise Refused(
            "The return of {point} for {period} differs from the ledger; nothing was recorded.",
            *found,
            point=point.name,
            period=scope.period.code,
        )


def _figures_unlike_ledger(
    ledger: Ledger, scope: Scope, stated: Mapping[str, Stated]
) -> Iterator[Message]:
    """Yield each figure that differs from the ledger, with its cases there."""
    found = figures(ledger, scope)
    for measure in (each for each in ATTACHMENT3 if each.key in stated):
        there, place = stated[measure.key]
        here = found[measure.key][TOTAL]
        if there != here:
            behind = [
                case.number or case_of_day(case.kind, case.received)
                for case in cases(ledger, scope, measure)
            ]
            yield message(
                "{place} {figure}, in the ledger {here}: {cases}",
                place=place,
                figure=name_and_figure(measure, there),
                here=measure.in_unit(here),
                cases=first_few(behind, _CASES_SHOWN) or message("nothing"),
            )


def case_of_day(kind: str, day: date) -> Message:
    """Return the name of a case without a number: it is no complaint."""
    return message("{kind} of {day}", kind=CASES[kind], day=day)


def _balanced_return(stated: Mapping[str, Stated]) -> dict[str, int]:
    """Return the figures to store.

    Raises Unacceptable if a control fails.
    """
    totals = {key: each.figure for key, each in stated.items()}
    alone = zero_figures()
    for key, figure in totals.items():
        alone[key]["other"] = figure
    broken = [each.words for each in breaches(with_totals(alone)) if each.column == TOTAL]
    if broken:
        raise Unacceptable(
            "The totals do not balance: {controls}. Nothing was recorded.", controls=broken
        )
    return totals


def _demand_one_type(ledger: Ledger, scope: Scope, point: Point) -> None:
    """Raise Refused if totals would move open complaints from one type of the point to another."""
    now = type_on(ledger, point, scope.period.last)
    query = """
        SELECT type FROM complaint
        WHERE point_id = :point AND voided IS NULL AND type <> :type
          AND received <= :last AND (closed IS NULL OR closed >= :first)"""
    days = {"first": scope.period.first, "last": scope.period.last}
    other = single(ledger, query, {"point": point.id, "type": now, **days})
    end = figures(ledger, Scope(quarter_before(scope.period), None, point))["open_end"]
    if other := other or next((type_ for type_ in TYPES if type_ != now and end[type_]), None):
        raise Refused(
            "Totals have no types: those of {period} would move complaints of {point} from {was} "
            "to {becomes}. Enter the complaints themselves, for example with complaint import, "
            "and receive the return without totals: `returns receive {code} {period}`",
            period=scope.period.code,
            point=point.name,
            was=TYPES[other],
            becomes=TYPES[now],
            code=point.code,
        )


def opening_mismatch(snapshot: Snapshot, scope: Scope) -> Message | None:
    """Return how 02 differs from 17 of the quarter before; only totals can cause that."""
    before = quarter_before(scope.period)
    end = snapshot.figures(Scope(before, None, scope.point))["open_end"]
    opening = snapshot.figures(scope)["open_start"]
    columns = [column for column in (TOTAL, *TYPES) if end[column] != opening[column]]
    if not columns:
        return None
    return message(
        "{type}: {opened} of {period}: {opening}; {ended} of {before}: {end}",
        type=COLUMNS[columns[0]],
        opened=MEASURES["open_start"].label,
        ended=MEASURES["open_end"].label,
        period=scope.period.code,
        opening=opening[columns[0]],
        before=before.code,
        end=end[columns[0]],
    )
