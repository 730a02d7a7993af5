"""Older computers than this one, on which archives are tried: roots of Debian 11 (glibc 2.31).

That of this processor is entered; the other one's is read by qemu, which runs the other's code.
"""

import shutil
import subprocess
from pathlib import Path

from release.running import Tried
from release.sources import sources
from release.targets import BUILD, TARGETS, Target

# An ordinary user is root there by a namespace, and may mount what this computer has.
_ENTER = """
for each in dev proc; do mount --rbind "/$each" "$0/$each"; done
exec unshare --root="$0" --wd=/home "$@"
"""
_DEBIAN = {"x86_64": "amd64", "aarch64": "arm64"}


def root_of(target: Target) -> Path:
    """Return a new folder with what of Debian 11 the program needs there."""
    root = (BUILD / "roots" / target.name).resolve()
    shutil.rmtree(root, ignore_errors=True)
    for each in ("dev", "proc", "home"):
        (root / each).mkdir(parents=True)
    for source in sources():
        if source.name.endswith(f":{_DEBIAN[target.machine]}"):
            subprocess.run(["dpkg-deb", "--extract", source.taken(), root], check=True)
    return root


def tried_on(target: Target, root: Path, unpacked: Path) -> Tried:
    """Return the program of an unpacked archive as it is tried in a root, into which it is moved.

    A shell of the other processor cannot start it, so that Python itself is.
    """
    office, home = root / "opt" / "东门 所", root / "home"
    shutil.copytree(unpacked, office, symlinks=True)
    if target == TARGETS[0]:
        entered = (
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-ec",
            _ENTER,
            str(root),
        )
        return Tried(office / "ledger12315", home, root, entered)
    python = str(office / "python" / "bin" / "python3")
    qemu = ("qemu-aarch64-static", "-L", str(root), python, "-I", "-S")
    return Tried(office / "program", home, by=qemu)
