"""DuckDB, an extra that only writing and reading facts load."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import ENOMEM, ENOSPC, errorcode
from glob import escape
from pathlib import Path
from shutil import rmtree
from time import time
from typing import TYPE_CHECKING, Any

from ledger12315.errors import Message, Unusable, explain_write_errors, made_folder, message

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    Duck = DuckDBPyConnection
else:  # loaded on first use
    Duck = Any

MEMORY = ":memory:"
_LEFT_OVER = 24 * 60 * 60  # seconds
_SETTINGS = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    # DuckDB 1.4 must be able to read the files of later versions.
    "storage_compatibility_version": "v1.4.0",
    # A file made to do harm would fill the disk, or the present folder.
    "temp_directory": "",
}


def demand_engine() -> Any:
    """Return DuckDB's module. Raises Unusable if it is not installed."""
    try:
        import duckdb
    except ImportError as error:
        how = how_to_install()
        raise Unusable("This needs DuckDB, which is not installed. {how}", how=how) from error
    return duckdb


def how_to_install() -> Message:
    """Return how the program comes by DuckDB: nothing can be installed into an archive."""
    if hasattr(sys, "frozen"):
        return message("It is in the archive of this version whose name has -county.")
    return message(
        "Install it: {command}; it is not available for 32-bit Windows and LoongArch.",
        command='pip install "duckdb>=1.4,<3"',
    )


def open_engine(megabytes: int, file: str | Path = MEMORY, writes: bool = True) -> Duck:
    """Return a DuckDB with limited memory, without network and without other folders.

    Raises Unusable if it is not installed, duckdb.Error if it cannot open the file.
    """
    settings = {**_SETTINGS, "memory_limit": f"{megabytes}MB"}
    opened: Duck = demand_engine().connect(file, read_only=not writes, config=settings)
    return opened


@contextmanager
def new_folder_beside(target: Path) -> Iterator[Path]:
    """Yield a new folder next to the target, to be filled and renamed; else it is removed.

    Folders of killed commands are removed after a day. Raises Unusable if it cannot be written.
    """
    fresh = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
    with explain_disk_errors(target), made_folder(target.parent):
        remove_left_over(target)
        try:
            # For others to read from the start: some filesystems change no mode later.
            fresh.mkdir()
            yield fresh
        finally:
            rmtree(fresh, ignore_errors=True)


def remove_left_over(target: Path) -> None:
    """Remove what killed commands left beside a target a day ago."""
    for left in target.parent.glob(f".{escape(target.name)}.*.part*"):
        with suppress(OSError):  # another command has just put it in place
            if left.stat().st_mtime < time() - _LEFT_OVER:
                rmtree(left) if left.is_dir() else left.unlink()


@contextmanager
def explain_disk_errors(target: Path) -> Iterator[None]:
    """Raise Unusable for a disk that refuses to be written inside the block."""
    with explain_write_errors(target):
        try:
            yield
        except Exception as error:
            engine = sys.modules.get("duckdb")  # what is not loaded raises nothing
            if engine and isinstance(error, engine.Error) and (known := system_error(error)):
                raise known from error
            raise


def system_error(error: Exception) -> OSError | None:
    """Return the system's error behind one of DuckDB, which has it only as a text."""
    import duckdb

    if isinstance(error, duckdb.OutOfMemoryException):
        return _os_error(ENOMEM)
    codes = [code for code in errorcode if os.strerror(code) in str(error)]
    codes += [ENOSPC] * ("Could not write" in str(error))  # Windows speaks its own language
    return _os_error(codes[0]) if codes else None


def _os_error(code: int) -> OSError:
    return OSError(code, os.strerror(code))


def sql_literal(text: object) -> str:
    """Return a text as an SQL literal."""
    escaped = str(text).replace("'", "''")
    return f"'{escaped}'"


def path_literal(file: Path) -> str:
    """Return a file's name for SQL, with its wildcards escaped."""
    return sql_literal(escape(str(file)))


def rows_of_file(file: Path) -> str:
    """Return a Parquet file's rows for SQL; a folder called `name=value` gives no column."""
    return f"read_parquet({path_literal(file)}, hive_partitioning = false)"
