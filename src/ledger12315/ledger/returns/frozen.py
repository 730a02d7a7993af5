"""What was submitted, as it was handed in. Domain 5."""

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from ledger12315.errors import Unusable
from ledger12315.ledger.figures import Scope
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import row_after
from ledger12315.rules.measures import COLUMNS, MEASURES, Figures
from ledger12315.rules.periods import Period, parse_period
from ledger12315.rules.returns import OF_POINTS


class Frozen(NamedTuple):
    """What was submitted on a day, as of an act; the period as it was read then.

    `head` is that of the act that froze it, which its receipt tells, `sha256` its workbook's.
    """

    period: Period
    figures: Figures
    content: bytes
    day: date
    act: int
    submission: int
    settings: Mapping[str, str]
    head: str
    sha256: str


def annual_reading(ledger: Ledger, period: str = "____A") -> tuple[str, str] | None:
    """Return the last annual return that stands and how it read the year, or that of a period."""
    query = """
        SELECT period, json_extract(settings, '$.annual_period') FROM submission
        WHERE withdrawn IS NULL AND period LIKE ? ORDER BY period DESC LIMIT 1"""
    row = ledger.execute(query, (period,)).fetchone()
    return (row[0], row[1]) if row else None


def frozen(ledger: Ledger, scope: Scope, form: int = OF_POINTS) -> Frozen | None:
    """Return what was submitted of a whole period, of the station or a point.

    None stands for nothing, or what was withdrawn. Raises Unusable where it is not as it was.
    """
    if scope.as_of:
        return None
    query = """
        SELECT submission.*, submitted.*, submitted.id AS handed_in, file.content,
            (SELECT act.head FROM change JOIN act ON act.id = change.act_id
             WHERE table_name = 'submission' AND row_id = submission.id AND made) AS sealed
        FROM submission JOIN submitted ON submitted.submission_id = submission.id
        LEFT JOIN file ON file.sha256 = submitted.sha256
        WHERE withdrawn IS NULL AND period = ? AND form = ? AND point_id IS ?"""
    whose = scope.point.id if scope.point else None
    which = (scope.period.code, form, whose)
    demand_kept(ledger)
    row = ledger.execute(query, which).fetchone()
    if row is None and not ledger.execute(_HANDED_IN, which).fetchone():
        return None
    if row is None or not _as_handed_in(ledger, row):
        raise _damaged(scope.period.code)
    settings_ = json.loads(row["settings"])
    last = date.fromisoformat(row["last"])
    return Frozen(
        parse_period(row["period"], settings_["annual_period"], last),
        figures_told(json.loads(row["figures"])),
        row["content"],
        date.fromisoformat(row["day"]),
        row["act"],
        row["id"],
        settings_,
        row["sealed"],
        row["sha256"],
    )


# Periods of returns that the history has, and the ledger lacks or has otherwise.
_LOST = """
    SELECT json_extract(common, '$.period') FROM change
    WHERE table_name = 'submission' AND made AND row_id NOT IN (SELECT id FROM submission)
    UNION ALL
    SELECT period FROM change CROSS JOIN submission
        ON submission.id = json_extract(common, '$.submission_id')
    WHERE table_name = 'submitted' AND made AND row_id NOT IN (SELECT id FROM submitted)
    UNION ALL
    SELECT max(json_extract(common, '$.period')) FILTER (WHERE made) AS was
    FROM submission JOIN change ON table_name = 'submission' AND row_id = submission.id
    GROUP BY submission.id
    HAVING was IS NOT period OR withdrawn IS NOT
        max(json_extract(common, '$.withdrawn[1]')) FILTER (WHERE NOT made)"""
# Whether a form went in with a period's return, whatever stands in its row now.
_HANDED_IN = """
    SELECT 1 FROM submission
    JOIN change AS whole ON whole.table_name = 'submission' AND whole.row_id = submission.id
    JOIN change AS one ON one.table_name = 'submitted' AND one.act_id = whole.act_id
    WHERE withdrawn IS NULL AND period = ? AND whole.made
        AND json_extract(one.common, '$.form') = ?
        AND json_extract(one.common, '$.point_id') IS ?"""


def demand_kept(ledger: Ledger) -> None:
    """Raise Unusable where a return of the history is not in the ledger as it was submitted."""
    if lost := ledger.execute(_LOST).fetchone():
        raise _damaged(lost[0])


def _damaged(period: str) -> Unusable:
    return Unusable(
        "What was submitted of {period} is not in the ledger as it was handed in, so the"
        " ledger is damaged. Restore a backup: ledger12315 ledger restore FILE",
        period=period,
    )


def _as_handed_in(ledger: Ledger, row: Any) -> bool:
    told: dict[str, Any] = {}
    for table, row_id in (("submission", row["id"]), ("submitted", row["handed_in"])):
        query = "SELECT made, common FROM change WHERE table_name = ? AND row_id = ? ORDER BY id"
        told |= row_after(ledger.execute(query, (table, row_id)))
    del told["id"]
    alike = all(row[key] == value for key, value in told.items())
    return alike and sha256(row["content"] or b"").hexdigest() == row["sha256"]


def figures_told(told: Mapping[str, Mapping[str, int]]) -> Figures:
    return {
        key: {column: told.get(key, {}).get(column, 0) for column in COLUMNS} for key in MEASURES
    }
