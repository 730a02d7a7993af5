"""What people name by words: a complaint, a point, a period."""

from collections.abc import Callable
from datetime import date

from ledger12315.cli.face.desk import Desk
from ledger12315.ledger.points import find_point, last_used
from ledger12315.ledger.station import settings
from ledger12315.ledger.store import Ledger
from ledger12315.rules.periods import Period, parse_period


def complaint_for(act: str) -> Callable[[Desk, str], str]:
    """Return a lookup of a complaint's number and item.

    The lookup raises Refused if the complaint's state does not allow the act.
    """
    from ledger12315.ledger.complaints.acts import allowed  # most that name a point need it not

    def look(desk: Desk, number: str) -> str:
        with desk.read() as ledger:
            return f"{number} {allowed(ledger, number, act)['item']}"

    return look


def point_named(desk: Desk, word: str) -> str:
    """Return code and name of the point that a word names. Raises Refused."""
    with desk.read() as ledger:
        point = find_point(ledger, word)
    return f"{point.code} {point.name}"


def period_named(ledger: Ledger, text: str, as_of: date | None = None) -> Period:
    """Return the period that a text names, by the station's own year. Raises Unclear."""
    return parse_period(text, settings(ledger)["annual_period"], as_of)


def last_point(desk: Desk) -> str:
    """Return the name of the point for which something was entered last.

    Who takes up a pile of papers goes on with the same point.
    """
    with desk.read() as ledger:
        return last_used(ledger)
