"""`log` 受理, and its questions."""

from collections.abc import Iterator, Mapping
from datetime import date

from ledger12315.boxes import Filled, Option
from ledger12315.boxes.forms import CLOSE, COMPLAINT, LOG, POINT_WORD
from ledger12315.boxes.kinds import NUMBER
from ledger12315.boxes.worded import local_word
from ledger12315.cli.asking.questions import (
    POINT_ROW,
    Asked,
    Asking,
    Doubt,
    Questions,
    always,
    never,
    point_of_last_entry,
)
from ledger12315.cli.command import command
from ledger12315.cli.complaint.close import (
    ENDING_QUESTIONS,
    as_stored,
    begins_closing,
    too_much_recovered,
)
from ledger12315.cli.face.answers import Result, answer_of_change, provisional_mark
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.terminals import Offer
from ledger12315.errors import Message, Unclear, message
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints import acts
from ledger12315.ledger.complaints.finding import find_complaint
from ledger12315.ledger.complaints.likeness import similar_complaints
from ledger12315.ledger.points import find_point
from ledger12315.locale import N_, day_words, render
from ledger12315.rules.deadlines import Due
from ledger12315.rules.workdays import Calendar

_REPEATED = ("received", "point", "source", "channel")
"""The boxes that stay for the next complaint."""
_LIKE = Option(
    "like", "参照", NUMBER, "copy point, goods, problem and respondent from this complaint"
)
_GOODS = {"category", "kind"}
# The boxes that repeat if many come with the same matter: no consumer, no money, no day.
_COPIED = (
    *("item", "brand", "model", "problem", *_GOODS),
    *(key for key in COMPLAINT if key.startswith("respondent")),
)
# A matter may be settled on the spot.
_ENDING = tuple(box.optional() for box in CLOSE if box not in LOG)


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
    row, point = as_stored(asking), asking.point
    if point and isinstance(row["received"], date):
        with asking.desk.read() as ledger:
            others = similar_complaints(ledger, point, {"phone": None, **row}, row.get("previous"))
        if others:
            yield Doubt(acts.question_if_same(others), question=N_("Log it anyway? [y/n]"))
    for why in asking.recent.unusual(row):
        yield Doubt(why, "purchase")
    yield from too_much_recovered(asking)


# The next complaint may not be referred: its source can be changed before the number is asked.
_QUESTIONS = Questions(
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
        *ENDING_QUESTIONS,
    ),
    doubts=_doubts_of_new,
    begins=begins_closing,
    repeats=_REPEATED,
)


def _boxes_of_earlier(desk: Desk, raw: Mapping[str, str], chosen: Filled) -> Mapping[str, str]:
    """Return the boxes that a complaint takes over from an earlier one, as they are typed.

    Category and kind are left out where others are given. Raises Refused.
    """
    if "like" not in chosen:
        return {}
    from ledger12315.ledger.complaints.views import copied_boxes

    replaced = _GOODS if raw.keys() & _GOODS else ()
    with desk.read() as ledger:
        row = find_complaint(ledger, chosen.text("like"))
        boxes = [box for box in LOG if box.key in _COPIED and box.key not in replaced]
        copied = copied_boxes(ledger, row, boxes)
    return {"point": row["point"], **{key: local_word(value) for key, value in copied.items()}}


@command(
    *(POINT_WORD, *LOG, *_ENDING, _LIKE),
    arguments=1,
    flags="json from_stdin",
    asks=_QUESTIONS,
    known=_boxes_of_earlier,
)
def log(desk: Desk, filled: Filled) -> Result:
    """Log a complaint; prints its number and due date."""
    filled.pop("like", None)
    ending = {box.key: filled.pop(box.key) for box in _ENDING if box.key in filled}
    if ending and "outcome" not in ending:
        boxes = [COMPLAINT[key].label for key in ending]
        raise Unclear("{boxes}: give the outcome too.", boxes=boxes).about("outcome")
    with desk.write() as ledger:
        point = find_point(ledger, filled.take("point"))
        made = acts.log_complaint(ledger, point, filled, desk.today)
        words = _due_words(made.due, desk.today, calendar_of(ledger))
        if ending:
            if ending["outcome"] == "settled":  # on the spot
                ending.setdefault("closed", made.received)
            closed = acts.close_complaint(ledger, made.number, ending, desk.today)
            ended = COMPLAINT["outcome"].kind.shown(local_word(closed.outcome))
            words = message("is closed ({outcome})", outcome=ended)
    document = {
        "number": made.number,
        "point": made.point,
        "received": made.received,
        "due": made.due.day,
        "provisional": made.due.provisional,
        "alike": made.alike,
    }
    return answer_of_change(f"{made.number} {render(words)}", document, before=made.notes)


def _due_words(due: Due, today: date, calendar: Calendar) -> Message:
    """Return the due date and the working days left."""
    values = {"day": day_words(due.day), "mark": provisional_mark(due.provisional)}
    if due.day < today:
        over = calendar.count(due.day, today)
        return message("was due by {day}{mark}; working days overdue: {over}", over=over, **values)
    if due.day == today:
        return message("is due today, {day}{mark}", **values)
    left = calendar.count(today, due.day)
    return message("is due by {day}{mark}; working days left: {left}", left=left, **values)
