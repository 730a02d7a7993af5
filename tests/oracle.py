"""The figures of Attachments 3 and 6, counted from plain lists without the program's code.

Days are texts, which sort as days do; amounts are in 分.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import chinese_calendar

Row = dict[str, Any]
Figures = dict[str, dict[str, int]]
TYPES = ("mall", "supermarket", "market", "enterprise", "scenic", "other")
COLUMNS = ("total", *TYPES)
ONE_DAY = timedelta(days=1)
NEVER = "9999-12-31"
# Rows 01 to 26 of Attachment 3, and what Attachment 6 adds.
_ROWS = """
    inquiries open_start received received_direct received_referred received_other received_goods
    received_service received_other_kind closed settled advised mediation_closed mediated
    closed_other withdrawn open_end overdue_end closed_on_time escalated disputed recovered rated
    satisfied leads major_matters"""
_MORE = """
    points_start points_new points_retired points_end type_changes demo_provincial demo_municipal
    liaisons visits meetings trainings notices interviews returns_due returns_made
    recovered_unstated"""
ROWS, MORE = _ROWS.split(), _MORE.split()


@dataclass
class Station:
    """The events of a station: points by code, complaints, records, and the days of returns."""

    points: dict[str, Row] = field(default_factory=dict)
    complaints: list[Row] = field(default_factory=list)
    records: list[Row] = field(default_factory=list)
    returned: dict[tuple[str, str], str] = field(default_factory=dict)
    local: dict[date, bool] = field(default_factory=dict)
    begins: str = ""
    """The day before which nothing is owed."""

    def only(self, code: str) -> "Station":
        """Return the events at one point."""
        return Station(
            {code: self.points[code]},
            [row for row in self.complaints if row["point"] == code],
            [row for row in self.records if row["point"] == code],
            {key: day for key, day in self.returned.items() if key[0] == code},
            self.local,
            self.begins,
        )


_POINTS = """
    SELECT code, since, retired,
        (SELECT json_group_array(json_array(since, type)) FROM point_type
         WHERE point_id = point.id AND (since IS NOT until OR since = point.since)) AS types,
        (SELECT json_group_array(json_object('role', role, 'since', since, 'until', until))
         FROM contact WHERE point_id = point.id) AS people,
        (SELECT json_group_array(json_array(day, level)) FROM (
            SELECT point_id, since AS day, level FROM demonstration WHERE since IS NOT until
            UNION ALL
            SELECT point_id, until, '' FROM demonstration WHERE since < until)
         WHERE point_id = point.id) AS levels
    FROM point"""
_ROWS_OF = "SELECT *, (SELECT code FROM point WHERE point.id = point_id) AS point FROM "


def station_of(query: Callable[[str], Iterable[Any]]) -> Station:
    """Return a station from a ledger's rows; `query` reads them."""
    complaints, records, returns = (
        [dict(row) for row in query(_ROWS_OF + table)]
        for table in ("complaint", "record", "point_return")
    )
    found = Station({}, complaints, [row | {"on": row["day"]} for row in records])
    found.returned = {(row["point"], row["period"]): row["day"] for row in returns}
    for code, since, retired, *lists in query(_POINTS):
        types, people, levels = map(json.loads, lists)
        point = {"since": since, "retired": retired, "types": sorted(types)}
        found.points[code] = point | {"people": people, "levels": levels}
    return found


_works = cache(chinese_calendar.is_workday)


def worked(station: Station, day: date) -> bool:
    return station.local.get(day, bool(_works(day)))


def working_days(station: Station, after: str, upto: str) -> int:
    """Return the number of working days after `after`, up to and including `upto`."""
    count, day = 0, date.fromisoformat(after) + ONE_DAY
    while day <= date.fromisoformat(upto):
        count += worked(station, day)
        day += ONE_DAY
    return count


def due(station: Station, received: str) -> str:
    """Return the fifth working day after receipt. 三(三)4"""
    day, counted = date.fromisoformat(received), 0
    while counted < 5:
        day += ONE_DAY
        counted += worked(station, day)
    return str(day)


def ended(row: Row) -> str:
    """Return the day that ends the point's limit: of closing or escalation."""
    return min(row["closed"] or NEVER, row["escalated"] or NEVER)


def on_time(station: Station, row: Row) -> bool:
    return bool(row["closed"]) and ended(row) <= due(station, row["received"])


def overdue(station: Station, row: Row, day: str) -> bool:
    """Return whether a complaint is open, not escalated and past its due date on a day."""
    limit = due(station, row["received"])
    return not row["voided"] and row["received"] <= limit < day < ended(row)


def latest(spells: Iterable[tuple[str, str]], day: str) -> str | None:
    """Return the value that is valid on a day, of several with their first days."""
    return max(((since, what) for since, what in spells if since <= day), default=("", None))[1]


def type_on(point: Row, day: str) -> str:
    """Return the type of a point on a day; before its set-up the first."""
    first: str = point["types"][0][1]
    return latest(point["types"], day) or first


def stands(point: Row, day: str) -> bool:
    return bool(point["since"] <= day < (point["retired"] or NEVER))


def stood(point: Row, first: str, last: str) -> bool:
    """Return whether a point existed for at least one day."""
    gone = point["retired"] or NEVER
    return bool(max(point["since"], first) <= last and first < gone and point["since"] < gone)


def level_on(point: Row, day: str) -> str:
    """Return the demonstration level: `none` if the point does not exist, '' in `levels`."""
    return latest(point["levels"], day) or "none" if stands(point, day) else "none"


def held(point: Row, role: str, day: str) -> list[Row]:
    """Return the liaisons or officers on a day, in order of their first days."""
    there = [row for row in point["people"] if row["role"] == role and row["since"] <= day]
    staying = [row for row in there if day < (row["until"] or NEVER)]
    return sorted(staying, key=lambda row: str(row["since"]))


_PLURALS = {"inquiry": "inquiries", "major": "major_matters"}


# 三(五)6: numerator, denominator, target, enough cases.
RATES = {
    "和解息诉率": (("settled", "mediated", "withdrawn"), "closed", 90, 10),
    "调解成功率": (("mediated",), "mediation_closed", 90, 10),
    "消费者满意率": (("satisfied",), "rated", 98, 50),
    "按时办结率": (("closed_on_time",), "closed", 0, 0),
}


def rate(figures: Figures, column: str, name: str) -> tuple[int, int]:
    """Return (numerator, denominator)."""
    numerator, denominator, _, _ = RATES[name]
    return sum(figures[key][column] for key in numerator), figures[denominator][column]


def percent(numerator: int, denominator: int) -> str:
    """Return a rate in percent, rounded half up as on paper."""
    if not denominator:
        return "—"
    return f"{(Decimal(100 * numerator) / denominator).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def counted(station: Station, code: str, first: str, last: str, as_of: str = "") -> Figures:
    """Return every figure of the period `code`, by key and column, up to the day `as_of`."""
    sums, last = Counter[tuple[str, str]](), as_of or last
    for row in station.complaints:
        if not row["voided"]:
            type_ = type_on(station.points[row["point"]], row["received"])
            for key, figure in _of_complaint(station, row, first, last).items():
                sums[key, type_] += figure
    for row in station.records:
        if not row["voided"] and first <= row["on"] <= last:
            point = station.points.get(row["point"])
            type_ = type_on(point, row["on"]) if point else "other"
            sums[_PLURALS.get(row["kind"], f"{row['kind']}s"), type_] += row["count"]
    for place, point in station.points.items():
        for key, type_, figure in _of_point(point, first, last):
            sums[key, type_] += figure
        for quarter, begun, ended in _reported(code, first, last):
            returned = station.returned.get((place, quarter), NEVER) <= (as_of or "9999")
            owed, now = stood(point, begun, ended), type_on(point, ended)
            owed &= ended >= station.begins
            sums["returns_due", now] += owed
            sums["returns_made", now] += owed and returned
    found = {
        key: {"total": sum(sums[key, type_] for type_ in TYPES)}
        | {type_: sums[key, type_] for type_ in TYPES}
        for key in (*ROWS, *MORE)
    }
    # A change of type is new in one row and retired in another, and neither in the total.
    for key in ("points_new", "points_retired"):
        found[key]["total"] -= found["type_changes"]["total"]
    return found


# Of each kind one category.
CATEGORIES = {"food": "goods", "living": "service", "other": "other"}


def _of_complaint(station: Station, row: Row, first: str, last: str) -> dict[str, int]:
    closed, outcome = row["closed"] or NEVER, row["outcome"] or ""
    kind, paid = row["kind"] or CATEGORIES[row["category"]], row["purchase"] or 0
    came, done = first <= row["received"] <= last, first <= closed <= last
    return {
        "open_start": row["received"] < first <= closed,
        "received": came,
        f"received_{row['source']}": came,
        "received_other_kind" if kind == "other" else f"received_{kind}": came,
        "closed": done,
        outcome: done,
        "mediation_closed": done and outcome.startswith("mediat"),
        "closed_other": done and outcome in ("withdrawn", "unreachable", "other"),
        "open_end": row["received"] <= last < closed,
        "overdue_end": overdue(station, row, last),
        "closed_on_time": done and on_time(station, row),
        "escalated": first <= (row["escalated"] or NEVER) <= last,
        "disputed": came * (paid if row["disputed"] is None else row["disputed"]),
        "recovered": done * (row["recovered"] or 0),
        "recovered_unstated": done and row["recovered"] is None,
        "rated": done and bool(row["rating"]),
        "satisfied": done and row["rating"] in ("satisfied", "basic"),
    }


def _reported(code: str, first: str, last: str) -> Iterable[tuple[str, str, str]]:
    """Yield the quarters whose point returns a return counts: in a year those that end in it."""
    if len(code) != 4 and not code.endswith("A"):
        yield code, first, last
        return
    for year in range(int(code[:4]) - 1, int(code[:4]) + 1):
        for number, days in enumerate(
            ("01-01 03-31", "04-01 06-30", "07-01 09-30", "10-01 12-31")
        ):
            begun, ended = (f"{year}-{day}" for day in days.split())
            if first <= ended <= last:
                yield f"{year}Q{number + 1}", begun, ended


def _of_point(point: Row, first: str, last: str) -> Iterable[tuple[str, str, int]]:
    before, now = str(date.fromisoformat(first) - ONE_DAY), type_on(point, last)
    there, retired = stands(point, last), point["retired"] or NEVER
    yield "points_start", type_on(point, before), stands(point, before)
    yield "points_end", now, there
    yield "points_new", type_on(point, point["since"]), first <= point["since"] <= last
    yield "points_retired", type_on(point, retired), first <= retired <= last
    yield "liaisons", now, there and len(held(point, "liaison", last))
    yield f"demo_{level_on(point, last)}", now, there
    for (_, was), (since, becomes) in zip(point["types"], point["types"][1:], strict=False):
        for key, type_ in (("retired", was), ("new", becomes)):
            yield f"points_{key}", type_, first <= since <= last
        yield "type_changes", becomes, first <= since <= last
