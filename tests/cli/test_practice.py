"""`--practice`: a second ledger beside the station's own, named on every screen."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.served import served
from tests.terminal import TODAY

LOG = "log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods"


def practise(cli: Cli, line: str, lang: str = "en") -> tuple[int, str, str]:
    env = {"LEDGER12315_DB": str(cli.path), "LEDGER12315_LANG": lang}
    done = subprocess.run(
        [served(), *line.split()], env=os.environ | TODAY | env, capture_output=True, text=True
    )
    err = re.sub("^(Rehearsal|演练).*\n", "", done.stderr, flags=re.M)
    return done.returncode, done.stdout, err.replace(str(cli.path.parent), "FOLDER")


@pytest.mark.slow
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
    )
    for line, expected in lines:
        code, _, err = practise(cli, line)
        assert (code, err.startswith(said)) == (expected, True), (line, err)
        assert ("Make one: ledger12315 --practice init" in err) == (expected == 4)
    assert cli.path.read_bytes() == before
    assert Path(cli.path.parent, "practice.ledger.sqlite").exists()
    assert practise(cli, f"--practice {LOG}", "zh")[2].startswith(
        "练习：这不是正式台账，而是 FOLDER"
    )
    assert practise(cli, "today")[2] == ""


@pytest.mark.slow
def test_it_is_asked_for_beside_no_other_ledger(cli: Cli) -> None:
    code, _, err = practise(cli, "--db other.sqlite --practice overdue")
    assert (code, err) == (2, "Error: Give either --db or --practice, not both.\n")
