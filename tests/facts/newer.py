"""The program with a future schema of facts: complaints have a column more. A made-up second one.

As a program it runs the lines that it is given; the column says 早 of each case.
"""

import shlex
import sys
from unittest.mock import patch

from ledger12315.rules import facts

NEXT = facts.SCHEMA + 1
_COLUMN = facts.Fact("shift", meaning="made up", since=NEXT)


def main() -> None:
    """Run command lines with that schema, which other modules find when they are loaded."""
    more = {**facts.FACTS, "complaint": (*facts.FACTS["complaint"], _COLUMN)}
    with patch.multiple(facts, SCHEMA=NEXT, FACTS=more):
        from ledger12315.ledger import facts as taken

        taken._VALUES["complaint.shift"] = "'早'"
        from ledger12315.cli.app import run

        sys.exit(any(run(shlex.split(line)) for line in sys.argv[1:]))


if __name__ == "__main__":
    main()
