"""The pictures of docs/pictures/, drawn from the demo by `python -m tests.pictures`."""

import contextlib
import io
import os
import re
import shlex
from html import unescape
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from unittest.mock import patch

from ledger12315.cli.app import run
from tests import drawing
from tests.catalogue import ROOT
from tests.desk import reopened
from tests.transcripts import Reader

PICTURES = ROOT / "docs" / "pictures"
_DAY, _AFTER = "2026-12-28", "2027-01-05"
_OF_THE_MOMENT = re.compile(r"[0-9a-f]{16,64}|\d\d:\d\d:\d\d")
_LINES = 12
"""How many of a text's lines are shown."""

# What each picture is of: a command after whose file it is called, or a text.
FORMS = {
    "attachment1": "export 1 --number 94",
    "attachment2": "export 2 2026Q4 --point P001",
    "attachment3": f"export 3 2026Q4 --as-of {_DAY}",
    "attachment4": "export 4 --point P001",
    "attachment5": "export 5 2026Q4",
    "attachment6": f"export 6 2026Q4 --as-of {_DAY}",
    "agreement": "export 和解协议 --number 94",
    "notice": "export 抄告 --number 42",
    "publicity": f"export 公示 2026Q4 --as-of {_DAY}",
    "record": "export 工作记录 --number 35",
    "assessment": f"export 考核 2026Q4 --as-of {_DAY}",
}
DRAWN = {
    **{f"{name}.png": drawing.OFFICE for name in FORMS},
    **dict.fromkeys(
        ("report.png", "receipt.png", "today.png", "conversation.png"), drawing.BROWSER
    ),
}
"""Each picture, with the programs that it takes."""


def lay(folder: Path) -> None:
    """Put the demo into a folder, with the workbooks, page and texts to be drawn."""
    reader = Reader(folder, "zh")
    demo, ledger = folder / "demo", folder / "demo" / "ledger.sqlite"
    reader.environment = {**reader.environment, "LEDGER12315_TODAY": _DAY}
    reader.answer(["demo", str(demo)])
    reader.environment = {**reader.environment, "LEDGER12315_DB": str(ledger)}
    (demo / "today.txt").write_text("$ ledger12315 待办\n" + reader.answer(["待办"]), "utf-8")
    for name, line in FORMS.items():
        _give(f"{line} -o {demo}/{name}.xlsx", ledger, _DAY)
    _give(f"report 2026Q4 --as-of {_DAY} -o {demo}/report.html", ledger, _DAY)
    _give(f"returns submit 2026Q4 --yes -o {demo}", ledger, _AFTER)
    (receipt,) = demo.glob("*回执*.txt")
    lines = receipt.read_text("utf-8-sig").splitlines()
    shown = [*lines[: _LINES - 3], "  ……", *lines[-2:]]
    (demo / "receipt.txt").write_text("\n".join(shown), "utf-8")
    (demo / "conversation.txt").write_text(_conversation(), "utf-8")


def _give(line: str, ledger: Path, day: str) -> None:
    told = {"LEDGER12315_LANG": "zh", "LEDGER12315_TODAY": day, "LEDGER12315_DB": str(ledger)}
    with (
        patch.dict(os.environ, told),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()) as said,
    ):
        assert run(shlex.split(line)) == 0, said.getvalue()


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
        return _OF_THE_MOMENT.sub("", of.with_suffix(".txt").read_text("utf-8"))
    (sheet, *_) = reopened(of.with_suffix(".xlsx").read_bytes()).worksheets
    rows = (
        [str(cell) for cell in row if cell is not None]
        for row in sheet.iter_rows(values_only=True)
    )
    return _OF_THE_MOMENT.sub("", "\n".join(" | ".join(row) for row in rows if row))


def _drawn(name: str, folder: Path) -> bytes:
    of = folder / "demo" / name.removesuffix(".png")
    if name == "report.png":
        return drawing.page(of.with_suffix(".html"))
    if DRAWN[name] == drawing.BROWSER:
        return drawing.terminal(of.with_suffix(".txt").read_text("utf-8"), folder)
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
