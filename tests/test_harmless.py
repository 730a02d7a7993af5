"""Texts that look like a formula, markup or a command stay unchanged and have no effect."""

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import cache
from io import BytesIO
from pathlib import Path
from shlex import quote
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from ledger12315.boxes.reading import join_marked_lines
from ledger12315.cli.app import run
from tests.faults.edits import run_unguarded
from tests.faults.inprocess import done, workplace
from tests.faults.lines import LEDGER, Act
from tests.rows import for_all
from tests.terminal import on_terminal

EMOJI = "\N{GRINNING FACE}\N{FAMILY}"
LONG, ESCAPED = "长" * 200, "_x0041_ __x00e9_x0041_ _x005F_ _x004_"
WIDE = ("\uff1d1+1", "\uff20x", "\uff0b86", "\uff0d2")
FIRST = ("=1+1", "@x", "+86", "-2", *WIDE)
"""What does harm at the beginning of a text, and below what does it anywhere."""
ANYWHERE = f"{EMOJI}[red][/]<b>&amp;\"a\";'b'%s {{x}} \\n"
SIZE = "--type mall --area 500 --capital 80万 --turnover 300万"


def named_(*texts: str | tuple[str, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("named", texts, indirect=True)


names, named_x = named_((*FIRST, ANYWHERE, LONG, ESCAPED)), named_("x")


def said(line: str) -> str:
    return done(Act(line)).out


@cache
def ledger_of(*texts: str) -> bytes:
    """Return a ledger of this station, with a point, liaison and item of each name.

    Each consumer has the next name, as goods that name their own consumer are masked.
    """
    with TemporaryDirectory() as folder, workplace(Path(folder)):
        said(f"init --station={texts[0]} --county={texts[0]}")
        for number, text in enumerate(texts, 1):
            said(f"register {SIZE} --another --host={text} --liaison={text} -- {text}")
            who = [*texts, texts[0]][number] if texts[1:] else "其"
            said(f"log P{number:03} --kind goods --complainant={who} --item={text} --facts={text}")
        return Path(LEDGER).read_bytes()


@pytest.fixture
def named(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str | tuple[str, ...]]:
    """A name, or some, with a ledger in which they occur."""
    texts = request.param if isinstance(request.param, tuple) else (request.param,)
    content = ledger_of(*map(quote, texts))
    with workplace(tmp_path / "station"):
        Path(LEDGER).write_bytes(content)
        yield request.param


@names
def test_a_strange_name_is_kept_and_shown_as_text(named: tuple[str, ...]) -> None:
    assert json.loads(said("complaint show 2026-0001 --json"))["item"] == named[0]
    rows = json.loads(said("complaint list --json --reveal"))
    others = (*named[1:], named[0])
    assert [(row["complainant"], row["item"]) for row in rows] == [
        *zip(others, named, strict=True)
    ]
    points = said("point list").splitlines()
    text = said("complaint list --csv").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    table = csv.DictReader(io.StringIO(text))
    for number, (name, point, row) in enumerate(zip(named, points, table, strict=True), 1):
        assert name in point.split("\t")
        assert f"host\t{name}\n" in said(f"point show P{number:03} --reveal")
        harmful = name[0] in "=+-@\uff1d\uff0b\uff0d\uff20"
        assert row["item"] == (f"'{name}" if harmful else name)


@names
def test_a_workbook_takes_it_for_text(named: tuple[str, ...]) -> None:
    for form in "56":
        said(f"export {form} 2026Q3 -o {form}.xlsx")
        with ZipFile(f"{form}.xlsx") as parts:
            sheets = [part for part in parts.namelist() if part.startswith("xl/worksheets/sheet")]
            assert sheets and not [part for part in sheets if b"<f" in parts.read(part)]
        [head] = [each for each in map(str, shown(f"{form}.xlsx")) if "填报单位" in str(each)]
        assert head.endswith(named[0])
    texts = {join_marked_lines(str(cell)).replace("\n", "") for cell in shown("5.xlsx")}
    assert texts >= {*named} - {LONG}  # which goes on in further rows


def shown(name: str) -> list[object]:
    """Return the cells as shown by a spreadsheet."""
    rows = (
        CalamineWorkbook.from_filelike(BytesIO(Path(name).read_bytes()))
        .get_sheet_by_index(0)
        .to_python()
    )
    return [cell for row in rows for cell in row]


@named_x
@for_all(("encoding", "begins"), [("utf-8", b"\xef\xbb\xbfnumber,"), ("gbk", b"number,")])
def test_a_csv_begins_with_a_mark_where_the_console_has_one(
    named: str, encoding: str, begins: bytes
) -> None:
    console = io.TextIOWrapper(sent := BytesIO(), encoding)
    with redirect_stdout(console):
        assert run(["complaint", "list", "--csv"]) == 0
    assert sent.getvalue().startswith(begins)


@named_x
def test_a_code_names_no_folder(named: str) -> None:
    said(f"register 西门商场 {SIZE} --code ../../a:b")
    said("export 3 2026Q3 --point ../../a:b")
    assert Path("附件3_2026Q3_x_.._.._a_b.xlsx").exists()


@pytest.mark.slow
# In one process: all that a terminal takes for a command stands in one name.
@named_("".join((*FIRST, ANYWHERE)))
def test_a_terminal_shows_it(named: str) -> None:
    seen = on_terminal(["complaint", "show", "2026-0001"])
    # A long name goes on below, beside its heading.
    assert "".join(f"item{named}".split()) in "".join(seen.split())


@pytest.mark.slow
@named_x
def test_a_terminal_is_not_commanded(named: str) -> None:
    """A ledger touched by another program may hold what no command lets in."""
    hidden = "\x1b[31mred\x1b[0m\x07, \x9b2Jaway, \u202e三张\u2066, two\nlines"
    run_unguarded(f"UPDATE complaint SET item = '{hidden}'", Path(LEDGER))
    seen = on_terminal(["complaint", "show", "2026-0001"])
    assert re.search("item +\\[31mred\\[0m, 2Jaway, 三张, two lines\n", seen)
    assert not {"\x1b", "\x9b", "\x07", "\u202e", "\u2066"} & {*seen}
