"""Complaints with empty boxes derived from the filled ones.

The view `complaint_derived` has the columns of the table. Readers query the view; only acts, which
need the stated values, query the table.
"""

from collections.abc import Iterable

from ledger12315.ledger.store.tables import KIND_OF_CATEGORY

# A complaint is handled by the first liaison whom its point had on the day of receipt.
_LIAISON_THEN = """(
    SELECT contact.name FROM contact
    WHERE contact.point_id = complaint.point_id AND contact.role = 'liaison'
      AND contact.since <= complaint.received
      AND (contact.until IS NULL OR contact.until > complaint.received)
    ORDER BY contact.since, contact.id LIMIT 1)"""
DERIVED = {
    "headcount": "1",
    "kind": KIND_OF_CATEGORY,
    "disputed": "purchase",
    "handler": _LIAISON_THEN,
}
"""Boxes that need not be filled, and the SQL that derives their values."""


def derived_view(columns: Iterable[str], temporary: bool = False) -> str:
    """Return the statement that makes the view of these columns of complaints.

    A `temporary` one reads the tables as other temporary views show them.
    """
    shown = (
        f"coalesce({column}, {DERIVED[column]}) AS {column}" if column in DERIVED else column
        for column in columns
    )
    made = "CREATE TEMP VIEW" if temporary else "CREATE VIEW"
    return f"{made} complaint_derived AS SELECT {', '.join(shown)} FROM complaint"
