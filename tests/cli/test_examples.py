"""Each example of the help does what it says, in a ledger that has what it names."""

import re
from pathlib import Path

import pytest

from ledger12315.cli.commands import COMMANDS, Row
from tests.cli.conftest import Cli

pytestmark = pytest.mark.slow  # draws workbooks

TODAY = "2026-10-12"
STATION = "\n".join(
    [
        "register 东门百货 --type 商场 --area 1200 --capital 50万 --turnover 300万 --since 2015-3-15",
        *(
            f"log 东门百货 --complainant 张{number} --item 锅{number} --facts 漏气 --category 食品"
            for number in range(11)
        ),
        "log 东门百货 --complainant 李四 --item 电压力锅 --facts 漏气 --category 家用电子电器",
        *["record visit 东门百货"] * 2,
        "record lead 东门百货 --text 假酒 --informant 赵六",
    ]
)
# What must have happened before, besides; of init and register nothing has.
BEFORE = {
    "complaint reopen": "close 12 --outcome settled",
    "complaint amend": "close 12 --outcome settled",
    "returns withdraw": "returns submit 2026Q3 --yes",
    "returns corrections": "returns submit 2026Q3 --yes",
    "words retire": "words add category 家电 --as 家用电子电器",
    "ledger restore": "ledger backup 台账备份.sqlite",
}
# Those that read what others made: their tests have such files.
FOREIGN = {"complaint import", "county", "template", "calendar load"}
OWN = [row for row in COMMANDS if not {row.name, row.name.split()[0]} & FOREIGN]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("row", OWN, ids=lambda row: row.name)
def test_it_does_what_it_says(row: Row, lang: str, cli: Cli) -> None:
    if row.name == "init":
        cli.path.unlink()
    elif row.name != "register":
        cli.given(STATION)
        cli.all(BEFORE.get(row.name, ""), today=TODAY)
    shown = cli(f"{row.name} --help", lang=lang).out
    found = re.search(r"\n  ledger12315 (.*)", shown.replace("\\\n", ""))
    assert found
    code, out, err = cli(found[1], today="" if row.name == "demo" else TODAY, lang=lang)
    assert (code, Path("ledger.sqlite").exists()) == (0, True), (out, err)
