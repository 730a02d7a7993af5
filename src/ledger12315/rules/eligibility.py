"""Rules for setting up a point, a row for each type. 三(一)

The station may decide where the plan allows it.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from ledger12315.boxes.forms import POINT
from ledger12315.boxes.kinds import Value
from ledger12315.errors import Message, Refused, message
from ledger12315.words import ELIGIBILITY, TYPES

Least = Mapping[str, int]
"""The least value of a box (以上 includes the number).

The sector is not a number: it must be one that the plan names.
"""
_NOTHING: Least = MappingProxyType({})


class Rule(NamedTuple):
    """The conditions for 达标 of a type: `standard` is empty if the plan has no number.

    A judged point too must have all boxes that are required `always`. `judge_if` is the only box
    whose shortfall the station may accept; empty for any.
    """

    article: str
    standard: Least = _NOTHING
    always: Least = _NOTHING
    judge_if: str = ""
    judging: Message = message("the station judges footfall large")


_M2, _YUAN = 100, 100  # areas are kept in 0.01 m², money in 分

_ADMITTED = ("meets", "judged")
AS_LISTED = "据附件5"
"""The reason of a judgement that only an Attachment 5 states."""
RULES: Mapping[str, Rule] = {
    "mall": Rule(
        "三(一)1",
        {"area": 200 * _M2, "capital": 500_000 * _YUAN, "turnover": 1_000_000 * _YUAN},
    ),
    "supermarket": Rule("三(一)2", {"area": 100 * _M2, "turnover": 300_000 * _YUAN}),
    "enterprise": Rule(
        "三(一)3",
        {"sector": 0},
        judging=message("the station judges the enterprise large"),
    ),
    "market": Rule(
        "三(一)4",
        {"area": 1000 * _M2, "stalls": 100},
        judge_if="area",
        judging=message("the station judges trade or footfall large"),
    ),
    "scenic": Rule(
        "三(一)5",
        always={"grade": 3},
        judging=message("the station judges the shop to be of some size"),
    ),
    "other": Rule(
        "三(一)6", judging=message("disputes are many and the station judges the place suitable")
    ),
}


class Verdict(NamedTuple):
    """One of the four answers of ELIGIBILITY.

    `missing` are the unknown boxes, `short` the requirements not met.
    """

    answer: str
    rule: Rule
    missing: tuple[str, ...] = ()
    short: Least = _NOTHING
    may_judge: bool = False


def judge(type_: str, boxes: Mapping[str, Value]) -> Verdict:
    """Return the verdict of a place under the rule of its type. 三(一)1-6"""
    rule = RULES[type_]
    asked = {**rule.standard, **rule.always}
    missing = tuple(box for box in asked if box not in boxes)
    known = {box: least for box, least in asked.items() if box not in missing}
    short = {box: least for box, least in known.items() if not _is_met(boxes[box], least)}
    if rule.standard and not missing and not short:
        return Verdict("meets", rule)
    may_judge = _may_be_judged(rule, missing, short)
    if may_judge and boxes.get("judgement"):
        return Verdict("judged", rule)
    if short:
        return Verdict("below", rule, missing, short, may_judge)
    if not rule.standard and "judgement" not in boxes:
        missing += ("judgement",)
    return Verdict("incomplete", rule, missing, may_judge=may_judge)


def _is_met(value: Value, least: int) -> bool:
    return value >= least if isinstance(value, int) else value != "none"


def _may_be_judged(rule: Rule, missing: Sequence[str], short: Least) -> bool:
    """Return whether the station may accept a place that the rule does not."""
    unmet = rule.always.keys() & {*missing, *short}
    return not unmet and (not rule.judge_if or rule.judge_if in short)


def how_admitted(type_: str, boxes: Mapping[str, Value]) -> str:
    """Return how the type's rule admits a place: meets or judged.

    Raises Refused, with the way to make it acceptable.
    """
    verdict = judge(type_, boxes)
    if verdict.answer in _ADMITTED:
        return verdict.answer
    notes = [*_shortfalls(verdict, boxes), *_ways_out(verdict)]
    known = {"type": TYPES[type_], "article": verdict.rule.article}
    if verdict.answer == "incomplete":
        raise Refused(
            "Not recorded: the data for type {type} are incomplete ({article}).", *notes, **known
        )
    below = Refused("Not recorded: below the rule for type {type} ({article}).", *notes, **known)
    raise below.about("judgement" if verdict.may_judge else "")


def admitted_as_listed(type_: str, boxes: Mapping[str, Value], stated: str) -> tuple[str, str]:
    """Return how a listed place is admitted, and the reason where only the list says so.

    Where the list has no measurements, it is as `stated` there: meets or judged. Raises Refused.
    """
    verdict = judge(type_, boxes)
    if stated in _ADMITTED and verdict.answer == "incomplete":
        return stated, str(boxes.get("judgement") or AS_LISTED)
    admitted = how_admitted(type_, boxes)
    if stated and admitted != stated:
        raise Refused("By its measurements it is: {answer}.", answer=ELIGIBILITY[admitted]).about(
            "eligibility"
        )
    return admitted, ""


def _shortfalls(verdict: Verdict, boxes: Mapping[str, Value]) -> Iterator[Message]:
    for box, least in verdict.short.items():
        yield message(
            "{box} is {value}; the rule asks for {least}.",
            box=POINT[box].label,
            value=_shown_with_unit(box, boxes[box]),
            least=_demanded_in_words(box, least),
        )
    if verdict.missing:
        labels = [POINT[box].label for box in verdict.missing]
        yield message("Still missing: {boxes}.", boxes=labels)


def _ways_out(verdict: Verdict) -> Iterator[Message]:
    known = {"judging": verdict.rule.judging, "article": verdict.rule.article}
    if verdict.may_judge and verdict.rule.standard:
        yield message("Or fill in judgement, if {judging} ({article}).", **known)
    elif "judgement" in verdict.missing:
        yield message("Fill in judgement: that {judging} ({article}).", **known)
    elif verdict.answer == "below":
        yield message(
            "If there are many disputes, register it as type other with a judgement (三(一)6)."
        )


_YUAN_SHOWN = Message("{value} yuan", {})
_WITH_UNIT = {
    "area": Message("{value} m²", {}),
    "capital": _YUAN_SHOWN,
    "turnover": _YUAN_SHOWN,
    "stalls": Message("{value} stalls", {}),
}


def _shown_with_unit(box: str, value: Value) -> object:
    shown = POINT[box].kind.shown(value)
    return Message(_WITH_UNIT[box].id, {"value": shown}) if box in _WITH_UNIT else shown


def _demanded_in_words(box: str, least: int) -> Message:
    if box == "sector":
        return message("one of the sectors of 三(一)3")
    return message("{least} or more", least=_shown_with_unit(box, least))
