"""The computers that archives are built for: one line each."""

import platform
import sys
from pathlib import Path
from typing import NamedTuple

BUILD = Path(__file__).parent.parent / "build" / "release"
"""What is fetched and compiled stays here for the next build."""
GLIBC = "2.28"
"""That of Kylin V10 and UOS 20."""


class Target(NamedTuple):
    """A computer, as archives, uv and pip name it, and the Python that its archive brings."""

    name: str
    platform: str
    tags: tuple[str, ...]
    python: str

    @property
    def system(self) -> str:
        """Return `linux` or `windows`."""
        return self.name.partition("-")[0]

    @property
    def machine(self) -> str:
        """Return its processor."""
        return self.name.partition("-")[2]

    @property
    def kind(self) -> str:
        """Return the ending of its archives."""
        return "zip" if self.system == "windows" else "tar.gz"


def _linux(machine: str) -> Target:
    tags = ("manylinux_2_28", "manylinux_2_27", "manylinux2014")
    named = tuple(f"{tag}_{machine}" for tag in tags)
    return Target(f"linux-{machine}", f"{machine}-manylinux_2_28", named, "3.13")


TARGETS = (
    _linux("x86_64"),
    _linux("aarch64"),
    Target("windows-amd64", "x86_64-pc-windows-msvc", ("win_amd64",), "3.11"),
)


def here() -> Target:
    """Return this computer with the Python that runs this."""
    name = f"{platform.system()}-{platform.machine()}".lower()
    python = ".".join(map(str, sys.version_info[:2]))
    return next(each for each in TARGETS if each.name == name)._replace(python=python)
