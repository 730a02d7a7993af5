"""Older ledgers brought up to date, newer and altered ones refused."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from ledger12315.errors import Unacceptable, Unusable
from ledger12315.ledger import making, placing, rows
from ledger12315.ledger.backup import back_up, restore
from ledger12315.ledger.check import problems
from ledger12315.ledger.file import (
    APPLICATION_ID,
    FINGERPRINTS,
    SCHEMA_VERSION,
    fingerprint,
    reading,
    writing,
)
from ledger12315.ledger.history import seal
from ledger12315.ledger.migrations import migrations
from ledger12315.locale import render
from tests.building import contents, new_ledger
from tests.cli.conftest import table
from tests.ledger.test_processes import process, tell, told

# What stood in a ledger before its history was kept: a row of each table, a complaint in each
# state.
OLD_ROWS = """
    INSERT INTO station VALUES (1, 'k', '东门所', '榕溪县', NULL);
    INSERT INTO setting VALUES ('station_limit', '30'), ('annual_period', 'calendar');
    INSERT INTO point (id, key, code, name, eligibility, since, entered)
        VALUES (1, 'k', 'P001', '百货', 'meets', '2020-01-01', '');
    INSERT INTO point_type (point_id, type, since) VALUES (1, 'mall', '2020-01-01');
    INSERT INTO contact (point_id, role, name, phone, since)
        VALUES (1, 'liaison', '林秀珍', '13900000101', '2020-01-01');
    INSERT INTO demonstration (point_id, level, since) VALUES (1, 'municipal', '2021-01-01');
    INSERT INTO point_return (point_id, period, day) VALUES (1, '2026Q1', '2026-04-02');
    INSERT INTO record (key, kind, point_id, type, day, count, text, entered)
        VALUES ('k', 'inquiry', 1, 'mall', '2026-01-05', 3, '退换', '');
    INSERT INTO disclosure (entered, user, command) VALUES ('', '王五', 'complaint list');
    INSERT INTO complaint (
        key, year, serial, number, complainant, item, facts, disputed, outcome, closed, recovered,
        phone, voided, void_reason, point_id, type, received, source, channel, kind, problem,
        entered)
    SELECT column1, 2026, column1, '2026-000' || column1, column2, column3, column4, column5,
        column6, column7, column8, column9, column10, column11,
        1, 'mall', '2026-01-05', 'direct', 'visit', 'goods', 'other', ''
    FROM (VALUES
        (1, '张三', '鞋', '"开胶"', 300, NULL, NULL, 0, '13900001111', NULL, NULL),
        (2, '李四', '帽', '褪色', 0, 'settled', '2026-01-06', 100, NULL, NULL, NULL),
        (3, '李四', '帽', '褪色', 0, NULL, NULL, 0, NULL, '2026-01-06', '重复'));
"""
RECEIVED = "UPDATE point_return SET state = 'received'"


def make_old(path: Path, more: str = "", schema: int = 1) -> dict[str, list[Any]]:
    """Make a ledger as the program of that schema made it, do `more`, and return its rows."""
    with closing(sqlite3.connect(path)) as ledger:
        later = migrations.pending(Database(ledger, execute_plugins=False))[schema]
        migrations.apply(Database(ledger, execute_plugins=False), stop_before=later.name)
        ledger.executescript(OLD_ROWS + RECEIVED * (schema > 2))
        if schema > 1:
            seal(ledger)
            ledger.commit()
        ledger.executescript(f"PRAGMA application_id = {APPLICATION_ID}")
        ledger.executescript(f"PRAGMA user_version = {schema}; {more}")
        return contents(ledger, "_sqlite_migrations")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def copy_of(path: Path) -> Path:
    return path.with_name("ledger.sqlite.schema-1")


def queried(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as ledger:
        return ledger.execute(sql).fetchall()


@pytest.mark.parametrize("door", [reading, writing])
@pytest.mark.parametrize(("schema", "acts"), [(1, 1), (2, 2), (3, 2)])
def test_an_old_ledger_keeps_its_rows_and_gains_a_history(
    path: Path, door: Callable[[Path], Any], schema: int, acts: int
) -> None:
    before = make_old(path, schema=schema)
    with door(path) as ledger:
        now = contents(ledger, "_sqlite_migrations", "act", "change")
        assert fingerprint(ledger) == FINGERPRINTS[SCHEMA_VERSION]
    old = {key: rows for key, rows in before.items() if rows and key not in ("act", "change")}
    for key in now:  # a later schema has more columns
        kept = [row[: len(old[key][0])] for row in now[key]] if key in old else now[key]
        assert kept == old.get(key, [])
    states = queried(path, "SELECT period, state, totals FROM point_return")
    assert states == [("2026Q1", "received", None)]
    sealed = queried(path, "SELECT id, command FROM act WHERE length(head) = 64")
    assert sealed == [(n + 1, "migrate") for n in range(acts)]
    made = "SELECT table_name, count(*) FROM change WHERE act_id = 1 AND made GROUP BY 1"
    counts = dict(queried(path, made))
    assert {key: counts.get(key) for key in old} == {key: len(rows) for key, rows in old.items()}
    assert problems(path) == []


def test_a_copy_of_the_old_ledger_is_kept_beside_it(path: Path) -> None:
    before = make_old(path)
    with reading(path):
        pass
    assert {each.name for each in path.parent.iterdir()} == {path.name, copy_of(path).name}
    assert copy_of(path).stat().st_mode & 0o777 == 0o600
    assert queried(copy_of(path), "PRAGMA user_version") == [(1,)]
    with closing(sqlite3.connect(copy_of(path))) as copy:
        assert contents(copy, "_sqlite_migrations") == before


def test_what_is_written_after_it_belongs_to_acts_of_its_own(path: Path) -> None:
    make_old(path)
    with writing(path, "settings set") as ledger:
        ledger.execute("UPDATE setting SET value = '60' WHERE key = 'station_limit'")
    acts = queried(path, "SELECT command FROM act ORDER BY id")
    assert acts == [("migrate",), ("settings set",)]
    assert problems(path) == []


OPENER = """
import sys
from pathlib import Path
from ledger12315.ledger.file import reading

for line in sys.stdin:
    with reading(Path(line.strip())) as ledger:
        print(ledger.execute("SELECT count(*) FROM complaint").fetchone()[0], flush=True)
"""


@pytest.mark.slow
def test_two_that_open_an_old_ledger_at_once_both_can(tmp_path: Path) -> None:
    with process(OPENER) as one, process(OPENER) as other:
        for number in range(6):
            path = tmp_path / str(number) / "ledger.sqlite"
            path.parent.mkdir()
            make_old(path)
            for each in (one, other):
                tell(each, path)
            assert (told(one), told(other)) == ("3", "3")
            assert problems(path) == []
            assert queried(copy_of(path), "PRAGMA user_version") == [(1,)]


def test_the_copy_is_of_the_old_ledger_whoever_is_first(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken() -> str:
        monkeypatch.undo()
        making.migrate(path)
        return rows.new_key()

    make_old(path)
    monkeypatch.setattr(placing, "new_key", overtaken)
    making.migrate(path)
    assert queried(copy_of(path), "PRAGMA user_version") == [(1,)]


def test_a_copy_that_stands_already_is_not_replaced(path: Path) -> None:
    make_old(path)
    copy_of(path).write_bytes(b"mine")
    with reading(path):
        pass
    assert copy_of(path).read_bytes() == b"mine"


def unchanged_after(path: Path, sentence: str) -> None:
    """Both doors are shut, and leave the file as it was."""
    before = path.read_bytes()
    for door in (reading, writing):
        with pytest.raises(Unusable) as refused, door(path):
            pass
        assert str(refused.value.message.id).startswith(sentence)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir() if each.name.startswith(".")] == []


def test_a_step_that_fails_is_undone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(ledger: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    make_old(path)
    monkeypatch.setattr(making, "seal", fails)
    unchanged_after(path, "The ledger {path} cannot be used")
    monkeypatch.undo()
    with reading(path):
        pass
    assert problems(path) == []


@table("""
    more                            | sentence
    UPDATE contact SET point_id = 9 | is damaged
    CREATE VIEW mine AS SELECT 1    | was altered by another program
    PRAGMA user_version = 99        | was made by a newer program
""")
def test_an_old_ledger_that_is_not_sound_is_left_alone(
    more: str, sentence: str, path: Path
) -> None:
    make_old(path, more)
    unchanged_after(path, f"The ledger {{path}} {sentence}")


def test_an_old_ledger_that_is_damaged_is_left_as_it_is(path: Path) -> None:
    make_old(path)
    with path.open("r+b") as file:
        file.seek(100 + 4096 * 3)
        file.write(b"\xff" * 4096)
    unchanged_after(path, "The ledger {path} is damaged")
    assert not copy_of(path).exists()


def test_the_fingerprint_is_that_of_a_new_ledger(path: Path) -> None:
    with closing(sqlite3.connect(new_ledger(path))) as ledger:
        assert fingerprint(ledger) == FINGERPRINTS[SCHEMA_VERSION]
    assert queried(path, "PRAGMA user_version") == [(SCHEMA_VERSION,)]


@table("""
    script                                                          | names
    CREATE TRIGGER mine AFTER INSERT ON complaint BEGIN DELETE FROM act; END | trigger mine
    CREATE VIEW mine AS SELECT * FROM complaint                     | view mine
    CREATE TABLE mine (text)                                        | table mine
    CREATE INDEX mine ON complaint (item)                           | index mine
    ALTER TABLE complaint ADD COLUMN mine TEXT                      | table complaint
    DROP INDEX complaint_open                                       | index complaint_open
    DROP TRIGGER complaint_update                                   | trigger complaint_update
    DROP TRIGGER act_delete; CREATE VIEW mine AS SELECT 1 | trigger act_delete, view mine
    DROP INDEX record_day; CREATE VIEW record_day AS SELECT 1   | index record_day, view record_day
""")
def test_what_another_program_put_into_the_schema_is_named_and_the_ledger_refused(
    path: Path, script: str, names: str
) -> None:
    with closing(sqlite3.connect(new_ledger(path))) as ledger:
        ledger.executescript(script)
    other = new_ledger(path.with_name("other.sqlite"), "西门所")
    files = {path: path.read_bytes(), other: other.read_bytes()}
    doors: list[Callable[[], object]] = [
        lambda: reading(path).__enter__(),
        lambda: writing(path).__enter__(),
        lambda: problems(path),
        lambda: back_up(path, path.with_name("copy.sqlite")),
    ]
    for door in doors:
        with pytest.raises(Unusable) as refused:
            door()
        assert ", ".join(refused.value.message.values["names"]) == names  # type: ignore[arg-type]
    with pytest.raises(Unacceptable) as unacceptable:
        restore(path, other)
    sentence = render(unacceptable.value.message)
    assert sentence.endswith(f"altered it: {names}. Nothing was changed.")
    assert {each: each.read_bytes() for each in path.parent.iterdir()} == files
