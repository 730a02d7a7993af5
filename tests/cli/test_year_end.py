"""The end of a year, late entries and officers: small ledgers counted by hand."""

import json
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests import states
from tests.cli.conftest import Cli, scenes
from tests.printing import reopened
from tests.rows import table
from tests.test_on_paper import DRAWN, drawn

_LOG = "--complainant 张三 --item 锅 --facts 坏 --kind goods --received"


def texts(path: str) -> list[str]:
    """Return the cells of a workbook that are not empty."""
    book = CalamineWorkbook.from_path(path)
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    cells = [value for row in rows for value in row if value != ""]
    return [f"{value:.0f}" if isinstance(value, float) else str(value) for value in cells]


# P001 sent every quarter, P002 all but the second; both stood since 2026-01-05.
RETURNS = [
    ("P001", "2026Q1", "2026-04-02"),
    ("P002", "2026Q1", "2026-04-10"),
    ("P001", "2026Q2", "2026-07-02"),
    ("P001", "2026Q3", "2026-10-08"),
    ("P002", "2026Q3", "2026-10-12"),
]


@pytest.fixture
def reported(cli: Cli) -> Cli:
    lines = [f"returns receive {point} {period} --on {day}" for point, period, day in RETURNS]
    cli.given("\n".join(["settings set begins 2026-01-06", *lines]), today="2026-11-01")
    return cli


@scenes(r"""
# the annual return is the station's alone
@ 2026-12-03
$ returns status 2026A
$ returns receive P001 2026A --nil
! Error: 2026A is the station's own return; points send one for each quarter.
[3]
$ rollup 6 2026A --json
{… {"type": "total", … "returns_due": 6, "returns_made": 5, …
$ rollup 6 2026 --as-of 2026-09-29 --json
{… {"type": "total", … "returns_due": 4, "returns_made": 3, …
$ rollup 6 2026A --cases returns_made
 | return | P001 | 2026-03-31 |  | 1
 | return | P002 | 2026-03-31 |  | 1
 | return | P001 | 2026-06-30 |  | 1
 | return | P001 | 2026-09-30 |  | 1
 | return | P002 | 2026-09-30 |  | 1
$ today
return due | 2026-04-03 |  |  |  |  | 2026Q1, the station's own
return due | 2026-07-02 |  | P002 | 南门市场 |  | 2026Q2
return due | 2026-07-03 |  |  |  |  | 2026Q2, the station's own
return due | 2026-10-08 |  |  |  |  | 2026Q3, the station's own
return due | 2026-12-04 |  |  |  |  | 2026A, the station's own
visit due | 2026-12-31 |  | P001 | 东门商场 |  |
…
# a return that came late stays late
@ 2026-12-03
$ returns status 2026Q1
P001 | 2026Q1 | received | no | 2026-04-02 | 2026-04-05 | 2026-04-02
P002 | 2026Q1 | received | yes | 2026-04-10 | 2026-04-05 | 2026-04-02
! 2026Q1: the station's return is due on 2026-04-03 (missing, late); the plan says 2026-04-05 \
    for the county desk, a day off: the last working day before is 2026-04-03, \
    the first after 2026-04-07.
$ rollup assessment 2026A --point P002 --json
[{… "returns_made": 2, "returns_due": 3, "returns_late": 2, …
# and is not late where the point turns out to have owed none
@ 2026-12-03
+ point amend P002 --since 2026-04-01
$ returns status 2026Q1
P001 | 2026Q1 | received | no | 2026-04-02 | 2026-04-05 | 2026-04-02
…
$ rollup assessment 2026Q1 --json
[… "returns_late": 0, … "returns_late": 0, …
# a plan's date that is worked needs no other day
@ 2027-01-06
$ returns status 2026Q4
P001 | 2026Q4 | missing | yes |  | 2027-01-05 | 2027-01-04
P002 | 2026Q4 | missing | yes |  | 2027-01-05 | 2027-01-04
! 2026Q4: the station's return is due on 2027-01-04 (missing, late); the plan says 2027-01-05 \
    for the county desk.
@ zh
$ returns status 2026Q4
…
! 2026Q4：工商所最迟于 2027-01-04 上报（未报，逾期）；方案规定县局 2027-01-05 前报省局。
# also when points may send later from now on
@ 2026-10-12
$ settings set point_lead 0
point_lead: 2 -> 0, from 2026-10-12 on
$ returns status 2026Q1
…
P002 | 2026Q1 | received | yes | 2026-04-10 | 2026-04-05 | 2026-04-02
…
$ returns status 2026Q3
…
P002 | 2026Q3 | received | yes | 2026-10-12 | 2026-10-05 | 2026-10-08
…
$ settings set point_lead 1 --from 2026-03-31
point_lead: 2 -> 1, from 2026-03-31 on
$ returns status 2026Q1
…
P002 | 2026Q1 | received | yes | 2026-04-10 | 2026-04-05 | 2026-04-03
…
""")
def test_points_owe_quarters(script: str, reported: Cli) -> None:
    reported.plays(script)


def test_an_annual_form_names_who_lacked_and_who_was_late(reported: Cli) -> None:
    with states.undrawn(6):
        reported.all("returns submit 2026A", today="2026-12-07")
    path = "附件6_2026A_东门所.xlsx"
    found = "\n".join(texts(path))
    assert "未报服务点（1个）：南门市场（2026Q2）。" in found
    assert "逾期报送服务点（2个）：南门市场（2026Q1）、南门市场（2026Q3）。" in found
    assert "填报日期：2026年12月7日" in found
    reported.all("export 3 2026Q3 --point P002 -o 3.xlsx", today="2026-12-07")
    assert any("收到日期：2026年10月12日" in each for each in texts("3.xlsx"))
    reported.all(f"county load {path}\ncounty export 6 2026A -o county.xlsx", today="2026-12-10")
    assert "逾期报送单位（1个）：东门所（2026年12月7日）。" in "\n".join(texts("county.xlsx"))
    found = drawn(reopened(Path("county.xlsx").read_bytes()))
    assert found == DRAWN["county 2026A of one station"], found


@scenes(rf"""
# a calendar year's return is corrected by what December still brings
@ 2026-12-03
+ settings set annual_period calendar
+ log P001 {_LOG} 2026-11-30
$ returns submit 2026A --json
{{"period": "2026A", "submitted": "2026-12-03", …
$ rollup 3 2026A --json
{{"form": 3, "period": "2026A", "from": "2026-01-01", "to": "2026-12-03", …
! 2026A as submitted on 2026-12-03; --live shows today's figures.
$ returns corrections 2026A
! Nothing has changed since 2026A was told.
@ 2026-12-08
$ returns corrections 2026A
2026A | 18 | overdue_end | total | 0 | 1 | 1 | 2026-0001 entered late
2026A | 18 | overdue_end | mall | 0 | 1 | 1 | 2026-0001 entered late
@ 2026-12-20
+ log P001 {_LOG} 2026-12-18
$ returns corrections 2026A --json
[{{"period": "2026A", "code": "03", "key": "received", "type": "total", "told": 1, "now": 2, \
    "difference": 1, "numbers": ["2026-0002"], "causes": [{{"number": "2026-0002", …
@ 2027-12-03
+ returns submit 2027A
$ returns corrections 2026A
! Nothing has changed since 2026A was told.
$ returns withdraw 2027A --reason 退回
2027A is withdrawn; what was submitted stays recorded.
$ returns corrections 2026A
…
2026A | 17 | open_end | total | 1 | 2 | 1 | 2026-0002 entered late 2026-12-20
…
$ settings set begins 2026-06-30
begins: 2026-07-01 -> 2026-06-30
! This changes submitted figures of 2026A; …
""")
def test_december_is_in_a_return(script: str, cli: Cli) -> None:
    cli.plays(script)


@scenes(r"""
# a submitted annual return keeps its days under another reading of the year
@ 2026-12-03
+ returns submit 2026A
@ 2026-12-20
+ settings set annual_period calendar
$ rollup 3 2026A --json
{"form": 3, "period": "2026A", "from": "2025-12-01", "to": "2026-11-30", "as_of": null, …
! 2026A as submitted on 2026-12-03; --live shows today's figures.
$ rollup 3 2026A --live --json
{"form": 3, "period": "2026A", "from": "2025-12-01", "to": "2026-11-30", "as_of": null, …
$ rollup 3 2026A --as-of 2026-06-30 --json
{"form": 3, "period": "2026A", "from": "2025-12-01", "to": "2026-11-30", "as_of": "2026-06-30", …
$ returns corrections 2026A
! Nothing has changed since 2026A was told.
# but not once it is withdrawn
@ 2026-12-03
+ returns submit 2026A
@ 2026-12-20
+ settings set annual_period calendar
+ returns withdraw 2026A --reason 退回
$ rollup 3 2026A --json
{"form": 3, "period": "2026A", "from": "2026-01-01", "to": "2026-12-20", …
…
""")
def test_another_reading_of_the_year_moves_no_submitted_return(script: str, cli: Cli) -> None:
    cli.plays(script)


@table("""
    before      | after       | said                                     | noted
    statistical | calendar    | so no annual return will include December 2026 \
        | 2026年12月不在任何年报内
    calendar    | statistical | the next annual return will include December 2026 too \
        | 2026年12月也在上年年报内
    calendar    | calendar    |                                           |
""")
def test_a_month_that_another_reading_of_the_year_leaves_out_is_named(
    before: str, after: str, said: str, noted: str, cli: Cli
) -> None:
    cli.all(f"settings set annual_period {before}\nreturns submit 2026A", today="2026-12-03")
    changed = cli(f"settings set annual_period {after}", today="2027-01-11")
    assert (changed.code, said in changed.err, bool(changed.err)) == (0, True, bool(said))
    cli.all("export 6 2027A -o a.xlsx", today="2027-12-03")
    found = "\n".join(texts("a.xlsx"))
    assert (noted in found, "月也在" in found or "不在任何" in found) == (True, bool(noted))


def test_the_next_annual_form_carries_december(cli: Cli) -> None:
    path, days = "附件6_2026A_东门所.xlsx", {"today": "2026-12-03"}
    with states.undrawn(6):
        cli.all("settings set annual_period calendar\nreturns submit 2026A", **days)
    assert any("2026年报(截至12月3日)" in each for each in texts(path))
    cli.all(f"county load {path}", **days)
    cli.all(f"log P001 {_LOG} 2026-12-18", today="2026-12-20")
    cli.all("export 6 2027A -o b.xlsx", today="2027-12-03")
    found = "\n".join(texts("b.xlsx"))
    assert "\n2026A\n受理投诉\n合计\n件\n0\n1\n1\n2026年12月20日\n补录\n2026-0001\n" in found


# 陈建平 had P001 until 31 August, 王五 after him; P003 was retired in August, with a case that was
# closed in September; P002 is nobody's.
HANDED_OVER = f"""
    register 北门超市 --type supermarket --area 200 --turnover 50万 --since 2026-01-05 \
        --officer 陈建平 --liaison 李四
    log P003 {_LOG} 2026-07-20
    point retire P003 --on 2026-08-10
    close 2026-1 --outcome settled --closed 2026-09-01
    log P001 {_LOG} 2026-08-03
    close 2026-2 --outcome settled --closed 2026-08-05
    point amend P001 --officer 王五 --on 2026-09-01
    log P001 {_LOG} 2026-09-01
    close 2026-3 --outcome mediation_failed --closed 2026-09-02
    log P001 {_LOG} 2026-09-03
    log P002 {_LOG} 2026-08-03
    close 2026-5 --outcome withdrawn --closed 2026-09-10
    record visit P001 --on 2026-07-03
    record visit P001 --on 2026-09-03
    returns receive P001 2026Q3 --on 2026-10-08
"""


def test_officers_add_up_to_the_station(cli: Cli) -> None:
    cli.given(HANDED_OVER, today="2026-10-12")
    rows = cli("rollup assessment 2026Q3 --json", today="2026-10-12").json
    keys = ["closed", "overdue_end", "visits", "visits_owed", "returns_made", "returns_due"]
    told = {row["name"]: [row[key] for key in keys] for row in rows if row["level"] != "point"}
    # 陈建平 has P001 in July and August and P003 to its end; 王五 P001 in September.
    assert (told["陈建平"], told["王五"]) == ([2, 0, 1, 4, 0, 1], [1, 1, 1, 1, 1, 1])
    officers = [row for row in rows if row["level"] == "officer"]
    [station] = [row for row in rows if row["level"] == "station"]
    assert {row["name"] for row in officers} == {"陈建平", "王五", None}
    for key in (*keys, "returns_late", "conditions_met", "conditions_inspected"):
        assert sum(row[key] for row in officers) == station[key]
    for key in ("settled_rate", "mediation_success_rate", "satisfaction_rate", "on_time_rate"):
        for part in ("numerator", "denominator"):
            assert sum(row[key][part] for row in officers) == station[key][part]
    assert station["closed"] == 4


def test_totals_are_of_the_officer_at_the_end(cli: Cli) -> None:
    cli.given("point amend P001 --officer 王五 --on 2026-08-15", today="2026-10-12")
    totals = json.dumps({"received": 30, "closed": 30, "settled": 29, "closed_on_time": 30})
    cli.sql(
        "INSERT INTO point_return (point_id, period, day, state, totals)"
        f" VALUES (1, '2026Q3', '2026-10-08', 'totals', '{totals}')"
    )
    rows = cli("rollup assessment 2026Q3 --json", today="2026-10-12").json
    told = {row["name"]: row["closed"] for row in rows if row["level"] == "officer"}
    assert told == {"陈建平": 0, "王五": 30, None: 0}


def test_the_respondent_is_the_tenant_else_the_host_else_the_point(cli: Cli) -> None:
    cli.given(
        f"""
        log P001 {_LOG} 2026-07-01
        point amend P001 --host 东门公司 --on 2026-08-01
        log P001 {_LOG} 2026-08-01
        log P001 {_LOG} 2026-08-02 --respondent 二楼鞋柜
        export 2 2026Q3 -o 2.xlsx
        export 1 --number 2026-1 -o 1.xlsx
        export 1 --number 2026-2 -o 1b.xlsx
        close 2026-2 --outcome settled --closed 2026-08-03
        export agreement --number 2026-2 -o a.xlsx
        """,
        today="2026-10-12",
    )
    book = CalamineWorkbook.from_path("2.xlsx").get_sheet_by_index(0).to_python()
    rows = [row for row in book if row[0] in (1, 2, 3)]
    assert [row[6] for row in rows] == ["东门商场", "东门公司", "二楼鞋柜"]
    assert texts("1.xlsx").count("东门商场") == 2
    assert "东门公司" in texts("1b.xlsx") and "东门公司" in texts("a.xlsx")


def test_two_stations_files_have_two_names(cli: Cli) -> None:
    cli.all("returns submit 2026Q3", today="2026-10-12")
    cli.all(
        "--db other.sqlite init --station 西门所 --county 榕溪县 --begins 2026-07-01",
        today="2026-10-12",
    )
    cli.all("--db other.sqlite returns submit 2026Q3", today="2026-10-12")
    assert {"附件6_2026Q3_东门所.xlsx", "附件6_2026Q3_西门所.xlsx"} <= {
        each.name for each in Path().iterdir()
    }
