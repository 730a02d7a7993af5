"""Laws of the figures on random ledgers, compared with the oracle's count."""

from datetime import date
from itertools import pairwise
from re import findall

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.ledger import points
from ledger12315.ledger.calendar import library_calendar
from ledger12315.ledger.complaints.overdue import overdue_complaints
from ledger12315.ledger.figures import Scope, cases, figures
from ledger12315.ledger.figures.assessment import assess
from ledger12315.ledger.figures.grounds import is_provisional, missing_returns
from ledger12315.ledger.store import Ledger
from ledger12315.rules.measures import ATTACHMENT3, COLUMNS, MEASURES, TOTAL, Figures
from ledger12315.rules.periods import Period, annual_parts, parse_period, year_ending
from ledger12315.rules.rates import RATES, rates
from tests import oracle
from tests.building import act, built
from tests.ledger.drawn import DAYS, MONTHS, OFTEN, PERIODS, QUARTERS, Lines, lives
from tests.rows import for_all

_STOCKS = """open_start open_end overdue_end points_start points_end demo_provincial demo_municipal
    liaisons returns_due returns_made"""
STOCKS = _STOCKS.split()
# The controls of docs/figures.md.
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
    only = points.find_point(ledger, point) if point else None
    return Scope(read, date.fromisoformat(as_of) if as_of else None, only)


def agree(ledger: Ledger, as_of: str = "", point: str = "") -> None:
    """Check that a plain count gives the same for each period, up to `as_of` in its own."""
    station = oracle.station_of(ledger.execute)
    last = date.fromisoformat(as_of or "2026-12-01")
    calendar = parse_period("2026A", "calendar", last)
    for period in (*map(parse_period, PERIODS), calendar):
        bounds = str(period.first), str(period.last)
        cut = as_of if bounds[0] <= as_of <= bounds[1] else ""
        for code in {"", point}:
            rows = station.only(code) if code else station
            assert of(ledger, period, cut, code) == oracle.counted(rows, period.code, *bounds, cut)


def controls_hold(found: Figures) -> None:
    for column in COLUMNS:
        by_code = {measure.code: found[measure.key][column] for measure in ATTACHMENT3}
        for left, sign, right in findall(r"(\d\d) (<?=) ([\d+-]+)", CONTROLS):
            terms = findall(r"(.?)(\d\d)", right)
            total = sum(by_code[code] * (-1 if minus == "-" else 1) for minus, code in terms)
            assert by_code[left] == total or (sign == "<=" and by_code[left] < total), left


def what_is_open_at_the_end_is_open_at_the_next_start(ledger: Ledger) -> None:
    for periods in (["2025-12", *MONTHS], ["2025Q4", *QUARTERS]):
        for before, after in pairwise(of(ledger, code) for code in periods):
            assert before["open_end"] == after["open_start"]
            assert before["points_end"] == after["points_start"]


def parts_add_up(ledger: Ledger) -> None:
    """Check that quarters and an annual return are the sum of their parts."""
    for parts in (MONTHS[:3], annual_parts(parse_period("2026A"))):
        whole = of(ledger, "2026Q1" if parts == MONTHS[:3] else "2026A")
        found = [of(ledger, part) for part in parts]
        for key in MEASURES.keys() - {*STOCKS}:
            assert [sum(part[key][each] for part in found) for each in COLUMNS] == [
                *whole[key].values()
            ], key


def cases_add_up_to_each_figure(ledger: Ledger, scope: Scope) -> None:
    found = figures(ledger, scope)
    for key, measure in MEASURES.items():
        for column in ("mall", None):
            values = [case.value for case in cases(ledger, scope, measure, column)]
            assert sum(values) == found[key][column or TOTAL], (key, column)


def the_list_of_overdue_complaints_is_the_figure(ledger: Ledger, day: str) -> None:
    station = oracle.station_of(ledger.execute)
    late = [row["number"] for row in station.complaints if oracle.overdue(station, row, day)]
    listed = overdue_complaints(ledger, date.fromisoformat(day))
    assert sorted(each.number for each in listed) == sorted(late)
    assert [each.received for each in listed] == sorted(each.received for each in listed)
    assert len(late) == of(ledger, day[:7], day)["overdue_end"][TOTAL]


def the_assessment_is_that_of_the_figures(ledger: Ledger, code: str) -> None:
    year = year_ending(parse_period(code))
    assessed = assess(ledger, Scope(parse_period(code)))
    assert assessed[-1].level == "station"
    for each in assessed:
        found = of(ledger, code, point=each.code or "")
        scope = scope_of(ledger, code, point=each.code or "")
        rated = figures(ledger, scope._replace(period=year)) if each.code else found
        assert each.rates == rates(rated, TOTAL, RATES)
        # In the fourth quarter the annual return ends too; who stood in a month owes a visit.
        returns = ["returns_due", "returns_made"] * (code[4:] in ("Q1", "Q2", "Q3"))
        for key in ("closed", "overdue_end", *returns):
            assert getattr(each, key) == found[key][TOTAL]
        if "-" in code:
            assert each.visits_owed == found["returns_due"][TOTAL]
            assert each.visits == min(found["visits"][TOTAL], 1) or not each.code


@settings(max_examples=4 * OFTEN)
@given(lives(), st.sampled_from(PERIODS), st.data())
def test_laws(life: Lines, code: str, data: st.DataObject) -> None:
    """One ledger for all of them: making it takes longer than looking at it."""
    first, last = str(parse_period(code).first), str(parse_period(code).last)
    inside = [day for day in DAYS if first < day < last]
    as_of = data.draw(st.sampled_from(["", first, last, *inside]))
    with built(life, refused=True) as ledger:
        points_ = [row["code"] for row in ledger.execute("SELECT code FROM point ORDER BY code")]
        point = data.draw(st.sampled_from(["", *points_]))
        agree(ledger, as_of, point)
        controls_hold(of(ledger, code, as_of, point))
        what_is_open_at_the_end_is_open_at_the_next_start(ledger)
        parts_add_up(ledger)
        cases_add_up_to_each_figure(ledger, scope_of(ledger, code, as_of, point))
        the_list_of_overdue_complaints_is_the_figure(ledger, as_of or "2026-12-01")
        the_assessment_is_that_of_the_figures(ledger, code)


def test_a_change_of_type_and_a_retirement_within_a_quarter() -> None:
    with built(CHANGES, refused=True) as ledger:
        found = of(ledger, "2026Q2")
        for key in ("points_new", "points_retired"):  # cases of a total leave out changes of type
            assert len(cases(ledger, scope_of(ledger, "2026Q2"), MEASURES[key])) == 1
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


@for_all("""
    received     | then                         | period   | as_of        | told
    {last}-12-28 |                              | {last}Q4 |              | True
    {last}-12-28 |                              | {last}   |              | True
    {last}-12-28 | complaint void _ --reason 误 | {last}Q4 |              | False
    {last}-12-28 |                              | {last}Q4 | {last}-12-27 | False
    {last}-12-28 |                              | {last}Q3 |              | False
    {last}-12-28 |                              | {next}Q1 |              | True
    {last}-12-28 | {closed} {next}-01-05        | {last}Q4 |              | True
    {last}-12-28 | {closed} {next}-01-05        | {next}Q1 |              | True
    {last}-12-28 | {closed} {next}-01-05        | {next}Q2 |              | False
    {last}-12-01 | {closed} {next}-01-05        | {next}Q1 |              | False
    {last}-12-01 |                              | {last}Q4 |              | False
""")
def test_figures_that_rest_on_an_unknown_notice_are_provisional(
    received: str, then: str, period: str, as_of: str, told: str
) -> None:
    last = max(library_calendar().announced)
    years = {"last": last, "next": last + 1, "closed": "close _ --outcome settled --closed"}
    lines = [f"register {name} --type mall --since 2026-01-05" for name in "甲乙"]
    lines += [f"log P001 --received {received}", then]
    lines = [line.format(**years) for line in lines if line]
    with built(lines, today=date(last + 1, 6, 30)) as ledger:
        scope = scope_of(ledger, period.format(**years), as_of.format(**years))
        assert str(is_provisional(ledger, scope)) == told
        one, other = points.points(ledger)
        assert str(is_provisional(ledger, scope._replace(point=one))) == told
        assert not is_provisional(ledger, scope._replace(point=other))


@for_all("""
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


VISITED = """
    register 甲 --type mall --since 2026-01-01
    record visit P001 --on 2026-01-31 --count 2
    record visit P001 --on 2026-03-01 --count 2
    returns receive P001 2026Q1 --on 2027-01-05
"""
# Visits, visits owed, returns, returns due as of a day.
EXPECTED = """
    2026-01-30 0 1 0 0
    2026-01-31 1 1 0 0
    2026-02-01 1 2 0 0
    2026-03-31 2 3 0 1
    2026-06-30 2 6 0 2
    2026-11-30 2 11 0 3
    2026-12-31 2 12 0 4
    2027-01-05 2 12 1 4
"""


def test_nothing_after_the_as_of_day_is_owed_or_done() -> None:
    """By 30 November three quarters; the one return came on 5 January."""
    keys = "visits", "visits_owed", "returns_made", "returns_due"
    with built(VISITED) as ledger:
        found = []
        for day in EXPECTED.split()[::5]:
            row = assess(ledger, Scope(parse_period("2026"), date.fromisoformat(day)))[0]
            found.append(" ".join([day, *(str(getattr(row, key)) for key in keys)]))
    assert found == [line.strip() for line in EXPECTED.strip().splitlines()]
