"""Laws of what was submitted: it is what the history yields, the next opening ties, and totals stand for cases."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.errors import LedgerError, Refused
from ledger12315.ledger.audit.as_of import as_of_act
from ledger12315.ledger.figures import cases, figures, rate_cases, sent
from ledger12315.ledger.returns import submitted as submissions
from ledger12315.ledger.store import Ledger, insert
from ledger12315.ledger.store.history import begin, seal
from ledger12315.rules.measures import ATTACHMENT3, COLUMNS, MEASURES, TOTAL
from ledger12315.rules.periods import parse_period
from ledger12315.rules.rates import rates
from tests.ledger.acted import _act, acted, one_act
from tests.ledger.made import Life, Row, a_complaint, a_point, lived
from tests.ledger.test_figures import of, scope_of

# `desk` puts in submissions of its own.
_acts = st.lists(one_act.filter(lambda act: act["kind"] != "desk"), max_size=12)
QUARTERS = ("2022Q1", "2026Q3")
OF_RECORDS = ("inquiries", "leads", "major_matters")


def act(ledger: Ledger, *rows: Row) -> None:
    """Further acts, each sealed; what the rules refuse is undone."""
    for row in rows:
        ledger.execute("BEGIN IMMEDIATE")
        begin(ledger, row["kind"])
        try:
            _act(ledger, row)
            seal(ledger)
        except (LedgerError, sqlite3.IntegrityError):
            ledger.execute("ROLLBACK")
        else:
            ledger.execute("COMMIT")


def submit(ledger: Ledger, *codes: str) -> None:
    for code in codes:
        prepared = submissions.prepare(
            ledger,
            parse_period(code),
            date(2027, 1, 5),
            lambda form, scope: f"{form}{scope}".encode(),
        )
        ledger.execute("BEGIN IMMEDIATE")
        begin(ledger, "submit")
        submissions.submit(ledger, *prepared)
        seal(ledger)
        ledger.execute("COMMIT")


def last_act(ledger: Ledger) -> int:
    return int(ledger.execute("SELECT max(id) FROM act").fetchone()[0])


def everything(ledger: Ledger) -> dict[str, Any]:
    """Figures of both quarters with all cases behind them."""
    return {
        code: (
            of(ledger, code),
            {key: cases(ledger, scope_of(ledger, code), key)[1] for key in MEASURES},
        )
        for code in QUARTERS
    }


@given(_acts, _acts)
@settings(max_examples=40)
def test_the_ledger_as_an_act_left_it_is_what_it_was(
    before: Sequence[Row], after: Sequence[Row]
) -> None:
    with acted(before) as ledger:
        then, at = everything(ledger), last_act(ledger)
        act(ledger, *after)
        now = everything(ledger)
        with as_of_act(ledger, at):
            assert everything(ledger) == then
        assert everything(ledger) == now


@given(_acts, _acts)
@settings(max_examples=40)
def test_the_next_opening_is_the_submitted_end_and_its_correction(
    before: Sequence[Row], after: Sequence[Row]
) -> None:
    with acted(before) as ledger:
        submit(ledger, *QUARTERS)
        at = last_act(ledger)
        act(ledger, *after)
        next_ = scope_of(ledger, "2026Q4")
        carried = submissions.corrections_due(ledger, next_)
        assert carried
        opening = of(ledger, "2026Q4")["open_start"]
        for column in COLUMNS:
            submitted, correction, start = carried.tie[column]
            assert submitted + correction == start == opening[column]
        of_point = submissions.corrections_due(ledger, scope_of(ledger, "2026Q4", point=1))
        assert of_point
        assert all(
            submitted + correction == start
            for submitted, correction, start in of_point.tie.values()
        )
        assert {line["period"] for line in of_point.lines} <= {"2026Q3"}
        touched = "SELECT number FROM complaint WHERE id IN (SELECT row_id FROM change WHERE table_name = 'complaint' AND act_id > ?)"
        changed = {row[0] for row in ledger.execute(touched, (at,))}
        for code in QUARTERS:
            was = submissions.frozen(ledger, scope_of(ledger, code))
            assert was
            with as_of_act(ledger, was.act):
                assert of(ledger, code) == was.figures
            now = of(ledger, code)
            lines = {
                (line["key"], line["type"]): line
                for line in carried.lines
                if line["period"] == code
            }
            for measure in ATTACHMENT3:
                for column in COLUMNS:
                    difference = now[measure.key][column] - was.figures[measure.key][column]
                    line = lines.pop((measure.key, column), {"difference": 0, "numbers": []})
                    assert line["difference"] == difference
                    assert set(line["numbers"]) <= changed
                    assert bool(line["numbers"]) == (difference != 0) or measure.key in OF_RECORDS
            assert not lines
            assert submissions.corrections(ledger, scope_of(ledger, code)) == [
                each for each in carried.lines if each["period"] == code
            ]
        submit(ledger, "2026Q4")
        assert [
            submissions.corrections(ledger, scope_of(ledger, code))
            for code in (*QUARTERS, "2026Q4")
        ] == [[], [], []]


# A mall and a market with a case in each quarter; the mall's are closed in the next one, but for the last.
TWO = Life(
    [a_point("mall 2026-01-01"), a_point("market 2026-01-01")],
    [
        a_complaint(point, day, wait, "settled" if wait else None)
        for point in (0, 1)
        for day, wait in (
            ("2026-02-01", 60),
            ("2026-05-01", 61),
            ("2026-08-01", 61),
            ("2026-11-01", 0),
        )
    ],
    [
        {"point": 0, "own": False, "kind": kind, "day": "2026-05-05", "count": 3}
        for kind in ("inquiry", "visit")
    ],
)
TOTALS = {
    **dict.fromkeys((measure.key for measure in ATTACHMENT3), 0),
    **dict.fromkeys(("received", "received_direct", "received_goods", "closed", "settled"), 10),
    "inquiries": 9,
    "open_start": 1,
    "open_end": 1,
    "disputed": 500,
}


def send(ledger: Ledger, period: str, **other: int) -> None:
    """The mall's totals."""
    row = {
        "point_id": 1,
        "period": period,
        "day": "2027-01-05",
        "state": "totals",
        "totals": json.dumps(TOTALS | other),
    }
    ledger.execute("UPDATE point_return SET period = period || '-' WHERE point_id = 1")
    insert(ledger, "point_return", row)


# Inquiries, open at the start, received, closed, open at the end, visits; each as total/mall.
@pytest.mark.parametrize(
    ("period", "as_of", "point", "figures_"),
    [
        ("2026Q1", None, 0, "0/0 0/0 2/1 0/0 2/1 0/0"),
        ("2026Q2", None, 0, "9/9 2/1 11/10 11/10 2/1 3/3"),  # the station's own visits stay
        ("2026Q2", None, 1, "9/9 1/1 10/10 10/10 1/1 3/3"),
        ("2026Q2", None, 2, "0/0 1/0 1/0 1/0 1/0 0/0"),
        ("2026Q2", "2026-05-20", 0, "3/3 2/1 2/1 2/1 2/1 3/3"),  # not the whole of it: the cases
        ("2026-05", None, 0, "3/3 0/0 2/1 0/0 2/1 3/3"),
        ("2026Q3", None, 0, "0/0 2/1 2/1 2/1 2/1 0/0"),
        ("2026", None, 0, "9/9 0/0 17/13 15/12 2/1 3/3"),
    ],
)
def test_totals_stand_for_a_points_cases(
    period: str, as_of: str | None, point: int, figures_: str
) -> None:
    with lived(TWO) as ledger:
        send(ledger, "2026Q2")
        scope = scope_of(ledger, period, as_of, point)
        found = figures(ledger, scope)
        keys = "inquiries", "open_start", "received", "closed", "open_end", "visits"
        assert " ".join(f"{found[key][TOTAL]}/{found[key]['mall']}" for key in keys) == figures_
        for key in MEASURES:
            assert sum(row["value"] for row in cases(ledger, scope, key)[1]) == found[key][TOTAL]
        told = period in ("2026Q2", "2026") and not as_of and point != 2
        assert [each.point.code for each in sent(ledger, scope)] == ["P001"] * told


def test_totals_of_the_annual_return_go_before_those_of_its_quarters() -> None:
    with lived(TWO) as ledger:
        for period, received in (("2026Q1", 3), ("2026A", 10)):
            totals = json.dumps(
                TOTALS
                | {"received": received, "received_direct": received, "received_goods": received}
            )
            insert(
                ledger,
                "point_return",
                {"point_id": 1, "period": period, "day": "2026-12-02", "totals": totals},
            )
        assert [of(ledger, "2026A")["received"][column] for column in (TOTAL, "mall")] == [14, 10]


def test_totals_that_do_not_tie_to_the_next_quarter_are_told_with_the_point() -> None:
    with lived(TWO) as ledger:
        send(ledger, "2026Q2", closed=5, settled=5, open_end=6)
        assert of(ledger, "2026Q2")["open_end"]["mall"] == 6
        with pytest.raises(Refused) as error:
            of(ledger, "2026")
    assert error.value.message.values["points"] == ["P001"]


def test_cases_of_a_rate_tell_numerator_from_denominator() -> None:
    with lived(TWO) as ledger:
        send(ledger, "2026Q2")
        scope = scope_of(ledger, "2026")
        for value in rates(figures(ledger, scope), TOTAL):
            rows = rate_cases(ledger, scope, value.rate.key) or []
            sums = [
                sum(row["value"] for row in rows if row["part"] == part)
                for part in ("numerator", "denominator")
            ]
            assert sums == [value.numerator, value.denominator]
        assert rate_cases(ledger, scope, "和解息诉率", "market") == [
            {
                "part": part,
                "number": number,
                "kind": "complaint",
                "point": "P002",
                "received": received,
                "closed": closed,
                "value": 1,
            }
            for part in ("numerator", "denominator")
            for number, received, closed in (
                ("2026-0005", "2026-02-01", "2026-04-02"),
                ("2026-0006", "2026-05-01", "2026-07-01"),
                ("2026-0007", "2026-08-01", "2026-10-01"),
            )
        ]
        assert rate_cases(ledger, scope, "received") is None
