"""Figures and the cases behind them; rules/measures.py alone defines what counts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ledger12315.boxes.kinds import DAY
from ledger12315.errors import Message, Refused, Unclear, Unusable, message
from ledger12315.ledger.figures.counting import (
    bindings,
    lay_out_due_days,
    quarter_scopes,
    sums_of,
)
from ledger12315.ledger.figures.scope import PointTotals, Scope, totals_in_scope
from ledger12315.ledger.store import Ledger
from ledger12315.rules.controls import breaches
from ledger12315.rules.counting import by_event, rows_of
from ledger12315.rules.deadlines import ON_TIME
from ledger12315.rules.events import COMPLAINTS, EVENTS, WITH_DUE_DAY, Event
from ledger12315.rules.measures import (
    COLUMNS,
    MEASURES,
    TOTAL,
    Figures,
    Measure,
    with_totals,
    zero_figures,
)
from ledger12315.rules.rates import FIGURE_WORDS, Rate

__all__ = ["CountedCase", "Scope", "Snapshot", "cases", "cases_by_column", "figures", "parts_of"]


def figures(ledger: Ledger, scope: Scope) -> Figures:
    """Return every measure by type, with totals; see Snapshot.figures."""
    return Snapshot(ledger).figures(scope)


Sums = Mapping[int | None, Mapping[str, dict[str, int]]]
"""A point's id, or None for all -> measure key -> type -> the figure."""


class Snapshot:
    """The figures of a ledger at one moment, each counted once and kept.

    A `full` one counts all points of a period together, as a return needs them.
    """

    def __init__(self, ledger: Ledger, full: bool = False) -> None:
        self.ledger, self._full = ledger, full
        self._counted: dict[Scope, tuple[list[PointTotals], Sums]] = {}
        self._found: dict[Scope, Figures] = {}

    def figures(self, scope: Scope) -> Figures:
        """Return every measure by type, with totals.

        Raises Unusable if a control fails, Refused if a point's totals cause that.
        """
        if scope in self._found:
            return self._found[scope]
        counted_as, whose = scope, None
        if self._full and scope.point:
            counted_as, whose = scope._replace(point=None), scope.point.id
        if counted_as not in self._counted:
            self._counted[counted_as] = self._count(counted_as)
        instead, sums = self._counted[counted_as]
        behind = [each for each in instead if whose in (None, each.point.id)]
        self._found[scope] = _demand_balance(with_totals(sums[whose]), behind)
        return self._found[scope]

    def _count(self, scope: Scope) -> tuple[list[PointTotals], Sums]:
        instead = totals_in_scope(self.ledger, scope)
        sums = defaultdict[int | None, dict[str, dict[str, int]]](zero_figures)
        counts = sums_of(self.ledger, scope, instead, MEASURES.values(), "point" * self._full)
        for key, type_, point, figure in counts:
            for whose in {None, point}:
                sums[whose][key][type_] += figure
        return instead, sums


def _demand_balance(found: Figures, instead: Sequence[PointTotals]) -> Figures:
    """Return the figures. Raises Refused or Unusable if a control fails."""
    controls = [
        message("{place}: {control}", place=COLUMNS[each.column], control=each.words)
        for each in breaches(found)
    ]
    if controls and instead:
        raise totals_not_carried({each.point.code for each in instead}, controls)
    if controls:
        raise Unusable(
            "The figures do not balance, so the ledger is damaged: {controls}. Restore a backup.",
            controls=controls,
        )
    return found


def totals_not_carried(points: Iterable[str], controls: Sequence[Message]) -> Refused:
    """Return the error of points whose totals do not follow from the period before."""
    return Refused(
        "The totals that {points} sent do not carry over from one period to the next: "
        "{controls}. Receive corrected totals, close complaints that are settled, or enter the "
        "complaints and receive the return without totals: `returns receive POINT "
        "PERIOD`",
        points=sorted(points),
        controls=controls,
    )


class CountedCase(NamedTuple):
    """A case that adds its `value` (1, a count, or 分) to a figure; complaints have a number."""

    number: str | None
    kind: str
    point: str | None
    received: date
    closed: date | None
    value: int


def cases(
    ledger: Ledger, scope: Scope, measure: Measure, type_: str | None = None
) -> list[CountedCase]:
    """Return the cases behind a figure, of all types or one; their values add up to it."""
    found = cases_by_column(ledger, scope, [measure], type_)
    return [case for _, column, case in found if column == (type_ or TOTAL)]


def cases_by_column(
    ledger: Ledger, scope: Scope, measures: Iterable[Measure], type_: str | None = None
) -> Iterator[tuple[str, str, CountedCase]]:
    """Yield the cases behind figures, of all types or one, with the measure's key and the column.

    A case that is counted in the total too comes twice.
    """
    groups = by_event(measures)
    if scope.period.is_year and (of_returns := groups.pop("owing", ())):
        for quarter in quarter_scopes(scope):
            yield from cases_by_column(ledger, quarter, of_returns, type_)
    instead = totals_in_scope(ledger, scope)
    for name, asked in groups.items():
        found = _cases_in_ledger(ledger, scope, EVENTS[name], asked, type_, instead)
        for key, of, once, case in [*found, *_cases_of_totals(instead, scope, asked, type_)]:
            yield key, of, case
            if once:
                yield key, TOTAL, case


_OfColumns = Iterator[tuple[str, str, bool, CountedCase]]
"""Cases, each with measure, column and whether it is counted in the total too."""


def _cases_in_ledger(
    ledger: Ledger,
    scope: Scope,
    event: Event,
    measures: Sequence[Measure],
    type_: str | None,
    instead: Sequence[PointTotals],
) -> _OfColumns:
    """Yield the cases of an event's measures, whose rows are read once for all of them."""
    if event.source == WITH_DUE_DAY:
        if any(each.condition == ON_TIME for each in measures):
            lay_out_due_days(ledger, scope)
        else:
            event = event._replace(source=COMPLAINTS)
    figures = [f"CASE WHEN {each.condition} THEN {each.value} END" for each in measures]
    columns = ", ".join((*figures, *(each.once for each in measures)))
    parts = [
        f"SELECT {event.case}, {event.type}, {columns} FROM {rows}"
        f" AND (:type IS NULL OR {event.type} = :type)"
        for rows in rows_of(event, bool(instead), scope.point is not None)
    ]
    names = ", ".join(f"{what}{n}" for what in ("value", "once") for n in range(len(measures)))
    query = f"""
        WITH found (kind, number, point_id, received, closed, type, {names})
            AS ({" UNION ALL ".join(parts)})
        SELECT found.number, found.kind, point.code, found.received, found.closed, found.type,
               {names}
        FROM found LEFT JOIN point ON point.id = found.point_id
        ORDER BY found.received, length(found.number), found.number"""
    values = bindings(ledger, scope, instead) | {"type": type_}
    for number, kind, point, received, closed, of, *found in ledger.execute(query, values):
        day, ended = date.fromisoformat(received), DAY.stored(closed)
        for measure, value, once in zip(measures, found, found[len(measures) :], strict=False):
            if value is not None:
                case = CountedCase(number, kind, point, day, ended, value)
                yield measure.key, of, once, case


def _cases_of_totals(
    instead: Sequence[PointTotals],
    scope: Scope,
    measures: Sequence[Measure],
    type_: str | None,
) -> _OfColumns:
    keys = {measure.key for measure in measures}
    for each in instead:
        if type_ in (None, each.type):
            for key, figure in each.contributions(scope):
                if key in keys:
                    case = CountedCase(None, "totals", each.point.code, each.day, None, figure)
                    yield key, each.type, True, case


def parts_of(key: str, by: Sequence[Rate]) -> list[tuple[str, Measure]]:
    """Return a rate's measures under `numerator` and `denominator`, or a figure's under "".

    Raises Unclear for an unknown key.
    """
    word = FIGURE_WORDS.find(key)
    if word is None:
        raise Unclear(
            "{key} is not a measure. The measures: {keys}",
            key=key,
            keys=[each.label for each in MEASURES.values()],
        )
    if measure := MEASURES.get(word.code):
        return [("", measure)]
    [rate] = [each for each in by if each.key == word.code]
    parts = [("numerator", MEASURES[each]) for each in rate.numerator]
    return [*parts, ("denominator", MEASURES[rate.denominator])]
