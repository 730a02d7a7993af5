"""The report of an unexpected error: where it happened, and none of the values it happened with."""

import os
import platform
import tempfile
import traceback
from pathlib import Path

from ledger12315 import __version__


def report(error: BaseException) -> Path:
    """Write the report into a file that only its owner reads, and give its path."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [
        f"ledger12315 {__version__}, Python {platform.python_version()}, {platform.system()}",
        # The message of an error often holds a value: only its kind goes in.
        *(type(cause).__name__ for cause in (error, error.__cause__) if cause),
        *(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames),
    ]
    descriptor, name = tempfile.mkstemp(prefix="ledger12315-fault-", suffix=".txt")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join([*lines, ""]))
    return Path(name)
