"""The documents' shell blocks, typed by a reader with an empty home.

`python -m tests.transcripts` writes the sessions' present output.
"""

import contextlib
import marshal
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import TextIO
from unittest.mock import patch

import time_machine

from ledger12315.cli.app import run
from tests.catalogue import ROOT
from tests.cli.conftest import Screen
from tests.printing import once_in_a_run
from tests.served import served

# `nox -s package` types the page of installation with what it builds.
_ELSEWHERE = {"CHANGELOG.md", "CONTRIBUTING.md", "install.zh.md"}
PAGES = [
    str(page.relative_to(ROOT))
    for page in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")))
    if page.name not in _ELSEWHERE
    and re.search("^```(console|sh)$", page.read_text("utf-8"), re.M)
]
_BLOCK = re.compile(
    r"(?:^<!-- (ci|not typed): ([^\n]+) -->\n)?^```(console|sh)\n(.*?)^```$", re.M | re.S
)
"""Who types it instead, or why nobody does; its kind, and its lines."""
# What each command says first, of the day and of the ledger that it takes; and the blank line
# that a bar leaves where nothing can be wiped out.
_LEFT_OUT = re.compile(r"^(?:(?:Rehearsal:|Practice:|演练|练习：).*)?\n", re.M)
_TYPED = re.compile(r"^\$ ((?:.*\\\n)*.*\n)((?:(?!\$ ).*\n)*)", re.M)
_LINE = re.compile(r"(?:.*\\\n)*.+\n?")
_PROGRAM_ALONE = re.compile(
    r"""ledger12315 (?:[^'"|<>$&;()`*?~\\#\n]|'[^'\n]*'|"[^"$`\\\n]*"|[ ]~/|\\\n|[ ]\#.*)*\n?"""
)
_DEMO = {"en": "demo", "zh": "演示"}
_MADE = "ledger12315-demo"
_DEMO_MADE = "2027-01-04T09:00:00+08:00"
_DEMO_LINE = re.compile(r"ledger12315 (?:demo|演示) (\S+)\n")
_KEPT = 'set -a; eval "$1"; env -0 >"$2"'


class Reader:
    """Somebody with the program, a terminal and the cloned folder; nothing else."""

    def __init__(self, folder: Path, language: str, installed: bool = False) -> None:
        """Enter a folder that is also the home; the language is the locale's.

        Where the program is not the `installed` one, a shell finds one that is served.
        """
        self.home, self.installed = folder, installed
        self.environment: Mapping[str, str] = {
            "HOME": str(folder),
            "PWD": str(folder),
            "LANG": {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[language],
            "LC_CTYPE": "C.UTF-8",
            "LOGNAME": "li",
            "TERM": "dumb",
            "COLUMNS": "80",
        }
        copytree(ROOT / "examples", folder / "examples", dirs_exist_ok=True)

    def type(self, block: str) -> str:
        """Return a block's output; its variables are kept for the next. Raises AssertionError.

        A line that only starts the program needs no shell, unless it is the installed one.
        """
        if self.installed:
            return self._in_shell(block)
        return "".join(
            self._started(line) if _PROGRAM_ALONE.fullmatch(line) else self._in_shell(line)
            for line in _LINE.findall(block)
        )

    def _started(self, line: str) -> str:
        _, *arguments = _words(line.replace(" ~/", f" {self.home}/"))
        code = self._run(arguments, StringIO(), said := StringIO())
        assert code == 0, f"{line}\n{said.getvalue()}"
        return said.getvalue()

    def _program(self) -> Path:
        return Path(sys.executable).with_name("ledger12315") if self.installed else served()

    def _in_shell(self, block: str) -> str:
        kept = self.home / ".kept"
        path = f"{self._program().parent}:{os.defpath}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", _KEPT, "bash", block, str(kept)],
            env={**self.environment, "PATH": path},
            cwd=self.environment["PWD"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}"
        left = kept.read_text("utf-8").rstrip("\0").split("\0")
        self.environment = dict(each.split("=", 1) for each in left)
        return done.stdout

    def session(self, block: str) -> str:
        """Return a block with the present output of its commands at a terminal."""
        return "".join(
            f"$ {typed}{self._shown(typed, said)}" for typed, said in _TYPED.findall(block)
        )

    def _shown(self, typed: str, page: str) -> str:
        program, *arguments = _words(typed)
        if program == "ledger12315":
            return self.answer(arguments, page)
        return self.type(typed)

    def answer(self, arguments: list[str], page: str = "") -> str:
        """Return the output for a clerk who answers each question as on the page.

        If another question is asked, nothing more is answered.
        """
        clerk = _Clerk(self, page)
        if self.installed:
            said = self._at_terminal(arguments, clerk)
        else:
            self._run(arguments, clerk, clerk.screen)
            said = self.tidy(clerk.screen.getvalue())
        return said.rstrip("\n") + "\n" * bool(said)

    def _run(self, arguments: list[str], stdin: TextIO, screen: TextIO) -> int:
        """Run the program in this process, as if it were started; return its exit code."""
        with (
            patch.dict(os.environ, self.environment, clear=True),
            contextlib.chdir(self.environment["PWD"]),
            patch("sys.stdin", stdin),
            # Whatever started the tests: a page's reader types into bash.
            patch("shellingham.detect_shell", return_value=("bash", "/bin/bash")),
            contextlib.redirect_stdout(screen),
            contextlib.redirect_stderr(screen),
        ):
            return run(arguments)

    def _at_terminal(self, arguments: list[str], clerk: "_Clerk") -> str:
        """Return the output of the installed program, at a terminal of Unix."""
        person, terminal = os.openpty()
        seen = b""
        with subprocess.Popen(
            [self._program(), *arguments],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=self.environment,
            cwd=self.environment["PWD"],
        ):
            os.close(terminal)
            with contextlib.suppress(OSError):  # Linux reports the end of a terminal as an error
                while piece := os.read(person, 65536):
                    seen += piece
                    if seen.endswith(b": "):  # a question: lines of answers end
                        os.write(person, clerk.answered(seen.decode()).encode() or b"\x04")
        os.close(person)
        return self.tidy(seen.decode())

    def tidy(self, seen: str) -> str:
        """Return the output as on the page, with a neutral home folder."""
        shown = re.sub(" *\r*\n", "\n", seen)
        return _LEFT_OUT.sub("", shown.replace(str(self.home), "/home/li"))


def _words(line: str) -> list[str]:
    """Return what the shell passes of a line without variables and the like."""
    return shlex.split(line.replace("\\\n", " "), comments=True)


class _Clerk(Screen):
    """A clerk's keyboard, with the screen before it; answers are those of a page."""

    def __init__(self, reader: Reader, page: str) -> None:
        super().__init__()
        self.reader, self.page, self.screen = reader, page, Screen()

    def answered(self, seen: str) -> str:
        """Return the line that answers the question seen last; empty if the page has another."""
        question = self.reader.tidy(seen).rstrip()
        if not self.page.startswith(question):
            return ""
        return self.page[len(question) :].partition("\n")[0].strip() + "\n"

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        """Return the next answer, which a terminal shows too."""
        answer = self.answered(self.screen.getvalue())
        self.screen.write(answer)
        return answer


@once_in_a_run
def _demonstrated(language: str) -> bytes:
    with TemporaryDirectory() as folder, time_machine.travel(_DEMO_MADE, tick=False):
        said = Reader(Path(folder), language).answer([_DEMO[language]])
        made = {path.name: path.read_bytes() for path in Path(folder, _MADE).iterdir()}
        return marshal.dumps((said, made))


def demonstration(language: str) -> tuple[str, Mapping[str, bytes]]:
    """Return what `ledger12315 demo` says at a terminal, and the files that it makes."""
    said, made = marshal.loads(_demonstrated(language))  # noqa: S302 our own
    return said, made


def lay_demo(folder: Path, language: str) -> None:
    """Lay what the demo makes into a new folder; it is not played again."""
    folder.mkdir()
    for name, content in demonstration(language)[1].items():
        (folder / name).write_bytes(content)


def replayed(page: str, folder: Path) -> str:
    """Return a page with its sessions' present output, typed in `folder` from top to end.

    The demo is not made by each page, but laid; README's program is the installed one.
    """
    language = "zh" if page.endswith(".zh.md") else "en"
    reader = Reader(folder, language, installed=page == "README.md")

    def again(found: re.Match[str]) -> str:
        instead, told, kind, block = found.groups()
        if told == "demo":
            lay_demo(folder / _MADE, language)
        if not instead and kind == "console":
            return f"```console\n{reader.session(block)}```"
        if not instead and (demo := _DEMO_LINE.match(block)):
            lay_demo(folder / demo[1], language)
            block = block[demo.end() :]
        if not instead:
            reader.type(block)
        return found[0]

    return _BLOCK.sub(again, (ROOT / page).read_text("utf-8"))


if __name__ == "__main__":
    for page in PAGES:
        with TemporaryDirectory() as folder:
            (ROOT / page).write_text(replayed(page, Path(folder)), "utf-8")
