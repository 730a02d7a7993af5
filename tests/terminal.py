"""The program in its own process, on a pseudo-terminal or with other streams."""

import contextlib
import os
import re
import select
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

TODAY = {"LEDGER12315_TODAY": "2026-09-28"}
_HANGS = 120  # seconds; nothing takes so long, however busy the machine is


def start(arguments: Sequence[str], **options: Any) -> "subprocess.Popen[bytes]":
    """Start the program on TODAY, the one at a path or a module; `env` is added to our own.

    In a locale without Chinese, Python cannot read the path of an editable install in a Chinese
    folder, so the path is passed to it.
    """
    environment = os.environ | TODAY | options.pop("env", {})
    program = options.pop("program", "ledger12315")
    python = [] if isinstance(program, Path) else [sys.executable, "-m"]
    command = [*python, program, *arguments]
    if environment.get("LC_ALL") == "C":
        command.insert(1, "-S")
        environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    return subprocess.Popen(command, env=environment, **options)


def finish(arguments: Sequence[str], **options: Any) -> tuple[int, str, str]:
    """Return exit code, stdout unless it is redirected, and stderr without the rehearsal."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with start(arguments, **streams | options) as process:
        stdout, stderr = process.communicate()
    said = re.sub("^(Rehearsal|演练).*\n", "", stderr.decode(), flags=re.M)
    return process.returncode, (stdout or b"").decode(), said


def on_terminal(arguments: Sequence[str], columns: int = 200, **options: Any) -> str:
    """Return the output at a terminal where nobody answers."""
    reader, terminal = os.openpty()
    env = {"COLUMNS": str(columns), "TERM": "xterm"}
    nothing = subprocess.DEVNULL
    with start(arguments, stdin=nothing, stdout=terminal, stderr=nothing, env=env, **options):
        os.close(terminal)
        seen = until(reader)
    os.close(reader)
    return seen


def until(reader: int, awaited: str = "\0") -> str:
    """Return a terminal's output until `awaited` appears or it closes."""
    seen = b""
    with contextlib.suppress(OSError):  # Linux reports the end of a terminal as an error
        while awaited.encode() not in seen:
            if not select.select([reader], [], [], _HANGS)[0]:
                raise RuntimeError(f"waited in vain for {awaited!r}, saw {seen!r}")
            if not (piece := os.read(reader, 65536)):
                break
            seen += piece
    return seen.decode().replace("\r\n", "\n")
