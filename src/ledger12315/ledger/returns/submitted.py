"""The station's returns: prepared, frozen, and withdrawn if they come back. 三(五)7"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from ledger12315.errors import Message, Refused, message
from ledger12315.ledger.audit.past import as_of_act
from ledger12315.ledger.figures import Scope, Snapshot, figures, totals_not_carried
from ledger12315.ledger.figures.scope import totals_in_scope
from ledger12315.ledger.points import Point, points
from ledger12315.ledger.returns.corrections import (
    carried_corrections,
    chain_pattern,
    returns_before,
)
from ledger12315.ledger.returns.owing import (
    demand_begun,
    due_dates_of_return,
    owed_returns,
)
from ledger12315.ledger.returns.received import opening_mismatch
from ledger12315.ledger.settings import first_day_of_ledger, settings
from ledger12315.ledger.store import Ledger, history, insert, sha256, single, update
from ledger12315.ledger.store.versions import version_of
from ledger12315.rules.measures import (
    ATTACHMENT3,
    COLUMNS,
    LIST_FORM,
    POINT_FORM,
    STATION_FORM,
    TOTAL,
    Figures,
    without_zeros,
)
from ledger12315.rules.periods import Period, quarter_before
from ledger12315.rules.reported import (
    Carried,
    Stamp,
    demand_submittable,
    demand_withdrawable,
)


class PreparedForm(NamedTuple):
    """A form of a submission, of a point or the station, not drawn yet.

    The list of points has neither figures nor corrections.
    """

    number: int
    point: Point | None
    figures: Figures
    carried: Carried | None

    @property
    def told(self) -> str:
        """The figures of earlier periods that are told anew with it, as JSON by period."""
        told = self.carried.told if self.carried else {}
        return json.dumps({code: without_zeros(found, COLUMNS) for code, found in told.items()})


class Submission(NamedTuple):
    """A period to be frozen: its forms, and the ledger's state at their making.

    `stamp` is what its forms state of it; its act is the next one.
    """

    period: Period
    stamp: Stamp
    settings: Mapping[str, str]
    forms: tuple[PreparedForm, ...]


class Receipt(NamedTuple):
    """The receipt of a return: its forms' SHA-256, and the head of the act that froze it."""

    digests: tuple[str, ...]
    head: str


def prepare(full: Snapshot, period: Period, moment: datetime) -> Submission:
    """Return the forms to submit at a moment; Attachment 6, which is sent, comes first.

    Raises Refused for a period that cannot be submitted.
    """
    ledger, today = full.ledger, moment.date()
    _demand_own_turn(full, period, today)
    of_points = [] if period.is_annual else points(ledger)
    before = carried_corrections(full, Scope(period), [None, *of_points])
    station = full.figures(Scope(period))
    forms = [
        PreparedForm(STATION_FORM, None, station, before.get(None)),
        PreparedForm(LIST_FORM, None, {}, None),
        PreparedForm(POINT_FORM, None, station, before.get(None)),
    ]
    forms += _forms_of_points(full, period, of_points, before, today)
    stamp = Stamp(moment, *_state_of_history(ledger), *_heads_of_others(ledger, period))
    return Submission(period, stamp, settings(ledger, period.last), tuple(forms))


def _state_of_history(ledger: Ledger) -> tuple[int, str]:
    """Return the number of the next act, and the head of the last one."""
    last = single(ledger, "SELECT max(id) FROM act WHERE head IS NOT NULL")
    return last + 1, history.head(ledger)


def _heads_of_others(ledger: Ledger, period: Period) -> tuple[str, str]:
    """Return the heads that a new return of a period states: `before` and `replaces`."""
    back = "SELECT head FROM submission WHERE period = ? AND withdrawn NOTNULL ORDER BY id DESC"
    gone = returns_before(ledger, period)
    return gone[-1]["head"] if gone else "", single(ledger, back, (period.code,)) or ""


def _forms_of_points(
    full: Snapshot,
    period: Period,
    asked: Sequence[Point],
    before: Mapping[int | None, Carried],
    today: date,
) -> Iterator[PreparedForm]:
    """Yield the forms of points that owe a return, have entries or corrections. Raises Refused."""
    states = {each.point: each.state for each in owed_returns(full.ledger, today, period)}
    for point in asked:
        found, corrected = full.figures(Scope(period, None, point)), before.get(point.id)
        entries = any(found[measure.key][TOTAL] for measure in ATTACHMENT3)
        if entries and states.get(point.code) == "nil":
            raise Refused(
                "{point} sent a nil return, but the ledger has entries. Receive its return again.",
                point=point.name,
            )
        if entries or point.code in states or (corrected and corrected.corrections):
            yield PreparedForm(POINT_FORM, point, found, corrected)


_RETURNS_RECEIVED = """
    SELECT point_id, max(act_id) FROM change JOIN point_return AS sent ON sent.id = row_id
    WHERE table_name = 'point_return' AND sent.period = ? AND state = 'received'
    GROUP BY point_id"""
_ENTERED_SINCE = """
    SELECT EXISTS (
        SELECT 1 FROM change
            LEFT JOIN complaint ON table_name = 'complaint' AND complaint.id = row_id
            LEFT JOIN record ON table_name = 'record' AND record.id = row_id
        WHERE act_id > :act AND :point IN
            (complaint.point_id, record.point_id, json_extract(common, '$.point_id[0]')))"""


def changed_since_received(full: Snapshot, prepared: Submission) -> Iterator[Message]:
    """Yield points whose figures have changed since their return was received."""
    ledger, period = full.ledger, prepared.period
    received = dict(ledger.execute(_RETURNS_RECEIVED, (period.code,)).fetchall())
    for form in prepared.forms:
        point = form.point
        if point is None or point.id not in received:
            continue
        asked = {"act": received[point.id], "point": point.id}
        if not single(ledger, _ENTERED_SINCE, asked):
            continue
        with as_of_act(ledger, asked["act"]):
            then = figures(ledger, Scope(period, None, point))
        changed = [
            measure.label
            for measure in ATTACHMENT3
            if then[measure.key][TOTAL] != form.figures[measure.key][TOTAL]
        ]
        if changed:
            yield message(
                "{point}: changed since its return was received: {measures}.",
                point=point.name,
                measures=changed,
            )


def _demand_own_turn(full: Snapshot, period: Period, today: date) -> None:
    ledger = full.ledger
    due_dates_of_return(ledger, period)
    before, standing = quarter_before(period), _days_of_submission(ledger, period)
    follows = before.code in standing
    lacks = period.is_quarter and not follows and before.last >= first_day_of_ledger(ledger)
    demand_submittable(period, today, standing, before.code if lacks else "")
    demand_begun(ledger, period)
    if follows:
        demand_openings(full, period)


def demand_openings(full: Snapshot, period: Period) -> None:
    """Raise Refused if a point's 02 differs from its 17 of the quarter before.

    Only totals of a point can cause that.
    """
    quarters = quarter_before(period), period
    sent = (each for days in quarters for each in totals_in_scope(full.ledger, Scope(days)))
    points = {each.point.code: each.point for each in sent}
    found = {
        code: mismatch
        for code, point in sorted(points.items())
        if (mismatch := opening_mismatch(full, Scope(period, None, point)))
    }
    if found:
        raise totals_not_carried(found, [*found.values()])


def _days_of_submission(ledger: Ledger, period: Period) -> dict[str, date]:
    """Return the days of submission of the returns of a period's chain that stand, by period."""
    query = "SELECT period, day FROM submission WHERE withdrawn IS NULL AND period LIKE ?"
    rows = ledger.execute(query, (chain_pattern(period.code),))
    return {code: date.fromisoformat(day) for code, day in rows}


def submit(ledger: Ledger, submission: Submission, contents: Sequence[bytes]) -> Receipt:
    """Freeze a submission with its forms' workbooks, as the last step of its act.

    Raises Refused if somebody wrote to the ledger since it was prepared.
    """
    period = submission.period
    stamp = submission.stamp
    if history.head(ledger) != stamp.head:
        raise Refused(
            "The ledger was changed meanwhile, so nothing is submitted. Submit {period} again.",
            period=period.code,
        )
    row = {
        "period": period.code,
        "first": period.first,
        "last": period.last,
        "day": stamp.moment.date(),
        "settings": json.dumps(submission.settings),
        "head": stamp.head,
        "act": stamp.act - 1,
        "schema": version_of(ledger),
        "entered": stamp.moment.isoformat(),
    }
    submission_id = insert(ledger, "submission", row)
    digests = [sha256(content).hexdigest() for content in contents]
    for form, content, digest in zip(submission.forms, contents, digests, strict=True):
        query = "INSERT INTO file (sha256, content) VALUES (?, ?) ON CONFLICT DO NOTHING"
        ledger.execute(query, (digest, content))
        submitted = {
            "submission_id": submission_id,
            "form": form.number,
            "point_id": form.point.id if form.point else None,
            "figures": json.dumps(without_zeros(form.figures, COLUMNS)),
            "sha256": digest,
            "told": form.told,
        }
        insert(ledger, "submitted", submitted)
    history.seal(ledger)
    return Receipt(tuple(digests), history.head(ledger))


class Proof(NamedTuple):
    """What the receipt of a return says: its forms with their points and SHA-256, and the head."""

    stamp: Stamp
    forms: tuple[tuple[int, Point | None, str], ...]
    head: str


def proof_of(ledger: Ledger, period: Period) -> Proof:
    """Return what the receipt of a period's valid return says."""
    query = """
        SELECT submission.id, submission.entered, act.id, act.head, submission.head
        FROM submission
        JOIN change ON table_name = 'submission' AND row_id = submission.id AND made
        JOIN act ON act.id = act_id WHERE withdrawn IS NULL AND period = ?"""
    row_id, moment, act, sealed, head = ledger.execute(query, (period.code,)).fetchone()
    others = _heads_of_others(ledger, period)
    stamp = Stamp(datetime.fromisoformat(moment), act, head, *others)
    forms = "SELECT form, point_id, sha256 FROM submitted WHERE submission_id = ? ORDER BY id"
    known = {each.id: each for each in points(ledger)}
    rows = ledger.execute(forms, (row_id,)).fetchall()
    return Proof(stamp, tuple((number, known.get(id_), sha) for number, id_, sha in rows), sealed)


def withdraw(ledger: Ledger, period: Period, reason: str, today: date) -> None:
    """Withdraw a submission that the county sent back; its record stays.

    Raises Refused if it is not submitted, or a later return is based on it.
    """
    demand_withdrawable(period.code, _days_of_submission(ledger, period))
    query = "SELECT id FROM submission WHERE withdrawn IS NULL AND period = ?"
    row_id = single(ledger, query, (period.code,))
    update(ledger, "submission", row_id, {"withdrawn": today, "withdraw_reason": reason})


def withdrawn_submissions(ledger: Ledger, period: Period) -> list[tuple[date, date]]:
    """Return the days of submission and withdrawal of a period's returns that came back."""
    query = """
        SELECT day, withdrawn FROM submission
        WHERE period = ? AND withdrawn IS NOT NULL ORDER BY id"""
    rows = ledger.execute(query, (period.code,))
    return [(date.fromisoformat(day), date.fromisoformat(back)) for day, back in rows]
