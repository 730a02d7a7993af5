"""Figures and the cases behind them, both composed from the rows of rules/measures.py: no second place says what counts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from ledger12315.errors import Refused, Unclear, Unusable, message
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints.overdue import due_on
from ledger12315.ledger.points import Point, type_on
from ledger12315.ledger.store import Ledger
from ledger12315.rules.deadlines import cutoff, due, due_days
from ledger12315.rules.measures import (
    EVENTS,
    MEASURES,
    TOTAL,
    Figures,
    Measure,
    breaches,
    in_words,
    with_totals,
)
from ledger12315.rules.periods import Period, parse_period
from ledger12315.rules.rates import RATES
from ledger12315.words import TYPES, Word

# Of each event the day that is held against the periods of a point's totals 上报数: a case within one is left out.
_DAY = {
    "received": "received",
    "closed": "closed",
    "escalated": "escalated",
    "open_start": ":first",
    "open_end": ":last",
    "recorded": "day",
}
_SENT = "EXISTS (SELECT 1 FROM sent WHERE sent.of_point = {point} AND {day} BETWEEN sent.first_day AND sent.last_day)"
# What the station itself records of a point stays.
_OF_POINTS = "record.kind IN ('inquiry', 'lead', 'major') AND "


class Scope(NamedTuple):
    """Which figures: a period up to `as_of`, of one point or of the whole station."""

    period: Period
    as_of: date | None = None
    point: Point | None = None

    @property
    def last(self) -> date:
        """The last day that counts."""
        return min(self.period.last, self.as_of) if self.as_of else self.period.last


class Sent(NamedTuple):
    """What a point sent as totals 上报数: Attachment 3 by key, money in 分, in the column of its type."""

    point: Point
    first: str
    last: str
    day: str
    type: str
    totals: Mapping[str, int]

    def adds(self, scope: Scope) -> Iterator[tuple[str, int]]:
        """What of it goes into the figures: what was open counts at the ends of the period only."""
        ends = {"open_start": self.first == scope.period.first.isoformat()}
        ends |= dict.fromkeys(("open_end", "overdue_end"), self.last == scope.last.isoformat())
        yield from (
            (key, figure) for key, figure in self.totals.items() if figure and ends.get(key, True)
        )


def sent(ledger: Ledger, scope: Scope) -> list[Sent]:
    """The totals that stand in these figures for cases: those of the period itself, else those of whole quarters inside it.

    In a month, or up to a day inside the quarter, nobody can tell what part of them belongs there: the cases stand.
    """
    rows = ledger.execute(
        """
        SELECT point.id, point.code, point.name, point.since, point.retired, period, day, totals
        FROM point_return JOIN point ON point.id = point_return.point_id
        WHERE totals IS NOT NULL AND (:point IS NULL OR point.id = :point) ORDER BY point.code, period""",
        {"point": scope.point.id if scope.point else None},
    ).fetchall()
    if not rows:
        return []
    whole = {
        row["id"]
        for row in rows
        if row["period"] == scope.period.code and scope.last == scope.period.last
    }
    found = []
    for *about, period, day, totals in rows:
        point = Point(*about)
        within = scope.period if point.id in whole else parse_period(period)
        inside = "Q" in period and scope.period.first <= within.first and within.last <= scope.last
        if period == scope.period.code if point.id in whole else inside:
            first, last = within.first.isoformat(), within.last.isoformat()
            found.append(
                Sent(point, first, last, day, type_on(ledger, point, last), json.loads(totals))
            )
    return found


def figures(ledger: Ledger, scope: Scope) -> Figures:
    """Every measure by type with totals, its controls checked. Raises Unusable where a control does not hold."""
    instead = sent(ledger, scope)
    by_type = {key: dict.fromkeys(TYPES, 0) for key in MEASURES}
    groups = {
        event: list(rows)
        for event, rows in groupby(
            sorted(MEASURES.values(), key=attrgetter("event")), attrgetter("event")
        )
    }
    for event, type_, *sums in ledger.execute(
        _query(groups, bool(instead)), bindings(ledger, scope, instead)
    ):
        for measure, figure in zip(groups[event], sums, strict=False):
            by_type[measure.key][type_] += figure
    for each in instead:
        for key, figure in each.adds(scope):
            by_type[key][each.type] += figure
    found = with_totals(by_type)
    if broken := breaches(found):
        columns = {TOTAL: Word(TOTAL, "合计", TOTAL), **TYPES}
        controls = [
            message("{place}: {control}", place=columns[column], control=in_words(control))
            for column, control in broken
        ]
        if instead:
            raise Refused(
                "The totals that {points} sent do not tie from one period to the next: {controls}. Log what was open, or"
                " receive totals of {period} as a whole.",
                points=sorted({each.point.code for each in instead}),
                controls=controls,
                period=scope.period.code,
            )
        raise Unusable(
            "The figures do not balance, so the ledger is damaged: {controls}. Put a backup in its place.",
            controls=controls,
        )
    return found


def _query(groups: dict[str, list[Measure]], instead: bool) -> str:
    """One statement: a row (event, type, sums of the event's measures) for each range of each event and each type."""
    width = max(map(len, groups.values()))
    parts = []
    for name, measures in groups.items():
        event = EVENTS[name]
        sums = [
            f"sum(CASE WHEN {measure.condition} THEN {measure.value} ELSE 0 END)"
            for measure in measures
        ]
        columns = ", ".join(sums + ["0"] * (width - len(sums)))
        parts += [
            f"SELECT '{name}', {event.type}, {columns} FROM {event.source}"
            f" WHERE {when}{own_rows(name, instead)} AND (:point IS NULL OR {event.point} = :point) GROUP BY {event.type}"
            for when in event.when
        ]
    return " UNION ALL ".join(parts)


def own_rows(name: str, instead: bool) -> str:
    """SQL that leaves out what totals stand for."""
    if not instead or name not in _DAY:
        return ""
    return f" AND NOT ({_OF_POINTS if name == 'recorded' else ''}{_SENT.format(point=EVENTS[name].point, day=_DAY[name])})"


def cases(
    ledger: Ledger, scope: Scope, key: str, type_: str | None = None
) -> tuple[Measure, list[dict[str, Any]]]:
    """The measure of this key or code, and what makes up its figure: the values add up to it, money in 分. Raises Unclear."""
    measure = _measure(key)
    event, instead = EVENTS[measure.event], sent(ledger, scope)
    only = f"(:point IS NULL OR {event.point} = :point) AND ({event.type} = :type OR (:type IS NULL AND {measure.once}))"
    parts = [
        f"SELECT {event.case}, {measure.value} FROM {event.source}"
        f" WHERE {when}{own_rows(measure.event, bool(instead))} AND {measure.condition} AND {only}"
        for when in event.when
    ]
    columns = "number", "kind", "point", "received", "closed", "value"
    query = f"""
        SELECT found.number, found.kind, point.code AS point, found.received, found.closed, found.value
        FROM (SELECT NULL AS kind, NULL AS number, NULL AS point_id, NULL AS received, NULL AS closed, NULL AS value WHERE 0
              UNION ALL {" UNION ALL ".join(parts)}) AS found
        LEFT JOIN point ON point.id = found.point_id ORDER BY found.received, length(found.number), found.number"""
    rows = [
        tuple(row)
        for row in ledger.execute(query, bindings(ledger, scope, instead) | {"type": type_})
    ]
    for each in instead:
        if (
            figure := dict(each.adds(scope)).get(measure.key)
            if type_ in (None, each.type)
            else None
        ):
            rows.append((None, "totals", each.point.code, each.day, None, figure))
    return measure, [dict(zip(columns, row, strict=True)) for row in rows]


def rate_cases(
    ledger: Ledger, scope: Scope, key: str, type_: str | None = None
) -> list[dict[str, Any]] | None:
    """What makes up a rate, as `cases`, each with its `part`: numerator or denominator; None where the key is no rate's."""
    rate = next(
        (each for each in RATES if key.strip().replace(" ", "_") in (each.key, each.name)), None
    )
    if rate is None:
        return None
    parts = (*(("numerator", each) for each in rate.numerator), ("denominator", rate.denominator))
    return [
        {"part": part, **row}
        for part, each in parts
        for row in cases(ledger, scope, each, type_)[1]
    ]


def _measure(key: str) -> Measure:
    for measure in MEASURES.values():
        if key.strip().replace(" ", "_") in (
            measure.key,
            measure.code,
            measure.name,
            measure.name.removeprefix("其中："),
        ):
            return measure
    raise Unclear(
        "{key} is no measure. The measures: {keys}",
        key=key,
        keys=[each.label for each in MEASURES.values()],
    )


def bindings(ledger: Ledger, scope: Scope, instead: Sequence[Sent] = ()) -> dict[str, object]:
    """What the conditions name; lays out the due dates of whatever was closed in the period, and for whom totals stand."""
    first, last = scope.period.first, scope.last
    if last < first:
        raise Unclear(
            "{as_of} is before the period {period} begins, on {first}.",
            as_of=last,
            period=scope.period.code,
            first=first,
        )
    calendar = calendar_of(ledger)
    bounds = {"first": first.isoformat(), "last": last.isoformat()}
    earliest = ledger.execute(
        "SELECT min(received) FROM complaint WHERE closed BETWEEN :first AND :last", bounds
    ).fetchone()[0]
    ledger.execute(
        "CREATE TEMP TABLE IF NOT EXISTS due_day (received TEXT PRIMARY KEY, due TEXT NOT NULL) WITHOUT ROWID"
    )
    ledger.execute("DELETE FROM due_day")
    if earliest:
        ledger.executemany(
            "INSERT INTO due_day VALUES (?, ?)",
            (
                (received.isoformat(), day.isoformat())
                for received, day in due_days(date.fromisoformat(earliest), last, calendar)
            ),
        )
    if instead:
        ledger.execute(
            "CREATE TEMP TABLE IF NOT EXISTS sent (of_point INTEGER, first_day TEXT, last_day TEXT)"
        )
        ledger.execute("DELETE FROM sent")
        ledger.executemany(
            "INSERT INTO sent VALUES (?, ?, ?)",
            ((each.point.id, each.first, each.last) for each in instead),
        )
    return bounds | {
        "cutoff": cutoff(last, calendar).isoformat(),
        "point": scope.point.id if scope.point else None,
        "period": scope.period.code,
        "as_of": (scope.as_of or date.max).isoformat(),
    }


def provisional(ledger: Ledger, scope: Scope) -> bool:
    """Whether due dates behind the period's figures rest on a year whose notice is not known."""
    calendar = calendar_of(ledger)
    if not due(scope.last, calendar).provisional:
        return False
    days = ledger.execute(
        "SELECT DISTINCT received FROM complaint WHERE received BETWEEN ? AND ? AND voided IS NULL",
        (scope.period.first.isoformat(), scope.last.isoformat()),
    )
    return any(due_on(row["received"], calendar).provisional for row in days)


def unrecorded(ledger: Ledger) -> tuple[str, ...]:
    """Keys of the measures for which this ledger holds no record at all, so that their 0 is nobody's statement."""
    stated = ledger.execute(
        "SELECT EXISTS (SELECT 1 FROM point_return WHERE totals IS NOT NULL)"
    ).fetchone()[0]
    valid = {"recorded": "record.voided IS NULL AND ", "demonstration": ""}
    kept = [
        measure
        for measure in MEASURES.values()
        if measure.event in valid and not (measure.code and stated)
    ]
    query = "SELECT EXISTS (SELECT 1 FROM {} WHERE {}{})"
    return tuple(
        measure.key
        for measure in kept
        if not ledger.execute(
            query.format(EVENTS[measure.event].source, valid[measure.event], measure.condition)
        ).fetchone()[0]
    )


def with_entries(ledger: Ledger, scope: Scope) -> set[str]:
    """Codes of the points whose Attachment 3 holds any figure."""
    keys = ("inquiries", "open_start", "received", "closed", "escalated", "leads", "major_matters")
    return {row["point"] for key in keys for row in cases(ledger, scope, key)[1]}


def missing_returns(ledger: Ledger, scope: Scope) -> tuple[str, ...] | None:
    """Names of the points that owe a return for the period and sent none; None while the ledger records no returns."""
    if not ledger.execute("SELECT EXISTS (SELECT 1 FROM point_return)").fetchone()[0]:
        return None
    owing, made = EVENTS["owing"], MEASURES["returns_made"].condition
    query = f"SELECT DISTINCT point.name FROM {owing.source} WHERE {owing.when[0]} AND NOT {made} ORDER BY point.code"
    return tuple(row["name"] for row in ledger.execute(query, bindings(ledger, scope)))
