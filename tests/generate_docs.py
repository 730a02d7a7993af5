"""The generated pages of docs/, written by `python -m tests.generate_docs`."""

import contextlib
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from unittest.mock import patch

from ledger12315.cli.app import run
from ledger12315.cli.face import help
from ledger12315.cli.table import COMMANDS, GROUPS
from tests import contents, errors, json_page
from tests.catalogue import ROOT
from tests.kept import kept_open
from tests.states import workplace

PAGES = {"en": ROOT / "docs" / "commands.md", "zh": ROOT / "docs" / "commands.zh.md"}


def commands(language: str) -> str:
    """Return a page of commands: the help of the program and of each group and command."""
    head, _, _ = PAGES[language].read_text("utf-8").partition("\n## ")
    return "\n".join([head, *_helps(language)])


def _helps(language: str) -> Iterator[str]:
    yield _help("ledger12315", "--help", language)
    yield _help("help options", "help options", language)
    groups = {row.name: row.zh for row in GROUPS}
    told = set[str]()
    for row in COMMANDS:
        names = row.name.split()
        above = [" ".join(names[:count]) for count in range(1, len(names))]
        for place, group in enumerate(above, 1):
            if group not in told:
                told.add(group)
                second = " ".join(groups[each] for each in above[:place])
                yield _help(f"{group} {second}", f"{group} --help", language)
        second = " ".join((*(groups[each] for each in above), row.zh))
        yield _help(f"{row.name} {second}", f"{row.name} --help", language)


def _help(title: str, line: str, language: str) -> str:
    return f"## {title}\n\n```text\n{help_of(line, language).rstrip()}\n```\n"


@cache
def help_of(line: str, language: str) -> str:
    """Return what a line that only helps says, in a folder that stays empty."""
    with (
        workplace(language),
        patch.object(help, "_CONTINUED", "\\"),  # the page is read with any shell
        contextlib.redirect_stdout(io.StringIO()) as stdout,
        contextlib.redirect_stderr(stdout),
    ):
        assert run(line.split()) == 0 and not [*Path().iterdir()]
    return stdout.getvalue()


def main() -> None:
    """Write all generated pages."""
    for language, page in PAGES.items():
        page.write_text(commands(language), "utf-8")
    errors.PAGE.write_text(errors.errors(), "utf-8")
    errors.CHINESE.write_text(errors.errors_in_chinese(), "utf-8")
    json_page.PAGE.write_text(json_page.page(), "utf-8")
    contents.main()


if __name__ == "__main__":
    with kept_open():
        main()
