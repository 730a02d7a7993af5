"""The program with a future schema: one more step, which rebuilds the table of complaints.

As a program it is that program.
"""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from unittest.mock import patch

from sqlite_utils import Database

from ledger12315.__main__ import main
from ledger12315.ledger.store import schema
from ledger12315.ledger.store.altering import rebuild
from ledger12315.ledger.store.migrating import ledger_of_version
from ledger12315.ledger.store.versions import STEPS, fingerprint

NEXT = max(STEPS) + 1


def m_next_outcome(db: Database) -> None:
    """Add an eighth outcome."""
    rebuild(
        db.conn, "complaint", "'unreachable', 'other'))", "'unreachable', 'referred', 'other'))"
    )


# Steps are found by their names.
_STEP = m_next_outcome.__name__
setattr(schema, _STEP, m_next_outcome)


@contextmanager
def one_step_more() -> Iterator[None]:
    """Make every ledger an old one inside the block."""
    with patch.dict(STEPS, {NEXT: (_STEP, _fingerprint())}):
        yield


@cache
def _fingerprint() -> str:
    with patch.dict(STEPS, {NEXT: (_STEP, "")}), closing(ledger_of_version(NEXT)) as made:
        return fingerprint(made)


if __name__ == "__main__":
    with one_step_more():
        sys.exit(main())
