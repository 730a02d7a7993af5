"""Command lines run in this process, in a folder of their own: hundreds in a few seconds."""

import contextlib
import io
import os
import shlex
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import time_machine

from ledger12315.cli.app import run
from ledger12315.ledger.store import opening as file
from tests.faults import Done
from tests.faults.lines import TOLD, Act


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@contextlib.contextmanager
def workplace(place: Path) -> Iterator[None]:
    """Set all that the program reads of its surroundings, and go into a new folder.

    Power cuts are another harm's: without waiting for the disk this takes a tenth of the time.
    """
    (temporary := place / "temporary").mkdir(parents=True)
    names = {**os.environ, **TOLD, "TMPDIR": str(temporary), "COLUMNS": "200"}
    with (
        patch.dict(os.environ, names),
        patch("tempfile.tempdir", str(temporary)),
        patch.object(file, "PRAGMAS", (*file.PRAGMAS, "PRAGMA synchronous = OFF")),
        patch("os.fsync"),
        patch("gc.freeze"),  # a process lives for one command there, here for thousands
        contextlib.chdir(place),
    ):
        yield


def command(line: str, stdin: str = "", terminal: bool = False) -> Done:
    """Run one line as a shell splits it; on a `terminal` nobody answers."""
    stream = _Terminal if terminal else io.StringIO
    began = time.process_time()
    with (
        patch("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()))),
        contextlib.redirect_stdout(stream()) as out,
        contextlib.redirect_stderr(stream()) as err,
        _no_rehearsal(line),
    ):
        try:
            code = run(shlex.split(line.replace("{}", ".")))
        except BaseException as error:  # what the program let out is what is looked for
            code = -1
            err.write(f"Traceback: {error!r}")
    return Done(code, out.getvalue(), err.getvalue(), time.process_time() - began)


@contextlib.contextmanager
def _no_rehearsal(line: str) -> Iterator[None]:
    """Take the rehearsal's day away where something is erased, or make it the clock's."""
    with contextlib.ExitStack() as stack:
        if line.startswith("--clock-is-right complaint erase"):
            day = os.environ["LEDGER12315_TODAY"]
            stack.enter_context(time_machine.travel(f"{day}T09:00:00+08:00", tick=False))
        if line.startswith(("--clock-is-right complaint erase", "complaint erase 2")):
            stack.enter_context(patch.dict(os.environ, LEDGER12315_TODAY=""))
        yield


def done(act: Act) -> Done:
    """Run what must succeed."""
    result = command(act.words, act.stdin)
    assert result.code == 0, f"{act.words}: {result.err}"
    return result
