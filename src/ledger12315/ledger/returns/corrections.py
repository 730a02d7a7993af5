"""上期更正: what earlier returns told, what it is now, and what the next return carries.

Read it from the top: the corrections of one return, those that the next one carries, the figures
that were told, and the periods in which something may have changed since. Cells are compared in
rules/reported.py, the cases behind a difference found in causes.py. Source: 三(五)7.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ledger12315.boxes.reading import in_order
from ledger12315.errors import Refused
from ledger12315.ledger.audit.past import as_of_act
from ledger12315.ledger.figures import Scope, Snapshot
from ledger12315.ledger.points import Point, points
from ledger12315.ledger.points.dated import dated_values
from ledger12315.ledger.points.profile import changes_by_day
from ledger12315.ledger.returns.causes import changed_cases
from ledger12315.ledger.returns.changed import periods_that_may_differ
from ledger12315.ledger.returns.frozen import frozen_of, kept_figures, submitted_rows
from ledger12315.ledger.store import Ledger
from ledger12315.rules.measures import POINT_FORM, CellKey, Figures
from ledger12315.rules.periods import Period, annual_parts, as_known, parse_period
from ledger12315.rules.profile import LateChange
from ledger12315.rules.rates import rates_by
from ledger12315.rules.reported import (
    OPENINGS,
    Carried,
    Cause,
    Correction,
    Told,
    chain_of,
    corrections_of,
    tie_opening,
)
from ledger12315.rules.workdays import ONE_DAY

_NEWEST_RETURNS = 8
"""The returns of two years, in which a later notice may move due days."""


def corrections(ledger: Ledger, period: Period, today: date = date.max) -> list[Correction]:
    """Return each cell of the station's return that differs from what was told, or has causes.

    A calendar year's return includes the rest of December, up to today. Raises Refused if nothing
    was told.
    """
    [found] = _compared_periods(ledger, [period], (None,), today)
    if not found.told:
        raise Refused("{period} is not submitted.", period=period.code)
    return [*found.corrections(Snapshot(ledger), None)]


def carried_corrections(
    snapshot: Snapshot, scope: Scope, whose: Sequence[Point | None]
) -> Mapping[int | None, Carried]:
    """Return what a return of the scope's period carries, by point id.

    None is the station. Without an earlier return there is nothing.
    """
    ledger, period = snapshot.ledger, scope.period
    if not period.owes_return:
        return {}
    ids = tuple(point and point.id for point in whose)
    asked = ids if len(ids) == 1 else ()
    before = _compared_periods(ledger, _periods_before(ledger, period), asked)
    found = {
        id_: _carried_by(snapshot, scope._replace(point=point), told)
        for id_, point in zip(ids, whose, strict=True)
        if (told := [each for each in before if id_ in each.told])
    }
    parts = annual_parts(period) if period.is_annual and None in ids else ()
    quarters = [each for each in parts if each.code]
    of_quarters = tuple(
        line
        for quarter in _compared_periods(ledger, quarters, (None,))
        for line in quarter.corrections(snapshot, None)
    )
    if of_quarters:
        own = found.get(None, Carried())
        found[None] = own._replace(corrections=own.corrections + of_quarters)
    return found


def _carried_by(snapshot: Snapshot, scope: Scope, before: Sequence["_Compared"]) -> Carried:
    """Return what the return of a scope carries of the periods before, the last one at the end."""
    point, last = scope.point, before[-1]
    lines = tuple(line for each in before for line in each.corrections(snapshot, point))
    corrected = {line.period for line in lines if line.told != line.now}
    now = {each.scope.period.code: each.figures(snapshot, point) for each in before}
    if last.scope.period.last + ONE_DAY != scope.period.first:
        previous, ties = "", {}
    else:
        previous, opened = last.scope.period.code, snapshot.figures(scope)
        told = last.told[point and point.id]
        ties = {key: tie_opening(key, told, now[previous], opened) for key in OPENINGS}
    told_again = {code: figures for code, figures in now.items() if code in corrected}
    return Carried(previous, ties, lines, told_again)


class _Compared(NamedTuple):
    """A period's figures as told, by point id or None for the station, and what changed since.

    `scope` is of the period as it is known now.
    """

    scope: Scope
    told: Mapping[int | None, Told]
    changed: Sequence[tuple[CellKey, Cause]]

    def figures(self, snapshot: Snapshot, point: Point | None) -> Figures:
        """Return the period's figures now."""
        return snapshot.figures(self.scope._replace(point=point))

    def corrections(self, snapshot: Snapshot, point: Point | None) -> Iterator[Correction]:
        """Yield the corrections of the station's return, or of a point's."""
        told = self.told.get(point and point.id)
        if not told:
            return
        causes = _causes_by_cell(self.changed, point)
        parts = {rate.key: rate.parts for rate in rates_by(told.settings)}
        now = self.figures(snapshot, point)
        for line in corrections_of(told, now, point is not None, causes):
            of_parts = (
                each._replace(value=0)
                for key in parts.get(line.key, ())
                for each in causes.get((key, line.type), ())
            )
            own = causes.get((line.key, line.type), tuple(dict.fromkeys(of_parts)))
            yield line._replace(causes=_ordered(own))


def _ordered(causes: Sequence[Cause]) -> tuple[Cause, ...]:
    """Return causes in order: complaints by number, then the other cases by kind and date."""
    by_number = {each.number: each for each in causes if each.number}
    others = sorted(
        (each for each in causes if not each.number),
        key=lambda each: (each.kind, each.date, each.point or ""),
    )
    return *(by_number[number] for number in in_order(by_number)), *others


def told_figures(ledger: Ledger, period: Period, *whose: int | None) -> dict[int | None, Told]:
    """Return the figures of a period as told, by point id, None for the station.

    They are as submitted, or as the last later return of the chain told them. Raises Unusable for
    an altered return.
    """
    rows = [*submitted_rows(ledger, period.code, POINT_FORM, *whose)]
    found = {}
    for row in rows:
        was = frozen_of(row)
        found[row["point_id"]] = Told(was.period, was.figures, was.schema, was.settings, was.act)
    later = _later_returns(ledger, rows[0]) if rows else []
    for row in later:
        if (told := found.get(row["point_id"])) and period.code in row["told"]:
            figures = kept_figures(json.loads(row["told"])[period.code])
            found[row["point_id"]] = told._replace(figures=figures)
    if not later:
        return found
    # A point without a form in the last return had no correction then.
    whole, act = as_known(found[rows[0]["point_id"]].period, date.max), later[-1]["act"]
    return {id_: told._replace(period=whole, act=act) for id_, told in found.items()}


def _later_returns(ledger: Ledger, of: Any) -> list[Any]:
    """Return the forms of later returns of the chain, which carry corrections of this one."""
    query = """
        SELECT act, point_id, told FROM submission
        JOIN submitted ON submission_id = submission.id AND form = ?
        WHERE withdrawn IS NULL AND submission.id > ? AND last > ? AND period LIKE ?
        ORDER BY submission.id"""
    values = POINT_FORM, of["submission_id"], of["last"], chain_pattern(of["period"])
    return ledger.execute(query, values).fetchall()


def _compared_periods(
    ledger: Ledger,
    periods: Iterable[Period],
    whose: Sequence[int | None],
    today: date = date.max,
) -> list[_Compared]:
    """Return submitted periods with what changed since they were told; `whose` () means of all."""
    told = [(each, told_figures(ledger, each, *whose)) for each in periods]
    last = [next(iter(found.values())) for _, found in told if found]
    now = {each.period.code: as_known(each.period, today) for each in last}
    changed = changed_cases(
        ledger, [(each.act, each.period, now[each.period.code]) for each in last]
    )
    return [
        _Compared(Scope(now.get(each.code, each)), found, changed.get(each.code, ()))
        for each, found in told
    ]


def returns_before(ledger: Ledger, period: Period) -> list[Any]:
    """Return period, last day, act and head of a chain's valid returns before one, in order.

    The last of them carried the corrections of all before it.
    """
    query = """
        SELECT period, last, act, head FROM submission
        WHERE withdrawn IS NULL AND period < ? AND period LIKE ? ORDER BY period"""
    return ledger.execute(query, (period.code, chain_pattern(period.code))).fetchall()


def chain_pattern(code: str) -> str:
    """Return the SQL pattern for the codes of a period's chain of returns."""
    return f"____{chain_of(code)}%"


def _periods_before(ledger: Ledger, period: Period) -> Iterator[Period]:
    """Yield the earlier periods of a chain whose rows may have changed since they were told.

    The last return corrected all before it, so few have changed since. The newest are always
    checked: a new version of the program may bring a notice that was unknown then.
    """
    gone = returns_before(ledger, period)
    may_differ = periods_that_may_differ(ledger, gone[-1]["act"]) if gone else ()
    asked = {each.code for each, _ in may_differ}
    asked.update(each["period"] for each in gone[-_NEWEST_RETURNS:])
    yield from (parse_period(each["period"]) for each in gone if each["period"] in asked)


def _causes_by_cell(
    changed: Sequence[tuple[CellKey, Cause]], point: Point | None
) -> Mapping[CellKey, tuple[Cause, ...]]:
    """Return the causes of each cell of a point's return, or of the station's.

    What only moved inside a cell is none: a complaint to another point of the station, a record to
    another day.
    """
    found = defaultdict[CellKey, dict[Any, Cause]](dict)
    for cell, cause in changed:
        if point and cause.point != point.code:
            continue
        which = cause.number or (cause.kind, cause.date, cause.point)
        known = found[cell].get(which)
        value = cause.value + (known.value if known else 0)
        found[cell][which] = cause._replace(value=value)
    summed = {cell: tuple(_without_moves(each.values())) for cell, each in found.items()}
    return {cell: each for cell, each in summed.items() if each}


def _without_moves(causes: Collection[Cause]) -> Iterator[Cause]:
    """Yield the causes but for those that one thing done to one case makes and cancels."""
    sums = Counter[_Deed]()
    for each in causes:
        sums[_deed(each)] += each.value
    yield from (each for each in causes if each.value and sums[_deed(each)])


_Deed = tuple[object, ...]


def _deed(cause: Cause) -> _Deed:
    return cause.number, cause.kind, cause.point, cause.how, cause.day


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
