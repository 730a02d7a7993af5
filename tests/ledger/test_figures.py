"""Laws of the figures on random ledgers, and each figure counted once more by the oracle."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from re import findall
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.ledger import points
from ledger12315.ledger.assessment import assess
from ledger12315.ledger.calendar import known_calendar
from ledger12315.ledger.figures import Scope, cases, figures, missing_returns, provisional
from ledger12315.ledger.overdue import overdue
from ledger12315.ledger.rows import Ledger
from ledger12315.rules.measures import ATTACHMENT3, COLUMNS, MEASURES, TOTAL, Figures
from ledger12315.rules.periods import Period, annual_parts, parse_period
from ledger12315.rules.rates import rates
from tests import oracle
from tests.building import act, built
from tests.cli.conftest import table
from tests.ledger.drawn import DAYS, MONTHS, PERIODS, QUARTERS, Lines, lives

_STOCKS = """open_start open_end overdue_end points_start points_end demo_provincial demo_municipal
    liaisons returns_due returns_made"""
STOCKS = _STOCKS.split()
DIRECTORY = "points_start", "points_new", "points_retired", "points_end", *STOCKS[-2:]
# Domain 5.1, as it stands there.
CONTROLS = """
    03 = 04+05+06; 03 = 07+08+09; 10 = 11+12+13+15; 17 = 02+03-10
    14 <= 13; 16 <= 15; 18 <= 17; 19 <= 10; 23 <= 10; 24 <= 23
"""
# In the second quarter: a mall becomes a supermarket on 15 May, a market is retired on 1 June, a
# scenic shop is set up on the 30th. Refused: a complaint at the market on the day it is retired.
CHANGES = """
    register 甲 --type mall --since 2026-01-01 --liaison 李四
    register 乙 --type market --since 2026-01-01 --liaison 李四
    register 丙 --type scenic --since 2026-06-30 --liaison 李四
    point amend P001 --demonstration municipal --on 2026-01-01
    point amend P001 --type supermarket --on 2026-05-15
    point amend P002 --demonstration municipal --on 2026-01-01
    point retire P002 --on 2026-06-01
    point amend P003 --demonstration municipal --on 2026-06-30
    log P001 --received 2026-03-31
    close _ --outcome settled --closed 2026-05-10
    log P001 --received 2026-05-14
    close _ --outcome settled --closed 2026-05-15
    log P001 --received 2026-05-15
    close _ --outcome advised --closed 2026-05-15 --told 2026-05-15
    log P002 --received 2026-05-31
    log P002 --received 2026-06-01
    log P003 --received 2026-06-29
    returns receive P001 2026Q2 --on 2027-01-05
    returns receive P002 2026Q2 --on 2027-01-05
    returns receive P003 2026Q2 --on 2027-01-05
"""


def of(ledger: Ledger, period: str | Period, as_of: str = "", point: str = "") -> Figures:
    return figures(ledger, scope_of(ledger, period, as_of, point))


def scope_of(ledger: Ledger, period: str | Period, as_of: str = "", point: str = "") -> Scope:
    """Return the scope of the station, or of a point."""
    read = parse_period(period) if isinstance(period, str) else period
    only = points.find(ledger, point) if point else None
    return Scope(read, date.fromisoformat(as_of) if as_of else None, only)


def added(several: Iterable[Figures], without: Iterable[str] = STOCKS) -> Figures:
    """Return the sum of figures, of flows only unless all are asked for."""
    parts, keys = list(several), [key for key in MEASURES if key not in without]
    return {key: {each: sum(part[key][each] for part in parts) for each in COLUMNS} for key in keys}


class Drawn(NamedTuple):
    """A random ledger, the figures of all periods, and a scope to look at more closely."""

    ledger: Ledger
    found: dict[str, Figures]
    codes: list[str]
    period: str
    as_of: str
    point: str


def controls_hold(drawn: Drawn) -> None:
    scope = drawn.period, drawn.as_of, drawn.point
    for found in (*drawn.found.values(), of(drawn.ledger, *scope)):
        for column in COLUMNS:
            by_code = {measure.code: found[measure.key][column] for measure in ATTACHMENT3}
            for left, sign, right in findall(r"(\d\d) (<?=) ([\d+-]+)", CONTROLS):
                terms = findall(r"(.?)(\d\d)", right)
                total = sum(by_code[code] * (-1 if minus == "-" else 1) for minus, code in terms)
                assert by_code[left] == total or (sign == "<=" and by_code[left] < total), left
            row = {key: found[key][column] for key in DIRECTORY}
            grown = row["points_new"] - row["points_retired"]
            assert row["points_end"] == row["points_start"] + grown
            assert 0 <= row["returns_made"] <= row["returns_due"]


def what_is_open_at_the_end_is_open_at_the_next_start(drawn: Drawn) -> None:
    for periods in (["2025-12", *MONTHS], ["2025Q4", *QUARTERS]):
        for before, after in pairwise(drawn.found[code] for code in periods):
            assert before["open_end"] == after["open_start"]
            assert before["points_end"] == after["points_start"]


def parts_add_up(drawn: Drawn) -> None:
    """Months make quarters, quarters the year; an annual return of either kind is its parts."""
    months = [added(drawn.found[code] for code in MONTHS[n : n + 3]) for n in range(0, 12, 3)]
    assert months == [added([drawn.found[code]]) for code in QUARTERS]
    assert added(drawn.found[code] for code in QUARTERS) == added([drawn.found["2026"]])
    cut = date.fromisoformat(drawn.as_of or "2026-12-01")
    for whole in (parse_period("2026A"), parse_period("2026A", "calendar", cut)):
        parts = [of(drawn.ledger, part) for part in annual_parts(whole)]
        found = of(drawn.ledger, whole)
        assert added(parts) == added([found])
        ends = parts[0]["open_start"], parts[-1]["open_end"]
        assert ends == (found["open_start"], found["open_end"])


def the_station_is_its_points_and_its_own_records(drawn: Drawn) -> None:
    scope = drawn.period, drawn.as_of
    station = of(drawn.ledger, *scope)
    together = added((of(drawn.ledger, *scope, code) for code in drawn.codes), without=())
    own = {key for key in MEASURES if station[key] != together[key]}
    assert own <= {"meetings", "trainings"}


def cases_add_up_to_each_figure(drawn: Drawn) -> None:
    scope = scope_of(drawn.ledger, drawn.period, drawn.as_of, drawn.point)
    found = figures(drawn.ledger, scope)
    for key in MEASURES:
        for column in ("mall", None):
            values = [row["value"] for row in cases(drawn.ledger, scope, key, column)[1]]
            assert sum(values) == found[key][column or TOTAL], (key, column)


def a_plain_count_gives_the_same(drawn: Drawn) -> None:
    station = oracle.station_of(drawn.ledger.execute)
    for code in PERIODS:
        period = parse_period(code)
        inside = str(period.first) <= drawn.as_of <= str(period.last)
        as_of = drawn.as_of if inside else ""
        bounds = code, str(period.first), str(period.last), as_of
        found = of(drawn.ledger, code, as_of) if as_of else drawn.found[code]
        assert found == oracle.counted(station, *bounds), bounds
        if drawn.point:
            found = of(drawn.ledger, code, as_of, drawn.point)
            assert found == oracle.counted(station.only(drawn.point), *bounds), bounds


def the_list_of_overdue_complaints_is_the_figure(drawn: Drawn) -> None:
    day = drawn.as_of or "2026-12-01"
    station = oracle.station_of(drawn.ledger.execute)
    late = [row for row in station.complaints if oracle.overdue(station, row, day)]
    listed = [each.number for each in overdue(drawn.ledger, date.fromisoformat(day))]
    assert listed == [row["number"] for row in sorted(late, key=lambda row: str(row["received"]))]
    assert len(late) == of(drawn.ledger, day[:7], day)["overdue_end"][TOTAL]


def the_assessment_is_that_of_the_figures(drawn: Drawn) -> None:
    rows = assess(drawn.ledger, Scope(parse_period(drawn.period)))
    assert [row["level"] for row in rows][-1:] == ["station"]
    for row in rows:
        found = of(drawn.ledger, drawn.period, point=row["code"] or "")
        totals = {key: found[key][TOTAL] for key in MEASURES}
        assert [row[value.rate.key] for value in rates(found, TOTAL)] == list(rates(found, TOTAL))
        shared = ["closed", "overdue_end"]
        if "Q" in drawn.period and "Q4" not in drawn.period:  # in which the annual return ends too
            shared += ["returns_due", "returns_made"]
        assert {key: row[key] for key in shared} == {key: totals[key] for key in shared}
        if "-" in drawn.period:  # who stood for a day of the month owes a visit
            assert row["visits_owed"] == totals["returns_due"]
            assert row["visits"] == min(totals["visits"], 1) or not row["code"]


LAWS = (
    controls_hold,
    what_is_open_at_the_end_is_open_at_the_next_start,
    parts_add_up,
    the_station_is_its_points_and_its_own_records,
    cases_add_up_to_each_figure,
    a_plain_count_gives_the_same,
    the_list_of_overdue_complaints_is_the_figure,
    the_assessment_is_that_of_the_figures,
)


@pytest.mark.slow
@settings(max_examples=40)
@given(lives(), st.sampled_from(PERIODS), st.data())
def test_laws(life: Lines, code: str, data: st.DataObject) -> None:
    """One ledger for all of them: making it takes longer than looking at it."""
    first, last = (str(day) for day in (parse_period(code).first, parse_period(code).last))
    inside = [day for day in DAYS if first < day < last]
    as_of = data.draw(st.sampled_from(["", first, last, *inside]))
    with built(life, refused=True) as ledger:
        codes = [row["code"] for row in ledger.execute("SELECT code FROM point ORDER BY code")]
        point = data.draw(st.sampled_from(["", *codes]))
        found = {each: of(ledger, each) for each in PERIODS}
        for holds in LAWS:
            holds(Drawn(ledger, found, codes, code, as_of, point))


def test_a_change_of_type_and_a_retirement_within_a_quarter() -> None:
    with built(CHANGES, refused=True) as ledger:
        found = of(ledger, "2026Q2")
        for key in ("points_new", "points_retired"):  # cases of a total leave out changes of type
            assert len(cases(ledger, scope_of(ledger, "2026Q2"), key)[1]) == 1
    keys = """points_start points_new points_retired points_end demo_municipal liaisons returns_due
        returns_made open_start received closed open_end overdue_end"""
    rows = [[each, *(found[key][each] for key in keys.split())] for each in COLUMNS]
    assert [" ".join(map(str, row)) for row in rows] == [
        "total 2 1 1 2 2 2 3 3 1 4 3 2 1",
        "mall 1 0 1 0 0 0 0 0 1 1 2 0 0",
        "supermarket 0 1 0 1 1 1 1 1 0 1 1 0 0",
        "market 1 0 1 0 0 0 1 1 0 1 0 1 1",
        "enterprise 0 0 0 0 0 0 0 0 0 0 0 0 0",
        "scenic 0 1 0 1 1 1 1 1 0 1 0 1 0",
        "other 0 0 0 0 0 0 0 0 0 0 0 0 0",
    ]


@table("""
    received    | void | period    | as_of       | told
    {last}-12-28 |      | {last}Q4  |             | True
    {last}-12-28 |      | {last}    |             | True
    {last}-12-28 | void | {last}Q4  |             | False
    {last}-12-28 |      | {last}Q4  | {last}-12-27 | False
    {last}-12-28 |      | {last}Q3  |             | False
    {last}-12-28 |      | {next}Q1  |             | False
    {last}-12-01 |      | {last}Q4  |             | False
""")
def test_figures_that_rest_on_an_unknown_notice_are_provisional(
    received: str, void: str, period: str, as_of: str, told: str
) -> None:
    last = max(known_calendar().known)
    years = {"last": last, "next": last + 1}
    lines = ["register 甲 --type mall --since 2026-01-05"]
    lines += [f"log P001 --received {received}".format(**years)]
    lines += ["complaint void _ --reason 重复"] * bool(void)
    with built(lines, today=date(last + 1, 6, 30)) as ledger:
        scope = scope_of(ledger, period.format(**years), as_of.format(**years))
        assert str(provisional(ledger, scope)) == told


@table("""
    sent                 | period | missing
                         | 2026Q1 | None
    P001 2026Q1          | 2026Q1 | ('乙',)
    P001 2026Q1          | 2026Q2 | ('甲', '乙', '丙')
    P003 2026Q2          | 2026Q1 | ('甲', '乙')
    P003 2026Q2          | 2026Q3 | ('甲', '丙')
""")
def test_points_without_a_return_are_named_once_any_return_came(
    sent: str, period: str, missing: str
) -> None:
    lines = [line for line in CHANGES.splitlines() if "receive" not in line and line.strip()]
    with built(lines, refused=True) as ledger:
        if sent:
            act(ledger, f"returns receive {sent} --on 2027-01-05")
        assert str(missing_returns(ledger, scope_of(ledger, period))) == missing
