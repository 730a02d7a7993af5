"""Help of each command in both languages, and what a start loads."""

import inspect
import re
import subprocess
import sys
from importlib.util import find_spec

import pytest
from typer.core import TyperOption

from ledger12315.build import VERSION_LINE
from ledger12315.cli.app import Deferred, run
from ledger12315.cli.face.terminals import terminal_width
from ledger12315.cli.table import COMMANDS, GROUPS, NEEDS, CommandRow
from tests.cli.conftest import Cli
from tests.generate_docs import help_of
from tests.rows import cells, for_all, table

EVERY = ["", *(row.name for row in (*COMMANDS, *GROUPS))]
# What stays English in Chinese: names of the program, its commands, options, formats, languages.
_WORDS = "|".join(re.escape(word) for row in (*COMMANDS, *GROUPS) for word in row.name.split())
_FORMATS = "PDF|LibreOffice|csv|xlsx|json|duckdb|Parquet|holiday-cn|apprise|zh|en"
_NAMES = (
    rf"--?[a-z-]+|\b[A-Z][A-Z0-9_]*\b|\b2026A\b|\bledger12315(-demo)?\b|\b({_FORMATS}|{_WORDS})\b"
)


def told(line: str, lang: str) -> str:
    return help_of(f"{line} --help", lang)


@for_all("lang", ["en", "zh"])
@for_all("line", EVERY)
def test_help_is_whole_in_one_language_and_opens_nothing(line: str, lang: str) -> None:
    out = told(line, lang)
    name = line if lang == "en" else chinese_name(line)
    assert re.match(rf"(Usage:|用法\uff1a) ledger12315 {name}".rstrip(), out)
    _, _, explained = out.split("\n\n", 2)
    explained, _, example = explained.partition("\n\nExample:" if lang == "en" else "\n\n示例：")
    assert bool(example) == (line in {row.name for row in COMMANDS})
    rows = re.findall(r"^[* ] (\S.*(?:\n {4,}.+)*)", explained, re.M)
    # Every argument, option and command is explained, in no more than a terminal is wide.
    assert rows and all(re.search(r"(?:  |\n)\s*\S", row) for row in rows)
    assert [each for each in out.splitlines() if terminal_width(each) > 80] == []
    foreign = "[\u4e00-\u9fff]+" if lang == "en" else "[A-Za-z]{2,}"
    said = re.sub(_NAMES, "", out.removesuffix(example), flags=re.A)
    assert re.findall(foreign, said) == []


def chinese_name(line: str) -> str:
    """Return the Chinese name of a command or group, whole."""
    names = {row.name: row.zh for row in (*COMMANDS, *GROUPS)}
    words = line.split()
    return " ".join(names[" ".join(words[:depth])] for depth in range(1, len(words) + 1))


@for_all("line", EVERY[1:])
def test_an_option_of_a_box_has_one_name_in_each_language(line: str) -> None:
    found = [
        re.findall(r"^[* ] (?:-\w, )?--([^\s,]+)", told(line, lang), re.M) for lang in ("en", "zh")
    ]
    english, chinese = found
    assert len(set(chinese)) == len(chinese) == len(english)
    for en, zh in zip(english, chinese, strict=True):
        assert zh == en or re.fullmatch("[\u4e00-\u9fff]+", zh)


@table("""
    line
    受理 东门 --投诉人 张三 --商品服务名称 锅 --投诉事实 坏 --性质 商品 --受理日期 9-21
    投诉 更正 1 --投诉人 李四 --争议金额 299 --约定履行期限 10-9
    办结 1 --处理结果 和解 --挽回经济损失 299 --办结日期 今天
    服务点 变更 东门 --营业面积 600 --生效日期 今天
    服务点 检查 东门 --登记簿 是
    登记 走访 东门 --反映问题 无 --日期 今天
    投诉 列表 --状态 服务点处理中 --争议金额下限 1
    超期 --截至 今天 --服务点 东门
    --时钟无误 汇总 6 2026Q3 --截至 2026-09-28 --现时
""")
def test_chinese_options_are_taken(line: str, cli: Cli) -> None:
    cli.log()
    assert cli(line).code == 0


@for_all("row", COMMANDS)
def test_each_option_has_a_chinese_name_and_the_help_is_the_docstring(row: CommandRow) -> None:
    loaded = Deferred(row).load()
    described = inspect.unwrap(loaded.callback or print).__doc__
    assert row.name.startswith("record ") or str(described).splitlines()[0] == row.help
    options = [each for each in loaded.params if isinstance(each, TyperOption)]
    names = [name for option in options for name in option.opts]
    assert len(names) == len({*names})
    english = {option.opts[0] for option in options if all(map(str.isascii, option.opts))}
    assert english <= {"--json", "--csv", "--pdf"}


def test_each_command_of_the_first_level_is_listed_once_by_need() -> None:
    names = [name for _, listed in NEEDS for name in listed.split()]
    assert sorted(names) == sorted(row.name for row in (*COMMANDS, *GROUPS) if " " not in row.name)
    titles = re.findall("^(\\w[^:]+):$", told("", "en"), re.M)
    assert titles == ["Options", *(title for title, _ in NEEDS)]


@for_all("name", ["-h", "--help", "--帮助"])
@for_all("line", ["", "log", "point", "point list"])
def test_help_is_asked_for_by_each_name(line: str, name: str, cli: Cli) -> None:
    result = cli(f"{line} {name}")
    assert result.code == 0 and result.out.startswith(f"Usage: ledger12315 {line}".rstrip())


def test_a_group_alone_shows_its_help_with_every_command_under_both_names(cli: Cli) -> None:
    helps = {name: told(name, "zh") for name in ("", *(row.name for row in GROUPS))}
    for name, shown in helps.items():
        assert name in ("", "settings", "words") or cli(name, lang="zh").out == shown
    for row in COMMANDS:
        group, _, name = row.name.rpartition(" ")
        assert re.search(rf"^  {name} +{row.zh}  +\S", helps[group], re.M)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    process = [sys.executable, "-m", "ledger12315", "--version"]
    assert subprocess.check_output(process, text=True) == f"{VERSION_LINE}\n"
    assert run(["--db", "x.sqlite", "--version"]) == 0
    assert capsys.readouterr().out == f"{VERSION_LINE}\n"


# Lines typed one after the other, or completed, and what neither they nor those before them load.
LOADS = cells(r"""
    --version                           | dateutil tomllib register sqlite3 typer
    --help                              | dateutil tomllib register sqlite3 chinese_calendar
    overdue                             | dateutil tomllib register ledger12315.ledger.duties \
        ledger12315.cli.asking.questions
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods | dateutil tomllib register
    close 2026-1 --outcome settled      | dateutil tomllib register
    rollup 6 2026Q3                     | tomllib
    Tab: ov                             | tomllib
    Tab: log P00                        | tomllib
    Tab: log P001 --category f          | tomllib
    Tab: close 2026-                    | tomllib
""")


@pytest.mark.slow
def test_a_command_loads_only_what_it_needs(cli: Cli) -> None:
    cli.log()
    program = """
import os, sys
from ledger12315.__main__ import main
for line in sys.argv[1:]:
    sys.argv[1:] = words = line.split()
    os.environ["_LEDGER12315_COMPLETE"] = "complete_bash" * (words[0] == "Tab:")
    os.environ.update(COMP_WORDS="\\n".join(words), COMP_CWORD=str(len(words) - 1))
    assert main() == 0
    print(*sys.modules, file=sys.stderr)
"""
    cli.set.setenv("LEDGER12315_DB", str(cli.path))
    command = [sys.executable, "-c", program, *(line for line, _ in LOADS)]
    process = subprocess.run(command, capture_output=True, text=True, check=True)
    asking = ("prompt_toolkit", "pypinyin")
    drawing = ("openpyxl", "xlsxwriter", "jinja2", "pygal")
    # OpenSSL, where Python has its own SHA-256.
    hashing = ["_hashlib"] if any(map(find_spec, ("_sha2", "_sha256"))) else []
    heavy = {"pydantic", "rich", "sqlite_utils", "duckdb", *drawing, *asking, *hashing}
    loads = [line for line in process.stderr.splitlines() if "ledger12315" in line.split()]
    for (line, not_loaded), modules in zip(LOADS, loads, strict=True):
        # Of the program itself its rooms and modules, too.
        names = modules.split()
        loaded = {*names, *(part for name in names for part in name.split(".")[:2])}
        assert loaded & {*heavy, *not_loaded.split()} == set(), line
