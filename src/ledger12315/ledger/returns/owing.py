"""Returns due: from whom, and by which day. Source: 三(五)7."""

from datetime import date
from typing import NamedTuple

from ledger12315.boxes.kinds import DAY
from ledger12315.errors import Refused
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.points import Point, points
from ledger12315.ledger.settings import first_day_of_ledger, settings
from ledger12315.ledger.store import Ledger, single
from ledger12315.rules.events import EVENTS
from ledger12315.rules.periods import Period, ReturnDates, parse_period, return_dates

_QUARTERS_BACK = 5


class OwedReturn(NamedTuple):
    """A point's return of a period, one of RETURN_STATES, and its day of arrival `on`.

    It is `late` if it arrived after the point's day `due`, or that day is over and it is missing.
    """

    point: str
    period: str
    state: str
    late: bool
    on: date | None
    nominal: date
    due: date


class OwnReturn(NamedTuple):
    """The station's return of a period; once submitted it counts as received `on` that day.

    If the nominal date is a day off, `before` and `after` are the working days next to it.
    """

    period: str
    state: str
    late: bool
    on: date | None
    due: date
    nominal: date
    before: date | None
    after: date | None


def due_dates_of_return(ledger: Ledger, period: Period) -> ReturnDates:
    """Return the due dates of a return, by the State Council's calendar.

    The settings are those of the day on which the period closes. Raises Refused for a period
    without a return.
    """
    if not period.owes_return:
        raise Refused(
            "No return is due for {period}: returns are due only for quarters and the annual "
            "report.",
            period=period.code,
        )
    chosen = settings(ledger, period.closes)
    leads = int(chosen["station_lead"]), int(chosen["point_lead"])
    return return_dates(period, calendar_of(ledger).national, chosen["return_day_off"], *leads)


def owed_returns(ledger: Ledger, today: date, period: Period | None = None) -> list[OwedReturn]:
    """Return each point's return for the period, or for the last periods that are over.

    Points owe quarters; the annual return is the station's alone.
    """
    owing = EVENTS["owing"]
    query = f"""
        SELECT DISTINCT point.code, point_return.state, point_return.day FROM {owing.source}
        WHERE {owing.when[0]} ORDER BY point.code"""
    found = []
    for each in periods_over(ledger, today) if period is None else [period]:
        when = due_dates_of_return(ledger, each)
        values = _owing_values(ledger, each, date.max)
        owed = each.is_quarter and each.last < today
        for code, state, day in ledger.execute(query, values) if owed else ():
            on = DAY.stored(day)
            late = (on or today) > when.point
            row = code, each.code, state or "missing", late, on, when.nominal, when.point
            found.append(OwedReturn(*row))
    return found


def periods_over(ledger: Ledger, today: date) -> list[Period]:
    """Return the last five quarters that are over, and the annual periods that ended with them.

    Those that ended before the ledger begins are left out.
    """
    annual = settings(ledger)["annual_period"]
    years, parts = range(today.year - 2, today.year + 1), ("Q1", "Q2", "Q3", "A", "Q4")
    every = (parse_period(f"{year}{part}", annual) for year in years for part in parts)
    ended = [each for each in every if each.closes < today]
    oldest = [each for each in ended if each.is_quarter][-_QUARTERS_BACK]
    first = max(oldest.last, first_day_of_ledger(ledger))
    return [each for each in ended if each.last >= first]


def demand_begun(ledger: Ledger, period: Period) -> None:
    """Raise Refused if the period is over before the ledger begins."""
    if period.last < (begun := first_day_of_ledger(ledger)):
        raise Refused(
            "No return is due for {period}: the ledger begins on {day}. If it really began "
            "earlier, set that day: `settings set begins DATE`",
            period=period.code,
            day=begun,
        )


def day_of_arrival(ledger: Ledger, point: Point, period: Period) -> date | None:
    """Return the day on which a point's return of a period arrived, if it did."""
    query = "SELECT day FROM point_return WHERE point_id = ? AND period = ?"
    day: date | None = DAY.stored(single(ledger, query, (point.id, period.code)))
    return day


def late_points(ledger: Ledger, period: Period, upto: date = date.max) -> list[Point]:
    """Return the points that owe a return and sent it after its due day, by `upto`."""
    owing = EVENTS["owing"]
    late = f"""
        id IN (SELECT point.id FROM {owing.source}
               WHERE {owing.when[0]} AND point_return.day > :due)"""
    values = _owing_values(ledger, period, upto)
    return points(ledger, late, {**values, "due": due_dates_of_return(ledger, period).point})


def _owing_values(ledger: Ledger, period: Period, upto: date) -> dict[str, object]:
    """Return the values for the event `owing`, with the returns that came by `upto`."""
    begun = first_day_of_ledger(ledger)
    days = {"first": period.first, "last": period.last, "as_of": upto}
    return {**days, "period": period.code, "begins": begun}


def submitted_periods(ledger: Ledger) -> list[str]:
    """Return the codes of the periods with a valid return, the oldest first."""
    query = "SELECT period FROM submission WHERE withdrawn IS NULL ORDER BY last, first DESC"
    return [code for (code,) in ledger.execute(query)]


def return_of_station(ledger: Ledger, today: date, period: Period) -> OwnReturn:
    """Return the station's own return of a period."""
    when, calendar = due_dates_of_return(ledger, period), calendar_of(ledger).national
    query = "SELECT day FROM submission WHERE withdrawn IS NULL AND period = ?"
    on: date | None = DAY.stored(single(ledger, query, (period.code,)))
    state, late = "received" if on else "missing", (on or today) > when.station
    off = not calendar.working(when.nominal)
    around = [calendar.add(when.nominal, step) if off else None for step in (-1, 1)]
    return OwnReturn(period.code, state, late, on, when.station, when.nominal, *around)
