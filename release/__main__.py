"""Build from the last commit what is handed out, into dist/, and try it: `python -m release`."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from release import archive, house
from release.running import Python, Tried, executable, followed, least

ROOT = Path(__file__).parent.parent
LARGEST = 45
"""Megabytes of the archive, unpacked."""
SLOWEST = 2.5
"""How many times the start from a virtual environment the archive's may take."""

_LEDGER = ("--db", "demo/ledger.sqlite")


def main() -> None:
    """Build and try the wheel house, then the archive of what it installs."""
    dist = ROOT / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        source = _committed(folder)
        page, morning = folder / "安装说明.txt", folder / "每天提醒.txt"
        shutil.copy(source / "docs" / "install.zh.md", page)
        shutil.copy(source / "docs" / "morning.zh.md", morning)
        _packaged(source, folder, dist, page, morning)
        sums = [f"{sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in _files(dist)]
        (dist / "SHA256SUMS").write_text("\n".join([*sums, ""]), "utf-8")
        if sys.platform == "linux":
            followed(page.read_text("utf-8"), dist, folder / "reader")
    for file in _files(dist):
        print(f"{file.stat().st_size / 1e6:8.1f} MB  {file.relative_to(ROOT)}")


def _packaged(source: Path, folder: Path, dist: Path, *pages: Path) -> None:
    builder = Python.made(folder / "builder")
    wheels = folder / "house" / "wheels"
    builder.pip("wheel", "-q", "--no-deps", "-w", str(wheels), str(source))
    (wheel,) = wheels.iterdir()
    version = wheel.name.split("-")[1]
    house.fill(wheels, builder)
    for page in pages:
        shutil.copy(page, wheels.parent)
    shutil.make_archive(str(dist / f"ledger12315-{version}-wheels"), "zip", wheels.parent)

    python = Python.made(folder / "installed")
    python.pip("install", "-q", "--no-index", "--find-links", str(wheels), "ledger12315")
    installed = Tried(python.program("ledger12315"), folder / "a")

    python.module("release.manual", str(folder / "man"), folder=source)
    packed = archive.build(python, folder, version, [*pages, source / "LICENSE", folder / "man"])
    shutil.unpack_archive(packed, folder / "office")
    (unpacked,) = (folder / "office").iterdir()
    office = Tried(executable(unpacked), folder / "b")
    agree = _lived(office) == _lived(installed)
    start, plain = least((office, installed), *_LEDGER, "overdue")
    shutil.move(packed, dist)

    size = sum(file.stat().st_size for file in _files(unpacked)) / 1e6
    print(f"the archive unpacked: {size:.1f} MB of {LARGEST}")
    print(f"overdue: {1000 * start:.0f} ms, from a virtual environment {1000 * plain:.0f} ms")
    if not agree or size > LARGEST or start > SLOWEST * plain:
        raise SystemExit("The archive is too large, too slow, or says what is not installed.")


def _committed(folder: Path) -> Path:
    """Return a folder with the files of the last commit."""
    packed, source = folder / "source.tar", folder / "source"
    subprocess.run(["git", "archive", "-o", packed, "HEAD"], cwd=ROOT, check=True)
    shutil.unpack_archive(packed, source, filter="data")
    return source


def _lived(program: Tried) -> bytes:
    """Return what a program says of a quarter with the main job."""
    program.home.mkdir()
    said = program("demo", "demo")
    (form,) = (program.home / "demo").glob("附件6_*.xlsx")
    _, period = form.stem.split("_")
    return said + program(*_LEDGER, "report", period) + program("help", "受理")


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file())


if __name__ == "__main__":
    main()
