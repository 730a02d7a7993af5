"""`log` 受理."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from ledger12315.boxes import Filled, Option
from ledger12315.boxes.forms import CLOSE, COMPLAINT, LOG, POINT_WORD
from ledger12315.boxes.kinds import NUMBER
from ledger12315.boxes.worded import local_word
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Result, answer_of_change, provisional_mark
from ledger12315.cli.face.desk import Desk
from ledger12315.errors import Message, Unclear, message
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints import acts
from ledger12315.ledger.complaints.finding import find_complaint
from ledger12315.ledger.points import find_point
from ledger12315.locale import day_words, render
from ledger12315.rules.deadlines import Due
from ledger12315.rules.workdays import Calendar

if TYPE_CHECKING:  # loaded where somebody is asked
    from ledger12315.cli.asking.questions import Questions


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


def _log_questions() -> "Questions":
    from ledger12315.cli.complaint.questions import LOG_QUESTIONS

    return LOG_QUESTIONS


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
    asks=_log_questions,
    adds=_boxes_of_earlier,
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
