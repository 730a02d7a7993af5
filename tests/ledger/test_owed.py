"""Duties: how many are named, how far they are counted, and how far ahead."""

from datetime import date

import pytest

from ledger12315.ledger.duties import duties
from ledger12315.locale import render
from tests.building import act, built, multiply
from tests.rows import for_all


@for_all("""
    closed | told | rest
    1      | 1    |
    20     | 20   |
    21     | 20   | 1 and later ones: 1
    1019   | 20   | 999 and later ones: 999
    1020   | 20   | 1000 and later ones: 1000+
    1100   | 20   | 1000 and later ones: 1000+
""")
def test_of_very_many_the_oldest_are_told_and_the_others_counted(
    closed: str, told: str, rest: str
) -> None:
    lines = ["register 点 --type other --since 2026-01-05", "log P001 --received 2026-08-03"]
    lines += ["close _ --outcome settled --closed 2026-08-04"]
    with built(lines, today=date(2026, 9, 28)) as ledger:
        if closed != "1":
            multiply(ledger, int(closed) - 1)
        rows = [each for each in duties(ledger, date(2026, 9, 28), 3, None) if each.kind == "tell"]
    assert [each.many for each in rows if each.number] == [1] * int(told)
    shown = [f"{each.many} {render(each.said)}" for each in rows if not each.number]
    assert shown == [rest] * bool(rest)


@for_all("""
    days | today      | told
    1    | 2026-05-14 | 2026-05-15 off (停电)
    1    | 2026-05-15 |
    1    | 2026-05-01 | 2026-05-15 off (停电)
    1    | 2026-04-30 |
    14   | 2026-05-01 | 2026-05-15 off until 2026-05-28 (停电)
    14   | 2026-05-20 | 2026-05-21 off until 2026-05-28 (停电)
""")
def test_days_off_are_told_14_days_ahead_and_wholly(days: str, today: str, told: str) -> None:
    with built("") as ledger:
        for n in range(int(days)):
            act(ledger, f"calendar day 2026-05-{15 + n} --rest --why 停电")
        rows = duties(ledger, date.fromisoformat(today), 3, None)
    shown = [f"{each.due} {render(each.said)}" for each in rows if each.kind == "calendar"]
    assert [each for each in shown if "停电" in each] == [told] * bool(told)


def test_where_counting_stops_the_last_number_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger12315.ledger.duties._COUNTED_UP_TO", 3)
    lines = ["settings set clock.archive '2 working days'", "register 点 --type other"]
    for closed in ("2026-09-22", "2026-09-22", "2026-09-24", "2026-09-24", "2026-09-24"):
        lines += ["log P001 --received 2026-09-21", f"close _ --outcome settled --closed {closed}"]
    with built(lines, today=date(2026, 9, 28)) as ledger:
        rows = duties(ledger, date(2026, 9, 28), 3, "archive")
        found = duties(ledger, date(2026, 9, 28), 3, None)
    assert [str(each.due) for each in rows] == ["2026-09-24"] * 2 + ["2026-09-29"] * 3
    told = [(each.many, render(each.said)) for each in found if each.kind == "archive"]
    assert told[1:] == [(1, "and later ones: 1"), (2, "and later ones: 2+")]
