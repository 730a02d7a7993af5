"""The wheel house: all wheels that install the program without the internet.

They are for each computer of targets.py with each Python that the program runs on. uv finds which
are needed there, and reads the finished house as pip will in an office.
"""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from packaging.utils import parse_wheel_filename
from uv import find_uv_bin

from release.running import Python
from release.targets import TARGETS, Target

VERSIONS = ("3.11", "3.12", "3.13", "3.14")


def targets() -> Iterator[Target]:
    """Yield each computer with each Python."""
    for python in VERSIONS:
        for target in TARGETS:
            yield target._replace(python=python)


def gathered(
    house: Path, program: Path, pins: Path, python: Python, targets: Iterable[Target]
) -> Path:
    """Return a new folder with the program's own wheel and all that it needs on each target.

    Raises CalledProcessError.
    """
    house.mkdir()
    shutil.copy(program, house)
    targets, hashes = [*targets], _hashes(pins)
    for target in targets:
        everywhere = {_required(wheel) for wheel in house.glob("*-none-any.whl")}
        if missing := {*needed(target, program, "-c", str(pins)).split()} - everywhere:
            _fetch(target, house, python, (hashes[each] for each in sorted(missing)))
    for target in targets:
        needed(target, program, "--no-index", "--offline", "--find-links", str(house))
    return house


def needed(target: Target, program: Path, *how: str) -> str:
    """Return what a wheel needs there to send messages too, a name and version on each line.

    Raises CalledProcessError.
    """
    asked = [find_uv_bin(), "pip", "compile", "-q", "--only-binary=:all:", *how, "-"]
    asked += ["--python-platform", target.platform, "--python-version", target.python]
    asked += ["--no-header", "--no-annotate", "--no-emit-package", "ledger12315"]
    named = f"ledger12315[notify] @ {program.as_uri()}"
    return subprocess.run(asked, input=named, stdout=subprocess.PIPE, text=True, check=True).stdout


def _fetch(target: Target, house: Path, python: Python, required: Iterable[str]) -> None:
    """Put wheels into a house, each with a hash as required. Raises CalledProcessError."""
    platforms = [word for tag in target.tags for word in ("--platform", tag)]
    wanted = ("--no-deps", "--only-binary=:all:", "--python-version", target.python)
    listed = house.with_name("required.txt")
    listed.write_text("".join(required))
    python.pip("download", "-q", "-d", str(house), *wanted, *platforms, "-r", str(listed))


def _hashes(pins: Path) -> dict[str, str]:
    """Return of each name and version the requirement with its hashes, for every computer."""
    found = re.findall(r"^(\S+==\S+).*((?:\n    --hash.*)+)", pins.read_text("utf-8"), re.M)
    return {name: f"{name} \\{hashes}\n" for name, hashes in found}


def _required(wheel: Path) -> str:
    name, version, *_ = parse_wheel_filename(wheel.name)
    return f"{name}=={version}"


def glibc_of_wheels(house: Path) -> str:
    """Return the glibc that the wheels for Linux need, or nothing where none needs any."""
    named = [re.findall(r"manylinux_2_(\d+)_", wheel.name) for wheel in house.glob("*.whl")]
    least = [min(map(int, versions)) for versions in named if versions]
    return f"2.{max(least)}" if least else ""
