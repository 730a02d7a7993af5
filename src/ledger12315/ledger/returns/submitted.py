"""The station's returns: frozen when they leave, withdrawn when they come back, corrected by the next. Source: domain 5."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from ledger12315.errors import Refused
from ledger12315.ledger.audit.as_of import as_of_act
from ledger12315.ledger.figures import Scope, cases, figures
from ledger12315.ledger.points import Point
from ledger12315.ledger.returns import received as returns
from ledger12315.ledger.station import settings
from ledger12315.ledger.store import Ledger, history, insert, now, update
from ledger12315.rules.measures import ATTACHMENT3, COLUMNS, MEASURES, TOTAL, Figures, Measure
from ledger12315.rules.periods import Period, parse_period


class ReturnForm(NamedTuple):
    """One form of a return, of a point or of the station, before it is written down."""

    number: int
    point: Point | None
    figures: Figures
    content: bytes


class Frozen(NamedTuple):
    """What was submitted: the period as it was read then, figures, workbook; on which day, as of which act."""

    period: Period
    figures: Figures
    content: bytes
    day: str
    act: int
    submission: int


class Carried(NamedTuple):
    """上期更正: the quarter before; by column its 17 as submitted, the correction, 02 now; and each cell that changed since."""

    previous: str
    tie: Mapping[str, tuple[int, int, int]]
    lines: list[dict[str, Any]]


def prepare(
    ledger: Ledger, period: Period, today: date, make: Callable[[int, Scope], bytes]
) -> tuple[dict[str, Any], list[ReturnForm]]:
    """The submission as `submit` writes it down, Attachment 6 first. Raises Refused for a period that cannot be submitted."""
    _demand_submittable(ledger, period, today)
    station = Scope(period)
    forms = [
        ReturnForm(number, None, figures(ledger, station), make(number, station))
        for number in (6, 3)
    ]
    states = {row["point"]: row["state"] for row in returns.returns_owed(ledger, today, period)}
    for row in ledger.execute(
        "SELECT id, code, name, since, retired FROM point ORDER BY code"
    ).fetchall():
        scope = Scope(period, None, Point(**row))
        found = figures(ledger, scope)
        entries = any(found[measure.key][TOTAL] for measure in ATTACHMENT3)
        if entries and states.get(row["code"]) == "nil":
            raise Refused(
                "{point} sent a nil return, and the ledger has entries. Receive it again.",
                point=row["name"],
            )
        if entries or row["code"] in states:
            forms.append(ReturnForm(3, scope.point, found, make(3, scope)))
    submission = {
        "period": period.code,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
    }
    submission |= {
        "day": today.isoformat(),
        "settings": json.dumps(settings(ledger)),
        "head": history.head(ledger),
    }
    submission["act"] = ledger.execute("SELECT max(id) FROM act").fetchone()[0]
    submission["restated"] = json.dumps(
        {
            base.period.code: _sparse(present)
            for base in _earlier(ledger, period)
            if (present := _changed(ledger, base))
        }
    )
    return submission, forms


def _demand_submittable(ledger: Ledger, period: Period, today: date) -> None:
    returns.dates(ledger, period)
    if period.last >= today:
        raise Refused(
            "{period} is not over; it can be submitted after {last}.",
            period=period.code,
            last=period.last,
        )
    if row := _standing(ledger, period.code):
        raise Refused(
            "{period} was submitted on {day}; withdraw it first.",
            period=period.code,
            day=row["day"],
        )
    _demand_latest(ledger, period.code, period.last.isoformat())
    before = returns.quarter_before(period)
    if (
        _carries(period.code)
        and _standing(ledger, before.code)
        and (untied := returns.untied(ledger, Scope(period)))
    ):
        raise Refused("The totals that points sent do not tie: {sentence}.", sentence=untied)


def _demand_latest(ledger: Ledger, code: str, last: str) -> None:
    """What a later return has carried on stays as it is."""
    query = "SELECT period FROM submission WHERE withdrawn IS NULL AND last > ? AND period LIKE '%Q%' ORDER BY last DESC"
    later = ledger.execute(query, (last,)).fetchone() if _carries(code) else None
    if later:
        raise Refused(
            "{later} is submitted, and rests on {period}. Withdraw {later} first.",
            later=later["period"],
            period=code,
        )


def _carries(code: str) -> bool:
    """Quarters carry the corrections of those before."""
    return "Q" in code


def submit(ledger: Ledger, submission: Mapping[str, Any], forms: list[ReturnForm]) -> str:
    """Freeze what `prepare` made; gives the SHA-256 of Attachment 6. Raises Refused where somebody wrote since."""
    if history.head(ledger) != submission["head"]:
        raise Refused(
            "The ledger was written to meanwhile; nothing is submitted. Submit {period} again.",
            period=submission["period"],
        )
    submission_id = insert(ledger, "submission", {**submission, "entered": now()})
    for form in forms:
        digest = sha256(form.content).hexdigest()
        ledger.execute(
            "INSERT INTO file (sha256, content) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (digest, form.content),
        )
        row = {
            "submission_id": submission_id,
            "form": form.number,
            "point_id": form.point.id if form.point else None,
        }
        insert(
            ledger,
            "submitted",
            row | {"figures": json.dumps(_sparse(form.figures)), "sha256": digest},
        )
    return sha256(forms[0].content).hexdigest()


def withdraw(ledger: Ledger, code: str, reason: str, today: date) -> None:
    """Take back what the county sent back; it stays recorded. Raises Refused where a later return rests on it."""
    row = _standing(ledger, code)
    if row is None:
        raise Refused("{period} is not submitted.", period=code)
    _demand_latest(ledger, code, row["last"])
    update(
        ledger, "submission", row["id"], {"withdrawn": today.isoformat(), "withdraw_reason": reason}
    )


def _standing(ledger: Ledger, code: str) -> Any:
    return ledger.execute(
        "SELECT * FROM submission WHERE withdrawn IS NULL AND period = ?", (code,)
    ).fetchone()


def frozen(ledger: Ledger, scope: Scope, form: int = 3) -> Frozen | None:
    """What was submitted of a period as a whole, of the station or a point; None where nothing was, or it was withdrawn."""
    if scope.as_of:
        return None
    query = """
        SELECT submission.*, submitted.figures, file.content FROM submission
        JOIN submitted ON submitted.submission_id = submission.id JOIN file ON file.sha256 = submitted.sha256
        WHERE withdrawn IS NULL AND period = ? AND form = ? AND point_id IS ?"""
    row = ledger.execute(
        query, (scope.period.code, form, scope.point.id if scope.point else None)
    ).fetchone()
    if row is None:
        return None
    period = parse_period(row["period"], json.loads(row["settings"])["annual_period"])
    return Frozen(
        period,
        _whole(json.loads(row["figures"])),
        row["content"],
        row["day"],
        row["act"],
        row["id"],
    )


def corrections(ledger: Ledger, scope: Scope) -> list[dict[str, Any]]:
    """Each cell of Attachment 3 that is not as the station's returns last had it, and through which complaints; money in 分."""
    base = _last_told(ledger, scope)
    if base is None:
        raise Refused("{period} is not submitted.", period=scope.period.code)
    return _lines(ledger, base, scope.point)


def corrections_due(ledger: Ledger, scope: Scope) -> Carried | None:
    """What a quarter's return has to say of those before, a point's of the one before only; None where nothing was submitted."""
    before = frozen(ledger, Scope(returns.quarter_before(scope.period), None, scope.point))
    earlier = (
        [base for base in (before,) if base]
        if scope.point
        else list(_earlier(ledger, scope.period))
    )
    if scope.as_of or not _carries(scope.period.code) or not earlier:
        return None
    tie = {}
    if before:
        opening = figures(ledger, scope)["open_start"]
        present = figures(ledger, Scope(before.period, None, scope.point))["open_end"]
        submitted = before.figures["open_end"]
        tie = {
            column: (submitted[column], present[column] - submitted[column], opening[column])
            for column in COLUMNS
        }
    lines = [line for base in earlier for line in _lines(ledger, base, scope.point)]
    return Carried(before.period.code if before else "", tie, lines)


def _earlier(ledger: Ledger, period: Period) -> Iterator[Frozen]:
    """The quarters before, as they were last told."""
    query = "SELECT period FROM submission WHERE withdrawn IS NULL AND last < ? AND period LIKE '%Q%' ORDER BY last"
    for row in (
        ledger.execute(query, (period.first.isoformat(),)).fetchall()
        if _carries(period.code)
        else ()
    ):
        if base := _last_told(ledger, Scope(parse_period(row["period"]))):
            yield base


def _last_told(ledger: Ledger, scope: Scope) -> Frozen | None:
    """A period as submitted, or as a later return has corrected it."""
    base = frozen(ledger, scope)
    if base is None or scope.point:
        return base
    query = (
        "SELECT act, restated FROM submission WHERE withdrawn IS NULL AND id > ? ORDER BY id DESC"
    )
    for act, restated in ledger.execute(query, (base.submission,)):
        if (told := json.loads(restated).get(base.period.code)) is not None:
            return base._replace(figures=_whole(told), act=act)
    return base


def _changed(ledger: Ledger, base: Frozen) -> Figures | None:
    present = figures(ledger, Scope(base.period))
    return (
        present
        if any(present[each.key] != base.figures[each.key] for each in ATTACHMENT3)
        else None
    )


def _lines(ledger: Ledger, base: Frozen, point: Point | None) -> list[dict[str, Any]]:
    scope = Scope(base.period, None, point)
    present = figures(ledger, scope)
    cells = [
        (each, column)
        for each in ATTACHMENT3
        for column in COLUMNS
        if base.figures[each.key][column] != present[each.key][column]
    ]
    with as_of_act(ledger, base.act if cells else None):
        then = [_by_case(ledger, scope, *cell) for cell in cells]
    lines = []
    for (measure, column), before in zip(cells, then, strict=True):
        after = _by_case(ledger, scope, measure, column)
        changed = sorted(
            case for case in before.keys() | after.keys() if before[case] != after[case]
        )
        was, is_ = base.figures[measure.key][column], present[measure.key][column]
        head = {
            "period": base.period.code,
            "code": measure.code,
            "key": measure.key,
            "type": column,
        }
        told = {"submitted": was, "now": is_, "difference": is_ - was}
        numbers = sorted(
            (number for number, *_ in changed if number),
            key=lambda number: (number[:4], len(number), number),
        )
        others = [{"kind": kind, "date": day} for number, kind, day in changed if not number]
        lines.append(head | told | {"numbers": numbers, "others": others})
    return lines


def _by_case(
    ledger: Ledger, scope: Scope, measure: Measure, column: str
) -> Counter[tuple[str, str, str]]:
    """What each complaint (its number), or all other cases of a kind and day, add."""
    found = Counter[tuple[str, str, str]]()
    for row in cases(ledger, scope, measure.key, None if column == TOTAL else column)[1]:
        found[(row["number"], "", "") if row["number"] else ("", row["kind"], row["received"])] += (
            row["value"]
        )
    return found


def _sparse(found: Figures) -> dict[str, dict[str, int]]:
    """Figures without what is 0: a measure that a newer program adds was none."""
    return {
        key: filled
        for key, row in found.items()
        if (filled := {column: figure for column, figure in row.items() if figure})
    }


def _whole(told: Mapping[str, Mapping[str, int]]) -> Figures:
    return {
        key: {column: told.get(key, {}).get(column, 0) for column in COLUMNS} for key in MEASURES
    }
