"""Keeping and removing: what is past its retention, and personal data erased for good, also from the history. Domain 7."""

from collections.abc import Mapping
from datetime import date

from dateutil.relativedelta import relativedelta

from ledger12315.errors import Refused
from ledger12315.ledger.history import PERSONAL, digest_of
from ledger12315.ledger.rows import Ledger, new_key, update
from ledger12315.ledger.station import settings
from ledger12315.words import ERASED

# What the file itself wants filled, always or beside another column.
_NEEDED = {"complainant": "id", "facts": "id", "escalation_reason": "escalated", "remark": "outcome", "void_reason": "voided"}


def past_retention(ledger: Ledger, today: date) -> list[dict[str, str]]:
    """Complaints closed or voided so long ago that they may be erased, and not erased yet: number, point, received, closed."""
    limit = today - relativedelta(years=int(settings(ledger)["retention_years"]))
    rows = ledger.execute(
        """
        SELECT complaint.number, point.code AS point, complaint.received, complaint.closed
        FROM complaint JOIN point ON point.id = complaint.point_id
        WHERE coalesce(complaint.closed, complaint.voided) < ? AND complaint.complainant <> ?
        ORDER BY coalesce(complaint.closed, complaint.voided), complaint.year, complaint.serial""",
        (limit.isoformat(), ERASED),
    )
    return [dict(row) for row in rows]


def erase(ledger: Ledger, numbers: list[str], today: date) -> None:
    """Remove all that is personal, the figures staying. Raises Refused for a complaint that is not past its retention."""
    ready = {row["number"] for row in past_retention(ledger, today)}
    for number in numbers:
        if number not in ready:
            raise Refused("{number} is not past its retention, or erased already; nothing was changed.", number=number)
    for number in numbers:
        row = dict(ledger.execute("SELECT * FROM complaint WHERE number = ?", (number,)).fetchone())
        update(ledger, "complaint", row["id"], erased_values(row))
        _forget(ledger, "complaint", row["id"])


def erased_values(row: Mapping[str, object]) -> dict[str, str | None]:
    """What stands in a complaint's personal columns once they are erased, given its others."""
    return {key: ERASED if row.get(_NEEDED.get(key, "")) is not None else None for key in PERSONAL["complaint"]}


def _forget(ledger: Ledger, table: str, row_id: int) -> None:
    """Take the personal values out of a row's history; their digests stay, so that the chain does."""
    query = "SELECT id, personal, digest FROM change WHERE table_name = ? AND row_id = ? AND personal IS NOT NULL"
    for change, personal, digest in ledger.execute(query, (table, row_id)).fetchall():
        # Without its salt the digest tells nobody what a short name was.
        update(ledger, "change", change, {"personal": None, "salt": None, "digest": digest or digest_of(new_key(), personal)})
