"""Figures and the cases behind them, both composed from the rows of rules/measures.py: no second place says what counts."""

from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from ledger12315.errors import Unclear, Unusable
from ledger12315.ledger.calendar import known_calendar
from ledger12315.ledger.overdue import due_on
from ledger12315.ledger.points import Point
from ledger12315.ledger.rows import Ledger
from ledger12315.rules.deadlines import cutoff, due, due_days
from ledger12315.rules.measures import EVENTS, MEASURES, Figures, Measure, breaches, with_totals
from ledger12315.rules.periods import Period
from ledger12315.words import TYPES


class Scope(NamedTuple):
    """Which figures: a period up to `as_of`, of one point or of the whole station."""

    period: Period
    as_of: date | None = None
    point: Point | None = None

    @property
    def last(self) -> date:
        """The last day that counts."""
        return min(self.period.last, self.as_of) if self.as_of else self.period.last


def figures(ledger: Ledger, scope: Scope) -> Figures:
    """Every measure by type with totals, its controls checked. Raises Unusable where a control does not hold."""
    by_type = {key: dict.fromkeys(TYPES, 0) for key in MEASURES}
    groups = {
        event: list(rows) for event, rows in groupby(sorted(MEASURES.values(), key=attrgetter("event")), attrgetter("event"))
    }
    for event, type_, *sums in ledger.execute(_query(groups), _values(ledger, scope)):
        for measure, figure in zip(groups[event], sums, strict=False):
            by_type[measure.key][type_] += figure
    found = with_totals(by_type)
    if broken := breaches(found):
        raise Unusable(
            "The figures do not balance, so the ledger is damaged: {controls}. Put a backup in its place.",
            controls=[f"{column}: {control}" for column, control in broken],
        )
    return found


def _query(groups: dict[str, list[Measure]]) -> str:
    """One statement: a row (event, type, sums of the event's measures) for each range of each event and each type."""
    width = max(map(len, groups.values()))
    parts = []
    for name, measures in groups.items():
        event = EVENTS[name]
        sums = [f"sum(CASE WHEN {measure.condition} THEN {measure.value} ELSE 0 END)" for measure in measures]
        columns = ", ".join(sums + ["0"] * (width - len(sums)))
        parts += [
            f"SELECT '{name}', {event.type}, {columns} FROM {event.source}"
            f" WHERE {when} AND (:point IS NULL OR {event.point} = :point) GROUP BY {event.type}"
            for when in event.when
        ]
    return " UNION ALL ".join(parts)


def cases(ledger: Ledger, scope: Scope, key: str, type_: str | None = None) -> tuple[Measure, list[dict[str, Any]]]:
    """The measure of this key or code, and what makes up its figure: the values add up to it, money in 分. Raises Unclear."""
    measure = _measure(key)
    event = EVENTS[measure.event]
    parts = [
        f"SELECT {event.case}, {measure.value} FROM {event.source} WHERE {when} AND {measure.condition}"
        f" AND (:point IS NULL OR {event.point} = :point) AND ({event.type} = :type OR (:type IS NULL AND {measure.once}))"
        for when in event.when
    ]
    columns = "number", "kind", "point", "received", "closed", "value"
    query = f"""
        SELECT found.number, found.kind, point.code AS point, found.received, found.closed, found.value
        FROM (SELECT NULL AS kind, NULL AS number, NULL AS point_id, NULL AS received, NULL AS closed, NULL AS value WHERE 0
              UNION ALL {" UNION ALL ".join(parts)}) AS found
        LEFT JOIN point ON point.id = found.point_id ORDER BY found.received, length(found.number), found.number"""
    rows = ledger.execute(query, _values(ledger, scope) | {"type": type_})
    return measure, [dict(zip(columns, row, strict=True)) for row in rows]


def _measure(key: str) -> Measure:
    for measure in MEASURES.values():
        if key.strip().replace(" ", "_") in (measure.key, measure.code, measure.name, measure.name.removeprefix("其中:")):
            return measure
    raise Unclear("{key} is no measure. The measures: {keys}", key=key, keys=list(MEASURES))


def _values(ledger: Ledger, scope: Scope) -> dict[str, object]:
    """What the conditions name; lays out the due dates of whatever was closed in the period."""
    first, last = scope.period.first, scope.last
    if last < first:
        raise Unclear(
            "{as_of} is before the period {period} begins, on {first}.", as_of=last, period=scope.period.code, first=first
        )
    calendar = known_calendar()
    bounds = {"first": first.isoformat(), "last": last.isoformat()}
    earliest = ledger.execute("SELECT min(received) FROM complaint WHERE closed BETWEEN :first AND :last", bounds).fetchone()[0]
    ledger.execute("CREATE TEMP TABLE IF NOT EXISTS due_day (received TEXT PRIMARY KEY, due TEXT NOT NULL) WITHOUT ROWID")
    ledger.execute("DELETE FROM due_day")
    if earliest:
        ledger.executemany(
            "INSERT INTO due_day VALUES (?, ?)",
            ((received.isoformat(), day.isoformat()) for received, day in due_days(date.fromisoformat(earliest), last, calendar)),
        )
    return bounds | {
        "cutoff": cutoff(last, calendar).isoformat(),
        "point": scope.point.id if scope.point else None,
        "period": scope.period.code,
    }


def provisional(ledger: Ledger, scope: Scope) -> bool:
    """Whether due dates behind the period's figures rest on a year whose notice is not known."""
    if not due(scope.last, known_calendar()).provisional:
        return False
    days = ledger.execute(
        "SELECT DISTINCT received FROM complaint WHERE received BETWEEN ? AND ? AND voided IS NULL",
        (scope.period.first.isoformat(), scope.last.isoformat()),
    )
    return any(due_on(row["received"]).provisional for row in days)


def unrecorded(ledger: Ledger) -> tuple[str, ...]:
    """Keys of the measures for which this ledger holds no record at all, so that their 0 is nobody's statement."""
    kept = [measure for measure in MEASURES.values() if measure.event in ("recorded", "demonstration")]
    query = "SELECT EXISTS (SELECT 1 FROM {} WHERE {})"
    return tuple(
        measure.key
        for measure in kept
        if not ledger.execute(query.format(EVENTS[measure.event].source, measure.condition)).fetchone()[0]
    )


def missing_returns(ledger: Ledger, scope: Scope) -> tuple[str, ...] | None:
    """Names of the points that owe a return for the period and sent none; None while the ledger records no returns."""
    if not ledger.execute("SELECT EXISTS (SELECT 1 FROM point_return)").fetchone()[0]:
        return None
    owing, made = EVENTS["owing"], MEASURES["returns_made"].condition
    query = f"SELECT DISTINCT point.name FROM {owing.source} WHERE {owing.when[0]} AND NOT {made} ORDER BY point.code"
    return tuple(row["name"] for row in ledger.execute(query, _values(ledger, scope)))
