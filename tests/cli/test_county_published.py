"""`county load`, `status`, `query`: what stations published; nothing is left out in silence."""

import sys
from datetime import date
from pathlib import Path
from shutil import copytree, rmtree

import duckdb
import pytest

from ledger12315.published.manifest import NAME
from ledger12315.published.reading import read
from ledger12315.rules.county import summed
from ledger12315.rules.publishing import digest
from tests.cli.conftest import Cli, scenes
from tests.published.engines import ENGINES
from tests.published.making import made, wrong

pytestmark = pytest.mark.slow  # writes many files


@pytest.fixture(scope="module")
def _publications(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("in")
    made(folder / "1", 1)
    made(folder / "2", 2, submitted=date(2026, 10, 20))
    made(folder / "3", 3, county="西溪县", boxes={"type": "other"})
    return folder


@pytest.fixture
def county(cli: Cli, _publications: Path) -> Cli:
    """Three stations published the quarter; one of them late, one of another county."""
    cli.path.unlink()
    copytree(_publications, "in")
    return cli


@scenes(r"""
# what is loaded, late, missing, and what is new
$ county load in
2026Q3: stations loaded: 3
$ county load in
There is nothing new.
> names.txt 第1所\n第 2所\n第9所
$ county status 2026Q3 --expect names.txt --exit-code
第1所 | loaded | 1 | 2026-10-08 |
第2所 | late | 1 | 2026-10-20 |
第3所 | loaded | 1 | 2026-10-08 |
第9所 | missing |  |  |
! Hashes show that something was altered, not that a station told the truth.
[1]
$ county status 2026Q2
! Hashes show that something was altered, not that a station told the truth.
! Which stations are missing is not known without --expect.
# one county's stations, and JSON
$ county load in --county 榕溪县 --json
[{"station": "00000000000000000000000000000001", "name": "第1所", "county": "榕溪县", \
    "period": "2026Q3", "revision": 1, "digest": "…"}, \
    {"station": "00000000000000000000000000000002", …}]
! Error: These publications are not loaded.
!   in/3: 第3所: it is of 西溪县
[5]
$ county status 2026Q3 in --county 榕溪县 --json
[…{"station": "第3所", "state": "other", "revision": null, "submitted": null, \
    "why": "in/3: 第3所: it is of 西溪县"}]
! Hashes …
! Which …
# what waits in a folder is told, and not loaded
$ county status 2026Q3 in
第1所 | waiting | 1 | 2026-10-08 |
第2所 | waiting | 1 | 2026-10-20 |
第3所 | waiting | 1 | 2026-10-08 |
! Hashes …
! Which …
$ county query rollup 6 2026Q3
! Error: Nothing is loaded of 2026Q3. Load it first: ledger12315 county load DIR
[3]
# a Chinese desk
@ zh
$ 县局 载入 in
2026Q3：载入 3 个工商所
$ 县局 状态 2026Q3
第1所 | 已载入 | 1 | 2026-10-08 |
第2所 | 迟报 | 1 | 2026-10-20 |
第3所 | 已载入 | 1 | 2026-10-08 |
! 校验值只能说明内容有没有改动，不能说明所报是否属实。
! 没有写 --expect，不知道哪些单位未报。
""")
def test_what_comes_is_told(county: Cli, script: str) -> None:
    county.plays(script.replace("waiting |", "to be loaded |"))


def test_each_fault_is_named_and_nothing_counted_in_silence(county: Cli) -> None:
    wrong(Path("wrong"))
    county.plays("""
        $ county load in wrong --county 榕溪县
        2026Q3: stations loaded: 2
        ! Error: These publications are not loaded.
        …
        !   wrong/twice: 第30所: revision 1 is another one in wrong/once
        …
        [5]
    """)
    found = county("county load wrong").err.splitlines()[1:]
    assert [line.split(":")[0].split("/")[1].split()[0] for line in found] == [
        "figures",
        "folder",
        "linked",
        "list",
        "listed",
        "newer",
        "old",
        "poor",
        "stranger",
        "twice",
        "second",
        "led",
        "torn",
        "days",
        "columns",
        "codes",
        "garbled",
        "stray",
        "text",
        "rows",
        "unlike",
    ]
    states = county("county status 2026Q3 wrong --csv").out
    for state in ("newer program", "broken", "figures unlike rows", "twice", "of others"):
        assert state in states, state
    assert county("county query rollup 3 2026Q3 --internal --json").json["rows"][2]["total"] == 3


def test_figures_are_the_sum_of_the_returns_on_every_engine(county: Cli) -> None:
    county.all("county load in")
    told = [read(each).manifest.figures for each in sorted(Path("in").iterdir())]
    shown = county("county query rollup 3 2026Q3 --internal --json").json
    assert shown["digest"] == digest(summed(told))
    assert (shown["stations"], shown["rows"][2]["total"]) == (3, 3)
    by_county = county("county query rollup 6 2026Q3 --by county --internal --json").json
    assert [(each["county"], each["rows"][-1]["received"]) for each in by_county["units"]] == [
        ("榕溪县", 2),
        ("西溪县", 1),
    ]
    printed = county("county query rollup 3 2026Q3 --by station --sql").out
    assert county("county query rollup 3 2026Q3 --by station --sql --json").json["sql"] in printed
    store = Path("county/2026Q3")
    files = {each.stem: str(each) for each in store.glob("*.parquet")}
    rows = ENGINES["polars"](files, printed)
    assert [(row["unit"][-1], row["of_type"], row["received"]) for row in rows] == [
        ("1", "mall", 1),
        ("2", "mall", 1),
        ("3", "other", 1),
    ]


def test_small_numbers_and_their_digest_are_hidden(county: Cli) -> None:
    county.all("county load in")
    shown = county("county query rollup 3 2026Q3 --json").json
    assert (shown["digest"], shown["rows"][2]["total"], shown["rows"][1]["total"]) == (
        None,
        None,
        0,
    )
    lines = county("county query rollup 3 2026Q3 --by station").out.splitlines()
    assert lines[0] == "第1所" and lines[3].split("\t")[3:6] == ["*", "*", "0"]


def test_a_revision_replaces_its_station_alone(county: Cli) -> None:
    county.all("county load in")
    before = read(Path("in/1"))
    made(
        Path("new/1"),
        1,
        "received",
        "received_direct",
        "received_goods",
        "closed",
        "settled",
        "closed_on_time",
        boxes={"closed": "2026-09-02", "outcome": "settled"},
        revision=2,
        previous=before.sha256,
    )
    county.plays("""
        $ county load new
        2026Q3: stations loaded: 1
        $ county load in
        There is nothing new.
    """)
    rows = county("county query rollup 3 2026Q3 --internal --json").json["rows"]
    assert [rows[place]["total"] for place in (2, 9, 16)] == [3, 1, 2]


def test_a_store_that_was_altered_gives_no_figures(county: Cli) -> None:
    county.all("county load in")
    store = Path("county/2026Q3")
    copytree(store, "copy")
    made(Path("new"), 4)
    rows = store / "complaint.parquet"
    duckdb.execute(f"COPY (FROM '{rows}' WHERE station <> '{1:032x}') TO 'rest' (FORMAT parquet)")
    Path("rest").replace(rows)
    county.plays(
        """
        $ county query rollup 3 2026Q3
        ! Error: The rows of 2026Q3 in the store county do not give the figures of its manifests. …
        [4]
        $ county status 2026Q3
        第1所 | figures unlike rows | 1 | 2026-10-08 |
        …
    """.replace("store county", "store FOLDER/county")
    )
    asked = {"complaint.parquet": "query rollup 3", "summary.json": "query rollup 3"}
    for file, line in {**asked, f"manifests/{1:032x}/{NAME}": "status"}.items():
        rmtree(store)
        copytree("copy", store)
        (store / file).write_bytes(b"{}")
        county.plays(f"""
            $ county {line} 2026Q3
            ! Error: The store FOLDER/county is damaged. …
            [4]
            $ county load new
            ! Error: The store FOLDER/county is damaged. …
            [4]
        """)


@pytest.mark.parametrize(
    "line, said",
    [
        ("county load nowhere", "There is no folder nowhere."),
        ("county load empty", "There is no publication in empty."),
        ("county query rollup 5 2026Q3", "Ask for rollup 3 or rollup 6."),
        ("county query rollup 3 2026Q3 --by point", "--by takes one of type | station | county."),
    ],
)
def test_what_cannot_be_asked(county: Cli, line: str, said: str) -> None:
    Path("empty").mkdir()
    assert county(line).err == f"Error: {said}\n"


def test_without_duckdb_each_command_says_what_to_install(
    county: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    for line in ("publish out", "county load in", "county status 2026Q3"):
        found = county(line)
        assert found.code == 4 and 'pip install "duckdb<3"' in found.err, line


def test_a_folder_of_many_other_files_is_no_matter(county: Cli) -> None:
    for number in range(2_000):
        Path("in", f"{number}.json").touch()
    county.all("county load in")
    assert [each.name for each in Path("county").iterdir()] == ["2026Q3"]
