"""The archive: one folder with the program and a Python of its own, for this system."""

import platform
import sys
from collections.abc import Iterable
from pathlib import Path
from shutil import copy, copytree, make_archive, which

from release.running import Python

PYINSTALLER = "pyinstaller>=6.16,<7"
_HERE = Path(__file__).parent
_KIND = "zip" if sys.platform == "win32" else "gztar"


def build(python: Python, folder: Path, version: str, pages: Iterable[Path]) -> Path:
    """Return the archive with these pages, made in a folder of what the Python has installed.

    Commands are loaded by name, so all modules are named to PyInstaller; with each package comes
    its licence.
    """
    name = f"ledger12315-{version}-{platform.system().lower()}-{platform.machine().lower()}"
    python.pip("install", "-q", PYINSTALLER)
    python.module(
        *("PyInstaller", "--onedir", "--noconfirm", "--log-level", "ERROR"),
        *("--name", "ledger12315", "--distpath", str(folder / "built")),
        *("--workpath", str(folder / "work"), "--specpath", str(folder)),
        *("--collect-submodules", "ledger12315"),
        *(f"--collect-data={package}" for package in ("ledger12315", "pygal")),
        *("--recursive-copy-metadata", "ledger12315"),
        *(["--strip"] if sys.platform == "linux" and which("strip") else []),
        str(_HERE / "start.py"),
    )
    built = folder / "built" / "ledger12315"
    for file in (*pages, *(_HERE / sys.platform).glob("*")):
        (copytree if file.is_dir() else copy)(file, built / file.name)
    built.rename(built.with_name(name))
    return Path(make_archive(str(folder / name), _KIND, built.parent, name))
