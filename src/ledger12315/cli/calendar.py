"""`calendar` 日历."""

from datetime import date, timedelta

from ledger12315.cli.asking import boxes, fill
from ledger12315.cli.explain import source, why
from ledger12315.cli.options import Csv, Json, tell, today
from ledger12315.cli.output import Column, show
from ledger12315.errors import Unclear, message
from ledger12315.ledger.calendar import known_calendar
from ledger12315.locale import day_words, render
from ledger12315.rules.fields import YEAR

COLUMNS = (
    Column("date", "日期", "date"),
    Column("working", "上班", "worked"),
    Column("why", "原因", "why", narrow=True),
    Column("source", "依据", "source", narrow=True),
    Column("provisional", "暂定", "provisional"),
)


@boxes((YEAR,), arguments=1)
def show_calendar(
    json: Json = False,
    csv: Csv = False,
    **raw: str | None,
) -> None:
    """Show a year's days off and make-up working days."""
    year = str(fill((YEAR,), raw, False, today())["year"])
    if not (year.isascii() and year.isdigit() and 1990 <= int(year) <= 2199):
        raise Unclear("{year} is not a year from 1990 to 2199.", year=year)
    calendar = known_calendar()
    first = date(int(year), 1, 1)
    days = [first + timedelta(days=number) for number in range((date(int(year) + 1, 1, 1) - first).days)]
    rows = []
    for day in days:
        if special := calendar.special_day(day):
            rows.append(
                {
                    "date": day.isoformat() if json else day_words(day),
                    "working": special.working,
                    "why": render(why("make_up" if special.working else "holiday", special.holiday)),
                    "source": render(source(special.notice, calendar.provisional(day))),
                    "provisional": calendar.provisional(day),
                }
            )
    show(rows, COLUMNS, json, csv)
    tell(message("Working days in {year}: {count}", year=year, count=sum(map(calendar.working, days))))
    if int(year) not in calendar.known:
        tell(
            message(
                "The notice for {year} is not known: weekends and holidays of fixed date are reckoned, all is provisional.",
                year=year,
            )
        )
