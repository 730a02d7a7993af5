"""Changes of points that earlier returns omitted or reported otherwise. 三(五)7, domain 6.5."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from ledger12315.ledger.audit.as_of import as_of_act
from ledger12315.ledger.points import points
from ledger12315.ledger.points.profile import changes_of_point
from ledger12315.ledger.returns.told import returns_before
from ledger12315.ledger.store import Ledger
from ledger12315.rules.periods import Period

_Event = tuple[int, date, str, str | None, str | None]
"""A point's id, and a Change of it."""


class Late(NamedTuple):
    """A point's event in an earlier quarter: a box of a Change, `since` or `retired`.

    It was entered after that quarter's return; if `undone`, it was reported but is not true.
    """

    day: date
    box: str
    undone: bool


def late_changes(ledger: Ledger, period: Period) -> dict[int, tuple[Late, ...]]:
    """Return the changes of earlier quarters that a quarter's list reports, by point id.

    Earlier lists reported the ledger as of the last return before.
    """
    before = returns_before(ledger, period) if period.is_quarter else []
    if not before:
        return {}
    row = before[-1]
    with as_of_act(ledger, row["act"]):
        told = _happened(ledger, row["last"])
    now, found = _happened(ledger, row["last"]), defaultdict[int, set[Late]](set)
    there = {event[:3] for event in now}
    for point, day, box, *_ in now ^ told:
        found[point].add(Late(day, box, (point, day, box) not in there))
    return {point: tuple(sorted(late)) for point, late in found.items()}


def _happened(ledger: Ledger, last: str) -> set[_Event]:
    """Return the changes of points up to a day, with the boxes' new values."""
    found = set[_Event]()
    # A point retired on its first day never existed.
    for point in points(ledger, "retired IS NULL OR retired > since"):
        days = {"since": point.since, "retired": point.retired}
        found |= {(point.id, day, box, None, None) for box, day in days.items() if day}
        found |= {(point.id, *change) for change in changes_of_point(ledger, point)}
    return {event for event in found if str(event[1]) <= last}
