"""A command line as a clerk types it, run in this process with a ledger of the test's own."""

import io
import json
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import (
    AbstractContextManager,
    closing,
    contextmanager,
    nullcontext,
    redirect_stderr,
    redirect_stdout,
)
from pathlib import Path
from textwrap import dedent
from typing import Any, ClassVar, NamedTuple, TextIO

import pytest
import time_machine

from ledger12315.cli.app import run
from ledger12315.ledger.store import opening
from ledger12315.ledger.store.opening import writing
from tests import building, states
from tests.kept import empty, write_kept
from tests.rows import each_anew, joined

TODAY = "2026-09-28"
CTRL_D = "^D"
_LEDGER = "ledger.sqlite"
_LOG = "log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods"
_KEPT_FREE = int(sys.platform == "win32")
"""A column of the console that the program keeps free."""
# The points of every ledger here: P002 has neither liaison nor officer.
_SETUP = """
    init --station 东门所 --county 榕溪县 --begins 2026-07-01
    register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万 --since 2026-01-05 \
        --liaison '林秀珍 13900000101' --officer '陈建平 13900000202'
    register 南门市场 --type market --area 1200 --stalls 120 --since 2026-01-05
"""
_REHEARSAL = re.compile("^(?:Rehearsal|演练).*\n", re.M)


def scenes(text: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return scripts as rows of a test, each below its name; see `Cli.plays`, `Cli.converses`."""
    _, *parts = re.split(r"^# (.*)\n", text, flags=re.M)
    return each_anew(["script"], [[each] for each in parts[1::2]], parts[::2])


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON document; an object lacks its version, which tests/test_json.py checks."""
        found = json.loads(self.out)
        if isinstance(found, dict):
            assert found.pop("version") == 1
        return found

    @property
    def line(self) -> str:
        """The JSON document on one line."""
        return json.dumps(self.json, ensure_ascii=False)

    def shown(self, as_json: bool) -> list[str]:
        """Return the result in the notation of a script."""
        text = self.out.replace("\t", " | ").replace("\N{BYTE ORDER MARK}", "BOM ")
        out = self.line if as_json and self.out else text
        code = [f"[{self.code}]"] if self.code else []
        return [*out.splitlines(), *(f"! {line}" for line in self.err.splitlines()), *code]


def _fits(script: str, played: str) -> bool:
    """Return whether the result matches the script, with any text for its dots."""
    pattern = ""
    for line in script.strip().splitlines():
        any_part = re.escape(line.rstrip()).replace("…", ".*")
        pattern += r"(?:.*\n)*?" if line == "…" else rf"{any_part}\n"
    return re.fullmatch(pattern, f"{played}\n") is not None


def make_pipe(path: Path) -> None:
    """Make a pipe in a folder, if the system has pipes."""
    if sys.platform == "win32":
        pytest.skip("Windows keeps pipes apart from files")
    os.mkfifo(path)


def clock_of(day: str) -> AbstractContextManager[object]:
    """Return the morning of a day as the clock; without a day the clock stays."""
    return time_machine.travel(f"{day}T09:00:00+08:00", tick=False) if day else nullcontext()


class Screen(io.StringIO):
    """A terminal that keeps everything written to it."""

    def isatty(self) -> bool:
        return True


class Person(Screen):
    """Somebody at a terminal; each line of a dialogue is `part of the question > answer`.

    A short dialogue may be on one line, with ; between its parts.
    """

    def __init__(self, screen: Screen, dialogue: str) -> None:
        super().__init__()
        self.screen, self.seen = screen, 0
        turns = re.findall(turn := "([^>]*)>([^;\n]*)", dialogue)
        assert not re.sub(turn, "", dialogue).strip("; \n"), "a turn without an answer"
        self.turns = [(asked.strip("; \n"), answer.strip()) for asked, answer in turns]

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        """Return the next answer; fail if its question was not asked since the last one."""
        asked = self.screen.getvalue()[self.seen :]
        awaited, answer = self.turns.pop(0) if self.turns else ("no question", "")
        if awaited not in asked:
            pytest.fail(f"waited for {awaited!r} and was asked {asked!r}")
        if answer == CTRL_D:
            return ""
        self.screen.write(f"{answer}\n")
        self.seen = len(self.screen.getvalue())
        return f"{answer}\n"


def _conversation(below: str) -> tuple[str, list[str], int]:
    """Return the dialogue below a command line, the expected output, and the exit code."""
    lines = below.splitlines()
    seen = [line[2:] for line in lines if line.startswith("= ")]
    code = next((int(line[1:-1]) for line in lines if re.fullmatch(r"\[\d+\]", line)), 0)
    turns = [line for line in lines if re.search(" >($| )", line) and not line.startswith("= ")]
    assert len(seen) + len(turns) + bool(code) == len(list(filter(str.strip, lines))), below
    return "\n".join(turns), seen, code


class Cli:
    """Runs one command line, split like a shell; stderr comes without the note on a rehearsal."""

    reached: ClassVar[dict[tuple[int, str, str], bytes]] = {}
    drawn: ClassVar[dict[tuple[int, str, str], bytes]] = {}
    """What is reached where submissions have their workbooks."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path, self.clock_is_right = path, True
        self.set = monkeypatch

    def __call__(
        self, line: str, /, stdin: str = "", today: str = TODAY, lang: str = "en"
    ) -> Result:
        out, err = io.StringIO(), io.StringIO()
        code = self._run(line, io.TextIOWrapper(io.BytesIO(stdin.encode())), out, err, today, lang)
        return Result(code, out.getvalue(), _REHEARSAL.sub("", err.getvalue()))

    def _run(
        self, line: str, stdin: TextIO, out: TextIO, err: TextIO, today: str, lang: str
    ) -> int:
        self._name_ledger(lang)
        self.set.setattr("sys.stdin", stdin)
        with clock_of(today), redirect_stdout(out), redirect_stderr(err):
            return run([*self._options, *shlex.split(line)])

    def talk(
        self,
        line: str,
        dialogue: str = "",
        lang: str = "en",
        columns: int = 300,
        today: str = TODAY,
        term: str = "dumb",
        out: TextIO | None = None,
    ) -> tuple[int, str]:
        """Return exit code and output of a line at a terminal; `out` replaces its stdout.

        The terminal cannot edit lines, so questions are plain lines.
        """
        self.set.setenv("COLUMNS", str(columns + _KEPT_FREE))
        self.set.setenv("TERM", term)
        screen = Screen()
        person = Person(screen, dialogue)
        code = self._run(line, person, out or screen, screen, today, lang)
        assert person.turns == [], f"never asked: {person.turns}"
        return code, _REHEARSAL.sub("", screen.getvalue())

    def converses(self, script: str) -> None:
        """Check the conversations of a script.

        `@ ` sets the language, `+ ` is a line that succeeds, `$ ` one that asks. Below it are
        lines `part of the question > answer`, then `= ` text that must appear, and [n] its exit
        code.
        """
        lang = "en"
        for sign, line, below in re.findall(
            r"^([@+$]) (.*)\n?((?:(?![@+$] ).*\n?)*)", dedent(script), re.M
        ):
            if sign == "@":
                lang = line
            elif sign == "+":
                self.all(line)
            else:
                turns, awaited, left = _conversation(below)
                code, seen = self.talk(line, turns, lang)
                assert (code, [each for each in awaited if each not in seen]) == (left, []), seen

    def screen(
        self, line: str, columns: int = 80, lang: str = "en", today: str = TODAY
    ) -> list[str]:
        """Return the lines of stdout on a terminal, without bold and colours."""
        self.set.setenv("COLUMNS", str(columns + _KEPT_FREE))
        self.set.setenv("TERM", "xterm")
        screen = Screen()
        self._run(line, io.StringIO(), screen, io.StringIO(), today, lang)
        seen = re.sub("\x1b\\[[0-9;]*m", "", screen.getvalue())
        return [each.rstrip() for each in seen.splitlines()]

    def plays(self, script: str) -> None:
        """Run a script, and compare the output with the script's.

        `@ ` sets the day or the language, `+ ` is a line that succeeds, `$ ` a line with its
        output below. After `<< ` comes its stdin; `% 80 ` is a line on a terminal of 80 columns,
        `> ` a file's name and text. In the output `! ` is stderr, [n] the exit code, | a tab; JSON
        is on one line, and … stands for any text.
        """
        script = dedent(joined(script))
        assert _fits(script, played := self.played(script)), played

    def played(self, script: str) -> str:
        """Return the script with its actual output."""
        today, lang, said = TODAY, "en", []
        for line in re.findall(r"^[@+>$%] .*", script, re.M):
            said.append(line)
            sign, rest = line[0], line[2:]
            if sign == "@" and rest in ("en", "zh"):
                lang = rest
            elif sign == "@":
                today = rest
            elif sign == "+":
                self.all(rest, today)
            elif sign == ">":
                name, _, content = rest.partition(" ")
                Path(name).write_text(content.replace("\\n", "\n"), "utf-8")
            elif sign == "%":
                columns, _, rest = rest.partition(" ")
                said += self.screen(rest, int(columns), lang, today)
            else:
                typed, _, stdin = rest.partition(" << ")
                said += self(typed, stdin, today, lang).shown("--json" in typed)
        text = "\n".join(line.rstrip() for line in said)
        text = text.replace(str(self.path), "LEDGER").replace(str(self.path.parent), "FOLDER")
        return text.replace(f"FOLDER{os.sep}", "FOLDER/")

    def log(self, more: str = "", **how: str) -> Result:
        """Log a complete complaint; `more` adds boxes or replaces them."""
        return self(f"{_LOG} {more}", **how)

    def logged(self, more: str = "") -> None:
        """Have logged a complete complaint before, through the ledger's functions."""
        self.all(f"{_LOG} {more}")

    def all(self, lines: str, today: str = TODAY) -> None:
        """Run lines that must succeed, through the ledger's functions where they do the same."""
        self._name_ledger("en")
        own_day = os.environ.get("LEDGER12315_TODAY") or not today
        with clock_of(today):
            for line in filter(None, map(str.strip, lines.splitlines())):
                if own_day or not building.as_typed(self.path, line, today):
                    states.give(line, options=self._options)

    def _name_ledger(self, lang: str) -> None:
        """Name the ledger in the environment: no command that is offered has to repeat it."""
        self.set.setenv("LEDGER12315_DB", str(self.path))
        self.set.setenv("LEDGER12315_LANG", lang)

    @property
    def _options(self) -> list[str]:
        return ["--clock-is-right"] if self.clock_is_right else []

    def text(self, line: str, today: str = TODAY) -> str:
        """Return the text of the sheets of a form that a line exports."""
        with states.as_text():
            self.all(f"{line} -o text.xlsx", today)
        return Path("text.xlsx").read_text("utf-8")

    def given(self, lines: str, today: str = TODAY) -> None:
        """Bring the ledger to the state after these lines, which run once, and then are copied."""
        before = hash(self.path.read_bytes() if self.path.exists() else b"")
        place = before, lines, today
        if place not in self.reached:
            self.all(lines, today)
            self.reached[place] = self.path.read_bytes()
            if not before:
                self.path.unlink()
        write_kept(self.path, self.reached[place])

    @contextmanager
    def anew(self) -> Iterator[None]:
        """Begin as a new test would: with a new ledger, alone in its folder."""
        folder, outer, sure = self.path.parent, self.set, self.clock_is_right
        try:
            with pytest.MonkeyPatch.context() as self.set:
                os.chdir(folder)
                empty(folder)
                self.given(_SETUP)
                yield
        finally:
            self.set, self.clock_is_right = outer, sure

    def sql(self, statement: str) -> list[Any]:
        """Run a statement of SQL; one that writes is an act of its own."""
        if statement.startswith(("SELECT", "EXPLAIN")):
            with closing(opening.connect(self.path, "ro")) as connection:
                return connection.execute(statement).fetchall()
        with writing(self.path, "sql") as ledger:
            return ledger.execute(statement).fetchall()


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cli]:
    """Return the command line on a new ledger; submissions have stand-ins for their workbooks."""
    monkeypatch.chdir(tmp_path)
    cli = Cli(tmp_path / _LEDGER, monkeypatch)
    cli.given(_SETUP)
    with states.undrawn():
        yield cli


@pytest.fixture
def drawn(cli: Cli) -> Iterator[None]:
    """Submissions have their workbooks, also in the ledgers that are `given`."""
    cli.set.setattr(Cli, "reached", Cli.drawn)
    with states.undrawn(3, 5, 6):
        yield
