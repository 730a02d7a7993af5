"""What a complaint's boxes must fulfil, whoever fills them and when. A record goes in, problems come out. Source: domain 3."""

from collections.abc import Iterator, Mapping

from ledger12315.boxes.fields import COMPLAINT
from ledger12315.errors import LedgerError, Refused, Unclear
from ledger12315.words import CATEGORIES, KINDS, Word, kind_of

_AFTER_RECEIPT = ("promised", "approved", "perform_by", "performed", "closed", "told", "answered")
_BEFORE_RECEIPT = ("referred", "bought")


def complaint_problems(row: Mapping[str, object]) -> Iterator[LedgerError]:
    """Everything that is wrong with a complaint, `row` holding all its boxes, empty ones as None."""
    yield from _contradictions(row)
    yield from _needs(row)
    yield from _days(row)
    if _int(row, "multiple_damages") > _int(row, "recovered"):
        yield Refused("The multiple damages are more than the recovered amount they are part of.")


def demand(row: Mapping[str, object]) -> None:
    """Raise the first problem, the others as its notes."""
    found = list(complaint_problems(row))
    if found:
        found[0].notes += tuple(other.message for other in found[1:])
        raise found[0]


def _contradictions(row: Mapping[str, object]) -> Iterator[LedgerError]:
    category, kind = row.get("category"), row.get("kind")
    if category and kind and kind != kind_of(str(category)):
        yield Unclear(
            "The category {category} is of kind {right}, not {kind}. Leave out --kind.",
            category=CATEGORIES[str(category)],
            right=KINDS[kind_of(str(category))],
            kind=KINDS[str(kind)],
        )
    if row.get("source") == "direct" and (row.get("referral_no") or row.get("referred")):
        yield Unclear(
            "A referral's number or date is given, but the source is direct. Add --source referred."
        )


def _needs(row: Mapping[str, object]) -> Iterator[LedgerError]:
    if not (row.get("category") or row.get("kind")):
        yield Unclear("Missing: {boxes}.", boxes=[COMPLAINT["category"].label])
    if row.get("source") == "referred" and not row.get("referral_no"):
        yield Unclear("A referred complaint needs the number of its referral: --referral-no.")
    if row.get("outcome") == "advised" and not row.get("told"):
        yield Unclear(
            "The outcome advised needs the day the consumer was told where else to complain: --told DATE (三(四)2)."
        )
    if row.get("outcome") == "other" and not row.get("remark"):
        yield Unclear("The outcome other needs a remark: --remark TEXT.")


def _days(row: Mapping[str, object]) -> Iterator[LedgerError]:
    received = str(row["received"])
    for key in (*_AFTER_RECEIPT, "escalated"):
        if row.get(key) and str(row[key]) < received:
            yield Refused(
                "{box} {day} is before the day of receipt, {received}.",
                box=_label(key),
                day=row[key],
                received=received,
            )
    for key in _BEFORE_RECEIPT:
        if row.get(key) and str(row[key]) > received:
            yield Refused(
                "{box} {day} is after the day of receipt, {received}.",
                box=_label(key),
                day=row[key],
                received=received,
            )
    closed = row.get("closed")
    if closed and row.get("escalated") and str(closed) < str(row["escalated"]):
        yield Refused(
            "It was escalated on {escalated} and cannot have been closed before, on {closed}.",
            escalated=row["escalated"],
            closed=closed,
        )
    if (
        closed
        and row.get("outcome") == "advised"
        and row.get("told")
        and str(row["told"]) > str(closed)
    ):
        yield Refused(
            "The consumer was told on {told}; it cannot have been closed before, on {closed}.",
            told=row["told"],
            closed=closed,
        )


def _label(key: str) -> object:
    return (
        Word("escalated", "报请日期(on)", "escalated")
        if key == "escalated"
        else COMPLAINT[key].label
    )


def _int(row: Mapping[str, object], key: str) -> int:
    value = row.get(key)
    return value if isinstance(value, int) else 0
