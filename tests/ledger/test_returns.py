"""Laws of submitted returns: they equal the history, and the next opening ties."""

import json
from collections import ChainMap
from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings

from ledger12315.errors import Refused
from ledger12315.ledger import calendar
from ledger12315.ledger.audit.past import as_of_act
from ledger12315.ledger.calendar import library_calendar
from ledger12315.ledger.facts import changed_since
from ledger12315.ledger.figures import CountedCase, Scope, Snapshot, cases, figures, parts_of
from ledger12315.ledger.figures.scope import totals_in_scope
from ledger12315.ledger.returns.changed import periods_that_differ, periods_that_may_differ
from ledger12315.ledger.returns.corrections import (
    carried_corrections,
    corrections,
    late_changes,
    told_figures,
)
from ledger12315.ledger.returns.frozen import frozen_form
from ledger12315.ledger.returns.owing import return_of_station
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import begin, seal
from ledger12315.rules.measures import ATTACHMENT3, COLUMNS, MEASURES, TOTAL, Figures
from ledger12315.rules.periods import parse_period
from ledger12315.rules.rates import RATES, rates
from ledger12315.rules.reported import Carried, Correction
from ledger12315.rules.workdays import Calendar
from tests.building import act, built, loaded
from tests.ledger.drawn import OFTEN, Lines, acts
from tests.ledger.test_figures import of, scope_of
from tests.rows import for_all

QUARTERS = ("2022Q1", "2026Q3")
ELEVEN = [f"{year}Q{part}" for year in (2024, 2025, 2026) for part in range(1, 5)][:11]
ONE = "register 点 --type other --since 2022-01-01 --liaison 林秀珍"


def last_act(ledger: Ledger) -> int:
    return int(ledger.execute("SELECT max(id) FROM act").fetchone()[0])


def counted(ledger: Ledger) -> list[Figures]:
    return [of(ledger, code) for code in QUARTERS]


def everything(ledger: Ledger) -> list[Any]:
    """Return the figures of both quarters, with all cases of the later one."""
    scope = scope_of(ledger, QUARTERS[1])
    return [*counted(ledger), *(cases(ledger, scope, each) for each in MEASURES.values())]


@settings(max_examples=4 * OFTEN)
@given(acts(12, desk=False), acts(12, desk=False))
def test_the_ledger_as_an_act_left_it_is_what_it_was(before: Lines, after: Lines) -> None:
    with built(before, refused=True) as ledger:
        then, at = everything(ledger), last_act(ledger)
        act(ledger, *after, refused=True)
        now = counted(ledger)
        with as_of_act(ledger, at):
            assert everything(ledger) == then
        assert counted(ledger) == now


@settings(max_examples=3 * OFTEN)
@given(acts(12, desk=False), acts(12, desk=False))
def test_the_next_opening_is_the_submitted_end_and_its_correction(
    before: Lines, after: Lines
) -> None:
    with built(before, refused=True) as ledger:
        for code in QUARTERS:  # none is owed between them
            begins = parse_period(code).first
            act(ledger, f"settings set begins {begins}", f"returns submit {code}")
        at = last_act(ledger)
        act(ledger, *after, refused=True)
        due, opened = _due(ledger), of(ledger, "2026Q4")
        of_point, opened_there = _due(ledger, "P001"), of(ledger, "2026Q4", point="P001")
        for said, opening in ((due, opened), (of_point, opened_there)):
            for key, tie in said.ties.items():
                for column, (submitted, correction, start) in tie.items():
                    assert submitted + correction == start == opening[key][column]
        gone = [told_figures(ledger, parse_period(code), None)[None].figures for code in QUARTERS]
        changed = "SELECT row_id FROM change WHERE table_name = 'complaint' AND act_id > ?"
        query = f"SELECT number FROM complaint WHERE id IN ({changed})"
        numbers = {row["number"] for row in ledger.execute(query, (at,))}
        for code, last in zip(QUARTERS, gone, strict=True):
            mine = [line for line in due.corrections if line.period == code]
            assert corrections(ledger, parse_period(code)) == mine
            _each_line_is_a_difference(ledger, code, last, mine, numbers)
        act(ledger, "returns submit 2026Q4")
        for code in (*QUARTERS, "2026Q4"):
            assert corrections(ledger, parse_period(code)) == []
        assert not _due(ledger, "P001", "2027Q1").corrections


def _due(ledger: Ledger, point: str = "", period: str = "2026Q4") -> Carried:
    scope = scope_of(ledger, period, point=point)
    return carried_corrections(Snapshot(ledger), scope, [scope.point])[
        scope.point and scope.point.id
    ]


def _each_line_is_a_difference(
    ledger: Ledger, code: str, last: Figures, mine: Sequence[Correction], changed: set[str]
) -> None:
    was = frozen_form(ledger, scope_of(ledger, code))
    assert was
    with as_of_act(ledger, was.act):
        assert of(ledger, code) == was.figures
    now, lines = of(ledger, code), {(line.key, line.type): line for line in mine}
    for key in MEASURES:
        for column in COLUMNS:
            line = lines.pop((key, column), None)
            difference = now[key][column] - last[key][column]
            assert (line.difference if line else 0) == difference
            assert sum(cause.value for cause in (line.causes if line else ())) == difference
            assert not line or (line.causes and {*line.numbers} <= changed)
    worked = [{column: rates(each, column, RATES) for column in COLUMNS} for each in (last, now)]
    for place, rate in enumerate(RATES):
        for column in COLUMNS:
            line = lines.pop((rate.key, column), None)
            before, after = (each[column][place].hundredths for each in worked)
            assert (line and line[4:6]) == (None if before == after else (before, after))
    assert not lines


_BEGINS = "settings set begins 2026-07-01"


# A case closed in its quarter, eleven quarters submitted, then these acts: the last return told of
# all before it, so the next one looks only from the quarter on in which a changed row first
# counts, and at the newest eight. What counts nowhere, or from a later day on, changes none.
@for_all("""
    after                                                            | first
    complaint amend 2024-0001 --disputed 5                           | 1
    complaint amend 2024-0001 --closed 2024-05-04                    | 1
    complaint amend 2024-0001 --received 2024-01-03                  | 1
    complaint reopen 2024-0001 --reason 错                           | 1
    log P001 --received 2024-03-03; close _ --outcome settled --closed 2024-07-02 | 1
    record inquiry P001 --on 2024-05-05                              | 2
    record inquiry P001 --on 2024-05-05; record amend 1 --on 2024-01-05 | 1
    calendar day 2024-12-28 --work --why 抗洪                        | 4
    returns receive P001 2024Q2 --nil                                | 2
    register 乙 --type mall --since 2026-02-03                         | 9
    point amend P001 --type mall --on 2026-05-05                     | 10
    point amend P001 --demonstration municipal --on 2026-04-01       | 10
    point amend P001 --liaison 李四 --on 2026-08-01                    | 11
    point amend P001 --liaison '林秀珍 13900000101'                    |
    point amend P001 --liaison 李四 --on 2026-10-05                    |
    point retire P001 --on 2026-07-01                                | 11
    settings set begins 2024-02-01                                   | 1
    settings set notice_from 1                                       |
""")
def test_a_return_looks_back_where_something_changed(after: str, first: str) -> None:
    with loaded(_eleven_quarters_submitted()) as ledger:
        at = last_act(ledger)
        act(ledger, *after.split(";"))
        found = [ELEVEN.index(each.code) + 1 for each, _ in periods_that_may_differ(ledger, at)]
        assert found == ([*range(int(first), 12)] if first else [])
        before = ELEVEN[: 11 - len(found)]
        assert not any(corrections(ledger, parse_period(code)) for code in before[-2:])


def test_a_day_off_is_told_that_makes_a_closing_months_later_on_time() -> None:
    """The limit of 26 June ended on Friday 3 July, with a day off it ends on Monday the 6th."""
    case = ["log P001 --received 2026-06-26", "complaint escalate _ --reason 难 --on 2026-07-06"]
    submitted = [f"returns submit 2026Q{part}" for part in (3, 4)]
    end = ["close _ --outcome mediated --closed 2026-11-10", *submitted]
    with built([_BEGINS, ONE, *case, *end], today=date(2027, 1, 5)) as ledger:
        told = []
        for day in ("2026-07-01", "2026-07-02"):
            act(ledger, f"calendar day {day} --rest --why 停电")
            told.append(periods_that_differ(ledger))
        found = corrections(ledger, parse_period("2026Q4"))
    assert told == [["2026Q4"], []]
    assert all(cause.day for row in found for cause in row.causes)
    assert [f"{row.key} {row.told} {row.now}" for row in found if row.type == TOTAL] == [
        "closed_on_time 0 1",
        "on_time_rate 0 10000",
    ]


def test_what_a_return_found_in_eleven_quarters_is_told_once() -> None:
    with loaded(_eleven_quarters_submitted()) as ledger:
        act(ledger, "complaint reopen 2024-0001 --reason 错")
        corrected = [corrections(ledger, parse_period(code)) for code in ELEVEN]
        assert all(corrected) and list(_due(ledger).corrections) == [*chain(*corrected)]
        act(ledger, "returns submit 2026Q4")
        assert not any(corrections(ledger, parse_period(code)) for code in ELEVEN[::5])


def test_a_notice_that_a_new_version_brings_is_looked_for_in_the_newest_eight(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two cases were closed a day late, until a day on which they waited becomes a day off."""
    lines = ["settings set begins 2024-01-01", ONE]
    for received, closed in (("2024-08-05", "2024-08-13"), ("2024-11-04", "2024-11-12")):
        lines += [
            f"log P001 --received {received}",
            f"close _ --outcome settled --closed {closed}",
        ]
    known = library_calendar()
    off = dict.fromkeys((date(2024, 8, 6), date(2024, 11, 5)), known.special[date(2024, 10, 1)])
    brought = Calendar(ChainMap(off, dict(known.special)), known.announced)
    with built([*lines, *(f"returns submit {code}" for code in ELEVEN)]) as ledger:
        assert list(_due(ledger).corrections) == []
        monkeypatch.setattr(calendar, "library_calendar", lambda: brought)
        found = [row for row in _due(ledger).corrections if row.type == TOTAL]
    # That of 2024Q3 is in the ninth return before the one of 2026Q4, that of 2024Q4 in the eighth.
    assert [f"{row.period} {row.key} {row.told} {row.now}" for row in found] == [
        "2024Q4 closed_on_time 0 1",
        "2024Q4 on_time_rate 0 10000",
    ]


@for_all("""
    submitted | asked  | late
    2025Q4    | 2026Q1 | 2025-12-31 type
    2025A     | 2026A  |
""")
def test_a_list_of_a_quarter_alone_has_what_the_list_before_had_not(
    submitted: str, asked: str, late: str
) -> None:
    with built(["settings set begins 2025-10-01", ONE, f"returns submit {submitted}"]) as ledger:
        act(ledger, "point amend P001 --type mall --on 2025-12-31")
        found = late_changes(ledger, parse_period(asked)).values()
    assert ", ".join(f"{each.day} {each.box}" for [each] in found) == late


@for_all("""
    after                           | changed
    returns submit 2026Q3           | no
    complaint amend _ --remark 注   | yes
    settings set notice_from 1      | yes
""")
def test_a_submission_changes_no_fact_that_is_sent(after: str, changed: str) -> None:
    with built([_BEGINS, ONE, "log P001 --received 2026-08-03"]) as ledger:
        at = last_act(ledger)
        act(ledger, after)
        assert changed_since(ledger, at) == (changed == "yes")


@cache
def _made(*lines: str) -> bytes:
    with built(lines) as ledger:
        return ledger.serialize()


def _eleven_quarters_submitted() -> bytes:
    closed = "close _ --outcome settled --closed 2024-02-04"
    lines = "settings set begins 2024-01-01", ONE, "log P001 --received 2024-02-03", closed
    return _made(*lines, *(f"returns submit {code}" for code in ELEVEN))


@for_all("""
    lines                                                    | today      | state
    -                                                        | 2026-10-08 | missing
    -                                                        | 2026-10-09 | late
    returns submit 2026Q3                                    | 2026-10-09 | received
    returns submit 2026Q3; returns withdraw 2026Q3 --reason 退回 | 2026-10-08 | missing
    returns submit 2026Q3; returns withdraw 2026Q3 --reason 退回 | 2026-10-09 | late
""")
def test_a_submission_that_is_withdrawn_is_owed_again(lines: str, today: str, state: str) -> None:
    with built(
        [_BEGINS, ONE, *lines.strip("-").split(";")[: None if lines != "-" else 0]]
    ) as ledger:
        owes = return_of_station(ledger, date.fromisoformat(today), parse_period("2026Q3"))
    told = "late" if owes.late and not owes.on else owes.state
    assert (told, str(owes.due)) == (state, "2026-10-08")


# A mall and a market with a case in each quarter, closed in the next one, but for the last.
_TWO = """
    register 甲 --type mall --since 2026-01-01
    register 乙 --type market --since 2026-01-01
    record inquiry P001 --on 2026-05-05 --count 3
    record visit P001 --on 2026-05-05 --count 3
""" + "".join(
    f"log {point} --received {received}\n"
    + f"close _ --outcome settled --closed {closed}\n" * bool(closed)
    for point in ("P001", "P002")
    for received, closed in (
        ("2026-02-01", "2026-04-02"),
        ("2026-05-01", "2026-07-01"),
        ("2026-08-01", "2026-10-01"),
        ("2026-11-01", ""),
    )
)
TWO = [*filter(None, map(str.strip, _TWO.splitlines()))]
TOTALS = {
    **dict.fromkeys((measure.key for measure in ATTACHMENT3), 0),
    **dict.fromkeys(("received", "received_direct", "received_goods", "closed", "settled"), 10),
    "inquiries": 9,
    "open_start": 1,
    "open_end": 1,
    "disputed": 500,
}


OPEN = [
    "register 一 --type mall --since 2026-01-05",
    "register 二 --type market --since 2026-01-05",
    "log P001 --received 2026-01-10",
    "log P002 --received 2026-04-10",
    "log P002 --received 2026-08-10",
    "log P002 --received 2026-09-10",
]


def send(ledger: Ledger, period: str, **other: int) -> None:
    """Receive the mall's totals."""
    columns = "point_id, period, day, state, totals"
    query = f"INSERT INTO point_return ({columns}) VALUES (1, ?, ?, ?, ?)"
    begin(ledger, "returns receive")
    ledger.execute(query, (period, "2027-01-05", "totals", json.dumps(TOTALS | other)))
    seal(ledger)


# Inquiries, open at the start, received, closed, open at the end, visits; each as total/mall.
# The station's own visits stay; up to a day inside the period, or in its month, the cases count.
@for_all("""
    period | as_of      | point | shown
    2026Q1 |            |       | 0/0 0/0 2/1 0/0 2/1 0/0
    2026Q2 |            |       | 9/9 2/1 11/10 11/10 2/1 3/3
    2026Q2 |            | P001  | 9/9 1/1 10/10 10/10 1/1 3/3
    2026Q2 |            | P002  | 0/0 1/0 1/0 1/0 1/0 0/0
    2026Q2 | 2026-05-20 |       | 3/3 2/1 2/1 2/1 2/1 3/3
    2026-05|            |       | 3/3 0/0 2/1 0/0 2/1 3/3
    2026Q3 |            |       | 0/0 2/1 2/1 2/1 2/1 0/0
    2026   |            |       | 9/9 0/0 17/13 15/12 2/1 3/3
""")
def test_totals_stand_for_a_points_cases(period: str, as_of: str, point: str, shown: str) -> None:
    keys = "inquiries", "open_start", "received", "closed", "open_end", "visits"
    with loaded(_made(*TWO)) as ledger:
        send(ledger, "2026Q2")
        scope = scope_of(ledger, period, as_of, point)
        found = figures(ledger, scope)
        assert " ".join(f"{found[key][TOTAL]}/{found[key]['mall']}" for key in keys) == shown
        for key in (*keys, "disputed"):
            behind = cases(ledger, scope, MEASURES[key])
            assert sum(case.value for case in behind) == found[key][TOTAL]
        told = period in ("2026Q2", "2026") and not as_of and point != "P002"
        assert [each.point.code for each in totals_in_scope(ledger, scope)] == ["P001"] * told


# The mall's totals of 2026Q1 begin with 2 open and end with 5; one complaint of its own is open at
# the end. What is open beyond the ledger's goes on until totals come again, so that a year ties.
@for_all("""
    after                                                 | period  | shown
                                                          | 2025Q4  | 0/0 0/0 0/0 0/0
                                                          | 2026Q1  | 2/2 10/10 7/7 5/5
                                                          | 2026-03 | 1/1 0/0 0/0 1/1
                                                          | 2026-04 | 5/5 1/0 0/0 6/5
                                                          | 2026Q2  | 5/5 1/0 0/0 6/5
                                                          | 2026    | 2/2 13/10 7/7 8/5
                                                          | 2026A   | 2/2 13/10 7/7 8/5
    close 2026-0001 --outcome settled --closed 2026-07-02 | 2026Q2  | 5/5 1/0 0/0 6/5
    close 2026-0001 --outcome settled --closed 2026-07-02 | 2026    | 2/2 13/10 8/8 7/4
    close 2026-0001 --outcome settled --closed 2026-03-02 | 2026Q2  | 5/5 1/0 0/0 6/5
    log P001 --received 2026-02-03                        | 2026Q2  | 5/5 1/0 0/0 6/5
    totals                                                | 2026Q2  | 5/5 4/3 4/4 5/4
    totals                                                | 2026Q3  | 5/4 2/0 0/0 7/4
    totals                                                | 2026    | 2/2 16/13 11/11 7/4
    totals                                                | 2026A   | 2/2 16/13 11/11 7/4
""")
def test_what_totals_leave_open_goes_on(after: str, period: str, shown: str) -> None:
    keys = "open_start", "received", "closed", "open_end"
    with loaded(_made(*OPEN)) as ledger:
        act(ledger, *[after] * (after not in ("", "totals")))
        send(ledger, "2026Q1", open_start=2, closed=7, settled=7, open_end=5)
        if after == "totals":
            other = {"received_direct": 3, "received_goods": 3, "closed": 4, "settled": 4}
            send(ledger, "2026Q2", open_start=5, received=3, open_end=4, **other)
        found = of(ledger, period)
    assert " ".join(f"{found[key][TOTAL]}/{found[key]['mall']}" for key in keys) == shown


def test_what_totals_left_open_is_corrected_in_each_quarter_after_them() -> None:
    with built(["settings set begins 2026-01-01", *OPEN]) as ledger:
        send(ledger, "2026Q1", open_start=2, closed=7, settled=7, open_end=5)
        act(ledger, *(f"returns submit 2026Q{part}" for part in (1, 2, 3)))
        at = last_act(ledger)
        late = "close _ --outcome settled --closed 2026-05-02"
        act(ledger, "log P001 --received 2026-02-03", late)
        asked = [each.code for each, _ in periods_that_may_differ(ledger, at)]
        found = corrections(ledger, parse_period("2026Q3"))
    assert asked == ["2026Q1", "2026Q2", "2026Q3"]
    assert [sum(cause.value for cause in row.causes) for row in found] == [-1] * 4
    assert [f"{row.key} {row.type} {row.told} {row.now}" for row in found] == [
        "open_start total 6 5",
        "open_start mall 5 4",
        "open_end total 8 7",
        "open_end mall 5 4",
    ]


def test_cases_that_totals_replaced_are_told_once_the_totals_are_gone() -> None:
    with built(["settings set begins 2026-01-01", *OPEN]) as ledger:
        send(ledger, "2026Q1", open_start=2, closed=7, settled=7, open_end=5)
        act(ledger, "returns submit 2026Q1", "returns receive P001 2026Q1")
        found = corrections(ledger, parse_period("2026Q1"))
    causes = {row.key: " ".join(f"{e.how} {e.value}" for e in row.causes) for row in found}
    assert (causes["received"], causes["overdue_end"]) == ("totals 1 totals -10", "totals 1")


def test_totals_that_do_not_tie_to_the_next_quarter_are_told_with_the_point() -> None:
    with loaded(_made(*TWO)) as ledger:
        send(ledger, "2026Q2", closed=11, settled=11, open_end=0)  # and the ledger has one
        assert of(ledger, "2026Q2")["open_end"]["mall"] == 0
        with pytest.raises(Refused) as error:
            of(ledger, "2026")
    assert error.value.message.values["points"] == ["P001"]


def rate_cases(
    ledger: Ledger, scope: Scope, key: str, type_: str | None = None
) -> list[tuple[str, CountedCase]]:
    return [
        (part, case)
        for part, measure in parts_of(key, RATES)
        for case in cases(ledger, scope, measure, type_)
    ]


def test_cases_of_a_rate_tell_numerator_from_denominator() -> None:
    with loaded(_made(*TWO)) as ledger:
        send(ledger, "2026Q2")
        scope = scope_of(ledger, "2026")
        for value in rates(figures(ledger, scope), TOTAL, RATES):
            sums = {"numerator": 0, "denominator": 0}
            for part, case in rate_cases(ledger, scope, value.rate.key):
                sums[part] += case.value
            assert sums == {"numerator": value.numerator, "denominator": value.denominator}
        rows = rate_cases(ledger, scope, "和解息诉率", "market")
        assert [" ".join(map(str, (part, *case))) for part, case in rows] == [
            f"{part} {case} 1"
            for part in ("numerator", "denominator")
            for case in (
                "2026-0005 complaint P002 2026-02-01 2026-04-02",
                "2026-0006 complaint P002 2026-05-01 2026-07-01",
                "2026-0007 complaint P002 2026-08-01 2026-10-01",
            )
        ]
    assert parts_of("received", RATES) == [("", MEASURES["received"])]
