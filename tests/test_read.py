"""Workbooks and csv from outside: their rows, and the words of refusals."""

import os
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZipFile

import pytest
from openpyxl import Workbook

from ledger12315.boxes.reading import Misread
from ledger12315.errors import Unacceptable
from ledger12315.locale import render
from ledger12315.sheets.incoming import ooxml
from ledger12315.sheets.incoming.point_list import read_point_list
from ledger12315.sheets.incoming.reading import read_sheets
from ledger12315.sheets.incoming.small import content_of_file
from tests.faults.bombs import BOOK, GOOD, PARTS, SHEET, STRINGS, packed, row, sheet, with_part
from tests.rows import for_all


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


def rows(file: Path, content: bytes = b"") -> list[tuple[int, list[object]]]:
    """Return the first sheet's rows, with the sentence for an unreadable cell."""
    if content:
        file.write_bytes(content)
    for first in read_sheets(file):
        return [
            (n, [render(cell.message) if isinstance(cell, Misread) else cell for cell in cells])
            for n, cells in first.rows
        ]
    return []


def refused(file: Path, content: bytes | None = None) -> str:
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Unacceptable) as caught:
        for each in read_sheets(file):
            list(each.rows)
    return render(caught.value.message).replace(str(file), "FILE")


@for_all("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@for_all("delimiter", [",", ";", "\t"])
def test_csv_in_every_encoding_and_with_every_delimiter(
    file: Path, encoding: str, delimiter: str
) -> None:
    lines = ("登记簿", "编号|投诉人|投诉事实", '1|张三|"一,二;三\n四"', "", "2||镕")
    content = "\r\n".join(lines).replace("|", delimiter).encode(encoding)
    texts = [
        ["登记簿"],
        ["编号", "投诉人", "投诉事实"],
        ["1", "张三", "一,二;三\n四"],
        [],
        ["2", None, "镕"],
    ]
    assert rows(file, content) == list(enumerate(texts, 1))


# Beside the files of docs/errors.md: those on either side of a limit, and a few others.
@for_all(
    ("content", "why"),
    [
        (b"a,b\0", "it is neither a workbook nor csv"),
        (b"a,b\xff", "its content is damaged"),
        (b'a,"b"c\n', "a quotation mark in it is not closed"),
        (b"a" * 1_000_001, "one of its lines has more than 1,000,000 characters"),
        (b"," * 256 + b"a", "it has more than 1,048,576 rows or 256 columns"),
        (b"PK", "its content is damaged"),
        (
            with_part(SHEET, sheet(GOOD), ZIP_BZIP2),
            "it is compressed in a way that no spreadsheet program uses",
        ),
        (
            with_part(SHEET, sheet(row(1_048_577, "x"))),
            "its rows are out of order, or more than 1,048,576",
        ),
        (
            with_part(SHEET, sheet(row(2, "长" * 32_768))),
            "a cell holds more than 32,767 characters",
        ),
    ],
)
def test_what_is_refused(file: Path, content: bytes, why: str) -> None:
    assert refused(file, content).startswith(f"FILE cannot be loaded: {why}")


@for_all(
    ("parts", "why"),
    [(2000, "its content is damaged"), (2001, "it has more than 2000 parts")],
)
def test_how_many_parts_a_workbook_may_have(file: Path, parts: int, why: str) -> None:
    content = packed(dict.fromkeys(map(str, range(parts)), ""))
    assert refused(file, content).startswith(f"FILE cannot be loaded: {why}")


@for_all(
    ("part", "before", "element", "many"),
    [
        (STRINGS, "</sst>", "<si/>", 900),
        (STRINGS, "</sst>", "<si/>", 50_000),
        (BOOK, "<sheets>", "<x/>", 900),
        (BOOK, "<sheets>", "<x/>", 1001),
    ],
)
def test_how_many_elements_a_part_may_have(
    file: Path, monkeypatch: pytest.MonkeyPatch, part: str, before: str, element: str, many: int
) -> None:
    """A thousandth of the most there; tests/faults/bombs.py goes beyond the most itself."""
    monkeypatch.setattr(ooxml, "_FEW_ELEMENTS", 2000)
    if part == BOOK:
        monkeypatch.setattr(ooxml.Handler, "most", 1000)
    content = with_part(part, PARTS[part].replace(before, element * many + before))
    if many == 900:
        assert rows(file, content)
    else:
        assert "it has more elements than spreadsheet programs write" in refused(file, content)


def test_what_is_within_the_limits(file: Path) -> None:
    widest = ["a" * 3905] * 256  # nearly 1,000,000 characters
    assert rows(file, ",".join(widest).encode()) == [(1, widest)]
    assert rows(file, with_part(SHEET, sheet(row(1_048_576, "x" * 32_767))))[1][0] == 1_048_576


def test_cells_merged_over_several_rows_are_known_after_the_rows(file: Path) -> None:
    areas = ("A2:A3", "B3:D4", "A1:D1", "A:A", "", f"A{'1' * 5000}:A2")
    merged = "".join(f'<mergeCell ref="{each}"/>' for each in areas)
    after = f"<mergeCells>{merged}<mergeCell/></mergeCells>"
    file.write_bytes(with_part(SHEET, sheet(GOOD, after=after)))
    found = next(sheets := read_sheets(file))
    assert [number for number, _ in found.rows] == [1, 2]
    assert [*sheets] == []
    assert found.merged == [(2, 1, 3, 1, "A2:A3"), (3, 2, 4, 4, "B3:D4")]


def test_what_is_no_file(tmp_path: Path) -> None:
    assert refused(tmp_path) == "FILE cannot be loaded: it is not a file."
    assert refused(tmp_path / "none.xlsx") == "There is no file FILE."


@for_all(
    ("begins", "size", "why"),
    [
        (b"a", 500 << 20, "it is neither a workbook nor csv"),
        (b"a", (500 << 20) + 1, "it is larger than 500 MB"),
        (b"PK", 100 << 20, "its content is damaged"),
        (b"PK", (100 << 20) + 1, "it is larger than 100 MB"),
    ],
)
def test_how_large_a_file_may_be(file: Path, begins: bytes, size: int, why: str) -> None:
    file.write_bytes(begins)
    os.truncate(file, size)  # a hole, that takes no room
    assert refused(file) == f"FILE cannot be loaded: {why}."


def saying(padding: int, size: int) -> bytes:
    """Return a workbook with this many bytes more, which claims to unpack to a size."""
    out = BytesIO(packed(PARTS))
    with ZipFile(out, "a") as archive:
        archive.writestr("padding", bytes(padding))
        archive.writestr("x", b"")
        others = sum(part.file_size for part in archive.infolist())
        archive.getinfo("x").file_size = max(0, size - others)
    return out.getvalue()


RATIO, SUM = "it unpacks to more than 100 times its size", "it is larger than 600 MB"


@for_all(("padding", "why"), [(0, RATIO), (300_000, RATIO), (7 << 20, SUM)])
def test_to_how_much_a_workbook_may_unpack(file: Path, padding: int, why: str) -> None:
    most = min(600 << 20, max(20 << 20, 100 * len(saying(padding, 0))))
    assert rows(file, saying(padding, most))
    assert refused(file, saying(padding, most + 1)) == f"FILE cannot be loaded: {why}."


def _cell(cell: str) -> bytes:
    return with_part(SHEET, sheet(f'<row r="7">{cell}</row>'))


@for_all(r"""
    cell                                   | value
    <c><v>299</v></c>                      | 299.0
    <c t="s"><v>0</v></c>                  | '未结'
    <c t="str"><f>A1</f><v>x</v></c>       | 'x'
    <c t="str"><f>A1</f><v></v></c>        |
    <c t="inlineStr"><is><r><t>电</t></r><rPh><t>x</t></rPh><r><t>饭锅</t></r></is></c> | '电饭锅'
    <c t="inlineStr"><is><t>a_x000A_b_x005F_x0041_</t></is></c> | 'a\nb_x0041_'
    <c t="b"><v>1</v></c>                  | 'TRUE'
    <c t="b"><v>0</v></c>                  | 'FALSE'
    <c t="d"><v>2026-09-01T00:00:00</v></c> | datetime.date(2026, 9, 1)
    <c s="1"><v>46266.5</v></c>            | datetime.date(2026, 9, 1)
    <c s="0"><v>46266</v></c>              | 46266.0
    <c s="1"><v>0.5</v></c>                | '0.5 is shown as a date or time, but is not one'
    <c t="e"><v>#REF!</v></c>              | '#REF! is an error of the spreadsheet program'
    <c><f>1+1</f></c> | 'it is a formula without its result; open the file and save it again'
    <x:c xmlns:x="y"><x:v>1</x:v></x:c>    | 1.0
""")
def test_each_kind_of_cell(file: Path, cell: str, value: str) -> None:
    assert f"{rows(file, _cell(cell))[1:]}" == f"[(7, [{value}])]"


DAYS = ("yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "[$-804]aaaa;@", "e年", "m/d", "[h]:mm")
NO_DAYS = ("General", '#,##0.00"days";[Red]-0', "0.00E+00", "G/通用格式", "\\d0")


def test_which_formats_show_a_day(file: Path) -> None:
    book = Workbook()
    for column, shown in enumerate((*DAYS, *NO_DAYS), 1):
        book.worksheets[0].cell(1, column, 46266).number_format = shown
    book.save(file)
    assert rows(file) == [(1, [date(2026, 9, 1)] * len(DAYS) + [46266.0] * len(NO_DAYS))]


@for_all("number", [14, 22, 31, 57, 58])
def test_formats_without_a_text_of_their_own(file: Path, number: int) -> None:
    """31 is 年月日 in Chinese programs and has no text in the file."""
    styles = f"<s><cellXfs><xf numFmtId='0'/><xf numFmtId='{number}'/></cellXfs></s>"
    page = sheet('<row><c s="1"><v>46266</v></c></row>')
    parts = {**PARTS, "xl/styles.xml": styles, SHEET: page}
    assert rows(file, packed(parts))[1:] == [(2, [date(2026, 9, 1)])]


def test_a_false_dimension_hides_nothing(file: Path) -> None:
    content = with_part(SHEET, sheet(GOOD, row(9, "A-2"), before='<dimension ref="A1:B1"/>'))
    assert [number for number, _ in rows(file, content)] == [1, 2, 9]


def test_sheets_by_name_hidden_ones_told(file: Path) -> None:
    book = Workbook()
    book.worksheets[0].title = "一"
    for name, state in (("二", "hidden"), ("三", "veryHidden"), ("四", "visible")):
        book.create_sheet(name).sheet_state = state
    book.create_chartsheet("图")
    book.save(file)
    assert [(each.name, each.hidden) for each in read_sheets(file)] == [
        ("一", False),
        ("二", True),
        ("三", True),
        ("四", False),
    ]


def test_a_link_out_of_the_file_is_not_followed(file: Path) -> None:
    rels = PARTS["xl/_rels/workbook.xml.rels"].replace(
        'Target="worksheets', 'TargetMode="External" Target="worksheets'
    )
    content = with_part("xl/_rels/workbook.xml.rels", rels)
    assert refused(file, content) == "FILE cannot be loaded: its content is damaged."


def test_no_value_of_the_file_stands_in_a_refusal(file: Path) -> None:
    content = _cell("<c><v>13900001234x</v></c>")
    assert refused(file, content) == "FILE cannot be loaded: its content is damaged."


def test_a_workbook_with_nothing_but_a_chart_is_no_list_of_points(file: Path) -> None:
    book = Workbook()
    book.create_chartsheet()
    del book["Sheet"]
    book.save(file)
    assert read_point_list(file) is None


def test_a_small_file_has_a_million_bytes_at_most(file: Path) -> None:
    file.write_bytes(b" " * 1_000_000)
    assert len(content_of_file(file)) == 1_000_000
    file.write_bytes(b" " * 1_000_001)
    with pytest.raises(Misread) as caught:
        content_of_file(file)
    assert render(caught.value.message) == "it is larger than 1000000 bytes"
