"""`--practice`: a second ledger beside the station's own, named on every screen."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest

from tests import states
from tests.cli.conftest import Cli
from tests.printing import sheet_text
from tests.rows import for_all

AFTER = "2026-10-09"
LOG = "log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods"


def practise(cli: Cli, line: str, lang: str = "en") -> tuple[int, str, str]:
    """Run a line with the ledger named by the environment: `--practice` goes with no `--db`."""
    cli.set.setenv("LEDGER12315_DB", str(cli.path))
    with patch.object(Cli, "_options", ()):
        code, out, err = cli(line, lang=lang)
    return code, out, err.replace(str(cli.path.parent), "FOLDER")


def test_a_rehearsal_is_never_in_the_real_ledger(cli: Cli) -> None:
    before, there = (
        cli.path.read_bytes(),
        "not the station's own ledger, but FOLDER/practice.ledger",
    )
    said = f"Practice: this is {there}.sqlite\n"
    lines = (
        ("--practice today", 4),
        ("--practice init --station 东门所 --county 榕溪县", 0),
        (
            "--练习 register 百货 --type other --judgement 纠纷多 --liaison 林秀珍 --officer 陈建平",
            0,
        ),
        (f"--practice {LOG}", 0),
        ("--practice close 2026-1 --outcome settled", 0),
        ("--practice close 2026-1 --outcome settled", 3),
        ("--practice ledger backup copy.sqlite", 0),
    )
    for line, expected in lines:
        code, _, err = practise(cli, line)
        assert (code, err.startswith(said)) == (expected, True), (line, err)
        assert ("Make one: ledger12315 --practice init" in err) == (expected == 4)
    assert practise(cli, "ledger restore copy.sqlite")[0] == 5
    assert cli.path.read_bytes() == before
    assert Path(cli.path.parent, "practice.ledger.sqlite").exists()
    assert practise(cli, f"--practice {LOG}", "zh")[2].startswith(
        "练习：这不是正式台账，而是 FOLDER"
    )
    assert "Practice" not in practise(cli, "today")[2]


def test_it_is_asked_for_beside_no_other_ledger(cli: Cli) -> None:
    code, _, err = practise(cli, "--db other.sqlite --practice overdue")
    assert (code, err) == (2, "Error: Give either --db or --practice, not both.\n")


QUARTER = """
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-21
    close 2026-1 --outcome settled --closed 2026-09-22
    record notice P001 --respondent 东门商场"""
NOTE = "练习台账，不得报送。"


@pytest.fixture
def practice(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """A practice ledger beside the real one, with the same entries in both."""
    rehearsed = Cli(cli.path.with_name(f"practice.{cli.path.name}"), monkeypatch)
    rehearsed.given(
        f"""
    init --station 东门所 --county 榕溪县 --begins 2026-07-01
    register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万 --since 2026-01-05
    register 南门市场 --type market --area 1200 --stalls 120 --since 2026-01-05
    {QUARTER}"""
    )
    cli.given(QUARTER)
    return rehearsed


@for_all("""
line                           | name
export 1 2026Q3                | 附件1_2026Q3_东门所.xlsx
export 2 2026Q3                | 附件2_2026Q3_东门所.xlsx
export 3 2026Q3 --point P001   | 附件3_2026Q3_东门所_P001.xlsx
export 4                       | 附件4_2026-10-09_东门所.xlsx
export 5                       | 附件5_2026-10-09_东门所.xlsx
export 6 2026Q3                | 附件6_2026Q3_东门所.xlsx
export agreement --number 2026-1 | 和解协议_2026-0001_东门所.xlsx
export record 2026Q3           | 工作记录_2026Q3_东门所.xlsx
export assessment 2026Q3       | 考核评价表_2026Q3_东门所.xlsx
export publicity 2026Q3        | 投诉公示_2026Q3_东门所.xlsx
""")
def test_a_form_of_practice_says_so_and_replaces_none(line: str, name: str, practice: Cli) -> None:
    with states.as_text():
        assert practice(line, today=AFTER).code == 0
    assert [each.name for each in Path().glob(f"*{name}")] == [f"练习_{name}"]
    for sheet in Path(f"练习_{name}").read_text("utf-8").splitlines():
        assert re.search("title='练习：[^练']{4,}'", sheet)
        assert f"notes=('{NOTE}'" in sheet and sheet.count(NOTE) == 1


def test_a_return_and_a_report_of_practice_say_so_and_replace_none(
    cli: Cli, practice: Cli
) -> None:
    with states.undrawn(5, 6):
        assert practice("returns submit 2026Q3 --yes", today=AFTER).code == 0
    assert practice("report 2026Q3", today=AFTER, lang="zh").code == 0
    names = ["附件6_2026Q3_东门所.xlsx", "报送回执_2026Q3_东门所.txt", "季报_2026Q3_东门所.html"]
    assert {each.name for each in Path().glob("*_2026Q3_*")} == {f"练习_{each}" for each in names}
    receipt = Path(f"练习_{names[1]}").read_text("utf-8-sig").splitlines()
    assert receipt[:4] == [
        NOTE,
        "报送回执",
        "报告期：2026年第三季度（2026Q3）",
        "填报单位：练习 东门所",
    ]
    assert f"  练习_{names[0]}：" in receipt[7]
    assert "<p>练习 东门所</p>\n<p>练习台账，不得报送。</p>" in Path(f"练习_{names[2]}").read_text(
        "utf-8"
    )
    assert "填报单位：练习 东门所" in sheet_text(f"练习_{names[0]}")
    _no_county_takes_it_but_in_practice(cli, practice)


def _no_county_takes_it_but_in_practice(cli: Cli, practice: Cli) -> None:
    sent = "练习_附件6_2026Q3_东门所.xlsx 5.xlsx"
    practice.all("export 5 2026Q3 -o 5.xlsx", AFTER)
    refused = cli(f"county load {sent}", today=AFTER)
    assert refused.code == 5 and refused.err.count("练习 东门所: it was made in practice") == 2
    practice.all(f"county load {sent}\ncounty submit 2026Q3 --yes -o out", AFTER)
    names = ["练习_附件5_2026Q3_练习 榕溪县.xlsx", "练习_附件6_2026Q3_练习 榕溪县.xlsx"]
    assert sorted(each.name for each in Path("out").iterdir()) == names
    assert re.findall("东门商场|南门市场", sheet_text(f"out/{names[0]}", 0)) == [
        "东门商场",
        "南门市场",
    ]
    assert cli("county load out", today=AFTER).err.count("it was made in practice") == 2


def test_a_practice_ledger_is_restored_in_no_real_ones_place(cli: Cli, practice: Cli) -> None:
    before = [each.path.read_bytes() for each in (cli, practice)]
    for name, content in zip(("real", "practised"), before, strict=True):
        Path(f"{name}.sqlite").write_bytes(content)
    for into, file, why, other in (
        (cli, "practised", f"it is a practice ledger, and {cli.path} is not", practice),
        (practice, "real", f"it is not a practice ledger, but {practice.path} is", cli),
    ):
        code, _, err = into(f"ledger restore {file}.sqlite")
        assert code == 5
        assert f"The backup {file}.sqlite cannot be restored: {why}. Nothing was changed.\n" in err
        assert err.endswith(f": ledger12315 --db {other.path} ledger restore {file}.sqlite\n")
    assert [each.path.read_bytes() for each in (cli, practice)] == before
    assert not [*cli.path.parent.glob("*.replaced-*")]
    assert cli("ledger restore real.sqlite").code == 0
    assert practice("ledger restore practised.sqlite").code == 0
    cli.path.write_bytes(practice.path.read_bytes())
    with closing(sqlite3.connect(cli.path)) as torn:
        torn.execute("DROP TABLE setting")  # what says that it is for practice
    assert cli("ledger restore practised.sqlite").code == 0
    cli.path.unlink()
    assert cli("ledger restore practised.sqlite").code == 5


def test_a_practice_ledger_says_what_it_is_wherever_it_lies(cli: Cli, practice: Cli) -> None:
    cli.path.write_bytes(practice.path.read_bytes())
    said = f"Practice: this is not the station's own ledger, but {cli.path}\n"
    assert cli("overdue").err == said
    assert cli("ledger check") == (0, cli("ledger check").out, said)
    assert cli("settings set practice 0").code == 2
    assert cli("today --mail", today="2026-10-31").out.startswith("练习 东门所, 2026-10-31")


def test_a_practice_ledger_sends_nothing(practice: Cli) -> None:
    code, _, err = practice("returns send out")
    assert code == 3
    assert err.endswith(
        "Error: A practice ledger sends nothing. Send from the station's own ledger.\n"
    )
    assert not Path("out").exists()


def test_a_ledger_whose_name_makes_it_a_practice_ledger_says_so(cli: Cli) -> None:
    practice = Path("practice.own.sqlite").resolve()
    cli.path = practice
    made = cli("init --station 东门所 --county 榕溪县")
    assert f"Practice: this is not the station's own ledger, but {practice}" in made.err


def test_a_county_practises_with_a_store_of_its_own(practice: Cli) -> None:
    Path("list.csv").write_text("key,name,county\n" + "0" * 32 + ",东门所,榕溪县\n", "utf-8")
    assert practice("county stations load list.csv").code == 0
    assert practice("county stations load list.csv --store new/folder/own.duckdb").code == 0
    assert sorted(map(str, Path().rglob("*.duckdb"))) == [
        str(Path("new/folder/own.duckdb")),
        "practice.county.duckdb",
    ]
