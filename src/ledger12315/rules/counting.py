"""The one query that counts, composed from the rows of measures.py for any engine.

A ledger has one station; a county has the facts of all. Their relations have the same
names, and a point's key is unique among all stations, so the SQL is portable.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter

from ledger12315.rules.events import COMPLAINTS, EVENTS, WITH_DUE_DAY, Event
from ledger12315.rules.measures import MEASURES, Measure
from ledger12315.rules.periods import Period, reported_quarters

Groups = Mapping[str, Sequence[Measure]]
"""The requested measures, by their event."""
# A unit of facts -> the column of its name.
_NAME_COLUMNS = {"station": "name", "county": "county_name"}
# Records that the station itself makes about a point are kept.
_POINTS_OWN_RECORDS = "record.kind IN ('inquiry', 'lead', 'major')"


def by_event(measures: Iterable[Measure]) -> dict[str, Sequence[Measure]]:
    """Return the measures of each event."""
    in_order = sorted(measures, key=attrgetter("event"))
    return {name: list(rows) for name, rows in groupby(in_order, attrgetter("event"))}


def counting_query(
    groups: Groups, by: str, instead: bool = False, one: bool = False, width: int = 0
) -> str:
    """Return a SELECT of event, type, unit and the event's measures, for each of its ranges.

    `by` names the unit: point, officer, station, county, or nothing. The query has at
    least `width` measures. See `rows_of`.
    """
    width = max(width, *map(len, groups.values()))
    parts = []
    for name, measures in groups.items():
        event = _joined_with_officers(EVENTS[name]) if by == "officer" else EVENTS[name]
        sums = [_sum_where(each.condition, each.value) for each in measures]
        unit, grouped = _grouping_column(event, by)
        head = _select_head(name, event.type, unit, sums, width)
        parts += [
            f"{head} FROM {rows} GROUP BY {event.type}{grouped}"
            for rows in rows_of(event, instead, one)
        ]
    return " UNION ALL ".join(parts)


def _select_head(name: str, type_: str, unit: str, sums: Sequence[str], width: int) -> str:
    figures = (*sums, *["0"] * (width - len(sums)))
    columns = ", ".join(f"{figure} AS v{place}" for place, figure in enumerate(figures))
    return f"SELECT '{name}' AS event, {type_} AS of_type, {unit} AS unit, {columns}"


def _sum_where(condition: str, value: str) -> str:
    # Cast: in some engines a sum of ones has another type than a sum of a column.
    return f"CAST(sum(CASE WHEN {condition} THEN {value} ELSE 0 END) AS BIGINT)"


def _grouping_column(event: Event, by: str) -> tuple[str, str]:
    """Return the column to group an event by, and its GROUP BY."""
    if not by:
        return "''", ""
    if by == "point":
        # The + keeps SQLite from scanning all complaints by point to avoid sorting.
        return event.point, f", +{event.point}"
    column = event.point.replace("point_id", by)
    if by == "officer":
        column = f"coalesce(office.spell, -{event.point})"
    return column, f", {column}"


def _joined_with_officers(event: Event) -> Event:
    """Return an event joined with the officer of the day, from the table `office`."""
    on = f"{event.day} >= office.since AND {event.day} < office.until"
    joined = f"{event.source} LEFT JOIN office ON office.of_point = {event.point} AND {on}"
    return event._replace(source=joined)


def rows_of(event: Event, instead: bool, one: bool = False) -> Iterator[str]:
    """Yield each range of an event's rows, as the SQL after FROM.

    `instead` leaves out the rows of days that points' totals cover, which are in the table `sent`;
    `one` leaves out the rows of other points.
    """
    source, more = event.source, ""
    if instead and event.day:
        source += f" LEFT JOIN sent ON sent.of_point = {event.point} AND sent.on_day = {event.day}"
        # ClickHouse fills what a LEFT JOIN does not find with '' and not with NULL.
        alone = "coalesce(sent.of_point, '') = ''"
        more = f" AND {alone}"
        if event.source == "record":
            more = f" AND ({alone} OR NOT {_POINTS_OWN_RECORDS})"
    if one:
        more += f" AND {point_condition(event)}"
    for when in event.when:
        yield f"{source} WHERE {when}{more}"


def point_condition(event: Event) -> str:
    """Return the SQL condition for rows of the requested point."""
    return f"(:point IS NULL OR {event.point} = :point)"


def facts_query(period: Period, by: str, empty: Container[str] = ()) -> str:
    """Return the whole query over a period's facts, without parameters.

    A row is a unit, `by` a column of every table or nothing, and a type; each measure is a column.
    Stations and counties also have their names, from the table `station`. Events of `empty`
    tables are left out, since planning them takes longer than counting.
    """
    groups = by_event(MEASURES.values())
    groups["owing"] = groups.pop("owing")  # its columns come last
    counted = "\nUNION ALL\n".join(_counted_facts(groups, period, by, empty))
    sums = {
        each.key: _sum_where(f"event = '{name}'", f"v{place}")
        for name, measures in groups.items()
        for place, each in enumerate(measures)
    }
    figures = ",\n       ".join(f"{figure} AS {key}" for key, figure in sums.items())
    whole = f"""WITH counted AS (
{counted}
), figures AS (
SELECT unit, of_type,
       {figures}
FROM counted GROUP BY unit, of_type
)"""
    if by not in _NAME_COLUMNS:
        return f"{whole}\nSELECT * FROM figures ORDER BY unit, of_type"
    return f"""{whole}, names AS (
SELECT {by} AS named, min({_NAME_COLUMNS[by]}) AS name FROM station GROUP BY {by}
)
SELECT unit, name, of_type,
       {", ".join(sums)}
FROM figures LEFT JOIN names ON named = unit ORDER BY unit, of_type"""


def _counted_facts(
    groups: Groups, period: Period, by: str, empty: Container[str]
) -> Iterator[str]:
    """Yield the SQL that counts a period's cases, then its returns and the totals of points."""
    width = max(map(len, groups.values()))
    others = {name: each for name, each in groups.items() if name != "owing"}
    rest = {name: each for name, each in others.items() if EVENTS[name].table not in empty}
    # A case among facts includes its due day and derived values.
    whole = counting_query(rest or others, by, "sent" not in empty, width=width)
    whole = whole.replace(WITH_DUE_DAY, "complaint").replace(COMPLAINTS, "complaint")
    yield _with_values(whole, period)
    if EVENTS["owing"].table not in empty:
        for quarter in reported_quarters(period):
            yield _with_values(
                counting_query({"owing": groups["owing"]}, by, width=width), quarter
            )
    if "totals" not in empty:
        yield from _totals_queries(others, by, width)


def _totals_queries(groups: Groups, by: str, width: int) -> Iterator[str]:
    """Yield the SQL of totals for each event that has measures of points."""
    unit, grouped = (f"totals.{by}", f", totals.{by}") if by else ("''", "")
    for name, measures in groups.items():
        sums = [_sum_where(f"totals.measure = '{each.key}'", "totals.figure") for each in measures]
        if any(each.code for each in measures):
            head = _select_head(name, "totals.type", unit, sums, width)
            yield f"{head} FROM totals GROUP BY totals.type{grouped}"


def _with_values(query: str, period: Period) -> str:
    """Return a query with values for its parameters, each station's own where they differ."""
    last = _sql_date(period.last)
    values = {
        "first": _sql_date(period.first),
        "last": last,
        "period": f"'{period.code}'",
        # A county counts all submitted facts, however late a return came.
        "as_of": _sql_date(date(2299, 12, 31)),
        "begins": "point.begins",
        # The last day of receipt that is overdue depends on a station's own days; `due` knows it.
        "cutoff": f"(CASE WHEN complaint.due < {last} THEN complaint.received END)",
    }
    return re.sub(r":(\w+)", lambda name: values[name[1]], query)


def _sql_date(day: date) -> str:
    return f"DATE '{day}'"
