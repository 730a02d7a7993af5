"""Run the program without its history or without waiting for the disk.

`without.py nothing|history|disk|both ARGUMENTS`
"""

import gc
import sys

gc.disable()  # as the program's own start does

from ledger12315.cli.app import run  # noqa: E402
from ledger12315.ledger.store import Ledger  # noqa: E402
from ledger12315.ledger.store import opening as file  # noqa: E402
from ledger12315.ledger.store.migrating import fingerprint  # noqa: E402


def main(without: str, arguments: list[str]) -> int:
    """Run it; the schema is looked at, though a ledger without history has no triggers."""
    if without in ("history", "both"):
        vars(file).update(
            begin=_nothing,
            seal=_nothing,
            check_schema=_look_at,
        )
    if without in ("disk", "both"):
        vars(file).update(PRAGMAS=(*file.PRAGMAS, "PRAGMA synchronous = OFF"))
    return run(arguments)


def _look_at(_path: object, ledger: Ledger, _version: object) -> None:
    fingerprint(ledger)


def _nothing(*_: object) -> None:
    pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
