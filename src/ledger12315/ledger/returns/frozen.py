"""What was submitted, as it was handed in. Domain 5."""

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from ledger12315.errors import Unusable
from ledger12315.ledger.figures import Scope
from ledger12315.ledger.store import Ledger
from ledger12315.rules.measures import COLUMNS, MEASURES, Figures
from ledger12315.rules.periods import Period, parse_period
from ledger12315.rules.returns import CORRECTED


class Frozen(NamedTuple):
    """What was submitted on a day, as of an act; the period as it was read then."""

    period: Period
    figures: Figures
    content: bytes
    day: date
    act: int
    submission: int
    settings: Mapping[str, str]


def annual_reading(ledger: Ledger, period: str = "____A") -> tuple[str, str] | None:
    """Return the last annual return that stands and how it read the year, or that of a period."""
    query = """
        SELECT period, json_extract(settings, '$.annual_period') FROM submission
        WHERE withdrawn IS NULL AND period LIKE ? ORDER BY period DESC LIMIT 1"""
    row = ledger.execute(query, (period,)).fetchone()
    return (row[0], row[1]) if row else None


def frozen(ledger: Ledger, scope: Scope, form: int = CORRECTED.number) -> Frozen | None:
    """Return what was submitted of a whole period, of the station or a point.

    None stands for nothing, or what was withdrawn. Raises Unusable where it is not as it was.
    """
    if scope.as_of:
        return None
    query = """
        SELECT submission.*, submitted.id AS handed_in, submitted.figures, submitted.sha256,
            file.content
        FROM submission JOIN submitted ON submitted.submission_id = submission.id
        LEFT JOIN file ON file.sha256 = submitted.sha256
        WHERE withdrawn IS NULL AND period = ? AND form = ? AND point_id IS ?"""
    whose = scope.point.id if scope.point else None
    row = ledger.execute(query, (scope.period.code, form, whose)).fetchone()
    if ledger.execute(_LOST).fetchone() or not (row is None or _as_handed_in(ledger, row)):
        raise Unusable(
            "What was submitted of {period} is not in the ledger as it was handed in, so the"
            " ledger is damaged. Restore a backup: ledger12315 ledger restore FILE",
            period=scope.period.code,
        )
    if row is None:
        return None
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
    )


# Rows of returns that the history has and the ledger lacks.
_LOST = " UNION ALL ".join(
    f"SELECT 1 FROM change WHERE table_name = '{table}'"
    f" AND row_id NOT IN (SELECT id FROM main.{table})"
    for table in ("submission", "submitted")
)


def _as_handed_in(ledger: Ledger, row: Any) -> bool:
    query = "SELECT common FROM change WHERE table_name = 'submitted' AND row_id = ? AND made"
    [common] = ledger.execute(query, (row["handed_in"],)).fetchone() or ("{}",)
    told = json.loads(common)
    alike = (told.get("figures"), told.get("sha256")) == (row["figures"], row["sha256"])
    return alike and sha256(row["content"] or b"").hexdigest() == row["sha256"]


def packed(found: Figures) -> dict[str, dict[str, int]]:
    """Return figures without what is 0: a measure that a newer program adds was none."""
    filled = {
        key: {column: figure for column, figure in row.items() if figure}
        for key, row in found.items()
    }
    return {key: row for key, row in filled.items() if row}


def figures_told(told: Mapping[str, Mapping[str, int]]) -> Figures:
    return {
        key: {column: told.get(key, {}).get(column, 0) for column in COLUMNS} for key in MEASURES
    }
