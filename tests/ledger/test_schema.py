"""The file itself refuses what the rules refuse, knows the words, and has its indexes."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import date
from functools import partial

import pytest

from ledger12315 import words
from ledger12315.ledger.audit.erasing import erase_row
from ledger12315.ledger.complaints.overdue import overdue_complaints
from ledger12315.ledger.figures import Scope, cases, figures
from ledger12315.ledger.people import all_names
from ledger12315.ledger.store import Ledger, migrating
from ledger12315.ledger.store.history import begin
from ledger12315.ledger.store.versions import RELEASED, STEPS, fingerprint
from ledger12315.register.learned import MEANINGS
from ledger12315.rules.measures import MEASURES
from ledger12315.rules.periods import parse_period
from tests.building import built
from tests.rows import for_all

ONE = """
    register 点 --type mall --since 2026-01-01 --liaison 李四
    point amend P001 --demonstration municipal --on 2026-01-01
    log P001 --received 2026-03-02 --disputed 1
    close _ --outcome settled --closed 2026-03-09 --recovered 0.60
    record inquiry P001 --on 2026-03-02 --count 3
    returns receive P001 2026Q2 --on 2027-01-05
    words add problem 预付卡 contract
"""


# How the fingerprint of each step of a release begins: a ledger may have gone through it.
RELEASED_STEPS: tuple[str, ...] = ()


def test_each_step_makes_the_schema_of_its_fingerprint() -> None:
    found = {}
    for version in STEPS:
        with closing(migrating.ledger_of_version(version)) as made:
            found[version] = fingerprint(made)
    assert found == {version: told for version, (_, told) in STEPS.items()}


def test_no_released_step_is_edited() -> None:
    made = [told[:16] for version, (_, told) in STEPS.items() if version <= RELEASED]
    assert tuple(made) == RELEASED_STEPS


@pytest.fixture(scope="module")
def _one() -> Iterator[Ledger]:
    with built(ONE) as ledger:
        begin(ledger, "test")
        yield ledger


@pytest.fixture
def ledger(_one: Ledger) -> Iterator[Ledger]:
    """The same ledger for each test, which undoes what it did."""
    _one.execute("SAVEPOINT test")
    yield _one
    _one.execute("ROLLBACK TO test")


def changes(text: str) -> list[str]:
    """Take `table,table.column,column value ...` for a change each, `table SET ...` for itself."""
    found = []
    for line in map(str.strip, text.strip().splitlines()):
        place, *values = line.split()
        tables, _, columns = place.partition(".")
        pairs = [(table, each) for table in tables.split(",") for each in columns.split(",")]
        sets = [f"{table} SET {column} = {value}" for table, column in pairs for value in values]
        found += sets if columns else [line]
    return found


REFUSED = changes("""
    complaint.received '2026-02-31' '2026-13-01' '2026-3-2' '20260302' '' NULL
    complaint.bought '2026-02-29' '2026-03-03'
    complaint.referred '2026-03-03'
    complaint.closed '2026-03-01' NULL
    complaint.told '2026-03-01'
    complaint.outcome 'lost' 'advised' NULL
    complaint SET outcome = 'other', remark = ''
    complaint SET outcome = 'advised', told = '2026-03-01'
    complaint SET outcome = NULL, closed = NULL, recovered = 60
    complaint SET outcome = NULL, closed = NULL, recovered = 0, rating = 'satisfied'
    complaint.escalated '2026-03-03'
    complaint.escalation_reason,void_reason '疑难'
    complaint SET escalated = '2026-03-01', escalation_reason = '疑难'
    complaint SET escalated = '2026-03-10', escalation_reason = '疑难'
    complaint.voided '2026-03-09'
    complaint.disputed,purchase,recovered,multiple_damages -1 1.5 '299元' 10000000000001
    complaint.facts NULL
    complaint SET recovered = NULL, multiple_damages = 1
    complaint.multiple_damages 61
    complaint SET source = 'referred', referral_no = ''
    complaint.source,channel,kind,category,problem,rating,type 'fax'
    complaint.source,channel,kind,problem,type,point_id NULL
    complaint.complainant,item ''
    complaint.previous_id 99
    complaint SET serial = 0, number = '2026-0000'
    complaint.number '2026-2'
    complaint.year 2025
    point.area,capital,turnover,stalls -1 'much'
    point.grade 0 6
    point.eligibility 'below'
    point.judgement ''
    point.since '2026-13-01'
    point.retired '2025-12-31'
    point.filed 'soon'
    point.code,name '' NULL
    point_type.type 'shop'
    contact.role 'manager'
    contact.name ''
    demonstration.level 'national'
    point_type,contact,demonstration.until '2025-12-31'
    point_type,contact,demonstration,point_return.point_id 2 NULL
    point_return,record.day '2026-02-29'
    record.kind,type 'party'
    record.count 0 1000001 'many'
    record.point_id 2 NULL
    record SET point_id = NULL, kind = 'meeting'
    record SET point_id = NULL, type = 'other'
    station.name,county '' NULL
    station.id 2
    station,point,complaint,record.key NULL
    setting.value NULL
    complaint.promised,approved,perform_by,performed,answered '2026-03-01'
    complaint SET voided = '2026-03-01', void_reason = '重复'
    complaint SET outcome = 'advised', told = '2026-03-10'
    complaint SET outcome = 'other', remark = NULL
    complaint.source 'referred'
    complaint.referral_no,referred '2026-03-01'
    complaint.request 'apology'
    complaint SET year = 2025, number = '2025-0001'
    point.sector 'bank'
    local_word.box 'item' NULL
    local_word.word,standard '' NULL
    local_word.point_id 2
    local_word.retired 'soon'
    complaint.local_words '预付卡'
    point.judgement NULL
""")


@for_all("change", REFUSED)
def test_the_file_refuses(ledger: Ledger, change: str) -> None:
    if "2026-02-" in change and sqlite3.sqlite_version_info < (3, 46):
        return  # SQLite takes each month to have 31 days
    with pytest.raises(sqlite3.IntegrityError):
        ledger.execute(f"UPDATE {change}")


@for_all(
    "change",
    changes("""
        complaint SET closed = '2026-03-02'
        complaint SET outcome = 'advised', told = '2026-03-02'
        complaint SET outcome = 'other', remark = '转交'
        complaint SET escalated = '2026-03-09', escalation_reason = '疑难'
        complaint SET outcome = NULL, closed = NULL, recovered = 0
        complaint SET bought = '2026-03-02', purchase = 0
        complaint SET promised = '2026-03-02', perform_by = '2026-03-02', answered = '2026-03-02'
        complaint SET source = 'referred', referral_no = '1', referred = '2026-03-02'
        complaint SET category = 'food'
        complaint SET category = 'living', kind = 'service'
        complaint SET category = 'other', kind = 'other'
        complaint SET multiple_damages = 60
        complaint SET recovered = NULL, disputed = NULL
        complaint SET category = 'food', kind = NULL
        complaint SET outcome = NULL, closed = NULL, recovered = NULL
        complaint SET disputed = 10000000000000
        complaint SET voided = '2026-03-09', void_reason = '重复'
        complaint SET serial = 12345, number = '2026-12345'
        point SET retired = '2026-01-01'
        record SET point_id = NULL, kind = 'meeting', type = 'other'
    """),
)
def test_the_file_accepts(ledger: Ledger, change: str) -> None:
    assert ledger.execute(f"UPDATE {change}").rowcount == 1
    ledger.execute("ROLLBACK TO test")


# Of eligibility the other two answers are not recorded; of a return's state what has come.
WORDS = {
    "point.sector": words.SECTORS,
    "point.eligibility": ["meets", "judged"],
    "point_type.type": words.TYPES,
    "contact.role": ["liaison", "officer"],
    "contact.terms": words.TERMS,
    "demonstration.level": ["municipal", "provincial"],
    "complaint.type": words.TYPES,
    "complaint.source": words.SOURCES,
    "complaint.channel": words.CHANNELS,
    "complaint.kind": words.KINDS,
    "complaint.category": words.CATEGORIES,
    "complaint.problem": words.PROBLEMS,
    "complaint.outcome": words.OUTCOMES,
    "complaint.rating": words.RATINGS,
    "record.kind": words.RECORD_KINDS,
    "record.type": words.TYPES,
    "point_return.state": ["received", "nil", "totals"],
    "inspection.item": words.CONDITIONS,
    "local_word.box": MEANINGS,
}


def tables(ledger: Ledger) -> dict[str, str]:
    """Name -> how it was made."""
    rows = ledger.execute(
        "SELECT name, sql FROM main.sqlite_master JOIN pragma_table_list AS t USING (name)"
        " WHERE t.schema = 'main' AND t.type = 'table' AND name NOT LIKE '%sqlite%'"
    )
    return dict(map(tuple, rows))


def test_the_words_of_the_file_are_those_of_the_program(ledger: Ledger) -> None:
    found = {
        f"{table}.{column}": re.findall(r"'(\w+)'", listed)
        for table, sql in tables(ledger).items()
        for column, listed in re.findall(r"\b(\w+) TEXT[^,()]*CHECK \(\1 IN \(([^)]*)\)\)", sql)
    }
    assert found == {column: list(listed) for column, listed in WORDS.items()}
    assert set(WORDS["point.eligibility"]) < set(words.ELIGIBILITY)


def test_the_kind_follows_from_the_category(ledger: Ledger) -> None:
    for category in words.CATEGORIES:
        accepted = []
        for kind in words.KINDS:
            with suppress(sqlite3.IntegrityError):
                ledger.execute("UPDATE complaint SET category = ?, kind = ?", (category, kind))
                accepted.append(kind)
        assert accepted == [words.kind_of(category)]


def test_every_table_is_strict(ledger: Ledger) -> None:
    rows = ledger.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")
    assert {name for name, strict in rows if not strict} & tables(ledger).keys() == set()


UNIQUE = """
    act: head
    complaint: external_no point_id
    complaint: key
    complaint: number
    complaint: year serial
    file: sha256
    former_host: point_id until
    heading: point_id name
    informant: record_id
    inspection: point_id day item
    local_word: point_id box word
    point: code
    point: key
    point_return: point_id period
    point_type: point_id since
    record: key
    special_day: day notice
    station: key
"""


def test_what_is_unique(ledger: Ledger) -> None:
    columns = "SELECT group_concat(name, ' ') FROM pragma_index_info(i.name)"
    rows = ledger.execute(
        f"SELECT m.name || ': ' || ({columns}) FROM main.sqlite_master AS m"
        " JOIN pragma_index_list(m.name) AS i ON i.\"unique\" WHERE m.type = 'table' ORDER BY 1"
    )
    keys = [key for (key,) in rows if not key.startswith(("sqlite", "_sqlite"))]
    assert keys == [line.strip() for line in UNIQUE.strip().splitlines()]


def steps(ledger: Ledger, act: Callable[[], object], table: str = "complaint") -> list[str]:
    """Return SQLite's plan for an act's queries of a table, without triggers."""
    asked: list[str] = []
    ledger.set_trace_callback(asked.append)
    act()
    ledger.set_trace_callback(None)
    questions = [sql for sql in asked if not sql.startswith("--")]
    plans = [row for sql in questions for row in ledger.execute(f"EXPLAIN QUERY PLAN {sql}")]
    return [row["detail"] for row in plans if f" {table} " in row["detail"]]


def test_overdue_reads_the_index_of_what_is_open(ledger: Ledger) -> None:
    # The second range is what was closed after the as-of day: none where that is today.
    assert steps(ledger, lambda: overdue_complaints(ledger, date(2026, 9, 28))) == [
        "SEARCH complaint USING INDEX complaint_open (received<?)",
        "SEARCH complaint USING INDEX complaint_closed (closed>?)",
    ]


def test_the_names_that_mask_a_text_are_read_of_indexes(ledger: Ledger) -> None:
    assert steps(ledger, lambda: all_names(ledger)) == [
        "SCAN complaint USING COVERING INDEX complaint_complainant",
        *(
            f"SEARCH complaint USING COVERING INDEX complaint_{name} ({name}>?)"
            for name in ("respondent_contact", "handler", "followed_up_by")
        ),
    ]


def test_an_erasure_reads_the_changes_of_its_row_however_many_its_act_has(ledger: Ledger) -> None:
    assert {*steps(ledger, lambda: erase_row(ledger, "complaint", 1), "change")} == {
        "SEARCH change USING INDEX change_row (table_name=? AND row_id=?)",
        "SEARCH change USING INTEGER PRIMARY KEY (rowid=?)",
    }


def test_no_figure_reads_all_complaints(ledger: Ledger) -> None:
    scope = Scope(parse_period("2026Q1"))
    found = {*steps(ledger, lambda: figures(ledger, scope))}
    for measure in MEASURES.values():
        found |= {*steps(ledger, partial(cases, ledger, scope, measure))}
    index = re.compile(r"SEARCH complaint USING (COVERING )?INDEX complaint_")
    assert [step for step in found if not index.match(step)] == []
    assert found
