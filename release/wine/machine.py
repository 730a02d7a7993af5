"""The machine: a Windows whose language is Chinese and whose code page is 936."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from release.running import Python, demand_tools
from release.wine.python import lay_out

_WINDOWS = "--platform", "win_amd64", "--python-version", "3.11"
# Conditions of requirements pip reads as those of this system.
_ONLY_THERE = "colorama", "tzdata"
_OF_WINE = {
    "wine": "wine wine64",
    "osslsigncode": "osslsigncode",
    "/usr/share/i18n/locales/zh_CN": "locales",
}
_LOCALE = "zh_CN.UTF-8"
_FOLDER = Path(__file__).parent.parent.parent.resolve() / "build" / "wine"


class Machine(NamedTuple):
    """A Windows, which lies in a folder of this system."""

    folder: Path

    @classmethod
    def bare(cls) -> "Machine":
        """Return one without any Python; it is made once. Raises SystemExit without Wine."""
        demand_tools(_OF_WINE)
        machine = cls(_FOLDER)
        _FOLDER.mkdir(parents=True, exist_ok=True)
        machine._start()
        return machine

    @classmethod
    def made(cls, source: Path) -> "Machine":
        """Return one on which the program of a source tree is installed, and what its tests need.

        What was made before, but for the program, is taken again.
        """
        machine = cls.bare()
        folder = machine.folder
        fetcher = Python(folder / "fetcher")
        if not fetcher.folder.exists():
            Python.made(fetcher.folder)
        if not machine.python.exists():
            lay_out(machine.python.parent)
            (machine.python.parent / "Lib" / "site-packages").mkdir(exist_ok=True)
        machine._install(_wheels(folder / "wheels", source, fetcher))
        return machine

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.folder / "python" / "python.exe"

    @property
    def program(self) -> Path:
        """The program, as pip has installed it."""
        return self.folder / "python" / "Scripts" / "ledger12315.exe"

    @property
    def drive(self) -> Path:
        """Its drive C."""
        return self.folder / "prefix" / "drive_c"

    @staticmethod
    def on_drive(path: Path) -> str:
        """Return a path of this system as the machine has it, on its drive Z."""
        return "Z:" + str(path).replace("/", "\\")

    def run(
        self, *command: str | Path, at: Path | None = None, **variables: str
    ) -> "subprocess.CompletedProcess[bytes]":
        """Run a program of the machine in a folder, and return the result."""
        return subprocess.run(
            ["wine", *command],
            cwd=at or self.folder,
            env=self._surroundings(variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )

    def _surroundings(self, variables: dict[str, str]) -> dict[str, str]:
        host = {
            "HOME": str(self.folder / "home"),
            "PATH": os.environ["PATH"],
            "LC_ALL": _LOCALE,
            "LOCPATH": str(self.folder / "locale"),
            "TZ": "Asia/Shanghai",
            "USER": "clerk",
            "WINEPREFIX": str(self.folder / "prefix"),
            "WINEDEBUG": "-all",
            # No offer to download what browsers and .NET need, and no menus.
            "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d",
        }
        unseen = " ".join(name for name in host if name != "PATH")
        return host | {"OF_THE_HOST": unseen} | variables

    def _start(self) -> None:
        """Make the locale and the Windows, if there is none yet."""
        for name in ("home", "locale"):
            (self.folder / name).mkdir(exist_ok=True)
        locale = self.folder / "locale" / _LOCALE
        if not locale.exists():
            subprocess.run(["localedef", "-i", "zh_CN", "-f", "UTF-8", locale], check=True)
        if not self.drive.exists():
            self.run("wineboot", "-i")

    def _install(self, wheels: Path) -> None:
        packages = self.python.parent / "Lib" / "site-packages"
        if not (packages / "pip").exists():
            (pip,) = wheels.glob("pip-*.whl")
            shutil.unpack_archive(pip, packages, "zip")
        shutil.copy(Path(__file__).with_name("sitecustomize.py"), packages)
        how = ("--no-index", "--no-warn-script-location", "--find-links", wheels)
        for more in (("ledger12315[dev]",), ("--force-reinstall", "--no-deps", "ledger12315")):
            done = self.run(self.python, "-m", "pip", "install", "-q", *how, *more)
            if done.returncode:
                raise SystemExit((done.stdout + done.stderr).decode("gbk", "replace"))


def _wheels(folder: Path, source: Path, fetcher: Python) -> Path:
    """Return a folder with all wheels that the machine needs, the program's made anew."""
    for each in folder.glob("ledger12315-*.whl"):
        each.unlink()
    fetcher.pip("wheel", "-q", "--no-deps", "-w", str(folder), str(source))
    (wheel,) = folder.glob("ledger12315-*.whl")
    how = ("-q", "--only-binary=:all:", "--find-links", str(folder), "-d", str(folder))
    fetcher.pip("download", *how, *_WINDOWS, f"{wheel}[dev]", "pip", *_ONLY_THERE)
    return folder
