"""The clocks of a complaint, a row each: their start, length and end.

Only the point's five working days count for `overdue` and measure 18; the others are in `today`
and in the timeline. Lengths are the project's reading of the orders named as `basis`; the station
confirms them. A case keeps the clock of the day it started.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

from ledger12315.boxes.reading import Misread, to_half_width
from ledger12315.rules.deadlines import LIMIT
from ledger12315.rules.workdays import Calendar
from ledger12315.words import ENDINGS

NO_LENGTH = "none"
_LENGTH = r"([1-9]\d{0,2})\s*个?\s*(working[ _]days?|days?|工作日|天|日)"
_RESULT_GIVEN = [code for code, ending in ENDINGS.items() if ending.advice_is_result]
_NOBODY_TO_TELL = [code for code, ending in ENDINGS.items() if not ending.tell]


class Clock(NamedTuple):
    """A clock, from the day `since` on: it starts with one box and `ends` when others are filled.

    `more` is a further condition of cases. A length of "" is the box's own day, which is no
    setting.
    """

    key: str
    starts: str
    length: str
    ends: str
    basis: str
    more: str = ""
    since: date = date.min

    @property
    def owed(self) -> str:
        """The SQL condition of complaints with this clock running, started by `:last`."""
        ends = self.ends.split()
        # Open cases have their own index; the + keeps SQLite from scanning all others.
        start = f"+{self.starts}" if "closed" in ends else self.starts
        running = [f"{box} IS NULL" for box in (*ends, "voided")]
        return " AND ".join(filter(None, (f"{start} <= :last", *running, self.more)))


CLOCKS = (
    Clock("point", "received", f"{LIMIT} working days", "closed escalated", "三(三)4"),
    Clock("promised", "promised", "", "closed answered", "三(四)3"),
    Clock("reply_by", "reply_by", "", "replied", "三(三)4"),
    Clock(
        "acceptance",
        "escalated",
        "7 working days",
        "closed accepted",
        "消费者权益保护法第四十六条",
    ),
    Clock("mediation", "accepted", "45 working days", "closed", "总局令第20号第二十一条"),
    Clock(
        "mediation",
        "accepted",
        "60 days",
        "closed",
        "总局令第121号第二十三条",
        since=date(2026, 4, 15),
    ),
    Clock("perform", "perform_by", "", "performed unperformed", "三(四)2"),
    Clock(
        "tell",
        "closed",
        NO_LENGTH,
        "answered",
        "三(三)4",
        f"(told IS NULL OR {' AND '.join(f'outcome <> {code!r}' for code in _RESULT_GIVEN)})"
        f" AND outcome NOT IN ({', '.join(map(repr, _NOBODY_TO_TELL))})",
    ),
    Clock("archive", "closed", NO_LENGTH, "archive_no", "三(四)4"),
)
"""Every clock; a later row of the same key replaces an earlier one from its day `since` on."""
SETTABLE = {each.key: each for each in CLOCKS if each.length and each.key != "point"}
"""The clocks whose length is a setting, as they are now; the plan sets the point's."""


def clock_on(key: str, day: date) -> Clock:
    """Return a clock that starts on a day, by default settings."""
    return [each for each in CLOCKS if each.key == key and each.since <= day][-1]


def read_length(text: str) -> str:
    """Return the setting for a typed length: `60 days`, `45 working days`. Raises Misread."""
    plain = to_half_width(text).casefold()
    if plain in (NO_LENGTH, "无"):
        return NO_LENGTH
    found = re.fullmatch(_LENGTH, plain, re.A)
    if not found:
        raise Misread("give 60 days, 45 working days or none; at most 999")
    kind = "working days" if found[2][0] in "w工" else "days"
    return f"{found[1]} {kind}"


def length_in_chinese(written: str) -> str:
    """Return a setting's length in Chinese."""
    if written == NO_LENGTH:
        return "无"
    count, kind = written.split(" ", 1)
    return f"{count}日" if kind == "days" else f"{count}个工作日"


def deadline(start: date, length: str, calendar: Calendar) -> date | None:
    """Return the last day of a clock, its first day not counted; None for NO_LENGTH.

    Without days, the length "", it is the first day itself.
    If days end on a rest day, the next working day is the last: 民法典第二百零一条、第二百零三条.
    """
    if not length:
        return start
    if length == NO_LENGTH:
        return None
    count, kind = length.split(" ", 1)
    if kind == "days":
        return calendar.roll(start + timedelta(days=int(count)), forward=True)
    return calendar.add(start, int(count))
