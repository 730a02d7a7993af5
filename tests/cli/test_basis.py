"""Attachment 6 as a hand-in: its 计算依据 is believed only where it fits the form."""

import json
from collections.abc import Callable
from copy import copy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl import Workbook

from tests.cli.conftest import Cli, Result
from tests.printing import reopened, saved_with
from tests.rows import for_all
from tests.states import undrawn

AFTER = "2026-10-09"
Run = Callable[..., Result]


@cache
def _submitted() -> bytes:
    """Return the workbook of a station with three settled complaints."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        cli = Cli(Path(folder, "ledger.sqlite"), monkeypatch)
        case = (
            "log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods"
            " --received 2026-07-06 --disputed 1234.56\n"
        )
        ends = "--outcome settled --closed 2026-07-07 --rating satisfied --recovered 100\n"
        cli.given(
            "init --station 东门所 --county 榕溪县 --begins 2026-07-01\n"
            "register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万"
            " --since 2026-01-05\n"
            + case * 3
            + "".join(f"close 2026-{number} {ends}" for number in (1, 2, 3)),
            today=AFTER,
        )
        with undrawn(6):
            cli.all(f"returns submit 2026Q3 --yes -o {folder}", today=AFTER)
        [file] = Path(folder).glob("附件6*.xlsx")
        return file.read_bytes()


@cache
def _opened() -> Workbook:
    return reopened(_submitted())


@pytest.fixture
def load(cli: Cli) -> Run:
    """Load the workbook, which may have been edited."""
    Path("east.xlsx").write_bytes(_submitted())

    def run(**how: str) -> Result:
        return cli("county load east.xlsx --json", **{"today": AFTER} | how)

    return run


@for_all(r"""
    cells                                    | problems
    basis_received_total=9                   | \
        计算依据 E7: 03 received (受理投诉) 9 ≠ 04 received_direct (消费者直接投诉) \
        + 05 received_referred (市场监管部门分流) + 06 received_other (其他转办) 3 / \
        计算依据 E7: 03 received (受理投诉) 9 ≠ 07 received_goods (商品类) \
        + 08 received_service (服务类) + 09 received_other_kind (其他类) 3 / \
        计算依据 E21: 17 open_end (期末未结) 0 ≠ 02 open_start (期初未结) \
        + 03 received (受理投诉) - 10 closed (办结) 6 / \
        计算依据 E7: the total 9 of 03 received (受理投诉) is not the sum of its types / \
        附件6 J11 is 3, but 计算依据 gives 9
    basis_satisfied_mall=4 basis_satisfied_total=4 \
        A6_points_start_mall=9 A6_disputed_total=0.37 A6_settled_rate_mall="98.00%" | \
        计算依据 E28: 24 satisfied (满意(含基本满意)) 4 > 23 rated (评价) 3 / \
        计算依据 F28: 24 satisfied (满意(含基本满意)) 4 > 23 rated (评价) 3 / \
        附件6 B5 is 9, but 计算依据 gives 1 / \
        附件6 P5 is 98.00%, but 计算依据 gives 100.00% / \
        附件6 R5 is 100.00%, but 计算依据 gives 133.33% / \
        附件6 N11 is 0.37, but 计算依据 gives 0.370368 / \
        附件6 R11 is 100.00%, but 计算依据 gives 133.33%
    计算依据!B41="interviews" basis_leads_mall=-1 basis_inquiries_mall=0.5 \
        basis_period="2026Q9" basis_station=null | \
        计算依据 F5: 0.5 is not a whole number / \
        计算依据 F29: -1 is not a whole number / \
        计算依据 E41: this is not the row of visits (走访); was the table sorted? / \
        计算依据 F41: this is not the row of visits (走访); was the table sorted? / \
        计算依据 G41: this is not the row of visits (走访); was the table sorted? / \
        计算依据 H41: this is not the row of visits (走访); was the table sorted? / \
        计算依据 I41: this is not the row of visits (走访); was the table sorted? / \
        计算依据 J41: this is not the row of visits (走访); was the table sorted? / \
        计算依据 K41: this is not the row of visits (走访); was the table sorted? / \
        计算依据 C48: this must be a period with its days below it / \
        计算依据 C47: the name is missing
    basis_last="2026-10-01"                  | \
        计算依据 C48: this must be a period with its days below it
    basis_moment="昨天"                      | \
        计算依据 C48: this must be a period with its days below it
""")
def test_what_was_edited_is_refused_with_its_cell(load: Run, cells: str, problems: str) -> None:
    changes = (each.split("=") for each in cells.split())
    told = {name: json.loads(value) for name, value in changes}
    saved_with(_opened(), "east.xlsx", **told)
    result = load()
    _, first, *lines = result.err.splitlines()
    assert (result.code, result.json) == (5, [])
    assert first == "Error: These hand-ins are not loaded."
    assert [each.removeprefix("  east.xlsx: ") for each in lines] == problems.split(" / ")


def test_a_control_is_told_in_the_readers_language(load: Run) -> None:
    saved_with(_opened(), "east.xlsx", basis_received_total=9)
    control = "计算依据 E7:03 受理投诉 9 ≠ 04 消费者直接投诉 + 05 市场监管部门分流 + 06 其他转办 3"
    assert control in load(lang="zh").err.replace("\uff1a", ":")


def test_a_workbook_saved_anew_with_rows_moved_is_read(load: Run) -> None:
    # Names follow what they name in a spreadsheet program; openpyxl moves the cells only.
    book = reopened(_submitted())
    sheet = book["计算依据"]
    sheet.insert_rows(1, 2)
    for name, defined in book.defined_names.items():
        if name.startswith("basis_"):
            sheet.defined_names[name] = copy(defined)  # a sheet's own name, which is another
            place, _, row = defined.attr_text.rpartition("$")
            place = place.replace("计算依据", "依 据''s")
            defined.attr_text = f"{place}${int(row) + 2}"
    sheet.title = "依 据's"
    book.save("east.xlsx")
    assert [each["state"] for each in load().json] == ["loaded"]


def test_lost_names_and_sheets_are_named(load: Run) -> None:
    lost = "these names no longer point to a cell:"
    book = reopened(_submitted())
    del book.defined_names["basis_visits_total"]
    book.save("east.xlsx")
    assert load().err.splitlines()[2:] == [f"  east.xlsx: {lost} basis_visits_total"]
    del book["计算依据"]
    book.save("east.xlsx")
    assert load().err.splitlines()[2:] == [
        f"  east.xlsx: {lost} basis_station, basis_period, basis_first, basis_last,"
        " basis_inquiries_total, basis_inquiries_mall, basis_inquiries_supermarket,"
        " basis_inquiries_market, basis_inquiries_enterprise, basis_inquiries_scenic, …",
    ]
