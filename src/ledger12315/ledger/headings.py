"""Headings of other programs' registers, and what they were said to mean."""

from collections.abc import Mapping

from ledger12315.ledger.rows import Ledger, insert, update


def own(ledger: Ledger) -> dict[str, str]:
    """Heading -> box."""
    return dict(ledger.execute("SELECT name, box FROM heading").fetchall())


def remember(ledger: Ledger, headings: Mapping[str, str]) -> None:
    """Keep what headings mean for the next time."""
    known = own(ledger)
    for name, box in headings.items():
        if name not in known:
            insert(ledger, "heading", {"name": name, "box": box})
        elif known[name] != box:
            row_id = ledger.execute("SELECT id FROM heading WHERE name = ?", (name,)).fetchone()[0]
            update(ledger, "heading", row_id, {"box": box})
