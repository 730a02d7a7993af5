"""`demo`: a quarter with an entry of every kind, the same each time."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ledger12315.cli import demo
from ledger12315.ledger.calendar import library_calendar
from ledger12315.words import OUTCOMES, TYPES
from tests.cli.conftest import Cli
from tests.served import served
from tests.transcripts import demonstration

PERIOD, TODAY = "2026Q4", "2027-01-04"


@pytest.fixture
def played(cli: Cli) -> Cli:
    cli.path.write_bytes(demonstration("en")[1]["ledger.sqlite"])
    return cli


DONE = "points inquiries logged closed escalated"
LINES = (
    f"rollup 3 {PERIOD} --json",
    f"rollup 6 {PERIOD} --json",
    "overdue --json",
    "complaint list --json",
    "point list --json",
)


def test_a_second_run_takes_another_folder(cli: Cli) -> None:
    Path("ledger12315-demo").mkdir()
    days = []
    cli.set.setattr(demo, "_make_quarter", lambda *_: dict.fromkeys(DONE.split(), 1))
    cli.set.setattr(demo, "_run_line", lambda *_: days.append(os.environ["LEDGER12315_TODAY"]))
    assert " ledger12315-demo-2. " in cli("demo", today="").out
    # What follows in the same window keeps its day.
    assert {*days} == {TODAY} and not os.environ.get("LEDGER12315_TODAY")
    Path("ledger12315-demo-2/notes").touch()
    assert cli("demo ledger12315-demo-2", today="").code == 3


def test_it_says_what_it_did_and_leaves_a_ledger_and_both_workbooks() -> None:
    said, files = demonstration("en")
    assert {*files} == {"ledger.sqlite", f"附件3_{PERIOD}.xlsx", f"附件6_{PERIOD}.xlsx"}
    steps = (
        f"(invented), {PERIOD}, with {TODAY} as today:\n",
        "points registered: 24",
        " overdue\n",
        *(f" {each} {PERIOD}" for each in ("rollup 6", "export 3", "export 6")),
        "\nLedger and workbooks are in ledger12315-demo. ",
    )
    assert [step for step in steps if step not in said] == []


def test_a_realistic_quarter(played: Cli) -> None:
    line = f"rollup 3 {PERIOD} --as-of {TODAY} --json"
    figures = {row["key"]: row for row in played(line, today=TODAY).json["rows"]}
    assert 80 <= figures["received"]["total"] <= 120
    assert all(figures["received"][type_] for type_ in TYPES)
    needed = "inquiries open_start received_referred received_other open_end overdue_end escalated"
    assert [key for key in [*needed.split(), "rated"] if not figures[key]["total"]] == []
    for some, every in (("satisfied", "rated"), ("closed_on_time", "closed")):
        assert figures[some]["total"] < figures[every]["total"]


def values(cli: Cli, line: str, key: str) -> set[object]:
    return {row[key] for row in cli(line).json}


def test_every_type_outcome_and_state(played: Cli) -> None:
    points, complaints = (f"{noun} list --json" for noun in ("point", "complaint"))
    assert values(played, points, "type") == set(TYPES)
    assert values(played, points, "eligibility") == {"meets", "judged"}
    assert values(played, complaints, "outcome") == {*OUTCOMES, None}
    assert values(played, complaints, "state") >= {"open", "escalated", "closed"}
    # What reaches the year after the demo's is provisional until that year's notice is known.
    known = library_calendar().announced[-1] > 2026
    assert values(played, complaints, "provisional") == ({False} if known else {True, False})
    assert 22 <= len(played(points).json) <= 26
    assert 1 <= len(played("overdue --json", today=TODAY).json) < 10


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_its_last_line_runs_where_it_stands(played: Cli, tmp_path: Path) -> None:
    """It gives the same figures each time."""
    folder = tmp_path / "it's 演示"
    folder.mkdir()
    env = os.environ | {"LEDGER12315_LANG": "zh", "PATH": "/usr/bin:/bin"}

    def said(line: str) -> str:
        command = ["bash", "-c", f"{line}; true"]  # it does not become the program
        return subprocess.check_output(
            command, text=True, cwd=folder, env=env, stderr=subprocess.DEVNULL
        )

    first = [played(line, today=TODAY).line for line in LINES]
    *_, last = said(f"'{served()}' demo 'a b'").splitlines()
    assert said(last).startswith("2026-0083\t")
    played.path.write_bytes((folder / "a b" / "ledger.sqlite").read_bytes())
    assert [played(line, today=TODAY).line for line in LINES] == first


def test_its_phones_are_plainly_made_up(played: Cli) -> None:
    rows = played.sql("SELECT phone FROM complaint UNION SELECT phone FROM contact")
    made_up = re.compile(r"1390000\d{4}|0591-0000\d{4}")
    assert [phone for (phone,) in rows if phone and not made_up.fullmatch(phone)] == []
