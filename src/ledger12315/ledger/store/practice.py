"""Practice ledgers: a file's name says that it is one, and so does the ledger in it."""

from pathlib import Path

from ledger12315.ledger.store import Ledger, insert, single

_BEGINS = "practice."
_KEY = "practice"
"""The setting that only `init` writes: no command names or changes it."""


def practice_path(path: Path) -> Path:
    """Return the path of the practice ledger beside a ledger."""
    return path.parent / f"{_BEGINS}{path.name}"


def own_path(path: Path) -> Path:
    """Return the path of the ledger that a practice ledger lies beside."""
    return path.with_name(path.name.removeprefix(_BEGINS))


def is_for_practice(path: Path) -> bool:
    """Return whether a ledger at this path is a practice ledger, by the file's name."""
    return path.name.startswith(_BEGINS)


def mark_as_practice(ledger: Ledger) -> None:
    """Write into a new ledger that it is a practice ledger."""
    insert(ledger, "setting", {"key": _KEY, "value": "1"})


def practises(ledger: Ledger) -> bool:
    """Return whether a ledger says that it is a practice ledger."""
    return bool(single(ledger, "SELECT 1 FROM setting WHERE key = ?", (_KEY,)))
