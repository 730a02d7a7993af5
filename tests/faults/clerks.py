"""A warmed-up process that runs each command line in a fork of its own: killed, short of disk or noted call by call if asked."""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import IO, Any, NamedTuple

from tests.newer import one_step_more

ROOT = Path(__file__).parents[2]
TODAY = "2026-09-28"
_LONGEST = 120


class Done(NamedTuple):
    """What became of a command line: exit code (None where it was killed), output, seconds, calls that change files, peak MB."""

    code: int | None
    out: str
    err: str
    seconds: float
    calls: int
    peak: float = 0.0


class Clerk:
    """The parent's side of the process; `calls` is the library that counts and fails, where it was loaded."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._stdin, self._stdout = process.stdin, process.stdout

    def __call__(
        self,
        arguments: list[str],
        *,
        kill_after: float | None = None,
        under: Path | None = None,
        fail_at: int = 0,
        for_good: bool = False,
        notes: Path | None = None,
        pragmas: tuple[str, ...] = (),
        env: Mapping[str, str] | None = None,
    ) -> Done:
        """Run one command line: killed after some seconds; or with the disk under a folder full at the n-th call that changes
        a file there, `for_good` or only for that call; or with those calls noted; with further pragmas for the ledger."""
        job = {
            "arguments": arguments,
            "kill_after": kill_after,
            "under": str(under or ""),
            "fail_at": fail_at,
            "for_good": for_good,
            "notes": str(notes or ""),
            "pragmas": pragmas,
            "env": dict(env or {}),
        }
        assert self._stdin
        assert self._stdout
        print(json.dumps(job), file=self._stdin, flush=True)
        return Done(*json.loads(self._stdout.readline()))


def environment() -> dict[str, str]:
    """What every process is told: the rehearsal's day, English, and who the clerk is."""
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LEDGER12315_", "LC_"))
    }
    path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    return env | {
        "PYTHONPATH": path,
        "LEDGER12315_TODAY": TODAY,
        "LEDGER12315_LANG": "en",
        "LEDGER12315_USER": "clerk",
    }


@contextmanager
def clerk(library: Path | None = None) -> Iterator[Clerk]:
    """A clerk of one's own, with the library of calls loaded if it is given."""
    env = environment() | ({"LD_PRELOAD": str(library)} if library else {})
    command = [sys.executable, "-m", "tests.faults.clerks"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=env,
    ) as process:
        try:
            yield Clerk(process)
        finally:
            process.kill()


@contextmanager
def library() -> Iterator[Path | None]:
    """The library of calls, built anew; None where there is no C compiler, or no Linux."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if sys.platform != "linux" or not compiler:
        yield None
        return
    with TemporaryDirectory() as folder:
        built = Path(folder, "calls.so")
        source = Path(__file__).with_name("calls.c")
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-O2", "-o", str(built), str(source)], check=True
        )
        yield built


def dice(*seed: object) -> Random:
    """The same throws for the same seed."""
    return Random(repr(seed))  # noqa: S311 no secret hangs on it


def filesystem(folder: Path) -> str:
    """The kind of filesystem that a folder lies on, as Linux names it."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return "?"
    lines = [line.split() for line in mounts.read_text("utf-8").splitlines()]
    within = [line for line in lines if folder.resolve().is_relative_to(line[1])]
    return max(within, key=lambda line: len(line[1]))[2]


def _serve(jobs: IO[str], answers: IO[str]) -> None:
    """The child's side: a fork for each line."""
    from importlib import import_module

    from ledger12315.cli.app import COMMANDS

    for row in COMMANDS:
        import_module(f"ledger12315.cli.{row.target.split(':')[0]}")
    for name in (
        "ledger.store.making",
        "ledger.calendar",
        "sheets.paper.draw",
        "sheets.forms.attachment3",
        "sheets.forms.attachment6",
    ):
        import_module(f"ledger12315.{name}")
    with one_step_more():
        for line in jobs:
            print(json.dumps(_forked(json.loads(line))), file=answers, flush=True)


def _forked(job: dict[str, Any]) -> Done:
    out, err, calls = (os.memfd_create(name) for name in ("out", "err", "calls"))
    start = time.perf_counter()
    child = os.fork()
    if not child:
        _act(job, out, err, calls)
    if job["kill_after"] is not None:
        time.sleep(job["kill_after"])
        os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    texts = [_content(each) for each in (out, err, calls)]
    code = os.waitstatus_to_exitcode(status)
    return Done(
        code if code >= 0 else None,
        texts[0],
        texts[1],
        seconds,
        int(texts[2] or 0),
        usage.ru_maxrss / 1024,
    )


def _content(memory: int) -> str:
    with os.fdopen(memory, "rb") as file:
        file.seek(0)
        return file.read().decode("utf-8", "replace")


def _act(job: dict[str, Any], out: int, err: int, calls: int) -> None:
    """The fork itself; it never comes back."""
    code = 70
    try:
        signal.alarm(_LONGEST)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.environ.update(job["env"])
        _set_pragmas(job["pragmas"])
        if job["under"]:
            notes = (
                os.open(job["notes"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                if job["notes"]
                else -1
            )
            ctypes.CDLL(None).faults_arm(
                job["under"].encode(), job["fail_at"], int(job["for_good"]), notes
            )
        from ledger12315.cli.app import run

        code = run(job["arguments"])
        if job["under"]:
            os.write(calls, b"%d" % ctypes.CDLL(None).faults_count())
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def _set_pragmas(more: list[str]) -> None:
    from ledger12315.ledger.store import opening as file

    file.PRAGMAS = (*file.PRAGMAS, *more)  # type: ignore[assignment]


if __name__ == "__main__":
    _serve(sys.stdin, sys.stdout)
