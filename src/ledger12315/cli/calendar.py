"""`calendar` 日历: what it says of a year, and the notices and days that the station gives it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from ledger12315.boxes.fields import DAY, HOLIDAY_NOTICE, WHY, YEAR
from ledger12315.boxes.reading import Misread
from ledger12315.cli.explain import source, why
from ledger12315.cli.face.asking import boxes, fill
from ledger12315.cli.face.options import Csv, Json, ledger_path, read, say, tell, today, write
from ledger12315.cli.face.output import Column, show
from ledger12315.errors import Unacceptable, Unclear, message
from ledger12315.ledger import calendar as calendars
from ledger12315.locale import day_words, render
from ledger12315.rules.holidays import read_holiday_notice
from ledger12315.rules.workdays import Calendar

COLUMNS = (
    Column("date", "日期", "date"),
    Column("working", "上班", "worked"),
    Column("why", "原因", "why", narrow=True),
    Column("source", "依据", "source", narrow=True),
    Column("provisional", "暂定", "provisional"),
)


@boxes((YEAR,), arguments=1)
def show_calendar(
    ctx: typer.Context, json: Json = False, csv: Csv = False, **raw: str | None
) -> None:
    """Show a year's days off and make-up working days."""
    year = str(fill((YEAR,), raw, False, today())["year"])
    if not (year.isascii() and year.isdigit() and 1990 <= int(year) <= 2199):
        raise Unclear("{year} is not a year from 1990 to 2199.", year=year)
    calendar = _calendar(ctx)
    first = date(int(year), 1, 1)
    days = [
        first + timedelta(days=number) for number in range((date(int(year) + 1, 1, 1) - first).days)
    ]
    rows = [
        {
            "date": day.isoformat() if json else day_words(day),
            "working": special.working,
            "why": render(why("make_up" if special.working else "holiday", special.holiday)),
            "source": render(source(special.notice, calendar.provisional(day), special.holiday)),
            "provisional": calendar.provisional(day),
        }
        for day in days
        if (special := calendar.special_day(day))
    ]
    show(rows, COLUMNS, json, csv)
    tell(
        message(
            "Working days in {year}: {count}", year=year, count=sum(map(calendar.working, days))
        )
    )
    if int(year) not in calendar.known:
        tell(
            message(
                "The notice for {year} is not known: weekends and holidays of fixed date are reckoned, all is provisional.",
                year=year,
            )
        )


def _calendar(ctx: typer.Context) -> Calendar:
    """The ledger's, or where there is none yet, what is known without it."""
    if not ledger_path(ctx).exists():
        return calendars.known_calendar()
    with read(ctx) as ledger:
        return calendars.calendar_of(ledger)


@boxes((HOLIDAY_NOTICE,), arguments=1)
def load_calendar(ctx: typer.Context, **raw: str | None) -> None:
    """Take a year's notice of holidays: holiday-cn JSON, or the notice's own text."""
    file = Path(str(fill((HOLIDAY_NOTICE,), raw, False, today())["file"]))
    try:
        notice = read_holiday_notice(_text(file))
    except Misread as wrong:
        raise Unacceptable(
            "{file} is no notice that can be taken: {problem}.", file=file, problem=wrong.message
        ) from None
    with write(ctx) as ledger:
        before = calendars.calendar_of(ledger)
        kept = calendars.load(ledger, notice)
        moved = calendars.due_days_moved(ledger, before)
    off, worked = (
        sum(each.working is working for each in notice.days.values()) for working in (False, True)
    )
    say(
        message(
            "The notice for {year} is taken: days off {off}, make-up days {worked}.",
            year=notice.year,
            off=off,
            worked=worked,
        )
    )
    if kept:
        tell(
            message(
                "Otherwise than the notice says, by the station's own word: {days}.",
                days=list(map(day_words, kept)),
            )
        )
    _tell_moved(moved)


def _text(file: Path) -> str:
    from ledger12315.sheets.incoming.small import content

    read = content(file)
    try:
        return read.decode("utf-8-sig")
    except UnicodeDecodeError:
        return read.decode("gb18030", errors="replace")


@boxes((DAY,), arguments=1)
def set_calendar_day(
    ctx: typer.Context,
    work: Annotated[bool, typer.Option("--work", help="it is worked")] = False,
    rest: Annotated[bool, typer.Option("--rest", help="it is a day off")] = False,
    why: Annotated[str | None, typer.Option("--why", metavar="TEXT", help=WHY.help)] = None,
    **raw: str | None,
) -> None:
    """Say that a day is worked or off, for the station alone."""
    filled = fill((DAY, WHY), raw | {"why": why}, False, today())
    day, reason = date.fromisoformat(str(filled["day"])), str(filled["why"])
    if work == rest:
        raise Unclear("Say one of --work and --rest.")
    with write(ctx) as ledger:
        before = calendars.calendar_of(ledger)
        calendars.set_day(ledger, day, work, reason)
        moved = calendars.due_days_moved(ledger, before)
    values = {"day": day_words(day), "why": reason}
    say(
        message("{day} is worked ({why}).", **values)
        if work
        else message("{day} is a day off ({why}).", **values)
    )
    _tell_moved(moved)


def _tell_moved(numbers: list[str]) -> None:
    if numbers:
        tell(message("Other due dates than before have: {numbers}.", numbers=numbers))
