from bisect import bisect_right
from datetime import date, timedelta
from itertools import product

from hypothesis import given, settings

from ledger12315.rules.deadlines import (
    CountedDay,
    Due,
    count_days,
    cutoff,
    due_date_of,
    due_days,
)
from ledger12315.rules.workdays import Calendar
from tests.rows import for_all
from tests.rules import CALENDAR, LAST_KNOWN, by_library, calendars, days, every_day

day = date.fromisoformat


# Received, and due: the table of the design, the last day of 2005, which was worked, and years
# without a notice, where ~ stands for provisional.
DUE = """
2012-01-20 2012-02-01
2020-01-23 2020-02-07
2020-09-27 2020-10-10
2025-09-26 2025-10-10
2026-02-15 2026-02-28
2026-12-25 2027-01-04~
2005-12-25 2005-12-30
2005-12-26 2005-12-31
2005-12-27 2006-01-04
2005-12-28 2006-01-05
2005-12-30 2006-01-09
2005-12-31 2006-01-10
2006-01-01 2006-01-10
2026-12-14 2026-12-21
2026-12-15 2026-12-22~
2026-12-31 2027-01-08~
2027-04-28 2027-05-05~
2027-09-29 2027-10-07~
2003-09-26 2003-10-08~
2003-12-25 2004-01-02~
2003-12-30 2004-01-07~
2003-12-31 2004-01-08
"""


@for_all(("received", "expected"), [row.split() for row in DUE.split("\n") if row])
def test_due(received: str, expected: str) -> None:
    found = due_date_of(day(received), CALENDAR)
    assert f"{found.day}{'~' if found.provisional else ''}" == expected


def test_every_day_of_22_years_against_a_list_of_working_days() -> None:
    def works(each: date) -> bool:
        if each > LAST_KNOWN:
            return each.isoweekday() not in (6, 7) and each != date(2027, 1, 1)
        return each == date(2005, 12, 31) or by_library(each)

    worked = [each for each in every_day("2005-01-01", "2027-01-31") if works(each)]
    received = every_day("2005-01-01", "2026-12-31")
    expected = [(each, worked[bisect_right(worked, each) + 4]) for each in received]
    assert [(each, due_date_of(each, CALENDAR)) for each in received] == [
        (each, Due(end, end > LAST_KNOWN)) for each, end in expected
    ]
    assert list(due_days(received[0], received[-1], CALENDAR)) == expected


@for_all("""
    first      | last
    2005-12-15 | 2006-02-15
    2025-09-15 | 2025-10-25
    2026-12-10 | 2027-01-20
""")
def test_cutoff_and_due_agree_on_every_pair(first: str, last: str) -> None:
    pairs = list(product(every_day(first, last), repeat=2))
    by_due = [pair for pair in pairs if due_date_of(pair[0], CALENDAR).day < pair[1]]
    assert [pair for pair in pairs if pair[0] <= cutoff(pair[1], CALENDAR)] == by_due


def line(row: CountedDay) -> str:
    notice = f" {row.holiday.zh} {row.notice}" if row.holiday else ""
    return f"{row.day} {row.number} {row.why}{notice}{' provisional' if row.provisional else ''}"


ORDINARY_WEEK = """\
2026-11-02 0 receipt
2026-11-03 1 workday
2026-11-04 2 workday
2026-11-05 3 workday
2026-11-06 4 workday
2026-11-07 0 weekend
2026-11-08 0 weekend
2026-11-09 5 workday"""

MAKE_UP_DAY_AND_HOLIDAY = """\
2025-09-26 0 receipt
2025-09-27 0 weekend
2025-09-28 1 make_up 国庆节 2025
2025-09-29 2 workday
2025-09-30 3 workday
2025-10-01 0 holiday 国庆节 2025
2025-10-02 0 holiday 国庆节 2025
2025-10-03 0 holiday 国庆节 2025
2025-10-04 0 holiday 国庆节 2025
2025-10-05 0 holiday 国庆节 2025
2025-10-06 0 holiday 中秋 2025
2025-10-07 0 holiday 国庆节 2025
2025-10-08 0 holiday 国庆节 2025
2025-10-09 4 workday
2025-10-10 5 workday"""

RECEIVED_ON_A_DAY_OFF = """\
2026-02-21 0 receipt 春节 2026
2026-02-22 0 holiday 春节 2026
2026-02-23 0 holiday 春节 2026
2026-02-24 1 workday
2026-02-25 2 workday
2026-02-26 3 workday
2026-02-27 4 workday
2026-02-28 5 make_up 春节 2026"""

NOTICE_NOT_KNOWN = """\
2026-12-29 0 receipt provisional
2026-12-30 1 workday provisional
2026-12-31 2 workday provisional
2027-01-01 0 holiday 元旦 0 provisional
2027-01-02 0 weekend provisional
2027-01-03 0 weekend provisional
2027-01-04 3 workday provisional
2027-01-05 4 workday provisional
2027-01-06 5 workday provisional"""


@for_all(
    "expected", [ORDINARY_WEEK, MAKE_UP_DAY_AND_HOLIDAY, RECEIVED_ON_A_DAY_OFF, NOTICE_NOT_KNOWN]
)
def test_reckoning(expected: str) -> None:
    assert "\n".join(map(line, count_days(day(expected[:10]), CALENDAR))) == expected


@settings(max_examples=30)
@given(calendars, days)
def test_a_later_receipt_is_never_due_earlier(calendar: Calendar, received: date) -> None:
    assert (
        due_date_of(received, calendar).day
        <= due_date_of(received + timedelta(days=1), calendar).day
    )


@settings(max_examples=30)
@given(calendars, days, days)
def test_overdue_is_one_comparison_with_the_cutoff(
    calendar: Calendar, received: date, on: date
) -> None:
    assert (received <= cutoff(on, calendar)) is (due_date_of(received, calendar).day < on)


@settings(max_examples=30)
@given(calendars, days, days)
def test_due_days_and_the_last_row_of_a_reckoning_are_the_due_date(
    calendar: Calendar, first: date, last: date
) -> None:
    found = list(due_days(first, last, calendar))
    assert found == [
        (each, due_date_of(each, calendar).day) for each in every_day(str(first), str(last))
    ]
    *_, end = count_days(first, calendar)
    assert end.day == due_date_of(first, calendar).day
