"""The station's returns: frozen, withdrawn if they come back, corrected by the next. Domain 5."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from ledger12315.boxes.reading import in_order
from ledger12315.errors import Refused, Unusable
from ledger12315.ledger.audit.as_of import as_of_act
from ledger12315.ledger.figures import Scope, Snapshot, cases
from ledger12315.ledger.figures.grounds import all_points
from ledger12315.ledger.points import Point
from ledger12315.ledger.returns.owing import dates, demand_begun, returns_owed
from ledger12315.ledger.returns.received import untied
from ledger12315.ledger.returns.touched import touched_since
from ledger12315.ledger.station import begins, settings
from ledger12315.ledger.store import Ledger, history, insert, now, update
from ledger12315.rules.measures import ATTACHMENT3, COLUMNS, MEASURES, TOTAL, Figures, Measure
from ledger12315.rules.periods import Period, as_known, parse_period, quarter_before
from ledger12315.rules.returns import CORRECTED, RETURN, Carried, Correction, OtherCase

_NEWEST = 8
"""So many returns back, two years, days may fall due by a notice that has only come since."""


class OwedForm(NamedTuple):
    """A form of a submission, of a point or the station, whose workbook is still to be drawn."""

    form: int
    point: Point | None
    figures: Figures


class Submission(NamedTuple):
    """What is to be frozen of a period: the forms, and the ledger as they found it.

    `act` and `head` are the last of the history. `restated` has the quarters before that are told
    otherwise now.
    """

    period: Period
    day: date
    settings: Mapping[str, str]
    act: int
    head: str
    restated: Mapping[str, Figures]
    forms: tuple[OwedForm, ...]


class Receipt(NamedTuple):
    """What goes out with a return: its forms' SHA-256, and the head of the act that froze it."""

    digests: tuple[str, ...]
    head: str


class Frozen(NamedTuple):
    """What was submitted on a day, as of an act; the period as it was read then."""

    period: Period
    figures: Figures
    content: bytes
    day: date
    act: int
    submission: int
    settings: Mapping[str, str]


def prepare(full: Snapshot, period: Period, today: date) -> Submission:
    """Return what is to be submitted, the form that is sent first.

    Raises Refused for a period that cannot be submitted.
    """
    ledger = full.ledger
    _demand_submittable(full, period, today)
    station = full.figures(Scope(period))
    forms = [OwedForm(form.number, None, station) for form in RETURN]
    forms += _of_points(full, period, today)
    restated = {
        base.period.code: present
        for base in _earlier(ledger, period)
        if (present := _changed(full, base))
    }
    act = ledger.execute("SELECT max(id) FROM act").fetchone()[0]
    head = history.head(ledger)
    return Submission(
        period, today, settings(ledger, period.last), act, head, restated, tuple(forms)
    )


def late_points(ledger: Ledger, period: Period) -> list[str]:
    """Return the points whose return for a period came after its day."""
    query = """
        SELECT point.name FROM point_return JOIN point ON point.id = point_return.point_id
        WHERE period = ? AND day > ? ORDER BY point.code"""
    return [name for (name,) in ledger.execute(query, (period.code, dates(ledger, period).point))]


def _of_points(full: Snapshot, period: Period, today: date) -> Iterator[OwedForm]:
    """Yield the forms of all points that owe a return, or have entries. Raises Refused."""
    if period.is_annual:
        return
    states = {each.point: each.state for each in returns_owed(full.ledger, today, period)}
    for point in all_points(full.ledger):
        found = full.figures(Scope(period, None, point))
        entries = any(found[measure.key][TOTAL] for measure in ATTACHMENT3)
        if entries and states.get(point.code) == "nil":
            raise Refused(
                "{point} sent a nil return, and the ledger has entries. Receive it again.",
                point=point.name,
            )
        if entries or point.code in states:
            for form in RETURN:
                if form.of_points:
                    yield OwedForm(form.number, point, found)


def _demand_submittable(full: Snapshot, period: Period, today: date) -> None:
    ledger = full.ledger
    dates(ledger, period)
    if period.closes >= today:
        raise Refused(
            "{period} is not over; it can be submitted after {last}.",
            period=period.code,
            last=period.closes,
        )
    if row := _standing(ledger, period):
        raise Refused(
            "{period} was submitted on {day}; withdraw it first.",
            period=period.code,
            day=row["day"],
        )
    _demand_latest(ledger, period, period.last)
    demand_begun(ledger, period)
    follows = period.is_quarter and _follows(ledger, period)
    if follows and (difference := untied(full, Scope(period))):
        raise Refused("The totals that points sent do not tie: {sentence}.", sentence=difference)


def _follows(ledger: Ledger, period: Period) -> bool:
    """Return whether the quarter before is submitted.

    Raises Refused if it is not and should be: they go out in order, from the one in which the
    ledger begins.
    """
    before = quarter_before(period)
    standing = _standing(ledger, before) is not None
    if not standing and before.last >= begins(ledger):
        raise Refused(
            "{before} is not submitted yet; quarters are submitted in order."
            " Submit it first: ledger12315 returns submit {before}",
            before=before.code,
        )
    return standing


def _demand_latest(ledger: Ledger, period: Period, last: date) -> None:
    """Raise Refused if a later return has carried this one on."""
    query = """
        SELECT period FROM submission
        WHERE withdrawn IS NULL AND last > ? AND period LIKE '%Q%' ORDER BY last DESC"""
    later = ledger.execute(query, (last,)).fetchone() if period.is_quarter else None
    if later:
        raise Refused(
            "{later} is submitted, and rests on {period}. Withdraw {later} first.",
            later=later["period"],
            period=period.code,
        )


def submit(ledger: Ledger, submission: Submission, contents: Sequence[bytes]) -> Receipt:
    """Freeze a submission with its forms' workbooks, as the last that its act does.

    Raises Refused if somebody wrote to the ledger since it was prepared.
    """
    period = submission.period
    if history.head(ledger) != submission.head:
        raise Refused(
            "The ledger was written to meanwhile; nothing is submitted. Submit {period} again.",
            period=period.code,
        )
    restated = {code: _sparse(found) for code, found in submission.restated.items()}
    row = {
        "period": period.code,
        "first": period.first,
        "last": period.last,
        "day": submission.day,
        "settings": json.dumps(submission.settings),
        "head": submission.head,
        "act": submission.act,
        "restated": json.dumps(restated),
        "entered": now(),
    }
    submission_id = insert(ledger, "submission", row)
    digests = [sha256(content).hexdigest() for content in contents]
    for form, content, digest in zip(submission.forms, contents, digests, strict=True):
        query = "INSERT INTO file (sha256, content) VALUES (?, ?) ON CONFLICT DO NOTHING"
        ledger.execute(query, (digest, content))
        submitted = {
            "submission_id": submission_id,
            "form": form.form,
            "point_id": form.point.id if form.point else None,
            "figures": json.dumps(_sparse(form.figures)),
            "sha256": digest,
        }
        insert(ledger, "submitted", submitted)
    return Receipt(tuple(digests), history.seal(ledger))


def withdraw(ledger: Ledger, period: Period, reason: str, today: date) -> None:
    """Take back what the county sent back; it stays recorded.

    Raises Refused if it is not submitted, or a later return rests on it.
    """
    row = _standing(ledger, period)
    if row is None:
        raise Refused("{period} is not submitted.", period=period.code)
    _demand_latest(ledger, period, date.fromisoformat(row["last"]))
    update(ledger, "submission", row["id"], {"withdrawn": today, "withdraw_reason": reason})


def _standing(ledger: Ledger, period: Period) -> Any:
    query = "SELECT id, day, last FROM submission WHERE withdrawn IS NULL AND period = ?"
    return ledger.execute(query, (period.code,)).fetchone()


def annual_reading(ledger: Ledger, period: str = "____A") -> tuple[str, str] | None:
    """Return the last annual return that stands and how it read the year, or that of a period."""
    query = """
        SELECT period, json_extract(settings, '$.annual_period') FROM submission
        WHERE withdrawn IS NULL AND period LIKE ? ORDER BY period DESC LIMIT 1"""
    row = ledger.execute(query, (period,)).fetchone()
    return (row[0], row[1]) if row else None


def frozen(ledger: Ledger, scope: Scope, form: int = CORRECTED.number) -> Frozen | None:
    """Return what was submitted of a whole period, of the station or a point.

    None stands for nothing, or what was withdrawn. Raises Unusable where it is not as it was.
    """
    if scope.as_of:
        return None
    query = """
        SELECT submission.*, submitted.id AS handed_in, submitted.figures, submitted.sha256,
            file.content
        FROM submission JOIN submitted ON submitted.submission_id = submission.id
        LEFT JOIN file ON file.sha256 = submitted.sha256
        WHERE withdrawn IS NULL AND period = ? AND form = ? AND point_id IS ?"""
    whose = scope.point.id if scope.point else None
    row = ledger.execute(query, (scope.period.code, form, whose)).fetchone()
    if ledger.execute(_LOST).fetchone() or not (row is None or _as_handed_in(ledger, row)):
        raise Unusable(
            "What was submitted of {period} is not in the ledger as it was handed in, so the"
            " ledger is damaged. Restore a backup: ledger12315 ledger restore FILE",
            period=scope.period.code,
        )
    if row is None:
        return None
    settings_ = json.loads(row["settings"])
    last = date.fromisoformat(row["last"])
    return Frozen(
        parse_period(row["period"], settings_["annual_period"], last),
        _whole(json.loads(row["figures"])),
        row["content"],
        date.fromisoformat(row["day"]),
        row["act"],
        row["id"],
        settings_,
    )


# Rows of returns that the history has and the ledger lacks.
_LOST = " UNION ALL ".join(
    f"SELECT 1 FROM change WHERE table_name = '{table}'"
    f" AND row_id NOT IN (SELECT id FROM main.{table})"
    for table in ("submission", "submitted")
)


def _as_handed_in(ledger: Ledger, row: Any) -> bool:
    query = "SELECT common FROM change WHERE table_name = 'submitted' AND row_id = ? AND made"
    [common] = ledger.execute(query, (row["handed_in"],)).fetchone() or ("{}",)
    told = json.loads(common)
    alike = (told.get("figures"), told.get("sha256")) == (row["figures"], row["sha256"])
    return alike and sha256(row["content"] or b"").hexdigest() == row["sha256"]


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
        figures = base.figures if told is None else _whole(told)
        base = base._replace(figures=figures, act=act)
    return base


def _changed(full: Snapshot, base: Frozen) -> Figures | None:
    """Return the figures of a period as they are now, if they are not as they were told."""
    present = full.figures(Scope(as_known(base.period, date.max)))
    changed = any(present[each.key] != base.figures[each.key] for each in ATTACHMENT3)
    return present if changed else None


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


def _sparse(found: Figures) -> dict[str, dict[str, int]]:
    """Return figures without what is 0: a measure that a newer program adds was none."""
    filled = {
        key: {column: figure for column, figure in row.items() if figure}
        for key, row in found.items()
    }
    return {key: row for key, row in filled.items() if row}


def _whole(told: Mapping[str, Mapping[str, int]]) -> Figures:
    return {
        key: {column: told.get(key, {}).get(column, 0) for column in COLUMNS} for key in MEASURES
    }
