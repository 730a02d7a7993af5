"""The questions of `register` and the commands of a point."""

from collections.abc import Callable, Iterator

from ledger12315.cli.asking.case import Case
from ledger12315.cli.asking.questions import (
    POINT_ROW,
    SHARED,
    Asked,
    Doubt,
    Questions,
    lacks_required_box,
    never,
)
from ledger12315.cli.face.desk import Desk
from ledger12315.errors import Message, message
from ledger12315.ledger.points.setting_up import questions_if_same_point
from ledger12315.locale import N_
from ledger12315.rules.eligibility import RULES, judge
from ledger12315.words import CONDITIONS, PARTICULARS


def _needed_by_rule(key: str) -> Callable[[Case], bool]:
    """Return a function that says whether the rule of the point's type needs this box."""

    def asked(case: Case) -> bool:
        type_ = case.value("type")
        return type_ is not None and key in judge(str(type_), case.values()).missing

    return asked


def _begins_registration(case: Case) -> bool:
    """Return whether a box is missing that the command or the type's rule needs."""
    return lacks_required_box(case) or any(_needed_by_rule(key)(case) for key in _BY_RULE)


def _similar_points(case: Case) -> Iterator[Doubt]:
    """Yield points that may be the same as the new one, since no point is ever deleted."""
    with case.desk.read() as ledger:
        found = [*questions_if_same_point(ledger, case.values())]
    for why in found:
        yield Doubt(why, "name", N_("Register it anyway? [y/n]"))


def _demand_a_ledger(desk: Desk) -> Iterator[Message]:
    """Raise Unusable if there is no ledger, before any question."""
    with desk.read():
        yield from ()


_BY_RULE = dict.fromkeys(
    (*(box for rule in RULES.values() for box in (*rule.standard, *rule.always)), "judgement")
)
REGISTER_QUESTIONS = Questions(
    (
        Asked("name"),
        Asked("type"),
        *(Asked(key, when=_needed_by_rule(key), needed=never, empty="") for key in _BY_RULE),
        Asked("liaison"),
        SHARED["officer"],
        Asked("since"),
    ),
    doubts=_similar_points,
    begins=_begins_registration,
    opening=_demand_a_ledger,
)


def _no_condition_given(case: Case) -> bool:
    return not any(case.given.get(key) for key in CONDITIONS)


def _has_a_board(case: Case) -> bool:
    """Return whether this inspection covers the notice board."""
    return _no_condition_given(case) and bool(case.known.get("board"))


def _begins_inspection(case: Case) -> bool:
    return lacks_required_box(case) or _no_condition_given(case)


def _how_to_inspect(_desk: Desk) -> Iterator[Message]:
    """Yield how to answer for conditions, and the parts of each."""
    yield message("Answer yes, or no: WHAT IS LACKING REMARK. Leave out what was not inspected.")
    for code, particulars in PARTICULARS.items():
        if particulars:
            yield message("{condition}: {words}", condition=CONDITIONS[code], words=particulars)


_LOOKED_AT = Asked("", when=_no_condition_given, empty=message(" (Enter: not inspected)"))
INSPECT_QUESTIONS = Questions(
    (
        POINT_ROW,
        *(_LOOKED_AT._replace(key=key) for key in CONDITIONS),
        Asked("updated", when=_has_a_board),
    ),
    begins=_begins_inspection,
    opening=_how_to_inspect,
)
