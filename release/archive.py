"""An archive: one folder with the program, all that it loads, and a Python of its own."""

import gzip
import io
import re
import shutil
import subprocess
import tarfile
import time
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from uv import find_uv_bin

from release.interpreter import interpreter, own_interpreter
from release.sources import taken
from release.targets import TARGETS, Target
from release.wine.python import lay_out


class Archive(NamedTuple):
    """What an archive is for, and what it has besides: the end of its name, and extras."""

    target: Target
    suffix: str
    extras: str

    @property
    def name(self) -> str:
        """Return what stands in its name after the version."""
        return self.target.name + self.suffix


ARCHIVES = tuple(
    Archive(target, suffix, extras)
    for target in TARGETS
    for suffix, extras in (("", "notify"), ("-county", "notify,county"))
)


def built(archive: Archive, wheel: Path, source: Path, folder: Path, own: bool) -> Path:
    """Return the folder that is to be packed, made in another of a source tree and its wheel.

    Its Python is compiled for the target, or this computer's `own`. Raises CalledProcessError.
    """
    version = wheel.name.split("-")[1]
    built = folder / f"ledger12315-{version}-{archive.name}"
    python, program = built / "python", built / "program"
    built.mkdir(parents=True)
    _install(archive, wheel, source, program)
    ours = source / "release"
    start = (ours / "start.py").read_bytes()
    if archive.target.system == "windows":
        lay_out(python)
        shutil.copytree(ours / "win32", built, dirs_exist_ok=True)
        (built / "ledger12315.exe").write_bytes(_launcher(start))
        compiler = _python_of(archive.target)
    else:
        copied = own_interpreter() if own else interpreter(archive.target)
        shutil.copytree(copied, python, ignore=shutil.ignore_patterns("__pycache__"))
        (program / "__main__.py").write_bytes(start)
        shutil.copy(ours / "start.sh", built / "ledger12315")
        (built / "ledger12315").chmod(0o755)
        compiler = python if own else interpreter(TARGETS[0])
        compiler = compiler / "bin" / "python3"
    _compile(built, compiler)
    (program / "share" / "man").rename(built / "man")
    (program / "share").rmdir()
    shutil.copy(source / "LICENSE", built)
    return built


def _install(archive: Archive, wheel: Path, source: Path, program: Path) -> None:
    """Put the program and what it needs into a folder, each as requirements.txt has its hash."""
    how = ["--only-binary=:all:", "--link-mode=copy", "--target", str(program)]
    how += ["--python-platform", archive.target.platform]
    how += ["--python-version", archive.target.python]
    pins = ["--constraint", str(source / "release" / "requirements.txt")]
    named = f"ledger12315[{archive.extras}] @ {wheel.as_uri()}"
    subprocess.run(
        [find_uv_bin(), "pip", "install", "-q", *how, *pins, "-r", "-"],
        input=named,
        text=True,
        check=True,
    )
    # Programs of others, one that installs more, and what tells of this computer's folders.
    for each in ("bin", "Scripts", "pip", "pip-*.dist-info", ".lock"):
        for found in [*program.glob(each)]:
            shutil.rmtree(found) if found.is_dir() else found.unlink()
    for each in ("direct_url.json", "uv_cache.json", "RECORD", "REQUESTED", "INSTALLER"):
        for found in [*program.glob(f"*.dist-info/{each}")]:
            found.unlink()


def _compile(built: Path, python: Path) -> None:
    """Compile all modules; they are not compared with their sources, which have new times."""
    how = ("-q", "-f", "--invalidation-mode", "unchecked-hash", "-s", str(built))
    for each in ("python", "program"):
        place = built / each
        subprocess.run([python, "-I", "-S", "-m", "compileall", *how, str(place)], check=True)


def _python_of(target: Target) -> Path:
    """Return a Python of this computer that compiles as the target's does."""
    asked = [find_uv_bin(), "python", "find", target.python]
    return Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())


def _launcher(start: bytes) -> bytes:
    """Return a program for Windows that starts the Python beside it with these lines.

    Like those that pip makes: distlib's, the line that names Python, and the lines as an archive.
    """
    with ZipFile(taken("distlib")) as wheel:
        program = wheel.read("distlib/t64.exe")
    lines = io.BytesIO()
    with ZipFile(lines, "w") as packed:
        packed.writestr(ZipInfo("__main__.py"), start)
    return program + b"#!<launcher_dir>\\python\\python.exe -I -S\r\n" + lines.getvalue()


def packed(folder: Path, to: Path, kind: str, second: int) -> Path:
    """Return an archive of a folder, of the same bytes for the same files.

    All are of one `second` since 1970, and nobody's. The kinds are `zip` and `tar.gz`.
    """
    file = to / f"{folder.name}.{kind}"
    to.mkdir(parents=True, exist_ok=True)
    files = [each for each in sorted(folder.rglob("*")) if each.is_file()]
    named = {str(each.relative_to(folder.parent)): each for each in files}
    if kind == "zip":
        with ZipFile(file, "w") as archive:
            for name, each in named.items():
                entry = ZipInfo(name, time.gmtime(second)[:6])
                archive.writestr(entry, each.read_bytes(), ZIP_DEFLATED)
        return file
    with (
        file.open("wb") as whole,
        gzip.GzipFile("", "wb", 6, whole, second) as stream,
        tarfile.open(fileobj=stream, mode="w") as entries,
    ):
        for name, each in named.items():
            content, about = each.read_bytes(), tarfile.TarInfo(name)
            about.size, about.mtime = len(content), second
            about.mode = 0o755 if each.stat().st_mode & 0o100 else 0o644
            entries.addfile(about, io.BytesIO(content))
    return file


def glibc_of_folder(built: Path) -> dict[int, list[str]]:
    """Return the minor version of the glibc that binaries need, each with their names.

    The highest is what the folder needs; on Windows there is none.
    """
    found: dict[int, list[str]] = {}
    for file in sorted(built.rglob("*")):
        content = file.read_bytes() if file.is_file() else b""
        if content.startswith(b"\x7fELF"):
            minors = re.findall(rb"\0GLIBC_2\.(\d+)(?=[.\0])", content)
            found.setdefault(max(map(int, minors), default=0), []).append(file.name)
    return dict(sorted(found.items()))
