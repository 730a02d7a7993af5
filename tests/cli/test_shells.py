"""Lines to type in each shell."""

import shutil
import subprocess
import sys

from ledger12315.cli.face.shells import line_for
from tests.rows import for_all

WORD = "a'b c"
WORDS = ("ledger12315", "--台账", "张 三/it's 50%/ledger.sqlite", "投诉", "列表")


@for_all(r"""
    shell      | line
    bash       | LANG=zh ledger12315 --台账 '张 三/it'"'"'s 50%/ledger.sqlite' 投诉 列表
    zsh        | LANG=zh ledger12315 --台账 '张 三/it'"'"'s 50%/ledger.sqlite' 投诉 列表
    fish       | LANG=zh ledger12315 --台账 '张 三/it\'s 50%/ledger.sqlite' 投诉 列表
    powershell | $env:LANG = 'zh'; ledger12315 --台账 '张 三/it''s 50%/ledger.sqlite' 投诉 列表
    pwsh       | $env:LANG = 'zh'; ledger12315 --台账 '张 三/it''s 50%/ledger.sqlite' 投诉 列表
    cmd        | set "LANG=zh" & ledger12315 --台账 "张 三/it's 50%/ledger.sqlite" 投诉 列表
""")
def test_a_line_in_each_shell(shell: str, line: str) -> None:
    assert line_for(shell, *WORDS, settings={"LANG": "zh"}) == line


@for_all(r"""
    shell      | line
    powershell | & 'C:\张 三\ledger12315.exe' demo
    cmd        | "C:\张 三\ledger12315.exe" demo
""")
def test_a_program_whose_path_has_a_blank(shell: str, line: str) -> None:
    assert line_for(shell, r"C:\张 三\ledger12315.exe", "demo") == line


@for_all("shell", filter(shutil.which, ["bash", "dash", "zsh", "fish"]))
def test_a_shell_hands_on_each_word_as_it_is(shell: str) -> None:
    words = ["a b", "it's", r"back\slash\\", '"', "$HOME", "`id`", "*", "~", "!x", "#", "张三", ""]
    program = "import os, sys; print([*sys.argv[1:], os.environ['WORD']])"
    line = line_for(shell, sys.executable, "-c", program, *words, settings={"WORD": WORD})
    said = subprocess.check_output([shell, "-c", line], text=True)
    assert said == f"{[*words, WORD]}\n"
