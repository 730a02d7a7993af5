"""What a station owes its points, and what is proposed to it: of a small ledger, as of a day. 三(五)2, 3, 5; 三(三)5, 6"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from ledger12315.boxes.fields import LOG, POINT, RECORD_BOXES, parse_all
from ledger12315.errors import Refused
from ledger12315.ledger import guidance as supervision
from ledger12315.ledger import points, records
from ledger12315.ledger.complaints import acts as complaints
from ledger12315.ledger.points.setting_up import set_up
from ledger12315.ledger.station import change_setting
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import begin
from ledger12315.rules.periods import parse_period
from tests.cli.conftest import table
from tests.ledger.acted import acted

TODAY = date(2026, 9, 28)
Q3 = parse_period("2026Q3")


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    """P001 点 with the liaison 林秀珍 since 2022, P002 东门商场 of 东门百货 with two, P003 retired, all without an officer."""
    with acted(()) as ledger:
        begin(ledger, "test")
        shop = {"type": "other", "judgement": "多", "since": "2026-01-05"}
        more = {"name": "东门商场", "host": "东门百货", "liaison": "王海;李梅"}
        set_up(ledger, parse_all(POINT.values(), shop | more, TODAY), TODAY)
        set_up(
            ledger,
            parse_all(POINT.values(), shop | {"name": "旧店", "liaison": "周舟"}, TODAY),
            TODAY,
        )
        ledger.execute("UPDATE point SET retired = '2026-09-10' WHERE code = 'P003'")
        yield ledger


def record(ledger: Ledger, line: str) -> int:
    """`kind POINT DAY box=value …`; `-` is no point."""
    kind, point, day, *given = filter(None, line.split(" "))  # a wide space belongs to a name
    boxes = parse_all(
        RECORD_BOXES.values(), {"on": day} | dict(each.split("=") for each in given), TODAY
    )
    made: int = records.record(
        ledger, kind, None if point == "-" else points.find_point(ledger, point), boxes, TODAY
    )["id"]
    return made


def complain(
    ledger: Ledger,
    respondents: str,
    point: str = "P002",
    received: str = "2026-07-10",
    disputed: str = "300",
) -> None:
    """One complaint for each respondent of a list with commas; `-` names none."""
    for respondent in respondents.split(","):
        boxes = {
            "complainant": "张三",
            "item": "鞋",
            "facts": "开胶",
            "kind": "goods",
            "received": received,
            "disputed": disputed,
        }
        named = {} if respondent == "-" else {"respondent": respondent}
        complaints.log(
            ledger, points.find_point(ledger, point), parse_all(LOG, boxes | named, TODAY), TODAY
        )


@table("""
    month      | today      | visits                                       | owed
    2026-09-01 | 2026-09-28 |                                              | P001 P002
    2026-09-01 | 2026-09-09 |                                              | P001 P002 P003
    2026-08-01 | 2026-09-28 |                                              | P001 P002 P003
    2026-01-01 | 2026-01-04 |                                              | P001
    2026-09-01 | 2026-09-28 | visit P001 2026-09-01,visit P002 2026-09-28  | -
    2026-09-01 | 2026-09-28 | visit P001 2026-08-31,meeting P002 2026-09-02 | P001 P002
    2026-09-01 | 2026-09-20 | visit P001 2026-09-21                        | P001 P002
""")
def test_visits_owed(month: str, today: str, visits: str, owed: str, ledger: Ledger) -> None:
    for line in filter(None, visits.split(",")):
        record(ledger, line)
    found = supervision.visits_owed(ledger, date.fromisoformat(month), date.fromisoformat(today))
    assert [each["point"] for each in found] == owed.strip("-").split()


def test_a_void_visit_is_none(ledger: Ledger) -> None:
    records.void(ledger, record(ledger, "visit P001 2026-09-01"), "记错", "2026-09-02")
    assert [
        each["point"] for each in supervision.visits_owed(ledger, date(2026, 9, 1), TODAY)
    ] == [
        "P001",
        "P002",
    ]


@table("""
    trainings                                                  | untrained
    -                                                          | 林秀珍 王海 李梅
    training P002 2026-03-01                                   | 林秀珍
    training - 2026-03-01 attended=林秀珍\uff0c王　海          | 李梅
    training - 2025-12-31 attended=林秀珍、王海、李梅          | 林秀珍 王海 李梅
    meeting P002 2026-03-01                                    | 林秀珍 王海 李梅
""")
def test_liaisons_without_a_training_this_year(
    trainings: str, untrained: str, ledger: Ledger
) -> None:
    if trainings != "-":
        record(ledger, trainings)
    assert [
        each["liaison"] for each in supervision.untrained(ledger, 2026, TODAY)
    ] == untrained.split()


@table("""
    respondents                      | warned                                           | proposed
    新步鞋店,新步鞋店                |                                                  |
    新步鞋店,新 步鞋店,新步鞋店      |                                                  | 新步鞋店 3
    3F鞋,\uff13\uff26鞋,3f 鞋        |                                                  | 3F鞋 3
    -,东门百货,东门商场              |                                                  | 东门百货 3
    新步鞋店,-,东门百货              |                                                  |
    新步鞋店,新步鞋店,新步鞋店       | notice P002 2026-08-01 respondent=新步鞋店       |
    新步鞋店,新步鞋店,新步鞋店       | interview P002 2026-09-28 respondent=新步\u3000鞋店 |
    -,-,-                            | notice P002 2026-08-01 respondent=东门商场       |
    新步鞋店,新步鞋店,新步鞋店       | notice P002 2026-06-30 respondent=新步鞋店       | 新步鞋店 3
    新步鞋店,新步鞋店,新步鞋店       | notice P002 2026-07-09 respondent=新步鞋店       | 新步鞋店 3
    新步鞋店,新步鞋店,新步鞋店       | notice P002 2026-07-10 respondent=新步鞋店       |
    新步鞋店,新步鞋店,新步鞋店       | notice P001 2026-08-01 respondent=新步鞋店       | 新步鞋店 3
    新步鞋店,新步鞋店,新步鞋店       | notice P002 2026-08-01 respondent=老步鞋店       | 新步鞋店 3
    新步鞋店,新步鞋店,新步鞋店       | visit P002 2026-08-01                            | 新步鞋店 3
""")
def test_notices_proposed(respondents: str, warned: str, proposed: str, ledger: Ledger) -> None:
    complain(ledger, respondents)
    complain(ledger, "新步鞋店,-", point="P001")
    complain(ledger, "新步鞋店,-", received="2026-06-30")
    if warned:
        record(ledger, warned)
    found = supervision.notices_proposed(ledger, Q3)
    assert [f"{each['respondent']} {len(each['numbers'])}" for each in found] == [proposed] * bool(
        proposed
    )


def test_a_proposal_has_its_numbers_and_leaves_out_what_is_void(ledger: Ledger) -> None:
    complain(ledger, "乙,甲,乙,乙,乙")
    complaints.void(ledger, "2026-0003", "重复", "2026-09-28")
    change_setting(ledger, "notice_from", "3")
    known = {"point": "P002", "point_name": "东门商场", "respondent": "乙"}
    assert supervision.notices_proposed(ledger, Q3) == [
        known | {"numbers": ["2026-0001", "2026-0004", "2026-0005"]}
    ]
    change_setting(ledger, "notice_from", "4")
    assert supervision.notices_proposed(ledger, Q3) == []


def test_a_host_that_left_keeps_its_complaints(ledger: Ledger) -> None:
    ledger.execute(
        "INSERT INTO former_host (point_id, name, until) VALUES (2, '西门百货', '2026-07-11')"
    )
    complain(ledger, "-,-,-")
    complain(ledger, "-,-", received="2026-07-11")
    found = [
        (each["respondent"], len(each["numbers"]))
        for each in supervision.notices_proposed(ledger, Q3)
    ]
    assert found == [("西门百货", 3)]


@table("""
    day        | cases                            | quarter
    2026-08-01 | 2026-0001 2026-0002              | 2026Q3
    2026-07-09 |                                  | 2026Q3
    2026-09-28 | 2026-0001 2026-0002 2026-0004    | 2026Q3
    2026-10-08 | 2026-0001 2026-0002 2026-0004    | 2026Q3
""")
def test_the_cases_of_a_notice(day: str, cases: str, quarter: str, ledger: Ledger) -> None:
    complain(ledger, "新步鞋店,新 步鞋店,-")
    complain(ledger, "新步鞋店", received="2026-09-28")
    made = record(ledger, "notice P002 2026-08-01 respondent=新步\u3000鞋店 text=请整改")
    records.amend(ledger, made, {"on": day})
    notice = supervision.notice_cases(ledger, made)
    assert [each["number"] for each in notice["cases"]] == cases.split()
    assert notice["quarter"].code == quarter
    known = {
        "id": made,
        "kind": "notice",
        "point": "P002",
        "point_name": "东门商场",
        "day": day,
        "text": "请整改",
        "result": None,
    }
    assert {key: notice[key] for key in known} == known


def test_a_case_of_a_notice_has_what_its_document_shows(ledger: Ledger) -> None:
    complain(ledger, "甲")
    case: dict[str, Any] = {
        "number": "2026-0001",
        "received": "2026-07-10",
        "item": "鞋",
        "problem": "other",
    }
    notice = supervision.notice_cases(
        ledger, record(ledger, "interview P002 2026-08-01 respondent=甲")
    )
    assert notice["cases"] == [case | {"disputed": 30000, "outcome": None}]


def test_only_notices_and_interviews_have_cases(ledger: Ledger) -> None:
    with pytest.raises(Refused, match="no notice and no interview"):
        supervision.notice_cases(ledger, record(ledger, "visit P002 2026-08-01"))


@table("""
    disputed | recorded | proposed
    4999.99  |          |
    5000     |          | 2026-0001
    5000     | number   |
    5000     | void     | 2026-0001
    5000     | other    | 2026-0001
""")
def test_major_matters_proposed(
    disputed: str, recorded: str, proposed: str, ledger: Ledger
) -> None:
    complain(ledger, "甲", disputed=disputed)
    complain(ledger, "甲", received="2026-06-30", disputed="9999")
    if recorded:
        number = "" if recorded == "other" else "number=2026-1"
        made = record(ledger, f"major P002 2026-08-01 {number}")
        if recorded == "void":
            records.void(ledger, made, "记错", "2026-08-02")
    found = supervision.majors_proposed(ledger, Q3.first, TODAY)
    assert [each["number"] for each in found] == proposed.split()


def test_a_void_complaint_is_no_major_matter(ledger: Ledger) -> None:
    complain(ledger, "甲", disputed="9999")
    complaints.void(ledger, "2026-0001", "重复", "2026-09-28")
    assert supervision.majors_proposed(ledger, Q3.first, TODAY) == []


def test_leads_and_major_matters_not_yet_reported(ledger: Ledger) -> None:
    made = [
        record(ledger, line)
        for line in (
            "lead P001 2026-08-02",
            "major P002 2026-08-01",
            "lead P001 2026-08-03 agency=公安局",
        )
    ]
    record(ledger, "lead P001 2026-08-02 reported=2026-08-02")
    record(ledger, "visit P001 2026-08-02")
    records.void(ledger, made[2], "记错", "2026-08-04")
    major = {
        "id": made[1],
        "kind": "major",
        "point": "P002",
        "point_name": "东门商场",
        "on": "2026-08-01",
    }
    lead = {"id": made[0], "kind": "lead", "point": "P001", "point_name": "点", "on": "2026-08-02"}
    assert supervision.unreported(ledger) == [major, lead]
