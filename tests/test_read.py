"""Workbooks and csv from outside: what is read of them, and in which words a file is refused."""

from datetime import date
from io import BytesIO
from itertools import count
from pathlib import Path
from zipfile import ZIP_BZIP2, ZipFile

import pytest
from openpyxl import Workbook

from ledger12315.errors import Unacceptable
from ledger12315.locale import render
from ledger12315.rules.reading import Misread
from ledger12315.sheets.read import read
from tests.faults.bombs import BOOK, GOOD, PARTS, SHEET, STRINGS, packed, row, sheet, with_part


def rows(path: Path) -> list[tuple[int, list[object]]]:
    """Of the first sheet, with what cannot be read as its sentence."""
    for each in read(path):
        return [
            (
                number,
                [render(cell.message) if isinstance(cell, Misread) else cell for cell in cells],
            )
            for number, cells in each.rows
        ]
    return []


def refused(path: Path) -> str:
    with pytest.raises(Unacceptable) as caught:
        for each in read(path):
            list(each.rows)
    return render(caught.value.message).replace(str(path), "FILE")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_every_encoding_and_with_every_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    lines = ("登记簿", "编号|投诉人|投诉事实", '1|张三|"一,二;三\n四"', "", "2||镕")
    (file := tmp_path / "a.csv").write_bytes(
        "\r\n".join(lines).replace("|", delimiter).encode(encoding)
    )
    texts = [
        ["登记簿"],
        ["编号", "投诉人", "投诉事实"],
        ["1", "张三", "一,二;三\n四"],
        [],
        ["2", None, "镕"],
    ]
    assert rows(file) == list(enumerate(texts, 1))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            "it is an old .xls, or a workbook with a password; save it as .xlsx without one",
        ),
        ("编号".encode("utf-16"), "it is text in UTF-16; save it as csv in UTF-8"),
        (b"  <html>", "it is a web page; open it in the spreadsheet program and save it as .xlsx"),
        (b"a,b\0", "it is neither a workbook nor csv"),
        (b"a,b\xff", "its inside is broken"),
        (b'a,"b\n', "it is no csv with every quotation mark closed"),
        (b'a,"b"c\n', "it is no csv with every quotation mark closed"),
        (b"a" * 1_000_001, "a line of it has more than 1,000,000 characters"),
        (b"," * 256 + b"a", "it has more than 1,048,576 rows or 256 columns"),
        (b"PK", "its inside is broken"),
        (with_part(SHEET, sheet(GOOD), ZIP_BZIP2), "it is packed as no spreadsheet program packs"),
        (with_part("x", bytes(21 << 20)), "it unpacks to more than 100 times its size"),
        (packed(dict.fromkeys(map(str, range(2000)), "")), "its inside is broken"),
        (packed(dict.fromkeys(map(str, range(2001)), "")), "it has more than 2000 parts"),
        (
            with_part(BOOK, "<!DOCTYPE x>" + PARTS[BOOK][38:]),
            "it holds a document type, which no spreadsheet program writes",
        ),
        (
            with_part(BOOK, PARTS[BOOK].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')),
            "it counts its days from 1904;",
        ),
        (with_part(SHEET, sheet(row(1, "x"))), "its rows are out of order, or more than 1,048,576"),
        (
            with_part(SHEET, sheet(row(1_048_577, "x"))),
            "its rows are out of order, or more than 1,048,576",
        ),
        (
            with_part(SHEET, sheet('<row><c r="IW2"><v>1</v></c></row>')),
            "its cells are out of order, or in more than 256 columns",
        ),
        (with_part(SHEET, sheet(row(2, "x" * 32_768))), "a cell holds more than 32,767 characters"),
        pytest.param(
            with_part(STRINGS, f"<sst>{'<si/>' * 2_100_000}</sst>"),
            "it holds more elements than spreadsheet programs write",
            marks=pytest.mark.slow,
        ),
    ],
    ids=count(),
)
def test_what_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    (file := tmp_path / "file").write_bytes(content)
    assert refused(file).startswith(f"FILE cannot be taken in: {why}")


def test_what_is_no_file(tmp_path: Path) -> None:
    assert refused(tmp_path) == "FILE cannot be taken in: it is no file."
    assert refused(tmp_path / "none.xlsx") == "There is no file FILE."


@pytest.mark.parametrize(
    ("begins", "size", "why"),
    [
        (b"a", 500 << 20, "it is neither a workbook nor csv"),
        (b"a", (500 << 20) + 1, "it is larger than 500 MB"),
        (b"PK", 100 << 20, "its inside is broken"),
        (b"PK", (100 << 20) + 1, "it is larger than 100 MB"),
    ],
)
def test_how_large_a_file_may_be(tmp_path: Path, begins: bytes, size: int, why: str) -> None:
    with (path := tmp_path / "file").open("wb") as file:
        file.write(begins)
        file.truncate(size)  # a hole, that takes no room
    assert refused(path) == f"FILE cannot be taken in: {why}."


def saying(padding: int, size: int) -> bytes:
    """Return a workbook with so many bytes more, and whose directory says that it unpacks to size."""
    out = BytesIO(packed(PARTS))
    with ZipFile(out, "a") as archive:
        archive.writestr("padding", bytes(padding))
        archive.writestr("x", b"")
        others = sum(part.file_size for part in archive.infolist())
        archive.getinfo("x").file_size = max(0, size - others)
    return out.getvalue()


RATIO, SUM = "it unpacks to more than 100 times its size", "it is larger than 600 MB"


@pytest.mark.parametrize(
    ("padding", "why"), [(0, RATIO), (300_000, RATIO), (7 << 20, SUM)], ids=["few", "some", "many"]
)
def test_to_how_much_a_workbook_may_unpack(tmp_path: Path, padding: int, why: str) -> None:
    most = min(600 << 20, max(20 << 20, 100 * len(saying(padding, 0))))
    (file := tmp_path / "file").write_bytes(saying(padding, most))
    assert rows(file)
    file.write_bytes(saying(padding, most + 1))
    assert refused(file) == f"FILE cannot be taken in: {why}."


def _cells(*cells: str) -> bytes:
    return with_part(SHEET, sheet(f'<row r="7">{"".join(cells)}</row>'))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<c><v>299</v></c>", 299.0),
        ('<c t="s"><v>0</v></c>', "未结"),
        ('<c t="str"><f>A1</f><v>x</v></c>', "x"),
        ('<c t="str"><f>A1</f><v></v></c>', None),
        (
            '<c t="inlineStr"><is><r><t>电</t></r><r><t>饭锅</t></r><rPh><t>dian</t></rPh></is></c>',
            "电饭锅",
        ),
        ('<c t="inlineStr"><is><t>a_x000A_b_x005F_x0041_</t></is></c>', "a\nb_x0041_"),
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="d"><v>2026-09-01T00:00:00</v></c>', date(2026, 9, 1)),
        ('<c s="1"><v>46266.5</v></c>', date(2026, 9, 1)),
        ('<c s="0"><v>46266</v></c>', 46266.0),
        ('<c s="1"><v>0.5</v></c>', "0.5 is shown as a day or time, but is no day"),
        ('<c t="e"><v>#REF!</v></c>', "#REF! is an error of the spreadsheet program"),
        ("<c><f>1+1</f></c>", "it is a formula without its value; open the file and save it anew"),
        ('<x:c xmlns:x="y"><x:v>1</x:v></x:c>', 1.0),
    ],
)
def test_each_kind_of_cell(tmp_path: Path, cell: str, value: object) -> None:
    (file := tmp_path / "file").write_bytes(_cells(cell))
    assert rows(file)[1:] == [(7, [] if value is None else [value])]


@pytest.mark.parametrize(
    ("format_", "day"),
    [
        ("yyyy-mm-dd", True),
        ('yyyy"年"m"月"d"日"', True),
        ("[$-804]aaaa;@", True),
        ("e年", True),
        ("m/d", True),
        ("[h]:mm", True),
        ("General", False),
        ('#,##0.00"days";[Red]-0', False),
        ("0.00E+00", False),
        ("G/通用格式", False),
        ("\\d0", False),
    ],
)
def test_which_formats_show_a_day(tmp_path: Path, format_: str, day: bool) -> None:
    book = Workbook()
    cell = book.worksheets[0].cell(1, 1, 46266)
    cell.number_format = format_
    book.save(file := tmp_path / "a.xlsx")
    assert rows(file) == [(1, [date(2026, 9, 1) if day else 46266.0])]


@pytest.mark.parametrize("number", [14, 22, 31, 57, 58])
def test_formats_without_a_text_of_their_own(tmp_path: Path, number: int) -> None:
    """31 is 年月日 in Chinese programs and has no text in the file."""
    styles = f"<s><cellXfs><xf numFmtId='0'/><xf numFmtId='{number}'/></cellXfs></s>"
    parts = {**PARTS, "xl/styles.xml": styles, SHEET: sheet('<row><c s="1"><v>46266</v></c></row>')}
    (file := tmp_path / "file").write_bytes(packed(parts))
    assert rows(file)[1:] == [(2, [date(2026, 9, 1)])]


def test_a_false_dimension_hides_nothing(tmp_path: Path) -> None:
    (file := tmp_path / "file").write_bytes(
        with_part(SHEET, sheet(GOOD, row(9, "A-2"), before='<dimension ref="A1:B1"/>'))
    )
    assert [number for number, _ in rows(file)] == [1, 2, 9]


def test_sheets_by_name_hidden_ones_told(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].title = "一"
    for name, state in (("二", "hidden"), ("三", "veryHidden"), ("四", "visible")):
        book.create_sheet(name).sheet_state = state
    book.create_chartsheet("图")
    book.save(file := tmp_path / "a.xlsx")
    assert [(each.name, each.hidden) for each in read(file)] == [
        ("一", False),
        ("二", True),
        ("三", True),
        ("四", False),
    ]


def test_a_link_out_of_the_file_is_not_followed(tmp_path: Path) -> None:
    rels = PARTS["xl/_rels/workbook.xml.rels"].replace(
        'Target="worksheets', 'TargetMode="External" Target="worksheets'
    )
    (file := tmp_path / "file").write_bytes(with_part("xl/_rels/workbook.xml.rels", rels))
    assert refused(file) == "FILE cannot be taken in: its inside is broken."


def test_no_value_of_the_file_stands_in_a_refusal(tmp_path: Path) -> None:
    (file := tmp_path / "file").write_bytes(_cells("<c><v>13900001234x</v></c>"))
    assert refused(file) == "FILE cannot be taken in: its inside is broken."
