"""`log` 受理."""

from collections.abc import Container
from datetime import date
from typing import Annotated

import typer

from ledger12315.boxes.fields import COMPLAINT, LOG, NUMBER, POINT_WORD
from ledger12315.cli.face.asking import boxes, fill, stdin_object
from ledger12315.cli.face.options import FromStdin, Json, answer, read, tell, today, write
from ledger12315.errors import Message, message
from ledger12315.ledger import points
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints import acts as complaints
from ledger12315.locale import day_words, render
from ledger12315.rules.deadlines import Due
from ledger12315.rules.workdays import Calendar

FIELDS = (POINT_WORD, *LOG)
# What repeats where many come with the same: nothing of the consumer, no money, no day.
_REPEATED = (
    *("point", "item", "brand", "model", "category", "kind", "problem"),
    *(key for key in COMPLAINT if key.startswith("respondent")),
)


@boxes(FIELDS, arguments=1)
def log(
    ctx: typer.Context,
    like: Annotated[
        str | None,
        typer.Option(
            "--like",
            metavar="NUMBER",
            help="take point, goods, problem and respondent from this complaint",
        ),
    ] = None,
    json: Json = False,
    from_stdin: FromStdin = False,
    **raw: str | None,
) -> None:
    """Log a complaint; prints its number and due date."""
    day = today()
    given = stdin_object(FIELDS) if from_stdin else {}
    given |= {key: text for key, text in raw.items() if text is not None}
    filled = fill(
        FIELDS,
        _repeated(ctx, like, day, given) | given,
        False,
        day,
        lambda word: point_named(ctx, word),
        lambda: last_point(ctx),
    )
    with write(ctx) as ledger:
        point = points.find_point(ledger, str(filled.pop("point")))
        made = complaints.log(ledger, point, filled, day)
        words = due_words(made.due, day, calendar_of(ledger))
    tell(*made.notes)
    known = {"number": made.number, "point": made.point, "received": made.received}
    document = known | {"due": made.due.day.isoformat(), "provisional": made.due.provisional}
    answer(json, document, f"{made.number} {render(words)}")


def _repeated(
    ctx: typer.Context, like: str | None, day: date, given: Container[str]
) -> dict[str, str]:
    """The boxes of an earlier complaint that repeat; its kind of goods not where another is given. Raises Refused."""
    if like is None:
        return {}
    from ledger12315.ledger.complaints.views import complaint_shown

    with read(ctx) as ledger:
        row = complaint_shown(ledger, str(NUMBER.parse(like, day)))
    left_out = (
        ("category", "kind")
        if "category" in given or "kind" in given
        else ("kind",)
        if row["category"]
        else ()
    )
    return {key: row[key] for key in _REPEATED if row[key] and key not in left_out}


def point_named(ctx: typer.Context, word: str) -> str:
    """Code and name of the point that a word names. Raises Refused."""
    with read(ctx) as ledger:
        point = points.find_point(ledger, word)
    return f"{point.code} {point.name}"


def last_point(ctx: typer.Context) -> str:
    """The name of the point for which something was entered last: who takes up a pile of papers goes on with the same."""
    with read(ctx) as ledger:
        return points.last_used(ledger)


def due_words(due: Due, today_: date, calendar: Calendar) -> Message:
    """The due date and how many working days are left of it."""
    values = {"day": day_words(due.day), "mark": provisional_mark(due.provisional)}
    if due.day < today_:
        over = calendar.count(due.day, today_)
        return message(
            "was due by {day}{mark}; overdue, working days over: {over}", over=over, **values
        )
    if due.day == today_:
        return message("is due today, {day}{mark}", **values)
    return message(
        "is due by {day}{mark}; working days left: {left}",
        left=calendar.count(today_, due.day),
        **values,
    )


def provisional_mark(provisional: bool) -> Message | str:
    """What stands behind a date that a notice not known yet could move."""
    return (
        message(" (provisional: the holiday notice it depends on is not known)")
        if provisional
        else ""
    )
