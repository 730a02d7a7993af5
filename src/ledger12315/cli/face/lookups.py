"""What an answer to the first question names: looked up before more is asked."""

from collections.abc import Callable

from ledger12315.cli.face.desk import Desk
from ledger12315.ledger.complaints.acts import allowed
from ledger12315.ledger.points import find_point, last_used


def complaint_for(act: str) -> Callable[[Desk, str], str]:
    """Return a lookup of a complaint's number and item.

    The lookup raises Refused if the complaint's state does not allow the act.
    """

    def look(desk: Desk, number: str) -> str:
        with desk.read() as ledger:
            return f"{number} {allowed(ledger, number, act)['item']}"

    return look


def point_named(desk: Desk, word: str) -> str:
    """Return code and name of the point that a word names. Raises Refused."""
    with desk.read() as ledger:
        point = find_point(ledger, word)
    return f"{point.code} {point.name}"


def last_point(desk: Desk) -> str:
    """Return the name of the point for which something was entered last.

    Who takes up a pile of papers goes on with the same point.
    """
    with desk.read() as ledger:
        return last_used(ledger)
