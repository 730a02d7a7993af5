"""A bureau's own workbook filled in place: figures, and all that stays as it is."""

import json
import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from ledger12315.cli.app import run
from ledger12315.sheets.incoming.names import Place, open_workbook
from tests.catalogue import ROOT
from tests.printing import lived, printed
from tests.rows import for_all

EXAMPLE = ROOT / "examples" / "bureau.xlsx"
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


def drawn(words: Mapping[str, str]) -> Path:
    """Write a workbook without formats, but with merged cells, a formula and words in cells."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表"
    sheet["A1"], sheet["B9"] = "类型", "=SUM(B2:B8)"
    sheet.merge_cells("D1:E2")
    for cell, word in words.items():
        sheet[cell] = word
    book.save("own.xlsx")
    return Path("own.xlsx")


def fill(template: Path) -> bytes:
    words = ("--template", str(template), "-o", "filled.xlsx")
    assert run(["export", "6", "2026Q3", *words]) == 0
    return Path("filled.xlsx").read_bytes()


def refused(capsys: pytest.CaptureFixture[str], template: Path) -> str:
    """Return what `template check` says of a workbook that it refuses."""
    capsys.readouterr()
    assert run(["template", "check", str(template)]) == 5
    out, err = capsys.readouterr()
    assert out == ""
    return str(err)


def cells(content: bytes) -> dict[str, Any]:
    rows = load_workbook(BytesIO(content))["表"].iter_rows()
    return {cell.coordinate: cell.value for row in rows for cell in row if cell.value}


def read_back(cell: tuple[int, int]) -> object:
    with open_workbook(Path("filled.xlsx")) as book:
        return book.value(Place("表", *cell))


SHOWN = """\
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
LISTED = """\
填报单位：东门所 <&> =1        截至2026年10月9日        填报日期：2026年10月9日
序号|站点|依托单位|联络员|设立日期|示范级别
名称|类型|姓名|电话
1|一|商场|2026年1月5日|无
"""


@pytest.mark.filterwarnings("ignore:Sparkline")  # which openpyxl would lose
def test_the_examples() -> None:
    content = fill(EXAMPLE)
    assert printed(load_workbook(BytesIO(content))["五进情况"]).startswith(SHOWN)
    assert fill(EXAMPLE) == content
    other = str(EXAMPLE.with_name("bureau-list.xlsx"))
    assert run(["export", "5", "--template", other, "-o", "list.xlsx"]) == 0
    page = load_workbook("list.xlsx").worksheets[0]
    assert LISTED in printed(page)
    assert {page[f"A{row}"].value for row in (10, 34)} == {6, 30}


def test_all_that_is_not_filled_stays_to_the_byte() -> None:
    content, sheet = fill(EXAMPLE), "xl/worksheets/sheet1.xml"
    with ZipFile(EXAMPLE) as old, ZipFile(BytesIO(content)) as new:
        kept = {name for name in old.namelist() if old.read(name) == new.read(name)}
        before, after = (archive.read(sheet).decode() for archive in (old, new))
        assert new.namelist() == old.namelist()
        assert {"xl/drawings/drawing1.xml", "xl/comments1.xml", "xl/styles.xml"} < kept
        # Formulas whose results are old now, and the part that says they are to be worked out.
        changed = {sheet, "xl/worksheets/sheet2.xml", "xl/workbook.xml"}
        assert {*old.namelist()} - kept == changed
        assert b'<calcPr fullCalcOnLoad="1" calcId="124519"/>' in new.read("xl/workbook.xml")
    shown = r'(?: t="inlineStr")?><is>.*?</is></c>|><v>[^<]*</v></c>'
    assert re.sub(shown, "/>", after) == re.sub(
        shown, "/>", re.sub("(</f>)<v>[^<]*</v>", r"\1", before)
    )
    assert "sparkline" in after and "conditionalFormatting" in after and "pageSetup" in after


# What a cell has, and what it holds then.
WANTED = """
{received 合计} | 21
{03 超市} | 2
{other received} | 6
{市场监管部门分流 其他} | 6
{工商部门分流 其他} | 6
{received_other_kind 合计} | 0
{disputed total} | 0.21
{disputed 元 进商场} | 0.01
{21 合计 万元} | 0.000021
{settled_rate 合计} | "50.00%"
{settled_rate 小数 mall} | 0.5
{satisfaction_rate 小数 合计} | "—"
{station} | "东门所 <&> =1"
{截至} | "2026年9月30日"
_x005F_x0041_{受理投诉 合计} | "_x0041_21"
a\\n\\tb{受理投诉 合计} | "a\\n\\tb21"
件数<&>]]>：{受理投诉 合计} | "件数<&>]]>：21"
第｛↓ 类型｝ | "第进商场"
"""


def test_what_a_cell_may_hold() -> None:
    rows = [line.split(" | ") for line in WANTED.strip().splitlines()]
    template = drawn({f"K{n}": json.loads(f'"{text}"') for n, (text, _) in enumerate(rows, 1)})
    assert run(["template", "check", str(template)]) == 0
    fill(template)
    found = {text: read_back((number, 11)) for number, (text, _) in enumerate(rows, 1)}
    assert found == {text: json.loads(value) for text, value in rows}


def test_every_measure_is_known_by_its_code_and_its_key(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["rollup", "3", "2026Q3", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)["rows"]
    names = {f"K{n}": f"{{{row['code']} 合计}}" for n, row in enumerate(said, 1)}
    names |= {f"L{n}": f"{{{row['key']} 合计}}" for n, row in enumerate(said, 1)}
    page = load_workbook(BytesIO(fill(drawn(names))))["表"]
    figures = [float(row["total"]) for row in said]
    assert [[page[f"{column}{n}"].value for n in range(1, 27)] for column in "KL"] == [figures] * 2


def test_new_rows_look_like_the_first() -> None:
    """Rows below the last one of a sheet get the format of the words' row."""
    template = drawn({"A12": "{↓类型}", "C12": "{↓办结}", "AB12": "{↓和解}"})
    book = load_workbook(template)
    book.worksheets[0]["C12"].number_format = "0.00"
    book.save(template)
    page = load_workbook(BytesIO(fill(template)))["表"]
    types = ["进商场", "进超市", "进市场", "进企业", "进景区", "其他"]
    assert [
        [page[f"{column}{row}"].value for column in ("A", "C", "AB")] for row in range(12, 18)
    ] == [[type_, 2 * n, n] for n, type_ in enumerate(types, 1)]
    assert {page[f"C{row}"].number_format for row in range(12, 18)} == {"0.00"}


_SHEET = "<{p}worksheet xmlns{q}='{main}'>{data}</{p}worksheet>"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORD = "<c r='B2' t='inlineStr'><is><t>{受理投诉 合计}</t></is></c>"


@for_all("prefix", ["", "x:"])
@for_all(
    "data",
    [
        f"<sheetData><row r='2' spans='1:3'>{_WORD}</row></sheetData>",
        f"<sheetData>\n <row r='1'><c r='A1'><v>7</v></c></row>\n<row r='2'>\n<c r='A2'/>{_WORD}"
        "<c r='C2'><v>8</v></c></row></sheetData>",
        "<!-- <sheetData/> --><sheetData><row><c><v>7</v></c></row><row><c s='0'/>"
        + _WORD.replace(" r='B2'", "")
        + "<c><v>8</v></c></row></sheetData>",
    ],
)
def test_worksheets_as_other_programs_write_them(tmp_path: Path, data: str, prefix: str) -> None:
    inside = re.sub("(</?)(?=[a-z])", rf"\1{prefix}", data)
    xml = _SHEET.format(p=prefix, q=prefix and ":x", main=_MAIN, data=inside)
    template = tmp_path / "other.xlsx"
    with ZipFile(drawn({})) as old, ZipFile(template, "w") as new:
        for name in old.namelist():
            new.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else old.read(name))
    before = cells(template.read_bytes())
    assert cells(fill(template)) == before | {"B2": 21}


def test_there_is_an_end_to_problems(capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, drawn({f"K{n}": "{?}" for n in range(1, 102)}))
    _refused, *told, last = said.splitlines()
    assert len(told) == 100 and last == "  The list ends here; there may be more."


@for_all("""
    file
    no.xlsx
    ledger.sqlite
    .
""")
def test_a_file_that_is_none(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, Path(file)).count("\n") == 1
