"""At a terminal: what is missing is asked for, a bad answer asked again, and words may be chosen by number."""

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Cli, table
from tests.terminal import start, until

CTRL_D = "^D"


@contextlib.contextmanager
def seated(cli: Cli, line: str, lang: str = "en", **streams: int) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """The person's end of a terminal, and the program at the other, which reads it and writes to it unless told otherwise."""
    person, terminal = os.openpty()
    env = {"LEDGER12315_LANG": lang, "TERM": "xterm-256color", "COLUMNS": "300"}
    everything = {"stdin": terminal, "stdout": terminal, "stderr": terminal} | streams
    with start(["--db", str(cli.path), *line.split()], env=env, **everything) as process:
        os.close(terminal)
        yield person, process
    os.close(person)


def talk(cli: Cli, line: str, dialogue: str, lang: str = "en") -> tuple[int, str]:
    """Exit code and all that was seen; the dialogue is `what is waited for > what is answered;` and so on."""
    seen = ""
    with seated(cli, line, lang) as (person, process):
        for awaited, answer in (turn.split(">") for turn in dialogue.split(";") if turn):
            seen += until(person, awaited.strip())
            os.write(person, b"\x04" if answer.strip() == CTRL_D else f"{answer.strip()}\n".encode())
        seen += until(person)
    return process.returncode, seen


@table("""
    line | lang | dialogue | code | end
    log | en | point:>东门;complainant:>张三;phone>;item:>锅;category>3;facts:>坏 | 0 | 2026-0001 is due by
    受理 | zh | 服务点>P001;投诉人>张三;联系电话>13900001111;名称>锅;类别>食品;事实>坏 | 0 | 2026-0001 应于
    log --complainant 张三 --item 锅 --facts 坏 | en | point:>西门;no point>P001;phone>1a;not a>;category>99;not one>1 | 0 | 2026
    log P001 --item 锅 --facts 坏 --kind goods | en | complainant:>;is empty>张三;phone> | 0 | 2026-0001 is due by
    init | en | station:>东门所;county:>榕溪县 | 3 | exists already
    register 新店 | en | type:>1;area>200;capital>50万;turnover>100万 | 0 | P003 新店 is registered: meets
    register | zh | 名称>新店;类型>其他;认定理由>纠纷多 | 0 | P003 新店 已登记
    register 新店 --type 商场 | en | area>100;capital>;turnover> | 3 | area is 100.00 m²
    close | en | number:>2026-1;There is no complaint 2026-0001>^D | 130 | interrupted
    record inquiry | en | point:>P002 | 0 | Recorded for 南门市场
    rollup | en | form:>3;period:>2026Q3 | 0 | on_time_rate
    calendar show | en | year:>2026 | 0 | Working days in 2026
    settings set | zh | 设置>return_day_off;值>提前 | 0 | after -> before
""")
def test_what_is_missing_is_asked_for(line: str, lang: str, dialogue: str, code: str, end: str, cli: Cli) -> None:
    left, seen = talk(cli, line, dialogue, lang)
    assert str(left) == code and end in seen, seen


def test_words_stand_beside_their_numbers(cli: Cli) -> None:
    cli.log("--received 2026-09-21")
    code, seen = talk(cli, "close 2026-1", "outcome:>3")
    assert re.search("1 settled +2 advised +3 mediated", seen)
    assert code == 0 and "2026-0001 closed (mediated): on time" in seen


def test_nothing_is_asked_when_nothing_is_missing_or_nobody_can_answer(cli: Cli) -> None:
    assert talk(cli, "log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods", "")[0] == 0
    with seated(cli, "log", stdin=subprocess.DEVNULL) as (person, process):
        assert "Missing: point, complainant, item" in until(person)
    assert process.returncode == 2


@pytest.mark.parametrize("line", ["overdue --as-of 2026-10-12", "complaint list", "point list", "rollup 6 2026Q3"])
def test_no_color_is_respected(line: str, cli: Cli) -> None:
    cli.log()
    cli.set.setenv("NO_COLOR", "1")
    with seated(cli, line, stdin=subprocess.DEVNULL) as (person, process):
        seen = until(person)
    assert process.returncode == 0 and "─" in seen and not re.search(r"\x1b\[(\d+;)*(3|4|9|10)\d", seen)
