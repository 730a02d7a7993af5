"""Command lines run in this process, in a folder of their own: hundreds in the time that a few processes take."""

import contextlib
import io
import os
import shlex
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from ledger12315.cli.app import run
from ledger12315.cli.face import options
from ledger12315.ledger.store import opening as file

LEDGER = Path("ledger.sqlite")


class Result(NamedTuple):
    """A command's exit code, what it printed and said, and how long it took."""

    code: int
    out: str
    err: str
    seconds: float


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@contextlib.contextmanager
def workplace(place: Path, today: str = "") -> Iterator[None]:
    """Everything that the program reads of its surroundings is set: folder, temporary files, language, and the day where given.

    Power cuts are another harm's: without waiting for the disk this takes a tenth of the time.
    """
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("LEDGER12315_")
    }
    (temporary := place / "temporary").mkdir(parents=True)
    names = {
        "LEDGER12315_LANG": "en",
        "LEDGER12315_USER": "clerk",
        "LEDGER12315_DB": str(LEDGER),
        "TMPDIR": str(temporary),
    }
    names |= {"COLUMNS": "200", **({"LEDGER12315_TODAY": today} if today else {})}
    options._tell_rehearsal.cache_clear()
    with (
        patch.dict(os.environ, kept | names, clear=True),
        patch("tempfile.tempdir", str(temporary)),
        patch.object(file, "PRAGMAS", (*file.PRAGMAS, "PRAGMA synchronous = OFF")),
        patch("os.fsync"),
        patch("gc.freeze"),  # a process lives for one command there, here for thousands
        contextlib.chdir(place),
    ):
        yield


def command(line: str, stdin: str = "", terminal: bool = False) -> Result:
    """Run one line as a shell splits it; on a `terminal` nobody answers."""
    stream = _Terminal if terminal else io.StringIO
    began = time.perf_counter()
    given = io.TextIOWrapper(io.BytesIO(stdin.encode()))
    with (
        patch("sys.stdin", given),
        contextlib.redirect_stdout(stream()) as out,
        contextlib.redirect_stderr(stream()) as err,
    ):
        try:
            code = run(shlex.split(line))
        except BaseException as error:  # what the program let out is what is looked for
            return Result(
                -1,
                out.getvalue(),
                f"{err.getvalue()}Traceback: {error!r}",
                time.perf_counter() - began,
            )
    return Result(code, out.getvalue(), err.getvalue(), time.perf_counter() - began)


def done(line: str, stdin: str = "") -> Result:
    """Run one line that must succeed."""
    result = command(line, stdin)
    assert result.code == 0, f"{line}: {result.err}"
    return result
