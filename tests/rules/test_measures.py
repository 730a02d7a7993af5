from ledger12315.rules.controls import EQUALITIES, LIMITS, breaches
from ledger12315.rules.events import EVENTS
from ledger12315.rules.measures import (
    ATTACHMENT3,
    DIRECTORY,
    HEADINGS_OF_6,
    MEASURES,
    TOTAL,
    Figures,
    with_totals,
)
from ledger12315.rules.rates import MEASURE_WORDS
from ledger12315.words import TYPES
from tests.rows import for_all

NONE = dict.fromkeys(TYPES, 0)


def test_attachment_3_in_the_order_of_its_codes() -> None:
    keys = """inquiries open_start received received_direct received_referred received_other
        received_goods received_service received_other_kind closed settled advised
        mediation_closed mediated closed_other withdrawn open_end overdue_end closed_on_time
        escalated disputed recovered rated satisfied leads major_matters"""
    assert [measure.key for measure in ATTACHMENT3] == keys.split()
    assert [measure.code for measure in ATTACHMENT3] == [f"{code:02}" for code in range(1, 27)]


def test_keys_are_unique_and_every_event_is_known() -> None:
    assert list(MEASURES) == [measure.key for measure in (*ATTACHMENT3, *DIRECTORY)]
    assert {measure.event for measure in MEASURES.values()} == set(EVENTS)


def test_money_is_what_is_told_in_yuan() -> None:
    money = [measure.key for measure in MEASURES.values() if measure.money]
    assert money == ["disputed", "recovered"]


# One mall's figures; what is not named is 0.
SOUND = """
    open_start=2 received=6 received_direct=3 received_referred=2 received_other=1
    received_goods=1 received_service=2 received_other_kind=3
    closed=5 settled=1 advised=1 mediation_closed=1 mediated=1 closed_other=2 withdrawn=1
    closed_on_time=4 rated=3 satisfied=2
    open_end=3 overdue_end=1 inquiries=7 disputed=29900 recovered=1
    points_start=4 points_new=2 points_retired=1 points_end=5 returns_due=5 returns_made=4"""


def figures_with(changed: str = "") -> Figures:
    mall = dict.fromkeys(MEASURES, 0)
    for pair in f"{SOUND} {changed}".split():
        key, _, figure = pair.partition("=")
        mall[key] = int(figure)
    return with_totals({key: NONE | {"mall": figure} for key, figure in mall.items()})


def broken(figures: Figures) -> list[tuple[str, str]]:
    return [(each.column, each.words.code) for each in breaches(figures)]


# What is off, and the controls that name it.
BREACHES = """
received_direct=4: received 6 ≠ received_direct + received_referred + received_other 7
received_service=1: received 6 ≠ received_goods + received_service + received_other_kind 5
settled=2: closed 5 ≠ settled + advised + mediation_closed + closed_other 6
open_end=4: open_end 4 ≠ open_start + received - closed 3
points_retired=2: points_end 5 ≠ points_start + points_new - points_retired 4
mediated=2: mediated 2 > mediation_closed 1
withdrawn=3: withdrawn 3 > closed_other 2
overdue_end=4: overdue_end 4 > open_end 3
closed_on_time=6: closed_on_time 6 > closed 5
rated=6: rated 6 > closed 5
satisfied=4: satisfied 4 > rated 3
returns_made=6: returns_made 6 > returns_due 5
""".strip().splitlines()
SEVERAL = (
    "received=7: received 7 ≠ received_direct + received_referred + received_other 6; "
    "received 7 ≠ received_goods + received_service + received_other_kind 6; "
    "open_end 3 ≠ open_start + received - closed 4"
)


@for_all("row", [*BREACHES, SEVERAL])
def test_each_control_is_named_when_one_figure_is_off(row: str) -> None:
    changed, controls = row.split(": ")
    found = broken(figures_with(changed))
    assert found == [(each, text) for each in (TOTAL, "mall") for text in controls.split("; ")]


def test_no_control_is_left_out() -> None:
    left = [row.split()[1] for row in BREACHES]
    assert left == [key for key, _ in (*EQUALITIES, *LIMITS)]
    assert breaches(figures_with()) == []


@for_all("""
    key
    inquiries
    disputed
    recovered
    escalated
    visits
    liaisons
""")
def test_a_total_that_is_not_the_sum_of_its_types(key: str) -> None:
    sound = figures_with()
    assert broken({**sound, key: {**sound[key], TOTAL: sound[key][TOTAL] + 1}}) == [(TOTAL, key)]


def test_totals_leave_out_changes_of_type() -> None:
    # One mall was set up, one mall became a supermarket, one market was retired.
    by_type = dict.fromkeys(MEASURES, NONE) | {
        "points_start": NONE | {"mall": 3, "market": 1},
        "points_new": NONE | {"mall": 1, "supermarket": 1},
        "points_retired": NONE | {"mall": 1, "market": 1},
        "points_end": NONE | {"mall": 3, "supermarket": 1},
        "type_changes": NONE | {"supermarket": 1},
    }
    figures = with_totals(by_type)
    totals = [figures[key][TOTAL] for key in by_type if figures[key][TOTAL]]
    assert totals == [4, 1, 1, 4, 1]
    assert {key: row | {TOTAL: figures[key][TOTAL]} for key, row in by_type.items()} == figures
    assert breaches(figures) == []


@for_all("""
    name                   | key
    settled                | settled
    11                     | settled
    和解（含当场解决）     | settled
    和解含当场解决         | settled
    和解                   | settled
    received direct        | received_direct
    other                  | received_other
    other kind             | received_other_kind
    其中：消费者直接投诉   | received_direct
    市场监管部门分流       | received_referred
""")
def test_a_measure_is_found_by_key_code_or_name(name: str, key: str) -> None:
    assert MEASURE_WORDS.find(name) == MEASURE_WORDS[key]


def test_no_two_measures_have_a_name_in_common() -> None:
    for key, heading in HEADINGS_OF_6.items():
        assert MEASURE_WORDS.find(heading) == MEASURE_WORDS[key]
    for word in MEASURE_WORDS.values():
        assert [MEASURE_WORDS.find(name) for name in word.also] == [word] * len(word.also)
    assert MEASURE_WORDS.find("") is None
