"""The scope of figures, and the totals 上报数 of points that replace cases in it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from ledger12315.ledger.points import POINT_COLUMNS, Point, point_of, type_on
from ledger12315.ledger.store import Ledger, single
from ledger12315.rules.periods import Period, parse_period
from ledger12315.rules.workdays import ONE_DAY, each_day


class Scope(NamedTuple):
    """A period up to `as_of`, of one point or of the whole station."""

    period: Period
    as_of: date | None = None
    point: Point | None = None

    @property
    def last(self) -> date:
        """The last day that counts."""
        return min(self.period.last, self.as_of) if self.as_of else self.period.last

    def upto(self, today: date) -> "Scope":
        """Return the scope as of today, if its period is not over and no day is given."""
        runs = not self.as_of and self.period.last >= today
        return self._replace(as_of=today) if runs else self

    def running(self, today: date) -> bool:
        """Return whether the scope ends today, in a period that is not over."""
        return self.as_of == today <= self.period.last


class PointTotals(NamedTuple):
    """A point's totals: Attachment 3 by key, money in 分, in the column of its type."""

    point: Point
    first: date
    last: date
    day: date
    type: str
    totals: Mapping[str, int]

    @property
    def replaces_cases(self) -> bool:
        """Whether these totals replace cases; totals of open complaints alone cover no days."""
        return self.first <= self.last

    @property
    def days(self) -> Iterator[date]:
        """The days whose cases they replace."""
        return each_day(self.first, self.last)

    def contributions(self, scope: Scope) -> Iterator[tuple[str, int]]:
        """Yield the figures to add: open complaints count only at the ends of the period."""
        at_end = self.last == scope.last
        at_start = self.first == scope.period.first
        counts = {"open_start": at_start, "open_end": at_end, "overdue_end": at_end}
        for key, figure in self.totals.items():
            if figure and counts.get(key, True):
                yield key, figure


def totals_in_scope(ledger: Ledger, scope: Scope) -> list[PointTotals]:
    """Return the totals that replace cases in these figures, and the open cases they add.

    Only whole quarters inside the scope are replaced. In a month, or up to a day inside a quarter,
    their part is unknown, so the cases count. If totals have more open cases than the ledger,
    the excess cases have no days: they are open before the first and after the last totals.
    """
    found = []
    for sent in _totals_by_point(ledger, scope):
        inside = [each for each in sent if scope.period.first <= each.first]
        before = [each for each in sent if each not in inside and each.last < scope.last]
        found += inside
        found += _open_at_start(ledger, scope, before, inside)
        found += _open_at_end(ledger, scope, [*before, *inside])
    return found


def points_with_totals(ledger: Ledger, scope: Scope) -> list[str]:
    """Return the codes of the points whose totals replace cases in these figures."""
    totals = totals_in_scope(ledger, scope)
    return sorted({each.point.code for each in totals if each.replaces_cases})


def _open_at_start(
    ledger: Ledger, scope: Scope, before: Sequence[PointTotals], inside: Sequence[PointTotals]
) -> Iterator[PointTotals]:
    """Yield the open cases of the last totals before, or of the first totals inside."""
    # Totals say only how many cases are open, not which, and cases that they replace are counted
    # nowhere else. So the opening comes from the end of the last totals before the period. If
    # there are none, the first totals inside it say what was open when they began, which is
    # carried back to the start. Totals that begin with the period bring their own opening. Cases
    # that the ledger itself has open that day are counted already: only the excess is added.
    first = scope.period.first
    if inside and inside[0].first == first:
        return
    known, key = (before[-1:], "open_end") if before else (inside[:1], "open_start")
    for each in known:
        day = each.last if before else each.first - ONE_DAY
        if beyond := _beyond_cases(ledger, each, key, day):
            yield each._replace(first=first, last=first - ONE_DAY, totals={"open_start": beyond})


def _open_at_end(
    ledger: Ledger, scope: Scope, sent: Sequence[PointTotals]
) -> Iterator[PointTotals]:
    """Yield the open cases at the end of the last totals."""
    for each in sent[-1:]:
        if each.last != scope.last and (
            beyond := _beyond_cases(ledger, each, "open_end", each.last)
        ):
            day = scope.last + ONE_DAY
            yield each._replace(first=day, last=scope.last, totals={"open_end": beyond})


def _totals_by_point(ledger: Ledger, scope: Scope) -> Iterator[list[PointTotals]]:
    """Yield each point's totals up to the scope's last day, in order."""
    query = f"""
        SELECT {POINT_COLUMNS}, period, day, totals
        FROM point_return JOIN point ON point.id = point_return.point_id
        WHERE totals IS NOT NULL AND (:point IS NULL OR point.id = :point)
        ORDER BY point.code, period"""
    rows = ledger.execute(query, {"point": scope.point.id if scope.point else None}).fetchall()
    for _, ours in groupby(rows, itemgetter("id")):
        sent = []
        for *about, code, day, totals in ours:
            point, period = point_of(about), parse_period(code)
            if period.last <= scope.last:
                type_ = type_on(ledger, point, period.last)
                days = period.first, period.last, date.fromisoformat(day)
                sent.append(PointTotals(point, *days, type_, json.loads(totals)))
        if sent:
            yield sent


def _beyond_cases(ledger: Ledger, each: PointTotals, key: str, day: date) -> int:
    """Return the open cases in totals at the end of a day, beyond the ledger's own."""
    query = """
        SELECT count(*) FROM complaint
        WHERE point_id = :point AND voided IS NULL AND received <= :day
          AND (closed IS NULL OR closed > :day)"""
    own: int = single(ledger, query, {"point": each.point.id, "day": day})
    return max(0, each.totals.get(key, 0) - own)
