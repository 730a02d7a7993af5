"""The wheel house: all wheels that install the program without the internet.

They are those for this system and its Python, and for Windows with any Python it may have. Asked
for another system's wheels, pip still reads the conditions of requirements as those of its own:
what only Windows needs is found here.
"""

from collections.abc import Iterator, Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags, sys_tags
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from release.running import Python

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
_WINDOWS = {
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_system": "Windows",
    "sys_platform": "win32",
}


class Target(NamedTuple):
    """A system with a Python: what pip is told of it, what markers say there, which wheels fit."""

    name: str
    told: tuple[str, ...]
    markers: Mapping[str, str]
    tags: frozenset[Tag]

    def lacking(self, house: Path) -> list[str]:
        """Return what wheels of a house require on the target and none of them satisfies."""
        wheels = [wheel for wheel in house.glob("*.whl") if self._takes(wheel)]
        held = [parse_wheel_filename(wheel.name)[:2] for wheel in wheels]
        asked = {each for wheel in wheels for each in self._required(wheel)}
        return sorted(
            str(each)
            for each in asked
            if not any(_satisfies(each, name, version) for name, version in held)
        )

    def _takes(self, wheel: Path) -> bool:
        return not self.tags.isdisjoint(parse_wheel_filename(wheel.name)[-1])

    def _required(self, wheel: Path) -> Iterator[Requirement]:
        (distribution,) = distributions(path=[str(wheel)])
        for requirement in map(Requirement, distribution.requires or ()):
            marker = requirement.marker
            if marker is None or marker.evaluate({"extra": "", **self.markers}):
                requirement.marker = None
                yield requirement


def _satisfies(requirement: Requirement, name: str, version: Version) -> bool:
    return canonicalize_name(requirement.name) == name and version in requirement.specifier


def targets() -> Iterator[Target]:
    """Yield this system with its Python, and Windows with each."""
    yield Target("this system", (), {}, frozenset(sys_tags()))
    for version in VERSIONS:
        numbers = [int(part) for part in version.split(".")]
        told = ("--platform", "win_amd64", "--python-version", version)
        markers = _WINDOWS | {"python_version": version, "python_full_version": f"{version}.0"}
        tags = [
            *cpython_tags(numbers, platforms=["win_amd64"]),
            *compatible_tags(numbers, f"cp{''.join(map(str, numbers))}", ["win_amd64"]),
        ]
        yield Target(f"Windows, Python {version}", told, markers, frozenset(tags))


def fill(house: Path, python: Python) -> None:
    """Put all that each target needs beside the program's own wheel. Raises SystemExit."""
    (program,) = house.glob("*.whl")
    for target in targets():
        for _attempt in ("all that pip knows to be needed", "what the markers add"):
            if missing := target.lacking(house):
                download = ("download", "-q", "--only-binary=:all:", "-d", str(house))
                python.pip(*download, *target.told, str(program), *missing)
        if missing := target.lacking(house):
            raise SystemExit(f"The wheel house lacks for {target.name}: {', '.join(missing)}")
