"""Faulty files that people hand in."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from unittest.mock import patch
from zipfile import ZIP_LZMA, ZipFile

from openpyxl import Workbook, load_workbook

from ledger12315.rules.measures import ATTACHMENT3
from ledger12315.sheets.incoming.ooxml import Handler
from tests.catalogue import ROOT
from tests.facts.making import ONE, figures, keeps, returned, wrong
from tests.faults.bombs import BOOK, PARTS, SHEET, packed, row, sheet, with_part
from tests.kept import write_kept
from tests.printing import saved_with
from tests.states import LEDGER, give, later, ledger_bytes, submit, workplace

_NOTICE = "2027年部分节假日安排 一、元旦:1月1日至{last}放假{counted}。"
_HEADS = "登记编号,受理日期,受理日期,投诉人,年龄\nA-1,2026-09-01,,张三,40\n"
_REGISTER = """\
服务点,登记编号,受理日期,投诉人,联系电话,商品/服务名称,投诉事实,类型,处理结果,办结日期,用时,是否按时,消费者评价,归档号,前次投诉
P001,A-1,3月1日,张三,没留,电饭锅
P001,A-2,2026-09-21,,,电饭锅,,,,,,,,,,再议
P001,A-3,2026-09-01,张三,,电饭锅,,,和解,,,,满意
P001,A-4,2026-09-01,张三,,电饭锅,,市场,和解,2026-09-09,5,是
P001,A-5,2026-09-01,张三,,电饭锅,,,,,,,,,2026-0009
P001,A-6,2026-09-01,张三,,电饭锅
P001,A-6,2026-09-02,李四,,电饭锅
P003,A-7,2026-09-01,张三,,电饭锅
P001,2026-0001,2026-09-21,张三,,电火锅,漏电
P001,2026-0002,2026-09-21,张三,,电饭锅,,,,,,,,2026-7
P001,2026-0004,2026-09-21,张三,,电饭锅
P001,A-8,2026-09-02,李四,,毛巾,,,,,,,,,张三
"""
_THEIRS = """\
登记编号,受理日期,投诉人,商品/服务名称,被投诉经营者
2026-0001,2026-09-21,张三,电饭锅,二楼厨具
A-1,2026-09-22,李四,电火锅,
A-2,昨日,李四,电火锅,
"""
_UNNUMBERED = """\
序号,受理日期,投诉人,商品/服务名称,投诉事实
1,2026-09-01,王五,铁锅,开裂
2,2026-09-01,王五,铁锅,生锈
"""
# One row of which each cell is wrong: number, day, complainant, item, phone, amount.
_CELLS = (
    '<row r="2"><c><v>1234567890123456</v></c><c s="1"><v>0.5</v></c><c t="e"><v>#REF!</v></c>'
    '<c s="1"><v>46266</v></c><c><v>912345678</v></c><c><f>TODAY()</f></c></row>'
)
_STATIONS = f"""\
key,name,county,valid from,until,follows
1,甲所,榕溪县,,,
{1:032x},乙所,,,,
{2:032x},丙所,榕溪县,2026-02-01,2026-01-31,
{3:032x},丁所,榕溪县,,,
{3:032x},戊所,榕溪县,2026-05-01,,
{4:032x},己所,榕溪县,三月,,
{5:032x},庚所,榕溪县,2026-05-01,,{3:032x}
"""

_WORDS_OF_ANOTHER_BOX = """\
登记编号,受理日期,投诉人,商品/服务名称,类型,手机
A-1,2026-09-21,张三,电饭锅,质量,
A-2,2026-09-22,李四,电火锅,价格,
"""
_POINTS = """\
服务点编号,名称,类型,营业面积,注册资金,营业额,联络员,联系电话,设立日期,设置依据,工商所
P101,西门商场,商场,500,80万,300万,,0591-00000101,2026-01-05,,
P102,北门商场,商场,500,80万,300万,,,2026-01-05,工商所认定,
P103,中门超市,超市,,,,,,2026-01-05,,
P103,中门超市,超市,,,,,,2026-01-05,达标,西门所
"""

_NOTHING = {measure.code: 0 for measure in ATTACHMENT3}
_POOR_RETURN = {code: 0 for code in _NOTHING if code < "25"} | {
    "02": "两三件",
    "inquiries": 0,
    "27": 1,
}
_FAR = '{"year": 2027, "days": [{"date": "2029-01-01", "name": "元旦", "isOffDay": true}]}'
_MERGED = "<mergeCells>" + '<mergeCell ref="A1:IV1"/>' * 782 + "</mergeCells>"
_FEWER = 5_000
"""The most elements or names of a part here: those of the program would be read for seconds."""
_TEXTS = {
    "register.csv": _REGISTER,
    "heads.csv": _HEADS,
    "theirs.csv": _THEIRS,
    "unnumbered.csv": _UNNUMBERED,
    "types.csv": _WORDS_OF_ANOTHER_BOX,
    "points.csv": _POINTS,
    "bare.csv": "张三,电饭锅\n",
    "meanings.json": '{"年龄": "age"}',
    "empty.csv": "",
    "quoted.csv": 'A-1,"张三\n',
    "wide.csv": "," * 256 + "张三",
    "long.csv": "A" * 1_000_000,
    "page.xls": "<html>",
    "long.txt": "放假" * 200_000,
    "year.txt": "元旦:1月1日至3日放假,共3天。",
    "days.txt": "2027年部分节假日安排 另行通知。",
    "count.txt": _NOTICE.format(last="3日", counted=",共4天"),
    "stretch.txt": _NOTICE.format(last="3月1日", counted=""),
    "notice.json": '{"year": 2027}',
    "year.json": '{"year": 2027, "year": 2026, "days": []}',
    "worked.txt": _NOTICE.format(last="3日", counted="") + "1月3日上班。",
    "earlier.sqlite": "SQLite format 3\0",
    "2029.json": _FAR,
    "1889.json": _FAR.replace("2027", "1889"),
    "inquiries.json": json.dumps(_NOTHING | {"01": 3}),
    "closed.json": json.dumps(_NOTHING | {"03": 1, "04": 1, "07": 1, "10": 1, "11": 1}),
    "totals.json": json.dumps(_NOTHING | {"02": 1, "03": 1, "04": 1, "07": 1, "17": 2}),
    "unbalanced.json": json.dumps(_NOTHING | {"03": 1}),
    "poor-return.json": json.dumps(_POOR_RETURN),
    "list.json": "[]",
    "stations.csv": _STATIONS,
}


@cache
def _contents() -> Mapping[str, bytes]:
    texts = {name: text.encode() for name, text in _TEXTS.items()}
    return texts | _workbooks() | _bureaus() | _stations()


def _workbooks() -> dict[str, bytes]:
    """Registers that cannot be read, or that claim more than they contain."""

    def put_in(before: str, what: str) -> bytes:
        return with_part(BOOK, PARTS[BOOK].replace(before, what + before, 1))

    return {
        "utf16.csv": "登记编号".encode("utf-16"),
        "old.xls": b"\xd0\xcf\x11\xe0",
        "cells.xlsx": with_part(SHEET, sheet(_CELLS)),
        "torn.xlsx": packed(PARTS)[:900],
        "lzma.xlsx": packed(PARTS, ZIP_LZMA),
        "open.ods": packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        "parts.xlsx": packed({str(number): "" for number in range(2001)}),
        "bomb.xlsx": _saying(30 << 20),
        "huge.xlsx": _saying(700 << 20),
        "entities.xlsx": put_in("<workbook", "<!DOCTYPE x>"),
        "mac.xlsx": put_in("<sheets>", '<workbookPr date1904="1"/>'),
        "elements.xlsx": put_in("<sheets>", "<x/>" * (_FEWER + 1)),
        "names.xlsx": put_in("<sheets>", '<definedName name="x"/>' * (_FEWER // 2)),
        "rows.xlsx": with_part(SHEET, sheet(row(1, "A-1"))),
        "columns.xlsx": with_part(SHEET, sheet('<row><c r="IW2"><v>1</v></c></row>')),
        "merged.xlsx": with_part(SHEET, sheet(after=_MERGED)),
        "text.xlsx": with_part(SHEET, sheet(row(2, "长" * 32_768))),
    }


def _saying(size: int) -> bytes:
    """A workbook whose directory states this size for a part."""
    out = BytesIO(packed(PARTS))
    with ZipFile(out, "a") as archive:
        archive.writestr("x", b"")
        archive.getinfo("x").file_size = size
    return out.getvalue()


def _bureaus() -> dict[str, bytes]:
    bureau = (ROOT / "examples" / "bureau.xlsx").read_bytes()
    with ZipFile(BytesIO(bureau)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    types = "[Content_Types].xml"
    plain = b"openxmlformats-officedocument.spreadsheetml.sheet.main"
    parts[types] = bytes(parts[types]).replace(plain, b"ms-excel.macros")  # type: ignore[arg-type]
    parts |= {"xl/vbaProject.bin": "", "_xmlsignatures/x.xml": ""}
    box, signed = "xl/drawings/drawing1.xml", "单位负责人".encode()
    parts[box] = bytes(parts[box]).replace(signed, "{填报单位}".encode())  # type: ignore[arg-type]
    return {
        "bureau.xlsx": bureau,
        "macros.xlsm": packed(parts),
        "dated.xlsx": _drawn(["{受理投诉 合计}"], look="yyyy-mm-dd"),
        "fits-4.xlsx": _drawn(["{行业}"]),
        "short.xlsx": _drawn(["{↓名称}"], ["合计"], ["{↓报告期}"]),
        "words.xlsx": with_part(SHEET, sheet(*(row(n, *["{名称}"] * 100) for n in range(2, 103)))),
        "poor.xlsx": _drawn(
            ["商场", "{recieved}", "{领导批示}", "{办结", "{受理投诉 万元}", "{类型}"],
            ["大商场", "{受理投诉}", "争议（万元）", "{争议金额 商场}", "{↓填报单位}"],
            ["超市", None, "商场", None, '="{办结}"', "{↓办结}"],
            [None, "超市", "{办结}", "{" + "长" * 101 + "}", "{类型}"],
            ["商场", "{↓类型}", "{↓办结}"],
            merged="B5:B6 E1:F1",
        ),
    }


def _drawn(*rows: Sequence[str | None], look: str = "@", merged: str = "") -> bytes:
    book = Workbook()
    for texts in rows:
        book.worksheets[0].append([*texts])
    for cells in book.worksheets[0].iter_rows():
        for cell in cells:
            cell.number_format = look
    for area in merged.split():  # not `merge_cells`, which empties them
        book.worksheets[0].merged_cells.add(area)
    book.save(file := BytesIO())
    return file.getvalue()


def _stations() -> dict[str, bytes]:
    """Attachments 6 of the ledger in states.py, changed afterwards."""
    with workplace("en"):
        write_kept(LEDGER, ledger_bytes())
        give(
            "export 6 2026Q2 -o east.xlsx",
            "export 6 2026Q1 -o earlier.xlsx",
            "export 3 2026Q2 --point P002 -o P002.xlsx",
            "export 5 2026Q2 --public -o public.xlsx",
            "export 5 2026Q2 -o nameless.xlsx",
        )
        listed = load_workbook("nameless.xlsx")
        listed.worksheets[0]["A3"].value = None
        listed.save("nameless.xlsx")
        east = load_workbook("east.xlsx")
        lost = east.defined_names.pop("basis_visits_total")
        east.save("lost.xlsx")
        east.defined_names.add(lost)
        saved_with(
            east,
            "sorted.xlsx",
            basis_period="2026Q9",
            basis_station=None,
            basis_visits_mall="两次",
            basis_leads_mall=None,
            **{"计算依据!B42": "notices"},
        )
        south = {"basis_station": "南门所", "basis_key": "south"}
        saved_with(east, "renamed.xlsx", basis_station="东门街道所")
        saved_with(east, "foreign.xlsx", **south, basis_county="安溪县")
        saved_with(east, "practice.xlsx", basis_station="练习 南门所", basis_key="practice")
        cells = {"basis_received_mall": 1, "basis_received_total": 2, "A6_points_end_mall": 9}
        saved_with(east, "changed.xlsx", **cells)
        return {path.name: path.read_bytes() for path in Path().glob("*.xlsx")}


@contextlib.contextmanager
def there() -> Iterator[None]:
    """The files that are named were handed in."""
    for name, content in _contents().items():
        Path(name).write_bytes(content)
    names = patch("ledger12315.sheets.incoming.names._DefinedNames.left", _FEWER // 2 - 1)
    with patch.object(Handler, "most", _FEWER), names:
        yield


@contextlib.contextmanager
def facts_sent() -> Iterator[None]:
    """It is 2026-10-10; stations handed in what they sent, with something wrong in each."""
    wrong(Path("in"))
    with later():
        numbers = range(20, 50)
        keeps(Path("county.duckdb"), *(returned(number, figures(*ONE)) for number in numbers))
        yield


@contextlib.contextmanager
def not_readable() -> Iterator[None]:
    """The register is another user's."""
    with (
        there(),
        patch("ledger12315.sheets.incoming.reading._demand_at_most", side_effect=PermissionError),
    ):
        yield


@contextlib.contextmanager
def totals_sent() -> Iterator[None]:
    """东门商场 sent totals of 2026Q2 that leave nothing open; the ledger has one of it open."""
    with there():
        give(
            "log P001 --complainant 张三 --item 电扇 --facts 不转 --kind goods --received 2026-06-25",
            "returns receive P001 2026Q2 --totals closed.json",
        )
        yield


@contextlib.contextmanager
def totals_untied() -> Iterator[None]:
    """It is 2026-10-10; 2026Q2 was submitted, and 东门商场 sent totals of 2026Q3 that begin with an
    open complaint.
    """
    with there(), later():
        submit("2026Q2")
        give("returns receive P001 2026Q3 --totals totals.json")
        yield


@contextlib.contextmanager
def retyped() -> Iterator[None]:
    """It is 2026-10-10; 东门商场 became a supermarket in 2026Q3, with a complaint of before open."""
    with there(), later():
        give(
            "log P001 --complainant 张三 --item 电扇 --facts 不转 --kind goods --received 2026-06-25",
            "point amend P001 --type supermarket --on 2026-08-01",
        )
        yield
