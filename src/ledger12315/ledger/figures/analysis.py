"""Analysis 三(三)6: complaints received by one of their boxes, held against the stretch just before and that of a year before."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

from ledger12315.boxes.names import compared, operator
from ledger12315.ledger.figures import Scope, bindings, sent
from ledger12315.ledger.points import host_on
from ledger12315.ledger.store import Ledger
from ledger12315.rules.measures import EVENTS, MEASURES
from ledger12315.rules.rates import Rate, Value
from ledger12315.rules.workdays import ONE_DAY
from ledger12315.words import CATEGORIES, CHANNELS, PROBLEMS, Vocabulary, Word

SHARE = Rate("share", "占比", ("received",), "received", "本项/受理", "of all received")
# What complaints are told apart by; respondents are no fixed words.
DIMENSIONS: Mapping[str, Vocabulary | None] = {
    "category": CATEGORIES,
    "problem": PROBLEMS,
    "respondent": None,
    "channel": CHANNELS,
}
_UNKNOWN = Word("", "未分类", "not classified")
_RECEIVED = EVENTS["received"]
_TOLD = f"""
    SELECT {{columns}}, sum({MEASURES["received"].value}) AS count, sum({MEASURES["disputed"].value}) AS disputed
    FROM {_RECEIVED.source} JOIN point ON point.id = complaint.point_id
    WHERE {_RECEIVED.when[0]}
      AND (:point IS NULL OR {_RECEIVED.point} = :point) AND (:type IS NULL OR {_RECEIVED.type} = :type)
    GROUP BY {{columns}} ORDER BY count DESC"""


class Analysis(NamedTuple):
    """`parts`, most first, are held against two earlier stretches; the totals that the points `sent` are in none of them.

    A part is a dict: key, name (a Word or text), count, share, disputed in 分, before, change, last_year, change_last_year; the
    last four are None where the ledger had not begun.
    """

    parts: list[dict[str, Any]]
    before: tuple[date, date]
    last_year: tuple[date, date]
    sent: list[str]


def analyse(ledger: Ledger, scope: Scope, dimension: str, type_: str | None = None) -> Analysis:
    """Complaints received, by a key of DIMENSIONS; of one type of point where it is asked."""
    values = bindings(ledger, scope) | {"type": type_}
    stretches = {
        "count": (scope.period.first, scope.last),
        "before": _earlier(scope, {"Q": 3, "-": 1}.get(scope.period.code[4:5], 12)),
        "last_year": _earlier(scope, 12),
    }
    names: dict[str | None, Word | str] = {}
    counts = {column: Counter[str | None]() for column in (*stretches, "disputed")}
    for stretch, (first, last) in stretches.items():
        bounds = {"first": first.isoformat(), "last": last.isoformat()}
        for key, name, count, money in _received(ledger, dimension, values | bounds):
            names.setdefault(key, name)
            counts[stretch][key] += count
            counts["disputed"][key] += money if stretch == "count" else 0
    began = ledger.execute(
        "SELECT received FROM complaint WHERE voided IS NULL ORDER BY received LIMIT 1"
    ).fetchone()
    order = {key: place for place, key in enumerate(DIMENSIONS[dimension] or ())}
    parts: list[dict[str, Any]] = []
    for key in sorted(
        names, key=lambda key: (-counts["count"][key], order.get(key or "", len(order)), str(key))
    ):
        count = counts["count"][key]
        share = Value(SHARE, count, counts["count"].total())
        part = {
            "key": key,
            "name": names[key],
            "count": count,
            "share": share,
            "disputed": counts["disputed"][key],
        }
        for stretch, change in (("before", "change"), ("last_year", "change_last_year")):
            known = began is not None and stretches[stretch][1].isoformat() >= began[0]
            earlier = counts[stretch][key] if known else None
            part |= {stretch: earlier, change: None if earlier is None else count - earlier}
        parts.append(part)
    points = sorted({each.point.code for each in sent(ledger, scope)})
    return Analysis(parts, stretches["before"], stretches["last_year"], points)


def _received(
    ledger: Ledger, dimension: str, values: Mapping[str, object]
) -> Iterator[tuple[str | None, Word | str, int, int]]:
    """(key, name, how many, disputed) of each; one respondent may come several times, its most frequent spelling first."""
    if vocabulary := DIMENSIONS[dimension]:
        for code, count, disputed in ledger.execute(
            _TOLD.format(columns=f"complaint.{dimension}"), values
        ):
            yield code, vocabulary[code] if code else _UNKNOWN, count, disputed
        return
    columns = f"point.code, point.name, complaint.respondent, {host_on('complaint.received')}"
    for code, point, respondent, host, count, disputed in ledger.execute(
        _TOLD.format(columns=columns), values
    ):
        # The same stall number stands in many markets: a name tells operators apart within their point only.
        name = operator(respondent, point, host)
        yield f"{code} {compared(name)}", f"{code} {name}", count, disputed


def _earlier(scope: Scope, months: int) -> tuple[date, date]:
    """The same stretch so many months before: of a whole period the whole one, else up to the same day."""
    back = relativedelta(months=months)
    return scope.period.first - back, scope.last + ONE_DAY - back - ONE_DAY
