"""`explain` 说明: the reckoning of a due date, day by day."""

import typer

from ledger12315.boxes.fields import NUMBER
from ledger12315.cli.face.asking import boxes, fill
from ledger12315.cli.face.options import Csv, Json, read, say, today
from ledger12315.cli.face.output import Column, demand_one_form, show, show_json
from ledger12315.cli.log import provisional_mark
from ledger12315.errors import Message, message
from ledger12315.ledger.calendar import OWN
from ledger12315.ledger.complaints.views import reckoned
from ledger12315.locale import day_words, render
from ledger12315.words import Word

COLUMNS = (
    Column("date", "日期", "date"),
    Column("counted", "计入", "counted"),
    Column("why", "原因", "why", narrow=True),
    Column("source", "依据", "source", narrow=True),
    Column("provisional", "暂定", "provisional"),
)


@boxes((NUMBER,), arguments=1)
def explain(ctx: typer.Context, json: Json = False, csv: Csv = False, **raw: str | None) -> None:
    """Why a due date is what it is, day by day."""
    demand_one_form(json, csv)
    number = str(fill((NUMBER,), raw, False, today())["number"])
    with read(ctx) as ledger:
        received, due, days = reckoned(ledger, number)
    rows = [
        {
            "date": day.day.isoformat(),
            "counted": day.number > 0,
            "why": render(why(day.why, day.holiday)),
            "source": render(source(day.notice, day.provisional, day.holiday)),
            "provisional": day.provisional,
        }
        for day in days
    ]
    known = {"number": number, "received": received}
    if json:
        show_json(
            known | {"due": due.day.isoformat(), "provisional": due.provisional, "days": rows}
        )
        return
    if not csv:
        mark = provisional_mark(due.provisional)
        say(
            message(
                "{number} received {received}, due {due}{mark}:",
                due=day_words(due.day),
                mark=mark,
                **known,
            )
        )
    worded = [
        row | {"date": day_words(day.day), "counted": day.number or ""}
        for row, day in zip(rows, days, strict=True)
    ]
    show(worded, COLUMNS, as_csv=csv)


def why(reason: str, holiday: Word | None) -> Message:
    """A day's place in the reckoning, in words."""
    return {
        "receipt": message("day of receipt, not counted"),
        "workday": message("working day"),
        "weekend": message("weekend"),
        "holiday": message("holiday ({name})", name=holiday),
        "make_up": message("make-up working day ({name})", name=holiday),
    }[reason]


def source(notice: int, provisional: bool, holiday: Word | None) -> Message:
    """By what a day is worked or not."""
    if holiday and holiday.code == OWN and not notice:
        return message("set by the station")
    if notice:
        return message("State Council notice {year}", year=notice)
    if provisional:
        return message("notice not known: the week and fixed holidays")
    return message("the week")
