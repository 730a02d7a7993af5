"""The one query that counts, composed from the rows of measures.py for whatever engine has them.

In the ledger it is of one station, in a county of all stations' published facts: the relations are
named alike, and a point has a key that no other point has.
"""

from collections.abc import Iterator, Mapping, Sequence

from ledger12315.rules.measures import EVENTS, Event, Measure

# What the station itself records of a point stays.
_OF_POINTS = "record.kind IN ('inquiry', 'lead', 'major')"


def counting(
    groups: Mapping[str, Sequence[Measure]], by: str = "", instead: bool = False, one: bool = False
) -> str:
    """Return a SELECT of event, type, unit and the event's measures, for each of its ranges.

    `by` is what the unit is: point, station, county, or nothing. See `rows_of`.
    """
    width = max(map(len, groups.values()))
    parts = []
    for name, measures in groups.items():
        event = EVENTS[name]
        sums = [
            f"sum(CASE WHEN {each.condition} THEN {each.value} ELSE 0 END)" for each in measures
        ]
        columns = ", ".join(
            f"{figure} AS v{place}"
            for place, figure in enumerate([*sums, *["0"] * (width - len(sums))])
        )
        unit, grouped = _unit(event, by)
        head = f"SELECT '{name}' AS event, {event.type} AS of_type, {unit} AS unit, {columns}"
        parts += [
            f"{head} FROM {rows} GROUP BY {event.type}{grouped}"
            for rows in rows_of(event, instead, one)
        ]
    return " UNION ALL ".join(parts)


def _unit(event: Event, by: str) -> tuple[str, str]:
    """Return what an event is counted by, and how it is grouped by it."""
    if not by:
        return "''", ""
    if by != "point":
        column = event.point.replace("point_id", by)
        return column, f", {column}"
    # The sign keeps SQLite from walking all complaints by point, to save itself the sorting.
    return event.point, f", +{event.point}"


def rows_of(event: Event, instead: bool = False, one: bool = False) -> Iterator[str]:
    """Yield each range of an event's rows, as what stands behind FROM.

    Where totals stand `instead`, `sent` has each point's days for which they do, and these rows
    are left out; where only `one` point is asked for, so are those of others.
    """
    source, more = event.source, ""
    if instead and event.sent:
        source += (
            f" LEFT JOIN sent ON sent.of_point = {event.point} AND sent.on_day = {event.sent}"
        )
        more = " AND sent.of_point IS NULL"
        if event.source == "record":
            more = f" AND (sent.of_point IS NULL OR NOT {_OF_POINTS})"
    if one:
        more += f" AND {of_point(event)}"
    for when in event.when:
        yield f"{source} WHERE {when}{more}"


def of_point(event: Event) -> str:
    """Return the condition that rows are of the one point that is asked for."""
    return f"(:point IS NULL OR {event.point} = :point)"
