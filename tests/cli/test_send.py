"""`returns send`: a folder for the county with each submission, as it was frozen."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import pytest

from ledger12315.cli.face.desk import Desk
from ledger12315.ledger.returns.sent import Sent, remember_sent
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.opening import writing
from tests.cli.conftest import Cli
from tests.published.making import written_quickly

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("undrawn")]  # it writes many files

SUBMITTED, LATER, LAST = "2026-10-09", "2026-10-12", "2026-10-13"
QUARTER = """
    log P001 --complainant 张三 --item 灯 --facts 坏 --kind goods --received 2026-07-01
    close 2026-1 --outcome 和解 --closed 2026-07-02 --recovered 50
    returns submit 2026Q3
"""
FACTS = ["complaint", "contact", "demonstration", "point", "point_return", "point_type"]
FACTS += ["record", "sent", "totals"]


@pytest.fixture
def submitted(cli: Cli) -> Iterator[Cli]:
    cli.given(QUARTER, today=SUBMITTED)
    with written_quickly():
        yield cli


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
            "out/stick/2026Q3_修订2_东门所"}]
        $ returns send out/other 2026Q3
        2026Q3, as submitted: out/other/2026Q3_东门所
        2026Q3, figures corrected since submission: 2; out/other/2026Q3_修订4_东门所
        $ returns send out/stick 2026Q3
        ! Error: out/stick/2026Q3_东门所 exists already, and what was sent is not replaced. \
            Name another folder.
        [3]
    """)
    facts = ["datapackage.json", *(f"{each}.parquet" for each in FACTS)]
    assert names("2026Q3_东门所") == sorted([*facts, *papers("2026Q3")])
    assert names("2026Q3_修订2_东门所") == names("2026Q3_东门所")
    assert not list(Path("out").rglob("*.part"))
    home = Path("out/stick/2026Q3_东门所")
    assert (home / "报送回执_2026Q3_东门所.txt").read_bytes() == slip
    kept = dict(submitted.sql("SELECT form, sha256 FROM submitted WHERE point_id IS NULL"))
    for form in (5, 6):
        content = (home / f"附件{form}_2026Q3_东门所.xlsx").read_bytes()
        assert sha256(content).hexdigest() == kept[form] and kept[form].encode() in slip
    first, second = (
        json.loads(Path("out/stick", each, "datapackage.json").read_bytes())
        for each in ("2026Q3_东门所", "2026Q3_修订2_东门所")
    )
    assert [first["as_submitted"], second["as_submitted"]] == [True, False]
    assert first["attachment6"] == second["attachment6"] == kept[6]
    assert second["previous"] == first["identity"] != second["identity"]


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
    assert submitted("returns send out/later", today=LATER).code == 0
    assert Path("out/later/2026Q3_东门所/datapackage.json").exists()


def test_of_two_that_send_at_once_one_is_told(submitted: Cli) -> None:
    write = Desk.write

    def overtaken(desk: Desk) -> AbstractContextManager[Ledger]:
        with writing(submitted.path, "returns send") as ledger:
            remember_sent(ledger, "2026Q3", Sent(1, 1, 1, None))
        return write(desk)

    with patch.object(Desk, "write", overtaken):
        result = submitted("returns send out/stick", today=LATER)
    assert (result.code, result.err) == (
        3,
        "Error: 2026Q3 was sent by another command meanwhile.\n",
    )
    assert names("") == []


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_remembered(submitted: Cli) -> None:
    Path("file").write_bytes(b"")
    for folder in ("file", "file/inner"):
        result = submitted(f"returns send {folder}", today=LATER)
        assert (result.code, result.err.partition(" cannot be written")[1]) == (
            4,
            " cannot be written",
        )
    assert submitted.sql("SELECT count(*) FROM hand_in") == [(0,)]
