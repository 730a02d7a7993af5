"""All duties of a station, each with its due day, for the start of a morning.

Source: 三(三)4, 三(四), 三(五).
"""

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache, partial
from itertools import groupby
from typing import NamedTuple

from ledger12315.boxes.forms import unmet_in_words
from ledger12315.boxes.kinds import DAY, Checked
from ledger12315.boxes.masks import PEOPLE_OF_CASE, mask_text_of
from ledger12315.boxes.names import comparable_name, names_in
from ledger12315.errors import Message, message
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints.overdue import overdue_complaints
from ledger12315.ledger.notices import propose_notices
from ledger12315.ledger.people import phones_in_ledger
from ledger12315.ledger.points import PRESENT_OFFICER, points
from ledger12315.ledger.points.dated import last_change
from ledger12315.ledger.records import liaisons
from ledger12315.ledger.returns import owing
from ledger12315.ledger.settings import first_day_of_ledger, setting_history, settings
from ledger12315.ledger.store import Ledger
from ledger12315.rules.clocks import CLOCKS, SETTABLE
from ledger12315.rules.events import COMPLAINTS
from ledger12315.rules.periods import parse_period, quarter_of
from ledger12315.rules.workdays import Calendar
from ledger12315.words import OWED, Word

_CALENDAR_DAYS, _LONGEST_HOLIDAY = 14, 14
_NOTICE_MONTH = 12
# Acts that were never recorded can number tens of thousands.
_RESULTS_NAMED, _COUNTED_UP_TO = 20, 1000


class Duty(NamedTuple):
    """A duty, by its kind of OWED; `person` is the person responsible, if any.

    `due` is None if no day is set; `many` is the number of cases it stands for. `what` is the same
    in every language: goods, a period, a respondent, a record's number, or `worked` or `off` of a
    day; `said` is a sentence for people, where one is needed. `provisional` says that an unknown
    holiday notice could move the due day. `days_over` are the working days since a complaint's due
    day.
    """

    kind: str
    due: date | None
    what: str | None = None
    number: str | None = None
    point: str | None = None
    point_name: str | None = None
    person: str | None = None
    many: int = 1
    said: Message | Word | None = None
    provisional: bool = False
    days_over: int = 0

    def is_late(self, today: date) -> bool:
        """Return whether its due day is over."""
        return self.due is not None and self.due < today


def duties(ledger: Ledger, today: date, within: int, kind: str | None) -> list[Duty]:
    """Return duties that are late, due by the end of the `within`-th 工作日, or without a day.

    The most urgent comes first. With `kind` only that kind is returned, in full.
    """
    calendar = calendar_of(ledger)
    horizon = calendar.add(today, within)
    found = [
        *_pending_duties(ledger, today, within),
        *_clock_duties(ledger, calendar, today, horizon, whole=kind),
        *_return_duties(ledger, today, horizon),
        *_point_duties(ledger, today),
        *_filing_duties(ledger),
        *_mend_duties(ledger),
        *_record_duties(ledger, horizon),
        *_notice_duties(ledger, today),
        *_training_duties(ledger, today),
        *_calendar_duties(calendar, today),
    ]
    places = list(OWED)
    found = [_marked(each, calendar) for each in found if kind in (None, each.kind)]
    return sorted(found, key=lambda each: (each.due or date.max, places.index(each.kind)))


def _marked(duty: Duty, calendar: Calendar) -> Duty:
    """Return a duty that is provisional if its due day rests on a notice not known yet."""
    found = duty.kind in _COUNTED and duty.due and calendar.provisional(duty.due)
    return duty._replace(provisional=True) if found else duty


def _pending_duties(ledger: Ledger, today: date, within: int) -> Iterator[Duty]:
    for each in overdue_complaints(ledger, today, within):
        kind = "late" if each.due < today else "due"
        goods = mask_text_of(each._asdict(), known_phones=phones_in_ledger(ledger))
        row = goods, each.number, each.point, each.point_name, each.officer
        found = Duty(kind, each.due, *row, provisional=each.provisional)
        yield found._replace(days_over=each.working_days_over)


_CASE = ", ".join(
    ("number", "point.code", "point.name", "item", *(f"complaint.{key}" for key in PEOPLE_OF_CASE))
)


def _what_and_where(ledger: Ledger, row: sqlite3.Row) -> tuple[str, str, str, str]:
    """Return a complaint's goods without its people, its number, and its point."""
    goods = mask_text_of(dict(row), known_phones=phones_in_ledger(ledger))
    return goods, row["number"], row["code"], row["name"]


# The number of unrecorded acts that are named; of other kinds all are.
_NAMED_OF_KIND = {"tell": _RESULTS_NAMED, "archive": 1}
RUNNING = {clock.key: clock for clock in CLOCKS if clock.key != "point"}
"""The clocks besides the point's, by kind of duty."""
_COUNTED = {"late", "due", "return", *SETTABLE}
"""The kinds whose day is counted by the calendar; other days are said by somebody."""


def _clock_duties(
    ledger: Ledger, calendar: Calendar, today: date, horizon: date, whole: str | None
) -> Iterator[Duty]:
    """Yield duties from the clocks other than the point's, with or without a due day.

    Of kinds with very many cases only the oldest few are named and the rest counted, late ones
    apart, except for the kind `whole`.
    """
    values = {"last": horizon, "begins": first_day_of_ledger(ledger)}
    deadline = cache(partial(setting_history(ledger).deadline, calendar=calendar))
    for kind, clock in RUNNING.items():
        named = None if kind == whole else _NAMED_OF_KIND.get(kind)
        owed = (
            f"{clock.owed} AND {clock.starts} >= :begins" if kind in _NAMED_OF_KIND else clock.owed
        )
        query = f"""
            SELECT {clock.starts} AS starts, {_CASE}
            FROM complaint JOIN point ON point.id = complaint.point_id
            WHERE {owed} ORDER BY {clock.starts}
            LIMIT {-1 if named is None else named + _COUNTED_UP_TO}"""
        running = [
            Duty(
                kind,
                deadline(clock, date.fromisoformat(row["starts"])),
                *_what_and_where(ledger, row),
            )
            for row in ledger.execute(query, values)
        ]
        found = [each for each in running if not each.due or each.due <= horizon]
        yield from found[:named]
        if named is None:
            continue
        stopped = len(running) == named + _COUNTED_UP_TO
        for _, later in groupby(found[named:], lambda each: each.is_late(today)):
            group = list(later)
            last = stopped and group[-1] is running[-1]
            said = message("and later ones: {count}", count=count_as_text(len(group), last))
            yield Duty(kind, group[0].due, many=len(group), said=said)


def count_as_text(number: int, stopped: bool = False) -> str:
    """Return a number as text, with a + if there may be more; counting stops at 1,000."""
    shown = min(number, _COUNTED_UP_TO)
    return f"{shown}+" if stopped or number >= _COUNTED_UP_TO else str(shown)


def _return_duties(ledger: Ledger, today: date, horizon: date) -> Iterator[Duty]:
    names = dict(ledger.execute("SELECT code, name FROM point").fetchall())
    for each in owing.owed_returns(ledger, today):
        if each.state == "missing" and each.due <= horizon:
            yield Duty("return", each.due, each.period, None, each.point, names[each.point])
    for period in owing.periods_over(ledger, today):
        own = owing.return_of_station(ledger, today, period)
        if own.state == "missing" and own.due <= horizon:
            said = message("{period}, the station's own", period=own.period)
            yield Duty("return", own.due, own.period, said=said)


# Day, thing, number, point's code and name of each kind's duties.
_POINT_QUERIES = {
    # 三(五)3
    "visit": """
        SELECT :month_end, NULL, NULL, code, name FROM point
        WHERE since <= :today AND (retired IS NULL OR retired > :today) AND NOT EXISTS (
            SELECT 1 FROM record
            WHERE point_id = point.id AND day BETWEEN :month AND :today
              AND kind = 'visit' AND voided IS NULL)
        ORDER BY code""",
    # 三(五)1
    "officer": f"""
        SELECT NULL, NULL, NULL, code, name FROM point
        WHERE retired IS NULL AND {PRESENT_OFFICER} IS NULL ORDER BY code""",
}


# 三(三)6
_LARGE_AMOUNTS = f"""
    SELECT {_CASE} FROM {COMPLAINTS} JOIN point ON point.id = complaint.point_id
    WHERE received BETWEEN :quarter AND :today AND disputed >= :least
      AND voided IS NULL AND complaint.id NOT IN (
          SELECT complaint_id FROM record
          WHERE kind = 'major' AND voided IS NULL AND complaint_id IS NOT NULL)
    ORDER BY year, serial"""


def _point_duties(ledger: Ledger, today: date) -> Iterator[Duty]:
    month = parse_period(f"{today:%Y-%m}")
    values = {
        "today": today,
        "month": month.first,
        "month_end": month.last,
        "quarter": quarter_of(today).first,
        "least": int(settings(ledger)["major_amount"]) * 100,
    }
    for kind, query in _POINT_QUERIES.items():
        for due, *row in ledger.execute(query, values):
            yield Duty(kind, DAY.stored(due), *row)
    for row in ledger.execute(_LARGE_AMOUNTS, values):
        yield Duty("propose_major", None, *_what_and_where(ledger, row))


def _filing_duties(ledger: Ledger) -> Iterator[Duty]:
    """Yield the points to be filed: set up or changed since the ledger began, or no longer filed.

    三(五)7
    """
    lapsed = """
        EXISTS (SELECT 1 FROM change WHERE table_name = 'point' AND row_id = point.id
                AND json_extract(common, '$.filed[0]') IS NOT NULL)"""
    unfiled = "retired IS NULL AND filed IS NULL"
    to_file = {point.id for point in points(ledger, f"{unfiled} AND {lapsed}")}
    begun = first_day_of_ledger(ledger)
    for point in points(ledger, unfiled):
        if point.id in to_file or last_change(ledger, point) >= begun:
            yield Duty("file", None, None, None, point.code, point.name)


def _mend_duties(ledger: Ledger) -> Iterator[Duty]:
    """Yield the unmet conditions that no later inspection looked at again. 三(二)"""
    query = """
        SELECT item, met, lacking, remark, point.code, point.name
        FROM inspection AS found JOIN point ON point.id = point_id
        WHERE NOT met AND point.retired IS NULL AND NOT EXISTS (
            SELECT 1 FROM inspection AS later
            WHERE later.point_id = found.point_id AND later.item = found.item
              AND later.day > found.day)
        ORDER BY found.day, point.code, found.id"""
    for item, met, lacking, remark, point, name in ledger.execute(query):
        said = unmet_in_words(item, Checked(bool(met), lacking, remark))
        yield Duty("mend", None, item, None, point, name, said=said)


# Kind, due day, number, day and promising operator of each record, and its point's code and name.
_RECORD_QUERIES = (
    # Leads and major matters without a day of reporting: 三(三)5 and 6
    """
        SELECT kind, NULL, record.id, day, NULL, code, name
        FROM record JOIN point ON point.id = point_id
        WHERE kind IN ('lead', 'major') AND voided IS NULL AND reported IS NULL
        ORDER BY day, record.id""",
    # Promises in interviews that are not fulfilled: 三(五)2
    """
        SELECT 'undertaking', promised_by, record.id, day, respondent, code, name
        FROM record JOIN point ON point.id = point_id
        WHERE promised IS NOT NULL AND fulfilled IS NULL AND voided IS NULL
          AND (promised_by IS NULL OR promised_by <= :horizon)
        ORDER BY promised_by, record.id""",
)


def _record_duties(ledger: Ledger, horizon: date) -> Iterator[Duty]:
    rows = (row for each in _RECORD_QUERIES for row in ledger.execute(each, {"horizon": horizon}))
    for kind, due, record, day, whom, point, name in rows:
        about = {"id": record, "day": date.fromisoformat(day)}
        said = message("record {id} of {day}", **about)
        if whom:
            said = message("{respondent}: record {id} of {day}", respondent=whom, **about)
        yield Duty(kind, DAY.stored(due), str(record), None, point, name, said=said)


def _notice_duties(ledger: Ledger, today: date) -> Iterator[Duty]:
    for point, name, whom, numbers in propose_notices(ledger, quarter_of(today)):
        said = message("{respondent}: complaints {count}", respondent=whom, count=len(numbers))
        yield Duty("propose_notice", None, whom, None, point, name, said=said)


def _training_duties(ledger: Ledger, today: date) -> Iterator[Duty]:
    """Yield the liaisons without any training in the year. 三(五)5

    A point's training is that of its own liaison, where another point's has the same name.
    """
    query = """
        SELECT point.code, attended FROM record LEFT JOIN point ON point.id = record.point_id
        WHERE kind = 'training' AND voided IS NULL AND day BETWEEN ? AND ?"""
    owing = {(each.point, comparable_name(each.liaison)): each for each in liaisons(ledger, today)}
    trained = set[tuple[str | None, str]]()
    for point, names in ledger.execute(query, (date(today.year, 1, 1), today)):
        for name in map(comparable_name, names_in(names or "")):
            trained.add((point if (point, name) in owing else None, name))
    for (point, name), each in owing.items():
        if trained.isdisjoint({(point, name), (None, name)}):
            yield Duty("untrained", date(today.year, 12, 31), None, None, *each)


def _calendar_duties(calendar: Calendar, today: date) -> Iterator[Duty]:
    """Yield the coming days that differ from the plain week, a holiday's as one.

    Next year's notice is yielded too, if it should be known by now.
    """
    days = [today + timedelta(days=ahead) for ahead in range(1, _CALENDAR_DAYS + _LONGEST_HOLIDAY)]
    for special, run in groupby(days, calendar.special_day):
        first, *others = run
        if special and (first - today).days <= _CALENDAR_DAYS:
            if special.working:
                said = message("worked ({name})", name=special.holiday)
            elif others:
                said = message("off until {last} ({name})", last=others[-1], name=special.holiday)
            else:
                said = message("off ({name})", name=special.holiday)
            yield Duty("calendar", first, "worked" if special.working else "off", said=said)
    year = today.year + 1
    if today.month == _NOTICE_MONTH and year not in calendar.announced:
        asked = message("load the notice for {year}: `calendar load`", year=year)
        yield Duty("calendar", None, str(year), said=asked)
