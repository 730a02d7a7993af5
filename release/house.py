"""The wheel house: all wheels that install the program without the internet.

They are for Windows and Linux with each Python that the program runs on. uv finds which are needed
there, and reads the finished house as pip will in an office.
"""

import platform
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from packaging.utils import parse_wheel_filename
from uv import find_uv_bin

from release.running import Python

VERSIONS = ("3.11", "3.12", "3.13", "3.14")


class Target(NamedTuple):
    """A system with a Python, as uv and as pip name it."""

    system: str
    platform: str
    tags: tuple[str, ...]
    python: str

    def needed(self, program: Path, *how: str) -> str:
        """Return what a wheel needs there, a name and version on each line.

        Raises CalledProcessError.
        """
        asked = [find_uv_bin(), "pip", "compile", "-q", "--only-binary=:all:", *how, "-"]
        asked += ["--python-platform", self.platform, "--python-version", self.python]
        asked += ["--no-header", "--no-annotate", "--no-emit-package", "ledger12315"]
        named = f"ledger12315 @ {program.as_uri()}"
        return subprocess.run(
            asked, input=named, stdout=subprocess.PIPE, text=True, check=True
        ).stdout

    def fetch(self, house: Path, python: Python, needed: Iterable[str]) -> None:
        """Put wheels of these names and versions into a house. Raises CalledProcessError."""
        platforms = [word for tag in self.tags for word in ("--platform", tag)]
        wanted = ("--no-deps", "--only-binary=:all:", "--python-version", self.python)
        python.pip("download", "-q", "-d", str(house), *wanted, *platforms, *needed)


def targets() -> Iterator[Target]:
    """Yield each system with each Python."""
    for python in VERSIONS:
        yield Target("Windows", "x86_64-pc-windows-msvc", ("win_amd64",), python)
        tags = ("manylinux_2_28_x86_64", "manylinux2014_x86_64")
        yield Target("Linux", "x86_64-manylinux_2_28", tags, python)


def here() -> Target:
    """Return the target that is this system with this Python."""
    version = ".".join(platform.python_version_tuple()[:2])
    return next(each for each in targets() if each[::3] == (platform.system(), version))


def gathered(house: Path, program: Path, python: Python, targets: Iterable[Target]) -> Path:
    """Return a new folder with the program's own wheel and all that it needs on each target.

    Raises CalledProcessError.
    """
    house.mkdir()
    shutil.copy(program, house)
    targets = [*targets]
    for target in targets:
        everywhere = {_required(wheel) for wheel in house.glob("*-none-any.whl")}
        if missing := {*target.needed(program).split()} - everywhere:
            target.fetch(house, python, missing)
    for target in targets:
        target.needed(program, "--no-index", "--offline", "--find-links", str(house))
    return house


def _required(wheel: Path) -> str:
    name, version, *_ = parse_wheel_filename(wheel.name)
    return f"{name}=={version}"


def glibc_of_wheels(house: Path) -> str:
    """Return the glibc that the wheels for Linux need, or nothing where none needs any."""
    named = [re.findall(r"manylinux_2_(\d+)_", wheel.name) for wheel in house.glob("*.whl")]
    least = [min(map(int, versions)) for versions in named if versions]
    return f"2.{max(least)}" if least else ""
