"""Older ledgers upgraded by a program with one more step; newer and altered ones refused."""

import json
import lzma
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from hashlib import sha256
from itertools import chain
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from ledger12315.boxes.tables import PERSONAL
from ledger12315.errors import Message, Unacceptable, Unusable
from ledger12315.ledger.audit import erasing
from ledger12315.ledger.audit.as_of import as_of_act
from ledger12315.ledger.audit.backup import back_up, restore
from ledger12315.ledger.audit.changes import row_changes
from ledger12315.ledger.audit.check import ledger_problems
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints.views import select_complaints
from ledger12315.ledger.figures import Scope, figures
from ledger12315.ledger.points import Point, points
from ledger12315.ledger.publication import Edition, editions, remember_edition
from ledger12315.ledger.returns.corrections import corrections
from ledger12315.ledger.returns.reported import reported_figures
from ledger12315.ledger.station import change_setting, settings
from ledger12315.ledger.store import Ledger, history, insert, migrating
from ledger12315.ledger.store.altering import rebuild
from ledger12315.ledger.store.history import begin, column_names, seal, tables
from ledger12315.ledger.store.migrating import run_steps_to
from ledger12315.ledger.store.opening import APPLICATION_ID, reading, writing
from ledger12315.ledger.store.versions import STEPS, fingerprint
from ledger12315.locale import render
from ledger12315.rules.measures import COLUMNS, without_zeros
from ledger12315.rules.periods import Period, parse_period
from tests.building import act, contents, empty_ledger, new_ledger
from tests.cli.conftest import clock_of
from tests.newer import one_step_more
from tests.states import BEFORE

pytestmark = pytest.mark.slow  # draws workbooks or starts processes

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
    path.write_bytes(empty_ledger())
    with closing(sqlite3.connect(path)) as ledger:
        begin(ledger, "old")
        ledger.executescript(";\n".join((OLD_ROWS, *more)))
        seal(ledger)
        ledger.commit()
        return contents(ledger)


@contextmanager
def of_version(path: Path, version: int) -> Iterator[Ledger]:
    """Open a new ledger of an older version, sealed up to its making."""
    with closing(migrating.ledger_of_version(version)) as made:
        seal(made)
        made.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        made.execute(f"PRAGMA user_version = {version}")
        path.write_bytes(made.serialize())
    with closing(sqlite3.connect(path, isolation_level=None)) as ledger:
        ledger.row_factory = sqlite3.Row
        yield ledger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


# It goes through all steps. Tests below begin with 2, 7, 8 and 10 to 14, and no table of these
# rows differs between 4 and 7.
def test_a_ledger_of_the_first_version_is_sound_when_it_is_brought_up_to_date(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An act knew no rehearsals.
    monkeypatch.setattr(history, "ACT_COLUMNS", "id, at, user, command, NULL")
    with clock_of("2026-06-01"), of_version(path, 1) as ledger:
        begin(ledger, "init")
        station = "INSERT INTO station (id, key, name, county) VALUES (1, 'k', '东门所', '榕溪县')"
        setting = "INSERT INTO setting (key, value) VALUES ('station_lead', '2')"
        ledger.executescript(";\n".join((station, setting, OLD_ROWS)))
        seal(ledger)
    monkeypatch.undo()
    with writing(path, "settings set") as ledger:
        change_setting(ledger, "station_lead", "3", date(2026, 7, 1))
    assert ledger_problems(path) == []
    with reading(path) as ledger:
        assert [row["headcount"] for row in select_complaints(ledger)] == [1, 1, 1]
        now = settings(ledger)
        assert (now["station_lead"], now["begins"]) == ("3", "2026-06-01")
        readable = ledger.execute("SELECT 编号, 类型, 争议金额, 处理结果, 作废日期 FROM 投诉")
        assert list(map(tuple, readable)) == [
            ("2026-0001", "商场", 3.0, None, None),
            ("2026-0002", "商场", 0.0, "和解", None),
            ("2026-0003", "商场", 0.0, None, "2026-01-06"),
        ]


def test_what_was_said_last_of_a_setting_holds_as_an_older_version_wrote_it(path: Path) -> None:
    key = "target.settled_rate"
    with of_version(path, 7) as ledger:
        begin(ledger, "init")
        ledger.execute("INSERT INTO station (key, name, county) VALUES ('k', '东门所', '榕溪县')")
        seal(ledger)
        row = "INSERT INTO setting (key, value, since) VALUES (?, ?, ?)"
        for value, since in [("80", "2026-09-01"), ("85", None), ("95", "2026-08-01")]:
            begin(ledger, "settings set")
            ledger.execute(row, (key, value, since))
            seal(ledger)
    with writing(path, "settings set") as ledger:
        change_setting(ledger, key, "70", date(2026, 9, 20), date(2026, 9, 10))
    days = [date(2026, 7, 1), date(2026, 9, 5), date(2026, 9, 20)]
    with reading(path) as ledger:
        found = {}
        for act in (3, 4, 5, None):
            with as_of_act(ledger, act):
                found[act] = [settings(ledger, day)[key] for day in days]
    assert found == {
        3: ["90", "80", "80"],
        4: ["85", "85", "85"],
        5: ["85", "95", "95"],
        None: ["85", "95", "70"],
    }
    assert ledger_problems(path) == []


def _submit_as_schema_10(ledger: Ledger, code: str, *restated: str) -> None:
    """Freeze a quarter like programs that corrected Attachment 3 alone."""
    period, last = parse_period(code), ledger.execute("SELECT max(id), head FROM act").fetchone()

    def sparse_of(told: str, point: Point | None = None) -> dict[str, dict[str, int]]:
        return without_zeros(figures(ledger, Scope(parse_period(told), None, point)), COLUMNS)

    begin(ledger, "returns submit")
    row = {"period": code, "first": period.first, "last": period.last, "day": "2027-01-05"}
    row |= {"settings": json.dumps(settings(ledger)), "act": last[0], "head": last[1]}
    row |= {"restated": json.dumps({each: sparse_of(each) for each in restated}), "entered": "-"}
    submission = insert(ledger, "submission", row)
    for form, point in ((6, None), (3, None), *((3, each) for each in points(ledger))):
        content = f"{code} {form} {point}".encode()
        digest = sha256(content).hexdigest()
        ledger.execute("INSERT INTO file VALUES (?, ?)", (digest, content))
        sent: dict[str, Any] = {"submission_id": submission, "form": form, "sha256": digest}
        sent |= {"figures": json.dumps(sparse_of(code, point)), "point_id": point and point.id}
        insert(ledger, "submitted", sent)
    seal(ledger)


def test_returns_of_schema_10_are_corrected_of_what_they_did_not_tell(path: Path) -> None:
    """They told the corrections of Attachment 3, a point's those of the quarter before."""
    late = ["log P001 --received 2026-09-28", "record visit P001 --on 2026-09-25"]
    with of_version(path, 10) as ledger:
        begin(ledger, "init")
        ledger.execute("INSERT INTO station VALUES (1, 'k', '东门所', '榕溪县', NULL)")
        seal(ledger)
        act(ledger, "settings set begins 2026-07-01", "register 甲 --type mall --since 2026-07-01")
        act(ledger, "log P001 --received 2026-08-03", "calendar day 2026-10-02 --work --why 值班")
        _submit_as_schema_10(ledger, "2026Q3")
        act(ledger, *late)
        _submit_as_schema_10(ledger, "2026Q4", "2026Q3")
    with writing(path, "settings set") as ledger:
        change_setting(ledger, "station_lead", "3", date(2027, 1, 7))
    with closing(sqlite3.connect(path, isolation_level=None)) as ledger:
        ledger.row_factory = sqlite3.Row
        quarter, [point] = parse_period("2026Q3"), points(ledger)
        visits = ["visits total 0 1", "visits mall 0 1"]
        assert _corrected(ledger, quarter) == visits
        said = reported_figures(ledger, quarter)
        assert {whose: said[whose].figures["received"]["total"] for whose in said} == {
            None: 2,
            point.id: 2,
        }
        act(ledger, "complaint void 2026-0002 --reason 重复")
        received = [
            f"{key} {type_} 2 1"
            for key in ("received", "received_direct")
            for type_ in ("total", "mall")
        ]
        found = _corrected(ledger, quarter)
        assert [line for line in found if line.startswith(("received ", "received_d"))] == received
        assert [line for line in found if line.startswith("visits")] == visits
        act(ledger, "returns submit 2027Q1")
        assert _corrected(ledger, quarter) == []
        assert [row[0] for row in ledger.execute("SELECT schema FROM submission")] == [
            *(None, None),
            max(STEPS),
        ]
        # 2 October is worked by the station's own word, and off by the notice.
        calendar = calendar_of(ledger)
        day = date(2026, 10, 2)
        assert (calendar.working(day), calendar.national.working(day)) == (True, False)
    assert ledger_problems(path) == []


def _as_schema_7(path: Path, told: dict[str, Any], used: dict[str, str]) -> None:
    """Write a ledger of schema 7 with rows, and a return with figures for each period."""
    with of_version(path, 7) as ledger:
        begin(ledger, "init")
        ledger.execute("INSERT INTO station (id, key, name, county) VALUES (1, 'k', '甲所', '县')")
        ledger.executescript(OLD_ROWS)
        insert(ledger, "setting", {"key": "begins", "value": "2026-01-01"})
        seal(ledger)
        for code, by_form in told.items():
            period, last = parse_period(code), ledger.execute("SELECT max(id), head FROM act")
            act_id, head = last.fetchone()
            begin(ledger, "returns submit")
            row = {"period": code, "first": period.first, "last": period.last, "act": act_id}
            row |= {
                "day": "2027-01-05",
                "settings": json.dumps(used),
                "head": head,
                "restated": "{}",
            }
            submission = insert(ledger, "submission", row | {"entered": "-"})
            for form, point, figures_ in by_form:
                content = f"{code} {form} {point}".encode()
                digest = sha256(content).hexdigest()
                ledger.execute("INSERT INTO file VALUES (?, ?)", (digest, content))
                sent: dict[str, Any] = {"submission_id": submission, "form": form}
                sent |= {"sha256": digest, "figures": json.dumps(figures_), "point_id": point}
                insert(ledger, "submitted", sent)
            seal(ledger)


def test_returns_of_schema_7_have_no_false_correction(path: Path) -> None:
    """Quarters and the year told what the rows of then add up to, and nothing changed since."""
    codes = ("2026Q1", "2026Q2", "2026")
    _as_schema_7(path, {}, {})
    with writing(path, "settings set") as ledger:
        used = settings(ledger)
        forms = [(6, None), (3, None), *((3, each) for each in points(ledger))]
        told = {
            code: [
                (form, point and point.id, without_zeros(figures(ledger, scope), COLUMNS))
                for form, point in forms
                for scope in [Scope(parse_period(code), None, point)]
            ]
            for code in codes
        }
    assert told["2026Q1"][0][2]["received"]["total"] == 2
    path.unlink()
    _as_schema_7(path, told, used)
    with writing(path, "settings set") as ledger:
        change_setting(ledger, "station_lead", "3", date(2027, 1, 7))
    with reading(path) as ledger:
        assert [_corrected(ledger, parse_period(code)) for code in codes] == [[], [], []]
    assert ledger_problems(path) == []


@pytest.mark.parametrize("version", [7, 11])
def test_an_old_ledger_can_be_published_from(version: int, path: Path) -> None:
    with of_version(path, version) as ledger:
        begin(ledger, "init")
        ledger.execute("INSERT INTO station (id, key, name, county) VALUES (1, 'k', '甲所', '县')")
        ledger.executescript(OLD_ROWS)
        seal(ledger)
    first = Edition(1, 2, "0" * 64, "{}")
    with writing(path, "publish") as ledger:
        assert editions(ledger, "2026Q1") == []
        remember_edition(ledger, "2026Q1", first)
    with reading(path) as ledger:
        assert editions(ledger, "2026Q1") == [first]
        rows = ledger.execute("SELECT name, recovered FROM point JOIN complaint ON true")
        assert [tuple(row) for row in rows] == [("百货", 0), ("百货", 100), ("百货", 0)]
    assert ledger_problems(path) == []


def test_what_was_said_is_erased_as_far_as_no_sealed_change_has_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 1 and 2 it was said with schema 14, which left it in 2 as it erased it; of 3 later."""
    said = "UPDATE complaint SET answered_how = '{0}1', followed_up_how = '{0}2' WHERE id = {1}"
    ended = "UPDATE complaint SET closed = '2026-01-06', outcome = 'settled' WHERE id = 1"
    with clock_of("2029-09-28"), of_version(path, 14) as ledger:
        begin(ledger, "init")
        ledger.execute("INSERT INTO station (id, key, name, county) VALUES (1, 'k', '甲所', '县')")
        rows = (said.format("赵六初", 1), said.format("赵六末", 1), said.format("李四", 2))
        ledger.executescript(";\n".join((OLD_ROWS, *rows, ended)))
        seal(ledger)
        before = [column for column in PERSONAL["complaint"] if not column.endswith("_how")]
        with monkeypatch.context() as older:
            older.setattr(erasing, "PERSONAL", {"complaint": before})
            begin(ledger, "complaint erase")
            erasing.erase_row(ledger, "complaint", 2)
            seal(ledger)
    query = "SELECT complainant, answered_how, followed_up_how FROM complaint"
    with clock_of("2029-09-28"), writing(path, "close") as ledger:
        erased = ("〔已清除〕", None, None)
        assert [*map(tuple, ledger.execute(query))] == [
            ("张三", "赵六末1", "赵六末2"),
            erased,
            ("李四", None, None),
        ]
        ledger.execute(said.format("孙小美", 3))
    assert ledger_problems(path) == []
    with clock_of("2029-09-28"), writing(path, "complaint erase") as ledger:
        erasing.erase(ledger, ["2026-0001", "2026-0003"], date(2029, 9, 28))
        assert [*map(tuple, ledger.execute(query))] == [erased] * 3
    assert ledger_problems(path) == []
    with reading(path) as ledger:
        told = [
            each.values for each in row_changes(ledger, None, None) if each.table == "complaint"
        ]
        assert {*chain(*told)} & {*PERSONAL["complaint"]} == set()
        with as_of_act(ledger, 2):
            assert len([*select_complaints(ledger, keys=["number"])]) == 3
    left = [
        name
        for name in ("赵六初", "赵六末", "李四", "孙小美")
        if name.encode() in path.read_bytes()
    ]
    assert left == ["赵六初", "赵六末", "李四"]


def test_views_of_schema_13_show_what_they_left_out(path: Path) -> None:
    rows = (
        "UPDATE point SET filed = '2026-02-03', filing_no = '备〔2026〕7号'",
        """INSERT INTO record (id, key, kind, point_id, type, day, count, respondent, place,
               complaints, promised, promised_by, fulfilled, entered) VALUES
            (2, 'm', 'meeting', NULL, 'other', '2026-02-03', 1, NULL, '所会议室', NULL, NULL, NULL,
             NULL, ''),
            (3, 'i', 'interview', 1, 'mall', '2026-02-04', 1, '3号柜', NULL, '2026-0001', '换货',
             '2026-02-11', '2026-02-10', '')""",
    )
    with of_version(path, 13) as ledger:
        begin(ledger, "init")
        ledger.execute("INSERT INTO station (id, key, name, county) VALUES (1, 'k', '甲所', '县')")
        ledger.executescript(";\n".join((OLD_ROWS, *rows)))
        seal(ledger)
        before = [*map(tuple, ledger.execute("SELECT * FROM 投诉"))]
        before += map(tuple, ledger.execute("SELECT * FROM 报表"))
        with pytest.raises(sqlite3.OperationalError, match="no such column: 备案号"):
            ledger.execute("SELECT 备案号 FROM 服务点")
    with writing(path, "settings set") as ledger:
        change_setting(ledger, "station_lead", "3", date(2026, 7, 1))
    with closing(sqlite3.connect(path)) as ledger:
        filed = ledger.execute("SELECT 名称, 备案日期, 备案号 FROM 服务点").fetchall()
        assert filed == [("百货", "2026-02-03", "备〔2026〕7号")]
        held = ledger.execute("SELECT 事项, 地点, 涉及投诉, 承诺期限, 落实日期 FROM 登记")
        assert held.fetchall() == [
            ("案件线索", None, None, None, None),
            ("会议", "所会议室", None, None, None),
            ("约谈", None, "2026-0001", "2026-02-11", "2026-02-10"),
        ]
        after = [*ledger.execute("SELECT * FROM 投诉"), *ledger.execute("SELECT * FROM 报表")]
        assert after == before
    assert ledger_problems(path) == []


def _corrected(ledger: Ledger, period: Period) -> list[str]:
    found = corrections(ledger, period)
    return [f"{line.key} {line.type} {line.submitted} {line.now}" for line in found]


def copy_of(path: Path) -> Path:
    return path.with_name(f"ledger.sqlite.schema-{OLD}")


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


@pytest.mark.parametrize("was", ["'unreachable', 'lost'", "CHECK"])
def test_a_table_is_not_made_anew_where_its_sql_is_not_as_the_step_thinks(was: str) -> None:
    with (
        closing(migrating.ledger_of_version(OLD)) as ledger,
        pytest.raises(ValueError, match="values to unpack"),
    ):
        rebuild(ledger, "complaint", was, "")


@pytest.mark.parametrize("table", ["setting", "file", "special_day"])
def test_any_table_is_made_anew_row_for_row(path: Path, table: str) -> None:
    make_old(path, f"INSERT INTO file VALUES ('{'0' * 64}', x'00')")
    with closing(sqlite3.connect(path)) as ledger:
        query = f"SELECT rowid, * FROM {table}"
        was = {name: sql.replace(f'"{table}"', table) for name, sql in schema(ledger).items()}
        before = (ledger.execute(query).fetchall(), was, contents(ledger, table))
        rebuild(ledger, table, ") STRICT", ") STRICT")
        after = {name: sql.replace(f'"{table}"', table) for name, sql in schema(ledger).items()}
        assert (ledger.execute(query).fetchall(), after, contents(ledger, table)) == before


def test_what_the_triggers_keep_apart_is_what_the_program_takes_for_personal() -> None:
    with closing(migrating.ledger_of_version(OLD)) as ledger:
        found = {
            table: [
                column for column in column_names(ledger, table) if f"'{column}', NEW." in apart
            ]
            for table in tables(ledger)
            for apart in [trigger(ledger, f"{table}_insert").split(" AS common, ")[1]]
        }
    assert {table: {*kept} for table, kept in found.items() if kept} == {
        table: {*kept} for table, kept in PERSONAL.items()
    }


def test_headings_that_were_learned_before_are_the_stations_own() -> None:
    with closing(migrating.ledger_of_version(2)) as ledger:
        ledger.execute("INSERT INTO heading (name, box) VALUES ('诉求', 'request')")
        run_steps_to(ledger, 3)
        assert contents(ledger)["heading"] == [(1, "诉求", None, "request")]


def trigger(ledger: Ledger, name: str) -> str:
    query = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?"
    return str(ledger.execute(query, (name,)).fetchone()[0])


def test_numbers_of_registers_stay_each_points_own(path: Path) -> None:
    with closing(migrating.ledger_of_version(8)) as ledger:
        seal(ledger)
        begin(ledger, "old")
        second = OLD_ROWS.split("INSERT INTO point_type")[0]
        for old, new in ((" (1, 'k'", " (2, 'k2'"), ("P001", "P002")):
            second = second.replace(old, new)
        numbered = "UPDATE complaint SET external_no = 'A-1'{} WHERE id = {}"
        moved = (numbered.format("", 1), numbered.format(", point_id = 2", 3))
        ledger.executescript(";\n".join((OLD_ROWS, second, *moved)))
        run_steps_to(ledger, 9)
        found = "SELECT number FROM complaint WHERE external_no = 'A-1' ORDER BY id"
        plan = ledger.execute(f"EXPLAIN QUERY PLAN {found}").fetchall()
        assert "complaint_external (external_no=?)" in plan[0][3]
        assert ledger.execute(found).fetchall() == [("2026-0001",), ("2026-0003",)]
        with pytest.raises(sqlite3.IntegrityError):
            ledger.execute(numbered.format("", 2))


def test_interviews_of_before_promised_nothing_and_points_keep_their_day_of_filing(
    path: Path,
) -> None:
    with closing(migrating.ledger_of_version(12)) as ledger:
        seal(ledger)
        begin(ledger, "old")
        ledger.executescript(f"""
            {OLD_ROWS};
            UPDATE point SET filed = '2020-02-01';
            INSERT INTO record (key, kind, point_id, type, day, count, respondent, entered)
                VALUES ('i', 'interview', 1, 'mall', '2026-02-01', 1, '王记', '')""")
        run_steps_to(ledger, 13)
        kept = "SELECT respondent, promised, promised_by, fulfilled FROM record WHERE key = 'i'"
        assert ledger.execute(kept).fetchall() == [("王记", None, None, None)]
        filed = "SELECT filed, filing_no FROM point"
        assert ledger.execute(filed).fetchall() == [("2020-02-01", None)]
        ledger.execute("UPDATE record SET promised = '退款' WHERE key = 'i'")
        [told] = ledger.execute("SELECT personal FROM change ORDER BY id DESC LIMIT 1").fetchone()
        assert json.loads(told) == {"promised": [None, "退款"]}
        for refused in (
            "UPDATE record SET promised = NULL, fulfilled = '2026-02-02' WHERE key = 'i'",
            "UPDATE point SET filed = NULL, filing_no = '5'",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                ledger.execute(refused)


def test_a_copy_of_the_old_ledger_is_kept_beside_it(path: Path) -> None:
    before = make_old(path)
    with one_step_more(), reading(path):
        pass
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name, copy_of(path).name]
    assert copy_of(path).stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy_of(path))) as copy:
        assert contents(copy) == before
        assert copy.execute("PRAGMA user_version").fetchone() == (OLD,)


def test_what_is_written_after_it_belongs_to_acts_of_its_own(path: Path) -> None:
    make_old(path)
    with one_step_more():
        with writing(path, "settings set") as ledger:
            ledger.execute("UPDATE setting SET value = '90' WHERE key = 'notice_from'")
        with reading(path) as ledger:
            acts = ledger.execute("SELECT command FROM act ORDER BY id").fetchall()
        assert [row[0] for row in acts] == ["migrate", "init", "old", "migrate", "settings set"]
        assert ledger_problems(path) == []


def _open_each(line: "Connection[Any, Any]") -> None:
    with one_step_more():
        while True:
            with reading(line.recv()) as ledger:
                line.send(ledger.execute("SELECT count(*) FROM complaint").fetchone()[0])


@contextmanager
def opener() -> Iterator["Connection[Any, Any]"]:
    """Start a process that opens the ledgers it is sent; a fork has all steps loaded."""
    ours, its = Pipe()
    process = Process(target=_open_each, args=(its,), daemon=True)
    process.start()
    try:
        yield ours
    finally:
        process.terminate()
        process.join()


def test_two_that_open_an_old_ledger_at_once_both_can(tmp_path: Path) -> None:
    with one_step_more():
        pass  # the forks find the step's fingerprint
    with opener() as one, opener() as other:
        for number in range(2):
            path = tmp_path / str(number) / "ledger.sqlite"
            path.parent.mkdir()
            make_old(path)
            for each in (one, other):
                each.send(path)
            assert (one.recv(), other.recv()) == (3, 3)
            with one_step_more():
                assert ledger_problems(path) == []
            with closing(sqlite3.connect(copy_of(path))) as copy:
                assert copy.execute("PRAGMA user_version").fetchone() == (OLD,)


def test_the_copy_is_of_the_old_ledger_whoever_is_first(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(count: int) -> bytes:
        monkeypatch.undo()
        with reading(path):
            pass
        return b"1" * count

    make_old(path)
    monkeypatch.setattr(os, "urandom", overtaken)
    with one_step_more(), reading(path):
        pass
    with closing(sqlite3.connect(copy_of(path))) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (OLD,)


def test_a_copy_that_stands_already_is_not_replaced(path: Path) -> None:
    make_old(path)
    copy_of(path).write_bytes(b"mine")
    with one_step_more(), reading(path):
        pass
    assert copy_of(path).read_bytes() == b"mine"


def unchanged_after(path: Path, sentence: str) -> None:
    """Check that reading and writing are refused, and the file is unchanged."""
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
    with one_step_more():
        monkeypatch.setattr(migrating, "seal", fails)
        unchanged_after(path, "The ledger {path} cannot be used")
        monkeypatch.undo()
        with reading(path):
            pass
        assert ledger_problems(path) == []


def test_an_old_ledger_whose_rows_refer_to_nothing_is_left_as_it_is(path: Path) -> None:
    stray = "INSERT INTO point_return (point_id, period, day) VALUES (9, '2026Q1', '2026-04-02')"
    make_old(path, stray)
    with one_step_more():
        unchanged_after(path, "The ledger {path} is damaged")


def test_an_old_ledger_that_is_damaged_is_left_as_it_is(path: Path) -> None:
    make_old(path)
    with path.open("r+b") as file:
        file.seek(100 + 4096 * 3)
        file.write(b"\xff" * 4096)
    with one_step_more():
        unchanged_after(path, "The ledger {path} is damaged")
    assert not copy_of(path).exists()


def test_an_old_ledger_that_was_altered_is_left_as_it_is(path: Path) -> None:
    make_old(path, "CREATE TABLE mine (text)")
    with one_step_more():
        unchanged_after(path, "Another program added to the ledger {path} something that could")
    assert not copy_of(path).exists()


def test_an_old_ledger_with_an_index_of_somebody_is_brought_up_to_date(path: Path) -> None:
    make_old(
        path, "CREATE INDEX mine ON point (name); CREATE VIEW names AS SELECT name FROM point"
    )
    told: list[Message] = []
    with one_step_more(), reading(path, told.append) as ledger:
        assert ledger.execute("SELECT count(*) FROM names").fetchone()[0] >= 0
    assert [each.values["names"] for each in told] == [["index mine", "view names"]]


@pytest.mark.parametrize("schema", [OLD + 1, OLD + 3])
def test_a_newer_ledger_is_refused(path: Path, schema: int) -> None:
    """Also one of the program's first drafts, whose schema was the fourth."""
    make_old(path, f"PRAGMA user_version = {schema}")
    unchanged_after(path, "The ledger {path} was made by a newer program")


def test_a_ledger_whose_steps_were_rewritten_is_told_as_what_it_is(path: Path) -> None:
    old = lzma.decompress(BEFORE.read_bytes())
    backup = path.with_name("backup.sqlite")
    for file in (path, backup):
        file.write_bytes(old)
    made = "made by a program version of 2026-11-26 or earlier"
    for door in (reading, writing):
        with pytest.raises(Unusable, match=made), door(path):
            pass
    with pytest.raises(Unusable, match=made):
        back_up(path, path.with_name("copy.sqlite"))
    new_ledger(path.with_name("new.sqlite"))
    with pytest.raises(Unacceptable) as refused:
        restore(backup, path.with_name("new.sqlite"))
    assert "a program version of 2026-11-26 or earlier made it" in render(refused.value.message)
    assert {file.name for file in path.parent.iterdir()} == {path.name, backup.name, "new.sqlite"}
    assert path.read_bytes() == backup.read_bytes() == old


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
    path: Path, script: str, names: str
) -> None:
    path.write_bytes(empty_ledger())
    with closing(sqlite3.connect(path)) as ledger:
        ledger.executescript(script)
    with pytest.raises(Unusable) as refused, reading(path):
        pass
    assert ", ".join(refused.value.message.values["names"]) == names  # type: ignore[arg-type]


def test_a_ledger_that_another_program_altered_is_refused_by_all(path: Path) -> None:
    names = "trigger mine"
    other, kept = path.with_name("other.sqlite"), empty_ledger()
    for each in (path, other):
        each.write_bytes(kept)
    with closing(sqlite3.connect(path)) as ledger:
        ledger.executescript(STRANGERS[0][0])
    before = path.read_bytes()
    doors: list[Callable[[], object]] = [
        lambda: reading(path).__enter__(),
        lambda: writing(path).__enter__(),
        lambda: ledger_problems(path),
        lambda: back_up(path, path.with_name("copy.sqlite")),
    ]
    for door in doors:
        with pytest.raises(Unusable) as refused:
            door()
        assert refused.value.message.values["names"] == [names]
    with pytest.raises(Unacceptable) as unacceptable:
        restore(path, other)
    assert render(unacceptable.value.message).endswith(
        f"altered it: {names}. Nothing was changed."
    )
    assert (path.read_bytes(), other.read_bytes()) == (before, kept)
    assert sorted(each.name for each in path.parent.iterdir()) == ["ledger.sqlite", "other.sqlite"]
