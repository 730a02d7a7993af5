"""The one query that counts, composed from the rows of rules/measures.py."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from ledger12315.errors import Unclear
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.figures.scope import Scope, Sent
from ledger12315.ledger.station import begins
from ledger12315.ledger.store import Ledger
from ledger12315.rules.deadlines import cutoff, due_days
from ledger12315.rules.measures import EVENTS, Event, Measure
from ledger12315.rules.periods import quarters_reported

_SENT = (
    "EXISTS (SELECT 1 FROM sent WHERE sent.of_point = {event.point}"
    " AND {event.sent} BETWEEN sent.first_day AND sent.last_day)"
)
# What the station itself records of a point stays.
_OF_POINTS = "record.kind IN ('inquiry', 'lead', 'major')"


class Counted(NamedTuple):
    """What a measure has in a column; the point is its id, None where nobody asked by point."""

    key: str
    type: str
    point: int | None
    figure: int


def sums_of(
    ledger: Ledger,
    scope: Scope,
    instead: Sequence[Sent],
    measures: Iterable[Measure],
    by_point: bool = False,
) -> Iterator[Counted]:
    """Yield the measures by type, and by point if asked, in one query; totals stand `instead`."""
    in_order = sorted(measures, key=attrgetter("event"))
    if scope.period.is_annual:
        of_returns = [each for each in in_order if each.event == "owing"]
        in_order = [each for each in in_order if each.event != "owing"]
        for quarter in quarter_scopes(scope) if of_returns else ():
            yield from sums_of(ledger, quarter, (), of_returns, by_point)
    groups = {name: list(rows) for name, rows in groupby(in_order, attrgetter("event"))}
    if "closed" in groups:
        lay_out_due_days(ledger, scope)
    query = _query(groups, bool(instead), by_point)
    for name, type_, point, *sums in ledger.execute(query, bindings(ledger, scope, instead)):
        for measure, figure in zip(groups[name], sums, strict=False):
            if figure:
                yield Counted(measure.key, type_, point, figure)
    asked = {measure.key for measure in in_order}
    for each in instead:
        for key, figure in each.adds(scope):
            if key in asked:
                yield Counted(key, each.type, each.point.id if by_point else None, figure)


def quarter_scopes(scope: Scope) -> Iterator[Scope]:
    """Yield the scopes of the points' returns that a return counts."""
    for quarter in quarters_reported(scope.period):
        if quarter.first <= scope.last:
            yield scope._replace(period=quarter)


def _query(groups: Mapping[str, Sequence[Measure]], instead: bool, by_point: bool) -> str:
    """Return a SELECT of event, type, point and the event's measures, for each of its ranges."""
    width = max(map(len, groups.values()))
    parts = []
    for name, measures in groups.items():
        event = EVENTS[name]
        sums = [
            f"sum(CASE WHEN {each.condition} THEN {each.value} ELSE 0 END)" for each in measures
        ]
        columns = ", ".join(sums + ["0"] * (width - len(sums)))
        # The sign keeps SQLite from walking all complaints by point, to save itself the sorting.
        point, grouped = (event.point, f", +{event.point}") if by_point else ("NULL", "")
        head = f"SELECT '{name}', {event.type}, {point}, {columns} FROM {event.source}"
        parts += [
            f"{head} WHERE {rows} AND {of_point(event)} GROUP BY {event.type}{grouped}"
            for rows in ranges(event, instead)
        ]
    return " UNION ALL ".join(parts)


def ranges(event: Event, instead: bool) -> Iterator[str]:
    """Yield the condition of each range of an event's rows, without what totals stand for."""
    left_out = ""
    if instead and event.sent:
        covered = _SENT.format(event=event)
        left_out = f" AND NOT ({covered})"
        if event.source == "record":
            left_out = f" AND NOT ({_OF_POINTS} AND {covered})"
    for when in event.when:
        yield when + left_out


def of_point(event: Event) -> str:
    """Return the condition that rows are of the point that is asked for, if one is."""
    return f"(:point IS NULL OR {event.point} = :point)"


def bindings(
    ledger: Ledger, scope: Scope, instead: Sequence[Sent] = ()
) -> dict[str, str | int | date | None]:
    """Return what the conditions name, and lay out for whom totals stand. Raises Unclear."""
    first, last = scope.period.first, scope.last
    if last < first:
        raise Unclear(
            "{as_of} is before the period {period} begins, on {first}.",
            as_of=last,
            period=scope.period.code,
            first=first,
        )
    if instead:
        stretches = ((each.point.id, each.first, each.last) for each in instead)
        _lay_out(ledger, "sent", ("of_point", "first_day", "last_day"), stretches)
    return {
        "first": first,
        "last": last,
        "cutoff": cutoff(last, calendar_of(ledger)),
        "point": scope.point.id if scope.point else None,
        "period": scope.period.code,
        "begins": begins(ledger),
        "as_of": scope.as_of or date.max,
    }


def lay_out_due_days(ledger: Ledger, scope: Scope) -> None:
    """Lay out the due date of each day on which what was closed in the period came in."""
    earliest = ledger.execute(
        "SELECT min(received) FROM complaint WHERE closed BETWEEN ? AND ?",
        (scope.period.first, scope.last),
    ).fetchone()[0]
    days: Iterable[tuple[date, date]] = ()
    if earliest:
        days = due_days(date.fromisoformat(earliest), scope.last, calendar_of(ledger))
    _lay_out(ledger, "due_day", ("received", "due"), days)


def _lay_out(
    ledger: Ledger, table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    """Fill a temporary table anew; its first two columns are its key."""
    key, names = ", ".join(columns[:2]), ", ".join(columns)
    definition = f"{table} ({names}, PRIMARY KEY ({key})) WITHOUT ROWID"
    ledger.execute(f"CREATE TEMP TABLE IF NOT EXISTS {definition}")
    ledger.execute(f"DELETE FROM temp.{table}")
    places = ", ".join("?" * len(columns))
    ledger.executemany(f"INSERT INTO temp.{table} VALUES ({places})", rows)
