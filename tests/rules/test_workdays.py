from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.ledger.calendar import library_calendar
from ledger12315.rules.workdays import Calendar, Special
from ledger12315.words import Word
from tests.rows import for_all
from tests.rules import CALENDAR, KNOWN, by_library, calendars, days, every_day

day = date.fromisoformat
counts = st.integers(0, 30)
NO_NOTICE = Calendar({}, KNOWN)


def test_the_notices_of_2004_and_after_are_known() -> None:
    known = library_calendar().announced
    assert [year for year in (2003, 2004, 2026, 2100) if year in known] == [2004, 2026]


def test_known_calendar_differs_from_its_library_on_one_day() -> None:
    working = library_calendar().working
    every = every_day("2004-01-01", "2026-12-31")
    assert [str(each) for each in every if working(each) != by_library(each)] == ["2005-12-31"]


def said(special: Special | None) -> str:
    if special is None:
        return "nothing"
    return f"{'worked' if special.working else 'off'} {special.holiday.zh} {special.notice}"


NOTICES = """
2005-12-31 worked 元旦 2006
2007-12-29 worked 元旦 2008
2007-12-31 off 元旦 2008
2020-01-31 off 春节 2020
2026-01-04 worked 元旦 2026
2026-02-28 worked 春节 2026
2026-09-30 nothing
2026-10-01 off 国庆节 2026
2026-10-10 worked 国庆节 2026
"""


def test_what_a_notice_says() -> None:
    for row in NOTICES.strip().splitlines():
        text, _, expected = row.partition(" ")
        assert (text, said(library_calendar().special_day(day(text)))) == (text, expected)


FIXED = {
    "01-01": "off 元旦 0",
    **dict.fromkeys(("05-01", "05-02"), "off 劳动节 0"),
    **dict.fromkeys(("10-01", "10-02", "10-03"), "off 国庆节 0"),
}


@for_all("year", [2003, 2027])
def test_a_year_without_notice_has_the_holidays_of_fixed_date(year: int) -> None:
    every = every_day(f"{year}-01-01", f"{year}-12-31")
    found = {f"{each:%m-%d}": said(NO_NOTICE.special_day(each)) for each in every}
    assert {text: what for text, what in found.items() if what != "nothing"} == FIXED


def test_a_day_set_by_hand_goes_before_the_fixed_date() -> None:
    counted = Special(True, Word("stocktaking", "盘点", "stocktaking"), 0)
    local = Calendar({day("2027-01-01"): counted}, KNOWN)
    dates = ("2027-01-01", "2027-05-01", "2027-05-03")
    assert [text for text in dates if local.working(day(text))] == ["2027-01-01", "2027-05-03"]


def test_provisional_days() -> None:
    certain = ["2004-01-01", "2025-12-31", "2026-12-21"]
    dates = [*certain, "2003-12-31", "2026-12-22", "2026-12-31", "2027-07-01"]
    assert [text for text in dates if not NO_NOTICE.provisional(day(text))] == certain


def in_2026(text: str) -> date:
    return day(f"2026-{text}")


# What is asked of the calendar around National Day, and its answer.
ASKED = """
add 09-30 1: 10-08
add 10-03 2: 10-09
add 10-09 1: 10-10
add 10-03 0: 10-03
add 10-03 -1: 09-30
add 10-12 -2: 10-09
add 09-21 -1: 09-20
count 09-30 10-07: 0
count 09-30 10-10: 3
count 10-08 10-08: 0
count 10-10 09-30: 0
roll 10-05 forward: 10-08
roll 10-10 forward: 10-10
roll 10-11 forward: 10-12
roll 10-05 back: 09-30
roll 10-10 back: 10-10
roll 10-11 back: 10-10
"""


def answered(act: str, text: str, how: str) -> str:
    if act == "count":
        return str(CALENDAR.count(in_2026(text), in_2026(how)))
    if act == "add":
        return f"{CALENDAR.add(in_2026(text), int(how)):%m-%d}"
    return f"{CALENDAR.roll(in_2026(text), how == 'forward'):%m-%d}"


@for_all("row", ASKED.strip().splitlines())
def test_add_count_and_roll(row: str) -> None:
    asked, expected = row.split(": ")
    assert answered(*asked.split()) == expected


@settings(max_examples=30)
@given(calendars, days, counts, counts)
def test_adding_twice_is_adding_the_sum(calendar: Calendar, start: date, a: int, b: int) -> None:
    assert calendar.add(calendar.add(start, a), b) == calendar.add(start, a + b)
    assert calendar.add(calendar.add(start, -a), -b) == calendar.add(start, -a - b)


@settings(max_examples=30)
@given(calendars, days, counts)
def test_count_undoes_add(calendar: Calendar, start: date, n: int) -> None:
    assert calendar.count(start, calendar.add(start, n)) == n


@settings(max_examples=30)
@given(calendars, days, st.booleans())
def test_roll_ends_on_the_nearest_working_day(
    calendar: Calendar, start: date, forward: bool
) -> None:
    end = calendar.roll(start, forward)
    passed = [min(start, end) + timedelta(days=n) for n in range(abs((end - start).days) + 1)]
    assert [each for each in passed if calendar.working(each)] == [end]
    assert end == start or (end > start) is forward
