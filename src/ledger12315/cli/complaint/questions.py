"""The questions of `log` and `close`: a complaint may be closed as it is logged."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from ledger12315.boxes.worded import local_word
from ledger12315.cli.asking.questions import (
    POINT_ROW,
    Asked,
    Asking,
    Doubt,
    Questions,
    always,
    complaint_questions,
    lacks_required_box,
    never,
    point_of_last_entry,
)
from ledger12315.cli.face.prompts import Offer
from ledger12315.errors import LedgerError, message
from ledger12315.ledger.complaints.acts import question_if_same
from ledger12315.ledger.complaints.finding import find_complaint
from ledger12315.ledger.complaints.recent import similar_complaints, unusual_amount
from ledger12315.locale import N_, day_words, render
from ledger12315.rules.checks import (
    agreement_sentence,
    default_closing_day,
    disputed_amount,
    fill_defaults,
    notes_on_surplus,
)
from ledger12315.words import ENDINGS, FINER_OUTCOMES, Outcome, Word

_REPEATED = ("received", "point", "source", "channel")
"""The boxes that stay for the next complaint."""


def _as_stored(asking: Asking) -> Mapping[str, Any]:
    """Return a complaint as it will be stored: the ledger's values and the answers.

    A new one has no number yet.
    """
    if "number" not in asking.boxes:
        return fill_defaults(asking.values(), asking.today)
    words = str(asking.value("number"))
    with suppress(LedgerError):
        row = asking.read(find_complaint, words, "close")
        return {**row, **asking.values()}
    return {}


def _ending_of_case(asking: Asking) -> Outcome | None:
    return ENDINGS.get(str(asking.value("outcome")))


def _if_outcome(fits: Callable[[Outcome], bool]) -> Callable[[Asking], bool]:
    """Return a function that returns whether the outcome is known and fits."""

    def asked(asking: Asking) -> bool:
        ending = _ending_of_case(asking)
        return ending is not None and fits(ending)

    return asked


_closes = _if_outcome(lambda _: True)
_needs_told = _if_outcome(lambda ending: ending.needs == "told")


def _of_whom_or_why(asking: Asking) -> Word | str:
    """Return the required content of a finer outcome's remark: 移送给哪个部门."""
    finer = FINER_OUTCOMES.get(local_word(asking.value("outcome")))
    return finer.remark if finer else ""


def _today_if_received(asking: Asking) -> str:
    return asking.today.isoformat() if _as_stored(asking).get("received") == asking.today else ""


def _day_to_close(asking: Asking) -> str:
    """Return the day of closing; that of receipt for a new complaint already settled."""
    if "number" not in asking.boxes and asking.value("outcome") == "settled":
        return asking.known["received"]
    return default_closing_day(_as_stored(asking), asking.today).isoformat()


def _only_day_to_close(asking: Asking) -> str:
    """Return the day of closing if no other is possible, or nothing."""
    is_only = _needs_told(asking) or _as_stored(asking).get("received") == asking.today
    return _day_to_close(asking) if _closes(asking) and is_only else ""


def _offered_amounts(asking: Asking) -> list[Offer]:
    """Return the offers 0 and `=` (the amount in dispute); digits would be read as amounts."""
    box, fen = asking.boxes["recovered"], disputed_amount(_as_stored(asking))
    found = [Offer("0", asking.seen("recovered", "0"), "0")]
    if fen:
        disputed = str(box.kind.plain(fen))
        shown = message(
            "{amount}, the amount in dispute", amount=asking.seen("recovered", disputed)
        )
        found.append(Offer(disputed, render(shown), "="))
    return found


def _offered_closing_day(asking: Asking) -> list[Offer]:
    closed = asking.value("closed")
    if not isinstance(closed, date):
        return []
    shown = message("{day}, the day of closing", day=day_words(closed))
    return [Offer(closed.isoformat(), render(shown), "=")]


def _agreement_from_facts(asking: Asking) -> str:
    """Return a draft of the agreement, from the facts."""
    return agreement_sentence(_as_stored(asking))


_ENDING = (
    Asked("told", when=_needs_told, needed=always, enter=_today_if_received),
    Asked(
        "remark",
        when=_if_outcome(lambda ending: ending.needs == "remark"),
        needed=always,
        says=_of_whom_or_why,
    ),
    Asked(
        "closed",
        when=_closes,
        needed=always,
        enter=_day_to_close,
        stands=_only_day_to_close,
    ),
    Asked(
        "recovered", when=_closes, offers=_offered_amounts, empty=message(" (Enter: not stated)")
    ),
    Asked(
        "agreement",
        when=_if_outcome(lambda ending: ending.agreed),
        composes=_agreement_from_facts,
        fills=("handling",),
    ),
    Asked(
        "answered",  # if the result must still be reported to the consumer
        when=_if_outcome(lambda ending: ending.tell and not ending.advice_is_result),
        offers=_offered_closing_day,
    ),
    Asked("rating", when=_closes, leads=("closed",)),
)


def _too_much_recovered(asking: Asking) -> Iterator[Doubt]:
    for why in notes_on_surplus(_as_stored(asking)):
        yield Doubt(why, "recovered")


def _begins_closing(asking: Asking) -> bool:
    """Return whether a box is missing that the command or the outcome needs."""
    ending = _ending_of_case(asking)
    return lacks_required_box(asking) or (
        ending is not None and ending.needs not in ("", *asking.known)
    )


CLOSE_QUESTIONS = complaint_questions(
    "close",
    *(Asked("outcome"), *_ENDING),
    doubts=_too_much_recovered,
    begins=_begins_closing,
)


def _is_referred(asking: Asking) -> bool:
    return asking.value("source") == "referred"


def _only_or_last_point(asking: Asking) -> str:
    return asking.places[0].code if len(asking.places) == 1 else point_of_last_entry(asking)


def _offered_respondents(asking: Asking) -> list[Offer]:
    """Return the respondents of the point."""
    own = asking.point
    return [Offer(word) for word in asking.recent.words("respondent", own.id if own else None)]


def _has_tenants(asking: Asking) -> bool:
    """Return whether the respondent is probably a stall: at markets, or if named before."""
    markets = (each.id for each in asking.places if each.type == "market")
    return bool((asking.point and asking.point.id in markets) or _offered_respondents(asking))


def _category_of_goods(asking: Asking) -> str:
    """Return the category of the last complaint about the same goods, if any."""
    if not _has_no_kind(asking):
        return ""
    earlier = asking.recent.of_item(asking.known.get("item", ""))
    return next((row["category"] or "" for row in earlier), "")


def _has_no_kind(asking: Asking) -> bool:
    return "kind" not in asking.known


def _doubts_of_new(asking: Asking) -> Iterator[Doubt]:
    row, point = _as_stored(asking), asking.point
    others = list[str]()
    with asking.desk.read() as ledger:
        if point and isinstance(row["received"], date):
            boxes = {"phone": None, **row}
            others = similar_complaints(ledger, point, boxes, row.get("previous"))
        amounts = [*unusual_amount(ledger, row)]
    if others:
        yield Doubt(question_if_same(others), question=N_("Log it anyway? [y/n]"))
    for why in amounts:
        yield Doubt(why, "purchase")
    yield from _too_much_recovered(asking)


# The next complaint may not be referred: its source can be changed before the number is asked.
LOG_QUESTIONS = Questions(
    (
        Asked("received", needed=always, enter=lambda asking: asking.today.isoformat()),
        POINT_ROW._replace(enter=_only_or_last_point),
        Asked("source", needed=always),
        Asked("channel", needed=always),
        Asked("complainant", empty=message(" (Enter: no more)"), leads=_REPEATED, ends=True),
        Asked("referral_no", when=_is_referred, needed=always),
        Asked("referred", when=_is_referred),
        Asked("reply_by", when=_is_referred),
        Asked("phone"),
        Asked("respondent", when=_has_tenants, offers=_offered_respondents),
        Asked("item"),
        Asked("category", when=_has_no_kind, stands=_category_of_goods),
        Asked("problem", needed=always),
        Asked("request"),
        Asked("purchase"),
        Asked("facts", leads=("category",)),
        Asked("outcome", needed=never, empty=message(" (Enter: still open)")),
        *_ENDING,
    ),
    doubts=_doubts_of_new,
    begins=_begins_closing,
    repeats=_REPEATED,
)
