"""Workbooks and csv that somebody made to do harm, and a plain workbook of which any part can be replaced."""

import json
import struct
from collections.abc import Iterator, Mapping
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

HEADING = (
    "登记编号",
    "受理日期",
    "投诉人",
    "商品/服务名称",
    "联系电话",
    "争议金额",
    "处理结果",
    "办结日期",
)
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_DTD = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">{}]>'
SHEET, STRINGS, STYLES, BOOK = (
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
)


def _relations(*kinds: tuple[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(kinds)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def row(number: int, *values: str) -> str:
    cells = "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values)
    return f'<row r="{number}">{cells}</row>'


def sheet(*rows: str, before: str = "", after: str = "") -> str:
    """A sheet of a register with these rows below its heading."""
    return f"{_XML}<worksheet {_MAIN}>{before}<sheetData>{row(1, *HEADING)}{''.join(rows)}</sheetData>{after}</worksheet>"


GOOD = row(2, "A-1", "2026-09-01", "张三", "电饭锅", "13900001234", "299", "未结", "")
PARTS: Mapping[str, str] = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types"/>',
    "_rels/.rels": _relations(("officeDocument", BOOK)),
    BOOK: f'{_XML}<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets><sheet name="登记簿" sheetId="1" r:id="r0"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": _relations(
        ("worksheet", "worksheets/sheet1.xml"),
        ("sharedStrings", "sharedStrings.xml"),
        ("styles", "styles.xml"),
    ),
    SHEET: sheet(GOOD),
    STRINGS: f"{_XML}<sst {_MAIN}><si><t>未结</t></si></sst>",
    STYLES: f"{_XML}<styleSheet {_MAIN}><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>",
}


def packed(parts: Mapping[str, str | bytes], method: int = ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_part(name: str, content: str | bytes, method: int = ZIP_DEFLATED) -> bytes:
    return packed({**PARTS, name: content}, method)


def _cells(*cells: str) -> bytes:
    """A row of the register whose amount is one of these cells."""
    rows = (f'<row r="{number}">{cell}</row>' for number, cell in enumerate(cells, 2))
    return with_part(SHEET, sheet(*rows))


def bombs() -> Iterator[tuple[str, bytes]]:
    """Name and content of each."""
    yield from _documents()
    yield from _packings()
    yield from sheets()
    yield from _texts()


def _documents() -> Iterator[tuple[str, bytes]]:
    """Of every part: entities, what lies outside, nothing, what is no XML."""
    for part in PARTS:
        name, plain = part.rpartition("/")[2], PARTS[part].removeprefix(_XML)
        yield (
            f"{name}: entities in entities",
            with_part(part, _XML + _DTD.format("") + plain.replace("><", ">&b;<", 1)),
        )
        yield (
            f"{name}: external entity",
            with_part(part, _XML + _DTD.format('<!ENTITY c SYSTEM "file:///etc/passwd">') + plain),
        )
        yield (
            f"{name}: external DTD",
            with_part(part, f'{_XML}<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">{plain}'),
        )
        yield f"{name}: empty", with_part(part, "")
        yield f"{name}: missing", packed({each: PARTS[each] for each in PARTS if each != part})
        yield f"{name}: no XML", with_part(part, b"\0\1\2 no XML")
        yield f"{name}: deep", with_part(part, _XML + "<a>" * 200_000 + "</a>" * 200_000)
        yield f"{name}: UTF-16", with_part(part, plain.encode("utf-16"))
        yield (
            f"{name}: another encoding",
            with_part(part, plain.replace("<", '<?xml version="1.0" encoding="EBCDIC"?><', 1)),
        )
        yield (
            f"{name}: a long attribute",
            with_part(part, plain.replace("<", f'<a b="{"x" * 5_000_000}"/><', 1)),
        )
        yield (
            f"{name}: many elements",
            with_part(part, plain.replace("</", "<x/>" * 4_000_000 + "</", 1)),
        )
    for target in (
        "../../../../etc/passwd",
        "/etc/passwd",
        "http://192.0.2.1/sheet.xml",
        "sheet1.xml",
        "",
        ".",
        "workbook.xml",
    ):
        kinds = ("worksheet", target), ("sharedStrings", target), ("styles", target)
        yield f"relations to {target}", with_part("xl/_rels/workbook.xml.rels", _relations(*kinds))
        yield f"root at {target}", with_part("_rels/.rels", _relations(("officeDocument", target)))
    yield "macros", with_part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" * 1000)
    yield (
        "external link",
        with_part("xl/externalLinks/externalLink1.xml", f"{_XML}<externalLink {_MAIN}/>"),
    )


def _packings() -> Iterator[tuple[str, bytes]]:
    zeros, blanks = b"\0" * (1 << 20), " " * 10_000_000
    for megabytes in (30, 300, 700):
        yield f"{megabytes} MB of nothing", with_part("xl/media/x.bin", zeros * megabytes)
    yield "a sheet of 100 MB of blanks", with_part(SHEET, sheet(GOOD, blanks * 10))
    yield (
        "unpacks much",
        with_part(SHEET, sheet(*[GOOD.replace('r="2"', f'r="{n}"') for n in range(2, 200_000)])),
    )
    yield "many parts", packed({**PARTS, **{f"x/{number}": "" for number in range(30_000)}})
    yield "bzip2", with_part(SHEET, PARTS[SHEET], ZIP_BZIP2)
    yield "lzma", with_part(SHEET, PARTS[SHEET], ZIP_LZMA)
    stored = packed(PARTS, ZIP_STORED)
    yield "stored", stored
    yield "two directories", stored + packed(PARTS)
    yield "a zip within", with_part(SHEET, stored)
    yield "another sum", stored.replace("张三".encode(), "张四".encode())
    yield "encrypted", _flagged(stored, 1)
    yield "no name in UTF-8", _flagged(stored, 0x800)
    for size in (0, 1, 0x7FFFFFFF, 0xFFFFFFFF):
        yield f"sizes said to be {size}", _sized(stored, size)
    yield "only the end of a zip", b"PK\5\6" + bytes(18)
    yield (
        "end with a large directory",
        b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, 0xFFFFFFFF, 0, 0),
    )
    yield "OLE", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)
    yield "only PK", b"PK"
    yield "PK and more", b"PK\3\4" + bytes(range(256)) * 100


def _flagged(content: bytes, flag: int) -> bytes:
    changed = bytearray(content)
    place = 0
    while (place := content.find(b"PK\1\2", place + 1)) > 0:
        changed[place + 8 : place + 10] = struct.pack("<H", flag)
    return bytes(changed)


def _sized(content: bytes, size: int) -> bytes:
    changed = bytearray(content)
    place = 0
    while (place := content.find(b"PK\1\2", place + 1)) > 0:
        changed[place + 24 : place + 28] = struct.pack("<I", size)
    return bytes(changed)


def sheets() -> Iterator[tuple[str, bytes]]:
    yield "false dimension", with_part(SHEET, sheet(GOOD, before='<dimension ref="A1:A1"/>'))
    yield (
        "huge dimension",
        with_part(SHEET, sheet(GOOD, before='<dimension ref="A1:XFD1048576"/>')),
    )
    for number in (
        "0",
        "-1",
        "1048577",
        "99999999999999999999",
        "1",
        "x",
        "1e3",
        "\N{FULLWIDTH DIGIT FIVE}",
    ):
        yield f"row {number}", with_part(SHEET, sheet(GOOD.replace('r="2"', f'r="{number}"')))
    for place in (
        "A1",
        "XFD2",
        "ZZZ2",
        "AAAAAAAA2",
        "2",
        "A",
        "",
        "a2",
        "$A$2",
        "A-2",
        "IV2",
        "IW2",
    ):
        yield f"cell {place}", _cells(f'<c r="{place}"><v>1</v></c>')
    for value in (
        "1e999",
        "-1e999",
        "nan",
        "inf",
        "1e308",
        "0x10",
        "1_000",
        "",
        " 1 ",
        "1,5",
        "9" * 400,
        "2958466",
        "-1",
        "0",
    ):
        for style in ("0", "1", "2", "-1", "x", "99999999999"):
            yield (
                f"number {value[:9]} in style {style}",
                _cells(*[f'<c s="{style}"><v>{value}</v></c>'] * 3),
            )
    for kind in ("s", "b", "e", "d", "str", "inlineStr", "x", "", "n"):
        for value in ("0", "-1", "99", "x", "2026-99-99", "1e400"):
            yield f"type {kind}, value {value}", _cells(f'<c t="{kind}"><v>{value}</v></c>' * 8)
    yield (
        "formulas",
        _cells(
            *['<c><f>1/0</f></c><c t="e"><v>#REF!</v></c><c t="str"><f>CMD|x</f><v>=1+1</v></c>']
            * 3
        ),
    )
    yield "cells outside of rows", with_part(SHEET, sheet(after='<c r="A9"><v>1</v></c>'))
    yield "rows in rows", with_part(SHEET, sheet(f'<row r="3">{GOOD}</row>'))
    yield "a long text", with_part(SHEET, sheet(row(2, "x" * 33_000)))
    yield "a very long text", with_part(SHEET, sheet(row(2, "x" * 90_000_000)))
    yield "a text in many pieces", with_part(SHEET, sheet(row(2, "&amp;" * 5_000_000)))
    yield (
        "escapes",
        with_part(
            SHEET,
            sheet(row(2, "_x0000_", "_xD800_", "_x001B_[31m", "_x202E_", "_xFFFE_", "_x000A_")),
        ),
    )
    yield (
        "many wide rows",
        with_part(
            SHEET, sheet(*(f'<row><c r="IV{n}"><v>1</v></c></row>' for n in range(2, 100_000)))
        ),
    )
    yield (
        "many bad rows",
        with_part(SHEET, sheet(*(row(n, f"A-{n}", *"???????") for n in range(2, 60_000)))),
    )
    yield "many texts", with_part(STRINGS, f"{_XML}<sst {_MAIN}>{'<si/>' * 4_000_000}</sst>")
    yield (
        "many styles",
        with_part(
            STYLES,
            f"{_XML}<styleSheet {_MAIN}><cellXfs>{'<xf/>' * 4_000_000}</cellXfs></styleSheet>",
        ),
    )
    yield (
        "slow format",
        with_part(
            STYLES,
            f'<s {_MAIN}><numFmts><numFmt numFmtId="9" formatCode="{"[" * 60_000}"/></numFmts></s>',
        ),
    )
    yield (
        "1904",
        with_part(BOOK, PARTS[BOOK].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')),
    )
    yield "hidden", with_part(BOOK, PARTS[BOOK].replace("r:id", 'state="veryHidden" r:id'))
    yield "no sheets", with_part(BOOK, PARTS[BOOK].replace("<sheet ", "<shoot "))
    yield (
        "many sheets",
        with_part(
            BOOK,
            PARTS[BOOK].replace(
                '<sheet name="登记簿" sheetId="1" r:id="r0"/>',
                '<sheet name="x" r:id="r0"/>' * 3000,
            ),
        ),
    )
    yield (
        "strange name",
        with_part(BOOK, PARTS[BOOK].replace("登记簿", "[a]/b\\c*?:'" + "x" * 500)),
    )


def _texts() -> Iterator[tuple[str, bytes]]:
    """csv, and JSON."""
    head = ",".join(HEADING)
    good = f"{head}\nA-1,2026-09-01,张三,电饭锅,13900001234,299,未结,\n"
    for encoding in ("utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-32", "utf-7", "big5"):
        yield f"csv in {encoding}", good.encode(encoding, "ignore")
    yield "csv, quotation mark left open", (good + '"A-2,' + "x,\n" * 100_000).encode()
    yield "csv, one long line", b"x" * 50_000_000
    yield "csv, many commas", b"," * 20_000_000
    yield "csv, many lines", b"\n" * 3_000_000
    yield "csv, many columns", (head + "," * 300 + "\n" + ",".join("x" * 1000) + "\n").encode()
    yield "csv, a long cell", (good + "A-2," + "x" * 200_000).encode()
    yield "csv, a heading of nothing else", "\n".join([head] * 50_000).encode()
    yield (
        "csv, many bad rows",
        (head + "\n" + "".join(f"A-{n},?,?,?,?,?,?,?\n" for n in range(100_000))).encode(),
    )
    yield (
        "csv, long bad texts",
        (head + "\n" + "".join(f"A-{n},{'长' * 4000}\n" for n in range(20_000))).encode(),
    )
    yield (
        "csv, controls",
        (good + "A-2,2026-09-01,\x1b[31m\0\x07,\u202e\ufffe,\u2028,\x85,\x0b,\x0c\n").encode(),
    )
    yield "csv, half a character", good.encode()[:-3] + b"\xe5\xbc"
    yield "csv, bytes of every kind", bytes(range(256)) * 1000
    yield "csv, formulas", (good + "=1+1,=cmd|x,@x,+1,-1,\t=1,%0A,|\n").encode()
    yield (
        "csv, numbers that are none",
        (good + "A-2,1e999,NaN,\u0663,\u2460,\u2155,\u96f6,1_0\n").encode(),
    )
    yield "nothing", b""
    yield "a mark of UTF-8 only", b"\xef\xbb\xbf"
    yield "a web page", b"<html><table><tr><td>x</td></tr></table></html>"
    for text in (
        "{}",
        "[]",
        "null",
        "1",
        '"x"',
        "{",
        '{"a": {}}',
        '{"": ""}',
        '{"\\ud800": "item"}',
        '{"a\\u0000": "item"}',
        '{"a": 1e999}',
    ):
        yield f"JSON {text}", text.encode()
    yield "JSON, deep", b"[" * 1_000_000
    yield "JSON, an object within objects", b'{"a":' * 200_000
    yield "JSON, a long number", b'{"01": ' + b"9" * 1_000_000 + b"}"
    yield "JSON, a long heading", json.dumps({"x" * 900_000: "item"}).encode()
    yield (
        "JSON, many headings",
        json.dumps({f"x{number}": "item" for number in range(50_000)}).encode(),
    )
