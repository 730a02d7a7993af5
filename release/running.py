"""Programs that are run: a Python in a virtual environment, and what was built."""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from shutil import which
from time import perf_counter
from typing import NamedTuple

from uv import find_uv_bin

_ROUNDS = 15


def files_of_commit(commit: str, folder: Path) -> Path:
    """Return a new folder with the files of a commit. Raises CalledProcessError."""
    folder.mkdir(parents=True)
    whole = Path(__file__).parent.parent
    packed = subprocess.run(["git", "archive", commit], cwd=whole, check=True, capture_output=True)
    # By tar: Python unpacks no other paths than these from 3.11.4 on.
    subprocess.run(["tar", "-xf", "-", "-C", folder], input=packed.stdout, check=True)
    return folder


def demand_tools(tools: Mapping[str, str]) -> None:
    """Raise SystemExit where programs or other files are missing, which Debian packages bring."""
    lacking = [package for tool, package in tools.items() if not which(tool, os.F_OK)]
    if lacking:
        raise SystemExit(f"More is needed: apt-get install {' '.join(dict.fromkeys(lacking))}")


class Python(NamedTuple):
    """A Python in a virtual environment of its own."""

    folder: Path

    @classmethod
    def made(cls, folder: Path) -> "Python":
        """Return a new one, with nothing but pip."""
        subprocess.run(
            [find_uv_bin(), "venv", "-q", "--seed", "-p", sys.executable, folder], check=True
        )
        return cls(folder)

    def program(self, name: str) -> Path:
        """Return the path of a program that stands in it."""
        return self.folder / "bin" / name

    def module(self, *command: str) -> None:
        """Run a module. Raises CalledProcessError."""
        subprocess.run([self.program("python"), "-m", *command], check=True)

    def pip(self, *command: str) -> None:
        """Run pip. Raises CalledProcessError."""
        self.module("pip", *command)


class Tried(NamedTuple):
    """The program as an office has it, with a home of its own.

    `root` is the folder that it takes for the whole computer, and `by` what runs it there.
    """

    program: Path
    home: Path
    root: Path = Path("/")
    by: tuple[str, ...] = ()

    def __call__(self, *arguments: str) -> bytes:
        """Return what a command prints. Raises CalledProcessError."""
        done = self.run(*arguments)
        done.check_returncode()
        return done.stdout

    def run(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[bytes]":
        """Run a command in its home."""
        return subprocess.run(
            [*self.by, self._inside(self.program), *arguments],
            cwd=self.home,
            env=self._surroundings() | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )

    def from_shell(self, shell: str, option: str) -> str:
        """Return what it prints when somebody types it in a shell. Raises CalledProcessError."""
        told = {"HOME": str(self.home), "PATH": f"{self.program.parent}:{os.environ['PATH']}"}
        line = [shell, "-c", f"{self.program.stem} {option}; true"]  # it does not become it
        return subprocess.check_output(line, env=self._surroundings() | told).decode()

    def seconds(self, *arguments: str) -> float:
        """Return the seconds that a command takes."""
        begun = perf_counter()
        self(*arguments)
        return perf_counter() - begun

    def _inside(self, path: Path) -> str:
        return str("/" / path.relative_to(self.root))

    def _surroundings(self) -> dict[str, str]:
        """Return its variables; it finds the system's programs, and uses no Python of theirs."""
        return {"HOME": self._inside(self.home), "PATH": os.defpath, "LEDGER12315_LANG": "zh"}


def least(programs: Iterable[Tried], *arguments: str) -> list[float]:
    """Return the least seconds that a command takes with each; they run in turn."""
    rounds = [[each.seconds(*arguments) for each in programs] for _ in range(_ROUNDS)]
    return [min(of_one) for of_one in zip(*rounds, strict=True)]
