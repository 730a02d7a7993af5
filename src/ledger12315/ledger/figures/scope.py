"""Which figures are asked for, and the totals 上报数 of points that stand for cases in them."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from ledger12315.ledger.points import POINT_COLUMNS, Point, point_of, type_on
from ledger12315.ledger.store import Ledger
from ledger12315.rules.periods import Period, parse_period


class Scope(NamedTuple):
    """A period up to `as_of`, of one point or of the whole station."""

    period: Period
    as_of: date | None = None
    point: Point | None = None

    @property
    def last(self) -> date:
        """The last day that counts."""
        return min(self.period.last, self.as_of) if self.as_of else self.period.last


class Sent(NamedTuple):
    """What a point sent as totals: Attachment 3 by key, money in 分, in the column of its type."""

    point: Point
    first: date
    last: date
    day: date
    type: str
    totals: Mapping[str, int]

    @property
    def days(self) -> Iterator[date]:
        """The days whose cases they stand for."""
        return (self.first + timedelta(each) for each in range((self.last - self.first).days + 1))

    def adds(self, scope: Scope) -> Iterator[tuple[str, int]]:
        """Yield what goes into the figures: what was open counts at the period's ends only."""
        at_end = self.last == scope.last
        counts = {"open_start": self.first == scope.period.first}
        counts |= {"open_end": at_end, "overdue_end": at_end}
        for key, figure in self.totals.items():
            if figure and counts.get(key, True):
                yield key, figure


def sent(ledger: Ledger, scope: Scope) -> list[Sent]:
    """Return the totals that stand for cases in these figures.

    They are those of the period itself, else those of whole quarters inside it. In a month, or up
    to a day inside the quarter, nobody can tell what part of them belongs there: the cases stand.
    """
    query = f"""
        SELECT {POINT_COLUMNS}, period, day, totals
        FROM point_return JOIN point ON point.id = point_return.point_id
        WHERE totals IS NOT NULL AND (:point IS NULL OR point.id = :point)
        ORDER BY point.code, period"""
    only = {"point": scope.point.id if scope.point else None}
    rows = ledger.execute(query, only).fetchall()
    ended = scope.last == scope.period.last
    whole = {row["id"] for row in rows if ended and row["period"] == scope.period.code}
    found = []
    for *about, code, day, totals in rows:
        point = point_of(about)
        if period := _counted_as(code, scope, point.id in whole):
            first, last = period.first, period.last
            type_ = type_on(ledger, point, last)
            told = json.loads(totals)
            found.append(Sent(point, first, last, date.fromisoformat(day), type_, told))
    return found


def _counted_as(code: str, scope: Scope, whole: bool) -> Period | None:
    """Return the stretch of the figures for which a period's totals stand, if there is one."""
    if whole:
        return scope.period if code == scope.period.code else None
    period = parse_period(code)
    inside = scope.period.first <= period.first and period.last <= scope.last
    return period if period.is_quarter and inside else None
