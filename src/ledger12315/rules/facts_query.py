"""The query that counts facts, composed for any engine from the rows of measures.py.

It has no parameter: the days of each return are in the table `period`. A return's own row has an
empty `quarter`; another row is each quarter whose point returns count in it.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date

from ledger12315.rules.counting import by_event, rows_of, select_head, sum_where
from ledger12315.rules.events import COMPLAINTS, EVENTS, WITH_DUE_DAY
from ledger12315.rules.measures import MEASURES
from ledger12315.rules.periods import Period, reported_quarters

MEASURES_BY_EVENT = by_event(MEASURES.values())
MEASURES_BY_EVENT["owing"] = MEASURES_BY_EVENT.pop("owing")
"""The measures by event, in the order of their columns: what is owed comes last."""
OF_EXPORT = ("period", "station")
"""The columns that tell the returns in a county's export apart; a store has their number."""
# A unit of facts -> the column of its name.
_NAME_COLUMNS = {"station": "name", "county": "county_name"}
# What a condition of events.py is given, each station's own where they differ. The last day of
# receipt that is overdue depends on a station's days, which `due` knows.
_FACT_VALUES = {
    "first": "period.first_day",
    "last": "period.last_day",
    "period": "period.quarter",
    "begins": "point.begins",
    "cutoff": "(CASE WHEN complaint.due < period.last_day THEN complaint.received END)",
}


def period_days(period: Period) -> Iterator[tuple[str, date, date]]:
    """Yield the rows of a return in the table `period`: quarter, first and last day."""
    yield "", period.first, period.last
    for quarter in reported_quarters(period):
        yield quarter.code, quarter.first, quarter.last


def counted_sql(by: str, scope: Sequence[str], empty: Container[str] = ()) -> str:
    """Return SQL that counts facts: a row is an event, a type and a unit.

    The unit is the column `by`, or nothing. The columns after it are the measures of the event.
    `scope` are the columns that tell returns apart. Events of `empty` tables are left out, since
    planning them takes longer than counting.
    """
    return "\nUNION ALL\n".join(_counting_queries(by, scope, empty))


def facts_query(by: str, scope: Sequence[str] = OF_EXPORT) -> str:
    """Return the whole query over facts: `counted_sql` with a column for each measure.

    A row is a period, a unit and a type, without a period if it is not in the scope. Stations and
    counties also have their names, from the table `station`.
    """
    sums = {
        each.key: sum_where(f"event = '{name}'", f"v{place}")
        for name, measures in MEASURES_BY_EVENT.items()
        for place, each in enumerate(measures)
    }
    figures = ",\n       ".join(f"{figure} AS {key}" for key, figure in sums.items())
    units = ", ".join(_unit_columns("", by, scope))
    whole = f"""WITH counted AS (
{counted_sql(by, scope)}
), figures AS (
SELECT {units}, of_type,
       {figures}
FROM counted GROUP BY {units}, of_type
)"""
    if by not in _NAME_COLUMNS or "period" not in scope:
        return f"{whole}\nSELECT * FROM figures ORDER BY {units}, of_type"
    return f"""{whole}, names AS (
SELECT period AS named_in, {by} AS named, min({_NAME_COLUMNS[by]}) AS name
FROM station GROUP BY period, {by}
)
SELECT {units}, name, of_type,
       {", ".join(sums)}
FROM figures LEFT JOIN names ON named = unit AND named_in = period
ORDER BY {units}, of_type"""


def _unit_columns(table: str, by: str, scope: Sequence[str]) -> Mapping[str, str]:
    """Return the columns by which a table is grouped, by their names in the result."""
    period = {"period": f"{table}.period"} if "period" in scope else {}
    return period | {"unit": f"{table}.{by}" if by else "''"}


def _counting_queries(by: str, scope: Sequence[str], empty: Container[str]) -> Iterator[str]:
    """Yield the SQL that counts each event, then the totals of points."""
    width = max(map(len, MEASURES_BY_EVENT.values()))
    for name, measures in MEASURES_BY_EVENT.items():
        event, sums = EVENTS[name], [sum_where(each.condition, each.value) for each in measures]
        # No index has ranges here, and each would be read and joined by itself.
        event = event._replace(when=(_any_of(event.when),))
        for rows in rows_of(event, "sent" not in empty) if event.table not in empty else ():
            source = _joined_source(rows, scope, name == "owing")
            yield _select_facts(name, event.type, source, sums, by, scope, width)
    for name, measures in MEASURES_BY_EVENT.items() if "totals" not in empty else ():
        sums = [sum_where(f"totals.measure = '{each.key}'", "totals.figure") for each in measures]
        if any(each.code for each in measures):
            source = _joined_source("totals WHERE 1 = 1", scope)
            yield _select_facts(name, "totals.type", source, sums, by, scope, width)


def _any_of(conditions: Sequence[str]) -> str:
    """Return the SQL condition for rows of any of these."""
    first, *others = conditions
    return f"({first} OR {' OR '.join(others)})" if others else first


def _joined_source(rows: str, scope: Sequence[str], of_quarters: bool = False) -> str:
    """Return what stands after FROM, each joined row being of the same return."""
    # A case among facts includes its due day and derived values.
    rows = rows.replace(WITH_DUE_DAY, "complaint").replace(COMPLAINTS, "complaint")
    # However late a point's return came, it is a fact.
    rows = rows.replace(" AND point_return.day <= :as_of", "")
    rows = rows.replace("point_return.period", "point_return.quarter")
    table = rows.partition(" ")[0]

    # A point's key begins with its station's, so that one column more is enough.
    rows = re.sub(r"JOIN (\w+) ON", rf"JOIN \1 ON \1.{scope[0]} = {table}.{scope[0]} AND", rows)
    same = " AND ".join(f"period.{each} = {table}.{each}" for each in scope)
    rows = rows.replace(table, f"{table} JOIN period ON {same}", 1)
    kind = "<>" if of_quarters else "="
    return rows.replace(" WHERE ", f" WHERE period.quarter {kind} '' AND ", 1)


def _select_facts(
    name: str,
    type_: str,
    source: str,
    sums: Sequence[str],
    by: str,
    scope: Sequence[str],
    width: int,
) -> str:
    units = _unit_columns(source.partition(" ")[0], by, scope)
    grouped = ", ".join([type_, *(each for each in units.values() if each != "''")])
    query = f"{select_head(name, type_, units, sums, width)} FROM {source} GROUP BY {grouped}"
    return re.sub(r":(\w+)", lambda given: _FACT_VALUES[given[1]], query)
