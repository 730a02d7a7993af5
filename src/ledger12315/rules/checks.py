"""Conditions that a complaint's boxes must meet, and values that follow from them.

A record goes in, errors come out.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from ledger12315.boxes.forms import COMPLAINT, COMPLAINT_COLUMNS
from ledger12315.boxes.reading import yuan
from ledger12315.boxes.worded import local_word
from ledger12315.errors import LedgerError, Message, Refused, Unclear, message
from ledger12315.words import CATEGORIES, ENDINGS, FINER_OUTCOMES, KINDS, REQUESTS, kind_of

_AFTER_RECEIPT = """
    promised approved perform_by performed unperformed closed told answered escalated replied
    followed_up
"""
_BEFORE_RECEIPT = ("referred", "bought")
_OF_REFERRAL = ("referral_no", "referred", "reply_by", "replied")
DEFAULTS = {"source": "direct", "channel": "visit", "problem": "other"}
"""Defaults of a new complaint's boxes that options or a register leave out."""
CheckedBoxes = Mapping[str, object]
"""A complaint's boxes, days as dates; an empty box is None or not there."""


def fill_defaults(boxes: CheckedBoxes, today: date) -> dict[str, object]:
    """Return a new complaint's boxes, with the stored defaults of empty ones.

    A value that only follows from other boxes is not stored: readers derive it.
    """
    return {"received": today, **DEFAULTS, **boxes}


def default_closing_day(row: CheckedBoxes, today: date) -> date:
    """Return the default day of closing. 和解不成 is closed on the day the consumer is told."""
    ending, told = ENDINGS[str(row["outcome"])], row.get("told")
    return told if ending.needs == "told" and isinstance(told, date) else today


def disputed_amount(row: CheckedBoxes) -> int:
    """Return the 分 in dispute: by default the amount paid."""
    amounts = (row.get(key) for key in ("disputed", "purchase"))
    return next((fen for fen in amounts if isinstance(fen, int)), 0)


def complaint_problems(row: CheckedBoxes) -> Iterator[LedgerError]:
    """Yield a complaint's problems, each with the box that mends it."""
    yield from _check_contradictions(row)
    yield from _check_needed(row)
    yield from _check_performance(row)
    yield from _check_days(row)
    if _amount(row, "multiple_damages") > _amount(row, "recovered"):
        yield Refused(
            "The multiple damages are more than the recovered amount they are part of."
        ).about("multiple_damages")


def notes_on_surplus(row: CheckedBoxes) -> Iterator[Message]:
    """Yield a note if more is recovered than disputed without multiple damages."""
    if _amount(row, "recovered") > disputed_amount(row) and not row.get("multiple_damages"):
        yield message(
            "More is recovered ({recovered} yuan) than was in dispute ({disputed} yuan), but no "
            "multiple damages are given: is it right?",
            recovered=yuan(_amount(row, "recovered")),
            disputed=yuan(disputed_amount(row)),
        )


def demand_no_problem(row: CheckedBoxes) -> None:
    """Raise the first problem of a complaint, the others as its notes."""
    found = [*complaint_problems(row)]
    if found:
        found[0].notes += tuple(other.message for other in found[1:])
        raise found[0]


def _check_contradictions(row: CheckedBoxes) -> Iterator[LedgerError]:
    category, kind = row.get("category"), row.get("kind")
    if category and kind and kind != (right := kind_of(str(category))):
        yield Unclear(
            "The category {category} is of kind {right}, not {kind}. Leave out --kind.",
            category=CATEGORIES[str(category)],
            right=KINDS[right],
            kind=KINDS[str(kind)],
        ).about("kind")
    if row.get("source") == "direct" and any(map(row.get, _OF_REFERRAL)):
        yield Unclear(
            "A referral's number or date is given, but the source is direct."
            " Add --source referred."
        ).about("source")


def _check_performance(row: CheckedBoxes) -> Iterator[LedgerError]:
    """Yield the errors of an agreement that was not performed. 三(四)2"""
    if not row.get("unperformed"):
        return
    if row.get("performed"):
        yield Unclear(
            "An agreement is either performed or not performed: clear one of the two dates."
        ).about("unperformed")
    if not (row.get("agreement") or row.get("perform_by")):
        yield Unclear(
            "There is no agreement to be unperformed: add --agreement TEXT or --perform-by DATE."
        ).about("unperformed")


def _check_needed(row: CheckedBoxes) -> Iterator[LedgerError]:
    if not (row.get("category") or row.get("kind")):
        missing = COMPLAINT["category"]
        yield Unclear("Missing: {boxes}.", boxes=[missing.label]).about(missing.key)
    if row.get("source") == "referred" and not row.get("referral_no"):
        yield Unclear(
            "A referred complaint needs the number of its referral: --referral-no."
        ).about("referral_no")
    outcome = ENDINGS.get(str(row.get("outcome")))
    if not outcome or not outcome.needs or row.get(outcome.needs):
        return
    if outcome.needs == "told":
        yield Unclear(
            "The outcome advised needs the day the consumer was told where else to complain:"
            " --told DATE (三(四)2)."
        ).about("told")
    elif finer := FINER_OUTCOMES.get(local_word(row["outcome"])):
        yield Unclear(
            "The outcome {outcome} needs a remark that says {what}: --remark TEXT.",
            outcome=finer.word,
            what=finer.remark,
        ).about(outcome.needs)
    else:
        yield Unclear("The outcome other needs a remark: --remark TEXT.").about(outcome.needs)


def _check_days(row: CheckedBoxes) -> Iterator[LedgerError]:
    received = row["received"]
    for key in _AFTER_RECEIPT.split():
        if _is_before(row.get(key), received):
            yield Refused(
                "{box} {day} is before the day of receipt, {received}.",
                **_day_and_receipt(row, key),
            ).about(key)
    for key in _BEFORE_RECEIPT:
        if _is_before(received, row.get(key)):
            yield Refused(
                "{box} {day} is after the day of receipt, {received}.",
                **_day_and_receipt(row, key),
            ).about(key)
    yield from _check_acceptance(row)
    yield from _check_closing_day(row)


def _day_and_receipt(row: CheckedBoxes, key: str) -> CheckedBoxes:
    return {"box": COMPLAINT_COLUMNS[key].label, "day": row[key], "received": row["received"]}


def _check_acceptance(row: CheckedBoxes) -> Iterator[LedgerError]:
    accepted, escalated = row.get("accepted"), row.get("escalated")
    if accepted and (escalated is None or _is_before(accepted, escalated)):
        yield Refused(
            "The station cannot have accepted it on {accepted}; escalated: {escalated}.",
            accepted=accepted,
            escalated=escalated or message("never"),
        ).about("accepted")


def _check_closing_day(row: CheckedBoxes) -> Iterator[LedgerError]:
    days = {key: row.get(key) for key in ("closed", "escalated", "told")}
    if _is_before(days["closed"], days["escalated"]):
        yield Refused(
            "It was escalated on {escalated} and cannot have been closed before that, on "
            "{closed}.",
            **days,
        ).about("closed")
    outcome = ENDINGS.get(str(row.get("outcome")))
    if outcome and outcome.needs == "told" and _is_before(days["closed"], days["told"]):
        yield Refused(
            "The consumer was told on {told}; it cannot have been closed before that, on "
            "{closed}.",
            **days,
        ).about("told")


def _is_before(one: object, other: object) -> bool:
    return isinstance(one, date) and isinstance(other, date) and one < other


def _amount(row: CheckedBoxes, key: str) -> int:
    value = row.get(key)
    return value if isinstance(value, int) else 0


def agreement_sentence(row: Mapping[str, object]) -> str:
    """Return in Chinese how a closed complaint was settled: the requests, and the amount in 元."""
    start = "经调解，" if row.get("outcome") == "mediated" else "经双方协商，"
    asked = str(row.get("request") or "").split(",")
    done = "、".join(REQUESTS[code].zh for code in asked if code in REQUESTS and code != "other")
    agreed = f"经营者同意{done}" if done else "达成一致"
    if isinstance(fen := row.get("recovered"), int) and fen:
        agreed += f"，为消费者挽回经济损失{yuan(fen)}元"
    return f"{start}{agreed}。"
