"""`publish`: the published content of a submitted period, and what it must not contain."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any
from unittest.mock import Mock

import duckdb
import pytest

from ledger12315.cli.face.desk import Desk
from ledger12315.ledger import publication
from ledger12315.ledger.figures import Scope
from ledger12315.ledger.publication import Edition
from ledger12315.ledger.returns.frozen import frozen_form
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import last_act
from ledger12315.ledger.store.opening import reading, writing
from ledger12315.rules.measures import TOTAL, zero_figures
from ledger12315.rules.periods import parse_period
from ledger12315.rules.publishing import FACTS, digest
from tests.building import unguarded
from tests.cli.conftest import Cli
from tests.published.making import (
    changed,
    keeps_returns,
    renamed,
    rewritten,
    written_quickly,
)

# It writes many files. Nobody looks into the workbooks of the submissions.
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("undrawn")]

SUBMITTED, LATER = "2026-10-09", "2026-10-12"
QUARTER = r"""
    log P001 --complainant 张三 --item 灯 --facts 坏 --kind goods --received 2026-07-01 \
        --disputed 99.90
    log P002 --complainant 李四 --item 灯 --facts 坏 --kind goods --received 2026-09-21
    close 2026-1 --outcome 和解 --closed 2026-07-02 --recovered 50 --rating 满意
    close 2026-2 --outcome 撤回 --closed 2026-10-01
    complaint reopen 2026-2 --reason 误结
    record lead P002 --on 2026-07-02 --count 2
    record lead P002 --on 2026-08-02
    returns receive P001 2026Q3 --on 2026-10-08
    returns submit 2026Q3
"""


def given(cli: Cli) -> None:
    cli.given(QUARTER.replace("\\\n", ""), today=SUBMITTED)


@pytest.fixture(autouse=True)
def _quickly() -> Iterator[None]:
    with written_quickly():
        yield


def home() -> Path:
    [station] = Path("out").iterdir()
    return station / "2026Q3"


def manifest(revision: int) -> Any:
    return json.loads((home() / str(revision) / "datapackage.json").read_bytes())


def rows(table: str, columns: str, revision: int = 1) -> list[tuple[Any, ...]]:
    file = home() / str(revision) / f"{table}.parquet"
    return duckdb.execute(f"SELECT {columns} FROM '{file}' ORDER BY ALL").fetchall()


def test_a_quarter_goes_out_as_submitted_and_again_once_it_is_corrected(cli: Cli) -> None:
    given(cli)
    cli.plays("""
        @ 2026-10-12
        $ publish out
        2026Q3, revision 1, as submitted: out
        $ publish out 2026Q3
        Nothing has changed since the last publication.
        + complaint amend 2026-1 --recovered 60
        $ publish out --json
        [{"period": "2026Q3", "revision": 2, "digest": "…", "corrections": 2, "folder": "out/…"}]
    """)
    first, second = manifest(1), manifest(2)
    was = frozen_digest(cli)
    assert (first["digest"], first["corrections"]) == (was, [])
    assert second["digest"] != was and second["corrections"] == [
        {"key": "recovered", "type": type_, "submitted": 5000, "now": 6000, "difference": 1000}
        for type_ in ("mall", TOTAL)
    ]
    assert rows("complaint", "id, closed::VARCHAR, reopened") == [
        (1, "2026-07-02", False),
        (2, None, True),
    ]
    assert rows("record", "kind, point_id, day::VARCHAR, count") == [
        ("lead", None, "2026-09-30", 3)
    ]
    for table, columns in FACTS.items():
        found = duckdb.execute(f"DESCRIBE FROM '{home()}/1/{table}.parquet'").fetchall()
        assert [row[0] for row in found] == [each.name for each in columns]


def frozen_digest(cli: Cli) -> str:
    with reading(cli.path) as ledger:
        was = frozen_form(ledger, Scope(parse_period("2026Q3")))
    assert was
    return digest(was.figures)


def test_what_nobody_stated_is_empty_and_counts_as_nothing_at_the_county_too(cli: Cli) -> None:
    """A closed case without an amount, one of 0, one that is open; one closed after the period."""
    cli.given(
        """log P001 --complainant 张三 --item 灯 --facts 坏 --kind goods --received 2026-07-01
        log P001 --complainant 李四 --item 伞 --facts 坏 --kind goods --received 2026-07-02
        log P001 --complainant 王五 --item 锅 --facts 坏 --kind goods --received 2026-09-21
        log P001 --complainant 赵六 --item 表 --facts 坏 --kind goods --received 2026-09-22
        close 2026-1 --outcome 和解 --closed 2026-07-03
        close 2026-2 --outcome 和解 --closed 2026-07-03 --recovered 0
        close 2026-4 --outcome 和解 --closed 2026-10-08 --recovered 5
        returns submit 2026Q3""",
        today=SUBMITTED,
    )
    cli.all("publish out", today=LATER)
    keeps_returns(Path("out"), STORE, date(2026, 10, 12))
    cli.all("county load out", today=LATER)
    assert rows("complaint", "id, closed::VARCHAR, recovered") == [
        (1, "2026-07-03", None),
        (2, "2026-07-03", 0),
        (3, None, None),
        (4, None, None),
    ]
    own = cli("rollup 3 2026Q3 --json", today=LATER).json
    county = cli("county rollup 3 2026Q3 --json", today=LATER).json
    assert own["recovered_unstated"] == county["recovered_unstated"] == 1
    assert county["rows"] == own["rows"]


def test_what_was_corrected_before_goes_out_as_submitted_first(cli: Cli) -> None:
    given(cli)
    cli.all("complaint void 2026-2 --reason 重复", today=LATER)
    cli.plays("""
        @ 2026-10-12
        $ publish out
        2026Q3, revision 1, as submitted: out
        2026Q3, revision 2: figures corrected since submission: 10; out
    """)
    assert manifest(1)["digest"] == frozen_digest(cli)
    assert [len(rows("complaint", "id", each)) for each in (1, 2)] == [2, 1]


def test_a_calendar_year_is_published_as_far_as_today(cli: Cli) -> None:
    """The complaint of 10 December is overdue from the 18th; 2026Q4 is over on 1 January."""
    cli.all(
        """settings set annual_period calendar
        log P001 --complainant 张三 --item 灯 --facts 坏 --kind goods --received 2026-12-10
        returns submit 2026A
        publish out""",
        today="2026-12-12",
    )
    cli.plays("""
        @ 2026-12-13
        $ publish out
        Nothing has changed since the last publication.
        + record visit P001
        + record void 1 --reason x
        $ publish out
        2026A, revision 2: figures corrected since submission: 0; out
        @ 2026-12-19
        $ publish out
        2026A, revision 3: figures corrected since submission: 2; out
        $ publish out
        Nothing has changed since the last publication.
    """)
    for day in ("2026-12-19", "2027-01-10"):
        cli("publish out", today=day)
        if not STORE.exists():
            keeps_returns(Path("out"), STORE, date(2026, 12, 12))
        cli.all("county load out", today=day)
        for form in ("3", "6"):
            own = cli(f"rollup {form} 2026A --live --json", today=day).json
            county = cli(f"county rollup {form} 2026A --json", today=day).json
            assert county["rows"] == own["rows"]


def test_a_return_submitted_anew_is_the_next_revision_of_a_chain(cli: Cli) -> None:
    given(cli)
    cli.all(
        """publish out
        returns withdraw 2026Q3 --reason 县局退回
        complaint amend 2026-1 --recovered 60
        returns submit 2026Q3
        publish out""",
        today=LATER,
    )
    told = manifest(2)
    assert (told["corrections"], told["digest"]) == ([], frozen_digest(cli))
    assert (told["previous"], told["as_submitted"]) == (manifest(1)["identity"], True)
    slip = Path("报送回执_2026Q3_重报1_东门所.txt").read_text("utf-8")
    assert told["head"] in slip and told["attachment6"] in slip


def test_what_changes_rows_is_published_though_no_figure_of_attachment_3_does(cli: Cli) -> None:
    given(cli)
    cli.all("publish out", today=LATER)
    boxes = ("problem 质量", "channel 电话")
    for revision, box in enumerate(boxes, 2):
        cli.all(f"complaint amend 2026-1 --{box}", today=LATER)
        assert cli("publish out --json", today=LATER).json[0]["revision"] == revision, box


def test_what_happens_after_a_period_is_no_revision_of_it(cli: Cli) -> None:
    given(cli)
    cli.all("publish out", today=LATER)
    cli.all(
        """close 2026-2 --outcome 和解 --closed 2026-10-12 --recovered 5 --rating 满意
        register 西门商场 --type mall --area 500 --capital 80万 --turnover 300万 --since 2026-10-01
        point amend P001 --type supermarket --on 2026-10-05
        point amend P001 --demonstration municipal --on 2026-10-05
        point retire P002 --on 2026-10-12
        log P001 --complainant 王五 --item 灯 --facts 坏 --kind goods --received 2026-10-01""",
        today=LATER,
    )
    assert cli("publish out", today=LATER).out.startswith("Nothing has changed")


def test_the_ledger_remembers_what_it_published_and_no_folder(cli: Cli) -> None:
    """Another stick gets the same revisions; what lies in a folder is neither counted nor kept."""
    given(cli)
    cli.all("complaint amend 2026-1 --recovered 60\npublish stick", today=LATER)
    cli.all("complaint amend 2026-1 --recovered 70", today=LATER)
    before = files("stick")
    copytree("stick", "out")
    copytree(home() / "1", home() / "99")
    (home() / "2" / "point.parquet").unlink()
    file = home() / "1" / "datapackage.json"
    file.write_text(file.read_text("utf-8").replace('"revision": 1', '"revision": 7'), "utf-8")
    cli.plays("""
        @ 2026-10-12
        $ publish out
        2026Q3, revision 1, as submitted: out
        2026Q3, revision 2: figures corrected since submission: 2; out
        2026Q3, revision 3: figures corrected since submission: 2; out
        $ publish stick
        2026Q3, revision 3: figures corrected since submission: 2; stick
        $ publish out
        Nothing has changed since the last publication.
    """)
    whole = {each.relative_to("stick"): each.read_bytes() for each in files("stick")}
    assert whole == {
        each.relative_to("out"): each.read_bytes()
        for each in files("out")
        if "99" not in each.parts
    }
    assert {each.relative_to("stick") for each in before} < whole.keys()
    chain = [manifest(each) for each in (1, 2, 3)]
    assert [each["previous"] for each in chain[1:]] == [each["identity"] for each in chain[:2]]
    assert [each["as_submitted"] for each in chain] == [True, False, False]


def files(folder: str) -> list[Path]:
    return [each for each in Path(folder).rglob("*") if each.is_file()]


# The ledger knows revision 1; the county has loaded 1 and 2 from the folder `inbox`.
RESTORED = """
    ledger backup a.sqlite
    publish inbox
    ledger backup b.sqlite
    complaint amend 2026-1 --disputed 50
    publish inbox
"""
STORE = Path("county.duckdb")


@pytest.fixture
def restored(cli: Cli, tmp_path: Path) -> Cli:
    """The ledger and the county after RESTORED, which is run once and then copied."""
    made = tmp_path.with_name("restored")
    if made.exists():
        copytree(made, tmp_path, dirs_exist_ok=True)
    else:
        given(cli)
        cli.all(RESTORED, today="2026-10-11")
        keeps_returns(Path("inbox"), STORE, date(2026, 10, 12))
        cli.all("county load inbox\nledger restore b.sqlite", today="2026-10-11")
        copytree(tmp_path, made)
    return cli


def loaded(cli: Cli) -> list[object]:
    """Load one revision; return it, and the amount in dispute of the one case at the county."""
    [taken] = cli("county load inbox --json", today=LATER).json
    figures = cli("county rollup 3 2026Q3 --json", today=LATER).json["rows"]
    return [taken["revision"], *(row["total"] for row in figures if row["key"] == "disputed")]


def test_a_restored_ledger_goes_on_from_what_its_folder_holds(restored: Cli) -> None:
    restored.plays("""
        @ 2026-10-12
        + complaint amend 2026-1 --disputed 70
        $ publish inbox
        2026Q3, revision 3: figures corrected since submission: 2; inbox
        ! 2026Q3: the folder holds revision 2, which this ledger does not know (it was restored \
from a backup?); revision 3 follows it.
        $ publish inbox
        Nothing has changed since the last publication.
    """)
    assert loaded(restored) == [3, "70.00"]
    restored.all("complaint amend 2026-1 --disputed 90\npublish inbox", today=LATER)
    assert loaded(restored) == [4, "90.00"]
    [state] = restored("county status 2026Q3 --json", today=LATER).json
    assert state["revision"] == 4
    restored.plays("""
        @ 2026-10-12
        $ publish stick
        2026Q3, revision 1, as submitted: stick
        2026Q3, revision 3: figures corrected since submission: 2; stick
        2026Q3, revision 4: figures corrected since submission: 2; stick
        ! 2026Q3, revision 2 cannot be written again as it was, … or the ledger was restored …
    """)
    restored.all("ledger check", today=LATER)


def test_a_restored_ledger_undoes_what_its_folder_holds_though_nothing_was_entered(
    restored: Cli,
) -> None:
    restored.plays("""
        @ 2026-10-12
        $ publish inbox --json
        [{"period": "2026Q3", "revision": 3, … "corrections": 0, "folder": "inbox/…/2026Q3/3"}]
        ! 2026Q3: the folder holds revision 2, … revision 3 follows it.
    """)
    assert loaded(restored) == [3, "99.90"]


def test_what_a_restored_ledger_has_as_its_folder_has_it_is_no_revision(restored: Cli) -> None:
    restored.all("complaint amend 2026-1 --disputed 50", today=LATER)
    restored.plays("""
        @ 2026-10-12
        $ publish inbox
        Nothing has changed since the last publication.
        ! 2026Q3: the folder holds revision 2, which this ledger did not know (it was restored \
from a backup?); nothing has changed since, and it is recorded.
        $ publish inbox
        Nothing has changed since the last publication.
    """)


def test_a_ledger_of_before_its_first_publication_goes_on_too(restored: Cli) -> None:
    restored.all("ledger restore a.sqlite\ncomplaint amend 2026-1 --disputed 70", today=LATER)
    restored.plays("""
        @ 2026-10-12
        $ publish inbox
        2026Q3, revision 3: figures corrected since submission: 2; inbox
        ! 2026Q3: the folder holds revision 2, … revision 3 follows it.
    """)
    assert loaded(restored) == [3, "70.00"]


def test_a_return_that_was_submitted_again_after_a_restore_follows_too(restored: Cli) -> None:
    restored.all(
        """returns withdraw 2026Q3 --reason 县局退回
        complaint amend 2026-1 --disputed 70
        returns submit 2026Q3""",
        today=LATER,
    )
    restored.plays("""
        @ 2026-10-12
        $ publish inbox
        2026Q3, revision 3, as submitted: inbox
        ! 2026Q3: the folder holds revision 2, … revision 3 follows it.
    """)
    keeps_returns(Path("inbox"), STORE, date(2026, 10, 12))
    assert loaded(restored) == [3, "70.00"]


def test_a_restored_ledger_that_published_elsewhere_needs_no_repair(restored: Cli) -> None:
    """The county keeps both, and the youngest facts hold."""
    for amount in ("70", "80", "90"):
        restored.all(f"complaint amend 2026-1 --disputed {amount}\npublish out", today=LATER)
    restored.all("county load out", today=LATER)
    figures = restored("county rollup 3 2026Q3 --json", today=LATER).json["rows"]
    assert [row["total"] for row in figures if row["key"] == "disputed"] == ["90.00"]


def test_what_is_not_sound_in_a_folder_is_neither_continued_nor_replaced(restored: Cli) -> None:
    """Another station's, another period's, one with altered rows, figures or files; a link."""
    [station] = Path("inbox").iterdir()
    lost = station / "2026Q3" / "2"
    spoilt: dict[str, Callable[[Path], object]] = {
        "station": lambda place: renamed(place, 1),
        "period": lambda place: changed(place, period="2026Q2", **{"from": "2026-04-01"}),
        "identity": lambda place: changed(place, identity="0" * 64),
        "figures": lambda place: changed(place, figures={}, digest=digest(zero_figures())),
        "rows": lambda place: rewritten(place, "* REPLACE (1 AS disputed)"),
        "file": lambda place: (place / "point.parquet").unlink(),
        "text": lambda place: (place / "datapackage.json").write_text("{"),
    }
    before = restored.path.read_bytes()
    for name, spoil in spoilt.items():
        restored.path.write_bytes(before)
        copytree(station, Path(name, station.name))
        place = Path(name, station.name, "2026Q3", "2")
        spoil(place)
        left = {each.name: each.read_bytes() for each in place.iterdir()}
        restored.all("complaint amend 2026-1 --disputed 70", today=LATER)
        refused = restored(f"publish {name}", today=LATER)
        assert refused.code == 3 and f"{place} is no sound publication" in refused.err, name
        assert {each.name: each.read_bytes() for each in place.iterdir()} == left
    link = Path("link", station.name, "2026Q3", "2")
    copytree(lost.with_name("1"), link.with_name("1"))
    link.symlink_to(lost.resolve(), target_is_directory=True)
    restored.all("complaint amend 2026-1 --disputed 80", today=LATER)
    assert restored("publish link", today=LATER).code == 4


def test_a_fork_that_the_ledger_left_is_not_taken_up_again(restored: Cli) -> None:
    restored.all("complaint amend 2026-1 --disputed 70", today=LATER)
    assert restored("publish fork", today=LATER).code == 0
    restored.all("publish inbox\npublish fork", today=LATER)
    again = restored("publish inbox", today=LATER)
    assert (again.out, again.err) == ("Nothing has changed since the last publication.\n", "")


def test_what_follows_nothing_in_its_folder_is_neither_continued_nor_replaced(
    restored: Cli,
) -> None:
    [station] = Path("inbox").iterdir()
    place = station / "2026Q3"
    (place / "2").rename(place / "4")
    changed(place / "4", revision=4)
    restored.all("complaint amend 2026-1 --disputed 70", today=LATER)
    before = files("inbox"), restored.path.read_bytes()
    restored.plays("""
        @ 2026-10-12
        $ publish inbox
        ! Error: inbox/…/2026Q3/4 does not follow the revision before it, and this ledger does \
not know it. Put the whole folder that was handed in back, or remove inbox/…/2026Q3/4, and \
publish again.
        [3]
    """)
    assert (files("inbox"), restored.path.read_bytes()) == before


def test_what_cannot_be_made_again_as_it_was_is_told(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later program knows a notice that this one did not: days due are others."""
    given(cli)
    cli.given("publish out", today=LATER)
    monkeypatch.setattr("ledger12315.ledger.publication._VALUES", _OTHERWISE)
    cli.plays("""
        @ 2026-10-12
        $ publish stick
        Nothing has changed since the last publication.
        ! 2026Q3, revision 1 cannot be written again as it was, because …
        $ publish stick --json
        []
        ! 2026Q3, revision 1 cannot be written again as it was, because …
    """)
    assert files("stick") == []


_OTHERWISE = publication._VALUES | {"due": "date(due, '+1 day')"}


def before_its_next_write(monkeypatch: pytest.MonkeyPatch, other: Callable[[], object]) -> None:
    """Let another command do something just before the next one opens the ledger to write."""
    opened = Desk.write

    def late(desk: Desk) -> AbstractContextManager[Ledger]:
        monkeypatch.setattr(Desk, "write", opened)
        other()
        return opened(desk)

    monkeypatch.setattr(Desk, "write", late)


def test_of_two_that_publish_at_once_one_is_told(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one is done when this one has written its files."""
    given(cli)

    def other() -> None:
        with writing(cli.path, "publish") as ledger:
            edition = Edition(1, last_act(ledger), "0" * 64, "{}")
            publication.remember_edition(ledger, "2026Q3", edition)

    before_its_next_write(monkeypatch, other)
    cli.plays("""
        @ 2026-10-12
        $ publish out
        ! Error: 2026Q3 was published by another command meanwhile. Publish it again.
        [3]
    """)
    assert files("out") == []


def test_of_two_that_go_on_from_a_folder_at_once_one_is_told(
    restored: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one published elsewhere, and is done when this one has written its files."""
    restored.all("complaint amend 2026-1 --disputed 70", today=LATER)
    before_its_next_write(monkeypatch, lambda: restored.all("publish stick", today=LATER))
    restored.plays("""
        @ 2026-10-12
        $ publish inbox
        ! Error: 2026Q3 was published by another command meanwhile. Publish it again.
        [3]
        $ publish inbox
        2026Q3, revision 3: figures corrected since submission: 2; inbox
        ! 2026Q3: the folder holds revision 2, … revision 3 follows it.
    """)


def test_a_killed_command_leaves_nothing_that_the_next_minds(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(cli)
    with monkeypatch.context() as broken:
        broken.setattr(
            "ledger12315.cli.county.publish._Draft.put_in_place", Mock(side_effect=SystemExit)
        )
        broken.setattr("ledger12315.published.engine.rmtree", Mock())
        with pytest.raises(SystemExit):
            cli("publish out", today=LATER)
    [left] = home().iterdir()
    assert re.fullmatch(r"\.1\.\w{8}\.part", left.name)
    cli.all("publish out", today=LATER)
    assert {*home().iterdir()} == {left, home() / "1"}
    os.utime(left, (0, 0))
    shutil.rmtree(home() / "1")
    assert cli("publish out", today=LATER).out == "2026Q3, revision 1, as submitted: out\n"
    assert [each.name for each in home().iterdir()] == ["1"]


def test_a_link_in_place_of_a_folder_is_not_followed(cli: Cli) -> None:
    given(cli)
    cli.all("publish other", today=LATER)
    [key] = [each.name for each in Path("other").iterdir()]
    Path("elsewhere").mkdir()
    for place in (key, f"{key}/2026Q3", f"{key}/2026Q3/1"):
        link = Path("out", place)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(Path("elsewhere").resolve(), target_is_directory=True)
        found = cli("publish out", today=LATER)
        assert (found.code, [*Path("elsewhere").iterdir()]) == (4, []), place
        assert "and links are not followed. Remove the link." in found.err
        link.unlink()


def test_before_anything_is_submitted_nothing_is_published(cli: Cli) -> None:
    cli.plays("""
        $ publish out
        Nothing is submitted yet, and only submitted periods are published.
        """)


def test_what_cannot_be_published_leaves_nothing_behind(cli: Cli) -> None:
    given(cli)
    cli.plays("""
        @ 2026-10-12
        > file x
        $ publish out 2026Q2
        ! Error: 2026Q2 is not submitted, and only submitted periods are published. \
Submit it first: …
        [3]
        $ publish file
        ! Error: file/…/2026Q3/1 cannot be written: part of the path is a file, not a folder.
        [4]
    """)
    assert not Path("out").exists()


def test_a_full_disk_leaves_nothing_behind(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    given(cli)
    full = duckdb.IOException("No space left on device")
    monkeypatch.setattr("ledger12315.published.writing.identity", Mock(side_effect=full))
    cli.plays("""
        @ 2026-10-12
        $ publish out
        ! Error: out/…/2026Q3/1 cannot be written: the disk is full or failing.
        [4]
    """)
    assert [*home().iterdir()] == []


CANARY = "端木云雀13976543210"


def strings(folder: Path) -> Iterator[str]:
    """Yield every string of every Parquet file, its metadata's, and the manifest."""
    for file in folder.rglob("*"):
        if file.suffix == ".parquet":
            yield str(duckdb.execute(f"FROM '{file}'").fetchall())
            for about in ("metadata", "schema", "file_metadata", "kv_metadata"):
                yield str(duckdb.execute(f"FROM parquet_{about}('{file}')").fetchall())
        if file.is_file():
            yield file.read_bytes().decode(errors="replace")


def test_no_text_of_anybody_is_in_any_string(cli: Cli) -> None:
    """Every column that takes a text holds the canary."""
    given(cli)
    with reading(cli.path) as ledger:
        content = ledger.serialize()
    cli.path.write_bytes(spoilt(content))
    cli.all("publish out", today=LATER)
    found = [*strings(Path("out"))]
    assert len(found) > 40 and not [each for each in found if "端木" in each or "139765" in each]


def spoilt(content: bytes) -> bytes:
    """Return the ledger with the canary in every column that takes it and is no station's."""
    import sqlite3

    kept = {"station", "act", "change", "setting", "submission", "submitted", "file"}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as ledger:
        ledger.deserialize(content)
        tables = ledger.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
            " AND name NOT LIKE 'sqlite%'"
        ).fetchall()
        filled = 0
        with unguarded(ledger):
            ledger.execute("PRAGMA ignore_check_constraints = OFF")
            for (table,) in tables:
                for column in ledger.execute(f"PRAGMA table_info({table})").fetchall():
                    if table not in kept and column[2] == "TEXT":
                        filled += fills(ledger, table, column[1])
        assert filled > 40
        return ledger.serialize()


def fills(ledger: Any, table: str, column: str) -> bool:
    """Put the canary into a column; return whether it takes it."""
    import sqlite3

    try:
        ledger.execute(f"UPDATE {table} SET {column} = '{CANARY}' || rowid")
    except sqlite3.IntegrityError:
        return False
    return True
