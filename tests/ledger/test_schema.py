"""The file itself refuses what the rules refuse, knows the words of words.py, and has an index for each daily question."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import pytest

from ledger12315 import words
from ledger12315.ledger.complaints.overdue import overdue
from ledger12315.ledger.figures import Scope, cases, figures
from ledger12315.ledger.store import Ledger
from ledger12315.rules.measures import MEASURES
from ledger12315.rules.periods import parse_period
from tests.ledger.made import Life, a_complaint, a_point, lived

ONE = Life(
    [a_point("mall 2026-01-01")],
    [a_complaint(0, "2026-03-02", 7, "settled")],
    [{"point": 0, "own": False, "kind": "inquiry", "day": "2026-03-02", "count": 3}],
)


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with lived(ONE) as ledger:
        ledger.execute("UPDATE complaint SET told = NULL, remark = NULL")
        yield ledger


def changes(text: str) -> list[str]:
    """`table,table.column,column value value …` stands for one change each; `table SET …` for itself."""
    found = []
    for line in map(str.strip, text.strip().splitlines()):
        place, *values = line.split()
        tables, _, columns = place.partition(".")
        sets = [
            f"{table} SET {column} = "
            for table in tables.split(",")
            for column in columns.split(",")
            if column
        ]
        found += [set_ + value for set_ in sets for value in values] or [line]
    return found


REFUSED = changes("""
    complaint.received '2026-02-31' '2026-3-2' '20260302' '' NULL
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
    complaint.disputed,recovered,facts NULL
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
    point.judgement NULL
""")


@pytest.mark.parametrize("change", REFUSED)
def test_the_file_refuses(ledger: Ledger, change: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        ledger.execute(f"UPDATE {change}")


@pytest.mark.parametrize(
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
        complaint SET disputed = 10000000000000
        complaint SET voided = '2026-03-09', void_reason = '重复'
        complaint SET serial = 12345, number = '2026-12345'
        point SET retired = '2026-01-01'
        record SET point_id = NULL, kind = 'meeting', type = 'other'
    """),
)
def test_the_file_accepts(ledger: Ledger, change: str) -> None:
    assert ledger.execute(f"UPDATE {change}").rowcount == 1


WORDS = {
    "point.sector": list(words.SECTORS),
    "point.eligibility": ["meets", "judged"],  # the other two answers are not recorded
    "point_type.type": list(words.TYPES),
    "contact.role": ["liaison", "officer"],
    "demonstration.level": ["municipal", "provincial"],
    "complaint.type": list(words.TYPES),
    "complaint.source": list(words.SOURCES),
    "complaint.channel": list(words.CHANNELS),
    "complaint.kind": list(words.KINDS),
    "complaint.category": list(words.CATEGORIES),
    "complaint.problem": list(words.PROBLEMS),
    "complaint.outcome": list(words.OUTCOMES),
    "complaint.rating": list(words.RATINGS),
    "record.kind": list(words.RECORDS),
    "record.type": list(words.TYPES),
    "contact.terms": list(words.TERMS),
    "point_return.state": [
        "received",
        "nil",
        "totals",
    ],  # what has come; the others are what has not
    "inspection.item": list(words.CONDITIONS),
}


def tables(ledger: Ledger) -> dict[str, str]:
    """Name -> how it was made."""
    plain = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
    query = f"SELECT name, sql FROM main.sqlite_master WHERE name IN ({plain}) AND name NOT LIKE '%sqlite%'"
    return dict(map(tuple, ledger.execute(query)))


def test_the_words_of_the_file_are_those_of_the_program(ledger: Ledger) -> None:
    found = {
        f"{table}.{column}": re.findall(r"'(\w+)'", listed)
        for table, sql in tables(ledger).items()
        for column, listed in re.findall(r"\b(\w+) TEXT[^,()]*CHECK \(\1 IN \(([^)]*)\)\)", sql)
    }
    assert found == WORDS
    assert set(WORDS["point.eligibility"]) < set(words.ELIGIBILITY)


def test_the_kind_follows_from_the_category(ledger: Ledger) -> None:
    def accepts(category: str, kind: str) -> bool:
        try:
            ledger.execute("UPDATE complaint SET category = ?, kind = ?", (category, kind))
        except sqlite3.IntegrityError:
            return False
        return True

    pairs = [(category, kind) for category in words.CATEGORIES for kind in words.KINDS]
    assert [pair for pair in pairs if accepts(*pair)] == [
        (category, words.kind_of(category)) for category in words.CATEGORIES
    ]


def test_every_table_is_strict(ledger: Ledger) -> None:
    strict = dict(
        map(
            tuple,
            ledger.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'"),
        )
    )
    assert [name for name in tables(ledger) if not strict[name]] == []


def test_what_is_unique(ledger: Ledger) -> None:
    query = """
        SELECT m.name || ': ' || (SELECT group_concat(name, ' ') FROM pragma_index_info(i.name))
        FROM main.sqlite_master AS m, pragma_index_list(m.name) AS i WHERE m.type = 'table' AND i."unique" ORDER BY 1"""
    assert [
        row[0]
        for row in ledger.execute(query)
        if not row[0].startswith(("sqlite", "_sqlite", "wording"))
    ] == [
        "act: head",
        "complaint: key",
        "complaint: number",
        "complaint: point_id external_no",
        "complaint: year serial",
        "file: sha256",
        "former_host: point_id until",
        "heading: name",
        "informant: record_id",
        "inspection: point_id day item",
        "point: code",
        "point: key",
        "point_return: point_id period",
        "point_type: point_id since",
        "record: key",
        "setting: key",
        "special_day: day",
        "station: key",
    ]


def steps(ledger: Ledger, act: Callable[[], object]) -> list[str]:
    """How SQLite goes about the questions that an act asks, where complaints are touched."""
    asked: list[str] = []
    ledger.set_trace_callback(asked.append)
    act()
    ledger.set_trace_callback(None)
    plans = [
        ledger.execute(f"EXPLAIN QUERY PLAN {sql}")
        for sql in asked
        if sql.lstrip().startswith("SELECT")
    ]
    return [row["detail"] for plan in plans for row in plan if " complaint " in row["detail"]]


def test_overdue_reads_the_index_of_what_is_open(ledger: Ledger) -> None:
    # The second range is what was closed after the as-of day: none where that is today.
    assert steps(ledger, lambda: overdue(ledger, date(2026, 9, 28))) == [
        "SEARCH complaint USING INDEX complaint_open (received<?)",
        "SEARCH complaint USING INDEX complaint_closed (closed>?)",
    ]


def test_no_figure_reads_all_complaints(ledger: Ledger) -> None:
    scope = Scope(parse_period("2026Q1"))
    acts: list[Callable[[], object]] = [
        partial(figures, ledger, scope),
        *(partial(cases, ledger, scope, key) for key in MEASURES),
    ]
    found = {step for act in acts for step in steps(ledger, act)}
    assert found
    assert [
        step
        for step in found
        if not re.match(r"SEARCH complaint USING (COVERING )?INDEX complaint_", step)
    ] == []
