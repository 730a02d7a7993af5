"""What a year's notice of holidays changes in the calendar, and taking it in. Domain 4"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from ledger12315.ledger.calendar import calendar_of, set_day
from ledger12315.ledger.store import Ledger
from ledger12315.rules.holidays import Announced, HolidayNotice
from ledger12315.rules.workdays import BY_WEEK, Calendar, Special, unnamed


class Taken(NamedTuple):
    """A notice's changes of the calendar: the `days` that it sets.

    `contradicted` are days that were known to be otherwise, `own` those that the station set
    itself otherwise, which hold for it. A year that still `lacks` holidays stays provisional.
    """

    days: Mapping[date, Announced]
    contradicted: list[date]
    own: list[date]
    lacks: list[str]


def taken(before: Calendar, notice: HolidayNotice) -> Taken:
    """Return what a year's notice would change in a calendar.

    If the notice names a holiday again, days that it no longer mentions are worked by the week
    again.
    """
    noticed = {day: each for day, each in before.special.items() if each.notice == notice.year}
    said = _taken_back(noticed, notice) | dict(notice.days)
    turned = sorted(day for day in said if before.working(day) != said[day].working)
    own = [day for day in turned if day in before.own]
    known = [day for day in turned if day in before.special or not before.provisional(day)]
    names = [each.holiday.zh for each in noticed.values()]
    names += [each.holiday for each in said.values()]
    return Taken(
        said,
        [day for day in known if day not in own],
        own,
        [] if notice.year in before.known else unnamed(names),
    )


def _taken_back(noticed: Mapping[date, Special], notice: HolidayNotice) -> dict[date, Announced]:
    """Return the days noticed before of the holidays that a notice names, as in any week."""
    renewed = [name for name in unnamed(()) if name not in notice.lacks]
    return {
        day: Announced(day.weekday() < 5, BY_WEEK)
        for day, each in noticed.items()
        if any(name in each.holiday.zh for name in renewed)
    }


def load(ledger: Ledger, notice: HolidayNotice) -> None:
    """Take in a year's notice. An amendment may name a single holiday."""
    for day, said in taken(calendar_of(ledger), notice).days.items():
        set_day(ledger, day, said.working, said.holiday, notice.year)
