"""`calendar` 日历: days off and working days; and `explain` 说明, a due date day by day."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ledger12315.boxes import Filled, Option
from ledger12315.boxes.forms import CALENDAR_DAY, COMPLAINT_NUMBER, HOLIDAY_NOTICE, WHY, YEAR
from ledger12315.boxes.kinds import FLAG
from ledger12315.boxes.reading import YEARS, Misread, decode_text
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import (
    MAY_MOVE,
    Column,
    Result,
    Table,
    answer_of_change,
    answer_of_list,
    provisional_mark,
)
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import calendar_at
from ledger12315.cli.face.options import DRY_RUN
from ledger12315.errors import Message, Unacceptable, Unclear, message
from ledger12315.ledger import calendar as calendars
from ledger12315.ledger.complaints.views import ExplainedDue, RunningClock, explain_due_dates
from ledger12315.locale import _, day_words, render
from ledger12315.rules.clocks import length_in_chinese
from ledger12315.rules.deadlines import CountedDay
from ledger12315.rules.holidays import (
    HolidayChanges,
    HolidayNotice,
    calendar_with,
    changes_of_holidays,
    read_holiday_notice,
)
from ledger12315.rules.workdays import BY_WEEK, ONE_DAY, OWN, Calendar
from ledger12315.words import LIFE, Word

_WORK = Option("work", "上班", FLAG, "the day is worked")
_REST = Option("rest", "休息", FLAG, "the day is off")
_TRIAL = DRY_RUN._replace(help="only show what would change")
DATE = Column("date", "日期")
GROUNDS = (
    Column("why", "原因", narrow=True),
    Column("source", "依据", narrow=True),
    MAY_MOVE,
)
_SPECIAL = (DATE, Column("working", "上班", "worked"), *GROUNDS)
# Only in JSON: people read them in the reason and the source.
_NAMED = (Column("holiday", "节日"), Column("notice", "通知年份"))


@command(YEAR, arguments=1, flags="json csv")
def show_calendar(desk: Desk, filled: Filled) -> Result:
    """Show a year's days off and make-up working days."""
    year = filled.text("year")
    if not (year.isascii() and year.isdigit() and int(year) in YEARS):
        raise Unclear("{year} is not a year from 1990 to 2199.", year=year)
    calendar, first = calendar_at(desk), date(int(year), 1, 1)
    length = (date(int(year) + 1, 1, 1) - first).days
    days = [first + ahead * ONE_DAY for ahead in range(length)]
    worked = sum(map(calendar.working, days))
    notes = [message("Working days in {year}: {count}", year=year, count=worked)]
    if int(year) not in calendar.announced:
        notes.append(
            message(
                "The notice for {year} is not known: the days are calculated from weekends and "
                "holidays of fixed date, and are provisional.",
                year=year,
            )
        )
    plain = desk.format == "json"
    rows = [
        day_row(plain, each, working=each.why == "make_up")
        for each in _special_days(calendar, days)
    ]
    return answer_of_list(rows, (*_SPECIAL, *_NAMED) if plain else _SPECIAL, notes=notes)


def _special_days(calendar: Calendar, days: list[date]) -> Iterator[CountedDay]:
    for day in days:
        if special := calendar.special_day(day):
            why = "make_up" if special.working else "holiday"
            provisional = calendar.provisional(day)
            yield CountedDay(day, 0, why, special.holiday, special.notice, provisional)


@command(HOLIDAY_NOTICE, _TRIAL, arguments=1)
def load_calendar(desk: Desk, filled: Filled) -> Result:
    """Load a year's holiday notice: holiday-cn JSON, or the notice's own text."""
    notice = _read_notice(filled.path("file"))
    with desk.read() as ledger:
        before = calendars.calendar_of(ledger)
        found = changes_of_holidays(before, notice)
        after = calendar_with(before, found, notice.year)
        moved = calendars.complaints_with_moved_due_date(ledger, before, after)
    said = [*_contradicted_days(found), *_days_left_alone(notice, found)]
    worked = sum(each.working for each in notice.days.values())
    counts = {"year": notice.year, "off": len(notice.days) - worked, "worked": worked}
    if "dry_run" in filled:
        named = message("The notice for {year}: days off {off}, make-up days {worked}.", **counts)
        said += [*_moved_due_dates(moved), message("Nothing was written.")]
        return answer_of_change(named, notes=said)
    if found.contradicted and desk.asks and not desk.agreed:
        desk.demand(*said, question=_("Load it? [y/n]"))
        said = []
    with desk.write() as ledger:
        current = changes_of_holidays(calendars.calendar_of(ledger), notice)
        for day, each in current.days.items():
            calendars.set_day(ledger, day, each.working, each.holiday, notice.year)
    sentence = message(
        "The notice for {year} is loaded: days off {off}, make-up days {worked}.", **counts
    )
    return answer_of_change(sentence, notes=[*said, *_moved_due_dates(moved)])


def _contradicted_days(found: HolidayChanges) -> Iterator[Message]:
    for day in found.contradicted:
        working, holiday = found.days[day]
        by = message("the week") if holiday == BY_WEEK else holiday
        values = {"day": day_words(day), "name": by}
        if working:
            yield message(
                "Different from what was known: {day} is a working day ({name}).", **values
            )
        else:
            yield message("Different from what was known: {day} is a day off ({name}).", **values)


def _days_left_alone(notice: HolidayNotice, found: HolidayChanges) -> Iterator[Message]:
    """Yield notes on days and holidays that the notice does not settle."""
    if found.own:
        days = list(map(day_words, found.own))
        yield message("The station's own days still differ from the notice: {days}.", days=days)
    if found.lacks:
        yield message(
            "The notice does not name {holidays}; {year} stays provisional until the complete "
            "notice is loaded.",
            holidays=found.lacks,
            year=notice.year,
        )


def _read_notice(file: Path) -> HolidayNotice:
    from ledger12315.sheets.incoming.small import content_of_file

    try:
        return read_holiday_notice(decode_text(content_of_file(file)))
    except Misread as wrong:
        raise Unacceptable(
            "{file} is not a usable holiday notice: {problem}.", file=file, problem=wrong.message
        ) from None


@command(CALENDAR_DAY, WHY, _WORK, _REST, arguments=1)
def set_calendar_day(desk: Desk, filled: Filled) -> Result:
    """Set a day as worked or off, for this station only."""
    day, why, work = filled.day("day"), filled.text("why"), "work" in filled
    if work == ("rest" in filled):
        raise Unclear("Give either --work or --rest.")
    with desk.write() as ledger:
        before = calendars.calendar_of(ledger)
        calendars.set_day(ledger, day, work, why)
        after = calendars.calendar_of(ledger)
        moved = calendars.complaints_with_moved_due_date(ledger, before, after)
    values = {"day": day_words(day), "why": why}
    sentence = message("{day} is a day off ({why}).", **values)
    if work:
        sentence = message("{day} is a working day ({why}).", **values)
    return answer_of_change(sentence, notes=_moved_due_dates(moved))


def _moved_due_dates(numbers: list[str]) -> list[Message]:
    said = message("Due dates changed for: {numbers}.", numbers=numbers)
    return [said] if numbers else []


def day_row(plain: bool, day: CountedDay, **more: object) -> dict[str, object]:
    """Return the row of a day: its note, why it is worked or not, and the source.

    For JSON (`plain`) a holiday keeps its Chinese name, as in the notice.
    """
    source, holiday = _source(day), day.holiday
    row = {
        "date": day.day if plain else day_words(day.day),
        **more,
        "why": day.why if plain else render(_why_in_words(day)),
        "source": source if plain else render(_source_in_words(source, day.notice)),
        "provisional": day.provisional,
    }
    named = {"holiday": holiday and holiday.zh, "notice": day.notice or None}
    return row | named if plain else row


def _why_in_words(day: CountedDay) -> Message:
    """Return in words whether and why a day counts towards a due date."""
    return {
        "receipt": message("day of receipt, not counted"),
        "workday": message("working day"),
        "weekend": message("weekend"),
        "holiday": message("holiday ({name})", name=day.holiday),
        "make_up": message("make-up working day ({name})", name=day.holiday),
    }[day.why]


def _source(day: CountedDay) -> str:
    """Return the source that says whether a day is worked."""
    if day.notice:
        return "notice"
    if day.holiday and day.holiday.code == OWN:
        return "station"
    return "unannounced" if day.provisional else "week"


def _source_in_words(source: str, notice: int) -> Message:
    return {
        "notice": message("State Council notice {year}", year=notice),
        "station": message("set by the station"),
        "unannounced": message("notice not known: the week and fixed holidays"),
        "week": message("the week"),
    }[source]


_COUNTED_COLUMNS = (DATE, Column("counted", "计入"), *GROUNDS)
_POINTS_LIMIT = Word("point", "服务点办结期限", "the point's limit")


@command(COMPLAINT_NUMBER, arguments=1, flags="json csv")
def explain(desk: Desk, filled: Filled) -> Result:
    """Explain a due date, day by day."""
    with desk.read() as ledger:
        found = explain_due_dates(ledger, filled.text("number"))
    plain, due = desk.format == "json", found.due
    rows = [
        day_row(plain, each, counted=each.number > 0 if plain else each.number or "")
        for each in found.days
    ]
    case = {"number": found.number, "received": found.received}
    document = case | {"due": due.day, "provisional": due.provisional, "days": rows}
    document |= {"escalated": found.escalated, "clocks": [*map(_clock_row, found.clocks)]}
    sentence = message(
        "{number} received {received}, due {due}{mark}:",
        due=day_words(due.day),
        mark=provisional_mark(due.provisional),
        **case,
    )
    return Result(
        (sentence, Table(rows, _COUNTED_COLUMNS), *_clocks_in_words(found, desk.today)), document
    )


def _clock_row(running: RunningClock) -> dict[str, object]:
    """Return a clock for JSON."""
    row = running._asdict() | {"due": running.due.day, "provisional": running.due.provisional}
    return row | {"basis": running.basis or None}


def _clocks_in_words(found: ExplainedDue, today: date) -> Iterator[Message]:
    """Yield the escalation, if there was one, and each clock with its basis."""
    if found.escalated:
        yield message(
            "Escalated to the station on {day}: the station's limit replaced the point's "
            "(三(三)3).",
            day=day_words(found.escalated),
        )
    for each in found.clocks:
        if each.ended:
            ended = message("ended on {day}", day=each.ended)
        elif each.due.day < today:
            ended = message("over, and not ended")
        else:
            ended = message("running")
        yield message(
            "{clock}: {length} after {start}, until {due}{mark}; {ended}. Basis: {basis}.",
            clock=LIFE.get(each.key, _POINTS_LIMIT),
            length=Word("length", length_in_chinese(each.length), each.length),
            start=each.started,
            due=day_words(each.due.day),
            mark=provisional_mark(each.due.provisional),
            ended=ended,
            basis=each.basis or message("set by the station"),
        )
