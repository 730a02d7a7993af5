"""The page of installation: filled in for one build, and done as it says with two."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from release.archive import Archive
from release.running import Tried

# What an office has written before it updates.
_WORK = (
    "register 东门百货 --type other --judgement 客流大 --since 2026-01-05",
    "log 东门百货 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods",
)
_SHOWN = ("complaint", "show", "1", "--reveal", "--json")


class Handed(NamedTuple):
    """What an office is given of one build, in one folder; of its files the archives."""

    version: str
    files: Path
    archives: dict[Archive, Path]


def filled(page: str, version: str, wheels: str) -> str:
    """Return the page with its version, and with the glibc that the wheels need."""
    page = page.replace("-版本-", f"-{version}-")
    return re.sub(r"(部件要 glibc )[\d.]+", rf"\g<1>{wheels}", page)


def follow(page: str, before: Handed, now: Handed, home: Path) -> None:
    """Do in a new home what the page says: install the build before, update to this, remove it.

    Raises CalledProcessError; SystemExit where the update leaves or loses anything.
    """
    home.mkdir()
    programs = home / ".local" / "opt"
    office = Tried(home / ".local" / "bin" / "ledger12315", home)
    install, update, remove = re.split("^(?=## (?:更新|卸载)$)", page, flags=re.M)
    _do(install, before, home)
    for line in _WORK:
        office(*line.split())
    shown = office(*_SHOWN)
    _do(update, now, home)
    for program in (office, Tried(programs / "ledger12315" / "bin" / "ledger12315", home)):
        if now.version not in program("--version").decode() or program(*_SHOWN) != shown:
            raise SystemExit(f"{program.program} is not updated, or the ledger is another.")
    if len([*programs.glob("ledger12315-*")]) != 2:
        raise SystemExit(f"The build before is not beside this one in {programs}.")
    _do(remove, now, home)


def _do(part: str, handed: Handed, home: Path) -> None:
    shutil.copytree(handed.files, home, dirs_exist_ok=True)
    surroundings = os.environ | {"HOME": str(home), "XDG_DATA_HOME": "", "LEDGER12315_DB": ""}
    part = part.replace("-版本-", f"-{handed.version}-")
    for block in re.findall(r"^```sh\n(.*?)^```$", part, re.M | re.S):
        command = ["bash", "-euxo", "pipefail", "-c", block]
        subprocess.run(command, cwd=home, env=surroundings, check=True)
