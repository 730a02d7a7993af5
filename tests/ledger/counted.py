"""Every figure counted once more, in plain Python over the rows, from the words of domain 5.1 and 6.6 and not from the SQL."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import chinese_calendar

from ledger12315.rules.measures import MEASURES
from ledger12315.rules.periods import Period
from tests.ledger.made import Row

Tables = Mapping[str, list[Row]]
Adds = Iterator[tuple[str, int]]
NEVER = "9999-12-31"
# Up to 20 December 2026: a notice to come may change what follows.
_DAYS = [date(2025, 9, 27) + timedelta(days=n) for n in range(450)]
_WORKED = [day for day in _DAYS if chinese_calendar.is_workday(day)]


def due(received: str) -> str:
    return _WORKED[bisect_right(_WORKED, date.fromisoformat(received)) + 4].isoformat()


def counted(tables: Tables, period: Period, cut: str | None) -> dict[tuple[str, str], int]:
    """(measure, type) -> figure, where it is not 0, as of the day `cut`; `tables` holds the rows of one point, or of all."""
    first, before, last = (
        str(period.first),
        str(period.first - timedelta(days=1)),
        cut or str(period.last),
    )
    sums = Counter[tuple[str, str]]()
    for row in tables["complaint"]:
        if not row["voided"]:
            _add(
                sums,
                _type_on(tables, row["point_id"], row["received"]),
                _complaint(row, first, before, last),
            )
    for row in tables["record"]:
        if first <= row["day"] <= last:
            names = {"inquiry": "inquiries", "major": "major_matters"}
            adds = [(names.get(row["kind"], f"{row['kind']}s"), row["count"])]
            _add(
                sums,
                _type_on(tables, row["point_id"], row["day"]) if row["point_id"] else "other",
                iter(adds),
            )
    for row in tables["point_type"]:
        mine = {
            name: [each for each in rows if each["point_id"] == row["point_id"]]
            for name, rows in tables.items()
        }
        mine["point_return"] = [
            each for each in mine["point_return"] if not cut or each["day"] <= cut
        ]
        _add(sums, row["type"], _point(row, mine, period.code, first, before, last))
    return {cell: figure for cell, figure in sums.items() if figure and cell[0] in MEASURES}


def _add(sums: Counter[tuple[str, str]], type_: str, adds: Adds) -> None:
    for key, figure in adds:
        sums[key, type_] += figure


def _type_on(tables: Tables, point: int, day: str) -> str:
    """The type of the point on a day; before it was set up, its first."""
    there = sorted(
        (row["since"], row["type"]) for row in tables["point_type"] if row["point_id"] == point
    )
    return str([type_ for since, type_ in there if since <= max(day, there[0][0])][-1])


def _stands(row: Row, day: str) -> bool:
    return bool(row["since"] <= day < (row["until"] or NEVER))


def _complaint(row: Row, first: str, before: str, last: str) -> Adds:
    received, closed, escalated = (
        row["received"],
        row["closed"] or NEVER,
        row["escalated"] or NEVER,
    )
    came, ended, outcome = first <= received <= last, first <= closed <= last, row["outcome"]
    yield "received", came
    yield f"received_{row['source']}", came
    yield "received_other_kind" if row["kind"] == "other" else f"received_{row['kind']}", came
    yield "disputed", came * row["disputed"]
    yield "closed", ended
    yield outcome, ended
    yield "mediation_closed", ended and outcome in ("mediated", "mediation_failed")
    yield "closed_other", ended and outcome in ("withdrawn", "unreachable", "other")
    yield "closed_on_time", ended and min(closed, escalated) <= due(received)
    yield "recovered", ended * row["recovered"]
    yield "rated", ended and row["rating"] is not None
    yield "satisfied", ended and row["rating"] in ("satisfied", "basic")
    yield "escalated", first <= escalated <= last
    yield "open_start", received <= before < closed
    yield "open_end", received <= last < closed
    yield "overdue_end", received <= due(received) < last < min(closed, escalated)


def _point(row: Row, mine: Tables, period: str, first: str, before: str, last: str) -> Adds:
    """What one stretch of one type adds; `mine` holds the rows of its point."""
    began, at_end = first <= row["since"] <= last, _stands(row, last)
    yield "points_start", _stands(row, before)
    yield "points_new", began
    yield (
        "type_changes",
        began and row["since"] > min(each["since"] for each in mine["point_type"]),
    )
    yield "points_retired", first <= (row["until"] or NEVER) <= last
    yield "points_end", at_end
    for each in mine["contact"]:
        yield f"{each['role']}s", at_end and _stands(each, last)
    for each in mine["demonstration"]:
        yield f"demo_{each['level']}", at_end and _stands(each, last)
    stood = [
        each["since"]
        for each in mine["point_type"]
        if each["since"] <= last and (each["until"] or NEVER) > first
    ]
    owes = stood[-1:] == [row["since"]]
    yield "returns_due", owes
    yield "returns_made", owes and period in [each["period"] for each in mine["point_return"]]
