"""The documents' sessions: `python -m tests.transcripts` writes what they print now."""

import contextlib
import os
import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from threading import Thread
from unittest.mock import patch

from ledger12315.cli.app import run
from ledger12315.ledger.station import station
from ledger12315.ledger.store.opening import reading
from tests.catalogue import ROOT
from tests.published.making import made
from tests.states import give
from tests.terminal import start

PAGES = {"docs/tutorial.md": "en", "docs/tutorial.zh.md": "zh", "docs/publish.md": "en"}
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.M | re.S)
# What each command says first, of the day and of the ledger that it takes; and the blank line
# that a bar leaves where nothing can be wiped out.
_LEFT_OUT = re.compile(r"^(?:(?:Rehearsal:|演练|练习).*)?\n", re.M)
_TYPED = re.compile(r"^(\$ (?:.*\\\n)*.*\n)((?:(?!\$ ).*\n)*)", re.M)


def replayed(page: str, folder: Path) -> str:
    """Return the page with what its commands print now, typed in `folder` one after another."""
    surroundings = {
        "LEDGER12315_LANG": PAGES[page],
        "LEDGER12315_DB": "ledger.sqlite",
    }
    text = (ROOT / page).read_text("utf-8")
    for register in (ROOT / "examples").glob("*.csv"):
        copy(register, folder)
    with patch.dict(os.environ, surroundings), contextlib.chdir(folder):
        if page == "docs/publish.md":
            _publishers()
        return _BLOCK.sub(lambda block: "".join(_session(block[0])), text)


def _publishers() -> None:
    """Make a station that submitted a quarter, and what another one has published of it."""
    with patch.dict(os.environ, LEDGER12315_TODAY="2026-10-08"):
        give(
            "init --station 东门所 --county 榕溪县 --begins 2026-07-01",
            "register 东门百货 --type 商场 --area 1200 --capital 50万 --turnover 300万"
            " --since 2015-03-15 --liaison '林秀珍 0591-00000101'",
        )
        for number in range(1, 13):
            give(
                f"log 百货 --complainant 张三 --item 灯{number} --category 家用电子电器"
                f" --facts 不亮 --disputed 99 --received 2026-07-{number + 10}",
                f"close {number} --outcome 和解 --closed 2026-07-{number + 12} --recovered 50",
            )
        give("returns receive 百货 2026Q3", "returns submit 2026Q3")
    made(Path("inbox/west"), 2, name="西门所", submitted=date(2026, 10, 14))
    with reading(Path("ledger.sqlite")) as ledger:
        east = station(ledger)[0]
    rows = [
        f"{key},{name},榕溪县"
        for key, name in ((east, "东门所"), (f"{2:032x}", "西门所"), (f"{3:032x}", "北门所"))
    ]
    Path("stations.csv").write_text("\n".join(["key,name,county", *rows]), "utf-8")


def _session(block: str) -> Iterator[str]:
    for typed, shown in _TYPED.findall(block):
        program, *arguments = shlex.split(typed[2:].replace("\\\n", " "))
        if program == "export":
            name, _, value = arguments[0].partition("=")
            os.environ[name] = value
            yield typed
        else:
            assert program == "ledger12315", typed
            practises = "--practice" in arguments
            yield typed + (answered(arguments, shown) if practises else seen(arguments))


def answered(arguments: list[str], page: str) -> str:
    """Return what a clerk sees at a terminal who answers each question as the page shows it.

    Where the question is another than there, nothing more is answered.
    """
    person, terminal = os.openpty()
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), terminal)
    seen = b""
    with start(arguments, **streams, env={"COLUMNS": "80", "TERM": "dumb"}) as process:
        os.close(terminal)
        with contextlib.suppress(OSError):  # Linux reports the end of a terminal as an error
            while piece := os.read(person, 65536):
                seen += piece
                if seen.endswith(b": "):  # a question: lines of answers end
                    question = _tidy(seen.decode()).rstrip()
                    if not page.startswith(question):
                        process.kill()
                        break
                    answer = page[len(question) :].partition("\n")[0].strip()
                    os.write(person, f"{answer}\n".encode())
    os.close(person)
    return _tidy(seen.decode()).rstrip("\n") + "\n" * bool(seen)


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
    return _tidy(shown.decode())


def _tidy(shown: str) -> str:
    return _LEFT_OUT.sub("", re.sub(" *\r*\n", "\n", shown))


if __name__ == "__main__":
    for page in PAGES:
        with TemporaryDirectory() as folder:
            (ROOT / page).write_text(replayed(page, Path(folder)), "utf-8")
