"""上期更正: cells that differ from the last report, with their cases. Domain 5."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ledger12315.boxes.reading import in_order
from ledger12315.errors import Refused
from ledger12315.ledger.audit.as_of import as_of_act
from ledger12315.ledger.figures import Scope, Snapshot, cases_by_column
from ledger12315.ledger.points import Point
from ledger12315.ledger.returns.reported import reported_figures, returns_before
from ledger12315.ledger.returns.touched import touched_since
from ledger12315.ledger.store import Ledger
from ledger12315.rules.measures import MEASURES, CellKey, Figures
from ledger12315.rules.periods import Period, annual_parts, as_known, parse_period
from ledger12315.rules.rates import rates_by
from ledger12315.rules.reported import (
    OPENINGS,
    CarriedCorrections,
    Correction,
    OtherCase,
    Reported,
    corrections_of,
    tie_opening,
)
from ledger12315.rules.workdays import ONE_DAY

_NEWEST_RETURNS = 8
"""The returns of two years, in which a later notice may move due days."""
_ByCase = Counter[str | OtherCase]
"""The contribution to a figure of each complaint, by number, and of each other case."""
_ByCell = Mapping[str, _ByCase]
"""The contributions to each of a measure's figures, by column."""


class _FiguresNow(NamedTuple):
    """The reported figures of a period, its scope up to today, and its figures now."""

    base: Reported
    scope: Scope
    figures: Figures

    def lines(self, ledger: Ledger) -> Iterator[Correction]:
        """Yield each cell that differs from the return, with the cases that differ."""
        found = [*corrections_of(self.base, self.figures, self.scope.point is not None)]
        through = _changed_cases(ledger, self, [(each.key, each.type) for each in found])
        by = {rate.key: rate.parts for rate in rates_by(self.base.settings)}
        for line in found:
            parts = by.get(line.key, (line.key,))
            changed = {case for key in parts for case in through.get((key, line.type), ())}
            others = [case for case in changed if isinstance(case, OtherCase)]
            yield line._replace(
                numbers=tuple(in_order(case for case in changed if isinstance(case, str))),
                others=tuple(sorted(others, key=lambda each: (each[:2], each.point or ""))),
            )


def corrections(ledger: Ledger, period: Period, today: date = date.max) -> list[Correction]:
    """Return each cell of the station's return that differs from the last report.

    A calendar year's return includes the rest of December, up to today. Raises Refused if nothing
    was reported.
    """
    base = reported_figures(ledger, period, None).get(None)
    if base is None:
        raise Refused("{period} is not submitted.", period=period.code)
    return [*_present_figures(Snapshot(ledger), base, None, today).lines(ledger)]


def carried_corrections(
    snapshot: Snapshot, scope: Scope, whose: Sequence[Point | None]
) -> Mapping[int | None, CarriedCorrections]:
    """Return the corrections in a return of the scope's period, by point id.

    None is the station. Without an earlier report there are none.
    """
    if not scope.period.owes_return:
        return {}
    within = tuple(_corrections_of_quarters(snapshot, scope.period)) if None in whose else ()
    ledger, before = snapshot.ledger, defaultdict[int | None, list[_FiguresNow]](list)
    points = {point and point.id: point for point in whose}
    ids = points if len(points) == 1 else ()
    for period in _periods_before(ledger, scope.period):
        for id_, base in reported_figures(ledger, period, *ids).items():
            if id_ in points:
                before[id_].append(_present_figures(snapshot, base, points[id_]))
    found = {
        id_: _corrections_since(snapshot, scope._replace(point=points[id_]), each)
        for id_, each in before.items()
    }
    if within:
        found[None] = found.get(None, CarriedCorrections())._replace(within=within)
    return found


def _corrections_since(
    snapshot: Snapshot, scope: Scope, before: Sequence[_FiguresNow]
) -> CarriedCorrections:
    ledger, last = snapshot.ledger, before[-1]
    lines = tuple(line for each in before for line in each.lines(ledger))
    changed = {line.period for line in lines}
    now = {each.base.period.code: each.figures for each in before}
    follows = last.scope.period.last + ONE_DAY == scope.period.first
    opened = snapshot.figures(scope) if follows else {}
    return CarriedCorrections(
        last.base.period.code if follows else "",
        {key: tie_opening(key, last.base, last.figures, opened) for key in OPENINGS if follows},
        lines,
        now={code: figures for code, figures in now.items() if code in changed},
    )


def _corrections_of_quarters(snapshot: Snapshot, period: Period) -> Iterator[Correction]:
    """Yield the corrections of the quarters within an annual return."""
    for part in annual_parts(period) if period.is_annual else ():
        for base in reported_figures(snapshot.ledger, part, None).values() if part.code else ():
            yield from _present_figures(snapshot, base, None).lines(snapshot.ledger)


def _present_figures(
    snapshot: Snapshot, base: Reported, point: Point | None, today: date = date.max
) -> _FiguresNow:
    scope = Scope(as_known(base.period, today), None, point)
    return _FiguresNow(base, scope, snapshot.figures(scope))


def _periods_before(ledger: Ledger, period: Period) -> Iterator[Period]:
    """Yield the earlier periods of a kind whose rows may have changed since their report.

    The last return corrected all before it, so few have changed since. The newest are always
    checked: a new version of the program may bring a notice that was unknown then.
    """
    gone = returns_before(ledger, period)
    changed = {each.period.code for each in touched_since(ledger, gone[-1]["act"])} if gone else ()
    newest = {each["period"] for each in gone[-_NEWEST_RETURNS:]}
    for code in (each["period"] for each in gone):
        if code in changed or code in newest:
            yield parse_period(code)


def _changed_cases(
    ledger: Ledger, present: _FiguresNow, cells: Sequence[CellKey]
) -> dict[CellKey, set[str | OtherCase]]:
    """Return the cases whose contribution to a measure's cell has changed since the report."""
    base, scope = present.base, present.scope
    measured = {key for key, _ in cells if key in MEASURES}
    with as_of_act(ledger, base.act):
        reported = scope._replace(period=base.period)
        then = {key: _by_cell(ledger, reported, key) for key in measured}
    now = {key: _by_cell(ledger, scope, key) for key in measured}
    found = {}
    for key, column in cells:
        if key in measured:
            before, after = then[key][column], now[key][column]
            cases = before.keys() | after.keys()
            found[key, column] = {case for case in cases if before[case] != after[case]}
    return found


def _by_cell(ledger: Ledger, scope: Scope, key: str) -> _ByCell:
    found: _ByCell = defaultdict(_ByCase)
    for column, case in cases_by_column(ledger, scope, MEASURES[key]):
        other = OtherCase(case.kind, case.received, case.point)
        found[column][case.number or other] += case.value
    return found
