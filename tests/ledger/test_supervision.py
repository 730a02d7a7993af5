"""A station's duties towards its points, and proposed notices. 三(五)2, 3, 5; 三(三)5, 6"""

from collections.abc import Iterator
from datetime import date

import pytest

from ledger12315.errors import Refused
from ledger12315.ledger import notices
from ledger12315.ledger.duties import Duty, duties
from ledger12315.ledger.store import Ledger
from ledger12315.rules.periods import parse_period
from tests.building import act, built, loaded
from tests.rows import table

TODAY = date(2026, 9, 28)
Q3 = parse_period("2026Q3")
POINTS = """
    register 点 --type other --since 2022-01-01 --liaison 林秀珍
    register 东门商场 --type other --since 2026-01-05 --host 东门百货 --liaison 王海;李梅
    register 旧店 --type other --since 2026-01-05 --liaison 周舟
    point retire P003 --on 2026-09-10
"""


@pytest.fixture(scope="module")
def _points() -> bytes:
    with built(POINTS, TODAY) as ledger:
        return ledger.serialize()


@pytest.fixture
def ledger(_points: bytes) -> Iterator[Ledger]:
    with loaded(_points) as ledger:
        yield ledger


def do(ledger: Ledger, lines: str) -> None:
    """Run lines separated by semicolons."""
    act(ledger, *filter(None, map(str.strip, lines.split(";"))), today=TODAY)


def due(ledger: Ledger, kind: str, today: date = TODAY) -> list[Duty]:
    return duties(ledger, today, 0, kind)


def complain(ledger: Ledger, respondents: str, point: str = "P002", more: str = "") -> None:
    """Log one complaint for each respondent of a list with commas; `-` means none."""
    for respondent in respondents.split(","):
        named = "" if respondent == "-" else f"--respondent '{respondent}'"
        line = f"log {point} --received 2026-07-10 --disputed 300 {named} {more}"
        act(ledger, line, today=TODAY)


@table("""
    today      | visits                                          | owed
    2026-09-28 |                                                 | P001 P002
    2026-09-09 |                                                 | P001 P002 P003
    2026-08-31 |                                                 | P001 P002 P003
    2026-01-04 |                                                 | P001
    2026-09-28 | {visit} P001 --on 2026-09-01; {visit} P002 --on 2026-09-28 |
    2026-09-28 | {visit} P001 --on 2026-08-31; record meeting P002 | P001 P002
    2026-09-20 | {visit} P001 --on 2026-09-21 | P001 P002
    2026-09-28 | {visit} P001 --on 2026-09-01; record void 1 --reason 误 | P001 P002
""")
def test_visits_owed(today: str, visits: str, owed: str, ledger: Ledger) -> None:
    do(ledger, visits.format(visit="record visit"))
    found = due(ledger, "visit", date.fromisoformat(today))
    assert " ".join(f"{each.point}" for each in found) == owed


@table("""
    training                                                        | untrained
                                                                    | 林秀珍 王海 李梅
    record training P002 --on 2026-03-01                            | 林秀珍
    record training - --on 2026-01-01 --attended '林秀珍\uff0c王　海' | 李梅
    record training - --on 2025-12-31 --attended 林秀珍、王海、李梅  | 林秀珍 王海 李梅
    record meeting P002 --on 2026-03-01                             | 林秀珍 王海 李梅
""")
def test_liaisons_without_a_training_this_year(
    training: str, untrained: str, ledger: Ledger
) -> None:
    do(ledger, training)
    found = due(ledger, "untrained")
    assert " ".join(f"{each.person}" for each in found) == untrained


@table("""
    respondents                      | warned                                           | proposed
    新步鞋店,新步鞋店                |                                                  |
    新步鞋店,新 步鞋店,新步鞋店      |                                                  | 新步鞋店 3
    3F鞋,\uff13\uff26鞋,3f 鞋        |                                                  | 3F鞋 3
    -,东门百货,东门商场              |                                                  | 东门百货 3
    甲,甲,甲,乙,乙,乙,乙             |                                                  | 乙 4, 甲 3
    新步鞋店,-,东门百货              |                                                  |
    新步鞋店,新步鞋店,新步鞋店       | notice P002 --on 2026-08-01 --respondent 新步鞋店       |
    新步鞋店,新步鞋店,新步鞋店       | interview P002 --on 2026-09-28 --respondent '新步\u3000鞋店' |
    -,-,-                            | notice P002 --on 2026-08-01 --respondent 东门商场       |
    新步鞋店,新步鞋店,新步鞋店       | notice P002 --on 2026-06-30 --respondent 新步鞋店       | 新步鞋店 3
    新步鞋店,新步鞋店,新步鞋店       | notice P002 --on 2026-07-09 --respondent 新步鞋店       | 新步鞋店 3
    新步鞋店,新步鞋店,新步鞋店       | notice P002 --on 2026-07-10 --respondent 新步鞋店       |
    新步鞋店,新步鞋店,新步鞋店       | notice P001 --on 2026-08-01 --respondent 新步鞋店       | 新步鞋店 3
    新步鞋店,新步鞋店,新步鞋店       | notice P002 --on 2026-08-01 --respondent 老步鞋店       | 新步鞋店 3
    新步鞋店,新步鞋店,新步鞋店       | visit P002 --on 2026-08-01                            | 新步鞋店 3
""")
def test_notices_proposed(respondents: str, warned: str, proposed: str, ledger: Ledger) -> None:
    complain(ledger, respondents)
    complain(ledger, "新步鞋店,-", point="P001")
    complain(ledger, "新步鞋店,-", more="--received 2026-06-30")
    do(ledger, f"record {warned} --text 请整改" if warned else "")
    found = notices.propose_notices(ledger, Q3)
    assert ", ".join(f"{each.respondent} {len(each.numbers)}" for each in found) == proposed


def test_a_proposal_has_its_numbers_and_leaves_out_what_is_void(ledger: Ledger) -> None:
    complain(ledger, "乙,甲,乙,乙,乙")
    do(ledger, "complaint void 2026-0003 --reason 重复; settings set notice_from 3")
    numbers = ["2026-0001", "2026-0004", "2026-0005"]
    assert notices.propose_notices(ledger, Q3) == [("P002", "东门商场", "乙", numbers)]
    do(ledger, "settings set notice_from 4")
    assert notices.propose_notices(ledger, Q3) == []


def test_a_host_that_left_keeps_its_complaints(ledger: Ledger) -> None:
    do(ledger, "point amend P002 --host 西门百货 --on 2026-07-11")
    complain(ledger, "-,-,-")
    complain(ledger, "-,-", more="--received 2026-07-11")
    found = notices.propose_notices(ledger, Q3)
    assert [(each.respondent, len(each.numbers)) for each in found] == [("东门百货", 3)]


@table("""
    day        | quarter | cases
    2026-03-31 | 2026Q1  |
    2026-07-09 | 2026Q2  | 2026-0005
    2026-08-01 | 2026Q3  | 2026-0001 2026-0002
    2026-09-28 | 2026Q3  | 2026-0001 2026-0002 2026-0004
    2026-10-08 | 2026Q3  | 2026-0001 2026-0002 2026-0004
""")
def test_the_cases_of_a_notice(day: str, quarter: str, cases: str, ledger: Ledger) -> None:
    complain(ledger, "新步鞋店,新 步鞋店,-")
    complain(ledger, "新步鞋店", more="--received 2026-09-28")
    complain(ledger, "新步鞋店", more="--received 2026-04-01")
    do(ledger, "record notice P002 --on 2026-08-01 --respondent '新步\u3000鞋店' --text 请整改")
    act(ledger, f"record amend 1 --on {day}")
    notice = notices.notice_cases(ledger, 1)
    assert " ".join(each.number for each in notice.cases) == cases
    told = notice.serial, notice.kind, notice.point_name, str(notice.day), notice.text
    assert told == (1, "notice", "东门商场", day, "请整改")
    assert notice.quarter and notice.quarter.code == quarter


def test_the_cases_of_an_interview_are_those_that_its_record_names(ledger: Ledger) -> None:
    complain(ledger, "新步鞋店,新步鞋店,-,新步鞋店")
    do(ledger, "record interview P002 --respondent 新步鞋店 --text 请整改 --complaints '4 1'")
    notice = notices.notice_cases(ledger, 1)
    assert [each.number for each in notice.cases] == ["2026-0001", "2026-0004"]
    assert notice.quarter is None


def test_notices_are_numbered_within_their_year(ledger: Ledger) -> None:
    days = ("2025-12-31", "2026-01-01", "2026-08-01", "2026-12-31", "2027-01-01")
    for day in days:
        act(
            ledger, f"record notice P001 --on {day} --respondent 甲", today=date.fromisoformat(day)
        )
    do(ledger, "record interview P001 --on 2026-09-01 --respondent 甲 --text 请整改")
    found = "".join(f"{notices.notice_cases(ledger, each).serial}" for each in range(1, 7))
    assert found == "112311"


def test_a_case_of_a_notice_has_what_its_document_shows(ledger: Ledger) -> None:
    complain(ledger, "甲")
    do(ledger, "record interview P002 --on 2026-08-01 --respondent 甲 --text 请整改")
    [case] = notices.notice_cases(ledger, 1).cases
    assert case._asdict() == {
        "number": "2026-0001",
        "received": date(2026, 7, 10),
        "item": "鞋",
        "problem": "other",
        "disputed": 30000,
        "outcome": None,
        "local_words": None,
    }


@table("""
    kind      | day        | outcomes
    notice    | 2026-07-31 | None None
    notice    | 2026-08-01 | settled None
    interview | 2026-08-19 | settled None
    interview | 2026-08-20 | settled advised
    notice    | 2026-10-08 | settled advised
""")
def test_a_case_that_was_closed_after_a_notice_is_open_on_it(
    kind: str, day: str, outcomes: str, ledger: Ledger
) -> None:
    complain(ledger, "甲,甲")
    do(ledger, "close 1 --outcome settled --closed 2026-08-01")
    do(ledger, "close 2 --outcome advised --told 2026-08-20")
    on = date.fromisoformat(day)
    act(ledger, f"record {kind} P002 --on {day} --respondent 甲 --text 请整改", today=on)
    cases = notices.notice_cases(ledger, 1).cases
    assert " ".join(str(case.outcome) for case in cases) == outcomes


def test_only_notices_and_interviews_have_cases(ledger: Ledger) -> None:
    do(ledger, "record visit P002 --on 2026-08-01")
    with pytest.raises(Refused, match="neither a notice nor an interview"):
        notices.notice_cases(ledger, 1)


@table("""
    disputed | done                                                            | proposed
    4999.99  |                                                                 |
    5000     |                                                                 | 2026-0001
    5000     | record major P002 --number 2026-1                               |
    5000     | record major P002 --number 2026-1; record void 1 --reason 记错   | 2026-0001
    5000     | record major P002                                               | 2026-0001
    9999     | complaint void 2026-0001 --reason 重复                          |
""")
def test_major_matters_proposed(disputed: str, done: str, proposed: str, ledger: Ledger) -> None:
    complain(ledger, "甲", more=f"--disputed {disputed}")
    complain(ledger, "甲", more="--received 2026-06-30 --disputed 9999")
    do(ledger, done)
    found = due(ledger, "propose_major")
    assert " ".join(f"{each.number}" for each in found) == proposed


def test_leads_and_major_matters_not_yet_reported(ledger: Ledger) -> None:
    lines = """
        record lead P001 --on 2026-08-02;
        record major P002 --on 2026-08-01;
        record lead P001 --on 2026-08-03 --agency 公安局;
        record lead P001 --on 2026-08-02 --reported 2026-08-02;
        record visit P001 --on 2026-08-02;
        record void 3 --reason 记错"""
    do(ledger, lines)
    found = [*due(ledger, "lead"), *due(ledger, "major")]
    assert [f"{each.kind} {each.what} {each.point} {each.point_name}" for each in found] == [
        "lead 1 P001 点",
        "major 2 P002 东门商场",
    ]
