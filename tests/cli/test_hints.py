"""Commands that sentences offer: which ledger they name, and that they run as they are shown."""

import ast
import io
import os
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from ledger12315.cli.app import run
from ledger12315.cli.face.shells import shell_hints
from ledger12315.locale import language
from ledger12315.locale.hints import HintStyle, hints_shown, typed_hint
from tests.catalogue import placeholders, read_catalogue, shown
from tests.cli.conftest import Cli
from tests.cli.test_notify import serving
from tests.rows import for_all, table
from tests.test_docs import understand

NAMED = ["--db", "/tmp/a b/x.sqlite"]  # noqa: S108 nothing is written there
_ABOUT_ANOTHER = (
    "Bring its complaints over",
    "On the computer where it was made",
    "Restore it as the practice ledger",
    "Restore it as the station's own ledger",
)
"""How the sentences begin whose command names a ledger of its own."""
_BEGIN = "ledger12315 --db '/tmp/a b/x.sqlite' "
_ANY = "COMMAND", "命令"


def offers() -> Iterator[tuple[str, str]]:
    """Yield each command that a sentence offers, and the sentence."""
    for _, node, _call in shown():
        if isinstance(node, ast.Constant) and "`" in str(node.value):
            english, chinese = str(node.value), str(read_catalogue()[str(node.value)].string)
            assert english.count("`") == chinese.count("`"), english
            text = chinese if language() == "zh" else english
            yield from ((hint, english) for hint in text.split("`")[1::2])


@for_all("lang", ["en", "zh"])
def test_every_command_that_is_offered_repeats_the_ledger_of_the_line(
    lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER12315_LANG", lang)
    monkeypatch.setattr("shellingham.detect_shell", lambda: ("bash", "/bin/bash"))
    offered = [*offers()]
    assert len(offered) > 70
    for hint, sentence in offered:
        names_another = sentence.startswith(_ABOUT_ANOTHER)
        values = {str(name): ["it's.xlsx"] for name in placeholders(hint)}
        values |= {"command": ["point", "amend"]} if "{command}" in hint else {}
        with hints_shown(shell_hints(*NAMED)):
            typed = typed_hint(hint, values)
        assert typed.startswith(_BEGIN) != names_another, typed
        program, *words = shlex.split(typed)
        assert program == "ledger12315" and words[0] in ("--db", "--台账")
        assert "{" not in hint or {"it's.xlsx", "amend"} & {*words}, typed
        understand(shlex.join("overdue" if word in _ANY else word for word in words))
        with hints_shown(HintStyle(program="")):
            assert not typed_hint(hint, values).startswith("ledger12315 ")


def test_no_sentence_offers_a_command_without_saying_that_it_is_one() -> None:
    for entry in read_catalogue():
        for text in (str(entry.id), str(entry.string)):
            outside = "".join(text.split("`")[::2])
            assert not re.search("ledger12315 (?!from its next start)(?!台账没有)", outside), text


LEDGER = "李's 台账/ledger.sqlite"
FILLED = {"FILE": "copy.sqlite", "NAME": "东门所", "WORDS": "锅"}
"""What somebody types for the words in capitals."""


def tell(*words: str) -> tuple[int, str]:
    """Return the exit code of a line without a terminal, and what it prints."""
    with redirect_stdout(io.StringIO()) as printed, redirect_stderr(printed):
        code = run([*words])
    return code, printed.getvalue()


_BEFORE = {"damaged": lambda path: os.truncate(path, 4096), "gone": Path.unlink}


@table("""
    ledger  | line                              | hint
            | point show P9                     | point list
            | overdeu                           | --help
            | point amend P001                  | point amend --help
            | explain 9                         | find WORDS
            | record amend 9 --text a           | record list
            | words retire 锅                   | words list
            | ledger doctor                     | ledger backup FILE
            | ledger doctor                     | ledger check
            | ledger doctor                     | calendar load FILE
            | today                             | ledger backup FILE
            | ledger restore copy.sqlite        | ledger restore KEPT
    damaged | overdue                           | ledger restore FILE
    damaged | ledger doctor                     | ledger restore FILE
    gone    | overdue                           | init --station NAME --county NAME
    gone    | ledger doctor                     | init --station NAME --county NAME
""")
def test_a_command_runs_on_the_ledger_that_the_line_named(
    ledger: str, line: str, hint: str, cli: Cli
) -> None:
    """It is taken from the screen, its capitals filled in, and no second ledger is made."""
    folder = cli.path.parent
    path = folder / LEDGER
    path.parent.mkdir()
    cli.all("ledger backup copy.sqlite\nrecord visit P001")
    cli.path.rename(path)
    cli.set.delenv("LEDGER12315_DB")
    cli.set.setenv("LEDGER12315_TODAY", "2026-12-10")
    cli.set.setattr("shellingham.detect_shell", lambda: ("bash", "/bin/bash"))
    _BEFORE.get(ledger, Path)(path)
    _, printed = tell("--db", LEDGER, *shlex.split(line))
    begin = f"ledger12315 --db {shlex.quote(LEDGER)} "
    hint = re.escape(hint).replace("KEPT", ".*")
    [offered] = {*re.findall(f"{re.escape(begin)}{hint}(?=\t|$)", printed, re.M)} or [printed]
    _, *words = [FILLED.get(word, word) for word in shlex.split(offered)]
    code, printed = tell(*words)
    assert code == 0 or words[2:] == ["calendar", "load", "copy.sqlite"], printed
    assert [*folder.rglob("*ledger.sqlite")] == [path]


def test_what_is_not_named_on_the_line_is_not_repeated(cli: Cli) -> None:
    for line, begin in (
        ("point show P9", "See: ledger12315 point list"),  # LEDGER12315_DB names it
        ("--practice overdue", "Make one: ledger12315 --practice init --station NAME"),
        ("--练习 overdue", "Make one: ledger12315 --练习 init --station NAME"),
        (f"--台账={cli.path} point show P9", f"See: ledger12315 --台账 {cli.path} point list"),
    ):
        assert begin in cli(line).err, line


def test_hints_in_the_window_need_neither_program_nor_ledger(cli: Cli) -> None:
    """What is written elsewhere, as a mail is, names both there too."""
    cli.logged("--received 9-1")
    cli.talk(
        f"--db {cli.path}",
        f"""ledger > overdeu
        See: --help > complaint close
        Did you mean close? > point show P9
        See: point list > explain 9
        See: find WORDS > point --help
        Usage: point [OPTIONS] COMMAND > overdue --mail
        to do: ledger12315 --db {cli.path} close > exit""",
    )


def test_a_mail_and_a_notice_name_the_ledger_wherever_it_comes_from(cli: Cli) -> None:
    cli.set.setenv("LEDGER12315_DB", "ledger.sqlite")
    cli.logged("--received 9-1")
    named = f"ledger12315 --db {cli.path} "
    assert f"to do: {named}close NUMBER" in cli("overdue --mail").out
    assert f"Make one: {named}ledger backup FILE" in cli("today --mail", today="2026-11-28").err
    cli.path.rename("practice.ledger.sqlite")
    Path("ledger.sqlite").write_bytes(b"")
    with serving() as chat:
        refused = cli(f"today --notify {chat.address}").err
        [sent] = chat.messages
    assert f"{named}init --station NAME" in sent["message"]
    assert "make a new ledger: ledger12315 init --station NAME" in refused
