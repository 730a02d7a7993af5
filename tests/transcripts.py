"""The sessions shown in the documents, run for real: `python -m tests.transcripts` writes what they print into the pages anew."""

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.catalogue import ROOT

PAGES = {"README.md": "en", "docs/tutorial.zh.md": "zh"}
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.M | re.S)
_REHEARSAL = re.compile(r"^(Rehearsal:|演练).*\n", re.M)


def replayed(page: str, folder: Path) -> str:
    """The page with each session's output as it is now; its commands run in `folder`, one after another."""
    text = (ROOT / page).read_text("utf-8")
    environment = os.environ | {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "LEDGER12315_LANG": PAGES[page],
        "LEDGER12315_DB": "ledger.sqlite",
        "EXAMPLES": str(ROOT / "examples"),
        "COLUMNS": "80",
        "TERM": "dumb",
    }
    return _BLOCK.sub(lambda block: "".join(_session(block[0], folder, environment)), text)


def _session(block: str, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    for typed in re.findall(r"^\$ (?:.*\\\n)*.*\n", block, re.M):
        command = typed[2:]
        if exported := re.fullmatch(r"export (\w+)=(\S+)\n", command):
            environment[exported[1]] = exported[2]
        yield typed + _REHEARSAL.sub("", _on_a_terminal(command, folder, environment))


def _on_a_terminal(command: str, folder: Path, environment: dict[str, str]) -> str:
    """What a clerk sees who types the command; nobody is there to be asked."""
    reader, terminal = os.openpty()
    with subprocess.Popen(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=terminal,
    ):
        os.close(terminal)
        seen = b""
        with contextlib.suppress(OSError):  # Linux reports the end of a terminal as an error
            while piece := os.read(reader, 65536):
                seen += piece
    os.close(reader)
    return re.sub(" *\r?\n", "\n", seen.decode())


if __name__ == "__main__":
    import tempfile

    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            (ROOT / page).write_text(replayed(page, Path(folder)), "utf-8")
