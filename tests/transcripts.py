"""The documents' sessions: `python -m tests.transcripts` writes what they print now."""

import contextlib
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from unittest.mock import patch

from ledger12315.cli.app import run
from tests.catalogue import ROOT

PAGES = {"README.md": "en", "docs/tutorial.zh.md": "zh"}
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.M | re.S)
_REHEARSAL = re.compile(r"^(Rehearsal:|演练).*\n", re.M)


def replayed(page: str, folder: Path) -> str:
    """Return the page with what its commands print now, typed in `folder` one after another."""
    surroundings = {
        "LEDGER12315_LANG": PAGES[page],
        "LEDGER12315_DB": "ledger.sqlite",
    }
    text = (ROOT / page).read_text("utf-8")
    with patch.dict(os.environ, surroundings), contextlib.chdir(folder):
        return _BLOCK.sub(lambda block: "".join(_session(block[0])), text)


def _session(block: str) -> Iterator[str]:
    for typed in re.findall(r"^\$ (?:.*\\\n)*.*\n", block, re.M):
        program, *arguments = shlex.split(typed[2:].replace("\\\n", " "))
        if program == "export":
            name, _, value = arguments[0].partition("=")
            os.environ[name] = value
            yield typed
        else:
            assert program == "ledger12315", typed
            yield typed + seen(arguments)


def seen(arguments: list[str]) -> str:
    """Return what a clerk sees who types the command, who cannot be asked."""
    reader, terminal = os.openpty()
    shown = bytearray()

    def read() -> None:
        with contextlib.suppress(OSError):  # Linux reports the end of a terminal as an error
            while piece := os.read(reader, 65536):
                shown.extend(piece)

    reading = Thread(target=read)
    reading.start()
    with (
        os.fdopen(terminal, "w", encoding="utf-8") as screen,
        Path(os.devnull).open(encoding="utf-8") as nobody,
        contextlib.redirect_stdout(screen),
        contextlib.redirect_stderr(screen),
        patch("sys.stdin", nobody),
        patch.dict(os.environ, COLUMNS="80", TERM="dumb"),
    ):
        run(arguments)
    reading.join()
    os.close(reader)
    return _REHEARSAL.sub("", re.sub(" *\r?\n", "\n", shown.decode()))


if __name__ == "__main__":
    for page in PAGES:
        with TemporaryDirectory() as folder:
            (ROOT / page).write_text(replayed(page, Path(folder)), "utf-8")
