"""Stations' returns added up: refusals, sums, missing stations."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.locale import render
from ledger12315.rules.county import (
    StationReturn,
    absent_names,
    below_base,
    clashes,
    county_sum,
    split_earlier,
    unlike_formulas,
    with_stated_formulas,
)
from ledger12315.rules.county_reported import corrections_of_county
from ledger12315.rules.measures import MEASURES, Figures, with_totals
from ledger12315.rules.periods import parse_period
from ledger12315.rules.rates import RATES, rates_by
from ledger12315.rules.reported import Correction
from ledger12315.words import TYPES
from tests.rows import for_all

rows = st.lists(st.integers(0, 10**12), min_size=len(TYPES), max_size=len(TYPES))
# Few figures are drawn; the rows of the measures differ all the same.
stations = rows.map(
    lambda drawn: with_totals(
        {
            key: {type_: figure * place for type_, figure in zip(TYPES, drawn, strict=True)}
            for place, key in enumerate(MEASURES)
        }
    )
)
NOTHING = with_totals({key: dict.fromkeys(TYPES, 0) for key in MEASURES})


def told(
    file: str,
    station: str,
    period: str = "2026Q3",
    last: str = "",
    summed: bool = False,
    figures: Figures = NOTHING,
) -> StationReturn:
    read = parse_period(period)
    return StationReturn(
        file, station, read, date.fromisoformat(last) if last else read.last, figures, summed
    )


@settings(max_examples=20)
@given(stations, stations, stations)
def test_a_sum_of_sums_is_the_sum_and_every_figure_adds_up(
    one: Figures, two: Figures, three: Figures
) -> None:
    def added(*several: Figures) -> Figures:
        return county_sum(told("", "", figures=each) for each in several)

    both = added(one, two)
    assert added(both, three) == added(one, two, three)
    for key in MEASURES:
        sums = {column: figure + two[key][column] for column, figure in one[key].items()}
        assert both[key] == sums


# Beside a, of 东门所 and 2026Q3: what b is, and why the two make no sum.
THIRD = "a covers 2026Q3 (2026-07-01/2026-09-30)"
SECOND = f"b covers 2026Q2 (2026-04-01/2026-06-30), but {THIRD}"


@for_all(
    ("other", "found"),
    [
        (told("b", "西门所"), []),
        (told("b", "东门所"), ["b: 东门所 is in a already"]),
        (told("b", "东门 所"), ["b: 东门 所 is in a already"]),
        (told("b", "东门\u200b所"), ["b: 东门\u200b所 is in a already"]),
        (told("b", "西门所", "2026Q2"), [SECOND]),
        (told("b", "东门所", "2026Q2"), ["b: 东门所 is in a already", SECOND]),
        (
            told("b", "西门所", last="2026-08-31"),
            [f"b covers 2026Q3 (2026-07-01/2026-08-31), but {THIRD}"],
        ),
        (told("b", "榕溪县", summed=True), ["b: it is a sum of stations, and a is one station's"]),
    ],
)
def test_clashes(other: StationReturn, found: list[str]) -> None:
    assert [render(each) for each in clashes([told("a", "东门所"), other])] == found


def test_the_two_readings_of_an_annual_return_are_two_periods() -> None:
    period = parse_period("2026A", "calendar")
    calendar = StationReturn("b", "西门所", period, date(2026, 11, 30), NOTHING)
    [found] = clashes([told("a", "东门所", "2026A"), calendar])
    said = "b covers 2026A (2026-01-01/2026-11-30), but a covers 2026A (2025-12-01/2026-11-30)"
    assert render(found) == said


def visited(visits: int) -> Figures:
    rows = {key: dict.fromkeys(TYPES, 0) for key in MEASURES}
    return with_totals({**rows, "visits": {**rows["visits"], "mall": visits}})


def by_visits(code: str, visits: int) -> dict[str, dict[tuple[str, str], int]]:
    return {code: {("visits", column): visits for column in ("total", "mall")}}


# What the county told of visits before: 10, then 20 and 2 more of the first quarter.
Q1 = told("1", "县局", "2026Q1", summed=True, figures=visited(10))
Q2 = told("2", "县局", "2026Q2", summed=True, figures=visited(20))
Q2 = Q2._replace(corrections=by_visits("2026Q1", 2), previous="2026Q1")


@for_all(
    ("earlier", "of", "known"),
    [
        ([], "2026Q2", (None, None)),
        ([Q2], "2026Q2", (20, 17)),
        ([Q1, Q2], "2026Q2", (20, 17)),
        ([Q1, Q2], "2026Q1", (12, 9)),
        ([Q2], "2026Q1", (None, None)),
        ([Q1], "2026Q1", (None, None)),  # nobody knows what the second quarter corrected
    ],
)
def test_what_the_county_reported_is_known_of_its_workbooks_without_a_gap(
    earlier: list[StationReturn], of: str, known: tuple[int | None, int | None]
) -> None:
    east = told("east", "东门所")._replace(previous="2026Q2", corrections=by_visits(of, -4))
    west = told("west", "西门所")._replace(previous="2026Q2", corrections=by_visits(of, 1))
    assert split_earlier([east, *earlier, west]) == ([east, west], earlier)
    carried = corrections_of_county([east, west], earlier)
    assert carried
    by = (("东门所", -4), ("西门所", 1))
    assert carried.corrections == tuple(
        Correction(of, "", "visits", column, *known, -3, stations=by)
        for column in ("total", "mall")
    )


def test_corrections_are_in_the_order_of_their_periods() -> None:
    east = told("east", "东门所")._replace(previous="2026Q2", corrections=by_visits("2026Q2", 1))
    west = told("west", "西门所")._replace(previous="2026Q2", corrections=by_visits("2026Q1", 2))
    carried = corrections_of_county([east, west], [])
    assert carried
    assert [(line.period, line.type, line.difference) for line in carried.corrections] == [
        ("2026Q1", "total", 2),
        ("2026Q1", "mall", 2),
        ("2026Q2", "total", 1),
        ("2026Q2", "mall", 1),
    ]


def test_sums_of_quarters_beside_annual_returns_count_for_nothing() -> None:
    before = told("0", "县局", "2025A", summed=True, figures=visited(30))
    east = told("east", "东门所", "2026A")._replace(
        previous="2025A", corrections={**by_visits("2025A", 3), **by_visits("2026Q1", 1)}
    )
    assert split_earlier([Q1, east, before, Q2]) == ([east], [Q1, before, Q2])
    fourth = told("4", "县局", "2026Q4", summed=True)  # it ended after the annual return
    assert split_earlier([fourth, east]) == ([east], [fourth])
    carried = corrections_of_county([east], [Q1, before, Q2])
    assert carried and carried == corrections_of_county([east], [before])
    assert [line.period for line in carried.corrections] == ["2025A"] * 2 + ["2026Q1"] * 2
    assert carried.of_chain("2026A") == carried.corrections[:2]


def test_a_station_that_was_in_no_sum_before_is_named_with_its_opening() -> None:
    opened = {**NOTHING, "open_start": {**NOTHING["open_start"], "total": 8, "mall": 8}}
    east = told("east", "东门所", figures=opened)._replace(previous="2026Q2")
    new = told("new", "南门所", figures=opened)
    one = told("sum", "县局", "2026Q2", summed=True)._replace(
        stations=("东门所",), figures={**NOTHING, "open_end": opened["open_start"]}
    )
    for earlier in ([], [one]):
        carried = corrections_of_county([east, new], earlier)
        assert carried and carried.joined == ("南门所",)
        assert carried.ties["open_start"]["total"] == (8, 8, 16)


def test_what_is_missing_is_no_correction_of_an_opening() -> None:
    """The last sum had two stations with 8 open cases each; of one the return has not come."""
    opened = {**NOTHING, "open_start": {**NOTHING["open_start"], "total": 7, "mall": 7}}
    minus = {"2026Q2": {("open_end", column): -1 for column in ("total", "mall")}}
    east = told("east", "东门所", figures=opened)._replace(previous="2026Q2", corrections=minus)
    one = told("sum", "县局", "2026Q2", summed=True)._replace(
        stations=("东门所", "北门所"),
        figures={**NOTHING, "open_end": {**NOTHING["open_end"], "total": 16, "mall": 16}},
    )
    carried = corrections_of_county([east], [one])
    assert carried and carried.absent == ("北门所",)
    assert carried.ties["open_start"]["total"] == (8, -1, 7)


def test_a_first_annual_return_has_the_corrections_of_its_quarters() -> None:
    east = told("east", "东门所", "2026A")._replace(corrections=by_visits("2026Q1", 1))
    carried = corrections_of_county([east], [])
    assert carried and (carried.previous, carried.ties) == ("", {})
    lines = [(line.period, line.difference) for line in carried.corrections]
    assert lines == [("2026Q1", 1)] * 2
    assert corrections_of_county([told("east", "东门所", "2026A")], []) is None


def test_rates_have_the_formulas_that_all_returns_state_unless_the_county_set_its_own() -> None:
    key, target = "rate.settled_rate", {"target.settled_rate": "80"}
    own, other, county = (
        {key: f"{sum_} / closed"} for sum_ in ("settled", "mediated", "received")
    )
    east, west = told("east", "东门所"), told("west", "西门所")
    for settings_, stated, used, unlike in (
        (target, (own, own), own, []),
        (target, (own, other), {key: RATES[0].written}, ["东门所", "西门所"]),
        (target, ({}, {}), {key: RATES[0].written}, []),
        (target | county, (own, own), county, ["东门所", "西门所"]),
    ):
        returns = [
            each._replace(settings=by) for each, by in zip((east, west), stated, strict=True)
        ]
        found = with_stated_formulas(settings_, returns)
        assert rates_by(found)[0].written == used[key]
        assert rates_by(found)[0].target == 80
        assert unlike_formulas(found, returns) == unlike


def test_a_renamed_station_is_known_by_its_key() -> None:
    opened = {**NOTHING, "open_start": {**NOTHING["open_start"], "total": 8, "mall": 8}}
    before = told("a", "东门所")._replace(key="k1")
    renamed = told("b", "东门街道所", figures=opened)._replace(key="k1", previous="2026Q2")
    one = told("sum", "县局", "2026Q2", summed=True)._replace(stations=("东门所",), keys=("k1",))
    carried = corrections_of_county([renamed], [one])
    assert carried and carried.joined == ()
    [clash] = clashes([before, renamed])
    assert render(clash).startswith("b: 东门街道所 is in a already, as 东门所: leave out")


def test_absent_compares_names_however_they_are_spaced() -> None:
    assert absent_names(["东门所", "西门 所", "北门所"], ["西门所", "东门所\u3000"]) == ["北门所"]


@for_all(
    ("provincial", "municipal", "found"),
    [
        (6, 17, []),
        (5, 17, [("省级示范", 5, 6)]),
        (0, 16, [("省级示范", 0, 6), ("市级示范", 16, 17)]),
    ],
)
def test_the_standing_demonstration_points(
    provincial: int, municipal: int, found: list[Any]
) -> None:
    figures = {
        **NOTHING,
        "demo_provincial": {"total": provincial},
        "demo_municipal": {"total": municipal},
    }
    assert [
        *below_base(figures, {"demo_base_provincial": "6", "demo_base_municipal": "17"})
    ] == found
