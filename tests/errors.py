"""The page of errors: each section types a command in the ledger of states.py.

A new error is a section with its `$` line in docs/errors.md; `nox -s docs` writes the output.
"""

import contextlib
import io
import os
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import NamedTuple, TextIO
from unittest.mock import patch

from ledger12315.cli.app import run
from ledger12315.cli.face import desk
from tests import handed_in, states
from tests.catalogue import ROOT
from tests.kept import write_kept
from tests.states import LEDGER, State, ledger_bytes, workplace

PAGE, CHINESE = ROOT / "docs" / "errors.md", ROOT / "docs" / "errors.zh.md"
_CHAPTER = re.compile(r"^## (\d+): .*\n(?s:.*?)(?=^## |\Z)", re.M)
_SECTION = re.compile(r"^### (.*)\n\n(?:(\w.*)\n\n)?```text\n\$ (.*)\n(?s:.*?)^```\n", re.M)
_IN_CHINESE = re.compile(r"^(## (\d+)：.*\n\n```text\n)(?s:.*?)(?=^```$)", re.M)
_TYPED = re.compile(r"(?:echo '(.*)' \| )?(?:LEDGER12315_TODAY=(\S+) )?ledger12315 (.*)")
_REPEATED = 5_000
"""How many of a character stand for three of it and `…`."""


class Outcome(NamedTuple):
    """The outcome of a command: its sentences of the catalogue, and the files it changed.

    `chinese` is what it told, once more in Chinese.
    """

    exit_code: int
    stdout: str
    stderr: str
    chinese: str
    sentences: frozenset[str]
    changed: frozenset[str]


class Case(NamedTuple):
    """A section of the page; without a state it runs beside the files of handed_in.py."""

    exit_code: int
    wrong: str
    state: str
    typed: str

    def section(self, found: Outcome) -> str:
        """Return the section's text."""
        state = f"{self.state}\n\n" if self.state else ""
        said = found.stdout + found.stderr
        return f"### {self.wrong}\n\n{state}```text\n$ {self.typed}\n{said}```\n"


@cache
def cases() -> tuple[Case, ...]:
    """Return the cases of the page in their order."""
    return tuple(
        Case(int(chapter[1]), *(text or "" for text in section.groups()))
        for chapter in _CHAPTER.finditer(PAGE.read_text("utf-8"))
        for section in _SECTION.finditer(chapter[0])
    )


@cache
def outcomes() -> Mapping[Case, Outcome]:
    """Run every case; all of one state run in one folder.

    What shows rows, or names of commands and columns, is run once more in Chinese.
    """
    found: dict[Case, Outcome] = {}
    for sentence in dict.fromkeys(case.state for case in cases()):
        with brought_about(state_of(sentence)) as typed:
            for case in cases():
                if case.state == sentence:
                    told = typed(case.typed)
                    if "\t" in told.stdout or re.search("--帮助|“county”", told.chinese):
                        again = typed(case.typed, "zh")
                        assert again.exit_code == told.exit_code, case
                        changed = told.changed | again.changed
                        chinese = again.stdout + again.stderr
                        told = told._replace(chinese=chinese, changed=changed)
                    found[case] = told
    return found


def errors() -> str:
    """Return docs/errors.md with the program's present output."""
    shown = iter(case.section(outcomes()[case]) for case in cases())
    return _SECTION.sub(lambda _: next(shown), PAGE.read_text("utf-8"))


def errors_in_chinese() -> str:
    """Return docs/errors.zh.md: below the heading of each exit code, its sentences in order."""
    said: dict[int, dict[str, None]] = {}
    for case, found in outcomes().items():
        said.setdefault(case.exit_code, {})[found.chinese] = None
    return _IN_CHINESE.sub(
        lambda found: found[1] + "\n".join(said[int(found[2])]), CHINESE.read_text("utf-8")
    )


def state_of(sentence: str) -> State:
    """Return the state with this sentence as its docstring."""
    if not sentence:
        return handed_in.there
    known = (*vars(states).values(), *vars(handed_in).values())
    named = (each for each in known if callable(each))
    [state] = {each for each in named if " ".join(str(each.__doc__).split()) == sentence}
    found: State = state
    return found


@contextlib.contextmanager
def brought_about(state: State) -> Iterator[Callable[..., Outcome]]:
    """Enter a folder with a fresh ledger in this state; yield a function that runs a line."""
    with workplace("en"):
        write_kept(LEDGER, ledger_bytes())
        with state():
            for path in _files({}):  # so that each write shows, however soon it comes
                # Windows touches none but what a link leads to.
                os.utime(path, (0, 0), follow_symlinks=os.utime not in os.supports_follow_symlinks)
            before = _files({})

            def typed(line: str, language: str = "en") -> Outcome:
                nonlocal before
                outcome, after = _run(line, language), _files(before)
                was, now = (
                    {(path, of.content) for path, of in each.items()} for each in (before, after)
                )
                changed = frozenset(path for path, _ in was ^ now)
                before = after
                return outcome._replace(changed=changed)

            yield typed


def _run(line: str, language: str) -> Outcome:
    parts = _TYPED.fullmatch(re.sub(r"(.)\1\1…", lambda found: found[1] * _REPEATED, line))
    assert parts, line
    stdin, today, command = parts.groups()
    # The workplace takes them back.
    os.environ |= {"LEDGER12315_LANG": language, "LEDGER12315_TODAY": today or ""}
    sentences, translate, chinese = set[str](), NullTranslations.gettext, io.StringIO()

    def listen(self: NullTranslations, sentence: str) -> str:
        sentences.add(sentence)
        return translate(self, sentence)

    def tell(told: Iterable[object], stream: TextIO) -> None:
        told = [*told]
        print_sentences(told, stream)
        with patch.dict(os.environ, LEDGER12315_LANG="zh"):
            print_sentences(told, chinese)

    print_sentences = desk._print_sentences

    with (
        patch("sys.stdin", io.TextIOWrapper(io.BytesIO((stdin or "").encode()))),
        patch.object(NullTranslations, "gettext", listen),
        patch.object(desk, "_print_sentences", tell),
        contextlib.redirect_stdout(io.StringIO()) as stdout,
        contextlib.redirect_stderr(io.StringIO()) as stderr,
    ):
        code = run(shlex.split(command))
    said = stdout.getvalue(), stderr.getvalue(), chinese.getvalue()
    return Outcome(code, *said, frozenset(sentences), frozenset())


class _File(NamedTuple):
    state: tuple[int, ...]
    content: bytes


def _files(known: Mapping[str, _File]) -> dict[str, _File]:
    """Return all files; only what was written to since they were known is read again."""
    found = {}
    for folder, _, names in os.walk("."):
        for path in (f"{folder}/{name}" for name in names):
            of = os.lstat(path)
            state = of.st_ino, of.st_mode, of.st_size, of.st_mtime_ns
            same = path in known and known[path].state == state
            found[path] = known[path] if same else _File(state, Path(path).read_bytes())
    return found
