"""The basis of figures: missing records and returns, and days that are not certain."""

from datetime import date

from ledger12315.ledger.audit.past import as_of_act
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.figures.counting import bindings, quarter_scopes, sums_of
from ledger12315.ledger.figures.scope import Scope, totals_in_scope
from ledger12315.ledger.points import Point, points
from ledger12315.ledger.store import Ledger, single
from ledger12315.rules.counting import point_condition
from ledger12315.rules.deadlines import due_date_of
from ledger12315.rules.events import EVENTS
from ledger12315.rules.measures import ATTACHMENT3, MADE, MEASURES

# The events whose records may be missing altogether -> the condition of valid ones.
_VALID = {"recorded": "record.voided IS NULL AND ", "demonstration": ""}


def is_provisional(ledger: Ledger, scope: Scope, act: int | None = None) -> bool:
    """Return whether a due date behind the figures depends on an unknown holiday notice.

    It is that of a complaint closed in the period or open at its end, today or after an `act`.
    """
    with as_of_act(ledger, act):
        return _rests_on_unknown_notice(ledger, scope)


def _rests_on_unknown_notice(ledger: Ledger, scope: Scope) -> bool:
    calendar = calendar_of(ledger)
    last = due_date_of(scope.last, calendar)
    oldest = single(ledger, "SELECT min(received) FROM complaint")
    years = range(int((oldest or "9999")[:4]), last.day.year + 1)
    if not last.provisional and all(year in calendar.announced for year in years):
        return False
    found = [
        f"SELECT received FROM complaint WHERE {when} AND {point_condition(event)}"
        for event in (EVENTS["closed"], EVENTS["open_end"])
        for when in event.when
    ]
    days = ledger.execute(" UNION ".join(found), bindings(ledger, scope))
    return any(due_date_of(date.fromisoformat(day), calendar).provisional for (day,) in days)


def unrecorded_measures(ledger: Ledger) -> tuple[str, ...]:
    """Return the keys of measures without any record in the ledger: 0 means not recorded."""
    stated = single(ledger, "SELECT 1 FROM point_return WHERE totals IS NOT NULL")
    found = []
    for measure in MEASURES.values():
        valid = _VALID.get(measure.event)
        if valid is None or (measure.code and stated):
            continue
        rows = f"{EVENTS[measure.event].source} WHERE {valid}{measure.condition}"
        if not single(ledger, f"SELECT 1 FROM {rows}"):
            found.append(measure.key)
    return tuple(found)


def points_with_entries(ledger: Ledger, scope: Scope) -> list[Point]:
    """Return the points whose Attachment 3 holds any figure, by code."""
    counts = sums_of(ledger, scope, totals_in_scope(ledger, scope), ATTACHMENT3, "point")
    ids = {each.point for each in counts}
    return [each for each in points(ledger) if each.id in ids]


def missing_returns(ledger: Ledger, scope: Scope) -> tuple[str, ...] | None:
    """Return the names of the points that owe a return for the period and sent none.

    In a year each name comes with its quarter. None means that the ledger records no returns yet.
    """
    if not single(ledger, "SELECT 1 FROM point_return"):
        return None
    owing = EVENTS["owing"]
    query = f"""
        SELECT DISTINCT point.name FROM {owing.source}
        WHERE {owing.when[0]} AND NOT {MADE} ORDER BY point.code"""
    return tuple(
        f"{name}{_quarter_mark(scope, each)}"
        for each in quarter_scopes(scope)
        for (name,) in ledger.execute(query, bindings(ledger, each))
    )


def late_returns(ledger: Ledger, scope: Scope) -> tuple[str, ...]:
    """Return the names of the points whose return came after its due day, by quarter."""
    from ledger12315.ledger.returns.owing import late_points  # only forms name them

    upto = scope.as_of or date.max
    return tuple(
        f"{point.name}{_quarter_mark(scope, each)}"
        for each in quarter_scopes(scope)
        for point in late_points(ledger, each.period, upto)
    )


def _quarter_mark(scope: Scope, quarter: Scope) -> str:
    """Return the quarter's code in brackets for a list of a year, nothing for other periods."""
    return f"（{quarter.period.code}）" if scope.period.is_year else ""
