from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger12315.ledger.calendar import known_calendar
from ledger12315.rules.workdays import Calendar, Special
from ledger12315.words import Word
from tests.rules import CALENDAR, KNOWN, calendars, days, law

day = date.fromisoformat
counts = st.integers(0, 30)


def test_the_notices_of_2004_and_after_are_known() -> None:
    assert [year in known_calendar().known for year in (2003, 2004, 2026, 2100)] == [
        False,
        True,
        True,
        False,
    ]


def test_known_calendar_differs_from_its_library_on_one_day() -> None:
    every = [
        date(2004, 1, 1) + timedelta(days=n)
        for n in range((date(2026, 12, 31) - date(2004, 1, 1)).days + 1)
    ]
    assert [
        each
        for each in every
        if known_calendar().working(each) != chinese_calendar.is_workday(each)
    ] == [date(2005, 12, 31)]


def said(special: Special | None) -> tuple[bool, str, int] | None:
    return (special.working, special.holiday.zh, special.notice) if special else None


@pytest.mark.parametrize(
    ("text", "special"),
    [
        ("2005-12-31", (True, "元旦", 2006)),
        ("2007-12-29", (True, "元旦", 2008)),
        ("2007-12-31", (False, "元旦", 2008)),
        ("2020-01-31", (False, "春节", 2020)),
        ("2026-01-04", (True, "元旦", 2026)),
        ("2026-02-28", (True, "春节", 2026)),
        ("2026-09-30", None),
        ("2026-10-01", (False, "国庆节", 2026)),
        ("2026-10-10", (True, "国庆节", 2026)),
    ],
)
def test_what_a_notice_says(text: str, special: tuple[bool, str, int] | None) -> None:
    assert said(known_calendar().special_day(day(text))) == special


@pytest.mark.parametrize("year", [2003, 2027])
def test_a_year_without_notice_has_the_holidays_of_fixed_date(year: int) -> None:
    plain = Calendar({}, KNOWN)
    every = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    found = {
        f"{each:%m-%d}": said(special) for each in every if (special := plain.special_day(each))
    }
    names = {
        "01-01": "元旦",
        "05-01": "劳动节",
        "05-02": "劳动节",
        "10-01": "国庆节",
        "10-02": "国庆节",
        "10-03": "国庆节",
    }
    assert found == {text: (False, name, 0) for text, name in names.items()}


def test_a_day_set_by_hand_goes_before_the_fixed_date() -> None:
    local = Calendar(
        {day("2027-01-01"): Special(True, Word("stocktaking", "盘点", "stocktaking"), 0)}, KNOWN
    )
    assert [local.working(day(text)) for text in ("2027-01-01", "2027-05-01", "2027-05-03")] == [
        True,
        False,
        True,
    ]


def test_provisional_days() -> None:
    dates = [
        "2003-12-31",
        "2004-01-01",
        "2025-12-31",
        "2026-12-21",
        "2026-12-22",
        "2026-12-31",
        "2027-07-01",
    ]
    assert [Calendar({}, KNOWN).provisional(day(text)) for text in dates] == [
        True,
        False,
        False,
        False,
        True,
        True,
        True,
    ]


def test_add() -> None:
    steps = [
        ("09-30", 1),
        ("10-03", 2),
        ("10-09", 1),
        ("10-03", 0),
        ("10-03", -1),
        ("10-12", -2),
        ("09-21", -1),
    ]
    found = [f"{CALENDAR.add(day(f'2026-{text}'), count):%m-%d}" for text, count in steps]
    assert found == ["10-08", "10-09", "10-10", "10-03", "09-30", "10-09", "09-20"]


def test_count() -> None:
    pairs = [("09-30", "10-07"), ("09-30", "10-10"), ("10-08", "10-08"), ("10-10", "09-30")]
    assert [
        CALENDAR.count(day(f"2026-{after}"), day(f"2026-{upto}")) for after, upto in pairs
    ] == [
        0,
        3,
        0,
        0,
    ]


@pytest.mark.parametrize(
    ("forward", "expected"),
    [(True, ["10-08", "10-10", "10-12"]), (False, ["09-30", "10-10", "10-10"])],
)
def test_roll(forward: bool, expected: list[str]) -> None:
    assert [
        f"{CALENDAR.roll(day(text), forward):%m-%d}"
        for text in ("2026-10-05", "2026-10-10", "2026-10-11")
    ] == expected


@law
@given(calendars, days, counts, counts)
def test_adding_twice_is_adding_the_sum(calendar: Calendar, start: date, a: int, b: int) -> None:
    assert calendar.add(calendar.add(start, a), b) == calendar.add(start, a + b)
    assert calendar.add(calendar.add(start, -a), -b) == calendar.add(start, -a - b)


@law
@given(calendars, days, counts)
def test_count_undoes_add(calendar: Calendar, start: date, n: int) -> None:
    assert calendar.count(start, calendar.add(start, n)) == n


@law
@given(calendars, days, st.booleans())
def test_roll_ends_on_the_nearest_working_day(
    calendar: Calendar, start: date, forward: bool
) -> None:
    end = calendar.roll(start, forward)
    passed = [min(start, end) + timedelta(days=n) for n in range(abs((end - start).days) + 1)]
    assert [each for each in passed if calendar.working(each)] == [end]
    assert end == start or (end > start) is forward
