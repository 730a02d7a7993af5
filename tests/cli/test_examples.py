"""Each example of the help does what it says, in the demo's ledger."""

import re
import shlex
from pathlib import Path
from shutil import copy

import pytest
from openpyxl import Workbook

from ledger12315.cli.table import COMMANDS, CommandRow
from tests.catalogue import ROOT
from tests.cli.conftest import Cli
from tests.cli.test_help import chinese_name, told
from tests.rows import cells
from tests.states import undrawn
from tests.test_docs import understood
from tests.test_transcripts import READ_BY_A_COUNTY
from tests.transcripts import demonstration

TODAY = "2027-01-04"
# What must have happened before.
SUBMITTED = "returns submit 2026Q4"
BEFORE = {
    "returns withdraw": SUBMITTED,
    "returns corrections": SUBMITTED,
    "returns send": SUBMITTED,
    "county load": f"{SUBMITTED} -o 收到",
    **dict.fromkeys(
        ("county export", "county report", "county rollup", "county submit", "county hand-back"),
        f"{SUBMITTED} -o 收到\ncounty load 收到",
    ),
    **dict.fromkeys(
        ("county corrections", "county withdraw"),
        f"{SUBMITTED} -o 收到\ncounty load 收到\ncounty submit 2026Q4",
    ),
    "ledger restore": "ledger backup 台账备份.sqlite --keep 14",
}


def lay_what_others_made() -> None:
    """Lay the files that the examples take in."""
    copy(ROOT / "examples" / "bureau.xlsx", "县局样表.xlsx")
    day = '{"name": "元旦", "date": "2027-01-01", "isOffDay": true}'
    Path("2027.json").write_text(f'{{"year": 2027, "papers": [], "days": [{day}]}}', "utf-8")
    for [name], [sheet], *rows in (cells(each) for each in _BOOKS.split("\n\n")):
        book = Workbook()
        page = book.create_sheet(sheet, 0)
        for row in rows:
            page.append(row)
        book.save(name)


_BOOKS = f"""
    登记簿.xlsx
    登记簿
    登记编号 | 受理日期   | 投诉人 | 商品/服务名称
    A-1      | 2026-12-21 | 张三   | 电饭锅

    服务点名单.xlsx
    名单
    名称     | 类型 | 设置依据   | 联络员 | 设立日期
    西门副食 | 超市 | 工商所认定 | 林秀珍 | 2026-07-01

    各所名录.xlsx
    名录
    台账标识 | 名称               | 县
    {0:032} | 城关市场监督管理所 | 榕溪县市场监督管理局
"""


REACHED: dict[str, dict[str, bytes]] = {}
"""The files after lines in the demo, each of which is typed once."""


def reach(lines: str, cli: Cli) -> None:
    """Bring the folder to the state after these lines."""
    if lines not in REACHED:
        if lines:
            before, _, last = lines.rpartition("\n")
            reach(before, cli)
            cli.all(last, TODAY)
        else:
            cli.path.write_bytes(demonstration("en")[1][cli.path.name])
            lay_what_others_made()
        files = filter(Path.is_file, Path().rglob("*"))
        REACHED[lines] = {str(file): file.read_bytes() for file in files}
    for name, content in REACHED[lines].items():
        Path(name).parent.mkdir(exist_ok=True, parents=True)
        Path(name).write_bytes(content)


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.name)
def test_it_does_what_it_says(row: CommandRow, cli: Cli) -> None:
    Path("收到").mkdir()
    typed, chinese = (example(row.name, lang) for lang in ("en", "zh"))
    assert typed.startswith(row.name) and chinese.startswith(chinese_name(row.name))
    assert understood(shlex.split(typed)).params == understood(shlex.split(chinese)).params
    if row.name == "init":
        cli.path.unlink()
        cli.all(typed, TODAY)
    elif row.name == "demo":  # which made the ledger of all others
        assert (typed, chinese) == ("demo", "演示")
    else:
        with undrawn(*READ_BY_A_COUNTY * row.name.startswith("county")):
            reach("\n".join(filter(None, (BEFORE.get(row.name), typed))), cli)
    assert cli.path.exists()


def example(name: str, lang: str) -> str:
    found = re.search(r"\n  ledger12315 (.*)", re.sub(r"\\\n *", "", told(name, lang)))
    assert found
    return found[1]
