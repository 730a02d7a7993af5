"""DuckDB, which is an extra: only what publishes, or reads what was published, loads it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

from ledger12315.errors import Unusable, message, reason

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LEAST = 50  # megabytes
_OFFLINE = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}


def demand_engine() -> None:
    """Raise Unusable where DuckDB is not installed."""
    engine(_LEAST).close()


def engine(megabytes: int) -> "DuckDBPyConnection":
    """Return a DuckDB of its own in memory, that takes so much of it and asks no network.

    Raises Unusable where it is not installed.
    """
    try:
        import duckdb
    except ImportError as error:
        raise Unusable(
            "This needs DuckDB, which is not installed. Install it:"
            ' pip install "duckdb<3"; for 32-bit Windows and LoongArch there is none.'
        ) from error
    return duckdb.connect(config={**_OFFLINE, "memory_limit": f"{megabytes}MB"})


@contextmanager
def written(target: Path) -> Iterator[Path]:
    """Yield a new folder beside the target, to be filled and renamed; it is removed otherwise.

    Raises Unusable where it cannot be written.
    """
    import duckdb

    fresh = target.parent / f".{os.urandom(4).hex()}.part"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.mkdir()  # for others to read from the start: some filesystems change no mode later
        yield fresh
    except (OSError, duckdb.Error) as error:
        full = message("the disk is full or fails")
        why = reason(error) if isinstance(error, OSError) else full
        raise Unusable("{path} cannot be written: {reason}.", path=target, reason=why) from error
    finally:
        rmtree(fresh, ignore_errors=True)


def quoted(text: object) -> str:
    """Return a text as SQL holds it."""
    escaped = str(text).replace("'", "''")
    return f"'{escaped}'"
