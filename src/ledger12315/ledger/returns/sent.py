"""What of a station's submissions was sent to the county, as its ledger remembers it. 三(五)7"""

from datetime import datetime
from typing import NamedTuple

from ledger12315.errors import Refused
from ledger12315.ledger.figures import Scope
from ledger12315.ledger.returns.frozen import Frozen, frozen_form
from ledger12315.ledger.store import Ledger, insert
from ledger12315.ledger.store.practice import practises
from ledger12315.rules.measures import STATION_FORM
from ledger12315.rules.periods import Period


class Sent(NamedTuple):
    """A folder that was sent: the submission, the act up to which its facts go, their identity.

    `revision` counts the folders of a period. Without facts there is no identity. `moment` is that
    of sending.
    """

    submission: int
    revision: int
    act: int
    identity: str | None
    moment: datetime


def demand_own(ledger: Ledger) -> None:
    """Raise Refused for a practice ledger: what it sends could be taken for real."""
    if practises(ledger):
        raise Refused("A practice ledger sends nothing. Send from the station's own ledger.")


def return_to_send(ledger: Ledger, period: Period) -> Frozen:
    """Return a period's return. Raises Refused if it is not submitted."""
    was = frozen_form(ledger, Scope(period), STATION_FORM)
    if was is None:
        raise Refused(
            "{period} is not submitted, so there is nothing to send. Submit it first: "
            "`returns submit {period}`",
            period=period.code,
        )
    return was


def last_sent(ledger: Ledger, period: str) -> Sent | None:
    """Return the last folder of a period that was sent, also of a withdrawn submission."""
    query = """
        SELECT submission_id, revision, hand_in.act, identity, hand_in.entered
        FROM hand_in JOIN submission ON submission.id = submission_id
        WHERE period = ? ORDER BY revision DESC LIMIT 1"""
    for submission, revision, act, identity, moment in ledger.execute(query, (period,)):
        return Sent(submission, revision, act, identity, datetime.fromisoformat(moment))
    return None


def remember_sent(ledger: Ledger, period: str, each: Sent) -> None:
    """Record that a folder is sent. Raises Refused if another command sent one meanwhile."""
    last = last_sent(ledger, period)
    if each.revision != (last.revision if last else 0) + 1:
        raise Refused("{period} was sent by another command meanwhile.", period=period)
    row = {"revision": each.revision, "act": each.act, "identity": each.identity}
    about = {"submission_id": each.submission, "entered": each.moment.isoformat()}
    insert(ledger, "hand_in", row | about)
