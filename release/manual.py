"""The page of the manual, made of the same help: `python -m release.manual FOLDER`."""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from ledger12315.build import COMMITTED, VERSION
from ledger12315.cli.app import Deferred, program
from ledger12315.cli.face.help import (
    Explained,
    Group,
    command_path,
    example_line,
    help_sections,
    rare_sections,
    usage,
)
from ledger12315.locale import _
from ledger12315.locale.hints import PROGRAM

_FILES = {
    "en": (
        ("~/.local/share/ledger12315/ledger.sqlite", "the ledger, unless another is named"),
        ("~/.local/share/ledger12315/practice.ledger.sqlite", "the ledger for practice"),
        (
            "~/.config/ledger12315/config.toml",
            "db, lang and user, for variables that are not set: lang = 'zh'",
        ),
    ),
    "zh": (
        ("~/.local/share/ledger12315/ledger.sqlite", "台账，没有另外写明时"),
        ("~/.local/share/ledger12315/practice.ledger.sqlite", "练习台账"),
        (
            "~/.config/ledger12315/config.toml",
            "环境变量没有设置时用的 db、lang、user，如 lang = 'zh'",
        ),
    ),
}
PAGES = {"en": "man1", "zh": "zh_CN/man1"}
_TITLES = {
    "en": "NAME|SYNOPSIS|DESCRIPTION|COMMANDS|EXIT STATUS|ENVIRONMENT|FILES",
    "zh": "名称|用法|说明|命令|退出码|环境变量|文件",
}
_ERRORS = {"en": "errors.md", "zh": "errors.zh.md"}
"""The pages of docs/ with the table of exit codes."""


def manual(language: str) -> str:
    """Return the page in a language, as man(7) has it."""
    os.environ["LEDGER12315_LANG"] = language
    root = program()
    context: Any = root.make_context("ledger12315", [], resilient_parsing=True)
    titles = _TITLES[language].split("|")
    name, synopsis, description, commands, exits, environment, files = titles
    title = f'.TH LEDGER12315 1 "{COMMITTED}" "ledger12315 {VERSION}"'
    told = _text(_(root.help or ""))
    lines = [title, _head(name), rf"ledger12315 \- {told}"]
    lines += [_head(synopsis), ".B " + _text(usage(context))]
    sections = {**help_sections(context), **rare_sections(context)}
    variables = sections.pop(_("Variables"))
    lines += [_head(description), told, *_sections(sections), _head(commands)]
    for command, below in _commands(root, context):
        lines += [
            f'.SS "{_text(" ".join([PROGRAM, *command_path(below)]))}"',
            _text(_(command.help or "")),
        ]
        lines += [".PP", ".B " + _text(usage(below)), *_sections(help_sections(below))]
        lines += [".PP", ".EX", _text(example_line(below)), ".EE"]
    lines += [_head(exits), *_rows(_exit_codes(language))]
    lines += [_head(environment), *_rows((each.typed, each.said) for each in variables)]
    lines += [_head(files), *_rows(_FILES[language])]
    return "\n".join([*lines, ""])


def _exit_codes(language: str) -> list[tuple[str, str]]:
    page = Path(__file__).parents[1] / "docs" / _ERRORS[language]
    text = page.read_text("utf-8").replace("`", "")
    return re.findall(r"^\| (\d+) \| (.+) \|$", text, re.M)


def _commands(group: Any, context: typer.Context) -> Iterator[tuple[Any, typer.Context]]:
    for name, each in group.commands.items():
        command = each.load() if isinstance(each, Deferred) else each
        below = typer.Context(command, parent=context, info_name=name)
        if isinstance(command, Group):
            yield from _commands(command, below)
        else:
            yield command, below


def _sections(sections: Mapping[str, list[Explained]]) -> Iterator[str]:
    for title, rows in sections.items():
        yield from (".PP", f".I {_text(title)}")
        yield from _rows((f"{row.typed}{' *' * row.required}", row.said) for row in rows)


def _rows(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for typed, said in rows:
        yield from (".TP", f".B {_text(typed)}", _text(said) or r"\&")


def _head(title: str) -> str:
    return f'.SH "{title}"'


def _text(text: str) -> str:
    r"""Return text as roff prints it: it begins no request, and hyphens can be copied."""
    plain = text.replace("\\", r"\e").replace("-", r"\-").replace('"', r"\(dq")
    plain = plain.replace("、", "、 ")  # without blanks a line can be neither broken nor filled
    return re.sub(r"^(?=[.'])", r"\&", plain)


if __name__ == "__main__":
    for language, folder in PAGES.items():
        place = Path(sys.argv[1], folder)
        place.mkdir(parents=True)
        (place / "ledger12315.1").write_text(manual(language), "utf-8")
