"""Malicious workbooks and texts, and a plain workbook with replaceable parts."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from io import BytesIO
from itertools import product
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

from tests.faults import words

HEADING = words("登记编号 受理日期 投诉人 商品/服务名称 联系电话 争议金额 处理结果 办结日期")
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PLAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
SHEET, STRINGS, STYLES, BOOK, _LINKS = words("""
    xl/worksheets/sheet1.xml xl/sharedStrings.xml xl/styles.xml xl/workbook.xml
    xl/_rels/workbook.xml.rels
""")


def row(number: int, *values: str) -> str:
    cells = "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values)
    return f'<row r="{number}">{cells}</row>'


def sheet(*rows: str, before: str = "", after: str = "") -> str:
    """Return a sheet of a register with these rows below its heading."""
    data = f"<sheetData>{row(1, *HEADING)}{''.join(rows)}</sheetData>"
    return f"{_XML}<worksheet {_MAIN}>{before}{data}{after}</worksheet>"


GOOD = row(2, "A-1", "2026-09-01", "张三", "电饭锅", "13900001234", "299", "未结", "")
_LINK = f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r'
_TABS = '<sheets><sheet name="登记簿" sheetId="1" r:id="r0"/></sheets>'
_FORMATS = "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs>"
PARTS: Mapping[str, str] = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    f'<Override PartName="/{BOOK}" ContentType="{_PLAIN}"/></Types>',
    "_rels/.rels": f'{_LINK}0" Type="{_OFFICE}/officeDocument" Target="{BOOK}"/></Relationships>',
    BOOK: f'{_XML}<workbook {_MAIN} xmlns:r="{_OFFICE}">{_TABS}</workbook>',
    _LINKS: f'{_LINK}0" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r1" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    SHEET: sheet(GOOD),
    STRINGS: f"{_XML}<sst {_MAIN}><si><t>未结</t></si></sst>",
    STYLES: f"{_XML}<styleSheet {_MAIN}>{_FORMATS}</styleSheet>",
}


def packed(parts: Mapping[str, str | bytes], method: int = ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_part(name: str, content: str | bytes, method: int = ZIP_DEFLATED) -> bytes:
    return packed({**PARTS, name: content}, method)


# What stands in a part, and what is written there: each of the words between « and », or what
# stands between ‹ and × so many times. AMOUNT is the cell of the amount.
_EDITS = {
    "*": """
        <?xml version="1.0" encoding="UTF-8"?> => <?xml version="1.0" encoding="EBCDIC"?>
        UTF-8"?> => UTF-8"?><!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">
        UTF-8"?> => UTF-8"?><!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/passwd">]>
        UTF-8"?> => UTF-8"?><!DOCTYPE x [<!ENTITY a "aaaaaaa"><!ENTITY b "‹&a;×9›">]>
        UTF-8"?> => UTF-8"?>‹<a>×200000›‹</a>×200000›
        UTF-8"?> => UTF-8"?><a b="‹x×5000000›"/>
        </ => ‹<x/>×4000000›</
    """,
    SHEET: """
        <sheetData> => <dimension ref="«A1:A1 A1:XFD1048576»"/><sheetData>
        r="2" => r="«0 -1 1048577 99999999999999999999 1 x 1e3 ５»"
        r="2"><c => r="2"><c r="«A1 XFD2 ZZZ2 AAAAAAAA2 2 A a2 $A$2 A-2 IV2 IW2»"
        r="2"><c => r="2"><c r=""
        AMOUNT => <c s="«0 1 2 -1 x 99»"><v>«1e999 -1e999 nan inf 1e308 0x10 1_0 1,5 -1»</v></c>
        AMOUNT => <c s="«0 1 2 -1 x 99»"><v>‹9×400›</v></c>
        AMOUNT => <c s="«0 1 2 -1 x 99»"><v> 1 </v></c>
        AMOUNT => <c t="«s b e d str inlineStr x n»"><v>«0 -1 99 x 2026-99-99 1e400»</v></c>
        AMOUNT => <c><f>1/0</f></c><c t="e"><v>#REF!</v></c><c t="str"><f>CMD|x</f><v>=1</v></c>
        299 => «_x0000_ _xD800_ _x001B_[31m _x202E_ _xFFFE_ _x000A_»
        299 => «‹x×33000› ‹x×90000000› ‹&amp;×5000000›»
        </sheetData> => </sheetData><c r="A9"><v>1</v></c>
        <sheetData> => <sheetData><!--‹<row ×200000›-->
        <sheetData> => <!--‹<sheetData>×200000›--><sheetData>
        <sheetData> => <sheetData><?x ‹<sheetData/><row/>×200000›?>
        </sheetData> => <row r="9"><!--‹<c ×200000›--></row></sheetData>
        </sheetData> => <row r="9"><c><f>1</f><!--‹<v>×200000›--></c></row></sheetData>
        </sheetData> => </sheetData><mergeCells>‹<mergeCell ref="A1:B2"/>×200000›</mergeCells>
        </sheetData> => </sheetData><!--‹<mergeCell ×200000›-->
        </sheetData> => </sheetData><sheetData/>
        <sheetData> => <x><sheetData><row r="1"/></sheetData></x><sheetData>
        <row r="2"> => <row r="3"><row r="2">
        </sheetData> => ‹ ×100000000›</sheetData>
        </sheetData> => ‹<row><c r="IV"><v>1</v></c></row>×100000›</sheetData>
        </sheetData> => ‹<row><c t="str"><v>?</v></c><c><v>?</v></c></row>×200000›</sheetData>
    """,
    STRINGS: "<si> => ‹<si/>×4000000›<si>",
    STYLES: """
        <cellXfs> => <cellXfs>‹<xf/>×4000000›
        <cellXfs> => <numFmts><numFmt numFmtId="9" formatCode="‹[×60000›"/></numFmts><cellXfs>
    """,
    BOOK: """
        </workbook> => <!--‹<calcPr ×200000›--></workbook>
        <sheets> => <workbookPr date1904="1"/><sheets>
        r:id => state="veryHidden" r:id
        <sheet => <shoot
        <sheets> => <sheets>‹<sheet name="登记簿" r:id="r0"/>×3000›
        登记簿 => [a]/b\\c*?:'‹x×500›
    """,
    "_rels/.rels": """
        "xl/workbook.xml" => "«../../../etc/passwd /etc/passwd http://192.0.2.1/x . sheet1.xml»"
        xl/workbook.xml =>
    """,
    _LINKS: """
        "worksheets/sheet1.xml" => "«../../../etc/passwd http://192.0.2.1/x . workbook.xml»"
        "styles.xml" => "«../../../etc/passwd http://192.0.2.1/x . workbook.xml»"
        worksheets/sheet1.xml =>
    """,
}
# No workbooks: @ is the heading of a register, ⏎ the end of a line.
_TEXTS = """
    @⏎A-1,2026-09-01,\x1b[31m\0\x07,\u202e\ufffe,\u2028,\x85,\x0b,\x0c⏎
    @⏎=1+1,=cmd|x,@x,+1,-1,\t=1,%0A,|⏎
    @⏎A-2,1e999,NaN,\u0663,\u2460,\u2155,\u96f6,1_0⏎
    @‹,×300›⏎‹x,×1000›⏎
    @⏎A-2,‹x×200000›
    @⏎"A-2,‹x,⏎×100000›
    ‹@⏎×50000›
    @⏎‹A-1,?,?,?,?,?,?,?⏎×100000›
    @⏎‹A-1,长长长长长长长长长长⏎×100000›
    ‹x×50000000›
    ‹,×20000000›
    ‹⏎×3000000›
    \ufeff
    <html><table><tr><td>x</td></tr></table></html>
    «{} [] null 1 "x" { {"a":{}} {"":""} {"\\ud800":"item"} {"a\\u0000":"item"} {"a":1e999}»
    ‹[×1000000›
    ‹{"a":×200000›
    {"01":‹9×1000000›}
    {"‹x×900000›":"item"}
    {‹"x":"item",×50000›"y":"item"}
    @⏎A-2,2026-09-01,张三,电饭锅,13900001234,‹9×5000›,未结,⏎
    {"01":1,"01":2}
    {"year":‹9×5000›,"days":[]}
    {"cells":{"K30":"«_x0041_ \\r \\u0001 \\ud800 \\ufffe ‹x×40000›»{received}"}}
    {"rows":{"first":9,"last":99999,"columns":{"A":"序号","B":"序号"}},"form":"2"}
    {"year":2027,"days":[{"name":"x","date":"2027-01-01","isOffDay":«"false" 0 null 9»}]}
    2027年部分节假日安排 一、元旦:1月1日至3日放假,共‹3×5000›天。1月3日上班。
"""
Make = Callable[[], bytes]


def bombs() -> Iterator[tuple[str, Make]]:
    """Yield name and maker of each."""
    for part, text in PARTS.items():
        others = {each: PARTS[each] for each in PARTS if each != part}
        yield f"{part} missing", partial(packed, others)
        for content in (b"", b"\0\1\2 no XML", text.encode("utf-16")):
            yield f"{part} is {content[:9]!r}", partial(with_part, part, content)
        for edit in _each(_EDITS["*"] + _EDITS.get(part, "")):
            yield f"{part}: {edit}", partial(_edited, part, edit)
    for text in _each(_TEXTS.replace("@", ",".join(HEADING))):
        yield text, partial(_text, text)
    for encoding in words("utf-8-sig gb18030 utf-16 utf-16-le utf-32 utf-7 big5"):
        yield f"csv in {encoding}", partial(",".join(HEADING).encode, encoding, "ignore")
    for name, content in _PACKINGS.items():
        yield name, partial(bytes, content)
    for megabytes in (30, 300, 700):
        yield f"{megabytes} MB of nothing", partial(_nothing, megabytes)
    for measure in ("received", "?"):
        yield f"a mapping of 30,000 cells: {measure}", partial(_mapping, measure)
    yield "cells that all name one text", _one_text
    yield "many parts", lambda: packed({**PARTS, **dict.fromkeys(map(str, range(30_000)), "")})


def _each(table: str) -> Iterator[str]:
    """Yield the lines, one for each of the words between « and »."""
    for line in filter(None, (line.strip(" ") for line in table.split("\n"))):
        pieces = re.split("[«»]", line)
        choices = [each.split() if at % 2 else [each] for at, each in enumerate(pieces)]
        yield from map("".join, product(*choices))


def _text(text: str) -> bytes:
    long = re.sub("‹(.*?)×(.*?)›", lambda found: found[1] * int(found[2]), text)
    return long.replace("⏎", "\n").encode()


def _edited(part: str, edit: str) -> bytes:
    was, _, becomes = edit.partition(" =>")
    was = was.replace("AMOUNT", '<c t="inlineStr"><is><t>299</t></is></c>')
    plain, new = PARTS[part].encode(), _text(becomes.strip(" "))
    return with_part(part, plain.replace(was.encode(), new, 1))


def _directory(at: int, value: bytes) -> bytes:
    """Return a zip in whose directory each entry says this at this place."""
    return re.sub(
        b"(?s)(PK\1\2.{%d}).{%d}" % (at - 4, len(value)),
        lambda found: found[1] + value,
        packed(PARTS, ZIP_STORED),
    )


def _mapping(measure: str) -> bytes:
    cells = {f"{letter}{row}": measure for letter in "KLM" for row in range(30, 10_030)}
    return json.dumps({"cells": cells}).encode()


def _one_text() -> bytes:
    cells = '<c t="s"><v>0</v></c>' * len(HEADING)
    strings = PARTS[STRINGS].replace("未结", "长" * 32_000)
    return packed({**PARTS, STRINGS: strings, SHEET: sheet(f"<row>{cells}</row>" * 20_000)})


def _nothing(megabytes: int) -> bytes:
    return with_part("xl/media/x.bin", bytes(megabytes << 20))


_STORED = packed(PARTS, ZIP_STORED)
_PACKINGS = {
    **{
        f"sizes said to be {size}": _directory(24, size.to_bytes(4, "little"))
        for size in (0, 1, 0x7FFFFFFF, 0xFFFFFFFF)
    },
    "encrypted": _directory(8, b"\1\0"),
    "no name in UTF-8": _directory(8, b"\0\x08"),
    "macros": with_part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" * 1000),
    "external link": with_part("xl/externalLinks/externalLink1.xml", "<externalLink/>"),
    "bzip2": packed(PARTS, ZIP_BZIP2),
    "lzma": packed(PARTS, ZIP_LZMA),
    "two directories": _STORED + packed(PARTS),
    "a zip within": with_part(SHEET, _STORED),
    "another sum": _STORED.replace("张三".encode(), "张四".encode()),
    "only the end of a zip": b"PK\5\6" + bytes(18),
    "a large directory": b"PK\5\6" + bytes(4) + b"\xff" * 12 + bytes(2),
    "OLE": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096),
    "only PK": b"PK",
    "PK and more": b"PK\3\4" + bytes(range(256)) * 100,
    "nothing": b"",
    "bytes of every kind": bytes(range(256)) * 1000,
    "half a character": f"{HEADING[0]}\nA-1,张".encode()[:-1],
}
