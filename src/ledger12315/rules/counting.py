"""The one query that counts, composed from the rows of measures.py for any engine.

A ledger has one station; a county has the facts of all, which facts_query.py counts. Their
relations have the same names, and a point's key is unique among all stations.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from ledger12315.rules.events import EVENTS, Event
from ledger12315.rules.measures import Measure

Groups = Mapping[str, Sequence[Measure]]
"""The requested measures, by their event."""
# Records that the station itself makes about a point are kept.
_POINTS_OWN_RECORDS = "record.kind IN ('inquiry', 'lead', 'major')"


def by_event(measures: Iterable[Measure]) -> dict[str, Sequence[Measure]]:
    """Return the measures of each event."""
    in_order = sorted(measures, key=attrgetter("event"))
    return {name: list(rows) for name, rows in groupby(in_order, attrgetter("event"))}


def measures_by(tables: Collection[str], measures: Iterable[Measure]) -> list[Measure]:
    """Return the measures that change when rows of these tables do."""
    return [each for each in measures if not EVENTS[each.event].tables.isdisjoint(tables)]


def counting_query(groups: Groups, by: str, instead: bool, one: bool) -> str:
    """Return a SELECT of event, type, unit and the event's measures, for each of its ranges.

    `by` names the unit: point, officer, or nothing. See `rows_of`.
    """
    width = max(map(len, groups.values()))
    parts = []
    for name, measures in groups.items():
        event = _joined_with_officers(EVENTS[name]) if by == "officer" else EVENTS[name]
        sums = [sum_where(each.condition, each.value) for each in measures]
        unit, grouped = _grouping_column(event, by)
        head = select_head(name, event.type, {"unit": unit}, sums, width)
        parts += [
            f"{head} FROM {rows} GROUP BY {event.type}{grouped}"
            for rows in rows_of(event, instead, one)
        ]
    return " UNION ALL ".join(parts)


def select_head(
    name: str, type_: str, units: Mapping[str, str], sums: Sequence[str], width: int
) -> str:
    """Return the SELECT of an event's sums, by type and units, with so many columns v0, v1, …"""
    figures = (*sums, *["0"] * (width - len(sums)))
    columns = [f"{column} AS {name}" for name, column in units.items()]
    columns += [f"{figure} AS v{place}" for place, figure in enumerate(figures)]
    return f"SELECT '{name}' AS event, {type_} AS of_type, {', '.join(columns)}"


def sum_where(condition: str, value: str) -> str:
    """Return SQL that sums a value where a condition holds."""
    # Cast: in some engines a sum of ones has another type than a sum of a column.
    return f"CAST(sum(CASE WHEN {condition} THEN {value} ELSE 0 END) AS BIGINT)"


def _grouping_column(event: Event, by: str) -> tuple[str, str]:
    """Return the column to group an event by, and its GROUP BY."""
    if not by:
        return "''", ""
    if by == "point":
        # The + keeps SQLite from scanning all complaints by point to avoid sorting.
        return event.point, f", +{event.point}"
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
