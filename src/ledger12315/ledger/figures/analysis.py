"""Analysis 三(三)6: complaints received by one of their boxes, with two earlier periods."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from ledger12315.boxes.forms import COMPLAINT
from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.names import comparable_name, operator
from ledger12315.ledger.audit.past import as_of_act
from ledger12315.ledger.figures.counting import bindings
from ledger12315.ledger.figures.scope import Scope, points_with_totals
from ledger12315.ledger.points import host_on
from ledger12315.ledger.respondents import GROUPED_RESPONDENT
from ledger12315.ledger.returns.frozen import frozen_form
from ledger12315.ledger.store import Ledger, single
from ledger12315.rules.counting import point_condition
from ledger12315.rules.events import EVENTS
from ledger12315.rules.measures import MEASURES
from ledger12315.rules.periods import quarter_of
from ledger12315.rules.rates import Rate, RateValue
from ledger12315.rules.workdays import ONE_DAY
from ledger12315.words import UNCLASSIFIED, Vocabulary, Word

SHARE = Rate("share", "占比", ("received",), "received")
# The boxes that divide complaints; respondents have no fixed words.
DIMENSIONS: Mapping[str, Vocabulary | None] = {
    key: COMPLAINT[key].kind.words for key in ("category", "problem", "respondent", "channel")
}
_RECEIVED = EVENTS["received"]
_ANALYSED = f"""
    SELECT {{columns}}, sum({MEASURES["received"].value}) AS count,
           sum({MEASURES["disputed"].value}) AS disputed
    FROM {_RECEIVED.source} JOIN point ON point.id = complaint.point_id
    WHERE {_RECEIVED.when[0]} AND {point_condition(_RECEIVED)}
      AND (:type IS NULL OR {_RECEIVED.type} = :type)
    GROUP BY {{columns}} ORDER BY count DESC"""
_MONTHS = {"Q": 3, "-": 1}
"""Fifth character of a period's code -> its months; other periods have a year."""


@dataclass(frozen=True)
class AnalysisPart:
    """The complaints with one key: how many of all, 分 in dispute, and how many earlier.

    The earlier count is None if the ledger had not begun.
    """

    key: str | None
    name: Word | str
    count: int
    share: RateValue
    disputed: int
    before: int | None
    change: int | None
    last_year: int | None
    change_last_year: int | None


class Analysis(NamedTuple):
    """The parts, largest first, and the days of the two earlier periods.

    `points_with_totals` sent totals, which belong to no part.
    """

    parts: list[AnalysisPart]
    before: tuple[date, date]
    last_year: tuple[date, date]
    points_with_totals: list[str]


class _CountedByKey(NamedTuple):
    """The complaints received in a stretch by key: count, 分 in dispute and names.

    An earlier stretch is `known` if the ledger had begun.
    """

    counts: Counter[str | None]
    disputed: Counter[str | None]
    names: dict[str | None, Word | str]
    known: bool = True


def analyse(
    ledger: Ledger,
    scope: Scope,
    dimension: str,
    type_: str | None = None,
    act: int | None = None,
    live: bool = False,
) -> Analysis:
    """Return the complaints received by a key of DIMENSIONS, of one type of point if given.

    The period is counted as of the act, and so are the two before it, but for a submitted quarter:
    it is as of its own return unless `live`.
    """
    before = _stretch_before(scope, _MONTHS.get(scope.period.code[4:5], 12))
    last_year = _stretch_before(scope, 12)
    query = "SELECT received FROM complaint WHERE voided IS NULL ORDER BY received LIMIT 1"
    with as_of_act(ledger, act):
        values = bindings(ledger, scope) | {"type": type_}
        now = _count_stretch(ledger, dimension, values)
        began = DAY.stored(single(ledger, query))
        with_totals = points_with_totals(ledger, scope)
    earlier = []
    for first, last in (before, last_year):
        with as_of_act(ledger, act if live else _act_of_return(ledger, scope, first, last) or act):
            days = {**values, "first": first, "last": last}
            found = _count_stretch(ledger, dimension, days)
        earlier.append(found._replace(known=bool(began and last >= began)))
    parts = [*_parts_beside(now, earlier, DIMENSIONS[dimension] or ())]
    return Analysis(parts, before, last_year, with_totals)


def _parts_beside(
    now: _CountedByKey, earlier: Sequence[_CountedByKey], words: Iterable[str]
) -> Iterator[AnalysisPart]:
    """Yield each key's complaints beside the earlier ones, most first, then by its `words`."""
    names, order = now.names, {key: place for place, key in enumerate(words)}
    for each in earlier:
        names = each.names | names
    for key in sorted(
        names, key=lambda key: (-now.counts[key], order.get(key or "", len(order)), str(key))
    ):
        count = now.counts[key]
        share = RateValue(SHARE, count, now.counts.total())
        held: list[int | None] = []
        for each in earlier:
            was = each.counts[key]
            held += [was, count - was] if each.known else [None, None]
        yield AnalysisPart(key, names[key], count, share, now.disputed[key], *held)


def _act_of_return(ledger: Ledger, scope: Scope, first: date, last: date) -> int | None:
    """Return the act of the return of a stretch, if it is a submitted quarter."""
    quarter = quarter_of(first)
    if (first, last) != (quarter.first, quarter.last):
        return None
    was = frozen_form(ledger, scope._replace(period=quarter, as_of=None))
    return was and was.act


def _count_stretch(ledger: Ledger, dimension: str, values: Mapping[str, object]) -> _CountedByKey:
    found = _CountedByKey(Counter(), Counter(), {})
    for key, name, count, money in _received_by(ledger, dimension, values):
        found.names.setdefault(key, name)
        found.counts[key] += count
        found.disputed[key] += money
    return found


def _received_by(
    ledger: Ledger, dimension: str, values: Mapping[str, object]
) -> Iterator[tuple[str | None, Word | str, int, int]]:
    """Yield key, name, count and 分 in dispute of each part.

    A respondent spelled in several ways comes several times, its most frequent spelling first.
    """
    if vocabulary := DIMENSIONS[dimension]:
        query = _ANALYSED.format(columns=f"complaint.{dimension}")
        for code, count, disputed in ledger.execute(query, values):
            yield code, vocabulary[code] if code else UNCLASSIFIED, count, disputed
        return
    columns = f"point.code, point.name, {GROUPED_RESPONDENT}, {host_on('complaint.received')}"
    rows = ledger.execute(_ANALYSED.format(columns=columns), values)
    for code, point, respondent, host, count, disputed in rows:
        # Many markets have the same stall numbers, so a name identifies an operator only within
        # its point.
        name = operator(respondent, point, host)
        yield f"{code} {comparable_name(name)}", f"{code} {name}", count, disputed


def _stretch_before(scope: Scope, months: int) -> tuple[date, date]:
    """Return the same stretch some months earlier, up to the same day if it is not over."""
    back = relativedelta(months=months)
    return scope.period.first - back, scope.last + ONE_DAY - back - ONE_DAY
