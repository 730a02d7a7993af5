"""The window for a whole day: the program without a command at a terminal."""

import gc
import re
import weakref
from ast import literal_eval
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from cProfile import Profile
from pathlib import Path

import pytest
import time_machine
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from ledger12315.cli.app import offering_program, run
from ledger12315.cli.window.editing import Commands
from ledger12315.cli.window.words import lines_in, unfinished, words_in
from ledger12315.errors import Unclear
from ledger12315.locale import render
from tests.cli.conftest import Cli, Screen, clock_of, scenes
from tests.rows import table


@scenes(r"""
# a day from the list to the way out
+ log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods
$
ledger > explain 1
working day > ledger12315 查找 电饭锅
东门商场 > ledger12315
ledger > EXIT
= Type a command; Tab completes it, ? lists them all, exit or Ctrl-D leaves.
# an error leaves it open
$
ledger > overdeu
Error: There is no command overdeu. > find "张
> > 三"
Nothing is found. > today | sort
Error: | does nothing in this window. > find 'a|b'
ledger > quit
# a backslash stays in a path
$
ledger > complaint import C:\new\table.csv
C:\new\table.csv > C:\new\table.csv
There is no command C:\new\table.csv. > ^D
# in Chinese, with questions that are left
@ zh
$
台账 > 受理 东门商场
投诉人 > ^D
台账 > ？
用法 > ｅｘｉｔ
= 在下面键入命令：Tab 补全，？列出全部命令，“退出”或 Ctrl-D 关闭。
""")
def test_a_day_in_the_window(script: str, cli: Cli) -> None:
    cli.converses(script)


def test_without_a_ledger_it_says_how_to_make_one(cli: Cli) -> None:
    cli.path.unlink()
    _code, seen = cli.talk(
        "",
        """There is no ledger > init --station 东门所 --county 榕溪县 --begins 2026-07-01
        ledger > point list
        ledger > exit""",
    )
    assert "Nothing is found." in seen


def test_the_options_of_the_window_hold_for_each_line(cli: Cli) -> None:
    cli.clock_is_right = False
    code, seen = cli.talk(
        f"--db {cli.path} --clock-is-right",
        "ledger > --practice; not both > --clock-is-right; Usage > exit",
    )
    assert code == 0, seen


def test_nothing_is_opened_where_somebody_reads_a_file(cli: Cli) -> None:
    with redirect_stdout(Screen()):
        assert cli("").out.startswith("Usage: ledger12315")


class Night(Screen):
    """Somebody who types each line on the next day."""

    def __init__(self, *lines: str) -> None:
        super().__init__()
        self.lines, self.day = [*lines], 8
        self.clock = time_machine.travel("2026-10-08T23:59:00+08:00", tick=False)

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        self.clock.stop()
        self.day += 1
        self.clock = time_machine.travel(f"2026-10-{self.day:02}T00:01:00+08:00", tick=False)
        self.clock.start()
        return self.lines.pop(0) if self.lines else ""


def test_the_day_turns_at_midnight(cli: Cli) -> None:
    cli.set.setenv("TERM", "dumb")
    line = "record inquiry P001\n"
    night = Night(line, line)
    cli.set.setattr("sys.stdin", night)
    with redirect_stdout(Screen()), redirect_stderr(Screen()):
        night.clock.start()
        assert run(["--db", str(cli.path)]) == 0
        night.clock.stop()
    assert cli.sql("SELECT day FROM record") == [("2026-10-09",), ("2026-10-10",)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ledger12315 today", ["today"]),
        ("ledger12315.exe", ["today"]),
        (r"init -o D:\a\ b", ["init", "-o", "D:\\a\\", "b"]),
        (r'a "D:\a b\" c', ["a", "D:\\a b\\", "c"]),
        ("a --facts='x \"y\" > z'", ["a", '--facts=x "y" > z']),
        ("?", ["--help"]),
        ("log “张 三”", ["log", "“张", "三”"]),
        ("查找　锅　'双　门'", ["查找", "锅", "双　门"]),
    ],
)
def test_words(line: str, words: list[str]) -> None:
    assert [*words_in(line)] == words


def test_a_shells_signs_are_answered() -> None:
    said = []
    for line in ("a > b", "a <b", "a 2>&1"):
        with pytest.raises(Unclear) as refused:
            [*words_in(line)]
        said.append(render(refused.value.message).partition(".")[0])
    assert said == [f"{sign} does nothing in this window" for sign in "><>"]


@table(r"""
    typed                              | commands
    log 1 \\\n  --item x\r\nfind x\n     | log 1    --item x; find x
    find "a\nb"\nfind c                | find "a\nb"; find c
    find 'a\r\n退出\r\nb'               | find 'a\r\n退出\r\nb'
    find "it's\nb                      | find "it's\nb
    find a\u2028b\u2029c\x85d           | find a\u2028b\u2029c\x85d
    find a\x0bb\x0cc\x1cd\x1de\x1ef      | find a\x0bb\x0cc\x1cd\x1de\x1ef
""")
def test_a_line_ends_only_where_enter_was_pressed(typed: str, commands: str) -> None:
    """An invisible sign out of a chat ends none, and nothing does between quotation marks."""
    assert [*lines_in(_read(typed))] == _read(commands).split("; ")


def _read(escaped: str) -> str:
    signs = re.compile(r"\\(?:[nr\\]|u.{4}|x..)")
    return signs.sub(lambda sign: literal_eval(f"'{sign[0]}'"), escaped)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ([], 0, "")),
        ("to", ([], 0, "to")),
        ("ledger12315 log ", (["log"], 16, "")),
        ('log "东 门', (["log"], 4, "东 门")),
        ("log a=b --t", (["log", "a=b"], 8, "--t")),
    ],
)
def test_the_word_at_the_cursor(text: str, expected: tuple[list[str], int, str]) -> None:
    assert unfinished(text) == expected


@table("""
    typed                                | offered
    ov                                   | overdue
    ledger12315 超                       | 超期
    overdue --wi                         | --within
    log nmsc                             | 南门市场
    log P001 --category f                | food, farm_goods, finance
    register 东门市场 --type=mal         | --type=mall
    complaint import "a b/下             | "a b/下载/"
    log 'no                              |
""")
def test_tab_completes(typed: str, offered: str, cli: Cli) -> None:
    Path("a b/下载").mkdir(parents=True)
    cli.set.setenv("LEDGER12315_LANG", "en")
    completer = Commands(["--db", str(cli.path)], offering_program)
    found = completer.get_completions(Document(typed), CompleteEvent())
    assert ", ".join(each.text for each in found) == offered


def test_a_later_line_costs_no_more_than_an_early_one(cli: Cli) -> None:
    cli.given("log P001 --complainant 张三 --item 锅 --facts 不热 --kind goods")
    lines = "today;overdue;find 锅;rollup 6 2026Q3;complaint show 1;explain 1;oops"
    count = _Counted(lines.split(";"))
    cli.set.setenv("TERM", "dumb")
    cli.set.setattr("sys.stdin", count)
    gc.freeze()  # what was there before is not counted
    try:
        with clock_of("2026-09-28"), redirect_stdout(Screen()), redirect_stderr(Screen()):
            assert run(["--db", str(cli.path)]) == 0
    finally:
        gc.unfreeze()
    # A thing kept for each line would be 7 more; the second round loads what pytest needs.
    assert count.objects[4] < count.objects[3] + 4, count.objects
    assert count.calls[4] <= count.calls[3] > 10_000, count.calls


class _Counted(Screen):
    """Somebody who types four rounds; calls and objects of the last two are counted."""

    def __init__(self, day: list[str]) -> None:
        super().__init__()
        self.lines = ((number, line) for number in range(1, 5) for line in day)
        self.objects: dict[int, int] = {}
        self.calls = Counter[int]()
        self.number = 0
        self.profile = Profile(builtins=False)

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        self.profile.disable()
        self.calls[self.number] += sum(each.callcount for each in self.profile.getstats())
        number, line = next(self.lines, (0, ""))
        if number != self.number and self.number > 2:
            for _ in range(9):  # each collection leaves one more level of tuples out of the count
                gc.collect()
            # sqlite3 drops its references to cursors that are gone two hundred at a time.
            kept = (not isinstance(each, weakref.ref) for each in gc.get_objects())
            self.objects[self.number] = sum(kept)
        self.number = number
        self.profile.clear()
        if number > 2:
            self.profile.enable()
        return f"{line}\n" if line else ""
