"""Build from the last commit what is handed out, into dist/, and try it.

`python -m release` builds all archives; `python -m release own` one with this computer's Python.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from uv import find_uv_bin

from release import house, trial
from release.archive import ARCHIVES, Archive, built, glibc_of_folder, packed
from release.page import Handed, filled, follow
from release.running import Python, demand_tools, files_of_commit
from release.targets import GLIBC, here

ROOT = Path(__file__).parent.parent
_TOOLS = {
    "apt-get": "apt",
    "dpkg-deb": "dpkg",
    "make": "make",
    "npm": "npm",
    "openssl": "openssl",
    "osslsigncode": "osslsigncode",
    "perl": "perl",
    "qemu-aarch64-static": "qemu-user-static",
}


def main() -> None:
    """Build the last commit, and the one before it, from which an update is tried."""
    own = sys.argv[1:] == ["own"]
    demand_tools({} if own else _TOOLS)
    dist = ROOT / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        python = Python.made(folder / "python")
        ours = Archive(here(), *ARCHIVES[0][1:]) if own else ARCHIVES[0]
        before = _handed("HEAD~1", [ours], python, folder / "before", own)
        now = _handed("HEAD", [ours] if own else ARCHIVES, python, folder / "now", own)
        trial.try_installed(now, python, folder / "installed")
        schemas = [_schemas(folder / each / "source") for each in ("before", "now")]
        if not schemas[0] <= schemas[1]:  # until the first release a schema is edited in place
            print("No update is tried: the commit before has a schema that no release has.")
        else:
            page = folder / "now" / "source" / "docs" / "install.zh.md"
            follow(page.read_text("utf-8"), before, now, folder / "reader")
        if not own:
            print(*trial.tried_elsewhere(now, folder / "elsewhere"), sep="\n")
        shutil.copytree(now.files, dist)
    for file in _files(dist):
        print(f"{file.stat().st_size / 1e6:8.1f} MB  {file.relative_to(ROOT)}")


def _handed(
    commit: str, archives: Sequence[Archive], python: Python, folder: Path, own: bool
) -> Handed:
    """Return what an office is given of a commit, which is installed with the Python then."""
    source, files = files_of_commit(commit, folder / "source"), folder / "files"
    second = int(_git("log", "-1", "--format=%ct", commit))
    wheel = _wheel(source, folder / "wheel")
    version = wheel.name.split("-")[1]
    targets = house.targets() if len(archives) > 1 else [here()]
    pins = source / "release" / "requirements.txt"
    place = folder / f"ledger12315-{version}-wheels"
    wheels = house.gathered(place, wheel, pins, python, targets)
    python.pip("install", "-q", "-U", "--no-index", "--find-links", str(wheels), "ledger12315")
    page = (source / "docs" / "install.zh.md").read_text("utf-8")
    page = filled(page, version, house.glibc_of_wheels(wheels))
    made = {}
    for archive in archives:
        made[archive] = built(archive, wheel, source, folder / "built", own)
        needs = glibc_of_folder(made[archive])
        print(made[archive].name, flush=True)
        for minor, names in needs.items():
            short = (each.partition(".")[0] for each in names)
            print(f"  glibc 2.{minor}: {', '.join(short)}", flush=True)
        if not own and max(needs, default=0) > int(GLIBC.removeprefix("2.")):
            raise SystemExit(f"That is more than {GLIBC}.")
    for each in (*made.values(), wheels):
        (each / "安装说明.txt").write_text(page, "utf-8")
        shutil.copy(source / "docs" / "morning.zh.md", each / "每天提醒.txt")
    kept = {each: packed(made[each], files, each.target.kind, second) for each in made}
    packed(wheels, files, "zip", second)
    sums = [f"{sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in _files(files)]
    (files / "SHA256SUMS").write_text("\n".join([*sums, ""]), "utf-8")
    return Handed(version, files, kept)


def _schemas(source: Path) -> set[str]:
    """Return the fingerprints of the schemas that a build reads."""
    text = (source / "src/ledger12315/ledger/store/versions.py").read_text("utf-8")
    return {*re.findall("[0-9a-f]{64}", text)}


def _wheel(source: Path, folder: Path) -> Path:
    """Return the program's own wheel, built in a folder by what requirements.txt has."""
    pins = ["--require-hashes", "-b", str(source / "release" / "requirements.txt")]
    command = [find_uv_bin(), "build", "-q", "--wheel", *pins, "-o", str(folder), str(source)]
    subprocess.run(command, check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _git(*question: str) -> str:
    return subprocess.run(
        ["git", *question], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file())


if __name__ == "__main__":
    main()
