"""The archive: one folder with the program and a Python of its own, for this system."""

import platform
import re
import sys
from pathlib import Path
from shutil import copytree, which

from release.running import Python

PYINSTALLER = "pyinstaller>=6.16,<7"
_HERE = Path(__file__).parent
KIND = "zip" if sys.platform == "win32" else "gztar"


def built(python: Python, folder: Path, version: str) -> Path:
    """Return the folder that is to be packed, with what the Python has installed.

    Commands are loaded by name, so all modules are named to PyInstaller; with each package comes
    its licence.
    """
    name = f"ledger12315-{version}-{platform.system().lower()}-{platform.machine().lower()}"
    python.pip("install", "-q", PYINSTALLER)
    python.module(
        *("PyInstaller", "--onedir", "--noconfirm", "--log-level", "ERROR"),
        *("--name", "ledger12315", "--distpath", str(folder / "built")),
        *("--workpath", str(folder / "work"), "--specpath", str(folder)),
        *(f"--collect-submodules={package}" for package in ("ledger12315", "shellingham")),
        *(f"--collect-data={package}" for package in ("ledger12315", "pygal")),
        *("--recursive-copy-metadata", "ledger12315"),
        *(["--strip"] if sys.platform == "linux" and which("strip") else []),
        str(_HERE / "start.py"),
    )
    built = (folder / "built" / "ledger12315").rename(folder / "built" / name)
    if (own := _HERE / sys.platform).exists():
        copytree(own, built, dirs_exist_ok=True)
    return built


def glibc_of_folder(built: Path) -> str:
    """Return the glibc that the programs and libraries in a folder need; nothing on Windows."""
    binaries = (file.read_bytes() for file in built.rglob("*") if file.is_file())
    found = (re.findall(rb"\0GLIBC_2\.(\d+)(?=\0)", each) for each in binaries)
    minors = [int(minor) for each in found for minor in each]
    return f"2.{max(minors)}" if minors else ""
