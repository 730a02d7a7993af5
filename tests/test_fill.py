"""A bureau's own workbook filled in place, its mapping, and refusals."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from ledger12315.cli.app import run
from ledger12315.sheets.incoming.names import open_workbook, place_of
from tests.catalogue import ROOT
from tests.desk import lived, printed

TEMPLATE = ROOT / "examples" / "bureau.xlsx"
MAPPING = TEMPLATE.with_suffix(".json").read_text("utf-8")
_TOTALS = """
2026-10-08 totals P00{n} 2026Q3 01={n} 02={n} 03={n} 05={n} 07={n} 10={m} 11={n} 12={n} 19={n} \
    21=0.0{n} 22=100"""
# A point of each type: one complaint of the mall, two of the supermarket and so on, as many fen.
STORY = """
2026-01-05 init --station "东门所 <&> =1" --county 榕溪县
2026-01-05 register 一 --type mall --area 500 --capital 80万 --turnover 300万
2026-01-05 register 二 --type supermarket --area 150 --turnover 60万
2026-01-05 register 三 --type market --area 1200 --stalls 120
2026-01-05 register 四 --type enterprise --sector hotel
2026-01-05 register 五 --type scenic --grade AAA --judgement 客流大
2026-01-05 register 六 --type other --judgement 客流大
""" + "".join(_TOTALS.format(n=number, m=2 * number) for number in range(1, 7))


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEDGER12315_DB", "ledger.sqlite")
    monkeypatch.setenv("LEDGER12315_TODAY", "2026-10-09")
    Path("ledger.sqlite").write_bytes(lived(STORY))


def fill(template: Path, mapping: str) -> bytes:
    Path("map.json").write_text(mapping, "utf-8")
    words = ("--template", str(template), "--map", "map.json", "-o", "filled.xlsx")
    assert run(["export", "6", "2026Q3", *words]) == 0
    return Path("filled.xlsx").read_bytes()


def read_back(file: Path, cell: str) -> object:
    with open_workbook(file) as book:
        place = place_of(f"表!{cell}")
        assert place
        return book.value(place)


def cells(content: bytes, sheet: str) -> dict[str, Any]:
    rows = load_workbook(BytesIO(content))[sheet].iter_rows()
    return {cell.coordinate: cell.value for row in rows for cell in row if cell.value}


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Return a workbook without formats, but with merged cells, a formula and a second sheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表"
    sheet["A1"], sheet["B9"] = "类型", "=SUM(B2:B8)"
    sheet.merge_cells("D1:E2")
    book.create_sheet("县's 表")
    target = tmp_path / "plain.xlsx"
    book.save(target)
    return target


EXAMPLE = """\
榕溪县12315“五进”工作季报
填报单位:|东门所 <&> =1|报告期:|2026年第三季度
类别|期末服务点|咨询(人次)|投诉(件)|办结(件)|和解(件)|和解息诉率|挽回损失(万元)|走势
进企业|1|4|4|8|4|0.5|0.01
进商场|1|1|1|2|1|0.5|0.01
进超市|1|2|2|4|2|0.5|0.01
进市场|1|3|3|6|3|0.5|0.01
进景区|1|5|5|10|5|0.5|0.01
其他|1|6|6|12|6|0.5|0.01
合计|=SUM(B4:B9)|=SUM(C4:C9)|=SUM(D4:D9)|=SUM(E4:E9)|=SUM(F4:F9)|0.5|=SUM(H4:H9)
其中:工商部门分流投诉(件)|21
"""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Sparkline")  # which openpyxl would lose
def test_the_example() -> None:
    content = fill(TEMPLATE, MAPPING)
    assert printed(load_workbook(BytesIO(content))["五进情况"]).startswith(EXAMPLE)
    assert fill(TEMPLATE, MAPPING) == content


def test_all_that_is_not_filled_stays_to_the_byte() -> None:
    content = fill(TEMPLATE, '{"cells": {"D5": "received"}}')
    sheet = "xl/worksheets/sheet1.xml"
    with ZipFile(TEMPLATE) as old, ZipFile(BytesIO(content)) as new:
        kept = {name for name in old.namelist() if old.read(name) == new.read(name)}
        before, after = (archive.read(sheet).decode() for archive in (old, new))
        assert new.namelist() == old.namelist()
        assert {"xl/drawings/drawing1.xml", "xl/comments1.xml", "xl/styles.xml"} < kept
        # Formulas whose results are old now, and the part that says they are to be worked out.
        changed = {sheet, "xl/worksheets/sheet2.xml", "xl/workbook.xml"}
        assert {*old.namelist()} - kept == changed
        assert b'<calcPr fullCalcOnLoad="1" calcId="124519"/>' in new.read("xl/workbook.xml")
    forgotten = re.sub("(</f>)<v>[^<]*</v>", r"\1", before)
    assert after == forgotten.replace('<c r="D5" s="5"/>', '<c r="D5" s="5"><v>21</v></c>')
    assert "sparkline" in after and "conditionalFormatting" in after and "pageSetup" in after


# What a cell is to hold, and what it holds then.
WANTED = """
received | 21
03 超市 | 2
received other | 6
received_referred 其他 | 6
received_other_kind | 0
disputed | 0.21
disputed 元 | 0.21
disputed mall 分 | 1
21 合计 万元 | 0.000021
settled_rate | "50.00%"
settled_rate ratio mall | 0.5
satisfaction_rate ratio | "—"
station | "东门所 <&> =1"
period | "2026年第三季度"
as_of | "2026年9月30日"
type mall | "进商场"
"""


def test_what_a_cell_may_hold(plain: Path) -> None:
    rows = [line.split(" | ") for line in WANTED.strip().splitlines()]
    mapping = {"cells": {f"K{n}": wanted for n, (wanted, _) in enumerate(rows, 1)}}
    content = fill(plain, json.dumps(mapping))
    page = load_workbook(BytesIO(content))["表"]
    found = {wanted: page[f"K{number}"].value for number, (wanted, _) in enumerate(rows, 1)}
    assert found == {wanted: json.loads(value) for wanted, value in rows}


def test_every_measure_is_known_by_its_code_and_its_key(
    plain: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rollup", "3", "2026Q3", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)["rows"]
    names = {f"K{n}": row["code"] for n, row in enumerate(said, 1)}
    names |= {f"L{n}": row["key"] for n, row in enumerate(said, 1)}
    page = load_workbook(BytesIO(fill(plain, json.dumps({"cells": names}))))["表"]
    figures = [float(row["total"]) for row in said]
    assert [[page[f"{column}{n}"].value for n in range(1, 27)] for column in "KL"] == [figures] * 2


ROWS = """
{"sheet": "县's 表",
 "rows": {"first": 20, "columns": {"A": "type", "C": "closed", "AB": "settled"}}}
"""


def test_rows_in_the_order_of_the_form(plain: Path) -> None:
    found = cells(fill(plain, ROWS), "县's 表")
    types = ["进商场", "进超市", "进市场", "进企业", "进景区", "其他", "合计"]
    assert [[found[f"{column}{row}"] for column in ("A", "C", "AB")] for row in range(20, 27)] == [
        [type_, 2 * n, n] for type_, n in zip(types, (1, 2, 3, 4, 5, 6, 21), strict=True)
    ]


def test_cells_of_other_sheets(plain: Path) -> None:
    content = fill(plain, """{"cells": {"'县''s 表'!B2": "closed", "D1": "settled"}}""")
    assert (cells(content, "县's 表"), cells(content, "表")["D1"]) == ({"B2": 42}, 21)


DATED_ROWS = '{"form": "2", "rows": {"first": 2, "last": 4, "columns": {"C": "争议金额"}}}'
_SHEET = "<{p}worksheet xmlns{q}='{main}'>{data}</{p}worksheet>"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize(
    "data",
    [
        "<sheetData/>",
        "<sheetData></sheetData>",
        "<sheetData><row r='2' spans='1:3'/></sheetData>",
        "<sheetData>\n <row r='1'><c r='A1'><v>7</v></c></row>\n<row r='2'>\n<c r='A2'/><c r='C2'>"
        "<v>8</v></c></row></sheetData>",
        "<sheetData><row><c><v>7</v></c></row><row><c s='0'/><c s='0'/><c><v>8</v></c></row>"
        "</sheetData>",
    ],
)
def test_worksheets_as_other_programs_write_them(
    tmp_path: Path, plain: Path, data: str, prefix: str
) -> None:
    inside = re.sub("(</?)(?=[a-z])", rf"\1{prefix}", data)
    xml = _SHEET.format(p=prefix, q=prefix and ":x", main=_MAIN, data=inside)
    template = tmp_path / "other.xlsx"
    with ZipFile(plain) as old, ZipFile(template, "w") as new:
        for name in old.namelist():
            new.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else old.read(name))
    before = cells(template.read_bytes(), "表")
    after = cells(fill(template, '{"cells": {"B2": "received", "B40": "station"}}'), "表")
    assert after == before | {"B2": 21, "B40": "东门所 <&> =1"}


# What stands around a figure, and what the cell shows then; nothing where it cannot stand there.
AROUND = """
_x0041_{received} | _x0041_21
_x005F_x0041_{received} | _x005F_x0041_21
a\\rb{received} | a\\rb21
a\\n\\tb{received} | a\\n\\tb21
件数<&>]]>：{received} | 件数<&>]]>：21
\\u0001{received} |
{received}\\ud800 |
\\ufffe{received} |
"""


@pytest.mark.slow
@pytest.mark.parametrize("line", AROUND.strip().splitlines())
def test_what_check_passes_is_exported_as_it_stands(line: str, plain: Path) -> None:
    text, shown = (each.strip() for each in line.split("|"))
    Path("map.json").write_text(f'{{"cells": {{"K1": "{text}"}}}}', "utf-8")
    words = ["--template", str(plain), "--map", "map.json", "-o", "filled.xlsx"]
    codes = [
        run(["template", "check", str(plain), "--map", "map.json"]),
        run(["export", "6", "2026Q3", *words]),
    ]
    assert codes == ([0, 0] if shown else [5, 5])
    if shown:
        assert read_back(Path("filled.xlsx"), "K1") == json.loads(f'"{shown}"')


def test_a_text_around_a_figure_is_short(plain: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = check(capsys, plain, json.dumps({"cells": {"K1": "x" * 40_000 + "{received}"}}))
    assert said.endswith("\n  K1: 40000 characters are too many; at most 2000 are allowed\n")


def test_a_station_is_printed_as_it_is_called(tmp_path: Path, plain: Path) -> None:
    Path("ledger.sqlite").unlink()
    assert run(["init", "--station", "_x0041_所", "--county", "县"]) == 0
    content = fill(plain, '{"cells": {"K1": "station", "K2": "填报单位：{station}"}}')
    filled = tmp_path / "named.xlsx"
    filled.write_bytes(content)
    found = [read_back(filled, cell) for cell in ("K1", "K2")]
    assert found == ["_x0041_所", "填报单位：_x0041_所"]


@pytest.mark.parametrize("mapping", ['{"cells": {"C3": "received"}}', DATED_ROWS])
def test_a_figure_does_not_fit_where_a_day_is_shown(
    mapping: str, plain: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = load_workbook(plain)
    book.worksheets[0]["C3"].number_format = "yyyy-mm-dd"
    book.save(plain)
    said = check(capsys, plain, mapping)
    assert said == (
        f"Error: {plain} cannot be filled.\n"
        "  表 C3: the cell would show something else; is it formatted as a date?\n"
    )


def test_a_comment_is_no_part_of_a_sheet(tmp_path: Path, plain: Path) -> None:
    template, sheet = tmp_path / "commented.xlsx", "xl/worksheets/sheet1.xml"
    with ZipFile(plain) as old, ZipFile(template, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == sheet:
                content = content.replace(b"<sheetData>", b"<!-- <sheetData/> --><sheetData>")
            new.writestr(name, content)
    found = cells(fill(template, '{"cells": {"C3": "received"}}'), "表")
    assert found["C3"] == 21


def test_of_many_problems_the_first_are_told(
    plain: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = check(capsys, plain, json.dumps({"cells": {f"K{n}": "?" for n in range(1, 30_000)}}))
    _refused, *told, last = said.splitlines()
    assert len(told) == 100 and last == "  The list ends here; there may be more."


@pytest.mark.slow
def test_so_many_cells_are_filled_at_most(plain: Path, capsys: pytest.CaptureFixture[str]) -> None:
    columns = {f"{one}{two}": "序号" for one in "AB" for two in "ABCDEFGHIJ"}
    rows = {"first": 3, "last": 20_000, "columns": columns}
    said = check(capsys, plain, json.dumps({"form": "2", "rows": rows}))
    assert said.splitlines()[1:] == ["  more than 250,000 cells are to be filled"]


# A mapping and what is wrong with it.
MISFITS = """
{"cells": {"C3": "recieved"}}
  C3: recieved is not a measure, a rate or one of station, period, as_of, type
{"cells": {"C3": ""}}
  C3: "" is not a measure, a rate or one of station, period, as_of, type
{"cells": {"C3": "received 万元"}}
  C3: 万元 is neither a type nor a unit of received
{"cells": {"C3": "received ratio"}}
  C3: ratio is neither a type nor a unit of received
{"cells": {"C3": "disputed dollars"}}
  C3: dollars is neither a type nor a unit of disputed
{"cells": {"C3": "settled_rate %"}}
  C3: % is neither a type nor a unit of settled_rate
{"cells": {"ZZZ3": "received"}}
  ZZZ3: the workbook has no such cell and no such defined name
{"cells": {"c3": "received"}}
  c3: the workbook has no such cell and no such defined name
{"cells": {"投诉数": "received"}}
  投诉数: the workbook has no such cell and no such defined name
{"cells": {"C3:D4": "received"}}
  C3:D4: the workbook has no such cell and no such defined name
{"cells": {"他表!C3": "received"}}
  他表!C3: there is no sheet 他表
{"sheet": "他表", "cells": {"C3": "received"}}
  C3: there is no sheet 他表
{"cells": {"E2": "received"}}
  E2: it is inside the merged cells D1:E2; name the first of them
{"cells": {"B9": "received"}}
  B9: the cell contains a formula
{"cells": {"表!C3": "received", "C3": "closed"}}
  C3: it is filled twice
{"cells": {"B2": "closed"}, "rows": {"first": 2, "columns": {"B": "received"}}}
  B2: it is filled twice
{"rows": {"first": 2, "types": ["商店"], "columns": {"B": "received"}}}
  B2: 商店 is not a type
"""
PAIRS = re.findall(r"(\{.*)\n(.*\n)", MISFITS)


def check(capsys: pytest.CaptureFixture[str], template: Path, mapping: str) -> str:
    """Return the messages of `template check` for a refused mapping."""
    Path("map.json").write_text(mapping, "utf-8")
    assert run(["template", "check", str(template), "--map", "map.json"]) == 5
    out, err = capsys.readouterr()
    assert out == ""
    return str(err)


@pytest.mark.quick
@pytest.mark.parametrize(("mapping", "problem"), PAIRS)
def test_a_mapping_that_does_not_fit(
    plain: Path, capsys: pytest.CaptureFixture[str], mapping: str, problem: str
) -> None:
    refused = "Error: The mapping map.json does not fit this workbook; nothing is written.\n"
    assert check(capsys, plain, mapping) == refused + problem


NO_MAPPINGS = """
[]
7
{"cels": {}}
{"cells": ["B3"]}
{"cells": {"B3": 7}}
{"sheet": 1}
{"rows": {"columns": {}}}
{"rows": {"first": 8}}
{"rows": {"first": "8", "columns": {"B": "received"}}}
{"form": "9"}
{"form": ["2"]}
{"form": "2", "rows": {"first": 4, "columns": {"B": "序号"}}}
"""


@pytest.mark.quick
@pytest.mark.parametrize("mapping", [*NO_MAPPINGS.splitlines(), "\x00", "[" * 100_000])
def test_what_is_no_mapping(plain: Path, capsys: pytest.CaptureFixture[str], mapping: str) -> None:
    said = check(capsys, plain, mapping)
    assert re.fullmatch(r"Error: map.json is not (a mapping|one JSON object) such as .*\n", said)


def test_a_mapping_may_be_saved_in_gbk(plain: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("map.json").write_bytes('{"cells": {"B3": "期末服务点数"}}'.encode("gbk"))
    code = run(["template", "check", str(plain), "--map", "map.json"])
    assert (code, "Cells to fill" in capsys.readouterr().out) == (0, True)


@pytest.mark.parametrize(("size", "code"), [(1_000_000, 0), (1_000_001, 5)])
def test_a_mapping_has_a_million_bytes_at_most(plain: Path, size: int, code: int) -> None:
    Path("map.json").write_text('{"cells": {"C3": "received"}}'.ljust(size), "utf-8")
    assert run(["template", "check", str(plain), "--map", "map.json"]) == code


@pytest.mark.parametrize(
    ("part", "what"),
    [("xl/vbaProject.bin", "macros"), ("_xmlsignatures/sig1.xml", "a digital signature")],
)
def test_what_would_be_lost_is_named(
    plain: Path, capsys: pytest.CaptureFixture[str], part: str, what: str
) -> None:
    with ZipFile(plain, "a") as archive:
        archive.writestr(part, b"")
    said = check(capsys, plain, '{"cells": {"C3": "received"}}')
    assert said.endswith(f"\n  the workbook holds {what} ({part}), which would be lost\n")


def test_template_check(plain: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(TEMPLATE, MAPPING)
    capsys.readouterr()
    assert run(["template", "check", str(TEMPLATE), "--map", "map.json"]) == 0
    assert capsys.readouterr() == (f"The mapping fits. Cells to fill in {TEMPLATE}: 46\n", "")
    assert check(capsys, plain, MAPPING).splitlines()[1] == "  B2: there is no sheet 五进情况"


@pytest.mark.parametrize(
    "files", [("no.xlsx", "map.json"), ("map.json", "map.json"), ("plain.xlsx", "no")]
)
def test_a_file_that_is_none(
    plain: Path, capsys: pytest.CaptureFixture[str], files: tuple[str, str]
) -> None:
    Path("map.json").write_text(MAPPING, "utf-8")
    assert run(["template", "check", files[0], "--map", files[1]]) == 5
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
