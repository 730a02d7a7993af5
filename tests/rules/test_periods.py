from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger12315.errors import Unclear
from ledger12315.rules.hand_ins import period_before
from ledger12315.rules.periods import (
    Period,
    annual_parts,
    parse_period,
    reported_quarters,
    return_dates,
    year_ending,
)
from tests.rows import for_all
from tests.rules import CALENDAR


def shown(period: Period) -> str:
    return f"{period.code} {period.first} {period.last} {period.title}"


ANNUAL = "2026A 2025-12-01 2026-11-30 2026年报(2025年12月1日至2026年11月30日)"
ACCEPTED = {
    "2026Q1 2026-01-01 2026-03-31 2026年第一季度": "2026Q1, 2026年1季度",
    "2026Q2 2026-04-01 2026-06-30 2026年第二季度": "2026Q2, 2026年二季度",
    "2026Q3 2026-07-01 2026-09-30 2026年第三季度": (
        "2026Q3, 2026q3, ２０２６Ｑ３, 2026 Q3, 2026-3季度, 2026年第三季度, 2026年第3季度"
    ),
    "2026Q4 2026-10-01 2026-12-31 2026年第四季度": "2026Q4, 2026-四季度",
    "2026-01 2026-01-01 2026-01-31 2026年1月": "2026-1",
    "2026-09 2026-09-01 2026-09-30 2026年9月": (
        "2026-09, 2026-9, 2026年9月, 2026 年 09 月, ２０２６－０９"
    ),
    "2026 2026-01-01 2026-12-31 2026年": "2026, ２０２６, 2026年",
    ANNUAL: "2026A, 2026a, ２０２６Ａ, 2026年报",
}


@for_all(("expected", "spellings"), ACCEPTED.items())
def test_accepted_spellings(expected: str, spellings: str) -> None:
    texts = spellings.split(", ")
    assert {text: shown(parse_period(text)) for text in texts} == dict.fromkeys(texts, expected)


REFUSED = (
    "2026Q5 2026Q0 2026-13 2026-00 2026年13月 2026年五季度 26Q3 Q3 0000 0000Q1 0000-01 0000A 1989 "
    "2200A text"
)


@for_all("text", ["", "　", "last quarter", *REFUSED.split()])
def test_refused(text: str) -> None:
    with pytest.raises(Unclear) as raised:
        parse_period(text)
    assert (raised.value.exit_code, raised.value.message.values) == (2, {"text": text})


# What the annual return covers as of a day, and the stretches that add up to it.
PARTS = f"""
statistical 2026-12-31 {ANNUAL}
    2025-12-01 上年12月, 2026-01-01 2026年第一季度, 2026-04-01 2026年第二季度, \
2026-07-01 2026年第三季度, 2026-10-01 10-11月
statistical 2026-10-31 {ANNUAL}
    2025-12-01 上年12月, 2026-01-01 2026年第一季度, 2026-04-01 2026年第二季度, \
2026-07-01 2026年第三季度, 2026-10-01 10-11月
calendar 2025-06-30 2026A 2026-01-01 2026-12-31 2026年报(截至12月31日)
    2026-01-01 2026年第一季度, 2026-04-01 2026年第二季度, 2026-07-01 2026年第三季度, \
2026-10-01 2026年第四季度
calendar 2026-02-15 2026A 2026-01-01 2026-02-15 2026年报(截至2月15日)
    2026-01-01 1-2月(至15日)
calendar 2026-09-30 2026A 2026-01-01 2026-09-30 2026年报(截至9月30日)
    2026-01-01 2026年第一季度, 2026-04-01 2026年第二季度, 2026-07-01 2026年第三季度
calendar 2026-10-01 2026A 2026-01-01 2026-10-01 2026年报(截至10月1日)
    2026-01-01 2026年第一季度, 2026-04-01 2026年第二季度, 2026-07-01 2026年第三季度, \
2026-10-01 10月(至1日)
calendar 2026-10-31 2026A 2026-01-01 2026-10-31 2026年报(截至10月31日)
    2026-01-01 2026年第一季度, 2026-04-01 2026年第二季度, 2026-07-01 2026年第三季度, \
2026-10-01 10月
calendar 2026-12-03 2026A 2026-01-01 2026-12-03 2026年报(截至12月3日)
    2026-01-01 2026年第一季度, 2026-04-01 2026年第二季度, 2026-07-01 2026年第三季度, \
2026-10-01 10-12月(至3日)
calendar 2027-02-01 2026A 2026-01-01 2026-12-31 2026年报(截至12月31日)
    2026-01-01 2026年第一季度, 2026-04-01 2026年第二季度, 2026-07-01 2026年第三季度, \
2026-10-01 2026年第四季度
"""


@for_all("row", PARTS.strip().replace("\n    ", "\t").splitlines())
def test_the_annual_return_and_its_parts(row: str) -> None:
    told, parts = row.split("\t")
    annual, as_of, expected = told.split(" ", 2)
    period = parse_period("2026A", annual, date.fromisoformat(as_of))
    assert shown(period) == expected
    found = annual_parts(period)
    assert ", ".join(f"{part.first} {part.title}" for part in found) == parts
    assert [part.last for part in found[:-1]] == [part.first - timedelta(1) for part in found[1:]]
    assert found[-1].last == period.last


@for_all("""
    asked   | quarters
    2026-09 | 2026-09
    2026Q3  | 2026Q3
    2026    | 2026Q1 2026Q2 2026Q3 2026Q4
    2026A   | 2025Q4 2026Q1 2026Q2 2026Q3
""")
def test_the_quarters_whose_point_returns_count(asked: str, quarters: str) -> None:
    assert " ".join(each.code for each in reported_quarters(parse_period(asked))) == quarters


@for_all("""
    of     | before | first      | last
    2026Q1 | 2025Q4 | 2025-10-01 | 2025-12-31
    2026A  | 2025A  | 2024-12-01 | 2025-11-30
""")
def test_the_period_before(of: str, before: str, first: str, last: str) -> None:
    found = period_before(parse_period(of))
    assert (found.code, str(found.first), str(found.last)) == (before, first, last)


def test_which_periods_owe_a_return() -> None:
    owing = [
        text for text in ("2026Q3", "2026A", "2026", "2026-09") if parse_period(text).owes_return
    ]
    assert owing == ["2026Q3", "2026A"]
    assert parse_period("2026A", "calendar") == parse_period("2026A", "calendar", date(2025, 1, 1))


@given(st.integers(1990, 2199))
def test_quarters_and_months_tile_the_year(year: int) -> None:
    whole = parse_period(str(year))
    for parts in ([f"{year}Q{n}" for n in range(1, 5)], [f"{year}-{n:02}" for n in range(1, 13)]):
        periods = [parse_period(text) for text in parts]
        assert [period.code for period in periods] == parts
        ends = [whole.first - timedelta(1), *(period.last for period in periods)]
        assert [period.first - timedelta(1) for period in periods] == ends[:-1]
        assert ends[-1] == whole.last


# Off by the notices: 1-8 October 2025; 1-3 January (Sunday the 4th worked), 4-6 April and 1-7
# October 2026. A period, its nominal date, and that of county desk, station and point.
RETURNS = """
after  1 2 2026Q3 2026-10-05 2026-10-08 2026-10-08 2026-10-08
before 1 2 2026Q3 2026-10-05 2026-10-08 2026-10-08 2026-10-08
after  1 2 2025Q3 2025-10-05 2025-10-09 2025-10-09 2025-10-09
after  1 2 2025Q4 2026-01-05 2026-01-05 2026-01-04 2026-01-04
before 1 2 2025Q4 2026-01-05 2026-01-05 2026-01-04 2026-01-04
after  1 2 2026Q1 2026-04-05 2026-04-07 2026-04-03 2026-04-02
before 1 2 2026Q1 2026-04-05 2026-04-03 2026-04-02 2026-04-01
after  1 2 2026Q2 2026-07-05 2026-07-06 2026-07-03 2026-07-02
after  1 2 2026A  2026-12-05 2026-12-07 2026-12-04 2026-12-03
before 1 2 2026A  2026-12-05 2026-12-04 2026-12-03 2026-12-02
after  0 4 2026A  2026-12-05 2026-12-07 2026-12-07 2026-12-01
"""


@for_all("row", RETURNS.strip().splitlines())
def test_return_dates(row: str) -> None:
    day_off, station, point, period, *expected = row.split()
    found = return_dates(parse_period(period), CALENDAR, day_off, int(station), int(point))
    assert [str(day) for day in found] == expected


@for_all("""
    last       | first
    2027-02-28 | 2026-03-01
    2028-02-27 | 2027-02-28
    2028-02-28 | 2027-03-01
    2028-02-29 | 2027-03-01
    2029-02-28 | 2028-03-01
    2026-09-30 | 2025-10-01
""")
def test_a_year_that_ends_on_a_day(last: str, first: str) -> None:
    end = date.fromisoformat(last)
    assert str(year_ending(Period("", end, end, "")).first) == first
