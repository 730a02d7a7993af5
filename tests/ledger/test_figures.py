"""Laws of the figures on random ledgers, and each figure counted once more in plain Python."""

from datetime import date
from itertools import pairwise
from re import findall

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.ledger import points
from ledger12315.ledger.complaints.overdue import overdue
from ledger12315.ledger.figures import Scope, cases, figures
from ledger12315.ledger.store import Ledger
from ledger12315.rules.measures import ATTACHMENT3, COLUMNS, DIRECTORY, MEASURES, TOTAL, Figures
from ledger12315.rules.periods import Period, annual_parts, parse_period
from ledger12315.words import TYPES
from tests.ledger.counted import counted, due
from tests.ledger.made import (
    DAYS,
    MONTHS,
    PERIODS,
    QUARTERS,
    Life,
    a_complaint,
    a_point,
    lived,
    lives,
)

TABLES = ("complaint", "record", "point_type", "contact", "demonstration", "point_return")
STOCKS = (
    *("open_start", "open_end", "overdue_end", "points_start", "points_end"),
    *("demo_provincial", "demo_municipal", "liaisons", "returns_due", "returns_made"),
)
FLOWS = [key for key in MEASURES if key not in STOCKS]
# Domain 5.1, as it stands there.
CONTROLS = """
    03 = 04+05+06; 03 = 07+08+09; 10 = 11+12+13+15; 17 = 02+03-10
    14 <= 13; 16 <= 15; 18 <= 17; 19 <= 10; 23 <= 10; 24 <= 23
"""


# A plain count of all figures takes 100; these need less.
law = settings(max_examples=50)

# In the second quarter: a mall becomes a supermarket on 15 May, a market is retired on 1 June, a scenic shop set up on the 30th.
CHANGES = Life(
    [
        a_point("mall 2026-01-01 supermarket 2026-05-15"),
        a_point("market 2026-01-01 retired 2026-06-01"),
        a_point("scenic 2026-06-30"),
    ],
    [
        a_complaint(0, "2026-03-31", 40, "settled"),  # closed on 10 May as a mall's
        a_complaint(
            0, "2026-05-14", 1, "settled"
        ),  # closed when it was a supermarket: still a mall's
        a_complaint(0, "2026-05-15", 0, "advised"),
        a_complaint(
            1, "2026-05-31", 40, "settled"
        ),  # closed in the third quarter, when the market was no point any more
        a_complaint(1, "2026-06-01", 0, "settled"),  # refused
        a_complaint(2, "2026-06-29", 5, None),  # from before its set-up: told, not refused
    ],
    [],
)


def scope_of(
    ledger: Ledger, period: str | Period, as_of: str | None = None, point: int = 0
) -> Scope:
    """Of the station, or of the point of this number."""
    read = parse_period(period) if isinstance(period, str) else period
    only = points.find_point(ledger, f"P{point:03}") if point else None
    return Scope(read, date.fromisoformat(as_of) if as_of else None, only)


def of(ledger: Ledger, period: str | Period, as_of: str | None = None, point: int = 0) -> Figures:
    return figures(ledger, scope_of(ledger, period, as_of, point))


def added(*several: Figures) -> Figures:
    return {
        key: {column: sum(each[key][column] for each in several) for column in COLUMNS}
        for key in MEASURES
    }


def flows(found: Figures) -> Figures:
    return {key: dict(found[key]) for key in FLOWS}


@st.composite
def scopes(draw: st.DrawFn) -> tuple[str, str | None]:
    """A period, and a day in it up to which it is counted, or none."""
    period = draw(st.sampled_from(PERIODS))
    read = parse_period(period)
    inside = [day for day in DAYS if str(read.first) < day < str(read.last)]
    return period, draw(st.sampled_from([None, str(read.first), str(read.last), *inside]))


@law
@given(lives, scopes(), st.integers(0, 3))
def test_every_control_holds_for_every_scope(
    life: Life, scope: tuple[str, str | None], point: int
) -> None:
    with lived(life) as ledger:
        found = of(ledger, *scope, point=min(point, len(life.points)))
    for column in COLUMNS:
        by_code = {measure.code: found[measure.key][column] for measure in ATTACHMENT3}
        for left, sign, right in findall(r"(\d\d) (<?=) ([\d+-]+)", CONTROLS):
            sum_ = sum(
                -by_code[code] if minus == "-" else by_code[code]
                for minus, code in findall(r"(.?)(\d\d)", right)
            )
            assert by_code[left] <= sum_ if sign == "<=" else by_code[left] == sum_, (
                column,
                left,
                right,
            )
        row = {measure.key: found[measure.key][column] for measure in DIRECTORY}
        assert row["points_end"] == row["points_start"] + row["points_new"] - row["points_retired"]
        assert 0 <= row["returns_made"] <= row["returns_due"]


@law
@given(lives, st.sampled_from([QUARTERS, MONTHS, ["2025Q4", *QUARTERS], ["2025-12", *MONTHS]]))
def test_what_is_open_at_the_end_of_a_period_is_open_at_the_start_of_the_next(
    life: Life, periods: list[str]
) -> None:
    with lived(life) as ledger:
        found = [of(ledger, period) for period in periods]
    for before, after in pairwise(found):
        for end, start in (("open_end", "open_start"), ("points_end", "points_start")):
            assert before[end] == after[start]


@law
@given(lives)
def test_months_add_up_to_quarters_and_quarters_to_the_year(life: Life) -> None:
    with lived(life) as ledger:
        year, quarters = of(ledger, "2026"), [of(ledger, quarter) for quarter in QUARTERS]
        months = [of(ledger, month) for month in MONTHS]
    assert flows(added(*quarters)) == flows(year)
    assert [flows(added(*months[n : n + 3])) for n in range(0, 12, 3)] == [
        flows(quarter) for quarter in quarters
    ]


@law
@given(lives, st.sampled_from((None, "2026-06-30", "2026-12-01")))
def test_the_annual_return_is_the_sum_of_its_parts(life: Life, as_of: str | None) -> None:
    with lived(life) as ledger:
        whole = of(ledger, "2026A")
        parts = [of(ledger, part) for part in annual_parts(parse_period("2026A"))]
        assert len(parts) == 5
        assert flows(added(*parts)) == flows(whole)
        assert [whole[key] for key in ("open_start", "open_end")] == [
            parts[0]["open_start"],
            parts[-1]["open_end"],
        ]
        calendar = parse_period("2026A", "calendar", date.fromisoformat(as_of) if as_of else None)
        parts = [of(ledger, part) for part in annual_parts(calendar)]
        assert flows(added(*parts)) == flows(of(ledger, calendar))


@law
@given(lives, scopes())
def test_the_station_is_the_sum_of_its_points_and_its_own_records(
    life: Life, scope: tuple[str, str | None]
) -> None:
    with lived(life) as ledger:
        by_point = [of(ledger, *scope, point=number) for number in range(1, len(life.points) + 1)]
        station = of(ledger, *scope)
    points_ = added(*by_point)
    own = {
        (key, type_)
        for key in MEASURES
        for type_ in TYPES
        if station[key][type_] != points_[key][type_]
    }
    assert own <= {("meetings", "other"), ("trainings", "other")}


@law
@given(lives, scopes(), st.integers(0, 3), st.sampled_from(list(TYPES)))
def test_cases_add_up_to_each_figure(
    life: Life, scope: tuple[str, str | None], point: int, type_: str
) -> None:
    with lived(life) as ledger:
        asked = scope_of(ledger, *scope, point=min(point, len(life.points)))
        found = figures(ledger, asked)
        for key in MEASURES:
            for column in (type_, None):
                values = [row["value"] for row in cases(ledger, asked, key, column)[1]]
                assert sum(values) == found[key][column or TOTAL], (key, column)


@pytest.mark.parametrize("key", ["points_new", "points_retired"])
def test_cases_of_a_total_leave_out_changes_of_type(key: str) -> None:
    with lived(CHANGES) as ledger:
        assert (
            len(cases(ledger, scope_of(ledger, "2026Q2"), key)[1])
            == of(ledger, "2026Q2")[key][TOTAL]
            == 1
        )


@given(lives, st.integers(0, 3), st.sampled_from(DAYS))
def test_figures_are_what_a_plain_count_gives(life: Life, point: int, as_of: str) -> None:
    only = min(point, len(life.points))
    with lived(life) as ledger:
        rows = {
            table: list(map(dict, ledger.execute(f"SELECT * FROM {table}"))) for table in TABLES
        }
        tables = {
            name: [row for row in table if only in (0, row["point_id"])]
            for name, table in rows.items()
        }
        for period in map(parse_period, PERIODS):
            cut = as_of if str(period.first) <= as_of <= str(period.last) else None
            found = of(ledger, period, cut, only)
            by_type = {
                (key, type_): found[key][type_]
                for key in MEASURES
                for type_ in TYPES
                if found[key][type_]
            }
            assert by_type == counted(tables, period, cut), period.code


@law
@given(lives, st.sampled_from(DAYS))
def test_the_list_of_overdue_complaints_is_the_figure(life: Life, day: str) -> None:
    with lived(life) as ledger:
        listed = [each.number for each in overdue(ledger, date.fromisoformat(day))]
        late = [
            row["number"]
            for row in ledger.execute(
                "SELECT * FROM complaint WHERE voided IS NULL ORDER BY received, id"
            )
            if due(row["received"])
            < day
            < min(row["closed"] or "9999", row["escalated"] or "9999")
        ]
        assert of(ledger, day[:7], day)["overdue_end"][TOTAL] == len(listed)
    assert listed == late


def test_a_change_of_type_and_a_retirement_within_a_quarter() -> None:
    keys = "points_start points_new points_retired points_end demo_municipal liaisons returns_due returns_made"
    keys += " open_start received closed open_end overdue_end"
    with lived(CHANGES) as ledger:
        found = of(ledger, "2026Q2")
    assert [
        " ".join([column, *(str(found[key][column]) for key in keys.split())])
        for column in COLUMNS
    ] == [
        "total 2 1 1 2 2 2 3 3 1 4 3 2 1",
        "mall 1 0 1 0 0 0 0 0 1 1 2 0 0",
        "supermarket 0 1 0 1 1 1 1 1 0 1 1 0 0",
        "market 1 0 1 0 0 0 1 1 0 1 0 1 1",
        "enterprise 0 0 0 0 0 0 0 0 0 0 0 0 0",
        "scenic 0 1 0 1 1 1 1 1 0 1 0 1 0",
        "other 0 0 0 0 0 0 0 0 0 0 0 0 0",
    ]
