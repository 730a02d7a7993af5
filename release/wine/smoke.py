"""The days of an office, lived through on a Chinese Windows."""

import shutil
from pathlib import Path

from release import days
from release.wine.machine import Machine


def smoke(machine: Machine, program: Path, county: bool = False) -> None:
    """Live through them with a program in a new folder. Raises SystemExit where one fails."""
    place = machine.drive / "东门 所"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()

    def run(command: list[str], variables: dict[str, str]) -> days.Said:
        done = machine.run(program, *command, at=place, **variables)
        said = (done.stdout + done.stderr).decode("gbk", "replace").strip()
        return days.Said(said, done.returncode)

    days.live(run, county)
    at_nul = f'@"{machine.on_drive(program)}" --db 台账.sqlite log < nul\n'
    (place / "ledger.cmd").write_text(at_nul, "gbk")
    asked = machine.run("cmd", "/c", "ledger.cmd", at=place)
    if asked.returncode != 2:
        raise SystemExit(f"At NUL nobody is asked: it ended with {asked.returncode}.")
