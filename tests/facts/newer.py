"""The program with a future schema of facts: complaints have a column more. A made-up second one.

As a program it is that program; the column says 早 of each case.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from ledger12315.cli.app import run
from ledger12315.county import facts as exported
from ledger12315.county import store
from ledger12315.facts import arriving, manifest, taking_in, writing
from ledger12315.ledger import facts as taken
from ledger12315.rules import facts

NEXT = facts.SCHEMA + 1
_WITH_IT = {
    "complaint": (
        *facts.FACTS["complaint"],
        facts.Fact("shift", meaning="made up", since=NEXT),
    )
}


@contextmanager
def one_column_more() -> Iterator[None]:
    """Make each store and hand-in one of an earlier program inside the block."""
    with ExitStack() as inside:
        for tables in (facts.FACTS, exported._EXPORTED_TABLES):
            inside.enter_context(patch.dict(tables, _WITH_IT))
        inside.enter_context(patch.dict(taken._VALUES, {"complaint.shift": "'早'"}))
        for module in (arriving, exported, manifest, store, taking_in, writing):
            inside.enter_context(patch.object(module, "SCHEMA", NEXT))
        made = manifest.Manifest.__new__
        inside.enter_context(patch.object(made, "__defaults__", (NEXT,)))
        yield


if __name__ == "__main__":
    with one_column_more():
        sys.exit(run(sys.argv[1:]))
