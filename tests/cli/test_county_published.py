"""`county load`, `status`, `query`, `export`, `stations load`: a county's store of facts."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from shutil import copy, copytree
from subprocess import PIPE
from unittest.mock import Mock

import duckdb
import pytest
from openpyxl import Workbook

from ledger12315.published.arriving import Published, read_publication
from ledger12315.published.loading import load_publications
from ledger12315.rules.county import sum_figures
from ledger12315.rules.measures import MEASURES
from ledger12315.rules.publishing import FACTS, digest
from tests.cli.conftest import Cli, scenes
from tests.published.engines import ENGINES
from tests.published.making import ONE, identity_of, made, rewritten, wrong

pytestmark = pytest.mark.slow  # writes many files

CLOSED = ("received", "received_direct", "received_goods", "closed", "settled", "closed_on_time")
DONE = {"closed": "2026-09-02", "outcome": "settled", "recovered": 0}
STORE = Path("county.duckdb")


@pytest.fixture(scope="module")
def _publications(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("in")
    made(folder / "1", 1)
    made(folder / "2", 2, submitted=date(2026, 10, 20))
    made(folder / "3", 3, county="西溪县", boxes={"type": "other"})
    return folder


@pytest.fixture(scope="module")
def _store(_publications: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    store = tmp_path_factory.mktemp("store") / "county.duckdb"
    taken, faults = load_publications(store, [_publications], None, date(2026, 10, 21))
    assert (len(taken), faults) == (3, [])
    return store.read_bytes()


@pytest.fixture
def county(cli: Cli, _publications: Path) -> Cli:
    """Three stations published the quarter; one of them late, one of another county."""
    cli.path.unlink()
    copytree(_publications, "in")
    return cli


@pytest.fixture
def stocked(county: Cli, _store: bytes) -> Cli:
    """The same, loaded on 2026-10-21."""
    STORE.write_bytes(_store)
    return county


@scenes(r"""
# what is loaded and late, and what is new; the store is said first
$ county load in
There is nothing new.
! Store: FOLDER/county.duckdb
$ county status 2026Q3 --exit-code
第1所 | 00000000000000000000000000000001 | loaded | 1 | 2026-10-08 |
第2所 | 00000000000000000000000000000002 | late | 1 | 2026-10-20 |
第3所 | 00000000000000000000000000000003 | loaded | 1 | 2026-10-08 |
! Store: FOLDER/county.duckdb
! Hashes show that something was altered, not that a station told the truth.
! Missing stations are not known until the list of stations is loaded: ledger12315 county \
    stations load FILE
[1]
$ county status 2026Q2
! Store: …
! Hashes …
! Missing …
# a Chinese desk
@ zh
$ 县局 载入 in --汇集处 county.duckdb
没有新内容。
! 数据库：county.duckdb
$ 县局 状态 2026Q3 --汇集处 county.duckdb
第1所 | 00000000000000000000000000000001 | 已载入 | 1 | 2026-10-08 |
第2所 | 00000000000000000000000000000002 | 迟报 | 1 | 2026-10-20 |
第3所 | 00000000000000000000000000000003 | 已载入 | 1 | 2026-10-08 |
! 数据库：county.duckdb
! 校验值只能说明内容有没有改动，不能说明所报是否属实。
! 没有载入名录，不知道哪些单位未报。请载入：ledger12315 县局 名录 载入 文件
""")
def test_what_came_is_told(stocked: Cli, script: str) -> None:
    stocked.plays(script)


def test_what_waits_in_a_folder_is_told_and_not_loaded(county: Cli) -> None:
    county.plays(r"""
        $ county status 2026Q3 in --county 榕溪县 --json
        [{"station": "第1所", "key": "00000000000000000000000000000001", \
            "state": "waiting", "revision": 1, "submitted": "2026-10-08", "why": ""}, \
            {"station": "第2所", …"state": "waiting"…}, \
            {"station": "第3所", "key": "", "state": "other", "revision": null, \
            "submitted": null, "why": "in/3: 第3所: it belongs to 西溪县"}]
        ! Store: …
        ! Hashes …
        ! Missing …
        $ county query rollup 6 2026Q3
        ! Error: FOLDER/county.duckdb has no publications of 2026Q3. Load them first: ledger12315 \
            county load DIR
        [3]
    """)


LIST = """\
key,code,name,county code,county,valid from,until,follows
00000000000000000000000000000001,A1,城关所,350102,鼓楼区,,2026-08-15,
00000000000000000000000000000002,A2,城关所,350102,鼓楼区,2026-08-16,,00000000000000000000000000000001
00000000000000000000000000000003,B1,城关所,320106,鼓楼区,,,
00000000000000000000000000000004,C1,北门所,350102,鼓楼区,,,
00000000000000000000000000000005,C2,南门所,350102,鼓楼区,2026-10-01,,
"""


def test_a_station_is_its_key_in_the_registry(stocked: Cli) -> None:
    """Two of one name, in counties of one name; one made anew, one missing, one not expected."""
    made(Path("in/5"), 5)
    Path("list.csv").write_text(LIST, "utf-8")
    stocked.plays("""
        $ county stations load list.csv
        Stations registered: 5
        ! Store: FOLDER/county.duckdb
        $ county load in
        ! Store: …
        ! Error: These publications are not loaded. …
        !   in/5: 第5所: it is not registered for the period. If it should be, list it: …
        [5]
        $ county status 2026Q3 in
        北门所 | 00000000000000000000000000000004 | missing |  |  |
        城关所 | 00000000000000000000000000000001 | loaded | 1 | 2026-10-08 |
        城关所 | 00000000000000000000000000000002 | late | 1 | 2026-10-20 | it follows 城关所
        城关所 | 00000000000000000000000000000003 | loaded | 1 | 2026-10-08 |
        第5所 |  | not registered |  |  | in/5: …
        ! Store: …
        ! Hashes …
    """)
    found = stocked("county query rollup 3 2026Q3 --by county --json").json
    assert [(each["county"], each["name"]) for each in found["units"]] == [
        ("320106", "鼓楼区"),
        ("350102", "鼓楼区"),
    ]
    assert [each["rows"][2]["total"] for each in found["units"]] == [1, 2]
    stocked.plays("""
        $ county query rollup 3 2026Q3 --by station
        城关所 (00000000000000000000000000000001)
        …
        城关所 (00000000000000000000000000000002)
        …
        城关所 (00000000000000000000000000000003)
        …
        ! Store: …
        ! These figures are exact, for internal use.
        $ county query rollup 3 2026Q3 --by county
        鼓楼区 (320106)
        …
        鼓楼区 (350102)
        …
        ! Store: …
        ! These figures are exact, for internal use.
    """)


def test_the_help_on_the_list_of_stations_says_what_it_does(county: Cli) -> None:
    county.plays("""
        $ county stations --help
        Usage: …

          Load the list of stations that the county expects, with their first and last
          days.
        …
    """)


def test_a_list_renames_merges_and_comes_as_a_workbook_too(stocked: Cli) -> None:
    """The first is called otherwise from the quarter on; the fourth follows second and third."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (
        ("台账标识", "名称", "县", "自", "至", "承接"),
        (f"{1:032x}", "城关工商所", "榕溪县", None, date(2026, 6, 30), None),
        (f"{1:032x}", "城关所", "榕溪县", date(2026, 7, 1), None, None),
        (f"{2:032x}", "东门所", "榕溪县", None, date(2026, 9, 30), None),
        (f"{3:032x}", "西门所", "榕溪县", None, date(2026, 9, 30), None),
        (f"{4:032x}", "两门所", "榕溪县", date(2026, 10, 1), None, f"{2:032x}、{3:032x}"),
    ):
        sheet.append(row)
    book.save("list.xlsx")
    stocked.plays(r"""
        @ 2026-12-31
        $ county stations load list.xlsx
        Stations registered: 4
        ! Store: …
        $ county status 2026Q2 --json
        […"station": "东门所"…"station": "城关工商所"…"station": "西门所"…]
        ! Store: …
        ! Hashes …
        $ county status 2026Q3
        东门所 | 00000000000000000000000000000002 | late | 1 | 2026-10-20 |
        城关所 | 00000000000000000000000000000001 | loaded | 1 | 2026-10-08 |
        西门所 | 00000000000000000000000000000003 | loaded | 1 | 2026-10-08 |
        ! Store: …
        ! Hashes …
        $ county status 2026Q4
        两门所 | 00000000000000000000000000000004 | missing |  |  | it follows 东门所、西门所
        城关所 | 00000000000000000000000000000001 | missing |  |  |
        ! Store: …
        ! Hashes …
    """)
    shown = stocked("county query rollup 3 2026Q3 --by county --json").json
    assert [(each["name"], each["rows"][2]["total"]) for each in shown["units"]] == [("榕溪县", 3)]


def test_who_is_registered_no_more_counts_no_more(stocked: Cli) -> None:
    Path("list.csv").write_text("\n".join(LIST.splitlines()[:2]), "utf-8")
    stocked.all("county stations load list.csv")
    states = stocked("county status 2026Q3 --json").json
    assert [each["state"] for each in states] == ["loaded", "unregistered", "unregistered"]
    assert stocked("county query rollup 3 2026Q3 --json").json["stations"] == 1


@pytest.mark.parametrize(
    "lines, said",
    [
        (["名称,县"], "headings are missing: key"),
        (["台账标识,名称,县", "1,东门所,榕溪县"], "东门所: 1 is not the key of a ledger, …"),
        (
            [f"key,name,county,valid from\n{1:032x},东门所,榕溪县,三月"],
            "row 2: 三月 is not a date with a year; write it as 2026-09-28",
        ),
        ([f"key,name,county\n{1:032x},东门所,"], "row 2: county is empty"),
        (
            [f"key,name,county\n{1:032x},甲,乙\n{1:032x},丙,乙"],
            "丙: two lines have overlapping days",
        ),
        (
            [f"key,name,county,自,至\n{1:032x},甲,乙,2026-02-01,2026-01-01"],
            "甲: it ends before it begins",
        ),
        (
            [f"key,name,county,follows\n{1:032x},甲,乙,\n{2:032x},丙,乙,{1:032x}"],
            f"丙: it follows {1:032x}, which is not listed with an earlier last day",
        ),
    ],
)
def test_a_list_that_is_none_changes_nothing(county: Cli, lines: Sequence[str], said: str) -> None:
    Path("list.csv").write_text("\n".join(lines), "utf-8")
    county.plays(f"""
        $ county stations load list.csv
        ! Error: list.csv is not a list of stations.
        !   {said}
        [5]
    """)
    assert not STORE.exists()


def test_each_fault_is_named_and_nothing_counted_in_silence(county: Cli) -> None:
    wrong(Path("wrong"))
    made(Path("in/0"), 30, boxes={"outcome": "张三"})  # it keeps out no right one that comes later
    found = county("county load in wrong --county 榕溪县")
    assert (found.code, found.out) == (5, "2026Q3: publications loaded: 4\n")
    told = sorted(
        line.split(":")[0].split()[0].split("/")[1] for line in found.err.splitlines()[2:]
    )
    assert " ".join(told) == (
        "0 3 99 altered amount codes columns day days digits figures folder garbled led linked "
        "list many much namesake namesake2 newer old point poor rows second stray text torn "
        "twice unlike west"
    )
    some = " ".join(f"wrong/{each}" for each in ("newer", "list", "unlike", "twice", "99"))
    states = county(f"county status 2026Q3 {some} --csv").out
    for state in ("newer program", "broken", "figures unlike rows", "twice", "revision missing"):
        assert state in states, state
    assert county("county query rollup 3 2026Q3 --json").json["rows"][2]["total"] == 4


def test_figures_are_the_sum_of_the_returns_on_every_engine(stocked: Cli) -> None:
    came = [
        each for each in map(read_publication, Path("in").iterdir()) if isinstance(each, Published)
    ]
    told = [each.manifest.figures for each in came]
    shown = stocked("county query rollup 3 2026Q3 --json").json
    assert shown["digest"] == digest(sum_figures(told))
    assert (shown["stations"], shown["rows"][2]["total"]) == (3, 3)
    by_county = stocked("county query rollup 6 2026Q3 --by county --json").json
    assert [(each["county"], each["rows"][-1]["received"]) for each in by_county["units"]] == [
        ("榕溪县", 2),
        ("西溪县", 1),
    ]
    printed = stocked("county query rollup 3 2026Q3 --by station --sql").out
    assert stocked("county query rollup 3 2026Q3 --by station --sql --json").json["sql"] in printed
    stocked.all("county export out")
    files = {each.stem: str(each) for each in Path("out/2026Q3").iterdir()}
    rows = ENGINES["duckdb"](files, printed)
    assert [(row["name"], row["of_type"], row["received"]) for row in rows] == [
        ("第1所", "mall", 1),
        ("第2所", "mall", 1),
        ("第3所", "other", 1),
    ]
    asked = duckdb.connect(str(STORE), read_only=True)
    asked.execute(stocked("county query rollup 3 2026Q3 --by station --sql --views").out)
    assert [tuple(row.values()) for row in rows] == asked.fetchall()
    types = dict(zip([each[0] for each in asked.description], asked.description, strict=True))
    assert {str(types[key][1]) for key in MEASURES} == {"BIGINT"}


def test_a_revision_replaces_its_station_alone_and_the_first_is_kept(stocked: Cli) -> None:
    made(
        Path("new/1"),
        1,
        *CLOSED,
        boxes=DONE,
        revision=2,
        as_submitted=False,
        previous=identity_of(Path("in/1")),
    )
    Path("list.csv").write_text(LIST, "utf-8")
    stocked.plays("""
        @ 2026-10-25
        + county stations load list.csv
        $ county load new
        2026Q3: publications loaded: 1
        ! Store: …
        $ county load in new
        There is nothing new.
        ! Store: …
    """)

    def totals(more: str = "") -> list[int]:
        line = f"county query rollup 3 2026Q3 --json {more}"
        rows = stocked(line, today="2026-10-26").json["rows"]
        return [rows[place]["total"] for place in (2, 9, 16)]

    assert totals() == [3, 1, 2]
    assert totals("--as-submitted") == [3, 0, 3]
    told = "With later revisions of: 城关所. Without: --as-submitted\n"
    line = "county query rollup 3 2026Q3 --json"
    for more, ends in (("", True), ("--as-submitted", False), ("--as-of 2026-10-24", False)):
        assert stocked(f"{line} {more}", today="2026-10-26").err.endswith(told) == ends
    assert [totals(f"--as-of 2026-10-{day}") for day in (24, 25)] == [[3, 0, 3], [3, 1, 2]]
    refused = stocked("county query rollup 3 2026Q3 --as-of 2026-10-20", today="2026-10-26")
    assert refused.err.startswith("Error: ") and "no publications of 2026Q3" in refused.err


# A mall that stands since January, and owes the return of the quarter.
POINT = {
    "point": [(1, "2026-01-05", None, "2026-07-01")],
    "point_type": [(1, "mall", "2026-01-05", None)],
}
WITH_POINT = ("points_start", "points_end", "returns_due")


def test_a_chain_holds_whatever_comes_first(county: Cli) -> None:
    """The second before the first, one handed in twice, other bytes of the same rows."""
    first = made(Path("last"), 1, *ONE, *WITH_POINT, rows=POINT)
    second = made(
        Path("new/b"),
        1,
        *CLOSED,
        *WITH_POINT,
        boxes=DONE,
        rows=POINT,
        revision=2,
        previous=identity_of(first),
    )
    copytree(second, "new/a")
    rewritten(Path("new/a"), "*")
    assert identity_of(Path("new/a")) == identity_of(second)
    made(Path("third"), 1, *CLOSED, boxes=DONE, revision=3, previous="0" * 64)
    found = county("county load third new last")
    assert found.out == "2026Q3: publications loaded: 2\n"
    assert "does not follow revision 2" in found.err
    assert county("county load new last").out == "There is nothing new.\n"


def test_a_ledger_made_anew_does_not_double_its_station(stocked: Cli) -> None:
    made(Path("anew"), 8, name=" 第 1所")
    found = stocked("county load anew")
    assert (found.code, found.out) == (5, "")
    assert "another ledger's station has this name and county" in found.err
    assert stocked("county query rollup 3 2026Q3 --json").json["stations"] == 3


def test_folders_of_any_name_are_read_and_written(county: Cli) -> None:
    made(Path("odd/county=西溪县/*/[a-z]?/{x,y}"), 4)
    copytree("in/2", "odd/'; DROP TABLE publication; --")
    copytree("in/3", os.fsdecode(b"odd/\xff\xfe"))
    store = '--store "new/county=西溪县/*/[a-z]/{x,y}/it\'s.duckdb"'
    found = county(f"county load odd --json {store}").json
    assert sorted((each["name"], each["county"], each["revision"]) for each in found) == [
        ("第2所", "榕溪县", 1),
        ("第3所", "西溪县", 1),
        ("第4所", "榕溪县", 1),
    ]
    line = f"county query rollup 3 2026Q3 --by county --json {store}"
    shown = county(line).json
    assert [each["county"] for each in shown["units"]] == ["榕溪县", "西溪县"]


def test_a_calendar_year_is_counted_by_the_days_each_station_submitted(county: Cli) -> None:
    """Two readings of the year are never added."""
    annual = [("a", date(2026, 12, 4)), ("b", date(2026, 12, 31)), ("c", date(2026, 11, 30))]
    for number, (name, last) in enumerate(annual, 1):
        first = date(2026, 1, 1) if name < "c" else date(2025, 12, 1)
        days = period_of(first, last)
        made(Path("years", name), number, days=days, submitted=date(2026, 12, 4))
    county.all("county load years", today="2026-12-31")
    shown = county("county query rollup 3 2026A --json", today="2026-12-31").json
    assert (shown["from"], shown["stations"]) == ("2025-12-01", 1)
    county.all("init --station 县局 --county 榕溪县\nsettings set annual_period calendar")
    shown = county("county query rollup 3 2026A --json", today="2026-12-31").json
    assert (shown["from"], shown["to"], shown["stations"]) == ("2026-01-01", "2026-12-31", 2)
    assert shown["rows"][2]["total"] == 2
    states = county("county status 2026A --json", today="2026-12-31").json
    assert [each["state"] for each in states] == ["loaded", "loaded", "other"]
    refused = county("county query rollup 3 2026A --sql --views", today="2026-12-31")
    assert refused.code == 3 and "ledger12315 county export DIR" in refused.err
    county.all("county export out", today="2026-12-31")
    assert {
        each.name: duckdb.read_parquet(str(each / "station.parquet")).fetchall()[0][1]
        for each in Path("out").iterdir()
    } == {"2026A": "第3所", "2026A-2026-12-04": "第1所", "2026A-2026-12-31": "第2所"}


def test_a_year_that_is_loaded_by_the_other_reading_alone_is_said(county: Cli) -> None:
    days = period_of(date(2025, 12, 1), date(2026, 11, 30))
    made(Path("years/a"), 1, days=days, submitted=date(2026, 12, 4))
    county.all("county load years", today="2026-12-31")
    county.all("init --station 县局 --county 榕溪县\nsettings set annual_period calendar")
    county.plays("""
        @ 2026-12-31
        $ county query rollup 3 2026A
        ! Error: None of the publications of 2026A in FOLDER/county.duckdb counts. The reason of \
each: ledger12315 county status 2026A
        [3]
        $ county status 2026A --csv
        …
        第1所,…,of others,1,2026-12-04,its year ends on 2026-11-30
        …
    """)


def period_of(first: date, last: date) -> object:
    from ledger12315.rules.publishing import period_with_days

    return period_with_days("2026A", first, last)


def test_two_loads_at_once_are_one_after_the_other(stocked: Cli) -> None:
    """Whoever comes second is told, and loses nothing."""
    hold = f"import duckdb; held = duckdb.connect({str(STORE)!r}); print(flush=True); input()"
    program = [sys.executable, "-c", hold]
    with subprocess.Popen(program, env=_env(), stdin=PIPE, stdout=PIPE) as holder:
        assert holder.stdout and holder.stdout.readline()
        for line in ("load in", "query rollup 3 2026Q3"):
            found = stocked(f"county {line}")
            assert (found.code, "Another load is running in " in found.err) == (4, True)
        holder.communicate(b"\n")
    assert stations(stocked) == 3


def stations(county: Cli) -> object:
    return county("county query rollup 3 2026Q3 --json").json["stations"]


def _env() -> dict[str, str]:
    return os.environ | {
        "LEDGER12315_DB": str(Path("ledger.sqlite").resolve()),
        "LEDGER12315_LANG": "en",
        "LEDGER12315_TODAY": "2026-10-21",
    }


# The program, which waits before each of the last statements by which a store takes in what came.
_WAITING = """
import sys
from ledger12315.cli.app import run
from ledger12315.published import loading

class Waiting:
    def __init__(self, duck):
        self.does, self.executemany = duck.execute, duck.executemany

    def execute(self, statement):
        if statement in ("COMMIT", "CHECKPOINT"):
            print(statement, flush=True)
            input()
        return self.does(statement)

add = loading.add_publications
loading.add_publications = lambda duck, *more: add(Waiting(duck), *more)
run(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is killed so there")
def test_a_load_that_is_killed_leaves_all_or_nothing(stocked: Cli) -> None:
    """The next load takes in the rest, and nothing lies about."""
    made(Path("many/4"), 4)
    made(Path("many/5"), 5)
    line = [sys.executable, "-c", _WAITING, "county", "load", "many"]
    with subprocess.Popen(line, env=_env(), text=True, stdin=PIPE, stdout=PIPE) as load:
        assert load.stdin and load.stdout
        assert load.stdout.readline() == "COMMIT\n"
        Path("early").mkdir()
        for file in Path().glob("county.duckdb*"):
            copy(file, "early")  # what a kill now would leave
        load.stdin.write("\n")
        load.stdin.flush()
        assert load.stdout.readline() == "CHECKPOINT\n"
        load.send_signal(signal.SIGKILL)
    assert [*Path().glob(".county.duckdb.*.part")]
    for store, count in ((Path("early", STORE), 3), (STORE, 5)):
        with duckdb.connect(str(store)) as left:
            query = "SELECT (SELECT count(DISTINCT publication) FROM facts.figure), count(*)"
            assert left.execute(f"{query} FROM publication").fetchall() == [(count, count)]
    assert stocked("county load many").out == "There is nothing new.\n"
    assert stations(stocked) == 5
    assert not [each for each in Path().iterdir() if each.name.startswith(".county")]


def test_a_load_that_fails_half_way_leaves_the_store_as_it_was(stocked: Cli) -> None:
    made(Path("new"), 4)
    counts = "SELECT (SELECT count(*) FROM publication), (SELECT count(*) FROM facts.complaint)"
    # The last table is none: all others are written before it.
    stocked.set.setattr("ledger12315.published.store.FACTS", {**FACTS, "missing": ()})
    assert stocked("county load new").code == 4
    with duckdb.connect(str(STORE)) as left:
        assert left.execute(counts).fetchall() == [(3, 3)]


def test_what_was_altered_in_the_store_is_told(stocked: Cli) -> None:
    """Rows of the first, figures of the second."""
    with duckdb.connect(str(STORE)) as altered:
        altered.execute(f"DELETE FROM facts.complaint WHERE station = '{1:032x}'")
        second = f"SELECT id FROM publication WHERE station = '{2:032x}'"
        altered.execute(f"UPDATE facts.figure SET figure = 2 WHERE publication = ({second})")
    stocked.plays("""
        $ county status 2026Q3 --exit-code
        第1所 | 00000000000000000000000000000001 | figures unlike rows | 1 | 2026-10-08 |
        第2所 | 00000000000000000000000000000002 | figures unlike rows | 1 | 2026-10-20 |
        第3所 | 00000000000000000000000000000003 | loaded | 1 | 2026-10-08 |
        ! Store: …
        ! Hashes …
        ! Missing …
        [1]
    """)


@pytest.mark.parametrize("spoilt", ["text", "folder", "other"])
def test_what_is_no_store_is_left_as_it_is(county: Cli, spoilt: str) -> None:
    if spoilt == "folder":
        STORE.mkdir()
    elif spoilt == "text":
        STORE.write_text("no database", "utf-8")
    else:
        duckdb.connect(str(STORE)).execute("CREATE TABLE mine AS SELECT 1 AS a").close()
    before = None if spoilt == "folder" else STORE.read_bytes()
    for line in ("county load in", "county status 2026Q3", "county export out"):
        found = county(line)
        assert (found.code, found.err.splitlines()[-1]) == (
            4,
            f"Error: {STORE.resolve()} is not a store of this program, or it is damaged. Load "
            "the stations' publications into a new one: ledger12315 county load DIR --store FILE",
        ), line
    assert before is None or STORE.read_bytes() == before


@pytest.mark.parametrize(
    "error, reason",
    [
        (duckdb.IOException, "the disk is full or failing"),
        (
            duckdb.OutOfMemoryException,
            "there is not enough memory; load fewer publications at a time",
        ),
    ],
)
def test_a_full_disk_or_memory_changes_nothing(
    error: type[duckdb.Error], reason: str, stocked: Cli
) -> None:
    made(Path("new"), 4)
    before = STORE.read_bytes()
    full = Mock(side_effect=error("failed to allocate, or no space left on device"))
    stocked.set.setattr("ledger12315.published.loading.take_in_facts", full)
    stocked.plays(f"""
        $ county load new
        ! Error: FOLDER/county.duckdb cannot be written: {reason}.
        [4]
    """)
    assert STORE.read_bytes() == before
    assert sorted(each.name for each in Path().iterdir()) == ["county.duckdb", "in", "new"]


def test_a_store_without_tables_is_not_one_to_read(county: Cli) -> None:
    duckdb.connect(str(STORE)).close()
    county.plays("""
        $ county status 2026Q3
        ! Error: FOLDER/county.duckdb is not a store of this program, or it is damaged. …
        [4]
        $ county load in
        2026Q3: publications loaded: 3
        ! Store: FOLDER/county.duckdb
    """)


def test_a_store_too_large_for_the_memory_is_not_taken_for_a_busy_one(stocked: Cli) -> None:
    stocked.set.setattr(
        "ledger12315.published.store.stations_of_period",
        Mock(side_effect=duckdb.OutOfMemoryException("could not allocate block")),
    )
    stocked.plays("""
        $ county status 2026Q3
        ! Error: FOLDER/county.duckdb cannot be read: there is not enough memory.
        [4]
    """)


@pytest.mark.parametrize(
    "line, said",
    [
        ("county load nowhere", "There is no folder nowhere."),
        ("county load empty", "There is no publication in empty."),
        (
            "county query rollup 5 2026Q3",
            "Ask for rollup 3 or rollup 6, and a period: county query rollup 6 2026Q3",
        ),
        (
            "county query rollup 3 2026Q3 --by point",
            "--by: point is not one of: type | station | county.",
        ),
        ("county export empty", "empty already exists. Choose a new folder."),
        (
            "county export new",
            "FOLDER/county.duckdb has no publications. Load them first: ledger12315 county load "
            "DIR",
        ),
    ],
)
def test_what_cannot_be_asked(county: Cli, line: str, said: str) -> None:
    Path("empty").mkdir()
    said = said.replace("FOLDER", str(Path().resolve()))
    assert county(line).err == f"Error: {said}\n"


def test_without_duckdb_each_command_says_what_to_install(
    county: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    for line in ("publish out", "county load in", "county status 2026Q3", "county export out"):
        found = county(line)
        assert found.code == 4 and 'pip install "duckdb<3"' in found.err, line


def test_a_folder_of_many_other_files_is_no_matter(stocked: Cli) -> None:
    for number in range(2_000):
        Path("in", f"{number}.json").touch()
    assert stocked("county load in").out == "There is nothing new.\n"
    assert sorted(each.name for each in Path().iterdir()) == ["county.duckdb", "in"]


def test_the_measures_are_told_to_programs(county: Cli) -> None:
    found = county("county query --catalogue --json").json
    assert [each["key"] for each in found] == [*MEASURES]
    assert found[4] == {
        "key": "received_referred",
        "code": "05",
        "names": {"zh": "工商部门分流", "en": "received referred"},
        "unit": "件",
        "event": "received",
        "condition": "source = 'referred'",
        "value": "1",
        "since": 0,
    }
    assert county("county query --catalogue").out == county("county query --catalogue --json").out
