"""The start of the program in the archive; it stands outside the package, whose names it hides."""

import sys

from ledger12315.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
