"""Laws of the directory: after any changes, each day has one type."""

from datetime import date
from operator import itemgetter

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.ledger import points
from ledger12315.ledger.audit.check import altered_rows
from ledger12315.ledger.points.profile import existing_points, profile, select_points
from ledger12315.ledger.store import Ledger
from ledger12315.rules.profile import Profile
from tests.building import act, built
from tests.ledger.drawn import DAYS
from tests.ledger.test_figures import agree
from tests.rows import for_all

MALL = """
    register 点1 --type mall --since 2026-01-01 --liaison 李四
    point amend P001 --demonstration municipal --on 2026-01-01
"""
_turn = st.sampled_from(
    [
        *(("type", each) for each in ("mall", "supermarket", "scenic")),
        *(("demonstration", each) for each in ("none", "municipal", "provincial")),
        *(("liaison", each) for each in ("甲", "乙;丙", "甲;丙 13900000101 专职 B1")),
        *(("host", each) for each in ("东门公司", "西门公司")),
    ]
)
_DAYS = ("2026-01-01", "2026-03-31", "2026-04-01", "2026-05-15", "2026-06-30", "2026-07-01")
# Sorted, for what lies before an earlier change is refused; sometimes not.
_said = st.lists(st.tuples(st.sampled_from(_DAYS), _turn), max_size=9)
_turns = _said | _said.map(lambda said: sorted(said, key=itemgetter(0)))


@settings(max_examples=3)
@given(_turns, st.sampled_from(["", *_DAYS]))
def test_every_day_has_what_was_said_last_of_it(
    turns: list[tuple[str, tuple[str, str]]], retired: str
) -> None:
    known = [("mall", "type"), ("municipal", "demonstration"), ("李四", "liaison")]
    said = [("2026-01-01", box, value) for value, box in known]
    lines = [f"log P001 --received {day}" for day in DAYS if day < "2026-06-29"]
    with built([*filter(None, map(str.strip, MALL.splitlines())), *lines]) as ledger:
        for day, (box, value) in turns:
            line = f"point amend P001 --{box} '{value}' --on {day}"
            if act(ledger, line, refused=True):
                said.append((day, box, value))
        act(ledger, *[f"point retire P001 --on {retired}"] * bool(retired), refused=True)
        point = points.find_point(ledger, "P001")
        for day in (day for day in DAYS if day >= str(point.since)):
            latest = {box: value for since, box, value in said if since <= day}
            _is_as_said(_profile(ledger, day), point, latest, date.fromisoformat(day))
        agree(ledger)
        assert list(altered_rows(ledger)) == []


def _is_as_said(found: Profile, point: points.Point, latest: dict[str, str], day: date) -> None:
    names = sorted(each.name for each in found.liaisons)
    if point.retired and day >= point.retired:
        assert (found.status, found.demonstration, names) == ("retired", "none", [])
        assert all(point.since < change.day < point.retired for change in found.changes)
        return
    assert found.type == latest["type"]
    assert found.demonstration == latest["demonstration"]
    assert found.host == latest.get("host")
    assert names == sorted(text.split()[0] for text in latest["liaison"].split(";"))


def test_what_is_taken_back_on_its_day_never_was_and_can_be_dated_anew() -> None:
    old = "--type mall --demonstration municipal --liaison '李四 13800000000'"
    new = "--type supermarket --demonstration provincial --liaison '甲 13900000000'"
    with built(MALL) as ledger:
        act(
            ledger,
            "log P001 --received 2026-05-20",
            f"point amend P001 {old} --host 东门 --on 2026-01-01",
            f"point amend P001 {new} --host 西门 --on 2026-05-15",
            f"point amend P001 {old} --host 东门 --on 2026-05-15",
        )
        found = _profile(ledger, "2026-06-30")
        assert (found.type, found.changes) == ("mall", ())
        assert select_points(ledger, None)[0].type == "mall"
        assert _people(found) == ["李四 13800000000 - - 2026-01-01"]
        agree(ledger)
        act(ledger, f"point amend P001 {new} --on 2026-05-01")
        assert _changes(_profile(ledger, "2026-06-30")) == [
            "2026-05-01 demonstration municipal provincial",
            "2026-05-01 liaison 李四 甲",
            "2026-05-01 type mall supermarket",
        ]
        agree(ledger)


def _profile(ledger: Ledger, day: str) -> Profile:
    return profile(ledger, points.find_point(ledger, "P001"), date.fromisoformat(day))


def _people(found: Profile) -> list[str]:
    return [" ".join(str(each or "-") for each in person) for person in found.liaisons]


def _changes(found: Profile) -> list[str]:
    return [" ".join(str(each or "-") for each in change) for change in found.changes]


@for_all("""
    first      | last       | codes
    2025-10-01 | 2025-12-31 |
    2025-10-01 | 2026-01-01 | P001
    2026-01-01 | 2026-03-31 | P001 P002
    2026-06-01 | 2026-06-30 | P001
    2026-05-31 | 2026-06-30 | P001 P002
""")
def test_who_stood_for_at_least_a_day(first: str, last: str, codes: str) -> None:
    lines = """
        register 甲 --type mall --since 2026-01-01
        register 乙 --type market --since 2026-02-01
        register 丙 --type other --since 2026-03-01
        point retire P002 --on 2026-06-01
        point retire P003 --on 2026-03-01
    """
    with built(lines) as ledger:
        found = existing_points(ledger, *map(date.fromisoformat, (first, last)))
        assert " ".join(point.code for point in found) == codes


def test_a_form_for_last_quarter_names_last_quarters_people() -> None:
    lines = """
        register 甲 --type mall --since 2026-01-01 --liaison 李四
        point amend P001 --officer '陈 13900000000' --host 东门公司 --on 2026-02-01
        point amend P001 --officer '周 13800000000' --host 西门公司 --on 2026-07-10
        point amend P001 --liaison '甲 专职;李四 兼职 B7' --on 2026-07-10
    """
    with built(lines, today=date(2026, 9, 28)) as ledger:
        before, after = _profile(ledger, "2026-06-30"), _profile(ledger, "2026-07-10")
    assert (before.officer and before.officer.name, before.host) == ("陈", "东门公司")
    assert [each.name for each in before.liaisons] == ["李四"]
    assert _people(after) == [
        "李四 - part_time B7 2026-01-01",
        "甲 - full_time - 2026-07-10",
    ]
    assert _changes(after) == [
        "2026-02-01 host - 东门公司",
        "2026-02-01 officer - 陈",
        "2026-07-10 host 东门公司 西门公司",
        "2026-07-10 liaison - 甲",
        "2026-07-10 officer 陈 周",
    ]
