"""The program with a future schema of facts: complaints have a column more. A made-up second one.

As a program it is that program; the column says 早 of each case.
"""

import sys
from unittest.mock import patch

from ledger12315.rules import facts

NEXT = facts.SCHEMA + 1
_COLUMN = facts.Fact("shift", meaning="made up", since=NEXT)


def main() -> None:
    """Run a command line with that schema, which other modules find when they are loaded."""
    more = {**facts.FACTS, "complaint": (*facts.FACTS["complaint"], _COLUMN)}
    with patch.multiple(facts, SCHEMA=NEXT, FACTS=more):
        from ledger12315.ledger import facts as taken

        taken._VALUES["complaint.shift"] = "'早'"
        from ledger12315.__main__ import main as program

        sys.exit(program())


if __name__ == "__main__":
    main()
