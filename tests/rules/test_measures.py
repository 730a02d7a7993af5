import pytest

from ledger12315.rules.measures import (
    ATTACHMENT3,
    COLUMNS,
    DIRECTORY,
    EQUALITIES,
    EVENTS,
    LIMITS,
    MEASURES,
    TOTAL,
    Figures,
    breaches,
    with_totals,
)
from ledger12315.rules.rates import RATES


def test_attachment_3_in_the_order_of_its_codes() -> None:
    keys = """inquiries open_start received received_direct received_referred received_other received_goods received_service
        received_other_kind closed settled advised mediation_closed mediated closed_other withdrawn open_end overdue_end
        closed_on_time escalated disputed recovered rated satisfied leads major_matters"""
    expected = list(zip([f"{number:02}" for number in range(1, 27)], keys.split(), strict=True))
    assert [(measure.code, measure.key) for measure in ATTACHMENT3] == expected


def test_keys_are_unique_and_every_event_is_known() -> None:
    assert list(MEASURES) == [measure.key for measure in (*ATTACHMENT3, *DIRECTORY)]
    assert {measure.event for measure in MEASURES.values()} == set(EVENTS)


def test_money_is_what_is_told_in_yuan() -> None:
    assert [measure.key for measure in MEASURES.values() if measure.money] == [
        "disputed",
        "recovered",
    ]


def test_every_column_of_attachment_6_is_a_measure_or_a_rate() -> None:
    columns = """points_start points_new points_retired points_end demo_provincial demo_municipal liaisons inquiries received
        received_referred closed settled disputed recovered settled_rate mediation_success_rate satisfaction_rate returns_due
        returns_made visits meetings trainings notices interviews"""
    assert [
        key
        for key in columns.split()
        if key not in MEASURES and key not in {rate.key for rate in RATES}
    ] == []


# One mall's figures; what is not named is 0.
SOUND = """
    open_start=2 received=6 received_direct=3 received_referred=2 received_other=1
    received_goods=1 received_service=2 received_other_kind=3
    closed=5 settled=1 advised=1 mediation_closed=1 mediated=1 closed_other=2 withdrawn=1 closed_on_time=4 rated=3 satisfied=2
    open_end=3 overdue_end=1 inquiries=7 disputed=29900 recovered=1
    points_start=4 points_new=2 points_retired=1 points_end=5 returns_due=5 returns_made=4"""
BALANCED = dict.fromkeys(MEASURES, 0) | {
    key: int(figure) for key, figure in (pair.split("=") for pair in SOUND.split())
}


def figures_with(**mall: int) -> Figures:
    return with_totals(
        {
            key: dict.fromkeys(COLUMNS[1:], 0) | {"mall": figure}
            for key, figure in (BALANCED | mall).items()
        }
    )


def broken(figures: Figures) -> list[tuple[str, str]]:
    return [(each.column, each.words.code) for each in breaches(figures)]


def test_balanced_figures_breach_nothing() -> None:
    assert breaches(figures_with()) == []


BREACHES = [
    ("received_direct", 4, "received 6 ≠ received_direct + received_referred + received_other 7"),
    (
        "received_service",
        1,
        "received 6 ≠ received_goods + received_service + received_other_kind 5",
    ),
    ("settled", 2, "closed 5 ≠ settled + advised + mediation_closed + closed_other 6"),
    ("open_end", 4, "open_end 4 ≠ open_start + received - closed 3"),
    ("points_retired", 2, "points_end 5 ≠ points_start + points_new - points_retired 4"),
    ("mediated", 2, "mediated 2 > mediation_closed 1"),
    ("withdrawn", 3, "withdrawn 3 > closed_other 2"),
    ("overdue_end", 4, "overdue_end 4 > open_end 3"),
    ("closed_on_time", 6, "closed_on_time 6 > closed 5"),
    ("rated", 6, "rated 6 > closed 5"),
    ("satisfied", 4, "satisfied 4 > rated 3"),
    ("returns_made", 6, "returns_made 6 > returns_due 5"),
]


@pytest.mark.parametrize(("key", "figure", "control"), BREACHES)
def test_each_control_is_named_when_one_figure_is_off(key: str, figure: int, control: str) -> None:
    assert broken(figures_with(**{key: figure})) == [(TOTAL, control), ("mall", control)]


def test_no_control_is_left_out() -> None:
    assert [control.split()[0] for _, _, control in BREACHES] == [
        left for left, _ in (*EQUALITIES, *LIMITS)
    ]


def test_one_figure_may_breach_several_controls() -> None:
    controls = [
        "received 7 ≠ received_direct + received_referred + received_other 6",
        "received 7 ≠ received_goods + received_service + received_other_kind 6",
        "open_end 3 ≠ open_start + received - closed 4",
    ]
    assert broken(figures_with(received=7)) == [
        (column, control) for column in (TOTAL, "mall") for control in controls
    ]


@pytest.mark.parametrize(
    "key", ["inquiries", "disputed", "recovered", "escalated", "visits", "liaisons"]
)
def test_a_total_that_is_not_the_sum_of_its_types(key: str) -> None:
    sound = figures_with()
    assert broken({**sound, key: {**sound[key], TOTAL: sound[key][TOTAL] + 1}}) == [(TOTAL, key)]


def test_totals_leave_out_changes_of_type() -> None:
    # One mall was set up, one mall became a supermarket, one market was retired.
    none = dict.fromkeys(COLUMNS[1:], 0)
    by_type = dict.fromkeys(MEASURES, none) | {
        "points_start": none | {"mall": 3, "market": 1},
        "points_new": none | {"mall": 1, "supermarket": 1},
        "points_retired": none | {"mall": 1, "market": 1},
        "points_end": none | {"mall": 3, "supermarket": 1},
        "type_changes": none | {"supermarket": 1},
    }
    figures = with_totals(by_type)
    assert {key: row[TOTAL] for key, row in figures.items() if row[TOTAL]} == {
        "points_start": 4,
        "points_new": 1,
        "points_retired": 1,
        "points_end": 4,
        "type_changes": 1,
    }
    assert {
        key: {type_: row[type_] for type_ in COLUMNS[1:]} for key, row in figures.items()
    } == by_type
    assert breaches(figures) == []
