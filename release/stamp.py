"""Puts into what is built of a checkout which commit it is, and the pages of the manual.

hatchling calls this.
"""

import os
import subprocess
import sys
from pathlib import Path
from runpy import run_path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FILE = "ledger12315/build.py"


class Stamp(BuildHookInterface[Any]):
    """Puts the file with the commit in the place of the checkout's own, which asks git."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write both; an editable installation goes on asking, and has no manual."""
        self.folder = TemporaryDirectory()
        if version == "editable":
            return
        source = Path(self.root, "src", FILE)
        known = run_path(str(source))
        stamped = Path(self.folder.name, "build.py")
        stamped.write_text(
            source.read_text("utf-8").replace(known["_WRITTEN"], known["STAMP"]), "utf-8"
        )
        place = FILE if self.target_name == "wheel" else f"src/{FILE}"
        build_data["force_include"][str(stamped)] = place
        if self.target_name == "wheel":
            build_data["shared_data"][self._manual()] = "share/man"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take the files away."""
        self.folder.cleanup()

    def _manual(self) -> str:
        """Return a folder with the pages, which the program of these sources writes."""
        folder = str(Path(self.folder.name, "man"))
        given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        paths = os.pathsep.join([str(Path(self.root, "src")), *filter(None, given)])
        command = [sys.executable, "-m", "release.manual", folder]
        subprocess.run(command, cwd=self.root, env=os.environ | {"PYTHONPATH": paths}, check=True)
        return folder
