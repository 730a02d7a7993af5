"""The user's configuration file, for offices where variables are hard to set; variables win."""

from pathlib import Path

import pytest

from ledger12315.cli.app import run
from ledger12315.cli.face.configuration import VARIABLES, configuration_file
from tests.cli.conftest import Cli
from tests.rows import table


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo at the end of a test the variables of its configuration."""
    for name in VARIABLES:
        monkeypatch.setenv(name, "")


def configured(content: str, encoding: str = "utf-8") -> Path:
    file = configuration_file()
    file.parent.mkdir(parents=True)
    file.write_bytes(content.encode(encoding))
    return file


@table("""
    encoding
    utf-8-sig
    gbk
    utf-16
""")  # Notepad saves each
def test_it_names_the_ledger_the_language_and_the_user(
    encoding: str, cli: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    configured(f"db = '{cli.path}'\r\nlang = \"zh\"\r\nuser = '陈建平'\r\n", encoding)
    cli.set.setenv("LEDGER12315_LANG", "")
    for line in ("settings set notice_from 4", "ledger history --json"):
        assert run(["--clock-is-right", *line.split()]) == 0
    out = capsys.readouterr().out
    assert out.startswith("抄告件数：3 -> 4\n") and '"user": "陈建平"' in out


def test_variables_and_options_go_before_it(
    cli: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configured(f"db = '{tmp_path / 'no.sqlite'}'\nlang = 'zh'\nuser = '陈建平'\n")
    cli.set.setenv("LEDGER12315_USER", "li")
    named = f"--db {cli.path}"
    assert cli(f"{named} settings set notice_from 4").out == "notice_from: 3 -> 4\n"
    assert '"user": "li"' in cli(f"{named} ledger history --json").out
    cli.set.setenv("LEDGER12315_DB", str(cli.path))
    assert run(["overdue"]) == 0
    cli.set.delenv("LEDGER12315_DB")
    assert run(["overdue"]) == 4
    assert "There is no ledger at" in capsys.readouterr().err


@table(r"""
    content                | why
    db = "D:\12315\a"      | 每行应写成 db = 'D:\12315\ledger.sqlite' 的样子，用英文单引号
    db = D:/a.sqlite       | 每行应写成 db = 'D:\12315\ledger.sqlite' 的样子，用英文单引号
    db = 'a.sqlite'        | db 要写完整的路径
    lang = '中文'          | lang 只能是 zh 或 en
    user = ''              | user 的值不是文字
    user = 1               | user 的值不是文字
    today = '2026-09-28'   | 其中的 today 不能设置，可以设置的是 db、lang、user、notify
""")
def test_what_is_wrong_in_it_is_told_by_every_command(content: str, why: str, cli: Cli) -> None:
    file = configured(content)
    told = f"配置文件 {file} 不能用：{why}。"
    assert cli("overdue", lang="zh") == (2, "", f"错误：{told}\n")
    [finding] = [
        row for row in cli("ledger doctor --json", lang="zh").json if row["path"] == str(file)
    ]
    assert (finding["check"], finding["sound"], finding["to_do"]) == ("configuration", False, told)
    assert cli("--help").code == 0
    cli.set.setenv("_LEDGER12315_COMPLETE", "complete_bash")
    assert cli("ov") == (0, "", "")


def test_a_folder_in_its_place_is_told(cli: Cli) -> None:
    file = configuration_file()
    file.mkdir(parents=True)
    result = cli("overdue")
    said = f"Error: The configuration {file} cannot be used: it is a folder.\n"
    assert result == (2, "", said)


@table("""
    variables                                                     | language
    LC_ALL=zh_CN.UTF-8                                            | 用法
    LC_MESSAGES=zh_TW.UTF-8                                       | 用法
    LANG=zh_CN.GB18030                                            | 用法
    LANG=zh                                                       | 用法
    LC_ALL=C.UTF-8 LANG=zh_CN.UTF-8                               | Usage
    LC_MESSAGES=en_US.UTF-8 LANG=zh_CN.UTF-8                      | Usage
    LC_ALL=zh_CN.UTF-8 LC_MESSAGES=en_US.UTF-8 LANG=en_US.UTF-8   | 用法
    LC_ALL= LANG=zh_CN.UTF-8                                      | 用法
    LANG=de_DE.UTF-8                                              | Usage
    LEDGER12315_LANG=en LC_ALL=zh_CN.UTF-8                        | Usage
    LEDGER12315_LANG=zh LC_ALL=en_US.UTF-8                        | 用法
    LEDGER12315_LANG=ZH LANG=en_US.UTF-8                          | 用法
""")
def test_language(
    variables: str,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("LEDGER12315_LANG")
    for variable in variables.split():
        monkeypatch.setenv(*variable.split("="))
    assert run(["--help"]) == 0
    assert capsys.readouterr().out.startswith(language)
