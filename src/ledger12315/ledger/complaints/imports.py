"""Complaints of an import, which can be voided together. 三(四)4"""

from collections.abc import Iterator
from itertools import compress, islice
from typing import NamedTuple

from ledger12315.errors import Message, Refused, message
from ledger12315.ledger.complaints.finding import complaint_allowing
from ledger12315.ledger.store import Ledger
from ledger12315.words import ERASED

_LATEST_IMPORTS = 10
_STILL_VALID = """
    SELECT code, number, EXISTS (
        SELECT 1 FROM change AS later WHERE later.table_name = 'complaint'
        AND later.row_id = complaint.id AND later.act_id > change.act_id),
        complainant = :erased
    FROM change JOIN complaint ON complaint.id = change.row_id
    JOIN point ON point.id = complaint.point_id
    WHERE change.act_id = :act AND change.table_name = 'complaint' AND change.made
        AND voided IS NULL
    ORDER BY year, serial"""


class Import(NamedTuple):
    """An act of importing, and its complaints that are not void.

    `points` are their points' codes, `changed` the complaints that later acts changed, `erased`
    those without personal data.
    """

    act: int
    at: str
    user: str
    points: list[str]
    numbers: list[str]
    changed: list[str]
    erased: list[str]

    @property
    def words(self) -> Message:
        """The import in words: its number, time and points."""
        return message(
            "import {act} ({at}, {user}), complaints at {points}: {count}",
            act=self.act,
            at=self.at[:16].replace("T", " "),
            user=self.user,
            points=self.points,
            count=len(self.numbers),
        )


def import_of(ledger: Ledger, act: int) -> Import:
    """Return the complaints of an import.

    Raises Refused if the act was no import, naming the latest, or if a complaint cannot be voided.
    """
    for found in _imports(ledger, "id = ?", act):
        for number in found.erased:
            complaint_allowing(ledger, number, "void")
        return found
    latest = islice(_imports(ledger, "id <> ?", act), _LATEST_IMPORTS)
    raise Refused(
        "Import {act} does not exist, or all its complaints are void already.",
        *(each.words for each in latest),
        act=act,
    )


def _imports(ledger: Ledger, condition: str, act: int) -> Iterator[Import]:
    """Yield the imports with complaints that are not void, the latest first."""
    query = f"""
        SELECT id, at, user FROM act WHERE command = 'complaint import' AND {condition}
        ORDER BY id DESC"""
    for act_id, at, user in ledger.execute(query, (act,)).fetchall():
        values = {"act": act_id, "erased": ERASED}
        if standing := ledger.execute(_STILL_VALID, values).fetchall():
            codes, numbers, changed, erased = zip(*standing, strict=True)
            yield Import(
                act_id,
                at,
                user,
                [*dict.fromkeys(codes)],
                [*numbers],
                [*compress(numbers, changed)],
                [*compress(numbers, erased)],
            )
