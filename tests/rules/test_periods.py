from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger12315.errors import Unclear
from ledger12315.rules.periods import Period, ReturnDates, parse_period, return_dates
from tests.rules import CALENDAR, law

day = date.fromisoformat

Q3 = Period("2026Q3", day("2026-07-01"), day("2026-09-30"), "2026年第三季度")
MONTH = Period("2026-09", day("2026-09-01"), day("2026-09-30"), "2026年9月")
YEAR = Period("2026", day("2026-01-01"), day("2026-12-31"), "2026年")
ANNUAL = Period(
    "2026A", day("2025-12-01"), day("2026-11-30"), "2026年报(2025年12月1日至2026年11月30日)"
)


@pytest.mark.parametrize(
    ("expected", "spellings"),
    [
        (
            Q3,
            "2026Q3, 2026q3, ２０２６Ｑ３, 2026 Q3, 2026-3季度, 2026年第三季度, 2026年第3季度, 2026年三季度",
        ),
        (MONTH, "2026-09, 2026-9, 2026年9月, 2026 年 09 月, ２０２６－０９"),
        (YEAR, "2026, ２０２６, 2026年"),
        (ANNUAL, "2026A, 2026a, ２０２６Ａ, 2026年报"),
    ],
)
def test_accepted_spellings(expected: Period, spellings: str) -> None:
    texts = spellings.split(", ")
    assert {text: parse_period(text) for text in texts} == dict.fromkeys(texts, expected)


REFUSED = "2026Q5 2026Q0 2026-13 2026-00 2026年13月 2026年五季度 26Q3 Q3 0000 0000Q1 0000-01 0000A 1989 2200A text"


@pytest.mark.parametrize("text", ["", "　", "last quarter", *REFUSED.split()])
def test_refused(text: str) -> None:
    with pytest.raises(Unclear) as raised:
        parse_period(text)
    assert (raised.value.exit_code, raised.value.message.values) == (2, {"text": text})


@pytest.mark.parametrize(
    ("annual", "as_of", "expected"),
    [
        ("statistical", None, ANNUAL),
        ("statistical", "2026-10-31", ANNUAL),
        (
            "calendar",
            None,
            Period("2026A", day("2026-01-01"), day("2026-11-30"), "2026年报(截至11月30日)"),
        ),
        (
            "calendar",
            "2026-10-31",
            Period("2026A", day("2026-01-01"), day("2026-10-31"), "2026年报(截至10月31日)"),
        ),
        (
            "calendar",
            "2026-12-03",
            Period("2026A", day("2026-01-01"), day("2026-12-03"), "2026年报(截至12月3日)"),
        ),
        (
            "calendar",
            "2027-02-01",
            Period("2026A", day("2026-01-01"), day("2026-12-31"), "2026年报(截至12月31日)"),
        ),
    ],
)
def test_annual_return(annual: str, as_of: str | None, expected: Period) -> None:
    assert parse_period("2026A", annual, day(as_of) if as_of else None) == expected


def test_titles() -> None:
    spellings = ("2026Q1", "2026Q2", "2026Q3", "2026Q4", "2026-01", "2026")
    titles = [
        "2026年第一季度",
        "2026年第二季度",
        "2026年第三季度",
        "2026年第四季度",
        "2026年1月",
        "2026年",
    ]
    assert [parse_period(text).title for text in spellings] == titles


def test_which_periods_owe_a_return() -> None:
    assert [parse_period(text).owes_return for text in ("2026Q3", "2026A", "2026", "2026-09")] == [
        True,
        True,
        False,
        False,
    ]


@law
@given(st.integers(1990, 2199))
def test_quarters_and_months_tile_the_year(year: int) -> None:
    whole = parse_period(str(year))
    for parts in ([f"{year}Q{n}" for n in range(1, 5)], [f"{year}-{n:02}" for n in range(1, 13)]):
        periods = [parse_period(text) for text in parts]
        assert [period.code for period in periods] == parts
        assert [period.first for period in periods] == [
            whole.first,
            *(period.last + timedelta(days=1) for period in periods[:-1]),
        ]
        assert periods[-1].last == whole.last


# Off by the notices: 1-8 October 2025; 1-3 January (Sunday the 4th worked), 4-6 April and 1-7 October 2026.
@pytest.mark.parametrize(
    ("period", "day_off", "nominal", "county", "station", "point"),
    [
        ("2026Q3", "after", "2026-10-05", "2026-10-08", "2026-10-08", "2026-10-08"),
        ("2026Q3", "before", "2026-10-05", "2026-10-08", "2026-10-08", "2026-10-08"),
        ("2025Q3", "after", "2025-10-05", "2025-10-09", "2025-10-09", "2025-10-09"),
        ("2025Q4", "after", "2026-01-05", "2026-01-05", "2026-01-04", "2026-01-04"),
        ("2025Q4", "before", "2026-01-05", "2026-01-05", "2026-01-04", "2026-01-04"),
        ("2026Q1", "after", "2026-04-05", "2026-04-07", "2026-04-03", "2026-04-02"),
        ("2026Q1", "before", "2026-04-05", "2026-04-03", "2026-04-02", "2026-04-01"),
        ("2026Q2", "after", "2026-07-05", "2026-07-06", "2026-07-03", "2026-07-02"),
        ("2026A", "after", "2026-12-05", "2026-12-07", "2026-12-04", "2026-12-03"),
        ("2026A", "before", "2026-12-05", "2026-12-04", "2026-12-03", "2026-12-02"),
    ],
)
def test_return_dates(
    period: str, day_off: str, nominal: str, county: str, station: str, point: str
) -> None:
    expected = ReturnDates(day(nominal), day(county), day(station), day(point))
    assert (
        return_dates(parse_period(period), CALENDAR, day_off, station_lead=1, point_lead=2)
        == expected
    )


def test_leads_are_settings() -> None:
    dates = return_dates(parse_period("2026A"), CALENDAR, "after", station_lead=0, point_lead=4)
    assert dates == ReturnDates(
        day("2026-12-05"), day("2026-12-07"), day("2026-12-07"), day("2026-12-01")
    )
