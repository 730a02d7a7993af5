"""The user's own folders, where platformdirs would find them; that library is slow to load."""

import os
import sys
from pathlib import Path
from typing import Literal

_ON_UNIX = {
    "data": ("XDG_DATA_HOME", "~/.local/share"),
    "config": ("XDG_CONFIG_HOME", "~/.config"),
}


def own_folder(of: Literal["data", "config"]) -> Path:
    """Return the folder of this program's data, or of its configuration, in the user's home."""
    variable, usual = _ON_UNIX[of]
    if sys.platform == "win32":
        variable, usual = "LOCALAPPDATA", "~/AppData/Local"
    elif sys.platform == "darwin":
        usual = "~/Library/Application Support"
    named = Path(os.environ.get(variable, ""))
    # A Path would raise if the home folder is unknown.
    folder = named if named.is_absolute() else os.path.expanduser(usual)  # noqa: PTH111
    return Path(folder, "ledger12315")
