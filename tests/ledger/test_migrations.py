"""Older ledgers upgraded by a program with one more step; newer and altered ones refused."""

import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ledger12315.errors import Message, Unacceptable, Unusable
from ledger12315.ledger.audit.backup import back_up, restore
from ledger12315.ledger.audit.check import ledger_problems
from ledger12315.ledger.complaints.views import select_complaints
from ledger12315.ledger.store import Ledger, migrating
from ledger12315.ledger.store.altering import rebuild
from ledger12315.ledger.store.history import begin, seal
from ledger12315.ledger.store.opening import connect, reading, writing
from ledger12315.ledger.store.versions import FIRST, STEPS, fingerprint
from ledger12315.locale import render
from tests.building import contents, empty_ledger
from tests.cli.conftest import clock_of
from tests.kept import write_kept
from tests.ledger.test_processes import Line, process
from tests.newer import one_step_more
from tests.rows import for_all, table

# Rows of many tables, and a complaint in each state that refer to each other.
OLD_ROWS = """
    INSERT INTO point (id, key, code, name, eligibility, since, entered)
        VALUES (1, 'k', 'P001', '百货', 'meets', '2020-01-01', '');
    INSERT INTO point_type (point_id, type, since) VALUES (1, 'mall', '2020-01-01');
    INSERT INTO contact (point_id, role, name, phone, since)
        VALUES (1, 'liaison', '林秀珍', '13900000101', '2020-01-01');
    INSERT INTO point_return (point_id, period, day) VALUES (1, '2026Q1', '2026-04-02');
    INSERT INTO complaint (key, year, serial, number, point_id, type, received, source, channel,
                           complainant, item, kind, problem, facts, disputed, outcome, closed,
                           recovered, phone, voided, void_reason, previous_id, entered) VALUES
        ('1', 2026, 1, '2026-0001', 1, 'mall', '2026-01-05', 'direct', 'visit', '张三', '皮鞋',
         'goods', 'other', '"开胶"', 300, NULL, NULL, 0, '13900001111', NULL, NULL, NULL, ''),
        ('2', 2026, 2, '2026-0002', 1, 'mall', '2026-01-05', 'direct', 'visit', '李四', '草帽',
         'goods', 'other', '褪色', 0, 'settled', '2026-01-06', 100, NULL, NULL, NULL, 1, ''),
        ('3', 2026, 3, '2026-0003', 1, 'mall', '2026-01-05', 'direct', 'visit', '李四', '草帽',
         'goods', 'other', '褪色', 0, NULL, NULL, 0, NULL, '2026-01-06', '重复', 2, '');
    INSERT INTO record (id, key, kind, point_id, type, day, count, text, complaint_id, entered)
        VALUES (1, 'k', 'lead', 1, 'mall', '2026-01-05', 3, '退换', 1, '');
    INSERT INTO informant (record_id, name) VALUES (1, '赵六');
    UPDATE complaint SET remark = '已电话回访', phone = '13900002222' WHERE number = '2026-0002'
"""
OLD = max(STEPS)


def make_old(path: Path, *more: str) -> dict[str, list[Any]]:
    """Make a ledger of one step less, and return its rows."""
    content, rows = _old(*more)
    write_kept(path, content)
    return rows


@cache
def _old(*more: str) -> tuple[bytes, dict[str, list[Any]]]:
    with closing(sqlite3.connect(":memory:")) as ledger:
        ledger.deserialize(empty_ledger())
        begin(ledger, "old")
        ledger.executescript(";\n".join((OLD_ROWS, *more)))
        seal(ledger)
        ledger.commit()
        return ledger.serialize(), contents(ledger)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def copies_of(path: Path) -> list[Path]:
    """Return the copies that upgrades kept, in their order."""
    return sorted(path.parent.glob(f"ledger.sqlite.schema-{OLD}-*"))


@pytest.mark.parametrize("door", [reading, writing])
def test_an_old_ledger_keeps_its_rows_and_its_history(
    path: Path, door: Callable[[Path], Any]
) -> None:
    before = make_old(path)
    with one_step_more():
        with door(path) as ledger:
            now = contents(ledger)
            assert fingerprint(ledger) == STEPS[OLD + 1][1]
            assert tuple(ledger.execute("PRAGMA user_version").fetchone()) == (OLD + 1,)
        assert ledger_problems(path) == []
    added = {
        table: [row for row in now[table] if row not in before[table]]
        for table in ("act", "change", "_sqlite_migrations")
    }
    assert {table: len(rows_) for table, rows_ in added.items() if table != "act"} == {
        "change": 1,
        "_sqlite_migrations": 1,
    }
    assert added["act"][0][3] == "migrate"
    assert added["change"][0][2] == "_sqlite_migrations"
    assert {table: rows_[: len(before[table])] for table, rows_ in now.items()} == before


def test_a_table_made_anew_is_the_table_it_was(path: Path) -> None:
    make_old(path)
    with closing(sqlite3.connect(path)) as ledger:
        before = schema(ledger)
    with one_step_more():
        with writing(path, "close") as ledger:
            after = schema(ledger)
            close = "UPDATE complaint SET outcome = '{}', closed = '2026-01-08' WHERE id = 1"
            ledger.execute(close.format("referred"))
            for refused in (
                close.format("lost"),
                "DELETE FROM complaint",
                "UPDATE complaint SET serial = 2, number = '2026-0002' WHERE id = 1",
            ):
                with pytest.raises(sqlite3.IntegrityError):
                    ledger.execute(refused)
        with reading(path) as ledger:
            told_ = "SELECT common FROM change ORDER BY id DESC LIMIT 1"
            assert ledger.execute(told_).fetchone()[0] == (
                '{"outcome":[null,"referred"],"closed":[null,"2026-01-08"]}'
            )
            found = select_complaints(ledger, sought={"text": "电话回访"})
            assert [row["number"] for row in found] == ["2026-0002"]
    widened = before["table complaint"].replace("'unreachable', ", "'unreachable', 'referred', ")
    assert after == before | {"table complaint": widened}


def schema(ledger: Ledger) -> dict[str, str]:
    """Return type and name -> SQL, without the quotes around a renamed table's name."""
    rows_ = ledger.execute("SELECT type || ' ' || name, sql FROM sqlite_master").fetchall()
    return {
        name: (sql or "").replace('TABLE "complaint"', "TABLE complaint") for name, sql in rows_
    }


@table("""
    was
    'unreachable', 'lost'
    CHECK
""")
def test_a_table_is_not_made_anew_where_its_sql_is_not_as_the_step_thinks(was: str) -> None:
    with (
        closing(migrating.ledger_of_version(OLD)) as ledger,
        pytest.raises(ValueError, match="values to unpack"),
    ):
        rebuild(ledger, "complaint", was, "")


@table("""
    table
    setting
    file
    special_day
""")
def test_any_table_is_made_anew_row_for_row(path: Path, table: str) -> None:
    make_old(path, f"INSERT INTO file VALUES ('{'0' * 64}', x'00')")
    with closing(sqlite3.connect(path)) as ledger:
        query = f"SELECT rowid, * FROM {table}"
        was = {name: sql.replace(f'"{table}"', table) for name, sql in schema(ledger).items()}
        before = (ledger.execute(query).fetchall(), was, contents(ledger, table))
        rebuild(ledger, table, ") STRICT", ") STRICT")
        after = {name: sql.replace(f'"{table}"', table) for name, sql in schema(ledger).items()}
        assert (ledger.execute(query).fetchall(), after, contents(ledger, table)) == before


def test_each_upgrade_keeps_a_checked_copy_of_its_own_and_says_where(path: Path) -> None:
    before, told = make_old(path), list[Message]()
    old = path.read_bytes()
    for _ in range(3):  # the old one is put back twice, once within the same second
        path.write_bytes(old)
        with clock_of("2027-02-01"), one_step_more(), reading(path, told.append):
            pass
        with one_step_more(), reading(path, told.append):
            pass  # is upgraded already
    names = [f"{path.name}.schema-{OLD}-2027-02-01-090000{end}" for end in ("", "-2", "-3")]
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name, *names]
    assert [render(each) for each in told] == [
        "The ledger was upgraded for this version of the program. As it was, it is kept in "
        f"{path.with_name(name)}"
        for name in names
    ]
    for copy in map(path.with_name, names):
        assert copy.stat().st_mode == path.stat().st_mode
        with closing(sqlite3.connect(copy)) as kept:
            assert contents(kept) == before
            assert kept.execute("PRAGMA user_version").fetchone() == (OLD,)


def test_a_read_only_ledger_is_upgraded_in_memory_without_a_copy(path: Path) -> None:
    make_old(path)
    path.chmod(0o444)
    before, told = path.read_bytes(), list[Message]()
    with one_step_more(), reading(path, told.append) as ledger:
        assert fingerprint(ledger) == STEPS[OLD + 1][1]
    assert (path.read_bytes(), told, copies_of(path)) == (before, [], [])


def test_a_restored_older_backup_is_upgraded_and_keeps_no_copy_but_itself(path: Path) -> None:
    make_old(path)
    (other := path.with_name("other.sqlite")).write_bytes(empty_ledger())
    with one_step_more():
        restore(path, other)
        assert ledger_problems(other) == []
    kept = [each.name for each in path.parent.iterdir() if "replaced" not in each.name]
    assert sorted(kept) == [path.name, other.name]


def test_what_is_written_after_it_belongs_to_acts_of_its_own(path: Path) -> None:
    make_old(path)
    with one_step_more():
        with writing(path, "settings set") as ledger:
            ledger.execute("UPDATE setting SET value = '90' WHERE key = 'notice_from'")
        with reading(path) as ledger:
            acts = ledger.execute("SELECT command FROM act ORDER BY id").fetchall()
        assert [row[0] for row in acts] == ["migrate", "init", "old", "migrate", "settings set"]
        assert ledger_problems(path) == []


def _open_each(line: Line) -> None:
    with one_step_more():
        while True:
            with reading(line.recv()) as ledger:
                line.send(ledger.execute("SELECT count(*) FROM complaint").fetchone()[0])


@pytest.mark.slow
def test_two_that_open_an_old_ledger_at_once_both_can(path: Path) -> None:
    make_old(path)
    with one_step_more():
        pass  # the forks find the step's fingerprint
    with process(_open_each) as (_, one), process(_open_each) as (_, other):
        for each in (one, other):
            each.send(path)
        assert (one.recv(), other.recv()) == (3, 3)
    with one_step_more():
        assert ledger_problems(path) == []
    [kept] = copies_of(path)
    with closing(sqlite3.connect(kept)) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (OLD,)


def test_where_somebody_else_was_first_no_copy_is_kept(path: Path) -> None:
    make_old(path)
    with one_step_more(), reading(path), closing(connect(path, "rw")) as second:
        assert migrating.migrate(path, second, second) is None
    assert len(copies_of(path)) == 1


def unchanged_after(path: Path, sentence: str) -> None:
    """Check that writing is refused, as reading is, and the file is unchanged."""
    before = path.read_bytes()
    with pytest.raises(Unusable) as refused, writing(path):
        pass
    assert str(refused.value.message.id).startswith(sentence)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_step_that_fails_is_undone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(ledger: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    make_old(path)
    with one_step_more():
        monkeypatch.setattr(migrating, "seal", fails)
        unchanged_after(path, "The ledger {path} cannot be used")
        monkeypatch.undo()
        assert ledger_problems(path) == []


def _killed_halfway(_: Line, path: Path) -> None:
    with one_step_more(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrating, "seal", lambda _: os.kill(os.getpid(), signal.SIGKILL))
        with reading(path):
            pass


def test_a_killed_upgrade_leaves_the_old_ledger_and_its_copy(path: Path) -> None:
    before = make_old(path)
    with process(_killed_halfway, path) as (child, _):
        child.join()
        assert child.exitcode == -signal.SIGKILL
    [copy] = copies_of(path)
    for each in (path, copy):
        with reading(each) as ledger:
            assert contents(ledger) == before
    with one_step_more():
        assert ledger_problems(path) == []
    assert len(copies_of(path)) == 2


@for_all(
    "script sentence",
    [
        (
            "INSERT INTO point_return (point_id, period, day) VALUES (9, '2026Q1', '2026-04-02')",
            "The ledger {path} is damaged",
        ),
        (
            "CREATE TABLE mine (text)",
            "Another program added to the ledger {path} something that could",
        ),
    ],
)
def test_an_old_ledger_with_what_it_should_not_have_is_left_as_it_is(
    path: Path, script: str, sentence: str
) -> None:
    make_old(path, script)
    with one_step_more():
        unchanged_after(path, sentence)


@for_all("version", [OLD, 15])
def test_a_damaged_ledger_is_not_called_whole(path: Path, version: int) -> None:
    """Neither an old one nor one of a build before the first release."""
    make_old(path, f"PRAGMA user_version = {version}")
    with path.open("r+b") as file:
        file.seek(100 + 4096 * 3)
        file.write(b"\xff" * 4096)
    with one_step_more():
        unchanged_after(path, "The ledger {path} is damaged")


def test_an_old_ledger_with_an_index_of_somebody_is_brought_up_to_date(path: Path) -> None:
    make_old(
        path, "CREATE INDEX mine ON point (name); CREATE VIEW names AS SELECT name FROM point"
    )
    told: list[Message] = []
    with one_step_more(), reading(path, told.append) as ledger:
        assert ledger.execute("SELECT count(*) FROM names").fetchone()[0] >= 0
    upgraded, others = told
    assert upgraded.values["path"] == copies_of(path)[0]
    assert others.values["names"] == ["index mine", "view names"]


@pytest.mark.parametrize("schema", [OLD + 1, OLD + 3])
def test_a_newer_ledger_is_refused(path: Path, schema: int) -> None:
    make_old(path, f"PRAGMA user_version = {schema}")
    unchanged_after(path, "The ledger {path} was made by a newer program")


@pytest.mark.parametrize("version", [1, FIRST - 1, FIRST])
def test_a_ledger_of_a_build_before_the_first_release_is_told_as_what_it_is(
    path: Path, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One with the first schema's number differs in what the schema is."""
    make_old(path, f"PRAGMA user_version = {version}; DROP INDEX record_day")
    unchanged_after(path, "A build before the first release made the ledger {path}. It is whole")
    before = path.read_bytes()
    with pytest.raises(Unusable, match="A build before the first release"):
        back_up(path, path.with_name("copy.sqlite"))
    (other := path.with_name("other.sqlite")).write_bytes(empty_ledger())
    with pytest.raises(Unacceptable) as refused:
        restore(path, other)
    assert "a build before the first release made it" in render(refused.value.message)
    assert {*path.parent.iterdir()} == {path, other}
    assert path.read_bytes() == before
    # After the release what differs at a released number was altered.
    monkeypatch.setattr(migrating, "RELEASED", FIRST)
    made_by = "altered by another" if version == FIRST else "A build before the first release"
    with pytest.raises(Unusable, match=made_by), reading(path):
        pass


STRANGERS = [
    ("CREATE TRIGGER mine AFTER INSERT ON complaint BEGIN DELETE FROM act; END", "trigger mine"),
    ("CREATE TABLE mine (text)", "table mine"),
    (
        "CREATE VIEW mine AS SELECT 1; CREATE TRIGGER of_mine INSTEAD OF INSERT ON mine"
        " BEGIN SELECT 1; END",
        "trigger of_mine",
    ),
    ("CREATE UNIQUE INDEX mine ON complaint (item)", "index mine"),
    ("CREATE INDEX mine ON complaint (item) WHERE phone LIKE '139%'", "index mine"),
    ("CREATE INDEX mine ON complaint (json(item))", "index mine"),
    ("CREATE INDEX mine ON complaint (item COLLATE nocase)", "index mine"),
    ("ALTER TABLE complaint ADD COLUMN mine TEXT", "table complaint"),
    ("DROP INDEX complaint_open", "index complaint_open"),
    ("DROP TRIGGER complaint_update", "trigger complaint_update"),
    (
        "DROP TRIGGER act_delete; CREATE TRIGGER act_delete BEFORE DELETE ON act"
        " WHEN OLD.head IS NULL BEGIN SELECT 1; END",
        "trigger act_delete",
    ),
    (
        "DROP INDEX record_day; CREATE VIEW record_day AS SELECT 1",
        "index record_day, view record_day",
    ),
]


@pytest.mark.parametrize(("script", "names"), STRANGERS)
def test_what_another_program_put_into_the_schema_is_named(
    path: Path, script: str, names: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "RELEASED", FIRST)
    path.write_bytes(empty_ledger())
    with closing(sqlite3.connect(path)) as ledger:
        ledger.executescript(script)
    with pytest.raises(Unusable) as refused, reading(path):
        pass
    assert ", ".join(refused.value.message.values["names"]) == names  # type: ignore[arg-type]
