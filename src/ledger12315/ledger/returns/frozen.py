"""Submitted returns, read back as they were submitted."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from ledger12315.errors import Unusable
from ledger12315.ledger.audit.past import as_of_act, rows_unlike_history
from ledger12315.ledger.figures import Scope, figures
from ledger12315.ledger.store import Ledger, sha256, single
from ledger12315.rules.measures import COLUMNS, MEASURES, POINT_FORM, STATION_FORM, Figures
from ledger12315.rules.periods import Period, parse_period


class Frozen(NamedTuple):
    """A form of a `submission`, by its id, as of an act, with the period as read then.

    `content` is its workbook, of digest `sha256`, or None for a form that the return did not
    include. `head` is that of the act that froze it, as on its receipt, `schema` the ledger's at
    that time.
    """

    submission: int
    period: Period
    figures: Figures
    content: bytes | None
    moment: datetime
    act: int
    schema: int
    settings: Mapping[str, str]
    head: str
    sha256: str

    @property
    def day(self) -> date:
        """The day of submission."""
        return self.moment.date()


def annual_reading(ledger: Ledger, period: str = "____A") -> tuple[str, str] | None:
    """Return the period and annual_period of the last valid annual return, or of this period's."""
    query = """
        SELECT period, json_extract(settings, '$.annual_period') FROM submission
        WHERE withdrawn IS NULL AND period LIKE ? ORDER BY period DESC LIMIT 1"""
    row = ledger.execute(query, (period,)).fetchone()
    return (row[0], row[1]) if row else None


def frozen_form(ledger: Ledger, scope: Scope, number: int = POINT_FORM) -> Frozen | None:
    """Return a form of a whole period as submitted, of the station or a point.

    A point's figures are those of its Attachment 3. If the return has none, they are counted as of
    its act. None means that nothing was submitted, or that it was withdrawn. Raises Unusable if it
    has been altered.
    """
    if scope.as_of:
        return None
    if not scope.point:
        return _kept_form(ledger, scope, number)
    if kept := _kept_form(ledger, scope, POINT_FORM):
        return kept if number == POINT_FORM else kept._replace(content=None)
    was = _kept_form(ledger, scope._replace(point=None), STATION_FORM)
    if was is None:
        return None
    with as_of_act(ledger, was.act):
        counted = figures(ledger, scope._replace(period=was.period))
    return was._replace(figures=counted, content=None)


def _kept_form(ledger: Ledger, scope: Scope, number: int) -> Frozen | None:
    which = (scope.period.code, number, scope.point.id if scope.point else None)
    if not (found := submitted_rows(ledger, *which)):
        return None
    [row] = found
    content = single(ledger, "SELECT content FROM file WHERE sha256 = ?", (row["sha256"],))
    if sha256(content or b"").hexdigest() != row["sha256"]:
        raise _damaged_submission(scope.period.code)
    return frozen_of(row, content)


def frozen_of(row: Any, content: bytes | None = None) -> Frozen:
    """Return the form of a row, as it was submitted."""
    settings = json.loads(row["settings"])
    last = date.fromisoformat(row["last"])
    return Frozen(
        row["submission_id"],
        parse_period(row["period"], settings["annual_period"], last),
        kept_figures(json.loads(row["figures"])),
        content,
        datetime.fromisoformat(row["entered"]),
        row["act"],
        row["schema"],
        settings,
        row["sealed"],
        row["sha256"],
    )


def scope_and_submission(
    ledger: Ledger, scope: Scope, number: int, today: date, live: bool
) -> tuple[Scope, Frozen | None]:
    """Return the scope of a form, and its submission if there is one.

    With a submission, the period has the days that it had then. Without one, or with `live`, an
    unfinished period ends today.
    """
    was = None if live else frozen_form(ledger, scope, number)
    return (scope._replace(period=was.period) if was else scope.upto(today)), was


_FORM_ROWS = """
    SELECT submission.*, submitted.*, act.head AS sealed
    FROM submission JOIN submitted ON submitted.submission_id = submission.id
    JOIN change ON table_name = 'submission' AND row_id = submission.id AND made
    JOIN act ON act.id = act_id
    WHERE withdrawn IS NULL AND period = ? AND form = ?"""


def submitted_rows(ledger: Ledger, period: str, number: int, *whose: int | None) -> list[Any]:
    """Return the rows of a period's valid return, each joined with its submission.

    They are those of the station and its points, or of one point's id (None: the station). Raises
    Unusable if a return was altered.
    """
    demand_kept(ledger, period)
    query = _FORM_ROWS + " AND point_id IS ?" * bool(whose)
    return ledger.execute(query, (period, number, *whose)).fetchall()


def demand_kept(ledger: Ledger, period: str = "") -> None:
    """Raise Unusable if a return in the history is missing or altered in the ledger.

    The forms of all periods are compared, or those of one.
    """
    query = """
        SELECT row_id, act_id, json_extract(common, '$.period') AS period FROM change
        WHERE table_name = 'submission' AND made ORDER BY id"""
    made = ledger.execute(query).fetchall()
    for altered, _ in rows_unlike_history(ledger, "submission"):
        raise _damaged_submission(next(each[2] for each in made if each[0] == altered))
    for _, act, of in made:
        if period in ("", of) and any(rows_unlike_history(ledger, "submitted", act)):
            raise _damaged_submission(of)


def _damaged_submission(period: str) -> Unusable:
    return Unusable(
        "The stored return of {period} differs from what was submitted, so the ledger is "
        "damaged. Restore a backup: `ledger restore FILE`",
        period=period,
    )


def kept_figures(kept: Mapping[str, Mapping[str, int]]) -> Figures:
    """Return all figures; their stored form leaves out zeros."""
    return {
        key: {column: kept.get(key, {}).get(column, 0) for column in COLUMNS} for key in MEASURES
    }
