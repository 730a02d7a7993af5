"""Try the program on a Chinese Windows: `python -m release.wine [smoke] [quick]`."""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from release.running import files_of_commit
from release.wine.machine import Machine
from release.wine.smoke import smoke


def main() -> None:
    """Make the machine of the last commit, and run what is asked for, else all."""
    asked = sys.argv[1:] or ["smoke", "quick"]
    with TemporaryDirectory() as name:
        source = files_of_commit("HEAD", Path(name, "source"))
        machine = Machine.made(source)
        for each in asked:
            if each == "smoke":
                smoke(machine, machine.program)
            else:
                quick(machine, source)


def quick(machine: Machine, source: Path) -> None:
    """Run the quick tests on drive C. Raises SystemExit where one fails."""
    place = machine.drive / "source"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(source, place)
    how = ("-m", "not slow", "-n0", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=300")
    done = machine.run(machine.python, "-m", "pytest", *how, at=place, PYTHONPATH=r"C:\source\src")
    print((done.stdout + done.stderr).decode("gbk", "replace"))
    if done.returncode:
        raise SystemExit("Some failed.")


if __name__ == "__main__":
    main()
