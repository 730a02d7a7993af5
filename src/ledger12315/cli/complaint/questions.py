"""The questions of `log`, `close` and the other acts of a complaint, in their order."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from ledger12315.boxes.forms import IMPORT_ACT
from ledger12315.boxes.worded import local_word
from ledger12315.cli.asking.case import Case
from ledger12315.cli.asking.given import read_changes
from ledger12315.cli.asking.questions import (
    POINT_ROW,
    Asked,
    Doubt,
    Questions,
    always,
    complaint_question,
    lacks_required_box,
    never,
    point_of_last_entry,
)
from ledger12315.cli.face.prompts import Offer
from ledger12315.errors import LedgerError, message
from ledger12315.ledger.complaints.acts import note_on_early_receipt, question_if_same
from ledger12315.ledger.complaints.finding import complaint_allowing, find_complaint
from ledger12315.ledger.complaints.likeness import similar_complaints
from ledger12315.locale import N_, day_words, render
from ledger12315.rules.checks import (
    agreement_sentence,
    default_closing_day,
    disputed_amount,
    fill_defaults,
    notes_on_surplus,
)
from ledger12315.words import ENDINGS, FINER_OUTCOMES, Outcome, Word

_REPEATED_BOXES = ("received", "point", "source", "channel")


def _as_stored(case: Case) -> Mapping[str, Any]:
    """Return a complaint as it will be stored: the ledger's values and the answers.

    A new one has no number yet.
    """
    if "number" not in case.boxes:
        return fill_defaults(case.values(), case.today)
    words = str(case.value("number"))
    with suppress(LedgerError):
        row = case.read(find_complaint, words, "close")
        return {**row, **case.values()}
    return {}


def _ending_of_case(case: Case) -> Outcome | None:
    return ENDINGS.get(str(case.value("outcome")))


def _if_outcome(fits: Callable[[Outcome], bool]) -> Callable[[Case], bool]:
    """Return a function that returns whether a case has an outcome that fits."""

    def asked(case: Case) -> bool:
        ending = _ending_of_case(case)
        return ending is not None and fits(ending)

    return asked


_closes = _if_outcome(lambda _: True)
_needs_told = _if_outcome(lambda ending: ending.needs == "told")


def _of_whom_or_why(case: Case) -> Word | str:
    """Return the required content of a finer outcome's remark: 移送给哪个部门."""
    finer = FINER_OUTCOMES.get(local_word(case.value("outcome")))
    return finer.remark if finer else ""


def _today_if_received(case: Case) -> str:
    return case.today.isoformat() if _as_stored(case).get("received") == case.today else ""


def _day_to_close(case: Case) -> str:
    """Return the day of closing; that of receipt for a new complaint already settled."""
    if "number" not in case.boxes and case.value("outcome") == "settled":
        return case.known["received"]
    return default_closing_day(_as_stored(case), case.today).isoformat()


def _only_day_to_close(case: Case) -> str:
    """Return the day of closing if no other is possible, or nothing."""
    is_only = _needs_told(case) or _as_stored(case).get("received") == case.today
    return _day_to_close(case) if _closes(case) and is_only else ""


def _offered_amounts(case: Case) -> list[Offer]:
    """Return the offers 0 and `=` (the amount in dispute); digits would be read as amounts."""
    box, fen = case.boxes["recovered"], disputed_amount(_as_stored(case))
    found = [Offer("0", case.seen("recovered", "0"), "0")]
    if fen:
        disputed = str(box.kind.plain(fen))
        shown = message("{amount}, the amount in dispute", amount=case.seen("recovered", disputed))
        found.append(Offer(disputed, render(shown), "="))
    return found


def _offered_closing_day(case: Case) -> list[Offer]:
    closed = case.value("closed")
    if not isinstance(closed, date):
        return []
    shown = message("{day}, the day of closing", day=day_words(closed))
    return [Offer(closed.isoformat(), render(shown), "=")]


def _agreement_from_facts(case: Case) -> str:
    """Return a draft of the agreement, from the facts."""
    return agreement_sentence(_as_stored(case))


_ENDING_ROWS = (
    Asked("told", when=_needs_told, needed=always, takes=_today_if_received),
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
        takes=_day_to_close,
        stands=_only_day_to_close,
    ),
    Asked(
        "recovered", when=_closes, offers=_offered_amounts, empty=message(" (Enter: not stated)")
    ),
    Asked(
        "agreement",
        when=_if_outcome(lambda ending: ending.agreed),
        drafts=_agreement_from_facts,
        fills=("handling",),
    ),
    Asked(
        "answered",  # if the result must still be reported to the consumer
        when=_if_outcome(lambda ending: ending.tell and not ending.advice_is_result),
        offers=_offered_closing_day,
    ),
    Asked("rating", when=_closes, leads=("closed",)),
)


def _too_much_recovered(case: Case) -> Iterator[Doubt]:
    for why in notes_on_surplus(_as_stored(case)):
        yield Doubt(why, "recovered")


def _begins_closing(case: Case) -> bool:
    """Return whether a box is missing that the command or the outcome needs."""
    ending = _ending_of_case(case)
    return lacks_required_box(case) or (
        ending is not None and ending.needs not in ("", *case.known)
    )


CLOSE_QUESTIONS = Questions(
    (complaint_question("close"), Asked("outcome"), *_ENDING_ROWS),
    doubts=_too_much_recovered,
    begins=_begins_closing,
    words="remark",
)


def _is_referred(case: Case) -> bool:
    return case.value("source") == "referred"


def _only_or_last_point(case: Case) -> str:
    return case.places[0].code if len(case.places) == 1 else point_of_last_entry(case)


def _offered_respondents(case: Case) -> list[Offer]:
    """Return the respondents of the point."""
    own = case.point
    return [Offer(word) for word in case.recent.words("respondent", own.id if own else None)]


def _has_tenants(case: Case) -> bool:
    """Return whether the respondent is probably a stall: at markets, or if named before."""
    markets = (each.id for each in case.places if each.type == "market")
    return bool((case.point and case.point.id in markets) or _offered_respondents(case))


def _category_of_goods(case: Case) -> str:
    """Return the category of the last complaint about the same goods, if any."""
    if not _has_no_kind(case):
        return ""
    earlier = case.recent.of_item(case.known.get("item", ""))
    return next((row["category"] or "" for row in earlier), "")


def _has_no_kind(case: Case) -> bool:
    return "kind" not in case.known


def _doubts_of_new(case: Case) -> Iterator[Doubt]:
    row, point = _as_stored(case), case.point
    if point and isinstance(received := row["received"], date):
        if received < point.since:
            yield Doubt(note_on_early_receipt(point), "received")
        with case.desk.read() as ledger:
            others = similar_complaints(ledger, point, {"phone": None, **row}, row.get("previous"))
        if others:
            yield Doubt(question_if_same(others), question=N_("Log it anyway? [y/n]"))
    for why in case.recent.unusual(row):
        yield Doubt(why, "purchase")
    yield from _too_much_recovered(case)


# The next complaint may not be referred: its source can be changed before the number is asked.
LOG_QUESTIONS = Questions(
    (
        Asked("received", needed=always, takes=lambda case: case.today.isoformat()),
        POINT_ROW._replace(takes=_only_or_last_point),
        Asked("source", needed=always),
        Asked("channel", needed=always),
        Asked("complainant", empty=message(" (Enter: no more)"), leads=_REPEATED_BOXES, ends=True),
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
        *_ENDING_ROWS,
    ),
    doubts=_doubts_of_new,
    repeats=_REPEATED_BOXES,
    words="remark",
)


def reason_questions(act: str) -> Questions:
    """Return the questions of an act that needs a complaint and a reason."""
    return Questions((complaint_question(act), Asked("reason")))


VOID_QUESTIONS = Questions(
    (
        complaint_question("void")._replace(when=lambda case: IMPORT_ACT.key not in case.known),
        Asked("reason"),
    )
)


def _doubts_of_changes(case: Case) -> Iterator[Doubt]:
    """Yield doubts about amended amounts; refusals follow when they are written."""
    from ledger12315.ledger.complaints.amending import doubts  # not needed by `log`

    with suppress(LedgerError):
        words, changes = read_changes([*case.boxes.values()], case.known, case.desk)
        with case.desk.read() as ledger:
            rows = [complaint_allowing(ledger, each, "amend") for each in words.splitlines()]
            found = [each for row in rows for each in doubts(ledger, row, changes)]
        for why, box in found:
            yield Doubt(why, box)


AMEND_QUESTIONS = Questions((complaint_question("amend"),), doubts=_doubts_of_changes)
