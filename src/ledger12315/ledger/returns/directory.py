"""What of points was told otherwise, or not, with earlier returns. 三(五)7, domain 6.5."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ledger12315.ledger.audit.as_of import as_of_act
from ledger12315.ledger.points import Point, points
from ledger12315.ledger.points.profile import changes_of
from ledger12315.ledger.store import Ledger
from ledger12315.rules.periods import Period


class Late(NamedTuple):
    """What happened to a point in an earlier quarter: a box of a Change, `since` or `retired`.

    It was entered after that quarter's return; if it is `undone`, it was told and is not so.
    """

    day: date
    box: str
    undone: bool


def late_changes(ledger: Ledger, period: Period) -> dict[int, tuple[Late, ...]]:
    """Return by point's id what the list of a quarter has to say of those before it.

    What the last return's list told is what the ledger held when that was submitted.
    """
    query = """
        SELECT act, last FROM submission
        WHERE withdrawn IS NULL AND period < ? AND period LIKE '____Q_' ORDER BY period DESC"""
    row = ledger.execute(query, (period.code,)).fetchone()
    if row is None or not period.is_quarter:
        return {}
    last = date.fromisoformat(row["last"])
    with as_of_act(ledger, row["act"]):
        told = {(point.id, *each) for point in points(ledger) for each in _happened(ledger, point)}
    now = {(point.id, *each) for point in points(ledger) for each in _happened(ledger, point)}
    found = defaultdict[int, set[Late]](set)
    days = {event[:3] for event in now}
    for id_, day, box, *_ in now ^ told:
        if day <= last:
            found[id_].add(Late(day, box, (id_, day, box) not in days))
    return {id_: tuple(sorted(late)) for id_, late in found.items()}


def _happened(ledger: Ledger, point: Point) -> Iterator[tuple[date, str, str | None, str | None]]:
    """Yield what happened to a point on a day, if it ever was one, and what became of its box."""
    if point.retired == point.since:
        return
    yield point.since, "since", None, None
    if point.retired:
        yield point.retired, "retired", None, None
    yield from changes_of(ledger, point)
