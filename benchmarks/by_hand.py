"""Attachment 6 of a county's store by SQL that a person writes for DuckDB, to compare with.

`python -m benchmarks.by_hand STORE type|station` prints its rows as JSON. It counts each measure
of whatever a quarter's facts may hold, and each table once. The command adds up what the returns
state: it reads each return and checks its seal, and each value of the facts, to see that none has
changed since they were counted.
"""

import json
import sys
from typing import Any

import duckdb

from ledger12315.rules.measures import ATTACHMENT6, MEASURES
from ledger12315.rules.periods import parse_period

PERIOD = parse_period("2026Q3")
FIRST, LAST = f"DATE '{PERIOD.first}'", f"DATE '{PERIOD.last}'"
_KINDS = {
    "inquiries": "inquiry",
    "leads": "lead",
    "major_matters": "major",
    "visits": "visit",
    "meetings": "meeting",
    "trainings": "training",
    "notices": "notice",
    "interviews": "interview",
}
_RATES = {
    "settled_rate": ("settled + mediated + withdrawn", "closed"),
    "mediation_success_rate": ("mediated", "mediation_closed"),
    "satisfaction_rate": ("satisfied", "rated"),
}
_RECORDS = ", ".join(
    f"sum(count) FILTER (kind = '{kind}') AS {key}" for key, kind in _KINDS.items()
)
_TOTALS = ", ".join(f"sum(figure) FILTER (measure = '{key}') AS {key}" for key in MEASURES)
_SENT = "NOT EXISTS (FROM facts.sent WHERE sent.hand_in = {0}.hand_in AND of_point = point_id"
_VALID = "{0}.since <= {1} AND ({0}.until IS NULL OR {0}.until > {1})"


def _unsent(table: str, day: str) -> str:
    return f"{_SENT.format(table)} AND on_day = {day})"


def by_hand(unit: str) -> str:
    """Return the query; a row is a unit and a type."""
    of = "station" if unit == "station" else "''"
    held = f"{_VALID.format('point_type', LAST)} AND {_VALID.format('held', LAST)}"
    return f"""
WITH latest AS (
    SELECT max(id) AS hand_in FROM kept
    WHERE kind = 'facts' AND period = '{PERIOD.code}' GROUP BY station
), one_case AS (
    SELECT *,
        received BETWEEN {FIRST} AND {LAST} AND {_unsent("complaint", "received")} AS came,
        coalesce(closed BETWEEN {FIRST} AND {LAST} AND {_unsent("complaint", "closed")}, false)
            AS ended,
        coalesce(escalated BETWEEN {FIRST} AND {LAST}
            AND {_unsent("complaint", "escalated")}, false) AS passed_on,
        received < {FIRST} AND (closed IS NULL OR closed >= {FIRST})
            AND {_unsent("complaint", FIRST)} AS open_before,
        received <= {LAST} AND (closed IS NULL OR closed > {LAST})
            AND {_unsent("complaint", LAST)} AS open_after
    FROM facts.complaint JOIN latest USING (hand_in) WHERE voided IS NULL
), one_point AS (
    SELECT point_type.*, point.since AS set_up, point_return.day AS returned,
        point_type.until IS NULL OR point_type.until > point_type.since AS lasted,
        point_type.since <= {LAST} AND {LAST} >= begins
            AND (point_type.until IS NULL OR point_type.until > {FIRST} AND lasted
                AND (point_type.until > {LAST} OR point_type.until = retired)) AS owes
    FROM facts.point_type JOIN latest USING (hand_in)
    JOIN facts.point ON point.hand_in = point_type.hand_in AND id = point_id
    LEFT JOIN facts.point_return ON point_return.hand_in = point_type.hand_in
        AND point_return.point_id = point_type.point_id AND quarter = '{PERIOD.code}'
), every AS (
    SELECT {of} AS unit, type,
        count(*) FILTER (open_before) AS open_start,
        count(*) FILTER (came) AS received,
        count(*) FILTER (came AND source = 'direct') AS received_direct,
        count(*) FILTER (came AND source = 'referred') AS received_referred,
        count(*) FILTER (came AND source = 'other') AS received_other,
        count(*) FILTER (came AND kind = 'goods') AS received_goods,
        count(*) FILTER (came AND kind = 'service') AS received_service,
        count(*) FILTER (came AND kind = 'other') AS received_other_kind,
        count(*) FILTER (ended) AS closed,
        count(*) FILTER (ended AND outcome = 'settled') AS settled,
        count(*) FILTER (ended AND outcome = 'advised') AS advised,
        count(*) FILTER (ended AND outcome IN ('mediated', 'mediation_failed'))
            AS mediation_closed,
        count(*) FILTER (ended AND outcome = 'mediated') AS mediated,
        count(*) FILTER (ended AND outcome IN ('withdrawn', 'unreachable', 'other'))
            AS closed_other,
        count(*) FILTER (ended AND outcome = 'withdrawn') AS withdrawn,
        count(*) FILTER (open_after) AS open_end,
        count(*) FILTER (open_after AND due < {LAST}
            AND (escalated IS NULL OR escalated > {LAST})) AS overdue_end,
        count(*) FILTER (ended AND (closed <= due OR escalated <= due)) AS closed_on_time,
        count(*) FILTER (passed_on) AS escalated,
        sum(disputed) FILTER (came) AS disputed,
        sum(recovered) FILTER (ended) AS recovered,
        count(rating) FILTER (ended) AS rated,
        count(*) FILTER (ended AND rating IN ('satisfied', 'basic')) AS satisfied,
        count(*) FILTER (ended AND recovered IS NULL) AS recovered_unstated
    FROM one_case GROUP BY ALL
    UNION ALL BY NAME
    SELECT {of} AS unit, type, {_RECORDS} FROM facts.record JOIN latest USING (hand_in)
    WHERE voided IS NULL AND day BETWEEN {FIRST} AND {LAST}
        AND (kind NOT IN ('inquiry', 'lead', 'major') OR {_unsent("record", "day")})
    GROUP BY ALL
    UNION ALL BY NAME
    SELECT {of} AS unit, type,
        count(*) FILTER (since < {FIRST} AND (until IS NULL OR until >= {FIRST})) AS points_start,
        count(*) FILTER (since BETWEEN {FIRST} AND {LAST} AND lasted) AS points_new,
        count(*) FILTER (since BETWEEN {FIRST} AND {LAST} AND lasted AND since > set_up)
            AS type_changes,
        count(*) FILTER (until BETWEEN {FIRST} AND {LAST} AND lasted) AS points_retired,
        count(*) FILTER (since <= {LAST} AND (until IS NULL OR until > {LAST})) AS points_end,
        count(*) FILTER (owes) AS returns_due,
        count(returned) FILTER (owes) AS returns_made
    FROM one_point GROUP BY ALL
    UNION ALL BY NAME
    SELECT {of.replace("station", "held.station")} AS unit, type,
        count(*) FILTER (level = 'provincial') AS demo_provincial,
        count(*) FILTER (level = 'municipal') AS demo_municipal
    FROM facts.demonstration AS held JOIN latest USING (hand_in)
    JOIN facts.point_type ON point_type.hand_in = held.hand_in
        AND point_type.point_id = held.point_id
    WHERE {held} GROUP BY ALL
    UNION ALL BY NAME
    SELECT {of.replace("station", "held.station")} AS unit, type, count(*) AS liaisons
    FROM facts.contact AS held JOIN latest USING (hand_in)
    JOIN facts.point_type ON point_type.hand_in = held.hand_in
        AND point_type.point_id = held.point_id
    WHERE role = 'liaison' AND {held} GROUP BY ALL
    UNION ALL BY NAME
    SELECT {of} AS unit, type, {_TOTALS} FROM facts.totals JOIN latest USING (hand_in)
    GROUP BY ALL
)
SELECT unit, coalesce(type, 'total') AS type,
    {", ".join(f"coalesce(sum({key}), 0)::BIGINT AS {key}" for key in MEASURES)}
FROM every GROUP BY GROUPING SETS ((unit, type), (unit)) ORDER BY unit, type"""


def attachment6(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as the form has it: its columns, rates, and amounts in yuan."""
    if row["type"] == "total":
        row["points_new"] -= row["type_changes"]
        row["points_retired"] -= row["type_changes"]
    for key in ("disputed", "recovered"):
        row[key] = f"{row[key] // 100}.{row[key] % 100:02}"
    for key, (part, whole) in _RATES.items():
        of, made = row[whole], sum(row[each] for each in part.split(" + "))
        share = (20_000 * made + of) // (2 * of) if of else 0  # 0.01 %, half up
        percent = f"{share // 100}.{share % 100:02}" if of else None
        row[key] = {"numerator": made, "denominator": of, "percent": percent}
    return {key: row[key] for key in ("unit", "type", *ATTACHMENT6)}


def main(store: str, unit: str) -> None:
    """Print the rows of Attachment 6."""
    with duckdb.connect(store, read_only=True) as duck:
        found = duck.execute(by_hand(unit))
        names = [column[0] for column in found.description]
        rows = [attachment6(dict(zip(names, row, strict=True))) for row in found.fetchall()]
        named = "SELECT station, document->>'station' FROM kept WHERE kind = 'return'"
        names_of = dict(duck.execute(named).fetchall())
    print(json.dumps([row | {"name": names_of.get(row["unit"])} for row in rows]))


if __name__ == "__main__":
    main(*sys.argv[1:])
