"""`log` 受理."""

from datetime import date

import typer

from ledger12315.cli.asking import boxes, fill
from ledger12315.cli.options import FromStdin, Json, read, say, tell, today, write
from ledger12315.cli.output import show_json
from ledger12315.errors import Message, message
from ledger12315.ledger import complaints, points
from ledger12315.ledger.calendar import known_calendar
from ledger12315.locale import day_words, render
from ledger12315.rules.deadlines import Due
from ledger12315.rules.fields import LOG, POINT_WORD

FIELDS = (POINT_WORD, *LOG)


@boxes(FIELDS, arguments=1)
def log(ctx: typer.Context, json: Json = False, from_stdin: FromStdin = False, **raw: str | None) -> None:
    """Log a complaint; prints its number and due date."""
    day = today()
    filled = fill(FIELDS, raw, from_stdin, day, lambda word: find_point(ctx, word))
    with write(ctx) as ledger:
        point = points.find(ledger, str(filled.pop("point")))
        made = complaints.log(ledger, point, filled, day)
    for note in made.notes:
        tell(note)
    if json:
        known = {"number": made.number, "point": made.point, "received": made.received}
        show_json(known | {"due": made.due.day.isoformat(), "provisional": made.due.provisional})
    else:
        say(f"{made.number} {render(due_words(made.due, day))}")


def find_point(ctx: typer.Context, word: str) -> points.Point:
    """The point that a word names. Raises Refused."""
    with read(ctx) as ledger:
        return points.find(ledger, word)


def due_words(due: Due, today_: date) -> Message:
    """The due date and how many working days are left of it."""
    calendar = known_calendar()
    values = {"day": day_words(due.day), "mark": provisional_mark(due.provisional)}
    if due.day < today_:
        over = calendar.count(due.day, today_)
        return message("was due by {day}{mark}; overdue, working days over: {over}", over=over, **values)
    if due.day == today_:
        return message("is due today, {day}{mark}", **values)
    return message("is due by {day}{mark}; working days left: {left}", left=calendar.count(today_, due.day), **values)


def provisional_mark(provisional: bool) -> Message | str:
    """What stands behind a date that a notice not known yet could move."""
    return message(" (provisional: the holiday notice it depends on is not known)") if provisional else ""
