"""What a complaint's boxes must fulfil, whoever fills them and when; and what follows from them.

A record goes in, problems come out. Source: domain 3.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from ledger12315.boxes import Box
from ledger12315.boxes.complaint import COMPLAINT, LATER
from ledger12315.errors import LedgerError, Message, Refused, Unclear, message
from ledger12315.words import CATEGORIES, ENDINGS, KINDS, kind_of

_AFTER_RECEIPT = (
    *("promised", "approved", "perform_by", "performed", "unperformed", "closed", "told"),
    *("answered", "escalated", "replied", "followed_up"),
)
_BEFORE_RECEIPT = ("referred", "bought")
_OF_REFERRAL = ("referral_no", "referred", "reply_by", "replied")
_BOXES: Mapping[str, Box] = {**COMPLAINT, **LATER}
Row = Mapping[str, object]
"""A complaint's boxes, days as dates; an empty box is None or not there."""


class Problem(NamedTuple):
    """What is wrong with a complaint, and the box that mends it."""

    box: str
    error: LedgerError


def completed(boxes: Row, today: date) -> dict[str, object]:
    """Return a new complaint's boxes with what stands in them where nobody said otherwise."""
    row: dict[str, object] = {
        "received": today,
        "source": "direct",
        "channel": "visit",
        "problem": "other",
        "headcount": 1,
        "recovered": 0,
        "multiple_damages": 0,
        **boxes,
    }
    row.setdefault("disputed", row.get("purchase", 0))
    if "category" in row:
        row.setdefault("kind", kind_of(str(row["category"])))
    return row


def complaint_problems(row: Row) -> Iterator[Problem]:
    """Yield everything that is wrong with a complaint."""
    yield from _contradictions(row)
    yield from _needs(row)
    yield from _performance(row)
    yield from _days(row)
    if _amount(row, "multiple_damages") > _amount(row, "recovered"):
        error = Refused(
            "The multiple damages are more than the recovered amount they are part of."
        )
        yield Problem("multiple_damages", error)


def surplus(row: Row) -> Iterator[Message]:
    """Yield what is to be said where more is recovered than disputed, and no damages say why."""
    if _amount(row, "recovered") > _amount(row, "disputed") and not row.get("multiple_damages"):
        yield message(
            "More is recovered than was in dispute, and no multiple damages are named: is it"
            " right?"
        )


def demand(row: Row) -> None:
    """Raise the first problem of a complaint, the others as its notes."""
    found = [*complaint_problems(row)]
    if found:
        first = found[0].error
        first.box = found[0].box
        first.notes += tuple(other.error.message for other in found[1:])
        raise first


def _contradictions(row: Row) -> Iterator[Problem]:
    category, kind = row.get("category"), row.get("kind")
    if category and kind and kind != kind_of(str(category)):
        error: LedgerError = Unclear(
            "The category {category} is of kind {right}, not {kind}. Leave out --kind.",
            category=CATEGORIES[str(category)],
            right=KINDS[kind_of(str(category))],
            kind=KINDS[str(kind)],
        )
        yield Problem("kind", error)
    if row.get("source") == "direct" and any(map(row.get, _OF_REFERRAL)):
        error = Unclear(
            "A referral's number or date is given, but the source is direct."
            " Add --source referred."
        )
        yield Problem("source", error)


def _performance(row: Row) -> Iterator[Problem]:
    """Yield what is wrong with an agreement that was not performed. 三(四)2"""
    if not row.get("unperformed"):
        return
    if row.get("performed"):
        error: LedgerError = Unclear(
            "An agreement was performed or it was not: empty one of them."
        )
        yield Problem("unperformed", error)
    if not (row.get("agreement") or row.get("perform_by")):
        error = Unclear(
            "No agreement is recorded that could be unperformed: --agreement TEXT or"
            " --perform-by DATE."
        )
        yield Problem("unperformed", error)


def _needs(row: Row) -> Iterator[Problem]:
    if not (row.get("category") or row.get("kind")):
        error = Unclear("Missing: {boxes}.", boxes=[COMPLAINT["category"].label])
        yield Problem("category", error)
    if row.get("source") == "referred" and not row.get("referral_no"):
        error = Unclear("A referred complaint needs the number of its referral: --referral-no.")
        yield Problem("referral_no", error)
    outcome = ENDINGS.get(str(row.get("outcome")))
    if outcome and outcome.needs and not row.get(outcome.needs):
        yield Problem(outcome.needs, _NEEDED[outcome.needs]())


def _needs_told() -> Unclear:
    return Unclear(
        "The outcome advised needs the day the consumer was told where else to complain:"
        " --told DATE (三(四)2)."
    )


def _needs_remark() -> Unclear:
    return Unclear("The outcome other needs a remark: --remark TEXT.")


_NEEDED = {"told": _needs_told, "remark": _needs_remark}


def _days(row: Row) -> Iterator[Problem]:
    received = row["received"]
    for key in _AFTER_RECEIPT:
        if _earlier(row.get(key), received):
            error = Refused(
                "{box} {day} is before the day of receipt, {received}.",
                box=_BOXES[key].label,
                day=row[key],
                received=received,
            )
            yield Problem(key, error)
    for key in _BEFORE_RECEIPT:
        if _earlier(received, row.get(key)):
            error = Refused(
                "{box} {day} is after the day of receipt, {received}.",
                box=_BOXES[key].label,
                day=row[key],
                received=received,
            )
            yield Problem(key, error)
    yield from _acceptance(row, row.get("accepted"))
    yield from _closing_day(row, row.get("closed"))


def _acceptance(row: Row, accepted: object) -> Iterator[Problem]:
    escalated = row.get("escalated")
    if accepted and (escalated is None or _earlier(accepted, escalated)):
        error = Refused(
            "The station cannot have accepted it on {accepted}; escalated: {escalated}.",
            accepted=accepted,
            escalated=escalated or message("never"),
        )
        yield Problem("accepted", error)


def _closing_day(row: Row, closed: object) -> Iterator[Problem]:
    escalated, told = row.get("escalated"), row.get("told")
    if _earlier(closed, escalated):
        error = Refused(
            "It was escalated on {escalated} and cannot have been closed before, on {closed}.",
            escalated=escalated,
            closed=closed,
        )
        yield Problem("closed", error)
    outcome = ENDINGS.get(str(row.get("outcome")))
    if outcome and outcome.needs == "told" and _earlier(closed, told):
        error = Refused(
            "The consumer was told on {told}; it cannot have been closed before, on {closed}.",
            told=told,
            closed=closed,
        )
        yield Problem("told", error)


def _earlier(one: object, other: object) -> bool:
    return isinstance(one, date) and isinstance(other, date) and one < other


def _amount(row: Row, key: str) -> int:
    value = row.get(key)
    return value if isinstance(value, int) else 0
