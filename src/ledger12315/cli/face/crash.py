"""Messages on an unexpected error: the ledger is damaged, or a report was written."""

import os
import platform
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from ledger12315.build import VERSION_LINE
from ledger12315.cli.face.desk import Desk
from ledger12315.errors import Unusable
from ledger12315.ledger.audit.check import ledger_problems
from ledger12315.ledger.store.explaining import damaged_error


def error_to_show(error: Exception, context: Any) -> Unusable:
    """Return the error of the system or a damaged ledger, else one of the program."""
    encoding = sys.getfilesystemencoding()
    if isinstance(error, UnicodeEncodeError) and encoding != "utf-8":
        return Unusable(
            "The system's character set ({encoding}) lacks characters of a file's name. Set "
            "LC_ALL=C.UTF-8, or choose another file with --output.",
            encoding=encoding,
        )
    with suppress(Exception):  # the same error may occur again
        path = Desk(context).path  # raises if there was no command yet, and so no ledger
        try:
            if found := ledger_problems(path):
                return damaged_error(path, found[0])
        except Unusable as unusable:
            if unusable.__cause__:  # SQLite's own error
                return unusable
    return Unusable(
        "this is a bug in the program; please send its report: {path}",
        path=_write_crash_report(error),
    )


def _write_crash_report(error: BaseException) -> Path:
    """Write the error's place, without values, into a private file; return its path."""
    frames = traceback.extract_tb(error.__traceback__)
    # An error's message often contains a value, so only its type is written.
    kinds = [type(cause).__name__ for cause in (error, error.__cause__) if cause]
    lines = [
        f"{VERSION_LINE}, Python {platform.python_version()}, {platform.system()}",
        *kinds,
        *(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames),
    ]
    descriptor, name = tempfile.mkstemp(prefix="ledger12315-fault-", suffix=".txt")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join([*lines, ""]))
    return Path(name)
