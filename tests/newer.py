"""The program of a schema to come: one more step, which makes the table of complaints anew.

Run as a program it is that program.
"""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from unittest.mock import patch

from sqlite_utils import Database

from ledger12315.__main__ import main
from ledger12315.ledger.store.altering import rebuild
from ledger12315.ledger.store.migrating import fingerprint, pattern
from ledger12315.ledger.store.schema import STEPS

NEXT = max(STEPS) + 1


def m_next_outcome(db: Database) -> None:
    """An eighth outcome."""
    rebuild(
        db.conn, "complaint", "'unreachable', 'other'))", "'unreachable', 'referred', 'other'))"
    )


@contextmanager
def one_step_more() -> Iterator[None]:
    """Inside, every ledger made before is an old one."""
    with patch.dict(STEPS, {NEXT: (m_next_outcome, _fingerprint())}):
        yield


@cache
def _fingerprint() -> str:
    with patch.dict(STEPS, {NEXT: (m_next_outcome, "")}), closing(pattern(NEXT)) as made:
        return fingerprint(made)


if __name__ == "__main__":
    with one_step_more():
        sys.exit(main())
