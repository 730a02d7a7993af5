"""The program served: each start is a fork of one process that has loaded everything.

A new Python with the program takes a quarter of a second, a fork a fiftieth.
"""

import atexit
import marshal
import os
import select
import shlex
import socket
import subprocess
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import cache
from importlib import import_module
from io import StringIO
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory
from unittest.mock import patch

from tests.catalogue import ROOT

# The shell starts Python, since the path of Python may have blanks.
_CLIENT = """#!/bin/sh
'''exec' {python} -IS "$0" "$@"
'''
import _socket, array, marshal, os, sys

line = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
line.connect({door!r})
told = marshal.dumps((os.getpid(), os.getcwd(), sys.argv, dict(os.environ)))
streams = array.array("i", [0, 1, 2])
line.sendmsg([told], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
line.shutdown(_socket.SHUT_WR)
os._exit(*line.recv(1) or [70])
"""
# What commands load late, and takes long.
_LATE = (
    "duckdb openpyxl xlsxwriter jinja2 pygal rich.table rich.console sqlite_utils prompt_toolkit"
    " pypinyin chinese_calendar shellingham.posix"
)


@cache
def served(source: Path | None = None) -> Path:
    """Return a `ledger12315` that is served until this process ends, from a `source` or ours."""
    place = TemporaryDirectory(dir="/tmp")  # a socket's path must be short
    atexit.register(place.cleanup)
    program, door = Path(place.name, "ledger12315"), str(Path(place.name, "door"))
    program.write_text(_CLIENT.format(python=shlex.quote(sys.executable), door=door), "utf-8")
    program.chmod(0o700)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.served", door],
        env=os.environ | ({"PYTHONPATH": str(source)} if source else {}),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    atexit.register(process.communicate)
    assert process.stdout and process.stdout.readline()
    return program


def _serve(path: str) -> None:
    for module in walk_packages(import_module("ledger12315").__path__, "ledger12315."):
        import_module(module.name)
    for name in _LATE.split():
        import_module(name)
    _warm_up()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen()
        sys.stdout.write("open\n")
        sys.stdout.flush()
        while door in select.select([door, sys.stdin], [], [])[0]:
            line, _ = door.accept()
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            if not os.fork():
                _act(line)
            line.close()


def _warm_up() -> None:
    """Run commands, so that each fork has the catalogues and patterns that are read once."""
    from ledger12315.cli.app import run

    for language in ("en", "zh"):
        known = {"LEDGER12315_LANG": language, "LEDGER12315_TODAY": "2026-09-30"}
        nowhere = StringIO()
        with patch.dict(os.environ, known), redirect_stdout(nowhere), redirect_stderr(nowhere):
            run(["--help"])
            run(["--db", os.devnull, "overdue"])


def _act(line: socket.socket) -> None:
    """Be the program that the client at the other end of the line is, and never return."""
    code = 1
    try:
        _surround(line)
        from ledger12315.__main__ import main

        code = main()
    except SystemExit as left:
        code = int(left.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(OSError):
            sys.stdout.flush()
        with suppress(OSError):  # the client was killed
            line.send(bytes([code]))
        os._exit(code)


def _surround(line: socket.socket) -> None:
    """Take over the client's streams, folder, arguments and environment."""
    told, streams, _, _ = socket.recv_fds(line, 1 << 20, 3)
    while more := line.recv(1 << 20):
        told += more
    client, folder, sys.argv, environment = marshal.loads(told)  # noqa: S302 our own client's
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    os.getpid = lambda: client  # the shell is found by whom it started


if __name__ == "__main__":
    _serve(sys.argv[1])
