"""上期更正: what is not as it was told last, and through which cases. Domain 5."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date

from ledger12315.boxes.reading import in_order
from ledger12315.errors import Refused
from ledger12315.ledger.audit.as_of import as_of_act
from ledger12315.ledger.figures import Scope, Snapshot, cases
from ledger12315.ledger.points import Point
from ledger12315.ledger.returns.frozen import Frozen, figures_told, frozen
from ledger12315.ledger.returns.touched import touched_since
from ledger12315.ledger.store import Ledger
from ledger12315.rules.measures import ATTACHMENT3, COLUMNS, TOTAL, Figures, Measure
from ledger12315.rules.periods import Period, as_known, parse_period, quarter_before
from ledger12315.rules.returns import Carried, Correction, OtherCase

_NEWEST = 8
"""So many returns back, two years, days may fall due by a notice that has only come since."""


def corrections(ledger: Ledger, scope: Scope, today: date = date.max) -> list[Correction]:
    """Return each cell of Attachment 3 that is not as the station's returns last had it.

    To a calendar year's return belongs what December still brought, up to today.
    """
    base = _last_told(ledger, scope)
    if base is None:
        raise Refused("{period} is not submitted.", period=scope.period.code)
    return list(_lines(Snapshot(ledger), base, scope.point, today))


def corrections_due(snapshot: Snapshot, scope: Scope) -> Carried | None:
    """Return what a return has to say of those of its kind before, a point's of the last only.

    None stands for nothing submitted.
    """
    if scope.as_of or not scope.period.owes_return:
        return None
    ledger, point, before = snapshot.ledger, scope.point, None
    if scope.period.is_quarter:
        before = frozen(ledger, Scope(quarter_before(scope.period), None, point))
    last = [before] if before else []
    earlier = last if point else list(_earlier(ledger, scope.period))
    if not earlier:
        return None
    tie = _tie(snapshot, scope, before) if before else {}
    lines = [line for base in earlier for line in _lines(snapshot, base, point)]
    return Carried(before.period.code if before else "", tie, tuple(lines))


def _tie(snapshot: Snapshot, scope: Scope, before: Frozen) -> dict[str, tuple[int, int, int]]:
    opening = snapshot.figures(scope)["open_start"]
    present = snapshot.figures(Scope(before.period, None, scope.point))["open_end"]
    told = before.figures["open_end"]
    return {
        column: (told[column], present[column] - told[column], opening[column])
        for column in COLUMNS
    }


def _earlier(ledger: Ledger, period: Period) -> Iterator[Frozen]:
    """Yield the quarters before, or the annual returns, that may not be as they were last told.

    The last one told of all before it, and rows have changed in few of them since. The newest are
    asked all the same: the program may bring a notice that was not known then.
    """
    query = """
        SELECT period, act FROM submission
        WHERE withdrawn IS NULL AND last < ? AND period LIKE ? ORDER BY last"""
    told = ledger.execute(query, (period.first, _alike(period))).fetchall()
    changed = {each.code for each in touched_since(ledger, told[-1]["act"])} if told else ()
    newest = {each["period"] for each in told[-_NEWEST:]}
    for code, _ in told:
        asked = code in changed or code in newest
        if asked and (base := _last_told(ledger, Scope(parse_period(code)))):
            yield base


def _alike(period: Period) -> str:
    """Return the pattern of the codes of quarters, or of annual returns."""
    return f"____{period.code[4:5]}%"


def _last_told(ledger: Ledger, scope: Scope) -> Frozen | None:
    """Return the station's figures as submitted, or as later returns have corrected them.

    They are as of the last of these, which corrected whatever it found to be otherwise.
    """
    base = frozen(ledger, scope)
    if base is None:
        return None
    query = """
        SELECT act, restated FROM submission
        WHERE withdrawn IS NULL AND id > ? AND last > ? AND period LIKE ? ORDER BY id"""
    values = base.submission, base.period.last, _alike(base.period)
    for act, restated in ledger.execute(query, values):
        told = json.loads(restated).get(base.period.code)
        figures = base.figures if told is None else figures_told(told)
        base = base._replace(figures=figures, act=act)
    return base


def restated(full: Snapshot, period: Period) -> dict[str, Figures]:
    """Return the returns before a period that are not as they were told, as they are now."""
    found = {}
    for base in _earlier(full.ledger, period):
        present = full.figures(Scope(as_known(base.period, date.max)))
        if any(present[each.key] != base.figures[each.key] for each in ATTACHMENT3):
            found[base.period.code] = present
    return found


def _lines(
    snapshot: Snapshot, base: Frozen, point: Point | None, today: date = date.max
) -> Iterator[Correction]:
    """Yield what has changed since a form was submitted, cell by cell."""
    ledger, scope = snapshot.ledger, Scope(base.period, None, point)
    present = scope._replace(period=as_known(base.period, today))
    was, now_ = base.figures, snapshot.figures(present)
    cells = [
        (each, column)
        for each in ATTACHMENT3
        for column in COLUMNS
        if was[each.key][column] != now_[each.key][column]
    ]
    with as_of_act(ledger, base.act if cells else None):
        then = [_by_case(ledger, scope, *cell) for cell in cells]
    for (measure, column), before in zip(cells, then, strict=True):
        after = _by_case(ledger, present, measure, column)
        changed = [case for case in before.keys() | after.keys() if before[case] != after[case]]
        submitted, now_is = was[measure.key][column], now_[measure.key][column]
        others = sorted(case for case in changed if isinstance(case, OtherCase))
        yield Correction(
            base.period.code,
            measure.code,
            measure.key,
            column,
            submitted,
            now_is,
            now_is - submitted,
            tuple(in_order(case for case in changed if isinstance(case, str))),
            tuple(others),
        )


def _by_case(
    ledger: Ledger, scope: Scope, measure: Measure, column: str
) -> Counter[str | OtherCase]:
    """Return what each complaint (its number), or all other cases of a kind and day, add."""
    found = Counter[str | OtherCase]()
    for case in cases(ledger, scope, measure, None if column == TOTAL else column):
        found[case.number or OtherCase(case.kind, case.received)] += case.value
    return found
