"""The pictures of docs/pictures/, drawn from the demo by `python -m tests.pictures`."""

import contextlib
import io
import os
import re
import shlex
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from shutil import copy, which
from tempfile import TemporaryDirectory
from unittest.mock import patch

from python_calamine import CalamineWorkbook
from rich.text import Text

from ledger12315.cli.app import run
from ledger12315.cli.window import loop
from tests import drawing
from tests.catalogue import ROOT
from tests.cli.conftest import Screen
from tests.rows import cells
from tests.transcripts import Reader, lay_demo

PICTURES = ROOT / "docs" / "pictures"
_DAY = "2027-01-04"
_OF_THE_MOMENT = re.compile(r"[0-9a-f]{16,64}|\d\d:\d\d:\d\d")
_LINES = 12
"""How many of a text's lines are shown."""

# The window, in both languages: what is typed into it.
_WINDOWS = (
    ("window.txt", "en", ("find 双门冰箱", "close 92 --outcome settled --recovered 1999")),
    ("window.zh.txt", "zh", ("查找 双门冰箱", "办结 92 --处理结果 和解 --挽回经济损失 1999")),
)
# Screen -> where somebody typed: after a prompt, or after each question.
_TYPED = {
    **dict.fromkeys(("window", "window.zh"), r"(?m)^\S+> (?P<bright_green>.+)$"),
    "conversation": r"(?m)^\S.*: (?P<bright_green>.+)$",
}
# What each picture is of: a command after whose file it is called, or a text.
FORMS = dict(
    cells("""
    attachment1 | export 1 --number 94
    attachment2 | export 2 2026Q4 --point P001
    attachment3 | export 3 2026Q4
    attachment4 | export 4 --point P001
    attachment5 | export 5 2026Q4
    attachment6 | export 6 2026Q4
    agreement   | export 和解协议 --number 94
    notice      | export 抄告 --number 42
    publicity   | export 公示 2026Q4
    record      | export 工作记录 --number 35
    assessment  | export 考核 2026Q4
    """)
)
DRAWN = {
    **{f"{name}.png": drawing.OFFICE for name in FORMS},
    **dict.fromkeys(
        ("report.png", "receipt.png", "window.png", "window.zh.png", "conversation.png"),
        drawing.BROWSER,
    ),
}
"""Each picture, with the programs that it takes."""


def lay(folder: Path) -> None:
    """Put the demo into a folder, with the workbooks, page and texts to be drawn."""
    reader = Reader(folder, "zh")
    demo, ledger = folder / "demo", folder / "demo" / "ledger.sqlite"
    lay_demo(demo, "zh")
    for name, language, typed in _WINDOWS:
        copy(ledger, used := demo / f"{name}.sqlite")
        (demo / name).write_text(reader.tidy(_window(used, language, typed)), "utf-8")
    for name, line in FORMS.items():
        _give(f"{line} -o {demo}/{name}.xlsx", ledger)
    _give(f"report 2026Q4 -o {demo}/report.html", ledger)
    _give(f"returns submit 2026Q4 --yes -o {demo}", ledger)
    (receipt,) = demo.glob("*回执*.txt")
    lines = receipt.read_text("utf-8-sig").splitlines()
    shown = [*lines[: _LINES - 3], "  ……", *lines[-2:]]
    (demo / "receipt.txt").write_text("\n".join(shown), "utf-8")
    (demo / "conversation.txt").write_text(_conversation(), "utf-8")


def _give(line: str, ledger: Path) -> None:
    told = {"LEDGER12315_LANG": "zh", "LEDGER12315_TODAY": _DAY, "LEDGER12315_DB": str(ledger)}
    with (
        patch.dict(os.environ, told),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()) as said,
    ):
        assert run(shlex.split(line)) == 0, said.getvalue()


class _Typist(Screen):
    """Somebody at the window, whose lines appear on the screen."""

    def __init__(self, screen: Screen, lines: Sequence[str]) -> None:
        super().__init__()
        self.screen, self.lines = screen, iter(lines)

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        """Return the next line; after the last one, the end."""
        line = next(self.lines, "")
        self.screen.write(f"{line}\n" * bool(line))
        return f"{line}\n" * bool(line)


def _window(ledger: Path, language: str, lines: Sequence[str]) -> str:
    """Return what a terminal in colour shows of the window after these lines."""
    screen = Screen()
    told = {"LEDGER12315_LANG": language, "LEDGER12315_TODAY": _DAY, "LEDGER12315_DB": str(ledger)}
    with (
        patch.dict(os.environ, {**told, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}),
        patch.object(loop, "can_edit_lines", lambda: False),
        patch("sys.stdin", _Typist(screen, lines)),
        contextlib.redirect_stdout(screen),
        contextlib.redirect_stderr(screen),
    ):
        os.environ.pop("NO_COLOR", None)
        run([])
    return screen.getvalue()


def _conversation() -> str:
    """Return the first conversation of the Chinese tutorial, which its test types."""
    page = (ROOT / "docs" / "tutorial.zh.md").read_text("utf-8")
    return page.partition("```console\n$ ledger12315 --练习 受理\n")[2].partition("```")[0]


def figures(name: str, folder: Path) -> str:
    """Return the text that a picture of the demo must show, without heads and times."""
    of = folder / "demo" / name.removesuffix(".png")
    if name == "report.png":
        page = of.with_suffix(".html").read_text("utf-8").partition("<body")[2]
        lines = unescape(re.sub("<[^>]*>", "\n", page)).splitlines()
        return "\n".join(filter(None, map(str.strip, lines)))
    if DRAWN[name] == drawing.BROWSER:
        return _OF_THE_MOMENT.sub("", _screen(of).markup)
    book = CalamineWorkbook.from_path(of.with_suffix(".xlsx"))
    rows = (
        [f"{cell:.15g}" if isinstance(cell, float) else str(cell) for cell in row if cell != ""]
        for row in book.get_sheet_by_index(0).to_python()
    )
    return _OF_THE_MOMENT.sub("", "\n".join(" | ".join(row) for row in rows if row))


def _screen(of: Path) -> Text:
    """Return what a screen shows, with what was typed in a colour of its own."""
    shown = Text.from_ansi(of.with_name(f"{of.name}.txt").read_text("utf-8"))
    if typed := _TYPED.get(of.name):
        shown.highlight_regex(typed)
    return shown


def _drawn(name: str, folder: Path) -> bytes:
    of = folder / "demo" / name.removesuffix(".png")
    if name == "report.png":
        return drawing.page(of.with_suffix(".html"))
    if DRAWN[name] == drawing.BROWSER:
        return drawing.terminal(_screen(of), folder)
    return drawing.form(of.with_suffix(".xlsx"))


def main() -> None:
    """Draw all pictures; name those whose program is missing."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        lay(folder)
        for name, programs in DRAWN.items():
            if missing := [each for each in programs if not which(each)]:
                print(f"{name} is not drawn anew: not installed: {', '.join(missing)}")
            else:
                drawn = drawing.carrying(_drawn(name, folder), figures(name, folder))
                (PICTURES / name).write_bytes(drawn)


if __name__ == "__main__":
    main()
