"""The program with a future schema of facts: complaints have a column more. A made-up second one.

As a program it runs the lines that it is given, and prints SEPARATOR for an empty one; the column
says 早 of each case.
"""

import shlex
import sys
from unittest.mock import patch

from ledger12315.rules import facts

NEXT = facts.SCHEMA + 1
SEPARATOR = "-- next part --"
_COLUMN = facts.Fact("shift", meaning="made up", since=NEXT)


def main() -> None:
    """Run command lines with that schema, which other modules find when they are loaded."""
    more = {**facts.FACTS, "complaint": (*facts.FACTS["complaint"], _COLUMN)}
    with patch.multiple(facts, SCHEMA=NEXT, FACTS=more):
        from ledger12315.ledger import facts as taken

        taken._VALUES["complaint.shift"] = "'早'"
        from ledger12315.cli.app import run

        failed = False
        for line in sys.argv[1:]:
            if line:
                failed |= bool(run(shlex.split(line)))
            else:
                sys.stdout.write(f"{SEPARATOR}\n")
        sys.exit(failed)


if __name__ == "__main__":
    main()
