"""What a build takes from outside; `sources.txt` names each file with its hash.

`python -m release.sources NAME` prints where a file is.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from release.running import Python
from release.targets import BUILD

LIST = Path(__file__).with_name("sources.txt")


class Source(NamedTuple):
    """A line of the list."""

    hash: str
    file: str
    kind: str
    name: str

    def taken(self) -> Path:
        """Return the file, which is fetched once. Raises SystemExit for another content."""
        place = BUILD / "sources" / self.file
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=place.parent) as folder:
                _FETCH[self.kind](self, Path(folder))
                found = Path(folder, self.file)
                if not found.exists():
                    raise SystemExit(f"{self.name} is now another version than {self.file}.")
                found.rename(place)
        if sha256(place.read_bytes()).hexdigest() != self.hash:
            raise SystemExit(f"{place} is not what {LIST.name} has: remove it, or mend the list.")
        return place


def sources() -> Iterator[Source]:
    """Yield what is listed."""
    for line in LIST.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield Source(*line.split())


def taken(name: str) -> Path:
    """Return the file that a source of this name brings, whatever its version."""
    (source,) = (each for each in sources() if name in (each.name, each.name.split("=")[0]))
    return source.taken()


def _from_npm(source: Source, folder: Path) -> None:
    subprocess.run(
        ["npm", "pack", "--silent", source.name], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )


def _from_pypi(source: Source, folder: Path) -> None:
    # pip compares the hash before it runs anything of a source archive.
    required = folder / "required.txt"
    required.write_text(f"{source.name} --hash=sha256:{source.hash}\n")
    fetcher = Python.made(folder / "python")
    fetcher.pip(*("download", "-q", "--no-deps", "-d", str(folder), "-r", str(required)))


def _from_debian(source: Source, folder: Path) -> None:
    """Let apt take it, as an ordinary user, from where this computer takes its packages."""
    state = BUILD / f"apt-{sha256(LIST.read_bytes()).hexdigest()[:16]}"
    if not state.exists():
        part = BUILD / "apt.part"
        shutil.rmtree(part, ignore_errors=True)
        (part / "lists" / "partial").mkdir(parents=True)
        (part / "status").touch()
        (part / "sources.list").write_text("".join(_suites()))
        _apt(part, "update", "--error-on=any", folder=part)
        part.rename(state)
    how = ("source", "--download-only", "--tar-only") if source.kind == "source" else ("download",)
    _apt(state, *how, source.name, folder=folder)


def _suites() -> Iterator[str]:
    """Yield lines for apt: the sources of what is installed, and Debian 11.

    Nothing need be signed, since each file has its hash in the list.
    """
    asked = ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)", "Created-By: Packages"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    for line in sorted({*told.splitlines()}):
        site, suite = line.split()
        if site.startswith("http"):
            yield f"deb-src [trusted=yes] {site} {suite} main\n"
            if "-" not in suite:
                yield f"deb [trusted=yes arch=amd64,arm64] {site} bullseye main\n"


def _apt(state: Path, *command: str, folder: Path) -> None:
    """Run apt-get with lists of its own. Raises CalledProcessError."""
    state = state.resolve()
    settings = {
        "Dir::State::Lists": state / "lists",
        "Dir::State::status": state / "status",
        "Dir::Cache": state,
        "Dir::Etc::SourceList": state / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "APT::Architectures": "amd64,arm64",
        "APT::Sandbox::User": "",
    }
    how = [f"--option={name}={value}" for name, value in settings.items()]
    subprocess.run(["apt-get", "-q", *how, *command], cwd=folder, check=True)


_FETCH = {"npm": _from_npm, "pypi": _from_pypi, "source": _from_debian, "11": _from_debian}

if __name__ == "__main__":
    print(taken(sys.argv[1]).resolve())
