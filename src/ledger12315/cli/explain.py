"""`explain` 说明: the reckoning of a due date, day by day."""

from ledger12315.boxes import Filled
from ledger12315.boxes.arguments import COMPLAINT_NUMBER
from ledger12315.cli.face.answers import Column, Result, Table
from ledger12315.cli.face.command import command
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.wording import calendar_source, day_reason, provisional_mark
from ledger12315.errors import message
from ledger12315.ledger.complaints.views import reckoned
from ledger12315.locale import day_words, render

_COLUMNS = (
    Column("date", "日期", "date"),
    Column("counted", "计入", "counted"),
    Column("why", "原因", "why", narrow=True),
    Column("source", "依据", "source", narrow=True),
    Column("provisional", "暂定", "provisional"),
)


@command(COMPLAINT_NUMBER, arguments=1, takes="json csv")
def explain(desk: Desk, filled: Filled) -> Result:
    """Why a due date is what it is, day by day."""
    number = filled.text("number")
    with desk.read() as ledger:
        received, due, days = reckoned(ledger, number)
    rows = [
        {
            "date": day.day,
            "counted": day.number > 0,
            "why": render(day_reason(day.why, day.holiday)),
            "source": render(calendar_source(day.notice, day.provisional, day.holiday)),
            "provisional": day.provisional,
        }
        for day in days
    ]
    known = {"number": number, "received": received}
    document = known | {"due": due.day, "provisional": due.provisional, "days": rows}
    sentence = message(
        "{number} received {received}, due {due}{mark}:",
        due=day_words(due.day),
        mark=provisional_mark(due.provisional),
        **known,
    )
    worded = [
        row | {"date": day_words(day.day), "counted": day.number or ""}
        for row, day in zip(rows, days, strict=True)
    ]
    return Result((sentence, Table(worded, _COLUMNS)), document)
