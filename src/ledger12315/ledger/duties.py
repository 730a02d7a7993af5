"""All that a station owes, each with its day: what a morning begins with. Source: domain 4; 三(三)4, 三(四)2, 三(五)."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from ledger12315.errors import Message, message
from ledger12315.ledger import guidance as supervision
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints.overdue import overdue
from ledger12315.ledger.points import in_office
from ledger12315.ledger.returns import received as returns
from ledger12315.ledger.station import settings
from ledger12315.ledger.store import Ledger
from ledger12315.rules.periods import parse_period
from ledger12315.words import OWED

CALENDAR_DAYS, _LONGEST_HOLIDAY = 14, 14
_NOTICE_MONTH = 12
# Of what nobody ever wrote down there can be tens of thousands.
_TOLD_ONE_BY_ONE, COUNTED = 20, 1000


class Owed(NamedTuple):
    """What is owed, of a kind of OWED, by whom where it is a person's; `due` is None where no day is set, `many` counts them."""

    kind: str
    due: date | None
    what: Message | str | None = None
    number: str | None = None
    point: str | None = None
    point_name: str | None = None
    person: str | None = None
    many: int = 1


def duties(ledger: Ledger, today: date, within: int) -> list[Owed]:
    """What is late, or falls due by the end of the `within`-th 工作日, or has no day of its own; the most urgent first."""
    horizon = calendar_of(ledger).add(today, within)
    found = [
        *(
            Owed(
                "late" if each.due < today else "due",
                each.due,
                each.item,
                each.number,
                each.point,
                each.point_name,
            )
            for each in overdue(ledger, today, within)
        ),
        *_dated(ledger, horizon),
        *_undated(ledger),
        *_returns(ledger, today, horizon),
        *_supervision(ledger, today),
        *_calendar(ledger, today),
    ]
    places = list(OWED)
    return sorted(found, key=lambda each: (each.due or date.max, places.index(each.kind)))


_ROWS = "number, point.code AS point, point.name AS point_name, item FROM complaint JOIN point ON point.id = complaint.point_id"
# kind -> the day it counts from, and which complaints owe it: each is read by a partial index, however many are closed.
# The + keeps SQLite from the index of all that was ever escalated.
DATED = {
    "promised": (
        "promised",
        "closed IS NULL AND voided IS NULL AND answered IS NULL AND promised <= :last",
    ),
    "station_limit": ("escalated", "closed IS NULL AND voided IS NULL AND +escalated <= :last"),
    "perform": ("perform_by", "perform_by <= :last AND performed IS NULL AND voided IS NULL"),
}
UNDATED = {
    "tell": (
        "closed IS NOT NULL AND answered IS NULL AND (told IS NULL OR outcome <> 'advised') AND voided IS NULL"
        " AND outcome NOT IN ('withdrawn', 'unreachable')",
        _TOLD_ONE_BY_ONE,
    ),
    "archive": ("closed IS NOT NULL AND archive_no IS NULL AND voided IS NULL", 1),
}


def _dated(ledger: Ledger, horizon: date) -> Iterator[Owed]:
    for kind, (day, condition) in DATED.items():
        ahead = timedelta(
            days=int(settings(ledger)["station_limit"]) if kind == "station_limit" else 0
        )
        last = {"last": (horizon - ahead).isoformat()}
        for row in ledger.execute(f"SELECT {day} AS day, {_ROWS} WHERE {condition}", last):
            yield Owed(
                kind,
                date.fromisoformat(row["day"]) + ahead,
                row["item"],
                row["number"],
                row["point"],
                row["point_name"],
            )


def _undated(ledger: Ledger) -> Iterator[Owed]:
    """The oldest few of what may be very many, and how many more there are."""
    for kind, (condition, most) in UNDATED.items():
        for row in ledger.execute(f"SELECT {_ROWS} WHERE {condition} ORDER BY closed LIMIT {most}"):
            yield Owed(kind, None, row["item"], row["number"], row["point"], row["point_name"])
        rest = f"SELECT count(*) FROM (SELECT 1 FROM complaint WHERE {condition} LIMIT {most + COUNTED})"
        if (more := ledger.execute(rest).fetchone()[0] - most) > 0:
            yield Owed(
                kind, None, message("and later ones: {count}", count=counted(more)), many=more
            )


def counted(number: int) -> str:
    """A number that was counted no further than COUNTED."""
    return str(number) if number < COUNTED else f"{COUNTED}+"


def _returns(ledger: Ledger, today: date, horizon: date) -> Iterator[Owed]:
    names = dict(ledger.execute("SELECT code, name FROM point").fetchall())
    for each in returns.returns_owed(ledger, today):
        if each["state"] in ("missing", "late") and each["due"] <= horizon:
            yield Owed(
                "return", each["due"], each["period"], None, each["point"], names[each["point"]]
            )
    submitted = {
        row["period"]
        for row in ledger.execute("SELECT period FROM submission WHERE withdrawn IS NULL")
    }
    for period in returns.over(ledger, today):
        due = returns.dates(ledger, period).station
        if period.code not in submitted and due <= horizon:
            yield Owed("return", due, message("{period}, the station's own", period=period.code))


def _supervision(ledger: Ledger, today: date) -> Iterator[Owed]:
    month, quarter = parse_period(f"{today:%Y-%m}"), supervision.quarter_of(today)
    for each in supervision.visits_owed(ledger, month.first, today):
        yield Owed("visit", month.last, None, None, each["point"], each["point_name"])
    for each in supervision.unreported(ledger):
        what = message("record {id} of {day}", id=each["id"], day=each["on"])
        yield Owed(each["kind"], None, what, None, each["point"], each["point_name"])
    for each in supervision.majors_proposed(ledger, quarter.first, today):
        yield Owed(
            "propose_major", None, each["item"], each["number"], each["point"], each["point_name"]
        )
    for each in supervision.notices_proposed(ledger, quarter):
        what = message(
            "{respondent}: complaints {count}",
            respondent=each["respondent"],
            count=len(each["numbers"]),
        )
        yield Owed("propose_notice", None, what, None, each["point"], each["point_name"])
    for each in supervision.untrained(ledger, today.year, today):
        yield Owed(
            "untrained",
            date(today.year, 12, 31),
            None,
            None,
            each["point"],
            each["point_name"],
            each["liaison"],
        )
    for kind, lacking in {"officer": in_office("officer", "name"), "file": "filed"}.items():
        for row in ledger.execute(
            f"SELECT code, name FROM point WHERE retired IS NULL AND {lacking} IS NULL ORDER BY code"
        ):
            yield Owed(kind, None, None, None, row["code"], row["name"])


def _calendar(ledger: Ledger, today: date) -> Iterator[Owed]:
    """The coming days that differ from the plain week, a holiday's as one; a notice that should be known by now."""
    calendar = calendar_of(ledger)
    days = [today + timedelta(days=ahead) for ahead in range(1, CALENDAR_DAYS + _LONGEST_HOLIDAY)]
    for special, run in groupby(days, calendar.special_day):
        first, *others = run
        if special and (first - today).days <= CALENDAR_DAYS:
            if special.working:
                what = message("worked ({name})", name=special.holiday)
            elif others:
                what = message("off until {last} ({name})", last=others[-1], name=special.holiday)
            else:
                what = message("off ({name})", name=special.holiday)
            yield Owed("calendar", first, what)
    if today.month == _NOTICE_MONTH and today.year + 1 not in calendar.known:
        yield Owed(
            "calendar",
            None,
            message(
                "the notice for {year} is not known; load it: calendar load", year=today.year + 1
            ),
        )
