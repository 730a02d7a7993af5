"""`county consolidate`: stations' workbooks into the county's, and everything that must not become a sum."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from openpyxl import load_workbook

from ledger12315.rules.measures import TOTAL
from tests.cli.conftest import Cli, Result, table

PERIOD, AFTER = "2026Q3", "2026-10-09"
_POINT = (
    "register {name}商场 --type mall --area 500 --capital 80万 --turnover 300万 --since 2026-01-05"
)
_LOG = "log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods --received 2026-07-06 --disputed 1234.56"
_CLOSE = "close 2026-000{number} --outcome settled --closed 2026-07-07 --rating satisfied --recovered 100"
# Station -> complaints, and how many of them are settled; the others are still open and overdue.
STATIONS = {"东门所": (3, 3), "西门所": (2, 1)}


@cache
def reported(station: str, period: str = PERIOD) -> bytes:
    """The workbook of a station's ledger."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        cli = Cli(Path(folder, "ledger.sqlite"), monkeypatch)
        logged, settled = STATIONS[station]
        closings = [_CLOSE.format(number=number) for number in range(1, settled + 1)]
        begin = [f"init --station {station} --county 榕溪县", _POINT.format(name=station[:2])]
        cli.all("\n".join([*begin, *[_LOG] * logged, *closings]), today=AFTER)
        cli.all(f"export 6 {period} -o {folder}/6.xlsx", today=AFTER)
        return Path(folder, "6.xlsx").read_bytes()


@pytest.fixture
def county(cli: Cli) -> Callable[..., Result]:
    """Run the command in a folder with east.xlsx and west.xlsx, after one of them was edited."""
    Path("east.xlsx").write_bytes(reported("东门所"))
    Path("west.xlsx").write_bytes(reported("西门所"))

    def run(more: str = "", files: str = "east.xlsx west.xlsx", **how: str) -> Result:
        return cli(f"county consolidate {files} -o sum.xlsx {more}", **{"today": AFTER} | how)

    return run


def named(book: Path, name: str) -> Any:
    opened = load_workbook(book)
    sheet, cell = next(iter(opened.defined_names[name].destinations))
    return opened[sheet][cell].value


def edit(book: str, *cells: tuple[str, object]) -> None:
    """Set cells by their defined name, or by `sheet!cell`, as somebody with a spreadsheet program would."""
    opened = load_workbook(book)
    for name, value in cells:
        sheet, cell = (
            name.split("!") if "!" in name else next(iter(opened.defined_names[name].destinations))
        )
        opened[sheet][cell].value = value
    opened.save(book)


def test_figures_add_up_and_rates_are_worked_out_anew(county: Callable[..., Result]) -> None:
    found = county("--json").json
    assert (found["period"], found["stations"], found["missing"]) == (
        PERIOD,
        ["东门所", "西门所"],
        None,
    )
    assert [row["type"] for row in found["rows"]] == [
        "mall",
        "supermarket",
        "market",
        "enterprise",
        "scenic",
        "other",
        TOTAL,
    ]
    total = found["rows"][-1]
    assert {
        key: total[key]
        for key in ("points_end", "received", "closed", "settled", "disputed", "recovered")
    } == {
        "points_end": 2,
        "received": 5,
        "closed": 4,
        "settled": 4,
        "disputed": "6172.80",
        "recovered": "400.00",
    }
    assert total["settled_rate"] == {"numerator": 4, "denominator": 4, "percent": "100.00"}
    book = Path("sum.xlsx")
    assert (named(book, "basis_disputed_mall"), named(book, "A6_disputed_total")) == (
        617280,
        float(Decimal("0.61728")),
    )
    assert (
        named(book, "basis_station"),
        named(book, "basis_period"),
        named(book, "basis_stations"),
    ) == (
        "县局12315服务台",
        PERIOD,
        "2",
    )


def test_the_countys_workbook(county: Callable[..., Result]) -> None:
    Path("names.txt").write_text("东门所\n西门 所\n\n北门所\n", "utf-8")
    result = county("--expect names.txt --county 榕溪县12315服务台")
    assert result.code == 0 and result.out.splitlines()[0].startswith("mall\t2\t0\t0\t2\t")
    assert result.err == (
        "2 stations are added; Attachment 6 is written: sum.xlsx\nMissing: 北门所\n"
        "省级示范: 0, and 6 are to be kept (三(五)8).\n市级示范: 0, and 17 are to be kept (三(五)8).\n"
    )
    book = load_workbook("sum.xlsx")
    assert book.sheetnames == ["附件6", "附件6分所", "计算依据", "系统录入"]
    form = [str(cell) for row in book["附件6"].values for cell in row if cell]
    assert "填报单位：榕溪县12315服务台" in form
    notes = "\n".join(form)
    assert "方案规定2026年10月5日前（遇休息日，即2026年10月8日前）报省局" in notes
    assert (
        "未报单位（1个）：北门所。" in notes
        and "省级示范服务点0个，少于方案三(五)8要求保留的6个" in notes
    )
    by_station = [row[:5] for row in book["附件6分所"].values if row[0] in (*STATIONS, "合计")]
    assert by_station == [("东门所", 1, 0, 0, 1), ("西门所", 1, 0, 0, 1), ("合计", 2, 0, 0, 2)]
    entries = [row[:4] for row in book["系统录入"].values if isinstance(row[0], int)]
    assert entries[0] == (1, "期初服务点数", "个", 2) and entries[8] == (9, "受理投诉", "件", 5)
    assert [row[1] for row in entries] == [cell.value for cell in book["附件6"][4][1:]]


def test_equal_workbooks_give_equal_bytes_and_a_province_adds_counties(
    county: Callable[..., Result], cli: Cli
) -> None:
    assert county("--county 甲县").code == 0
    first = Path("sum.xlsx").read_bytes()
    assert county("--county 甲县").code == 0
    assert Path("sum.xlsx").read_bytes() == first
    Path("sum.xlsx").rename("one.xlsx")
    assert county("--county 乙县").code == 0
    Path("sum.xlsx").rename("two.xlsx")
    total = county("--json", files="one.xlsx two.xlsx").json
    assert (total["stations"], total["rows"][-1]["received"]) == (["甲县", "乙县"], 10)


def test_a_folder_stands_for_its_workbooks(county: Callable[..., Result]) -> None:
    Path("in").mkdir()
    Path("east.xlsx").rename("in/east.xlsx")
    Path("in/~$east.xlsx").write_bytes(b"")
    assert county("--json", files="in").json["stations"] == ["东门所"]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (
            [("basis_received_total", 9)],
            "计算依据 E7: the total 9 of 03 received (受理投诉) is not the sum of its types",
        ),
        (
            [("basis_received_total", 9)],
            "计算依据 E7: 03 received (受理投诉) 9 ≠ 07 received_goods (商品类) + 08 received_service (服务类)"
            " + 09 received_other_kind (其他类) 3",
        ),
        (
            [("basis_satisfied_mall", 4), ("basis_satisfied_total", 4)],
            "计算依据 F28: 24 satisfied (满意(含基本满意)) 4 > 23 rated (评价) 3",
        ),
        (
            [("basis_visits_mall", 1)],
            "计算依据 E41: the total 0 of visits (走访) is not the sum of its types",
        ),
        ([("basis_visits_mall", "x")], "计算依据 F41: x is no whole number"),
        ([("basis_visits_mall", 0.5)], "计算依据 F41: 0.5 is no whole number"),
        ([("basis_visits_mall", -1)], "计算依据 F41: -1 is no whole number"),
        ([("basis_visits_mall", None)], "计算依据 F41: nothing is no whole number"),
        (
            [("计算依据!B41", "interviews")],
            "计算依据 E41: this is not the row of visits (走访); was the table sorted?",
        ),
        ([("A6_received_total", 9)], "附件6 J11: 9 stands here, where 计算依据 makes 3"),
        (
            [("A6_disputed_total", 0.37)],
            "附件6 N11: 0.37 stands here, where 计算依据 makes 0.370368",
        ),
        (
            [("A6_settled_rate_mall", "98.00%")],
            "附件6 P5: 98.00% stands here, where 计算依据 makes 100.00%",
        ),
        ([("basis_period", "2026Q9")], "计算依据 C47: this is no period with its days below it"),
        ([("basis_last", "2026-10-01")], "计算依据 C47: this is no period with its days below it"),
        ([("basis_station", None)], "计算依据 C46: nobody's name stands here"),
    ],
)
def test_what_was_edited_is_refused_with_its_cell(
    county: Callable[..., Result], cells: list[tuple[str, object]], problem: str
) -> None:
    edit("east.xlsx", *cells)
    result = county()
    assert (result.code, result.out) == (5, "")
    first, *lines = result.err.splitlines()
    assert first == "Error: These workbooks make no sum; nothing is written."
    assert f"  east.xlsx: {problem}" in lines
    assert not Path("sum.xlsx").exists()


def test_a_control_is_told_in_the_readers_language(county: Callable[..., Result]) -> None:
    edit("east.xlsx", ("basis_received_total", 9))
    control = "计算依据 E7:03 受理投诉 9 ≠ 04 消费者直接投诉 + 05 工商部门分流 + 06 其他转办 3"
    assert control in county(lang="zh").err.replace("\uff1a", ":")


def test_a_workbook_saved_anew_with_rows_moved_is_read(county: Callable[..., Result]) -> None:
    # Names follow what they name in a spreadsheet program; openpyxl moves the cells only.
    book = load_workbook("east.xlsx")
    sheet = book["计算依据"]
    sheet.insert_rows(1, 2)
    for name, defined in book.defined_names.items():
        if name.startswith("basis_"):
            row = int(defined.attr_text.rpartition("$")[2])
            defined.attr_text = f"{defined.attr_text.removesuffix(str(row))}{row + 2}".replace(
                "计算依据", "依 据's".replace("'", "''")
            )
    sheet.title = "依 据's"
    book.save("east.xlsx")
    assert county("--json").json["rows"][-1]["received"] == 5


def test_lost_names_and_sheets_are_named(county: Callable[..., Result]) -> None:
    book = load_workbook("east.xlsx")
    del book.defined_names["basis_visits_total"]
    book.save("east.xlsx")
    book = load_workbook("west.xlsx")
    del book["计算依据"]
    book.save("west.xlsx")
    assert county().err.splitlines()[1:] == [
        "  east.xlsx: these names point at no cell any more: basis_visits_total",
        "  west.xlsx: these names point at no cell any more: basis_station, basis_period, basis_first, basis_last,"
        " basis_inquiries_total, basis_inquiries_mall, basis_inquiries_supermarket, basis_inquiries_market,"
        " basis_inquiries_enterprise, basis_inquiries_scenic, …",
    ]


@table("""
    files                     | problem
    east.xlsx east.xlsx       | east.xlsx: 东门所 is in east.xlsx already
    east.xlsx again.xlsx      | again.xlsx: 东门所 is in east.xlsx already
    east.xlsx before.xlsx     | before.xlsx: 2026Q2 (2026-04-01/2026-06-30), but east.xlsx: 2026Q3 (2026-07-01/2026-09-30)
    east.xlsx early.xlsx      | early.xlsx: 2026Q3 (2026-07-01/2026-08-31), but east.xlsx: 2026Q3 (2026-07-01/2026-09-30)
    east.xlsx county.xlsx     | county.xlsx: it is a sum of stations, and east.xlsx is one station's
    other.xlsx                | other.xlsx: it has no sheet 计算依据 with the names that `export 6` gives its cells
    east.xlsx nowhere.xlsx    | There is no file nowhere.xlsx.
    east.xlsx names.txt       | names.txt cannot be taken in: it is no workbook.
    east.xlsx broken.xlsx     | broken.xlsx cannot be taken in: its inside is broken.
    empty                     |
""")
def test_what_makes_no_sum(
    county: Callable[..., Result], cli: Cli, files: str, problem: str
) -> None:
    east = Path("east.xlsx").read_bytes()
    Path("again.xlsx").write_bytes(east)
    Path("before.xlsx").write_bytes(reported("西门所", "2026Q2"))
    Path("early.xlsx").write_bytes(reported("西门所", f"{PERIOD} --as-of 2026-08-31"))
    assert county(files="west.xlsx").code == 0
    Path("sum.xlsx").rename("county.xlsx")
    cli.all(f"export 3 {PERIOD} -o other.xlsx", today=AFTER)
    Path("names.txt").write_text("东门所\n", "utf-8")
    Path("broken.xlsx").write_bytes(east[:4000] + east[5000:])
    Path("empty").mkdir()
    result = county(files=files)
    said = [
        "Error: These workbooks make no sum; nothing is written.",
        *([f"  {problem}"] if problem else []),
    ]
    assert (result.code, result.out, result.err.splitlines()) == (5, "", said)
    assert not Path("sum.xlsx").exists()


@pytest.mark.parametrize("target", ["west.xlsx", "ledger.sqlite"])
def test_nothing_that_is_read_is_overwritten(county: Callable[..., Result], target: str) -> None:
    before = Path(target).read_bytes()
    result = county(f"-o {target}")
    assert (result.code, result.err) == (
        3,
        f"Error: {target} is read, not written; name another file with --output.\n",
    )
    assert Path(target).read_bytes() == before


def test_no_ledger_is_needed(county: Callable[..., Result], cli: Cli) -> None:
    cli.path.unlink()
    assert county().code == 0
    assert not cli.path.exists()
