"""Complaints for reading: lists, one in full, and the reasons of its due date."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple

from ledger12315.boxes import Box, Filled
from ledger12315.boxes.forms import COMPLAINT, LATER
from ledger12315.boxes.kinds import Day, Value
from ledger12315.boxes.names import comparable_name, comparable_operator
from ledger12315.boxes.reading import Misread
from ledger12315.boxes.tables import SEARCHED, column_box
from ledger12315.boxes.worded import Local, read_local_words
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints.finding import (
    STATE,
    find_complaint,
    holding,
    state_condition,
    words_condition,
)
from ledger12315.ledger.complaints.overdue import cached_due_date
from ledger12315.ledger.points import Point, host_on
from ledger12315.ledger.settings import setting_history
from ledger12315.ledger.store import Ledger, LedgerRow, copied_rows
from ledger12315.ledger.words import refinements
from ledger12315.rules.clocks import SETTABLE, clock_on
from ledger12315.rules.deadlines import CountedDay, Due, count_days
from ledger12315.rules.events import COMPLAINTS
from ledger12315.rules.periods import Period
from ledger12315.rules.settings import SettingHistory
from ledger12315.rules.workdays import ONE_DAY, Calendar, each_day
from ledger12315.words import LIFE

_OPERATOR = f"coalesce(nullif(complaint.respondent, ''), {host_on('complaint.received')})"
_LISTED_COLUMNS = {
    key: f"complaint.{key}" for key in ("number", "type", "local_words", *COMPLAINT, *LATER)
} | {
    "operator": _OPERATOR,
    "point": "point.code",
    "point_name": "point.name",
    "state": STATE,
    "previous": "(SELECT number FROM complaint AS earlier"
    " WHERE earlier.id = complaint.previous_id)",
}
_LIST_CONDITIONS = {
    "point": "complaint.point_id = :point",
    "first": "complaint.received >= :first",
    "last": "complaint.received <= :last",
    "outcome": "complaint.outcome = :outcome",
    "category": "complaint.category = :category",
    "respondent": "instr(comparable_operator(complaint.respondent, point.name,"
    f" {host_on('complaint.received')}), :respondent)",
    "at_least": "complaint.disputed >= :at_least",
    "at_most": "coalesce(complaint.disputed, 0) <= :at_most",
    "number": "complaint.number = :number",
}


def select_complaints(
    ledger: Ledger,
    point: Point | None = None,
    period: Period | None = None,
    sought: Mapping[str, Value] | None = None,
    keys: Collection[str] = tuple(_LISTED_COLUMNS),
    copy_and_unlock: bool = False,
    by_day: bool = False,
) -> Iterator[LedgerRow]:
    """Yield complaints with those `keys`, by number or `by_day`; `period` is that of receipt.

    `sought` holds a state, an outcome, a category, 分 in dispute (at_least, at_most), or texts
    (respondent, text). The key `operator` is the respondent, or else the point's host then, or
    else the point. With `copy_and_unlock` others may write to the ledger once the first is
    yielded.
    """
    where, values = _conditions_sought(ledger, point, period, sought or {})
    if "respondent" in values:
        values["respondent"] = comparable_name(str(values["respondent"]))
        ledger.create_function("comparable_operator", 3, comparable_operator, deterministic=True)
    # Sorted by +year: with the index of numbers SQLite would scan all complaints.
    query = f"""{_select_of_columns(keys)}
        WHERE {" AND ".join(where) or "1 = 1"}
        ORDER BY {"complaint.received, " * by_day}{"+" * bool(where)}complaint.year,
            complaint.serial"""
    return _complaint_rows(
        ledger, query, values, copied_rows if copy_and_unlock else Ledger.execute
    )


def _conditions_sought(
    ledger: Ledger, point: Point | None, period: Period | None, sought: Mapping[str, Value]
) -> tuple[list[str], dict[str, object]]:
    """Return the SQL conditions for the complaints sought, and their values."""
    values: dict[str, object] = dict(sought)
    where = [state_condition(str(values.pop("state")))] if "state" in values else []
    if "text" in values:
        where.append(f"({_holding_text(ledger, values)})")
    if point:
        values["point"] = point.id
    if period:
        values |= {"first": period.first, "last": period.last}
    where += [_LIST_CONDITIONS[key] for key in values if key in _LIST_CONDITIONS]
    for key, value in sought.items():
        if isinstance(value, Local):
            where.append(f"json_extract(complaint.local_words, '$.{key}') = :{key}_word")
            values[f"{key}_word"] = value.word
    return where, values


def _holding_text(ledger: Ledger, values: dict[str, object]) -> str:
    """Return the SQL condition for complaints that hold a text, and keep its values."""

    def named(value: str) -> str:
        values[f"text{len(values)}"] = value
        return f":text{len(values) - 1}"

    return holding(ledger, SEARCHED, named, [str(values.pop("text"))])


def search_complaints(
    ledger: Ledger, words: str, keys: Collection[str], point: Point | None = None
) -> Iterator[LedgerRow]:
    """Yield the complaints that contain every word, with those `keys`, newest first.

    Numbers, phone, names and goods are searched. All of the `point` are among them.
    """
    condition, values = words_condition(ledger, words)
    query = f"""{_select_of_columns(keys)}
        WHERE {condition} OR complaint.point_id = :at_point
        ORDER BY +complaint.year DESC, complaint.serial DESC"""
    return _complaint_rows(ledger, query, {**values, "at_point": point and point.id})


def _select_of_columns(keys: Collection[str]) -> str:
    selected = {"received": "", **dict.fromkeys(keys)}
    columns = ", ".join(f"{_LISTED_COLUMNS[key]} AS {key}" for key in selected)
    return f"SELECT {columns} FROM {COMPLAINTS} JOIN point ON point.id = complaint.point_id"


def _complaint_rows(
    ledger: Ledger,
    query: str,
    values: Mapping[str, object],
    execute: Callable[..., sqlite3.Cursor] = Ledger.execute,
) -> Iterator[LedgerRow]:
    calendar = calendar_of(ledger)
    found = execute(ledger, query, values)
    names = [column[0] for column in found.description]
    days = [name for name in names if isinstance(column_box("complaint", name).kind, Day)]
    # A Row searches its names one by one, and both rows and names are many.
    found.row_factory = None
    for values_ in found:
        row: LedgerRow = dict(zip(names, values_, strict=True))
        for day in days:
            if row[day]:
                row[day] = date.fromisoformat(row[day])
        due_date = cached_due_date(row["received"], calendar)
        yield {"due": due_date.day, "provisional": due_date.provisional, **row}


def listed_complaint(ledger: Ledger, number: str) -> LedgerRow:
    """Return one complaint as in a list. Raises Refused if there is none."""
    known = find_complaint(ledger, number)["number"]
    return next(select_complaints(ledger, sought={"number": known}))


_CLOSED_ACROSS = """
    SELECT coalesce(sum(received < :first), 0), coalesce(sum(received >= :first), 0)
    FROM complaint
    WHERE voided IS NULL AND (:point IS NULL OR point_id = :point) AND closed <= :as_of
      AND (received < :first AND closed BETWEEN :first AND :last
           OR received BETWEEN :first AND :last AND closed > :last)"""


def count_closed_across(
    ledger: Ledger, point: Point | None, period: Period, as_of: date
) -> tuple[int, int]:
    """Return how many complaints from before a period were closed in it.

    Return also how many were received in it and closed later.
    """
    values = {"point": point and point.id, "first": period.first, "last": period.last}
    return tuple(ledger.execute(_CLOSED_ACROSS, values | {"as_of": as_of}).fetchone())


def with_local_words(row: LedgerRow) -> LedgerRow:
    """Return a complaint with local words in place of the fixed ones."""
    return {**row, **read_local_words(row["local_words"])}


def copied_boxes(ledger: Ledger, row: LedgerRow, boxes: Iterable[Box]) -> Filled:
    """Return those of the boxes that a complaint has filled, to be written into another one.

    A local word that is retired or counts otherwise now is its fixed word.
    """
    said, known = read_local_words(row["local_words"]), refinements(ledger)
    filled = Filled({box.key: row[box.key] for box in boxes if row[box.key] is not None})
    for box in boxes:
        if box.key in filled and box.key in said:
            kind = box.kind.refined(known.get(box.key, {}))
            with suppress(Misread):
                meant = kind.read(said[box.key], date.min)
                filled[box.key] = meant if meant == row[box.key] else row[box.key]
    return filled


class Moment(NamedTuple):
    """One event of a complaint's life; `working_days` count from the day of receipt.

    `day` is None if it is not known.
    """

    day: date | None
    event: str
    working_days: int | None


def timeline(ledger: Ledger, row: Mapping[str, Any]) -> list[Moment]:
    """Return the timeline of a listed complaint, with days still to come. 三(三)4, 三(四)2"""
    calendar, received, known = calendar_of(ledger), row["received"], dict(row)
    said = setting_history(ledger)
    for key, clock in SETTABLE.items():
        if row[clock.starts]:
            known[key] = said.deadline(clock, row[clock.starts], calendar)
    days = sorted(
        (known[event], place, event) for place, event in enumerate(LIFE) if known.get(event)
    )
    moments = [
        Moment(day, event, None if day < received else calendar.count(received, day))
        for day, _, event in days
    ]
    return moments + [Moment(None, "archived", None)] * bool(row["archive_no"])


class ExplainedDue(NamedTuple):
    """A complaint, its due date, each day up to it, and the clocks that started."""

    number: str
    received: date
    escalated: date | None
    due: Due
    days: list[CountedDay]
    clocks: list["RunningClock"]


class RunningClock(NamedTuple):
    """A clock of a complaint: the day it `started`, its length, its last day, its end.

    `basis` is its article, "" if the station set its length.
    """

    key: str
    started: date
    length: str
    due: Due
    ended: date | None
    basis: str


def explain_due_dates(ledger: Ledger, words: str) -> ExplainedDue:
    """Return how a complaint's due dates are calculated, at the point and at the station.

    Raises Refused if there is none. 三(三)3, 三(三)4
    """
    row, calendar = find_complaint(ledger, words), calendar_of(ledger)
    received = row["received"]
    due_, days = cached_due_date(received, calendar), list(count_days(received, calendar))
    running = list(_started_clocks(setting_history(ledger), row, calendar))
    return ExplainedDue(row["number"], received, row["escalated"], due_, days, running)


def _started_clocks(
    said: SettingHistory, row: Mapping[str, Any], calendar: Calendar
) -> Iterator[RunningClock]:
    """Yield the point's clock and the station's that have started."""
    for key in ("point", "acceptance", "mediation"):
        start: date | None = row[clock_on(key, date.max).starts]
        if not start:
            continue
        clock = clock_on(key, start)
        last, length = said.deadline(clock, start, calendar), said.length(clock, start)
        if last:
            counted = each_day(start + ONE_DAY, last) if "working" in length else [last]
            due_ = Due(last, any(map(calendar.provisional, counted)))
            ends = [row[box] for box in clock.ends.split() if row[box]]
            yield RunningClock(
                key, start, length, due_, min(ends, default=None), said.basis(key, start)
            )
