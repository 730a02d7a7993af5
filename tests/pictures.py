"""The pictures of docs/, drawn of the demo: `python -m tests.pictures` draws them anew.

Each carries in it the figures that it was drawn of, so that a test can tell when they are old.
"""

import contextlib
import io
import os
import re
import struct
import subprocess
import zlib
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from unittest.mock import patch

from openpyxl import load_workbook

from ledger12315.cli.app import run
from tests.catalogue import ROOT

DOCS = ROOT / "docs"
_PERIOD, _TODAY = "2026Q4", "2026-12-28"
_CHROMIUM = which("chromium") or which("google-chrome") or "chromium"
_DPI, _MARGIN = 96, 10
_SMALL = "--force-device-scale-factor=0.75"
_OF_THE_MOMENT = re.compile("[0-9a-f]{64}")


def lay(folder: Path) -> None:
    """Lay the demo in a folder, with the workbook and the page that are drawn."""
    told = {"LEDGER12315_LANG": "zh", "LEDGER12315_TODAY": _TODAY}
    page = f"--db {folder}/ledger.sqlite report {_PERIOD} --as-of {_TODAY} -o {folder}/page.html"
    for line in (f"demo {folder}", page):
        with patch.dict(os.environ, told), contextlib.redirect_stdout(io.StringIO()):
            assert run(line.split()) == 0


def figures(name: str, folder: Path) -> str:
    """Return what a picture of the demo in a folder has to show, without heads of the history."""
    if name == "report.png":
        page = (folder / "page.html").read_text("utf-8").partition("<body")[2]
        lines = unescape(re.sub("<[^>]*>", "\n", page)).splitlines()
        return "\n".join(filter(None, map(str.strip, lines)))
    (sheet, *_) = load_workbook(folder / f"附件6_{_PERIOD}.xlsx").worksheets
    rows = (
        [str(cell) for cell in row if cell is not None]
        for row in sheet.iter_rows(values_only=True)
    )
    return _OF_THE_MOMENT.sub("", "\n".join(" | ".join(row) for row in rows if row))


def carried(picture: Path) -> str:
    """Return the figures that a picture carries."""
    return dict(_chunks(picture.read_bytes())).get(b"iTXt", b"").rpartition(b"\0")[2].decode()


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 8
    while place < len(png):
        (size,) = struct.unpack_from(">I", png, place)
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + size]
        place += size + 12


def _carrying(png: bytes, text: str) -> bytes:
    """Return a PNG with a text in it, before its last chunk, which is empty."""
    told = b"iTXt" + b"Figures\0\0\0\0\0" + text.encode()
    chunk = struct.pack(">I", len(told) - 4) + told + struct.pack(">I", zlib.crc32(told))
    return png[:-12] + chunk + png[-12:]


def _draw_form(folder: Path) -> bytes:
    """Return the form's first page, cut to what is printed on it."""
    office = ("libreoffice", "--headless", "--convert-to", "pdf", "--outdir", folder)
    _run(*office, folder / f"附件6_{_PERIOD}.xlsx")
    pdf = folder / f"附件6_{_PERIOD}.pdf"
    words = _run("pdftotext", "-bbox", "-l", "1", pdf, "-").decode()
    found = re.findall('xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">[^<]', words)
    places = [[float(side) * _DPI / 72 for side in place] for place in found]
    foot = max(top for _, top, _, _ in places)  # the number of the page
    left, top, right, bottom = zip(
        *(place for place in places if place[1] < foot - 9), strict=True
    )
    x, y = int(min(left)) - _MARGIN, int(min(top)) - _MARGIN
    width, height = int(max(right)) + _MARGIN - x, int(max(bottom)) + _MARGIN - y
    cut = ("-x", str(x), "-y", str(y), "-W", str(width), "-H", str(height))
    return _run("pdftoppm", "-png", "-singlefile", "-r", str(_DPI), *cut, pdf)


def _draw_page(folder: Path) -> bytes:
    """Return the head of the page, as a browser shows it."""
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", _SMALL)
    size, profile = "--window-size=1200,1010", f"--user-data-dir={folder}/profile"
    picture = folder / "report.png"
    _run(_CHROMIUM, *options, size, profile, f"--screenshot={picture}", folder / "page.html")
    return picture.read_bytes()


def _run(*command: str | Path) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


# What draws each picture, and the programs that it takes.
PICTURES: dict[str, tuple[Callable[[Path], bytes], tuple[str, ...]]] = {
    "attachment6.png": (_draw_form, ("libreoffice", "pdftotext", "pdftoppm")),
    "report.png": (_draw_page, (_CHROMIUM,)),
}


def main() -> None:
    """Draw all pictures; say which ones are not drawn for want of a program."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "demo"
        lay(folder)
        for picture, (draw, programs) in PICTURES.items():
            if missing := [each for each in programs if not which(each)]:
                print(f"docs/{picture} is not drawn anew: not installed: {', '.join(missing)}")
            else:
                drawn = _carrying(draw(folder), figures(picture, folder))
                (DOCS / picture).write_bytes(drawn)


if __name__ == "__main__":
    main()
