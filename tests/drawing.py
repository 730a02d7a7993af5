"""Pictures of workbooks, pages and texts, drawn by the programs that show them to people.

Each picture contains its source as text, so that a test finds outdated ones.
"""

import io
import re
import struct
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path
from shutil import which

from rich.cells import cell_len
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

OFFICE = ("libreoffice", "pdftotext", "pdftoppm")
BROWSER = (which("chromium") or which("google-chrome") or "chromium",)
_DPI, _MARGIN = 96, 10
_LINE, _CELL = 21, 7.5
_GREY, _DARK = (215, 218, 224), (30, 34, 39)
_NORMAL = [(0, 0, 0), (224, 108, 117), (152, 195, 121), (229, 192, 123)]
_THEME = TerminalTheme(_DARK, _GREY, [*_NORMAL, *[_GREY] * 4], [*_NORMAL, *[_GREY] * 4])
_TERMINAL = f"""<!doctype html><meta charset="utf-8"><style>
@font-face {{{{ font-family: rules; src: local("DejaVu Sans Mono"); unicode-range: U+2500-257F;
  size-adjust: 83% }}}}
body {{{{ margin: 0; background: {{background}} }}}}
pre {{{{ margin: 0; padding: 16px 20px; color: {{foreground}}; line-height: {_LINE}px;
  font: 15px/{_LINE}px rules, "Noto Sans Mono CJK SC", monospace }}}}
</style><pre>{{code}}</pre>"""


def form(workbook: Path) -> bytes:
    """Return the first page of a workbook, cut to its printed area."""
    pdf = workbook.with_suffix(".pdf")
    _run("libreoffice", "--headless", "--convert-to", "pdf", "--outdir", pdf.parent, workbook)
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
    return _run("pdftoppm", "-png", "-gray", "-singlefile", "-r", str(_DPI), *cut, pdf)


def page(html: Path, width: int = 1200, height: int = 1010, scale: float = 0.75) -> bytes:
    """Return a picture of a page's top in a browser."""
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
    seen = (f"--window-size={width},{height}", f"--force-device-scale-factor={scale}")
    picture = html.with_suffix(".png")
    profile = f"--user-data-dir={html.parent}/profile"
    _run(*BROWSER, *options, *seen, profile, f"--screenshot={picture}", html)
    return picture.read_bytes()


def terminal(text: Text, folder: Path) -> bytes:
    """Return a picture of a screen, at least 80 columns wide."""
    lines = text.plain.splitlines()
    console = Console(record=True, file=io.StringIO(), width=max(80, *map(cell_len, lines)))
    console.print(text)
    html = folder / "terminal.html"
    page_of = console.export_html(theme=_THEME, code_format=_TERMINAL, inline_styles=True)
    html.write_text(page_of, "utf-8")
    return page(html, int(console.width * _CELL) + 40, _LINE * len(lines) + 32, 1)


def _run(*command: str | Path) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


def carrying(png: bytes, text: str) -> bytes:
    """Return a PNG with a text in it, before its last chunk, which is empty."""
    told = b"iTXt" + b"Figures\0\0\0\0\0" + text.encode()
    chunk = struct.pack(">I", len(told) - 4) + told + struct.pack(">I", zlib.crc32(told))
    return png[:-12] + chunk + png[-12:]


def carried(picture: Path) -> str:
    """Return the text inside a picture."""
    return dict(_chunks(picture.read_bytes())).get(b"iTXt", b"").rpartition(b"\0")[2].decode()


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 8
    while place < len(png):
        (size,) = struct.unpack_from(">I", png, place)
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + size]
        place += size + 12
