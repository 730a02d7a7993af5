"""Points' returns: who owes one, and taking in what a point sent. Source: 三(五)7, domain 4 and 5."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from ledger12315.boxes import reading
from ledger12315.boxes.reading import Misread, yuan
from ledger12315.errors import Message, Refused, Unacceptable, message
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.figures import Scope, cases, figures
from ledger12315.ledger.points import Point
from ledger12315.ledger.station import settings
from ledger12315.ledger.store import Ledger, insert, update
from ledger12315.rules.measures import (
    ATTACHMENT3,
    DIRECTORY,
    EVENTS,
    MEASURES,
    TOTAL,
    Measure,
    breaches,
    in_words,
    with_totals,
)
from ledger12315.rules.periods import Period, ReturnDates, parse_period, return_dates
from ledger12315.rules.workdays import ONE_DAY
from ledger12315.words import CASES, TYPES

_QUARTERS_BACK = 5
_CASES_SHOWN = 20


class StatedCell(NamedTuple):
    """A value of somebody's Attachment 3: the code or key of its measure, its text, and where it stands."""

    code: str
    text: str
    place: str


class Stated(NamedTuple):
    """What somebody's Attachment 3 says: money in 分; and where."""

    figure: int
    place: str


def dates(ledger: Ledger, period: Period) -> ReturnDates:
    """When a return is owed, by the station's settings and calendar. Raises Refused for a period that has none."""
    if not period.owes_return:
        raise Refused(
            "No return is owed for {period}; one is for each quarter and for the year's own report.",
            period=period.code,
        )
    chosen = settings(ledger)
    leads = int(chosen["station_lead"]), int(chosen["point_lead"])
    return return_dates(period, calendar_of(ledger), chosen["return_day_off"], *leads)


def returns_owed(ledger: Ledger, today: date, period: Period | None = None) -> list[dict[str, Any]]:
    """What each point owes for the period, or for the last ones that are over; `due` is the point's date."""
    query = f"""
        SELECT DISTINCT point.code, point_return.state FROM {EVENTS["owing"].source}
        LEFT JOIN point_return ON point_return.point_id = point.id AND point_return.period = :period
        WHERE {EVENTS["owing"].when[0]} ORDER BY point.code"""
    found = []
    for each in over(ledger, today) if period is None else [period]:
        when = dates(ledger, each)
        unsent = "late" if today > when.point else "missing"
        values = {
            "period": each.code,
            "first": each.first.isoformat(),
            "last": each.last.isoformat(),
        }
        for code, state in ledger.execute(query, values) if each.last < today else ():
            found.append(
                {
                    "point": code,
                    "period": each.code,
                    "state": state or unsent,
                    "nominal": when.nominal,
                    "due": when.point,
                }
            )
    return found


def over(ledger: Ledger, today: date) -> list[Period]:
    """The last quarters that are over, and annual returns among them, from the first complaint or record on, or the first act."""
    begun = ledger.execute("""
        SELECT coalesce(min(day), (SELECT substr(min(at), 1, 10) FROM act))
        FROM (SELECT min(received) AS day FROM complaint UNION ALL SELECT min(day) FROM record)""")
    first_day, annual = begun.fetchone()[0], settings(ledger)["annual_period"]
    codes = (
        f"{year}{part}"
        for year in range(today.year - 2, today.year + 1)
        for part in ("Q1", "Q2", "Q3", "A", "Q4")
    )
    periods = [each for each in (parse_period(code, annual) for code in codes) if each.last < today]
    oldest = [each for each in periods if "Q" in each.code][-_QUARTERS_BACK]
    return [
        each for each in periods if each.last >= oldest.last and each.last.isoformat() >= first_day
    ]


def station_owes(ledger: Ledger, today: date, period: Period) -> dict[str, Any]:
    """The station's own return, received once submitted; the last working day `before` the nominal date, the first `after` it."""
    when, calendar = dates(ledger, period), calendar_of(ledger)
    submitted = ledger.execute(
        "SELECT day FROM submission WHERE period = ? AND withdrawn IS NULL", (period.code,)
    ).fetchone()
    state = "received" if submitted else "late" if today > when.station else "missing"
    around = {"before": calendar.add(when.nominal, -1), "after": calendar.add(when.nominal, 1)}
    return {
        "period": period.code,
        "state": state,
        "due": when.station,
        "nominal": when.nominal,
        **around,
    }


def read_stated(cells: Iterable[StatedCell], file: Path) -> dict[str, Stated]:
    """The file's Attachment 3 by key. Raises Unacceptable with every problem and its place."""
    known = {name: measure for measure in ATTACHMENT3 for name in (measure.code, measure.key)}
    found: dict[str, Stated] = {}
    problems = []
    for cell in cells:
        measure = known.get(cell.code)
        if measure is None:
            problems.append(
                message(
                    "{place}: {code} is no code of Attachment 3", place=cell.place, code=cell.code
                )
            )
        elif measure.key in found:
            problems.append(
                message("{place}: {code} stands there twice", place=cell.place, code=measure.label)
            )
        else:
            try:
                read = reading.money if measure.money else reading.stalls
                found[measure.key] = Stated(int(str(read(cell.text, date.min))), cell.place)
            except Misread as wrong:
                found[measure.key] = Stated(0, cell.place)
                problems.append(
                    message(
                        "{place}, {measure}: {problem}",
                        place=cell.place,
                        measure=measure.label,
                        problem=wrong.message,
                    )
                )
    if missing := [measure.label for measure in ATTACHMENT3 if measure.key not in found]:
        problems.append(message("missing: {measures}", measures=missing))
    if problems:
        raise Unacceptable("{file} is no complete Attachment 3.", *problems, file=file)
    return found


def receive(
    ledger: Ledger,
    scope: Scope,
    state: str,
    day: str,
    today: date,
    told: Mapping[str, Stated] | None = None,
) -> list[str]:
    """Record what a point sent; gives the numbers of its complaints, which totals set aside.

    Raises Refused where a nil return has entries, or what is `told` is not as the ledger has it; Unacceptable where totals do not
    balance.
    """
    point, period = _owing(ledger, scope, day, today), scope.period.code
    row = {"point_id": point.id, "period": period, "day": day, "state": state, "totals": None}
    known = ledger.execute(
        "SELECT id FROM point_return WHERE point_id = ? AND period = ?", (point.id, period)
    ).fetchone()
    row_id = known["id"] if known else insert(ledger, "point_return", row)
    if known:
        update(ledger, "point_return", row_id, row)
    numbers = [
        case["number"]
        for key in ("open_start", "received")
        for case in cases(ledger, scope, key)[1]
        if case["number"]
    ]
    if state == "nil":
        _demand_nil(ledger, scope, numbers)
    elif told and state == "totals":
        update(ledger, "point_return", row_id, {"totals": json.dumps(_balanced(told))})
    elif told and (found := list(_differences(ledger, scope, told))):
        raise Refused(
            "The return of {point} for {period} is not as the ledger has it; nothing was recorded.",
            *found,
            point=point.name,
            period=period,
        )
    return numbers


def _owing(ledger: Ledger, scope: Scope, day: str, today: date) -> Point:
    period, point = scope.period, scope.point
    assert point  # noqa: S101 a return is a point's
    owing = [row["point"] for row in returns_owed(ledger, today, period)]
    if period.last >= today or day <= period.last.isoformat():
        raise Refused(
            "{period} is over only after {last}; no return can come before.",
            period=period.code,
            last=period.last,
        )
    if point.code not in owing:
        raise Refused(
            "{point} was no service point in {period} and owes no return.",
            point=point.name,
            period=period.code,
        )
    return point


def _demand_nil(ledger: Ledger, scope: Scope, numbers: list[str]) -> None:
    found = figures(ledger, scope)
    if entries := [
        _shown(measure, found[measure.key][TOTAL])
        for measure in ATTACHMENT3
        if found[measure.key][TOTAL]
    ]:
        raise Refused(
            "{point} has entries for {period}, so its return is not nil: {figures}.",
            *([message("Complaints: {numbers}", numbers=numbers)] if numbers else []),
            point=scope.point.name if scope.point else "",
            period=scope.period.code,
            figures=entries,
        )


def _shown(measure: Measure, figure: int) -> Message:
    return message(
        "{measure}: {figure}",
        measure=measure.label,
        figure=yuan(figure) if measure.money else figure,
    )


def _differences(ledger: Ledger, scope: Scope, told: Mapping[str, Stated]) -> Iterator[Message]:
    """Each figure that is another in the ledger, with what makes it up there."""
    found = figures(ledger, scope)
    for measure in ATTACHMENT3:
        there, place = told[measure.key]
        here = found[measure.key][TOTAL]
        if there != here:
            behind = [
                case["number"] or named(case["kind"], case["received"])
                for case in cases(ledger, scope, measure.key)[1]
            ]
            yield message(
                "{place} {figure}, in the ledger {here}: {cases}",
                place=place,
                figure=_shown(measure, there),
                here=yuan(here) if measure.money else here,
                cases=[*behind[:_CASES_SHOWN], *(["…"] if len(behind) > _CASES_SHOWN else [])]
                or message("nothing"),
            )


def named(kind: str, day: str) -> Message:
    """A case of Attachment 3 that is no complaint, and so has no number."""
    return message("{kind} of {day}", kind=CASES[kind], day=day)


def _balanced(told: Mapping[str, Stated]) -> dict[str, int]:
    """The figures as they are stored. Raises Unacceptable where a control of domain 5.1 does not hold."""
    totals = {key: each.figure for key, each in told.items()}
    alone = {
        each.key: dict.fromkeys(TYPES, 0) | {"other": totals.get(each.key, 0)}
        for each in (*ATTACHMENT3, *DIRECTORY)
    }
    if broken := [
        in_words(control) for column, control in breaches(with_totals(alone)) if column == TOTAL
    ]:
        raise Unacceptable(
            "The totals do not balance: {controls}. Nothing was recorded.", controls=broken
        )
    return totals


def quarter_before(period: Period) -> Period:
    """The quarter that ended before the period began."""
    before = period.first - ONE_DAY
    return parse_period(f"{before.year}Q{(before.month + 2) // 3}")


def untied(ledger: Ledger, scope: Scope) -> Message | None:
    """Where 02 is not 17 of the quarter before: only totals bring that about."""
    before = quarter_before(scope.period)
    end, opening = (
        figures(ledger, Scope(before, None, scope.point))["open_end"],
        figures(ledger, scope)["open_start"],
    )
    if end[TOTAL] == opening[TOTAL]:
        return None
    return message(
        "{opened} of {period}: {opening}; {ended} of {before}: {end}",
        opened=MEASURES["open_start"].label,
        ended=MEASURES["open_end"].label,
        period=scope.period.code,
        opening=opening[TOTAL],
        before=before.code,
        end=end[TOTAL],
    )
