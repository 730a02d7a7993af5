"""All that a station owes, each with its day: what a morning begins with.

Domain 4; 三(三)4, 三(四)2, 三(五).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from ledger12315.boxes.point import wanting
from ledger12315.errors import Message, message
from ledger12315.ledger import guidance
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints.overdue import overdue
from ledger12315.ledger.points import in_office
from ledger12315.ledger.returns import owing
from ledger12315.ledger.station import begins, terms
from ledger12315.ledger.store import Ledger, single
from ledger12315.rules.clocks import CLOCKS
from ledger12315.rules.periods import parse_period
from ledger12315.rules.workdays import Calendar
from ledger12315.words import OWED, Word

_CALENDAR_DAYS, _LONGEST_HOLIDAY = 14, 14
_NOTICE_MONTH = 12
# Of what nobody ever wrote down there can be tens of thousands.
_TOLD_ONE_BY_ONE, _COUNTED, _ALL = 20, 1000, 10**9


class Owed(NamedTuple):
    """What is owed, by its kind of OWED; `person` is whose it is, if it is somebody's.

    `due` is None if no day is set; `many` is how many it stands for. `what` is the same in every
    language: goods, a period, a respondent, a record's number, or `worked` or `off` of a day;
    `said` says it to people, where that takes a sentence.
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


def duties(ledger: Ledger, today: date, within: int, kind: str | None = None) -> list[Owed]:
    """Return what is late, falls due by the end of the `within`-th 工作日, or has no day.

    The most urgent comes first. One `kind` is told whole, however many there are.
    """
    calendar = calendar_of(ledger)
    horizon = calendar.add(today, within)
    found = [
        *_pending(ledger, today, within),
        *_clocks(ledger, calendar, horizon, whole=kind),
        *_returns(ledger, today, horizon),
        *_guidance(ledger, today),
        *_lacking(ledger),
        *_calendar(calendar, today),
    ]
    places = list(OWED)
    found = [each for each in found if kind in (None, each.kind)]
    return sorted(found, key=lambda each: (each.due or date.max, places.index(each.kind)))


def _pending(ledger: Ledger, today: date, within: int) -> Iterator[Owed]:
    for each in overdue(ledger, today, within):
        kind = "late" if each.due < today else "due"
        yield Owed(kind, each.due, each.item, each.number, each.point, each.point_name)


_ROWS = """item, number, point.code, point.name
    FROM complaint JOIN point ON point.id = complaint.point_id"""
# How many are named of what nobody ever wrote down; of the others all are.
_NAMED = {"tell": _TOLD_ONE_BY_ONE, "archive": 1}
RUNNING = {clock.key: clock for clock in CLOCKS if clock.key != "point"}
"""The clocks besides the point's, by what is owed."""


def _clocks(
    ledger: Ledger, calendar: Calendar, horizon: date, whole: str | None
) -> Iterator[Owed]:
    """Yield what is up by a day, or has no day.

    Of what may be very many the oldest few, and how many more there are; of the kind `whole` all.
    """
    known, values = terms(ledger), {"last": horizon, "begins": begins(ledger)}
    for kind, clock in RUNNING.items():
        most = _NAMED.get(kind, -1) if kind != whole else _ALL
        owed = f"{clock.owed} AND {clock.starts} >= :begins" if kind in _NAMED else clock.owed
        query = f"""
            SELECT {clock.starts}, {_ROWS} WHERE {owed}
            ORDER BY {clock.starts} LIMIT {most}"""
        rows = [
            (known.up(clock, date.fromisoformat(day), calendar), row)
            for day, *row in ledger.execute(query, values)
        ]
        yield from (Owed(kind, due, *row) for due, row in rows if not due or due <= horizon)
        if len(rows) == most:
            some = f"SELECT 1 FROM complaint WHERE {owed} LIMIT {most + _COUNTED}"
            query = f"SELECT count(*) FROM ({some})"
            more = single(ledger, query, values) - most
            if more > 0:
                later = message("and later ones: {count}", count=counted(more))
                yield Owed(kind, None, many=more, said=later)


def counted(number: int) -> str:
    """Return a number as text; beyond 1,000 nobody counted on."""
    return str(number) if number < _COUNTED else f"{_COUNTED}+"


def _returns(ledger: Ledger, today: date, horizon: date) -> Iterator[Owed]:
    names = dict(ledger.execute("SELECT code, name FROM point").fetchall())
    for each in owing.returns_owed(ledger, today):
        if each.state == "missing" and each.due <= horizon:
            yield Owed("return", each.due, each.period, None, each.point, names[each.point])
    query = "SELECT period FROM submission WHERE withdrawn IS NULL"
    submitted = {period for (period,) in ledger.execute(query)}
    for period in owing.over(ledger, today):
        due = owing.dates(ledger, period).station
        if period.code not in submitted and due <= horizon:
            own = message("{period}, the station's own", period=period.code)
            yield Owed("return", due, period.code, said=own)


def _guidance(ledger: Ledger, today: date) -> Iterator[Owed]:
    month, quarter = parse_period(f"{today:%Y-%m}"), guidance.quarter_of(today)
    for visit in guidance.visits_owed(ledger, month, today):
        yield Owed("visit", month.last, None, None, *visit)
    for each in guidance.wanted(ledger):
        said = wanting(each.item, each.found)
        yield Owed("mend", None, each.item, None, each.point, each.point_name, said=said)
    for record in guidance.unreported(ledger):
        told = message("record {id} of {day}", id=record.id, day=record.on)
        place = record.point, record.point_name
        yield Owed(record.kind, None, str(record.id), None, *place, said=told)
    for major in guidance.majors_proposed(ledger, quarter.first, today):
        yield Owed("propose_major", None, major.item, major.number, major.point, major.point_name)
    for notice in guidance.notices_proposed(ledger, quarter):
        whom = notice.respondent
        told = message(
            "{respondent}: complaints {count}", respondent=whom, count=len(notice.numbers)
        )
        place = notice.point, notice.point_name
        yield Owed("propose_notice", None, whom, None, *place, said=told)
    for liaison in guidance.untrained(ledger, today.year, today):
        yield Owed("untrained", date(today.year, 12, 31), None, None, *liaison)


def _lacking(ledger: Ledger) -> Iterator[Owed]:
    """Yield the points without an officer, and those that were not filed."""
    for kind, lacking in {"officer": in_office("officer", "name"), "file": "filed"}.items():
        query = f"""
            SELECT code, name FROM point
            WHERE retired IS NULL AND {lacking} IS NULL ORDER BY code"""
        for point in ledger.execute(query):
            yield Owed(kind, None, None, None, *point)


def _calendar(calendar: Calendar, today: date) -> Iterator[Owed]:
    """Yield the coming days that differ from the plain week, those of a holiday as one.

    So is a notice that should be known by now.
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
            yield Owed("calendar", first, "worked" if special.working else "off", said=said)
    year = today.year + 1
    if today.month == _NOTICE_MONTH and year not in calendar.known:
        asked = message("the notice for {year} is not known; load it: calendar load", year=year)
        yield Owed("calendar", None, str(year), said=asked)
