"""Counting in the ledger, in one query."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from ledger12315.errors import Unclear
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.figures.scope import PointTotals, Scope
from ledger12315.ledger.settings import first_day_of_ledger
from ledger12315.ledger.store import Ledger, single
from ledger12315.rules.counting import Groups, by_event, counting_query
from ledger12315.rules.deadlines import cutoff, due_days
from ledger12315.rules.measures import Measure
from ledger12315.rules.periods import reported_quarters


class Counted(NamedTuple):
    """One figure of a measure by type; `point` is an id, None if not asked by point.

    By officer it is the officer's row in `office`, or a negative id where there was none.
    """

    key: str
    type: str
    point: int | None
    figure: int


def sums_of(
    ledger: Ledger,
    scope: Scope,
    instead: Sequence[PointTotals],
    measures: Iterable[Measure],
    by: str = "",
) -> Iterator[Counted]:
    """Yield the measures by type, and `by` point or officer, in one query.

    Totals in `instead` replace cases.
    """
    groups = by_event(measures)
    if scope.period.is_year and (of_returns := groups.pop("owing", None)):
        for quarter in quarter_scopes(scope):
            yield from sums_of(ledger, quarter, (), of_returns, by)
    if groups:
        yield from _in_query(ledger, scope, instead, groups, by)
    asked = {measure.key for rows in groups.values() for measure in rows}
    for each in instead:
        for key, figure in each.contributions(scope):
            if key in asked:
                yield Counted(key, each.type, each.point.id if by else None, figure)


def _in_query(
    ledger: Ledger, scope: Scope, instead: Sequence[PointTotals], groups: Groups, by: str
) -> Iterator[Counted]:
    if "closed" in groups:
        lay_out_due_days(ledger, scope)
    query = counting_query(groups, by, bool(instead), scope.point is not None)
    for name, type_, point, *sums in ledger.execute(query, bindings(ledger, scope, instead)):
        for measure, figure in zip(groups[name], sums, strict=False):
            if figure:
                yield Counted(measure.key, type_, point or None, figure)


def quarter_scopes(scope: Scope) -> Iterator[Scope]:
    """Yield the scope of each quarter whose point returns count; of a year those that are over."""
    period = scope.period
    counted = period._replace(last=scope.last) if period.is_year else period
    for quarter in reported_quarters(counted):
        yield scope._replace(period=quarter)


def bindings(
    ledger: Ledger, scope: Scope, instead: Sequence[PointTotals] = ()
) -> dict[str, str | int | date | None]:
    """Return the values for conditions, and write the table of totals that replace cases.

    Raises Unclear.
    """
    first, last = scope.period.first, scope.last
    if last < first:
        raise Unclear(
            "{as_of} is before the first day of {period}, {first}.",
            as_of=last,
            period=scope.period.code,
            first=first,
        )
    if instead:
        days = ((each.point.id, day) for each in instead for day in each.days)
        lay_out_rows(ledger, "sent", ("of_point INTEGER", "on_day TEXT"), days)
    return {
        "first": first,
        "last": last,
        "cutoff": cutoff(last, calendar_of(ledger)),
        "point": scope.point.id if scope.point else None,
        "period": scope.period.code,
        "begins": first_day_of_ledger(ledger),
        "as_of": scope.as_of or date.max,
    }


def lay_out_due_days(
    ledger: Ledger, scope: Scope, which: Sequence[str] = ("closed BETWEEN :first AND :last",)
) -> None:
    """Fill the table of due days, from the first day of receipt in one of these ranges."""
    received = " UNION ALL ".join(
        f"SELECT min(received) AS day FROM complaint WHERE {each}" for each in which
    )
    stretch = {"first": scope.period.first, "last": scope.last}
    earliest = single(ledger, f"SELECT min(day) FROM ({received})", stretch)
    days: Iterable[tuple[date, date]] = ()
    if earliest:
        days = due_days(date.fromisoformat(earliest), scope.last, calendar_of(ledger))
    lay_out_rows(ledger, "due_day", ("received TEXT", "due TEXT"), days)


def lay_out_rows(
    ledger: Ledger, table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    """Fill a temporary table anew; its first two columns are its key."""
    key = ", ".join(column.partition(" ")[0] for column in columns[:2])
    places = ", ".join("?" * len(columns))
    definition = f"{table} ({', '.join(columns)}, PRIMARY KEY ({key})) WITHOUT ROWID"
    ledger.execute(f"CREATE TEMP TABLE IF NOT EXISTS {definition}")
    ledger.execute(f"DELETE FROM temp.{table}")
    ledger.executemany(f"INSERT INTO temp.{table} VALUES ({places})", rows)
