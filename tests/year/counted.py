"""Every figure of a station counted by going through its lists, from the words of the plan and of docs/figures.md."""

from collections import Counter
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import chinese_calendar

from tests.year.station import ONE_DAY, Row, Station, held

TYPES = ("mall", "supermarket", "market", "enterprise", "scenic", "other")
COLUMNS = ("total", *TYPES)
PERIODS = {
    "2025Q1": (date(2025, 1, 1), date(2025, 3, 31)),
    "2025Q2": (date(2025, 4, 1), date(2025, 6, 30)),
    "2025Q3": (date(2025, 7, 1), date(2025, 9, 30)),
    "2025Q4": (date(2025, 10, 1), date(2025, 12, 31)),
    "2025": (date(2025, 1, 1), date(2025, 12, 31)),
    "2025A": (date(2024, 12, 1), date(2025, 11, 30)),
}
NEVER = "9999-12-31"
Figures = dict[str, dict[str, int]]

_worked = cache(chinese_calendar.is_workday)


def worked(station: Station, day: date) -> bool:
    return station.local.get(day, bool(_worked(day)))


def working_days(station: Station, after: str, upto: str) -> int:
    """Of the days later than `after`, up to `upto` and with it."""
    count, day = 0, date.fromisoformat(after) + ONE_DAY
    while day <= date.fromisoformat(upto):
        count += worked(station, day)
        day += ONE_DAY
    return count


def due(station: Station, received: str) -> str:
    """The fifth working day after it."""
    day, counted = date.fromisoformat(received), 0
    while counted < 5:
        day += ONE_DAY
        counted += worked(station, day)
    return str(day)


def on_time(station: Station, row: Row) -> bool:
    return bool(row["closed"]) and min(row["closed"], row["escalated"] or NEVER) <= due(
        station, row["received"]
    )


def type_on(point: Row, day: str) -> str:
    """Its type on a day; before it was set up its first, after it was retired its last."""
    found = point["types"][0][1]
    for since, type_ in sorted(point["types"]):
        if since <= day:
            found = type_
    return str(found)


def stands(point: Row, day: str) -> bool:
    return bool(point["since"] <= day < (point["retired"] or NEVER))


def stood(point: Row, first: date, last: date) -> bool:
    """For at least a day."""
    return any(
        stands(point, str(first + timedelta(days=n))) for n in range((last - first).days + 1)
    )


def level_on(point: Row, day: str) -> tuple[str, str]:
    """(level, since when); none, where it has none or does not stand any more."""
    found = ("none", "")
    for since, level in point["levels"]:
        if since <= day:
            found = (level, since if level != "none" else "")
    return found if stands(point, day) else ("none", "")


def attachment3(station: Station, first: date, last: date, code: str | None = None) -> Figures:
    """Rows 01 to 26 by column, of one point or of all; money in 分."""
    sums = Counter[tuple[str, str]]()
    begins, ends = str(first), str(last)
    for row in station.complaints:
        if not row["voided"] and code in (None, row["point"]):
            type_ = type_on(station.points[row["point"]], row["received"])
            for key, figure in _complaint(station, row, begins, ends).items():
                sums[key, type_] += figure
    for row in station.records:
        counts = {"inquiry": "01", "lead": "25", "major": "26"}.get(row["kind"])
        if (
            counts
            and not row["voided"]
            and code in (None, row["point"])
            and begins <= row["on"] <= ends
        ):
            sums[counts, type_on(station.points[row["point"]], row["on"])] += row["count"]
    keys = [f"{number:02}" for number in range(1, 27)]
    return {key: _with_total({type_: sums[key, type_] for type_ in TYPES}) for key in keys}


def _with_total(row: dict[str, int]) -> dict[str, int]:
    return {"total": sum(row.values()), **row}


def _complaint(station: Station, row: Row, first: str, last: str) -> dict[str, int]:
    closed, escalated = row["closed"] or NEVER, row["escalated"] or NEVER
    received, ended, outcome = (
        first <= row["received"] <= last,
        first <= closed <= last,
        row["outcome"],
    )
    late = due(station, row["received"]) < last
    return {
        "02": row["received"] < first <= closed,
        "03": received,
        "04": received and row["source"] == "direct",
        "05": received and row["source"] == "referred",
        "06": received and row["source"] == "other",
        "07": received and row["kind"] == "goods",
        "08": received and row["kind"] == "service",
        "09": received and row["kind"] == "other",
        "10": ended,
        "11": ended and outcome == "settled",
        "12": ended and outcome == "advised",
        "13": ended and outcome.startswith("mediat"),
        "14": ended and outcome == "mediated",
        "15": ended and outcome in ("withdrawn", "unreachable", "other"),
        "16": ended and outcome == "withdrawn",
        "17": row["received"] <= last < closed,
        "18": row["received"] <= last < closed and late and escalated > last,
        "19": ended and on_time(station, row),
        "20": first <= escalated <= last,
        "21": received * row["disputed"],
        "22": ended * row["recovered"],
        "23": ended and bool(row["rating"]),
        "24": ended and row["rating"] in ("satisfied", "basic"),
    }


def attachment6(station: Station, period: str, upto: date | None = None) -> Figures:
    """What Attachment 6 adds to the complaints' figures, by key and column, up to a day."""
    first, last = PERIODS[period][0], upto or PERIODS[period][1]
    before, ends = str(first - ONE_DAY), str(last)
    sums = Counter[tuple[str, str]]()
    for code, point in station.points.items():
        if stands(point, before):
            sums["points_start", type_on(point, before)] += 1
        if stands(point, ends):
            type_ = type_on(point, ends)
            sums["points_end", type_] += 1
            sums["liaisons", type_] += len(held(point, "liaison", ends))
            sums[f"demo_{level_on(point, ends)[0]}", type_] += 1
        if stood(point, first, last):
            sums["returns_due", type_on(point, ends)] += 1
            sums["returns_made", type_on(point, ends)] += (
                upto is None and (code, period) in station.returns
            )
        if first <= date.fromisoformat(point["since"]) <= last:
            sums["points_new", type_on(point, point["since"])] += 1
        if point["retired"] and first <= date.fromisoformat(point["retired"]) <= last:
            sums["points_retired", type_on(point, point["retired"])] += 1
    keys = "points_start points_new points_retired points_end demo_provincial demo_municipal liaisons returns_due returns_made"
    found = {
        key: _with_total({type_: sums[key, type_] for type_ in TYPES}) for key in keys.split()
    }
    for kind in ("visit", "meeting", "training", "notice", "interview"):
        row = dict.fromkeys(TYPES, 0)
        for each in station.records:
            if each["kind"] == kind and not each["voided"] and str(first) <= each["on"] <= ends:
                row[
                    type_on(station.points[each["point"]], each["on"])
                    if each["point"]
                    else "other"
                ] += each["count"]
        found[f"{kind}s"] = _with_total(row)
    changes = [
        (point["types"][place - 1][1], type_)
        for point in station.points.values()
        for place, (since, type_) in enumerate(point["types"])
        if place and str(first) <= since <= ends
    ]
    for was, becomes in changes:  # in the rows of the types, not in the total
        found["points_retired"][was] += 1
        found["points_new"][becomes] += 1
    found["type_changes"] = _with_total(
        {type_: sum(becomes == type_ for _, becomes in changes) for type_ in TYPES}
    )
    return found


RATES = {
    "和解息诉率": (("11", "16"), "10", 90, 10),
    "调解成功率": (("14",), "13", 90, 10),
    "消费者满意率": (("24",), "23", 98, 50),
}
RATES |= {"按时办结率": (("19",), "10", 0, 0)}


def rate(figures: Figures, column: str, name: str) -> tuple[int, int]:
    """(numerator, denominator)"""
    numerator, denominator, _, _ = RATES[name]
    return sum(figures[key][column] for key in numerator), figures[denominator][column]


def percent(numerator: int, denominator: int) -> str:
    if not denominator:
        return "—"
    return f"{(Decimal(100 * numerator) / denominator).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def return_dates(station: Station, period: str) -> str:
    """三(五)7: the 5th of the next month, 5 December; on a day off the first working day after it; the station one day before."""
    last = PERIODS[period][1]
    nominal = (last + ONE_DAY).replace(day=5)
    earliest, county = (_worked_from(station, day) for day in (last + ONE_DAY, nominal))

    def before(count: int) -> str:
        day = county
        while count:
            day -= ONE_DAY
            count -= worked(station, day)
        return _words(max(day, earliest))

    moved = f"（遇休息日，即{_words(county)}前）" if county != nominal else ""
    return f"方案规定{_words(nominal)}前{moved}报县局；工商所{before(1)}前；服务点{before(2)}前。"


def _worked_from(station: Station, day: date) -> date:
    while not worked(station, day):
        day += ONE_DAY
    return day


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
