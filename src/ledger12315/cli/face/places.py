"""A point in a conversation: it is never deleted, so that a second one is asked for first."""

from collections.abc import Iterator
from typing import Any

from ledger12315.cli.face.subject import Doubt, Known, Subject
from ledger12315.ledger.points.acts import likenesses
from ledger12315.locale import N_


class NewPoint(Subject):
    """A point that is set up; that there is no ledger is told before anything is asked."""

    def __init__(self, *about: Any) -> None:
        super().__init__(*about)
        with self.desk.read():
            pass

    def doubts(self, known: Known) -> Iterator[Doubt]:
        with self.desk.read() as ledger:
            found = [*likenesses(ledger, self.values(known))]
        for why in found:
            yield Doubt(why, "name", N_("Register it all the same? [y/n]"))
