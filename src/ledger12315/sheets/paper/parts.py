"""A worksheet's rows as XML, streamed into the packed file and read back from it: a register may hold more than fits memory."""

import re
from array import array
from collections.abc import Iterable
from decimal import Decimal
from typing import IO
from xml.etree.ElementTree import iterparse
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.utils import get_column_letter
from openpyxl.xml.constants import SHEET_MAIN_NS

from ledger12315.sheets.forms.spec import Value

# What XML cannot hold, escaped or not, then what its readers would take for markup or an escaped character.
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_PLAIN = re.compile("[^\x00-\x1f\ud800-\udfff\ufffe\uffff&<>_]+")
_LETTERS = ["", *map(get_column_letter, range(1, 100))]
_ROW, _NUMBER, _MERGED = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("row", "v", "mergeCell"))
# Excel refuses to open a file with a higher row.
_HIGHEST = 409.0

Placed = tuple[int, Value, int]
"""A column from 1, what stands in it, and the number of its look."""


def harmless_xml(text: str) -> str:
    """The text without what XML cannot hold, written so that readers take none of it for an escaped character."""
    return _ESCAPED.sub("_x005F_", _ILLEGAL.sub("", text))


class Archive(ZipFile):
    """A packed file whose parts carry no time: a clock would make equal input give unequal bytes."""

    def writestr(self, name: str, data: str | bytes, *_: object) -> None:  # type: ignore[override]  # openpyxl gives no more
        super().writestr(ZipInfo(name), data, ZIP_DEFLATED)

    def part(self, name: str) -> IO[bytes]:
        """A part to be written piece by piece."""
        info = ZipInfo(name)
        info.compress_type = ZIP_DEFLATED
        return self.open(info, "w")


class Rows:
    """Rows on their way into a part; of each a hash is kept, by which what was packed is held against what was meant."""

    def __init__(self, part: IO[bytes]) -> None:
        self.part = part
        self.count = 0
        self.hashes = array("q")

    def write(self, cells: Iterable[Placed], height: float) -> None:
        """The next row; `height` in points."""
        self.count += 1
        number, values = self.count, list[str | float | None]()
        xml = [f'<row r="{number}" ht="{min(height, _HIGHEST):g}" customHeight="1">']
        for column, value, look in cells:
            cell = f'<c r="{_LETTERS[column]}{number}" s="{look}"'
            if isinstance(value, str) and not _PLAIN.fullmatch(value):
                value = harmless_xml(value) or None
            if value is None:
                xml.append(f"{cell}/>")
            elif isinstance(value, str):
                # A leading = would be a formula in any other type of cell.
                space = ' xml:space="preserve"' if value != value.strip() else ""
                xml.append(f'{cell} t="inlineStr"><is><t{space}>{escape(value)}</t></is></c>')
            else:
                xml.append(f"{cell}><v>{value}</v></c>")
            values.append(float(value) if isinstance(value, Decimal) else value)
        xml.append("</row>")
        self.part.write("".join(xml).encode())
        self.hashes.append(hash(tuple(values)))

    def differing(self, part: IO[bytes]) -> int:
        """The first row that reads otherwise than it was meant; 0 where there is none."""
        number = 0
        for _, element in iterparse(part):  # noqa: S314  # what was packed here and nothing else
            if element.tag == _ROW:
                number += 1
                values = tuple(
                    None
                    if not len(cell)
                    else float(cell[0].text or "")
                    if cell[0].tag == _NUMBER
                    else cell[0][0].text
                    for cell in element
                )
                if number > self.count or hash(values) != self.hashes[number - 1]:
                    return number
            if element.tag in (_ROW, _MERGED):
                element.clear()
        return 0 if number == self.count else number + 1
