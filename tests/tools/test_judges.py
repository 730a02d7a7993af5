"""What the harm is judged by: nothing is left out, and what is wrong is seen."""

import json
import re
import sqlite3
import sys
from contextlib import chdir, closing
from pathlib import Path

import pytest

from ledger12315.cli.table import COMMANDS
from tests.faults import canaries, damage, edits, screens
from tests.faults.hostile import READERS, line_for, seeds
from tests.faults.inprocess import command, workplace
from tests.faults.lines import (
    ACTS,
    ADDRESS,
    CONSUMER,
    CONTACT,
    LANDLINE,
    LEDGER,
    NAME,
    NUMBERS,
    PHONE,
)
from tests.faults.pages import kinds
from tests.faults.stations import station
from tests.rows import for_all

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked")


# A county's store is no file of a station: cli/test_county.py has it.
OF_A_COUNTY = tuple(f"{row.name} " for row in COMMANDS if row.name.startswith("county "))


def test_every_command_is_tried() -> None:
    tried = [*OF_A_COUNTY, *(f"{act.words} " for act in ACTS)]
    names = [row.name for row in COMMANDS]
    assert [name for name in names if not any(line.startswith(f"{name} ") for line in tried)] == []


@pytest.mark.slow
def test_there_is_a_row_in_every_table() -> None:
    with closing(sqlite3.connect(":memory:")) as ledger:
        ledger.deserialize(station()[LEDGER])
        empty = "SELECT 1 WHERE NOT EXISTS (SELECT * FROM {})"
        tables = edits.tables(ledger)
        assert [table for table in tables if ledger.execute(empty.format(table)).fetchall()] == []


@pytest.mark.slow
def test_a_sound_ledger_passes_and_a_character_that_sqlite_takes_for_sound_is_seen(
    tmp_path: Path,
) -> None:
    with damage.sound(tmp_path / "sound") as ledger:
        assert [kind for kind, pages in kinds(ledger.path).items() if not pages] == []
        assert command("ledger check").code == 0
        rows = damage.all_rows(ledger.content)
        for was, becomes in (("羽绒服", "羽绒被"), ("跑绒", "跑线"), ("主讲", "主持")):
            ledger.path.write_bytes(ledger.content.replace(was.encode(), becomes.encode(), 1))
            with closing(sqlite3.connect(ledger.path)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert damage.all_rows(ledger.path.read_bytes()) != rows
            assert command("ledger check").code == 4, was


@for_all(
    ("text", "found"),
    [
        (f"{NAME}、{CONTACT}、{ADDRESS}", ["金丝雀", "白鹭", "椰林"]),
        (LANDLINE, ["91876512"]),
        (json.dumps(NAME), ["金丝雀"]),
        *((number, ["98765432"]) for number in (PHONE, *NUMBERS.split("，")[:4])),
        ("欧阳*** 司马** 139****4321 0591-****1234 榕溪县****", []),
    ],
)
def test_a_canary_is_known_in_whichever_dress(text: str, found: list[str]) -> None:
    assert canaries.seen(text, CONSUMER) == found


@pytest.mark.slow
def test_free_text_is_dirtied() -> None:
    assert {"complaint.facts", "point.name", "informant.phone"} < set(screens.names())


@for_all(
    ("seen", "told"),
    [
        ("brand: x\n", ""),
        ("brand: \x1b[2Jx\n", "001B"),
        ("brand: \x9b2Jx\n", "009B"),
        ("brand: \u202ex\u2069\n", "202E 2069"),
        ("brand: \u200bx\ufe0f\n", "200B FE0F"),
        ("brand: x\ry\n", "000D"),
        ("\ufeffbrand\r\nx\r\n", ""),
        ("\ufeffbrand\r\n\ufeffx\r\n", "FEFF"),
    ],
)
def test_a_raw_character_is_seen(seen: str, told: str) -> None:
    line = "complaint list --csv" if seen.startswith("\ufeff") else "complaint show 2026-1"
    faults = "".join(screens.faults(line, seen))
    assert re.findall("(?<=: )[0-9A-F ]+(?= in )", faults) == ([told] if told else [])


@pytest.mark.slow
def test_each_sound_file_is_taken_by_a_reader(tmp_path: Path) -> None:
    # The names of all stations may stand in any file.
    readers = [reader for reader in READERS if "--expect" not in reader]
    place = tmp_path / "station"
    sound = seeds(place)
    with workplace(tmp_path / "desk"), chdir(place):
        for seed in sound:
            assert 0 in (command(line_for(place, seed, each)).code for each in readers), seed[:40]
