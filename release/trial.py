"""What was built, tried: beside what pip installs, and on the computers that it is built for."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from shutil import which
from time import perf_counter

from release import days
from release.archive import Archive
from release.older import root_of, tried_on
from release.page import Handed
from release.robot import PLACES, Robot, listening
from release.running import Python, Tried, least
from release.wine.machine import Machine
from release.wine.smoke import smoke

LARGEST = 110
"""Megabytes of an archive without DuckDB, unpacked."""
SLOWEST = 2.5
"""How many times the start from a virtual environment the archive's may take."""

_LEDGER = ("--db", "demo/ledger.sqlite")


def try_installed(now: Handed, python: Python, folder: Path) -> None:
    """Hold the first archive against what is installed. Raises SystemExit."""
    installed = Tried(python.program("ledger12315"), folder / "a")
    unpacked = _unpack(next(iter(now.archives.values())), folder / "office")
    office = Tried(unpacked / "ledger12315", folder / "b")
    agree = _lived(office) == _lived(installed)
    for shell in filter(which, ("bash", "zsh", "fish", "pwsh")):
        said = office.from_shell(shell, "--install-completion")
        if not said.startswith(shell):
            raise SystemExit(f"The archive does not complete in {shell}: {said}")
        print(said, end="")
    start, plain = least((office, installed), *_LEDGER, "overdue")
    print(f"overdue: {1000 * start:.0f} ms, from a virtual environment {1000 * plain:.0f} ms")
    if not agree or start > SLOWEST * plain:
        raise SystemExit("The archive is too slow, or says what is not installed.")


def _lived(program: Tried) -> bytes:
    """Return what a program says of a quarter with the main job."""
    program.home.mkdir(parents=True)
    said = program("demo", "demo").replace(bytes(program.program), b"ledger12315")
    (form,) = (program.home / "demo").glob("附件6_*.xlsx")
    _, period = form.stem.split("_")
    return said + program(*_LEDGER, "report", period) + program("help", "受理")


def tried_elsewhere(now: Handed, folder: Path) -> Iterator[str]:
    """Live through the days on each archive's computer, and yield a line about each.

    Raises SystemExit where one fails.
    """
    folder.mkdir()
    with listening(folder) as robot:
        for archive, file in now.archives.items():
            unpacked = _unpack(file, folder / "东门 所" / archive.name)
            begun = perf_counter()
            where = (_on_windows if archive.target.system == "windows" else _on_older)(
                archive, unpacked, robot
            )
            took, size = perf_counter() - begun, _megabytes(unpacked)
            if size > LARGEST and "county" not in archive.extras:
                raise SystemExit(f"{archive.name} has {size:.1f} MB of {LARGEST}.")
            packed = f"{file.stat().st_size / 1e6:.1f} MB, unpacked {size:.1f} MB"
            yield f"{archive.name}: {packed}; {where or 'not run'}, {took:.0f} s"


def _on_older(archive: Archive, unpacked: Path, robot: Robot) -> str:
    """Live in a root of Debian 11, and send messages from there."""
    root = root_of(archive.target)
    program = tried_on(archive.target, root, unpacked)
    days.live(partial(_said, program), "county" in archive.extras)
    arrived = len(robot.arrived)
    _send(program, robot, 4)
    for place in PLACES:
        with robot.trusted(root, place):
            _send(program, robot, 0)
    if len(robot.arrived) != arrived + len(PLACES):
        raise SystemExit("The robot did not get each message.")
    return f"Debian 11{', qemu' * ('qemu' in program.by[0])}"


def _said(program: Tried, command: list[str], variables: dict[str, str]) -> days.Said:
    done = program.run(*command, **variables)
    return days.Said(done.stdout.decode(), done.returncode)


def _send(program: Tried, robot: Robot, code: int) -> None:
    """Send a message that must end with this exit code. Raises SystemExit."""
    done = program.run("--db", "台账.sqlite", "today", "--notify-test", "--notify", robot.address)
    print(done.stdout.decode(), end="")
    if done.returncode != code:
        raise SystemExit(f"Sending ended with {done.returncode}, not with {code}.")


def _on_windows(archive: Archive, unpacked: Path, _robot: Robot) -> str:
    """Live on a Chinese Windows that Wine imitates, if there is Wine."""
    if not which("wine"):
        return ""
    smoke(Machine.bare(), unpacked / "ledger12315.exe", "county" in archive.extras)
    return "Wine"


def _unpack(file: Path, folder: Path) -> Path:
    """Return the one folder that is unpacked of an archive into another, with its permissions."""
    shutil.unpack_archive(file, folder)
    (unpacked,) = folder.iterdir()
    return unpacked


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
