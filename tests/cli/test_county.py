"""The county's ledger: hand-ins, what counts, what was told, and what differs from it."""

import errno
import json
import os
import re
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from shutil import copy, copytree
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import Mock, patch

import duckdb
import pytest
from openpyxl import load_workbook

from ledger12315.county import arriving
from ledger12315.county.store import Kept, county_key, open_store, read_book
from ledger12315.facts.manifest import MANIFEST
from ledger12315.rules.hand_ins import (
    PointList,
    StationReturn,
    cell_differences,
    corrected,
    sum_figures,
)
from ledger12315.rules.periods import parse_period
from ledger12315.rules.reported import Stamp
from ledger12315.sheets.forms.attachment5 import DIRECTORY_COLUMNS
from ledger12315.sheets.incoming.basis import read_station_return
from tests.catalogue import ROOT
from tests.cli.conftest import Cli
from tests.facts.making import ONE, complaint, figures, identity_of, keeps, made, returned
from tests.kept import write_reached
from tests.printing import reopened, saved_with, sheet_text
from tests.rows import for_all, table
from tests.states import as_text

STORE, TODAY = Path("county.duckdb"), "2026-10-09"
NOTHING = figures()


@pytest.fixture
def county(cli: Cli, request: pytest.FixtureRequest) -> Iterator[Cli]:
    """Three stations reported 2026Q3; the first has two complaints, the others one each.

    Workbooks are their text, unless they are `drawn`.
    """
    cli.path.unlink()
    write_reached(STORE, "three", three)
    with nullcontext() if "drawn" in request.fixturenames else as_text():
        yield cli


def three() -> None:
    two = sum_figures([figures(*ONE), figures(*ONE)])
    others = (returned(n, figures(*ONE), first=True) for n in (2, 3))
    keeps(STORE, returned(1, two, first=True), *others)


def alters(statement: str) -> None:
    """Run a statement in the store."""
    with open_store(STORE, writes=True) as duck:
        duck.execute(statement)


def listed(*lines: str) -> None:
    """Write a list of stations, each as: number, first and last day, number that it follows."""
    rows = ["key,name,county,valid from,until,follows"]
    for line in lines:
        number, since, until, follows = (line.split() + ["-"] * 3)[:4]
        days = (day.replace("-", "", len(day) == 1) for day in (since, until))
        after = f"{int(follows):032x}" if follows != "-" else ""
        rows.append(f"{int(number):032x},第{number}所,榕溪县,{','.join(days)},{after}")
    Path("stations.csv").write_text("\n".join(rows) + "\n", "utf-8")


def test_who_is_missing_late_or_not_listed_is_told(county: Cli) -> None:
    keeps(STORE, returned(4, NOTHING, day="2026-10-09", first=True), day=date(2026, 11, 20))
    listed("1", "2", "4", "5", "6 - 2026-06-30")
    county.plays(r"""
        @ 2026-11-20
        $ county status 2026Q3
        第1所 | 00000000000000000000000000000001 | loaded |  | 2026-10-08 |
        …
        ! Stations: 4. Who is missing is not known until the list of stations is loaded: …
        + county stations load stations.csv
        $ county status 2026Q3
        第1所 | 00000000000000000000000000000001 | loaded |  | 2026-10-08 |
        第2所 | 00000000000000000000000000000002 | loaded |  | 2026-10-08 |
        第3所 | 00000000000000000000000000000003 | not registered |  | 2026-10-08 | it is not …
        第4所 | 00000000000000000000000000000004 | late |  | 2026-10-09 |
        第5所 | 00000000000000000000000000000005 | missing |  |  |
        ! Store: …
        ! Stations: 3 of 4 (75.00 %), late: 1, on time: 50.00 %; missing: 第5所
        $ county status
        2026Q3 | 3 | 4 | 75.00 | 1 | 50.00 | 0 |  |
        ! Store: …
        $ county status 2026Q3 --exit-code
        …
        [1]
        $ county rollup 3 2026Q3 --json
        {"form": 3, … "stations": 3, "expected": 4, "missing": ["第5所"], … "key": "received", \
            "name": "受理投诉", "unit": "件", "total": 3, …
        …
        $ county rollup 3 2026Q3 --as-of 2026-10-08 --json
        {"form": 3, … "stations": 2, …
        …
        @ 2026-12-31
        $ county status 2026Q4
        ! Store: …
        ! 2026Q4 ends on 2026-12-31; no return is due yet.
        @ 2027-01-04
        $ county status
        2026Q3 | 3 | 4 | 75.00 | 1 | 50.00 | 0 |  |
        2026Q4 | 0 | 4 | 0.00 | 0 | 0.00 | 0 |  |
        ! Store: …
        % 80 county status
        period  stations  expected  reporting rate  late  on time rate  doubts
        …
        2026Q3         3         4           75.00     1         50.00       0
        2026Q4         0         4            0.00     0          0.00       0
    """)


def test_a_clock_behind_the_newest_hand_in_gives_no_status(county: Cli) -> None:
    """What came on a rehearsal's day says nothing of the clock; what lies ahead is not loaded."""
    made(Path("in"), 2)
    early = county("county load in", today="2026-10-07")
    assert (early.code, "which lies ahead" in early.err) == (5, True)
    county.clock_is_right = False
    county.set.setenv("LEDGER12315_TODAY", "2027-01-08")
    county.all("county submit 2026Q3 --yes", today="2026-10-08")
    county.set.delenv("LEDGER12315_TODAY")
    assert county("county status", today="2026-10-08").code == 0
    for line in ("county status", "county status 2026Q3"):
        behind = county(line, today="2026-10-07")
        assert (behind.code, behind.out) == (4, "")
        assert "shows 2026-10-07, but the newest entry in the ledger is of 2026-10-08" in (
            behind.err
        )
    assert county("--clock-is-right county status", today="2026-10-07").code == 0
    assert county.talk("county status", "", today="2026-10-07")[0] == 0


def test_a_second_key_of_a_known_station_counts_once_it_is_listed(county: Cli) -> None:
    keeps(STORE, returned(7, figures(*ONE), first=True, station="第1所"))
    county.plays("""
        @ 2026-10-09
        $ county status 2026Q3
        …
        第1所 | 00000000000000000000000000000007 | twice |  | 2026-10-08 | another ledger's \\
            station has this name and county. List each with its key and days: …
        …
        $ county rollup 3 2026Q3
        …
        03 | received | 件 | 4 | …
        …
        + county stations draft drafted.csv
        + county stations load drafted.csv
        $ county stations list
        …
        第1所 | 00000000000000000000000000000007 | 榕溪县 | …
        ! Store: …
        $ county rollup 3 2026Q3
        …
        03 | received | 件 | 5 | …
        …
        ! These figures are exact, for internal use.
        ! Stations: …
        $ county rollup 3 2026Q3 --by station
        第1所 (00000000000000000000000000000001)
        …
        第3所
        …
        第1所 (00000000000000000000000000000007)
        …
    """)


def test_what_comes_later_is_a_correction_of_what_was_told(county: Cli) -> None:
    """A late return, one that was replaced, and two corrections that cancel out."""
    county.all("county submit 2026Q3 --yes -o out/deep", today=TODAY)
    again = returned(1, figures(*ONE), day="2026-10-20", first=True, head="1" * 64)
    keeps(STORE, returned(4, figures(*ONE), first=True), again._replace(sha256="new"))
    county.plays(r"""
        @ 2026-11-01
        $ county corrections 2026Q3
        2026Q3 | 03 | received | total | 4 | 4 | 0 | 第1所 -1 (2026-10-08, 2026Q3), \
            第4所 +1 (2026-10-08, 2026Q3)
        2026Q3 | 03 | received | mall | 4 | 4 | 0 | …
        …
        $ county corrections 2026Q3 --csv
        BOM period,code,measure,type,told,now,difference,stations
        2026Q3,03,received,total,4,4,0,"第1所 -1 (2026-10-08, 2026Q3), 第4所 +1 (2026-10-08, 2026Q3)"
        …
        $ county corrections 2026Q3 --json
        [{"period": "2026Q3", "code": "03", "key": "received", "type": "total", "told": 4, \
            "now": 4, "difference": 0, "stations": [{"station": "第1所", … {"station": "第4所", \
            "key": "00000000000000000000000000000004", "difference": 1, "day": "2026-10-08", \
            "period": "2026Q3", "revision": null}]}, …
        ! Store: …
        $ county status 2026Q3
        第1所 | 00000000000000000000000000000001 | loaded |  | 2026-10-20 |
        …
        第4所 | 00000000000000000000000000000004 | loaded |  | 2026-10-08 |
        …
        $ county rollup 3 2026Q3 --told --json
        {"form": 3, "period": "2026Q3", … "stations": 3, … "key": "received", \
            "name": "受理投诉", "unit": "件", "total": 4, …
        …
        $ county rollup 3 2026Q3 --told --as-submitted
        ! Error: Give either --as-submitted or --told, not both.
        [2]
        $ county submit 2026Q3 --yes
        ! Error: 2026Q3 was submitted on 2026-10-09; withdraw it first.
        [3]
        $ county withdraw 2026Q3 --reason 省局退回
        2026Q3 is withdrawn; what was submitted stays recorded.
        ! Store: …
        $ county corrections 2026Q3
        ! Error: The county has not submitted 2026Q3.
        [3]
        $ county submit 2026Q3 --yes --json
        {"period": "2026Q3", "county": "榕溪县", "submitted": "2026-11-01", … "stations": 4, …
        …
        $ county submit 2026Q2 --yes
        ! Error: 2026Q3 is submitted and is based on 2026Q2. Withdraw 2026Q3 first.
        [3]
    """)


def test_a_screen_calls_stations_without_what_all_are_called(county: Cli) -> None:
    """So a correction is not five lines long; csv has the whole names."""
    STORE.unlink()
    names = [f"榕溪县{at}市场监督管理所" for at in ("东门", "石板滩", "高新区")]
    one = figures("inquiries")
    for told, day, head in ((NOTHING, "2026-10-08", "0"), (one, "2026-10-20", "1")):
        sent: dict[str, Any] = {"day": day, "first": True, "head": head * 64}
        keeps(
            STORE,
            *(
                returned(n, told, station=name, **sent)._replace(sha256=f"{head}{n}")
                for n, name in enumerate(names)
            ),
        )
        if head == "0":
            county.all("county submit 2026Q3 --yes", today=TODAY)
    county.plays("""
        @ 2026-11-01
        % 80 county corrections 2026Q3
        code measure   type  told now difference stations
        …
        01   inquiries total    0   3          3 东门 +1 (2026-10-08, 2026Q3), 石板滩 +1
        …
    """)


def test_periods_are_submitted_in_order(county: Cli) -> None:
    keeps(STORE, returned(1, NOTHING, "2027Q1"), day=date(2027, 4, 3))
    county.plays("""
        @ 2027-04-03
        + county submit 2026Q3 --yes
        $ county submit 2027Q1 --yes
        ! Error: 2026Q4 is not submitted yet…
        [3]
        $ county withdraw 2027Q1 --reason x
        ! Error: …
        [3]
    """)


def test_calendar_years_that_end_on_different_days_are_one_period(county: Cli) -> None:
    """Each station is named with its last day, on the screen and on the form."""
    for number, day in enumerate((1, 3, 3), 1):
        last = date(2026, 12, day)
        of = {"period": parse_period("2026A", "calendar", last), "last": last}
        year = returned(number, figures(*ONE), "2026A", "2026-12-03", first=True, **of)
        keeps(STORE, year, day=date(2026, 12, 6))
    county.set.setenv("LEDGER12315_TODAY", "2026-12-06")
    county.plays("""
        $ county status 2026A --exit-code
        第1所 | 00000000000000000000000000000001 | loaded |  | 2026-12-03 | counted up to 2026-12-01
        第2所 | 00000000000000000000000000000002 | loaded |  | 2026-12-03 |
        第3所 | 00000000000000000000000000000003 | loaded |  | 2026-12-03 |
        …
        $ county status 2027Q1 --json
        []
        ! Store: …
        ! 2027Q1 ends on 2027-03-31; no return is due yet.
        $ county rollup 3 2026A
        …
        03 | received | 件 | 3 | …
        …
        + county submit 2026A --yes -o out
    """)
    form = next(Path("out").glob("附件6_2026A*")).read_text("utf-8")
    assert "数据截止较早的单位（1个）：第1所（2026年12月1日）。" in form


@pytest.mark.usefixtures("drawn")
def test_a_bureaus_workbook_has_a_row_for_each_station(county: Cli) -> None:
    copy(ROOT / "examples" / "bureau-stations.xlsx", "own.xlsx")
    checked = county("template check own.xlsx")
    assert checked.out == "own.xlsx fits Attachment 6 of a county. Cells with words: 13\n"
    county.all("county export 6 2026Q3 --template own.xlsx -o filled.xlsx", today=TODAY)
    sheet = load_workbook("filled.xlsx").worksheets[0]
    assert sheet["A2"].value == "填报单位：榕溪县"
    assert [[cell.value for cell in row[1:5]] for row in sheet["A4:E7"]] == [
        ["第1所", 0, 0, 2],
        ["第2所", 0, 0, 1],
        ["第3所", 0, 0, 1],
        [None] * 4,
    ]
    assert sheet["E24"].value == "=SUM(E4:E23)"


def test_two_counties_need_a_name(county: Cli) -> None:
    keeps(STORE, returned(4, NOTHING, first=True, county="安溪县"))
    county.plays("""
        @ 2026-10-09
        $ county submit 2026Q3 --yes
        ! Error: The hand-ins are of 榕溪县, 安溪县. Say which county the form is for: --county NAME
        [3]
        $ county submit 2026Q3 --yes --county 某市
        2026Q3 of 某市 is submitted as of 2026-10-09: 附件6_2026Q3_某市.xlsx
        …
        $ county rollup 3 2026Q3 --by county
        安溪县
        …
        03 | received | 件 | 0 | …
        …
        榕溪县
        …
        03 | received | 件 | 4 | …
        …
    """)


def test_a_closed_stations_points_and_cases_are_accounted_for(county: Cli) -> None:
    points = {**figures(*ONE), "points_end": figures("points_end")["points_end"]}
    two, took = (sum_figures([each] * 2) for each in (figures(*ONE), figures("open_start")))
    ended = ((4, points), (5, points), (7, two), (8, two))
    keeps(STORE, *(returned(*each, first=True) for each in ended))
    new = returned(9, took, "2026Q4", first=True)
    keeps(STORE, new, *(returned(n, took, "2026Q4") for n in (1, 2, 3)), day=date(2027, 1, 4))
    gone = ("4 - 2026-09-30", "5 - 2026-12-31", "7 - 2026-09-30", "8 - 2026-09-30")
    listed("1", "2 2026-10-01 - 7", "3", "6", "9 2026-10-01 - 8", *gone)
    county.plays("""
        @ 2027-01-05
        + county stations load stations.csv
        $ county rollup 6 2026Q4
        mall | 1 | 0 | 1 | 0 | …
        …
        $ county status 2026Q4
        …
        第5所 | 00000000000000000000000000000005 | missing |  |  |
        第6所 | 00000000000000000000000000000006 | missing |  |  |
        …
        ! 第4所: closed with 1 open complaints, and no station follows it.
        ! 第7所: closed with 1 open complaints, which are not in the opening of the …
        @ 2027-04-05
        $ county status 2027Q1
        …
        ! 第5所: closed, and its return of 2026Q4 did not come.
    """)


@pytest.mark.usefixtures("drawn")
def test_what_was_not_told_of_points_is_to_be_entered(county: Cli) -> None:
    """A list that came late, a change, a point that is gone, a station that ended."""

    def points(number: int, code: str, *rows: str) -> Kept:
        boxes, keys = {each.key: "" for each in DIRECTORY_COLUMNS}, ("code", "name", "status")
        lines = [boxes | dict(zip(keys, each.split(), strict=True)) for each in rows]
        digest = returned(number, NOTHING, code).sha256
        return Kept("points", f"{number:032x}", code, digest, {"points": lines}, {})

    keeps(
        STORE,
        points(1, "2026Q3", "P1 甲 在册", "P2 乙 在册", "P4 庚 在册"),
        points(3, "2026Q3", "P1 丙 在册"),
    )
    with as_text():
        county.all("county submit 2026Q3 --yes", today=TODAY)
    keeps(STORE, points(2, "2026Q3", "P1 丁 在册"), day=date(2026, 11, 1))
    keeps(
        STORE,
        *(returned(number, NOTHING, "2026Q4") for number in (1, 2, 4)),
        points(1, "2026Q4", "P1 戊 在册", "P3 己 在册", "P4 庚 在册"),
        points(2, "2026Q4", "P1 丁 在册"),
        day=date(2027, 1, 4),
    )
    listed("1", "2", "3 - 2026-09-30")
    county.all("county stations load stations.csv", today="2027-01-05")
    for line in ("county submit 2026Q4 --yes", "county withdraw 2026Q4 --reason x", ""):
        county.all(f"county export entry 2026Q4 -o entry.xlsx\n{line}", today="2027-01-05")
        text = sheet_text("entry.xlsx", "名录录入")
        assert "未报单位" not in text  # of who is not listed nothing is wanted
        assert re.findall(r"^\w+\|P\d\|\w", text, re.M) == [
            *("变更|P1|戊", "新设|P3|己", "撤销|P2|乙", "新设|P1|丁", "撤销|P1|丙"),
        ]
    of_all = re.findall(r"^\d\|P\d\|\w", sheet_text("附件5_2026Q4_榕溪县.xlsx", "附件5"), re.M)
    assert of_all == ["1|P1|戊", "2|P3|己", "3|P4|庚", "4|P1|丁"]
    with open_store(STORE) as duck:
        book = read_book(duck)[0]
    told = book.forms[-1].lists
    assert book.points_of({"ended": "", "lost": "its digest"}) == {"ended": ()}
    assert read_station_return(Path("附件6_2026Q4_榕溪县.xlsx")).lists == told


def test_doubts_are_counted_and_named(county: Cli) -> None:
    keys = ("disputed", "rated", "satisfied")
    plain, rated = sum_figures([figures("disputed")] * 2), figures(*keys)
    many = {(key, type_): 199 for key in keys for type_ in ("mall", "total")}
    much = corrected(plain, {cell: many[cell] for cell in many if "disputed" in cell})
    keeps(
        STORE,
        *(returned(n, plain, "2026Q4") for n in (1, 2, 3)),
        returned(4, much, "2026Q4", first=True),
        returned(5, corrected(rated, many), "2026Q4", first=True),
        day=date(2027, 1, 4),
    )
    county.plays("""
        @ 2027-01-04
        $ county status 2026Q4
        …
        ! Stations: 5. …
        ! 第1所: 02 open_start (期初未结) is 0, but the end before with its correction is 2. …
        ! 第2所: 02 open_start (期初未结) is 0, but the end before with its correction is 1. …
        ! 第3所: 02 open_start (期初未结) is 0, but the end before with its correction is 1. …
        ! 第4所: …over 100 times the median…
        ! 第5所: …all of 200 ratings are satisfied…
        $ county status
        2026Q3 | 3 |  |  | 0 |  | 0 |  |
        2026Q4 | 5 |  |  | 5 |  | 5 |  |
        …
    """)


def test_a_doubt_about_points_corrections_and_quiet_stations(county: Cli) -> None:
    """The same point in two lists, corrections that wait, and nothing after active quarters."""
    point = {"name": "东门商场", "address": "中山路1号", "remarks": ""}
    later = {"2026Q3": cell_differences(NOTHING, figures(*ONE))}
    lists = []
    for n in (1, 2, 3):
        points = [point, point | {"name": "西门商场", "address": f"中山路{n}号"}]
        lists.append(Kept("points", f"{n:032x}", "2026Q3", f"{n:064x}", {"points": points}, {}))
    listed("1", "2", "4")
    keeps(
        STORE,
        *lists,
        returned(1, figures(*ONE, "open_start"), "2026Q4"),
        returned(4, figures(*ONE), "2026Q4", corrections=later),
        returned(1, NOTHING, "2027Q1"),
        returned(2, NOTHING, "2026Q4", before="1" * 64),
        day=date(2027, 4, 8),
    )
    county.plays("""
        @ 2027-04-08
        + county stations load stations.csv
        $ county status 2026Q3
        …
        ! 东门商场 is a point of 第1所, 第2所.
        $ county status 2026Q4
        …
        ! 第2所: its return follows another one than was loaded, so that …
        ! 第4所: the return that it follows was not loaded, so that its corrections wait.
        $ county status 2027Q1
        …
        ! 第1所: nothing is reported, after active periods.
    """)


def test_a_doubt_about_cases_that_are_too_even(county: Cli) -> None:
    """The first station's are of two months; the second's of three, which recovered nothing."""
    one = ("received", "received_direct", "received_goods", "closed", "settled", "closed_on_time")
    for number, months, fen, *more in ((4, "799", 0), (5, "789", None, "recovered_unstated")):
        found = sum_figures([figures(*one, *more)] * 3)
        days = [{"received": f"2026-0{each}-01", "closed": f"2026-0{each}-01"} for each in months]
        cases = [complaint(outcome="settled", recovered=fen, **each) for each in days]
        keeps(STORE, returned(number, found, first=True))
        made(Path(f"in/{number}"), number, rows={"complaint": cases}, figures=found)
    county.all("county load in", today=TODAY)
    county.set.setattr("ledger12315.county.doubts._MANY_CASES", 3)
    said = county("county status 2026Q3", today=TODAY).err.splitlines()
    assert said[2:] == [
        "第4所: a month is without receipts.",
        "第4所: in each of 3 closed cases all that was disputed is recovered.",
    ]


@for_all("""
    files                                    | loaded | back                        | said
    6-9.xlsx 5-9.xlsx ….txt ….doc b.parquet  | 1      | 5-9.xlsx 6-9.xlsx ….txt     |
    6-9.xlsx 6-9a.xlsx 5-9.xlsx              | 2      | 5-9.xlsx 6-9a.xlsx          |
    1/6-9.xlsx 1/5-9.xlsx 2/6-9a.xlsx        | 2      | 6-9a.xlsx                   |
    6-9.xlsx 5-8.xlsx ….txt                  |        |           | its Attachment 6 did not come
    6-9.xlsx 6-bad.xlsx                      | 1      | 6-9.xlsx                | it is empty
    6-9.xlsx 6-8.xlsx 6-bad.xlsx ….txt       | 2      | 6-9.xlsx ….txt          | it is empty
    6-0.xlsx                           |   |   | 第0所: it does not state the key of its ledger
    6-9.csv                            |   |   | holds nothing that a station hands in
""")
def test_what_came_of_one_submission_is_loaded_whole_or_not_at_all(
    files: str, loaded: str, back: str, said: str, county: Cli
) -> None:
    """Returns 6, a the later one, and lists of points 5; a receipt is among what is of one."""
    read = arriving._read_workbook

    def found(file: Path) -> arriving.Found:
        form, number = file.stem.split("-")
        if number == "bad":
            return read(file)
        whose = f"第{number[0]}所", parse_period("2026Q3")
        if form == "5":
            return arriving.Found(file, PointList("", whose[0], "报告期：2026Q3", ()))
        stamp = Stamp(datetime(2026, 10, 8, tzinfo=UTC), len(number), f"{len(number)}" * 64)
        about = *whose, whose[1].last, NOTHING, stamp, "榕溪县"
        sent = StationReturn("", *about, key=number[0].strip("0"))
        return arriving.Found(file, sent, number.encode())

    county.set.setattr(arriving, "_read_workbook", found)
    write_reached(STORE, "three", three)
    with TemporaryDirectory(dir=Path()) as home:
        for name in files.replace("…", "报送回执").split():
            file = Path(home, name)
            file.parent.mkdir(exist_ok=True)
            file.write_text(sha256(b"9").hexdigest() * (file.suffix in (".txt", ".doc")))
        dry = None if said else county(f"county load {home} --dry-run --json", today=TODAY)
        told = county(f"county load {home}", today=TODAY)
        if dry:
            assert [*dry.json[-1].values()] == ["9", "9", "2026Q3", None, "loaded", None]
            again = county(f"county load {home}/*", today=TODAY)
            assert again.out == "There is nothing new.\n", again
        if back:
            county.all(f"county hand-back 第9所 {home}/back", today=TODAY)
            names = sorted(each.name for each in Path(home, "back").rglob("*.*"))
            assert " ".join(names).replace("报送回执", "…") == back
    assert told.out == f"2026Q3: loaded: {loaded}\n" * bool(loaded)
    assert (told.code, said in told.err) == (5 if said else 0, True), told


def test_an_empty_store_says_what_to_load(cli: Cli) -> None:
    code, seen = cli.talk("county status", today=TODAY)
    assert (code, seen.count("\n")) == (0, 2)
    assert "county.duckdb holds no hand-ins. Load them first: ledger12315 county load PATH" in seen


def test_what_a_store_does_not_have_is_refused(county: Cli) -> None:
    year = parse_period("2026A", "calendar", date(2026, 12, 3))
    keeps(
        STORE,
        returned(1, NOTHING, "2026A", first=True),
        returned(2, NOTHING, "2026A", first=True, period=year, last=date(2026, 12, 3)),
        day=date(2026, 12, 9),
    )
    county.plays("""
        @ 2026-12-10
        $ county export 5 2026Q3
        ! Error: No Attachment 5 of 2026Q3 was handed in.
        [3]
        $ county export 6 2026Q3 -o a.pdf
        ! Error: a.pdf does not end in .xlsx.
        [2]
        $ county hand-back 第9所 back
        ! Error: 第9所 is not one station of this store. The stations: 第1所, 第2所, 第3所
        [3]
        $ county status 2026A
        第1所 | 00000000000000000000000000000001 | late |  | 2026-12-08 |
        第2所 | 00000000000000000000000000000002 | of others |  | … | its year ends on 2026-12-03
        …
    """)


@pytest.fixture
def with_facts(county: Cli) -> Cli:
    """The second station sent its cases too."""
    made(Path("in"), 2)
    write_reached(STORE, "with facts", lambda: county.all("county load in", today=TODAY))
    return county


@pytest.mark.slow
def test_facts_are_kept_with_their_return_and_counted_anew(with_facts: Cli) -> None:
    with_facts.plays("""
        @ 2026-10-09
        $ county load in
        There is nothing new.
        ! Store: …
        $ county status 2026Q3
        …
        第2所 | 00000000000000000000000000000002 | loaded | 1 | 2026-10-08 |
        …
        % 80 county status 2026Q3
        station  state   revision  submitted
        …
        第2所    loaded         1  2026-10-08
        …
    """)
    printed = with_facts("county rollup 3 2026Q3 --by station --sql --views", today=TODAY)
    assert "2026Q3, without cases: 第1所, 第3所" in printed.err
    with duckdb.connect(str(STORE), read_only=True) as duck:
        ran = duck.execute(printed.out)
        [found], columns = ran.fetchall(), [each[0] for each in ran.description]
    assert found[:4] == ("2026Q3", f"{2:032x}", "第2所", "mall")
    assert columns[:5] == ["period", "unit", "name", "of_type", "closed"]
    assert columns[-2:] == ["returns_due", "returns_made"]
    # An earlier revision that came later is not the last one.
    made(Path("in/earlier"), 2, revision=2, moment=datetime(2026, 10, 8, tzinfo=UTC))
    with_facts.all("county load in\ncounty hand-back 第2所 back", today=TODAY)
    [back] = Path("back").rglob(MANIFEST)
    assert json.loads(back.read_bytes())["revision"] == 1
    assert len([*back.parent.glob("*.parquet")]) == 9
    # Cases with other values than when they were counted are counted again.
    alters("UPDATE facts.complaint SET id = id + 1")
    with_facts.all("county rollup 3 2026Q3", today=TODAY)
    alters("UPDATE facts.complaint SET type = 'market'")
    for line in ("rollup 3 2026Q3", "export facts all", "submit 2026Q3 --yes", "status 2026Q3"):
        told = with_facts(f"county {line}", today=TODAY)
        assert (told.code == 3) == ("status" not in line), line
        assert "Altered in the store: 第2所" in told.err, line


def test_an_export_explains_itself_and_writes_only_what_changed(with_facts: Cli) -> None:
    with_facts.plays("""
        @ 2026-10-09
        $ county export facts some/all
        Periods written: 1, into some/all
        ! Store: …
        ! 2026Q3, without cases: 第1所, 第3所
        $ county export facts some/all
        Periods written: 0, into some/all
        ! Store: …
        ! Unchanged: 2026Q3
        ! 2026Q3, without cases: 第1所, 第3所
    """)
    home = Path("some/all/period=2026Q3")
    assert {each.name for each in home.parent.iterdir()} == {"datapackage.json", home.name}
    document = json.loads(Path("some/all/datapackage.json").read_bytes())
    [hand_in] = document["hand_ins"]["2026Q3"]
    of = hand_in["name"], hand_in["revision"], hand_in["identity"]
    assert of == ("第2所", 1, identity_of(Path("in")))
    for resource in document["resources"]:
        [path], fields = resource["path"], resource["schema"]["fields"]
        found = duckdb.read_parquet(f"some/all/{path}", hive_partitioning=False)
        assert [each["name"] for each in fields] == found.columns
        told = [each[key] for each in fields for key in ("description", "unit", "source")]
        assert all(told), path
        assert set(found.project("period").fetchall()) <= {("2026Q3",)}
    days = duckdb.read_parquet(f"{home}/period.parquet").project("quarter, first_day, last_day")
    first, last = date(2026, 7, 1), date(2026, 9, 30)
    assert days.fetchall() == [("", first, last), ("2026Q3", first, last)]
    (home / "sent.parquet").unlink()
    with_facts.plays("""
        @ 2026-10-09
        $ county export facts some/all
        Periods written: 1, into some/all
        …
        $ county export facts in
        ! Error: in is not a folder of exported facts. Choose a new folder.
        [3]
    """)
    assert (home / "sent.parquet").exists()


def test_cases_older_than_what_a_later_return_corrects_are_named(with_facts: Cli) -> None:
    line, more = "county rollup 3 2026Q3 --sql", cell_differences(NOTHING, figures("inquiries"))
    assert with_facts(line, today=TODAY).err.endswith("2026Q3, without cases: 第1所, 第3所\n")
    told = returned(2, NOTHING, "2026Q4", corrections={"2026Q3": more})
    keeps(STORE, told, day=date(2027, 1, 4))
    printed = with_facts(line, today="2027-01-05")
    assert "'' AS unit" in printed.out
    assert printed.err.endswith("2026Q3, cases without what a later return corrects: 第2所\n")


def test_an_export_that_was_killed_is_made_again_and_what_no_longer_counts_is_removed(
    with_facts: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = duckdb.IOException("Could not write: No space left on device")
    with patch("ledger12315.county.facts._write_period", side_effect=full):
        refused = with_facts("county export facts some/all", today=TODAY)
    assert (refused.code, Path("some").exists()) == (4, False)
    Path("all/.datapackage.json.0.part/period=2026Q3").mkdir(parents=True)
    line, home = "county export facts all", Path("all/period=2026Q3")
    with monkeypatch.context() as killed:
        stopped = Mock(side_effect=KeyboardInterrupt)
        killed.setattr("ledger12315.county.facts._put_in_place", stopped)
        assert (with_facts(line, today=TODAY).code, home.exists()) == (130, False)
    assert (home.parent / MANIFEST).exists()  # it is still such a folder
    mask = os.umask(0o022)
    assert with_facts(line, today=TODAY).out == "Periods written: 1, into all\n"
    os.umask(mask)
    modes = {each.stat().st_mode & 0o777 for each in (home, home / "sent.parquet")}
    assert os.name == "nt" or modes == {0o755, 0o644}
    assert '"第2所",\n    "code": "",\n    "county": "榕溪县",' in Path(
        "all/datapackage.json"
    ).read_text("utf-8")
    listed("1", "3")
    with_facts.plays(f"""
        @ {TODAY}
        $ county stations load stations.csv
        …
        $ {line}
        Periods written: 0, into all
        ! Store: …
        ! Removed, as no cases of it count any more: 2026Q3
    """)
    assert not home.exists()
    assert json.loads(Path("all/datapackage.json").read_bytes())["hand_ins"] == {}


@for_all("""
    statement                                                    | said
    CREATE VIEW station AS FROM read_text('/etc/hostname')       | is not a county's store
    CREATE MACRO sum(x) AS 0                                     | is not a county's store
    CREATE TABLE other AS SELECT 1                               | is not a county's store
    UPDATE county SET schema = 101                               | was made by a newer program
    UPDATE county SET schema = 1                                 | A build before the first
    ALTER TABLE kept RENAME sealed TO seal                       | A build before the first
    ALTER TABLE county ALTER schema SET DATA TYPE VARCHAR USING 'x' | is not a county's store
    DELETE FROM county                                           | is not a county's store
""")
def test_an_altered_store_is_refused(statement: str, said: str, county: Cli) -> None:
    write_reached(STORE, "three", three)
    duckdb.execute(f"ATTACH '{STORE}' AS s; USE s; {statement}; USE memory; DETACH s")
    refused = county("county rollup 3 2026Q3", today=TODAY)
    assert refused.code == 4 and said in refused.err, refused


@for_all("""
    statement                                               | whose  | lines
    UPDATE kept SET document = replace(document, '第3', '第9') WHERE kind = 'return' | 第9所 | \
        rollup 3 2026Q3; report 2026Q3; rollup 3 2026Q3 --sql; corrections 2026Q3; \
        export entry 2026Q3
    UPDATE kept SET packet = 'x'::BLOB WHERE kind = 'return' | 第1所  | hand-back 第1所 back
    UPDATE kept SET packet = 'x'::BLOB WHERE kind = 'form'  | 榕溪县 | export 6 2026Q3
    UPDATE kept SET document = '{}' WHERE id = 5            | 第2所  | rollup 3 2026Q3; \
        hand-back 第2所 back
    DELETE FROM kept WHERE id = 1            | removed entries: 1 | corrections 2026Q3
    DELETE FROM kept WHERE kind = 'form'     | removed entries: 1 | submit 2026Q3 --yes
    UPDATE kept SET id = NULL, loaded = NULL WHERE id = 1 | 第2所  | rollup 3 2026Q3; \
        rollup 3 2026Q3 --as-of 2026-10-08
    SELECT 1                                                | 第4所  | hand-back 第4所 back
""")
def test_nothing_is_answered_from_what_is_not_as_it_came(
    statement: str, whose: str, lines: str, county: Cli
) -> None:
    """The fourth station's file would be written elsewhere."""

    def submitted() -> None:
        county.all("county submit 2026Q3 --yes", today=TODAY)
        points = returned(2, NOTHING)._replace(kind="points", document={"points": []})
        elsewhere = returned(4, NOTHING, first=True)._replace(files={"../6.xlsx": b""})
        keeps(STORE, elsewhere, points)

    write_reached(STORE, "submitted", submitted)
    alters(statement)
    for line in lines.split("; "):
        refused = county(f"county {line}", today=TODAY)
        assert refused.code == 3 and f"Altered in the store: {whose}. " in refused.err, line


def test_the_store_is_its_owners_and_no_stub_is_left(county: Cli) -> None:
    left, making = (Path(f".county.duckdb.{number}.part") for number in "01")
    for each in (left, making):
        each.touch()
    os.utime(left, (0, 0))
    STORE.unlink()
    three()
    assert not left.exists()
    making.unlink()  # another program's of today stays
    mask = os.umask(0o022)
    county.all("county submit 2026Q3 --yes -o up", today=TODAY)
    os.umask(mask)
    modes = [each.stat().st_mode & 0o777 for each in (STORE, Path("up"), *Path("up").iterdir())]
    assert os.name == "nt" or modes == [0o600, 0o755, 0o644]
    STORE.unlink()
    full = Mock(side_effect=duckdb.OutOfMemoryException("could not allocate block"))
    with patch("ledger12315.county.store._make_tables", full):
        assert county("county stations load stations.csv").code == 5  # the list is read first
        listed("1")
        county.plays("""
            $ county stations load stations.csv
            ! Error: FOLDER/county.duckdb cannot be used: there is not enough memory.
            [4]
            $ county load stations.csv
            ! Error: FOLDER/county.duckdb cannot be used: there is not enough memory.
            !   Load fewer hand-ins at a time.
            [4]
        """)
    assert sorted(each.name for each in Path().iterdir()) == ["stations.csv", "up"]
    assert county("county status", today=TODAY).out == ""
    assert not STORE.exists()


@for_all("""
    error                | text                                     | said
    IOException          | Could not set lock on file               | Another load is running in
    IOException          | Cannot open file: Permission denied      | have no permission to read it
    TransactionException | Could not write: No space left on device | used: the disk is full
    FatalException       | prior to being used: Could not write "x  | used: the disk is full
""")
def test_what_the_machine_refuses_is_no_fault_of_the_store(
    error: str, text: str, said: str, county: Cli
) -> None:
    failing = Mock(side_effect=getattr(duckdb, error)(text))
    with patch("ledger12315.county.store.open_engine", failing):
        refused = county("county status", today=TODAY)
    assert refused.code == 4 and said in refused.err, refused


@table("""
    refusal | first | code | said                             | kept
    EPERM   |       | 0    | Store:                           | DUCK
    EPERM   | came  | 4    | Another load is running in       | came
    EIO     |       | 4    | county.duckdb cannot be written: |
""")
def test_a_new_store_replaces_none_where_there_are_no_links(
    refusal: str, first: str, code: str, said: str, kept: str, cli: Cli
) -> None:
    listed("1")

    def link(*_: object) -> None:
        if first:
            STORE.write_text(first)
        raise OSError(getattr(errno, refusal), "refused")

    with patch("os.link", link):
        done = cli("county stations load stations.csv", today=TODAY)
    assert (done.code, said in done.err) == (int(code), True), done
    assert kept.encode() in (STORE.read_bytes() if STORE.exists() else b"")
    assert STORE.exists() == bool(kept)


def test_somebody_at_a_terminal_is_asked_where_stations_are_missing(county: Cli) -> None:
    listed("1", "2", "3", "4")
    county.all("county stations load stations.csv", today=TODAY)
    code, seen = county.talk("county submit 2026Q3", "Submit it? [y/n]>n", today=TODAY)
    figures = "03 received (受理投诉): 4, 10 closed (办结): 0, 17 open_end (期末未结): 4, 18 over"
    who = "Stations: 3 of 4 (75.00 %), late: 0, on time: 75.00 %; missing: 第4所"
    shown = (f"2026Q3 of 榕溪县 goes out: {figures}", f"{who}\nSubmit it? [y/n]")
    assert (code, [part in seen for part in shown]) == (130, [True, True]), seen
    assert county("county corrections 2026Q3", today=TODAY).code == 3


def test_only_where_every_station_is_there_points_can_be_too_few(county: Cli) -> None:
    def notes() -> str:
        county.all("county export 6 2026Q3 -o form.xlsx", today=TODAY)
        return Path("form.xlsx").read_text("utf-8")

    few = "省级示范服务点0个，少于方案三(五)8要求保留的6个。"
    assert few not in notes()
    listed("1", "2", "3", "4")
    county.all("county stations load stations.csv", today=TODAY)
    said = notes()
    assert few not in said
    assert "应报单位4个，实报3个，上报率75.00%；按时3个，按时率75.00%。" in said
    assert "未报单位（1个）：第4所。" in said
    listed("1", "2", "3")
    county.all("county stations load stations.csv", today=TODAY)
    assert few in notes()


@pytest.mark.usefixtures("drawn")
def test_a_lost_store_is_made_again_from_what_came_and_the_countys_form(county: Cli) -> None:
    listed("1", "2", "3", "4")
    stations = "county stations load stations.csv"
    county.all(f"{stations}\ncounty submit 2026Q3 --yes -o up", today=TODAY)
    before = county("county status", today=TODAY).out
    with open_store(STORE) as duck:
        kept = duck.execute("FROM kept WHERE kind = 'return'").fetchall()
    STORE.unlink()
    assert "this form of a county cannot be placed" in county("county load up", today=TODAY).err
    assert not STORE.exists()
    listed("1", "3")
    county.all(stations, today=TODAY)
    lacking = "list these of its stations too, with their days: 第2所"
    assert lacking in county("county load up", today=TODAY).err
    listed("1", "2", "3", "4")
    county.all(stations, today=TODAY)
    with open_store(STORE, writes=True) as duck:
        duck.executemany(f"INSERT INTO kept VALUES ({', '.join('?' * len(kept[0]))})", kept)
    keeps(Path("near.duckdb"), returned(1, NOTHING, first=True))
    county.all("county submit 2026Q3 --yes -o near --store near.duckdb", today=TODAY)
    for line, code in (("near up", 5), ("up", 0), ("near", 5)):
        loaded = county(f"county load {line}", today=TODAY)
        foreign = "this is a form of another county" in loaded.err
        assert (loaded.code, foreign) == (code, bool(code)), line
    assert county("county status", today=TODAY).out == before
    assert county("county load up", today=TODAY).out == "There is nothing new.\n"


@pytest.mark.slow
@pytest.mark.usefixtures("drawn")
def test_the_forms_of_many_stations_with_long_names_are_read_back(county: Cli) -> None:
    """What a lost store told of each is in its forms, however many lines that takes."""
    long = "榕溪县经济技术开发区东部新城城关镇第{:03}市场监督管理分所办"
    names = {number: long.format(number) for number in range(1, 41)}
    lines = [f"{number:032x},{name},榕溪县\n" for number, name in names.items()]
    Path("stations.csv").write_text("".join(["key,name,county\n", *lines]), "utf-8")
    late = {"2026Q3": cell_differences(NOTHING, figures(*ONE))}
    first, second = (
        [returned(n, figures(*ONE), code, station=name, **told) for n, name in names.items()]
        for code, told in (("2026Q3", {"first": True}), ("2026Q4", {"corrections": late}))
    )

    def told() -> list[str]:
        asked = "rollup 3 2026Q3 --told", "status"
        return [county(f"county {each}", today="2027-02-01").out for each in asked]

    def keeps_and_all(lines: str, *came: Kept) -> None:
        keeps(STORE, *came, day=date(2027, 1, 9))
        county.all(f"county stations load stations.csv\n{lines}", today="2027-02-01")

    STORE.unlink()
    keeps_and_all("county submit 2026Q3 --yes -o up", *first)
    keeps_and_all("county submit 2026Q4 --yes -o up", *second)
    before = told()
    assert "\treceived\t件\t80\t" in before[0]
    STORE.unlink()
    keeps_and_all("county load up", *first, *second)
    assert told() == before


@pytest.mark.usefixtures("drawn")
def test_a_form_of_the_county_is_a_hand_in_of_the_province(county: Cli) -> None:
    county.all("county submit 2026Q3 --yes -o up", today=TODAY)
    form = Path("up/附件6_2026Q3_榕溪县.xlsx")
    copytree("up", "province")
    with open_store(STORE) as duck:
        Path("counties.csv").write_text(
            f"key,name,county\n{county_key(duck)},榕溪县,某市\n", "utf-8"
        )
    saved_with(reopened(form.read_bytes()), "changed.xlsx", **{"分所依据!E5": 9})
    county.plays("""
        @ 2026-10-09
        + county stations load counties.csv --store province.duckdb
        + county load province --store province.duckdb
        $ county rollup 3 2026Q3 --store province.duckdb
        …
        03 | received | 件 | 4 | …
        …
        $ county load changed.xlsx
        ! Store: …
        ! Error: These hand-ins are not loaded.
        !   changed.xlsx: 分所依据: 2026Q3 is not the sum of the stations
        [5]
    """)
