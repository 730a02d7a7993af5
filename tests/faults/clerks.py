"""Warmed-up processes that run each command line in a fork; killed or short of disk if asked."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from pkgutil import walk_packages
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import ledger12315
from ledger12315.cli.app import run
from ledger12315.ledger.store import opening as file
from ledger12315.ledger.store.versions import STEPS
from tests.faults import Done
from tests.faults.lines import LEDGER, TOLD, Act
from tests.newer import one_step_more

ROOT = Path(__file__).parents[2]
COMPILER = shutil.which("cc") or shutil.which("gcc")
# Against what hangs for ever.
_LONGEST = 600
# The third version of how Linux is told which capabilities a process keeps: none.
_CAPABILITIES = 0x20080522
_NEWER: dict[int, Any] = {}


class Job(NamedTuple):
    """A command line, and the harm to do meanwhile."""

    arguments: list[str]
    folder: Path
    stdin: str
    kill_after: float | None = None
    under: Path | None = None
    """The folder whose disk is full at the call number `fail_at` that changes a file there."""
    fail_at: int = 0
    for_good: bool = False
    """Whether the disk stays full."""
    notes: Path | None = None
    """A file in which those calls are noted."""
    pragmas: tuple[str, ...] = ()
    env: Mapping[str, str] = {}
    newer: bool = False
    """Whether the program is of the next schema."""
    plain: bool = False
    """Whether it may not write where nobody may, though an administrator started it."""


def clerk(act: Act, folder: Path, who: int = 0, **how: Any) -> Done:
    """Let one of the clerks run an act over a folder; `how` are the fields of Job."""
    line = _lines()[who]
    newer = act.state == "old"
    line.send(Job(act.arguments(folder), folder, act.stdin, newer=newer, **how))
    done = line.recv()
    assert isinstance(done, Done)
    return done


@cache
def _lines() -> list[Connection]:
    """Return lines to clerks whose calls can be recorded and fail; they end with this process."""
    lines = [Pipe() for _ in range(8)]
    theirs = [far.fileno() for _, far in lines]
    with TemporaryDirectory() as folder:
        env = os.environ | TOLD
        if COMPILER:
            env["LD_PRELOAD"] = built = str(Path(folder, "calls.so"))
            source = str(Path(__file__).with_name("calls.c"))
            command = [COMPILER, "-shared", "-fPIC", "-O2", "-o", built, source]
            subprocess.run(command, check=True)
        command = [sys.executable, "-m", "tests.faults.clerks", *map(str, theirs)]
        subprocess.run(command, check=True, pass_fds=theirs, env=env, cwd=ROOT)
    for _, far in lines:
        far.close()
    return [near for near, _ in lines]


def dice(*seed: object) -> Random:
    """Return equal random numbers for equal seeds."""
    return Random(repr(seed))  # noqa: S311 no secret hangs on it


def _serve(lines: list[int]) -> None:
    """Load everything a command may need, and fork a process for each line."""
    for module in walk_packages(ledger12315.__path__, "ledger12315."):
        import_module(module.name)
    with one_step_more():
        _NEWER.update(STEPS)
    for number in lines:
        if not os.fork():
            line = Connection(number)
            with suppress(EOFError):
                while True:
                    line.send(_forked(line.recv()))
            os._exit(0)


def _forked(job: Job) -> Done:
    streams = [os.memfd_create(name) for name in ("in", "out", "err", "calls")]
    os.pwrite(streams[0], job.stdin.encode(), 0)
    start = time.perf_counter()
    child = os.fork()
    if not child:
        _act(job, *streams)
    if job.kill_after is not None:
        time.sleep(job.kill_after)
        os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    _, out, err, calls = map(_content, streams)
    code = os.waitstatus_to_exitcode(status)
    worked, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    return Done(code if code >= 0 else None, out, err, worked, seconds, int(calls or 0), peak)


def _content(memory: int) -> str:
    with os.fdopen(memory, "rb") as file:
        file.seek(0)
        return file.read().decode("utf-8", "replace")


def _act(job: Job, given: int, out: int, err: int, calls: int) -> None:
    """Do the job in the fork, and never return."""
    code = 70
    try:
        signal.alarm(_LONGEST)
        for number, stream in enumerate((given, out, err)):
            os.dup2(stream, number)
        os.chdir(job.folder)
        # Calls are watched by whole paths.
        os.environ.update(job.env, LEDGER12315_DB=str(job.folder / LEDGER))
        if "erase" in job.arguments:  # on a rehearsal's day nothing is
            os.environ.pop("LEDGER12315_TODAY", None)
        STEPS.update(_NEWER if job.newer else {})
        file.PRAGMAS = (*file.PRAGMAS, *job.pragmas)  # type: ignore[assignment]
        if job.under:
            made = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            notes = os.open(job.notes, made, 0o600) if job.notes else -1
            watched = os.fsencode(job.under)
            ctypes.CDLL(None).faults_arm(watched, job.fail_at, int(job.for_good), notes)
        if job.plain:
            ctypes.CDLL(None).capset((ctypes.c_uint32 * 2)(_CAPABILITIES), (ctypes.c_uint32 * 6)())
        code = run(job.arguments)
        if job.under:
            os.write(calls, b"%d" % ctypes.CDLL(None).faults_count())
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    _serve([int(number) for number in sys.argv[1:]])
