"""Writes into what is built of a checkout which commit it is; hatchling calls this."""

from pathlib import Path
from runpy import run_path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FILE = "ledger12315/build.py"


class Stamp(BuildHookInterface[Any]):
    """Puts the file with the commit in the place of the checkout's own, which asks git."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write it; an editable installation goes on asking."""
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

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take the file away."""
        self.folder.cleanup()
