"""Clerks' slips: each ends in a question, a refusal or a warning before writing."""

import json
import os
import re
import signal
from pathlib import Path

import pytest

from ledger12315.cli.asking.drafts import Draft
from tests.cli.conftest import Cli
from tests.rows import cells
from tests.served import served
from tests.terminal import start, until
from tests.typist import CTRL_C, ENTER, PASTE, types

# ⏎ Enter, ^C, ^U the line is emptied, ⟨…⟩ pasted. Today is Monday, 28 September 2026.
_KEYS = {
    "⏎": ENTER,
    "^C": CTRL_C,
    "^U": "\x15",
    "^R": "\x12",
    "⟨": PASTE[:6],
    "⟩": PASTE[-6:],
    "␣": " ",
    "␤": "\r",
    "⌫": "\x7f",
}
# A case as it should be: its answers one by one, each with an Enter behind it.
_RIGHT = dict(
    cells("""
    received    | ⏎
    point       | 东门商场⏎
    source      | 1⏎
    channel     | 1⏎
    complainant | 李娜⏎
    phone       | 13900002222⏎
    item        | 手机⏎
    category    | 1⏎
    problem     | 1⏎
    request     | 6⏎
    purchase    | 1000⏎
    facts       | 黑屏⏎
    outcome     | 1⏎
    recovered   | =⏎
    agreement   | 1⏎
    answered    | =⏎
    rating      | 1⏎
    write       | y⏎
    """)
)
# The box at which it happens, what is typed there instead, and what is said, joined by +; nothing
# is written.
_SLIPS = cells(r"""
    Enter at every question        | received    | ⏎⏎⏎⏎⏎⏎⏎⏎⏎⏎⏎⏎ | an answer is needed
    day and month swapped         | received    | 6-9⏎           | 111 days back
    tomorrow, and no days         | received    | 2026-09-29⏎9-31⏎abc⏎ \
        | is in the future + not a day of the calendar + not clearly one day
    points: none, and several     | point       | 西门⏎门⏎ \
        | There is no point 西门 + fits several points
    a digit too large             | channel     | 9⏎             | not one of these words
    a search, as in the window    | channel     | ^R9⏎           | not one of these words
    no name, and pasted lines     | complainant | ⏎⟨李娜 13900002222 手机⟩⏎n⏎⟨李娜␤手机⟩⏎ \
        | an answer is needed + name contains digits + Paste one cell at a time
    a letter in the phone         | phone       | 1390000222o⏎   | not look like a phone
    Enter where no category is    | category    | ⏎              | -
    a request that is none        | request     | 6,9⏎           | not one of these words
    a letter, decimals, zeros     | purchase    | 1o00⏎10.005⏎99999999999999⏎ \
        | not an amount in yuan + more than two decimals + too large
    five times as much            | item        | 电饭锅⏎1⏎⏎1495⏎黑屏⏎⏎y⏎ \
        | 1495.00 yuan is a lot for 电饭锅
    the same case by two clerks   | complainant | 张三⏎⏎电饭锅⏎1⏎⏎299⏎不加热⏎⏎y⏎ \
        | Is it the same as 2026-0001
    the same phone, another name  | phone       | 139-0000-1111⏎手机⏎1⏎1⏎6⏎5⏎坏⏎⏎y⏎ \
        | Is it the same as 2026-0001
    advised, and no day of it     | received    | 9-25⏎东门商场⏎1⏎1⏎李娜⏎⏎手机⏎1⏎1⏎6⏎5⏎坏⏎2⏎⏎ \
        | an answer is needed
    told before it came in        | outcome     | 2⏎9-20⏎⏎1⏎y⏎  | before the day of receipt
    other, and no remark          | outcome     | 7⏎⏎            | an answer is needed
    more recovered than disputed  | recovered   | 10000⏎⏎⏎⏎y⏎   | More is recovered (
    another key at the end        | write       | x1⏎99⏎         | -
    Enter too often, and n for y  | write       | ⏎⏎⏎n⏎          \
        | The answers are kept + Left; nothing was written
""")
# What is said of these is said of one above; the pile of tests/faults has them all.
SLIPS = _SLIPS + cells(r"""
    a day of last year            | received    | 2025-09-28⏎    | 365 days back
    a day long ago                | received    | 7-6⏎           | 84 days back
    Enter where no source is known| source      | ⏎              | -
    Enter where no channel is     | channel     | ⏎              | -
    another word                  | source      | 网上⏎          | not one of these words
    a phone for the name          | complainant | 13900002222⏎   | name contains digits
    a phone of four digits        | phone       | 12⏎            | not look like a phone
    no goods                      | item        | ⏎              | an answer is needed
    two lines pasted for goods    | item        | ⟨手机␤黑屏⟩⏎   | Paste one cell at a time
    a category that is none       | category    | 鬼⏎            | not one of these words
    Enter where no problem is     | problem     | ⏎              | -
    less than nothing             | purchase    | -5⏎            | not an amount in yuan
    no facts                      | facts       | ⏎              | an answer is needed
    an outcome by a wrong digit   | outcome     | 0⏎             | not one of these words
    a rating that is none         | rating      | 5⏎             | -
""")


def keyed(script: str) -> str:
    for sign, key in _KEYS.items():
        script = script.replace(sign, key)
    return script


def _before(box: str) -> str:
    """Return the answers before a box."""
    return "".join([*_RIGHT.values()][: [*_RIGHT].index(box)])


def _draft(cli: Cli) -> Path:
    return cli.path.with_name(f"{cli.path.name}.log.draft")


_KNOWN = """
    log P001 --complainant 张三 --phone 13900001111 --item 电饭锅 --category 家用电子电器 \
        --problem 质量 --request 退款 --purchase 299 --facts 不加热"""


def test_no_slip_is_written(cli: Cli) -> None:
    cli.given(_KNOWN)
    before, written = cli.path.read_bytes(), []
    for name, box, slip, said in _SLIPS:
        _, seen = types(cli.path, "log", keyed(_before(box) + slip))
        heard = said == "-" or all(each in seen for each in said.split(" + "))
        if cli.path.read_bytes() != before or not heard:
            written.append((name, seen))
        _draft(cli).unlink(missing_ok=True)
    assert not written, "\n\n".join(f"{name}: {seen}" for name, seen in written)


# After every second answer Ctrl-C and yes, or the window closed: neither loses an answer.
def test_what_is_broken_off_again_and_again_goes_on_where_it_was(cli: Cli) -> None:
    cli.given(_KNOWN)
    draft = _draft(cli)
    answers = [*_RIGHT.values()]
    for place in range(0, len(answers), 2):
        last = place + 2 == len(answers)
        broken = "^Cy⏎" if place % 4 and not last else ""
        typed = "".join(answers[place : place + 2]) + broken
        code, seen = types(cli.path, "log", keyed("y⏎" * draft.exists() + typed))
        assert (code, draft.exists()) == (130, not last), seen
        if draft.exists():
            assert draft.stat().st_mode & 0o777 == 0o600
    row = "SELECT complainant, phone, item, outcome, recovered FROM complaint WHERE id = 2"
    assert cli.sql(row) == [("李娜", "13900002222", "手机", "settled", 100000)], seen


def test_what_was_not_finished_is_offered_for_its_own_case_alone(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.log()
    cli.log("--item 毛毯")
    # By whatever words it was named, no name or phone is in the name of the file.
    cli.all("complaint amend 1 --complainant 李四 --phone 13900005678")
    types(cli.path, "close 13900005678", keyed("1⏎5⏎⏎⏎^Cy⏎"))
    [draft] = cli.path.parent.glob("*.draft")
    assert re.fullmatch(r"ledger\.sqlite\.close-[0-9a-f]{16}\.draft", draft.name)
    assert "was not finished" not in types(cli.path, "close 2", "")[1]
    # Power fails where nothing more can be kept.
    monkeypatch.setattr(Draft, "keep", lambda *_: False)
    _, seen = types(cli.path, "close 1", keyed("y⏎"))
    # An answer that was left empty is kept, but not named.
    assert "One was not finished (settled, 5). Answers kept: 4." in seen
    assert draft.exists()
    # It is gone only where somebody says so twice, and stays where it is not written after all.
    kept = draft.read_bytes()
    for answers, stays in (("n⏎y⏎", False), ("n⏎n⏎y⏎⏎⏎n⏎", True), ("y⏎⏎^C^C", True)):
        draft.write_bytes(kept)
        _, seen = types(cli.path, "close 1", keyed(answers))
        assert ("Left; nothing was written." in seen, draft.exists()) == (True, stays), seen


@pytest.mark.slow
@pytest.mark.parametrize("told", [True, False])
def test_a_window_that_is_closed_loses_no_answer(told: bool, cli: Cli) -> None:
    person, terminal = os.openpty()
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), terminal)
    env = {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "LEDGER12315_LANG": "en"}
    line = ["--clock-is-right", "--db", str(cli.path), "log"]
    # A process that is served would not be told.
    program = {} if told else {"program": served()}
    with start(line, env=env, start_new_session=True, **program, **streams) as process:
        os.close(terminal)
        until(person, "received [2026-09-28 Mon]:")
        os.write(person, b"9-25\r")
        until(person, "point:")
        os.close(person)
        if told:
            process.send_signal(signal.SIGHUP)
        assert process.wait(60) in (130, 128 + signal.SIGHUP, -signal.SIGHUP)
    assert json.loads(_draft(cli).read_text("utf-8").rpartition("\n")[2]) == {
        "received": "2026-09-25"
    }


def test_a_day_in_words_is_kept_as_its_date(cli: Cli) -> None:
    """On the day on which the conversation goes on, 昨天 would be another one."""
    types(cli.path, "log", keyed("昨天⏎P001⏎^Cy⏎"))
    assert json.loads(_draft(cli).read_text("utf-8").rpartition("\n")[2]) == {
        "received": "2026-09-27",
        "point": "P001",
    }
