"""Differences of Windows: its consoles, its shell, files open in Excel."""

import io
import ntpath
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from ledger12315.cli.app import run
from ledger12315.cli.face.lines import can_edit_lines
from ledger12315.cli.face.terminals import is_terminal
from ledger12315.errors import reason
from ledger12315.ledger.store import atomic, opening
from ledger12315.ledger.store.files import Header, header_of
from ledger12315.locale import render
from tests.cli.conftest import Cli, scenes
from tests.rows import for_all, table
from tests.states import as_text
from tests.terminal import finish

_OBJECT = (
    '{"point": "P001", "complainant": "张三", "item": "电饭锅", "facts": "坏", "kind": "商品类"}'
)


def test_csv_has_one_end_for_each_line(cli: Cli) -> None:
    """Windows' stdout makes two characters of each end of line."""
    stdout = io.TextIOWrapper(io.BytesIO(), "gbk", newline="\r\n")
    with redirect_stdout(stdout):
        assert run(["--db", str(cli.path), "point", "list", "--csv"]) == 0
    stdout.seek(0)
    printed = stdout.buffer.read()
    assert (printed.count(b"\r"), printed.count(b"\r\n"), printed.count(b"\n")) == (3, 3, 3)


@for_all(r"""
    errno | winerror | told               | path  | reads | said
    22    | 123      | Invalid argument   | a?b   |       | 系统不允许用这样的文件名
    13    | 32       | 拒绝访问。         | a     |       | 别的程序（如 Excel）正打开着它，请先在那里关闭
    13    | 32       | 拒绝访问。         | a     | yes   | 别的程序（如 Excel）正打开着它，请先在那里关闭
    13    | 5        | 拒绝访问。         | a     |       | 没有写入权限
    2     | 3        | 找不到指定的路径。 | long  |       | 路径太长，Windows 最多 259 个字符
    13    | 5        | 拒绝访问。         | long  |       | 没有写入权限
    17    | 183      | 文件已存在。       | long  |       | 已有同名文件
    2     | 3        | 找不到指定的路径。 | C:\a  |       | 没有这个文件夹，请先建好
    13    | 21       | 设备未就绪。       | E:\a  |       | 磁盘 E: 不在，请先插上
    5     | 23       | 数据错误。         | a     |       | 数据错误
""")
def test_what_windows_says_of_a_file(
    errno: str,
    winerror: str,
    told: str,
    path: str,
    reads: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LEDGER12315_LANG", "zh")
    error = OSError(int(errno), told, "x" * 260 if path == "long" else path)
    error.winerror = int(winerror)  # type: ignore[attr-defined,unused-ignore]
    with monkeypatch.context() as windows:
        windows.setattr(sys, "platform", "win32")
        windows.setattr(os, "path", ntpath)
        windows.setattr(ntpath, "lexists", lambda each: str(each)[:2] not in ("E:", "xx"))
        why = reason(error, reads=bool(reads))
    assert render(why) == said


@table("""
    held | winerror | code | said
    3    | 32       | 0    | station
    999  | 32       | 4    | was in use by another program for 30 seconds. Close whatever has it
    999  | 5        | 4    | cannot be read: you have no permission to read it
    999  | 0        | 4    | cannot be read: you have no permission to read it
""")
def test_a_ledger_that_a_program_shares_with_nobody(
    held: str, winerror: str, code: str, said: str, cli: Cli
) -> None:
    refused, waited = PermissionError(13, "拒绝访问。", str(cli.path)), list[float]()
    refused.winerror = int(winerror)  # type: ignore[attr-defined,unused-ignore]

    def read(path: Path) -> Header:
        if len(waited) < int(held):
            raise refused
        return header_of(path)

    def rename(*_: object) -> None:
        if winerror != "0":
            raise refused

    cli.set.setattr(sys, "platform", "win32")
    cli.set.setattr(opening, "header_of", read)
    cli.set.setattr(Path, "rename", rename)
    cli.set.setattr(opening, "sleep", waited.append)
    cli.set.setattr(opening, "monotonic", lambda: sum(waited))
    result = cli("ledger info")
    assert (result.code, said in result.out + result.err) == (int(code), True)
    assert (len(waited) > 3, sum(waited) < 31) == (code == "4" and winerror == "32", True)


@table("""
    encoding
    utf-8
    utf-8-sig
    gbk
    utf-16
    utf-16-be
""")
def test_a_file_that_a_console_wrote_is_read(encoding: str, cli: Cli) -> None:
    mark = "\N{BYTE ORDER MARK}" if encoding == "utf-16-be" else ""
    Path("box.json").write_bytes(f"{mark}{_OBJECT}".encode(encoding))
    cli.all("log --from box.json")
    assert "电饭锅" in cli("complaint list").out


def test_what_is_asked_stays_out_of_the_file_that_stdout_is(cli: Cli) -> None:
    late, asked = "settings set begins 2026-01-01", "Do it anyway? [y/n]"
    cli.clock_is_right, out = False, io.StringIO()
    code, seen = cli.talk(late, f"{asked}>y", today="2030-01-01", out=out)
    assert (code, seen.count(asked)) == (0, 1)
    assert out.getvalue() == "begins: 2026-07-01 -> 2026-01-01\n"


def test_a_line_is_edited_only_where_stdout_is_a_console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    with redirect_stdout(io.StringIO()):
        assert can_edit_lines() == (sys.platform != "win32")
        monkeypatch.setattr(sys, "platform", "win32")
        assert not can_edit_lines()


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows takes NUL for a terminal")
def test_nobody_sits_at_nul() -> None:
    with Path("nul").open(encoding="utf-8") as nul:
        assert (nul.isatty(), is_terminal(nul)) == (True, False)


class Left(io.StringIO):
    """A pipe without a reader, with the error of Windows."""

    def flush(self) -> None:
        raise OSError(22, "Invalid argument")

    def fileno(self) -> int:
        return os.open(os.devnull, os.O_WRONLY)


def test_leaving_more_is_no_error(cli: Cli) -> None:
    with redirect_stdout(Left()), redirect_stderr(io.StringIO()) as said:
        code = run(["--db", str(cli.path), "ledger", "info"])
    assert (code, said.getvalue()) == (0, "")


@table("""
    held | code | said
    1    | 0    | Attachment 2 for 2026Q3 is written: x.xlsx
    3    | 0    | Attachment 2 for 2026Q3 is written: x.xlsx
    9    | 4    | cannot be replaced: another program, such as Excel, has it open
""")
def test_a_workbook_that_something_holds_is_waited_for(
    held: str, code: str, said: str, cli: Cli
) -> None:
    Path("x.xlsx").touch()
    waited: list[float] = []
    replace: Callable[[Path, Path], Path] = Path.replace

    def replaced(fresh: Path, target: Path) -> Path:
        if len(waited) < int(held):
            raise PermissionError(13, "Access is denied")
        return replace(fresh, target)

    cli.set.setattr(atomic, "sleep", waited.append)
    cli.set.setattr(Path, "replace", replaced)
    with as_text():
        result = cli("export 2 2026Q3 -o x.xlsx")
    assert result.code == int(code) and said in result.out + result.err
    assert len(waited) == min(int(held), 3) and sum(waited) < 1
    assert sorted(path.name for path in Path().iterdir()) == ["ledger.sqlite", "x.xlsx"]


@pytest.mark.usefixtures("drawn")
def test_a_star_that_the_shell_left_is_looked_for(cli: Cli) -> None:
    Path("in").mkdir()
    cli.all("returns submit 2026Q3 --yes -o in", today="2026-10-09")
    Path("in/~$6.xlsx").write_bytes(b"of a spreadsheet program")
    result = cli("county load 'in/*.xls?' --dry-run --json", today="2026-10-09")
    assert (result.code, [each["period"] for each in result.json]) == (0, ["2026Q3"])
    for typed in ("in/*.xls", "in/no.xlsx"):
        result = cli(f"county load '{typed}'")
        assert (result.code, f"There is no file or folder {typed}." in result.err) == (5, True)


@table("""
    encoding
    utf-8
    utf-8-sig
    gbk
""")
def test_json_on_stdin_is_as_the_console_writes_it(encoding: str, cli: Cli) -> None:
    cli.set.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(_OBJECT.encode(encoding))))
    with redirect_stdout(io.StringIO()):
        assert run(["--db", str(cli.path), "--clock-is-right", "log", "--from-stdin"]) == 0
    assert cli.sql("SELECT complainant, item FROM complaint") == [("张三", "电饭锅")]


def test_bytes_on_stdin_that_are_no_text(cli: Cli) -> None:
    cli.set.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"{\xff}")))
    with redirect_stderr(io.StringIO()) as said:
        assert run(["--db", str(cli.path), "log", "--from-stdin"]) == 2
    told = "Error: Standard input: it is neither UTF-8 nor GBK text.\n"
    assert said.getvalue() == told


@scenes(r"""
# what a console made of Chinese is no value
$ log P001 --complainant ?? --item 锅 --facts 坏 --kind goods
! Error: The value of --complainant lost characters on the way: ??. Type it in a window that \
shows Chinese, or give it in a file: --from FILE
[2]
$ log P001 --投诉人=?? --item 锅 --facts 坏 --kind goods
! Error: The value of --complainant lost characters on the way: ??. Type it in a window that \
shows Chinese, or give it in a file: --from FILE
[2]
$ find ???
! Error: The value of WORDS lost characters on the way: ???. Type it in a window that shows \
Chinese, or give it in a file: --from FILE
[2]
$ log --from-stdin << {"point": "P001", "complainant": "??", "item": "x", "facts": "x", "kind": \
    "goods"}
! Error: The value of complainant lost characters on the way: ??. Type it in a window that \
shows Chinese, or give it in a file: --from FILE
[2]
$ log P001 --complainant � --item 锅 --facts 坏 --kind goods
! Error: The value of --complainant lost characters on the way: �. Type it in a window that \
shows Chinese, or give it in a file: --from FILE
[2]
# and what people write stays
+ log P001 --complainant 张三 --item 锅 --facts 怎么又坏了？？真的??? --kind goods
+ log P001 --complainant 张三 --item 'A?' --facts 坏 --kind goods
""")
def test_lost_characters(script: str, cli: Cli) -> None:
    cli.plays(script)


def test_an_account_without_a_name(cli: Cli) -> None:
    """Windows has no module pwd, in which others look where no variable says it."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        cli.set.delenv(name, raising=False)
    cli.set.setitem(sys.modules, "pwd", None)
    cli.all("settings set notice_from 5")
    assert cli.sql("SELECT user FROM act ORDER BY id DESC LIMIT 1") == [("?",)]


@pytest.mark.slow
def test_a_character_set_without_chinese(cli: Cli) -> None:
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    poor = "Chinese is shown as ?, since ascii has none. Set a locale: LANG=zh_CN.UTF-8\n"
    code, shown, said = finish(["--db", "ledger.sqlite", "point", "list"], env=env)
    assert (code, shown[:10], said.startswith(poor)) == (0, "P001\t????\t", True)
    code, _, said = finish(["--db", "ledger.sqlite", "export", "3", "2026Q2"], env=env)
    assert (code, said) == (
        4,
        f"{poor}Error: The system's character set (ascii) lacks characters of a file's name. Set "
        "LC_ALL=C.UTF-8, or choose another file with --output.\n",
    )


@scenes(r"""
# lines of a console of code page 936
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --category 服装鞋帽 --received 9-18
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --category 服装鞋帽 --received 9-18
+ log P001 --complainant 张三 --item 锅 --facts 坏 --category 保险 --received 9-18
% 80 overdue --as-of 9-25 --point P001
number     point  name      due         days over  item  officer
----------------------------------------------------------------
2026-0001  P001   东门商场  2026-09-24          0  锅    陈建平
…
""")
def test_lines_that_a_console_makes_twice_as_wide(script: str, cli: Cli) -> None:
    cli.set.setattr(os, "device_encoding", lambda _: "cp936")
    cli.plays(script)


@scenes(r"""
# where a console cannot pipe Chinese, a file can
> case.json {"complainant": "张三", "item": "锅", "facts": "坏", "kind": "goods"}
$ log P001 --from case.json --json
{"number": "2026-0001", "point": "P001", "received": "2026-09-28", "due": "2026-10-10", \
    "provisional": false, "alike": [], "doubts": []}
! Not stated, so recorded: source as direct, channel as visit, problem as other.
$ 受理 P002 --从文件 case.json --item 壶 --received 9-27
2026-0002 is due by 2026-10-09 Fri; working days left: 4
! Not stated, so recorded: source as direct, channel as visit, problem as other.
$ complaint list
2026-0001 | P001 | 2026-10-10 | no | open | 2026-09-28 | 张* | 锅 | other |  |  |
2026-0002 | P002 | 2026-10-09 | no | open | 2026-09-27 | 张* | 壶 | other |  |  |
# what is wrong with it is told of the file
> case.json {"complaint": "张三"}
$ log P001 --from case.json
! Error: case.json has unknown boxes: complaint. Known boxes: …
[2]
> case.json []
$ log P001 --from case.json
! Error: case.json must be one JSON object whose values are texts, numbers or null.
[2]
$ log P001 --from none.json
! Error: none.json cannot be read: there is no such file.
[5]
$ log P001 --from case.json --from-stdin
! Error: Give either --from-stdin or --from, not both.
[2]
""")
def test_boxes_in_a_file(script: str, cli: Cli) -> None:
    cli.plays(script)
