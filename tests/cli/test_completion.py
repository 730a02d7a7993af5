"""Completion of a line, as the script of each shell asks for it."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, Result
from tests.rows import table

GIVEN = """
log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods
log P001 --complainant 李四 --item 羽绒服 --facts 跑绒 --kind goods
close 2 --outcome settled
words add category 家电 --as 家用电子电器
"""


def completed(cli: Cli, line: str, shell: str = "bash", lang: str = "en") -> list[str]:
    """Return the completions for a line that ends at Tab."""
    result = told(cli, line, shell, lang)
    assert result.err == ""
    return result.out.splitlines()


def told(cli: Cli, line: str, shell: str = "bash", lang: str = "en") -> Result:
    words = line.split(" ")
    cli.set.setenv("LEDGER12315_DB", str(cli.path))
    cli.set.setenv("_LEDGER12315_COMPLETE", f"complete_{shell}")
    cli.set.setenv("COMP_WORDS", "\n".join(["ledger12315", *words]))
    cli.set.setenv("COMP_CWORD", str(len(words)))
    cli.set.setenv("_TYPER_COMPLETE_ARGS", f"ledger12315 {line}")
    cli.set.setenv("_TYPER_COMPLETE_WORD_TO_COMPLETE", words[-1])
    cli.set.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    result = cli("", lang=lang)
    cli.set.delenv("_LEDGER12315_COMPLETE")
    return result


@table(r"""
    line | expected
    ov | overdue
    超 | 超期
    settings· | list, set
    服务点 查 | 查看
    overdue --wi | --within
    log P001 --投 | --投诉人, --投诉事实, --投诉请求
    point retire P001 -- | --on, --help, --json
    log 南 | 南门市场
    log P00 | P001, P002
    log nmsc | 南门市场
    log P001 --rating | --rating
    log P001 --category f | food, farm_goods, finance
    log P001 --类别 家 | 家用电子电器, 家电
    log P001 --source· | direct, referred, other
    close· | 2026-0001
    close 1 2026- | 2026-0002, 2026-0001
    close 1 | 2026-0001
    close 2 | 2026-0002, 2026-0001
    complaint list --period 2026- | 2026-09, 2026-08, 2026-07, 2026-06, 2026-05, 2026-04, \
        2026-03, 2026-02, 2026-01
    rollup· | 3, 6, assessment, category, problem, respondent, channel
    rollup 6 2026 | 2026Q3, 2026Q2, 2026Q1, 2026, 2026A
    rollup 6 2026Q3 --cases on | on_time_rate
    export ag | agreement
    today prom | promised
    complaint amend 1 --previous 2026-0002 | 2026-0002
    settings set station | station_lead, station
    --db nowhere log· |
    --db nowhere log P001 --category fo | food
""")
def test_a_line(line: str, expected: str, cli: Cli) -> None:
    cli.given(GIVEN)
    found = completed(cli, line.replace("·", " "))
    if line.endswith("2026-"):
        found = [each for each in found if each.startswith("2026-")]
    assert ", ".join(filter(None, found)) == expected


@table("""
    line                          | code
    log P00                       | 0
    --db nowhere log              | 0
    ledger restore                | 9
    county load                   | 9
    export 6 2026Q3 --output      | 9
    export 6 2026Q3 --output x.xl | 9
""")
def test_where_a_file_is_wanted_the_shell_is_asked_to_offer_files(
    line: str, code: str, cli: Cli
) -> None:
    ends = line if line.endswith((".xl", "P00")) else f"{line} "
    assert told(cli, ends).code == int(code)


@pytest.mark.parametrize(
    ("shell", "shown"),
    [
        ("bash", "P002"),
        ("zsh", """_arguments '*: :(("P002":"P002 南门市场"))'"""),
        ("fish", "P002\tP002 南门市场"),
        ("powershell", "P002:::P002 南门市场"),
    ],
)
def test_each_shell(shell: str, shown: str, cli: Cli) -> None:
    cli.given(GIVEN)
    assert completed(cli, "point show P002", shell) == [shown]


@table("""
    shell
    zsh
    fish
    powershell
""")
def test_a_phone_in_the_goods_is_masked_as_in_a_list(shell: str, cli: Cli) -> None:
    cli.log("--item 灯13800138000")
    [shown] = completed(cli, "close 2026-0001", shell)
    assert "灯138****8000" in shown and "13800138000" not in shown


@table("""
    shell
    bash
    zsh
    fish
    powershell
""")
def test_what_a_shell_would_run_is_not_handed_to_it(shell: str, cli: Cli) -> None:
    cli.sql("UPDATE point SET name = '南门$(touch x)' WHERE code = 'P002'")
    cli.log(r"--item '\$(touch x)`touch x`\";touch x#'")
    cli.sql("UPDATE complaint SET item = item || char(10) || char(27)")
    shown = [*completed(cli, "log P002", shell), *completed(cli, "close 2026-0001", shell)]
    assert "P002" in shown[0] and "2026-0001" in shown[-1]
    signs = "$`;#\x1b" + "\\" * (shell != "zsh")  # of Typer's own
    assert [line for line in shown if {*signs} & {*line}] == []


def test_in_chinese_the_chinese_names_come_first(cli: Cli) -> None:
    assert completed(cli, "c", lang="zh") == ["close", "complaint", "county", "calendar"]
    assert completed(cli, "服务点 ", lang="zh") == ["列表", "查看", "导入", "变更", "检查", "撤销"]
    assert completed(cli, "point list --type ", lang="zh")[0] == "商场"


HARM: dict[str, Callable[[Path], object]] = {
    "none": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "torn": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "another": lambda path: path.write_text("no ledger"),
    "of a crash": lambda path: Path(f"{path}-journal").write_bytes(b"\xd9\xd5\x05\xf9 \xa1c\xd7"),
}


@pytest.mark.parametrize("harm", HARM)
def test_nothing_is_said_of_what_cannot_be_read_and_nothing_written(harm: str, cli: Cli) -> None:
    HARM[harm](cli.path)
    before = {file.name: _sum(file) for file in cli.path.parent.iterdir()}
    for line in ("log ", "close ", "log P001 --category 家", "rollup 6 2026"):
        completed(cli, line)
    assert {file.name: _sum(file) for file in cli.path.parent.iterdir()} == before


def _sum(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()
