"""A command line as a clerk types it, run in this process against a ledger of the test's own; cases as tables of text."""

import contextlib
import io
import json
import re
import shlex
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest

from ledger12315.cli.app import run
from ledger12315.ledger.store.opening import reading, writing

TODAY = "2026-09-28"
# The points of every ledger here: P002 has neither liaison nor officer.
_SETUP = """
    init --station 东门所 --county 榕溪县
    register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万 --since 2026-01-05 \
        --liaison '林秀珍 13900000101' --officer '陈建平 13900000202'
    register 南门市场 --type market --area 1200 --stalls 120 --since 2026-01-05
"""


def table(text: str) -> pytest.MarkDecorator:
    """Cases for a test: the first line names the arguments, each further one is a case; | stands between cells, all are text."""
    names, *rows = (
        [cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()
    )
    return pytest.mark.parametrize(names, rows)


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def line(self) -> str:
        """The JSON document on one line."""
        return json.dumps(self.json, ensure_ascii=False)


class Cli:
    """Run one line, split as a shell does; the rehearsal's line is left out of stderr."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = path
        self.set = monkeypatch

    def __call__(
        self, line: str, /, stdin: str = "", today: str = TODAY, lang: str = "en"
    ) -> Result:
        self.set.setenv("LEDGER12315_TODAY", today)
        self.set.setenv("LEDGER12315_LANG", lang)
        self.set.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with (
            contextlib.redirect_stdout(io.StringIO()) as out,
            contextlib.redirect_stderr(io.StringIO()) as err,
        ):
            code = run(["--db", str(self.path), *shlex.split(line)])
        return Result(
            code, out.getvalue(), re.sub("^(Rehearsal|演练).*\n", "", err.getvalue(), flags=re.M)
        )

    def log(self, more: str = "", **how: str) -> Result:
        """Log a complaint that lacks nothing; `more` adds boxes or overrides them."""
        return self(
            f"log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods {more}", **how
        )

    def all(self, lines: str, today: str = TODAY) -> None:
        """Run lines that must all succeed."""
        for line in filter(None, map(str.strip, lines.splitlines())):
            assert self(line, today=today).code == 0, line

    def sql(self, statement: str) -> list[Any]:
        """Run a statement of SQL as an act of its own, as long as a command for it is missing."""
        with (
            reading(self.path)
            if statement.startswith("SELECT")
            else writing(self.path, "sql") as ledger
        ):
            return [tuple(row) for row in ledger.execute(statement).fetchall()]


@cache
def _set_up() -> bytes:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        cli = Cli(Path(folder, "ledger.sqlite"), monkeypatch)
        cli.all(_SETUP)
        return cli.path.read_bytes()


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(_set_up())
    monkeypatch.chdir(tmp_path)
    return Cli(path, monkeypatch)
