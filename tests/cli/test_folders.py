"""The user's own folders are those of platformdirs, and tests use no real one."""

import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from ledger12315.cli.face import configuration
from tests.conftest import REAL_FOLDERS


@pytest.mark.parametrize("named", ["", "relative", "elsewhere"])
def test_they_are_those_of_platformdirs(
    named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = str(tmp_path / named) if named == "elsewhere" else named
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, place)
    # Windows itself is asked by platformdirs, which has a variable of its own for tests.
    monkeypatch.setenv("WIN_PD_OVERRIDE_LOCAL_APPDATA", os.environ["LOCALAPPDATA"])
    assert (configuration.own_folder("data"), configuration.own_folder("config")) == (
        platformdirs.user_data_path("ledger12315", appauthor=False),
        platformdirs.user_config_path("ledger12315", appauthor=False),
    )


def test_a_test_that_would_reach_the_real_ones_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOCALAPPDATA", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(REAL_FOLDERS[0].parent))
    with pytest.raises(AssertionError, match="a test would reach"):
        configuration.own_folder("data")
    with pytest.raises(AssertionError, match="a process of a test would reach"):
        subprocess.run([sys.executable, "--version"], env={}, check=True)
