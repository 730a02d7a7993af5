"""Laws of the directory: whatever is changed, taken back or retired, each day has one type, cases follow, and figures balance."""

from contextlib import suppress
from operator import itemgetter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.boxes.reading import Person, Value, people
from ledger12315.errors import Refused
from ledger12315.ledger import points
from ledger12315.ledger.audit.check import strayed_rows
from ledger12315.ledger.figures import Scope, figures
from ledger12315.ledger.points import amending
from ledger12315.ledger.points import profile as directory
from ledger12315.ledger.store import Ledger
from ledger12315.rules.measures import TOTAL
from ledger12315.rules.periods import parse_period
from ledger12315.words import TYPES
from tests.ledger.made import DAYS, PERIODS, TODAY, Life, Row, a_complaint, a_point, lived

_turn = st.one_of(
    st.tuples(st.just("type"), st.sampled_from(("mall", "supermarket", "scenic"))),
    st.tuples(st.just("demonstration"), st.sampled_from(("none", "municipal", "provincial"))),
    st.tuples(st.just("liaison"), st.sampled_from(("甲", "乙;丙", "甲;丙 13900000101 专职 B1"))),
    st.tuples(st.just("host"), st.sampled_from(("东门公司", "西门公司"))),
)
_DAYS = ("2026-01-01", "2026-03-31", "2026-04-01", "2026-05-15", "2026-06-30", "2026-07-01")
# Sorted, for what lies before an earlier change is refused; sometimes not.
_said = st.lists(st.tuples(st.sampled_from(_DAYS), _turn), max_size=9)
_turns = _said | _said.map(lambda said: sorted(said, key=itemgetter(0)))


def _complaints() -> list[Row]:
    return [a_complaint(0, day, 3, "settled") for day in DAYS if day < "2026-06-29"]


@given(_turns, st.none() | st.sampled_from(_DAYS))
@settings(max_examples=60)
def test_every_day_has_what_was_said_last_of_it(
    turns: list[tuple[str, tuple[str, str]]], retired: str | None
) -> None:
    with lived(Life([a_point("mall 2026-01-01")], _complaints(), [])) as ledger:
        point = points.find_point(ledger, "P001")
        said = [
            ("type", "mall", "2026-01-01"),
            ("demonstration", "municipal", "2026-01-01"),
            ("liaison", "李四", "2026-01-01"),
        ]
        for day, (box, value) in turns:
            with suppress(Refused):
                wanted = people(value, TODAY) if box == "liaison" else value
                amending.amend(ledger, point, {box: wanted, "on": day}, TODAY)
                said.append((box, value, day))
        with suppress(Refused):
            if retired:
                amending.retire(ledger, point, retired)
        point = points.find_point(ledger, "P001")
        for day in (day for day in DAYS if day >= point.since):
            found = directory.profile(ledger, point, day)
            if point.retired and day >= point.retired:
                assert (found["status"], found["demonstration"], found["liaisons"]) == (
                    "retired",
                    "none",
                    [],
                )
                assert all(point.since < change.day < point.retired for change in found["changes"])
                continue
            latest = {box: value for box, value, since in said if since <= day}
            assert found["type"] == latest["type"]
            assert found["demonstration"] == latest["demonstration"]
            assert found["host"] == latest.get("host")
            names = [each.name for each in people(latest["liaison"], TODAY)]
            assert sorted(each["name"] for each in found["liaisons"]) == sorted(names)
        _balances(ledger, point)
        assert list(strayed_rows(ledger)) == []


def _balances(ledger: Ledger, point: points.Point) -> None:
    """`figures` itself checks the controls; what it counts at a period's end is the type of that day, and cases carry theirs."""
    for code in PERIODS:
        period = parse_period(code)
        found, last = figures(ledger, Scope(period)), period.last.isoformat()
        there = point.since <= last and not (point.retired and point.retired <= last)
        type_ = points.type_on(ledger, point, last)
        assert {each: found["points_end"][each] for each in TYPES} == {
            each: there and each == type_ for each in TYPES
        }
        assert (
            found["points_new"][TOTAL] - found["points_retired"][TOTAL]
            == found["points_end"][TOTAL] - found["points_start"][TOTAL]
        )
    for row in ledger.execute("SELECT received, type FROM complaint"):
        assert row["type"] == points.type_on(ledger, point, row["received"])


def test_a_quarter_with_a_change_of_type_and_a_retirement() -> None:
    life = Life(
        [a_point("mall 2026-01-01"), a_point("market 2026-02-01")],
        [a_complaint(0, "2026-05-20", 3, "settled")],
        [],
    )
    with lived(life) as ledger:
        amending.amend(
            ledger,
            points.find_point(ledger, "P001"),
            {"type": "supermarket", "on": "2026-05-15"},
            TODAY,
        )
        amending.retire(ledger, points.find_point(ledger, "P002"), "2026-06-01")
        found = figures(ledger, Scope(parse_period("2026Q2")))
        keys = (
            "points_start",
            "points_new",
            "points_retired",
            "points_end",
            "type_changes",
            "received",
            "returns_due",
        )
        assert {
            type_: [found[key][type_] for key in keys]
            for type_ in ("mall", "supermarket", "market", TOTAL)
        } == {
            "mall": [1, 0, 1, 0, 0, 0, 0],
            "supermarket": [0, 1, 0, 1, 1, 1, 1],
            "market": [1, 0, 1, 0, 0, 0, 1],
            TOTAL: [2, 0, 1, 1, 1, 1, 2],
        }


def test_what_is_taken_back_on_its_day_never_was_and_can_be_dated_anew() -> None:
    with lived(
        Life([a_point("mall 2026-01-01")], [a_complaint(0, "2026-05-20", 3, "settled")], [])
    ) as ledger:
        point = points.find_point(ledger, "P001")
        new: dict[str, Value | None] = {
            "type": "supermarket",
            "demonstration": "provincial",
            "liaison": people("甲 139000", TODAY),
        }
        old: dict[str, Value | None] = {
            "type": "mall",
            "demonstration": "municipal",
            "liaison": people("李四 138000", TODAY),
        }
        for boxes, host, day in (
            (old, "东门", "2026-01-01"),
            (new, "西门", "2026-05-15"),
            (old, "东门", "2026-05-15"),
        ):
            amending.amend(ledger, point, {**boxes, "host": host, "on": day}, TODAY)
        found = directory.profile(ledger, point, "2026-06-30")
        assert (found["type"], found["changes"], points.points_listed(ledger)[0]["type"]) == (
            "mall",
            [],
            "mall",
        )
        assert found["liaisons"] == [
            {
                "name": "李四",
                "phone": "138000",
                "terms": None,
                "badge": None,
                "since": "2026-01-01",
            }
        ]
        _balances(ledger, point)
        amending.amend(ledger, point, {**new, "on": "2026-05-01"}, TODAY)
        assert [
            tuple(change) for change in directory.profile(ledger, point, "2026-06-30")["changes"]
        ] == [
            ("2026-05-01", "demonstration", "municipal", "provincial"),
            ("2026-05-01", "liaison", "李四", "甲"),
            ("2026-05-01", "type", "mall", "supermarket"),
        ]
        _balances(ledger, point)


@pytest.mark.parametrize(
    ("first", "last", "codes"),
    [
        ("2025-10-01", "2025-12-31", ""),
        ("2025-10-01", "2026-01-01", "P001"),
        ("2026-01-01", "2026-03-31", "P001 P002"),
        ("2026-06-01", "2026-06-30", "P001"),
        ("2026-05-31", "2026-06-30", "P001 P002"),
    ],
)
def test_who_stood_for_at_least_a_day(first: str, last: str, codes: str) -> None:
    life = Life(
        [a_point("mall 2026-01-01"), a_point("market 2026-02-01"), a_point("other 2026-03-01")],
        [],
        [],
    )
    with lived(life) as ledger:
        amending.retire(ledger, points.find_point(ledger, "P002"), "2026-06-01")
        amending.retire(ledger, points.find_point(ledger, "P003"), "2026-03-01")
        assert (
            " ".join(point.code for point in directory.points_standing(ledger, first, last))
            == codes
        )


def test_a_form_for_last_quarter_names_last_quarters_people() -> None:
    with lived(Life([a_point("mall 2026-01-01")], [], [])) as ledger:
        point = points.find_point(ledger, "P001")
        amending.amend(
            ledger,
            point,
            {"officer": Person("陈", "139"), "host": "东门公司", "on": "2026-02-01"},
            TODAY,
        )
        amending.amend(
            ledger,
            point,
            {"officer": Person("周", "138"), "host": "西门公司", "on": "2026-07-10"},
            TODAY,
        )
        amending.amend(
            ledger,
            point,
            {"liaison": people("甲 专职;李四 兼职 B7", TODAY), "on": "2026-07-10"},
            TODAY,
        )
        found = directory.profile(ledger, point, "2026-06-30")
        assert (
            found["officer"]["name"],
            found["host"],
            [each["name"] for each in found["liaisons"]],
        ) == (
            "陈",
            "东门公司",
            ["李四"],
        )
        found = directory.profile(ledger, point, "2026-07-10")
        assert found["liaisons"] == [
            {
                "name": "李四",
                "phone": None,
                "terms": "part_time",
                "badge": "B7",
                "since": "2026-01-01",
            },
            {
                "name": "甲",
                "phone": None,
                "terms": "full_time",
                "badge": None,
                "since": "2026-07-10",
            },
        ]
        assert [tuple(change) for change in found["changes"]] == [
            ("2026-02-01", "host", None, "东门公司"),
            ("2026-02-01", "officer", None, "陈"),
            ("2026-07-10", "host", "东门公司", "西门公司"),
            ("2026-07-10", "liaison", None, "甲"),
            ("2026-07-10", "officer", "陈", "周"),
        ]
