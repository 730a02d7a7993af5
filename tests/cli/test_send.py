"""`returns send`: a folder for the county with each submission, as it was frozen."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import Mock, patch

import duckdb
import pytest

from ledger12315.cli.face.desk import Desk
from ledger12315.ledger.figures import Scope
from ledger12315.ledger.returns.frozen import frozen_form
from ledger12315.ledger.returns.sent import Sent, remember_sent
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.opening import reading, writing
from ledger12315.rules.facts import FACTS as FACTS_OF
from ledger12315.rules.facts import digest
from ledger12315.rules.measures import TOTAL
from ledger12315.rules.periods import parse_period
from ledger12315.rules.reported import StationPart
from tests.building import unguarded
from tests.cli.conftest import Cli
from tests.facts.making import keeps_returns, written_quickly

STORE = Path("county.duckdb")
SUBMITTED, LATER, LAST = "2026-10-09", "2026-10-12", "2026-10-13"
QUARTER = """
    log P001 --complainant 张三 --item 灯 --facts 坏 --kind goods --received 2026-07-01
    close 2026-1 --outcome 和解 --closed 2026-07-02 --recovered 50
    returns submit 2026Q3
"""
FACTS = ["complaint", "contact", "demonstration", "point", "point_return", "point_type"]
FACTS += ["record", "sent", "totals"]


@pytest.fixture
def submitted(cli: Cli) -> Cli:
    cli.given(QUARTER, today=SUBMITTED)
    return cli


def papers(period: str, again: str = "") -> list[str]:
    slip = f"报送回执_{period}_{again}东门所.txt"
    return sorted([slip, *(f"附件{form}_{period}_东门所.xlsx" for form in (5, 6))])


def names(folder: str) -> list[str]:
    return sorted(each.name for each in Path("out/stick", folder).iterdir())


def test_a_submission_is_sent_once_and_again_with_facts_that_have_changed(submitted: Cli) -> None:
    slip = Path("报送回执_2026Q3_东门所.txt").read_bytes()
    submitted.plays(r"""
        @ 2026-10-12
        $ returns send out/stick
        2026Q3, as submitted: out/stick/2026Q3_东门所
        $ returns send out/stick
        Everything that was submitted has been sent.
        + complaint amend 2026-1 --remark 补记
        $ returns send out/stick
        Everything that was submitted has been sent.
        + complaint amend 2026-1 --recovered 60
        $ returns send out/stick --json
        [{"period": "2026Q3", "revision": 2, "facts": true, "corrections": 2, "folder": \
            "out/stick/2026Q3_第2版_东门所"}]
        $ returns send out/other 2026Q3
        2026Q3, as submitted: out/other/2026Q3_东门所
        2026Q3, figures corrected since submission: 2; out/other/2026Q3_第4版_东门所
        $ returns send out/stick 2026Q3
        ! Error: out/stick/2026Q3_东门所 exists already, and what was sent is not replaced. \
            Name another folder.
        [3]
    """)
    facts = ["datapackage.json", *(f"{each}.parquet" for each in FACTS)]
    assert names("2026Q3_东门所") == sorted([*facts, *papers("2026Q3")])
    assert names("2026Q3_第2版_东门所") == names("2026Q3_东门所")
    assert StationPart("东门所", "", 1, None, "2026Q3", 2).brought_by == "2026Q3_第2版"
    assert not list(Path("out").rglob("*.part"))
    modes = {each.stat().st_mode & 0o077 for each in Path("out").rglob("附件5*")}
    assert os.name == "nt" or modes == {0}
    home = Path("out/stick/2026Q3_东门所")
    assert (home / "报送回执_2026Q3_东门所.txt").read_bytes() == slip
    kept = dict(submitted.sql("SELECT form, sha256 FROM submitted WHERE point_id IS NULL"))
    for form in (5, 6):
        content = (home / f"附件{form}_2026Q3_东门所.xlsx").read_bytes()
        assert sha256(content).hexdigest() == kept[form] and kept[form].encode() in slip
    first, second = (
        json.loads(Path("out/stick", each, "datapackage.json").read_bytes())
        for each in ("2026Q3_东门所", "2026Q3_第2版_东门所")
    )
    assert [first["as_submitted"], second["as_submitted"]] == [True, False]
    assert first["attachment6"] == second["attachment6"] == kept[6]
    assert second["previous"] == first["identity"] != second["identity"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no groups of files")
def test_what_is_sent_into_a_shared_folder_may_be_read_by_its_group(submitted: Cli) -> None:
    inbox = Path("inbox")
    inbox.mkdir()
    inbox.chmod(0o2770)
    before = os.umask(0o077)
    try:
        submitted("returns send inbox 2026Q3")
    finally:
        os.umask(before)
    [home] = inbox.iterdir()
    assert home.stat().st_mode & 0o070 == 0o070
    assert {file.stat().st_mode & 0o777 for file in home.iterdir()} == {0o660}


def test_a_return_that_was_submitted_again_is_sent_again(submitted: Cli) -> None:
    submitted.all("returns send out/stick", today=LATER)
    submitted.all("returns withdraw 2026Q3 --reason 退回\nreturns submit 2026Q3", today=LATER)
    submitted.all("returns send out/stick", today=LAST)
    assert names("") == ["2026Q3_东门所", "2026Q3_重报1_东门所"]
    assert [each for each in names("2026Q3_重报1_东门所") if each.endswith((".txt", ".xlsx"))] == (
        papers("2026Q3", "重报1_")
    )


def test_without_duckdb_the_forms_are_sent_and_the_facts_later(submitted: Cli) -> None:
    with patch("ledger12315.cli.returns.send.find_spec", lambda _: None):
        result = submitted("returns send out/stick", today=LATER)
        assert (result.code, result.out) == (
            0,
            "2026Q3, as submitted: out/stick/2026Q3_东门所\n",
        )
        assert result.err.startswith("The facts are not among them, since DuckDB is not installed")
        assert names("2026Q3_东门所") == papers("2026Q3")
        nothing = submitted("returns send out/stick", today=LATER)
        assert nothing.out == "Everything that was submitted has been sent.\n"
        with patch("sys.frozen", True, create=True):  # nothing is installed into an archive
            told = submitted("returns send out/archive 2026Q3", today=LATER).err
        assert "-county" in told and "pip install" in result.err and "pip install" not in told
    assert submitted("returns send out/later", today=LATER).code == 0
    assert Path("out/later/2026Q3_东门所/datapackage.json").exists()


def test_of_two_that_send_at_once_one_is_told(submitted: Cli) -> None:
    write = Desk.write

    def overtaken(desk: Desk) -> AbstractContextManager[Ledger]:
        with writing(submitted.path, "returns send") as ledger:
            remember_sent(ledger, "2026Q3", Sent(1, 1, 1, None, desk.moment))
        return write(desk)

    with patch.object(Desk, "write", overtaken):
        result = submitted("returns send out/stick", today=LATER)
    assert (result.code, result.err) == (
        3,
        "Error: 2026Q3 was sent by another command meanwhile.\n",
    )
    assert not Path("out").exists()


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_remembered(submitted: Cli) -> None:
    Path("file").write_bytes(b"")
    for folder in ("file", "file/inner"):
        result = submitted(f"returns send {folder}", today=LATER)
        assert (result.code, result.err.partition(" cannot be written")[1]) == (
            4,
            " cannot be written",
        )
    assert submitted.sql("SELECT count(*) FROM hand_in") == [(0,)]


QUARTER_OF_CASES = r"""
    log P001 --complainant 张三 --item 灯 --facts 坏 --kind goods --received 2026-07-01 \
        --disputed 99.90
    log P002 --complainant 李四 --item 灯 --facts 坏 --kind goods --received 2026-09-21
    close 2026-1 --outcome 和解 --closed 2026-07-02 --recovered 50 --rating 满意
    close 2026-2 --outcome 撤回 --closed 2026-10-01
    complaint reopen 2026-2 --reason 误结
    record lead P002 --on 2026-07-02 --count 2
    record lead P002 --on 2026-08-02
    calendar day 2026-12-05 --work --why 值班
    returns receive P001 2026Q3 --on 2026-10-08
    returns submit 2026Q3
"""


def given(cli: Cli) -> None:
    cli.given(QUARTER_OF_CASES.replace("\\\n", ""), today=SUBMITTED)


@pytest.fixture(autouse=True)
def _quickly() -> Iterator[None]:
    with written_quickly():
        yield


def home(revision: int = 1, period: str = "2026Q3") -> Path:
    return Path("out") / f"{period}_{f'第{revision}版_' * (revision > 1)}东门所"


def manifest(revision: int) -> Any:
    return json.loads((home(revision) / "datapackage.json").read_bytes())


def rows(table: str, columns: str, revision: int = 1) -> list[tuple[Any, ...]]:
    file = home(revision) / f"{table}.parquet"
    return duckdb.execute(f"SELECT {columns} FROM '{file}' ORDER BY ALL").fetchall()


def loaded(cli: Cli, day: str) -> None:
    keeps_returns(Path("out"), STORE, date.fromisoformat(day))
    cli.all("county load out", today=day)


def test_the_facts_go_out_as_submitted_first(cli: Cli) -> None:
    given(cli)
    cli.all("complaint amend 2026-1 --recovered 60\nreturns send out", today=LATER)
    first, second = manifest(1), manifest(2)
    with reading(cli.path) as ledger:
        was = frozen_form(ledger, Scope(parse_period("2026Q3")))
    assert was and (first["digest"], first["corrections"]) == (digest(was.figures), [])
    name = f"12315-{first['station']['key'][:8]}-2026q3-r1"
    assert (first["name"], first["calendar"]) == (name, [["2026-12-05", True]])
    assert second["digest"] != first["digest"] and second["corrections"] == [
        {"key": "recovered", "type": type_, "submitted": 5000, "now": 6000, "difference": 1000}
        for type_ in ("mall", TOTAL)
    ]
    assert rows("complaint", "id, closed::VARCHAR, recovered, reopened") == [
        (1, "2026-07-02", 5000, False),
        (2, None, None, True),
    ]
    assert rows("complaint", "recovered", 2) == [(6000,), (None,)]
    assert rows("record", "kind, point_id, day::VARCHAR, count") == [
        ("lead", None, "2026-09-30", 3)
    ]
    for table, columns in FACTS_OF.items():
        found = duckdb.execute(f"DESCRIBE FROM '{home()}/{table}.parquet'").fetchall()
        assert [row[0] for row in found] == [each.name for each in columns]


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
    cli.all("returns send out", today=LATER)
    loaded(cli, LATER)
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


@pytest.mark.slow
def test_a_calendar_year_is_sent_again_once_its_figures_have_changed(cli: Cli) -> None:
    """The complaint of 10 December is overdue from the 18th; 2026Q4 is over on 1 January."""
    cli.all(
        """settings set annual_period calendar
        log P001 --complainant 张三 --item 灯 --facts 坏 --kind goods --received 2026-12-10
        returns submit 2026A
        returns send out""",
        today="2026-12-12",
    )
    cli.plays("""
        @ 2026-12-13
        $ returns send out
        Everything that was submitted has been sent.
        + record visit P001
        + record void 1 --reason x
        $ returns send out
        2026A, figures corrected since submission: 0; out/2026A_第2版_东门所
        @ 2026-12-19
        $ returns send out
        2026A, figures corrected since submission: 2; out/2026A_第3版_东门所
        $ returns send out
        Everything that was submitted has been sent.
    """)
    for day, form in (("2026-12-19", 3), ("2027-01-10", 6)):
        cli("returns send out", today=day)
        loaded(cli, day)
        own = cli(f"rollup {form} 2026A --live --json", today=day).json
        county = cli(f"county rollup {form} 2026A --json", today=day).json
        assert county["rows"] == own["rows"]


def test_a_revision_is_of_rows_of_the_period_though_no_figure_of_attachment_3_changes(
    cli: Cli,
) -> None:
    given(cli)
    cli.all("returns send out", today=LATER)
    cli.all(
        """close 2026-2 --outcome 和解 --closed 2026-10-12 --recovered 5 --rating 满意
        register 西门商场 --type mall --area 500 --capital 80万 --turnover 300万 --since 2026-10-01
        point amend P001 --type supermarket --on 2026-10-05
        point amend P001 --demonstration municipal --on 2026-10-05
        point retire P002 --on 2026-10-12
        log P001 --complainant 王五 --item 灯 --facts 坏 --kind goods --received 2026-10-01""",
        today=LATER,
    )
    assert cli("returns send out", today=LATER).out.startswith("Everything")
    for revision, box in enumerate(("problem 质量", "channel 电话"), 2):
        cli.all(f"complaint amend 2026-1 --{box}", today=LATER)
        assert cli("returns send out --json", today=LATER).json[0]["revision"] == revision, box


def test_what_a_restored_ledger_sends_holds_at_the_county(submitted: Cli) -> None:
    """The county has the folder that the ledger forgot; the youngest facts hold."""
    submitted.all(
        """returns send out
        ledger backup b.sqlite
        complaint amend 2026-1 --disputed 50
        returns send out""",
        today="2026-10-11",
    )
    submitted.all("ledger restore b.sqlite\ncomplaint amend 2026-1 --disputed 70", today=LATER)
    submitted.plays(r"""
        @ 2026-10-12
        $ returns send out
        ! Error: out/2026Q3_第2版_东门所 exists already, and what was sent is not replaced. \
            Name another folder.
        [3]
        $ returns send out/again
        2026Q3, figures corrected since submission: 2; out/again/2026Q3_第2版_东门所
    """)
    loaded(submitted, LATER)
    figures = submitted("county rollup 3 2026Q3 --json", today=LATER).json["rows"]
    assert [row["total"] for row in figures if row["key"] == "disputed"] == ["70.00"]


def test_a_killed_command_leaves_nothing_that_the_next_minds(cli: Cli) -> None:
    """It was killed once the ledger had recorded what it sends."""
    given(cli)
    with (
        patch.object(Path, "rename", Mock(side_effect=SystemExit)),
        patch("ledger12315.facts.engine.rmtree"),
        pytest.raises(SystemExit),
    ):
        cli("returns send out", today=LATER)
    [left] = Path("out").iterdir()
    assert re.fullmatch(r"\.2026Q3_东门所\.\w{8}\.part", left.name)
    cli.all("returns send out 2026Q3", today=LATER)
    assert {*Path("out").iterdir()} == {left, home()}


def test_a_full_disk_leaves_nothing_behind(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    given(cli)
    full = duckdb.IOException("No space left on device")
    monkeypatch.setattr("ledger12315.facts.writing.identity", Mock(side_effect=full))
    cli.plays("""
        @ 2026-10-12
        $ returns send out
        ! Error: out/2026Q3_东门所 cannot be written: the disk is full.
        [4]
    """)
    assert not Path("out").exists()
    assert cli.sql("SELECT count(*) FROM hand_in") == [(0,)]


CANARY = "端木云雀13976543210"


def strings(folder: Path) -> Iterator[str]:
    """Yield every string of every Parquet file, its metadata's, and the manifest."""
    for file in folder.rglob("*"):
        if file.suffix == ".parquet":
            yield str(duckdb.execute(f"FROM '{file}'").fetchall())
            for about in ("metadata", "schema", "file_metadata", "kv_metadata"):
                yield str(duckdb.execute(f"FROM parquet_{about}('{file}')").fetchall())
        if file.suffix in (".json", ".parquet"):
            yield file.read_bytes().decode(errors="replace")


def test_no_text_of_anybody_is_in_any_string(cli: Cli) -> None:
    """Every column that takes a text holds the canary."""
    given(cli)
    with reading(cli.path) as ledger:
        content = ledger.serialize()
    cli.path.write_bytes(spoilt(content))
    cli.all("returns send out", today=LATER)
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
