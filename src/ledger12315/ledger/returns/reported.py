"""The reports of earlier returns: a period's figures, and changes of points, right or wrong.

Domain 5 and 6.5, 三(五)7.
"""

import json
from collections import defaultdict
from datetime import date
from typing import Any

from ledger12315.ledger.audit.as_of import as_of_act
from ledger12315.ledger.points import points
from ledger12315.ledger.points.dated import dated_values
from ledger12315.ledger.points.profile import changes_by_day
from ledger12315.ledger.returns.frozen import Frozen, frozen_of, kept_figures, submitted_rows
from ledger12315.ledger.store import Ledger
from ledger12315.rules.periods import Period
from ledger12315.rules.profile import LateChange
from ledger12315.rules.reported import POINT_FORM, Reported, chain_of


def reported_figures(
    ledger: Ledger, period: Period, *whose: int | None
) -> dict[int | None, Reported]:
    """Return the reported figures of a period by point's id, None for the station.

    They are as submitted, or as later returns of its kind have corrected them. Raises Unusable for
    an altered return.
    """
    rows = [*submitted_rows(ledger, period.code, POINT_FORM, *whose)]
    found = {row["point_id"]: _as_submitted(frozen_of(row)) for row in rows}
    for row in _later_returns(ledger, rows[0]) if rows else ():
        if base := found.get(row["point_id"]):
            found[row["point_id"]] = _reported_again(base, row)
    return found


def _as_submitted(was: Frozen) -> Reported:
    return Reported(was.period, was.figures, was.schema, was.settings, was.act)


def _later_returns(ledger: Ledger, of: Any) -> list[Any]:
    """Return the forms of later returns of the same kind, which carry corrections of this one."""
    query = """
        SELECT act, point_id, earlier
        FROM submission JOIN submitted ON submission_id = submission.id AND form = ?
        WHERE withdrawn IS NULL AND submission.id > ? AND last > ? AND period LIKE ?
        ORDER BY submission.id"""
    values = POINT_FORM, of["submission_id"], of["last"], chain_pattern(of["period"])
    return ledger.execute(query, values).fetchall()


def _reported_again(base: Reported, row: Any) -> Reported:
    """Return the reported figures after a later return, which corrected all differences."""
    kept = json.loads(row["earlier"]).get(base.period.code)
    figures = base.figures if kept is None else kept_figures(kept)
    return base._replace(figures=figures, act=row["act"])


def returns_before(ledger: Ledger, period: Period) -> list[Any]:
    """Return period, last day, act and head of a kind's valid returns before one, in order.

    The last of them corrected all before it.
    """
    query = """
        SELECT period, last, act, head FROM submission
        WHERE withdrawn IS NULL AND period < ? AND period LIKE ? ORDER BY period"""
    return ledger.execute(query, (period.code, chain_pattern(period.code))).fetchall()


def chain_pattern(code: str) -> str:
    """Return the SQL pattern for the codes of a period's kind of return."""
    return f"____{chain_of(code)}%"


_Event = tuple[int, date, str, str | None, str | None]
"""A point's id, and a Change of it."""


def late_changes(ledger: Ledger, period: Period) -> dict[int, tuple[LateChange, ...]]:
    """Return the changes of earlier quarters that a quarter's list reports, by point id.

    Earlier lists reported the ledger as of the last return before.
    """
    before = returns_before(ledger, period) if period.is_quarter else []
    if not before:
        return {}
    row = before[-1]
    with as_of_act(ledger, row["act"]):
        then = _changes_of_points(ledger, row["last"])
    now, found = _changes_of_points(ledger, row["last"]), defaultdict[int, set[LateChange]](set)
    there = {event[:3] for event in now}
    for point, day, box, *_ in now ^ then:
        found[point].add(LateChange(day, box, (point, day, box) not in there))
    return {point: tuple(sorted(late)) for point, late in found.items()}


def _changes_of_points(ledger: Ledger, last: str) -> set[_Event]:
    """Return the changes of points up to a day, with the boxes' new values."""
    found = set[_Event]()
    # A point retired on its first day never existed.
    for point in points(ledger, "retired IS NULL OR retired > since"):
        days = {"since": point.since, "retired": point.retired}
        found |= {(point.id, day, box, None, None) for box, day in days.items() if day}
        changes = changes_by_day(dated_values(ledger, point), point)
        found |= {(point.id, *change) for change in changes}
    return {event for event in found if str(event[1]) <= last}
