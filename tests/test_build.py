"""The program's build: a version for pip, and the commit, from any source."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from runpy import run_path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import Version

from ledger12315 import build
from tests.catalogue import ROOT

FILE = Path("src/ledger12315/build.py")
COMMIT = "6db35b0512f2a187a5710e6281b3af18cbba6bd2"


def stamped(folder: Path, stamp: str) -> dict[str, str]:
    """Return the program's version with a stamp written in."""
    file = folder / "build.py"
    file.write_text((ROOT / FILE).read_text("utf-8").replace(build._WRITTEN, stamp), "utf-8")
    return run_path(str(file))


@pytest.mark.parametrize(
    ("stamp", "version", "told"),
    [
        (f"{COMMIT} 1795742999", "2026.11.27.92959", f"({COMMIT[:12]}, 2026-11-27)"),
        (f"{COMMIT} 1798732800", "2027.1.1.0", f"({COMMIT[:12]}, 2027-01-01)"),
        (f"{COMMIT} 1795742999 edited", "2026.11.27.92959+edited", f"({COMMIT[:12]}, 2026-11-27)"),
    ],
)
def test_what_is_told(stamp: str, version: str, told: str, tmp_path: Path) -> None:
    found = stamped(tmp_path, stamp)
    assert (found["VERSION"], found["VERSION_LINE"]) == (version, f"ledger12315 {version} {told}")


def test_a_stamp_needs_no_module_to_find_it(tmp_path: Path) -> None:
    stamped(tmp_path, f"{COMMIT} 1795742999")
    program = "import sys; sys.path.insert(0, sys.argv[1]); import build; print(*sys.modules)"
    command = [sys.executable, "-ISc", program, str(tmp_path)]
    loaded = subprocess.check_output(command, text=True).split()
    assert "build" in loaded and {"pathlib", "urllib", "subprocess", "re"}.isdisjoint(loaded)


_SECONDS = st.integers(1795742999, 7 * 10**9)


@settings(max_examples=25)
@given(_SECONDS, _SECONDS)
def test_a_later_commit_is_a_higher_version(
    tmp_path_factory: pytest.TempPathFactory, one: int, other: int
) -> None:
    folder = tmp_path_factory.getbasetemp()
    texts = [stamped(folder, f"{COMMIT} {second}")["VERSION"] for second in (one, other)]
    first, second = map(Version, texts)
    assert (first < second) == (one < other) and texts == [str(first), str(second)]


def checkout(folder: Path, *files: str) -> None:
    """Make a checkout with files of this project, committed at a known second."""
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    (folder / FILE).write_text(
        (ROOT / FILE).read_text("utf-8").replace(build._WRITTEN, "$Format:%H %ct$"), "utf-8"
    )
    for command in ("init -q", "add -A", "-c user.name=li -c user.email=li commit -qm x"):
        env = os.environ | {"GIT_COMMITTER_DATE": "1795742999 +0000"}
        subprocess.run(["git", *command.split()], cwd=folder, env=env, check=True)


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_a_checkout_asks_git_and_no_copy_asks_another(tmp_path: Path) -> None:
    checkout(tmp_path, str(FILE))
    copy = tmp_path / "copy" / FILE
    copy.parent.mkdir(parents=True)
    shutil.copy(tmp_path / FILE, copy)
    os.utime(copy, (1795743000, 1795743000))
    found = [run_path(str(each))["VERSION"] for each in (tmp_path / FILE, copy)]
    # The copy is a file that git does not know: it edits nothing, and has no commit of its own.
    assert found == ["2026.11.27.92959", "2026.11.27.93000+edited"]
    (tmp_path / FILE).write_text((tmp_path / FILE).read_text("utf-8") + "# mine\n", "utf-8")
    assert run_path(str(tmp_path / FILE))["VERSION"] == "2026.11.27.92959+edited"


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
@pytest.mark.skipif(sys.platform == "win32" or os.getuid() != 0, reason="root gives files away")
def test_a_checkout_of_somebody_else_is_asked_too(tmp_path: Path) -> None:
    checkout(tmp_path, str(FILE))
    for each in (tmp_path, tmp_path / ".git"):
        os.chown(each, 1000, 1000)
    assert run_path(str(tmp_path / FILE))["VERSION"] == "2026.11.27.92959"
