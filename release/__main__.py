"""Build from the last commit what is handed out, into dist/, and try it: `python -m release`."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.utils import parse_wheel_filename
from uv import find_uv_bin

from release import archive, house
from release.page import Handed, filled, follow
from release.running import Python, Tried, executable, files_of_commit, least

ROOT = Path(__file__).parent.parent
LARGEST = 45
"""Megabytes of the archive, unpacked."""
SLOWEST = 2.5
"""How many times the start from a virtual environment the archive's may take."""

_LEDGER = ("--db", "demo/ledger.sqlite")


def main() -> None:
    """Build the last commit, and the one before it, from which an update is tried."""
    dist = ROOT / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        python = Python.made(folder / "python")
        before = _handed("HEAD~1", [house.here()], python, folder / "before")
        now = _handed("HEAD", house.targets(), python, folder / "now")
        _try(now, python, folder)
        schemas = [_schemas(folder / each / "source") for each in ("before", "now")]
        if not schemas[0] <= schemas[1]:  # until the first release a schema is edited in place
            print("No update is tried: the commit before has a schema that no release has.")
        elif sys.platform == "linux":
            page = folder / "now" / "source" / "docs" / "install.zh.md"
            follow(page.read_text("utf-8"), before, now, folder / "reader")
        shutil.copytree(now.files, dist)
    for file in _files(dist):
        print(f"{file.stat().st_size / 1e6:8.1f} MB  {file.relative_to(ROOT)}")


def _handed(commit: str, targets: Iterable[house.Target], python: Python, folder: Path) -> Handed:
    """Return what an office is given of a commit, which is installed with the Python then."""
    source, files = files_of_commit(commit, folder / "source"), folder / "files"
    wheel, version = _wheel(source, folder / "wheel")
    wheels = house.gathered(folder / f"ledger12315-{version}-wheels", wheel, python, targets)
    python.pip("install", "-q", "-U", "--no-index", "--find-links", str(wheels), "ledger12315")
    built = archive.built(python, folder, version)
    python.module("release.manual", str(built / "man"), folder=source)
    shutil.copy(source / "LICENSE", built)

    needed = archive.glibc_of_folder(built), house.glibc_of_wheels(wheels)
    print(f"{version} needs glibc: the archive {needed[0]}, the wheels {needed[1]}")
    page = filled((source / "docs" / "install.zh.md").read_text("utf-8"), version, *needed)
    for place in (built, wheels):
        (place / "安装说明.txt").write_text(page, "utf-8")
        shutil.copy(source / "docs" / "morning.zh.md", place / "每天提醒.txt")
    packed = shutil.make_archive(str(files / built.name), archive.KIND, built.parent, built.name)
    shutil.make_archive(str(files / wheels.name), "zip", folder, wheels.name)
    sums = [f"{sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in _files(files)]
    (files / "SHA256SUMS").write_text("\n".join([*sums, ""]), "utf-8")
    return Handed(version, files, Path(packed))


def _schemas(source: Path) -> set[str]:
    """Return the fingerprints of the schemas that a build reads."""
    text = (source / "src/ledger12315/ledger/store/versions.py").read_text("utf-8")
    return {*re.findall("[0-9a-f]{64}", text)}


def _wheel(source: Path, folder: Path) -> tuple[Path, str]:
    """Return the program's own wheel, built in a folder, and its version."""
    command = [find_uv_bin(), "build", "-q", "--wheel", "-o", str(folder), str(source)]
    subprocess.run(command, check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel, str(parse_wheel_filename(wheel.name)[1])


def _try(now: Handed, python: Python, folder: Path) -> None:
    """Hold the archive against what is installed. Raises SystemExit."""
    installed = Tried(python.program("ledger12315"), folder / "a")
    shutil.unpack_archive(now.archive, folder / "office")
    (unpacked,) = (folder / "office").iterdir()
    office = Tried(executable(unpacked), folder / "b")
    agree = _lived(office) == _lived(installed)
    for shell in filter(shutil.which, ("bash", "zsh", "fish", "pwsh")):
        said = office.from_shell(shell, "--install-completion")
        if not said.startswith(shell):
            raise SystemExit(f"The archive does not complete in {shell}: {said}")
        print(said, end="")
    start, plain = least((office, installed), *_LEDGER, "overdue")
    size = sum(file.stat().st_size for file in _files(unpacked)) / 1e6
    print(f"the archive unpacked: {size:.1f} MB of {LARGEST}")
    print(f"overdue: {1000 * start:.0f} ms, from a virtual environment {1000 * plain:.0f} ms")
    if not agree or size > LARGEST or start > SLOWEST * plain:
        raise SystemExit("The archive is too large, too slow, or says what is not installed.")


def _lived(program: Tried) -> bytes:
    """Return what a program says of a quarter with the main job."""
    program.home.mkdir()
    said = program("demo", "demo").replace(bytes(program.program), b"ledger12315")
    (form,) = (program.home / "demo").glob("附件6_*.xlsx")
    _, period = form.stem.split("_")
    return said + program(*_LEDGER, "report", period) + program("help", "受理")


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file())


if __name__ == "__main__":
    main()
