"""`county consolidate`: stations' workbooks into the county's, and sums that are refused."""

import json
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from openpyxl import Workbook

from ledger12315.cli.forms.export import FORMS
from ledger12315.cli.forms.facts import FormRequest, attachment_workbook
from ledger12315.rules.periods import parse_period
from tests.building import act, built, of_station
from tests.cli.conftest import Cli, Result, scenes
from tests.desk import printed, reopened
from tests.letters import smallest
from tests.rows import table

pytestmark = pytest.mark.slow  # draws workbooks or starts processes

PERIOD, AFTER = "2026Q3", "2026-10-09"
_LOG = (
    "log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods --received 2026-07-06"
    " --disputed 1234.56\n"
)
_CLOSE = (
    "close {} --outcome settled --closed 2026-07-07 --rating satisfied --recovered 100\n".format
)
# What came in at each station; what is not settled is still open and overdue.
STATIONS = {
    "东门所": _LOG * 3 + "".join(map(_CLOSE, ("2026-1", "2026-2", "2026-3"))),
    "西门所": _LOG * 2 + _CLOSE("2026-1"),
    "南门所": "",
}
Run = Callable[..., Result]


@cache
def reported(station: str, period: str = PERIOD, county: str = "榕溪县") -> bytes:
    """Return the workbook of a station's ledger."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        cli = Cli(Path(folder, "ledger.sqlite"), monkeypatch)
        cli.given(
            f"""
            init --station {station} --county {county} --begins 2026-01-01
            register {station[:2]}商场 --type mall --area 500 --capital 80万 --turnover 300万 \
                --since 2026-01-05
            {STATIONS[station]}
            """,
            today=AFTER,
        )
        cli.all(f"export 6 {period} -o {folder}/6.xlsx", today=AFTER)
        return Path(folder, "6.xlsx").read_bytes()


@cache
def opened() -> Workbook:
    return reopened(reported("东门所"))


@pytest.fixture
def county(cli: Cli) -> Run:
    """Run the command in a folder with workbooks of all kinds, after one of them was edited."""
    east, west = reported("东门所"), reported("西门所")
    contents = {
        "east.xlsx": east,
        "west.xlsx": west,
        "again.xlsx": east,
        "in/east.xlsx": east,
        "in/~$east.xlsx": b"",
        "before.xlsx": reported("西门所", "2026Q2"),
        "early.xlsx": reported("西门所", f"{PERIOD} --as-of 2026-08-31"),
        "county.xlsx": added(),
        "foreign.xlsx": reported("南门所", county="安溪县"),
        "names.txt": "东门所\n西门 所\n\n北门所\n北门所\n".encode(),
        "broken.xlsx": east[:4000] + east[5000:],
        "other.xlsx": _of_no_station(),
    }
    for folder in ("in", "empty"):
        Path(folder).mkdir()
    for name, content in contents.items():
        Path(name).write_bytes(content)

    def run(more: str = "", files: str = "east.xlsx west.xlsx", **how: str) -> Result:
        return cli(f"county consolidate {files} -o sum.xlsx {more}", **{"today": AFTER} | how)

    return run


@cache
def _of_no_station() -> bytes:
    Workbook().save(file := BytesIO())
    return file.getvalue()


def _book(file: str) -> Workbook:
    return reopened(Path(file).read_bytes())


@cache
def added() -> bytes:
    """Return a county's workbook, which no county adds."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        west, sum_ = Path(folder, "west.xlsx"), Path(folder, "sum.xlsx")
        west.write_bytes(reported("西门所"))
        cli = Cli(Path(folder, "none.sqlite"), monkeypatch)
        cli.all(f"county consolidate {west} -o {sum_}", today=AFTER)
        return sum_.read_bytes()


def cell_of(book: Workbook, name: str) -> Any:
    """Return a cell by its defined name, or by `sheet!cell`."""
    if "!" in name:
        sheet, cell = name.split("!")
    else:
        sheet, cell = next(iter(book.defined_names[name].destinations))
    return book[sheet][cell]


def edit(*changes: tuple[str, object]) -> None:
    """Set cells of east.xlsx as somebody with a spreadsheet program would."""
    found = [cell_of(opened(), name) for name, _ in changes]
    before = [cell.value for cell in found]
    for cell, (_, value) in zip(found, changes, strict=True):
        cell.value = value
    opened().save("east.xlsx")
    for cell, value in zip(found, before, strict=True):
        cell.value = value


def test_the_county_keeps_no_ledger_that_could_begin_later(county: Run) -> None:
    """The one on its desk begins on 2026-07-01, the station's on 2026-01-01."""
    assert county(files="before.xlsx").code == 0
    found = [cell.value for row in _book("sum.xlsx").worksheets[0] for cell in row]
    assert "数据截至2026年6月30日。" in "\n".join(filter(None, map(str, found)))
    assert not [each for each in found if "启用台账" in str(each)]


@scenes(r"""
# figures add up and rates are worked out anew
@ 2026-10-09
$ county consolidate east.xlsx west.xlsx -o sum.xlsx
mall | 2 | 0 | 0 | 2 | 0 | 0 | 0 | 0 | 5 | 0 | 4 | 4 | 6172.80 | 400.00 | 100.00 (4/4) | — (0/0) \
    | 100.00 (4/4) | 2 | 0 | 0 | 0 | 0 | 0 | 0
supermarket | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0.00 | 0.00 | — (0/0) | — (0/0) | — \
    (0/0) | 0 | 0 | 0 | 0 | 0 | 0 | 0
market | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0.00 | 0.00 | — (0/0) | — (0/0) | — \
    (0/0) | 0 | 0 | 0 | 0 | 0 | 0 | 0
enterprise | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0.00 | 0.00 | — (0/0) | — (0/0) | — \
    (0/0) | 0 | 0 | 0 | 0 | 0 | 0 | 0
scenic area | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0.00 | 0.00 | — (0/0) | — (0/0) | — \
    (0/0) | 0 | 0 | 0 | 0 | 0 | 0 | 0
other | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0.00 | 0.00 | — (0/0) | — (0/0) | — (0/0) \
    | 0 | 0 | 0 | 0 | 0 | 0 | 0
total | 2 | 0 | 0 | 2 | 0 | 0 | 0 | 0 | 5 | 0 | 4 | 4 | 6172.80 | 400.00 | 100.00 (4/4) | — (0/0) \
    | 100.00 (4/4) | 2 | 0 | 0 | 0 | 0 | 0 | 0
! Stations added up: 2; Attachment 6 is written: sum.xlsx
! Without --expect it is not known which stations are missing, or whether demonstration points \
    are too few.
$ county consolidate east.xlsx west.xlsx -o sum.xlsx --json
{"period": "2026Q3", "stations": ["东门所", "西门所"], "missing": null, "file": "sum.xlsx", "rows": \
    [{"type": "mall", "points_start": 2, "points_new": 0, "points_retired": 0, "points_end": 2, \
    "demo_provincial": 0, "demo_municipal": 0, "liaisons": 0, "inquiries": 0, "received": 5, \
    "received_referred": 0, "closed": 4, "settled": 4, "disputed": "6172.80", "recovered": \
    "400.00", "settled_rate": {"numerator": 4, "denominator": 4, "percent": "100.00"}, \
    "mediation_success_rate": {"numerator": 0, "denominator": 0, "percent": null}, \
    "satisfaction_rate": {"numerator": 4, "denominator": 4, "percent": "100.00"}, "returns_due": \
    2, "returns_made": 0, "visits": 0, "meetings": 0, "trainings": 0, "notices": 0, "interviews": \
    0}, … {"type": "total", "points_start": 2, "points_new": 0, "points_retired": 0, \
    "points_end": 2, "demo_provincial": 0, "demo_municipal": 0, "liaisons": 0, "inquiries": 0, \
    "received": 5, \
    "received_referred": 0, "closed": 4, "settled": 4, "disputed": "6172.80", "recovered": \
    "400.00", "settled_rate": {"numerator": 4, "denominator": 4, "percent": "100.00"}, \
    "mediation_success_rate": {"numerator": 0, "denominator": 0, "percent": null}, \
    "satisfaction_rate": {"numerator": 4, "denominator": 4, "percent": "100.00"}, "returns_due": \
    2, "returns_made": 0, "visits": 0, "meetings": 0, "trainings": 0, "notices": 0, "interviews": \
    0}], "corrections": []}
! sum.xlsx already existed and was replaced.
! Stations added up: 2; Attachment 6 is written: sum.xlsx
! Without --expect it is not known which stations are missing, or whether demonstration points \
    are too few.
# a folder stands for its workbooks
@ 2026-10-09
$ county consolidate in -o sum.xlsx
…
total | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 0 | 3 | 0 | 3 | 3 | 3703.68 | 300.00 | 100.00 (3/3) | — (0/0) \
    | 100.00 (3/3) | 1 | 0 | 0 | 0 | 0 | 0 | 0
! Stations added up: 1; Attachment 6 is written: sum.xlsx
! Without --expect it is not known which stations are missing, or whether demonstration points \
    are too few.
# nothing that is read is overwritten
@ 2026-10-09
$ county consolidate east.xlsx west.xlsx -o west.xlsx
! Error: west.xlsx is the ledger, a backup or an input file; choose another file.
[3]
$ county consolidate west.xlsx --expect names.txt -o names.txt
! Error: names.txt is the ledger, a backup or an input file; choose another file.
[3]
$ county consolidate east.xlsx west.xlsx -o ledger.sqlite
! Error: ledger.sqlite is the ledger, a backup or an input file; choose another file.
[3]
+ ledger check
""")
def test_in_words(script: str, county: Run, cli: Cli) -> None:
    cli.plays(script)


@scenes(r"""
# twice
@ 2026-10-09
$ county consolidate east.xlsx east.xlsx -o sum.xlsx
! Error: These workbooks cannot be added up; nothing is written.
!   east.xlsx: 东门所 is in east.xlsx already
[5]
$ county consolidate east.xlsx again.xlsx -o sum.xlsx
! Error: These workbooks cannot be added up; nothing is written.
!   again.xlsx: 东门所 is in east.xlsx already
[5]
# of other periods
@ 2026-10-09
$ county consolidate east.xlsx before.xlsx -o sum.xlsx
! Error: These workbooks cannot be added up; nothing is written.
!   before.xlsx covers 2026Q2 (2026-04-01/2026-06-30), but east.xlsx covers 2026Q3 \
    (2026-07-01/2026-09-30)
[5]
$ county consolidate east.xlsx early.xlsx -o sum.xlsx
! Error: These workbooks cannot be added up; nothing is written.
!   early.xlsx covers 2026Q3 (2026-07-01/2026-08-31), but east.xlsx covers 2026Q3 \
    (2026-07-01/2026-09-30)
[5]
# of two counties
@ 2026-10-09
$ county consolidate east.xlsx west.xlsx foreign.xlsx -o sum.xlsx
! Error: These workbooks cannot be added up; nothing is written.
!   foreign.xlsx: 南门所 belongs to 安溪县, but east.xlsx to 榕溪县
[5]
# of no station
@ 2026-10-09
$ county consolidate east.xlsx county.xlsx -o sum.xlsx
! Error: These workbooks cannot be added up; nothing is written.
!   county.xlsx: it is a sum of stations, and east.xlsx is one station's
[5]
$ county consolidate other.xlsx -o sum.xlsx
! Error: These workbooks cannot be added up; nothing is written.
!   other.xlsx: it has no sheet 计算依据 with the cell names that `export 6` writes
[5]
$ county consolidate east.xlsx nowhere.xlsx -o sum.xlsx
! Error: These workbooks cannot be added up; nothing is written.
!   There is no file nowhere.xlsx.
[5]
$ county consolidate east.xlsx names.txt -o sum.xlsx
! Error: These workbooks cannot be added up; nothing is written.
!   names.txt cannot be loaded: it is not a workbook.
[5]
$ county consolidate east.xlsx broken.xlsx -o sum.xlsx
! Error: These workbooks cannot be added up; nothing is written.
!   broken.xlsx cannot be loaded: its content is damaged.
[5]
$ county consolidate empty -o sum.xlsx
! Error: These workbooks cannot be added up; nothing is written.
!   There is no file empty/*.xlsx.
[5]
""")
def test_what_makes_no_sum(script: str, county: Run, cli: Cli) -> None:
    cli.plays(script)
    assert not Path("sum.xlsx").exists()


def test_the_countys_workbook(county: Run, cli: Cli) -> None:
    """It needs no ledger; its amounts are whole 分, and in 万元."""
    cli.path.unlink()
    assert county().code == 0
    assert not cli.path.exists()
    book = _book("sum.xlsx")
    assert book.sheetnames == ["附件6", "附件6分所", "计算依据", "系统录入"]
    by_station = [row[:5] for row in book["附件6分所"].values if row[0] in (*STATIONS, "合计")]
    assert by_station == [("东门所", 1, 0, 0, 1), ("西门所", 1, 0, 0, 1), ("合计", 2, 0, 0, 2)]
    entries = [row[:4] for row in book["系统录入"].values if isinstance(row[0], int)]
    assert entries[0] == (1, "期初服务点数", "个", 2) and entries[8] == (9, "受理投诉", "件", 5)
    assert [row[1] for row in entries] == [cell.value for cell in book["附件6"][4][1:]]
    named = "basis_disputed_mall A6_disputed_total basis_station basis_period basis_stations"
    assert [cell_of(book, name).value for name in named.split()] == [
        *(617280, 0.61728),
        *("县局12315服务台", PERIOD, "2"),
    ]
    assert _TOO_FEW not in printed(book["附件6"])


_TOO_FEW = "省级示范服务点0个，少于方案三(五)8要求保留的6个"


def test_only_where_every_station_is_there_points_can_be_too_few(county: Run) -> None:
    """What is missing, or may be, never reads as points that were lost. 三(五)8"""
    Path("present.txt").write_text("东门所\n西门所\n", "utf-8")
    assert "must be kept (三(五)8)" in county("--expect present.txt").err
    assert _TOO_FEW in printed(_book("sum.xlsx")["附件6"])


def test_a_missing_station_stands_as_such_on_each_sheet(county: Run) -> None:
    result = county("--expect names.txt --county 榕溪县12315服务台")
    assert result.code == 0 and "Missing: 北门所\n" in result.err
    assert "must be kept" not in result.err
    book = _book("sum.xlsx")
    rows = [row[:3] for row in book["附件6分所"].values if row[1] == "未报"]
    assert rows == [("北门所", "未报", None)]
    page = printed(book["系统录入"])
    assert page.startswith("12315“五进”名录管理系统录入表（未齐）\n")
    assert "注：1.本表未含以下单位，补齐后再录入（1个）：北门所。\n" in page
    form = printed(book["附件6"])
    told = (
        "填报单位：榕溪县12315服务台",
        "方案规定县局2026年10月5日前（遇休息日，即2026年10月8日前）报省局；工商所",
        "未报单位（1个）：北门所。",
    )
    assert [each for each in told if each not in form] == []
    assert _TOO_FEW not in form


def test_equal_workbooks_give_equal_bytes_and_a_province_adds_counties(county: Run) -> None:
    assert county("--county 甲县").code == 0
    Path("sum.xlsx").rename("one.xlsx")
    assert county("--county 甲县").code == 0
    assert Path("sum.xlsx").read_bytes() == Path("one.xlsx").read_bytes()
    total = county("--json", files="one.xlsx county.xlsx").json
    assert (total["stations"], total["rows"][-1]["received"]) == (["甲县", "县局12315服务台"], 7)


@table(r"""
    cell                 | value  | problem
    basis_received_total | 9      | 计算依据 E7: the total 9 of 03 received (受理投诉) is not \
        the sum of its types
    basis_received_total | 9      | 计算依据 E7: 03 received (受理投诉) 9 ≠ 07 received_goods (商品类) \
        + 08 received_service (服务类) + 09 received_other_kind (其他类) 3
    basis_satisfied_mall basis_satisfied_total | 4 | 计算依据 F28: 24 satisfied (满意(含基本满意)) 4 \
        > 23 rated (评价) 3
    basis_visits_mall    | 1      | 计算依据 E41: the total 0 of visits (走访) is not \
        the sum of its types
    计算依据!B41         | "interviews" | 计算依据 E41: this is not the row of visits (走访); \
        was the table sorted?
    A6_points_start_mall | 9      | 附件6 B5 is 9, but 计算依据 gives 1
    A6_disputed_total    | 0.37   | 附件6 N11 is 0.37, but 计算依据 gives 0.370368
    A6_settled_rate_mall | "98.00%" | 附件6 P5 is 98.00%, but 计算依据 gives 100.00%
    basis_period         | "2026Q9" | 计算依据 C48: this must be a period with its days below it
    basis_last           | "2026-10-01" | 计算依据 C48: this must be a period with its days below it
    basis_station        | null   | 计算依据 C47: the name is missing
""")
def test_what_was_edited_is_refused_with_its_cell(
    county: Run, cell: str, value: str, problem: str
) -> None:
    edit(*((each, json.loads(value)) for each in cell.split()))
    result = county(files="east.xlsx")
    first, *lines = result.err.splitlines()
    assert (result.code, result.out) == (5, "")
    assert first == "Error: These workbooks cannot be added up; nothing is written."
    assert f"  east.xlsx: {problem}" in lines
    assert not Path("sum.xlsx").exists()


def test_what_is_no_whole_number_is_told_with_its_cell(county: Run) -> None:
    wrong = {"mall": "x", "supermarket": 0.5, "market": -1, "enterprise": None}
    edit(*((f"basis_visits_{type_}", value) for type_, value in wrong.items()))
    problems = [
        f"  east.xlsx: 计算依据 {column}41: {'nothing' if value is None else value}"
        " is not a whole number"
        for column, value in zip("FGHI", wrong.values(), strict=True)
    ]
    lines = county(files="east.xlsx").err.splitlines()
    assert [each for each in problems if each not in lines] == [], lines


def test_a_control_is_told_in_the_readers_language(county: Run) -> None:
    edit(("basis_received_total", 9))
    control = "计算依据 E7:03 受理投诉 9 ≠ 04 消费者直接投诉 + 05 工商部门分流 + 06 其他转办 3"
    assert control in county(files="east.xlsx", lang="zh").err.replace("\uff1a", ":")


def test_a_workbook_saved_anew_with_rows_moved_is_read(county: Run) -> None:
    # Names follow what they name in a spreadsheet program; openpyxl moves the cells only.
    book = _book("east.xlsx")
    sheet = book["计算依据"]
    sheet.insert_rows(1, 2)
    for name, defined in book.defined_names.items():
        if name.startswith("basis_"):
            place, _, row = defined.attr_text.rpartition("$")
            place = place.replace("计算依据", "依 据''s")
            defined.attr_text = f"{place}${int(row) + 2}"
    sheet.title = "依 据's"
    book.save("east.xlsx")
    assert county("--json").json["rows"][-1]["received"] == 5


def test_lost_names_and_sheets_are_named(county: Run) -> None:
    book = _book("east.xlsx")
    del book.defined_names["basis_visits_total"]
    book.save("east.xlsx")
    book = _book("west.xlsx")
    del book["计算依据"]
    book.save("west.xlsx")
    lost = "these names no longer point to a cell:"
    assert county().err.splitlines()[1:] == [
        f"  east.xlsx: {lost} basis_visits_total",
        f"  west.xlsx: {lost} basis_station, basis_period, basis_first, basis_last,"
        " basis_inquiries_total, basis_inquiries_mall, basis_inquiries_supermarket,"
        " basis_inquiries_market, basis_inquiries_enterprise, basis_inquiries_scenic, …",
    ]


def test_lists_of_points_become_the_countys_and_a_missing_station_loses_none(
    county: Run, tmp_path: Path
) -> None:
    for name in ("东门", "西门"):
        cli = Cli(tmp_path / f"{name}.sqlite", pytest.MonkeyPatch())
        cli.given(
            f"""
            init --station {name}所 --county 榕溪县
            register {name}商场 --type mall --area 500 --capital 80万 --turnover 300万 \
                --since 2026-01-05 --liaison "林秀珍 13900000101"
            """,
            today=AFTER,
        )
        cli.all(f"export 5 {PERIOD} -o {name}5.xlsx", today=AFTER)
    told = county("--expect names.txt", "east.xlsx 东门5.xlsx 西门5.xlsx")
    assert (told.code, told.err.splitlines()) == (
        0,
        [
            "Stations added up: 1; Attachment 6 is written: sum.xlsx",
            "Missing: 西门 所, 北门所",
            "Stations whose points are listed: 2; Attachment 5 is written: 附件5_2026Q3_县局.xlsx",
            "Missing in Attachment 5: 北门所",
        ],
    )
    page = printed(_book("附件5_2026Q3_县局.xlsx").worksheets[0])
    assert page.startswith("""\
“消费维权服务点”信息登记汇总表
表号：附件5
填报单位：县局12315服务台|报告期：2026年第三季度
序号|服务点编号|名称|类型|依托经营者|地址|联络员|联系电话|工商所|联系人|联系电话|设置依据|示范级别|\
设立日期|状态|备注
1|P001|东门商场|商场|林秀珍|13900000101|东门所|达标|无|2026年1月5日|在册|未备案
2|P001|西门商场|商场|林秀珍|13900000101|西门所|达标|无|2026年1月5日|在册|未备案
在册服务点2个：商场2个、超市0个、市场0个、企业0个、景区0个、其他0个。示范级别：省级0个、市级0个。

单位负责人（盖章）：|审核人：|填表人：|联系电话：|填报日期：
注：1.未报单位（1个）：北门所。
""")
    assert "少于" not in printed(_book("sum.xlsx").worksheets[0])
    again = county("", "东门5.xlsx 东门5.xlsx")
    assert (again.code, again.err.splitlines()[1]) == (
        5,
        "  东门5.xlsx: 东门所 is in 东门5.xlsx already",
    )


@table("""
    station            | words
    东门市场监督管理所 | 市场监管
    东门工商所         | 工商
""")
def test_the_countys_forms_have_the_words_of_its_stations(
    station: str, words: str, county: Run, tmp_path: Path
) -> None:
    cli = Cli(tmp_path / "other.sqlite", pytest.MonkeyPatch())
    cli.given(
        f"""
        init --station {station} --county 榕溪县 --begins 2026-01-01
        register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万 --since 2026-01-05
        """,
        today=AFTER,
    )
    cli.all(f"export 5 -o 5.xlsx\nexport 6 {PERIOD} -o 6.xlsx", today=AFTER)
    assert county("", "5.xlsx 6.xlsx").code == 0
    for file in ("附件5_2026-10-09_县局.xlsx", "sum.xlsx"):
        text = "".join(map(printed, _book(file).worksheets)).replace(station, "")
        assert {*re.findall("工商|市场监管", text)} == {words}


@table("""
    annual_period | year
    statistical   | 统计年度(上年12月1日至本年11月30日)
    calendar      | 自然年度(1月1日起)
""")
def test_the_countys_year_is_that_of_its_stations(annual_period: str, year: str, cli: Cli) -> None:
    cli.all(
        f"""
        settings set annual_period {annual_period}
        export 6 2026A -o a.xlsx
        county consolidate a.xlsx -o c.xlsx
        """,
        today="2027-01-06",
    )
    assert f"年报口径为{year}" in "".join(map(printed, _book("c.xlsx").worksheets))


# Of eight stations: what happened at the n-th, whose point is of the n-th type.
_LAST = 8
_TYPES = ("mall", "supermarket", "market", "enterprise", "scenic", "other")
_EIGHT = """
    register 点{n} --type {type_} --since {since} --liaison '李四 13900000101' --code D{n:02}
    point amend D{n:02} --demonstration {level} --on 2026-07-01
    record inquiry D{n:02} --count {n} --on 2026-07-02
"""


def handed_in(n: int) -> dict[str, bytes]:
    """Return the Attachments 5 and 6 of the n-th of eight stations."""
    # Six points are provincial and one municipal; the last is new, and nothing yet.
    level = "provincial" if n <= 6 else "municipal"
    since = "2026-07-01" if n == _LAST else "2026-01-05"
    lines = _EIGHT.format(n=n, type_=_TYPES[n % 6], since=since, level=level)
    for case in range(n):
        lines += f"log D{n:02} --received 2026-07-{case + 1:02} --disputed {case}.50\n"
        if case % 3 == 0:
            lines += (
                f"close _ --outcome settled --closed 2026-07-{case + 1:02} --rating satisfied\n"
            )
    if n == _LAST:
        lines = lines.replace("point amend D08 --demonstration municipal --on 2026-07-01\n", "")
    with built(f"{lines}point retire D01 --on 2026-09-01" if n == 1 else lines) as ledger:
        of_station(ledger, f"第{n}所")
        asked = FormRequest(date(2026, 10, 9), parse_period(PERIOD))
        return {f"{form}-{n:02}.xlsx": FORMS[form].make(ledger, asked) for form in "56"}


@pytest.fixture(scope="module")
def eight() -> dict[str, bytes]:
    return {name: each for n in range(1, _LAST + 1) for name, each in handed_in(n).items()}


def test_eight_stations_become_the_countys_with_nothing_typed_again(
    eight: dict[str, bytes], cli: Cli
) -> None:
    Path("in").mkdir()
    for name, content in eight.items():
        Path("in", name).write_bytes(content)
    Path("names.txt").write_text("".join(f"第{n}所\n" for n in range(1, _LAST + 1)), "utf-8")
    told = cli("county consolidate in -o sum.xlsx --expect names.txt", today=AFTER)
    assert (told.code, told.err.splitlines()) == (
        0,
        [
            "Stations added up: 8; Attachment 6 is written: sum.xlsx",
            "省级示范: 5, but at least 6 must be kept (三(五)8).",
            "市级示范: 1, but at least 17 must be kept (三(五)8).",
            "Closed complaints whose recovered amount is not stated, counted as 0: 15.",
            "Stations whose points are listed: 8; Attachment 5 is written: 附件5_2026Q3_县局.xlsx",
        ],
    )
    book = _book("sum.xlsx")
    found = {row[1]: row[3:10] for row in book["系统录入"].values if isinstance(row[0], int)}
    assert found["受理投诉"] == by_type(lambda n: n)
    assert found["办结"] == by_type(lambda n: -(-n // 3))
    assert found["接受咨询"] == by_type(lambda n: n)
    assert found["期末服务点数"] == by_type(lambda n: n > 1)
    assert found["本期新设"] == by_type(lambda n: n == _LAST)
    assert found["本期撤销"] == by_type(lambda n: n == 1)
    disputed = by_type(lambda n: sum(50 + 100 * case for case in range(n)))
    assert found["争议金额（万元）"] == tuple(figure / 1_000_000 for figure in disputed)
    names = {f"第{n}所": n for n in range(1, _LAST + 1)}
    received = {row[0]: row[9] for row in book["附件6分所"].values if row[0] in names}
    assert received == names
    points = _book("附件5_2026Q3_县局.xlsx")
    assert [page.title for page in (*book, *points) if smallest(page) < 9] == []
    listed = [row[1] for row in points["附件5"].values if isinstance(row[0], int)]
    assert listed == [f"D{n:02}" for n in range(1, _LAST + 1)]
    directory = [
        row[:3] for row in points["名录录入"].values if row[0] in ("新设", "变更", "撤销")
    ]
    changed = [("变更", f"D{n:02}", f"点{n}") for n in range(2, _LAST)]
    assert directory == [("撤销", "D01", "点1"), *changed, ("新设", "D08", "点8")]


# A workbook of the county desk's, a form and what is read in the first columns of it, filled.
OWN: dict[str, tuple[list[str], list[list[str]], list[tuple[Any, ...]]]] = {
    "6": (
        ["类别", "期末服务点", "受理投诉", "争议金额（万元）"],
        [
            [type_, "{期末服务点数}", "{受理投诉}", "{争议金额 万元}"]
            for type_ in ("进商场", "进超市", "合计")
        ],
        [("进商场", 1, 6, 0.0018), ("进超市", 1, 8, 0.0025), ("合计", 7, 36, 0.0102)],
    ),
    "5": (
        ["序号", "名称", "工商所", "状态"],
        [["{↓序号}", "{↓名称}", "{↓工商所}", "{↓状态}"]],
        [
            (1, "点1", "第1所", "2026年9月1日撤销"),
            *((n, f"点{n}", f"第{n}所", "在册") for n in range(2, 9)),
        ],
    ),
}


@pytest.mark.parametrize("form", OWN)
def test_a_workbook_of_the_desks_own_is_filled_with_the_countys(
    form: str, eight: dict[str, bytes], cli: Cli
) -> None:
    Path("in").mkdir()
    for name, content in eight.items():
        if name.startswith(form):
            Path("in", name).write_bytes(content)
    headings, rows, expected = OWN[form]
    book = Workbook()
    for row in (headings, *rows):
        book.worksheets[0].append(row)
    book.save("own.xlsx")
    cli.all("county consolidate in -o sum.xlsx --template own.xlsx", today=AFTER)
    written = {"5": "附件5_2026Q3_县局.xlsx", "6": "sum.xlsx"}[form]
    found = [row for row in _book(written).worksheets[0].values if row[0]]
    assert found == [tuple(headings), *expected]


def by_type(figure: Callable[[int], int]) -> tuple[int, ...]:
    """Return a figure of each type of the eight points, in the order of the forms, and all."""
    sums = dict.fromkeys(_TYPES, 0)
    for n in range(1, _LAST + 1):
        sums[_TYPES[n % 6]] += figure(n)
    return (*sums.values(), sum(sums.values()))


# Of three stations that submit two quarters what happens in the first, and late; 南门所 begins in
# the second one, with an old case.
_TWO_QUARTERS = {
    "东门所": (
        "2026-07-01",
        "log P001 --received 2026-07-06 --disputed 100; log P001 --received 2026-08-03; "
        "close 2026-0001 --outcome settled --closed 2026-07-08; "
        "log P001 --received 2026-09-07",
        "complaint void 2026-0002 --reason 重复; record visit P001 --on 2026-09-25; "
        "complaint amend 2026-0001 --disputed 1234.56",
    ),
    "西门所": (
        "2026-07-01",
        "log P001 --received 2026-07-06; log P001 --received 2026-08-03",
        "register 北门店 --type other --since 2026-09-20 --liaison 王五; "
        "log P001 --received 2026-09-28",
    ),
    "南门所": ("2026-10-01", "", "log P001 --received 2026-09-29"),
}


@pytest.fixture
def two_quarters(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The Attachments 6 as they were submitted, by station and quarter; no other is drawn."""

    def drawn(ledger: Any, form: Any, *more: Any) -> bytes:
        return attachment_workbook(ledger, form, *more) if form.form == 6 else b""

    monkeypatch.setattr("tests.building.attachment_workbook", drawn)
    found = {}
    for station, (begins, first, late) in _TWO_QUARTERS.items():
        lines = [
            f"settings set begins {begins}",
            "register 商场 --type mall --since 2026-01-05 --liaison 李四",
            *filter(None, first.split("; ")),
            *(["returns submit 2026Q3 --forms station"] if first else []),
            *late.split("; "),
        ]
        with built("") as ledger:
            of_station(ledger, station)
            act(ledger, *lines, "returns submit 2026Q4 --forms station")
            query = """
                SELECT period, content FROM submitted JOIN submission
                ON submission.id = submission_id JOIN file USING (sha256) WHERE form = 6"""
            for period, content in ledger.execute(query):
                found[f"{station}{period}.xlsx"] = content
    return found


def test_the_county_carries_what_its_stations_correct(
    two_quarters: dict[str, bytes], cli: Cli
) -> None:
    """What two stations correct against each other is no correction of the county's.

    With the county's own workbook of before it is told what stands in the directory.
    """
    for quarter in ("2026Q3", "2026Q4"):
        Path(quarter).mkdir()
        for name, content in two_quarters.items():
            if quarter in name:
                Path(quarter, name).write_bytes(content)
    for line in (
        "2026Q3 -o before.xlsx",
        "2026Q4 -o alone.xlsx",
        "2026Q4/东门所2026Q4.xlsx before.xlsx -o one.xlsx",
        "2026Q4 before.xlsx -o known.xlsx",
    ):
        told = cli(f"county consolidate {line} --json", today="2027-01-06")
        assert told.code == 0, told
        gone = "In the county's last sum and missing now: 西门所\n"
        assert (gone in told.err) == (" one.xlsx" in line), told.err
    found = told.json["corrections"]
    assert [row for row in found if row["key"] == "disputed"] == [
        {
            "period": "2026Q3",
            "code": "21",
            "key": "disputed",
            "type": type_,
            "told": "100.00",
            "now": "1234.56",
            "difference": "1134.56",
            "stations": [{"station": "东门所", "difference": "1134.56"}],
        }
        for type_ in ("total", "mall")
    ]
    alone, known = _book("alone.xlsx"), _book("known.xlsx")
    page = printed(alone["附件6"])
    for note in (
        "期初服务点数=2026Q3已报期末服务点数+上期更正：合计2+2=4、商场2+1=3、其他0+1=1。",
        "期初未结=2026Q3已报期末未结+上期更正：合计4+1=5、商场4+1=5。",
        "期初数含上期未汇总的单位：南门所。",
    ):
        assert note in page
    assert [line for line in page_of(alone, "上期更正") if "合计" in line] == [
        "2026Q3|期末超期未结|合计|件|-1|东门所 -1",
        "2026Q3|争议金额|合计|元|1134.56|东门所 +1134.56",
        "2026Q3|本期新设|合计|个|1|西门所 +1",
        "2026Q3|期末服务点数|合计|个|1|西门所 +1",
        "2026Q3|联络员|合计|人|1|西门所 +1",
        "2026Q3|应报服务点|合计|个|1|西门所 +1",
        "2026Q3|走访|合计|次|1|东门所 +1",
    ]
    assert "2026Q3|期末服务点数|合计|个|2|1|3|西门所 +1" in page_of(known, "上期更正")
    assert page_of(alone, "系统录入") == [
        "25|更正2026Q3：本期新设|个|+1|+1",
        "26|更正2026Q3：期末服务点数|个|+1|+1",
        "27|更正2026Q3：联络员|人|+1|+1",
        "28|更正2026Q3：争议金额（万元）|万元|+0.113456|+0.113456",
        "29|更正2026Q3：应报服务点|个|+1|+1",
        "30|更正2026Q3：走访|次|+1|+1",
    ]
    assert page_of(known, "系统录入") == [
        "25|更正2026Q3：本期新设|个|0改为1|0改为1",
        "26|更正2026Q3：期末服务点数|个|0改为1|2改为3",
        "27|更正2026Q3：联络员|人|0改为1|2改为3",
        "28|更正2026Q3：争议金额（万元）|万元|0.01/改为0.12|0.01/改为0.12",
        "29|更正2026Q3：应报服务点|个|0改为1|2改为3",
        "30|更正2026Q3：走访|次|0改为1|0改为1",
    ]


def page_of(book: Workbook, sheet: str) -> list[str]:
    """Return the lines of a sheet that are about an earlier quarter."""
    lines = printed(book[sheet]).splitlines()
    return [line for line in lines if "2026Q3" in line.partition("：")[0]]
