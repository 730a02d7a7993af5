"""Texts that look like a formula, markup or a command are kept as they are, and do nothing wherever they are shown."""

import csv
import io
import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from ledger12315.cli.app import run
from tests.ledger.acted import unguarded
from tests.terminal import on_terminal, start

EMOJI = "\N{GRINNING FACE}\N{FAMILY}"
TEXTS = (
    EMOJI,
    "=1+1",
    "@x",
    "+86",
    "-2",
    "[red]",
    "[/]",
    "<b>&amp;",
    "\"a\";'b'",
    "%s {x} \\n",
    "长" * 200,
)


@pytest.fixture
def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """A ledger in which station, point, liaison and item bear this name."""
    text = str(request.param)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEDGER12315_DB", "ledger.sqlite")
    monkeypatch.setenv("LEDGER12315_TODAY", "2026-09-28")
    size = ("--area", "500", "--capital", "80万", "--turnover", "300万")
    assert run(["init", f"--station={text}", f"--county={text}"]) == 0
    assert (
        run(
            [
                "register",
                "--type",
                "mall",
                *size,
                f"--host={text}",
                f"--liaison={text}",
                "--",
                text,
            ]
        )
        == 0
    )
    assert (
        run(
            [
                "log",
                "P001",
                "--kind",
                "goods",
                f"--complainant={text}",
                f"--item={text}",
                f"--facts={text}",
            ]
        )
        == 0
    )
    return text


@pytest.mark.parametrize("named", TEXTS, indirect=True)
def test_a_strange_name_is_kept_and_shown(named: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["complaint", "show", "2026-0001", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["item"] == named
    assert run(["complaint", "list", "--json", "--reveal"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["complainant"] == named
    assert run(["point", "list"]) == 0
    assert named in capsys.readouterr().out.split("\t")
    assert run(["point", "show", "P001", "--reveal"]) == 0
    assert f"host\t{named}\n" in capsys.readouterr().out


@pytest.mark.parametrize("named", TEXTS, indirect=True)
def test_a_spreadsheet_takes_it_for_text(named: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["complaint", "list", "--csv"]) == 0
    [row] = csv.DictReader(
        io.StringIO(capsys.readouterr().out.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))
    )
    assert row["item"] == (f"'{named}" if named[0] in "=+-@" else named)


@pytest.mark.parametrize("named", TEXTS, indirect=True)
def test_a_workbook_takes_it_for_text(named: str) -> None:
    assert run(["export", "3", "2026Q3", "--point", "P001", "-o", "3.xlsx"]) == 0
    assert run(["export", "6", "2026Q3", "-o", "6.xlsx"]) == 0
    for name in ("3.xlsx", "6.xlsx"):
        cells = [cell for sheet in load_workbook(name) for row in sheet for cell in row]
        assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
        [head] = [cell for cell in cells if str(cell.value).startswith("填报单位")][:1]
        assert str(head.value).endswith(named)
        seen = CalamineWorkbook.from_path(name).get_sheet_by_index(0).to_python()
        assert head.value in [cell for row in seen for cell in row]


@pytest.mark.parametrize(
    "named", ["_x0041_", "__x00e9_x0041_", "_x005F_", "_x004_"], indirect=True
)
def test_what_looks_like_an_escape_is_shown_as_it_was_typed(named: str) -> None:
    assert run(["export", "6", "2026Q3", "-o", "6.xlsx"]) == 0
    seen = CalamineWorkbook.from_path("6.xlsx").get_sheet_by_index(0).to_python()
    assert f"填报单位：{named}" in [cell for row in seen for cell in row]


@pytest.mark.parametrize("named", ["x"], indirect=True)
@pytest.mark.parametrize(
    ("encoding", "begins"), [("utf-8", b"\xef\xbb\xbfnumber,"), ("gbk", b"number,")]
)
def test_a_csv_begins_with_a_mark_where_the_console_has_one(
    named: str, encoding: str, begins: bytes
) -> None:
    with start(
        ["complaint", "list", "--csv"], stdout=subprocess.PIPE, env={"PYTHONIOENCODING": encoding}
    ) as process:
        assert process.communicate()[0].startswith(begins)


@pytest.mark.parametrize("named", ["x"], indirect=True)
def test_a_code_names_no_folder(named: str) -> None:
    size = ("--area", "500", "--capital", "80万", "--turnover", "300万")
    assert run(["register", "西门商场", "--type", "mall", *size, "--code", "../../a:b"]) == 0
    assert run(["export", "3", "2026Q3", "--point", "../../a:b"]) == 0
    assert Path("附件3_2026Q3_.._.._a_b.xlsx").exists()


@pytest.mark.parametrize("named", TEXTS[:-1], indirect=True)
def test_a_terminal_shows_it(named: str) -> None:
    assert named in on_terminal(["point", "list"])
    assert f"item: {named}\n" in on_terminal(["complaint", "show", "2026-0001"])


# A ledger touched by another program may hold what no command lets in.
@pytest.mark.parametrize("named", ["x"], indirect=True)
@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("\x1b[31mred\x1b[0m\x07", "[31mred[0m"),
        ("\x9b2Jaway", "2Jaway"),
        ("\u202e三张\u2066", "三张"),
        ("two\nlines", "two lines"),
    ],
)
def test_a_terminal_is_not_commanded(named: str, hidden: str, shown: str) -> None:
    with (
        closing(sqlite3.connect("ledger.sqlite", isolation_level=None)) as ledger,
        unguarded(ledger),
    ):
        ledger.execute("UPDATE complaint SET item = ?", (hidden,))
    seen = on_terminal(["complaint", "show", "2026-0001"])
    assert f"item: {shown}\n" in seen
    assert not {*hidden} & {"\x1b", "\x9b", "\x07", "\u202e", "\u2066"} & {*seen}
