"""The start of the program in an archive, beside a folder with all that it loads.

It stands outside the package, whose names it would hide.
"""

import os.path
import sys

folder = os.path.dirname(sys.path[0])  # noqa: PTH120 pathlib takes longer to load than all of this
sys.path[0] = f"{folder}/program"
sys.argv[0] = f"{folder}/ledger12315{'.exe' * (sys.platform == 'win32')}"
sys.frozen = True  # type: ignore[attr-defined]  # as programs with a Python of their own have it

from ledger12315.__main__ import main  # noqa: E402 found only now

sys.exit(main())
