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

# What stood in a ledger before its history was kept: a row of each table, a complaint in each state.
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
        key, year, serial, number, point_id, type, received, source, channel, complainant, item,
        kind, problem, facts, disputed, outcome, closed, recovered, phone, voided, void_reason,
        entered) VALUES
        ('1', 2026, 1, '2026-0001', 1, 'mall', '2026-01-05', 'direct', 'visit', '张三', '鞋', 'goods', 'other',
         '"开胶"', 300, NULL, NULL, 0, '13900001111', NULL, NULL, ''),
        ('2', 2026, 2, '2026-0002', 1, 'mall', '2026-01-05', 'direct', 'visit', '李四', '帽', 'goods', 'other',
         '褪色', 0, 'settled', '2026-01-06', 100, NULL, NULL, NULL, ''),
        ('3', 2026, 3, '2026-0003', 1, 'mall', '2026-01-05', 'direct', 'visit', '李四', '帽', 'goods', 'other',
         '褪色', 0, NULL, NULL, 0, NULL, '2026-01-06', '重复', '')
"""


def make_old(
    path: Path, *more: str, schema: int = 1, version: int | None = None
) -> dict[str, list[Any]]:
    """A ledger as the program of that schema made it; gives its rows."""
    with closing(sqlite3.connect(path)) as ledger:
        later = migrations.pending(Database(ledger, execute_plugins=False))[schema]
        migrations.apply(Database(ledger, execute_plugins=False), stop_before=later.name)
        ledger.executescript(";\n".join((OLD_ROWS, *more)))
        if schema > 1:
            seal(ledger)
            ledger.commit()
        ledger.executescript(
            f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version or schema}"
        )
        return contents(ledger, "_sqlite_migrations")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def copy_of(path: Path) -> Path:
    return path.with_name("ledger.sqlite.schema-1")


@pytest.mark.parametrize("door", [reading, writing])
@pytest.mark.parametrize(
    ("schema", "acts"),
    [
        (1, [(1, "migrate", 64)]),
        (2, [(1, "migrate", 64), (2, "migrate", 64)]),
        (3, [(1, "migrate", 64), (2, "migrate", 64)]),
    ],
)
def test_an_old_ledger_keeps_its_rows_and_gains_a_history(
    path: Path, door: Callable[[Path], Any], schema: int, acts: list[Any]
) -> None:
    before = make_old(
        path, *["UPDATE point_return SET state = 'received'"] * (schema > 2), schema=schema
    )
    with door(path) as ledger:
        now = contents(ledger, "_sqlite_migrations", "act", "change")
        found = ledger.execute(
            "SELECT id, command, length(head) FROM act WHERE head IS NOT NULL"
        ).fetchall()
        kept = ledger.execute(
            "SELECT table_name, count(*) FROM change WHERE act_id = 1 AND made GROUP BY 1"
        ).fetchall()
        assert [
            tuple(row) for row in ledger.execute("SELECT period, state, totals FROM point_return")
        ] == [("2026Q1", "received", None)]
        assert fingerprint(ledger) == FINGERPRINTS[SCHEMA_VERSION]
    olds = {
        table: rows_ for table, rows_ in before.items() if rows_ and table not in ("act", "change")
    }
    assert {
        table: [row[: len(olds[table][0])] for row in now[table]] for table in now if now[table]
    } == olds
    assert [tuple(act) for act in found] == acts
    assert {table: count for table, count in kept if table != "_sqlite_migrations"} == {
        table: len(rows_) for table, rows_ in olds.items()
    }
    assert problems(path) == []


def test_a_copy_of_the_old_ledger_is_kept_beside_it(path: Path) -> None:
    before = make_old(path)
    with reading(path):
        pass
    assert sorted(each.name for each in path.parent.iterdir()) == [
        "ledger.sqlite",
        "ledger.sqlite.schema-1",
    ]
    assert copy_of(path).stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy_of(path))) as copy:
        assert contents(copy, "_sqlite_migrations") == before
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)


def test_what_is_written_after_it_belongs_to_acts_of_its_own(path: Path) -> None:
    make_old(path)
    with writing(path, "settings set") as ledger:
        ledger.execute("UPDATE setting SET value = '60' WHERE key = 'station_limit'")
    with reading(path) as ledger:
        assert [
            row["command"] for row in ledger.execute("SELECT command FROM act ORDER BY id")
        ] == ["migrate", "settings set"]
    assert problems(path) == []


OPENER = """
import sys
from pathlib import Path
from ledger12315.ledger.file import reading

for line in sys.stdin:
    with reading(Path(line.strip())) as ledger:
        print(ledger.execute("SELECT count(*) FROM complaint").fetchone()[0], flush=True)
"""


def test_two_that_open_an_old_ledger_at_once_both_can(tmp_path: Path) -> None:
    with process(OPENER) as one, process(OPENER) as other:
        for number in range(10):
            path = tmp_path / str(number) / "ledger.sqlite"
            path.parent.mkdir()
            make_old(path)
            for each in (one, other):
                tell(each, path)
            assert (told(one), told(other)) == ("3", "3")
            assert problems(path) == []
            with closing(sqlite3.connect(copy_of(path))) as copy:
                assert copy.execute("PRAGMA user_version").fetchone() == (1,)


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
    with closing(sqlite3.connect(copy_of(path))) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)


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


def test_an_old_ledger_whose_rows_refer_to_nothing_is_left_as_it_is(path: Path) -> None:
    make_old(
        path, "INSERT INTO point_return (point_id, period, day) VALUES (9, '2026Q1', '2026-04-02')"
    )
    unchanged_after(path, "The ledger {path} is damaged")


def test_an_old_ledger_that_is_damaged_is_left_as_it_is(path: Path) -> None:
    make_old(path)
    with path.open("r+b") as file:
        file.seek(100 + 4096 * 3)
        file.write(b"\xff" * 4096)
    unchanged_after(path, "The ledger {path} is damaged")
    assert not copy_of(path).exists()


def test_an_old_ledger_that_was_altered_is_left_as_it_is(path: Path) -> None:
    make_old(path, "CREATE VIEW mine AS SELECT 1")
    unchanged_after(path, "The ledger {path} was altered by another program")


def test_a_newer_ledger_is_refused(path: Path) -> None:
    make_old(path, version=SCHEMA_VERSION + 1)
    unchanged_after(path, "The ledger {path} was made by a newer program")


def test_the_fingerprint_is_that_of_a_new_ledger(path: Path) -> None:
    new_ledger(path)
    with closing(sqlite3.connect(path)) as ledger:
        assert (fingerprint(ledger), SCHEMA_VERSION) == (
            FINGERPRINTS[SCHEMA_VERSION],
            ledger.execute("PRAGMA user_version").fetchone()[0],
        )


@table("""
    script                                                          | names
    CREATE TRIGGER mine AFTER INSERT ON complaint BEGIN DELETE FROM act; END | trigger mine
    CREATE VIEW mine AS SELECT * FROM complaint                     | view mine
    CREATE TABLE mine (text)                                        | table mine
    CREATE INDEX mine ON complaint (item)                           | index mine
    ALTER TABLE complaint ADD COLUMN mine TEXT                      | table complaint
    DROP INDEX complaint_open                                       | index complaint_open
    DROP TRIGGER complaint_update                                   | trigger complaint_update
    DROP TRIGGER act_delete; CREATE TRIGGER act_delete BEFORE DELETE ON act BEGIN SELECT 1; END | trigger act_delete
    DROP INDEX record_day; CREATE VIEW record_day AS SELECT 1       | index record_day, view record_day
""")
def test_what_another_program_put_into_the_schema_is_named_and_the_ledger_refused(
    path: Path, script: str, names: str
) -> None:
    new_ledger(path)
    with closing(sqlite3.connect(path)) as ledger:
        ledger.executescript(script)
    before = path.read_bytes()
    other = path.with_name("other.sqlite")
    new_ledger(other, "西门所")
    kept = other.read_bytes()
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
    assert render(unacceptable.value.message).endswith(f"altered it: {names}. Nothing was changed.")
    assert (path.read_bytes(), other.read_bytes()) == (before, kept)
    assert sorted(each.name for each in path.parent.iterdir()) == ["ledger.sqlite", "other.sqlite"]
